"""The Microsoft 365 Agents Playground, run for one person, and the program behind it."""

import asyncio
import json
import os
import signal
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
from aiohttp import web

from adapters.content.files import load_programme
from adapters.store.database import Store
from bot.app import App
from bot.wiring.parts import build
from bot.wiring.teams import connect
from nudges.address import Address
from nudges.people import Person
from tests.desk import settings
from tests.real import NODE, ROOT, free_port, tool

TENANT = "00000000-0000-0000-0000-0000000000001"
BOT = "00000000-0000-0000-0000-00000000000011"
STARTED = 30
COMPANY = ROOT / "adapters" / "content" / "demo"


@dataclass
class Clock:
    """The real time, moved ahead as the test wants."""

    ahead: timedelta

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def forward(self, to: datetime) -> None:
        self.ahead += max(to - self(), timedelta())


def address(person: str) -> Address:
    return Address("teams", TENANT, _aad(person))


@asynccontextmanager
async def program(folder: Path, start: datetime, people: list[Person]) -> AsyncGenerator["House"]:
    """Run Wayfinder as ``serve --local`` does; yields it once it listens."""
    clock = Clock(start - datetime.now(UTC))
    store = await Store.open(f"sqlite:///{folder / 'wayfinder.db'}", create=True)
    async with store.write() as work:
        await work.keep_programme(load_programme(COMPANY / "programme.toml"))
        await work.save(people, clock())
    teams = connect(settings(), clock, local=True)
    app = build(settings(), store, [teams], clock)
    runner = web.AppRunner(app.web, access_log=None, auto_decompress=False)
    await runner.setup()
    port = free_port()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    await app.start()
    try:
        yield House(app, store, clock, f"http://127.0.0.1:{port}/api/messages")
    finally:
        await runner.cleanup()
        await app.stop()


@dataclass
class House:
    """The running program, and the clock it goes by."""

    app: App
    store: Store
    clock: Clock
    endpoint: str

    async def morning(self, person: str, due: Callable[[Person], datetime]) -> None:
        """Go to a moment in someone's time, and let everything happen that is due by then."""
        async with self.store.read() as work:
            who = (await work.people([person]))[person]
        self.clock.forward(due(who))
        await self.app.ticker.plan()
        self.app.courier.wake()


@asynccontextmanager
async def playground(folder: Path, person: str, name: str, endpoint: str) -> AsyncGenerator[str]:
    """Run a Playground in which one person talks; yields the address of its page."""
    port = free_port()
    config = folder / f"{person}.yml"
    config.write_text(json.dumps(_config(person, name)))
    script = NODE / "teams" / "node_modules" / ".bin" / "agentsplayground"
    assert script.is_file(), "the Agents Playground is not installed; .ci/run shows how"
    words = ["-e", endpoint, "-c", "msteams", "-p", str(port), "--disable-telemetry"]
    process = await asyncio.create_subprocess_exec(
        tool("node"),
        str(script),
        "start",
        *words,
        cwd=folder,
        env={
            **os.environ,
            "TEAMSAPPTESTER_BROWSER": "none",
            "M365_AGENTS_PLAYGROUND_CONFIG_PATH": str(config),
        },
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        await _ready(f"http://127.0.0.1:{port}/_internal/v1/config", process)
        yield f"http://127.0.0.1:{port}"
    finally:
        if process.returncode is None:
            os.killpg(process.pid, signal.SIGTERM)
        await process.wait()


async def _ready(url: str, process: asyncio.subprocess.Process) -> None:
    async with aiohttp.ClientSession() as session, asyncio.timeout(STARTED):
        while True:
            assert process.returncode is None, "it stopped; see its devTools/*.log"
            try:
                async with session.get(url) as answer:
                    if answer.status == 200:
                        return
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(0.2)


def _aad(person: str) -> str:
    return f"00000000-0000-0000-0000-{person:0>12}"


def _config(person: str, name: str) -> dict[str, object]:
    """Return a Playground's settings; it wants exactly five other users."""

    def user(number: int, called: str) -> dict[str, str]:
        return {
            "id": f"{person}-{number}",
            "name": called,
            "userPrincipleName": f"{person}{number}@example.com",
            "aadObjectId": _aad(person) if not number else _aad(f"{person}{number}"),
            "givenName": called,
            "surname": called,
            "email": f"{person}{number}@example.com",
        }

    return {
        "version": "0.1.1",
        "tenantId": TENANT,
        "bot": {"id": BOT, "name": "Wayfinder"},
        "currentUser": user(0, name),
        "users": [user(number, f"Colleague {number}") for number in range(1, 6)],
        "personalChat": {"id": f"chat-{person}"},
        "groupChat": {"id": f"group-{person}", "name": "Group"},
        "team": {
            "id": f"team-{person}",
            "name": "Team",
            "aadGroupId": "00000000-0000-0000-0000-000000000031",
            "channels": [{"id": f"channel-{person}", "name": "Announcements"}],
        },
    }
