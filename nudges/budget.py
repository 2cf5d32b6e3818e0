"""The budget of touches: how often we write to someone of our own accord, whatever it is about.

Pulses, reminders, follow-ups, tips and broadcasts share it, so that nobody is asked, reminded and
told something all on one day. What someone asked for does not count.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from nudges.hours import LOOK_AHEAD, at_work, local_day, next_morning, next_work
from nudges.people import Person

DAYS_A_WEEK = 7


@dataclass(frozen=True, slots=True)
class Budget:
    """How many touches someone gets at most: in a day, and in any seven days in a row."""

    a_day: int = 1
    a_week: int = 3

    def allows(self, had: Sequence[date], day: date) -> bool:
        """Say whether one more touch fits on this local day, after those on the days ``had``."""
        apart = [abs((day - one).days) for one in had]
        return (
            sum(days == 0 for days in apart) < self.a_day
            and sum(days < DAYS_A_WEEK for days in apart) < self.a_week
        )


def next_free(
    person: Person, had: Sequence[date], now: datetime, budget: Budget | None = None
) -> datetime:
    """Return when a touch may leave: now, or the first working moment at which there is room.

    Args:
        person: who gets it.
        had: the local days of the touches they had, one for each, in any order.
        now: the moment of asking.
        budget: how much is allowed; without it the usual.

    """
    allowed = budget or Budget()
    moment = now
    if not at_work(person, now) or person.away(now):
        moment = next_work(person, now)
    for _ in range(LOOK_AHEAD):
        if allowed.allows(had, local_day(person, moment)):
            return moment
        moment = next_morning(person, moment)
    return moment
