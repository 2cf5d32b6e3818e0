"""What is said about a broadcast: to its people, to who may release it, and to its author."""

from dataclasses import dataclass
from typing import Literal

from nudges.approval import Why
from nudges.broadcast import occasion
from nudges.delivery import Note


@dataclass(frozen=True, slots=True)
class BroadcastNote(Note):
    """A broadcast as its people see it; ``got`` once they said so.

    ``belief`` is open where they are asked whether they believe its sender, and told once they said
    it.
    """

    broadcast: int
    got: bool = False
    belief: Literal["", "open", "told"] = ""
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
    """A broadcast as who may release it sees it; ``why`` a deputy is asked."""

    broadcast: int
    why: Why = ""
    card: Literal["approve"] = "approve"

    @property
    def broadcasts(self) -> tuple[int, ...]:
        """Return the broadcast whose words it shows."""
        return (self.broadcast,)


@dataclass(frozen=True, slots=True)
class AgreeNote(Note):
    """A broadcast as whoever it is to go in the name of sees it: the words, not to whom."""

    broadcast: int
    card: Literal["agree"] = "agree"

    @property
    def broadcasts(self) -> tuple[int, ...]:
        """Return the broadcast whose words it shows."""
        return (self.broadcast,)


@dataclass(frozen=True, slots=True)
class AgreedNote(Note):
    """What somebody said about a broadcast in their name."""

    broadcast: int
    agreed: bool
    card: Literal["agreed"] = "agreed"

    @property
    def broadcasts(self) -> tuple[int, ...]:
        """Return the broadcast that it names."""
        return (self.broadcast,)


@dataclass(frozen=True, slots=True)
class NobodyNote(Note):
    """There is nobody who could release a broadcast, for its author."""

    broadcast: int
    card: Literal["nobody_approves"] = "nobody_approves"

    @property
    def broadcasts(self) -> tuple[int, ...]:
        """Return the broadcast that it names."""
        return (self.broadcast,)


@dataclass(frozen=True, slots=True)
class OutcomeNote(Note):
    """What became of a broadcast, for its author, or for who was ``asked``."""

    broadcast: int
    how: Literal["approved", "declined", "lapsed", "recalled", "unsigned"]
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


@dataclass(frozen=True, slots=True)
class TakenBackNote(Note):
    """What its people see of a broadcast that was taken back."""

    broadcast: int
    card: Literal["taken_back"] = "taken_back"

    @property
    def broadcasts(self) -> tuple[int, ...]:
        """Return the broadcast that it names."""
        return (self.broadcast,)


@dataclass(frozen=True, slots=True)
class ProgressNote(Note):
    """How far a broadcast got, for its author; ``asks`` is what they are asked once more."""

    broadcast: int
    asks: Literal["", "stop", "recall"] = ""
    card: Literal["progress"] = "progress"

    @property
    def broadcasts(self) -> tuple[int, ...]:
        """Return the broadcast that it names."""
        return (self.broadcast,)

    @property
    def tallied(self) -> tuple[int, ...]:
        """Return the broadcast that it counts."""
        return (self.broadcast,)
