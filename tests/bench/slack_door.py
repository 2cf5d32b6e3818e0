"""From a Slack event to its 200: our row stored for good, beside slack-bolt that stores nothing.

Each server is a process of its own on this machine, and so is the one who knocks. While ours
acknowledges, it also takes the turns and sends the replies, to a fake Slack that answers; only
the way in is measured.
"""

import asyncio
import json
import sys
import tempfile
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from adapters.store.database import Store
from bot.rehearsal.postgres import postgres_server
from tests.adapters.slack.fake import FakeSlack
from tests.adapters.slack.serving import ROOT, kill, ready, serve, surroundings
from tests.bench.rows import Row, row
from tests.real import free_port

AT_ONCE = 32
EVENTS = 6_000
"""Longer than turns wait for a crowd at the door, so that they are taken in between."""
LONE, APART = 30, 0.1
"""How many are sent alone, and the seconds between them."""
RUNS = 5
WARM = 50
BOLT, LITE, FULL = "slack-bolt, nothing stored", "ours on SQLite", "ours on PostgreSQL"
MILLI = 1_000


@dataclass
class Figures:
    """What one server did, a figure a run."""

    a_second: list[float] = field(default_factory=list[float])
    lone: list[float] = field(default_factory=list[float])
    late: list[float] = field(default_factory=list[float])
    slowest: list[float] = field(default_factory=list[float])


async def run() -> Sequence[Row]:
    found = {name: Figures() for name in (BOLT, LITE, FULL)}
    slack = FakeSlack()
    slack.members = {f"U{n}": {"id": f"U{n}"} for n in range(WARM + LONE + EVENTS)}
    await slack.start()
    try:
        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder) / "postgres"
            place.mkdir()
            with postgres_server(place) as postgres:
                for n in range(RUNS):
                    async with _bolt(slack) as port:
                        await _measure(port, found[BOLT])
                    async with _ours(slack, f"sqlite:///{folder}/{n}.db") as port:
                        await _measure(port, found[LITE])
                    async with postgres.database() as url, _ours(slack, url) as port:
                        await _measure(port, found[FULL])
    finally:
        await slack.stop()
    return [line for name in found for line in _rows(name, found[name], found[BOLT])]


def _rows(name: str, ours: Figures, bolt: Figures) -> list[Row]:
    if ours is bolt:
        return [
            row(f"{name}: events to 200, {AT_ONCE} connections", ours.a_second, "/s", ""),
            row(f"{name}: a lone event to 200, half", ours.lone, "ms", ""),
        ]
    ratios = [one / other for one, other in zip(ours.a_second, bolt.a_second, strict=True)]
    return [
        row(f"{name}: events to 200, stored, {AT_ONCE} connections", ours.a_second, "/s", ""),
        row(f"{name}: of slack-bolt in the same run", ratios, "times", "≥ 0.4"),
        row(f"{name}: event to 200, 99 of 100", ours.late, "ms", "≤ 300"),
        row(f"{name}: event to 200, the slowest", ours.slowest, "ms", "< 2,500"),
        row(f"{name}: a lone event to 200, half", ours.lone, "ms", "≤ 5"),
    ]


async def _measure(port: int, into: Figures) -> None:
    await _load(port, 0, WARM, 4, 0.0)
    _, lone = await _load(port, WARM, LONE, 1, APART)
    seconds, waits = await _load(port, WARM + LONE, EVENTS, AT_ONCE, 0.0)
    into.lone.append(median(lone) * MILLI)
    into.a_second.append(EVENTS / seconds)
    into.late.append(sorted(waits)[int(len(waits) * 0.99)] * MILLI)
    into.slowest.append(max(waits) * MILLI)


async def _load(
    port: int, first: int, count: int, connections: int, pause: float
) -> tuple[float, list[float]]:
    given = map(str, (port, first, count, connections, pause))
    process = await _python("tests.bench.slack_load", *given)
    try:
        said, _ = await process.communicate()
    finally:
        await kill(process)
    found = json.loads(said)
    return found["seconds"], found["waits"]


@asynccontextmanager
async def _bolt(slack: FakeSlack) -> AsyncGenerator[int]:
    port = free_port()
    process = await _python("tests.bench.slack_bolt", str(port), f"{slack.origin}/api/")
    try:
        await ready(f"http://127.0.0.1:{port}/readyz", process)
        yield port
    finally:
        await kill(process)


@asynccontextmanager
async def _ours(slack: FakeSlack, database: str) -> AsyncGenerator[int]:
    port = free_port()
    store = await Store.open(database, create=True)
    await store.close()
    process = await serve(surroundings(slack, database, port))
    try:
        yield port
    finally:
        await kill(process)


async def _python(*words: str) -> Process:
    return await asyncio.create_subprocess_exec(sys.executable, "-m", *words, cwd=ROOT, stdout=PIPE)
