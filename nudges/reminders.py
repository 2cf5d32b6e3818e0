"""Reminders: a question that is still open comes again on day 3 and day 5, and then no more.

Only who has not answered is reminded. Someone who let two questions in a row pass is not reminded
of the next ones until they react again; an absence counts as nothing missed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from nudges.delivery import Delivery, Note, Priority, State
from nudges.hours import first_morning, local_day
from nudges.people import Person

DAYS = (3, 5)
"""Calendar days after a pulse on which who has not answered is reminded."""
IGNORED = 2
"""So many pulses in a row without a reaction, and reminding stops."""
TO_ANSWER = timedelta(days=DAYS[-1])
"""How long someone has to be there for a pulse before it counts as ignored."""
UNDER_WAY = frozenset({State.QUEUED, State.CLAIMED, State.SENDING})


@dataclass(frozen=True, slots=True)
class Asked:
    """A pulse that was planned for someone: how far it got, and when they reacted.

    ``at`` is when it left, or is to leave; ``questions`` are known once it has left.
    """

    pulse: str
    at: datetime
    state: State = State.SENT
    answered: datetime | None = None
    questions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReminderNote(Note):
    """A question that is still open, once more; not sent any more on the day ``until`` or later."""

    pulse: str
    questions: tuple[str, ...]
    until: str
    card: Literal["reminder"] = "reminder"

    @property
    def subject(self) -> str:
        """Name pulses, so that an answer closes every card that asks the same."""
        return "pulse"

    @property
    def question(self) -> str:
        """Return the question that is still open."""
        return self.questions[0]


def occasion(after: int, pulse: str) -> str:
    """Name the reminder of a pulse so many days after it."""
    return f"reminder:{after}:{pulse}"


def occasions(pulse: str) -> tuple[str, ...]:
    """Name every reminder of a pulse."""
    return tuple(occasion(after, pulse) for after in DAYS)


def mornings(person: Person, asked: Sequence[Asked], again: datetime) -> list[tuple[int, datetime]]:
    """Return when someone is reminded of their last pulse: days after it, and the morning.

    Args:
        person: who was asked.
        asked: the pulses they were asked lately, oldest first; the last is still open.
        again: when their next pulse is due; on that day or later there is no reminder.

    """
    last = asked[-1]
    if last.answered or last.state is not State.SENT or given_up(person, asked):
        return []
    day, taken = local_day(person, last.at), local_day(person, again)
    until = taken
    found: list[tuple[int, datetime]] = []
    for after in DAYS:
        at = first_morning(person, day + timedelta(days=after))
        on = local_day(person, at)
        if on < until and on != taken:
            found.append((after, at))
            taken = on
    return found


def remind(person: Person, asked: Asked, after: int, at: datetime, again: datetime) -> Delivery:
    """Return the reminder of a pulse, so many days after it; ``again`` is the next pulse."""
    note = ReminderNote(asked.pulse, asked.questions, local_day(person, again).isoformat())
    return Delivery(occasion(after, asked.pulse), person.id, note, Priority.NUDGE, at)


def given_up(person: Person, asked: Sequence[Asked]) -> bool:
    """Say whether someone let the pulses before the last one pass, so that reminding stops."""
    reacted = max((a.answered for a in asked if a.answered), default=None)
    before = (a for a in asked[:-1] if reacted is None or a.at > reacted)
    return sum(missed(person, a) for a in before) >= IGNORED


def missed(person: Person, asked: Asked) -> bool:
    """Say whether someone who was there let a pulse pass without a reaction."""
    if asked.answered or asked.state is not State.SENT:
        return False
    # Of a pause only the end is known, and of an older absence too: then they were not there.
    paused = person.paused_until is not None and person.paused_until > asked.at
    absent = (
        person.away_until is not None
        and person.away_until > asked.at
        and (person.away_from is None or person.away_from < asked.at + TO_ANSWER)
    )
    return not paused and not absent
