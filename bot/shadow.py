"""Where people keep things, asked by the clock: each week another part of those who have started.

A walk goes past people in parts and is noted with what it queued, so that two tickers, or one that
was killed, ask nobody twice. Whether it still fits is looked at once more before it is sent.
"""

from collections.abc import Callable, Collection
from contextlib import AbstractAsyncContextManager
from datetime import date, datetime
from typing import Protocol

import structlog

from bot.competitions import PART, WalkWork
from nudges.programme import Programme
from nudges.shadow import Came, in_turn, occasion, plan, started, week_at

log = structlog.get_logger()


class ShadowWork(WalkWork, Protocol):
    """The part of a transaction that asking needs."""

    async def programme(self) -> Programme:
        """Return the change programme."""
        ...

    async def shadow_came(self, persons: Collection[str]) -> dict[str, list[Came]]:
        """Return when these people were asked before."""
        ...


class ShadowStore(Protocol):
    """The store, as asking needs it."""

    def read(self) -> AbstractAsyncContextManager[ShadowWork]:
        """Begin a transaction that only reads."""
        ...

    def write(self) -> AbstractAsyncContextManager[ShadowWork]:
        """Begin a transaction that writes."""
        ...


class Shadows:
    """Ask people where they keep things."""

    def __init__(
        self, store: ShadowStore, clock: Callable[[], datetime], leaving: Callable[[], None]
    ) -> None:
        self._store = store
        self._clock = clock
        self._leaving = leaving

    async def round(self) -> int:
        """Queue the questions of this week; returns how many."""
        week = week_at(self._clock())
        if week is None:
            return 0
        asked = 0
        while (some := await self._part(week)) is not None:
            asked += some
        if asked:
            log.info("shadow.asked", many=asked, week=week.isoformat())
            self._leaving()
        return asked

    async def _part(self, week: date) -> int | None:
        """Ask the next few people; None where nobody is left, or somebody else asks them."""
        name = occasion(week)
        async with self._store.read() as work:
            after, done = await work.merit_walk(name)
            programme = await work.programme()
            lives = {s.id: s.go_live for s in programme.segments.values()}
            segments = [one for one, live in lives.items() if started(live, week)]
            if done or not segments:
                return None
            ids = await work.people_of(segments, after, PART)
            found = await work.people(ids)
            turn = [person for person in found.values() if in_turn(person, week)]
            came = await work.shadow_came([person.id for person in turn])
        now = self._clock()
        planned = (plan(p, lives.get(p.segment), came.get(p.id, ()), week, now) for p in turn)
        wanted = [delivery for delivery in planned if delivery]
        async with self._store.write() as work:
            on = ids[-1] if ids else after
            if not await work.merit_walk_on(name, after, on, done=len(ids) < PART):
                return None  # somebody else is asking, and was quicker
            await work.plan(wanted)
        return len(wanted)
