"""Take out what is older than it may be kept: once a day, and at once where the days were changed.

Each table is gone through in parts, each a short transaction; where a program stops in between, it
begins with that table again.
"""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import date, datetime
from typing import Protocol

import structlog

from nudges.retention import Retention

PART = 500
"""So many rows at most go in one transaction."""
log = structlog.get_logger()


class Part(Protocol):
    """What a part of a sweep came to."""

    @property
    def gone(self) -> int:
        """Return how many rows went."""
        ...

    @property
    def after(self) -> int | None:
        """Return where the next part begins; None where the table is done."""
        ...


class SweepWork(Protocol):
    """The part of a transaction that sweeping needs."""

    async def retention(self) -> Retention:
        """Return for how many days answers are kept."""
        ...

    async def sweeps_due(self, day: date, days: int) -> list[str]:
        """Name the tables that were not swept on this day, with this retention."""
        ...

    async def sweep(self, name: str, now: datetime, days: int, most: int, after: int = 0) -> Part:
        """Delete some of a table's rows that are too old."""
        ...

    async def note_swept(self, name: str, day: date, days: int) -> None:
        """Note that a table is done for this day."""
        ...


class SweepStore(Protocol):
    """The store, as sweeping needs it."""

    def read(self) -> AbstractAsyncContextManager[SweepWork]:
        """Begin a transaction that only reads."""
        ...

    def write(self) -> AbstractAsyncContextManager[SweepWork]:
        """Begin a transaction that writes."""
        ...


class Sweeps:
    """Take out what is too old."""

    def __init__(
        self, store: SweepStore, clock: Callable[[], datetime], *, part: int = PART
    ) -> None:
        self._store = store
        self._clock = clock
        self._part = part

    async def round(self) -> int:
        """Sweep what was not swept today; returns how many rows went."""
        day = self._clock().date()
        async with self._store.read() as work:
            days = (await work.retention()).days
            due = await work.sweeps_due(day, days)
        gone = 0
        for name in due:
            went = await self._table(name, day, days)
            if went:
                log.info("retention.swept", table=name, rows=went, days=days)
            gone += went
        return gone

    async def _table(self, name: str, day: date, days: int) -> int:
        gone, after = 0, 0
        while True:
            async with self._store.write() as work:
                part = await work.sweep(name, self._clock(), days, self._part, after)
                gone += part.gone
                if part.after is None:
                    await work.note_swept(name, day, days)
                    return gone
                after = part.after
