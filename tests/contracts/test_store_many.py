"""Many at once: every row goes to one of them, and nobody is told that the database is locked."""

import asyncio
from collections import Counter
from datetime import timedelta
from itertools import count

import pytest

from adapters.store.database import Store
from dialogs.doorway import Arrival
from nudges.address import Address
from nudges.delivery import Settled, State
from nudges.people import Person
from tests.clock import MONDAY
from tests.contracts.given import (
    LEASE,
    begin,
    claim,
    claim_in,
    end,
    post,
    queue,
    send,
    settle_in,
    states,
)

MANY = 200


async def test_eight_couriers_claim_each_row_once(store: Store) -> None:
    people = [f"p{n}" for n in range(20)]
    await settle_in(store, *people)
    await queue(store, *(post(f"o{n}", people[n % 20]) for n in range(MANY)))
    sent: Counter[str] = Counter()

    async def courier(owner: str) -> None:
        while claimed := await claim(store, owner, limit=7):
            ours = await begin(store, claimed)
            assert ours == {c.number for c in claimed}
            for one in claimed:
                sent[one.delivery.occasion] += 1
                await end(store, one, Settled(State.SENT))

    await asyncio.gather(*(courier(f"o{n}") for n in range(8)))
    for _ in range(3):  # what was locked by one was skipped by all
        await courier("last")
    assert sorted(sent) == sorted(f"o{n}" for n in range(MANY))
    assert set(sent.values()) == {1}
    assert await states(store) == {"sent": MANY}


async def test_two_couriers_never_replace_one_message_at_once(store: Store) -> None:
    await settle_in(store, "ann")
    for number in range(10):
        (root,) = await send(store, post(f"a{number}"))
        await queue(store, post(f"first{number}", target=root))
        await queue(store, post(f"second{number}", target=root))
        found = await asyncio.gather(*(claim(store, f"o{n}", limit=1) for n in range(4)))
        claimed = [one for part in found for one in part]
        assert len(claimed) <= 1
        claimed = claimed or await claim(store, "again")
        assert [c.delivery.occasion for c in claimed] == [f"second{number}"]
        assert await begin(store, claimed)
        await end(store, claimed[0], Settled(State.SENT, ref="m"))


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
async def test_a_replacement_waits_for_one_that_was_claimed_unseen(store: Store) -> None:
    await settle_in(store, "ann")
    (root,) = await send(store, post("a"))
    await queue(store, post("first", target=root))
    async with store.write() as work:
        (first,) = await claim_in(work, "one")
        await queue(store, post("second", target=root))
        other = asyncio.create_task(claim(store, "two"))
        await asyncio.sleep(0.2)
    assert await other == []
    assert await begin(store, [first]) == {first.number}
    await end(store, first, Settled(State.SENT, ref="m"))
    assert [c.delivery.occasion for c in await claim(store, "two")] == ["second"]


async def test_eight_plan_the_same_and_it_is_there_once(store: Store) -> None:
    people = [f"p{n}" for n in range(25)]
    await settle_in(store, *people)

    async def plan(place: int) -> None:
        order = people if place % 2 else people[::-1]
        await queue(store, *(post("pulse:2026-W47", who) for who in order))

    await asyncio.gather(*(plan(n) for n in range(8)))
    assert await states(store) == {"queued": len(people)}


async def test_one_writer_waits_for_the_other_and_both_are_kept(store: Store) -> None:
    async def write(n: int) -> None:
        for step in range(10):
            async with store.write() as work:
                key = f"slack:{n}-{step}"
                await work.accept([Arrival(key, "slack", "{}")], "one", MONDAY, MONDAY + LEASE)
                await asyncio.sleep(0)

    await asyncio.gather(*(write(n) for n in range(8)))
    async with store.read() as work:
        assert (await work.waiting(MONDAY)).n == 80


@pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)
async def test_a_reader_is_not_held_up_by_a_writer(store: Store) -> None:
    async with asyncio.timeout(5), store.write() as writing:
        await writing.save([Person("ann")], MONDAY)
        async with store.read() as work:
            assert await work.everyone() == [], "nothing is seen before it is kept"


@pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)
async def test_eight_programs_write_to_one_database(database: str) -> None:
    stores = [await Store.open(database, create=True) for _ in range(8)]
    numbers = count()

    async def write(store: Store) -> None:
        for _ in range(10):
            async with store.write() as work:
                seen = Address("browser", "demo", f"u{next(numbers)}")
                await work.meet([seen], MONDAY)

    try:
        await asyncio.gather(*(write(store) for store in stores))
        async with stores[0].read() as work:
            assert len(await work.everyone()) == 80
    finally:
        for store in stores:
            await store.close()


@pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)
async def test_one_program_sees_what_another_wrote(database: str) -> None:
    one, two = [await Store.open(database, create=True) for _ in range(2)]
    try:
        await settle_in(one, "ann")
        await queue(one, post("a"), post("b"))
        assert len(await claim(two, "two", limit=1)) == 1
        assert len(await claim(one, "one")) == 1
        late = MONDAY + LEASE + timedelta(seconds=1)
        async with two.write() as work:
            await work.lapsed(late, "two", late + LEASE)
        assert await states(one) == {"queued": 2}
    finally:
        await one.close()
        await two.close()
