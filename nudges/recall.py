"""How a tip stays with somebody: it comes back after growing whiles, until they have shown it.

Boxes, as Leitner's: the words of a tip are worth asking about after 3 days, then after 7, 21 and
60. A right answer counts when the box's time has passed since the words were last seen, and moves
it one box on; a wrong one starts again. After the last box it is known, and does not come back.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal, TypeAlias

from nudges.hours import local_day
from nudges.people import Person
from nudges.spaced import SPACES as NUDGED

SPACES = NUDGED[1:]
"""Days between the words and the question. The shortest of what comes again is left out: a tip a
week cannot come back on the next day."""
CLAIMED = 2
"""The box of a tip that somebody says they know: believed for three weeks, then asked once."""
What: TypeAlias = Literal[
    "useful", "not_useful", "right", "wrong", "knows", "used", "read", "asked"
]
"""What somebody said or showed of a tip; ``read`` is a look at its words beside a question,
``used`` is use that was measured, and ``asked`` is a how-to question about an area."""


@dataclass(frozen=True, slots=True)
class TipSaid:
    """Somebody says or shows something of a tip; ``about`` is its id, or an area they asked of."""

    about: str
    what: What


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody said or showed of a tip, and when."""

    about: str
    what: What
    at: datetime


@dataclass(frozen=True, slots=True)
class Came:
    """A tip that came, or is to come: its words, or with ``quiz`` the question about it.

    ``pushed`` tells that we started it; ``at`` is when it left or is to leave, and ``sent`` whether
    it has left; ``answered`` is when they pressed something that replaced it.
    """

    tip: str
    at: datetime
    quiz: bool = False
    pushed: bool = False
    sent: bool = True
    answered: datetime | None = None


@dataclass(frozen=True, slots=True)
class Memory:
    """How well somebody has shown a tip.

    ``step`` counts the boxes they have passed and ``times`` how often it came since it last
    started; ``seen`` is when its words were last before them, and ``last`` when any of it was.
    A tip at ``rest`` does not come back: they know it, found it not useful, or let it pass too
    often.
    """

    step: int = 0
    times: int = 0
    seen: datetime | None = None
    last: datetime | None = None
    rest: bool = False

    @property
    def known(self) -> bool:
        """Say whether every box was passed."""
        return self.step >= len(SPACES)

    @property
    def done(self) -> bool:
        """Say whether it does not come back."""
        return self.known or self.rest or self.times > len(SPACES)


def memory(tip: str, came: Iterable[Came], said: Iterable[Said], person: Person) -> Memory:
    """Work out how well somebody has shown one tip, from all that came and all they said."""
    events: list[tuple[datetime, Came | Said]] = [
        (c.at, c) for c in came if c.tip == tip and c.sent
    ]
    events += [(s.at, s) for s in said if s.about == tip]
    found = Memory()
    for at, event in sorted(events, key=lambda one: one[0]):
        if isinstance(event, Came):
            seen = found.seen if event.quiz else at
            found = replace(found, times=found.times + 1, seen=seen, last=at)
        else:
            found = _heard(found, event, person)
    return found


def _heard(found: Memory, said: Said, person: Person) -> Memory:
    """Return a memory after something that somebody said or showed."""
    at = said.at
    match said.what:
        case "right":
            if not _counts(found, at, person):
                return replace(found, seen=at, last=at)
            return replace(found, step=found.step + 1, times=1, seen=at, last=at)
        case "wrong":
            return Memory(0, 1, at, at, found.rest)
        case "knows":
            return replace(found, step=max(found.step, CLAIMED), seen=at, last=at)
        case "used":
            return replace(found, step=len(SPACES), seen=at, last=at)
        case "read":
            return replace(found, seen=at, last=at)
        case "useful" | "not_useful":
            return replace(found, rest=said.what == "not_useful")
        case "asked":
            return found


def _counts(found: Memory, at: datetime, person: Person) -> bool:
    """Say whether a right answer shows anything: not one given with the words still in mind."""
    if found.known or found.seen is None:
        return False
    days = (local_day(person, at) - local_day(person, found.seen)).days
    return days >= SPACES[found.step]


def due_day(found: Memory, person: Person) -> date | None:
    """Return the day from which a tip may come back; None if it never came, or is done.

    What came and was let pass comes back later each time, without counting as known.
    """
    if found.last is None or found.done:
        return None
    box = min(max(found.step, found.times - 1), len(SPACES) - 1)
    return local_day(person, found.last) + timedelta(days=SPACES[box])


def areas_asked(said: Sequence[Said], now: datetime, within: timedelta) -> frozenset[str]:
    """Return the areas somebody asked how-to questions about lately."""
    return frozenset(s.about for s in said if s.what == "asked" and s.at > now - within)
