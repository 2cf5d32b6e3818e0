"""Decay: after a good start fewer and fewer people come, and somebody should notice."""

from collections.abc import Mapping
from datetime import date, timedelta

OVER = timedelta(weeks=4)
"""Over so long people are compared."""
DOWN = 0.2
"""By this part or more: an alarm."""


def decay(
    active: Mapping[date, float], week: date, live: date | None
) -> tuple[float, float] | None:
    """Return the share of active people four weeks ago and now, if it is down by a fifth or more.

    Shares are compared, not heads, so that people who leave or join are no alarm by themselves. A
    week of which nothing was told is a gap; without a number at both ends nothing is said.

    Args:
        active: the share of active people as it was told of each week, by its Monday.
        week: the Monday of the week that is looked at.
        live: the first day on which somebody worked with the CRM; weeks before count for nothing.

    """
    before, now = active.get(week - OVER), active.get(week)
    if live is None or week - OVER < live - timedelta(days=live.weekday()):
        return None
    if not before or now is None:
        return None
    return (before, now) if round(now, 4) <= round(before * (1 - DOWN), 4) else None
