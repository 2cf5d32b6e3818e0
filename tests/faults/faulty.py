"""A store and a channel with a fault in them: at one chosen point they stop, or fail once.

``Faults`` counts every point at which a program can die: before a transaction, before and after
each statement in it, before and after its commit, and before and after the platform is called.
A program that stops there does nothing more, as if the power had gone: whatever it calls from
then on never returns.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from contextlib import asynccontextmanager, contextmanager
from typing import Any, Literal, cast

from adapters.store.database import Store, Work
from dialogs.card import Card
from nudges.address import Address
from nudges.delivery import Outcome, Unknown, Wait
from tests.clock import Clock
from tests.desk import Notebook

How = Literal["never", "stop", "fail"]


class Faults:
    """Where a program breaks, and how."""

    def __init__(self, at: int = 0, how: How = "never") -> None:
        self.at = at
        self.how: How = how
        self.points: list[str] = []
        self.dead = asyncio.Event()
        self._busy = 0
        self._idle = asyncio.Event()
        self._idle.set()

    async def point(self, name: str) -> bool:
        """Pass a point; returns whether it is the one that fails."""
        if self.dead.is_set():
            await asyncio.Event().wait()
        self.points.append(name)
        if len(self.points) != self.at or self.how == "never":
            return False
        if self.how == "stop":
            self.dead.set()
            await asyncio.Event().wait()
        return True

    async def store(self, name: str) -> None:
        """Pass a point in the store."""
        if await self.point(name):
            message = f"no database at {name}"
            raise OSError(message)

    @contextmanager
    def working(self) -> Generator[None]:
        """Tell that the database is at work, which is not to be interrupted by a test."""
        self._busy += 1
        self._idle.clear()
        try:
            yield
        finally:
            self._busy -= 1
            if not self._busy:
                self._idle.set()

    async def idle(self) -> None:
        await self._idle.wait()


class FaultyStore:
    """A store that breaks where it is told to; what it kept it keeps."""

    def __init__(self, inner: Store, faults: Faults) -> None:
        self._inner = inner
        self._faults = faults

    @asynccontextmanager
    async def write(self) -> AsyncGenerator[Work]:
        await self._faults.store("before a transaction")
        async with self._inner.write() as work:
            yield cast("Work", FaultyWork(work, self._faults))
            await self._faults.store("before the commit")
        await self._faults.store("after the commit")

    @asynccontextmanager
    async def once(self) -> AsyncGenerator[Work]:
        await self._faults.store("before a transaction")
        async with self._inner.once() as work:
            yield cast("Work", FaultyWork(work, self._faults))
        await self._faults.store("after the commit")

    @asynccontextmanager
    async def read(self) -> AsyncGenerator[Work]:
        await self._faults.store("before reading")
        async with self._inner.read() as work:
            yield cast("Work", FaultyWork(work, self._faults))

    async def close(self) -> None:
        """Keep the inner store open, for the program that is started next."""


class FaultyWork:
    """A transaction that breaks at one of its statements."""

    def __init__(self, inner: Work, faults: Faults) -> None:
        self._inner = inner
        self._faults = faults

    def __getattr__(self, name: str) -> Callable[..., Awaitable[Any]]:
        method = getattr(self._inner, name)

        async def statement(*given: object, **named: object) -> object:
            await self._faults.store(f"before {name}")
            with self._faults.working():
                return await method(*given, **named)

        return statement


class FaultyChannel:
    """A platform that cannot be reached once, or whose answer is lost once.

    ``tells`` says whether it can be asked later if a message arrived (Slack), or not (Teams).
    """

    def __init__(self, inner: Notebook, faults: Faults, clock: Clock, *, tells: bool) -> None:
        self._inner = inner
        self._faults = faults
        self._clock = clock
        self._tells = tells

    def draw(self, card: Card, token: str) -> str:
        return self._inner.draw(card, token)

    async def post(self, to: Address, payload: str, mark: str) -> Outcome:
        return await self._called("post", lambda: self._inner.post(to, payload, mark))

    async def replace(self, to: Address, ref: str, payload: str) -> Outcome:
        return await self._called("replace", lambda: self._inner.replace(to, ref, payload))

    async def remove(self, to: Address, ref: str) -> Outcome:
        return await self._called("remove", lambda: self._inner.remove(to, ref))

    async def find(self, to: Address, mark: str) -> Outcome | None:
        await self._faults.point("before find")
        if not self._tells:
            return Unknown("this platform cannot tell")
        return await self._inner.find(to, mark)

    async def _called(self, name: str, call: Callable[[], Awaitable[Outcome]]) -> Outcome:
        if await self._faults.point(f"before {name}"):
            return Wait(self._clock(), "too many requests")
        outcome = await call()
        if await self._faults.point(f"after {name}"):
            return Unknown("the answer was cut off")
        return outcome
