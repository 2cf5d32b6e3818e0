"""The inbox: what is acknowledged is stored, a repeat has one effect, and who asks gets a reply."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

import pytest

from bot.figures import Figures
from bot.inbox import UNTOLD, Inbox
from bot.lookout import Lookout
from dialogs.doorway import Arrival, Kept, Reply
from tests.clock import MONDAY, Clock

LEASE = timedelta(seconds=15)
SOON = timedelta(seconds=5)


def comes(key: str) -> Arrival:
    return Arrival(key, "browser", "{}")


def says(language: str) -> Reply:
    return Reply(language=language)


@dataclass
class Shelf:
    """A store of keys; it may be away, before it keeps something or after."""

    keys: set[str] = field(default_factory=set[str])
    told: dict[str, Kept] = field(default_factory=dict[str, Kept])
    seen: list[tuple[list[str], str, datetime, datetime]] = field(default_factory=list)
    away: str = ""
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    """Shut, nothing is kept before it is opened."""

    def __post_init__(self) -> None:
        self.gate.set()

    @asynccontextmanager
    async def once(self) -> AsyncGenerator["Shelf"]:
        await self.gate.wait()
        if self.away == "before":
            raise OSError(self.away)
        yield self
        if self.away == "after":
            raise OSError(self.away)

    read = once

    async def accept(
        self, arrivals: Sequence[Arrival], owner: str, now: datetime, until: datetime
    ) -> set[str]:
        keys = [a.key for a in arrivals]
        self.seen.append((keys, owner, now, until))
        fresh = set(keys) - self.keys
        self.keys |= fresh
        return fresh

    async def replied(self, key: str) -> Kept | None:
        return self.told.get(key)


async def redraw(kept: Kept) -> Reply:
    return says(f"again {kept.person}")


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def inbox(shelf: Shelf, clock: Clock) -> Inbox:
    return Inbox(shelf, "house", clock, redraw, LEASE)


async def test_what_is_new_stands_in_line_once(inbox: Inbox, shelf: Shelf) -> None:
    assert await inbox.accept(comes("a"))
    assert not await inbox.accept(comes("a"))
    assert [a.key for a in inbox.next(9)] == ["a"]
    assert inbox.next(9) == []
    assert shelf.seen[0] == (["a"], "house", MONDAY, MONDAY + LEASE)


async def test_of_many_at_once_each_key_is_stored_once_in_their_order(
    inbox: Inbox, shelf: Shelf
) -> None:
    keys = ["a", "b", "a", "c", "b"]
    told = await asyncio.gather(*(inbox.accept(comes(key)) for key in keys))
    assert sum(told) == 3
    assert [a.key for a in inbox.next(2)] == ["a", "b"]
    assert [a.key for a in inbox.next(2)] == ["c"]
    assert shelf.keys == {"a", "b", "c"}


async def test_nothing_is_acknowledged_that_is_not_stored(inbox: Inbox, shelf: Shelf) -> None:
    shelf.away = "before"
    with pytest.raises(OSError, match="before"):
        await inbox.accept(comes("a"))
    assert inbox.next(9) == []
    shelf.away = ""
    assert await inbox.accept(comes("a"))
    assert [a.key for a in inbox.next(9)] == ["a"]


async def test_what_may_have_been_stored_is_told_by_its_repeat(inbox: Inbox, shelf: Shelf) -> None:
    shelf.away = "after"
    with pytest.raises(OSError, match="after"):
        await inbox.accept(comes("a"))
    shelf.away = ""
    assert shelf.keys == {"a"}
    assert await inbox.accept(comes("a")), "nobody else takes it before its lease ends"
    assert [a.key for a in inbox.next(9)] == ["a"]
    assert not await inbox.accept(comes("a"))
    assert inbox.next(9) == []


async def test_later_ones_come_later_also_when_the_clock_is_put_back(
    inbox: Inbox, shelf: Shelf, clock: Clock
) -> None:
    await asyncio.gather(inbox.accept(comes("a")), inbox.accept(comes("b")))
    clock.pass_(seconds=-60)
    await inbox.accept(comes("c"))
    first, second = shelf.seen[0], shelf.seen[-1]
    assert second[2] >= first[2] + timedelta(microseconds=len(first[0]))
    assert second[3] == clock() + LEASE


async def test_who_waits_gets_the_reply_and_it_is_drawn_then(inbox: Inbox) -> None:
    await inbox.accept(comes("a"))
    waits = asyncio.create_task(inbox.reply("a", SOON))
    await asyncio.sleep(0)
    inbox.answer("a", partial(says, "en"))
    assert await waits == says("en")


async def test_who_comes_too_late_is_asked_of_the_store(inbox: Inbox, shelf: Shelf) -> None:
    await inbox.accept(comes("a"))
    assert await inbox.reply("a", timedelta()) is None
    inbox.answer("a", partial(says, "en"))
    assert await inbox.reply("a", SOON) is None
    shelf.told["a"] = Kept("a", "ann", {})
    assert await inbox.reply("a", SOON) == says("again ann")


async def test_a_covered_reply_is_remembered_for_a_while(inbox: Inbox) -> None:
    inbox.answer("a", partial(says, "covered"), covered=True)
    assert await inbox.reply("a", SOON) == says("covered")
    for n in range(UNTOLD - 1):
        inbox.answer(str(n), partial(says, "other"), covered=True)
    assert await inbox.reply("a", SOON) == says("covered")
    inbox.answer("last", partial(says, "other"), covered=True)
    assert await inbox.reply("a", SOON) is None
    assert await inbox.reply("0", SOON) == says("other")


async def test_who_stands_behind_is_in_line_again_and_is_waited_for(inbox: Inbox) -> None:
    assert await inbox.behind() == 0
    inbox.expect_later(comes("a"))
    inbox.expect_later(comes("b"))
    assert inbox.next(9) == []
    assert await inbox.behind() == 2
    assert [a.key for a in inbox.next(9)] == ["a", "b"]
    assert await inbox.behind() == 0


async def test_somebody_is_waited_for_only_while_nobody_is_in_line(inbox: Inbox) -> None:
    waits = asyncio.create_task(inbox.someone())
    await asyncio.sleep(0)
    assert not waits.done()
    await inbox.accept(comes("a"))
    await waits
    inbox.next(1)
    again = asyncio.create_task(inbox.someone())
    await asyncio.sleep(0)
    assert not again.done()
    again.cancel()


async def test_quiet_lets_those_at_the_door_in_first(inbox: Inbox) -> None:
    await inbox.quiet()
    knocks = [asyncio.create_task(inbox.accept(comes(str(n)))) for n in range(5)]
    await asyncio.sleep(0)
    await inbox.quiet()
    assert all(one.done() for one in knocks)
    assert len(inbox.next(9)) == 5
    await inbox.drained()


async def test_what_came_is_counted_by_what_became_of_it(shelf: Shelf, clock: Clock) -> None:
    lookout = Lookout(Figures(lambda: clock().timestamp()))
    inbox = Inbox(shelf, "house", clock, redraw, LEASE, lookout)
    await inbox.accept(comes("a"))
    for _ in range(2):
        await inbox.accept(comes("a"))
    shelf.away = "before"
    for key in "bcd":
        with pytest.raises(OSError, match="before"):
            await inbox.accept(comes(key))
    assert lookout.figures.values["wayfinder_arrivals_total"] == {
        ("browser", "new"): 1,
        ("browser", "repeated"): 2,
        ("browser", "not_stored"): 3,
    }


async def test_how_long_an_answer_took_is_counted_from_where_it_came(
    shelf: Shelf, clock: Clock
) -> None:
    lookout = Lookout(Figures(lambda: clock().timestamp()))
    inbox = Inbox(shelf, "house", clock, redraw, LEASE, lookout)
    await inbox.accept(comes("a"))
    clock.pass_(seconds=3)
    inbox.answer("a", partial(says, "en"))
    ((where, timed),) = lookout.figures.timed["wayfinder_answer_seconds"].items()
    assert (where, timed.total) == (("browser",), 3.0)


async def test_quiet_does_not_wait_for_a_storm_without_an_end(
    inbox: Inbox, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.inbox.PATIENCE", 0.1)
    shelf.gate.clear()
    knock = asyncio.create_task(inbox.accept(comes("a")))
    await asyncio.sleep(0)
    async with asyncio.timeout(5):
        await inbox.quiet()
    assert not knock.done()
    shelf.gate.set()
    await knock
    async with asyncio.timeout(5):
        await inbox.quiet()


async def test_quiet_waits_for_all_who_knock_and_for_who_knocks_meanwhile(
    inbox: Inbox, shelf: Shelf
) -> None:
    for _ in range(2):
        shelf.gate.clear()
        knocks = [asyncio.create_task(inbox.accept(comes(f"k{n}"))) for n in range(3)]
        await asyncio.sleep(0)
        quiet = asyncio.create_task(inbox.quiet())
        await asyncio.sleep(0.02)
        assert not quiet.done(), "three stand at the door"
        shelf.gate.set()
        await asyncio.gather(*knocks)
        later = asyncio.create_task(inbox.accept(comes("later")))
        await asyncio.sleep(0)
        await quiet
        assert later.done()
