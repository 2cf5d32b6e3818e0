"""The planner among a million people: an empty tick, 33,000 due at once, and who waits for it."""

import asyncio
import gc
import os
import tempfile
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from time import perf_counter, process_time

from sqlalchemy import bindparam, text

from adapters.store.database import Store, Work
from adapters.store.schema import Moment
from bot.inbox import Inbox
from bot.rehearsal.postgres import postgres_server
from bot.ticker import Ticker
from dialogs.doorway import Arrival, Kept, Reply
from tests.bench.rows import Row, row

PEOPLE, DUE, EVERY = 1_000_000, 33_000, 30
RUNS, EMPTY_TICKS = 3, 20
NOW = datetime(2026, 11, 19, 10, 0, tzinfo=UTC)
MORNING = NOW - timedelta(minutes=5)
"""A Thursday morning, on which everyone in the table is at work."""
OPEN = "pulse:2026-W47"
"""This week's pulse, which a third of those who are due have not answered yet."""
BETWEEN = 0.02
"""Seconds between arrivals while the planner works."""
LOOK = 0.004
"""Seconds between looks whether the loop still turns."""
MEGABYTE = 1e6

NUMBERS = {
    True: "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < :last)",
    False: "WITH n(i) AS (SELECT generate_series(0, :last))",
}
FILL_PEOPLE = f"""
{{numbers}}
INSERT INTO people (id, name, email, language, zone, country, starts, ends, days, job, segment,
    level, fewer, welcomed, stopped, "left", suspended, next_due)
SELECT 'p' || ({PEOPLE} + i), 'Someone', 'p@example.com', 'en',
    CASE i % 4 WHEN 0 THEN 'Europe/Amsterdam' WHEN 1 THEN 'Europe/London'
        WHEN 2 THEN 'Europe/Berlin' ELSE 'Europe/Madrid' END,
    '', CASE i % 3 WHEN 0 THEN '08:00' WHEN 1 THEN '08:30' ELSE '09:00' END, '17:00',
    '[0, 1, 2, 3, 4]',
    CASE WHEN i % {EVERY} = 0 AND i < {DUE * EVERY} THEN
        CASE i % 9 WHEN 0 THEN 'reminder' ELSE 'pulse' END ELSE 'later' END,
    'sales', 0, {{no}}, {{yes}}, {{no}}, {{no}}, '[]',
    CASE WHEN i % {EVERY} = 0 AND i < {DUE * EVERY} THEN :due
        WHEN i % 3 = 0 THEN :later WHEN i % 3 = 1 THEN :later_still ELSE :much_later END
FROM n
"""  # noqa: S608 - the figures are our own
FILL_DELIVERIES = """
INSERT INTO deliveries (occasion, person, kind, note, card, subject, priority, due, state, attempt,
    fence, ref, why, sent_at, answered_at)
SELECT :pulse, id, 'post', :note, 'pulse', 'pulse', 1, :sent, 'sent', 1, 1, 'm', '', :sent,
    :answered
FROM people WHERE job IN ('pulse', :job)
"""
MOMENTS = [bindparam(name, type_=Moment) for name in ("due", "later", "later_still", "much_later")]


@dataclass
class Watch:
    """What a run did to everyone else: stalls of the loop, commits that waited, memory."""

    stalls: list[float] = field(default_factory=list[float])
    commits: list[float] = field(default_factory=list[float])
    peak: float = 0


async def run() -> Sequence[Row]:
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        rows += await _measure("SQLite", f"sqlite:///{folder}/planner.db")
        place = Path(folder) / "postgres"
        place.mkdir()
        with postgres_server(place) as server:
            async with server.database() as url:
                rows += await _measure("PostgreSQL", url)
    return rows


async def _measure(name: str, url: str) -> list[Row]:
    store = await Store.open(url, create=True)
    await _fill(store)
    ticker = Ticker(store, lambda: NOW, lambda: None)
    before = Ticker(store, lambda: MORNING - timedelta(days=1), lambda: None)
    await before.plan()
    gc.freeze()  # as the program does when it serves
    empty: list[float] = []
    for _ in range(EMPTY_TICKS):
        began = perf_counter()
        assert await before.plan() == 0
        empty.append((perf_counter() - began) * 1000)
        await asyncio.sleep(BETWEEN)
    full: list[float] = []
    busy: list[float] = []
    watches: list[Watch] = []
    memory = _resident()
    for _ in range(RUNS):
        await _reset(store)
        async with _watched(store) as watch:
            began, worked = perf_counter(), process_time()
            assert await ticker.plan() == DUE
            full.append(perf_counter() - began)
            busy.append(process_time() - worked)
        watches.append(watch)
    await store.close()
    waits = [sorted(w.commits)[int(len(w.commits) * 0.99)] * 1000 for w in watches]
    return [
        row(f"{name}: empty tick", empty, "ms", "≤ 5"),
        row(f"{name}: {DUE:,} due of {PEOPLE:,}", full, "s", "≤ 5"),
        row(f"{name}: processor time of it, database server apart", busy, "s", ""),
        row(f"{name}: longest stall", [max(w.stalls) * 1000 for w in watches], "ms", "≤ 120"),
        row(f"{name}: an arrival's commit meanwhile, 99 of 100", waits, "ms", "≤ 250"),
        row(f"{name}: memory it takes", [w.peak - memory for w in watches], "MB", ""),
    ]


async def _fill(store: Store) -> None:
    yes, no = ("1", "0") if store.lite else ("true", "false")
    people = FILL_PEOPLE.format(numbers=NUMBERS[store.lite], yes=yes, no=no)
    async with store.write() as work:
        await work.connection.execute(
            text(people).bindparams(*MOMENTS),
            {
                "last": PEOPLE - 1,
                "due": MORNING,
                "later": NOW + timedelta(hours=3),
                "later_still": NOW + timedelta(days=2),
                "much_later": NOW + timedelta(days=5),
            },
        )
    async with store.write() as work:
        await _pulse(work, "pulse:2026-W44", NOW - timedelta(days=21), "reminder")
        await _pulse(work, "pulse:2026-W45", NOW - timedelta(days=14), "reminder")
        await _pulse(work, "pulse:2026-W46", NOW - timedelta(days=7), "reminder")
        await _pulse(work, "pulse:2026-W46", NOW - timedelta(days=6), "later", only=True)
        await _pulse(work, OPEN, NOW - timedelta(days=3), "reminder", only=True)
    if not store.lite:
        async with store.write() as work:
            await work.connection.execute(text("ANALYZE"))


async def _pulse(work: Work, pulse: str, sent: datetime, job: str, *, only: bool = False) -> None:
    """Let people have had a pulse: those due one now and some others, or only those others."""
    statement = FILL_DELIVERIES.replace("'pulse', :job", ":job") if only else FILL_DELIVERIES
    note = f'{{"card": "pulse", "pulse": "{pulse}", "questions": ["A1"], "place": 0}}'
    await work.connection.execute(
        text(statement).bindparams(
            bindparam("sent", type_=Moment), bindparam("answered", type_=Moment)
        ),
        {
            "pulse": pulse,
            "note": note,
            "sent": sent,
            "answered": None if pulse == OPEN else sent + timedelta(hours=1),
            "job": job,
        },
    )


async def _reset(store: Store) -> None:
    """Make those who were due be due again."""
    async with store.write() as work:
        await work.connection.execute(text("DELETE FROM deliveries WHERE state = 'queued'"))
        await work.connection.execute(
            text("UPDATE people SET next_due = :due WHERE job IN ('pulse', 'reminder')").bindparams(
                bindparam("due", type_=Moment)
            ),
            {"due": MORNING},
        )


@asynccontextmanager
async def _watched(store: Store) -> AsyncGenerator[Watch]:
    """Watch the loop, and let something arrive all the time."""
    watch = Watch()

    async def nobody(_kept: Kept) -> Reply:
        return Reply(language="")

    inbox = Inbox(store, "bench", lambda: NOW, nobody, timedelta(minutes=1))
    keys = count(1)

    async def loop() -> None:
        while True:
            began = perf_counter()
            await asyncio.sleep(LOOK)
            watch.stalls.append(perf_counter() - began - LOOK)
            watch.peak = max(watch.peak, _resident())

    async def arrivals() -> None:
        while True:
            began = perf_counter()
            await inbox.accept(Arrival(f"browser:{began}:{next(keys)}", "browser", "{}"))
            watch.commits.append(perf_counter() - began)
            await asyncio.sleep(BETWEEN)

    tasks = [asyncio.create_task(loop()), asyncio.create_task(arrivals())]
    try:
        yield watch
    finally:
        for task in tasks:
            task.cancel()
        for task in tasks:
            with suppress(asyncio.CancelledError):
                await task


def _resident() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / MEGABYTE
