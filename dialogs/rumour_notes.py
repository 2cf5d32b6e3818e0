"""What is shown of rumours: to whoever tells one, and to the CRM team that answers them.

What a teller is shown would tell on them if it were kept: once it was sent, what is kept in its
place is what is kept of somebody who looked at their settings and saved them as they were.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from dialogs.authoring_notes import NO_DRAFT
from dialogs.preferences import SettingsForm, SettingsNote
from nudges.delivery import Note
from nudges.roles import Role

TEAM = frozenset({Role.CRM_TEAM.value})


@dataclass(frozen=True, slots=True)
class RumourNote(Note):
    """The invitation to tell what one heard."""

    card: Literal["rumour"] = "rumour"

    @property
    def cover(self) -> Note:
        """Keep what is kept of the settings."""
        return SettingsNote()


@dataclass(frozen=True, slots=True)
class RumourForm(Note):
    """The form with one rumour."""

    card: Literal["rumour_form"] = "rumour_form"

    @property
    def cover(self) -> Note:
        """Keep what is kept of the form of the settings."""
        return SettingsForm()


@dataclass(frozen=True, slots=True)
class RumourKeptNote(Note):
    """Thanks for a rumour; ``typed`` says that its words stand in the chat."""

    typed: bool = False
    card: Literal["rumour_kept"] = "rumour_kept"

    @property
    def cover(self) -> Note:
        """Keep what is kept of the settings, saved where a form was sent."""
        return SettingsNote(saved=not self.typed)


@dataclass(frozen=True, slots=True)
class RumourRefusedNote(Note):
    """Why nothing was kept of what somebody typed, and how long it was."""

    why: Literal["long", "secret", "account"]
    length: int = 0
    card: Literal["rumour_refused"] = "rumour_refused"

    @property
    def cover(self) -> Note:
        """Keep what is kept of the settings."""
        return SettingsNote()


RumourCard: TypeAlias = RumourNote | RumourKeptNote | RumourRefusedNote
TELLING = frozenset({"rumour", "rumour_kept", "rumour_refused"})
"""The cards that would tell on who has them."""


@dataclass(frozen=True, slots=True)
class RumoursNote(Note):
    """The rumours that wait for facts, for the CRM team; ``page`` counts from 0."""

    page: int = 0
    done: Literal["", "same", "answered", "aside"] = ""
    card: Literal["rumours"] = "rumours"

    @property
    def rumoured(self) -> bool:
        """Say that it shows the rumours."""
        return True

    @property
    def roles(self) -> frozenset[str]:
        """Say that it is for the CRM team alone."""
        return TEAM


@dataclass(frozen=True, slots=True)
class OneRumourNote(Note):
    """One rumour with all its words; ``sure`` asks once more before it is set aside."""

    rumour: str
    sure: bool = False
    card: Literal["one_rumour"] = "one_rumour"

    @property
    def rumoured(self) -> bool:
        """Say that it shows the rumours."""
        return True

    @property
    def authoring(self) -> frozenset[str]:
        """Say that its answer becomes a draft, for which there must be room."""
        return NO_DRAFT

    @property
    def roles(self) -> frozenset[str]:
        """Say that it is for the CRM team alone."""
        return TEAM


@dataclass(frozen=True, slots=True)
class SameRumourForm(Note):
    """Which other rumour it is the same as."""

    rumour: str
    card: Literal["same_rumour_form"] = "same_rumour_form"

    @property
    def rumoured(self) -> bool:
        """Say that it offers the rumours."""
        return True


@dataclass(frozen=True, slots=True)
class RumourFactsForm(Note):
    """The facts about a rumour, in each language."""

    rumour: str
    card: Literal["rumour_facts_form"] = "rumour_facts_form"

    @property
    def rumoured(self) -> bool:
        """Say that it names for whom the facts are."""
        return True


RumourDeskCard: TypeAlias = RumoursNote | OneRumourNote
RumourDeskForm: TypeAlias = SameRumourForm | RumourFactsForm
RumourAnyForm: TypeAlias = RumourForm | RumourDeskForm
