"""Between a platform and the program: what arrives, and what the platform waits for.

An adapter authenticates a request, hands its body over as an arrival, and answers the platform
only once the arrival is stored for good. Later the program gives the body back to the adapter's
``read`` to be understood as a turn. What the platform waits for on the same request (a modal, a
replaced card, a home page) is a reply: drawn from committed state, so asking again gives the
same.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Protocol

from dialogs.card import Card, Form
from nudges.address import Platform
from nudges.people import Language


@dataclass(frozen=True, slots=True)
class Arrival:
    """One authenticated request; ``key`` is the same however often the platform repeats it.

    ``key`` starts with the platform's name and is at most 200 characters; ``body`` is all that
    ``read`` needs to make a turn of it. What one ``sender`` says is answered in its order,
    whichever process heard it; without a sender it is in no order with anything.
    """

    key: str
    platform: Platform
    body: str
    sender: str = ""


@dataclass(frozen=True, slots=True)
class DrawnCard:
    """A card with the token that its taps carry."""

    card: Card
    token: str


@dataclass(frozen=True, slots=True)
class DrawnForm:
    """A form with the token that it is sent back with."""

    form: Form
    token: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What the program says on the same request.

    Attributes:
        language: the language of the person who acted.
        shown: cards for someone who spoke in a channel (shown to them alone); in a private chat
            new cards are deliveries and come by themselves.
        instead: what the message they acted on has become.
        form: a form to open.
        errors: what is wrong with the form just sent, by field; it stays open.
        public: a card for everyone, at the place of the message that was pointed at; its token is
            nobody's.

    """

    language: Language
    shown: tuple[DrawnCard, ...] = ()
    instead: DrawnCard | None = None
    form: DrawnForm | None = None
    errors: Mapping[str, str] = field(default_factory=dict[str, str])
    public: DrawnCard | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """The reply to an arrival, as notes; drawn again whenever the platform asks again."""

    key: str
    person: str
    reply: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many arrivals wait, and how long the oldest has waited."""

    n: int
    oldest: timedelta | None


class Inbox(Protocol):
    """The program's side of the doorway, as the adapters use it."""

    async def accept(self, arrival: Arrival) -> bool:
        """Store an arrival for good; False if it was here before.

        Raises:
            OSError: it could not be stored; answer 503 so that the platform comes back.

        """
        ...

    async def reply(self, key: str, within: timedelta) -> Reply | None:
        """Wait for the reply to an arrival; None if it takes longer than ``within``."""
        ...
