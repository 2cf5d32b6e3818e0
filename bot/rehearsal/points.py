"""The points at which a program can die: around each transaction, commit and call to a platform.

A program that is told to kills or stops itself at its n-th point, as if somebody had pulled the
plug in that very moment. Between its last look at the clock and a call it is only killed: nothing
that a program does protects it from sleeping there, as little as from sleeping in the call.
"""

import os
import sqlite3
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from signal import Signals
from typing import Any

from sqlalchemy import text

from adapters.store.database import Store, Work
from bot.carrier import Channel
from dialogs.card import Card
from nudges.address import Address
from nudges.delivery import Outcome


@dataclass(eq=False)
class Points:
    """Count points, and die at one of them.

    Attributes:
        at: the point to die at; 0 is none.
        signal: SIGKILL to die, SIGSTOP to be stopped until somebody wakes us.
        note: where the name of the fatal point is written, for whoever looks into it.

    """

    at: int
    signal: Signals
    note: Path
    passed: int = 0

    def point(self, name: str) -> None:
        """Pass a point."""
        self.passed += 1
        if self.passed == self.at:
            self.note.write_text(f"point {self.at}, {name}")
            os.kill(os.getpid(), self.signal)


class PointedStore(Store):
    """The store, with a point on either side of each commit."""

    points: Points = Points(0, Signals.SIGKILL, Path())
    """None, while a store is being opened."""

    @asynccontextmanager
    async def write(self) -> AsyncGenerator[Work]:
        """Begin a transaction that writes."""
        async with self._pointed("transaction", super().write()) as work:
            yield work

    @asynccontextmanager
    async def once(self) -> AsyncGenerator[Work]:
        """Begin a transaction of one statement that writes."""
        async with self._pointed("statement", super().once()) as work:
            yield work

    async def pragma(self, setting: str) -> None:
        """Set something on the connection that writes to SQLite, outside any transaction."""

        def set_it(lite: sqlite3.Connection) -> None:
            lite.execute(f"PRAGMA {setting}")

        async with self._line, self._writer.connect() as connection:
            driver: Any = (await connection.get_raw_connection()).driver_connection
            await driver.run(set_it)

    async def pages(self) -> int:
        """Return how large an SQLite database is, in pages."""
        async with super().write() as work:
            return await work.connection.scalar(text("PRAGMA page_count")) or 0

    @asynccontextmanager
    async def _pointed(
        self, name: str, transaction: AbstractAsyncContextManager[Work]
    ) -> AsyncGenerator[Work]:
        self.points.point(f"before a {name}")
        async with transaction as work:
            yield work
            self.points.point(f"before the commit of a {name}")
        self.points.point(f"after the commit of a {name}")


@dataclass(frozen=True, slots=True)
class PointedChannel:
    """A platform, with a point on either side of each call."""

    inner: Channel
    points: Points

    def draw(self, card: Card, token: str) -> str:
        """Draw a card."""
        return self.inner.draw(card, token)

    async def post(self, to: Address, payload: str, mark: str) -> Outcome:
        """Send a new message."""
        return await self._called("post", lambda: self.inner.post(to, payload, mark))

    async def replace(self, to: Address, ref: str, payload: str) -> Outcome:
        """Replace a message."""
        return await self._called("replace", lambda: self.inner.replace(to, ref, payload))

    async def remove(self, to: Address, ref: str) -> Outcome:
        """Take a message back."""
        return await self._called("remove", lambda: self.inner.remove(to, ref))

    async def find(self, to: Address, mark: str) -> Outcome | None:
        """Look whether a message arrived."""
        return await self._called("find", lambda: self.inner.find(to, mark))

    async def _called(self, name: str, call: Callable[[], Awaitable[Any]]) -> Any:  # noqa: ANN401 - whatever it returns
        if self.points.signal is Signals.SIGKILL:  # who sleeps from here on looked at the clock
            self.points.point(f"before {name}")
        outcome = await call()
        self.points.point(f"after {name}")
        return outcome
