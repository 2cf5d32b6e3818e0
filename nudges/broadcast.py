"""A broadcast: what the CRM team tells many at once, from its draft until it went out.

Who writes it does not release it: above fifty people somebody else approves the words. What nobody
decided on when it was due is not sent, and both hear that.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from nudges.audience import And, Field, Is, Not, Rule, exposes
from nudges.audience_language import RuleError, parse
from nudges.people import Person
from nudges.phases import Kind, Phase, allowed
from nudges.programme import Words
from nudges.roles import Act, Role, may

ALONE = 50
"""To at most so many people an author sends without a second person."""
SIGNING = (Role.SPONSOR, Role.MANAGER, Role.CHAMPION, Role.CRM_TEAM)
"""The parts in the change that a name is signed with; of several the first."""
PATIENCE = timedelta(days=14)
"""How long one without a moment of its own waits for somebody to decide."""


class Stage(StrEnum):
    """Where a broadcast is; from ``released`` on its run tells whether it leaves."""

    AGREEING = "agreeing"
    WAITING = "waiting"
    RELEASED = "released"
    BEGUN = "begun"
    DECLINED = "declined"
    LAPSED = "lapsed"
    RECALLED = "recalled"


@dataclass(frozen=True, slots=True)
class Link:
    """A page that the message opens: its address, and what the button says."""

    url: str
    label: Words


@dataclass(frozen=True, slots=True)
class Check:
    """One question that tells whether a message was received.

    Without ``right`` people answer in their own words; else they choose between that and ``wrong``.
    """

    question: Words
    right: Words = field(default_factory=dict[str, str])
    wrong: tuple[Words, ...] = ()


@dataclass(frozen=True, slots=True)
class Message:
    """What a broadcast says, in each language; ``goal`` is which of our goals it serves.

    ``sender`` is the person in whose name it goes; without one that is its author.
    """

    title: Words
    body: Words
    kind: Kind = "change"
    goal: str = ""
    link: Link | None = None
    acknowledge: bool = True
    sender: str = ""
    check: Check | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A message with for whom it is and when; ``rule`` is an audience as it is written.

    Without ``begins`` it leaves as soon as it may. ``size`` is how many people the rule meant when
    it was handed in. ``series`` is the first broadcast of those that say the same again, and
    ``corrects`` the one whose words these are to replace.
    """

    message: Message
    rule: str
    size: int
    begins: datetime | None = None
    own_morning: bool = True
    series: int = 0
    corrects: int = 0

    @property
    def exposes(self) -> bool:
        """Say whether to be among its people tells something about them."""
        try:
            return bool(self.rule) and exposes(parse(self.rule))
        except RuleError:  # one that a later version does not read may have asked for anything
            return True


@dataclass(frozen=True, slots=True)
class Drafted:
    """A draft that its author works on, or keeps as a template; ``key`` names it for ever.

    ``name`` is its author's.
    """

    key: str
    author: str
    draft: Draft
    template: bool
    at: datetime
    name: str = ""


@dataclass(frozen=True, slots=True)
class Signed:
    """In whose name a message goes: a name, and the part they play in the change, if any."""

    name: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True)
class Broadcast:
    """A draft that was handed in, and what became of it.

    ``name`` is its author's, and ``sender`` that of whoever it goes in the name of. ``asked`` are
    those who may release it, since ``asked_at``, and ``told`` is the author of what they decided.
    ``second`` says that a second person has to release it, and ``warned`` that the author knows
    that there is nobody who could. ``corrected`` is the day on which its words were last put
    right, and ``revision`` how often that was.
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
    second: bool = True
    sender: Signed = Signed()
    asked_at: datetime | None = None
    warned: bool = False
    corrected: date | None = None
    revision: int = 0

    @property
    def signed(self) -> Signed:
        """Return in whose name it goes: its sender's, or its author's."""
        return self.sender if self.sender.name else Signed(self.name)

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
        return self.stage in {Stage.AGREEING, Stage.WAITING} and self.closes <= now


def occasion(number: int) -> str:
    """Name a broadcast for ever."""
    return f"broadcast:{number}"


def approval(number: int) -> str:
    """Name the question whether a broadcast may go, for everybody who is asked."""
    return f"approve:{number}"


@dataclass(frozen=True, slots=True)
class HandedIn:
    """An author hands a draft in; where a second person has to decide, it waits for them.

    ``key`` is the draft's, if it was kept: then it is handed in only while it is still there.
    """

    draft: Draft
    stage: Stage
    key: str = ""
    second: bool = True


@dataclass(frozen=True, slots=True)
class DraftKept:
    """An author keeps a draft as it is now, in the place of what it was."""

    key: str
    draft: Draft
    template: bool = False


@dataclass(frozen=True, slots=True)
class DraftDropped:
    """An author throws a draft away."""

    key: str


@dataclass(frozen=True, slots=True)
class Agreed:
    """Someone says whether a broadcast may go in their name."""

    number: int
    agreed: bool


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
class ReplyDone:
    """An author answers what someone wrote back, or puts it away without an answer."""

    number: int
    answer: str = ""


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
    """What someone wrote back to a broadcast; ``done`` once somebody answered or put it away."""

    person: str
    name: str
    text: str
    at: datetime
    number: int = 0
    broadcast: int = 0
    answer: str = ""
    done: datetime | None = None


def sign(name: str, roles: Collection[str]) -> Signed:
    """Return a name as a message is signed with it: with the first part they play in the change."""
    return Signed(name, next((role for role in SIGNING if role in roles), ""))


def alone(draft: Draft, author: Person) -> bool:
    """Say whether an author may send this without a second person; who only drafts never may.

    Where being meant tells on people it takes two: how many they are would show in the answer.
    """
    drafts_only = not author.roles & {Role.CRM_TEAM, Role.LIMITED_AUTHOR}
    return draft.size <= ALONE and not drafts_only and not draft.exposes


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
    """Say whether someone may release this broadcast: who approves, or a deputy; not its author."""
    return may(person.roles, Act.APPROVE) and person.id != broadcast.author


def limited(author: Person) -> bool:
    """Say whether someone writes to some groups only."""
    others = author.roles - {Role.LIMITED_AUTHOR}
    return Role.LIMITED_AUTHOR in author.roles and not may(others, Act.DRAFT)
