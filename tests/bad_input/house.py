"""A house with all its doors open at once: Slack's, Teams', the page's and that for measured use.

The whole program stands behind them, joined as in production, with a made-up Slack and Microsoft
on the other side; what it logs is kept, so that a failure shows that nobody outside would see.
"""

import asyncio
import json
import logging
from collections.abc import AsyncGenerator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, TypeAlias

import structlog
from aiohttp import ClientOSError, ClientSession, DummyCookieJar, web
from sqlalchemy import func, select

from adapters.browser.channel import BrowserChannel
from adapters.browser.conversation import Conversation
from adapters.browser.inbox import BrowserInbox
from adapters.browser.inbox import read as read_browser
from adapters.browser.ports import Jump, Persona
from adapters.browser.site import Site
from adapters.slack import payloads
from adapters.slack.api import Api
from adapters.slack.channel import SlackChannel
from adapters.slack.door import Door as SlackDoor
from adapters.slack.inbox import SlackInbox
from adapters.slack.manifest import EVENTS_PATH
from adapters.slack.marks import MemoryMarks
from adapters.slack.workspaces import Installed, Workspace
from adapters.store.database import Store
from adapters.store.inbox import inbox
from adapters.store.secrets import Vault
from adapters.store.slack import SealedWorkspaces
from adapters.teams import activity
from adapters.teams.access import Access
from adapters.teams.account import Reference
from adapters.teams.channel import TeamsChannel
from adapters.teams.connector import Connector, open_session
from adapters.teams.door import Door as TeamsDoor
from adapters.teams.inbox import TeamsInbox
from adapters.teams.keys import Keys
from adapters.teams.pipeline import Pipeline
from adapters.usage.door import PATH as USAGE_PATH
from adapters.usage.door import UsageDoor
from bot.app import App
from bot.logs import Brief
from bot.redaction import Redaction
from bot.usage import Intake
from bot.wiring.parts import Connection, build
from nudges.address import Address
from tests.adapters.slack.desk import APP as SLACK_APP
from tests.adapters.slack.desk import SECRET as SLACK_SECRET
from tests.adapters.slack.desk import TEAM
from tests.adapters.slack.fake import FakeSlack
from tests.adapters.teams.fakes import FakeConnector, FakeEntra, FakeOpenId
from tests.adapters.teams.genuine import APP, PERSON, SECRET, TENANT, NearbyCloud, Signer
from tests.clock import MONDAY, Clock
from tests.desk import PEOPLE, PROGRAMME, settings

Json: TypeAlias = Any
USAGE_SECRET = "a-figure-is-worth-4711-words-and-no-more"  # noqa: S105 - signs made-up figures only
VAULT_KEY = "a2V5LW9mLWEtbWFkZS11cC12YXVsdC1vZi10ZXN0cyE="
LONGEST_LINE = 300
"""Bytes that a refusal may write to the log."""
TELLTALE = "canary4711"
"""What stands in bodies and tokens, and nowhere in a log."""


@dataclass
class Answered:
    """What a door said: its status, 0 where it hung up, and its words."""

    status: int
    body: bytes = b""


@dataclass
class Logged:
    """What the program and its libraries said since somebody last looked."""

    lines: list[str] = field(default_factory=list[str])
    loud: list[str] = field(default_factory=list[str])

    def wrote(self, _: object, level: str, event: structlog.typing.EventDict) -> str:
        self.add(json.dumps({**event, "level": level}, default=repr), level)
        raise structlog.DropEvent

    def add(self, line: str, level: str) -> None:
        self.lines.append(line)
        if level in {"error", "exception", "critical"}:
            self.loud.append(line)

    def taken(self) -> tuple[list[str], list[str]]:
        """Return all lines, and those that tell of a failure of ours; they are forgotten then."""
        found = self.lines[:], self.loud[:]
        self.lines.clear()
        self.loud.clear()
        return found


class _Heard(logging.Handler):
    def __init__(self, logged: Logged) -> None:
        super().__init__(logging.WARNING)
        self._logged = logged
        self.addFilter(Brief(Redaction()))

    def emit(self, record: logging.LogRecord) -> None:
        text = self.format(record)
        self._logged.add(text, record.levelname.lower())


@dataclass
class House:
    """The running program, and who stands outside."""

    app: App
    store: Store
    clock: Clock
    slack: FakeSlack
    openid: FakeOpenId
    entra: FakeEntra
    connector: FakeConnector
    conversation: Conversation
    signer: Signer
    session: ClientSession
    logged: Logged
    slack_in: SlackInbox
    port: int = 0

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def post(
        self, path: str, body: bytes, headers: Mapping[str, str], method: str = "POST"
    ) -> Answered:
        asked = self.session.request(method, self.origin + path, data=body, headers=headers)
        try:
            async with asyncio.timeout(15), asked as answer:
                return Answered(answer.status, await answer.read())
        except ClientOSError:
            return Answered(0)

    async def raw(self, request: bytes, *, end: bool = False) -> Answered:
        """Send bytes as they are, over a connection of their own."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            async with asyncio.timeout(15):
                writer.write(request)
                if end:
                    writer.write_eof()
                head = await reader.readuntil(b"\r\n\r\n")
                while head.startswith(b"HTTP/1.1 100"):
                    head = await reader.readuntil(b"\r\n\r\n")
                length = head.lower().partition(b"content-length:")[2].split(b"\r\n")[0]
                bare = request.startswith(b"HEAD ")
                body = await reader.readexactly(0 if bare else int(length or b"0"))
                return Answered(int(head.split()[1]), body)
        except (asyncio.IncompleteReadError, ConnectionError):
            return Answered(0)
        finally:
            writer.close()

    async def rest(self) -> None:
        """Carry out everything that follows from what came in."""
        await self.slack_in.close()
        await self.app.settle()

    async def stored(self) -> int:
        """Return how much has ever come in."""
        async with self.store.read() as work:
            return await work.connection.scalar(select(func.count()).select_from(inbox)) or 0

    def outside(self) -> int:
        """Return how often somebody outside was called."""
        asked = len(self.slack.calls) + len(self.slack.responses) + len(self.connector.calls)
        return asked + len(self.entra.asked)


@dataclass
class _Outside:
    """The made-up Slack and Microsoft, and our lines to them."""

    slack: FakeSlack
    openid: FakeOpenId
    entra: FakeEntra
    connector: FakeConnector
    session: ClientSession
    line: ClientSession


@asynccontextmanager
async def open_house(database: str = "sqlite://") -> AsyncGenerator[House]:
    """Open the house: Ann is on Slack, Bob on Teams and Eve on the page."""
    logged, clock, signer = Logged(), Clock(), Signer("first")
    async with AsyncExitStack() as stack:
        _listen(stack, logged)
        outside = await _outside(stack, signer)
        store = await Store.open(database, create=True)
        conversation = Conversation(Path(":memory:"), clock)
        stack.callback(conversation.close)
        installed = Installed(SealedWorkspaces(store, Vault.read([VAULT_KEY])), clock)
        await installed.add(Workspace(TEAM, "xoxb-1", bot="UBOT"))
        api = Api(outside.session, f"{outside.slack.origin}/api/")
        account = NearbyCloud(APP, SECRET, TENANT)
        access = Access(outside.line, account, clock, outside.entra.url)
        stack.push_async_callback(access.close)
        to_teams = Connector(outside.line, account, access)
        channel = TeamsChannel(to_teams, clock)
        app = build(
            settings(),
            store,
            [
                Connection("slack", payloads.read, SlackChannel(api, installed, clock)),
                Connection("teams", activity.read, channel),
                Connection("browser", read_browser, BrowserChannel(conversation, clock)),
            ],
            clock,
        )
        stack.push_async_callback(app.stop)
        door = SlackDoor((SLACK_SECRET,), SLACK_APP, installed, MemoryMarks(clock), clock)
        slack_in = SlackInbox(door, app.inbox, api, installed, b"secret")
        app.web.add_routes([web.route("*", EVENTS_PATH, slack_in.handle)])
        keys = Keys(outside.line, clock, outside.openid.metadata)
        stack.push_async_callback(keys.close)
        pipeline, way_in = Pipeline(to_teams), TeamsDoor(account, keys, clock)
        teams_in = TeamsInbox(way_in, pipeline, app.inbox, channel, lambda _: "done", b"x")
        app.web.add_routes(teams_in.routes())
        usage = UsageDoor([USAGE_SECRET], Intake(store, clock), clock)
        app.web.add_routes([web.route("*", USAGE_PATH, usage.handle)])
        _open_page(app, conversation, clock)
        async with store.write() as work:
            await work.keep_programme(PROGRAMME)
            known = [replace(p, addresses=(where(p.id, outside.connector),)) for p in PEOPLE]
            await work.save(known, MONDAY)
        port = await _serve(stack, app)
        taking = asyncio.create_task(app.turns.run())
        try:
            yield House(
                *(app, store, clock, outside.slack, outside.openid, outside.entra),
                *(outside.connector, conversation, signer, outside.session, logged, slack_in, port),
            )
        finally:
            await slack_in.close()
            taking.cancel()
            await asyncio.gather(taking, return_exceptions=True)


async def _outside(stack: AsyncExitStack, signer: Signer) -> _Outside:
    connector = stack.enter_context(FakeConnector())
    connector.chats = {"a:1": {}}
    slack = FakeSlack()
    slack.members = {"U1": {"id": "U1"}}
    await slack.start()
    stack.push_async_callback(slack.stop)
    return _Outside(
        slack,
        stack.enter_context(FakeOpenId(signer)),
        stack.enter_context(FakeEntra()),
        connector,
        await stack.enter_async_context(ClientSession(cookie_jar=DummyCookieJar())),
        await stack.enter_async_context(open_session()),
    )


def _open_page(app: App, conversation: Conversation, clock: Clock) -> None:
    async def people() -> list[Persona]:
        return [Persona("eve", "Eve Moss", "", "en", "Europe/London")]

    async def forward(to: Jump, who: str) -> datetime:
        del to, who
        return clock()

    BrowserInbox(app.inbox, conversation, people).attach(app.web)
    Site(conversation, people, clock, forward).attach(app.web)


async def _serve(stack: AsyncExitStack, app: App) -> int:
    """Serve as in production; see App.serve. Returns the port."""
    runner = web.AppRunner(app.web, access_log=None, shutdown_timeout=1, auto_decompress=False)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return runner.addresses[0][1]


def where(who: str, connector: FakeConnector) -> Address:
    """Return where each of the three is."""
    there = Reference(
        service=connector.service, chat="a:1", bot=f"28:{APP}", user="29:person", tenant=TENANT
    )
    return {
        "ann": Address("slack", TEAM, "U1", "DU1"),
        "bob": Address("teams", TENANT, PERSON, there.model_dump_json()),
        "eve": Address("browser", "demo", "eve", "eve"),
    }[who]


def _listen(stack: AsyncExitStack, logged: Logged) -> None:
    """Keep what is logged until the house is closed."""
    before = structlog.get_config()
    structlog.configure(
        processors=[structlog.processors.format_exc_info, logged.wrote],
        cache_logger_on_first_use=False,
    )
    stack.callback(lambda: structlog.configure(**before))
    heard, root = _Heard(logged), logging.getLogger()
    root.addHandler(heard)
    stack.callback(root.removeHandler, heard)
