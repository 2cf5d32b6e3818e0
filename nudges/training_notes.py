"""What is said about a training session of our own accord: each names it, and shows it as it is."""

from dataclasses import dataclass
from typing import Literal

from nudges.delivery import Note


@dataclass(frozen=True, slots=True)
class InviteToTrainingNote(Note):
    """An invitation to a session that fits someone's work."""

    session: int
    card: Literal["training_invite"] = "training_invite"

    @property
    def subject(self) -> str:
        """Name invitations, so that someone can ask why one came."""
        return f"training:{self.session}"

    @property
    def trainings(self) -> tuple[int, ...]:
        """Return the session that it is about."""
        return (self.session,)


@dataclass(frozen=True, slots=True)
class TrainingReminderNote(Note):
    """A session is near; ``day`` is the day it is on, where its reader is."""

    session: int
    day: str
    card: Literal["training_reminder"] = "training_reminder"

    @property
    def trainings(self) -> tuple[int, ...]:
        """Return the session that it is about."""
        return (self.session,)


@dataclass(frozen=True, slots=True)
class TrainingChangedNote(Note):
    """A session is at another time or place, or is not held."""

    session: int
    how: Literal["moved", "cancelled"]
    card: Literal["training_changed"] = "training_changed"

    @property
    def trainings(self) -> tuple[int, ...]:
        """Return the session that it is about."""
        return (self.session,)


@dataclass(frozen=True, slots=True)
class TrainingSeatNote(Note):
    """A seat came free for someone on the waiting list."""

    session: int
    card: Literal["training_seat"] = "training_seat"

    @property
    def trainings(self) -> tuple[int, ...]:
        """Return the session that it is about."""
        return (self.session,)


@dataclass(frozen=True, slots=True)
class AfterTrainingNote(Note):
    """The question whether someone was there, and whether it was useful."""

    session: int
    card: Literal["training_after"] = "training_after"

    @property
    def subject(self) -> str:
        """Name it, so that someone can ask why it came."""
        return f"trained:{self.session}"

    @property
    def trainings(self) -> tuple[int, ...]:
        """Return the session that it is about."""
        return (self.session,)


OF_TRAINING = (
    AfterTrainingNote,
    InviteToTrainingNote,
    TrainingChangedNote,
    TrainingReminderNote,
    TrainingSeatNote,
)
