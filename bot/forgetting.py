"""Forget who asked for it once their last message has left, and whom a backup brought back."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol

import structlog

from nudges.forgetting import FAREWELL

THEMSELVES, A_BACKUP = "themselves", "a backup"
"""Who has somebody erased, in the audit log, which does not say who that was."""
log = structlog.get_logger()


class ForgettingWork(Protocol):
    """The part of a transaction that forgetting needs."""

    async def to_forget(self, before: datetime) -> list[str]:
        """Return who is to be forgotten now."""
        ...

    async def returned(self, after: str) -> tuple[list[str], str]:
        """Return who is here again although they are to stay forgotten, of a page of people."""
        ...

    async def erase(self, person: str, by: str, now: datetime) -> bool:
        """Erase all that is kept of somebody."""
        ...


class ForgettingStore(Protocol):
    """The store, as forgetting needs it."""

    def read(self) -> AbstractAsyncContextManager[ForgettingWork]:
        """Begin a transaction that only reads."""
        ...

    def write(self) -> AbstractAsyncContextManager[ForgettingWork]:
        """Begin a transaction that writes."""
        ...


class Forgetting:
    """Forget people as time goes by."""

    def __init__(self, store: ForgettingStore, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock

    async def round(self) -> int:
        """Erase all that is kept of who asked for it; returns how many that were."""
        async with self._store.read() as work:
            asked = await work.to_forget(self._clock() - FAREWELL)
        return await self._erase(asked, THEMSELVES)

    async def again(self) -> int:
        """Erase whom a backup brought back; returns how many that were."""
        done, after = 0, ""
        while True:
            async with self._store.read() as work:
                back, after = await work.returned(after)
            done += await self._erase(back, A_BACKUP)
            if not after:
                return done

    async def _erase(self, persons: Sequence[str], why: str) -> int:
        done = 0
        for person in persons:
            async with self._store.write() as work:
                done += await work.erase(person, why, self._clock())
        if done:
            log.info("forgetting.done", people=done, why=why)
        return done
