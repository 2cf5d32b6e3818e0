"""Caps and manners, judged from what arrived: how often, on which days, and at what time.

What somebody asked for themselves is never counted; everything we began is.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from itertools import pairwise
from math import ceil
from typing import Any

import holidays

from bot.rehearsal.actor import Actor

A_DAY, A_WEEK = 1, 3
WEEK = timedelta(days=7)
NAMES = ("one_a_day", "three_a_week", "working_hours", "public_holidays", "asked_for_quiet")
"""The manners; each is broken so many times."""


@dataclass(frozen=True, slots=True)
class Touch:
    """A new message as it arrived: the person's own day, and what was wrong with the moment."""

    mark: str
    who: str
    user: str
    at: datetime
    day: date
    wrong: tuple[str, ...]


def touched(actor: Actor, user: str, mark: str, now: datetime) -> Touch:
    """Note a message that arrives, beside what its reader may expect of us at this moment."""
    local = now.astimezone(actor.player.zone)
    hours = actor.hours
    at_work = local.weekday() in hours.days and hours.start <= local.time() < hours.end
    wrong: list[str] = []
    if not at_work:
        wrong.append("working_hours")
    if local.date() in _holidays(actor.player.country):
        wrong.append("public_holidays")
    if actor.wants_quiet(now):
        wrong.append("asked_for_quiet")
    return Touch(mark, actor.player.person.id, user, now, local.date(), tuple(wrong))


@cache
def _holidays(country: str) -> Any:  # noqa: ANN401 - a mapping that fills itself by year
    return holidays.country_holidays(country)


def breaches(begun: Sequence[Touch]) -> dict[str, list[str]]:
    """Return every breach of our manners by its name; ``begun`` is all we began ourselves."""
    found: dict[str, list[str]] = {name: [] for name in NAMES}
    days: dict[str, list[date]] = {}
    for touch in begun:
        days.setdefault(touch.who, []).append(touch.day)
        for name in touch.wrong:
            found[name].append(f"{touch.who} at {touch.at.isoformat()} ({touch.mark})")
    for who, mine in days.items():
        mine.sort()
        found["one_a_day"] += [
            f"{who} on {day}: {n}" for day, n in Counter(mine).items() if n > A_DAY
        ]
        for place, day in enumerate(mine[A_WEEK:]):
            if day - mine[place] < WEEK:
                found["three_a_week"].append(f"{who} in the week to {day}")
    return found


def a_week(
    begun: Iterable[Touch], present: Mapping[str, tuple[date, date]]
) -> dict[str, float | int]:
    """Sum up how many messages somebody gets in a calendar week; weeks without any count too."""
    counts: Counter[tuple[str, int, int]] = Counter()
    for touch in begun:
        year, week, _ = touch.day.isocalendar()
        counts[touch.who, year, week] += 1
    weeks = sum(_weeks(first, last) for first, last in present.values())
    every = sorted(counts.values())
    zeros = max(weeks - len(every), 0)
    n = zeros + len(every)
    if not n:
        return {"mean": 0.0, "p99": 0, "max": 0}
    place = ceil(0.99 * n) - 1 - zeros
    return {
        "mean": round(sum(every) / n, 3),
        "p99": every[place] if place >= 0 else 0,
        "max": every[-1] if every else 0,
    }


def _weeks(first: date, last: date) -> int:
    mondays = [day - timedelta(days=day.weekday()) for day in (first, last)]
    return next((later - earlier).days // 7 + 1 for earlier, later in pairwise(mondays))
