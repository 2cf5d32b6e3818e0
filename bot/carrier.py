"""The carrier brings one claimed delivery to its end: draw, mark, send, settle.

A delivery is marked as being sent, durably, before the platform is called. If we die after that,
nobody knows whether it arrived; it is looked for, and never blindly sent again. Marks and
outcomes are written together: while one commit is under way the next group collects.
"""

import asyncio
import random
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal, Protocol, TypeAlias

import structlog

from bot.drawings import Drawings
from bot.grouped import Grouped
from bot.lookout import Lookout
from bot.patience import Patience
from bot.pictures import Pictures
from dialogs.card import Card
from dialogs.token import Tokens
from dialogs.turns import Context
from nudges.address import Address, Platform
from nudges.budget import Budget, next_free
from nudges.delivery import (
    ENDS,
    Claimed,
    Kind,
    Mark,
    Marked,
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
from nudges.hours import local_day
from nudges.pace import CHANGES, POSTS, kind_of, lane_of
from nudges.tips import UNKNOWN

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


class CarrierWork(Protocol):
    """The part of a transaction that the carrier needs."""

    async def mark_sending(self, wanted: Sequence[Mark], until: datetime) -> Marked:
        """Mark deliveries as being sent, leased anew; returns which may be sent."""
        ...

    async def settle(self, settled: Sequence[Settlement], now: datetime) -> None:
        """Write what became of deliveries."""
        ...


class CarrierStore(Protocol):
    """The store, as the carrier needs it."""

    def write(self) -> AbstractAsyncContextManager[CarrierWork]:
        """Begin a transaction that writes."""
        ...


Write: TypeAlias = Mark | Settlement
Written: TypeAlias = Literal["done", "crowded", "lost"]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A delivery as it is to be sent."""

    note: Note
    to: Address
    channel: Channel
    payload: str


@dataclass(frozen=True, slots=True)
class Held:
    """A claimed delivery, with what is known of its person.

    Attributes:
        context: None if the person is not known any more.
        had: their days with a touch, one entry a touch.
        ready: what is to be sent, where that is known already, or why it is not.
        marked: since when it is marked as being sent, where it is already.

    """

    claimed: Claimed
    context: Context | None
    had: Sequence[date] = ()
    ready: Drawn | Settled | None = None
    marked: datetime | None = None


class Carrier:
    """Bring claimed deliveries to their end."""

    def __init__(  # noqa: PLR0913 - the joints of the house, all by name
        self,
        store: CarrierStore,
        *,
        clock: Callable[[], datetime],
        tokens: Tokens,
        channels: Mapping[Platform, Channel],
        patience: Patience,
        budget: Budget,
        pictures: Pictures,
        pages: str,
        lookout: Lookout | None = None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._channels = channels
        self._patience = patience
        self._budget = budget
        self._writes: Grouped[Write, Written] = Grouped(self._write)
        self._drawings = Drawings(tokens, pictures, pages)
        self._blocked: dict[str, datetime] = {}
        self._lookout = lookout or Lookout()

    async def carry(self, held: Held) -> Outcome | None:
        """Carry one delivery to its end, or to the next try; returns what its platform said."""
        delivery = held.claimed.delivery
        spans = self._lookout.spans
        with spans.span("delivery", after=delivery.occasion, way=_way(delivery.kind)):
            return await self._carry(held)

    async def _carry(self, held: Held) -> Outcome | None:
        claimed, now = held.claimed, held.marked or self._clock()
        ready = held.ready or self.draw(held)
        if isinstance(ready, Settled):
            await self._keep(claimed, ready)
            return None
        written = "done" if held.marked else await self._written(mark(held, ready, now))
        if written == "lost":
            return None
        if written == "crowded" and held.context is not None:
            person = held.context.person
            had = (*held.had, local_day(person, now))
            free = next_free(person, had, now, self._budget)
            await self._keep(claimed, Settled(State.QUEUED, free, why="enough for today"))
            return None
        outcome = await self._send(ready, claimed, now + self._patience.call)
        if isinstance(outcome, Wait) and outcome.everyone:
            self._blocked[ready.to.lane] = outcome.until
        await self.settle(claimed, outcome)
        return outcome

    def draw(self, held: Held) -> Drawn | Settled:
        """Draw a delivery as it is to be sent now, or say why it is not."""
        if held.context is None:
            return Settled(State.GONE, why="this person is no longer known")
        try:
            return self._draw(held, held.context)
        except Exception:
            log.exception("courier.not_drawn", delivery=held.claimed.number)
            return Settled(State.REFUSED, why="it could not be drawn")

    def _draw(self, held: Held, context: Context) -> Drawn | Settled:
        claimed = held.claimed
        fits = fitting(
            claimed,
            context.person,
            context.library.bank,
            context.answers,
            context.library.follow_ups,
            context.go_live,
            context.now,
            promised=context.promised,
            stories=context.stories,
            broadcasts=context.broadcasts,
            drafts=context.drafts,
            silences=context.silences,
            tips=context.library.tips,
            known_tips=context.tips or UNKNOWN,
            trainings=context.trainings,
            use=context.use,
            leads=context.leads,
            merits=context.merits,
        )
        if isinstance(fits, Settled):
            return fits
        if claimed.delivery.touches:
            free = next_free(context.person, held.had, context.now, self._budget)
            if free > context.now:
                return Settled(State.QUEUED, free, why="enough for now")
        to = where(claimed, context)
        channel = self._channels.get(to.platform) if to else None
        if to is None or channel is None:
            return Settled(State.GONE, why="there is no address to write to")
        lane = lane_of(to.lane, claimed.delivery.kind)
        if claimed.lane not in {"", lane}:
            return Settled(State.QUEUED, context.now, why="it goes elsewhere now", lane=lane)
        payload = ""
        if claimed.delivery.kind != "remove":
            payload = self._drawings.payload(channel, to.platform, fits, claimed.number, context)
        return Drawn(fits, to, channel, payload)

    async def _send(self, ready: Drawn, claimed: Claimed, latest: datetime) -> Outcome:
        """Call the platform, unless we slept since the mark: then somebody else may have it."""
        to, now = ready.to, self._clock()
        if now > latest:
            return Wait(now, "we slept before it was sent")
        if now < (blocked := self._blocked.get(to.lane, now)):
            return Wait(blocked, "its platform asked everyone to wait", everyone=True)
        figures, way = self._lookout.figures, _way(claimed.delivery.kind)
        began = figures.seconds()
        with self._lookout.spans.span("platform call", platform=to.platform, way=way) as span:
            outcome = await self._call(ready, claimed)
            said = type(outcome).__name__.lower()
            span.note(outcome=said)
        figures.took("wayfinder_call_seconds", figures.seconds() - began, platform=to.platform)
        figures.count("wayfinder_calls_total", platform=to.platform, way=way, outcome=said)
        return outcome

    async def _call(self, ready: Drawn, claimed: Claimed) -> Outcome:
        channel, to = ready.channel, ready.to
        try:
            async with asyncio.timeout(self._patience.call.total_seconds()):
                match claimed.delivery.kind:
                    case "post":
                        return await channel.post(to, ready.payload, mark_of(claimed.number))
                    case "replace":
                        return await channel.replace(to, claimed.ref, ready.payload)
                    case "remove":
                        return await channel.remove(to, claimed.ref)
        except TimeoutError:
            seconds = self._patience.call.total_seconds()
            return Unknown(f"no answer within {seconds:g} seconds")
        except Exception:
            log.exception("courier.channel_broke", delivery=claimed.number)
            return Unknown("the channel failed")

    async def look(self, held: Held) -> None:
        """Look whether a post has arrived; where nobody can tell, it is not sent again."""
        claimed, context = held.claimed, held.context
        address = where(claimed, context) if context else None
        channel = self._channels.get(address.platform) if address else None
        found: Outcome | None = Unknown("we stopped while it was being sent")
        if address and channel and claimed.delivery.kind == "post":
            try:
                async with asyncio.timeout(self._patience.call.total_seconds()):
                    found = await channel.find(address, mark_of(claimed.number))
            except Exception:
                log.exception("courier.not_found", delivery=claimed.number)
        await self.settle(claimed, found or Wait(self._clock(), "it had not arrived"))

    async def settle(self, claimed: Claimed, outcome: Outcome) -> None:
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
        """Write what became of a delivery."""
        cover = claimed.delivery.note.cover if settled.state in ENDS else None
        platform = kind_of(claimed.lane)[0]
        self._lookout.figures.count(
            "wayfinder_deliveries_settled_total", platform=platform, state=settled.state
        )
        await self._written(Settlement(claimed.number, claimed.fence, settled, cover))

    async def _written(self, write: Write) -> Written:
        """Write, also over a moment without database; fenced, so that twice changes nothing.

        Raises:
            OSError: the database stays away; the lease will end, and somebody will look.

        """
        for _ in range(KEEP_TRIES):
            with suppress(OSError):
                return await self._writes.add(write)
            await asyncio.sleep(PAUSE)
        return await self._writes.add(write)

    async def _write(self, writes: Sequence[Write]) -> Sequence[Written]:
        marks = [w for w in writes if isinstance(w, Mark)]
        settled = [w for w in writes if isinstance(w, Settlement)]
        marked = Marked()
        async with self._store.write() as work:
            now = self._clock()
            await work.settle(settled, now)
            if marks:
                marked = await work.mark_sending(marks, now + self._patience.delivery)
        return [_became(w, marked) for w in writes]


def mark(held: Held, ready: Drawn, now: datetime) -> Mark:
    """Return the mark that a delivery is being sent, with the touch that it is."""
    claimed, context = held.claimed, held.context
    plain = Mark(claimed.number, claimed.fence, ready.note, ready.to, claimed.delivery.person)
    if context is None or not claimed.delivery.touches:
        return plain
    today = local_day(context.person, now)
    return replace(plain, touch=today, nth=list(held.had).count(today))


def _became(write: Write, marked: Marked) -> Written:
    if isinstance(write, Settlement) or write.number in marked.ours:
        return "done"
    return "crowded" if write.number in marked.crowded else "lost"


def where(claimed: Claimed, context: Context) -> Address | None:
    """Return where to send: where the message to replace is, else where the person wants it."""
    known = {a.key: a for a in context.person.addresses if not a.closed}
    if claimed.address is not None and claimed.address.key in known:
        return known[claimed.address.key]
    return None if claimed.delivery.target else context.person.address()


def _way(kind: Kind) -> str:
    """Return which of the two paces of a platform a delivery takes."""
    return POSTS if kind == "post" else CHANGES


def mark_of(number: int) -> str:
    """Name a delivery, for a platform that can carry the name."""
    return f"delivery-{number}"
