"""Rumours: what people heard, written down by nobody we know, and answered with facts.

A rumour is unlinked from whoever wrote it: it has a random name, the day on which it was put down
with the others of that day, and the group it lives in only where many of that group wrote to us.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal, TypeAlias

from nudges.adoption import WEEK, week_of
from nudges.audience import EVERYONE, Field, Is
from nudges.audience_language import written
from nudges.release import FLOOR

TEXT = 1000
"""Characters of a rumour; a longer one is not kept at all, so that its teller can shorten it."""
HOUR = 2
"""The hour (UTC) from which the rumours of a day are put down together."""
WRITERS = timedelta(days=2)
"""Whoever wrote to us so long before a batch may have written what is in it."""
KEPT = timedelta(days=180)
WEEKS = 12
"""How many weeks the volume is told of."""
Trouble: TypeAlias = Literal["empty", "long", "secret", "account"]
"""Why words are not kept: there are none, too many, or they hold what must not stand here."""


@dataclass(frozen=True, slots=True)
class Heard:
    """Somebody heard something; nothing of it says who. ``segment`` is the group they are in."""

    text: str
    segment: str = ""


@dataclass(frozen=True, slots=True)
class SameRumour:
    """The CRM team says that one rumour is the same as another, and goes on in it."""

    rumour: str
    into: str


@dataclass(frozen=True, slots=True)
class RumourClosed:
    """The CRM team answered a rumour with facts, or set it aside, with all that are the same."""

    rumour: str
    answered: bool


RumourFact: TypeAlias = Heard | SameRumour | RumourClosed


@dataclass(frozen=True, slots=True)
class Rumour:
    """What several people may have heard: all its words, where it lives, and since which weeks.

    ``segments`` are those with at least five people; ``nowhere`` says that it also came from
    somewhere that may not be named.
    """

    key: str
    texts: tuple[str, ...]
    segments: tuple[str, ...]
    nowhere: bool
    first: date
    last: date

    @property
    def weeks(self) -> tuple[date, ...]:
        """Return the first and the last week in which it was put down, once if they are one."""
        return tuple(dict.fromkeys((week_of(self.first), week_of(self.last))))

    @property
    def rule(self) -> str:
        """Return for whom an answer is: where it lives, and everyone unless all of that is told."""
        if self.nowhere or not self.segments:
            return written(EVERYONE)
        return written(Is(Field.SEGMENT, self.segments))


@dataclass(frozen=True, slots=True)
class Told:
    """One rumour as it is put down; ``into`` is the one that it is the same as, if any."""

    key: str
    text: str
    segment: str
    day: date
    into: str = ""


@dataclass(frozen=True, slots=True)
class Rumours:
    """What the CRM team has at hand: rumours that wait for facts, and how many came this week."""

    open: Mapping[str, Rumour] = field(default_factory=dict[str, Rumour])
    this_week: int = 0


NO_RUMOURS = Rumours()


def trouble(text: str) -> Trouble | None:
    """Say why words cannot be kept as a rumour, by their length."""
    if not text:
        return "empty"
    return "long" if len(text) > TEXT else None


def grouped(told: Iterable[Told]) -> dict[str, Rumour]:
    """Return rumours with those that are the same as one, what came last first."""
    found: dict[str, list[Told]] = {}
    for one in told:
        found.setdefault(one.into or one.key, []).append(one)
    rumours = [_one(key, same) for key, same in found.items()]
    rumours.sort(key=lambda one: (-one.last.toordinal(), one.key))
    return {one.key: one for one in rumours}


def _one(key: str, same: Sequence[Told]) -> Rumour:
    told = sorted(same, key=lambda one: (one.key != key, one.key))
    texts = tuple(dict.fromkeys(one.text for one in told))
    segments = tuple(sorted({one.segment for one in told} - {""}))
    days = [one.day for one in told]
    nowhere = any(not one.segment for one in told)
    return Rumour(key, texts, segments, nowhere, min(days), max(days))


def batch_due(now: datetime) -> date | None:
    """Return the day whose rumours may be put down now; None before its hour."""
    return now.date() if now.hour >= HOUR else None


def by_week(days: Mapping[date, int]) -> dict[date, int]:
    """Return how many rumours were put down, by the Monday of their week."""
    found: dict[date, int] = {}
    for day, many in days.items():
        found[week_of(day)] = found.get(week_of(day), 0) + many
    return found


def volume(counts: Mapping[date, int], now: datetime) -> list[tuple[date, str]]:
    """Return how many rumours were put down in each of the last weeks, oldest first.

    Fewer than five are told as that, and so is none: an empty week would tell, too.
    """
    newest = week_of(now.date())
    weeks = [newest - n * WEEK for n in reversed(range(WEEKS))]
    return [(week, roughly(counts.get(week, 0))) for week in weeks]


def roughly(many: int) -> str:
    """Write how many there were; below five only that."""
    return str(many) if many >= FLOOR else f"<{FLOOR}"
