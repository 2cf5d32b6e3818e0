"""What the made-up company's people did in their CRM: told the same for a person and week, always.

Each of them is of one kind. Most grow into it after the first day, some were quick, some use it
less from week to week, and a few hardly come. None of it means anything.
"""

from collections.abc import Collection, Sequence
from datetime import date
from hashlib import blake2b
from typing import Final

from nudges.adoption import METRICS, WEEK, Metric, Use, WeekOfUse, Worker
from nudges.directory import Entry

SALES: Final = frozenset({"sales", "manager"})
"""Whose work has leads and opportunities."""
KINDS: Final = ("growing",) * 5 + ("quick",) * 2 + ("fading",) * 2 + ("absent",)
GROWN: Final = 10
"""Weeks until somebody who grows into it has."""
AWAY: Final = 0.06
"""How much of the weeks people are on holiday."""


class DemoUse:
    """The use of the made-up CRM.

    Args:
        people: who works there.
        begun: the day from which people work with it.

    """

    def __init__(self, people: Sequence[Entry], begun: date) -> None:
        self._jobs = {person.id: person.job for person in people}
        self._begun = begun
        self.source = "demo"
        self.past = METRICS

    async def week(
        self, week: date, workers: Sequence[Worker], wanted: Collection[Metric]
    ) -> WeekOfUse:
        """Tell what these people did in a week."""
        uses: list[Use] = []
        for worker in workers:
            if worker.person in self._jobs:
                values = self._values(worker.person, week)
                told = {metric: value for metric, value in values.items() if metric in wanted}
                uses.append(Use(worker.person, week, told))
        return WeekOfUse(tuple(uses), frozenset(wanted))

    async def close(self) -> None:
        """Have nothing to let go of."""

    def _values(self, person: str, week: date) -> dict[Metric, float]:
        part = self._part(person, week)
        days = round(5 * part + _draw(person, week, "days") - 0.5)
        if _draw(person, week, "away") < AWAY:
            days = 0
        days = max(0, min(5, days))
        records = round(days * (1 + 3 * part * _draw(person, week, "records"))) if days else 0
        values: dict[Metric, float] = {
            Metric.ACTIVE_DAYS: days,
            Metric.RECORDS: records,
            Metric.QUALITY: _share(0.45 + 0.5 * part, person, week, "quality"),
        }
        if self._jobs[person] in SALES:
            values[Metric.HYGIENE] = _share(0.35 + 0.55 * part, person, week, "hygiene")
            if days:
                values[Metric.LEADS_IN_TIME] = _share(0.3 + 0.6 * part, person, week, "leads")
        return values

    def _part(self, person: str, week: date) -> float:
        """Return how much of their work is in the CRM by now, 0 to 1."""
        weeks = (week - self._begun) // WEEK
        if weeks < 0:
            return 0.1
        grown = min(weeks / GROWN, 1.0)
        match KINDS[int(_draw(person, self._begun, "kind") * len(KINDS))]:
            case "quick":
                return 0.7 + 0.25 * grown
            case "fading":
                return 0.8 - 0.55 * grown
            case "absent":
                return 0.08
            case _:
                return 0.3 + 0.55 * grown


def _draw(person: str, week: date, what: str) -> float:
    """Return a number from 0 to below 1 that is always the same for these."""
    said = f"{person}:{week.isoformat()}:{what}".encode()
    return int.from_bytes(blake2b(said, digest_size=6).digest()) / 2**48


def _share(middle: float, person: str, week: date, what: str) -> float:
    drawn = middle + 0.16 * (_draw(person, week, what) - 0.5)
    return round(max(0.0, min(1.0, drawn)), 2)
