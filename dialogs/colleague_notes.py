"""Cards and forms around questions to colleagues, as facts; what people wrote is loaded by key."""

from dataclasses import dataclass
from typing import Literal

from nudges.delivery import Note
from nudges.roles import Role


@dataclass(frozen=True, slots=True)
class AskColleagueForm(Note):
    """The form with a question to a colleague, filled with the words of ``question`` if kept."""

    question: str = ""
    area: str = ""
    card: Literal["ask_colleague_form"] = "ask_colleague_form"

    @property
    def sought(self) -> tuple[str, ...]:
        """Return the question that it came from."""
        return (self.question,) if self.question else ()


@dataclass(frozen=True, slots=True)
class ReplyForm(Note):
    """The form with an answer; ``place`` is where the question stands in a list of them."""

    key: str
    place: str = ""
    card: Literal["reply_form"] = "reply_form"

    @property
    def referred(self) -> tuple[str, ...]:
        """Return the question."""
        return (self.key,)


@dataclass(frozen=True, slots=True)
class QuestionsNote(Note):
    """Questions that wait, and answers that may become articles; ``more`` wait besides.

    ``team`` is for the CRM team, who see them all; a champion sees their own.
    """

    waiting: tuple[str, ...] = ()
    proposed: tuple[str, ...] = ()
    more: int = 0
    team: bool = False
    card: Literal["questions"] = "questions"

    @property
    def referred(self) -> tuple[str, ...]:
        """Return the questions."""
        return (*self.waiting, *self.proposed)

    @property
    def roles(self) -> frozenset[str]:
        """Return the role it is for."""
        return frozenset({Role.CRM_TEAM if self.team else Role.CHAMPION})


@dataclass(frozen=True, slots=True)
class AcceptForm(Note):
    """The form that makes an answer an article."""

    key: str
    place: str
    card: Literal["accept_form"] = "accept_form"

    @property
    def referred(self) -> tuple[str, ...]:
        """Return the question with its answer."""
        return (self.key,)


@dataclass(frozen=True, slots=True)
class AcceptedNote(Note):
    """An answer that is an article now; ``out`` once it was taken out again."""

    key: str
    out: bool = False
    card: Literal["accepted"] = "accepted"

    @property
    def referred(self) -> tuple[str, ...]:
        """Return the question with its answer."""
        return (self.key,)

    @property
    def roles(self) -> frozenset[str]:
        """Return that it is for the CRM team alone."""
        return frozenset({Role.CRM_TEAM})


@dataclass(frozen=True, slots=True)
class ArticleFileForm(Note):
    """An article as the text of a file, to be copied."""

    article: str
    card: Literal["article_file_form"] = "article_file_form"
