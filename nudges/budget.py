"""The budget of touches: stand-in until the planner's is merged."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from nudges.people import Person
from nudges.schedule import local_day, next_morning


@dataclass(frozen=True, slots=True)
class Budget:
    a_day: int = 1
    a_week: int = 3


def next_free(person: Person, had: Sequence[date], now: datetime, budget: Budget) -> datetime:
    moment = now
    while True:
        today = local_day(person, moment)
        week = [d for d in had if today - timedelta(days=7) < d <= today]
        if week.count(today) < budget.a_day and len(week) < budget.a_week:
            return moment
        moment = next_morning(person, moment)
