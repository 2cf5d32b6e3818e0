"""A rumour whose program is killed at any point: it is kept once, and put down once."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from adapters.store.database import Store
from adapters.store.delivery_table import deliveries
from adapters.store.rumours import held_rumours, rumours
from bot import carrier, courier, turns
from bot.rumours import RumourRounds
from dialogs.rumour_notes import TELLING
from dialogs.turns import Filled, Said, Tapped
from nudges.people import Person
from nudges.rumours import HOUR
from tests.clock import MONDAY, Clock
from tests.desk import PEOPLE, PROGRAMME, at
from tests.faults.faulty import Faults, FaultyStore, How
from tests.faults.test_every_point import ANN, LOST, World

CROWD = [f"p{n}" for n in range(6)]


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    for place in (turns, courier, carrier):
        monkeypatch.setattr(place, "PAUSE", 0)


async def opened() -> Store:
    store = await Store.open("sqlite://", create=True)
    async with store.write() as work:
        await work.keep_programme(PROGRAMME)
        await work.save([replace(PEOPLE[0], addresses=(ANN,), welcomed=True)], MONDAY)
        await work.save([Person(w, addresses=(at(w),), welcomed=True) for w in CROWD], MONDAY)
    return store


async def texts(store: Store) -> list[str]:
    async with store.read() as work:
        held = await work.connection.scalars(select(held_rumours.c.text))
        down = await work.connection.scalars(select(rumours.c.text))
        return sorted([*held, *down])


async def tells(world: World, *, typed: bool) -> None:
    """Let Ann tell a rumour, in a sentence or in the window."""
    if typed:
        return await world.arrives("browser:say", Said(ANN, "I heard that we move"))
    await world.arrives("browser:ask", Said(ANN, "rumour"))
    token = world.chat[-1].token
    await world.arrives("browser:open", Tapped(ANN, "rumour.open", token=token))
    filled = Filled(ANN, "rumour.sent", token=token, values={"rumour": "we move"})
    return await world.arrives("browser:form", filled)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("how", ["stop", "fail"])
@pytest.mark.parametrize("typed", [True, False], ids=["typed", "form"])
async def test_kept_once_wherever_it_breaks(how: How, *, typed: bool) -> None:
    counted = Faults()
    whole = World(await opened(), Clock(), counted)
    await tells(whole, typed=typed)
    assert await texts(whole.store) == ["we move"]
    cards = [seen.card.title for seen in whole.chat]
    assert len(counted.points) > 20
    for n in range(1, len(counted.points) + 1, 1 if typed else 2):
        where = f"{how} at {n}, {counted.points[n - 1]}"
        broken = World(await opened(), Clock(), Faults(n, how))
        await tells(broken, typed=typed)
        assert await texts(broken.store) == ["we move"], where
        if counted.points[n - 1] not in LOST:
            assert [seen.card.title for seen in broken.chat] == cards, where
        async with broken.store.read() as work:
            told = await work.connection.scalars(select(deliveries.c.card))
            assert not TELLING & set(told), where
        await broken.store.close()
    await whole.store.close()


async def test_put_down_once_wherever_it_breaks() -> None:
    night = Clock(MONDAY.replace(hour=HOUR))
    counted = Faults()
    points = 1
    n = 0
    while n <= points:
        store = await opened()
        world = World(store, Clock(), Faults())
        for who in CROWD:
            await world.arrives(f"browser:{who}", Said(at(who), f"I heard that {who} moves"))
        faults = Faults(n, "fail") if n else counted
        broken = RumourRounds(FaultyStore(store, faults), night)
        try:
            await broken.round()
        except OSError:
            assert n
        for one in (broken, RumourRounds(store, night)):
            await one.round()
        points = len(counted.points)
        assert await texts(store) == [f"{who} moves" for who in CROWD]
        async with store.read() as work:
            assert (await work.connection.scalars(select(held_rumours.c.key))).all() == []
        await store.close()
        n += 1
    assert points > 3
