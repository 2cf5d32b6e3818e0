"""The program split into roles: each process does its part, and together they are the whole."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from adapters.store.answers import answers
from adapters.store.database import Store
from bot.app import App, Role
from bot.wiring.parts import PATIENCE, Connection, build
from nudges.address import Address
from nudges.delivery import Outcome, Priority
from tests.clock import Clock
from tests.contracts.given import post, queue, settle_in, states
from tests.desk import Notebook, read, settings
from tests.faults.test_trouble import says

SOON = replace(PATIENCE, rest=timedelta(milliseconds=50), tick=timedelta(milliseconds=100))


def chats(notebook: Notebook) -> list[Connection]:
    return [Connection("browser", read, notebook)]


@asynccontextmanager
async def running(
    store: Store, clock: Clock, notebook: Notebook, *roles: Role
) -> AsyncGenerator[App]:
    app = build(
        settings(),
        store,
        chats(notebook),
        clock,
        patience=SOON,
        roles=frozenset(roles),
    )
    app.closers.clear()  # the test closes the store
    await app.start()
    try:
        yield app
    finally:
        await app.stop()


async def answered(store: Store) -> list[int | None]:
    async with store.read() as work:
        return list(await work.connection.scalars(select(answers.c.score)))


async def until(notebook: Notebook, who: str, n: int) -> None:
    async with asyncio.timeout(10):
        while len(notebook.chats.get(who, [])) < n:  # noqa: ASYNC110 - a fake has no event
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)
async def test_split_over_processes_a_reply_still_comes(store: Store, clock: Clock) -> None:
    await settle_in(store, "ann")
    notebook = Notebook()
    async with (
        running(store, clock, notebook, "web") as web,
        running(store, clock, notebook, "ticker"),
        running(store, clock, notebook, "courier"),
        running(store, clock, notebook, "courier"),
    ):
        await web.inbox.accept(says("1", "help"))
        await until(notebook, "ann", 1)
        await web.inbox.accept(says("2", "pulse"))
        await until(notebook, "ann", 2)
    assert await states(store) == {"sent": 2}


@pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)
async def test_words_that_two_processes_heard_are_answered_in_their_order(
    store: Store, clock: Clock
) -> None:
    """The first of them had to wait; nobody's 4 is taken before the question that it answers."""
    await settle_in(store, "ann")
    notebook = Notebook()
    words = [replace(says(w, w), sender="browser:ann") for w in ("pulse", "4")]
    slow, quick = (build(settings(), store, chats(notebook), clock, SOON) for _ in range(2))
    await slow.inbox.accept(words[0])
    clock.pass_(seconds=1)
    await quick.inbox.accept(words[1])
    await quick.settle()
    assert await answered(store) == []
    await slow.settle()
    async with asyncio.timeout(10):
        while not await quick.turns.take():  # noqa: ASYNC110 - it comes back by itself
            await asyncio.sleep(0.02)
    assert await answered(store) == [4]


@pytest.mark.parametrize("role", ["web", "ticker"])
async def test_only_the_courier_sends(memory: Store, clock: Clock, role: Role) -> None:
    await settle_in(memory, "ann")
    await queue(memory, post("reply"))
    async with running(memory, clock, Notebook(), role):
        await asyncio.sleep(0.3)
    assert await states(memory) == {"queued": 1}


async def test_only_the_web_lets_people_in(memory: Store, clock: Clock) -> None:
    doors: list[App] = []
    for role in ("web", "ticker", "courier"):
        connection = Connection("browser", read, Notebook(), attach=doors.append)
        app = build(settings(), memory, [connection], clock, roles=frozenset({role}))
        assert (app in doors) == (role == "web")


async def test_many_wait_and_a_program_still_stops_and_leaves_nothing_half_sent(
    memory: Store, clock: Clock
) -> None:
    names = [f"p{n}" for n in range(400)]
    await settle_in(memory, *names)
    await queue(memory, *(post("b:1", name, priority=Priority.BROADCAST) for name in names))

    class Slow(Notebook):
        async def post(self, to: Address, payload: str, mark: str) -> Outcome:
            await asyncio.sleep(0.2)
            return await super().post(to, payload, mark)

    slow = Slow()
    async with running(memory, clock, slow, "courier"):
        await asyncio.sleep(0.3)
    found = await states(memory)
    assert set(found) == {"queued", "sent"}
    assert found["sent"] == sum(map(len, slow.chats.values()))
