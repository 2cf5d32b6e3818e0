"""Trouble around the house: what is broken is put aside, what is away is waited for."""

import asyncio
import json
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import replace
from datetime import timedelta
from typing import cast

import pytest
from sqlalchemy import select, text, update

from adapters.store.database import Store, Work
from adapters.store.delivery_table import deliveries
from adapters.store.people import people
from bot import carrier, courier, turns
from bot.app import App
from bot.grouped import Grouped
from bot.wiring.parts import Connection, build
from dialogs.card import Card
from dialogs.doorway import Arrival, Waiting
from nudges.address import Address
from nudges.delivery import Outcome, Priority, State
from tests.clock import Clock
from tests.contracts.given import begin, claim, post, queue, settle_in, states
from tests.desk import Desk, Notebook, at, open_desk, read, settings
from tests.faults.faulty import Faults, FaultyStore

HELP = json.dumps(
    {"kind": "say", "address": {"platform": "browser", "tenant": "demo", "user": "ann"}}
    | {"text": "help"}
)


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "PAUSE", 0.01)
    monkeypatch.setattr(courier, "PAUSE", 0.01)
    monkeypatch.setattr(carrier, "PAUSE", 0.01)


def says(key: str, words: str, who: str = "ann") -> Arrival:
    body = json.loads(HELP) | {"text": words}
    body["address"] |= {"user": who}
    return Arrival(f"browser:{key}", "browser", json.dumps(body))


async def waiting(store: Store, clock: Clock) -> Waiting:
    async with store.read() as work:
        return await work.waiting(clock())


async def test_what_arrives_together_is_taken_in_its_order(desk: Desk) -> None:
    for word in ("pulse", "4", "2"):
        desk.clock.pass_(seconds=1)
        await desk.says("bob", word)
    for place in range(10):
        words = ["pulse", "4", "2"]
        async with asyncio.TaskGroup() as group:
            for n, word in enumerate(words):
                group.create_task(desk.app.inbox.accept(says(f"{place}-{n}", word)))
        await desk.app.settle()
        desk.clock.pass_(days=1)
    async with desk.store.read() as work:
        given = (await work.answers(["ann"], desk.clock()))["ann"]
    assert [a.score for a in given] == [4, 2] * 10


@pytest.mark.parametrize("at", range(1, 40))
async def test_a_database_that_is_away_for_a_moment_changes_no_order(
    memory: Store, clock: Clock, at: int
) -> None:
    await settle_in(memory, "ann")
    faults = Faults(at, "fail")
    app = house(cast("Store", FaultyStore(memory, faults)), clock, Notebook())
    for n, word in enumerate(("pulse", "4", "2")):
        arrival = says(str(n), word)
        try:
            await app.inbox.accept(arrival)
        except OSError:
            await app.inbox.accept(arrival)
    await app.turns.take()
    async with memory.read() as work:
        given = (await work.answers(["ann"], clock()))["ann"]
    assert len(faults.points) >= at
    assert [a.score for a in given] == [4, 2]


async def test_what_nobody_can_read_holds_up_nobody(desk: Desk) -> None:
    for n, body in enumerate(("", "[]", "{", '{"kind": "say"}', HELP)):
        await desk.app.inbox.accept(Arrival(f"browser:{n}", "browser", body))
    await desk.app.inbox.accept(Arrival("slack:1", "slack", HELP))
    await desk.app.settle()
    assert len(desk.chat("ann")) == 1
    assert (await waiting(desk.store, desk.clock)).n == 0


async def test_all_that_was_left_is_taken_over_at_once(memory: Store, clock: Clock) -> None:
    desk = await open_desk(memory, clock)
    many = [says(str(n), "help", f"user-{n}") for n in range(100)]
    async with memory.write() as work:
        await work.accept(many, "stopped", clock(), clock())
    clock.pass_(seconds=1)
    assert await desk.app.turns.recover() == len(many)
    await desk.app.settle()
    assert len(desk.notebook.chats) == len(many)


async def test_who_waits_for_a_reply_gets_it_though_the_lease_ran_out(desk: Desk) -> None:
    await desk.joins("ann")
    tap = desk.last("ann").buttons["English"].tap
    body = json.loads(HELP) | {"kind": "tap", "verb": tap.verb, "choice": tap.choice}
    body |= {"token": desk.last("ann").token}
    del body["text"]
    await desk.app.inbox.accept(Arrival("browser:tap", "browser", json.dumps(body)))
    asks = asyncio.create_task(desk.app.inbox.reply("browser:tap", timedelta(seconds=5)))
    await asyncio.sleep(0)
    desk.clock.pass_(seconds=16)
    assert await desk.app.turns.recover() == 1
    await desk.app.settle()
    reply = await asks
    assert reply is not None
    assert reply.instead is not None


class Clumsy(Notebook):
    """A platform that is slow, and cannot draw its first card."""

    def __init__(self, slow: float = 0, *, spilled: bool = False) -> None:
        super().__init__()
        self.slow = slow
        self.spilled = spilled
        self.called = asyncio.Event()

    def draw(self, card: Card, token: str) -> str:
        if self.spilled:
            self.spilled = False
            message = "ink everywhere"
            raise RuntimeError(message)
        return super().draw(card, token)

    async def post(self, to: Address, payload: str, mark: str) -> Outcome:
        self.called.set()
        await asyncio.sleep(self.slow)
        return await super().post(to, payload, mark)


def house(store: Store, clock: Clock, notebook: Notebook) -> App:
    return build(settings(), store, [Connection("browser", read, notebook)], clock)


async def test_a_card_that_cannot_be_drawn_is_refused_and_the_others_come(
    memory: Store, clock: Clock
) -> None:
    await open_desk(memory, clock)
    app = house(memory, clock, Clumsy(spilled=True))
    await queue(memory, post("first", "bob"), post("second", "bob"), post("third", "eve"))
    await app.courier.round()
    assert await states(memory) == {"refused": 1, "sent": 2}


async def test_a_program_told_to_stop_finishes_what_it_is_sending(
    tmp_path_factory: pytest.TempPathFactory, clock: Clock
) -> None:
    url = f"sqlite:///{tmp_path_factory.mktemp('stop') / 'wayfinder.db'}"
    store = await Store.open(url, create=True)
    await settle_in(store, "ann")
    notebook = Clumsy(slow=0.2)
    app = house(store, clock, notebook)
    await app.start()
    await app.inbox.accept(says("1", "help"))
    await notebook.called.wait()
    await app.stop()
    again = await Store.open(url)
    assert await states(again) == {State.SENT: 1}
    assert len(notebook.chats["ann"]) == 1
    await again.close()


class Slow(Faults):
    """No fault: a database that takes its time over one kind of statement."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name
        self.reached = asyncio.Event()

    async def point(self, name: str) -> bool:
        if name == self.name:
            self.reached.set()
            await asyncio.sleep(0.1)
        return False


@pytest.mark.parametrize("database", ["memory", "postgresql"], indirect=True)
async def test_a_program_told_to_stop_finishes_the_turn_it_is_taking(
    store: Store, clock: Clock
) -> None:
    await settle_in(store, "ann")
    slow = Slow("before consume")
    notebook = Notebook()
    app = house(cast("Store", FaultyStore(store, slow)), clock, notebook)
    await app.start()
    await app.inbox.accept(says("1", "help"))
    await slow.reached.wait()
    await app.stop()
    assert (await waiting(store, clock)).n == 0
    assert len(notebook.chats["ann"]) == 1


class Asleep(Faults):
    """No fault: a machine that is stopped at a point, the ``nth`` time, and woken later."""

    def __init__(self, where: str, nth: int) -> None:
        super().__init__()
        self.where = where
        self.nth = nth
        self.stopped = asyncio.Event()
        self.woken = asyncio.Event()

    async def point(self, name: str) -> bool:
        self.points.append(name)
        if self.points.count(self.where) == self.nth and not self.stopped.is_set():
            self.stopped.set()
            await self.woken.wait()
        return False


@pytest.mark.parametrize("where", ["before a transaction", "after the commit"])
@pytest.mark.parametrize(
    ("priority", "nth"),
    [(Priority.PULSE, n) for n in (1, 2, 3)] + [(Priority.INTERACTIVE, n) for n in (1, 2)],
)
async def test_a_courier_that_slept_wakes_up_and_sends_nothing_twice(
    memory: Store, clock: Clock, priority: Priority, nth: int, where: str
) -> None:
    await settle_in(memory, "ann")
    await queue(memory, post("once", priority=priority))
    notebook = Notebook()
    sleeper = Asleep(where, nth)
    first = house(cast("Store", FaultyStore(memory, sleeper)), clock, notebook)
    second = house(memory, clock, notebook)
    sending = asyncio.create_task(first.courier.round())
    await sleeper.stopped.wait()
    clock.pass_(seconds=90)
    await second.courier.look_after()
    await second.settle()
    sleeper.woken.set()
    await sending
    clock.pass_(minutes=2)
    await second.settle()
    assert await states(memory) == {State.SENT: 1}
    assert len(notebook.chats["ann"]) == 1


async def test_a_program_stops_also_without_a_database(memory: Store, clock: Clock) -> None:
    closed: list[str] = []

    class Away(FaultyStore):
        async def close(self) -> None:
            closed.append("store")

    faults = Faults()
    app = house(cast("Store", Away(memory, faults)), clock, Notebook())
    await app.start()
    faults.at, faults.how = len(faults.points) + 1, "fail"
    await app.stop()
    assert closed == ["store"]


class Mute(Notebook):
    """A platform that cannot be asked what arrived."""

    async def find(self, to: Address, mark: str) -> Outcome | None:
        message = f"no answer about {mark} to {to.user}"
        raise RuntimeError(message)


async def test_what_nobody_can_look_for_is_unknown_and_never_sent_again(
    memory: Store, clock: Clock
) -> None:
    await settle_in(memory, "ann")
    await queue(memory, post("doubtful"))
    await begin(memory, await claim(memory))
    clock.pass_(minutes=1)
    notebook = Mute()
    app = house(memory, clock, notebook)
    assert await app.courier.look_after() == 1
    await app.settle()
    assert await states(memory) == {State.UNKNOWN: 1}
    assert notebook.chats == {}


async def test_a_row_that_breaks_one_turn_breaks_no_other(desk: Desk) -> None:
    await desk.says("bob", "pulse")
    async with desk.store.write() as work:
        broken = {"card": "pulse", "pulse": "p", "questions": ["no-such-question"], "place": 7}
        await work.connection.execute(
            update(deliveries).where(deliveries.c.person == "bob").values(note=broken)
        )
    async with asyncio.TaskGroup() as group:
        group.create_task(desk.app.inbox.accept(says("a", "4", "bob")))
        group.create_task(desk.app.inbox.accept(says("b", "help", "ann")))
    await desk.app.settle()
    assert len(desk.chat("ann")) == 1
    async with desk.store.read() as work:
        rows = await work.connection.scalars(select(deliveries.c.occasion))
        assert "sorry:browser:a" in set(rows), "the one that fails gets an apology"
    assert (await waiting(desk.store, desk.clock)).n == 0


async def test_of_a_group_only_the_item_that_is_wrong_fails() -> None:
    async def flush(items: Sequence[int]) -> Sequence[int]:
        await asyncio.sleep(0)
        return [100 // n for n in items]

    grouped = Grouped(flush)
    found = await asyncio.gather(*(grouped.add(n) for n in (1, 2, 0, 4)), return_exceptions=True)
    assert found[:2] + found[3:] == [100, 50, 25]
    assert isinstance(found[2], ZeroDivisionError)


async def test_a_group_without_a_database_fails_together_and_once() -> None:
    tries: list[int] = []

    async def flush(items: Sequence[int]) -> Sequence[int]:
        tries.append(len(items))
        await asyncio.sleep(0)
        message = "no database"
        raise OSError(message)

    grouped = Grouped(flush)
    found = await asyncio.gather(*(grouped.add(n) for n in range(9)), return_exceptions=True)
    assert [type(e) for e in found] == [OSError] * 9
    assert sum(tries) == 9


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_a_full_disk_is_told_and_gets_over_by_itself(store: Store, clock: Clock) -> None:
    desk = await open_desk(store, clock)
    async with store.write() as work:
        pages = await work.connection.scalar(text("PRAGMA page_count"))
        await work.connection.execute(text(f"PRAGMA max_page_count = {pages}"))
    large = replace(says("1", "help"), body=HELP + " " * 200_000)
    with pytest.raises(OSError, match="full"):
        await desk.app.inbox.accept(large)
    assert (await waiting(store, clock)).n == 0, "what was not acknowledged is not there either"
    async with store.write() as work:
        await work.connection.execute(text("PRAGMA max_page_count = 1000000"))
    assert await desk.app.inbox.accept(large)
    await desk.app.settle()
    assert len(desk.chat("ann")) == 1


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
async def test_a_postgresql_that_hangs_up_is_away_for_a_moment(store: Store, clock: Clock) -> None:
    desk = await open_desk(store, clock)

    async def hang_up(transaction: AbstractAsyncContextManager[Work]) -> None:
        async with transaction as work:
            await work.connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))

    for transaction in (store.write, store.read):
        with pytest.raises(OSError, match="terminating connection"):
            await hang_up(transaction())
    await desk.says("ann", "help")
    assert len(desk.chat("ann")) == 1


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
async def test_connections_that_all_are_in_use_are_told_within_two_seconds(store: Store) -> None:
    async def use(stack: AsyncExitStack) -> None:
        work = await stack.enter_async_context(store.read())
        await work.programme()

    async with AsyncExitStack() as stack:
        for _ in range(20):
            await use(stack)
        with pytest.raises(OSError, match="every connection to the database is in use"):
            await use(stack)
    async with AsyncExitStack() as stack:
        await use(stack)


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
async def test_two_in_each_others_way_are_told_to_come_again(store: Store, clock: Clock) -> None:
    await settle_in(store, "ann", "bob")
    both = asyncio.Barrier(2)

    async def hold(first: str, second: str) -> None:
        async with store.write() as work:
            await work.meet([at(first)], clock())
            await both.wait()
            await work.meet([at(second)], clock())

    done = await asyncio.gather(hold("ann", "bob"), hold("bob", "ann"), return_exceptions=True)
    failed = [error for error in done if error is not None]
    assert len(failed) == 1
    assert isinstance(failed[0], OSError)
    assert "deadlock" in str(failed[0])


async def test_someone_who_cannot_be_planned_holds_up_nobody(desk: Desk) -> None:
    before = desk.clock()
    async with desk.store.write() as work:
        known = (await work.people(["ann", "bob"])).values()
        await work.save([replace(p, welcomed=True, next_due=before) for p in known], before)
        damaged = update(people).where(people.c.id == "ann").values(zone="Nowhere/Atall")
        await work.connection.execute(damaged)
    assert await desk.app.ticker.plan() == 1
    assert (await desk.person("ann")).next_due == before + timedelta(days=1)
    assert (await desk.person("bob")).next_due != before
