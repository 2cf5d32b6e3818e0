"""The watch over silence: the CRM team hears once at four weeks and once at six, per group.

It is looked for every hour without writing anything. What has become quiet is looked at once more
and noted in the step that queues the card, so that two tickers, a restart or a long sleep tell it
once. A receipt in between ends it: what has not left yet is not sent, and the next silence is
another one.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol

import structlog

from nudges.delivery import Delivery, Priority
from nudges.hours import at_work, next_work
from nudges.people import Person
from nudges.programme import Programme
from nudges.roles import Role
from nudges.silence import Heard, Silence, SilenceNote, silence

log = structlog.get_logger()


class HeardWork(Protocol):
    """The part of a transaction that knows when a group last said it got a message."""

    async def heard(self, segments: Iterable[str] | None = None) -> list[Heard]:
        """Return when people of each group last said they got a message: all, or these groups."""
        ...


class SilenceWork(HeardWork, Protocol):
    """The part of a transaction that the watch needs."""

    async def programme(self) -> Programme:
        """Return the change programme."""
        ...

    async def begun(self, occasions: Iterable[str]) -> set[str]:
        """Return which of these have been told."""
        ...

    async def begin_moment(self, occasion: str, now: datetime) -> bool:
        """Note that something is told; False if it was before."""
        ...

    async def holders(self, roles: Iterable[Role]) -> list[Person]:
        """Return who holds one of these roles."""
        ...

    async def queue(self, wanted: Sequence[Delivery]) -> Mapping[tuple[str, str], int]:
        """Queue deliveries."""
        ...


class SilenceStore(Protocol):
    """The store, as the watch needs it."""

    def read(self) -> AbstractAsyncContextManager[SilenceWork]:
        """Begin a transaction that only reads."""
        ...

    def write(self) -> AbstractAsyncContextManager[SilenceWork]:
        """Begin a transaction that writes."""
        ...


async def silences(
    work: HeardWork, now: datetime, segments: Iterable[str] | None = None
) -> dict[str, Silence]:
    """Return for how long groups are quiet: all, or these."""
    return {one.segment: silence(one, now) for one in await work.heard(segments)}


class Watch:
    """Tell the CRM team which groups have become quiet."""

    def __init__(
        self, store: SilenceStore, clock: Callable[[], datetime], leaving: Callable[[], None]
    ) -> None:
        self._store = store
        self._clock = clock
        self._leaving = leaving

    async def round(self) -> int:
        """Tell what has become quiet; returns how many groups that were."""
        async with self._store.read() as work:
            if not await _team(work) or not await _turned(work, self._clock()):
                return 0
        async with self._store.write() as work:
            now = self._clock()
            team = await _team(work)
            found = await _turned(work, now) if team else []
            turned = [one for one in found if await work.begin_moment(one.occasion, now)]
            if turned:
                note = SilenceNote(tuple(sorted(one.segment for one in turned)))
                await work.queue([_to(person, turned[0].occasion, note, now) for person in team])
        if turned:
            log.info("silence.told", occasions=[one.occasion for one in turned])
            self._leaving()
        return len(turned)


async def _team(work: SilenceWork) -> list[Person]:
    return [one for one in await work.holders((Role.CRM_TEAM,)) if not one.stopped]


async def _turned(work: SilenceWork, now: datetime) -> list[Silence]:
    """Return the groups of the programme whose silence has reached a level nobody was told of."""
    segments = (await work.programme()).segments
    found = await silences(work, now, segments) if segments else {}
    quiet = sorted((one for one in found.values() if one.quiet), key=lambda one: one.segment)
    told = await work.begun(one.occasion for one in quiet) if quiet else set[str]()
    return [one for one in quiet if one.occasion not in told]


def _to(person: Person, occasion: str, note: SilenceNote, now: datetime) -> Delivery:
    """Write to someone about their own work: it uses up no touch, and waits for their hours."""
    there = at_work(person, now) and not person.away(now)
    due = now if there else next_work(person, now)
    return Delivery(occasion, person.id, note, Priority.INTERACTIVE, due)
