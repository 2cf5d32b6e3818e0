"""How fast Teams gets in and out: our door, stock botbuilder and a bare handler, side by side.

Every server has a process of its own, and so has the made-up Microsoft. The stock echo is spared
the fetching of its own token, which it does anew, and blocking, for most turns; ours writes a
durable row before it answers.
"""

import asyncio
import json
import sys
import tempfile
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from statistics import quantiles
from time import perf_counter, process_time
from typing import Any

import aiohttp
import jwt
from aiohttp import web

from adapters.store.database import Store
from adapters.teams.access import Access
from adapters.teams.account import Reference
from adapters.teams.channel import TeamsChannel
from adapters.teams.connector import Connector, open_session
from adapters.teams.door import Door
from adapters.teams.inbox import TeamsInbox
from adapters.teams.keys import Keys
from adapters.teams.pipeline import Pipeline
from bot.inbox import Inbox
from bot.wiring.parts import PATIENCE
from dialogs.card import Card, Paragraph
from dialogs.doorway import Kept, Reply
from dialogs.rich import plain
from nudges.address import Address
from nudges.delivery import Sent
from tests.adapters.teams.activities import message
from tests.adapters.teams.fakes import FakeConnector, FakeEntra, FakeOpenId
from tests.adapters.teams.genuine import APP, PERSON, SECRET, TENANT, NearbyCloud, Signer, claims
from tests.bench.rows import Row, row
from tests.real import ROOT

ROUNDS = 3
CONNECTIONS = 32
KNOCKS = {"ours": 3000, "stock": 250, "bare": 4000}
SENDS = 4000
AT_ONCE = 64
ANSWERS_IN = 0.005
MEGABYTE = b'{"type":"message","entities":[' + b'{"type":"x"},' * 79_000 + b"{}]}"


@dataclass(frozen=True)
class Microsoft:
    """Where the made-up Microsoft is, and a genuine token from it."""

    metadata: str
    entra: str
    service: str
    token: str


async def run() -> Sequence[Row]:
    with tempfile.TemporaryDirectory() as folder:
        async with process("microsoft") as told:
            return await _measure(Microsoft(**told), Path(folder))


async def _measure(microsoft: Microsoft, folder: Path) -> list[Row]:
    rates: dict[str, list[float]] = {kind: [] for kind in KNOCKS}
    spent: dict[str, list[float]] = {kind: [] for kind in KNOCKS}
    slow: list[float] = []
    stalls: dict[str, list[float]] = {"ours": [], "stock": []}
    for number in range(ROUNDS):
        for kind, knocks in KNOCKS.items():
            words = json.dumps({**vars(microsoft), "database": f"{folder}/{number}.db"})
            async with process(kind, words) as told:
                before = await _told(told["url"], "spent")
                rate, late = await _knock(told["url"], microsoft, knocks)
                rates[kind].append(rate)
                spent[kind].append((await _told(told["url"], "spent") - before) / knocks * 1e6)
                if kind == "ours":
                    slow.append(late * 1000)
                if kind in stalls:
                    stalls[kind].append(await _stall(told["url"]) * 1000)
    sends, asked = await _send(microsoft)
    stock = [a / b for a, b in zip(rates["ours"], rates["stock"], strict=True)]
    bare = [a / b for a, b in zip(rates["ours"], rates["bare"], strict=True)]
    return [
        row("in: ours, with a durable row", rates["ours"], "/s", ""),
        row("in: ours, p99", slow, "ms", "≤ 300"),
        row("in: stock CloudAdapter echo", rates["stock"], "/s", ""),
        row("in: bare aiohttp with a JWT check", rates["bare"], "/s", ""),
        row("in: ours over stock", stock, "times", "≥ 8"),
        row("in: ours over bare", bare, "times", "≥ 0.25"),
        *(row(f"in: {kind}, CPU a request", spent[kind], "µs", "") for kind in KNOCKS),
        row("1 MiB unsigned: ours stalls", stalls["ours"], "ms", "≤ 50"),
        row("1 MiB unsigned: stock stalls", stalls["stock"], "ms", ""),
        row("out: sends to an answer in 5 ms", sends, "/s", "≥ 1,500"),
        row("out: calls for a token", [asked], "", "≤ 1 per 50 min"),
    ]


@asynccontextmanager
async def process(kind: str, words: str = "{}") -> AsyncGenerator[dict[str, Any]]:
    """Run one of the servers below until the block ends; yields what it says about itself."""
    command = [sys.executable, "-m", "tests.bench.teams_door", kind, words]
    started = await asyncio.create_subprocess_exec(
        *command, cwd=ROOT, stdin=PIPE, stdout=PIPE, stderr=None if kind != "stock" else DEVNULL
    )
    assert started.stdout
    assert started.stdin
    try:
        yield json.loads(await started.stdout.readline())
    finally:
        started.stdin.close()
        await started.wait()


async def _knock(url: str, microsoft: Microsoft, knocks: int) -> tuple[float, float]:
    """Send messages over 32 connections; returns how many a second, and the slowest hundredth."""
    headers = {"Authorization": f"Bearer {microsoft.token}", "Content-Type": "application/json"}
    base = message(serviceUrl=microsoft.service)
    bodies = iter([json.dumps(base | {"id": str(n), "text": f"hi {n}"}) for n in range(knocks)])
    took: list[float] = []

    async def one_by_one() -> None:
        for body in bodies:
            began = perf_counter()
            async with session.post(f"{url}/api/messages", data=body, headers=headers) as answer:
                assert answer.status < 300, answer.status
            took.append(perf_counter() - began)

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=CONNECTIONS)) as session:
        began = perf_counter()
        await asyncio.gather(*(one_by_one() for _ in range(CONNECTIONS)))
        return knocks / (perf_counter() - began), quantiles(took, n=100)[98]


async def _stall(url: str) -> float:
    """Send an unsigned megabyte; returns for how long nothing else could run, in seconds."""
    headers = {"Content-Type": "application/json"}
    await _told(url, "stall")
    async with aiohttp.ClientSession() as session:
        for body in (BytesIO(MEGABYTE), _in_pieces()):
            with suppress(aiohttp.ClientError):
                async with session.post(f"{url}/api/messages", data=body, headers=headers) as said:
                    await said.text()
    return await _told(url, "stall")


async def _told(url: str, what: str) -> float:
    async with aiohttp.ClientSession() as session, session.get(f"{url}/{what}") as answer:
        return float(await answer.text())


async def _in_pieces() -> AsyncIterator[bytes]:
    yield MEGABYTE


async def _send(microsoft: Microsoft) -> tuple[list[float], float]:
    """Send cards, 64 at once; returns how many a second, and how often a token was fetched."""
    account, rates = NearbyCloud(APP, SECRET, TENANT), list[float]()
    where = Reference(service=microsoft.service, chat="a:1", bot=f"28:{APP}", user="29:x")
    to = Address("teams", TENANT, PERSON, where.model_dump_json())
    card = Card("A question", (Paragraph(plain("How is it going?")),))
    async with open_session() as session:
        access = Access(session, account, _now, microsoft.entra)
        channel = TeamsChannel(Connector(session, account, access), _now)

        async def one_by_one(numbers: "Sequence[int]") -> None:
            for number in numbers:
                told = await channel.post(to, channel.draw(card, "T" * 32), str(number))
                assert isinstance(told, Sent), told

        for _ in range(ROUNDS):
            began = perf_counter()
            places = (range(n, SENDS, AT_ONCE) for n in range(AT_ONCE))
            await asyncio.gather(*(one_by_one(place) for place in places))
            rates.append(SENDS / (perf_counter() - began))
    return rates, await _told(microsoft.entra, "asked")


def _now() -> datetime:
    return datetime.now(UTC)


class CountedEntra(FakeEntra):
    def routes(self) -> list[web.RouteDef]:
        async def asked(_request: web.Request) -> web.Response:
            return web.Response(text=str(len(self.asked)))

        return [*super().routes(), web.get("/asked", asked)]


async def serve_microsoft(_words: dict[str, str]) -> None:
    signer = Signer("first")
    with FakeOpenId(signer) as openid, CountedEntra() as entra, FakeConnector() as connector:
        connector.delay, connector.quiet = ANSWERS_IN, True
        token = signer.sign(claims(_now(), serviceurl=connector.service))
        told = Microsoft(openid.metadata, entra.url, connector.service, token)
        await _until_told(json.dumps(vars(told)))


async def serve_ours(words: dict[str, str]) -> None:
    async def redraw(_kept: Kept) -> Reply:
        return Reply("en")

    store = await Store.open(f"sqlite:///{words['database']}", create=True)
    account, inbox = (
        NearbyCloud(APP, SECRET, TENANT),
        Inbox(store, "bench", _now, redraw, PATIENCE.arrival),
    )
    async with open_session() as session:
        keys = Keys(session, _now, words["metadata"])
        line = Connector(session, account, Access(session, account, _now, words["entra"]))
        door, channel = Door(account, keys, _now), TeamsChannel(line, _now)
        teams = TeamsInbox(door, Pipeline(line), inbox, channel, lambda _: "", b"x")
        taking = asyncio.create_task(_take(inbox))
        await _serve(teams.handle)
        taking.cancel()
    await store.close()


async def _take(inbox: Inbox) -> None:
    """Take what arrived out of the way, as turns would; what follows from it is not measured."""
    while True:
        await inbox.someone()
        for arrival in inbox.next(1):
            inbox.answer(arrival.key, lambda: Reply("en"))


async def serve_bare(words: dict[str, str]) -> None:
    async with aiohttp.ClientSession() as session, session.get(words["metadata"]) as answer:
        where = (await answer.json())["jwks_uri"]
        async with session.get(where) as listed:
            keys = jwt.PyJWKSet.from_dict(await listed.json())

    async def handle(request: web.Request) -> web.Response:
        token = request.headers["Authorization"].removeprefix("Bearer ")
        key = keys[jwt.get_unverified_header(token)["kid"]]
        jwt.decode(token, key, algorithms=["RS256"], audience=APP)
        await request.json()
        return web.Response()

    await _serve(handle)


async def serve_stock(words: dict[str, str]) -> None:
    from tests.bench.teams_stock import echo  # noqa: PLC0415 - only this process loads all of it

    await _serve(echo(words["metadata"]))


async def _serve(handle: Callable[[web.Request], Awaitable[web.StreamResponse]]) -> None:
    """Serve one handler, and tell how long the loop was ever late."""
    longest = [0.0]

    async def watch() -> None:
        while True:
            began = perf_counter()
            await asyncio.sleep(0.002)
            longest[0] = max(longest[0], perf_counter() - began - 0.002)

    async def stall(_request: web.Request) -> web.Response:
        told, longest[0] = longest[0], 0.0
        return web.Response(text=str(told))

    async def spent(_request: web.Request) -> web.Response:
        return web.Response(text=str(process_time()))

    app = web.Application(client_max_size=2 * 1024 * 1024)
    app.add_routes([web.post("/api/messages", handle), web.get("/stall", stall)])
    app.add_routes([web.get("/spent", spent)])
    runner = web.AppRunner(app, access_log=None, auto_decompress=False)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    watching = asyncio.create_task(watch())
    await _until_told(json.dumps({"url": f"http://127.0.0.1:{runner.addresses[0][1]}"}))
    watching.cancel()
    await runner.cleanup()


async def _until_told(hello: str) -> None:
    """Say hello, and stay until the other side hangs up."""
    sys.stdout.write(f"{hello}\n")
    sys.stdout.flush()
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        asyncio.run(globals()[f"serve_{sys.argv[1]}"](json.loads(sys.argv[2])))
    else:
        for told in asyncio.run(run()):
            print("  ".join(f"{part:<36}" for part in told))  # noqa: T201 - a bench prints
