"""Who does what: what a sponsor, manager, champion or CRM team member can do, and when it is due.

A change is led by people, and each of them by a few things they do regularly. Somebody gets at
most one of these a week, none twice before its rhythm has passed, and one they let pass twice
stops by itself.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Literal, TypeAlias

from nudges.adkar import ELEMENTS, Element
from nudges.delivery import Delivery, Note, Priority
from nudges.hours import local_day, morning, next_morning, works_on
from nudges.people import Person
from nudges.programme import Programme
from nudges.release import FLOOR
from nudges.roles import Role

DOERS = (Role.SPONSOR, Role.MANAGER, Role.CHAMPION, Role.CRM_TEAM)
"""Who has activities of their own."""
CALM = timedelta(days=90)
"""How long after its go-live a group gets the time to make the new way its own."""
IGNORED = 2
"""So often may one activity be let pass; then it stops."""
LEFT_ALONE = 4
"""After so many in a row, whichever they were, none comes until something was ticked."""
APART = 6
"""Days between two of them, at least; two of one week do not come anyway."""
AT_ONCE = 5
"""How many a list offers to tick."""
SUBJECT = "activity"


class Rhythm(StrEnum):
    """How often something is to be done."""

    ONCE = "once"
    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"


RESTS = {
    Rhythm.ONCE: 28,
    Rhythm.WEEKLY: 7,
    Rhythm.FORTNIGHTLY: 14,
    Rhythm.MONTHLY: 28,
    Rhythm.QUARTERLY: 84,
}
"""Days in which it does not come again; what is done once comes again while it is not done."""
Phase: TypeAlias = Literal["before", "calm", "after"]
When: TypeAlias = Phase | Literal["any"]


@dataclass(frozen=True, slots=True)
class Activity:
    """Something that somebody with a role can do for one of the five elements."""

    id: str
    role: Role
    element: Element
    rhythm: Rhythm
    phase: When = "any"


TickState: TypeAlias = Literal["done", "later", "not_mine"]


@dataclass(frozen=True, slots=True)
class Tick:
    """What somebody said of an activity for a period: done, not now, or not mine."""

    person: str
    activity: str
    period: str
    state: TickState
    at: datetime


@dataclass(frozen=True, slots=True)
class Nudged:
    """An activity somebody was reminded of; ``at`` is when it came or is to come."""

    activity: str
    at: datetime
    answered: datetime | None = None


@dataclass(frozen=True, slots=True)
class ActivityNote(Note):
    """One activity, and the day on which somebody is reminded of it."""

    activity: str
    day: str
    card: Literal["activity"] = "activity"

    @property
    def subject(self) -> str:
        """Name the activity, so that it is known when it came last."""
        return f"{SUBJECT}:{self.activity}"


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of somebody's activities: what they ticked and what they were reminded of."""

    ticks: tuple[Tick, ...] = ()
    nudged: tuple[Nudged, ...] = ()

    def of(self, activity: str) -> "Known":
        """Return what is known of one activity."""
        return Known(
            tuple(t for t in self.ticks if t.activity == activity),
            tuple(n for n in self.nudged if n.activity == activity),
        )

    @property
    def passed(self) -> int:
        """Count the reminders in a row that were let pass since something was last ticked."""
        last = max((t.at for t in self.ticks), default=None)
        return sum(n.answered is None and (last is None or n.at > last) for n in self.nudged)


UNKNOWN = Known()


def period(rhythm: Rhythm, day: date) -> str:
    """Name the period that a day lies in: a week, a fortnight, a month or a quarter."""
    year, week, _ = day.isocalendar()
    match rhythm:
        case Rhythm.WEEKLY:
            return f"{year}-W{week:02d}"
        case Rhythm.FORTNIGHTLY:
            first = max(1, week - week % 2)
            return f"{year}-W{first:02d}+1"
        case Rhythm.QUARTERLY:
            return f"{day.year}-Q{(day.month + 2) // 3}"
        case Rhythm.MONTHLY | Rhythm.ONCE:
            return month(day)


def month(day: date) -> str:
    """Name the month that a day lies in."""
    return f"{day.year}-{day.month:02d}"


def occasion(day: date) -> str:
    """Name the week's one activity, so that nobody gets two, whoever plans them."""
    return f"activities:{period(Rhythm.WEEKLY, day)}"


def phase_of(programme: Programme, person: Person, now: datetime) -> Phase:
    """Return where someone's part of the change is.

    Who belongs to no group with a date goes by the group that is first to go live.
    """
    live = programme.segment(person.segment).live_from(person.zone)
    if live is None:
        dates = (s.live_from(person.zone) for s in programme.segments.values())
        live = min((d for d in dates if d), default=None)
    if live is None or now < live:
        return "before"
    return "calm" if now < live + CALM else "after"


def mine(person: Person, activities: Iterable[Activity], phase: Phase) -> list[Activity]:
    """Return the activities of someone's roles that belong to this phase."""
    return [a for a in activities if a.role in person.roles and a.phase in {"any", phase}]


def plan(  # noqa: PLR0913, PLR0917 - the facts that an activity is chosen by
    person: Person,
    activities: Iterable[Activity],
    known: Known,
    phase: Phase,
    focus: Element | None,
    now: datetime,
) -> Delivery | None:
    """Return this week's activity for someone's own morning, if there is one to be reminded of."""
    if person.quiet(now) or not person.welcomed:
        return None
    at = coming_morning(person, now)
    day = local_day(person, at)
    found = due(person, activities, known, phase, focus, day)
    if found is None:
        return None
    note = ActivityNote(found.id, day.isoformat())
    return Delivery(occasion(day), person.id, note, Priority.NUDGE, at)


def coming_morning(person: Person, now: datetime) -> datetime:
    """Return the morning of today's working day if it is still to come, else the next one."""
    today = local_day(person, now)
    start = morning(person, today)
    if start >= now and works_on(person, today) and not person.away(start):
        return start
    return next_morning(person, now)


def due(  # noqa: PLR0913, PLR0917 - the facts that an activity is chosen by
    person: Person,
    activities: Iterable[Activity],
    known: Known,
    phase: Phase,
    focus: Element | None,
    day: date,
) -> Activity | None:
    """Return the activity for one day, if any: the group's focus first, what came least first."""
    last = max((local_day(person, n.at) for n in known.nudged), default=None)
    too_soon = last is not None and (
        (day - last).days < APART or last.isocalendar()[:2] == day.isocalendar()[:2]
    )
    if too_soon or known.passed >= LEFT_ALONE:
        return None
    able = [
        a
        for a in mine(person, activities, phase)
        if open_(person, a, known, day) and rested(person, a, known, day)
    ]
    return min(able, key=lambda a: _rank(a, known, focus), default=None)


def _rank(activity: Activity, known: Known, focus: Element | None) -> tuple[bool, int, int]:
    of = known.of(activity.id)
    came = len({n.at.date() for n in of.nudged} | {t.at.date() for t in of.ticks})
    return activity.element is not focus, came, ELEMENTS.index(activity.element)


def open_(person: Person, activity: Activity, known: Known, day: date) -> bool:
    """Say whether something is still to be done in the period that a day lies in."""
    of = known.of(activity.id)
    states = {t.state for t in of.ticks}
    if "not_mine" in states or (activity.rhythm is Rhythm.ONCE and "done" in states):
        return False
    this = period(activity.rhythm, day)
    return all(
        period(activity.rhythm, local_day(person, t.at)) != this and t.period != this
        for t in of.ticks
        if t.state == "done"
    )


def rested(person: Person, activity: Activity, known: Known, day: date) -> bool:
    """Say whether it may come again: its rhythm has passed, and it was not let pass twice."""
    of = known.of(activity.id)
    days = [local_day(person, at) for at in (*(t.at for t in of.ticks), *(n.at for n in of.nudged))]
    soon = any((day - one).days < RESTS[activity.rhythm] for one in days)
    return not soon and of.passed < IGNORED


def this_month(
    person: Person,
    activities: Iterable[Activity],
    known: Known,
    phase: Phase,
    now: datetime,
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what is someone's to do this month, a handful, and what they have done in it.

    What they were reminded of and have not ticked stands first.
    """
    today = local_day(person, now)
    this, own = month(today), mine(person, activities, phase)
    waiting = {n.activity for n in known.nudged if month(local_day(person, n.at)) == this}
    able = [a for a in own if open_(person, a, known, today)]
    able.sort(key=lambda a: (a.id not in waiting, *_rank(a, known, None)))
    done = [
        t.activity
        for t in sorted(known.ticks, key=lambda t: t.at)
        if t.state == "done" and month(local_day(person, t.at)) == this
    ]
    return tuple(a.id for a in able[:AT_ONCE]), tuple(dict.fromkeys(done))


@dataclass(frozen=True, slots=True)
class Sum:
    """How many of a role's activities were done in a month; ``how`` coarsens one-sided sums."""

    role: Role
    done: int
    all: int
    how: Literal["counted", "hardly", "nearly"] = "counted"


def sum_up(role: Role, asked: Collection[tuple[str, str]], ticks: Sequence[Tick]) -> Sum | None:
    """Sum up a month of one role, for one level up: never who, and nothing about fewer than five.

    A sum in which nobody or everybody did theirs would tell of each of them, and is told in words.

    Args:
        role: the role.
        asked: the person and the activity of each reminder that came in the month.
        ticks: what they ticked in it.

    """
    not_mine = {(t.person, t.activity) for t in ticks if t.state == "not_mine"}
    done = {(t.person, t.activity) for t in ticks if t.state == "done"}
    every = ({*asked} | done | {(t.person, t.activity) for t in ticks}) - not_mine
    if len({person for person, _ in every}) < FLOOR:
        return None
    found = len(done & every)
    if found in {0, len(every)}:
        return Sum(role, 0, 0, "nearly" if found else "hardly")
    return Sum(role, found, len(every))
