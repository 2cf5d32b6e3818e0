"""How far a broadcast got: what is counted, how long it will take, and when its author hears it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, TypeAlias

from nudges.broadcast import Broadcast, Stage
from nudges.delivery import RunState, State
from nudges.group import band
from nudges.release import FLOOR
from nudges.webhooks import Event

Phase: TypeAlias = Literal["sending", "paused", "stopped", "done", "recalling", "recalled"]
"""Where a broadcast that has begun is, in its author's words."""
LOOKS = tuple(timedelta(seconds=n) for n in (5, 10, 20, 30, 60, 120, 300))
LONGEST = timedelta(minutes=10)
"""How long its author waits for the next look at most: a change of a card takes the place of a
message to somebody else, and Slack allows fifty a minute."""


@dataclass(frozen=True, slots=True)
class Tally:
    """The people of a broadcast by how far it got with them, as it is now.

    ``ready`` are those of the ``queued`` who may get it now, and ``latest`` is when the last of
    them may. ``pace`` is how many left in a second lately, and ``state`` that of its run, if it
    has begun; ``whole`` tells that all its people are known. Of one that is taken back
    ``returned`` have read that, and with ``returning`` it is still to happen.
    """

    queued: int = 0
    sent: int = 0
    failed: int = 0
    unknown: int = 0
    unreachable: int = 0
    left_out: int = 0
    acknowledged: int = 0
    replied: int = 0
    ready: int = 0
    latest: datetime | None = None
    pace: float = 0.0
    state: RunState | None = None
    whole: bool = True
    returned: int = 0
    returning: int = 0

    @property
    def people(self) -> int:
        """Return how many people it is for, as far as they are known."""
        return self.queued + self.gone + self.left_out

    @property
    def gone(self) -> int:
        """Return how many it left for, however that ended."""
        return self.sent + self.failed + self.unknown + self.unreachable


@dataclass(frozen=True, slots=True)
class Ends:
    """About when a broadcast is through; ``later`` says that the last people only start then."""

    at: datetime
    later: bool = False


@dataclass(frozen=True, slots=True)
class Look:
    """A card on which an author follows a broadcast, at which somebody has to look now.

    ``root`` is the delivery that brought it and ``state`` how far that got (None if it is not
    there any more). It was replaced or looked at ``looks`` times, last at ``at``, when ``left``
    had left and the card said ``shown``. ``asks`` says that its author is being asked something.
    """

    number: int
    person: str
    root: int
    state: State | None
    looks: int
    at: datetime
    left: int = 0
    shown: str = ""
    asks: bool = False


def phase(found: Broadcast, tally: Tally) -> Phase:
    """Say where a broadcast is that has begun."""
    if found.stage is Stage.RECALLED:
        return "recalling" if tally.returning or not tally.whole else "recalled"
    if tally.state is RunState.STOPPED:
        return "stopped"
    if tally.state is RunState.PAUSED:
        return "paused"
    return "sending" if tally.queued or not tally.whole else "done"


def over(found: Broadcast, tally: Tally) -> bool:
    """Say whether nothing more happens to a broadcast by itself."""
    match phase(found, tally):
        case "done" | "recalled":
            return True
        case "stopped":
            return not tally.queued
        case _:
            return False


def finished(found: Broadcast, tally: Tally, now: datetime) -> Event:
    """Return what other systems are told of a broadcast with which nothing more happens.

    How many people it was for is told roughly, not below five, and not where the audience was
    chosen by what people answered or reached, for the auditor did not see that number. One that is
    taken back after it was through is told of again, for that is another end.
    """
    open_, ended = tally.people >= FLOOR and not found.draft.exposes, phase(found, tally)
    told = {
        "broadcast": found.number,
        "ended": ended,
        "people": band(tally.people) if open_ else None,
    }
    return Event("broadcast.finished", f"broadcast:{found.number}:{ended}", now, told)


def left(found: Broadcast, tally: Tally) -> int:
    """Return how many have left so far: the messages, or what tells that they do not count."""
    return tally.returned if found.stage is Stage.RECALLED else tally.gone


def pace(before: int, now_: int, since: datetime, now: datetime) -> float:
    """Return how many left in a second since the last look."""
    seconds = (now - since).total_seconds()
    return max(0, now_ - before) / seconds if seconds > 0 else 0.0


def ends(found: Broadcast, tally: Tally, now: datetime) -> Ends | None:
    """Say about when a broadcast is through; None where that cannot be known yet, or is not so.

    It takes as long as the pace needs for those who may get it now, and at least until the last
    of the others may get it.
    """
    match phase(found, tally):
        case "sending":
            waits, latest = tally.ready, tally.latest
        case "recalling":
            waits, latest = tally.returning, None
        case _:
            return None
    through = now + timedelta(seconds=waits / tally.pace) if waits and tally.pace else None
    later = latest if latest is not None and latest > now else None
    if later is not None and (through is None or through <= later):
        return Ends(later, later=True)
    return Ends(through) if through is not None else None


def next_look(looks: int, end: Ends | None, now: datetime) -> datetime:
    """Return when to look again after so many looks: later and later, but not after its end."""
    pause = LOOKS[looks] if looks < len(LOOKS) else LONGEST
    if end is not None:
        pause = min(pause, max(end.at - now, LOOKS[0]))
    return now + pause


def tenths(tally: Tally) -> int:
    """Return how many tenths of its people a broadcast is through with."""
    return tally.people and 10 * (tally.people - tally.queued) // tally.people
