"""The browser as a world: the page's four ways in, and the conversation it shows."""

import json
import sqlite3
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from typing_extensions import override

from adapters.browser.channel import BrowserChannel
from adapters.browser.conversation import Conversation, Line, Side
from adapters.browser.inbox import BrowserInbox, read
from adapters.browser.ports import Persona
from bot.app import App
from nudges.address import Address
from tests.clock import Clock
from tests.contracts.platforms import page
from tests.contracts.platforms.seen import Seen, Way, Window
from tests.contracts.platforms.world import Answered, FragileStore, Raw, Trouble, World


class FragileConversation(Conversation):
    """A conversation whose file can be locked, and that remembers what it was told."""

    locked = 0

    def __init__(self, clock: Clock) -> None:
        super().__init__(Path(":memory:"), clock)
        self.told: list[str] = []

    @override
    def add(self, user: str, side: Side, payload: str, mark: str) -> tuple[int, bool]:
        if side == "them":
            self._try()
            self.told.append(payload)
        return super().add(user, side, payload, mark)

    @override
    def change(self, user: str, number: int, payload: str) -> bool:
        self._try()
        self.told.append(payload)
        return super().change(user, number, payload)

    def _try(self) -> None:
        if self.locked:
            self.locked -= 1
            message = "database is locked"
            raise sqlite3.OperationalError(message)


@dataclass(kw_only=True)
class BrowserWorld(World):
    """The page, and whoever one is on it."""

    platform = "browser"

    conversation: FragileConversation
    _channel: BrowserChannel = field(init=False)

    def __post_init__(self) -> None:
        self._channel = BrowserChannel(self.conversation, self.clock)

    @property
    @override
    def channel(self) -> BrowserChannel:
        return self._channel

    @override
    def address(self, who: str) -> Address:
        return Address("browser", "demo", who, who)

    @override
    def saying(self, who: str, text: str) -> Raw:
        return self._post("/say", who, text=text.strip())

    @override
    def pressing(self, who: str, way: Way, on: Seen) -> Raw:
        return self._post("/tap", who, **way)

    @override
    def filling(self, who: str, window: Window) -> Raw:
        return self._post("/fill", who, **window.told, values=window.values)

    @override
    def joining(self, who: str) -> Raw:
        return self._post("/join", who, id="first-visit")

    @override
    def leaving(self, who: str) -> Raw:
        raise NotImplementedError

    @override
    def strange(self) -> dict[str, Raw]:
        return {
            "another place": self._post("/shout", "ann", text="x"),
            "another kind": self._post("/say", "ann", text="x", kind="shout"),
            "more than we know": self._post("/say", "ann", text="x", loud=True),
        }

    @override
    def forged(self, verb: str, choice: str = "", token: str = "") -> Way:
        return {"verb": verb, "choice": choice, "token": token}

    @override
    def again(self, raw: Raw) -> Raw:
        return raw

    @override
    def sees(self, who: str) -> list[Seen]:
        lines = self.conversation.lines(who)
        return [_seen(line) for line in lines if line.side == "them"]

    @override
    def window(self, drawn: str) -> Window:
        return page.window(drawn)

    @override
    def understands(self, raw: Raw, answered: Answered) -> None:
        told: dict[str, Any] = answered.body
        if "pending" not in told:
            return
        assert not told["pending"]
        if told["instead"]:
            self.at_once = page.card(told["instead"], "", "", told["instead"])
        # A form that comes back with mistakes is not drawn again: the page still has it.
        if told["form"] and not told["errors"]:
            self.windows[raw.who] = page.window(told["form"])
        if raw.path == "/fill":
            if told["errors"]:
                self.windows[raw.who].errors = told["errors"]
            else:
                self.windows.pop(raw.who, None)

    @override
    def alive(self, raw: str) -> list[str]:
        return page.alive(json.loads(raw)["html"])

    @override
    def log(self) -> list[str]:
        return self.conversation.told

    @override
    def trouble(self, trouble: Trouble, who: str) -> None:
        assert trouble == "busy"
        self.conversation.locked = 1

    def _post(self, path: str, who: str, **told: object) -> Raw:
        name = {"id": str(UUID(int=next(self.numbers), version=4)), "who": who}
        origin = f"http://127.0.0.1:{self.client.port}"
        headers = {"Origin": origin, "Content-Type": "application/json"}
        return Raw(who, json.dumps(name | told).encode(), headers, path)


def _seen(line: Line) -> Seen:
    told = json.loads(line.payload)
    return page.card(told["html"], str(line.number), told["summary"], line.payload)


@asynccontextmanager
async def open_browser(store: FragileStore, clock: Clock) -> AsyncGenerator[BrowserWorld]:
    conversation = FragileConversation(clock)
    world = BrowserWorld(store=store, clock=clock, conversation=conversation)

    async def personas() -> list[Persona]:
        found = world.people.values()
        return [Persona(p.id, p.name, p.team, p.language, p.zone) for p in found]

    def attach(app: App) -> None:
        BrowserInbox(app.inbox, conversation, personas).attach(app.web)

    async with world.running(read, attach):
        yield world
    conversation.close()
