"""A card as a made-up person sees it: its title and its buttons; and what they send back."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter

from dialogs.card import Button, Card, Row
from dialogs.turns import Filled, Joined, Left, Pointed, Said, Tapped, Turn

KINDS: Mapping[str, type[Turn]] = {
    "say": Said,
    "point": Pointed,
    "tap": Tapped,
    "fill": Filled,
    "join": Joined,
    "left": Left,
}
_KINDS: dict[str, TypeAdapter[Turn]] = {kind: TypeAdapter(of) for kind, of in KINDS.items()}
_NAMES = {of: kind for kind, of in KINDS.items()}


@dataclass(frozen=True, slots=True)
class Seen:
    """A card in someone's chat: its buttons as (verb, choice), and the token they carry."""

    title: str
    taps: tuple[tuple[str, str], ...]
    token: str

    def choices(self, verb: str) -> tuple[str, ...]:
        """Return what may be chosen with the buttons of a verb."""
        return tuple(choice for one, choice in self.taps if one == verb)


def draw(card: Card, token: str) -> str:
    """Draw a card as JSON, with no more than somebody acts on."""
    rows = (block.buttons for block in card.body if isinstance(block, Row))
    taps = [[b.tap.verb, b.tap.choice] for row in rows for b in row if isinstance(b, Button)]
    return json.dumps({"title": card.title, "taps": taps, "token": token})


def see(payload: str) -> Seen:
    """Read a drawn card."""
    drawn: dict[str, Any] = json.loads(payload)
    taps = tuple((str(verb), str(choice)) for verb, choice in drawn["taps"])
    return Seen(drawn["title"], taps, drawn["token"])


def write(turn: Turn) -> str:
    """Write a turn as the body of an arrival."""
    kind = _NAMES[type(turn)]
    return json.dumps({"kind": kind} | _KINDS[kind].dump_python(turn, mode="json"))


def read(body: str) -> Turn | None:
    """Read an arrival's body back into a turn; None if it is of no kind we know."""
    told: dict[str, Any] = json.loads(body)
    kind = _KINDS.get(told.pop("kind", ""))
    return kind.validate_python(told) if kind else None
