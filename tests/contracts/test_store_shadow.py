"""What the store keeps of where people keep things, the same on every database."""

from datetime import date, datetime, timedelta

from sqlalchemy import select

from adapters.store.database import Store
from adapters.store.schema import erasers
from adapters.store.shadow import shadows
from nudges.delivery import Priority, Settled, State
from nudges.people import Person
from nudges.shadow import (
    Came,
    Place,
    ShadowBack,
    ShadowFact,
    ShadowKept,
    ShadowNote,
    ShadowReason,
    occasion,
)
from tests.clock import MONDAY
from tests.contracts.given import begin, claim, end, post, queue

W46, W47 = date(2026, 11, 9), date(2026, 11, 16)
HOUR = timedelta(hours=1)


async def says(store: Store, who: str, *facts: ShadowFact, at: datetime = MONDAY) -> None:
    async with store.write() as work:
        await work.save([Person(who)], MONDAY)
        await work.keep(facts, who, at)


async def rows(store: Store) -> list[tuple[object, ...]]:
    async with store.read() as work:
        c = shadows.c
        found = select(c.person, c.week, c.place, c.reason, c.back).order_by(c.person, c.week)
        return [tuple(row) for row in await work.connection.execute(found)]


async def test_the_last_word_counts_and_takes_its_reason_along(store: Store) -> None:
    await says(store, "ann", ShadowKept(W47, "sheet"), ShadowReason(W47, "habit"))
    assert await rows(store) == [("ann", W47, "sheet", "habit", None)]
    await says(store, "ann", ShadowBack(W47, back=False), at=MONDAY + HOUR)
    await says(store, "ann", ShadowKept(W47, "crm"), ShadowKept(W46, "na"), at=MONDAY + HOUR)
    assert await rows(store) == [("ann", W46, "na", "", None), ("ann", W47, "crm", "", False)]


async def test_without_an_answer_there_is_no_reason(store: Store) -> None:
    await says(store, "ann", ShadowReason(W47, "habit"), ShadowBack(W47, back=True))
    assert await rows(store) == []


async def test_no_log_tells_of_it(store: Store) -> None:
    facts = ShadowKept(W47, "sheet"), ShadowReason(W47, "habit"), ShadowBack(W47, back=True)
    await says(store, "ann", *facts)
    async with store.read() as work:
        assert await work.audited(10) == []


async def test_what_was_said_in_a_time_earliest_first(store: Store) -> None:
    said: list[tuple[str, Place, int]] = [("ann", "sheet", 0), ("bob", "crm", 1), ("cas", "na", 2)]
    for who, place, hours in said:
        await says(store, who, ShadowKept(W47, place), at=MONDAY + hours * HOUR)
    await says(store, "ann", ShadowKept(W46, "paper"), at=MONDAY + 3 * HOUR)
    await says(store, "ann", ShadowBack(W47, back=True), at=MONDAY + 4 * HOUR)
    await says(store, "bob", ShadowBack(W47, back=False), at=MONDAY + 3 * HOUR)
    async with store.read() as work:
        told = await work.shadows_between(MONDAY, MONDAY + 4 * HOUR)
        assert told == [("ann", "sheet"), ("bob", "crm"), ("cas", "na"), ("ann", "paper")]
        assert await work.shadows_between(MONDAY + HOUR, MONDAY + 2 * HOUR) == [("bob", "crm")]
        back = await work.back_between(MONDAY, MONDAY + 5 * HOUR)
        assert back == [("bob", False), ("ann", True)]
        assert await work.back_between(MONDAY, MONDAY + HOUR) == []


async def test_when_people_were_asked_is_read_from_what_came(store: Store) -> None:
    for who in ("ann", "bob"):
        await says(store, who)
    notes = [(W46, ShadowNote(str(W46))), (W47, ShadowNote(str(W47)))]
    for week, note in notes:
        await queue(store, post(occasion(week), "ann", note=note, priority=Priority.NUDGE))
    async with store.read() as work:
        assert await work.shadow_came(["ann", "bob"]) == {}
    claimed = await claim(store)
    await begin(store, claimed)
    for one in claimed:
        await end(store, one, Settled(State.SENT, ref="r"))
    async with store.read() as work:
        found = await work.shadow_came(["ann", "bob"])
        assert await work.shadow_came([]) == {}
    assert list(found) == ["ann"]
    assert len(found["ann"]) == len(notes)
    assert all(isinstance(one, Came) and one.answered is None for one in found["ann"])


async def test_what_somebody_said_goes_with_them(store: Store) -> None:
    for who in ("ann", "bob"):
        await says(store, who, ShadowKept(W47, "sheet"))
    async with store.write() as work:
        for statement in erasers("ann"):
            await work.connection.execute(statement)
    assert [row[0] for row in await rows(store)] == ["bob"]
