"""Tips by the clock: at most one a week each, planned a batch at a time.

Who is due is found by an index, and moved on by whoever read them first: two tickers, or one after
a long sleep, plan one. What decides is read without holding up anyone; the last look before
sending decides again.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol

import structlog

from bot.organisation import Organisation
from bot.ticker import PUT_OFF
from nudges.calendar import get_ready
from nudges.delivery import Delivery
from nudges.programme import Programme
from nudges.tips import UNKNOWN, Known, TipsDue, first_look, plan, sinking, situation_of

BATCH = 500
NEW = 5000
"""How many new people are taken in by one transaction."""
log = structlog.get_logger()


class TipsWork(Protocol):
    """The part of a transaction that planning tips needs."""

    async def programme(self) -> Programme:
        """Return the change programme."""
        ...

    async def tips_due(self, now: datetime, limit: int, areas: Sequence[str]) -> list[TipsDue]:
        """Return people whose time for a tip has come."""
        ...

    async def tips_known(self, persons: Iterable[str]) -> dict[str, Known]:
        """Return which tips came to each person, and what they said of them."""
        ...

    async def tips_next(self, moved: Iterable[tuple[TipsDue, datetime]]) -> set[str]:
        """Note when people are looked at next; returns those nobody else moved meanwhile."""
        ...

    async def without_tips(self, limit: int) -> list[str]:
        """Return people who are not looked at for tips yet."""
        ...

    async def begin_tips(self, first: Mapping[str, datetime]) -> int:
        """Note when people are looked at first."""
        ...

    async def tip_votes(self) -> dict[str, tuple[int, int]]:
        """Count how many found each tip useful, and how many did not."""
        ...

    async def sunk_tips(self) -> list[str]:
        """Return the tips that are noted as found not useful."""
        ...

    async def sink_tips(self, tips: Sequence[str]) -> None:
        """Note which tips most found not useful, and no others."""
        ...

    async def plan(self, wanted: Sequence[Delivery]) -> None:
        """Queue what was planned; what was planned before is not queued again."""
        ...


class TipsStore(Protocol):
    """The store, as planning tips needs it."""

    def read(self) -> AbstractAsyncContextManager[TipsWork]:
        """Begin a transaction that only reads."""
        ...

    def write(self) -> AbstractAsyncContextManager[TipsWork]:
        """Begin a transaction that writes."""
        ...


class Tips:
    """Wake what people are due of tips."""

    def __init__(
        self,
        store: TipsStore,
        clock: Callable[[], datetime],
        organisation: Organisation,
        leaving: Callable[[], None],
    ) -> None:
        self._store = store
        self._clock = clock
        self._organisation = organisation
        self._leaving = leaving

    async def round(self) -> int:
        """Queue the tips that people are due; returns how many that were."""
        await asyncio.to_thread(get_ready)
        library, planned = self._organisation.library(), 0
        areas = sorted(q.id for q in library.bank.values() if q.kind == "area")
        while True:
            now = self._clock()
            async with self._store.read() as work:
                due = await work.tips_due(now, BATCH, areas)
                if not due:
                    return planned
                known = await work.tips_known(one.person.id for one in due)
                programme = await work.programme()
            decided = [
                (one, *self._decide(one, known.get(one.person.id, UNKNOWN), programme, now))
                for one in due
            ]
            async with self._store.write() as work:
                ours = await work.tips_next((one, again) for one, _, again in decided)
                wanted = [d for one, d, _ in decided if d and one.person.id in ours]
                await work.plan(wanted)
            planned += len(wanted)
            if wanted:
                self._leaving()
            if len(due) < BATCH:
                return planned

    def _decide(
        self, one: TipsDue, known: Known, programme: Programme, now: datetime
    ) -> tuple[Delivery | None, datetime]:
        """Plan one person; who cannot be planned is put off for a day, and holds up nobody."""
        library, person = self._organisation.library(), one.person
        try:
            go_live = programme.segment(person.segment).live_from(person.zone)
            where = situation_of(one, library.bank, go_live, now)
            return plan(library.tips.values(), person, known, where, now)
        except Exception:
            log.exception("tips.not_planned", person=person.id)
            return None, now + PUT_OFF

    async def hourly(self) -> int:
        """Take in who is new, and let sink what most found not useful; returns how many are new."""
        new = await self._take_in()
        async with self._store.read() as work:
            sunk = sinking(await work.tip_votes())
            if sunk == await work.sunk_tips():
                return new
        async with self._store.write() as work:
            await work.sink_tips(sunk)
        return new

    async def _take_in(self) -> int:
        """Look at new people within a week, spread over its days; returns how many there are."""
        taken = 0
        while True:
            now = self._clock()
            async with self._store.read() as work:
                some = await work.without_tips(NEW)
            if not some:
                return taken
            async with self._store.write() as work:
                taken += await work.begin_tips({who: first_look(who, now) for who in some})
            if len(some) < NEW:
                return taken
