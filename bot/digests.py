"""The digests of a week, queued: the numbers as they were frozen, each in its reader's own morning.

A digest is made when its reader's Monday has come and last week is closed. Its numbers are written
into it, and in the same step who was shown them; asked for again, it is the same. Two tickers, one
that was killed or one that slept queue it once.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

import structlog

from bot.organisation import Organisation
from bot.silence import HeardWork, silences
from nudges.activities import UNKNOWN, Known, phase_of
from nudges.adoption import week_of
from nudges.colleague import Referral
from nudges.decay import OVER, decay
from nudges.delivery import Delivery, Priority
from nudges.digest import FOR, SAYS, Gone, Result, View, occasion, sum_up
from nudges.digest import Organisation as Upwards
from nudges.digest_numbers import numbers
from nudges.group import ACTIVE, MEASURES, RESPONSE, WEEK, Figure
from nudges.hours import at_work, first_morning, local_day, next_work
from nudges.people import Person
from nudges.programme import Programme
from nudges.release import TOP, Unit
from nudges.roles import Role
from nudges.voice import OPEN, State, Wanted

PART = 200
"""How many digests are queued in one transaction."""
CHANNEL = "digest"
log = structlog.get_logger()


class DigestsWork(HeardWork, Protocol):
    """The part of a transaction that digests need."""

    async def programme(self, *, hold: bool = False) -> Programme:
        """Return the change programme; ``hold`` keeps others from holding it."""
        ...

    async def holders(self, roles: Iterable[Role]) -> list[Person]:
        """Return who holds one of these roles."""
        ...

    async def leading(self, persons: Collection[str]) -> set[str]:
        """Return which of these people somebody reports to."""
        ...

    async def closed_weeks(self) -> dict[str, tuple[date, date | None]]:
        """Return the last week each measure was closed after."""
        ...

    async def figures_of(
        self, units: Collection[Unit], measures: Collection[str]
    ) -> dict[Unit, dict[str, tuple[Figure, ...]]]:
        """Return the last few figures that the heads of teams are told."""
        ...

    async def occasions_of(
        self, occasions: Collection[str], persons: Collection[str]
    ) -> set[tuple[str, str]]:
        """Return which of these occasions were queued for which of these people."""
        ...

    async def had_before(self, subject: str, persons: Collection[str]) -> set[str]:
        """Return who ever got something about a subject."""
        ...

    async def told_since(
        self, units: Collection[Unit], measure: str, since: date
    ) -> dict[Unit, tuple[Figure, ...]]:
        """Return what the heads of teams were told of a measure since a week, oldest first."""
        ...

    async def gone(self, since: datetime) -> list[tuple[str, str]]:
        """Return the role and the team of who left a role behind, as it was noted since then."""
        ...

    async def known(self, persons: Iterable[str]) -> dict[str, Known]:
        """Return what is known of each person's activities."""
        ...

    async def referrals_for(self, person: str, *, every: bool) -> list[Referral]:
        """Return the questions to colleagues that wait."""
        ...

    async def voice_counts(self, wanted: Wanted) -> Mapping[State, int]:
        """Count what people raised, in each state."""
        ...

    async def plan(self, wanted: Sequence[Delivery]) -> None:
        """Queue what was planned; what was planned before is not queued again."""
        ...

    async def note_shown(
        self, seen: Mapping[str, Iterable[int]], channel: str, now: datetime
    ) -> None:
        """Note who was shown which numbers."""
        ...


class DigestsStore(Protocol):
    """The store, as digests need it."""

    def read(self) -> AbstractAsyncContextManager[DigestsWork]:
        """Begin a transaction that only reads."""
        ...

    def write(self) -> AbstractAsyncContextManager[DigestsWork]:
        """Begin a transaction that writes."""
        ...


@dataclass(frozen=True, slots=True)
class _Reader:
    """Somebody whose digest is due: of which week, about whom, and when they get it."""

    person: Person
    view: View
    week: date
    due: datetime

    @property
    def occasion(self) -> str:
        return occasion(self.week.isoformat(), self.view)

    @property
    def unit(self) -> Unit:
        return self.person.id if self.view == "team" else TOP


class Digests:
    """Queue what managers, sponsors and the CRM team read on Monday."""

    def __init__(
        self,
        store: DigestsStore,
        clock: Callable[[], datetime],
        organisation: Organisation,
        leaving: Callable[[], None],
    ) -> None:
        self._store = store
        self._clock = clock
        self._organisation = organisation
        self._leaving = leaving

    async def round(self) -> int:
        """Queue the digests whose time has come; returns how many that were."""
        async with self._store.read() as work:
            wanted = await _wanted(work, self._clock())
        queued = 0
        for start in range(0, len(wanted), PART):
            async with self._store.write() as work:
                queued += await self._queue(work, wanted[start : start + PART])
        if queued:
            log.info("digests.queued", many=queued)
            self._leaving()
        return queued

    async def _queue(self, work: DigestsWork, some: Sequence[_Reader]) -> int:
        """Queue some digests, and note in the same step who was shown which numbers."""
        programme, now = await work.programme(hold=True), self._clock()
        fresh = await _without(work, some)
        if not fresh:
            return 0
        persons = {one.person.id for one in fresh}
        found = await work.figures_of({one.unit for one in fresh}, [m.name for m in MEASURES])
        known = await work.known(persons)
        before = await work.had_before(CHANNEL, persons)
        above = {o.week for o in fresh if _up(o)}
        upwards = {week: await _upwards(work, programme, week, now) for week in above}
        seen: dict[str, set[int]] = {}
        told: list[Delivery] = []
        for one in fresh:
            figures = numbers(found.get(one.unit, {}), one.week)
            note = sum_up(
                one.person,
                one.week,
                one.view,
                figures.lines,
                figures.missing,
                activities=self._organisation.library().activities,
                known=known.get(one.person.id, UNKNOWN),
                phase=phase_of(programme, one.person, now),
                day=local_day(one.person, one.due),
                first=one.person.id not in before,
                organisation=upwards[one.week].told if _up(one) else None,
            )
            mine = seen.setdefault(one.person.id, set())
            mine.update(figures.cells, upwards[one.week].cells if _up(one) else ())
            told.append(Delivery(one.occasion, one.person.id, note, Priority.INTERACTIVE, one.due))
        await work.plan(told)
        await work.note_shown(seen, CHANNEL, now)
        return len(told)


def _up(one: _Reader) -> bool:
    return one.view == "organisation"


async def _wanted(work: DigestsWork, now: datetime) -> list[_Reader]:
    """Return whose digest is due, and not queued yet."""
    closed, _ = (await work.closed_weeks()).get(RESPONSE.name, (None, None))
    if closed is None:
        return []
    people = [p for p in await work.holders(FOR["team"] | FOR["organisation"]) if not p.stopped]
    leads = await work.leading([p.id for p in people if Role.MANAGER in p.roles])
    found: list[_Reader] = []
    for person in people:
        monday = week_of(local_day(person, now))
        if closed != monday - WEEK or first_morning(person, monday) > now:
            continue
        due = now if at_work(person, now) else next_work(person, now)
        if week_of(local_day(person, due)) != monday:
            continue  # the next one would come on the same day
        if person.id in leads:
            found.append(_Reader(person, "team", closed, due))
        if FOR["organisation"] & person.roles:
            found.append(_Reader(person, "organisation", closed, due))
    return await _without(work, found)


async def _without(work: DigestsWork, some: Sequence[_Reader]) -> list[_Reader]:
    """Leave out what is queued already."""
    if not some:
        return []
    there = await work.occasions_of({o.occasion for o in some}, {o.person.id for o in some})
    return [one for one in some if (one.occasion, one.person.id) not in there]


@dataclass(frozen=True, slots=True)
class _Upwards:
    """What one level up hears besides the numbers, and which other numbers it is made of."""

    told: Upwards
    cells: tuple[int, ...] = ()


async def _upwards(work: DigestsWork, programme: Programme, week: date, now: datetime) -> _Upwards:
    """Return what one level up hears besides the numbers of a week."""
    results = tuple(
        Result(place, *outcome.latest)
        for place, outcome in enumerate(programme.outcomes)
        if outcome.latest
    )
    found = await silences(work, now, programme.segments) if programme.segments else {}
    quiet = sorted((s.segment, s.days) for s in found.values() if s.quiet and s.days is not None)
    waiting = [one for one in await work.referrals_for("", every=True) if one.state == "open"]
    left = await work.gone(now - WEEK)
    gone = tuple(Gone("sponsor" if r == Role.SPONSOR else "champion", team) for r, team in left)
    figures = (await work.told_since([TOP], ACTIVE.name, week - OVER)).get(TOP, ())
    active = {f.week: f.told.share(SAYS["active"]) for f in figures if f.told}
    lives = [s.go_live for s in programme.segments.values() if s.go_live]
    down = decay(active, week, min(lives, default=None))
    cells = tuple(f.cell for f in figures if down and f.week in {week - OVER, week})
    stops = await work.voice_counts(Wanted(kind="blocker"))
    blockers = sum(stops.get(state, 0) for state in OPEN)
    told = Upwards(results, tuple(quiet), len(waiting), gone, down, blockers)
    return _Upwards(told, cells)
