"""What is shown of competitions and sprints on request, and the forms in which they are written."""

from dataclasses import dataclass
from typing import Literal

from nudges.competition import NEW
from nudges.delivery import Note
from nudges.merits import ALL


@dataclass(frozen=True, slots=True)
class CompetitionsNote(Note):
    """The competitions there are for somebody."""

    card: Literal["competitions"] = "competitions"

    @property
    def merits(self) -> frozenset[str]:
        """Say that it shows them all."""
        return frozenset({f"competition:{ALL}"})


@dataclass(frozen=True, slots=True)
class CompetitionDeskNote(Note):
    """All competitions, for the CRM team."""

    saved: bool = False
    card: Literal["competition_desk"] = "competition_desk"

    @property
    def merits(self) -> frozenset[str]:
        """Say that it shows them all."""
        return frozenset({f"competition:{ALL}"})


@dataclass(frozen=True, slots=True)
class CompetitionDraftNote(Note):
    """One competition, for the CRM team; ``sure`` asks once more before it is cancelled."""

    competition: int
    saved: bool = False
    sure: bool = False
    card: Literal["competition_draft"] = "competition_draft"

    @property
    def merits(self) -> frozenset[str]:
        """Name the competition."""
        return frozenset({f"competition:{self.competition}"})


@dataclass(frozen=True, slots=True)
class CompetitionForm(Note):
    """Names, rule, prize, days and points; a new one has no number yet."""

    competition: int = NEW
    card: Literal["competition_form"] = "competition_form"

    @property
    def merits(self) -> frozenset[str]:
        """Name the competition that it is filled in with."""
        return frozenset({f"competition:{self.competition}"} if self.competition != NEW else ())


@dataclass(frozen=True, slots=True)
class SprintsNote(Note):
    """The sprint that somebody is in, with their own share, because they asked."""

    card: Literal["sprints"] = "sprints"

    @property
    def measured(self) -> bool:
        """Say that it shows the reader's own share."""
        return True

    @property
    def merits(self) -> frozenset[str]:
        """Say that it looks at them all."""
        return frozenset({f"sprint:{ALL}"})


@dataclass(frozen=True, slots=True)
class SprintDeskNote(Note):
    """All sprints, for the CRM team."""

    saved: bool = False
    card: Literal["sprint_desk"] = "sprint_desk"

    @property
    def merits(self) -> frozenset[str]:
        """Say that it shows them all."""
        return frozenset({f"sprint:{ALL}"})


@dataclass(frozen=True, slots=True)
class SprintDraftNote(Note):
    """One sprint, for the CRM team; ``sure`` asks once more before it is cancelled."""

    sprint: int
    saved: bool = False
    sure: bool = False
    card: Literal["sprint_draft"] = "sprint_draft"

    @property
    def merits(self) -> frozenset[str]:
        """Name the sprint."""
        return frozenset({f"sprint:{self.sprint}"})


@dataclass(frozen=True, slots=True)
class SprintForm(Note):
    """Why, what first, how far and when; a new one has no number yet."""

    sprint: int = NEW
    card: Literal["sprint_form"] = "sprint_form"

    @property
    def merits(self) -> frozenset[str]:
        """Name the sprint that it is filled in with."""
        return frozenset({f"sprint:{self.sprint}"} if self.sprint != NEW else ())
