"""The phases of a change: before it starts, the day itself, a calm time to get used to it, after.

A phase is never kept: it follows from the segment's day to go live and from the day it is where
someone lives, so that moving the date moves everything that hangs on it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Literal, TypeAlias, get_args

from nudges.adkar import Answer, Bank, Element, Question, Standing
from nudges.programme import Segment
from nudges.pulse import question_about

CALM = timedelta(days=90)
"""How long people are left to get used to it: the ninety days after the day itself."""
WISHES = timedelta(days=30)
"""How long wishes are asked for, from the day after the start."""
FORTNIGHT = timedelta(days=14)
DAY = timedelta(days=1)


class Phase(StrEnum):
    """Where a segment is in its change."""

    BEFORE = "before"
    GO_LIVE = "go_live"
    CALM = "calm"
    AFTER = "after"


Kind: TypeAlias = Literal["change", "roadmap", "release_note", "story", "new_function", "training"]
"""What a broadcast is about."""
KINDS: frozenset[Kind] = frozenset(get_args(Kind))
_NOT_NOW: dict[Phase, frozenset[Kind]] = {
    Phase.GO_LIVE: frozenset({"new_function"}),
    Phase.CALM: frozenset({"new_function"}),
}


@dataclass(frozen=True, slots=True)
class Window:
    """Some days in a row, both ends included."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        """Say whether a day falls in it."""
        return self.first <= day <= self.last


def phase(segment: Segment, day: date) -> Phase:
    """Return the phase on a local day; a segment without a date has not begun."""
    if segment.go_live is None or day < segment.go_live:
        return Phase.BEFORE
    if day == segment.go_live:
        return Phase.GO_LIVE
    return Phase.CALM if day <= segment.go_live + CALM else Phase.AFTER


def calm_until(segment: Segment) -> date | None:
    """Return the last day of the calm period."""
    return segment.go_live + CALM if segment.go_live else None


def verdict_day(segment: Segment) -> date | None:
    """Return the day on which is looked back at what was wanted: the last calm one."""
    return calm_until(segment)


def wish_window(segment: Segment) -> Window | None:
    """Return the thirty days after the start in which wishes are asked for."""
    if segment.go_live is None:
        return None
    return Window(segment.go_live + DAY, segment.go_live + WISHES)


def stories_due(segment: Segment) -> tuple[date, ...]:
    """Return the days on which a success story is told: a fortnight apart, while it is calm."""
    if segment.go_live is None:
        return ()
    return tuple(segment.go_live + FORTNIGHT * n for n in range(1, CALM // FORTNIGHT + 1))


def allowed(kind: Kind, at: Phase) -> bool:
    """Say whether a broadcast of this kind may leave in a phase: nothing new while it is calm."""
    return kind not in _NOT_NOW.get(at, frozenset())


def needs_awareness(standing: Standing) -> bool:
    """Say whether someone has to be asked about Awareness before a training invitation.

    An answer that is too old counts in no standing, so unknown and stale are the same here.
    """
    return standing.scores[Element.AWARENESS] is None


def before_training(standing: Standing, answers: Sequence[Answer], bank: Bank) -> Question | None:
    """Return the question to ask before a training invitation; none if it may leave at once."""
    return question_about(Element.AWARENESS, answers, bank) if needs_awareness(standing) else None
