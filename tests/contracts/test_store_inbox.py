"""The durable inbox: accepted once, taken over when left, consumed once, and then only a key."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select

from adapters.store.database import Store
from adapters.store.inbox import inbox
from dialogs.doorway import Arrival, Kept, Waiting
from tests.clock import MONDAY
from tests.contracts.given import settle_in

LEASE = timedelta(seconds=15)
LATER = MONDAY + LEASE + timedelta(microseconds=1)
ONE = Arrival("slack:Ev1", "slack", '{"text": "é\\u0000"}', "slack:T:é")
TWO = Arrival("teams:2", "teams", "{}")


async def accept(store: Store, *arrivals: Arrival, owner: str = "one") -> set[str]:
    async with store.write() as work:
        return await work.accept(arrivals, owner, MONDAY, MONDAY + LEASE)


async def take_over(store: Store, owner: str = "two", limit: int = 32) -> list[Arrival]:
    async with store.write() as work:
        return await work.take_over(owner, LATER, LATER + LEASE, limit)


async def consume(store: Store, keys: Sequence[str], owner: str = "one") -> set[str]:
    async with store.write() as work:
        return await work.consume(keys, owner, MONDAY)


async def bodies(store: Store) -> dict[str, str | None]:
    async with store.read() as work:
        rows = await work.connection.execute(select(inbox.c.key, inbox.c.body))
        return {row.key: row.body for row in rows}


async def test_an_arrival_is_new_once(store: Store) -> None:
    assert await accept(store, ONE) == {ONE.key}
    assert await accept(store, ONE, TWO) == {TWO.key}
    assert await accept(store, Arrival(ONE.key, "slack", "other words"), owner="two") == set()
    assert await bodies(store) == {ONE.key: ONE.body, TWO.key: TWO.body}


async def test_an_arrival_is_new_to_one_of_many_who_accept_it_at_once(store: Store) -> None:
    found = await asyncio.gather(*(accept(store, ONE, owner=f"o{n}") for n in range(8)))
    assert sorted(map(len, found)) == [0] * 7 + [1]


async def test_what_is_consumed_leaves_only_its_key(store: Store) -> None:
    await accept(store, ONE, TWO)
    assert await consume(store, [ONE.key, "unknown"]) == {ONE.key}
    assert await bodies(store) == {ONE.key: None, TWO.key: TWO.body}
    assert await consume(store, [ONE.key]) == set(), "nobody consumes it twice"
    assert await accept(store, ONE) == set(), "a repeat changes nothing"
    assert await bodies(store) == {ONE.key: None, TWO.key: TWO.body}
    assert await take_over(store) == [TWO]
    assert await consume(store, []) == set()


async def test_nobody_takes_over_before_the_lease_ends(store: Store) -> None:
    await accept(store, ONE)
    async with store.write() as work:
        assert await work.take_over("two", MONDAY + LEASE, LATER, 32) == []
    assert [a.body for a in await take_over(store)] == [ONE.body]
    assert await take_over(store, "three") == [], "it is leased again"


async def test_who_lost_its_lease_consumes_nothing(store: Store) -> None:
    await accept(store, ONE, TWO)
    assert len(await take_over(store, limit=1)) == 1
    mine = await consume(store, [ONE.key, TWO.key], "one")
    yours = await consume(store, [ONE.key, TWO.key], "two")
    assert len(mine) == len(yours) == 1
    assert mine | yours == {ONE.key, TWO.key}


async def test_what_was_left_is_taken_over_by_one_of_many(store: Store) -> None:
    many = [Arrival(f"slack:{n}", "slack", "{}") for n in range(40)]
    await accept(store, *many)
    found = await asyncio.gather(*(take_over(store, f"o{n}", 16) for n in range(8)))
    keys = [a.key for part in found for a in part]
    assert len(keys) == len(set(keys)), "nothing is taken over twice"
    left = [a.key for n in range(4) for a in await take_over(store, f"p{n}", 16)]
    assert sorted(keys + left) == sorted(a.key for a in many)


async def test_the_oldest_is_taken_over_first(store: Store) -> None:
    for n in (2, 0, 1):
        at = MONDAY - timedelta(minutes=n)
        async with store.write() as work:
            await work.accept([Arrival(f"slack:{n}", "slack", "{}")], "one", at, MONDAY)
    async with store.write() as work:
        assert [a.key for a in await work.take_over("two", LATER, LATER, 2)] == [
            "slack:2",
            "slack:1",
        ]
    async with store.write() as work:
        assert [a.key for a in await work.take_over("two", LATER, LATER + LEASE, 9)] == ["slack:0"]


async def test_what_someone_says_is_consumed_in_its_order_whoever_heard_it(store: Store) -> None:
    words = [Arrival(f"slack:{n}", "slack", "{}", "slack:T:ann") for n in range(3)]
    first, second, third = words
    other = Arrival("slack:bob", "slack", "{}", "slack:T:bob")
    await accept(store, first)
    async with store.write() as work:
        later = MONDAY + timedelta(seconds=1)
        await work.accept([second, other], "two", later, later + LEASE)
        await work.accept([third], "three", later + timedelta(seconds=1), later + LEASE)
    keys = {second.key, other.key}
    assert await consume(store, sorted(keys), "two") == {other.key}
    async with store.read() as work:
        assert await work.waits(keys, "two") == {second.key}
        assert await work.waits(keys, "three") == set()
        assert await work.waits(set(), "two") == set()
    assert await consume(store, [third.key], "three") == set()
    assert await consume(store, [first.key], "one") == {first.key}
    assert await consume(store, [second.key], "two") == {second.key}
    assert await consume(store, [third.key], "three") == {third.key}


async def test_what_was_set_aside_holds_up_nobody(store: Store) -> None:
    first, second = (Arrival(f"slack:{n}", "slack", "{}", "slack:T:ann") for n in range(2))
    await accept(store, first, second)
    assert await consume(store, [second.key]) == set()
    async with store.write() as work:
        assert await work.fail(first.key, "broken", MONDAY, 1)
    assert await consume(store, [second.key]) == {second.key}


async def test_a_reply_is_kept_for_who_asks_again(store: Store) -> None:
    await settle_in(store, "ann")
    reply = Kept(ONE.key, "ann", {"instead": {"note": {"card": "help"}, "number": 7}, "ü": [None]})
    await accept(store, ONE)
    async with store.write() as work:
        await work.keep_replies([reply])
        assert await work.replied(ONE.key) is None, "it is not consumed yet"
    await consume(store, [ONE.key])
    async with store.read() as work:
        assert await work.replied(ONE.key) == reply
        assert await work.replied("unknown") is None
    await accept(store, TWO)
    await consume(store, [TWO.key])
    async with store.read() as work:
        assert await work.replied(TWO.key) is None, "nothing was replied"


async def test_what_fails_too_often_is_set_aside(store: Store) -> None:
    await accept(store, ONE, TWO)
    found: list[bool] = []
    for _ in range(4):
        async with store.write() as work:
            found.append(await work.fail(ONE.key, "could not be taken", MONDAY, 3))
    assert found == [False, False, True, False]
    assert await take_over(store) == [TWO]
    assert await bodies(store) == {ONE.key: None, TWO.key: TWO.body}, "its words are wiped, too"
    async with store.write() as work:
        assert not await work.fail("unknown", "could not be taken", MONDAY, 1)


async def test_how_much_waits_and_how_long(store: Store) -> None:
    async with store.read() as work:
        assert await work.waiting(MONDAY) == Waiting(0, None)
    for n in range(3):
        async with store.write() as work:
            at = MONDAY + timedelta(seconds=n)
            await work.accept([Arrival(f"slack:{n}", "slack", "{}")], "one", at, at + LEASE)
    await consume(store, ["slack:0"])
    async with store.read() as work:
        assert await work.waiting(LATER) == Waiting(2, LATER - MONDAY - timedelta(seconds=1))


async def test_old_keys_are_forgotten_once_they_are_done(store: Store) -> None:
    await accept(store, ONE, TWO)
    await consume(store, [ONE.key])
    async with store.write() as work:
        assert await work.forget_arrivals(MONDAY) == 0
    async with store.write() as work:
        assert await work.forget_arrivals(LATER) == 1
    assert await bodies(store) == {TWO.key: TWO.body}
