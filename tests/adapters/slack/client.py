"""Somebody at Slack: what they type, press and fill in goes to us as Slack sends it, signed.

The client does what Slack's own does: it shows windows that were opened for a press, keeps what
was typed when there is a mistake, and sends nothing that it would not let anybody choose or type.
"""

import json
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from html import unescape
from itertools import count
from typing import Any, cast
from urllib.parse import urlencode

from aiohttp import ClientError, ClientSession

from tests.adapters.slack.desk import TEAM, callback, said, sign, submission, tap
from tests.adapters.slack.fake import FakeSlack, Json, until
from tests.adapters.slack.kit import wrong_view

OK = 200
_numbers = count(1)


@dataclass
class Window:
    """A modal as it stands open; ``errors`` are shown beside their fields."""

    view_id: str
    view: Json
    typed: dict[str, str] = field(default_factory=dict[str, str])
    errors: dict[str, str] = field(default_factory=dict[str, str])
    closed: bool = False

    @property
    def title(self) -> str:
        return self.view["title"]["text"]

    @property
    def fields(self) -> dict[str, Json]:
        return {b["block_id"]: b["element"] for b in self.view["blocks"] if b["type"] == "input"}

    def shown(self) -> dict[str, str]:
        """Return what stands in each field now."""
        return {name: _initial(element) for name, element in self.fields.items()} | self.typed

    def fill(self, values: Mapping[str, str]) -> None:
        """Type and choose; fails where Slack has no such field, or no such option."""
        for name, value in values.items():
            element = self.fields[name]
            if "options" in element:
                assert value in {o["value"] for o in element["options"]}, (name, value)
            else:
                assert len(value) <= element.get("max_length", 3000), name
            self.typed[name] = value

    def state(self) -> Json:
        """Return the fields as a submission carries them."""
        shown, values = self.shown(), dict[str, Json]()
        for block in self.view["blocks"]:
            if block["type"] == "input":
                name, element = block["block_id"], block["element"]
                assert shown[name] or block["optional"], f"{name} has to be filled in"
                values[name] = {element["action_id"]: _filled(element, shown[name])}
        return values


def _initial(element: Json) -> str:
    chosen = element.get("initial_option", {}).get("value", "")
    return element.get("initial_value") or element.get("initial_date") or chosen


def _filled(element: Json, value: str) -> Json:
    kind = element["type"]
    told: Json = {"type": kind}
    if kind in {"static_select", "radio_buttons"}:
        chosen = next((o for o in element["options"] if o["value"] == value), None)
        return told | {"selected_option": chosen}
    if kind == "datepicker":
        return told | {"selected_date": value or None}
    return told | {"value": value or None}


@dataclass(frozen=True)
class Client:
    """Slack between people and us.

    ``carry`` lets our program do what it has to while Slack waits; a program of its own needs none.
    """

    slack: FakeSlack
    session: ClientSession
    url: str
    clock: Callable[[], datetime]
    carry: Callable[[Awaitable[Any]], Awaitable[Any]]
    step: Callable[[], Awaitable[None]] | None = None

    async def send(self, body: bytes, kind: str) -> tuple[int, Any]:
        headers = {"Content-Type": kind} | sign(body, self.clock())
        try:
            return await self.carry(self._post(body, headers))
        except ClientError:
            return 0, None

    async def _post(self, body: bytes, headers: Mapping[str, str]) -> tuple[int, Any]:
        async with self.session.post(self.url, data=body, headers=headers) as response:
            text = await response.text()
            return response.status, json.loads(text) if text.startswith("{") else None

    async def interacts(self, payload: Json) -> Any:  # noqa: ANN401 - JSON
        body = urlencode({"payload": json.dumps(payload)}).encode()
        status, answer = await self.send(body, "application/x-www-form-urlencoded")
        assert status == OK
        return answer


@dataclass(frozen=True)
class Someone:
    """One person at their Slack."""

    client: Client
    user: str

    @property
    def chat(self) -> list[Json]:
        return self.client.slack.said(self.user)

    @property
    def titles(self) -> list[str]:
        return [title_of(message) for message in self.chat]

    @property
    def last(self) -> str:
        return text_of(self.chat[-1])

    def reading(self, words: str) -> str:
        """Return the newest message that has these words; fails if there is none."""
        return next(t for t in map(text_of, reversed(self.chat)) if words in t)

    def having(self, label: str) -> Json:
        """Return the newest message with a button; nothing if there is none."""
        nothing: Json = {}
        return next((m for m in reversed(self.chat) if label in buttons_of(m)), nothing)

    async def opens(self) -> None:
        """Open the chat with the app."""
        await self._event({"type": "app_home_opened", "user": self.user, "tab": "messages"})

    async def says(self, text: str) -> None:
        slack = self.client.slack
        event = said(text, user=self.user, channel=slack.chat(self.user), ts=f"{next(_numbers)}.1")
        await self._event(event)

    async def _event(self, event: Json) -> None:
        told = callback(event, event_id=f"Ev{next(_numbers)}")
        status, _ = await self.client.send(json.dumps(told).encode(), "application/json")
        assert status == OK

    async def presses(self, label: str, nth: int = 0, on: Json | None = None) -> str:
        """Press a button on the newest message that has it; returns the press's trigger."""
        message = on or self.having(label)
        assert message, (label, self.titles)
        button = [b for b in _buttons(message) if b["text"]["text"] == label][nth]
        trigger, chat = f"trigger-{next(_numbers)}", self.client.slack.chat(self.user)
        told = tap(
            button["value"],
            trigger_id=trigger,
            user={"id": self.user, "team_id": TEAM},
            channel={"id": chat, "name": "directmessage"},
            container={"type": "message", "message_ts": message["ts"], "channel_id": chat},
            message=message,
        )
        told["actions"][0] |= {"action_id": button["action_id"], "action_ts": f"{trigger[8:]}.2"}
        await self.client.interacts(told)
        return trigger

    async def opening(self, label: str, nth: int = 0) -> Window:
        """Press a button, and wait for the window that it opens."""
        trigger, views = await self.presses(label, nth), self.client.slack.views
        await until(lambda: any(v["trigger_id"] == trigger for v in views), self.client.step)
        found = next(n for n, v in enumerate(views, 1) if v["trigger_id"] == trigger)
        return Window(f"V{found}", views[found - 1]["view"])

    async def submits(self, window: Window, values: Mapping[str, str] | None = None) -> Window:
        """Send a window; a mistake leaves it open, with everything that was typed."""
        assert not window.closed
        window.fill(values or {})
        told = submission(window.view["private_metadata"], window.state())
        told["user"]["id"] = self.user
        told["view"] |= {"id": window.view_id, "callback_id": window.view["callback_id"]}
        match await self.client.interacts(told):
            case {"response_action": "errors", "errors": errors}:
                assert errors.keys() <= window.fields.keys(), "Slack shows no such error"
                window.errors = errors
            case {"response_action": "update", "view": view}:
                assert wrong_view(view) == []
                window.view, window.typed, window.errors = view, {}, {}
            case _:
                window.closed = True
        return window


def _buttons(message: Json) -> list[Json]:
    rows = [b["elements"] for b in message["blocks"] if b["type"] == "actions"]
    return [button for row in rows for button in row]


def buttons_of(message: Json) -> list[str]:
    """Return what stands on the buttons of a message."""
    return [button["text"]["text"] for button in _buttons(message)]


def title_of(message: Json) -> str:
    first = message["blocks"][0]
    return first["text"]["text"] if first["type"] == "header" else ""


def text_of(message: Json) -> str:
    """Return what can be read in a message, without its buttons."""
    return "\n".join(
        text for block in message["blocks"] if block["type"] != "actions" for text in _texts(block)
    )


def _texts(found: Any) -> list[str]:  # noqa: ANN401 - any JSON
    match found:
        case {"type": "mrkdwn", "text": str(text)}:
            return [unescape(text.replace("*", ""))]
        case {"text": str(text)}:
            return [text]
        case dict():
            return _all_texts(cast("Json", found).values())
        case list():
            return _all_texts(cast("list[Any]", found))
        case _:
            return []


def _all_texts(parts: Iterable[Any]) -> list[str]:
    return [text for part in parts for text in _texts(part)]
