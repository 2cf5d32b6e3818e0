"""What other systems are told by themselves, as shapes that the description is made of.

An event says that there is something new, and nothing that the release auditor would have to see.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal

from pydantic import AwareDatetime, Field

from adapters.api.shapes import MEASURE, WEEK, Shape, Week
from nudges.health import Principle, State
from nudges.webhooks import Kind

BROADCAST: Final = Field(description="The number of the message, as its author knows it.", ge=1)
BAND: Final = Field(
    pattern=r"^[0-9]+-[0-9]+$",
    description="Of how many people, roughly; none below five, and where they were chosen by "
    "barrier or level.",
    examples=["20-49"],
)


class NumberNamed(Shape):
    """A number that there is now; it is read with a key."""

    measure: Annotated[str, MEASURE]
    week: Annotated[Week, WEEK]


class NumbersNamed(Shape):
    """The numbers that are new."""

    numbers: Annotated[list[NumberNamed], Field(min_length=1)]


class BroadcastNamed(Shape):
    """A message to many, and how it ended."""

    broadcast: Annotated[int, BROADCAST]
    ended: Literal["done", "stopped", "recalled"]
    people: Annotated[str, BAND] | None


class Judgement(Shape):
    """How healthy a month was, by six principles."""

    month: Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{2}$", examples=["2026-11"])]
    principles: Annotated[dict[Principle, State], Field(min_length=len(Principle))]


class Nothing(Shape):
    """Nothing but that it arrived."""


class Told(Shape):
    """What every event says."""

    timestamp: Annotated[AwareDatetime, Field(description="When it happened.")]


class NumbersReleased(Told):
    """Somebody was told numbers about the organisation for the first time."""

    type: Literal["numbers.released"]
    data: NumbersNamed


class BroadcastFinished(Told):
    """Nothing more happens to a message by itself; once more where it is taken back after that."""

    type: Literal["broadcast.finished"]
    data: BroadcastNamed


class HealthJudged(Told):
    """The monthly health check was made."""

    type: Literal["health.judged"]
    data: Judgement


class Tried(Told):
    """An administrator tries the way."""

    type: Literal["test"]
    data: Nothing


EVENTS: Final[Mapping[Kind, type[Told]]] = {
    "numbers.released": NumbersReleased,
    "broadcast.finished": BroadcastFinished,
    "health.judged": HealthJudged,
    "test": Tried,
}
"""What every kind of event looks like."""
STAMPS: Final[Mapping[str, str]] = {
    "webhook-id": "The same for a copy; drop what you have had.",
    "webhook-timestamp": "When it was posted, in seconds since 1970.",
    "webhook-signature": "Signatures as Standard Webhooks says, a space between them.",
}
"""What stands in the head of every event."""
ANSWERS: Final[Mapping[str, str]] = {
    "2XX": "It was received",
    "410": "Nothing more is to be told",
    "default": "It is told again later, for three days",
}
"""What becomes of it, by how it is answered."""


def posted(kind: Kind, schema: Mapping[str, str]) -> dict[str, Any]:
    """Describe one kind of event as it is posted."""
    says = (EVENTS[kind].__doc__ or "").strip()
    return {
        "post": {
            "operationId": kind,
            "summary": says,
            "security": [],
            "parameters": [
                {
                    "name": name,
                    "in": "header",
                    "required": True,
                    "description": what,
                    "schema": {"type": "string"},
                }
                for name, what in STAMPS.items()
            ],
            "requestBody": {
                "required": True,
                "content": {"application/json": {"schema": dict(schema)}},
            },
            "responses": {status: {"description": what} for status, what in ANSWERS.items()},
        }
    }
