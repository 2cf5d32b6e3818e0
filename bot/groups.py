"""Take in who is in a group that was put together in Slack or Entra, so that a rule can name it."""

from collections.abc import Callable, Iterable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, TypeAlias, assert_never

import structlog

from nudges.address import Address
from nudges.audience import Group, Known

AGAIN = timedelta(hours=1)
"""How long what we know of a group is good enough; nobody is asked for it sooner."""
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Members:
    """Everybody in a group, directly or through a group in it."""

    homes: tuple[Address, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Unreachable:
    """The group could not be fetched; ``why`` says what to do. What is kept of it stays."""

    why: str


Fetched: TypeAlias = Members | Unreachable


class Groups(Protocol):
    """A platform that knows groups: Slack's user groups and channels, or Entra's groups."""

    async def members(self, group: Group) -> Fetched:
        """Fetch who is in a group; a group that cannot be read is Unreachable, not an error."""
        ...


class GroupWork(Protocol):
    """The part of a transaction that groups need."""

    async def keep_group(
        self, group: Group, homes: Iterable[Address], source: str, now: datetime
    ) -> Known:
        """Keep a platform's group; addresses of nobody we know are counted and not kept."""
        ...


class GroupStore(Protocol):
    """The store, as groups need it."""

    def write(self) -> AbstractAsyncContextManager[GroupWork]:
        """Begin a transaction that writes."""
        ...


class RoundWork(GroupWork, Protocol):
    """The part of a transaction that fetching groups by itself needs."""

    async def groups_due(self, since: datetime) -> list[Group]:
        """Return the groups in use that nobody has fetched or asked for after this moment."""
        ...

    async def try_group(self, group: Group, now: datetime, since: datetime) -> bool:
        """Note that a group is asked for now; False if someone did so after ``since``."""
        ...


class RoundStore(Protocol):
    """The store, as fetching groups by itself needs it."""

    def read(self) -> AbstractAsyncContextManager[RoundWork]:
        """Begin a transaction that only reads."""
        ...

    def write(self) -> AbstractAsyncContextManager[RoundWork]:
        """Begin a transaction that writes."""
        ...


async def refresh_groups(store: RoundStore, platform: Groups, clock: Callable[[], datetime]) -> int:
    """Fetch the groups in use, each once an hour; returns how many were taken in.

    One that cannot be read keeps who was in it, holds up no other, and is asked for again in an
    hour. Whoever notes the try first asks, so that two programs do not ask for the same.
    """
    async with store.read() as work:
        due = await work.groups_due(clock() - AGAIN)
    done = 0
    for group in due:
        now = clock()
        async with store.write() as work:
            ours = await work.try_group(group, now, now - AGAIN)
        if not ours:
            continue
        found = await take_in_group(store, platform, group, clock)
        if isinstance(found, Unreachable):
            log.warning("groups.not_read", kind=group.kind, group=group.name, why=found.why)
        else:
            done += 1
    return done


async def take_in_group(
    store: GroupStore, platform: Groups, group: Group, clock: Callable[[], datetime]
) -> Known | Unreachable:
    """Fetch who is in a group now, and keep it; if that fails, what was kept before stays."""
    fetched = await platform.members(group)
    match fetched:
        case Unreachable():
            return fetched
        case Members(homes, source):
            async with store.write() as work:
                return await work.keep_group(group, homes, source, clock())
        case _:
            assert_never(fetched)
