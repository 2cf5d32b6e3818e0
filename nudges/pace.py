"""Pace: how fast a platform lets us write, shared by all programs that write to it.

A lane is a platform and a tenant, for new messages or for changes. Whoever claims from it takes
the next free places in time with it, in the same transaction, and sends each message at its own
place; so that any number of programs together keep the pace, and none of them waits for another.
When the platform asks to wait, the lane stops for everyone, and goes on slower than before.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

AHEAD = timedelta(milliseconds=250)
"""How far ahead places are taken: a stop or an urgent message waits no longer than this."""
MARGIN = 0.99
"""Part of the pace that is used, so that a message sent a little late never makes one too many."""
SLOWER, SLOWEST = 0.5, 0.05
"""What is left of the pace when a platform asks to wait, and what is always left of it."""
RECOVERY = timedelta(seconds=60)
"""How long it takes until the whole pace is tried again."""
POSTS, CHANGES = "posts", "changes"


@dataclass(frozen=True, slots=True)
class Lane:
    """Where a lane stands: its next free place, and what the platform asked for."""

    free_at: datetime | None = None
    blocked_until: datetime | None = None
    slowed_at: datetime | None = None
    slowed_to: float = 1.0

    def speed(self, now: datetime) -> float:
        """Return the part of the pace that is used now: less after a stop, all of it later."""
        if self.slowed_at is None:
            return 1.0
        recovered = max((now - self.slowed_at) / RECOVERY, 0.0)
        return min(self.slowed_to + (1.0 - self.slowed_to) * recovered, 1.0)

    def blocked(self, now: datetime) -> bool:
        """Say whether the platform wants nothing now."""
        return self.blocked_until is not None and now < self.blocked_until


@dataclass(frozen=True, slots=True)
class Grant:
    """Places in time that are free: the first one, the time between two, and how many."""

    start: datetime
    apart: timedelta
    most: int

    def place(self, nth: int) -> datetime:
        """Return a place in time."""
        return self.start + self.apart * nth


def grant(
    lane: Lane, pace: float | None, now: datetime, wanted: int, ahead: timedelta = AHEAD
) -> Grant:
    """Say which places are free from now on; none while the lane is blocked or taken.

    ``pace`` is in messages a second; None is as fast as we can. No place is
    further ``ahead`` than that.
    """
    if lane.blocked(now):
        return Grant(lane.blocked_until or now, timedelta(0), 0)
    if pace is None:
        return Grant(now, timedelta(0), max(0, wanted))
    apart = timedelta(seconds=1 / (pace * MARGIN * lane.speed(now)))
    start = max(now, lane.free_at or now)
    room = (now + ahead - start) // apart + 1
    return Grant(start, apart, max(0, min(wanted, room)))


def took(lane: Lane, given: Grant, n: int) -> Lane:
    """Return the lane after the first ``n`` places were taken."""
    return replace(lane, free_at=given.place(n)) if n and given.apart else lane


def slowed(lane: Lane, until: datetime, now: datetime) -> Lane:
    """Return the lane after the platform asked to wait; those who say so together count once."""
    if lane.blocked(now):
        return replace(lane, blocked_until=max(until, lane.blocked_until or until))
    speed = max(lane.speed(now) * SLOWER, SLOWEST)
    return replace(lane, blocked_until=until, slowed_at=max(until, now), slowed_to=speed)


def lane_of(home: str, kind: str) -> str:
    """Return the lane of one delivery: changes do not stand in the way of new messages."""
    return home if kind == "post" else f"{home}/{CHANGES}"


def home_of(lane: str) -> str:
    """Return the platform and tenant of a lane."""
    return lane.removesuffix(f"/{CHANGES}")


def lanes_of(home: str) -> tuple[str, ...]:
    """Return both lanes of a platform and tenant."""
    return (home, f"{home}/{CHANGES}")


@dataclass(frozen=True, slots=True)
class Paces:
    """The pace of each platform, in messages a second, for posts and for changes."""

    of: Mapping[tuple[str, str], float] = field(default_factory=dict[tuple[str, str], float])

    def pace(self, lane: str) -> float | None:
        """Return a lane's pace; None is as fast as we can."""
        return self.of.get(kind_of(lane))


def kind_of(lane: str) -> tuple[str, str]:
    """Return a lane's platform, and whether it is for posts or for changes."""
    return lane.partition(":")[0], CHANGES if lane.endswith(f"/{CHANGES}") else POSTS
