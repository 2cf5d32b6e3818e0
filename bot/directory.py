"""Take in what a directory tells: joiners come in, movers move, leavers are left in peace.

All of it was checked before. It is written in parts, each one transaction, so that whoever
answers meanwhile hardly waits; after a crash the same directory is told again, and goes on there.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol

from nudges.address import Address
from nudges.directories import differences, released
from nudges.directory import Change, Entry, Source, Telling, changed
from nudges.people import Person, united

PART = 500


class SyncWork(Protocol):
    """The part of a transaction that taking in a directory needs."""

    async def welcome(self, entries: Iterable[Entry]) -> list[Entry]:
        """Return what a directory tells without who wants to stay forgotten."""
        ...

    async def tellings(self, tells: Mapping[str, Entry]) -> list[Telling]:
        """Return what each directory told last; what is told again is that very entry."""
        ...

    async def hold(self, ids: Iterable[str]) -> dict[str, Person]:
        """Return people by id; they are ours until the transaction ends."""
        ...

    async def strangers(self, homes: Iterable[Address]) -> dict[Address, Person]:
        """Return who came to these addresses by themselves, before a directory told of them."""
        ...

    async def unite(self, stranger: str, person: str) -> None:
        """Make one person of two: all that the stranger has is theirs."""
        ...

    async def save(self, persons: Sequence[Person], now: datetime) -> None:
        """Keep people as they are now."""
        ...

    async def keep_tellings(self, tellings: Iterable[Telling]) -> None:
        """Remember what a directory told of people."""
        ...

    async def drop_tellings(self, source: Source) -> None:
        """Forget what a directory told of people of whom another one tells, too."""
        ...


class SyncStore(Protocol):
    """The store, as taking in a directory needs it."""

    def read(self) -> AbstractAsyncContextManager[SyncWork]:
        """Begin a transaction that only reads."""
        ...

    def write(self) -> AbstractAsyncContextManager[SyncWork]:
        """Begin a transaction that writes."""
        ...


async def news(
    store: SyncStore, tells: Sequence[Entry], source: Source = "table"
) -> tuple[list[Change], Mapping[str, Entry]]:
    """Return what a directory tells differently than before, and of whom it told before."""
    async with store.read() as work:
        tells = await work.welcome(tells)
        known = await work.tellings({e.id: e for e in tells})
    told = {t.entry.id: t.entry for t in known if t.source == source and not t.gone}
    return list(differences(source, tells, known)), told


async def farewell(store: SyncStore, source: Source) -> tuple[list[Change], Mapping[str, Entry]]:
    """Return what changes when a directory is not listened to any more, and of whom it told."""
    async with store.read() as work:
        known = await work.tellings({})
    told = {t.entry.id: t.entry for t in known if t.source == source and not t.gone}
    return list(released(source, known)), told


async def release(
    store: SyncStore, source: Source, changes: Sequence[Change], now: datetime
) -> None:
    """Stop listening to a directory, once all changes that follow from it are made."""
    await take_in(store, changes, now)
    async with store.write() as work:
        await work.drop_tellings(source)


async def take_in(store: SyncStore, changes: Sequence[Change], now: datetime) -> None:
    """Change people as a directory tells, and remember what it told."""
    for start in range(0, len(changes), PART):
        part = changes[start : start + PART]
        shown = [change for change in part if change.shows]
        async with store.write() as work:
            known = await work.hold(change.person for change in shown)
            after = {c.person: changed(c, known.get(c.person)) for c in shown}
            told = [change.after for change in shown if change.after]
            homes = {home: entry.id for entry in told for home in entry.homes}
            met = {h: p for h, p in (await work.strangers(homes)).items() if p.id != homes[h]}
            for home, stranger in met.items():
                after[homes[home]] = united(after[homes[home]], stranger)
            await work.save(list(after.values()), now)
            for home, stranger in met.items():
                await work.unite(stranger.id, homes[home])
            await work.keep_tellings(c.telling for c in part if c.telling)
