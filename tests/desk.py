"""A house to talk with: a platform that is a notebook, and people who say, tap and fill.

The platform is a fake with a state: it keeps every card at its place in each person's chat, so
that a test reads what the person would see.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from adapters.content.files import load_library
from adapters.store.database import Store
from bot.app import App
from bot.settings import Settings
from bot.shadow import Shadows
from bot.wiring import parts
from bot.wiring.parts import Connection, build
from dialogs.card import Button, Card, Facts, Paragraph, Row
from dialogs.doorway import Arrival, Reply
from dialogs.library import Library
from dialogs.picture import Picture, written
from dialogs.rich import words
from dialogs.turns import Filled, Joined, Left, Pointed, Said, Tapped, Turn
from nudges.address import Address
from nudges.delivery import Gone, Outcome, Sent
from nudges.people import Person
from nudges.programme import Programme, Reason, Segment
from tests.clock import Clock

SECRET = "a-house-of-cards-has-no-cellar-4711-and-no-roof"  # noqa: S105 - binds test cards only
LIBRARY = load_library()
PROGRAMME = Programme(
    {"en": "Customer First", "nl": "Klant Centraal"},
    crm="Dynamics",
    segments={
        "sales": Segment(
            "sales",
            {"en": "Sales", "nl": "Verkoop"},
            date(2026, 11, 2),
            {Reason.WHY: {"en": "They tell it once.", "nl": "Ze vertellen het één keer."}},
        ),
        "service": Segment("service", {"en": "Service", "nl": "Service"}, date(2027, 1, 4)),
    },
)
PEOPLE = (
    Person("ann", "Ann Field", language="en", zone="Europe/London", job="sales", segment="sales"),
    Person("bob", "Bob van Dam", language="nl", job="sales", segment="sales"),
    Person("eve", "Eve Moss", language="en", job="service", segment="service"),
)
_CARD: TypeAdapter[Card] = TypeAdapter(Card)
KINDS = {"say": Said, "point": Pointed, "tap": Tapped, "fill": Filled, "join": Joined, "left": Left}
_KINDS: dict[str, TypeAdapter[Turn]] = {k: TypeAdapter(of) for k, of in KINDS.items()}


@dataclass
class Seen:
    """One message in someone's chat."""

    ref: str
    mark: str
    card: Card
    token: str
    history: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        parts = [self.card.title]
        for block in self.card.body:
            match block:
                case Paragraph(text):
                    parts.append(words(text))
                case Facts(rows):
                    parts += [f"{name}: {value}" for name, value in rows]
                case Picture():
                    parts.append(words(written(block)))
                case Row(buttons):
                    parts.append(" ".join(f"[{b.label}]" for b in buttons))
                case _:
                    pass
        return "\n".join(parts)

    @property
    def buttons(self) -> dict[str, Button]:
        rows = [b.buttons for b in self.card.body if isinstance(b, Row)]
        return {b.label: b for row in rows for b in row if isinstance(b, Button)}


class Notebook:
    """A platform that writes down what it is sent."""

    def __init__(self) -> None:
        self.chats: dict[str, list[Seen]] = {}
        self.script: list[Outcome] = []
        self.gone: set[str] = set()
        self._refs = count(1)

    def draw(self, card: Card, token: str) -> str:
        return json.dumps({"card": _CARD.dump_python(card, mode="json"), "token": token})

    async def post(self, to: Address, payload: str, mark: str) -> Outcome:
        if to.user in self.gone:
            return Gone("removed the bot")
        if self.script:
            return self.script.pop(0)
        seen = self._read(payload, f"m{next(self._refs)}", mark)
        self.chats.setdefault(to.user, []).append(seen)
        return Sent(seen.ref)

    async def replace(self, to: Address, ref: str, payload: str) -> Outcome:
        chat = self.chats[to.user]
        place = next(i for i, seen in enumerate(chat) if seen.ref == ref)
        old = chat[place]
        chat[place] = self._read(payload, ref, old.mark)
        chat[place].history = [*old.history, old.card.title]
        return Sent(ref)

    async def remove(self, to: Address, ref: str) -> Outcome:
        self.chats[to.user] = [seen for seen in self.chats[to.user] if seen.ref != ref]
        return Sent(ref)

    async def find(self, to: Address, mark: str) -> Outcome | None:
        found = [seen for seen in self.chats.get(to.user, ()) if seen.mark == mark]
        return Sent(found[0].ref) if found else None

    def _read(self, payload: str, ref: str, mark: str) -> Seen:
        data = json.loads(payload)
        return Seen(ref, mark, _CARD.validate_python(data["card"]), data["token"])


def write(turn: Turn) -> str:
    """Write a turn as the body of an arrival."""
    kind = next(name for name, of in KINDS.items() if type(turn) is of)
    return json.dumps({"kind": kind} | _KINDS[kind].dump_python(turn, mode="json"))


def read(body: str) -> Turn | None:
    """Read an arrival's body back into a turn."""
    data: dict[str, Any] = json.loads(body)
    kind = _KINDS.get(data.pop("kind"))
    return kind.validate_python(data) if kind else None


@dataclass
class Desk:
    """A running house, and the people who talk with it."""

    app: App
    store: Store
    clock: Clock
    notebook: Notebook
    keys: "count[int]" = field(default_factory=lambda: count(1))

    async def arrive(self, turn: Turn, key: str = "") -> Reply | None:
        """Let something arrive, and carry everything out that follows."""
        key = key or f"browser:{next(self.keys)}"
        await self.app.inbox.accept(Arrival(key, "browser", write(turn)))
        await self.app.settle()
        return await self.app.inbox.reply(key, timedelta())

    async def says(self, who: str, text: str) -> Reply | None:
        return await self.arrive(Said(at(who), text))

    async def taps(self, who: str, label: str, on: Seen | None = None) -> Reply | None:
        """Press a button by its label, on the newest card that has it."""
        seen = on or self.having(who, label)
        tap = seen.buttons[label].tap
        return await self.arrive(Tapped(at(who), tap.verb, tap.choice, seen.token))

    async def fills(self, who: str, verb: str, values: Mapping[str, str], token: str) -> None:
        await self.arrive(Filled(at(who), verb, "", token, values))

    async def joins(self, who: str, language: str = "") -> None:
        await self.arrive(Joined(at(who), language=language))

    def chat(self, who: str) -> list[Seen]:
        return self.notebook.chats.get(who, [])

    def last(self, who: str) -> Seen:
        return self.chat(who)[-1]

    def having(self, who: str, label: str) -> Seen:
        return next(seen for seen in reversed(self.chat(who)) if label in seen.buttons)

    async def person(self, who: str) -> Person:
        async with self.store.read() as work:
            return (await work.people([who]))[who]

    async def plan(self) -> int:
        """Let the ticker tick, and carry out what it planned."""
        await self.app.rounds["moments"][0]()
        await self.app.ticker.spread()
        planned = await self.app.ticker.plan()
        for what, _ in self.app.rounds.values():
            await what()
        await self.app.settle()
        return planned


def at(who: str) -> Address:
    return Address("browser", "demo", who)


def only_own_tips(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out the tips that ship, so that a test knows each one that can come."""

    def library(own: Path | None) -> Library:
        whole = load_library(own)
        return replace(
            whole,
            tips={k: tip for k, tip in whole.tips.items() if k not in LIBRARY.tips},
            tip_words={k: said for k, said in whole.tip_words.items() if k not in LIBRARY.tips},
        )

    monkeypatch.setattr(parts, "_library", library)


def nobody_asked_where(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out the question where people keep things, so that it takes nothing else's day."""

    async def none(_: Shadows) -> int:
        return 0

    monkeypatch.setattr(Shadows, "round", none)


def settings() -> Settings:
    return Settings(secret=SECRET)  # pyright: ignore[reportArgumentType] - read by pydantic


async def open_desk(store: Store, clock: Clock, pages: str = "") -> Desk:

    async with store.write() as work:
        await work.keep_programme(PROGRAMME)
        await work.save([replace(p, addresses=(at(p.id),)) for p in PEOPLE], clock())
    notebook = Notebook()
    app = build(settings(), store, [Connection("browser", read, notebook)], clock, pages=pages)
    return Desk(app, store, clock, notebook)
