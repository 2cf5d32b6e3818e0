"""Let programs read released numbers, and note each of them in the ledger before it leaves."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import date, datetime
from typing import Protocol

from nudges.access import Access, named
from nudges.open_numbers import Page, Wanted


class ReadingWork(Protocol):
    """The part of a transaction that reading needs."""

    async def access(self, name: str) -> Access | None:
        """Return what is known of a program."""
        ...

    async def note_used(self, name: str, day: date) -> None:
        """Note the day on which a program read last."""
        ...

    async def open_numbers(self, wanted: Wanted, viewer: str, now: datetime) -> Page:
        """Return numbers, and note that they were shown."""
        ...

    async def open_weeks(self, viewer: str, now: datetime) -> list[tuple[date, tuple[str, ...]]]:
        """Return the weeks of which there are numbers."""
        ...


class ReadingStore(Protocol):
    """The store, as reading needs it."""

    def read(self) -> AbstractAsyncContextManager[ReadingWork]:
        """Begin a transaction that only reads."""
        ...

    def write(self) -> AbstractAsyncContextManager[ReadingWork]:
        """Begin a transaction that writes."""
        ...


class Reading:
    """Let programs read; what they were shown is committed before they hear of it."""

    def __init__(self, store: ReadingStore, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock

    async def known(self, key: str) -> Access | None:
        """Return whose key this is; None for one that is not good."""
        if (name := named(key)) is None:
            return None
        async with self._store.read() as work:
            found = await work.access(name)
        return found if found and found.opened_by(key) and found.live(self._clock()) else None

    async def numbers(self, access: Access, wanted: Wanted) -> Page:
        """Return numbers, and note that they were shown."""
        now = self._clock()
        async with self._store.write() as work:
            await work.note_used(access.name, now.date())
            return await work.open_numbers(wanted, access.viewer, now)

    async def weeks(self, access: Access) -> list[tuple[date, tuple[str, ...]]]:
        """Return the weeks of which there are numbers, and note that these were shown."""
        now = self._clock()
        async with self._store.write() as work:
            await work.note_used(access.name, now.date())
            return await work.open_weeks(access.viewer, now)
