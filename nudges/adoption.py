"""What somebody did in the CRM, week by week: the facts that levels and digests are made of.

Nothing here says what is much or little; that is the organisation's to write. What the CRM could
not tell is not there, so that a gap is never taken for a week without work.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from math import inf, isfinite


class Metric(StrEnum):
    """One thing that is measured of a person's week in the CRM."""

    ACTIVE_DAYS = "active_days"
    """Days of the week with own work in the CRM, 0 to 7."""
    RECORDS = "records"
    """Records entered that week, 0 or more."""
    LEADS_IN_TIME = "leads_in_time"
    """Share, 0 to 1, of the leads due that week that were followed up in time."""
    QUALITY = "quality"
    """Share, 0 to 1, of own open records whose wanted fields are filled."""
    HYGIENE = "hygiene"
    """Share, 0 to 1, of own open opportunities with a next step and no close date that passed."""


@dataclass(frozen=True, slots=True)
class Range:
    """Which values a metric can have, both ends included; ``whole`` for what is counted."""

    least: float
    most: float
    whole: bool

    def fits(self, value: float) -> bool:
        """Say whether a value can be one of this metric."""
        if not isfinite(value) or not self.least <= value <= self.most:
            return False
        return not self.whole or float(value).is_integer()


RANGES: Mapping[Metric, Range] = {
    Metric.ACTIVE_DAYS: Range(0, 7, whole=True),
    Metric.RECORDS: Range(0, inf, whole=True),
    Metric.LEADS_IN_TIME: Range(0, 1, whole=False),
    Metric.QUALITY: Range(0, 1, whole=False),
    Metric.HYGIENE: Range(0, 1, whole=False),
}
SHARES = frozenset(metric for metric, range_ in RANGES.items() if not range_.whole)
"""The metrics that are a part of something; the others are counts."""
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Use:
    """What one person did in the CRM in one week.

    ``week`` is its Monday; a metric that is not in ``values`` is a gap: unknown, never zero.
    """

    person: str
    week: date
    values: Mapping[Metric, float]


def week_of(day: date) -> date:
    """Return the Monday of the week that a day is in."""
    return day - timedelta(days=day.weekday())
