"""Work out anew where people stand, when something other than their own answer changed it.

Every answer brings its own outlook with it. What is left is what came in bulk (an earlier survey),
two people who turned out to be one, and questions that were changed: those wait in a list, and are
worked through in parts, each one transaction, so that a crash loses nothing.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol

from nudges.adkar import Answer, Bank
from nudges.outlook import Stretch, fingerprint, outlook
from nudges.people import Person

PART = 500


class OutlookWork(Protocol):
    """The part of a transaction that working out outlooks needs."""

    async def outlooks_from(self) -> str:
        """Return the fingerprint of the questions that outlooks were worked out from."""
        ...

    async def outlooks_anew(self, bank: str, now: datetime) -> None:
        """Note that questions are others now: everybody's outlook is due again."""
        ...

    async def outlooks_due(self, limit: int) -> list[str]:
        """Return some of those whose outlook is to be worked out again."""
        ...

    async def outlooks_done(self, persons: Sequence[str]) -> None:
        """Take people off that list."""
        ...

    async def hold(self, ids: Iterable[str]) -> dict[str, Person]:
        """Return people by id; they are ours until the transaction ends."""
        ...

    async def answers(self, persons: Iterable[str], now: datetime) -> dict[str, tuple[Answer, ...]]:
        """Return each person's answers, oldest first."""
        ...

    async def keep_outlooks(self, found: Mapping[str, Sequence[Stretch]]) -> None:
        """Keep what people's barriers are from now on."""
        ...


class OutlookStore(Protocol):
    """The store, as working out outlooks needs it."""

    def read(self) -> AbstractAsyncContextManager[OutlookWork]:
        """Begin a transaction that only reads."""
        ...

    def write(self) -> AbstractAsyncContextManager[OutlookWork]:
        """Begin a transaction that writes."""
        ...


async def work_out(
    store: OutlookStore, bank: Bank, clock: Callable[[], datetime], part: int = PART
) -> int:
    """Work out the outlooks that are due; returns of how many people."""
    mark = fingerprint(bank)
    async with store.read() as work:
        same = await work.outlooks_from() == mark
        if same and not await work.outlooks_due(1):
            return 0
    if not same:
        async with store.write() as work:
            await work.outlooks_anew(mark, clock())
    done = 0
    while True:
        async with store.write() as work:
            now, persons = clock(), await work.outlooks_due(part)
            await work.hold(persons)  # an answer that comes in this moment waits, or came before
            given = await work.answers(persons, now)
            await work.keep_outlooks({p: outlook(given.get(p, ()), bank, now) for p in persons})
            await work.outlooks_done(persons)
        done += len(persons)
        if len(persons) < part:
            return done
