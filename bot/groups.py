"""Take in who is in a group that was put together in Slack or Entra, so that a rule can name it."""

from collections.abc import Callable, Iterable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeAlias, assert_never

from nudges.address import Address
from nudges.audience import Group, Known


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
        """Fetch who is in a group, bots and guests of others left out; it never raises."""
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
