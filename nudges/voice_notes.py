"""The cards about what people raised, and what each reader of them may see."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Literal

from nudges.delivery import Note
from nudges.roles import Role
from nudges.voice import Item, Kind, Sort, State, Waits, Wanted

NO_WAITS = Waits()


@dataclass(frozen=True, slots=True)
class QueueNote(Note):
    """A page of the queue, for the CRM team; what is empty leaves nothing out."""

    kind: Kind | Literal[""] = ""
    sort: Sort = ""
    area: str = ""
    segment: str = ""
    closed: bool = False
    after: int = 0
    card: Literal["voice_queue"] = "voice_queue"

    @property
    def wanted(self) -> Wanted:
        """Return which part of the queue it shows."""
        states: Collection[State] = ("done", "declined") if self.closed else ("new", "taken")
        return Wanted(states, self.kind, self.sort, self.area, self.segment)


@dataclass(frozen=True, slots=True)
class Page:
    """A part of the queue: how much there is in each state, and whether more follows.

    ``sorts`` and ``areas`` count it by what it is about, the most first.
    """

    items: tuple[Item, ...] = ()
    counts: Mapping[State, int] = field(default_factory=dict[State, int])
    more: bool = False
    waits: Waits = NO_WAITS
    sorts: Mapping[Sort, int] = field(default_factory=dict[Sort, int])
    areas: Mapping[str, int] = field(default_factory=dict[str, int])


@dataclass(frozen=True, slots=True)
class Heard:
    """What was raised, as far as one reader may see it.

    ``items`` are by number, for whoever works on them; ``mine`` is what the reader raised.
    """

    items: Mapping[int, Item] = field(default_factory=dict[int, Item])
    mine: tuple[Item, ...] = ()
    pages: Mapping[QueueNote, Page] = field(default_factory=dict[QueueNote, Page])

    def own(self, number: int) -> Item | None:
        """Return something that the reader raised."""
        return next((one for one in self.mine if one.number == number), None)


NOTHING_HEARD = Heard()


@dataclass(frozen=True, slots=True)
class ItemNote(Note):
    """One thing that was raised, for the CRM team; ``how`` says what came of their last step."""

    number: int
    how: Literal["", "saved", "asked", "merged"] = ""
    page: QueueNote = QueueNote()
    card: Literal["voice_item"] = "voice_item"

    @property
    def raised(self) -> tuple[int, ...]:
        """Name it."""
        return (self.number,)


@dataclass(frozen=True, slots=True)
class NewsNote(Note):
    """What became of something, for who raised it; ``said`` is whether it is solved for them."""

    number: int
    state: Literal["taken", "done", "declined"]
    said: Literal["", "yes", "no"] = ""
    card: Literal["voice_news"] = "voice_news"

    @property
    def voiced(self) -> bool:
        """Say that it shows what its reader raised."""
        return True


@dataclass(frozen=True, slots=True)
class AskedBackNote(Note):
    """A question of the CRM team to who raised something; ``told`` once they answered."""

    number: int
    told: bool = False
    card: Literal["voice_asked"] = "voice_asked"

    @property
    def voiced(self) -> bool:
        """Say that it shows what its reader raised."""
        return True


@dataclass(frozen=True, slots=True)
class AnsweredBackNote(Note):
    """Somebody answered a question about something; for its owner."""

    number: int
    card: Literal["voice_answered"] = "voice_answered"

    @property
    def raised(self) -> tuple[int, ...]:
        """Name it."""
        return (self.number,)


@dataclass(frozen=True, slots=True)
class AboveNote(Note):
    """Something that many people raised, for the sponsors; ``said`` once one of them answered."""

    number: int
    said: bool = False
    card: Literal["voice_above"] = "voice_above"

    @property
    def roles(self) -> frozenset[str]:
        """Only sponsors get it."""
        return frozenset({Role.SPONSOR})

    @property
    def raised(self) -> tuple[int, ...]:
        """Name it."""
        return (self.number,)


@dataclass(frozen=True, slots=True)
class BackNote(Note):
    """A sponsor answered, or nobody did in ten working days; for the CRM team."""

    number: int
    how: Literal["ruled", "unanswered"]
    card: Literal["voice_back"] = "voice_back"

    @property
    def roles(self) -> frozenset[str]:
        """Only who works the queue gets it."""
        return frozenset({Role.CRM_TEAM})

    @property
    def raised(self) -> tuple[int, ...]:
        """Name it."""
        return (self.number,)
