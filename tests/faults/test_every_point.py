"""Someone is welcomed, asked and followed up, and the program breaks at every point on the way.

At each point it stops once (and a new program goes on with the same database), and fails once
(and the same program goes on). The person must end up with the same chat as if nothing had
happened; on a platform that cannot tell whether a message arrived, one may be missing, and then
it counts as unknown.
"""

import asyncio
import json
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, TypeVar, cast

import pytest
from pydantic import TypeAdapter

from adapters.store.database import Store
from bot import courier, turns
from bot.app import App
from bot.wiring.parts import Connection, build
from dialogs.doorway import Arrival
from dialogs.turns import Joined, Tapped, Turn
from nudges.delivery import ENDS
from tests.clock import Clock
from tests.desk import KINDS, PEOPLE, PROGRAMME, Notebook, Seen, at, read, settings
from tests.faults import checker
from tests.faults.faulty import Faults, FaultyChannel, FaultyStore, How

ANN = at("ann")
LABELS = ("English", "Less searching and double work", "Rather not now", "Ask me now", "1", "2")
SCORES = {"1": 1, "2": 2}
SLICES = 4
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
    restarts: int = 0
    app: App = field(init=False)

    def __post_init__(self) -> None:
        self._watch()
        self.start()

    def _watch(self) -> None:
        post = self.notebook.post

        async def witnessed(to: Any, payload: str, mark: str) -> Any:
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
        kind = next(name for name, of in KINDS.items() if isinstance(turn, of))
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
        """Press a button, if it is there."""
        chat = self.notebook.chats.get("ann", [])
        card = next((seen for seen in reversed(chat) if label in seen.buttons), None)
        if card is None:
            return False
        tap = card.buttons[label].tap
        await self.arrives(f"browser:{label}", Tapped(ANN, tap.verb, tap.choice, card.token))
        if label in SCORES:
            self.scores.append(SCORES[label])
        return True

    async def walk(self) -> bool:
        """Walk from hello to the follow-up; returns whether every card was there."""
        await self.arrives("browser:join", Joined(ANN))
        for label in LABELS:
            if not await self.taps(label):
                return False
            self.clock.now += timedelta(seconds=5)
        self.clock.now += timedelta(days=1)
        await self._attempt(self.app.ticker.plan)
        await self._attempt(self.app.ticker.plan)
        await self.rests()
        for key in sorted(self.acknowledged):
            await self._attempt(lambda again=Arrival(key, "browser", "{}"): self._repeats(again))
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


async def world(memory: Store, faults: Faults, *, tells: bool = True) -> World:
    """Begin with an empty database and one person."""
    clock = Clock()
    async with memory.write() as work:
        await work.keep_programme(PROGRAMME)
        await work.save([replace(PEOPLE[0], addresses=(ANN,))], clock())
    return World(memory, clock, faults, tells)


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "PAUSE", 0)
    monkeypatch.setattr(courier, "PAUSE", 0)


async def reference() -> tuple[list[str], int]:
    """Walk without a fault: what the person sees, and at how many points it might have broken."""
    store = await Store.open("sqlite://", create=True)
    try:
        whole = await world(store, Faults())
        assert await whole.walk()
        found, witness = await whole.seen()
        assert checker.troubles(found, witness, whole.clock()) == []
        assert len(found.answers) == len(SCORES)
        return [seen.text for seen in whole.chat], len(whole.faults.points)
    finally:
        await store.close()


@pytest.mark.parametrize("part", range(SLICES))
@pytest.mark.parametrize("tells", [True, False], ids=["tells", "cannot tell"])
@pytest.mark.parametrize("how", ["stop", "fail"])
async def test_nothing_is_lost_or_doubled_wherever_it_breaks(
    how: How, tells: bool, part: int
) -> None:
    expected, points = await reference()
    assert points > 100, "the walk has to have many points"
    wrong: list[str] = []
    for n in range(1 + part, points + 1, SLICES):
        store = await Store.open("sqlite://", create=True)
        try:
            broken = await world(store, faults := Faults(n, how), tells=tells)
            whole = await broken.walk()
            where = f"{how} at {n}, {faults.points[n - 1]}"
            found, witness = await broken.seen()
            wrong += [f"{where}: {t}" for t in checker.troubles(found, witness, broken.clock())]
            assert broken.restarts == (how == "stop"), where
            in_doubt = checker.unknown(found)
            if tells and in_doubt and "post" not in faults.points[n - 1]:
                wrong.append(f"{where}: {in_doubt} is unknown")
            if not in_doubt and [seen.text for seen in broken.chat] != expected:
                wrong.append(f"{where}: the chat is not the same")
            if not whole and not in_doubt:
                wrong.append(f"{where}: a card did not come")
        finally:
            await store.close()
    assert wrong == []
