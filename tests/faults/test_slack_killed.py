"""kill -9 while Slack's events and presses come in: what got its 200 is done, once.

The program is the real one (``python -m bot serve``) with a fake Slack at both ends. It is killed
at random moments right after it acknowledged something, and started again. What was acknowledged
is not sent again until everything is settled; what was not, is, as Slack and people do. Each new
start counts as a minute later: what the dead one held is free.
"""

import asyncio
import json
import random
import sqlite3
import time
from asyncio.subprocess import Process
from collections import Counter
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest
from aiohttp import web

from adapters.slack.door import RETRY
from adapters.store.database import Store
from bot.rehearsal import checker
from nudges.delivery import ENDS
from tests.adapters.slack.desk import callback, said, sign, tap
from tests.adapters.slack.fake import FakeSlack, Hangs, Json, until
from tests.adapters.slack.serving import door, kill, migrate, serve, surroundings
from tests.desk import PROGRAMME
from tests.real import free_port

PEOPLE = 30
AT_ONCE = 12
KILLS = 3
SCORES = (4, 2)
HELD = 2
"""Replies under way at each kill, of which Slack keeps the answer back."""
SLOWEST = 0.01
PATIENCE = 40
JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
LEASES = (
    "UPDATE inbox SET lease_until = datetime(lease_until, '-60 seconds') || '.000000'",
    "UPDATE deliveries SET lease_until = datetime(lease_until, '-60 seconds') || '.000000'",
)


class BusySlack(FakeSlack):
    """Slack as it is: it takes a moment, and says how often each message was posted."""

    def __init__(self, chance: random.Random) -> None:
        super().__init__()
        self._chance = chance
        self.posted: list[checker.Posted] = []

    async def _api(self, request: web.Request) -> web.StreamResponse:
        await asyncio.sleep(self._chance.uniform(0, SLOWEST))
        return await super()._api(request)

    def _chat_postmessage(self, token: str, arguments: Json) -> Json:
        done = super()._chat_postmessage(token, arguments)
        mark = arguments["metadata"]["event_payload"]["mark"]
        self.posted.append(checker.Posted(mark, arguments["channel"]))
        return done

    def button(self, user: str, label: str) -> str:
        """Return the value of a button on the newest message that has it, or nothing."""
        for message in reversed(self.said(user)):
            for block in message["blocks"]:
                for element in block.get("elements", ()):
                    if element["type"] == "button" and element["text"]["text"] == label:
                        return element["value"]
        return ""

    def called(self, method: str) -> int:
        return sum(call.method == method for call in self.calls)


@dataclass
class House:
    """The process, started again whenever it was killed."""

    env: Mapping[str, str]
    database: Path
    slack: BusySlack
    chance: random.Random
    kills: int = 0
    up: asyncio.Event = field(default_factory=asyncio.Event)
    process: Process | None = None

    async def start(self) -> None:
        self.process = await serve(dict(self.env))
        self.up.set()

    async def kill(self) -> None:
        """Kill it at once, or with replies under way; start it again a minute later."""
        assert self.process
        self.slack.next("chat.postMessage", *[Hangs(5)] * HELD)
        if self.kills % 2 == 0:
            held = self.slack.scripts["chat.postMessage"]
            await until(lambda: len(held) < HELD)
        await asyncio.sleep(self.chance.uniform(0, 0.05))
        self.up.clear()
        await kill(self.process)
        self.slack.scripts.clear()
        with closing(sqlite3.connect(self.database)) as connection, connection:
            for statement in LEASES:
                connection.execute(statement)
        self.kills += 1
        await self.start()


@dataclass(frozen=True)
class Sent:
    """One request: what it says, and the key it is remembered by."""

    key: str
    body: bytes
    kind: Mapping[str, str]


@dataclass
class Crowd:
    """People who write and press; whoever hears nothing tries again."""

    house: House
    client: aiohttp.ClientSession
    url: str
    kill_at: list[int]
    acknowledged: list[Sent] = field(default_factory=list[Sent])
    _killing: asyncio.Task[None] | None = None

    async def all_write(self) -> None:
        at_once = asyncio.Semaphore(AT_ONCE)

        async def one(n: int) -> None:
            async with at_once:
                await self.person(f"U{n}")

        await asyncio.gather(*(one(n) for n in range(PEOPLE)))
        if self._killing:
            await self._killing

    async def person(self, user: str) -> None:
        """Say hello, ask for a question, and press the answers to the two that come."""
        for text in ("help", "pulse"):
            await self.until_heard(event(user, text))
        slack, before = self.house.slack, ""
        for score in SCORES:
            await until(
                lambda old=before, want=str(score): slack.button(user, want) not in {"", old}
            )
            value = slack.button(user, str(score))
            before = slack.button(user, str(SCORES[-1]))
            await self.until_heard(press(user, value))

    async def until_heard(self, sent: Sent) -> None:
        while await self.send(sent) != 200:
            await self.house.up.wait()
            await asyncio.sleep(0.01)
        self.acknowledged.append(sent)
        if self.kill_at and len(self.acknowledged) >= self.kill_at[0]:
            self.kill_at.pop(0)
            if self._killing:
                await self._killing
            self._killing = asyncio.create_task(self.house.kill())

    async def send(self, sent: Sent) -> int:
        """Send a request, signed now; returns the status, or nothing where none came."""
        headers = {**sent.kind, **sign(sent.body, datetime.now(UTC)), RETRY: "1"}
        try:
            async with self.client.post(self.url, data=sent.body, headers=headers) as response:
                return response.status
        except (aiohttp.ClientError, OSError):
            return 0


def event(user: str, text: str) -> Sent:
    name = f"Ev-{user}-{text}"
    told = callback(said(text, user=user, channel=f"D{user}"), event_id=name)
    return Sent(f"slack:T1:message:{name}", json.dumps(told).encode(), JSON)


def press(user: str, value: str) -> Sent:
    moment, trigger = f"{time.time_ns()}.1", f"t-{time.time_ns()}"
    told: dict[str, Any] = tap(value, trigger_id=trigger)
    told["user"]["id"], told["channel"]["id"] = user, f"D{user}"
    told["actions"][0]["action_ts"] = moment
    body = urlencode({"payload": json.dumps(told)}).encode()
    return Sent(f"slack:T1:tap:{user}:{moment}:{trigger}", body, FORM)


async def settled(store: Store) -> checker.Kept:
    """Wait until what all of them began is finished."""
    async with asyncio.timeout(PATIENCE):
        while True:
            async with store.read() as work:
                found = await checker.kept(work)
            soon = datetime.now(UTC) + timedelta(minutes=1)
            unsent = [row for row in found.deliveries if row.state not in ENDS]
            undone = [row for row in found.arrivals if row.done_at is None]
            if not undone and all(row.due > soon and not row.owner for row in unsent):
                return found
            await asyncio.sleep(0.1)


@asynccontextmanager
async def running(folder: Path, chance: random.Random) -> AsyncGenerator[House]:
    slack = BusySlack(chance)
    slack.members = {f"U{n}": {"id": f"U{n}"} for n in range(PEOPLE)}
    await slack.start()
    database = folder / "wayfinder.db"
    env = surroundings(slack, f"sqlite:///{database}", free_port())
    await migrate(env)
    house = House(env, database, slack, chance)
    try:
        await house.start()
        yield house
    finally:
        if house.process:
            await kill(house.process)
        await slack.stop()


@pytest.mark.parametrize("seed", [1])
async def test_killed_after_its_200_it_does_everything_once(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)  # noqa: S311 - so that a failure can be repeated
    sends = PEOPLE * (2 + len(SCORES))
    async with running(tmp_path, chance) as house, aiohttp.ClientSession() as client:
        store = await Store.open(house.env["WAYFINDER_DATABASE"])
        async with store.write() as work:
            await work.keep_programme(PROGRAMME)
        moments = sorted(chance.sample(range(8, sends // 2), KILLS))
        crowd = Crowd(house, client, door(int(house.env["WAYFINDER_PORT"])), moments)
        await crowd.all_write()
        found = await settled(store)
        posted = list(house.slack.posted)
        again = [await crowd.send(sent) for sent in crowd.acknowledged]
        after = await settled(store)
        await store.close()
    assert house.kills == KILLS
    keys = [sent.key for sent in crowd.acknowledged]
    witness = checker.Witness(frozenset(keys), {f"U{n}": SCORES for n in range(PEOPLE)}, posted)
    assert len(witness.acknowledged) == sends
    assert checker.troubles(found, witness, datetime.now(UTC)) == []
    assert checker.unknown(found) == []
    replies = Counter(number_of(found, f"reply:{key}:0") for key in keys if ":message:" in key)
    arrived = Counter(p.mark for p in posted)
    assert all(arrived[f"delivery-{number}"] == 1 for number in replies), "each has its reply"
    assert house.slack.called("conversations.history"), "some were in doubt, and were looked for"
    assert set(again) == {200}
    assert after == found, "what came again changed nothing"
    assert house.slack.posted == posted


def number_of(found: checker.Kept, occasion: str) -> int:
    return next(row.id for row in found.deliveries if row.occasion == occasion)
