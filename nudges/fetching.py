"""Which weeks of measured use are due to be fetched: each once it is over, and again a week later.

The CRM writes some of its log late, so what was fetched on Monday is asked for once more. What can
only be seen as it is today, such as filled fields, is never asked of a week that is long over.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from nudges.adoption import METRICS, WEEK, Fetch, Metric, Use, week_of

READY = time(3, tzinfo=UTC)
"""On the Monday after a week, it is over everywhere but on a few islands."""
BACK = 4
"""So many weeks back are fetched, also when the CRM is connected for the first time."""
TRIES = 6
FIRST_WAIT = timedelta(hours=1)
"""After a try that failed; each further wait is twice as long."""


@dataclass(frozen=True, slots=True)
class Due:
    """A week to fetch now, and what of it; ``tries`` have been made before, the last one then."""

    week: date
    again: bool
    wanted: frozenset[Metric]
    tries: int = 0


def ready(week: date) -> datetime:
    """Return from when on a week can be fetched."""
    return datetime.combine(week + WEEK, READY)


def due(fetched: Iterable[Fetch], past: frozenset[Metric], now: datetime) -> list[Due]:
    """Return the weeks that one source is to be asked for, the latest first.

    Args:
        fetched: how far we are with each week of this source.
        past: what the source can still tell of a week that has been over for a week.
        now: the moment.

    """
    known = {(one.week, one.again): one for one in fetched}
    found: list[Due] = []
    for nth in range(1, BACK + 2):
        week = week_of(now.date()) - nth * WEEK
        if now < ready(week) or now >= ready(week) + BACK * WEEK:
            continue
        again = now >= ready(week) + WEEK
        before = known.get((week, again))
        wanted = (past if again else METRICS) - (before.whole if before else frozenset())
        if wanted and (before is None or _may(before, now)):
            found.append(Due(week, again, wanted, before.tries if before else 0))
    return found


def grown(told: Use, before: Use | None) -> Use:
    """Return what was told again of a week; what the CRM's log adds late takes no day away."""
    known = before.values.get(Metric.ACTIVE_DAYS) if before else None
    days = told.values.get(Metric.ACTIVE_DAYS)
    if known is None or days is None or days >= known:
        return told
    return replace(told, values={**told.values, Metric.ACTIVE_DAYS: known})


def _may(before: Fetch, now: datetime) -> bool:
    """Say whether a week that was not told whole may be tried once more."""
    return before.tries < TRIES and now >= before.at + FIRST_WAIT * 2 ** (before.tries - 1)
