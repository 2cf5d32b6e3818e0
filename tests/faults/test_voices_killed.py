"""The round that tells what became of things breaks at any point, and is begun again."""

from dataclasses import replace
from typing import Any, cast

import pytest
from sqlalchemy import select

from adapters.store.database import Store
from adapters.store.delivery_table import deliveries
from bot.voices import Voices
from nudges.people import Person
from nudges.roles import Grant, Role
from nudges.voice import AskedBack, Merged, Raised, Taken
from tests.clock import MONDAY, Clock
from tests.contracts.given import HERE
from tests.faults.faulty import Faults, FaultyStore

CROWD = tuple(f"p{n}" for n in range(6))


async def begin() -> Store:
    """Return a store in which six people raised the same, which was taken and asked about."""
    store = await Store.open("sqlite://", create=True)
    people = [Person(who, addresses=(replace(HERE, user=who),)) for who in (*CROWD, "eve", "sam")]
    async with store.write() as work:
        await work.save(people, MONDAY)
        await work.keep([Grant("eve", Role.CRM_TEAM), Grant("sam", Role.SPONSOR)], "x", MONDAY)
        for who in CROWD:
            await work.keep([Raised(f"turn:{who}", "blocker", "No time", "en")], who, MONDAY)
        merged = [Merged(number, 1) for number in range(2, len(CROWD) + 1)]
        taken = Taken(1, MONDAY.date())
        await work.keep([*merged, taken, AskedBack(1, "When?")], "eve", MONDAY)
    return store


async def tell(store: object, faults: Faults | None = None) -> int:
    given = FaultyStore(cast("Any", store), faults) if faults else store
    return await Voices(cast("Any", given), Clock(MONDAY), lambda: None).round()


async def queued(store: Store) -> list[tuple[str, str]]:
    async with store.read() as work:
        c = deliveries.c
        rows = await work.connection.execute(select(c.person, c.occasion).order_by(c.id))
        return sorted(tuple(row) for row in rows)


async def test_broken_anywhere_and_begun_again_each_hears_it_once() -> None:
    whole, counted = await begin(), Faults()
    assert await tell(whole, counted) == 2 * len(CROWD) + 1
    wanted = await queued(whole)
    assert [who for who, _ in wanted].count("p3") == 2, "that it was taken, and the question"
    assert ("sam", "voice:1:above") in wanted
    await whole.close()
    for at in range(1, len(counted.points) + 1):
        store = await begin()
        with pytest.raises(OSError, match="no database"):
            await tell(store, Faults(at, "fail"))
        for _ in range(2):
            await tell(store)
        assert await queued(store) == wanted, counted.points[at - 1]
        await store.close()
