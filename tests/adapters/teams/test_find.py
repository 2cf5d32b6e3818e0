"""Asking in Teams: typed, mentioned in a channel, and by the action on somebody's message.

Everything goes through the door as Microsoft sends it; what people see is what the Bot Connector
holds, and what a window was answered with.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import count
from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from adapters.store.database import Store
from adapters.teams import activity
from adapters.teams.access import Access
from adapters.teams.account import Cloud
from adapters.teams.channel import TeamsChannel
from adapters.teams.connector import Connector
from adapters.teams.door import Door
from adapters.teams.inbox import TeamsInbox
from adapters.teams.keys import Keys
from adapters.teams.manifest import Offer, manifest
from adapters.teams.pipeline import Pipeline
from bot.app import App, ended
from bot.finding import Finder
from bot.wiring import parts
from bot.wiring.parts import Connection, build
from dialogs.introduction import introduce
from dialogs.turns import Pointed
from nudges.address import Address
from tests.adapters.teams.activities import changed, invoke, message
from tests.adapters.teams.fakes import FakeConnector, FakeEntra, FakeOpenId
from tests.adapters.teams.genuine import APP, TENANT, Clock, Signer, claims
from tests.adapters.teams.test_broadcast import Shown, aad
from tests.desk import PEOPLE, PROGRAMME, settings
from tests.journeys.test_find import EN, NL, PHONES, Words, one_library, understand
from tests.shelf import Ledger, Shelf

Json = dict[str, Any]
(ACTION,) = manifest(
    Offer("w.example.org", APP, "https://w.example.org/about", "Acme", "1.0.0"),
    {"en": introduce("en")},
)["composeExtensions"][0]["commands"]
"""The message action, as our manifest has Teams offer it."""
BOTH = pytest.mark.parametrize("words", [EN, NL], ids=["en", "nl"])


def pointing(html: object, **value: object) -> Json:
    """Return the action on somebody's message, as Teams sends it."""
    told: Json = {
        "commandId": ACTION["id"],
        "commandContext": ACTION["context"][0],
        "context": {"theme": "default"},
        "messagePayload": {
            "id": "1700000000009",
            "createdDateTime": "2026-11-16T08:00:00Z",
            "from": {"user": {"id": "29:x", "displayName": "Somebody Else"}},
            "body": {"contentType": "html", "content": html},
            "attachments": [],
        },
    }
    where = {"id": "19:channel@thread.tacv2", "conversationType": "channel", "tenantId": TENANT}
    sent: Json = invoke() | {"name": "composeExtension/fetchTask", "value": told | value}
    return changed(sent, {"conversation": where, "replyToId": None})


def in_window(action: Json, values: Json | None = None) -> Json:
    """Return a press in the window, as Teams sends it."""
    assert action["type"] == "Action.Submit", "the only one that a window sends"
    sent = pointing("<p>x</p>")
    sent["name"] = "composeExtension/submitAction"
    sent["value"]["data"] = action["data"] | (values or {})
    return sent


@dataclass
class Tenant:
    """An organisation in Teams with a running program."""

    app: App
    client: TestClient[web.Request, web.Application]
    clock: Clock
    connector: FakeConnector
    signer: Signer
    numbers: "count[int]" = field(default_factory=lambda: count(1))

    def chat(self, who: str) -> list[Shown]:
        held = self.connector.chats[f"a:{who}"]
        return [Shown(m["attachments"][0]["content"], ref) for ref, m in held.items()]

    async def knocks(self, who: str, sent: Json, *, private: bool = False) -> tuple[int, Any]:
        person = next(p for p in PEOPLE if p.id == who)
        at = self.clock() + timedelta(milliseconds=next(self.numbers))
        sent["id"] = f"f:{at.timestamp()}"
        sent["timestamp"] = sent["localTimestamp"] = at.isoformat()
        sent["serviceUrl"] = self.connector.service
        sent["from"] = {"id": f"29:{who}", "name": person.name, "aadObjectId": aad(who)}
        if private:
            sent["conversation"]["id"] = f"a:{who}"
        told = claims(self.clock(), serviceurl=self.connector.service)
        headers = {"Authorization": f"Bearer {self.signer.sign(told)}"}
        async with self.client.post("/api/messages", json=sent, headers=headers) as answer:
            text = await answer.text()
        for _ in range(3):
            await self.app.settle()
            await asyncio.sleep(0.01)
        return answer.status, json.loads(text) if text else None

    async def window(self, who: str, sent: Json) -> Shown:
        """Return the card that a window shows."""
        status, body = await self.knocks(who, sent)
        assert status == 200, body
        assert body["task"]["type"] == "continue", body
        return Shown(body["task"]["value"]["card"]["content"], "")


@pytest.fixture
async def tenant(  # noqa: PLR0913, PLR0917 - all that stands around one Teams side
    store: Store,
    clock: Clock,
    session: aiohttp.ClientSession,
    openid: FakeOpenId,
    entra: FakeEntra,
    connector: FakeConnector,
    signer: Signer,
    account: Cloud,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Tenant]:
    monkeypatch.setattr(parts, "_library", one_library)
    monkeypatch.setattr("dialogs.find.understand", understand)
    shelf, ledger = Shelf(), Ledger()
    ledger.put("1", "Van der Berg", PHONES[0], {"ann", "bob"})
    keys, access = Keys(session, clock, openid.metadata), Access(session, account, clock, entra.url)
    line = Connector(session, account, access)
    channel = TeamsChannel(line, clock)

    def attach(app: App) -> None:
        door = Door(account, keys, clock)
        inbox = TeamsInbox(door, Pipeline(line), app.inbox, channel, lambda _: "Done.", b"x")
        app.web.add_routes(inbox.routes())

    async with store.write() as work:
        await work.keep_programme(PROGRAMME)
        here = [replace(p, addresses=(Address("teams", TENANT, aad(p.id)),)) for p in PEOPLE]
        await work.save(here, clock())
    connection = Connection("teams", activity.read, channel, attach)
    app = build(settings(), store, [connection], clock, finder=Finder(shelf, ledger))
    app.closers.clear()
    server = TestServer(app.web)
    await server.start_server(auto_decompress=False, access_log=None)
    async with TestClient(server) as client:
        turns = asyncio.create_task(app.turns.run())
        house = Tenant(app, client, clock, connector, signer)
        for person in PEOPLE:
            connector.chats[f"a:{person.id}"] = {}
            connector.people[f"29:{person.id}"] = f"a:{person.id}"
            connector.people[aad(person.id)] = f"a:{person.id}"
        yield house
    await ended([turns])
    await app.stop()
    await keys.close()
    await access.close()


def asked(link: Json) -> dict[str, list[str]]:
    """Return what a link asks for."""
    assert link["type"] == "Action.OpenUrl"
    return parse_qs(urlsplit(str(link["url"])).query)


def without_values(found: object) -> bool:
    return not any(phone in json.dumps(found, ensure_ascii=False) for phone in PHONES)


@BOTH
async def test_typed_in_the_chat(tenant: Tenant, words: Words) -> None:
    await tenant.knocks(words.who, message(text=words.howto), private=True)
    assert words.steps in tenant.chat(words.who)[-1].text
    await tenant.knocks(words.who, message(text=words.lookup), private=True)
    assert PHONES[0] in tenant.chat(words.who)[-1].text
    held = list(tenant.connector.chats[f"a:{words.who}"].values())[-1]
    assert "Berg" not in held["summary"], "what a locked screen shows"


@BOTH
async def test_mentioned_in_a_channel_the_answer_comes_in_the_chat(
    tenant: Tenant, words: Words
) -> None:
    for text in (words.howto, words.lookup):
        sent = message(text=f"<at>Wayfinder</at> {text}")
        sent["conversation"] |= {"id": "19:c@thread.tacv2", "conversationType": "channel"}
        await tenant.knocks(words.who, sent)
    assert words.steps in tenant.chat(words.who)[-2].text
    assert words.privately in tenant.chat(words.who)[-1].buttons
    assert without_values([one.card for one in tenant.chat(words.who)])
    assert set(tenant.connector.chats) >= {f"a:{words.who}"}
    assert "19:c@thread.tacv2" not in tenant.connector.chats, "nothing is said in the channel"


@BOTH
async def test_pointed_at_and_said_aloud(tenant: Tenant, words: Words) -> None:
    html = f'<div><p>{words.howto.replace(" ", "&nbsp;")}</p><attachment id="1"></attachment></div>'
    shown = await tenant.window(words.who, pointing(html))
    assert words.steps in shown.text
    shown = await tenant.window(words.who, in_window(shown.buttons[words.yes]))
    assert words.yes not in shown.buttons
    status, body = await tenant.knocks(words.who, in_window(shown.buttons[words.reply]))
    assert status == 200
    (attachment,) = body["composeExtension"]["attachments"]
    aloud = Shown(attachment["content"], "")
    assert words.steps in aloud.text
    link = aloud.buttons[words.privately]
    asks = asked(link)
    assert asks["users"] == [f"28:{APP}"]
    assert attachment["preview"]["content"]["title"] == words.there
    await tenant.knocks(words.who, message(text=asks["message"][0]), private=True)
    assert words.steps in tenant.chat(words.who)[-1].text


@BOTH
async def test_a_record_pointed_at_is_shown_to_each_as_they_may_see_it(
    tenant: Tenant, words: Words
) -> None:
    shown = await tenant.window(words.who, pointing(f"<b>{words.lookup}</b>"))
    assert without_values(shown.card)
    status, body = await tenant.knocks(words.who, in_window(shown.buttons[words.privately]))
    assert (status, body["task"]["type"]) == (200, "message")
    assert without_values(body)
    assert PHONES[0] in tenant.chat(words.who)[-1].text
    status, body = await tenant.knocks(words.who, in_window(shown.buttons[words.reply]))
    assert status == 200
    assert without_values(body)
    content = body["composeExtension"]["attachments"][0]["content"]
    (asks,) = asked(Shown(content, "").buttons[words.privately])["message"]
    for who, sees in (("ann", True), ("bob", True), ("eve", False)):
        await tenant.knocks(who, message(text=asks), private=True)
        assert (PHONES[0] in tenant.chat(who)[-1].text) is sees


BROKEN: dict[str, Json] = {
    "no message": pointing("x", messagePayload=None),
    "a message that is a text": pointing("x", messagePayload="x"),
    "a message without a body": pointing("x", messagePayload={"id": "1"}),
    "a body of numbers": pointing(7),
    "a body of nothing but a list": pointing(["x"]),
    "another action": pointing("x", commandId="findInErp"),
    "no action": pointing("x", commandId=None),
    "no context": pointing("x", commandContext=None),
    "another context": pointing("x", commandContext="compose"),
    "no value": pointing("x") | {"value": None},
    "a value that is a list": pointing("x") | {"value": []},
    "another request": pointing("x") | {"name": "composeExtension/query"},
    "a press of nothing": pointing("x", data=None) | {"name": "composeExtension/submitAction"},
    "a press of a text": pointing("x", data="x") | {"name": "composeExtension/submitAction"},
    "a press of ours that is a list": pointing("x", data={"wayfinder": []})
    | {"name": "composeExtension/submitAction"},
}


@pytest.mark.parametrize("name", BROKEN)
async def test_what_teams_would_not_send_is_turned_away(name: str, tenant: Tenant) -> None:
    status, _ = await tenant.knocks("ann", json.loads(json.dumps(BROKEN[name])))
    assert status == 400


HUGE = {
    "64 KiB of markup": "<div>" * 8_000 + "how do i create a lead" + "</div>" * 4_000,
    "tags that never end": "<" * 65_536,
    "a tag that never ends": "<a" + " b" * 32_000,
    "signs": "&amp;" * 13_000,
    "nothing": "",
    "a file alone": '<attachment id="1"></attachment>',
    "emoji": "\N{GRINNING FACE}" * 8_000,
}


@pytest.mark.parametrize("name", HUGE)
async def test_whatever_stands_in_the_message_is_answered(name: str, tenant: Tenant) -> None:
    shown = await tenant.window("ann", pointing(HUGE[name]))
    assert shown.title


def test_markup_is_taken_off_and_nothing_else() -> None:
    html = '<p>Hi <at id="0">Jan</at>, 3 &lt; 4 &amp; <b>who</b><br>owns <i>Berg</i>?</p><script>x'
    turn = activity.understand(activity.parse(json.dumps(pointing(html))))
    assert isinstance(turn, Pointed)
    assert turn.text == "Hi , 3 < 4 & who owns Berg ? x"
    plain = {"body": {"contentType": "text", "content": "a <b> c"}}
    sent = pointing("x", messagePayload=plain)
    turn = activity.understand(activity.parse(json.dumps(sent)))
    assert isinstance(turn, Pointed)
    assert turn.text == "a <b> c"
