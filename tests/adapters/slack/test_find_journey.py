"""Asking in Slack: by command, by shortcut on somebody's message, at home, and aloud in a thread.

The program is the whole one, with a stateful Slack at its other end that refuses what is not
Block Kit.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

import pytest
from aiohttp import ClientSession, web

from adapters.slack.manifest import EVENTS_PATH
from adapters.store.database import Store
from bot.app import App
from bot.finding import Finder
from bot.settings import Settings
from bot.wiring import parts
from bot.wiring.parts import build
from bot.wiring.slack import connect
from nudges.address import Address
from tests.adapters.slack.client import Client, Someone, Window, buttons_of, text_of
from tests.adapters.slack.desk import APP, SECRET, TEAM, callback, command, shortcut, tap
from tests.adapters.slack.fake import FakeSlack, Json, error, until
from tests.adapters.slack.kit import wrong_message
from tests.clock import Clock
from tests.desk import PEOPLE, PROGRAMME
from tests.desk import SECRET as OURS
from tests.journeys.test_find import EN, NL, PHONES, Words, one_library, understand
from tests.shelf import Ledger, Shelf

THREAD = "1794816000.000100"
BOTH = pytest.mark.parametrize("words", [EN, NL], ids=["en", "nl"])


def slack_id(person: str) -> str:
    return f"U{person.upper()}"


@dataclass
class House:
    """The running program, and people at their Slack."""

    app: App
    slack: FakeSlack
    client: Client
    triggers: int = 0

    def __getitem__(self, person: str) -> Someone:
        return Someone(self.client, slack_id(person))

    @property
    def hook(self) -> str:
        return f"{self.slack.origin}/hook/h"

    def trigger(self) -> str:
        self.triggers += 1
        return f"trigger-{self.triggers}"

    async def step(self) -> None:
        await self.app.settle()
        await asyncio.sleep(0.002)

    async def types(self, who: str, text: str, channel: str = "C1") -> Json:
        """Type the command; return what the response shows, or what came a little later."""
        sent = command(
            text,
            user_id=slack_id(who),
            channel_id=channel,
            trigger_id=self.trigger(),
            response_url=self.hook,
        )
        status, answer = await self.client.send(
            urlencode(sent).encode(), "application/x-www-form-urlencoded"
        )
        assert status == 200
        return answer

    async def points(self, who: str, text: str, **more: object) -> Json:
        """Use the shortcut on somebody's message; return what is shown to them alone."""
        before = len(self.slack.responses)
        told = {"type": "message", "user": "U9", "text": text, "ts": THREAD} | more
        sent = shortcut(
            text,
            user={"id": slack_id(who), "team_id": TEAM},
            trigger_id=self.trigger(),
            response_url=self.hook,
            message=told,
        )
        await self.client.interacts(sent)
        await until(lambda: len(self.slack.responses) > before, self.step)
        return self.slack.responses[-1]

    async def presses(self, who: str, card: Json, label: str, *, ephemeral: bool = True) -> None:
        rows = [b["elements"] for b in card["blocks"] if b["type"] == "actions"]
        button = next(e for row in rows for e in row if e["text"]["text"] == label)
        trigger = self.trigger()
        told = tap(
            button["value"],
            trigger_id=trigger,
            user={"id": slack_id(who), "team_id": TEAM},
            channel={"id": "C1", "name": "sales"},
            container={
                "type": "message",
                "message_ts": f"{id(card) % 10**9}.1",
                "channel_id": "C1",
                "is_ephemeral": ephemeral,
            },
            response_url=self.hook,
        )
        told["actions"][0] |= {"action_id": button["action_id"], "action_ts": f"{trigger[8:]}.2"}
        await self.client.interacts(told)
        for _ in range(5):
            await self.step()


@pytest.fixture
async def house(
    memory: Store,
    clock: Clock,
    slack: FakeSlack,
    session: ClientSession,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[House]:
    monkeypatch.setattr(parts, "_library", one_library)
    monkeypatch.setattr("dialogs.find.understand", understand)
    shelf, ledger = Shelf(), Ledger()
    ledger.put("1", "Van der Berg", PHONES[0], {"ann", "bob"})
    settings = Settings(
        secret=OURS,  # pyright: ignore[reportArgumentType] - read by pydantic, as the next ones
        slack_app_id=APP,
        slack_signing_secrets=SECRET,  # pyright: ignore[reportArgumentType]
        slack_teams=TEAM,  # pyright: ignore[reportArgumentType]
        slack_bot_token=next(iter(slack.tokens)),  # pyright: ignore[reportArgumentType]
        slack_api=f"{slack.origin}/api/",
    )
    slack.members = {slack_id(p.id): {"id": slack_id(p.id)} for p in PEOPLE}
    async with memory.write() as work:
        await work.keep_programme(PROGRAMME)
        homes = {p.id: Address("slack", TEAM, slack_id(p.id)) for p in PEOPLE}
        await work.save([replace(p, addresses=(homes[p.id],)) for p in PEOPLE], clock())
    connection = connect(settings, memory, clock)
    app = build(settings, memory, [connection], clock, finder=Finder(shelf, ledger))
    app.closers.remove(memory.close)
    runner = web.AppRunner(app.web, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}{EVENTS_PATH}"

    async def carry(request: Awaitable[Any]) -> Any:  # noqa: ANN401 - whatever it brings
        asking = asyncio.ensure_future(request)
        while not asking.done():
            await opened.step()
        await opened.step()
        return await asking

    async def step() -> None:
        await opened.step()

    opened = House(app, slack, Client(slack, session, url, clock, carry, step))
    try:
        yield opened
        assert slack.refused == [], "all of it was Block Kit"
    finally:
        with suppress(OSError):
            await runner.cleanup()
        await app.stop()


def without_values(found: object) -> bool:
    return not any(phone in json.dumps(found, ensure_ascii=False) for phone in PHONES)


@BOTH
async def test_a_command_in_a_channel_is_answered_to_its_asker(house: House, words: Words) -> None:
    shown = await house.types(words.who, words.howto)
    assert shown["response_type"] == "ephemeral"
    assert words.steps in text_of(shown)
    await house.presses(words.who, shown, words.no)
    assert house.slack.responses[-1]["replace_original"], "the next choice, in its place"
    assert "1" in buttons_of(house.slack.responses[-1])
    assert house[words.who].chat == []


@BOTH
async def test_a_record_asked_for_in_a_channel_is_shown_in_the_chat(
    house: House, words: Words
) -> None:
    shown = await house.types(words.who, words.lookup)
    assert without_values(shown)
    await house.presses(words.who, shown, words.privately)
    assert PHONES[0] in house[words.who].last
    assert "Berg" not in house[words.who].chat[-1]["text"], "what a locked screen shows"
    assert without_values(house.slack.responses)


@BOTH
async def test_a_message_is_pointed_at_and_its_thread_answered_once(
    house: House, words: Words
) -> None:
    shown = await house.points(words.who, words.howto)
    assert shown["response_type"] == "ephemeral"
    assert words.steps in text_of(shown)
    await house.presses(words.who, shown, words.reply)
    await house.presses(words.who, shown, words.reply)
    aloud = [r for r in house.slack.responses if r.get("response_type") == "in_channel"]
    (said,) = aloud
    assert said["thread_ts"] == THREAD
    assert wrong_message(said) == []
    assert text_of(said).startswith(words.there)
    assert words.steps in text_of(said)
    assert words.reply not in buttons_of(house.slack.responses[-1])
    await house.presses("eve", said, words.privately, ephemeral=False)
    assert house["eve"].chat, "whoever presses gets it in their own chat"


@BOTH
async def test_what_is_said_aloud_of_a_record_shows_each_their_own(
    house: House, words: Words
) -> None:
    shown = await house.points(words.who, words.lookup, thread_ts="1794815000.000900")
    assert shown["thread_ts"] == "1794815000.000900"
    await house.presses(words.who, shown, words.reply)
    said = next(r for r in house.slack.responses if r.get("response_type") == "in_channel")
    assert said["thread_ts"] == "1794815000.000900"
    assert words.privately in buttons_of(said)
    assert without_values(house.slack.responses)
    for who, sees in (("ann", True), ("bob", True), ("eve", False)):
        await house.presses(who, said, words.privately, ephemeral=False)
        assert (PHONES[0] in house[who].last) is sees
    assert without_values(house.slack.responses)
    assert without_values(house.slack.ephemeral)


async def test_when_its_address_has_run_out_the_app_says_it_itself(house: House) -> None:
    shown = await house.points(EN.who, EN.howto)
    house.slack.members["C1"] = {"id": "C1"}
    house.slack.next("hook", error("expired_url", status=404))
    await house.presses(EN.who, shown, EN.reply)
    posted = [c for c in house.slack.calls if c.method == "chat.postMessage"]
    assert [c.arguments["channel"] for c in posted] == ["C1"]
    assert posted[0].arguments["thread_ts"] == THREAD


async def test_hostile_and_empty_messages(house: House) -> None:
    emoji = '\N{GRINNING FACE}"\\' * 1_000
    for text, more in (
        (emoji, {}),
        ("", {"files": [{"id": "F1"}]}),
        ("how do i create a lead", {"user": None, "bot_id": "B1"}),
        ("<!channel> *x* <script>", {}),
    ):
        shown = await house.points(EN.who, text, **more)
        assert wrong_message(shown) == []
    monkey = await house.types(EN.who, "x" * 64_000)
    assert wrong_message(monkey) == []


async def opening(house: House, payload: Json) -> Window:
    before = len(house.slack.views)
    await house.client.interacts(payload)
    await until(lambda: len(house.slack.views) > before, house.step)
    return Window(f"V{len(house.slack.views)}", house.slack.views[-1]["view"])


@BOTH
async def test_a_search_from_anywhere_and_from_home(house: House, words: Words) -> None:
    user = {"id": slack_id(words.who), "team_id": TEAM}
    trigger = house.trigger()
    anywhere = {
        "type": "shortcut",
        "callback_id": "search_crm",
        "team": {"id": TEAM},
        "user": user,
        "trigger_id": trigger,
    }
    window = await opening(house, anywhere)
    await house[words.who].submits(window, {"question": words.howto})
    assert words.steps in house[words.who].last

    opened = {"type": "app_home_opened", "user": slack_id(words.who), "tab": "home"}
    body = json.dumps(callback(opened, event_id="EvHome")).encode()
    await house.client.send(body, "application/json")
    await until(lambda: slack_id(words.who) in house.slack.homes, house.step)
    home = house.slack.homes[slack_id(words.who)]
    rows = [b["elements"] for b in home["blocks"] if b["type"] == "actions"]
    button = next(e for row in rows for e in row if "find.open" in e["value"])
    at_home = tap(
        button["value"],
        trigger_id=house.trigger(),
        user=user,
        channel=None,
        container={"type": "view"},
        view={"type": "home"},
    )
    window = await opening(house, at_home)
    await house[words.who].submits(window, {"question": words.lookup})
    assert PHONES[0] in house[words.who].last
