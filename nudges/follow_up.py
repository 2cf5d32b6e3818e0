"""What a barrier leads to: the one next message that fits this person.

A follow-up is chosen by barrier, motivator, job and level, never repeated before the others
have been seen, and never about an element whose follow-ups the person called wrong.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo

from nudges.adkar import Answer, Bank, Element, followed
from nudges.delivery import Delivery, Note, Priority
from nudges.hours import local_day, next_morning
from nudges.people import Motivator, Person

Sender: TypeAlias = Literal["sponsor", "manager", "peer", "champion", "trainer", "coach"]


@dataclass(frozen=True, slots=True)
class FollowUp:
    """One follow-up without its words; an empty list means it fits everyone."""

    id: str
    element: Element
    motivators: frozenset[Motivator] = frozenset()
    jobs: frozenset[str] = frozenset()
    levels: frozenset[int] = frozenset()
    sender: Sender = "coach"


@dataclass(frozen=True, slots=True)
class FollowUpNote(Note):
    """A follow-up on its way to someone; ``question`` is what they said that led to it.

    ``by_use`` tells that without their measured use something else would have come (rule 6).
    """

    follow_up: str
    question: str
    by_use: bool = False
    card: Literal["follow_up"] = "follow_up"

    @property
    def subject(self) -> str:
        """Name the follow-up, so that it is not sent again too soon."""
        return f"follow-up:{self.follow_up}"

    @property
    def measured(self) -> bool:
        """Say whether their own use decides if it still fits."""
        return self.by_use


def choose(
    follow_ups: Iterable[FollowUp], element: Element, person: Person, seen: Sequence[str] = ()
) -> FollowUp | None:
    """Choose the follow-up for someone held up by ``element``, or none if it was called wrong.

    The most specific one that fits goes first: what someone gave as motivator weighs most, then
    job, then level. Those not seen yet go before those seen (``seen`` is oldest first).
    """
    if element in person.suspended:
        return None

    def order(follow_up: FollowUp) -> tuple[int, int, str]:
        last = max((i for i, key in enumerate(seen, 1) if key == follow_up.id), default=0)
        weight = 4 * bool(follow_up.motivators) + 2 * bool(follow_up.jobs) + bool(follow_up.levels)
        return (last, -weight, follow_up.id)

    fitting = [f for f in follow_ups if f.element == element and _fits(f, person)]
    return min(fitting, key=order, default=None)


def _fits(follow_up: FollowUp, person: Person) -> bool:
    return (
        (not follow_up.motivators or person.motivator in follow_up.motivators)
        and (not follow_up.jobs or person.job in follow_up.jobs)
        and (not follow_up.levels or person.level in follow_up.levels)
    )


def occasion(pulse: str, person: Person, now: datetime) -> str:
    """Name the one follow-up that a day's answers to a pulse may lead to.

    It leaves the next morning at the earliest, so within the day a changed answer finds it
    waiting and takes its place; on a later day it leads to one of its own.
    """
    return f"follow-up:{pulse}:{local_day(person, now).isoformat()}"


@dataclass(frozen=True, slots=True)
class Reaction:
    """What follows from someone's answers: the element, and the message if one fits."""

    element: Element | None
    delivery: Delivery | None


def follow_up(  # noqa: PLR0913 - the facts a choice depends on, all by name
    person: Person,
    answers: Sequence[Answer],
    *,
    pulse: str,
    question: str,
    bank: Bank,
    follow_ups: Iterable[FollowUp],
    seen: Sequence[str],
    go_live: datetime | None,
    now: datetime,
    ability_capped: bool = False,
) -> Reaction:
    """Work out what someone's answers lead to, for the next of their mornings.

    Args:
        person: who answered.
        answers: all their answers, the newest included.
        pulse: the occasion of the pulse that was answered; it leads to one message at most.
        question: the question answered last.
        bank: the questions.
        follow_ups: every follow-up there is.
        seen: the ids of the follow-ups they had before, oldest first.
        go_live: when their segment goes live.
        now: the moment of answering.
        ability_capped: measured use is below the first level, and may count (rule 6).

    """
    zone = ZoneInfo(person.zone)
    by_answers = followed(answers, bank, now, zone, go_live)
    element = by_answers
    if ability_capped:
        element = followed(answers, bank, now, zone, go_live, ability_capped=True)
    found = choose(follow_ups, element, person, seen) if element else None
    if element is None or found is None:
        return Reaction(element, None)
    why = _reason(answers, bank, element, question)
    note = FollowUpNote(found.id, why, by_use=element is not by_answers)
    return Reaction(
        element,
        Delivery(
            occasion(pulse, person, now),
            person.id,
            note,
            Priority.NUDGE,
            next_morning(person, now),
        ),
    )


def _reason(answers: Sequence[Answer], bank: Bank, element: Element, question: str) -> str:
    """Return the question whose answer led here: the one just answered, else the newest."""
    about = [
        a.question
        for a in sorted(answers, key=lambda a: a.at)
        if a.score is not None and a.question in bank and bank[a.question].element == element
    ]
    return question if question in about or not about else about[-1]
