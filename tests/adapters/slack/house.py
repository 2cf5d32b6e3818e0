"""A house with Slack in it: the whole program in this process, and a real client beside it."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from aiohttp import ClientError, ClientSession, DummyCookieJar, web

from adapters.slack.api import Api
from adapters.slack.bolt import Connection
from adapters.slack.channel import SlackChannel
from adapters.slack.door import Door
from adapters.slack.inbox import SlackInbox, read
from adapters.slack.manifest import EVENTS_PATH
from adapters.slack.marks import MemoryMarks
from adapters.slack.workspaces import Installed, MemoryWorkspaces, Workspace
from adapters.store.database import Store
from bot.app import App
from bot.wiring.parts import Connection as Connected
from bot.wiring.parts import build, real_clock
from nudges.address import Address
from nudges.people import Person
from tests.clock import Clock
from tests.desk import PEOPLE, PROGRAMME, settings
from tests.real import NODE, STARTED, free_port

TEAM, APP, BOT = "T01ACME", "A01WAY", "U0WAY"
SECRET = "local-signing-secret-0001"  # noqa: S105 - local-slack's own
CLIENT = NODE / "slack" / "node_modules" / "local-slack-linux-x64" / "bin" / "local-slack"
Mode = Literal["http", "socket"]


def slack_id(person: Person) -> str:
    return f"U01{person.id.upper()}"


@dataclass
class House:
    """The running program, its clock, and where the client is."""

    app: App
    store: Store
    clock: Clock
    client: str
    session: ClientSession

    async def tomorrow(self) -> None:
        """Let a day pass, and carry out what it brings."""
        self.clock.pass_(hours=25)
        await self.app.ticker.plan()
        self.app.courier.wake()


@asynccontextmanager
async def open_house(mode: Mode, store: Store, clock: Clock, folder: Path) -> AsyncGenerator[House]:
    """Run everything until the block ends."""
    ours, theirs = free_port(), free_port()
    async with (
        _client(mode, ours, theirs, folder) as client,
        ClientSession(cookie_jar=DummyCookieJar()) as session,
    ):
        async with store.write() as work:
            await work.keep_programme(PROGRAMME)
            here = [replace(p, addresses=(Address("slack", TEAM, slack_id(p)),)) for p in PEOPLE]
            await work.save(here, clock())
        api = Api(session, f"{client}/api/")
        installed = Installed(MemoryWorkspaces(Workspace(TEAM, "xoxb-local-1", BOT)), clock)
        channel = SlackChannel(api, installed, clock)
        app = build(settings(), store, [Connected("slack", read, channel)], clock)
        door = Door((SECRET,), APP, installed, MemoryMarks(real_clock), real_clock)
        way_in = SlackInbox(door, app.inbox, api, installed, b"secret")
        app.web.router.add_route("*", EVENTS_PATH, way_in.handle)
        runner = web.AppRunner(app.web, access_log=None, shutdown_timeout=1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", ours).start()
        connection = Connection("xapp-local-1", f"{client}/api/", way_in.envelope)
        await app.start()
        if mode == "socket":
            await connection.connect_async()
        try:
            yield House(app, store, clock, client, session)
        finally:
            await connection.close_async()
            await way_in.close()
            await runner.cleanup()
            await app.stop()


@asynccontextmanager
async def _client(mode: Mode, ours: int, theirs: int, folder: Path) -> AsyncGenerator[str]:
    assert CLIENT.is_file(), "local-slack is not installed; .ci/run shows how"
    app = {
        "appId": APP,
        "botUserId": BOT,
        "botName": "Wayfinder",
        "botToken": "xoxb-local-1",
        "appToken": "xapp-local-1",
        "signingSecret": SECRET,
        "mode": "events" if mode == "http" else "socket",
        "requestUrl": f"http://127.0.0.1:{ours}{EVENTS_PATH}",
    }
    people = [{"id": slack_id(p), "name": p.id, "real_name": p.name} for p in PEOPLE]
    members = [BOT, *(slack_id(p) for p in PEOPLE)]
    config = folder / "local-slack.json"
    config.write_text(
        json.dumps(
            {
                "workspace": {"name": "Acme", "domain": "acme", "teamId": TEAM},
                "apps": [app],
                "users": people,
                "channels": [{"id": "C01SALES", "name": "sales", "members": members}],
            }
        )
    )
    words = ["--config", str(config), "--port", str(theirs), "--base-host", "127.0.0.1"]
    words += ["--files-dir", str(folder)]
    process = await asyncio.create_subprocess_exec(
        str(CLIENT), *words, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL
    )
    url = f"http://127.0.0.1:{theirs}"
    try:
        await _ready(f"{url}/_control/state")
        yield url
    finally:
        process.terminate()
        await process.wait()


async def _ready(url: str) -> None:
    async with ClientSession() as session, asyncio.timeout(STARTED):
        while True:
            try:
                async with session.get(url) as answer:
                    if answer.status == 200:
                        return
            except ClientError:
                pass
            await asyncio.sleep(0.05)
