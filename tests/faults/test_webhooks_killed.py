"""Telling other systems breaks or dies at any point: nothing is lost, and copies bear their id."""

import asyncio
from contextlib import suppress
from datetime import timedelta
from typing import Any, cast

import pytest

from adapters.store.database import Store
from bot.webhooks import Webhooks
from nudges.webhooks import LEASE, Answer, Event, Webhook
from tests.clock import Clock
from tests.faults.faulty import Faults, FaultyStore, How

SECRET = b"s" * 32
EVENTS = 3


class Notes:
    """A receiver that keeps the ids of what it got, and a program that may die around a post."""

    def __init__(self, faults: Faults) -> None:
        self.faults = faults
        self.got: list[str] = []

    async def post(self, url: str, body: str, stamps: dict[str, str]) -> Answer:
        if await self.faults.point("before the post"):
            return Answer(why="unreachable")
        assert (url, bool(body)) == ("sealed", True)
        self.got.append(stamps["webhook-id"])
        if await self.faults.point("after the post"):
            return Answer(why="slow")
        return Answer(200)


async def begin(clock: Clock) -> Store:
    store = await Store.open("sqlite://", create=True)
    async with store.write() as work:
        hook = Webhook("bi", "x.example", "sealed", ("health.judged",), clock())
        await work.add_webhook(hook, "settings")
        for n in range(EVENTS):
            await work.announce(Event("health.judged", f"health:{n}", clock()))
    return store


def program(store: object, clock: Clock, notes: Notes) -> Webhooks:
    given = cast("Any", store)
    return Webhooks(given, clock, notes, SECRET, lambda _n, url: url, chance=lambda: 1.0)


async def points() -> list[str]:
    clock, faults = Clock(), Faults()
    store = await begin(clock)
    await program(FaultyStore(store, faults), clock, Notes(faults)).round()
    await store.close()
    return faults.points


@pytest.mark.parametrize("how", ["fail", "stop"])
async def test_wherever_it_breaks_everything_arrives(how: How) -> None:
    every = await points()
    assert len(every) > 10
    assert "after the post" in every
    for at in range(1, len(every) + 1):
        clock, faults = Clock(), Faults(at, how)
        store, notes = await begin(clock), Notes(faults)
        running = asyncio.create_task(program(FaultyStore(store, faults), clock, notes).round())
        dying = asyncio.create_task(faults.dead.wait())
        await asyncio.wait({running, dying}, return_when=asyncio.FIRST_COMPLETED)
        await faults.idle()
        for task in (running, dying):
            task.cancel()
            with suppress(asyncio.CancelledError, OSError):
                await task
        after = Notes(Faults())
        after.got = notes.got
        again = program(store, clock, after)
        clock.now += LEASE + timedelta(minutes=1)
        await again.round()
        await again.round()
        async with store.read() as work:
            assert await work.parcels_by_state() == {"bi": {"delivered": EVENTS}}, every[at - 1]
        assert len(set(after.got)) == EVENTS, every[at - 1]
        assert len(after.got) <= 2 * EVENTS
        await store.close()
