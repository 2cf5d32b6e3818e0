"""What the tests of the way in share: a doorway, a clock, and requests as Slack signs them."""

import errno
import hmac
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from urllib.parse import urlencode

from aiohttp import ClientSession, web

from adapters.slack.api import Api
from adapters.slack.door import Door
from adapters.slack.inbox import SlackInbox
from adapters.slack.marks import MemoryMarks
from adapters.slack.workspaces import Installed, MemoryWorkspaces, Workspace
from dialogs.doorway import Arrival, Reply
from tests.adapters.slack.fake import FakeSlack, Json

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"  # noqa: S105 - the one in Slack's documentation
APP, TEAM = "A1", "T1"
NOW = datetime(2026, 11, 16, 8, 0, tzinfo=UTC)
NOTHING = Reply("en")


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass
class MemoryInbox:
    """The doorway: keeps what arrived, replies as it is told."""

    arrived: dict[str, Arrival] = field(default_factory=dict[str, Arrival])
    accepted: int = 0
    replies: list[Reply | None] = field(default_factory=list[Reply | None])
    broken: bool = False
    waits: list[timedelta] = field(default_factory=list[timedelta])

    async def accept(self, arrival: Arrival) -> bool:
        if self.broken:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        self.accepted += 1
        return self.arrived.setdefault(arrival.key, arrival) is arrival

    async def reply(self, key: str, within: timedelta) -> Reply | None:
        assert key in self.arrived
        self.waits.append(within)
        return self.replies.pop(0) if self.replies else NOTHING


def sign(body: bytes, at: datetime, secret: str = SECRET) -> dict[str, str]:
    seconds = str(int(at.timestamp()))
    mark = hmac.digest(secret.encode(), f"v0:{seconds}:".encode() + body, sha256).hex()
    return {"X-Slack-Request-Timestamp": seconds, "X-Slack-Signature": f"v0={mark}"}


@dataclass
class Desk:
    """A running way in, with a fake Slack behind it."""

    clock: Clock
    inbox: MemoryInbox
    workspaces: MemoryWorkspaces
    installed: Installed
    slack: FakeSlack
    api: Api
    way_in: SlackInbox
    door: Door
    session: ClientSession
    url: str = ""

    async def post(
        self, body: bytes, headers: Mapping[str, str] | None = None, *, method: str = "POST"
    ) -> tuple[int, str]:
        async with self.session.request(
            method, self.url, data=body, headers=dict(headers or {})
        ) as response:
            return response.status, await response.text()

    async def event(self, payload: object, **headers: str) -> tuple[int, str]:
        """Send a payload as JSON, signed now."""
        body = json.dumps(payload).encode()
        kind = {"Content-Type": "application/json"}
        return await self.post(body, kind | sign(body, self.clock()) | headers)

    async def action(self, payload: object) -> tuple[int, str]:
        """Send an interaction as the form field it travels in."""
        return await self.form({"payload": json.dumps(payload)})

    async def form(self, fields: Mapping[str, str]) -> tuple[int, str]:
        body = urlencode(fields).encode()
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return await self.post(body, kind | sign(body, self.clock()))


async def open_desk(session: ClientSession, slack: FakeSlack) -> tuple[Desk, web.AppRunner]:
    clock, inbox = Clock(), MemoryInbox()
    workspaces = MemoryWorkspaces(Workspace(TEAM, "xoxb-1", bot="UBOT"))
    installed = Installed(workspaces, clock)
    api = Api(session, f"{slack.origin}/api/")
    door = Door((SECRET,), APP, installed, MemoryMarks(clock), clock)
    way_in = SlackInbox(door, inbox, api, installed, b"secret")
    app = web.Application()
    app.router.add_route("*", "/slack/events", way_in.handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    desk = Desk(clock, inbox, workspaces, installed, slack, api, way_in, door, session)
    desk.url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    return desk, runner


def callback(event: Json, **more: object) -> Json:
    return {
        "token": "verification-token-nobody-should-use",
        "team_id": TEAM,
        "api_app_id": APP,
        "type": "event_callback",
        "event_id": "Ev1",
        "event_time": 1794816000,
        "authorizations": [{"team_id": TEAM, "user_id": "UBOT", "is_bot": True}],
        "event": event,
    } | more


def said(text: str, **more: object) -> Json:
    return {
        "type": "message",
        "channel": "DU1",
        "channel_type": "im",
        "user": "U1",
        "text": text,
        "ts": "1794816000.000100",
    } | more


def tap(value: str, **more: object) -> Json:
    return {
        "type": "block_actions",
        "api_app_id": APP,
        "token": "verification-token-nobody-should-use",
        "team": {"id": TEAM, "domain": "acme"},
        "user": {"id": "U1", "username": "zoe", "team_id": TEAM},
        "trigger_id": "12466734323.1395872398.abc",
        "response_url": "https://hooks.slack.com/actions/T1/1/x",
        "container": {"type": "message", "message_ts": "1.2", "channel_id": "DU1"},
        "channel": {"id": "DU1", "name": "directmessage"},
        "message": {"type": "message", "text": "what stood there"},
        "actions": [
            {
                "type": "button",
                "block_id": "b",
                "action_id": "tap-1",
                "action_ts": "1794816001.000200",
                "value": value,
            }
        ],
    } | more


def submission(metadata: str, values: Json, **more: object) -> Json:
    return {
        "type": "view_submission",
        "api_app_id": APP,
        "team": {"id": TEAM},
        "user": {"id": "U1", "team_id": TEAM},
        "trigger_id": "12466734323.1395872398.def",
        "view": {
            "id": "V1",
            "hash": "156663117.cd33ad1f",
            "callback_id": "pulse.commented",
            "private_metadata": metadata,
            "state": {"values": values},
        },
    } | more


def command(text: str, **more: str) -> dict[str, str]:
    return {
        "token": "verification-token-nobody-should-use",
        "team_id": TEAM,
        "api_app_id": APP,
        "channel_id": "C1",
        "user_id": "U1",
        "command": "/wayfinder",
        "text": text,
        "response_url": "https://hooks.slack.com/commands/1",
        "trigger_id": "13345224609.738474920.8088930838d88f008e0",
    } | more


def shortcut(text: str, **more: object) -> Json:
    return {
        "type": "message_action",
        "callback_id": "ask_wayfinder",
        "team": {"id": TEAM},
        "user": {"id": "U1", "team_id": TEAM},
        "channel": {"id": "C1"},
        "trigger_id": "12466734323.1395872398.ghi",
        "response_url": "https://hooks.slack.com/app/1",
        "message": {"type": "message", "user": "U2", "text": text},
    } | more
