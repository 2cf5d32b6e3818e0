"""Seal the audit log, a batch at a time, and say each seal in the program's own log, too.

Whoever takes away the newest rows together with their seals leaves a chain that holds; what was
said elsewhere still tells how far it went.
"""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from nudges.programme import Programme
from nudges.sealing import Seal, key_of

REST = timedelta(minutes=2)
"""So old is a row before it is sealed: no transaction takes that long, so none comes before it."""
BATCH = 500
"""So many rows at most in a seal."""
log = structlog.get_logger()


class SealsWork(Protocol):
    """The part of a transaction that sealing needs."""

    async def programme(self, *, hold: bool = False) -> Programme:
        """Return the change programme; ``hold`` keeps others from holding it."""
        ...

    async def audit_waits(self, before: datetime) -> bool:
        """Say whether there are rows from before a moment that are not sealed."""
        ...

    async def seal_audit(
        self, key: bytes, before: datetime, most: int, now: datetime
    ) -> Seal | None:
        """Seal the oldest rows from before a moment; None if there are none."""
        ...


class SealsStore(Protocol):
    """The store, as sealing needs it."""

    def read(self) -> AbstractAsyncContextManager[SealsWork]:
        """Begin a transaction that only reads."""
        ...

    def write(self) -> AbstractAsyncContextManager[SealsWork]:
        """Begin a transaction that writes."""
        ...


class Seals:
    """Seal the audit log as time goes by."""

    def __init__(self, store: SealsStore, clock: Callable[[], datetime], secret: bytes) -> None:
        self._store = store
        self._clock = clock
        self._key = key_of(secret)

    async def round(self) -> int:
        """Seal what has rested; returns how many rows."""
        sealed = 0
        while True:
            now = self._clock()
            async with self._store.read() as work:
                if not await work.audit_waits(now - REST):
                    return sealed
            async with self._store.write() as work:
                await work.programme(hold=True)
                seal = await work.seal_audit(self._key, now - REST, BATCH, now)
            if seal is None:
                return sealed
            sealed += seal.rows
            log.info("audit.sealed", number=seal.number, rows=seal.rows, digest=seal.digest)
