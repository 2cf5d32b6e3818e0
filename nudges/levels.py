"""Levels of working with the CRM: what belongs to each, and which one somebody holds.

The organisation writes the goals; the weeks decide. A level is reached when its goals, and those of
the levels below it, were met in three of the last four weeks. It is lost after two weeks that
failed, and the first of them brings a warning. What nobody could measure, and a week with an
absence in it, count neither way.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from hashlib import blake2b
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo

from nudges.adoption import WEEK, Metric, Use
from nudges.adoption import week_of as monday
from nudges.hours import works_on
from nudges.people import Person
from nudges.programme import LEVELS

LAST, NEEDED, TOO_MANY = 4, 3, 2
"""Of the last so many weeks so many have to be met; so many that failed, and the level is lost."""
FIRST_LOOK = 12
"""How many weeks back somebody is judged who never was."""
LONGEST = LAST
"""The most weeks that a goal may be taken over."""
CLOSE = 1e-9
"""What is lost in arithmetic is no reason to fail a week."""
Verdict: TypeAlias = Literal["met", "failed", "gap", "away"]
Weeks: TypeAlias = Mapping[date, Mapping[Metric, float]]
"""What was measured of somebody, by the Monday of the week."""


@dataclass(frozen=True, slots=True)
class Goal:
    """One thing that is wanted of a week: at least so much of a metric, or at most.

    An empty list of jobs or segments means everyone. ``weeks`` are the weeks it is taken over, as
    a mean; ``weight`` is what it counts in the score, where it is not as much as its metric.
    """

    metric: Metric
    target: float
    at_most: bool = False
    jobs: frozenset[str] = frozenset()
    segments: frozenset[str] = frozenset()
    weeks: int = 1
    weight: float | None = None

    def concerns(self, person: Person) -> bool:
        """Say whether it is a goal for this person's work and part of the organisation."""
        return (not self.jobs or person.job in self.jobs) and (
            not self.segments or person.segment in self.segments
        )

    def value(self, measured: Weeks, week: date) -> float | None:
        """Return what was done; None where nobody knows.

        A week of which nothing is known is a gap, however many others the goal looks back on.
        """
        if not measured.get(week):
            return None
        found = [
            one
            for back in range(self.weeks)
            if (one := measured.get(week - back * WEEK, {}).get(self.metric)) is not None
        ]
        return sum(found) / len(found) if found else None

    def met(self, value: float) -> bool:
        """Say whether so much is enough, or little enough."""
        return value <= self.target + CLOSE if self.at_most else value >= self.target - CLOSE


@dataclass(frozen=True, slots=True)
class Level:
    """One level without its words: its own goals, and the tips that go with it."""

    number: int
    goals: tuple[Goal, ...]
    tips: tuple[str, ...] = ()


@dataclass(frozen=True)
class Levels:
    """All levels of an organisation, and how much each metric counts in the score."""

    levels: Mapping[int, Level] = field(default_factory=dict[int, Level])
    weights: Mapping[Metric, float] = field(default_factory=dict[Metric, float])

    def own(self, person: Person, number: int) -> tuple[Goal, ...]:
        """Return the goals that a level adds for somebody."""
        level = self.levels.get(number)
        return tuple(g for g in level.goals if g.concerns(person)) if level else ()

    def goals(self, person: Person, number: int) -> tuple[Goal, ...]:
        """Return all that a level asks of somebody; nothing where it is no level for them."""
        if not self.own(person, number):
            return ()
        return tuple(g for n in LEVELS if n <= number for g in self.own(person, n))

    def weight(self, goal: Goal) -> float:
        """Return how much a goal counts in the score."""
        return self.weights.get(goal.metric, 1.0) if goal.weight is None else goal.weight


NO_LEVELS = Levels()


@dataclass(frozen=True, slots=True)
class Judged:
    """What a week came to for one person: a verdict for each level, and the level held after it.

    ``of`` names what was measured then, so that the same figures are not judged anew by goals that
    were written later.
    """

    person: str
    week: date
    level: int
    verdicts: tuple[Verdict, ...]
    of: str = ""

    def verdict(self, level: int) -> Verdict:
        """Return how the week went for a level; one that is none for the person is a gap."""
        return self.verdicts[level - 1] if level <= len(self.verdicts) else "gap"


@dataclass(frozen=True, slots=True)
class Walk:
    """How far the judging of a week is: past whom, and what was told until when."""

    week: date
    told: datetime
    after: str = ""
    done: bool = False


def last_week(now: datetime) -> date:
    """Return the Monday of the last week that is over."""
    return monday(now.astimezone(UTC).date()) - WEEK


def judged_from(go_live: date | None) -> date | None:
    """Return the Monday of the first week that is judged: the first whole one with the CRM."""
    if go_live is None:
        return None
    return go_live + timedelta(days=-go_live.weekday() % 7)


def week_of(
    levels: Levels, person: Person, measured: Weeks, week: date, *, away: bool
) -> tuple[Verdict, ...]:
    """Return how a week went, for each level; an absence in it never makes it one that failed."""
    return _verdicts([levels.own(person, n) for n in LEVELS], measured, week, away=away)


def _verdicts(
    own: Sequence[Sequence[Goal]], measured: Weeks, week: date, *, away: bool
) -> tuple[Verdict, ...]:
    """Return how a week went, by the goals that each level adds."""
    missed = unknown = False
    found: list[Verdict] = []
    for goals in own:
        for goal in goals:
            value = goal.value(measured, week)
            unknown |= value is None
            missed |= value is not None and not goal.met(value)
        if goals and not missed and not unknown:
            found.append("met")
        elif away:
            found.append("away")
        else:
            found.append("failed" if goals and missed else "gap")
    return tuple(found)


def absent(person: Person, week: date) -> bool:
    """Say whether somebody was away on a working day of a week, or had none in it.

    A pause is no absence: it asks us to be quiet, and says nothing about work.
    """
    days = [day for n in range(7) if works_on(person, day := week + timedelta(days=n))]
    if not days or person.away_until is None:
        return not days
    zone = ZoneInfo(person.zone)
    last = _last_day(person.away_until, zone)
    first = person.away_from.astimezone(zone).date() if person.away_from else date.min
    return any(first <= day <= last for day in days)


def _last_day(until: datetime, zone: ZoneInfo) -> date:
    """Return the last day of an absence, which ends at the midnight that begins the next one."""
    return (until - timedelta(microseconds=1)).astimezone(zone).date()


def judge(  # noqa: PLR0913 - the facts that a level depends on, by name
    levels: Levels,
    person: Person,
    measured: Weeks,
    known: Iterable[Judged],
    week: date,
    *,
    go_live: date | None,
) -> list[Judged]:
    """Judge somebody's weeks up to this one; returns those that are new or came out otherwise.

    Args:
        levels: what belongs to each level.
        person: whom.
        measured: what was measured of them, as far back as the first look goes.
        known: how their weeks were judged before, each once.
        week: the Monday of the newest week there is.
        go_live: their first day with the CRM; weeks that began before it are not judged.

    """
    first = judged_from(go_live)
    if first is None or week < first:
        return []
    had = {one.week: one for one in known if one.week <= week}
    begun = [*had, *(w for w, found in measured.items() if found and w <= week)]
    if not begun:
        return []
    back = LAST if had else FIRST_LOOK
    then = max(first, min(begun), week - (back - 1) * WEEK)
    own = [levels.own(person, n) for n in LEVELS]
    new: list[Judged] = []
    while then <= week:
        before = had.get(then)
        one = _judged(own, person, measured, had, then)
        if one != before:
            had[then] = one
            new.append(one)
        then += WEEK
    return new


def _judged(
    own: Sequence[Sequence[Goal]],
    person: Person,
    measured: Weeks,
    had: Mapping[date, Judged],
    week: date,
) -> Judged:
    before, of = had.get(week), fingerprint(measured, week)
    if before is not None and before.of == of:
        verdicts = before.verdicts
    else:
        away = absent(person, week) or (before is not None and "away" in before.verdicts)
        verdicts = _verdicts(own, measured, week, away=away)
    this = Judged(person.id, week, 0, verdicts, of)
    held = level_before(had.values(), week)
    weeks = {**had, week: this}
    found = max((n for n in LEVELS if holds(weeks, week, n, held=held >= n)), default=0)
    return Judged(person.id, week, found, verdicts, of)


def holds(weeks: Mapping[date, Judged], week: date, level: int, *, held: bool) -> bool:
    """Say whether a level is held after a week.

    A week that failed counts against a level only if it was held when the week began, so that
    nobody loses one without having been warned.
    """
    last = [one for n in range(LAST) if (one := weeks.get(week - n * WEEK))]
    if sum(one.verdict(level) == "met" for one in last) >= NEEDED:
        return True
    return held and failures(weeks.values(), week, level) < TOO_MANY


def failures(weeks: Iterable[Judged], week: date, level: int) -> int:
    """Count the last four weeks that failed a level, as far as it was held without a break."""
    all_ = list(weeks)
    last = [one for one in all_ if week - LAST * WEEK < one.week <= week]
    found = 0
    for one in sorted(last, key=lambda one: one.week, reverse=True):
        if level_before(all_, one.week) < level:
            break
        found += one.verdict(level) == "failed"
    return found


def level_before(weeks: Iterable[Judged], week: date) -> int:
    """Return the level that was held when a week began."""
    newest = max((one for one in weeks if one.week < week), key=lambda o: o.week, default=None)
    return newest.level if newest else 0


def warned(weeks: Iterable[Judged], week: date) -> bool:
    """Say whether a week is the first that failed a level which is still held."""
    all_ = list(weeks)
    this = next((one for one in all_ if one.week == week), None)
    if this is None or not this.level or this.level != level_before(all_, week):
        return False
    return this.verdict(this.level) == "failed"


def below_compliant(weeks: Iterable[Judged]) -> bool:
    """Say whether measured use is below the first level for two periods in a row (rule 6).

    Weeks that could not be judged, and those with an absence, are no periods.
    """
    telling = [
        one.verdict(LEVELS[0])
        for one in sorted(weeks, key=lambda one: one.week)
        if one.verdict(LEVELS[0]) in {"met", "failed"}
    ]
    return telling[-TOO_MANY:] == ["failed"] * TOO_MANY


def fingerprint(measured: Weeks, week: date) -> str:
    """Return a word for what was measured of a week, and of those that its goals look back on."""
    told = [
        f"{n} {metric} {value!r}"
        for n in range(LONGEST)
        for metric, value in sorted(measured.get(week - n * WEEK, {}).items())
    ]
    return blake2b("\n".join(told).encode(), digest_size=8).hexdigest() if told else ""


def by_week(uses: Iterable[Use]) -> dict[str, dict[date, Mapping[Metric, float]]]:
    """Return what was measured, by person and week."""
    found: dict[str, dict[date, Mapping[Metric, float]]] = {}
    for use in uses:
        found.setdefault(use.person, {})[use.week] = use.values
    return found
