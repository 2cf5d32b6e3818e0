"""Teams as a world: the cloud's door with a made-up Microsoft, and a client that shows cards."""

import json
from collections.abc import AsyncGenerator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache

from typing_extensions import override

from adapters.teams import activity
from adapters.teams.access import Access
from adapters.teams.account import Reference
from adapters.teams.adaptive import execute
from adapters.teams.channel import TeamsChannel
from adapters.teams.connector import Connector, open_session
from adapters.teams.door import Door
from adapters.teams.inbox import PATH, TeamsInbox
from adapters.teams.keys import Keys
from adapters.teams.pipeline import Pipeline
from bot.app import App
from dialogs.card import Tap
from dialogs.speech import Speech
from nudges.address import Address
from nudges.people import Person
from tests.adapters.teams.activities import changed, installed, message
from tests.adapters.teams.fakes import FakeConnector, FakeEntra, FakeOpenId, Fault
from tests.adapters.teams.genuine import APP, SECRET, TENANT, NearbyCloud, Signer, claims
from tests.clock import Clock
from tests.contracts.platforms import adaptive
from tests.contracts.platforms.adaptive import Json
from tests.contracts.platforms.seen import Seen, Window
from tests.contracts.platforms.world import Answered, FragileStore, Raw, Trouble, World

LOCALES = {"en": "en-GB", "nl": "nl-NL"}
BLOCKED = json.dumps({"error": {"code": "MessageWritesBlocked", "message": "no"}})
BAD = json.dumps({"error": {"code": "BadSyntax", "message": "no"}})


@cache
def signer() -> Signer:
    return Signer("first")


def chat(who: str) -> str:
    return f"a:{who}"


def entra_id(who: str) -> str:
    return f"99999999-8888-4777-8666-{who.encode().hex()[-12:]:0>12}"


@dataclass(kw_only=True)
class TeamsWorld(World):
    """One tenant, and the people in it."""

    platform = "teams"

    connector: FakeConnector
    line: Connector
    away: bool = False
    toast: str = ""
    """What Teams said beside the card on the last request."""
    _channel: TeamsChannel = field(init=False)
    _instead: dict[str, tuple[Json, Json]] = field(default_factory=dict[str, tuple[Json, Json]])
    """By message: the card that a client shows instead of it, until it changes."""

    def __post_init__(self) -> None:
        self._channel = TeamsChannel(self.line, self.clock)

    @property
    @override
    def channel(self) -> TeamsChannel:
        return self._channel

    @override
    def address(self, who: str) -> Address:
        reference = Reference(
            service="http://127.0.0.1:9/emea/" if self.away else self.connector.service,
            chat=chat(who),
            bot=f"28:{APP}",
            user=f"29:{who}",
            tenant=TENANT,
        )
        return Address("teams", TENANT, entra_id(who), reference.model_dump_json())

    @override
    def saying(self, who: str, text: str) -> Raw:
        return self._activity(who, message(text=text, textFormat="plain"))

    @override
    def pressing(self, who: str, way: Json, on: Seen) -> Raw:
        return self._press(who, way, adaptive.sent(way), on.ref)

    @override
    def filling(self, who: str, window: Window) -> Raw:
        typed = {name: one.value for name, one in window.fields.items() if one.value}
        return self._press(who, window.told, adaptive.sent(window.told, typed), window.ref)

    @override
    async def cancels(self, who: str) -> None:
        window = self.windows.pop(who)
        typed = {name: one.value for name, one in window.fields.items() if one.value}
        sent = adaptive.sent(window.back, typed)
        await self.does(self._press(who, window.back, sent, window.ref))

    @override
    def joining(self, who: str) -> Raw:
        return self._activity(who, installed())

    @override
    def leaving(self, who: str) -> Raw:
        return self._activity(who, installed("remove"))

    @override
    def strange(self) -> dict[str, Raw]:
        kinds: list[Json] = [
            {"type": "hologram"},
            {"type": "typing"},
            {"type": "messageReaction", "reactionsAdded": [{"type": "like"}]},
            {"type": "event", "name": "application/vnd.microsoft.meetingStart"},
            {"type": "invoke", "name": "hologram/open", "value": {"x": 1}},
            {"type": "invoke", "name": "adaptiveCard/action", "value": {"action": {"data": {}}}},
            {"type": "conversationUpdate", "membersAdded": [{"id": "29:other"}]},
            {"type": "message", "text": None, "value": {"else": 1}},
        ]
        return {
            f"{kind['type']} {kind.get('name', '')}": self._activity("ann", message(**kind))
            for kind in kinds
        }

    @override
    def forged(self, verb: str, choice: str = "", token: str = "") -> Json:
        return execute({"title": "Press"}, Tap(verb, choice), token)

    @override
    async def meets(self, *persons: Person) -> None:
        self.connector.chats |= {chat(p.id): {} for p in persons}
        await super().meets(*persons)

    @override
    def again(self, raw: Raw) -> Raw:
        """Send it under another id, with another token."""
        body = json.dumps(json.loads(raw.body) | {"id": f"again-{next(self.numbers)}"}).encode()
        return Raw(raw.who, body, self._headers(), raw.path, raw.about)

    @override
    def sees(self, who: str) -> list[Seen]:
        found: list[Seen] = []
        for number, sent in self.connector.chats.get(chat(who), {}).items():
            stood, instead = self._instead.get(number, (None, None))
            if instead is not None and stood is sent:
                if not adaptive.is_form(instead):
                    found.append(adaptive.card(instead, number, "", json.dumps(instead)))
            else:
                found.append(adaptive.message(sent, number))
        return found

    @override
    def window(self, drawn: str) -> Window:
        return adaptive.window(json.loads(drawn))

    @override
    def understands(self, raw: Raw, answered: Answered) -> None:
        self.toast = ""
        match answered.body:
            case {"type": adaptive.CARD}:
                drawn: Json = answered.body["value"]
                number = raw.about
                self._instead[number] = (self.connector.chats[chat(raw.who)][number], drawn)
                self.windows.pop(raw.who, None)
                if adaptive.is_form(drawn):
                    self.windows[raw.who] = adaptive.window(drawn)
                    self.windows[raw.who].ref = number
                else:
                    self.at_once = adaptive.card(drawn, number, "", json.dumps(drawn))
            case {"type": adaptive.SENTENCE, "value": str(said)}:
                self.toast = said
            case _:
                pass

    @override
    def alive(self, raw: str) -> list[str]:
        return adaptive.alive(json.loads(raw))

    @override
    def log(self) -> list[str]:
        return [json.dumps(call.body, ensure_ascii=False) for call in self.connector.calls]

    @override
    def trouble(self, trouble: Trouble, who: str) -> None:
        if trouble == "away":
            self.away = True
            return
        fault = {
            "busy": Fault(429, headers={"Retry-After": "77"}),
            "gone": Fault(403, BLOCKED),
            "refused": Fault(400, BAD),
            "cut after": Fault(how="half"),
            "cut before": Fault(how="cut"),
            "silent": Fault(how="hang"),
        }
        self.connector.faults.append(fault[trouble])

    def _press(self, who: str, way: Json, sent: Json, on: str) -> Raw:
        """Press an Execute, which Teams answers, or a Submit, which comes as a message."""
        told: Json = {"text": None, "replyToId": on}
        if way["type"] == "Action.Execute":
            action = {"type": "Action.Execute", "verb": way["verb"], "data": sent}
            told |= {"type": "invoke", "name": "adaptiveCard/action"}
            told |= {"value": {"action": action, "trigger": "manual"}}
        else:
            told |= {"value": sent}
        return self._activity(who, message(**told), on)

    def _activity(self, who: str, told: Json, about: str = "") -> Raw:
        person = self.people[who]
        n = next(self.numbers)
        moment = (self.clock() + timedelta(milliseconds=n)).isoformat()
        sent = changed(
            told,
            {
                "id": f"17{n}",
                "timestamp": moment,
                "localTimestamp": moment,
                "locale": LOCALES[person.language],
                "serviceUrl": self.connector.service,
                "conversation.id": chat(who),
                "from.id": f"29:{who}" if told["from"]["id"] == "29:person" else told["from"]["id"],
                "from.aadObjectId": entra_id(who),
                "from.name": person.name,
            },
        )
        return Raw(who, json.dumps(sent).encode(), self._headers(), PATH, about)

    def _headers(self) -> dict[str, str]:
        token = signer().sign(claims(self.clock(), serviceurl=self.connector.service))
        return {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}


@asynccontextmanager
async def open_teams(store: FragileStore, clock: Clock) -> AsyncGenerator[TeamsWorld]:
    account = NearbyCloud(APP, SECRET, TENANT)
    with ExitStack() as microsoft:
        openid = microsoft.enter_context(FakeOpenId(signer()))
        entra = microsoft.enter_context(FakeEntra())
        connector = microsoft.enter_context(FakeConnector())
        connector.chats = {}
        async with open_session() as session:
            keys = Keys(session, clock, openid.metadata)
            access = Access(session, account, clock, entra.url)
            line = Connector(session, account, access)
            world = TeamsWorld(store=store, clock=clock, connector=connector, line=line)
            door = Door(account, keys, clock)

            def attach(app: App) -> None:
                way_in = TeamsInbox(door, Pipeline(line), app.inbox, world.channel, _done, b"x")
                app.web.add_routes(way_in.routes())

            async with world.running(activity.read, attach):
                yield world
            await keys.close()
            await access.close()


def _done(language: str) -> str:
    return Speech(language).line("done.short")
