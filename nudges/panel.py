"""A panel: a few people of each role who read a draft first and say what should change."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from nudges.delivery import Note

EACH, MOST = 2, 12
"""How many of each job are asked, and how many in all: few enough to read every word."""
LONGEST = 1000
"""Characters of what someone of a panel says that are kept."""


@dataclass(frozen=True, slots=True)
class Voice:
    """Someone of a panel, by name, and what they said; nothing yet without ``at``."""

    person: str
    name: str
    job: str
    text: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class PanelAsked:
    """An author asks a few people about a draft."""

    draft: str
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PanelSaid:
    """Someone says what should change in a draft."""

    draft: str
    text: str


@dataclass(frozen=True, slots=True)
class PanelNote(Note):
    """A draft, with the question what should change; whoever answers does so by name."""

    draft: str
    card: Literal["panel"] = "panel"

    @property
    def drafts(self) -> tuple[str, ...]:
        """Return the draft whose words it shows."""
        return (self.draft,)
