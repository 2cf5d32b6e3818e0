"""The courier on a clock of its own: its pace, what goes first, storms, stops and full days."""

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from typing import cast

import pytest
from sqlalchemy import select

from adapters.store.database import Store
from adapters.store.delivery_table import deliveries
from bot.app import App
from bot.wiring.parts import Connection, build
from dialogs.guide import HelpNote
from nudges.address import Address
from nudges.delivery import Delivery, Outcome, Priority, RunState, State, Wait
from nudges.pace import POSTS, Paces
from nudges.people import Person
from tests.clock import MONDAY
from tests.contracts.given import states
from tests.desk import Notebook, read, settings
from tests.virtual import VirtualTime

SECOND = timedelta(seconds=1)
LOOK = 0.1


class Recorder(Notebook):
    """A platform that notes when each message came, and can ask everyone to wait."""

    def __init__(self, time: VirtualTime) -> None:
        super().__init__()
        self.time = time
        self.came: list[tuple[datetime, str]] = []
        self.waits: list[tuple[datetime, datetime]] = []
        self.storms: list[timedelta] = []
        self.storm_at = 0

    async def post(self, to: Address, payload: str, mark: str) -> Outcome:
        now = self.time()
        if self.storms and len(self.came) >= self.storm_at:
            until = now + self.storms.pop(0)
            self.waits.append((now, until))
            return Wait(until, "too many", everyone=True)
        self.came.append((now, to.user))
        return await super().post(to, payload, mark)

    def busiest(self) -> int:
        moments = [m for m, _ in self.came]
        return max(sum(start <= m < start + SECOND for m in moments) for start in moments)

    def when(self, user: str) -> datetime:
        return next(m for m, who in self.came if who == user)


class World:
    """Couriers on one store and one platform, and time that passes when nothing else happens."""

    def __init__(self, store: Store, pace: float | None, couriers: int = 1) -> None:
        self.time = VirtualTime()
        self.store = store
        self.platform = Recorder(self.time)
        paces = Paces({("browser", POSTS): pace} if pace else {})
        self.apps = [self._app(paces) for _ in range(couriers)]

    def _app(self, paces: Paces) -> App:
        return build(
            settings(),
            cast("Store", self.time.watched(self.store)),
            [Connection("browser", read, self.platform)],
            self.time,
            paces=paces,
            sleep=self.time.sleep,
        )

    async def people(self, *names: str) -> None:
        async with self.store.write() as work:
            await work.save(
                [
                    replace(
                        Person(name, welcomed=True),
                        addresses=(Address("browser", "demo", name),),
                    )
                    for name in names
                ],
                MONDAY,
            )

    async def queue(self, *wanted: Delivery) -> None:
        async with self.store.write() as work:
            await work.queue(wanted)

    async def passes(self, seconds: float) -> None:
        until = self.time() + timedelta(seconds=seconds)
        while self.time() < until:
            for app in self.apps:
                await app.courier.claim()
            await self.time.pass_(min(LOOK, (until - self.time()).total_seconds()))


def send(person: str, priority: Priority = Priority.BROADCAST, run: str = "b:1") -> Delivery:
    return Delivery(run, person, HelpNote(), priority, MONDAY)


def many(n: int) -> list[str]:
    return [f"p{i}" for i in range(n)]


@pytest.mark.parametrize("couriers", [1, 3])
async def test_however_many_couriers_the_pace_is_kept_and_used(
    memory: Store, couriers: int
) -> None:
    world = World(memory, 50, couriers)
    await world.people(*many(600))
    await world.queue(*map(send, many(600)))
    await world.passes(10)
    assert world.platform.busiest() <= 50
    assert len(world.platform.came) >= 0.98 * 500
    await world.passes(4)
    assert Counter(who for _, who in world.platform.came) == dict.fromkeys(many(600), 1)


@pytest.mark.parametrize("pace", [50.0, 5.0])
async def test_a_reply_takes_the_next_place_before_a_broadcast(memory: Store, pace: float) -> None:
    world = World(memory, pace)
    await world.people(*many(300), "ann")
    await world.queue(*map(send, many(300)))
    await world.passes(2)
    asked = world.time()
    await world.queue(send("ann", Priority.INTERACTIVE, "reply:1"))
    await world.passes(2)
    assert world.platform.when("ann") - asked <= max(LOOK * SECOND, SECOND / pace) * 1.2
    assert world.platform.busiest() <= pace


async def test_a_pulse_goes_before_a_broadcast(memory: Store) -> None:
    world = World(memory, 50)
    await world.people(*many(300), "ann")
    await world.queue(*map(send, many(300)))
    await world.passes(1)
    asked = world.time()
    await world.queue(send("ann", Priority.PULSE, "pulse:1"))
    await world.passes(2)
    assert world.platform.when("ann") - asked < 2 * SECOND


async def test_in_a_storm_nothing_is_sent_before_it_may_and_nothing_is_lost(memory: Store) -> None:
    world = World(memory, 50)
    world.platform.storms, world.platform.storm_at = [7 * SECOND, 3 * SECOND], 100
    await world.people(*many(400))
    await world.queue(*map(send, many(400)))
    await world.passes(90)
    assert len(world.platform.waits) == 2
    for since, until in world.platform.waits:
        assert not [m for m, _ in world.platform.came if since < m < until]
    assert Counter(who for _, who in world.platform.came) == dict.fromkeys(many(400), 1)
    assert await states(memory) == {State.SENT: 400}


async def test_after_a_storm_it_goes_slower_for_a_while(memory: Store) -> None:
    world = World(memory, 50)
    world.platform.storms, world.platform.storm_at = [5 * SECOND], 100
    await world.people(*many(500))
    await world.queue(*map(send, many(500)))
    await world.passes(13)
    ((_, until),) = world.platform.waits
    after = [m for m, _ in world.platform.came if m >= until]
    assert sum(m < until + 4 * SECOND for m in after) < 0.6 * 50 * 4
    assert world.platform.busiest() <= 50


@pytest.mark.parametrize("state", [RunState.PAUSED, RunState.STOPPED])
async def test_a_pause_takes_effect_within_two_seconds(memory: Store, state: RunState) -> None:
    world = World(memory, 50)
    await world.people(*many(600))
    await world.queue(*map(send, many(600)))
    await world.passes(3)
    async with memory.write() as work:
        assert await work.switch("b:1", state, world.time())
    at = world.time()
    await world.passes(5)
    assert max(m for m, _ in world.platform.came) <= at + 2 * SECOND
    assert len(world.platform.came) < 300


async def test_a_program_that_stops_puts_back_what_it_has_not_begun(memory: Store) -> None:
    world = World(memory, 5)
    await world.people(*many(50), "ann")
    await world.queue(*map(send, many(50)))
    await world.passes(1)
    await world.apps[0].courier.claim()
    sent = len(world.platform.came)
    finishing = asyncio.create_task(world.apps[0].courier.finish())
    await world.time.pass_(1)
    await finishing
    assert len(world.platform.came) <= sent + 2
    left = await states(memory)
    assert left["queued"] == 50 - len(world.platform.came)
    assert set(left) == {"queued", "sent"}


async def test_one_touch_a_day_and_three_a_week_whatever_is_queued(memory: Store) -> None:
    world = World(memory, None)
    await world.people("ann")
    await world.queue(
        *(send("ann", Priority.BROADCAST, f"b:{n}") for n in range(5)),
        send("ann", Priority.PULSE, "pulse:1"),
        send("ann", Priority.INTERACTIVE, "reply:1"),
    )
    for _ in range(15):
        await world.passes(0.3)
        world.time.now += timedelta(days=1) - timedelta(seconds=0.3)
    days = [m.date() for m, _ in world.platform.came[1:]]
    assert len(days) == len(set(days)) == 6
    assert all(sum(a <= b < a + timedelta(days=7) for b in days) <= 3 for a in days)
    assert all(day.weekday() < 5 for day in days)


async def test_two_couriers_give_one_person_one_touch(memory: Store) -> None:
    world = World(memory, None, couriers=3)
    names = many(40)
    await world.people(*names)
    await world.queue(*(send(name, run=f"b:{n}") for name in names for n in range(3)))
    await world.passes(1)
    assert Counter(who for _, who in world.platform.came) == dict.fromkeys(names, 1)


async def test_one_persons_messages_leave_in_their_order(memory: Store) -> None:
    world = World(memory, None)
    await world.people("ann")
    replies = [send("ann", Priority.INTERACTIVE, f"reply:{n}") for n in range(9)]
    await world.queue(*replies)
    await world.passes(0.5)
    async with memory.read() as work:
        found = await work.messages(range(1, 10))
    refs = [int((await ref(memory, number))[1:]) for number in sorted(found)]
    assert refs == sorted(refs)


async def ref(store: Store, number: int) -> str:
    async with store.read() as work:
        return (
            await work.connection.scalar(select(deliveries.c.ref).where(deliveries.c.id == number))
            or ""
        )


async def test_replies_one_after_another_do_not_hold_up_a_broadcast(memory: Store) -> None:
    world = World(memory, None)
    await world.people(*many(100), "ann")
    await world.queue(*map(send, many(100)))
    for n in range(6):
        await world.queue(send("ann", Priority.INTERACTIVE, f"reply:{n}"))
        await world.apps[0].courier.claim()
    await world.time.pass_(1)
    came = Counter(who for _, who in world.platform.came)
    assert came.pop("ann") == 6
    assert sum(came.values()) >= 50
