"""Slack as a world: signed requests over HTTP, and a Slack that keeps what it is sent."""

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urlencode

from aiohttp import ClientSession, ClientTimeout, DummyCookieJar, web
from typing_extensions import override

from adapters.slack.api import Api
from adapters.slack.blocks import pack
from adapters.slack.channel import SlackChannel
from adapters.slack.door import Door
from adapters.slack.inbox import SlackInbox, read
from adapters.slack.manifest import EVENTS_PATH
from adapters.slack.marks import MemoryMarks
from adapters.slack.text import inert
from adapters.slack.workspaces import Installed, MemoryWorkspaces, Workspace
from bot.app import App
from dialogs.card import Tap
from nudges.address import Address
from nudges.people import Person
from tests.adapters.slack.desk import APP, SECRET, TEAM, callback, said, sign, submission, tap
from tests.adapters.slack.fake import Cuts, FakeSlack, Hangs, Json, error, limited
from tests.clock import Clock
from tests.contracts.platforms import blocks
from tests.contracts.platforms.seen import Seen, Window
from tests.contracts.platforms.world import Answered, FragileStore, Raw, Trouble, World

PATIENCE = ClientTimeout(total=1)


def user(who: str) -> str:
    return f"U{who.upper()}"


@dataclass(kw_only=True)
class SlackWorld(World):
    """One workspace, and the people in it."""

    platform = "slack"
    shows_at_once = False

    slack: FakeSlack
    api: Api
    nowhere: Api
    installed: Installed
    way_in: SlackInbox = field(init=False)
    _channel: SlackChannel = field(init=False)
    _opened: int = 0
    _triggers: set[str] = field(default_factory=set[str])
    """Those that have opened a window; each opens one, once."""

    def __post_init__(self) -> None:
        self._channel = SlackChannel(self.api, self.installed, self.clock)

    @property
    @override
    def channel(self) -> SlackChannel:
        return self._channel

    @override
    def address(self, who: str) -> Address:
        return Address("slack", TEAM, user(who), self._chat(who))

    @override
    def saying(self, who: str, text: str) -> Raw:
        event = said(inert(text), user=user(who), channel=self._chat(who))
        return self._event(who, event)

    @override
    def pressing(self, who: str, way: Json, on: Seen) -> Raw:
        n = next(self.numbers)
        stood = {"type": "message", "message_ts": on.ref, "channel_id": self._chat(who)}
        action = {
            "type": "button",
            "block_id": "b",
            "action_id": way["action_id"],
            "action_ts": f"1794816001.{n:06}",
            "value": way["value"],
            "text": way["text"],
        }
        payload = tap(
            way["value"],
            user={"id": user(who), "team_id": TEAM},
            trigger_id=f"trigger.{n}",
            response_url=f"{self.slack.origin}/hook/{n}",
            container={**stood, "is_ephemeral": False},
            channel={"id": self._chat(who)},
            actions=[action],
        )
        return self._action(who, payload)

    @override
    def filling(self, who: str, window: Window) -> Raw:
        view = window.told
        sent = submission(view["private_metadata"], {})["view"]
        sent |= {"id": window.ref, "callback_id": view["callback_id"]}
        sent["state"] = {"values": blocks.state(window)}
        payload = submission("", {}, user={"id": user(who), "team_id": TEAM}, view=sent)
        return self._action(who, payload)

    @override
    def joining(self, who: str) -> Raw:
        opened = {"type": "app_home_opened", "user": user(who), "tab": "messages"}
        return self._event(who, {**opened, "channel": self._chat(who)})

    @override
    def leaving(self, who: str) -> Raw:
        return self._event(who, {"type": "app_uninstalled"})

    @override
    def strange(self) -> dict[str, Raw]:
        who = {"user": user("ann"), "channel": self._chat("ann")}
        actions = {"team": {"id": TEAM}, "user": {"id": user("ann")}, "api_app_id": APP}
        return {
            "an event of tomorrow": self._event("ann", {"type": "hologram_sent", **who}),
            "a reaction": self._event("ann", {"type": "reaction_added", **who}),
            "an event that says nothing": self._event("ann", {}),
            "our own message": self._event("ann", said("help", bot_id="B1")),
            "a message changed": self._event("ann", said("help", subtype="message_changed")),
            "a kind of tomorrow": self._action("ann", {"type": "hologram", **actions}),
            "someone else's button": self._action("ann", tap("else", **actions)),
            "a closed window": self._action("ann", {"type": "view_closed", **actions}),
            "a button of another app": self._action("ann", tap('{"v":1}', **actions)),
        }

    @override
    def forged(self, verb: str, choice: str = "", token: str = "") -> Json:
        label = {"type": "plain_text", "text": "Press", "emoji": False}
        value = pack(Tap(verb, choice), token)
        return {"type": "button", "action_id": "tap-1", "value": value, "text": label}

    @override
    def again(self, raw: Raw) -> Raw:
        """Sign it anew, as Slack does for a second try."""
        headers = {"Content-Type": raw.headers["Content-Type"], "X-Slack-Retry-Num": "1"}
        later = self.clock() + timedelta(seconds=next(self.numbers) % 100 + 1)
        return Raw(raw.who, raw.body, headers | sign(raw.body, later), raw.path)

    @override
    async def meets(self, *persons: Person) -> None:
        self.slack.members |= {user(p.id): {"id": user(p.id)} for p in persons}
        await super().meets(*persons)

    @override
    def sees(self, who: str) -> list[Seen]:
        return [blocks.message(found) for found in self.slack.messages[self._chat(who)].values()]

    @override
    def window(self, drawn: str) -> Window:
        return blocks.window(json.loads(drawn))

    @override
    def understands(self, raw: Raw, answered: Answered) -> None:
        for opened in self.slack.views[self._opened :]:
            self._opened += 1
            if opened["trigger_id"] in self._triggers:
                continue
            assert opened["trigger_id"] in raw.body.decode()
            self._triggers.add(opened["trigger_id"])
            self.windows[raw.who] = blocks.window(opened["view"])
            self.windows[raw.who].ref = f"V{self._opened}"
        match answered.body:
            case {"response_action": "errors"}:
                errors: dict[str, str] = answered.body["errors"]
                assert errors.keys() <= self.windows[raw.who].fields.keys()
                self.windows[raw.who].errors = errors
            case {"response_action": "clear"}:
                self.windows.pop(raw.who, None)
            case {"response_action": "update", "view": view}:
                self.windows[raw.who] = blocks.window(view)
            case _:
                pass

    @override
    def alive(self, raw: str) -> list[str]:
        return blocks.alive(json.loads(raw))

    @override
    def log(self) -> list[str]:
        return [json.dumps(call.arguments, ensure_ascii=False) for call in self.slack.calls]

    @override
    def trouble(self, trouble: Trouble, who: str) -> None:
        script = {
            "busy": limited("77"),
            "refused": error("invalid_blocks"),
            "cut after": Cuts(),
            "cut before": Cuts(done=False),
            "silent": Hangs(1.0),
        }
        if trouble == "gone":
            self.slack.members[user(who)]["deleted"] = True
        elif trouble == "away":
            self._channel = SlackChannel(self.nowhere, self.installed, self.clock)
        else:
            self.slack.next("chat.postMessage", script[trouble])

    @override
    async def answers(self) -> None:
        await self.way_in.close()

    def _chat(self, who: str) -> str:
        return self.slack.chat(user(who))

    def _event(self, who: str, event: Json) -> Raw:
        payload = callback(event, event_id=f"Ev{next(self.numbers)}")
        return self._signed(who, json.dumps(payload).encode(), "application/json")

    def _action(self, who: str, payload: Json) -> Raw:
        body = urlencode({"payload": json.dumps(payload)}).encode()
        return self._signed(who, body, "application/x-www-form-urlencoded")

    def _signed(self, who: str, body: bytes, kind: str) -> Raw:
        headers = {"Content-Type": kind} | sign(body, self.clock())
        return Raw(who, body, headers, EVENTS_PATH)


@asynccontextmanager
async def open_slack(store: FragileStore, clock: Clock) -> AsyncGenerator[SlackWorld]:
    slack = FakeSlack()
    await slack.start()
    installed = Installed(MemoryWorkspaces(Workspace(TEAM, "xoxb-1", bot="UBOT")), clock)
    async with ClientSession(cookie_jar=DummyCookieJar()) as session:
        api = Api(session, f"{slack.origin}/api/", timeout=PATIENCE)
        nowhere = Api(session, "http://127.0.0.1:9/api/")
        world = SlackWorld(
            store=store, clock=clock, slack=slack, api=api, nowhere=nowhere, installed=installed
        )
        door = Door((SECRET,), APP, installed, MemoryMarks(clock), clock)

        def attach(app: App) -> None:
            world.way_in = SlackInbox(door, app.inbox, api, installed, b"secret")
            app.closers.append(world.way_in.close)
            app.web.add_routes([web.route("*", EVENTS_PATH, world.way_in.handle)])

        async with world.running(read, attach):
            yield world
    await slack.stop()
