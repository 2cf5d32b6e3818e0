"""Time that passes only when nothing else happens: hours of pace in seconds."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import heappop, heappush
from itertools import count

from adapters.store.database import Store, Work
from tests.clock import MONDAY

QUIET = 6
"""Turns of the loop in which nothing may happen, for time to pass."""


@dataclass
class VirtualTime:
    """A clock whose sleepers are woken in order, each at its own moment."""

    now: datetime = MONDAY
    _sleepers: list[tuple[datetime, int, asyncio.Future[None]]] = field(default_factory=list)
    _order: "count[int]" = field(default_factory=count)
    busy: int = 0

    def __call__(self) -> datetime:
        return self.now

    async def sleep(self, seconds: float) -> None:
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        until = self.now + timedelta(seconds=seconds)
        heappush(self._sleepers, (until, next(self._order), future))
        await future

    async def pass_(self, seconds: float) -> None:
        """Let time pass, waking everybody on the way."""
        until = self.now + timedelta(seconds=seconds)
        while True:
            await self.quiet()
            if not self._sleepers or self._sleepers[0][0] > until:
                self.now = until
                return
            self.now, _, future = heappop(self._sleepers)
            if not future.done():
                future.set_result(None)

    async def quiet(self) -> None:
        """Wait until everybody sleeps."""
        still = 0
        while still < QUIET:
            await asyncio.sleep(0.0005 if self.busy else 0)
            still = 0 if self.busy else still + 1

    def watched(self, store: Store) -> "WatchedStore":
        return WatchedStore(store, self)


@dataclass
class WatchedStore:
    """A store during whose transactions no time passes."""

    inner: Store
    time: VirtualTime

    @asynccontextmanager
    async def write(self) -> AsyncGenerator[Work]:
        self.time.busy += 1
        try:
            async with self.inner.write() as work:
                yield work
        finally:
            self.time.busy -= 1

    @asynccontextmanager
    async def once(self) -> AsyncGenerator[Work]:
        self.time.busy += 1
        try:
            async with self.inner.once() as work:
                yield work
        finally:
            self.time.busy -= 1

    @asynccontextmanager
    async def read(self) -> AsyncGenerator[Work]:
        self.time.busy += 1
        try:
            async with self.inner.read() as work:
                yield work
        finally:
            self.time.busy -= 1

    async def close(self) -> None:
        await self.inner.close()
