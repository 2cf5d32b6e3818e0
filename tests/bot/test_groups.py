"""Groups of a platform are taken in as it tells of them; while it is silent, what we have stays."""

import pytest

from adapters.store.database import Store
from bot.groups import Fetched, Members, Unreachable, take_in_group
from nudges.address import Address
from nudges.audience import Group, GroupKind, In, Known
from nudges.people import Person
from tests.clock import MONDAY, Clock

GROUP = Group(GroupKind.SLACK_GROUP, "S1")


class Workspace:
    """A platform that knows who is in its groups."""

    def __init__(self) -> None:
        self.users: dict[str, list[str]] = {}
        self.closed = False

    async def members(self, group: Group) -> Fetched:
        if self.closed or group.name not in self.users:
            return Unreachable("there is no such group, or we may not see it")
        homes = (Address("slack", "T1", user) for user in self.users[group.name])
        return Members(tuple(homes), "Slack, workspace T1")


@pytest.fixture
async def house(memory: Store) -> Store:
    async with memory.write() as work:
        people = [Person(f"p{n}", addresses=(Address("slack", "T1", f"U{n}"),)) for n in range(3)]
        await work.save(people, MONDAY)
    return memory


async def test_a_group_is_what_its_platform_told_last(house: Store) -> None:
    platform, clock = Workspace(), Clock()
    platform.users["S1"] = ["U0", "U2", "U9"]
    kept = await take_in_group(house, platform, GROUP, clock)
    assert kept == Known(GROUP, 2, 1, "Slack, workspace T1", MONDAY)
    platform.users["S1"] = ["U1"]
    clock.pass_(days=1)
    await take_in_group(house, platform, GROUP, clock)
    platform.closed = True
    refused = await take_in_group(house, platform, GROUP, clock)
    assert isinstance(refused, Unreachable)
    assert "may not see it" in refused.why
    async with house.read() as work:
        assert await work.members(In(GROUP), clock(), "", 9) == ["p1"]
        assert [one.fetched_at for one in await work.groups()] == [clock()]


async def test_a_group_that_was_never_seen_is_not_kept(house: Store) -> None:
    assert isinstance(await take_in_group(house, Workspace(), GROUP, Clock()), Unreachable)
    async with house.read() as work:
        assert await work.groups() == []
