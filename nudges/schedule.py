"""When someone may be written to: in their own zone, on their own working days and hours."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from nudges.delivery import Delivery, Priority
from nudges.people import Person
from nudges.pulse import PulseNote

WEEK = timedelta(days=7)
AWAY_STEPS = 366


def local_day(person: Person, now: datetime) -> date:
    """Return today's date where this person is."""
    return now.astimezone(ZoneInfo(person.zone)).date()


def morning(person: Person, day: date) -> datetime:
    """Return the start of the person's working day; a gap in local time shifts forward."""
    return _local(person, day, person.hours.start)


def next_morning(person: Person, now: datetime) -> datetime:
    """Return the start of the next day on which this person works and may be written to."""
    day = local_day(person, now)
    quiet_until = max((t for t in (person.away_until, person.paused_until) if t), default=now)
    for _ in range(AWAY_STEPS):
        day += timedelta(days=1)
        start = morning(person, day)
        if day.weekday() in person.hours.days and start >= quiet_until:
            return start
    return morning(person, day)


def at_work(person: Person, now: datetime) -> bool:
    """Say whether now falls in the person's working hours."""
    local = now.astimezone(ZoneInfo(person.zone))
    start, end = person.hours.start, person.hours.end
    return local.weekday() in person.hours.days and start <= local.time() < end


def next_work(person: Person, now: datetime) -> datetime:
    """Return when someone who is not at work starts again: later today, or the next morning."""
    today = morning(person, local_day(person, now))
    return today if today > now and at_work(person, today) else next_morning(person, now)


def next_pulse(person: Person, now: datetime) -> datetime:
    """Return when the next pulse is due: a week on, or two for someone who asked for fewer."""
    return next_morning(person, now + WEEK * (2 if person.fewer else 1) - timedelta(days=1))


def pulse_occasion(person: Person, now: datetime) -> str:
    """Name this week's pulse: at most one a week, whoever plans it and however often."""
    year, week, _ = local_day(person, now).isocalendar()
    return f"pulse:{year}-W{week:02d}"


def due(people: Iterable[Person], now: datetime) -> list[tuple[Delivery | None, datetime]]:
    """Plan the pulses of people whose time has come.

    Returns for each person, in order, the delivery (none while they asked for quiet) and the
    moment they are due next. Nothing is planned outside working hours: the pulse of someone
    whose moment fell in the night is due the next morning.
    """
    planned: list[tuple[Delivery | None, datetime]] = []
    for person in people:
        if person.quiet(now) or not person.welcomed:
            planned.append((None, next_morning(person, now)))
        elif not at_work(person, now):
            planned.append((None, next_work(person, now)))
        else:
            note = PulseNote(pulse_occasion(person, now))
            planned.append(
                (
                    Delivery(note.pulse, person.id, note, Priority.PULSE, now),
                    next_pulse(person, now),
                )
            )
    return planned


def _local(person: Person, day: date, at: time) -> datetime:
    return datetime.combine(day, at, ZoneInfo(person.zone)).astimezone(UTC)
