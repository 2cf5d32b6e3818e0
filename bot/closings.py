"""Freeze the numbers about groups, once a week is over: after that nothing changes them.

Each measure is a transaction of its own, so that a crash loses nothing that was kept and repeats
nothing. What is read and worked out before it holds up nobody; if somebody else closes the same
meanwhile, theirs counts. Weeks in which nobody was awake are not made up for: what was true then
is not known any more.
"""

import asyncio
import hmac
from collections.abc import Callable, Collection, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import date, datetime
from random import Random
from typing import Protocol

import structlog

from bot.organisation import Organisation
from nudges.adkar import Answer, BarrierName
from nudges.adoption import Fetch, Metric, Use
from nudges.belief import Belief, belief_in
from nudges.group import (
    BARRIER,
    CAME_BACK,
    LEVEL,
    MANAGERS,
    MEASURES,
    REACH,
    RESPONSE,
    SHADOW,
    WEEK,
    Frozen,
    Measure,
    Member,
    Past,
    Teams,
    due,
    freeze,
    segments_of,
    steady,
    teams_of,
    week_over,
)
from nudges.levels import Walk
from nudges.measured import (
    ABOUT_MANAGERS,
    FROM_USE,
    about_managers,
    barriers,
    levels,
    reached,
    responses,
    tapped_through,
    used,
)
from nudges.programme import Programme
from nudges.release import FLOOR, Value
from nudges.schedule import pulse_of_week
from nudges.shadow import Place, came_back, counted_between, kept

log = structlog.get_logger()


class ClosingsWork(Protocol):
    """The part of a transaction that closings need."""

    async def programme(self, *, hold: bool = False) -> Programme:
        """Return the change programme; ``hold`` keeps others from holding it."""
        ...

    async def everybody(self) -> list[Member]:
        """Return everybody, also who left."""
        ...

    async def measured(self, pulse: str) -> bool:
        """Say whether anything was measured yet: a pulse sent, an answer kept or use told."""
        ...

    async def responded(self, pulse: str) -> dict[str, bool]:
        """Return everybody who was asked a pulse, and whether they answered."""
        ...

    async def reached(self, week: date) -> dict[str, bool]:
        """Return everybody who was sent a message about the change, and whether they got it."""
        ...

    async def stands_known(self) -> bool:
        """Say whether everybody's barrier follows from all that they answered."""
        ...

    async def stands(self, now: datetime) -> dict[str, tuple[BarrierName, BarrierName]]:
        """Return everybody's barrier before the go-live, and the one from then on."""
        ...

    async def quick_ones(self, now: datetime) -> dict[str, list[Answer]]:
        """Return the answers of everybody who may have tapped through."""
        ...

    async def answers_about(
        self, questions: Collection[str], now: datetime
    ) -> dict[str, list[Answer]]:
        """Return what everybody answered to some questions lately."""
        ...

    async def walk(self) -> Walk | None:
        """Return how far the judging of weeks is."""
        ...

    async def levels_as_of(
        self, week: date, persons: Collection[str] | None = None
    ) -> Mapping[str, int]:
        """Return the level that people held after a week."""
        ...

    async def usage_of(
        self, persons: Collection[str] | None, since: date, until: date
    ) -> list[Use]:
        """Return what people did in the CRM, or everybody."""
        ...

    async def is_told(self, metric: Metric, week: date) -> bool:
        """Say whether anything was told of a metric in a week."""
        ...

    async def usage_weeks(self, since: date, source: str | None = None) -> list[Fetch]:
        """Return how far we are with fetching the weeks from a day on."""
        ...

    async def closed_weeks(self) -> dict[str, tuple[date, date | None]]:
        """Return when each measure of every week was closed last, and last told anything."""
        ...

    async def senders_judged(self, now: datetime) -> list[str]:
        """Return of which senders enough people said whether they believe them."""
        ...

    async def beliefs_about(self, sender: str, now: datetime) -> dict[str, Belief]:
        """Return whether people believe a sender, by who said so."""
        ...

    async def shadows_between(self, since: datetime, until: datetime) -> list[tuple[str, Place]]:
        """Return who said where they kept things in a time, earliest first."""
        ...

    async def back_between(self, since: datetime, until: datetime) -> list[tuple[str, bool]]:
        """Return who said in a time whether they came back, earliest first."""
        ...

    async def past(self, measure: str, now: datetime) -> Past:
        """Return what was told of a measure before."""
        ...

    async def keep_closing(
        self, frozen: Frozen, week: date, floor: int, past: Past, now: datetime
    ) -> bool:
        """Keep a closing; False if somebody closed the measure since."""
        ...


class ClosingsStore(Protocol):
    """The store, as closings need it."""

    def read(self) -> AbstractAsyncContextManager[ClosingsWork]:
        """Begin a transaction that only reads."""
        ...

    def write(self) -> AbstractAsyncContextManager[ClosingsWork]:
        """Begin a transaction that writes."""
        ...


@dataclass(frozen=True, slots=True)
class _Read:
    """What a closing is worked out from."""

    teams: Teams
    values: dict[str, Value]
    past: Past


def keyed(secret: bytes) -> Callable[[str], Callable[[], float]]:
    """Return dice that only who has the secret can foresee, the same ones for the same period."""

    def dice(period: str) -> Callable[[], float]:
        seed = hmac.digest(secret, f"joins:{period}".encode(), "sha256")
        return Random(seed).random  # noqa: S311 - what it is seeded with cannot be guessed

    return dice


class Closings:
    """Freeze what is measured of groups.

    Args:
        store: where everything is kept.
        clock: what time it is.
        organisation: the questions.
        floor: of how few people a number may be at least; another one counts from the next
            period on.
        dice: returns what throws dice for a period, the same throws whenever it is tried again.
        seen: is told of every closing that was kept.

    """

    def __init__(  # noqa: PLR0913 - what differs from house to house
        self,
        store: ClosingsStore,
        clock: Callable[[], datetime],
        organisation: Organisation,
        floor: int = FLOOR,
        *,
        dice: Callable[[str], Callable[[], float]] = lambda _period: steady,
        seen: Callable[[Frozen, date], None] = lambda _frozen, _week: None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._organisation = organisation
        self._floor = max(floor, FLOOR)
        self._dice = dice
        self._seen = seen

    async def round(self) -> int:
        """Close what is due; returns how many measures that were."""
        now = self._clock()
        week, closed = week_over(now), 0
        async with self._store.read() as work:
            weeks = await work.closed_weeks()
            begun = any(measure.name in weeks for measure in MEASURES)
            # before there is anything to tell of nobody is to get an empty digest
            begun = begun or await work.measured(pulse_of_week(week))
            judged = await work.senders_judged(now)
        for measure in (*(MEASURES if begun else ()), *map(belief_in, judged)):
            last, told = weeks.get(measure.name, (None, None))
            if (last is None or last < week) and due(measure, week, told):
                closed += await self._close(measure, week, now)
        return closed

    async def _close(self, measure: Measure, week: date, now: datetime) -> bool:
        async with self._store.read() as work:
            if not await _ready(work, measure, week):
                return False
            found = await self._read(work, measure, week, now)
        chance = self._dice(f"{measure.name}:{week}")
        frozen = await asyncio.to_thread(
            lambda: freeze(
                measure,
                found.teams,
                found.values,
                found.past.ledger,
                self._floor,
                chance=chance,
            )
        )
        async with self._store.write() as work:
            await work.programme(hold=True)
            kept = await work.keep_closing(frozen, week, self._floor, found.past, now)
        if kept:
            log.info("group.closed", measure=measure.name, week=week.isoformat())
            self._seen(frozen, week)
        return kept

    async def _read(self, work: ClosingsWork, measure: Measure, week: date, now: datetime) -> _Read:
        members = await work.everybody()
        past = await work.past(measure.name, now)
        values: dict[str, Value] = {}
        if measure is RESPONSE:
            values |= responses(await work.responded(pulse_of_week(week)))
        elif measure is BARRIER:
            suspects = tapped_through(members, await work.quick_ones(now))
            stands, programme = await work.stands(now), await work.programme()
            values |= barriers(members, stands, suspects, programme, now)
        elif measure is MANAGERS:
            said = await work.answers_about(ABOUT_MANAGERS, now)
            values |= about_managers(members, said, self._organisation.library().bank, now)
        elif measure is LEVEL:
            values |= levels(members, await work.levels_as_of(week))
        elif measure is REACH:
            values |= reached(await work.reached(week))
        elif measure is SHADOW:
            values |= kept(await work.shadows_between(*counted_between(week)))
        elif measure is CAME_BACK:
            values |= came_back(await work.back_between(*counted_between(week)))
        elif measure.about:
            values |= await work.beliefs_about(measure.about, now)
        else:
            values |= used(measure, await work.usage_of(None, week, week + WEEK))
        return _Read(segments_of(members) if measure.about else teams_of(members), values, past)


async def _ready(work: ClosingsWork, measure: Measure, week: date) -> bool:
    """Say whether all is there that a measure is made of; if not, it is looked for again."""
    if measure is BARRIER:
        return await work.stands_known()
    if measure is LEVEL:
        walk = await work.walk()
        return walk is None or (walk.done and walk.week >= week)
    metric = FROM_USE.get(measure)
    if metric is None:
        return True
    fetches = [fetch for fetch in await work.usage_weeks(week) if fetch.week == week]
    whole = not fetches or any(metric in fetch.whole for fetch in fetches)
    return whole and await work.is_told(metric, week)
