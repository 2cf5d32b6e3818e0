"""Voice: what people say stands in their way or wish for, and what becomes of it.

What somebody raises is worked by the CRM team: taken by an owner with a day, and then done or not,
with the reason. Everyone who raised it hears each step. Without their name nobody is told who they
are: their group is shown only if it is large enough, and how many raised the same only roughly.
"""

from collections.abc import Collection
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
OPEN: frozenset[State] = frozenset({"new", "taken"})
TEXT, WHY = 1000, 500
"""Characters that are kept of what somebody says, and of why something is not done."""


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
    """The CRM team says what something is about."""

    number: int
    sort: Sort
    area: str


@dataclass(frozen=True, slots=True)
class Solved:
    """Someone who raised something says whether it is solved for them."""

    number: int
    yes: bool


VoiceFact: TypeAlias = Raised | Taken | Closed | Merged | Sorted | Solved


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
class Waits:
    """How long people wait, in the middle: for the first answer, and until it is solved.

    None where nothing was answered or solved in that time.
    """

    answered: float | None = None
    solved: float | None = None


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
            return False
