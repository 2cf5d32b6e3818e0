"""kill -9 at random moments, with two hundred turns coming in: nothing is lost, nothing doubled.

The program is a real process on a real database. It is killed four times while people write to
it; the platform repeats what was not acknowledged, and some of what was. Each new program's
clock is a minute ahead, so that what its predecessor held is free at once.
"""

import asyncio
import random
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
import pytest

from adapters.store.database import Store
from bot.rehearsal import checker
from nudges.delivery import ENDS, State
from tests.faults.server import LOG, SOCKET, calls

ROOT = Path(__file__).parents[2]
PEOPLE = 42
WORDS = ("pulse", "4", "2", "help", "what is this?")
SCORES = (4, 2)
TURNS = PEOPLE * len(WORDS)
AT_ONCE = 12
KILLS = 4
A_MINUTE = 60
REPEATED = 0.2
PATIENCE = 30


@dataclass
class House:
    """The process, started again whenever it was killed."""

    database: str
    folder: Path
    tells: str
    chance: random.Random
    starts: int = 0
    kills: int = 0
    up: asyncio.Event = field(default_factory=asyncio.Event)
    process: Process | None = None

    async def start(self) -> None:
        self.starts += 1
        given = (self.database, str(self.folder), str(A_MINUTE * self.starts), self.tells)
        self.process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.faults.server", *given, cwd=ROOT, stdout=PIPE
        )
        assert self.process.stdout
        assert await self.process.stdout.readline() == b"ready\n"
        self.up.set()

    async def kill(self) -> None:
        """Kill it in the middle of something, and start another."""
        assert self.process
        self.up.clear()
        await asyncio.sleep(self.chance.uniform(0, 0.03))
        self.process.kill()
        assert await self.process.wait() < 0
        self.kills += 1
        await self.start()

    async def stop(self) -> int:
        assert self.process
        self.process.terminate()
        return await asyncio.wait_for(self.process.wait(), 20)

    @property
    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=A_MINUTE * self.starts)


@asynccontextmanager
async def running(house: House) -> AsyncGenerator[House]:
    await house.start()
    try:
        yield house
    finally:
        if house.process and house.process.returncode is None:
            house.process.kill()
            await house.process.wait()


@dataclass
class Crowd:
    """People who write, each in order; the platform repeats until it is acknowledged."""

    house: House
    chance: random.Random
    acknowledged: list[str] = field(default_factory=list[str])
    kill_at: list[int] = field(default_factory=list[int])
    repeats: int = 0
    _killing: asyncio.Task[None] | None = None

    async def all_write(self) -> None:
        at_once = asyncio.Semaphore(AT_ONCE)

        async def one(n: int, client: aiohttp.ClientSession) -> None:
            async with at_once:
                for place, text in enumerate(WORDS):
                    await self.say(client, f"browser:{n}-{place}", f"user-{n}", text)

        connector = aiohttp.UnixConnector(str(self.house.folder / SOCKET))
        async with aiohttp.ClientSession("http://house", connector=connector) as client:
            await asyncio.gather(*(one(n, client) for n in range(PEOPLE)))
        if self._killing:
            await self._killing

    async def say(self, client: aiohttp.ClientSession, key: str, user: str, text: str) -> None:
        told = {"key": key, "body": {"user": user, "text": text}}
        while not await self._sent(client, told):
            await self.house.up.wait()
            await asyncio.sleep(0.01)
        self.acknowledged.append(key)
        if self.kill_at and len(self.acknowledged) >= self.kill_at[0]:
            self.kill_at.pop(0)
            if self._killing:
                await self._killing
            self._killing = asyncio.create_task(self.house.kill())
        if self.chance.random() < REPEATED and await self._sent(client, told):
            self.repeats += 1

    async def _sent(self, client: aiohttp.ClientSession, told: object) -> bool:
        try:
            async with client.post("/turn", json=told) as response:
                return response.status == 200
        except (aiohttp.ClientError, OSError):
            return False


async def settled(store: Store, house: House) -> checker.Kept:
    """Wait until the last program has finished what all of them began."""
    async with asyncio.timeout(PATIENCE):
        while True:
            async with store.read() as work:
                found = await checker.kept(work)
            undone = [row for row in found.arrivals if row.done_at is None]
            unsent = [row for row in found.deliveries if row.state not in ENDS]
            soon = house.now + timedelta(seconds=A_MINUTE)
            if not undone and all(row.due > soon and not row.owner for row in unsent):
                return found
            await asyncio.sleep(0.1)


@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    ("database", "tells"),
    [("sqlite", "tells"), ("postgresql", "cannot tell")],
    indirect=["database"],
)
@pytest.mark.parametrize("seed", [1])
async def test_killed_at_random_it_loses_and_doubles_nothing(
    database: str, tells: str, seed: int, tmp_path: Path
) -> None:
    chance = random.Random(seed)  # noqa: S311 - so that a failure can be repeated
    store = await Store.open(database, create=True)
    try:
        async with running(House(database, tmp_path, tells, chance)) as house:
            crowd = Crowd(house, chance)
            crowd.kill_at = sorted(chance.sample(range(5, TURNS - 20), KILLS))
            await crowd.all_write()
            found = await settled(store, house)
            assert await house.stop() == 0
        async with store.read() as work:
            assert (await checker.kept(work)).deliveries == found.deliveries, "nothing came after"
    finally:
        await store.close()
    assert house.kills == KILLS
    assert len(set(crowd.acknowledged)) == TURNS >= 200
    assert crowd.repeats > TURNS * REPEATED / 2
    posted = [
        checker.Posted(call["mark"], call["user"])
        for call in calls(tmp_path / LOG)
        if call["call"] == "post"
    ]
    witness = checker.Witness(
        frozenset(crowd.acknowledged), {f"user-{n}": SCORES for n in range(PEOPLE)}, posted
    )
    assert checker.troubles(found, witness, house.now) == []
    in_doubt = checker.unknown(found)
    assert len(in_doubt) <= (0 if tells == "tells" else KILLS * AT_ONCE)
    posts = [row for row in found.deliveries if row.kind == "post" and row.state == State.SENT]
    assert len(posted) >= len(posts) > TURNS * 0.8
