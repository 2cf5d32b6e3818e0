"""What the page needs from the program: who there is to be, and what time the demo says it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol, TypeAlias

from nudges.people import Language

Jump: TypeAlias = Literal["next-morning", "next-week"]


@dataclass(frozen=True, slots=True)
class Persona:
    """Someone one can be in the demo; ``role`` is a line under the name, such as team and job."""

    id: str
    name: str
    role: str = ""
    language: Language = "en"
    zone: str = "Europe/Amsterdam"


class People(Protocol):
    """The people one can be."""

    async def __call__(self) -> Sequence[Persona]:
        """Return them in the order to show them."""
        ...


class Forward(Protocol):
    """The demo's clock, which can be moved ahead."""

    async def __call__(self, to: Jump, who: str) -> datetime:
        """Move the clock, by this person's mornings, and return what it says now."""
        ...
