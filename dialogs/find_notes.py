"""What can be shown to somebody who asked something about the CRM, as facts.

No note holds what was typed or what the CRM said: both are loaded by the question's key, from where
they can be forgotten.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from nudges.delivery import Note

Verdict: TypeAlias = Literal["", "was_it"]
NoRecord: TypeAlias = Literal[
    "nothing", "unmapped", "none", "down", "slow", "busy", "nonsense", "refused"
]


@dataclass(frozen=True, slots=True)
class ArticleNote(Note):
    """How something is done; ``question`` is what it answers, or empty where nobody asked.

    ``others`` fit as well, and ``live`` tells that the person's group works with the CRM already.
    ``aloud`` tells that somebody's message asked it, so that it can be said to everyone there.
    """

    article: str
    question: str = ""
    others: tuple[str, ...] = ()
    live: bool = False
    verdict: Verdict = ""
    aloud: bool = False
    card: Literal["article"] = "article"


@dataclass(frozen=True, slots=True)
class ChoicesNote(Note):
    """Up to three articles that may be meant; ``missed`` once one of them was not it."""

    question: str
    articles: tuple[str, ...]
    live: bool = False
    missed: bool = False
    aloud: bool = False
    card: Literal["choices"] = "choices"

    @property
    def sought(self) -> tuple[str, ...]:
        """Return the question, whose words may go to a colleague."""
        return (self.question,)


@dataclass(frozen=True, slots=True)
class UnknownNote(Note):
    """We don't know; ``missed`` once everything we had was not it."""

    question: str
    missed: bool = False
    card: Literal["unknown"] = "unknown"

    @property
    def sought(self) -> tuple[str, ...]:
        """Return the question, whose words may go to a colleague."""
        return (self.question,)


@dataclass(frozen=True, slots=True)
class SystemNote(Note):
    """Which system a thing belongs in, and why."""

    system: str
    question: str = ""
    aloud: bool = False
    card: Literal["system"] = "system"


@dataclass(frozen=True, slots=True)
class RecordNote(Note):
    """A record, by what opens it; what the CRM said of it is loaded for who asked alone."""

    question: str
    link: str
    card: Literal["record"] = "record"

    @property
    def sought(self) -> tuple[str, ...]:
        """Return the question whose answer has to be loaded."""
        return (self.question,)


@dataclass(frozen=True, slots=True)
class MatchesNote(Note):
    """Several records that may be meant, as table and id; ``fact`` is the one asked for."""

    question: str
    refs: tuple[tuple[str, str], ...]
    fact: str = ""
    more: bool = False
    card: Literal["matches"] = "matches"

    @property
    def sought(self) -> tuple[str, ...]:
        """Return the question whose answer has to be loaded."""
        return (self.question,)


@dataclass(frozen=True, slots=True)
class NoRecordNote(Note):
    """There is no record to show, why, and the articles on where to look for oneself."""

    question: str
    why: NoRecord
    articles: tuple[str, ...] = ()
    live: bool = False
    card: Literal["no_record"] = "no_record"


@dataclass(frozen=True, slots=True)
class WhichNote(Note):
    """A record and articles were found, and we are not sure which of the two is meant."""

    question: str
    link: str
    articles: tuple[str, ...]
    live: bool = False
    card: Literal["which"] = "which"

    @property
    def sought(self) -> tuple[str, ...]:
        """Return the question whose answer has to be loaded."""
        return (self.question,)


@dataclass(frozen=True, slots=True)
class PrivatelyNote(Note):
    """A record was asked for in a channel: it is shown in private; ``words`` ask for it again."""

    words: str
    aloud: bool = False
    card: Literal["privately"] = "privately"


@dataclass(frozen=True, slots=True)
class InCrmNote(Note):
    """What is said to everyone where somebody asked: the place and why, and nothing of a record.

    It names an article or a system; where a record was asked for it is neither, and ``words`` ask
    for it again, by whoever presses and as they may see it.
    """

    article: str = ""
    system: str = ""
    words: str = ""
    card: Literal["in_crm"] = "in_crm"


@dataclass(frozen=True, slots=True)
class SaidAloudNote(Note):
    """It was said to everyone, where somebody asked."""

    card: Literal["said_aloud"] = "said_aloud"


@dataclass(frozen=True, slots=True)
class FindNote(Note):
    """What can be asked, and a button to ask it."""

    card: Literal["find"] = "find"


@dataclass(frozen=True, slots=True)
class FindForm(Note):
    """The form with a question."""

    card: Literal["find_form"] = "find_form"
