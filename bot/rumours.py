"""Rumours by the clock: put down once a day, all together, so that no moment tells on a teller."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import date, datetime
from typing import Protocol

from dialogs.rumour_notes import TELLING
from nudges.rumours import batch_due


class RumourWork(Protocol):
    """The part of a transaction that rumours need."""

    async def stir_rumours(self) -> int:
        """Write what is held anew, where a row tells which transaction wrote it."""
        ...

    async def put_down_rumours(self, day: date, now: datetime) -> int | None:
        """Put down what is held, once a day; None if that was done already."""
        ...

    async def telling_cards(self, cards: Iterable[str]) -> Sequence[int]:
        """Return deliveries that are over, and whose kind still tells on their person."""
        ...

    async def cover_cards(self, numbers: Iterable[int]) -> None:
        """Keep of deliveries what is kept of them once they were sent."""
        ...


class RumourStore(Protocol):
    """The store, as rumours need it."""

    def read(self) -> AbstractAsyncContextManager[RumourWork]:
        """Begin a transaction that only reads."""
        ...

    def write(self) -> AbstractAsyncContextManager[RumourWork]:
        """Begin a transaction that writes."""
        ...


class RumourRounds:
    """Stir what is held, and put it down once a day."""

    def __init__(self, store: RumourStore, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock
        self._done: date | None = None

    async def stir(self) -> int:
        """Write what is held anew; returns how much that was."""
        async with self._store.write() as work:
            return await work.stir_rumours()

    async def round(self) -> int:
        """Put down what is held, if this day's turn was not taken; returns how much that was.

        Cards that came to their end by themselves, such as one that a newer one overtook, are
        covered first: they were not when they were sent.
        """
        now = self._clock()
        day = batch_due(now)
        if day is None or day == self._done:
            return 0
        async with self._store.read() as work:
            left = await work.telling_cards(TELLING)
        async with self._store.write() as work:
            if left:
                await work.cover_cards(left)
            told = await work.put_down_rumours(day, now)
        self._done = day
        return told or 0
