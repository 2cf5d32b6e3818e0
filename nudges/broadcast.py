"""A broadcast: what the CRM team tells many at once, from its draft until it went out.

Who writes it does not release it: above fifty people somebody else approves the words. What nobody
decided on when it was due is not sent, and both hear that.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal

from nudges.audience import And, Field, Is, Not, Rule, exposes
from nudges.audience_language import parse
from nudges.delivery import Note
from nudges.people import Person
from nudges.phases import Kind, Phase, allowed
from nudges.programme import Words
from nudges.roles import Act, Role, may

ALONE = 50
"""To at most so many people an author sends without a second person."""
PATIENCE = timedelta(days=14)
"""How long one without a moment of its own waits for somebody to decide."""


class Stage(StrEnum):
    """Where a broadcast is; from ``released`` on its run tells whether it leaves."""

    WAITING = "waiting"
    RELEASED = "released"
    BEGUN = "begun"
    DECLINED = "declined"
    LAPSED = "lapsed"


@dataclass(frozen=True, slots=True)
class Link:
    """A page that the message opens: its address, and what the button says."""

    url: str
    label: Words


@dataclass(frozen=True, slots=True)
class Message:
    """What a broadcast says, in each language; ``goal`` is which of our goals it serves."""

    title: Words
    body: Words
    kind: Kind = "change"
    goal: str = ""
    link: Link | None = None
    acknowledge: bool = True


@dataclass(frozen=True, slots=True)
class Draft:
    """A message with for whom it is and when; ``rule`` is an audience as it is written.

    Without ``begins`` it leaves as soon as it may. ``size`` is how many people the rule meant when
    it was handed in.
    """

    message: Message
    rule: str
    size: int
    begins: datetime | None = None
    own_morning: bool = True

    @property
    def exposes(self) -> bool:
        """Say whether to be among its people tells something about them."""
        return exposes(parse(self.rule))


@dataclass(frozen=True, slots=True)
class Broadcast:
    """A draft that was handed in, and what became of it.

    ``name`` is its author's. ``asked`` are those who may release it, and ``told`` is the author of
    what they decided.
    """

    number: int
    author: str
    draft: Draft
    stage: Stage
    at: datetime
    decided_by: str = ""
    name: str = ""
    asked: bool = False
    told: bool = False

    @property
    def occasion(self) -> str:
        """Name it for ever: its run, and everybody's delivery."""
        return occasion(self.number)

    @property
    def closes(self) -> datetime:
        """Return until when somebody has to decide."""
        return self.draft.begins or self.at + PATIENCE

    @property
    def leaves(self) -> bool:
        """Say whether its words may reach anybody."""
        return self.stage in {Stage.RELEASED, Stage.BEGUN}

    def due(self, now: datetime) -> bool:
        """Say whether it is released, and its moment has come."""
        begins = self.draft.begins
        return self.stage is Stage.RELEASED and (begins is None or begins <= now)

    def late(self, now: datetime) -> bool:
        """Say whether nobody decided in time."""
        return self.stage is Stage.WAITING and self.closes <= now


def occasion(number: int) -> str:
    """Name a broadcast for ever."""
    return f"broadcast:{number}"


@dataclass(frozen=True, slots=True)
class HandedIn:
    """An author hands a draft in; where a second person has to decide, it waits for them."""

    draft: Draft
    stage: Stage


@dataclass(frozen=True, slots=True)
class Decided:
    """Somebody releases a broadcast, or declines it."""

    number: int
    approved: bool


@dataclass(frozen=True, slots=True)
class Received:
    """Someone says that they got a broadcast."""

    number: int


@dataclass(frozen=True, slots=True)
class Answered:
    """Someone wrote back to a broadcast."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Recipient:
    """One person of a broadcast, and how far it got with them."""

    person: str
    name: str
    state: str
    why: str
    sent: datetime | None
    received: datetime | None
    answered: datetime | None


@dataclass(frozen=True, slots=True)
class WrittenBack:
    """What someone wrote back to a broadcast."""

    person: str
    name: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class BroadcastNote(Note):
    """A broadcast as its people see it; ``got`` once they said so."""

    broadcast: int
    got: bool = False
    card: Literal["broadcast"] = "broadcast"

    @property
    def subject(self) -> str:
        """Name it, so that someone can write back to it and ask why it came."""
        return occasion(self.broadcast)

    @property
    def broadcasts(self) -> tuple[int, ...]:
        """Return the broadcast whose words it shows."""
        return (self.broadcast,)


@dataclass(frozen=True, slots=True)
class ApproveNote(Note):
    """A broadcast as who may release it sees it."""

    broadcast: int
    card: Literal["approve"] = "approve"

    @property
    def broadcasts(self) -> tuple[int, ...]:
        """Return the broadcast whose words it shows."""
        return (self.broadcast,)


@dataclass(frozen=True, slots=True)
class OutcomeNote(Note):
    """What became of a broadcast, for its author, or for who was ``asked``."""

    broadcast: int
    how: Literal["approved", "declined", "lapsed"]
    asked: bool = False
    card: Literal["approval"] = "approval"

    @property
    def broadcasts(self) -> tuple[int, ...]:
        """Return the broadcast that it names."""
        return (self.broadcast,)


@dataclass(frozen=True, slots=True)
class WroteBackNote(Note):
    """What someone wrote back was kept."""

    broadcast: int
    card: Literal["wrote_back"] = "wrote_back"

    @property
    def broadcasts(self) -> tuple[int, ...]:
        """Return the broadcast that was answered."""
        return (self.broadcast,)


def alone(draft: Draft, author: Person) -> bool:
    """Say whether an author may send this without a second person; who only drafts never may."""
    drafts_only = not author.roles & {Role.CRM_TEAM, Role.LIMITED_AUTHOR}
    return draft.size <= ALONE and not drafts_only


def reach(rule: Rule, kind: Kind, within: Rule | None = None) -> Rule:
    """Return whom a message may reach of those that its author means.

    ``within`` is to whom its author may write. Nothing new goes to people who still get used to
    what they have.
    """
    spared = tuple(phase.value for phase in Phase if not allowed(kind, phase))
    parts = [
        rule,
        *([within] if within else []),
        *([Not(Is(Field.PHASE, spared))] if spared else []),
    ]
    return And(tuple(parts)) if len(parts) > 1 else rule


def may_decide(person: Person, broadcast: Broadcast) -> bool:
    """Say whether someone may release this broadcast: an approver who did not write it."""
    return may(person.roles, Act.APPROVE) and person.id != broadcast.author


def limited(author: Person) -> bool:
    """Say whether someone writes to some groups only."""
    others = author.roles - {Role.LIMITED_AUTHOR}
    return Role.LIMITED_AUTHOR in author.roles and not may(others, Act.DRAFT)
