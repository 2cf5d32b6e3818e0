"""Whoever changes the audit log is found out, on every database; whoever is forgotten is not."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import delete, insert, text, update

from adapters.store.audit import Audited, audits
from adapters.store.database import Store
from adapters.store.schema import erasers
from adapters.store.seals import seals
from bot.seals import REST, Seals
from nudges.people import Person
from nudges.sealing import key_of
from tests.clock import MONDAY, Clock

SECRET = b"a secret of some length"
KEY = key_of(SECRET)
MINUTE = timedelta(minutes=1)


@pytest.fixture
async def house(store: Store) -> Store:
    """Return a log of five rows, three of which are sealed in two batches."""
    async with store.write() as work:
        await work.save([Person("ann", "Ann"), Person("bob", "Bob")], MONDAY)
        for n in range(3):
            await work.audit(Audited(MONDAY + n * MINUTE, "ann", "edit", f"thing:{n}", "bob"))
    for at in (MONDAY + REST + 90 * timedelta(seconds=1), MONDAY + REST + 5 * MINUTE):
        await seal(store, at)
    async with store.write() as work:
        for n in (3, 4):
            await work.audit(Audited(MONDAY + (9 + n) * MINUTE, "bob", "view", f"thing:{n}"))
    return store


async def seal(store: Store, at: object) -> int:
    return await Seals(store, Clock(at), SECRET).round()  # pyright: ignore[reportArgumentType]


async def broken(store: Store, key: bytes = KEY) -> list[str]:
    async with store.read() as work:
        return [one async for one in work.broken_audit(key)]


async def test_it_is_sealed_once_it_has_rested_and_each_upon_the_last(house: Store) -> None:
    async with house.read() as work:
        newest, waits = await work.sealed()
    assert newest
    assert (newest.number, newest.rows, newest.last, waits) == (2, 1, 3, 2)
    assert await broken(house) == []
    assert await seal(house, MONDAY + 14.5 * MINUTE) == 1, "the last one has not rested"
    assert await seal(house, MONDAY + 60 * MINUTE) == 1
    assert await seal(house, MONDAY + 60 * MINUTE) == 0
    assert await broken(house) == []


async def test_two_who_seal_at_once_seal_each_row_once(house: Store) -> None:
    late = MONDAY + 60 * MINUTE
    done = await asyncio.gather(*(seal(house, late) for _ in range(3)))
    assert sum(done) == 2
    assert await broken(house) == []


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (update(audits).where(audits.c.id == 2).values(act="view"), "seal 1 were changed"),
        (update(audits).where(audits.c.id == 2).values(about="thing:9"), "seal 1 were changed"),
        (
            update(audits).where(audits.c.id == 2).values(at=MONDAY - MINUTE),
            "seal 1 were changed",
        ),
        (update(audits).where(audits.c.id == 1).values(who="bob"), "row 1 names somebody else"),
        (update(audits).where(audits.c.id == 1).values(whom="ann"), "row 1 names somebody else"),
        (update(audits).where(audits.c.id == 1).values(who_mark=""), "seal 1 were changed"),
        (delete(audits).where(audits.c.id == 2), "seal 1 is about 2 rows, and there are 1"),
        (
            insert(audits).values(
                id=-1, at=MONDAY, who="ann", act="grant", about="role:admin", whom="ann"
            ),
            "1 rows were slipped in",
        ),
        (delete(seals).where(seals.c.id == 1), "seal 1 is gone"),
        (delete(seals).where(seals.c.id == 2), "1 rows belong to a seal that is gone"),
        (update(seals).where(seals.c.id == 2).values(digest="0" * 64), "seal 2 were changed"),
        (update(audits).where(audits.c.id == 3).values(seal=None), "seal 2 is about 1 rows"),
    ],
    ids=[
        *("an act", "a thing", "a moment", "who", "whom", "a mark", "a row gone", "slipped in"),
        *("the first seal", "the last seal", "a digest", "unsealed"),
    ],
)
async def test_a_change_is_found(house: Store, fault: object, said: str) -> None:
    async with house.write() as work:
        await work.connection.execute(fault)  # pyright: ignore[reportArgumentType, reportCallIssue]
    assert any(said in one for one in await broken(house)), await broken(house)


async def test_with_another_secret_nothing_holds(house: Store) -> None:
    assert len(await broken(house, key_of(b"another one"))) == 2


async def test_who_is_forgotten_leaves_a_log_that_holds_and_names_nobody(house: Store) -> None:
    async with house.write() as work:
        for who in ("ann", "bob"):
            for statement in erasers(who):
                await work.connection.execute(statement)
    assert await broken(house) == []
    async with house.read() as work:
        rows = (await work.connection.execute(text("SELECT * FROM audit"))).all()
    marks = [row.who_mark for row in rows if row.who_mark]
    assert len(marks) == len(set(marks)) == 3, "the same person has another mark in each row"
    assert "ann" not in str(rows)
