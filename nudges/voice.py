"""Voice: what people say stands in their way or wish for, and what becomes of it.

What somebody raises is worked by the CRM team: taken by an owner with a day, and then done or not,
with the reason. Everyone who raised it hears each step. Without their name nobody is told who they
are: their group is shown only if it is large enough, and how many raised the same only roughly.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, TypeAlias, get_args

from nudges.people import Language

Kind: TypeAlias = Literal["feedback", "blocker", "wish"]
Sort: TypeAlias = Literal["", "time", "tool", "process", "skill", "will", "exempt", "incentive"]
"""What kind of obstacle it is; ``exempt`` is that someone need not use the CRM, ``incentive`` that
somebody's bonus works against it."""
State: TypeAlias = Literal["new", "taken", "done", "declined", "merged"]
KINDS: tuple[Kind, ...] = get_args(Kind)
SORTS: tuple[Sort, ...] = get_args(Sort)
KIND: Mapping[str, Kind] = {one: one for one in KINDS}
SORT: Mapping[str, Sort] = {one: one for one in SORTS}
"""What a word from outside stands for, if it is one of these."""
OPEN: frozenset[State] = frozenset({"new", "taken"})
TEXT, WHY, TITLE, AREA = 1000, 500, 60, 30
"""Characters of what somebody says, of why something is not done, of what it is called, and of
what it is about."""
LONGEST_NUMBER = 12
"""Digits of a number that anything can have."""
A_PAGE = 5
"""So many things stand on one page of the queue."""
UNANSWERED = 10
"""Working days after which what a sponsor was told of goes back to the CRM team."""


@dataclass(frozen=True, slots=True)
class Raised:
    """Someone raises something; ``key`` is the name of the turn that did, so that it counts once.

    ``named`` says that whoever works on it may know who it is.
    """

    key: str
    kind: Kind
    text: str
    language: Language
    sort: Sort = ""
    area: str = ""
    named: bool = False


@dataclass(frozen=True, slots=True)
class Taken:
    """Somebody of the CRM team takes something, and says by when."""

    number: int
    due: date


@dataclass(frozen=True, slots=True)
class Closed:
    """Something is done, or will not be; ``words`` say what was done, or why not."""

    number: int
    done: bool
    words: str


@dataclass(frozen=True, slots=True)
class Merged:
    """Something is the same as something else, which goes on for both."""

    number: int
    into: int


@dataclass(frozen=True, slots=True)
class Sorted:
    """The CRM team says what something is about, and what it is called among all who work on it.

    ``title`` is theirs, so that it may be told where the words of those who raised it may not.
    """

    number: int
    sort: Sort
    area: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Solved:
    """Someone who raised something says whether it is solved for them."""

    number: int
    yes: bool


@dataclass(frozen=True, slots=True)
class AskedBack:
    """The CRM team asks everyone who raised something, without learning who that is."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class ToldBack:
    """Someone who raised something answers such a question, without being named by it."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Ruled:
    """A sponsor says what they do about something that many people raised."""

    number: int
    words: str


VoiceFact: TypeAlias = (
    Raised | Taken | Closed | Merged | Sorted | Solved | AskedBack | ToldBack | Ruled
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line between the CRM team and somebody they do not know.

    ``place`` tells those who raised the same apart, from 1 on; 0 is the CRM team.
    """

    place: int
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Raiser:
    """Someone who raised something, as far as it may be known to whoever works on it.

    ``name`` is empty without their leave, ``segment`` where too few people are in theirs.
    """

    text: str
    language: Language
    at: datetime
    segment: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """Something that was raised, and where it is.

    ``people`` is how many raised it; whoever shows that says it roughly, and never below five.
    ``words`` are what was done, or why it will not be.
    """

    number: int
    kind: Kind
    sort: Sort
    area: str
    state: State
    at: datetime
    owner: str = ""
    due: date | None = None
    words: str = ""
    into: int = 0
    people: int = 0
    raisers: tuple[Raiser, ...] = ()
    title: str = ""
    talk: tuple[Line, ...] = ()
    solved: bool | None = None
    ruling: str = ""
    above: bool = False
    """Whether a sponsor was told of it."""
    owner_name: str = ""

    @property
    def text(self) -> str:
        """Return what was said first; nothing where everybody who said it was forgotten."""
        return self.raisers[0].text if self.raisers else ""

    def late(self, today: date) -> bool:
        """Say whether the day that was promised has passed."""
        return self.state == "taken" and self.due is not None and self.due < today


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which part of the queue somebody wants to see; what is empty leaves nothing out."""

    states: Collection[State] = ("new", "taken")
    kind: Kind | Literal[""] = ""
    sort: Sort = ""
    area: str = ""
    segment: str = ""


@dataclass(frozen=True, slots=True)
class Changed:
    """Something that went on to another state, and who raised it."""

    number: int
    state: Literal["taken", "done", "declined"]
    at: datetime
    raisers: Sequence[str]


@dataclass(frozen=True, slots=True)
class Waits:
    """How long people wait, in the middle: for the first answer, and until it is solved.

    None where nothing was answered or solved in that time.
    """

    answered: float | None = None
    solved: float | None = None


def number_of(text: str) -> int:
    """Read the number of something that was raised, such as #12; 0 where it is none."""
    digits = text.strip().removeprefix("#")
    good = digits.isascii() and digits.isdecimal() and len(digits) <= LONGEST_NUMBER
    return int(digits) if good else 0


def may_become(state: State, to: State) -> bool:
    """Say whether something may go from one state to another.

    What was closed can be taken up again; what went on in something else stays there.
    """
    match to:
        case "taken":
            return state != "merged"
        case "done" | "declined":
            return state in OPEN
        case "merged":
            return state in OPEN
        case "new":
            return state == "done"  # because it is not solved for those who raised it


def steps(item: Item, today: date) -> tuple[str, ...]:
    """Return what can be done with something now, the likeliest first."""
    if item.state == "merged":
        return ()
    if item.state not in OPEN:
        return ("take", "sort", "told") if item.state == "done" else ("take", "sort")
    first = ("done", "take") if item.state == "taken" and not item.late(today) else ("take", "done")
    return (*first, "decline", "sort", "merge", "ask")
