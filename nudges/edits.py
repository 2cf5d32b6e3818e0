"""What the CRM team can change in the programme, one part at a time.

Each edit is applied to the programme as it is at that moment, so that two people who write at
different parts of it keep both.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeAlias, TypeGuard, get_args

from nudges.programme import Kind, Milestone, Outcome, Programme, Reason, Segment, Words

OUTCOMES = 3
"""At most this many results: more than three are none."""


@dataclass(frozen=True, slots=True)
class PurposeEdit:
    """What the change is called, of which kind it is, and what it is for."""

    name: Words
    crm: str
    kind: Kind
    purpose: Words
    about: str = "purpose"

    def apply(self, programme: Programme) -> Programme:
        """Return the programme with it."""
        return replace(
            programme, name=self.name, crm=self.crm, kind=self.kind, purpose=self.purpose
        )


@dataclass(frozen=True, slots=True)
class OutcomeEdit:
    """A result at its place (from 0), or none there any more; measured months stay."""

    place: int
    outcome: Outcome | None

    @property
    def about(self) -> str:
        """Name what is changed."""
        return f"outcome:{self.place}"

    def apply(self, programme: Programme) -> Programme:
        """Return the programme with it."""
        kept = list(programme.outcomes)
        if self.outcome is None:
            del kept[self.place : self.place + 1]
        elif self.place < len(kept):
            kept[self.place] = replace(self.outcome, months=kept[self.place].months)
        else:
            kept.append(self.outcome)
        return replace(programme, outcomes=tuple(kept[:OUTCOMES]))


@dataclass(frozen=True, slots=True)
class MonthEdit:
    """What was measured of a result in a month (``2026-11``)."""

    place: int
    month: str
    value: float

    @property
    def about(self) -> str:
        """Name what is changed."""
        return f"outcome:{self.place}:{self.month}"

    def apply(self, programme: Programme) -> Programme:
        """Return the programme with it; of a result that is gone nothing is kept."""
        outcomes = tuple(
            replace(one, months={**one.months, self.month: self.value}) if at == self.place else one
            for at, one in enumerate(programme.outcomes)
        )
        return replace(programme, outcomes=outcomes)


@dataclass(frozen=True, slots=True)
class SegmentEdit:
    """A segment's name, its day to go live, and who celebrates it with which words."""

    segment: str
    name: Words
    go_live: date | None
    sponsor: str = ""
    celebration: Words = field(default_factory=dict[str, str])

    @property
    def about(self) -> str:
        """Name what is changed."""
        return f"segment:{self.segment}"

    def apply(self, programme: Programme) -> Programme:
        """Return the programme with it."""
        before = programme.segment(self.segment)
        after = replace(
            before,
            name=self.name,
            go_live=self.go_live,
            sponsor=self.sponsor,
            celebration=self.celebration,
        )
        return _with(programme, after)


@dataclass(frozen=True, slots=True)
class ReasonsEdit:
    """A segment's five answers in one language."""

    segment: str
    language: str
    reasons: Mapping[Reason, str]

    @property
    def about(self) -> str:
        """Name what is changed."""
        return f"segment:{self.segment}:reasons:{self.language}"

    def apply(self, programme: Programme) -> Programme:
        """Return the programme with it; other languages stay as they are."""
        before = programme.segment(self.segment)
        reasons = {
            reason: _said(before.reasons.get(reason, {}), self.language, text)
            for reason, text in self.reasons.items()
        }
        merged = {**before.reasons, **reasons}
        return _with(programme, replace(before, reasons={r: w for r, w in merged.items() if w}))


@dataclass(frozen=True, slots=True)
class GoalsEdit:
    """What people of a segment do at each level, in every language."""

    segment: str
    goals: Mapping[int, Words]

    @property
    def about(self) -> str:
        """Name what is changed."""
        return f"segment:{self.segment}:goals"

    def apply(self, programme: Programme) -> Programme:
        """Return the programme with it."""
        return _with(programme, replace(programme.segment(self.segment), goals=self.goals))


@dataclass(frozen=True, slots=True)
class RoadmapEdit:
    """What a segment is promised, and when."""

    segment: str
    roadmap: tuple[Milestone, ...]

    @property
    def about(self) -> str:
        """Name what is changed."""
        return f"segment:{self.segment}:roadmap"

    def apply(self, programme: Programme) -> Programme:
        """Return the programme with it, in the order of the days."""
        ordered = tuple(sorted(self.roadmap, key=lambda m: m.date))
        return _with(programme, replace(programme.segment(self.segment), roadmap=ordered))


@dataclass(frozen=True, slots=True)
class LabelsEdit:
    """The organisation's own names for the three levels."""

    levels: Mapping[int, Words]
    about: str = "levels"

    def apply(self, programme: Programme) -> Programme:
        """Return the programme with it."""
        return replace(programme, levels=self.levels)


@dataclass(frozen=True, slots=True)
class WholeEdit:
    """The whole programme, as a file says it; months that were measured stay."""

    programme: Programme
    about: str = "programme"

    def apply(self, programme: Programme) -> Programme:
        """Return the programme of the file."""
        measured = {tuple(sorted(o.name.items())): o.months for o in programme.outcomes}
        outcomes = tuple(
            replace(o, months={**measured.get(tuple(sorted(o.name.items())), {}), **o.months})
            for o in self.programme.outcomes
        )
        return replace(self.programme, outcomes=outcomes)


Edit: TypeAlias = (
    PurposeEdit
    | OutcomeEdit
    | MonthEdit
    | SegmentEdit
    | ReasonsEdit
    | GoalsEdit
    | RoadmapEdit
    | LabelsEdit
    | WholeEdit
)


def _with(programme: Programme, segment: Segment) -> Programme:
    return replace(programme, segments={**programme.segments, segment.id: segment})


def _said(words: Words, language: str, text: str) -> Words:
    others = {code: said for code, said in words.items() if code != language}
    return {**others, language: text} if text else others


def is_edit(fact: object) -> TypeGuard[Edit]:
    """Say whether something is an edit of the programme."""
    return isinstance(fact, get_args(Edit))
