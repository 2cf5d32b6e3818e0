"""Whether messages were received, carried out: a few are asked, and the author hears the result.

It is looked for again and again, and decided without writing anything. Who is asked is noted in the
same transaction that queues the questions, and a sum is made once: two tickers, or one that was
killed in between, ask the same people once and tell the author once.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Literal, Protocol

import structlog

from nudges.broadcast import Broadcast, Check
from nudges.delivery import Delivery, Note, Priority
from nudges.group import Frozen
from nudges.hours import at_work, next_work
from nudges.people import Person
from nudges.reception import (
    OPEN_FOR,
    ReadWordsNote,
    ReceivedResultNote,
    Reception,
    ReceptionNote,
    after,
    asked_as,
    choices,
    due,
    how_many,
    order,
    received,
    to_read,
    told_as,
)
from nudges.release import FLOOR

log = structlog.get_logger()


class ReceptionWork(Protocol):
    """The part of a transaction that asking needs."""

    async def unchecked(self) -> Mapping[int, datetime]:
        """Return the broadcasts with a question that is not summed up, and when each began."""
        ...

    async def broadcasts(self, numbers: Iterable[int] | None = None) -> Mapping[int, Broadcast]:
        """Return broadcasts by number."""
        ...

    async def receptions(self, numbers: Iterable[int]) -> Mapping[int, Reception]:
        """Return how far the questions about broadcasts got."""
        ...

    async def reachable(self, number: int, now: datetime, but: Iterable[str]) -> int:
        """Count those who have a broadcast and may be asked about it now."""
        ...

    async def pick(
        self, number: int, now: datetime, but: Iterable[str], most: int
    ) -> Sequence[str]:
        """Return some of those who may be asked, by chance."""
        ...

    async def begin_check(self, number: int, persons: Sequence[str], now: datetime) -> bool:
        """Note who is asked about a broadcast; False if that was noted before."""
        ...

    async def close_check(self, number: int, now: datetime) -> bool:
        """End a test, so that no later answer counts; False if that was done before."""
        ...

    async def understood(self, number: int) -> dict[str, bool]:
        """Return whether each person understood whose answer counts, as far as that is known."""
        ...

    async def keep_result(self, frozen: Frozen, author: str, floor: int, now: datetime) -> None:
        """Keep the result of a test, as it is told to the author of the message for ever."""
        ...

    async def people(self, ids: Iterable[str]) -> Mapping[str, Person]:
        """Return people by id."""
        ...

    async def queue(self, wanted: Sequence[Delivery]) -> Mapping[tuple[str, str], int]:
        """Queue deliveries."""
        ...


class ReceptionStore(Protocol):
    """The store, as asking needs it."""

    def read(self) -> AbstractAsyncContextManager[ReceptionWork]:
        """Begin a transaction that only reads."""
        ...

    def write(self) -> AbstractAsyncContextManager[ReceptionWork]:
        """Begin a transaction that writes."""
        ...


class Receptions:
    """Ask a few whether a message was received, and tell its author."""

    def __init__(
        self,
        store: ReceptionStore,
        clock: Callable[[], datetime],
        leaving: Callable[[], None],
        floor: int = FLOOR,
    ) -> None:
        self._store = store
        self._clock = clock
        self._leaving = leaving
        self._floor = floor

    async def round(self) -> int:
        """Ask and sum up what is due; returns for how many broadcasts something was done."""
        async with self._store.read() as work:
            if not await _due(work, self._clock()):
                return 0
        done = 0
        async with self._store.write() as work:
            now = self._clock()
            for found, check, what in await _due(work, now):
                if what == "ask":
                    stepped = await _ask(work, found, check, now)
                else:
                    stepped = await _close(work, found, check, self._floor, now)
                if stepped:
                    done += 1
                    log.info("reception.step", number=found.number, step=what)
        if done:
            self._leaving()
        return done


async def _due(
    work: ReceptionWork, now: datetime
) -> list[tuple[Broadcast, Check, Literal["ask", "close"]]]:
    begun = await work.unchecked()
    if not begun:
        return []
    known, found = await work.receptions(begun), await work.broadcasts(begun)
    return [
        (one, check, what)
        for number, one in sorted(found.items())
        if (check := one.draft.message.check)
        and (what := due(one, begun[number], known.get(number), now))
    ]


async def _ask(work: ReceptionWork, found: Broadcast, check: Check, now: datetime) -> bool:
    """Ask some by chance, whoever wrote it left out; False if they were asked before."""
    options, but = len(choices(check)), {found.author, found.draft.message.sender}
    many = how_many(await work.reachable(found.number, now, but), choice=bool(options))
    chosen = await work.pick(found.number, now, but, many)
    if not await work.begin_check(found.number, chosen, now):
        return False
    until = after(now, OPEN_FOR).date().isoformat()
    for person in (await work.people(chosen)).values():
        places = order(found.number, person.id, options)
        note = ReceptionNote(found.number, places, until)
        occasion = asked_as(found.number)
        await work.queue([_at_work(occasion, person, note, Priority.NUDGE, now)])
    return True


async def _close(
    work: ReceptionWork, found: Broadcast, check: Check, floor: int, now: datetime
) -> bool:
    """Sum up, and write to the author: the result, or the answers in own words to read first."""
    if not await work.close_check(found.number, now):
        return False
    exposes = found.draft.exposes
    reception = (await work.receptions([found.number])).get(found.number)
    words = to_read(reception, exposes=exposes)
    if check.right:
        known = await work.understood(found.number)
        frozen = received(found.number, known, floor, exposes=exposes)
        await work.keep_result(frozen, found.author, floor, now)
    note = ReadWordsNote(found.number) if words else ReceivedResultNote(found.number)
    for person in (await work.people([found.author])).values():
        occasion = told_as(found.number)
        await work.queue([_at_work(occasion, person, note, Priority.INTERACTIVE, now)])
    return True


def _at_work(
    occasion: str, person: Person, note: Note, priority: Priority, now: datetime
) -> Delivery:
    moment = now if at_work(person, now) else next_work(person, now)
    return Delivery(occasion, person.id, note, priority, moment)
