"""After a backup was brought back: nothing that may have left leaves again, nobody comes back.

What left between the backup and now is not in the database any more. So that time is lived
through once more without sending anything, as a house would have: every round at its pace, with
the clock of then. What comes due in it may have left, and so may what was waiting in the backup;
it ends as unknown, is told apart in every count, and is not sent by itself. What is due later
stays. Whoever was forgotten since is forgotten again before any of that.
"""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, TypeAlias

STEP = timedelta(minutes=10)
MOST_STEPS = 400
"""Steps in which the lost time is lived through, at most; a longer time is cut in longer ones."""
Round: TypeAlias = tuple[Callable[[], Awaitable[object]], timedelta]


class RestoringWork(Protocol):
    """The part of a transaction that restoring needs."""

    async def newest_delivery(self) -> int:
        """Return the number of the newest delivery."""
        ...

    async def skip_numbers(self, now: datetime) -> None:
        """Let the next delivery have a number that no message ever had."""
        ...

    async def leave_unknown(self, until: datetime, after: int | None = None) -> int:
        """End as unknown what may have left before a moment, or all after a number."""
        ...

    async def note_restored(self, by: str, now: datetime) -> None:
        """Note in the audit log that a backup was brought back."""
        ...


class RestoringStore(Protocol):
    """The store, as restoring needs it."""

    def write(self) -> AbstractAsyncContextManager[RestoringWork]:
        """Begin a transaction that writes."""
        ...


@dataclass(slots=True)
class Then:
    """A clock that stands where it is put."""

    now: datetime

    def __call__(self) -> datetime:
        """Return the moment."""
        return self.now


@dataclass(frozen=True, slots=True)
class Settled:
    """How many messages may have left, and how many people were forgotten again."""

    unknown: int
    forgotten: int


class House(Protocol):
    """A house that settles what was under way; nobody writes to it, and it sends nothing."""

    def by_the_clock(self) -> Mapping[str, Round]:
        """Return all that it does by the clock, each with its pace."""
        ...

    async def hear(self) -> None:
        """Take every turn that waits."""
        ...

    @property
    def forget_again(self) -> Callable[[], Awaitable[int]]:
        """Return what forgets whom the backup brought back."""
        ...


async def settle(
    store: RestoringStore, house: House, clock: Then, taken: datetime, until: datetime
) -> Settled:
    """Settle a database that was just brought back; no other house may be at work meanwhile.

    Args:
        store: where the backup was brought back.
        house: does what has to be done by the clock.
        clock: the clock of that house.
        taken: when the backup was made.
        until: now.

    """
    clock.now = until
    forgotten = await house.forget_again()
    async with store.write() as work:
        await work.skip_numbers(until)
    clock.now = taken
    await house.hear()  # what was said is kept; what it was answered may have left
    unknown, last, ran = 0, 0, dict[str, datetime]()
    for moment in moments(taken, until):
        clock.now = moment
        async with store.write() as work:
            last = await work.newest_delivery()
        for name, (what, every) in house.by_the_clock().items():
            if name not in ran or moment - ran[name] >= every:
                ran[name] = moment
                await what()
        async with store.write() as work:
            unknown += await work.leave_unknown(moment)
    async with store.write() as work:
        # Planned a moment earlier, it may have been due at once, and have left.
        unknown += await work.leave_unknown(until, last)
        await work.note_restored("command line", until)
    return Settled(unknown, forgotten)


def moments(taken: datetime, until: datetime) -> list[datetime]:
    """Return the moments between a backup and now, evenly, the last of them now."""
    steps = max(1, min(MOST_STEPS, -((taken - until) // STEP)))
    return [until - (until - taken) * n / steps for n in reversed(range(steps))]
