"""Someone is welcomed, asked and followed up, and the program breaks at every point on the way.

At a point it stops once (and a new program goes on with the same database), and fails once
(and the same program goes on). The person must end up with the same chat as if nothing had
happened; on a platform that cannot tell whether a message arrived, one may be missing, and then
it counts as unknown.
"""

import asyncio
import json
import os
from collections.abc import Callable, Coroutine
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any, TypeVar, cast

import pytest
from pydantic import TypeAdapter
from sqlalchemy import CursorResult, Table, delete

from adapters.store.database import Store, Work
from adapters.store.schema import metadata
from bot import carrier, courier, turns
from bot.app import App
from bot.rehearsal import checker
from bot.wiring.parts import Connection, build
from dialogs.doorway import Arrival
from dialogs.turns import Joined, Tapped, Turn
from nudges.address import Address
from nudges.delivery import ENDS, Outcome
from tests.clock import MONDAY, Clock
from tests.desk import KINDS, PEOPLE, PROGRAMME, Notebook, Seen, at, read, settings
from tests.faults.faulty import Faults, FaultyChannel, FaultyStore, How

ANN = at("ann")
LABELS = ("English", "Less searching and double work", "Rather not now", "Ask me now", "1", "2")
SCORES = {"1": 1, "2": 2}
STEPS = 1 + len(LABELS) + 1
ALL = os.environ.get("FAULTS") == "all"
"""Break at every point in every way, which takes minutes; else at every third to seventh."""
LOST = {"after post", "after the commit"}
"""Where a program that goes on is not told what became of something."""
PATIENCE = timedelta(seconds=40)
"""Longer than any lease, and than any pause after a failure."""
Result = TypeVar("Result")


class Stopped(Exception):  # noqa: N818 - it is no error: somebody pulled the plug
    """The program stopped while it was doing something."""


@dataclass
class World:
    """One person, one platform and one database; the program between them may break."""

    store: Store
    clock: Clock
    faults: Faults
    tells: bool = True
    notebook: Notebook = field(default_factory=Notebook)
    posted: list[checker.Posted] = field(default_factory=list[checker.Posted])
    acknowledged: set[str] = field(default_factory=set[str])
    scores: list[int] = field(default_factory=list[int])
    instead: Seen | None = None
    restarts: int = 0
    app: App = field(init=False)

    def __post_init__(self) -> None:
        self._watch()
        self.start()

    def _watch(self) -> None:
        post = self.notebook.post

        async def witnessed(to: Address, payload: str, mark: str) -> Outcome:
            outcome = await post(to, payload, mark)
            self.posted.append(checker.Posted(mark, to.user))
            return outcome

        self.notebook.post = witnessed

    def start(self) -> None:
        """Start a program on this database."""
        channel = FaultyChannel(self.notebook, self.faults, self.clock, tells=self.tells)
        store = cast("Store", FaultyStore(self.store, self.faults))
        platforms = [Connection("browser", read, channel)]
        self.app = build(settings(), store, platforms, self.clock)

    async def during(self, doing: Coroutine[Any, Any, Result]) -> Result:
        """Let the program do something; if it stops there, let another one go on from that."""
        task = asyncio.ensure_future(doing)
        stop = asyncio.ensure_future(self.faults.dead.wait())
        await asyncio.wait({task, stop}, return_when=asyncio.FIRST_COMPLETED)
        if not self.faults.dead.is_set():
            stop.cancel()
            return await task
        await self.faults.idle()
        rest = asyncio.all_tasks() - {asyncio.current_task()}
        for one in rest:
            one.cancel()
        await asyncio.gather(*rest, return_exceptions=True)
        self.faults = Faults()
        self.restarts += 1
        self.start()
        raise Stopped

    async def arrives(self, key: str, turn: Turn) -> None:
        """Let something arrive; the platform comes back with it until it is acknowledged."""
        kind = next(name for name, of in KINDS.items() if of is type(turn))
        body = json.dumps({"kind": kind} | TypeAdapter(type(turn)).dump_python(turn, mode="json"))
        while key not in self.acknowledged:
            try:
                await self.during(self.app.inbox.accept(Arrival(key, "browser", body)))
            except (OSError, Stopped):
                continue
            self.acknowledged.add(key)
        await self.rests()

    async def rests(self) -> None:
        """Give the program the time it needs to finish what it began, whatever happens."""
        for _ in range(8):
            await self._attempt(self.app.settle)
            if await self._quiet():
                return
            self.clock.now += PATIENCE
            await self._attempt(self.app.turns.recover)
            await self._attempt(self.app.courier.look_after)
        pytest.fail(f"it never rests: {checker.troubles(*await self.seen(), self.clock())}")

    async def _attempt(self, what: Callable[[], Coroutine[Any, Any, object]]) -> None:
        try:
            await self.during(what())
        except (OSError, Stopped):
            return

    async def _quiet(self) -> bool:
        found, _ = await self.seen()
        waits = any(row.done_at is None for row in found.arrivals)
        due = (row.state not in ENDS and row.due <= self.clock() for row in found.deliveries)
        held = any(row.owner for row in found.deliveries)
        retried = any(row.state == "queued" and row.attempt for row in found.deliveries)
        return not (waits or held or retried or any(due))

    async def taps(self, label: str) -> bool:
        """Press a button, if it is there: on what the last card has become, or in the chat."""
        cards = [*self.chat, *([self.instead] if self.instead else [])]
        card = next((seen for seen in reversed(cards) if label in seen.buttons), None)
        if card is None:
            return False
        tap, key = card.buttons[label].tap, f"browser:{label}"
        await self.arrives(key, Tapped(ANN, tap.verb, tap.choice, card.token))
        await self._attempt(lambda: self._asks_again(key))
        if label in SCORES:
            self.scores.append(SCORES[label])
        return True

    async def _asks_again(self, key: str) -> None:
        """Ask for the reply, as a platform does that got none; it is the same however often."""
        self.instead = None
        reply = await self.app.inbox.reply(key, timedelta())
        if reply and reply.instead:
            self.instead = Seen("reply", "", reply.instead.card, reply.instead.token)

    async def step(self, place: int) -> bool:
        """Take one step of the walk; returns whether its card was there."""
        if place == 0:
            await self.arrives("browser:join", Joined(ANN))
        elif place <= len(LABELS):
            self.clock.now += timedelta(seconds=5)
            return await self.taps(LABELS[place - 1])
        else:
            self.clock.now += timedelta(days=1)
            await self._attempt(self.app.ticker.plan)
            await self._attempt(self.app.ticker.plan)
            await self.rests()
            for key in sorted(self.acknowledged):
                again = Arrival(key, "browser", "{}")
                await self._attempt(lambda again=again: self._repeats(again))
            await self.rests()
        return True

    async def _repeats(self, again: Arrival) -> None:
        assert not await self.app.inbox.accept(again), "a repeat is no news, also after everything"

    async def seen(self) -> tuple[checker.Kept, checker.Witness]:
        """Return what the database and the world know."""
        async with self.store.read() as work:
            found = await checker.kept(work)
        given = {"ann": self.scores}
        return found, checker.Witness(frozenset(self.acknowledged), given, self.posted)

    @property
    def chat(self) -> list[Seen]:
        return self.notebook.chats.get("ann", [])


@dataclass(frozen=True)
class Scene:
    """How things are before a step, so that it can be gone on from there again and again."""

    rows: dict[Table, list[dict[str, Any]]]
    chats: dict[str, list[Seen]]
    now: datetime
    posted: tuple[checker.Posted, ...] = ()
    acknowledged: frozenset[str] = frozenset()
    scores: tuple[int, ...] = ()
    instead: Seen | None = None
    points: int = 0

    @property
    def texts(self) -> list[str]:
        return [seen.text for seen in self.chats.get("ann", [])]


async def _plain(
    work: Work, statement: str, rows: list[dict[str, Any]] | None = None
) -> CursorResult[Any]:
    """Run a statement past all types: what is sealed is taken out and put back as it lies there."""
    return await work.connection.exec_driver_sql(statement, rows)


async def scene(world: World) -> Scene:
    """Remember how things are."""
    async with world.store.read() as work:
        rows = {
            table: [dict(row) for row in (await _plain(work, f"SELECT * FROM {table}")).mappings()]  # noqa: S608 - our own
            for table in metadata.sorted_tables
        }
    return Scene(
        rows,
        deepcopy(world.notebook.chats),
        world.clock(),
        tuple(world.posted),
        frozenset(world.acknowledged),
        tuple(world.scores),
        world.instead,
        len(world.faults.points),
    )


def later_notebook(before: Scene) -> Notebook:
    """Return the platform as it was; its next message is new."""
    notebook = Notebook()
    notebook.chats = deepcopy(before.chats)
    notebook._refs = count(len(before.posted) + 1)  # pyright: ignore[reportPrivateUsage]
    return notebook


async def world(memory: Store, before: Scene, faults: Faults, *, tells: bool = True) -> World:
    """Begin where a scene begins."""
    async with memory.write() as work:
        for table in reversed(before.rows):
            await work.connection.execute(delete(table))
        for table, rows in before.rows.items():
            if rows:
                names = ", ".join(f'"{name}"' for name in rows[0])
                places = ", ".join(f":{name}" for name in rows[0])
                into = f"INSERT INTO {table} ({names}) VALUES ({places})"  # noqa: S608 - our own
                await _plain(work, into, rows)
    notebook = later_notebook(before)
    return World(
        memory,
        Clock(before.now),
        faults,
        tells,
        notebook,
        list(before.posted),
        set(before.acknowledged),
        list(before.scores),
        before.instead,
    )


async def walk(memory: Store) -> tuple[list[Scene], list[str]]:
    """Walk without a fault: the scene before each step and after the last, and all the points."""
    async with memory.write() as work:
        await work.keep_programme(PROGRAMME)
        await work.save([replace(PEOPLE[0], addresses=(ANN,))], MONDAY)
    whole = World(memory, Clock(), Faults())
    scenes = [await scene(whole)]
    for place in range(STEPS):
        assert await whole.step(place)
        scenes.append(await scene(whole))
    found, witness = await whole.seen()
    assert checker.troubles(found, witness, whole.clock()) == []
    assert [row.score for row in found.answers] == list(SCORES.values())
    return scenes, whole.faults.points


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "PAUSE", 0)
    monkeypatch.setattr(courier, "PAUSE", 0)
    monkeypatch.setattr(carrier, "PAUSE", 0)


@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    ("how", "tells", "every"),
    [("stop", True, 3), ("stop", False, 7), ("fail", True, 5), ("fail", False, 7)],
)
async def test_nothing_is_lost_or_doubled_wherever_it_breaks(
    memory: Store, how: How, every: int, *, tells: bool
) -> None:
    scenes, points = await walk(memory)
    assert len(points) > 300, "the walk has to have many points"
    wrong: list[str] = []
    for n in range(1, len(points) + 1, 1 if ALL else every):
        where = f"{how} at {n}, {points[n - 1]}"
        place = max(i for i, before in enumerate(scenes[:-1]) if before.points < n)
        begin, end = scenes[place], scenes[min(place + 2, STEPS)]
        faults = Faults(n - begin.points, how)
        broken = await world(memory, begin, faults, tells=tells)
        whole = [await broken.step(p) for p in range(place, min(place + 2, STEPS))]
        found, witness = await broken.seen()
        wrong += [f"{where}: {t}" for t in checker.troubles(found, witness, broken.clock())]
        assert faults.points[n - begin.points - 1] == points[n - 1], where
        assert broken.restarts == (how == "stop"), where
        in_doubt = checker.unknown(found)
        if tells and in_doubt and "post" not in points[n - 1]:
            wrong.append(f"{where}: {in_doubt} is unknown")
        if how == "fail" and in_doubt and points[n - 1] not in LOST:
            wrong.append(f"{where}: {in_doubt} is unknown, though the program went on")
        if not in_doubt and [seen.text for seen in broken.chat] != end.texts:
            wrong.append(f"{where}: the chat is not the same")
        if not in_doubt and not all(whole):
            wrong.append(f"{where}: a card did not come")
    assert wrong == []
