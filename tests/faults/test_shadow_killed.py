"""The round that asks where people keep things breaks at any point, and is begun again."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, cast

import pytest
from sqlalchemy import select

from adapters.store.database import Store
from adapters.store.delivery_table import deliveries
from bot import shadow
from nudges.people import Person
from nudges.programme import Programme, Segment
from nudges.shadow import in_turn
from tests.clock import Clock
from tests.contracts.given import HERE
from tests.faults.faulty import Faults, FaultyStore

W47 = date(2026, 11, 16)
TUESDAY = datetime(2026, 11, 17, 9, tzinfo=UTC)
CROWD = [
    Person(f"p{n}", segment="sales", welcomed=True, addresses=(replace(HERE, user=f"p{n}"),))
    for n in range(12)
]
TURN = sorted(p.id for p in CROWD if in_turn(p, W47))


async def begin() -> Store:
    store = await Store.open("sqlite://", create=True)
    async with store.write() as work:
        live = Segment("sales", {"en": "Sales"}, date(2026, 11, 2))
        await work.keep_programme(Programme({"en": "x"}, segments={"sales": live}))
        await work.save(CROWD, TUESDAY)
    return store


async def ask(store: object, faults: Faults | None = None) -> int:
    given = FaultyStore(cast("Any", store), faults) if faults else store
    return await shadow.Shadows(cast("Any", given), Clock(TUESDAY), lambda: None).round()


async def queued(store: Store) -> list[tuple[str, str]]:
    async with store.read() as work:
        c = deliveries.c
        rows = await work.connection.execute(select(c.person, c.occasion).order_by(c.person))
        return [tuple(row) for row in rows]


async def test_broken_anywhere_and_begun_again_each_is_asked_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(shadow, "PART", 5)
    whole = await begin()
    counted = Faults()
    assert await ask(whole, counted) == len(TURN) > 1
    wanted = await queued(whole)
    assert wanted == [(who, "shadow:2026-W47") for who in TURN]
    await whole.close()
    for at in range(1, len(counted.points) + 1):
        store = await begin()
        with pytest.raises(OSError, match="no database"):
            await ask(store, Faults(at, "fail"))
        for _ in range(2):
            await ask(store)
        assert await queued(store) == wanted, counted.points[at - 1]
        await store.close()
