"""What is shown of measured results, of competitions and of sprints, and when it is not any more.

The notes name these by number; the words and the names stand where they can be taken back.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, TypeAlias

from nudges.competition import CompetitionFact, Contest, State, today
from nudges.delivery import Note
from nudges.people import Person
from nudges.recognition import (
    LearningHourNote,
    Recognised,
    RecognitionFact,
    ResultOfNote,
    SpotlightNote,
)
from nudges.recognition import overtaken as result_overtaken
from nudges.sprint import Moment, Run, SprintFact, Told
from nudges.use_linked import OwnUse

ALL = 0
"""Stands for every competition, or every sprint, that there is something to see of."""
MeritFact: TypeAlias = CompetitionFact | RecognitionFact | SprintFact
"""What people do about these; the store keeps each."""


@dataclass(frozen=True)
class Merits:
    """What the notes at hand name, as one reader may see it; ``manager`` is their own, by name."""

    recognised: Mapping[int, Recognised] = field(default_factory=dict[int, Recognised])
    contests: Mapping[int, Contest] = field(default_factory=dict[int, Contest])
    sprints: Mapping[int, Run] = field(default_factory=dict[int, Run])
    manager: str = ""


NO_MERITS = Merits()


@dataclass(frozen=True, slots=True)
class CompetitionNote(Note):
    """A competition as it is now: to join, or with one's own points.

    ``how`` tells that we started it: it is announced, was changed, or is over. ``sure`` asks once
    more before somebody leaves it.
    """

    competition: int
    how: Literal["", "announced", "changed", "closed", "cancelled"] = ""
    sure: bool = False
    card: Literal["competition"] = "competition"

    @property
    def subject(self) -> str:
        """Name competitions, so that somebody can ask why a card came."""
        return "competition" if self.how else ""

    @property
    def merits(self) -> frozenset[str]:
        """Name the competition."""
        return frozenset({f"competition:{self.competition}"})


@dataclass(frozen=True, slots=True)
class SprintNote(Note):
    """A card of a sprint; ``told`` is how far the team is, frozen when it was queued.

    ``own`` shows the reader their own share because they asked for it.
    """

    sprint: int
    moment: Moment = "start"
    told: Told | None = None
    own: bool = False
    card: Literal["sprint"] = "sprint"

    @property
    def subject(self) -> str:
        """Name sprints, so that somebody can ask why a card came."""
        return "sprint"

    @property
    def measured(self) -> bool:
        """Say that it can show the reader's own share."""
        return True

    @property
    def merits(self) -> frozenset[str]:
        """Name the sprint."""
        return frozenset({f"sprint:{self.sprint}"})


def overtaken(note: Note, person: Person, merits: Merits, use: OwnUse | None, now: datetime) -> str:
    """Return why a card is not sent any more, or nothing if it still fits."""
    day = today(now)
    match note:
        case ResultOfNote() | SpotlightNote() if use is None or not use.on:
            return "messages from use are switched off"
        case ResultOfNote(number):
            return "" if result_of(number, person, merits) else "there is nothing left to tell"
        case LearningHourNote(number):
            mine = merits.recognised.get(number)
            return "" if mine and mine.person == person.id else "there is nothing left to tell"
        case SpotlightNote():
            return "" if named(note, person, merits) else "there is nobody left to name"
        case CompetitionNote(number, how):
            return _of_competition(merits.contests.get(number), how, person, day)
        case SprintNote(number, moment):
            return _of_sprint(merits.sprints.get(number), moment, person, day)
        case _:
            return result_overtaken(note, person, use)


def _of_competition(found: Contest | None, how: str, person: Person, day: date) -> str:
    if found is None:
        return "it is not there any more"
    if how == "announced" and (
        not found.open(day) or found.joined or not found.competition.concerns(person.segment)
    ):
        return "there is nothing left to join"
    if how in {"changed", "closed", "cancelled"} and not found.joined:
        return "they take part no more"
    if how == "changed" and found.state(day) not in {State.ANNOUNCED, State.RUNNING, State.ENDED}:
        return "it is over"
    return ""


def _of_sprint(run: Run | None, moment: Moment, person: Person, day: date) -> str:
    if run is None or run.cancelled or not run.sprint.concerns(person.segment):
        return "it is not held, or not for them"
    if moment == "start" and day >= run.sprint.middle:
        return "it is half-way already"
    return "it is over" if moment == "mid" and day > run.sprint.ends else ""


def result_of(number: int, person: Person, merits: Merits) -> Recognised | None:
    """Return a result that somebody is told of as its manager, if it may still be told."""
    found = merits.recognised.get(number)
    return found if found and found.still and found.manager == person.id else None


def named(note: SpotlightNote, person: Person, merits: Merits) -> list[Recognised]:
    """Return the colleagues that a spotlight names: those who report to the reader's manager."""
    known = (merits.recognised.get(number) for number in note.recognitions)
    return [
        one
        for one in known
        if one
        and one.still
        and one.form == "public"
        and one.manager
        and one.manager == person.manager
        and one.person != person.id
    ]
