"""A broadcast's life in Teams: everything through the door, as Microsoft sends it, and back.

The Playground knows one person at a time; here two talk with one program, and what they see is
what the Bot Connector holds and what a press was answered with.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import count, pairwise
from typing import Any
from uuid import UUID

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
from adapters.teams.pipeline import Pipeline
from bot.app import App, ended
from bot.wiring.parts import Connection, build
from dialogs.speech import Speech
from nudges.address import Address
from nudges.people import Person
from nudges.roles import Grant, Role
from tests.adapters.teams.activities import installed, invoke, message
from tests.adapters.teams.fakes import FakeConnector, FakeEntra, FakeOpenId
from tests.adapters.teams.genuine import TENANT, Clock, Signer, claims
from tests.desk import PEOPLE, PROGRAMME, settings

AUTHOR, APPROVER, READER, FAR = "eve", "bob", "ann", "jim"
HERE = (*PEOPLE, Person(FAR, "Jim Ross", language="en", zone="America/New_York"))
MORNING = 5.5 * 3600
"""Seconds after which it is morning in New York, and Europe still works."""
TYPED = {
    "title_en": "Offers leave from one place",
    "title_nl": "Offertes vanaf één plek",
    "body_en": "Make yours in {crm}.\n\nIt saves an *hour*.",
    "body_nl": "Maak de jouwe in {crm}.",
    "kind": "change",
    "goal": "Answered within a day",
    "link": "https://example.com/offers",
    "label_en": "Show me",
    "label_nl": "Laat zien",
    "acknowledge": "yes",
}
WHOM = {"who": "everyone", "how": "mornings"}
Json = dict[str, Any]


@dataclass
class Shown:
    """A card as a client shows it; a press on it may put another in its place."""

    card: Json
    ref: str

    @property
    def title(self) -> str:
        return self.card["body"][0]["text"].replace("\\", "")

    @property
    def text(self) -> str:
        return "\n".join(_texts(self.card))

    @property
    def buttons(self) -> dict[str, Json]:
        sets = [e["actions"] for e in self.card["body"] if e["type"] == "ActionSet"]
        return {a["title"]: a for actions in sets for a in actions}

    @property
    def inputs(self) -> dict[str, Json]:
        return {e["id"]: e for e in self.card["body"] if e["type"].startswith("Input.")}


def _texts(element: Json) -> list[str]:
    told = [str(element["text"])] if "text" in element else []
    told += ["".join(run["text"] for run in element.get("inlines", ()))]
    parts = [*element.get("body", ()), *element.get("columns", ()), *element.get("items", ())]
    return [line for line in told if line] + [line for part in parts for line in _texts(part)]


@dataclass
class Tenant:
    """An organisation in Teams: a running program behind its door, and people with clients."""

    app: App
    store: Store
    clock: Clock
    client: TestClient[web.Request, web.Application]
    connector: FakeConnector
    signer: Signer
    numbers: "count[int]" = field(default_factory=lambda: count(1))

    def chat(self, who: str) -> list[Shown]:
        """Return what stands in someone's chat with the bot, oldest first."""
        held = self.connector.chats[f"a:{who}"]
        return [Shown(m["attachments"][0]["content"], ref) for ref, m in held.items()]

    def having(self, who: str, label: str) -> Shown:
        """Return the newest card with a button."""
        return [one for one in self.chat(who) if label in one.buttons][-1]

    def titles(self, who: str) -> list[str]:
        return [one.title for one in self.chat(who)]

    def titled(self, who: str, title: str) -> Shown:
        """Return the newest card with a heading."""
        return [one for one in self.chat(who) if one.title == title][-1]

    async def joins(self, who: str) -> None:
        await self._knock(who, installed())

    async def says(self, who: str, text: str) -> None:
        await self._knock(who, message(text=text, localTimestamp=None))

    async def press(
        self, who: str, label: str, on: Shown | None = None, typed: Mapping[str, str] | None = None
    ) -> Shown | None:
        """Press a button as a client does: its data go out, with what was typed, if it says so.

        Returns the card that the client shows in its place, which it alone knows until the
        message is replaced; nothing where the client says a sentence.
        """
        shown = on or self.having(who, label)
        action = shown.buttons[label]
        assert action["type"] == "Action.Execute"
        values: dict[str, str] = {}
        if action.get("associatedInputs") != "none":
            values = {name: str(e.get("value", "")) for name, e in shown.inputs.items()}
            values |= typed or {}
            wanted = [name for name, e in shown.inputs.items() if e.get("isRequired")]
            assert all(values[name] for name in wanted), "the client would not have sent it"
            longest = {n: e["maxLength"] for n, e in shown.inputs.items() if "maxLength" in e}
            assert all(len(values[name]) <= most for name, most in longest.items())
        sent = invoke(verb=action["verb"])
        sent["replyToId"] = shown.ref
        sent["value"]["action"]["data"] = action["data"] | values
        status, body = await self._knock(who, sent)
        assert status == 200, body
        assert body["statusCode"] == 200, body
        drawn = body["value"] if body["type"].endswith("card.adaptive") else None
        return Shown(drawn, shown.ref) if drawn else None

    async def fill(self, who: str, label: str, typed: Mapping[str, str], send: str) -> Shown | None:
        """Open the form behind a button, type into it, and send it."""
        form = await self.press(who, label)
        assert form
        assert set(typed) <= set(form.inputs)
        return await self.press(who, send, form, typed)

    async def goes_on(self, seconds: float = 0) -> None:
        """Let everything happen that is due, until nothing follows from it."""
        self.clock.pass_(seconds=seconds)
        for _ in range(3):
            for what, _ in self.app.rounds.values():
                await what()
            await self.app.ticker.spread()
            await self.app.ticker.plan()
            await self.app.settle()

    async def _knock(self, who: str, sent: Json) -> tuple[int, Any]:
        """Let Microsoft bring what someone did; the program answers while it runs."""
        person = next(p for p in HERE if p.id == who)
        at = self.clock() + timedelta(milliseconds=next(self.numbers))
        sent["id"] = f"f:{at.timestamp()}"
        sent["timestamp"] = sent["localTimestamp"] = at.isoformat()
        sent["serviceUrl"] = self.connector.service
        sent["from"] = {"id": f"29:{who}", "name": person.name, "aadObjectId": aad(who)}
        sent["conversation"]["id"] = f"a:{who}"
        sent["locale"] = person.language
        told = claims(self.clock(), serviceurl=self.connector.service)
        headers = {"Authorization": f"Bearer {self.signer.sign(told)}"}
        async with self.client.post("/api/messages", json=sent, headers=headers) as answer:
            text = await answer.text()
            body = json.loads(text) if text else None
        await self.app.settle()
        return answer.status, body


def aad(who: str) -> str:
    """Return someone's id in Entra."""
    return str(UUID(bytes=who.encode().ljust(16, b"."), version=4))


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
) -> AsyncIterator[Tenant]:
    keys, access = Keys(session, clock, openid.metadata), Access(session, account, clock, entra.url)
    line = Connector(session, account, access)
    channel = TeamsChannel(line, clock)

    def attach(app: App) -> None:
        door = Door(account, keys, clock)
        sentence = Speech("en").line("done.short")
        inbox = TeamsInbox(door, Pipeline(line), app.inbox, channel, lambda _: sentence, b"x")
        app.web.add_routes(inbox.routes())

    async with store.write() as work:
        await work.keep_programme(PROGRAMME)
        here = [replace(p, addresses=(Address("teams", TENANT, aad(p.id)),)) for p in HERE]
        await work.save(here, clock())
        grants = [Grant(AUTHOR, Role.AUTHOR), Grant(APPROVER, Role.APPROVER)]
        await work.keep(grants, "settings", clock())
    connection = Connection("teams", activity.read, channel, attach)
    app = build(settings(), store, [connection], clock)
    app.closers.clear()
    server = TestServer(app.web)
    await server.start_server(auto_decompress=False, access_log=None)
    async with TestClient(server) as client:
        # Teams waits for an answer on the same request, so turns are taken meanwhile.
        turns = asyncio.create_task(app.turns.run())
        house = Tenant(app, store, clock, client, connector, signer)
        clock.pass_(hours=2)
        for person in HERE:
            connector.chats[f"a:{person.id}"] = {}
            await house.joins(person.id)
        yield house
    await ended([turns])
    await app.stop()
    await keys.close()
    await access.close()


def facts(shown: Shown) -> dict[str, str]:
    """Return each line with the one below it: a fact's name and its value."""
    return dict(pairwise(shown.text.split("\n")))


async def writes(tenant: Tenant) -> None:
    """Write a draft that can be handed in."""
    await tenant.says(AUTHOR, "messages")
    await tenant.fill(AUTHOR, "Write a message", TYPED, "Save")
    await tenant.fill(AUTHOR, "For whom, and when", WHOM, "Save")


async def hands_in(tenant: Tenant) -> None:
    """Hand a draft in, and let the approver release it."""
    await writes(tenant)
    await tenant.press(AUTHOR, "Hand in")
    await tenant.goes_on()
    await tenant.press(APPROVER, "Akkoord")


async def test_written_tried_out_approved_received_and_answered(tenant: Tenant) -> None:
    await writes(tenant)
    draft = tenant.titled(AUTHOR, "Offers leave from one place: saved")
    assert facts(draft)["People"] == "4"
    seen = await tenant.press(AUTHOR, "See it: Nederlands")
    assert seen
    assert seen.title == "Offertes vanaf één plek"
    assert "Maak de jouwe in Dynamics." in seen.text
    await tenant.press(AUTHOR, "Back to the draft")
    await tenant.press(AUTHOR, "Send me a test")
    assert tenant.titles(AUTHOR)[-2:] == ["Offers leave from one place", "Offertes vanaf één plek"]
    assert "It saves an *hour*." in tenant.chat(AUTHOR)[-2].text, "what was typed is no markup"
    await tenant.press(AUTHOR, "Got it")

    handed_in = await tenant.press(AUTHOR, "Hand in")
    assert handed_in
    assert handed_in.title == "Handed in"
    await tenant.goes_on()
    assert "Got it" not in {label for one in tenant.chat(READER) for label in one.buttons}
    asked = tenant.having(APPROVER, "Akkoord")
    assert "Maak de jouwe in Dynamics." in asked.text
    assert "Hand in" not in {label for one in tenant.chat(AUTHOR) for label in one.buttons}
    await tenant.press(APPROVER, "Akkoord")
    await tenant.press(APPROVER, "Akkoord", on=asked)
    await tenant.goes_on()

    got = tenant.having(READER, "Got it")
    assert got.buttons["Show me"]["url"] == "https://example.com/offers"
    after = await tenant.press(READER, "Got it")
    assert after
    assert "Got it" not in after.buttons
    await tenant.press(READER, "Got it", on=got)
    assert "Got it" not in tenant.titled(READER, got.title).buttons, "on the other devices, too"
    await tenant.says(READER, "Does that hold for <b>renewals</b>, too?")
    assert "Eve Moss can read what you wrote" in tenant.chat(READER)[-1].text

    await tenant.goes_on(MORNING)
    await tenant.goes_on(11)
    followed = tenant.titled(AUTHOR, "Done")
    counts = facts(followed)
    assert (counts["Sent"], counts["Said “Got it”"], counts["Wrote back"]) == ("4", "1", "1")
    queue = tenant.titled(AUTHOR, "What people wrote back")
    assert "Does that hold for <b>renewals</b>, too?" in queue.text
    form = await tenant.press(AUTHOR, "Answer 1")
    assert form
    answered = await tenant.press(AUTHOR, "Send", form, {"text": "Yes, from Monday."})
    assert answered
    assert answered.title == "Everything is answered"
    await tenant.press(AUTHOR, "Send", form, {"text": "Yes, from Monday."})
    await tenant.goes_on()
    assert tenant.titles(READER).count("Eve Moss answered you") == 1
    assert "Yes, from Monday." in tenant.titled(READER, "Eve Moss answered you").text


async def test_a_form_with_a_mistake_comes_back_with_what_was_typed(tenant: Tenant) -> None:
    await tenant.says(AUTHOR, "messages")
    wrong = TYPED | {"link": "javascript:alert(1)"}
    again = await tenant.fill(AUTHOR, "Write a message", wrong, "Save")
    assert again
    assert {name: e.get("value", "") for name, e in again.inputs.items()} == wrong
    body = again.card["body"]
    below = body[body.index(again.inputs["link"]) + 1]
    assert "A link has to begin with https://." in _texts(below)
    saved = await tenant.press(AUTHOR, "Save", again, {"link": TYPED["link"]})
    assert saved
    assert saved.title == "Offers leave from one place: saved"
    again = await tenant.fill(AUTHOR, "For whom, and when", WHOM | {"time": "09:00"}, "Save")
    assert again
    assert again.inputs["time"]["value"] == "09:00"
    assert "Choose a day" in again.text
    back = await tenant.press(AUTHOR, "Cancel", again)
    assert back
    assert back.title.startswith("Offers leave from one place")
    assert "Hand in" not in back.buttons


async def test_held_and_let_go_on(tenant: Tenant) -> None:
    await hands_in(tenant)
    await tenant.goes_on()
    await tenant.goes_on(11)
    older = tenant.titled(AUTHOR, "On its way")
    assert facts(older)["Waiting"] == "1", "it is night in New York"
    paused = await tenant.press(AUTHOR, "Pause")
    assert paused
    assert paused.title == "Paused", "on the same request"
    await tenant.goes_on(MORNING)
    assert tenant.titled(AUTHOR, "Paused").ref == older.ref, "one message, replaced"
    assert "Offers leave from one place" not in tenant.titles(FAR)
    await tenant.press(AUTHOR, "Pause", on=older)
    await tenant.press(AUTHOR, "Go on")
    for _ in range(4):
        await tenant.goes_on(11)
    assert "Offers leave from one place" in tenant.titles(FAR)
    assert facts(tenant.titled(AUTHOR, "Done"))["Sent"] == "4"


async def test_stopped_for_good_and_taken_back(tenant: Tenant) -> None:
    await hands_in(tenant)
    await tenant.goes_on()
    asked = await tenant.press(AUTHOR, "Stop")
    assert asked
    assert "Stop for good?" in asked.text
    left = await tenant.press(AUTHOR, "No, leave it", on=asked)
    assert left
    assert "Pause" in left.buttons
    await tenant.press(AUTHOR, "Stop for good", on=await tenant.press(AUTHOR, "Stop"))
    await tenant.goes_on(MORNING)
    assert "Offers leave from one place" not in tenant.titles(FAR)
    stopped = facts(tenant.titled(AUTHOR, "Stopped"))
    assert (stopped["Sent"], stopped["Left out"]) == ("3", "1")

    before = tenant.having(READER, "Got it")
    sure = await tenant.press(AUTHOR, "Take back")
    await tenant.press(AUTHOR, "Take it back", on=sure)
    for _ in range(4):
        await tenant.goes_on(11)
    assert tenant.titled(READER, "This message was taken back").ref == before.ref
    assert "Offers leave from one place" not in tenant.titles(READER)
    assert "This message was taken back" not in tenant.titles(FAR)
    late = await tenant.press(READER, "Got it", on=before)
    assert late
    assert late.title == "This message was taken back"
    assert tenant.titled(AUTHOR, "Taken back")
