"""Sends a second by one courier, against a platform that answers in 5 ms; and what else waits.

The platform is a process of its own. Beside the courier, in the same run, a bare client loop
sends the same bodies to it. While a broadcast leaves, urgent replies are queued now and then.
"""

import asyncio
import json
import sys
import tempfile
from asyncio.subprocess import PIPE
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from time import perf_counter

import aiohttp
from aiohttp import web

from adapters.slack.blocks import draw
from adapters.store.database import Store
from bot.app import App, warm_up
from bot.rehearsal.postgres import postgres_server
from bot.wiring.parts import Connection, build
from dialogs.card import Card
from dialogs.guide import HelpNote
from nudges.address import Address
from nudges.delivery import Delivery, Outcome, Priority, Sent
from nudges.people import Person
from tests.bench.rows import Row, row
from tests.clock import MONDAY
from tests.desk import PROGRAMME, Notebook, read, settings
from tests.real import ROOT

ANSWER = 0.005
SENDS = 6000
RUNS = 3
URGENT = 60
LONGEST = 60
URGENT_APART = 0.04
AT_ONCE = 32
STARTED = perf_counter()


class Platform(Notebook):
    """A platform over HTTP, which names each message by its mark; here it only gets posts."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        super().__init__()
        self._session = session
        self._url = url
        self.arrived: dict[str, float] = {}

    def draw(self, card: Card, token: str) -> str:
        return draw(card, token)

    async def post(self, to: Address, payload: str, mark: str) -> Outcome:
        body = f'{{"channel":"{to.user}","mark":"{mark}",{payload[1:]}'
        async with self._session.post(self._url, data=body.encode()) as answer:
            ref = json.loads(await answer.read())["ref"]
        self.arrived[mark] = perf_counter()
        return Sent(ref)


async def run() -> Sequence[Row]:
    rows: list[Row] = []
    async with platform() as url, aiohttp.ClientSession(connector=_connector()) as session:
        bare = [await _bare(session, url) for _ in range(RUNS)]
        rows.append(row("bare client loop", bare, "/s", ""))
        with tempfile.TemporaryDirectory() as folder:
            places = [f"sqlite:///{folder}/{n}.db" for n in range(RUNS)]
            lite = [await _measure(database, session, url) for database in places]
            rows += _rows("SQLite", lite, bare)
            place = Path(folder) / "postgres"
            place.mkdir()
            with postgres_server(place) as server:
                full: list[tuple[float, list[float]]] = []
                for _ in range(RUNS):
                    async with server.database() as database:
                        full.append(await _measure(database, session, url))
            rows += _rows("PostgreSQL", full, bare)
    return rows


def _rows(
    name: str, measured: Sequence[tuple[float, list[float]]], bare: Sequence[float]
) -> list[Row]:
    half = [sorted(w)[len(w) // 2] * 1000 for _, w in measured]
    slow = [sorted(w)[int(len(w) * 0.99)] * 1000 for _, w in measured]
    sends = [n for n, _ in measured]
    ratios = [n / b for n, b in zip(sends, bare, strict=True)]
    return [
        row(f"{name}: sends by one courier", sends, "/s", "≥ 1,500"),
        row(f"{name}: beside the bare loop", ratios, "of it", "≥ 0.3"),
        row(f"{name}: urgent reply meanwhile, half", half, "ms", "≤ 25"),
        row(f"{name}: urgent reply meanwhile, 99 of 100", slow, "ms", "≤ 100"),
    ]


def _connector() -> aiohttp.TCPConnector:
    return aiohttp.TCPConnector(limit=100)


async def _bare(session: aiohttp.ClientSession, url: str) -> float:
    body = b'{"channel":"p0","mark":"m","text":"' + b"x" * 1500 + b'"}'
    left = iter(range(SENDS))

    async def sender() -> None:
        for _ in left:
            async with session.post(url, data=body) as answer:
                assert json.loads(await answer.read())["ref"]

    began = perf_counter()
    await asyncio.gather(*(sender() for _ in range(AT_ONCE)))
    return SENDS / (perf_counter() - began)


async def _measure(
    database: str, session: aiohttp.ClientSession, url: str
) -> tuple[float, list[float]]:
    store = await Store.open(database, create=True)
    await fill(store, SENDS, URGENT)
    way_out = Platform(session, url)
    app = build(settings(), store, [Connection("browser", read, way_out)], clock)
    await warm_up()
    began = perf_counter()
    await app.start()
    waits = asyncio.create_task(_urgent(app, store, way_out))
    while len(way_out.arrived) < SENDS and perf_counter() - began < LONGEST:  # noqa: ASYNC110 - what is measured is not to be woken by us
        await asyncio.sleep(0.005)
    seconds = perf_counter() - began
    found = await waits
    await app.stop()
    assert len(way_out.arrived) >= SENDS
    return (SENDS + len(found)) / seconds, found


async def _urgent(app: App, store: Store, way_out: Platform) -> list[float]:
    """Queue replies while the broadcast leaves; returns how long each took to arrive."""
    waits: list[float] = []
    for n in range(URGENT):
        await asyncio.sleep(URGENT_APART)
        if len(way_out.arrived) >= SENDS:
            break
        delivery = _post(f"reply:{n}", f"p{SENDS + n}", Priority.INTERACTIVE)
        began = perf_counter()
        async with store.write() as work:
            (number,) = (await work.queue([delivery])).values()
        app.courier.wake()
        mark = f"delivery-{number}"
        while mark not in way_out.arrived:  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.001)
        waits.append(way_out.arrived[mark] - began)
    return waits


async def fill(store: Store, sends: int, others: int = 0) -> None:
    """Bring people into being, and queue a broadcast to the first ``sends`` of them."""
    people = [
        replace(Person(f"p{n}", segment="sales", welcomed=True), addresses=(_at(f"p{n}"),))
        for n in range(sends + others)
    ]
    async with store.write() as work:
        await work.keep_programme(PROGRAMME)
        await work.save(people, clock())
        await work.queue([_post("broadcast:1", p.id, Priority.BROADCAST) for p in people[:sends]])


def _post(occasion: str, person: str, priority: Priority) -> Delivery:
    return Delivery(occasion, person, HelpNote(), priority, clock())


def clock() -> datetime:
    """Return what time it is on a working day."""
    return MONDAY + timedelta(seconds=perf_counter() - STARTED)


def _at(user: str) -> Address:
    return Address("browser", "demo", user)


@asynccontextmanager
async def platform() -> AsyncGenerator[str]:
    """Run the platform in a process of its own."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench.courier", cwd=ROOT, stdout=PIPE
    )
    assert process.stdout
    try:
        port = int(await process.stdout.readline())
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.terminate()
        await process.wait()


async def serve() -> None:
    """Answer every message after a while."""

    async def take(request: web.Request) -> web.Response:
        body = await request.read()
        await asyncio.sleep(ANSWER)
        return web.Response(body=b'{"ref":"m%d"}' % len(body))

    app = web.Application()
    app.router.add_post("/", take)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    print(runner.addresses[0][1], flush=True)  # noqa: T201 - what the bench waits for
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve())
