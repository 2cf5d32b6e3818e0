"""What somebody's own measured use leads to, where the privacy officer has switched that on.

A level reached, a level in danger or lost, weeks without work in the CRM, records that lack
something, a result to be proud of, and the question what stops somebody who says it goes well. One
a week at most, in the budget of all touches, with help before anything else and never blame.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal, TypeAlias

from nudges.adkar import Element, Standing
from nudges.adoption import WEEK, Metric
from nudges.delivery import Delivery, Note, Priority, Settled, State
from nudges.hours import at_work, next_work
from nudges.levels import Judged, Levels, Weeks, below_compliant, level_before, warned
from nudges.people import Person, Recognition
from nudges.programme import LEVELS

SUBJECT = "use"
SAYS_HIGH, SAYS_LOW = 4.5, 2.5
"""From this score on somebody says that it goes well, and up to that one that it does not."""
DOES_WELL = 2
"""From this level on somebody does it well, whatever they say."""
SAID = (Element.ABILITY, Element.REINFORCEMENT)
AGAIN: Mapping[str, timedelta] = {
    "stops": timedelta(days=42),
    "result": timedelta(days=42),
    "quality": timedelta(days=28),
}
"""How long a message of a kind is not sent again."""
IGNORED = 2
"""So many nudges about records let pass in a row, and they stop until one is reacted to."""
RUNGS: Mapping[int, "Days"] = {1: "7", 2: "14", 4: "28"}
"""After so many weeks without work in the CRM, which rung of help comes."""
Days: TypeAlias = Literal["7", "14", "28"]
How: TypeAlias = Literal["reached", "warning", "lost"]


@dataclass(frozen=True, slots=True)
class UseLinked:
    """The privacy officer's word: on whose basis, since when, and where that is written.

    Attributes:
        on: whether messages may follow from somebody's own measured use.
        basis: the legal ground, in their words.
        since: the day on which it was decided.
        document: where that is written down.

    """

    on: bool = False
    basis: str = ""
    since: date | None = None
    document: str = ""


@dataclass(frozen=True, slots=True)
class Switch:
    """How the switch stands, who moved it last, and when; ``by`` is empty where nobody ever did."""

    word: UseLinked = UseLinked()
    by: str = ""
    name: str = ""
    at: datetime | None = None

    @property
    def on(self) -> bool:
        """Say whether messages may follow from somebody's own measured use."""
        return self.word.on


@dataclass(frozen=True)
class OwnUse:
    """What was measured of one person, how their weeks were judged (each once), and the switch.

    ``newest`` is the last week of which anything was measured of anybody.
    """

    measured: Weeks = field(default_factory=dict[date, Mapping[Metric, float]])
    judged: tuple[Judged, ...] = ()
    newest: date | None = None
    on: bool = False

    @property
    def level(self) -> int:
        """Return the level they hold."""
        return self.judged[-1].level if self.judged else 0


NO_USE = OwnUse()


class UseNote(Note):
    """A message that we start from somebody's own measured use; it names the week."""

    __slots__ = ()
    week: str

    @property
    def measured(self) -> bool:
        """Say that their own use decides whether it still fits, and is shown."""
        return True


@dataclass(frozen=True, slots=True)
class LevelNote(UseNote):
    """A level was reached, is in danger, or was lost; ``level`` is the one it is about."""

    how: How
    level: int
    week: str
    card: Literal["level"] = "level"

    @property
    def subject(self) -> str:
        """Name what it is about."""
        return f"{SUBJECT}:{self.how}"


@dataclass(frozen=True, slots=True)
class InactiveNote(UseNote):
    """Some weeks without work in the CRM; the longer, the more help is offered."""

    days: Days
    week: str
    card: Literal["inactive"] = "inactive"

    @property
    def subject(self) -> str:
        """Name what it is about."""
        return f"{SUBJECT}:inactive"


@dataclass(frozen=True, slots=True)
class QualityNote(UseNote):
    """Records of theirs lack something that others look for."""

    week: str
    card: Literal["quality"] = "quality"

    @property
    def subject(self) -> str:
        """Name what it is about."""
        return f"{SUBJECT}:quality"


@dataclass(frozen=True, slots=True)
class ResultNote(UseNote):
    """They say that it goes badly, and it goes well: the result is shown back."""

    week: str
    card: Literal["result"] = "result"

    @property
    def subject(self) -> str:
        """Name what it is about."""
        return f"{SUBJECT}:result"


@dataclass(frozen=True, slots=True)
class StopsNote(UseNote):
    """What stops you: asked of who says that it goes well and does little; or asked for."""

    week: str = ""
    card: Literal["stops"] = "stops"

    @property
    def subject(self) -> str:
        """Name what it is about."""
        return f"{SUBJECT}:stops" if self.week else ""

    @property
    def measured(self) -> bool:
        """Say that it depends on their use only where that led to it."""
        return bool(self.week)


@dataclass(frozen=True, slots=True)
class Came:
    """A message that came from somebody's use: what it was about, when, and any reaction."""

    about: str
    at: datetime
    answered: datetime | None = None


def occasion(week: date) -> str:
    """Name the one message a week that may follow from somebody's use."""
    year, number, _ = week.isocalendar()
    return f"{SUBJECT}:{year}-W{number:02d}"


def plan(  # noqa: PLR0913 - the facts a message depends on, by name
    levels: Levels,
    person: Person,
    measured: Weeks,
    judged: Sequence[Judged],
    *,
    standing: Standing,
    came: Sequence[Came],
    now: datetime,
) -> Delivery | None:
    """Return the message that follows from somebody's newest week, if any.

    Args:
        levels: what belongs to each level.
        person: whom.
        measured: what was measured of them.
        judged: their weeks, each once, oldest first; the last is the one that is new.
        standing: where they stand by their own answers.
        came: what came of this kind before, oldest first.
        now: the moment of planning.

    """
    if not judged or person.stopped or person.left or not person.welcomed:
        return None
    note = _note(levels, person, measured, judged, standing, came, now)
    if note is None:
        return None
    there = at_work(person, now) and not person.away(now)
    due = now if there else next_work(person, now)
    return Delivery(occasion(judged[-1].week), person.id, note, Priority.NUDGE, due)


def _note(  # noqa: PLR0913, PLR0917 - as above
    levels: Levels,
    person: Person,
    measured: Weeks,
    judged: Sequence[Judged],
    standing: Standing,
    came: Sequence[Came],
    now: datetime,
) -> UseNote | None:
    """Return what is most worth saying: what changed, then help, then what could be better."""
    this = judged[-1]
    week = this.week.isoformat()
    if moved := level_news(judged):
        how, level = moved
        unwanted = how == "reached" and person.recognition is Recognition.NONE
        return None if unwanted else LevelNote(how, level, week)
    if "away" in this.verdicts:
        return None
    if days := RUNGS.get(idle_weeks(measured, this.week)):
        return InactiveNote(days, week)
    if says_more(standing, judged) and not _lately("stops", came, now):
        return StopsNote(week)
    proud = person.recognition is not Recognition.NONE and this.verdict(this.level or 1) == "met"
    if proud and does_more(standing, this.level) and not _lately("result", came, now):
        return ResultNote(week)
    if lacks_quality(levels, person, measured, this) and not (
        _lately("quality", came, now) or _ignored("quality", came)
    ):
        return QualityNote(week)
    return None


def level_news(judged: Sequence[Judged]) -> tuple[How, int] | None:
    """Return what the newest week did to somebody's level, and to which one."""
    this = judged[-1]
    before = level_before(judged, this.week)
    if this.level > before:
        return "reached", this.level
    if this.level < before:
        return "lost", before
    return ("warning", this.level) if warned(judged, this.week) else None


def idle_weeks(measured: Weeks, week: date) -> int:
    """Count the weeks in a row, up to this one, that had no working day in the CRM.

    A gap ends the row: of a week that nobody measured nothing is assumed.
    """
    idle = 0
    while measured.get(week, {}).get(Metric.ACTIVE_DAYS) == 0:
        idle += 1
        week -= WEEK
    return idle


def says_more(standing: Standing, judged: Sequence[Judged]) -> bool:
    """Say whether somebody says that it goes well, while little is done."""
    scores = [score for e in SAID if (score := standing.scores[e]) is not None]
    return any(score >= SAYS_HIGH for score in scores) and below_compliant(judged)


def does_more(standing: Standing, level: int) -> bool:
    """Say whether somebody says that it goes badly, while it is done well."""
    scores = [score for e in SAID if (score := standing.scores[e]) is not None]
    return any(score <= SAYS_LOW for score in scores) and level >= DOES_WELL


def lacks_quality(levels: Levels, person: Person, measured: Weeks, this: Judged) -> bool:
    """Say whether somebody's records fall short of what their level asks, or the next one."""
    wanted = min(this.level + 1, LEVELS[-1])
    return any(
        value is not None and not goal.met(value)
        for goal in levels.goals(person, wanted)
        if goal.metric is Metric.QUALITY
        for value in (goal.value(measured, this.week),)
    )


def _lately(about: str, came: Sequence[Came], now: datetime) -> bool:
    return any(one.about == about and now - one.at < AGAIN[about] for one in came)


def _ignored(about: str, came: Sequence[Came]) -> bool:
    """Say whether the last ones of a kind were let pass, so that none come until a reaction."""
    last = [one for one in came if one.about == about][-IGNORED:]
    return len(last) == IGNORED and all(one.answered is None for one in last)


def settled(note: UseNote, use: OwnUse | None) -> Settled | None:
    """Return why a message from somebody's use is not sent any more, or nothing if it fits."""
    if use is None or not use.on:
        return Settled(State.CANCELLED, why="messages from use are switched off")
    if not use.judged or use.judged[-1].week.isoformat() != note.week:
        return Settled(State.CANCELLED, why="a newer week was judged")
    if isinstance(note, LevelNote) and level_news(use.judged) != (note.how, note.level):
        return Settled(State.CANCELLED, why="the week was corrected")
    return None
