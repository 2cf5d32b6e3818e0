"""Spaced nudges: what is worth repeating comes again after a growing while, or not at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from nudges.hours import at_work, first_morning, local_day, next_work
from nudges.people import Person

SPACES = (1, 3, 7, 21, 60)
"""Days between one time and the next."""
IGNORED = 2
"""A nudge that was ignored so many times in a row stops itself."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One time that someone was shown a nudge, and whether they did anything with it."""

    at: datetime
    reacted: bool = False


def spaced(person: Person, times: Sequence[Shown], now: datetime) -> datetime | None:
    """Return when a nudge is due again, a working moment not before now; None if it is done.

    Args:
        person: who gets it.
        times: when it was shown before, oldest first; without any it is due at once.
        now: the moment of asking.

    """
    last = times[-IGNORED:]
    if len(times) > len(SPACES) or (len(last) == IGNORED and not any(t.reacted for t in last)):
        return None
    soonest = now if at_work(person, now) and not person.away(now) else next_work(person, now)
    if not times:
        return soonest
    day = local_day(person, last[-1].at) + timedelta(days=SPACES[len(times) - 1])
    return max(first_morning(person, day), soonest)
