"""What is shown of training sessions on request: to everybody, and to those who prepare them."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from nudges.delivery import Note
from nudges.training import NEW
from nudges.training_notes import (
    AfterTrainingNote,
    InviteToTrainingNote,
    TrainingChangedNote,
    TrainingReminderNote,
    TrainingSeatNote,
)

DESK = 0
"""Stands for all sessions that the CRM team's desk shows."""


@dataclass(frozen=True, slots=True)
class TrainingsNote(Note):
    """The sessions to come that fit someone, by number; ``more`` come after those."""

    sessions: tuple[int, ...] = ()
    more: bool = False
    card: Literal["trainings"] = "trainings"

    @property
    def trainings(self) -> tuple[int, ...]:
        """Return the sessions that it shows."""
        return self.sessions


@dataclass(frozen=True, slots=True)
class SessionNote(Note):
    """One session as it is now, with what its reader has to do with it."""

    session: int
    card: Literal["training_session"] = "training_session"

    @property
    def trainings(self) -> tuple[int, ...]:
        """Return the session that it shows."""
        return (self.session,)


@dataclass(frozen=True, slots=True)
class TrainedNote(Note):
    """What someone said about a session was heard."""

    session: int
    how: Literal["missed", "useful", "declined"]
    card: Literal["trained"] = "trained"

    @property
    def trainings(self) -> tuple[int, ...]:
        """Return the session that it names."""
        return (self.session,)


@dataclass(frozen=True, slots=True)
class TrainingDeskNote(Note):
    """All sessions, for the CRM team: those to come, and those held lately."""

    saved: bool = False
    card: Literal["training_desk"] = "training_desk"

    @property
    def trainings(self) -> tuple[int, ...]:
        """Return that it shows them all."""
        return (DESK,)


@dataclass(frozen=True, slots=True)
class RosterNote(Note):
    """Who comes to a session, for the CRM team and for who gives it; ``sure`` asks once more."""

    session: int
    saved: bool = False
    sure: bool = False
    card: Literal["training_roster"] = "training_roster"

    @property
    def trainings(self) -> tuple[int, ...]:
        """Return the session that it shows."""
        return (self.session,)


@dataclass(frozen=True, slots=True)
class SessionForm(Note):
    """A session's title, time, place, seats and people; a new one has no number yet."""

    session: int = NEW
    card: Literal["training_form"] = "training_form"

    @property
    def trainings(self) -> tuple[int, ...]:
        """Return the session that it is filled in with."""
        return (self.session,) if self.session != NEW else ()


@dataclass(frozen=True, slots=True)
class AttendanceForm(Note):
    """Who was there, of those who had a seat."""

    session: int
    card: Literal["attendance_form"] = "attendance_form"

    @property
    def trainings(self) -> tuple[int, ...]:
        """Return the session whose people it names."""
        return (self.session,)


TrainingNote: TypeAlias = (
    AfterTrainingNote
    | InviteToTrainingNote
    | RosterNote
    | SessionNote
    | TrainedNote
    | TrainingChangedNote
    | TrainingDeskNote
    | TrainingReminderNote
    | TrainingSeatNote
    | TrainingsNote
)
"""Every card about training sessions."""
TrainingForm: TypeAlias = AttendanceForm | SessionForm
"""Every form of the training desk."""
