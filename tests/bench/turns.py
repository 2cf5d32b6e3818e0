"""Whole turns a second, 32 at once: stored, read, answered, kept, sent, acknowledged."""

import asyncio
import json
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter

from adapters.store.database import Store
from bot.app import App
from bot.rehearsal.postgres import postgres_server
from bot.wiring.parts import Connection, build
from dialogs.doorway import Arrival
from nudges.people import Person
from tests.bench.rows import Row, row
from tests.desk import PROGRAMME, Notebook, at, read, settings

AT_ONCE = 32
TURNS = 1500
RUNS = 3
PEOPLE = 200


async def run() -> Sequence[Row]:
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        lite = [await _measure(f"sqlite:///{folder}/{i}.db") for i in range(RUNS)]
        rows += _rows("SQLite", lite)
        place = Path(folder) / "postgres"
        place.mkdir()
        with postgres_server(place) as server:
            full: list[tuple[float, list[float]]] = []
            for _ in range(RUNS):
                async with server.database() as url:
                    full.append(await _measure(url))
        rows += _rows("PostgreSQL", full)
    return rows


def _rows(name: str, measured: Sequence[tuple[float, list[float]]]) -> list[Row]:
    waits = [sorted(w)[len(w) // 2] * 1000 for _, w in measured]
    slow = [sorted(w)[int(len(w) * 0.99)] * 1000 for _, w in measured]
    return [
        row(f"{name}: whole turns, {AT_ONCE} at once", [n for n, _ in measured], "/s", "≥ 300"),
        row(f"{name}: arrival to reply, half", waits, "ms", ""),
        row(f"{name}: arrival to reply, 99 of 100", slow, "ms", ""),
    ]


async def _measure(url: str) -> tuple[float, list[float]]:
    store = await Store.open(url, create=True)
    now = datetime.now(UTC)
    people = [
        replace(Person(f"p{n}", segment="sales", welcomed=True), addresses=(at(f"p{n}"),))
        for n in range(PEOPLE)
    ]
    async with store.write() as work:
        await work.keep_programme(PROGRAMME)
        await work.save(people, now)
    notebook = Notebook()
    app = build(settings(), store, [Connection("browser", read, notebook)])
    await app.start()
    waits: list[float] = []
    turns = iter(range(TURNS))

    async def talker() -> None:
        for n in turns:
            began = perf_counter()
            await _turn(app, notebook, n)
            waits.append(perf_counter() - began)

    began = perf_counter()
    await asyncio.gather(*(talker() for _ in range(AT_ONCE)))
    seconds = perf_counter() - began
    await app.stop()
    return TURNS / seconds, waits


async def _turn(app: App, notebook: Notebook, n: int) -> None:
    """Let someone ask for a question, or answer the one they have."""
    who = f"p{n % PEOPLE}"
    said: dict[str, object] = {"kind": "say", "text": "pulse"}
    chat = notebook.chats.get(who, [])
    asked = next((s for s in reversed(chat) if "3" in s.buttons), None)
    if asked:
        tap = asked.buttons["3"].tap
        said = {"kind": "tap", "verb": tap.verb, "choice": tap.choice, "token": asked.token}
    home = {"platform": "browser", "tenant": "demo", "user": who, "reference": ""}
    body = json.dumps(said | {"address": home})
    key = f"browser:{n}"
    await app.inbox.accept(Arrival(key, "browser", body))
    reply = await app.inbox.reply(key, timedelta(seconds=30))
    assert reply is not None
