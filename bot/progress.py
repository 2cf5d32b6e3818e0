"""An author follows a broadcast on a card in their chat: it begins, goes on, and ends.

The card is looked at again and again, at growing intervals, and replaced where it would say
something else. What is counted is counted without writing anything; whoever then writes down that
they looked, replaces it, so that two tickers do so once.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol

from nudges.broadcast import Broadcast
from nudges.broadcast_notes import ProgressNote
from nudges.delivery import Delivery, Priority, State
from nudges.hours import at_work, next_work
from nudges.people import Person
from nudges.progress import LOOKS, Look, Tally, ends, finished, left, next_look, over, pace, phase
from nudges.webhooks import Event

UNDER_WAY = frozenset({State.QUEUED, State.CLAIMED, State.SENDING})


class CardWork(Protocol):
    """The part of a transaction that a card begins in."""

    async def people(self, ids: Iterable[str]) -> Mapping[str, Person]:
        """Return people by id."""
        ...

    async def queue(self, wanted: Sequence[Delivery]) -> Mapping[tuple[str, str], int]:
        """Queue deliveries; returns their numbers by occasion and person."""
        ...

    async def begin_card(self, number: int, root: int, now: datetime, look: datetime) -> None:
        """Note with which delivery an author follows a broadcast."""
        ...


class ProgressWork(Protocol):
    """The part of a transaction that following a broadcast needs."""

    async def looks(self, now: datetime) -> list[Look]:
        """Return the cards at which somebody has to look now."""
        ...

    async def tallies(self, numbers: Iterable[int], now: datetime) -> Mapping[int, Tally]:
        """Count the people of broadcasts."""
        ...

    async def broadcasts(self, numbers: Iterable[int]) -> Mapping[int, Broadcast]:
        """Return broadcasts by number."""
        ...

    async def looked(  # noqa: PLR0913 - as the store has it
        self,
        look: Look,
        now: datetime,
        *,
        again: datetime | None,
        left: int,
        pace: float,
        shown: str,
    ) -> bool:
        """Note what somebody saw; False if somebody else has looked."""
        ...

    async def queue(self, wanted: Sequence[Delivery]) -> Mapping[tuple[str, str], int]:
        """Queue deliveries."""
        ...

    async def announce(self, event: Event) -> int:
        """Queue an event for other systems; once, however often."""
        ...


class ProgressStore(Protocol):
    """The store, as following a broadcast needs it."""

    def read(self) -> AbstractAsyncContextManager[ProgressWork]:
        """Begin a transaction that only reads."""
        ...

    def write(self) -> AbstractAsyncContextManager[ProgressWork]:
        """Begin a transaction that writes."""
        ...


class Progress:
    """Let authors follow their broadcasts."""

    def __init__(
        self, store: ProgressStore, clock: Callable[[], datetime], leaving: Callable[[], None]
    ) -> None:
        self._store = store
        self._clock = clock
        self._leaving = leaving

    async def round(self) -> int:
        """Look at the cards for which it is time; returns how many of them are replaced."""
        async with self._store.read() as work:
            now = self._clock()
            due = await work.looks(now)
            if not due:
                return 0
            tallies = await work.tallies((look.number for look in due), now)
            broadcasts = await work.broadcasts(look.number for look in due)
        replaced = 0
        async with self._store.write() as work:
            for look in due:
                found, tally = broadcasts.get(look.number), tallies[look.number]
                replaced += await _look(work, look, found, tally, now)
        if replaced:
            self._leaving()
        return replaced


async def begin_card(work: CardWork, found: Broadcast, now: datetime) -> None:
    """Bring the author of a broadcast that begins the card on which they follow it."""
    for author in (await work.people([found.author])).values():
        occasion = f"progress:{found.number}"
        due = now if at_work(author, now) else next_work(author, now)
        note = ProgressNote(found.number)
        card = Delivery(occasion, author.id, note, Priority.INTERACTIVE, due)
        numbers = await work.queue([card])
        await work.begin_card(
            found.number, numbers[occasion, author.id], now, max(due, now) + LOOKS[0]
        )


async def _look(
    work: ProgressWork, look: Look, found: Broadcast | None, tally: Tally, now: datetime
) -> bool:
    """Look at one card; says whether it is replaced."""
    if found is None or look.state not in {*UNDER_WAY, State.SENT}:
        await work.looked(look, now, again=None, left=look.left, pace=0.0, shown=look.shown)
        return False
    so_far = left(found, tally)
    speed = pace(look.left, so_far, look.at, now)
    shown = _shown(found, tally)
    end = ends(found, tally, now)
    waits = look.asks or look.state in UNDER_WAY
    again = None if over(found, tally) and not waits else next_look(look.looks, end, now)
    ours = await work.looked(
        look, now, again=again, left=so_far, pace=speed, shown=look.shown if waits else shown
    )
    if ours and over(found, tally) and not look.shown.startswith(_ended(found, tally)):
        await work.announce(finished(found, tally, now))
    if not ours or waits or shown == look.shown:
        return False
    note = ProgressNote(look.number)
    occasion = f"progress:{look.number}:{look.looks}"
    change = Delivery(occasion, look.person, note, Priority.INTERACTIVE, now, "replace", look.root)
    await work.queue([change])
    return True


def _shown(found: Broadcast, tally: Tally) -> str:
    """Say in a word what a card shows, so that one which would show the same is not replaced."""
    begins = _ended(found, tally) if over(found, tally) else f"{phase(found, tally)}:"
    counts = (tally.queued, tally.gone, tally.left_out, tally.acknowledged, tally.replied)
    return begins + ":".join(map(str, (*counts, tally.returned, tally.returning)))


def _ended(found: Broadcast, tally: Tally) -> str:
    """Say how the word of a card begins whose broadcast has come to its end.

    It is looked at again for years, as somebody opens it; that is no news to other systems.
    """
    return f"{phase(found, tally)}:over:"
