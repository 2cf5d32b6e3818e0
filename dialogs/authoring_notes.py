"""What an author's desk shows: drafts, what was handed in, what came back; and its forms."""

from dataclasses import dataclass
from typing import Literal

from nudges.delivery import Note

NO_DRAFT = frozenset[str]()


@dataclass(frozen=True, slots=True)
class BroadcastsNote(Note):
    """Someone's drafts and messages at a glance, with a way to write a new one."""

    card: Literal["broadcasts"] = "broadcasts"

    @property
    def authoring(self) -> frozenset[str]:
        """Return that it shows what its author has at hand, and counts no draft."""
        return NO_DRAFT


@dataclass(frozen=True, slots=True)
class NotAuthorNote(Note):
    """Only authors write messages to many."""

    card: Literal["not_author"] = "not_author"


@dataclass(frozen=True, slots=True)
class DraftNote(Note):
    """A draft: what it says, whom it would reach, what is missing, and what it leaves out."""

    key: str
    saved: bool = False
    card: Literal["draft"] = "draft"

    @property
    def authoring(self) -> frozenset[str]:
        """Return the draft that has to be counted."""
        return frozenset({self.key})


@dataclass(frozen=True, slots=True)
class PreviewNote(Note):
    """A draft as its people would see it, in one language, with the way back."""

    key: str
    language: str
    card: Literal["preview"] = "preview"

    @property
    def authoring(self) -> frozenset[str]:
        """Return that it shows a draft, which need not be counted."""
        return NO_DRAFT


@dataclass(frozen=True, slots=True)
class TestNote(Note):
    """A draft as a message of its own to its author, exactly as its people would get it."""

    key: str
    language: str
    got: bool = False
    card: Literal["test"] = "test"
    __test__ = False

    @property
    def authoring(self) -> frozenset[str]:
        """Return that it shows a draft, which need not be counted."""
        return NO_DRAFT


@dataclass(frozen=True, slots=True)
class DropNote(Note):
    """Whether a draft is really to be thrown away."""

    key: str
    card: Literal["drop"] = "drop"

    @property
    def authoring(self) -> frozenset[str]:
        """Return that it shows a draft, which need not be counted."""
        return NO_DRAFT


@dataclass(frozen=True, slots=True)
class HandedInNote(Note):
    """A draft was handed in: what happens next."""

    how: Literal["agreeing", "waiting", "released", "later"]
    card: Literal["handed_in"] = "handed_in"


@dataclass(frozen=True, slots=True)
class OverviewNote(Note):
    """A message that was handed in: where it is, and what can be done with it."""

    number: int
    card: Literal["overview"] = "overview"

    @property
    def broadcasts(self) -> tuple[int, ...]:
        """Return the message that it shows."""
        return (self.number,)

    @property
    def authoring(self) -> frozenset[str]:
        """Return that it shows what its author has at hand, and counts no draft."""
        return NO_DRAFT


@dataclass(frozen=True, slots=True)
class WordsForm(Note):
    """The words of a draft, in each language; a new one has no key yet."""

    key: str = ""
    card: Literal["words_form"] = "words_form"


@dataclass(frozen=True, slots=True)
class CheckForm(Note):
    """The one question that tells whether a message was received."""

    key: str
    card: Literal["check_form"] = "check_form"


@dataclass(frozen=True, slots=True)
class AudienceForm(Note):
    """For whom a draft is, when it leaves, and in whose name."""

    key: str
    card: Literal["audience_form"] = "audience_form"
