"""Tips among many people: 33,000 whose time has come on one morning, and a look when it has not.

Each of them had tips before, said things of them, answered about areas and stands somewhere, so
that everything a choice depends on has to be read.
"""

import gc
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from sqlalchemy import Table, insert, text

from adapters.content.files import load_library
from adapters.store.answers import answers
from adapters.store.database import Store
from adapters.store.delivery_table import deliveries
from adapters.store.people import people
from adapters.store.standings import standings
from adapters.store.tips import tips_due, tips_said
from bot.organisation import Organisation
from bot.rehearsal.postgres import postgres_server
from bot.tips import Tips
from dialogs.library import Library
from nudges.adkar import ELEMENTS
from nudges.tips import Tip
from tests.bench.rows import Row, row

PEOPLE, DUE, TIPS, HAD, ROWS = 100_000, 33_000, 80, 4, 20_000
RUNS, EMPTY = 3, 20
NOW = datetime(2026, 11, 19, 10, 0, tzinfo=UTC)
DAY = timedelta(days=1)
AREAS = ("leads", "accounts", "opportunities", "activities", "cases", "reports")
PLAIN = {
    "name": "Someone",
    "email": "",
    "language": "en",
    "country": "",
    "starts": "08:30",
    "ends": "17:00",
    "days": [0, 1, 2, 3, 4],
    "segment": "",
    "level": 1,
    "fewer": False,
    "welcomed": True,
    "stopped": False,
    "left": False,
    "stranger": False,
    "suspended": [],
    "lane": "teams t",
    "way": "",
}
ZONES = ("Europe/Amsterdam", "Europe/London", "Europe/Berlin", "Europe/Madrid")


async def run() -> Sequence[Row]:
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        rows += await _measure("SQLite", f"sqlite:///{folder}/tips.db")
        place = Path(folder) / "postgres"
        place.mkdir()
        with postgres_server(place) as server:
            async with server.database() as url:
                rows += await _measure("PostgreSQL", url)
    return rows


def _library() -> Library:
    """Return our content with as many tips as there may be, for every work and area."""
    found = [
        Tip(
            f"tip-{n}",
            ELEMENTS[n % len(ELEMENTS)],
            frozenset({"sales"}) if n % 3 == 0 else frozenset(),
            area=AREAS[n % len(AREAS)],
        )
        for n in range(TIPS)
    ]
    return replace(load_library(), tips={tip.id: tip for tip in found})


async def _measure(name: str, url: str) -> list[Row]:
    store = await Store.open(url, create=True)
    await _fill(store)
    organisation = Organisation(_library)
    rounds = Tips(store, lambda: NOW, organisation, lambda: None)
    before = Tips(store, lambda: NOW - DAY, organisation, lambda: None)
    gc.freeze()  # as the program does when it serves
    empty: list[float] = []
    full: list[float] = []
    busy: list[float] = []
    for _ in range(EMPTY):
        began = perf_counter()
        assert await before.round() == 0
        empty.append((perf_counter() - began) * 1000)
    for _ in range(RUNS):
        async with store.write() as work:
            await work.connection.execute(text("DELETE FROM deliveries WHERE state = 'queued'"))
            await work.connection.execute(tips_due.update().values(at=NOW + DAY))
            due = tips_due.update().where(tips_due.c.person < f"p{DUE:06}")
            await work.connection.execute(due.values(at=NOW - timedelta(minutes=5)))
        began, worked = perf_counter(), process_time()
        assert await rounds.round() == DUE
        full.append(perf_counter() - began)
        busy.append(process_time() - worked)
    began = perf_counter()
    await rounds.hourly()
    counted = perf_counter() - began
    await store.close()
    return [
        row(f"{name}: nobody due", empty, "ms", "≤ 5"),
        row(f"{name}: {DUE:,} due of {PEOPLE:,}", full, "s", "≤ 10"),
        row(f"{name}: processor time of it, database server apart", busy, "s", ""),
        row(f"{name}: votes of {PEOPLE:,} people counted, an hour", [counted], "s", "≤ 2"),
    ]


async def _fill(store: Store) -> None:
    for table, made in (
        (people, _people()),
        (tips_due, ({"person": f"p{n:06}", "at": NOW + DAY} for n in range(PEOPLE))),
        (standings, _standings()),
        (answers, _answers()),
        (deliveries, _came()),
        (tips_said, _said()),
    ):
        await _insert(store, table, made)
    if not store.lite:
        async with store.write() as work:
            await work.connection.execute(text("ANALYZE"))


async def _insert(store: Store, table: Table, made: Iterator[dict[str, Any]]) -> None:
    some: list[dict[str, Any]] = []
    for one in made:
        some.append(one)
        if len(some) == ROWS:
            await _write(store, table, some)
            some = []
    await _write(store, table, some)


async def _write(store: Store, table: Table, some: list[dict[str, Any]]) -> None:
    if some:
        async with store.write() as work:
            await work.connection.execute(insert(table), some)


def _people() -> Iterator[dict[str, Any]]:
    for n in range(PEOPLE):
        job = "sales" if n % 2 else "service"
        yield {"id": f"p{n:06}", "zone": ZONES[n % len(ZONES)], "job": job, **PLAIN}


def _standings() -> Iterator[dict[str, Any]]:
    for n in range(PEOPLE):
        barrier = ELEMENTS[n % len(ELEMENTS)].value
        ends = {"since": NOW - 9 * DAY, "until": NOW + 30 * DAY}
        yield {"person": f"p{n:06}", **ends, "barrier": barrier, "once_live": barrier}


def _answers() -> Iterator[dict[str, Any]]:
    for n in range(PEOPLE):
        for k, area in enumerate(AREAS[:3]):
            yield {
                "person": f"p{n:06}",
                "question": f"K-{area}",
                "score": 1 + (n + k) % 5,
                "not_applicable": False,
                "at": NOW - (10 + k) * DAY,
                "took_ms": None,
                "occasion": "x",
            }


def _came() -> Iterator[dict[str, Any]]:
    for n in range(PEOPLE):
        for k in range(HAD):
            at = NOW - 7 * (HAD - k) * DAY
            yield {
                "occasion": f"tips:{k}",
                "person": f"p{n:06}",
                "kind": "post",
                "note": {"card": "tip"},
                "card": "tip",
                "subject": f"tip:tip-{(n + k) % TIPS}",
                "priority": 2,
                "run": "nudges",
                "lane": "teams t",
                "due": at,
                "state": "sent",
                "sent_at": at,
                "answered_at": at,
            }


def _said() -> Iterator[dict[str, Any]]:
    for n in range(PEOPLE):
        for k in range(HAD):
            what = ("useful", "not_useful", "right", "wrong")[(n + k) % 4]
            at = NOW - 7 * (HAD - k) * DAY + timedelta(hours=1)
            yield {"person": f"p{n:06}", "about": f"tip-{(n + k) % TIPS}", "what": what, "at": at}
