"""What may be done with a broadcast once it was handed in: held, let go on, stopped, taken back."""

from dataclasses import dataclass

from nudges.broadcast import Broadcast, Stage
from nudges.delivery import RunState
from nudges.people import Person
from nudges.roles import Act, Role, may


@dataclass(frozen=True, slots=True)
class Switched:
    """Someone holds a broadcast, lets it go on, or stops it for good."""

    number: int
    state: RunState


@dataclass(frozen=True, slots=True)
class Followed:
    """An author found a broadcast again: from now on the card at this message keeps up with it.

    ``root`` is the delivery that posted the message.
    """

    number: int
    root: int


@dataclass(frozen=True, slots=True)
class TakenBack:
    """Someone takes a broadcast back: it reaches nobody more, and whoever has it reads that."""

    number: int


def may_steer(person: Person, broadcast: Broadcast) -> bool:
    """Say whether someone may hold, stop or take back this broadcast.

    That is its author, the CRM team, and whoever may release one.
    """
    return (
        person.id == broadcast.author
        or Role.CRM_TEAM in person.roles
        or may(person.roles, Act.APPROVE)
    )


def returnable(broadcast: Broadcast) -> bool:
    """Say whether a broadcast can be taken back; words that were corrected do not come back."""
    return broadcast.leaves and not broadcast.draft.corrects


def recall(number: int) -> str:
    """Name the run that takes a broadcast back."""
    return f"recall:{number}"


def begun(broadcast: Broadcast) -> bool:
    """Say whether a broadcast has begun to leave, so that it can be held or stopped."""
    return broadcast.stage is Stage.BEGUN
