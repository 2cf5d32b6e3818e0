"""What is said about a question that went to a colleague: to its asker, and to who has it.

No note holds what people wrote: words and states are loaded by the question's key, from where they
can be taken back and forgotten, and each card is drawn as it is at that moment.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from nudges.colleague import Referral
from nudges.delivery import Delivery, Note, Priority
from nudges.roles import Role


@dataclass(frozen=True, slots=True)
class ReferralNote(Note):
    """Where a question is now, for whoever asked it."""

    key: str
    card: Literal["referral"] = "referral"

    @property
    def referred(self) -> tuple[str, ...]:
        """Return the question."""
        return (self.key,)


@dataclass(frozen=True, slots=True)
class HandedNote(Note):
    """A question for a champion or the CRM team; ``again`` once they are reminded of it."""

    key: str
    team: bool = False
    again: bool = False
    card: Literal["handed"] = "handed"

    @property
    def referred(self) -> tuple[str, ...]:
        """Return the question."""
        return (self.key,)

    @property
    def roles(self) -> frozenset[str]:
        """Return the role it is for: who has it no more gets no question."""
        return frozenset({Role.CRM_TEAM if self.team else Role.CHAMPION})


@dataclass(frozen=True, slots=True)
class RepliedNote(Note):
    """A colleague's answer, for whoever asked; ``round`` is 2 for the one after "not yet"."""

    key: str
    round: int = 1
    card: Literal["colleague_answer"] = "colleague_answer"

    @property
    def referred(self) -> tuple[str, ...]:
        """Return the question."""
        return (self.key,)


@dataclass(frozen=True, slots=True)
class QuestionReportNote(Note):
    """What the CRM team reads on Monday about questions; ``waiting`` still have no answer."""

    week: str
    waiting: tuple[str, ...] = ()
    card: Literal["question_report"] = "question_report"

    @property
    def referred(self) -> tuple[str, ...]:
        """Return the questions that wait."""
        return self.waiting

    @property
    def reported(self) -> tuple[str, ...]:
        """Return its week."""
        return (self.week,)

    @property
    def roles(self) -> frozenset[str]:
        """Return that it is for the CRM team alone."""
        return frozenset({Role.CRM_TEAM})


def where_now(found: Referral, step: str, now: datetime) -> Delivery:
    """Return the delivery that shows an asker, on the card they have, where their question is."""
    return Delivery(
        f"question_where:{found.key}:{step}",
        found.person,
        ReferralNote(found.key),
        Priority.INTERACTIVE,
        now,
        "post" if found.root is None else "replace",
        found.root,
    )
