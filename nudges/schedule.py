"""Who is due what, and when: the planner's decisions, from facts loaded for it.

Nothing here is kept: every decision follows from the person and from what they were sent, so a
planner that slept long, or two of them at once, decide the same and leave no backlog.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from nudges.delivery import Delivery, Priority
from nudges.hours import at_work, local_day, next_morning, next_work
from nudges.people import Person
from nudges.pulse import PulseNote
from nudges.reminders import UNDER_WAY, Asked, mornings, remind

WEEK = timedelta(days=7)
WEEKS_BACK = 6
"""How far back a pulse still counts: two ignored ones of someone who asked for fewer."""
FURTHEST_EAST = timedelta(hours=14)


def next_pulse(person: Person, now: datetime) -> datetime:
    """Return when the next pulse is due: a week on, or two for someone who asked for fewer."""
    return next_morning(person, now + WEEK * (2 if person.fewer else 1) - timedelta(days=1))


def pulse_occasion(person: Person, now: datetime) -> str:
    """Name this week's pulse: at most one a week, whoever plans it and however often."""
    return pulse_of_week(now.astimezone(ZoneInfo(person.zone)))


def recent_pulses(now: datetime) -> tuple[str, ...]:
    """Name the pulses of this week and the ones before it, wherever on earth someone is."""
    latest = now.astimezone(UTC) + FURTHEST_EAST
    return tuple(pulse_of_week(latest - WEEK * back) for back in range(WEEKS_BACK + 1))


def due(
    people: Iterable[Person], now: datetime, asked: Mapping[str, Sequence[Asked]] | None = None
) -> list[tuple[Delivery | None, datetime]]:
    """Plan what people whose time has come are due: their pulse, or a reminder of the last one.

    Returns for each person, in order, the delivery (none while they asked for quiet, or when
    there is nothing to say yet) and the moment to look at them again. Nothing is planned outside
    working hours: what fell in the night is due the next morning.

    Args:
        people: those to look at.
        now: the moment of deciding.
        asked: the pulses each of them was asked lately, oldest first, without cancelled ones.

    """
    known = asked or {}
    return [_due(person, known.get(person.id, ()), now) for person in people]


def _due(person: Person, asked: Sequence[Asked], now: datetime) -> tuple[Delivery | None, datetime]:
    if person.quiet(now) or not person.welcomed:
        return None, next_morning(person, now)
    if not at_work(person, now):
        return None, next_work(person, now)
    if not asked:
        return _pulse(person, asked, now)
    last = asked[-1]
    if last.state in UNDER_WAY:
        return None, next_morning(person, now)
    again = next_pulse(person, max(last.at, last.answered or last.at))
    if again <= now:
        return _pulse(person, asked, now)
    return _reminder(person, asked, again, now)


def _pulse(
    person: Person, asked: Sequence[Asked], now: datetime
) -> tuple[Delivery | None, datetime]:
    note = PulseNote(pulse_occasion(person, now))
    again = next_pulse(person, now)
    _, look = _reminder(person, (*asked, Asked(note.pulse, now)), again, now)
    return Delivery(note.pulse, person.id, note, Priority.PULSE, now), look


def _reminder(
    person: Person, asked: Sequence[Asked], again: datetime, now: datetime
) -> tuple[Delivery | None, datetime]:
    """Return the reminder for today, if there is one, and when to look again.

    One whose day went by unnoticed is not made up for.
    """
    planned = mornings(person, asked, again)
    today = local_day(person, now)
    found: Delivery | None = None
    for after, at in planned:
        if at > now:
            return found, min(at, again)
        if local_day(person, at) == today:
            found = remind(person, asked[-1], after, at, again)
    return found, again


def pulse_of_week(local: date) -> str:
    """Name the pulse of the week that somebody's day is in."""
    year, week, _ = local.isocalendar()
    return f"pulse:{year}-W{week:02d}"
