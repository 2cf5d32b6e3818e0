"""Runs and spreads: broadcasts begun, spread over their people, paused, resumed and stopped."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from adapters.store.database import Store
from dialogs.guide import HelpNote
from nudges.audience import EVERYONE, Rule
from nudges.audience_language import parse
from nudges.delivery import Priority, RunState, Settled, State
from nudges.people import Hours, Person
from tests.clock import MONDAY
from tests.contracts.given import HERE, claim, end, post, queue, settle_in, states
from tests.contracts.given import begin as begin_sending

PEOPLE = (
    Person("ann", segment="sales", team="nl/north", language="nl"),
    Person("bob", segment="sales", team="nl/south", job="sales", language="nl"),
    Person("cas", segment="service", team="nl", language="en", zone="America/New_York"),
    Person("dee", segment="service", team="nlx", hours=Hours(time(13), time(18))),
    Person("eve", segment="service", team="be", left=True),
    Person("fay", country="DE", hours=Hours(days=(0, 2))),
)


async def begin(
    store: Store, rule: Rule = EVERYONE, *, own_morning: bool = False, run: str = "b:1"
) -> None:
    async with store.write() as work:
        await work.save([replace(p, addresses=(replace(HERE, user=p.id),)) for p in PEOPLE], MONDAY)
        await work.begin_spread(run, HelpNote(), rule, MONDAY, own_morning=own_morning, now=MONDAY)


async def spread(store: Store, limit: int = 100) -> int:
    async with store.write() as work:
        return await work.spread(MONDAY, limit)


async def whom(store: Store, after: timedelta = timedelta()) -> list[str]:
    claimed = await claim(store, after=after.total_seconds())
    return sorted(c.delivery.person for c in claimed)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("everyone", ["ann", "bob", "cas", "dee", "fay"]),
        ("segment is sales", ["ann", "bob"]),
        ("segment is sales or service and language is nl", ["ann", "bob"]),
        ("team is nl", ["ann", "bob", "cas"]),
        ("team is nl/north or be", ["ann"]),
        ("job is sales", ["bob"]),
        ("segment is nobody", []),
        ("team is n%", []),
    ],
)
async def test_who_is_meant(store: Store, rule: str, expected: list[str]) -> None:
    await begin(store, parse(rule))
    while await spread(store):
        pass
    assert await whom(store) == expected


@pytest.mark.parametrize("limit", [1, 2, 4, 5, 6])
async def test_in_parts_everybody_is_queued_once(store: Store, limit: int) -> None:
    await begin(store)
    parts = 0
    while await spread(store, limit):
        parts += 1
        assert parts < 20
    assert await states(store) == {"queued": 5}
    async with store.read() as work:
        assert await work.progress("b:1") == {"waiting": 5}
    await send_some(store)
    async with store.read() as work:
        assert await work.progress("b:1") == {"waiting": 3, "sent": 2}


async def send_some(store: Store) -> None:
    for one in (await claim(store))[:2]:
        await begin_sending(store, [one])
        await end(store, one, Settled(State.SENT, ref="m"))


async def test_each_in_their_own_morning(store: Store) -> None:
    await begin(store, own_morning=True)
    while await spread(store, 2):
        pass
    assert await whom(store) == ["ann", "bob", "fay"], "it is half past nine in Amsterdam"
    noon = datetime(2026, 11, 16, 12, 0, tzinfo=UTC)
    assert await whom(store, noon - MONDAY) == ["dee"], "who starts at one"
    at_nine = datetime(2026, 11, 16, 14, 0, tzinfo=UTC)
    assert await whom(store, at_nine - MONDAY) == ["cas"], "in New York"


async def test_begun_twice_it_goes_on_as_it_was(store: Store) -> None:
    await begin(store)
    while await spread(store, 2):
        pass
    await begin(store, parse("segment is sales"))
    assert await spread(store) == 0
    assert await states(store) == {"queued": 5}


async def test_what_is_paused_neither_spreads_nor_leaves(store: Store) -> None:
    await begin(store)
    await spread(store, 2)
    assert await switch(store, "b:1", RunState.PAUSED)
    assert await spread(store, 2) == 0
    assert await whom(store) == []
    assert await switch(store, "b:1", RunState.RUNNING)
    while await spread(store, 2):
        pass
    assert await whom(store) == ["ann", "bob", "cas", "dee", "fay"]


async def test_what_is_stopped_is_cancelled_and_never_goes_on(store: Store) -> None:
    await begin(store)
    await spread(store, 2)
    assert await switch(store, "b:1", RunState.STOPPED)
    async with store.write() as work:
        assert await work.cancel_stopped() == 2
        assert await work.cancel_stopped() == 0
    assert await spread(store, 2) == 0
    assert not await switch(store, "b:1", RunState.RUNNING)
    assert await states(store) == {"cancelled": 2}


async def test_a_pause_holds_back_its_own_run_alone(store: Store) -> None:
    await settle_in(store, "ann")
    await queue(
        store,
        post("pulse:1", priority=Priority.PULSE),
        post("nudge:1", priority=Priority.NUDGE),
        post("broadcast:1", priority=Priority.BROADCAST),
        post("reply:1"),
    )
    await switch(store, "pulses", RunState.PAUSED)
    claimed = await claim(store)
    assert [c.delivery.occasion for c in claimed] == ["reply:1", "nudge:1", "broadcast:1"]
    async with store.read() as work:
        found = {run.name: run.state for run in await work.runs()}
    assert found == {
        "replies": RunState.RUNNING,
        "pulses": RunState.PAUSED,
        "nudges": RunState.RUNNING,
        "broadcast:1": RunState.RUNNING,
    }


async def test_a_run_that_is_not_there_cannot_be_switched(store: Store) -> None:
    assert not await switch(store, "b:9", RunState.PAUSED)


async def switch(store: Store, name: str, state: RunState) -> bool:
    async with store.write() as work:
        return await work.switch(name, state, MONDAY)
