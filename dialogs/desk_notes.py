"""What the programme desk shows: its cards, and a form for each part of the programme."""

from dataclasses import dataclass
from typing import Literal

from nudges.delivery import Note


@dataclass(frozen=True, slots=True)
class DeskNote(Note):
    """The whole programme at a glance, with what is missing."""

    saved: bool = False
    card: Literal["desk"] = "desk"


@dataclass(frozen=True, slots=True)
class DeskSegmentNote(Note):
    """One group of people: what is written for them, and what is not."""

    segment: str
    saved: bool = False
    card: Literal["desk_segment"] = "desk_segment"


@dataclass(frozen=True, slots=True)
class DeskOutcomesNote(Note):
    """The results the business expects, and what was measured."""

    saved: bool = False
    card: Literal["desk_outcomes"] = "desk_outcomes"


@dataclass(frozen=True, slots=True)
class DeskClosedNote(Note):
    """Only the CRM team writes here; everyone may read why."""

    card: Literal["desk_closed"] = "desk_closed"


@dataclass(frozen=True, slots=True)
class PurposeForm(Note):
    """What the change is called and what it is for."""

    card: Literal["purpose_form"] = "purpose_form"


@dataclass(frozen=True, slots=True)
class OutcomeForm(Note):
    """One result: its name, and from where to where."""

    place: int
    card: Literal["outcome_form"] = "outcome_form"


@dataclass(frozen=True, slots=True)
class MonthForm(Note):
    """What was measured of a result in a month."""

    place: int
    card: Literal["month_form"] = "month_form"


@dataclass(frozen=True, slots=True)
class SegmentForm(Note):
    """A group's name, its day to start, and who celebrates it; a new one has no id yet."""

    segment: str = ""
    card: Literal["segment_form"] = "segment_form"


@dataclass(frozen=True, slots=True)
class ReasonsForm(Note):
    """A group's five answers in one language."""

    segment: str
    language: str
    card: Literal["reasons_form"] = "reasons_form"


@dataclass(frozen=True, slots=True)
class GoalsForm(Note):
    """What people of a group do at each level."""

    segment: str
    card: Literal["goals_form"] = "goals_form"


@dataclass(frozen=True, slots=True)
class RoadmapForm(Note):
    """What a group is promised, and when."""

    segment: str
    card: Literal["roadmap_form"] = "roadmap_form"


@dataclass(frozen=True, slots=True)
class LabelsForm(Note):
    """The organisation's own names for the levels."""

    card: Literal["labels_form"] = "labels_form"
