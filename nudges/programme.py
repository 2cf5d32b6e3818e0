"""The change programme: why it is done, for whom, and from when."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo

Words: TypeAlias = Mapping[str, str]
"""The same words per language code."""


CALM = timedelta(days=90)
"""How long a segment is left without new functions after its go-live."""


class Phase(StrEnum):
    """Where a segment is in the change; it follows from the go-live date alone."""

    BEFORE = "before"
    GO_LIVE = "go-live"
    CALM = "calm"
    AFTER = "after"


class Reason(StrEnum):
    """The five questions a segment has to have answered before it is launched."""

    WHY = "why"
    WHY_NOW = "why_now"
    WRONG_TODAY = "wrong_today"
    WHAT_IF_NOT = "what_if_not"
    WIIFM = "wiifm"


@dataclass(frozen=True, slots=True)
class Milestone:
    """One thing the roadmap promises, and when."""

    date: date
    words: Words


@dataclass(frozen=True, slots=True)
class Outcome:
    """A result the business expects, measured from a baseline to a target."""

    name: Words
    unit: str
    baseline: float
    target: float


@dataclass(frozen=True, slots=True)
class Segment:
    """A group of people for whom the change starts on the same day and means the same."""

    id: str
    name: Words = field(default_factory=dict[str, str])
    go_live: date | None = None
    reasons: Mapping[Reason, Words] = field(default_factory=dict[Reason, Words])
    roadmap: tuple[Milestone, ...] = ()

    def live_from(self, zone: str) -> datetime | None:
        """Return the moment the segment goes live for someone in this zone."""
        if self.go_live is None:
            return None
        return datetime.combine(self.go_live, time(), ZoneInfo(zone)).astimezone(UTC)

    def phase(self, today: date) -> Phase:
        """Return the phase on someone's local day; without a date it is still to come."""
        if self.go_live is None or today < self.go_live:
            return Phase.BEFORE
        if today == self.go_live:
            return Phase.GO_LIVE
        return Phase.CALM if today <= self.go_live + CALM else Phase.AFTER


@dataclass(frozen=True, slots=True)
class Programme:
    """The change as the organisation tells it; names of things are the organisation's own.

    ``version`` changes with the words, so that a card drawn from older ones is drawn again.
    """

    name: Words
    crm: str = "CRM"
    kind: Literal["introduce", "optimise", "extend"] = "introduce"
    purpose: Words = field(default_factory=dict[str, str])
    outcomes: tuple[Outcome, ...] = ()
    segments: Mapping[str, Segment] = field(default_factory=dict[str, Segment])
    version: str = ""

    def segment(self, key: str) -> Segment:
        """Return a segment; people whose segment is not known yet get one without a date."""
        return self.segments.get(key) or Segment(key)
