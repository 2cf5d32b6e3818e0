"""The courier takes what is due to its person: claim, draw, send, settle.

A delivery is marked as being sent, durably, before the platform is called. If we die after that,
nobody knows whether it arrived; it is looked for, and never blindly sent again. Marks and
outcomes are written together: while one commit is under way the next group collects.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeAlias

import structlog

from bot.contexts import ContextWork, contexts
from bot.drawings import Drawings
from bot.grouped import Grouped
from bot.organisation import Organisation
from bot.patience import Patience
from dialogs.card import Card
from dialogs.notes import SHARED
from dialogs.token import Tokens
from dialogs.turns import Context
from nudges.address import Address, Platform
from nudges.delivery import (
    Claimed,
    Gone,
    Mark,
    Note,
    Outcome,
    Settled,
    Settlement,
    State,
    Unknown,
    Wait,
    after,
)
from nudges.fitting import fitting
from nudges.people import Person
from nudges.pulse import PulseNote
from nudges.reminders import ReminderNote

TOGETHER = 64
PAUSE = 1.0
"""Seconds to wait when the database is out of reach."""
KEEP_TRIES = 5
log = structlog.get_logger()


class Channel(Protocol):
    """One platform, as the courier uses it; outcomes are returned, never raised."""

    def draw(self, card: Card, token: str) -> str:
        """Draw a card as the platform's JSON; every tap on it carries the token."""
        ...

    async def post(self, to: Address, payload: str, mark: str) -> Outcome:
        """Send a drawn card; ``mark`` names the delivery, for a platform that can carry it."""
        ...

    async def replace(self, to: Address, ref: str, payload: str) -> Outcome:
        """Replace the message ``ref``, wherever the person has it open."""
        ...

    async def remove(self, to: Address, ref: str) -> Outcome:
        """Take the message ``ref`` back."""
        ...

    async def find(self, to: Address, mark: str) -> Outcome | None:
        """Look whether a message whose sending ended in doubt has arrived.

        Returns Sent with its ref if it has, None if it certainly has not (so it may be sent
        again), Unknown if the platform cannot tell.
        """
        ...


class CourierWork(ContextWork, Protocol):
    """The part of a transaction that the courier needs."""

    async def claim(self, owner: str, now: datetime, until: datetime, limit: int) -> list[Claimed]:
        """Claim what is due, the most urgent first."""
        ...

    async def lapsed(self, now: datetime, owner: str, until: datetime) -> list[Claimed]:
        """Take over what was being sent when its lease ran out; requeue what was only claimed."""
        ...

    async def people(self, ids: Iterable[str]) -> dict[str, Person]:
        """Return people by id."""
        ...

    async def mark_sending(self, marks: Sequence[Mark], until: datetime) -> set[int]:
        """Mark deliveries as being sent, leased anew; returns those that are still ours."""
        ...

    async def settle(self, settled: Sequence[Settlement], now: datetime) -> None:
        """Write what became of deliveries."""
        ...


class CourierStore(Protocol):
    """The store, as the courier needs it."""

    def write(self) -> AbstractAsyncContextManager[CourierWork]:
        """Begin a transaction that writes."""
        ...


Write: TypeAlias = Mark | Settlement


@dataclass(frozen=True, slots=True)
class Drawn:
    """A delivery as it is to be sent."""

    note: Note
    to: Address
    channel: Channel
    payload: str


class Courier:
    """Send what is due, on every platform, for as long as the program runs."""

    def __init__(  # noqa: PLR0913 - the joints of the house, all by name
        self,
        store: CourierStore,
        *,
        owner: str,
        clock: Callable[[], datetime],
        tokens: Tokens,
        organisation: Organisation,
        channels: Mapping[Platform, Channel],
        quiet: Callable[[], Awaitable[None]],
        patience: Patience,
    ) -> None:
        self._store = store
        self._owner = owner
        self._clock = clock
        self._organisation = organisation
        self._channels = channels
        self._quiet = quiet
        self._patience = patience
        self._writes: Grouped[Write, bool] = Grouped(self._write)
        self._wake = asyncio.Event()
        self._one_at_a_time = asyncio.Lock()
        self._drawings = Drawings(tokens)

    def wake(self) -> None:
        """Tell the courier that something may be due."""
        self._wake.set()

    async def run(self) -> None:
        """Send what is due, then rest until woken, or until it is time to look again."""
        while True:
            self._wake.clear()
            try:
                await self._quiet()
                while await self.round():
                    await self._quiet()
            except OSError as error:
                log.warning("courier.waits", why=str(error))
                await asyncio.sleep(PAUSE)
            except Exception:
                log.exception("courier.broke")
                await asyncio.sleep(PAUSE)
            try:
                await asyncio.wait_for(self._wake.wait(), self._patience.rest.total_seconds())
            except TimeoutError:
                continue

    async def round(self) -> int:
        """Claim, draw and send one group, one at a time; returns how many there were."""
        async with self._one_at_a_time:
            now = self._clock()
            async with self._store.write() as work:
                claimed = await work.claim(
                    self._owner, now, now + self._patience.delivery, TOGETHER
                )
                known = await self._contexts(work, claimed, now)
            of_person: dict[str, list[Claimed]] = {}
            for one in claimed:
                of_person.setdefault(one.delivery.person, []).append(one)
            await _all(self._carry_all(mine, known.get(who)) for who, mine in of_person.items())
            return len(claimed)

    async def _carry_all(self, claimed: Sequence[Claimed], context: Context | None) -> None:
        """Carry one person's deliveries in order."""
        for one in claimed:
            await self._carry(one, context)

    async def look_after(self) -> int:
        """Settle what a stopped courier left in doubt; returns how many there were."""
        now = self._clock()
        async with self._store.write() as work:
            left = await work.lapsed(now, self._owner, now + self._patience.delivery)
            known = await self._contexts(work, left, now)
        for start in range(0, len(left), TOGETHER):
            some = left[start : start + TOGETHER]
            await _all(self._look(one, known.get(one.delivery.person)) for one in some)
        return len(left)

    async def _look(self, claimed: Claimed, context: Context | None) -> None:
        """Look whether a post has arrived; where nobody can tell, it is not sent again."""
        address = _where(claimed, context) if context else None
        channel = self._channels.get(address.platform) if address else None
        found: Outcome | None = Unknown("we stopped while it was being sent")
        if address and channel and claimed.delivery.kind == "post":
            try:
                async with asyncio.timeout(self._patience.call.total_seconds()):
                    found = await channel.find(address, _mark(claimed.number))
            except Exception:
                log.exception("courier.not_found", delivery=claimed.number)
        await self._settle(claimed, found or Wait(self._clock(), "it had not arrived"))

    async def _contexts(
        self, work: CourierWork, claimed: Sequence[Claimed], now: datetime
    ) -> dict[str, Context]:
        people = await work.people({c.delivery.person for c in claimed})
        deep = {c.delivery.person for c in claimed if _depends(c.delivery.note)}
        library = self._organisation.library()
        return await contexts(work, people.values(), library, now, deep=deep)

    async def _carry(self, claimed: Claimed, context: Context | None) -> None:
        """Carry one delivery to its end, or to the next try."""
        if context is None:
            await self._settle(claimed, Gone("this person is no longer known"))
            return
        try:
            ready = self._draw(claimed, context)
        except Exception:
            log.exception("courier.not_drawn", delivery=claimed.number)
            ready = Settled(State.REFUSED, why="it could not be drawn")
        if isinstance(ready, Settled):
            await self._keep(claimed, ready)
        elif await self._writes.add(Mark(claimed.number, claimed.fence, ready.note, ready.to)):
            await self._settle(claimed, await self._send(ready, claimed))

    def _draw(self, claimed: Claimed, context: Context) -> Drawn | Settled:
        """Draw a delivery as it is to be sent now, or say why it is not."""
        fits = fitting(
            claimed,
            context.person,
            context.library.bank,
            context.answers,
            context.library.follow_ups,
            context.go_live,
            context.now,
        )
        if isinstance(fits, Settled):
            return fits
        to = _where(claimed, context)
        channel = self._channels.get(to.platform) if to else None
        if to is None or channel is None:
            return Settled(State.GONE, why="there is no address to write to")
        payload = ""
        if claimed.delivery.kind != "remove":
            payload = self._drawings.payload(channel, to.platform, fits, claimed.number, context)
        return Drawn(fits, to, channel, payload)

    async def _send(self, ready: Drawn, claimed: Claimed) -> Outcome:
        channel, to = ready.channel, ready.to
        try:
            async with asyncio.timeout(self._patience.call.total_seconds()):
                match claimed.delivery.kind:
                    case "post":
                        return await channel.post(to, ready.payload, _mark(claimed.number))
                    case "replace":
                        return await channel.replace(to, claimed.ref, ready.payload)
                    case "remove":
                        return await channel.remove(to, claimed.ref)
        except TimeoutError:
            return Unknown(f"no answer within {self._patience.call.seconds} seconds")
        except Exception:
            log.exception("courier.channel_broke", delivery=claimed.number)
            return Unknown("the channel failed")

    async def _settle(self, claimed: Claimed, outcome: Outcome) -> None:
        """Write what a channel said; replacing or removing in doubt is simply done again."""
        if isinstance(outcome, Unknown) and claimed.delivery.kind != "post":
            outcome = Wait(self._clock(), outcome.why)
        settled = after(outcome, claimed.attempt, self._clock(), random.random())  # noqa: S311 - jitter
        if settled.state is not State.SENT:
            log.info(
                "courier.settled", delivery=claimed.number, state=settled.state, why=settled.why
            )
        await self._keep(claimed, settled)

    async def _keep(self, claimed: Claimed, settled: Settled) -> None:
        """Write what became of a delivery; what we know is not lost by a moment without database.

        Raises:
            OSError: the database stays away; the lease will end, and somebody will look.

        """
        for pause in (*[PAUSE] * KEEP_TRIES, None):
            try:
                await self._writes.add(Settlement(claimed.number, claimed.fence, settled))
            except OSError:
                if pause is None:
                    raise
                await asyncio.sleep(pause)
            else:
                return

    async def _write(self, writes: Sequence[Write]) -> Sequence[bool]:
        marks = [w for w in writes if isinstance(w, Mark)]
        settled = [w for w in writes if isinstance(w, Settlement)]
        async with self._store.write() as work:
            now = self._clock()
            ours = (
                await work.mark_sending(marks, now + self._patience.delivery)
                if marks
                else set[int]()
            )
            await work.settle(settled, now)
        return [isinstance(w, Settlement) or w.number in ours for w in writes]


def _depends(note: Note) -> bool:
    """Tell whether what a note says depends on what its person answered."""
    asks = isinstance(note, ReminderNote) or (isinstance(note, PulseNote) and not note.questions)
    return asks or not isinstance(note, SHARED)


async def _all(work: Iterable[Awaitable[None]]) -> None:
    """Wait for all of it to end, also if some of it fails; then say so."""
    for failed in await asyncio.gather(*work, return_exceptions=True):
        if failed is not None:
            raise failed


def _where(claimed: Claimed, context: Context) -> Address | None:
    """Return where to send: where the message to replace is, else where the person wants it."""
    known = {a.key: a for a in context.person.addresses if not a.closed}
    if claimed.address is not None and claimed.address.key in known:
        return known[claimed.address.key]
    return None if claimed.delivery.target else context.person.address()


def _mark(number: int) -> str:
    return f"delivery-{number}"
