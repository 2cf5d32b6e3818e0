"""The change programme: why it is done, for whom, and from when."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo

Words: TypeAlias = Mapping[str, str]
"""The same words per language code."""


Kind: TypeAlias = Literal["introduce", "optimise", "extend"]
KINDS: tuple[Kind, ...] = ("introduce", "optimise", "extend")
LEVELS = (1, 2, 3)
"""How far someone is: their own tasks done, done well, and used to reach more."""


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
    """A result the business expects, measured from a baseline to a target.

    ``months`` are the values measured since, by month (``2026-11``).
    """

    name: Words
    unit: str
    baseline: float
    target: float
    months: Mapping[str, float] = field(default_factory=dict[str, float])

    @property
    def latest(self) -> tuple[str, float] | None:
        """Return the last month that was measured, and its value."""
        return max(self.months.items(), default=None)

    @property
    def reached(self) -> bool | None:
        """Say whether the last measured month reached the target; None if nothing was measured."""
        if self.latest is None:
            return None
        value = self.latest[1]
        return value >= self.target if self.target >= self.baseline else value <= self.target


@dataclass(frozen=True, slots=True)
class Segment:
    """A group of people for whom the change starts on the same day and means the same.

    ``goals`` says for each level (1 to 3) what people at it do. ``sponsor`` is the name and role
    under which the go-live is celebrated, ``celebration`` the words they approved for it.
    """

    id: str
    name: Words = field(default_factory=dict[str, str])
    go_live: date | None = None
    reasons: Mapping[Reason, Words] = field(default_factory=dict[Reason, Words])
    roadmap: tuple[Milestone, ...] = ()
    goals: Mapping[int, Words] = field(default_factory=dict[int, Words])
    sponsor: str = ""
    celebration: Words = field(default_factory=dict[str, str])

    def live_from(self, zone: str) -> datetime | None:
        """Return the moment the segment goes live for someone in this zone."""
        if self.go_live is None:
            return None
        return datetime.combine(self.go_live, time(), ZoneInfo(zone)).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Programme:
    """The change as the organisation tells it; names of things are the organisation's own.

    ``levels`` are the organisation's own names for the three levels. ``version`` changes with the
    words, so that a card drawn from older ones is drawn again.
    """

    name: Words
    crm: str = "CRM"
    kind: Kind = "introduce"
    purpose: Words = field(default_factory=dict[str, str])
    outcomes: tuple[Outcome, ...] = ()
    segments: Mapping[str, Segment] = field(default_factory=dict[str, Segment])
    levels: Mapping[int, Words] = field(default_factory=dict[int, Words])
    version: str = ""

    def segment(self, key: str) -> Segment:
        """Return a segment; people whose segment is not known yet get one without a date."""
        return self.segments.get(key) or Segment(key)


def unwritten(segment: Segment, languages: Iterable[str]) -> list[tuple[Reason, str]]:
    """Return which of a segment's five answers are not written yet, each with the language."""
    wanted = sorted(languages)
    return [
        (reason, language)
        for reason in Reason
        for language in wanted
        if not segment.reasons.get(reason, {}).get(language, "").strip()
    ]


def launchable(segment: Segment, languages: Iterable[str]) -> bool:
    """Say whether a segment may be given a day to go live: everyone can read what's in it."""
    return all(reason is not Reason.WIIFM for reason, _ in unwritten(segment, languages))


def has_figure(segment: Segment) -> bool:
    """Say whether at least one of the five answers names a figure: a reason one can measure."""
    texts = (text for words in segment.reasons.values() for text in words.values())
    return any(any(sign.isdigit() for sign in text) for text in texts)
