"""Who was let in waits for those at the door: until they are in, and not for ever."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest

from bot import inbox
from bot.wiring.parts import PATIENCE
from dialogs.doorway import Arrival, Kept, Reply

NOW = datetime(2026, 11, 16, 8, tzinfo=UTC)


class SlowStore:
    """A store that takes as long as the test wants."""

    def __init__(self) -> None:
        self.goes_on = asyncio.Event()

    @asynccontextmanager
    async def once(self) -> AsyncGenerator["SlowStore"]:
        yield self

    read = once

    async def accept(
        self, arrivals: Sequence[Arrival], owner: str, now: datetime, until: datetime
    ) -> set[str]:
        assert owner
        assert now < until
        await self.goes_on.wait()
        return {a.key for a in arrivals}

    async def replied(self, key: str) -> Kept | None:
        raise NotImplementedError(key)


async def redraw(kept: Kept) -> Reply:
    raise NotImplementedError(kept)


@pytest.fixture
def store() -> SlowStore:
    return SlowStore()


@pytest.fixture
def door(store: SlowStore) -> inbox.Inbox:
    return inbox.Inbox(store, "me", lambda: NOW, redraw, PATIENCE.arrival)


async def knock(door: inbox.Inbox, key: str) -> "asyncio.Task[bool]":
    knocking = asyncio.create_task(door.accept(Arrival(key, "slack", "{}")))
    await asyncio.sleep(0)
    return knocking


async def test_nobody_waits_at_a_quiet_door(door: inbox.Inbox) -> None:
    await door.quiet()


async def test_those_at_the_door_come_first(
    door: inbox.Inbox, store: SlowStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "PATIENCE", 60)
    knocking = await knock(door, "a")
    waiting = asyncio.create_task(door.quiet())
    done, _ = await asyncio.wait([waiting], timeout=0.02)
    assert not done
    store.goes_on.set()
    assert await knocking
    await waiting


async def test_a_storm_that_does_not_end_is_answered_all_the_same(
    door: inbox.Inbox, store: SlowStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "PATIENCE", 0.01)
    knocking = await knock(door, "a")
    await door.quiet()
    assert not knocking.done()
    store.goes_on.set()
    await knocking


async def test_one_that_could_not_be_stored_is_not_waited_for(
    door: inbox.Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "PATIENCE", 60)
    knocking = await knock(door, "a")
    knocking.cancel()
    await asyncio.wait([knocking])
    await door.quiet()
