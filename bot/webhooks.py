"""Tell other systems what is new: take up what is due, sign it, post it, note what came of it.

Nothing is held while a receiver is waited for, and one that is slow holds up no other. A program
that dies between posting and noting leaves a parcel whose lease ends: it is posted again, under the
same id.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from random import random
from typing import Protocol

import structlog

from nudges.webhooks import (
    LEASE,
    REMEMBERED,
    Answer,
    Next,
    Parcel,
    after,
    signatures,
    signing_key,
)

AT_ONCE = 20
"""How many events are taken up together."""
log = structlog.get_logger()


class WebhooksWork(Protocol):
    """The part of a transaction that telling other systems needs."""

    async def claim_parcels(self, now: datetime, limit: int, lease: timedelta) -> list[Parcel]:
        """Take up what is due."""
        ...

    async def settle_parcel(self, parcel: Parcel, came: Next, now: datetime) -> bool:
        """Note what came of a try; False if somebody else has taken the parcel up since."""
        ...

    async def end_webhook(self, name: str, by: str, why: str, now: datetime) -> bool:
        """Tell a system nothing more."""
        ...

    async def parcels_due(self, now: datetime) -> bool:
        """Say whether anything is due."""
        ...

    async def forget_events(self, before: datetime) -> int:
        """Drop events that happened long ago."""
        ...


class WebhooksStore(Protocol):
    """The store, as telling other systems needs it."""

    def read(self) -> AbstractAsyncContextManager[WebhooksWork]:
        """Begin a transaction that only reads."""
        ...

    def write(self) -> AbstractAsyncContextManager[WebhooksWork]:
        """Begin a transaction that writes."""
        ...


class Post(Protocol):
    """How events are posted."""

    async def post(self, url: str, body: str, stamps: dict[str, str]) -> Answer:
        """Post an event; whatever goes wrong is an answer, too."""
        ...


class Webhooks:
    """Tell other systems what is new.

    Args:
        store: where everything is kept.
        clock: what time it is.
        post: how events are posted.
        secret: what the receivers' secrets follow from.
        address: opens where a receiver is, by its name and what is kept.
        chance: spreads what is tried again.

    """

    def __init__(  # noqa: PLR0913 - what differs from house to house
        self,
        store: WebhooksStore,
        clock: Callable[[], datetime],
        post: Post,
        secret: bytes,
        address: Callable[[str, str], str],
        *,
        chance: Callable[[], float] = random,
    ) -> None:
        self._store = store
        self._clock = clock
        self._post = post
        self._secret = secret
        self._address = address
        self._chance = chance

    async def round(self) -> int:
        """Post what is due; returns how many events that were."""
        async with self._store.read() as work:
            if not await work.parcels_due(self._clock()):
                return 0
        async with self._store.write() as work:
            ours = await work.claim_parcels(self._clock(), AT_ONCE, LEASE)
        # all come to their end before one that found no database is heard of
        came = await asyncio.gather(*map(self._bring, ours), return_exceptions=True)
        for error in came:
            if error is not None:
                raise error
        return len(ours)

    async def tidy(self) -> int:
        """Forget what was told long ago; returns how many events that were."""
        async with self._store.write() as work:
            return await work.forget_events(self._clock() - REMEMBERED)

    async def _bring(self, parcel: Parcel) -> None:
        answer = await self._posted(parcel)
        now = self._clock()
        came = after(answer, parcel, now, self._chance())
        name = parcel.webhook.name
        async with self._store.write() as work:
            if not await work.settle_parcel(parcel, came, now):
                return
            if came.state == "gone":
                await work.end_webhook(name, f"webhook:{name}", came.why, now)
        if came.state == "delivered":
            return
        told = log.info if came.state == "waiting" else log.warning
        told(f"webhooks.{came.state}", webhook=name, event_id=parcel.event_id, why=came.why)

    async def _posted(self, parcel: Parcel) -> Answer:
        """Post one event; an address that cannot be opened is an answer, too."""
        now, webhook = self._clock(), parcel.webhook
        try:
            url = self._address(webhook.name, webhook.place)
        except ValueError:
            return Answer(why="address sealed with another secret")
        return await self._post.post(url, parcel.body, self._stamps(parcel, webhook.turns(now)))

    def _stamps(self, parcel: Parcel, turns: Sequence[int]) -> dict[str, str]:
        seconds = int(self._clock().timestamp())
        keys = tuple(signing_key(self._secret, parcel.webhook.name, turn) for turn in turns)
        return {
            "webhook-id": parcel.event_id,
            "webhook-timestamp": str(seconds),
            "webhook-signature": signatures(parcel.event_id, seconds, parcel.body, keys),
        }
