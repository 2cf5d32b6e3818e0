"""What an answer about a record adds to the CRM's own time, and what the made-up CRM takes.

The fake Dataverse runs in a process of its own. First one answer is recorded as the requests it
takes; then the bare requests and the whole answer are timed in turn, so that both have the same
machine. What is ours is the difference.
"""

import asyncio
import gc
import tracemalloc
from collections.abc import Sequence
from multiprocessing import get_context
from multiprocessing.connection import Connection
from time import perf_counter
from typing import Any

from aiohttp import ClientSession, DummyCookieJar
from yarl import URL

from adapters.content.files import DEMO
from adapters.content.tables import load_tables
from adapters.crm.demo import DemoCrm
from adapters.crm.wire import Wire
from adapters.directory.table import read_people
from dialogs.records import Asker, Record, Wanted
from tests.adapters.crm.company import Company, company, dynamics
from tests.bench.rows import Row, row
from tests.clock import MONDAY

RUNS = 60
WARM = 5
QUESTIONS = {
    "one fact": Wanted("rijn transport", "phone"),
    "a whole record": Wanted("rijn transport"),
    "several to choose from": Wanted("Jan de Vries"),
}


def _serve(out: Connection) -> None:
    async def served() -> None:
        acme = company()
        acme.crm.search.limits = False
        async with acme.crm.served():
            out.send((acme.crm.base, acme.ids))
            await asyncio.to_thread(out.recv)

    asyncio.run(served())


async def run() -> Sequence[Row]:
    ours, theirs = get_context("spawn").Pipe()
    process = get_context("spawn").Process(target=_serve, args=(theirs,), daemon=True)
    process.start()
    try:
        base, ids = await asyncio.to_thread(ours.recv)
        made = Company(company().crm, ids)
        made.crm.base = base
        rows: list[Row] = []
        for what, wanted in QUESTIONS.items():
            rows += await _timed(made, what, wanted)
    finally:
        ours.send("done")
        process.join(5)
    return [*rows, *await _demo()]


def _always(who: str) -> bool:
    """Let everybody search at once, so that every answer takes the same requests."""
    return bool(who)


async def _timed(made: Company, what: str, wanted: Wanted) -> list[Row]:
    seen: list[tuple[str, str, dict[str, str], bytes | None]] = []
    once = Wire._once  # pyright: ignore[reportPrivateUsage]

    async def heard(self: Wire, method: str, path: str, headers: Any, body: Any) -> Any:  # noqa: ANN401
        seen.append((method, path, dict(headers), body))
        return await once(self, method, path, headers, body)

    whole: list[float] = []
    bare: list[float] = []
    jar = DummyCookieJar()
    async with dynamics(made.crm) as crm, ClientSession(cookie_jar=jar) as session:
        pace = crm._pace  # pyright: ignore[reportPrivateUsage]
        pace.take = _always
        for _ in range(WARM):
            await crm.look_up(wanted, made.tom)
        Wire._once = heard  # pyright: ignore[reportPrivateUsage]
        await crm.look_up(wanted, made.tom)
        Wire._once = once  # pyright: ignore[reportPrivateUsage]
        for _ in range(RUNS):
            began = perf_counter()
            for method, path, headers, body in seen:
                url = URL(made.crm.base + path, encoded=True)
                async with session.request(method, url, headers=headers, data=body) as answer:
                    await answer.read()
            between = perf_counter()
            await crm.look_up(wanted, made.tom)
            bare.append((between - began) * 1e3)
            whole.append((perf_counter() - between) * 1e3)
    added = [w - b for w, b in zip(whole, bare, strict=True)]
    trips = f"{len(seen)} requests"
    return [
        row(f"{what}: the fake's own time, {trips}", bare, "ms", ""),
        row(f"{what}: the answer", whole, "ms", ""),
        row(f"{what}: what we add", added, "ms", "≤ 15"),
    ]


async def _demo() -> list[Row]:
    tables = load_tables()
    people = read_people(DEMO / "people.csv")
    gc.collect()
    asker = Asker("p001", "nl", "", "sanne.dewit@lindenhof.example")
    tracemalloc.start()
    crm = DemoCrm(people, lambda: tables, lambda: MONDAY)
    for wanted in QUESTIONS.values():
        await crm.look_up(wanted, asker)
    held = tracemalloc.get_traced_memory()[0] / 1e6
    tracemalloc.stop()
    first: list[float] = []
    later: list[float] = []
    for _ in range(5):
        crm = DemoCrm(people, lambda: tables, lambda: MONDAY)
        began = perf_counter()
        found = await crm.look_up(QUESTIONS["a whole record"], asker)
        first.append((perf_counter() - began) * 1e3)
        assert isinstance(found, Record)
        for _ in range(10):
            began = perf_counter()
            await crm.look_up(QUESTIONS["a whole record"], asker)
            later.append((perf_counter() - began) * 1e3)
    return [
        row("made-up CRM: the first answer", first, "ms", ""),
        row("made-up CRM: an answer", later, "ms", ""),
        row("made-up CRM: memory", [held], "MB", "≤ 10"),
    ]
