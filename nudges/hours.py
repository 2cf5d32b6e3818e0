"""When someone may be written to: in their own zone, on their own working days and hours.

Public holidays are no working days, an absence or a pause is skipped, and in quiet hours we
start nothing. Where clocks change, a moment that does not exist shifts forward, and of two
moments of one name it is the first.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from nudges.calendar import holiday
from nudges.people import Person

DAY = timedelta(days=1)
LOOK_AHEAD = 366
"""How many days ahead a free morning is looked for; someone away for longer is looked at again."""
MOMENTS = 65536
"""Local moments that are remembered: most people share their zone and their hours."""


def local_day(person: Person, now: datetime) -> date:
    """Return today's date where this person is."""
    return _day(person.zone, now)


def morning(person: Person, day: date) -> datetime:
    """Return when the person's working day begins, after quiet hours that stand at its start."""
    start, quiet = _local(person.zone, day, person.hours.start), person.hours.quiet
    if quiet and quiet[0] <= start.astimezone(ZoneInfo(person.zone)).time() < quiet[1]:
        return _local(person.zone, day, quiet[1])
    return start


def first_morning(person: Person, day: date) -> datetime:
    """Return the start of the first day, this one or later, on which someone may be written to."""
    for _ in range(LOOK_AHEAD):
        if works_on(person, day) and not person.away(start := morning(person, day)):
            return start
        day += DAY
    return morning(person, day)


def next_morning(person: Person, now: datetime) -> datetime:
    """Return the start of the next day on which this person works and may be written to."""
    return first_morning(person, local_day(person, now) + DAY)


def works_on(person: Person, day: date) -> bool:
    """Say whether this is one of the person's working days, and no public holiday."""
    return day.weekday() in person.hours.days and not holiday(person, day)


def at_work(person: Person, now: datetime) -> bool:
    """Say whether now falls in the person's working hours, and not in their quiet hours."""
    local = now.astimezone(ZoneInfo(person.zone))
    at, hours = local.time(), person.hours
    if not hours.start <= at < hours.end or not works_on(person, local.date()):
        return False
    return hours.quiet is None or not hours.quiet[0] <= at < hours.quiet[1]


def next_work(person: Person, now: datetime) -> datetime:
    """Return when someone who is not at work starts again: later today, or the next morning."""
    for start in _starts(person, local_day(person, now)):
        if start > now and at_work(person, start) and not person.away(start):
            return start
    return next_morning(person, now)


def working_days_later(person: Person, start: datetime, many: int) -> datetime:
    """Return the same time of day so many of someone's working days later; absences are none."""
    local, day = start.astimezone(ZoneInfo(person.zone)), local_day(person, start)
    for _ in range(LOOK_AHEAD):
        if many <= 0:
            break
        day += DAY
        many -= works_on(person, day) and not person.away(morning(person, day))
    return max(_local(person.zone, day, local.time()), morning(person, day))


def _starts(person: Person, day: date) -> Iterator[datetime]:
    yield morning(person, day)
    if person.hours.quiet:
        yield _local(person.zone, day, person.hours.quiet[1])


@lru_cache(maxsize=MOMENTS)
def _local(zone: str, day: date, at: time) -> datetime:
    return datetime.combine(day, at, ZoneInfo(zone)).astimezone(UTC)


@lru_cache(maxsize=MOMENTS)
def _day(zone: str, now: datetime) -> date:
    return now.astimezone(ZoneInfo(zone)).date()
