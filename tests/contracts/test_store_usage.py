"""What people did in the CRM, as it is kept: one value of each, gaps as gaps, on each database."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from adapters.store.database import Store
from adapters.store.schema import erasers
from adapters.store.usage import usage
from nudges.address import Address
from nudges.adoption import WEEK, Fetch, Metric, Use, Worker
from nudges.people import Person
from tests.clock import MONDAY

W46, W47 = date(2026, 11, 9), date(2026, 11, 16)
DAYS, RECORDS, LEADS = Metric.ACTIVE_DAYS, Metric.RECORDS, Metric.LEADS_IN_TIME
ZONE = Person("").zone
HOUR = timedelta(hours=1)


@pytest.fixture
async def house(store: Store) -> Store:
    async with store.write() as work:
        people = [Person(f"p{n}", email=f"p{n}@acme.example") for n in range(4)]
        await work.save(people, MONDAY)
    return store


async def keep(house: Store, *uses: Use, source: str = "csv", later: timedelta = WEEK * 0) -> int:
    async with house.write() as work:
        return await work.keep_usage(uses, source, MONDAY + later)


async def told(house: Store) -> dict[tuple[str, date], dict[Metric, float]]:
    async with house.read() as work:
        found = await work.usage_of(None, date(2026, 1, 5), date(2027, 1, 4))
    return {(use.person, use.week): dict(use.values) for use in found}


async def sources(house: Store) -> list[tuple[str, str]]:
    async with house.read() as work:
        rows = await work.connection.execute(
            select(usage.c.metric, usage.c.source).order_by(usage.c.metric)
        )
        return [(row.metric, row.source) for row in rows]


async def test_what_was_not_told_is_not_there(house: Store) -> None:
    assert await keep(house, Use("p0", W46, {DAYS: 4, LEADS: 0.75}), Use("p1", W46, {})) == 2
    assert await told(house) == {("p0", W46): {DAYS: 4.0, LEADS: 0.75}}


async def test_the_same_again_changes_nothing(house: Store) -> None:
    use = Use("p0", W46, {DAYS: 4, RECORDS: 0})
    assert await keep(house, use) == 2
    assert await keep(house, use, source="webhook", later=HOUR) == 0
    assert await sources(house) == [("active_days", "csv"), ("records", "csv")]


async def test_what_is_told_later_replaces_and_a_gap_does_not(house: Store) -> None:
    await keep(house, Use("p0", W46, {DAYS: 4, RECORDS: 9}))
    assert await keep(house, Use("p0", W46, {DAYS: 5}), source="crm", later=HOUR) == 1
    assert await told(house) == {("p0", W46): {DAYS: 5.0, RECORDS: 9.0}}
    assert await sources(house) == [("active_days", "crm"), ("records", "csv")]


async def test_what_was_told_earlier_and_comes_late_replaces_nothing(house: Store) -> None:
    await keep(house, Use("p0", W46, {DAYS: 5}), later=HOUR)
    assert await keep(house, Use("p0", W46, {DAYS: 4})) == 0
    assert await told(house) == {("p0", W46): {DAYS: 5.0}}


async def test_of_two_in_one_telling_the_last_counts(house: Store) -> None:
    assert await keep(house, Use("p0", W46, {DAYS: 4}), Use("p0", W46, {DAYS: 5})) == 1
    assert await told(house) == {("p0", W46): {DAYS: 5.0}}


async def test_people_and_weeks_are_picked(house: Store) -> None:
    await keep(house, *(Use(f"p{n}", week, {DAYS: n}) for n in range(4) for week in (W46, W47)))
    async with house.read() as work:
        picked = await work.usage_of(["p3", "p1", "p3", "nobody"], W46, W47)
        assert picked == [Use("p1", W46, {DAYS: 1.0}), Use("p3", W46, {DAYS: 3.0})]
        assert len(await work.usage_of(None, W46, W47 + timedelta(days=1))) == 8
        assert await work.usage_of(None, W46 + timedelta(days=1), W47) == []
        assert await work.usage_of([], W46, W47) == []


async def test_who_is_not_here_is_left_out_and_nobody_is_made(house: Store) -> None:
    assert await keep(house, Use("stranger", W46, {DAYS: 4}), Use("p0", W46, {DAYS: 4})) == 1
    async with house.read() as work:
        assert await work.people(["stranger"]) == {}
    async with house.write() as work:
        for statement in erasers("p0"):
            await work.connection.execute(statement)
    assert await told(house) == {}
    assert await keep(house, Use("p0", W46, {DAYS: 4})) == 0, "who was forgotten stays so"


async def test_many_at_once(house: Store) -> None:
    many = [Use("p0", W46 - nth * WEEK, {DAYS: nth % 8, RECORDS: nth}) for nth in range(3000)]
    assert await keep(house, *many) == 6000
    assert await keep(house, *many, later=HOUR) == 0
    more = [replace(use, values={RECORDS: 1_000_000}) for use in many]
    assert await keep(house, *more, later=HOUR) == 3000


async def test_who_may_be_known_by_what(house: Store) -> None:
    async with house.write() as work:
        home = Address("teams", "T", "8d0c-entra")
        slack = Address("slack", "T1", "U1")
        await work.save(
            [Person("p0", email="p0@x", zone="Asia/Singapore", addresses=(slack, home))], MONDAY
        )
        await work.save([Person("p1", left=True, email="p1@acme.example")], MONDAY)
    async with house.read() as work:
        assert await work.workers() == [
            Worker("p0", "8d0c-entra", "p0@x", "Asia/Singapore"),
            Worker("p2", "", "p2@acme.example", ZONE),
            Worker("p3", "", "p3@acme.example", ZONE),
        ]


async def test_a_week_is_tried_by_one(house: Store) -> None:
    async with house.write() as work:
        assert await work.try_usage("crm", W46, MONDAY, again=False, tries=0)
        assert not await work.try_usage("crm", W46, MONDAY, again=False, tries=0), "someone did"
        assert await work.try_usage("crm", W46, MONDAY, again=True, tries=0)
        assert await work.try_usage("other", W46, MONDAY, again=False, tries=0)
        assert await work.try_usage("crm", W46, MONDAY + HOUR, again=False, tries=1)
    async with house.read() as work:
        assert await work.usage_weeks(W46, "crm") == [
            Fetch("crm", W46, again=False, at=MONDAY + HOUR, tries=2),
            Fetch("crm", W46, again=True, at=MONDAY),
        ]
        assert len(await work.usage_weeks(W46)) == 3
        assert await work.usage_weeks(W47) == []


async def test_of_several_that_try_at_once_one_may(house: Store) -> None:
    async def one() -> bool:
        async with house.write() as work:
            return await work.try_usage("crm", W46, MONDAY, again=False, tries=0)

    assert sorted(await asyncio.gather(*(one() for _ in range(5)))) == [False] * 4 + [True]


async def test_what_was_told_whole_adds_up(house: Store) -> None:
    async with house.write() as work:
        await work.try_usage("crm", W46, MONDAY, again=False, tries=0)
        await work.week_told("crm", W46, {RECORDS, DAYS}, again=False)
        await work.week_told("crm", W46, {LEADS}, again=False)
        await work.week_told("crm", W46, (), again=False)
        (fetch,) = await work.usage_weeks(W46)
    assert fetch.whole == {RECORDS, DAYS, LEADS}


async def test_a_mark_is_kept_by_one(store: Store) -> None:
    async with store.write() as work:
        assert await work.first_mark("usage:1", MONDAY + HOUR, MONDAY)
        assert not await work.first_mark("usage:1", MONDAY + HOUR, MONDAY)
        assert await work.first_mark("usage:1", MONDAY + 3 * HOUR, MONDAY + 2 * HOUR)
