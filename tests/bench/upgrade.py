"""How long a database of the release before takes to come up, while people go on writing.

Five million answers of a hundred thousand people, and what they wrote besides, which is sealed on
the way. A program of before goes on in a process of its own: it keeps what comes in, twenty times
a second, and tells what it had to refuse and how long the slowest one waited for its place.
"""

import asyncio
import json
import sys
import tempfile
from asyncio.subprocess import PIPE, Process
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter

import pytest
from sqlalchemy import MetaData, text

from adapters.store.database import Store, parse
from adapters.store.keyring import Keyring, beside
from bot.inbox import Inbox
from dialogs.doorway import Arrival, Kept, Reply
from tests.bench.broadcast import each_database
from tests.bench.rows import Row, row
from tests.contracts.test_store_upgrade import release_before
from tests.real import ROOT

ANSWERS, REMARKS, PEOPLE = 5_000_000, 250_000, 100_000
WEEK = 100
"""Questions that each is asked, before they are asked the first one again."""
A_SECOND = 20
STARTS, ENDS = 30, 120
"""Seconds in which the other process begins, and within which it tells what it saw."""
COUNT = {
    "SQLite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :many)",
    "PostgreSQL": "WITH n(i) AS (SELECT generate_series(1, :many))",
}
MANY: Mapping[str, tuple[int, Mapping[str, str]]] = {
    "people": (PEOPLE, {"id": "'p' || i", "email": "'p' || i || '@acme.example'"}),
    "addresses": (PEOPLE, {"user": "'U' || i", "person": "'p' || i"}),
    "answers": (
        ANSWERS,
        {
            "id": "i + 10",
            "person": f"'p' || (i % {PEOPLE} + 1)",
            "question": f"'q' || (i / {PEOPLE})",
            "occasion": f"'w' || (i / {PEOPLE} / {WEEK})",
        },
    ),
    "remarks": (
        REMARKS,
        {
            "id": "i + 10",
            "person": f"'p' || (i % {PEOPLE} + 1)",
            "text": "'nobody told me about ' || i",
        },
    ),
}


async def run() -> Sequence[Row]:
    rows: list[Row] = []
    async for name, database in each_database():
        with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as place:
            await release_before(database, patch, Path(place))
        await _fill(name, database)
        writing = await _writes(database)
        began = perf_counter()
        await (await Store.open(database, create=True)).close()
        took = perf_counter() - began
        seen = await _told(writing)
        assert seen["kept"] > 0
        rows += [
            row(f"{name}: five million answers come up to this version", [took], "s", "≤ 120"),
            row(f"{name}: inbound refused meanwhile", [seen["refused"]], "", "0"),
            row(f"{name}: inbound kept meanwhile", [seen["kept"]], "", ""),
            row(f"{name}: the slowest inbound is kept within", [seen["slowest"]], "s", "≤ 3"),
        ]
    return rows


async def _fill(name: str, database: str) -> None:
    """Multiply rows that are there: all that is not said below is as in the first."""
    store = Store(parse(database))
    async with store._writer.begin() as connection:  # pyright: ignore[reportPrivateUsage] - a fake may look inside
        there = MetaData()
        await connection.run_sync(there.reflect)
        for of, (many, differs) in MANY.items():
            columns = [c.name for c in there.tables[of].c]
            into = ", ".join(f'"{c}"' for c in columns)
            values = ", ".join(differs.get(c, f'one."{c}"') for c in columns)
            source = f"{COUNT[name]} SELECT {values} FROM n, (SELECT * FROM {of} LIMIT 1) one"  # noqa: S608 - our own words
            await connection.execute(text(f"INSERT INTO {of} ({into}) {source}"), {"many": many})
    await store.close()


async def _writes(database: str) -> Process:
    """Start the program of before, and wait until it keeps what comes."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench.upgrade", database, cwd=ROOT, stdin=PIPE, stdout=PIPE
    )
    assert process.stdout
    async with asyncio.timeout(STARTS):
        await process.stdout.readline()
    return process


async def _told(process: Process) -> dict[str, float]:
    async with asyncio.timeout(ENDS):
        out, _ = await process.communicate(b"that is all\n")
    found: dict[str, float] = json.loads(out)
    return found


async def _never(kept: Kept) -> Reply:
    raise AssertionError(kept)


async def go_on(database: str) -> None:
    """Keep what comes in until told to stop, as a program that knows of no newer version."""
    store = Store(parse(database))
    store._keyring = await Keyring.open(beside(store.url), store.url)  # pyright: ignore[reportPrivateUsage] - a program of before
    inbox = Inbox(store, "before", lambda: datetime.now(UTC), _never, timedelta(minutes=1))
    waits, refused = list[float](), 0
    told = asyncio.create_task(asyncio.to_thread(sys.stdin.readline))
    sys.stdout.write("here\n")
    sys.stdout.flush()
    number = 0
    while not told.done():
        number += 1
        arrival = Arrival(f"slack:bench-{number}", "slack", "{}", f"U{number}")
        began = perf_counter()
        try:
            assert await inbox.accept(arrival)
            waits.append(perf_counter() - began)
        except OSError:
            refused += 1
        await asyncio.sleep(1 / A_SECOND)
    await store.close()
    sys.stdout.write(json.dumps({"kept": len(waits), "refused": refused, "slowest": max(waits)}))


if __name__ == "__main__":
    asyncio.run(go_on(sys.argv[1]))
