"""What somebody did in the CRM, week by week: the facts that levels and digests are made of.

Nothing here says what is much or little; that is the organisation's to write. What the CRM could
not tell is not there, so that a gap is never taken for a week without work.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from math import isfinite


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


MOST_RECORDS = 1_000_000
"""More than this nobody enters in a week; it is a slip."""
RANGES: Mapping[Metric, Range] = {
    Metric.ACTIVE_DAYS: Range(0, 7, whole=True),
    Metric.RECORDS: Range(0, MOST_RECORDS, whole=True),
    Metric.LEADS_IN_TIME: Range(0, 1, whole=False),
    Metric.QUALITY: Range(0, 1, whole=False),
    Metric.HYGIENE: Range(0, 1, whole=False),
}
METRICS = frozenset(Metric)
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


@dataclass(frozen=True, slots=True)
class Worker:
    """Somebody whose use is asked for, by what the CRM may know them by.

    ``directory`` is their id in the organisation's directory (Entra); it goes before ``email``.
    Their days begin and end in their own ``zone``.
    """

    person: str
    directory: str = ""
    email: str = ""
    zone: str = "UTC"


@dataclass(frozen=True, slots=True)
class WeekOfUse:
    """What a CRM told of one week.

    ``whole`` are the metrics that it told of everybody it knows; another one is a gap for all, and
    there is no value of it in ``uses``.
    """

    uses: tuple[Use, ...] = ()
    whole: frozenset[Metric] = frozenset()


@dataclass(frozen=True, slots=True)
class Fetch:
    """How far we are with fetching a week from a source.

    A week is fetched when it is over and ``again`` a week later, as some of it comes late. ``at``
    is when it was last tried; ``whole`` are the metrics that were told of everybody.
    """

    source: str
    week: date
    again: bool
    at: datetime
    tries: int = 1
    whole: frozenset[Metric] = frozenset()


def week_of(day: date) -> date:
    """Return the Monday of the week that a day is in."""
    return day - timedelta(days=day.weekday())
