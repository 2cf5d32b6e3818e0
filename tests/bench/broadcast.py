"""A broadcast from its rule to its end: spreading, progress, claims, and who waits meanwhile.

And 100,000 people at fifty a second, on a clock that passes only when nothing else happens.
"""

import asyncio
import json
import tempfile
from collections import Counter
from collections.abc import AsyncGenerator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import cast

from sqlalchemy import text

from adapters.store.database import Store
from bot.rehearsal.postgres import postgres_server
from bot.ticker import PART
from bot.wiring.parts import Connection, build
from dialogs.doorway import Arrival
from dialogs.guide import HelpNote
from nudges.address import Address
from nudges.audience import EVERYONE, Rule
from nudges.audience_language import parse
from nudges.broadcast_notes import BroadcastNote
from nudges.delivery import Delivery, Outcome, Priority, Sent
from nudges.pace import POSTS, Paces
from nudges.people import Person
from tests.bench.rows import Row, row
from tests.bench.running import measured
from tests.clock import MONDAY
from tests.desk import Notebook, read, settings
from tests.virtual import VirtualTime

MANY, MILLION = 100_000, 1_000_000
CLAIMS = 200
PACE = 50
LOOK = 0.12
PULSE_EVERY = 20
SECOND = timedelta(seconds=1)
ADDRESSES = text(
    "INSERT INTO addresses SELECT platform, tenant, id, id, reference, closed, used_at"
    " FROM addresses CROSS JOIN people WHERE \"user\" = 'p' AND id LIKE 'q%'"
)


async def run() -> Sequence[Row]:
    rows: list[Row] = []
    async for name, database in each_database():
        rows += await _spread(name, database)
    async for name, database in each_database():
        store = await Store.open(database, create=True)
        await fill(store, MANY, addresses=True)
        rows += await measured(name, store, MANY)
    with tempfile.TemporaryDirectory() as folder:
        rows += await _paced(f"sqlite:///{folder}/paced.db")
    return rows


async def each_database() -> AsyncGenerator[tuple[str, str]]:
    """Yield an empty database of each kind, with its name."""
    with tempfile.TemporaryDirectory() as folder:
        yield "SQLite", f"sqlite:///{folder}/bench.db"
        place = Path(folder) / "postgres"
        place.mkdir()
        with postgres_server(place) as server:
            async with server.database() as database:
                yield "PostgreSQL", database


async def _spread(name: str, database: str) -> list[Row]:
    store = await Store.open(database, create=True)
    await fill(store, MILLION)
    small, _ = await _spread_one(store, "b:small", parse("segment is tenth"))
    large, waits = await _spread_one(store, "b:large", EVERYONE)
    asked: list[float] = []
    for _ in range(20):
        began = perf_counter()
        async with store.read() as work:
            found = await work.progress("b:small")
        asked.append((perf_counter() - began) * 1000)
        assert sum(found.values()) == MANY
    claims: list[float] = []
    for _ in range(CLAIMS):
        async with store.write() as work:
            until = MONDAY + timedelta(seconds=30)
            began = perf_counter()
            got = await work.claim("b:large", "browser:demo", "me", MONDAY, until, 48)
            claims.append((perf_counter() - began) * 1000)
            assert len(got) == 48
    async with store.write() as work:
        await work.connection.execute(
            text("UPDATE deliveries SET state = 'sent' WHERE run = 'b:small'")
        )
    for _ in range(20):
        began = perf_counter()
        async with store.read() as work:
            found = await work.progress("b:small")
        asked.append((perf_counter() - began) * 1000)
        assert found["sent"] == MANY
    await store.close()
    late = sorted(waits)[int(len(waits) * 0.99)]
    return [
        row(f"{name}: 100,000 people", [small], "s", "≤ 2"),
        row(f"{name}: a million people", [large], "s", "≤ 10"),
        row(f"{name}: an answer's commit meanwhile, 99 of 100", [late], "ms", "≤ 250"),
        row(f"{name}: progress of 100,000", asked, "ms", "≤ 50"),
        row(f"{name}: a claim of 48 in a million", claims, "ms", "≤ 2"),
    ]


async def _spread_one(store: Store, name: str, rule: Rule) -> tuple[float, list[float]]:
    """Spread a broadcast while answers come in; returns seconds, and each answer's milliseconds."""
    app = build(settings(), store, [Connection("browser", read, Notebook())], lambda: MONDAY)
    spreading = asyncio.Event()
    waits: list[float] = []

    async def answers() -> None:
        n = 0
        while not spreading.is_set():
            began = perf_counter()
            await app.inbox.accept(Arrival(f"browser:{name}:{n}", "browser", json.dumps("hi")))
            waits.append((perf_counter() - began) * 1000)
            n += 1
            await asyncio.sleep(0.02)

    coming = asyncio.create_task(answers())
    began = perf_counter()
    async with store.write() as work:
        await work.begin_spread(name, BroadcastNote(1), rule, MONDAY, own_morning=True, now=MONDAY)
    queued = await app.ticker.spread()
    seconds = perf_counter() - began
    assert queued >= MANY - PART
    spreading.set()
    await coming
    return seconds, waits


async def fill(store: Store, n: int, *, addresses: bool = False) -> None:
    """Bring people into being, with raw SQL: they are not what is measured."""
    async with store.write() as work:
        await work.save(
            [
                replace(
                    Person("p", segment="tenth", welcomed=True),
                    addresses=(Address("browser", "demo", "p"),),
                )
            ],
            MONDAY,
        )
        found = await work.connection.execute(text("SELECT * FROM people"))
        columns = [c for c in found.keys() if c not in {"id", "segment"}]  # noqa: SIM118 - a result's
        listed = ", ".join(f'"{c}"' for c in columns)
        await work.connection.execute(
            text(
                f"INSERT INTO people (id, segment, {listed})"  # noqa: S608 - our own columns
                " WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :n)"
                " SELECT 'q' || (1000000 + i), CASE WHEN i % 10 = 0 THEN 'tenth' ELSE '' END,"
                f" {listed} FROM people CROSS JOIN n WHERE id = 'p'"
            ),
            {"n": n - 1},
        )
        if addresses:
            await work.connection.execute(ADDRESSES)
    if not store.lite:
        async with store.once() as work:
            await work.connection.execute(text("ANALYZE"))


class Slow(Notebook):
    """A platform that notes when each message came."""

    def __init__(self, time: VirtualTime) -> None:
        super().__init__()
        self.time = time
        self.came: list[tuple[datetime, str]] = []

    async def post(self, to: Address, payload: str, mark: str) -> Outcome:
        assert payload
        self.came.append((self.time(), to.user))
        return Sent(mark)


async def _paced(database: str) -> list[Row]:
    store = await Store.open(database, create=True)
    await fill(store, MANY)
    time = VirtualTime()
    platform = Slow(time)
    app = build(
        settings(),
        cast("Store", time.watched(store)),
        [Connection("browser", read, platform)],
        time,
        paces=Paces({("browser", POSTS): float(PACE)}),
        sleep=time.sleep,
    )
    pulses = [f"pulse-{n}" for n in range(MANY // PACE // PULSE_EVERY)]
    people = [
        replace(Person(name, welcomed=True), addresses=(Address("browser", "demo", name),))
        for name in pulses
    ]
    async with store.write() as work:
        await work.begin_spread("b:1", HelpNote(), EVERYONE, MONDAY, own_morning=False, now=MONDAY)
        while await work.spread(MONDAY, PART):
            pass
        await work.save(people, MONDAY)
        await work.connection.execute(ADDRESSES)
    asked: dict[str, datetime] = {}
    last = time()
    for name in pulses:
        while time() < last + PULSE_EVERY * SECOND:
            await app.courier.claim()
            await time.pass_(LOOK)
        last = asked[name] = time()
        pulse = Delivery("pulse:1", name, HelpNote(), Priority.PULSE, time())
        async with store.write() as work:
            await work.queue([pulse])
    while len(platform.came) < MANY + len(pulses):
        before = len(platform.came)
        await app.courier.claim()
        await time.pass_(LOOK)
        assert len(platform.came) > before or not before
    await store.close()
    moments = [m for m, _ in platform.came]
    whole = (moments[-1] - moments[0]).total_seconds()
    waits = sorted((m - asked[who]).total_seconds() for m, who in platform.came if who in asked)
    assert set(Counter(who for _, who in platform.came).values()) == {1}
    return [
        row(
            "100,000 people at 50/s: part of the pace",
            [100 * len(moments) / whole / PACE],
            "%",
            "≥ 98",
        ),
        row("most in any one second", [float(_busiest(moments))], "", "≤ 50"),
        row("a pulse meanwhile, 99 of 100", [waits[int(len(waits) * 0.99)]], "s", "≤ 2"),
    ]


def _busiest(moments: Sequence[datetime]) -> int:
    most = first = 0
    for last, moment in enumerate(moments):
        while moments[first] <= moment - SECOND:
            first += 1
        most = max(most, last - first + 1)
    return most
