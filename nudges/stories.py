"""Success stories: what went well for someone, and whether the others may hear it.

A story is told with one of three consents, and nobody but its teller reads one that is to stay
between us. One that may be shared is read by the CRM team first. Taking it back deletes it.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

LONGEST = 600
"""Characters of a story: what one reads on a phone without scrolling."""


class Consent(StrEnum):
    """Whether a story may be shared, and how."""

    NAMED = "named"
    UNNAMED = "unnamed"
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class Told:
    """A story as it is kept.

    ``result`` names the outcome that it is about, by the outcome's own name. ``name`` is the
    teller's, and is there only where they consented to that. ``approved`` is None until the CRM
    team has read it; ``shared`` is when it began to go out.
    """

    number: int
    person: str
    text: str
    consent: Consent
    segment: str
    at: datetime
    result: str = ""
    name: str = ""
    approved: bool | None = None
    shared: datetime | None = None

    @property
    def shareable(self) -> bool:
        """Say whether its teller lets others hear it."""
        return self.consent is not Consent.KEPT

    @property
    def undecided(self) -> bool:
        """Say whether the CRM team still has to read it."""
        return self.shareable and self.approved is None

    @property
    def tellable(self) -> bool:
        """Say whether others may read it: its teller and the CRM team both said so."""
        return self.shareable and self.approved is True


@dataclass(frozen=True, slots=True)
class StoryTold:
    """Someone told a story."""

    text: str
    consent: Consent
    segment: str
    result: str = ""


@dataclass(frozen=True, slots=True)
class StoryJudged:
    """The CRM team read a story, and lets the others hear it or not."""

    number: int
    approved: bool


@dataclass(frozen=True, slots=True)
class StoryWithdrawn:
    """Someone took their own story back."""

    number: int
