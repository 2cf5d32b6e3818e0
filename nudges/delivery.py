"""Everything that leaves is a delivery: one message on its way to one person, once.

``UNIQUE(occasion, person)`` is the whole system's idempotency: planning the same thing twice,
by two tickers or after a crash, changes nothing. What a delivery says is a note, drawn as a
card in the person's language at the moment it is sent.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import IntEnum, StrEnum
from typing import Literal, TypeAlias, assert_never

from nudges.address import Address

ATTEMPTS = 8
"""How often a delivery is tried before it counts as refused."""
PATIENT_ATTEMPTS = 120
"""How often, while its platform keeps everyone waiting: about a day at the longest pause."""
FIRST_PAUSE = timedelta(seconds=2)
PAUSE_GROWS = 3
LONGEST_PAUSE = timedelta(minutes=15)


class Note:
    """What a delivery says, as facts; each kind is a frozen dataclass with a ``card`` name.

    A kind that must not be repeated too soon also names its ``subject``, and one that shows what
    people wrote names their ``stories`` and ``broadcasts``: the words are drawn from where they
    can be taken back.
    """

    __slots__ = ()

    @property
    def subject(self) -> str:
        """Name what this is about, where it matters that someone had it before."""
        return ""

    @property
    def roles(self) -> frozenset[str]:
        """Name the roles it is for, where it is for them alone; without one it is not sent."""
        return frozenset()

    @property
    def stories(self) -> tuple[int, ...]:
        """Return the numbers of the stories whose words it shows, which have to be loaded."""
        return ()

    @property
    def broadcasts(self) -> tuple[int, ...]:
        """Return the numbers of the broadcasts whose words it shows, which have to be loaded."""
        return ()

    @property
    def drafts(self) -> tuple[str, ...]:
        """Return the drafts whose words it shows to others than their author."""
        return ()

    @property
    def replies(self) -> tuple[int, ...]:
        """Return the numbers of what was written back whose words it shows."""
        return ()

    @property
    def receptions(self) -> tuple[int, ...]:
        """Return the broadcasts of which it shows how they were understood."""
        return ()

    @property
    def silences(self) -> tuple[str, ...]:
        """Return the groups whose silence it shows, which has to be looked up."""
        return ()

    @property
    def trainings(self) -> tuple[int, ...]:
        """Return the numbers of the training sessions it shows; 0 stands for all on the desk."""
        return ()

    @property
    def authoring(self) -> frozenset[str] | None:
        """Return which drafts have to be counted, where it shows what its author has at hand."""
        return None

    @property
    def sought(self) -> tuple[str, ...]:
        """Return the questions, by key, whose words or what the CRM said to them it shows."""
        return ()

    @property
    def tipped(self) -> bool:
        """Say whether what came of tips, and what was said of them, decides if it still fits."""
        return False

    @property
    def measured(self) -> bool:
        """Say whether the reader's own measured use is shown, or decides if it still fits."""
        return False

    @property
    def merits(self) -> frozenset[str]:
        """Return the recognitions, competitions and sprints it shows, such as ``sprint:2``."""
        return frozenset()

    @property
    def switched(self) -> bool:
        """Say whether it shows how the privacy officer's switch stands."""
        return False

    @property
    def overseen(self) -> bool:
        """Say whether it shows what a privacy officer looks at."""
        return False

    @property
    def referred(self) -> tuple[str, ...]:
        """Return the questions to colleagues, by key, whose words or state it shows."""
        return ()

    @property
    def reported(self) -> tuple[str, ...]:
        """Return the weeks whose report on questions it shows."""
        return ()

    @property
    def normed(self) -> str:
        """Return the manager whose team's norms it shows, which have to be loaded."""
        return ""

    @property
    def raised(self) -> tuple[int, ...]:
        """Return the numbers of what people raised that it shows to who works on it."""
        return ()

    @property
    def voiced(self) -> bool:
        """Say whether it shows what its reader raised."""
        return False

    @property
    def rumoured(self) -> bool:
        """Say whether it shows the rumours that wait for facts."""
        return False

    @property
    def cover(self) -> "Note | None":
        """Return what is kept in its place once it was sent, where its kind tells on its person."""
        return None

    @property
    def tallied(self) -> tuple[int, ...]:
        """Return the numbers of the broadcasts whose people it counts, which has to be done."""
        return ()


class Priority(IntEnum):
    """Who goes first when not everything can leave at once; lower goes first."""

    INTERACTIVE = 0
    PULSE = 1
    NUDGE = 2
    BROADCAST = 3


REPLIES, PULSES, NUDGES = "replies", "pulses", "nudges"
RUNS = {Priority.INTERACTIVE: REPLIES, Priority.PULSE: PULSES, Priority.NUDGE: NUDGES}
"""What always runs; every broadcast is a run of its own, named by its occasion."""


class RunState(StrEnum):
    """Whether the deliveries of a run leave: now, later, or never."""

    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Run:
    """Something whose deliveries can be paused and stopped as one."""

    name: str
    priority: Priority
    state: RunState
    changed_at: datetime


class State(StrEnum):
    """Where a delivery is; the last five are ends."""

    QUEUED = "queued"
    CLAIMED = "claimed"
    SENDING = "sending"
    SENT = "sent"
    GONE = "gone"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    CANCELLED = "cancelled"


ENDS = frozenset({State.SENT, State.GONE, State.REFUSED, State.UNKNOWN, State.CANCELLED})
Kind: TypeAlias = Literal["post", "replace", "remove"]


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message to one person; ``target`` is the delivery whose message it replaces."""

    occasion: str
    person: str
    note: Note
    priority: Priority
    due: datetime
    kind: Kind = "post"
    target: int | None = None

    @property
    def run(self) -> str:
        """Name what this belongs to, which can be paused and stopped as one."""
        return RUNS.get(self.priority, self.occasion)

    @property
    def touches(self) -> bool:
        """Say whether this takes someone's attention without having been asked for."""
        return self.priority is not Priority.INTERACTIVE and self.kind == "post"


@dataclass(frozen=True, slots=True)
class Sent:
    """The platform has it; ``ref`` is the platform's name for the message."""

    ref: str = ""


@dataclass(frozen=True, slots=True)
class Wait:
    """The platform asked to come back, no earlier than ``until``.

    ``everyone`` tells that it holds for whatever we send there, not for this message alone.
    """

    until: datetime
    why: str = "asked to wait"
    everyone: bool = False


@dataclass(frozen=True, slots=True)
class Gone:
    """The person cannot be reached there any more."""

    why: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The platform said no to this message, and will again."""

    why: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """The message may or may not have arrived; it is never sent again by itself."""

    why: str


Outcome: TypeAlias = Sent | Wait | Gone | Refused | Unknown


@dataclass(frozen=True, slots=True)
class Settled:
    """What becomes of a delivery after an outcome."""

    state: State
    due: datetime | None = None
    ref: str = ""
    why: str = ""
    lane: str | None = None


def after(outcome: Outcome, attempt: int, now: datetime, jitter: float) -> Settled:
    """Decide what becomes of a delivery.

    Args:
        outcome: what the channel said.
        attempt: how often it was tried, this time included.
        now: the moment of deciding.
        jitter: 0 to 1; spreads retries, and never makes one earlier than the platform asked.

    """
    match outcome:
        case Sent(ref):
            return Settled(State.SENT, ref=ref)
        case Wait(_, why, everyone) if attempt >= (PATIENT_ATTEMPTS if everyone else ATTEMPTS):
            return Settled(State.REFUSED, why=f"{why}, {attempt} times")
        case Wait(until, why):
            pause = min(FIRST_PAUSE * PAUSE_GROWS ** min(attempt - 1, ATTEMPTS), LONGEST_PAUSE)
            return Settled(State.QUEUED, max(until, now) + pause * jitter, why=why)
        case Gone(why):
            return Settled(State.GONE, why=why)
        case Refused(why):
            return Settled(State.REFUSED, why=why)
        case Unknown(why):
            return Settled(State.UNKNOWN, why=why)
        case _:
            assert_never(outcome)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery that is ours until its lease ends.

    ``fence`` grows with each claim. ``address`` is where it went before, or where the message
    it replaces is; ``ref`` names that message and ``root`` tells how far it got.
    """

    number: int
    fence: int
    attempt: int
    delivery: Delivery
    state: State = State.CLAIMED
    address: Address | None = None
    ref: str = ""
    root: State | None = None
    lane: str = ""


@dataclass(frozen=True, slots=True)
class Marked:
    """Which marks hold: ``ours`` may be sent, and those ``crowded`` came on a full day."""

    ours: frozenset[int] = frozenset()
    crowded: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Mark:
    """A delivery about to be sent: what it says now, and where it goes.

    ``touch`` is the person's own day on which it takes their attention, if it does; ``nth`` is
    its place among the touches of that day.
    """

    number: int
    fence: int
    note: Note
    to: Address
    person: str = ""
    touch: date | None = None
    nth: int = 0


@dataclass(frozen=True, slots=True)
class Settlement:
    """What became of a claimed delivery; ``cover`` is kept in the place of what it said."""

    number: int
    fence: int
    settled: Settled
    cover: Note | None = None
