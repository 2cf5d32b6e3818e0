"""Groups of a platform are taken in as it tells of them; while it is silent, what we have stays."""

import asyncio

import pytest
from structlog.testing import capture_logs

from adapters.store.database import Store
from bot.groups import Fetched, Members, Unreachable, refresh_groups, take_in_group
from bot.patience import Patience
from bot.wiring.parts import build
from dialogs.guide import HelpNote
from nudges.address import Address
from nudges.audience import Group, GroupKind, In, Known
from nudges.audience_language import parse
from nudges.delivery import RunState
from nudges.people import Person
from tests.clock import MONDAY, Clock
from tests.desk import settings

GROUP = Group(GroupKind.SLACK_GROUP, "S1")


class Workspace:
    """A platform that knows who is in its groups."""

    def __init__(self) -> None:
        self.users: dict[str, list[str]] = {}
        self.closed = False
        self.asked: list[str] = []

    async def members(self, group: Group) -> Fetched:
        self.asked.append(group.name)
        await asyncio.sleep(0)
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


async def spread(house: Store, rule: str, run: str = "b:1") -> None:
    async with house.write() as work:
        await work.begin_spread(run, HelpNote(), parse(rule), MONDAY, own_morning=False, now=MONDAY)


async def whom(house: Store) -> list[str]:
    async with house.read() as work:
        return await work.members(In(GROUP), MONDAY, "", 9)


async def test_what_a_broadcast_names_is_fetched_and_then_every_hour(house: Store) -> None:
    platform, clock = Workspace(), Clock()
    platform.users["S1"] = ["U0"]
    assert await refresh_groups(house, platform, clock) == 0, "no rule names it"
    await spread(house, "in slack group S1 and not person in list pilot")
    assert await refresh_groups(house, platform, clock) == 1
    platform.users["S1"] = ["U0", "U2"]
    clock.pass_(minutes=59)
    assert await refresh_groups(house, platform, clock) == 0
    assert await whom(house) == ["p0"]
    clock.pass_(minutes=1)
    assert await refresh_groups(house, platform, clock) == 1
    assert await whom(house) == ["p0", "p2"]
    assert platform.asked == ["S1", "S1"], "a list comes from a file"


async def test_one_that_cannot_be_read_keeps_its_members_and_holds_up_no_other(
    house: Store,
) -> None:
    platform, clock = Workspace(), Clock()
    platform.users = {"S1": ["U1"], "S2": ["U2"]}
    for name in ("S1", "S2"):
        await take_in_group(house, platform, Group(GroupKind.SLACK_GROUP, name), clock)
    del platform.users["S1"]
    clock.pass_(hours=1)
    with capture_logs() as logs:
        assert await refresh_groups(house, platform, clock) == 1
        clock.pass_(minutes=30)
        assert await refresh_groups(house, platform, clock) == 0
    told = [(log["event"], log["kind"], log["group"]) for log in logs]
    assert told == [("groups.not_read", "slack_group", "S1")], "once an hour"
    assert await whom(house) == ["p1"]
    clock.pass_(minutes=30)
    await refresh_groups(house, platform, clock)
    assert platform.asked == ["S1", "S2", "S1", "S2", "S1", "S2"]


async def test_two_tickers_ask_once(house: Store) -> None:
    platform, clock = Workspace(), Clock()
    platform.users["S1"] = ["U0"]
    await spread(house, "in slack group S1")
    rounds = [refresh_groups(house, platform, clock) for _ in range(5)]
    assert sorted(await asyncio.gather(*rounds)) == [0, 0, 0, 0, 1]
    assert platform.asked == ["S1"]


async def test_a_broadcast_that_is_over_or_stopped_wants_no_group(house: Store) -> None:
    platform, clock = Workspace(), Clock()
    await spread(house, "in slack group S1")
    await spread(house, "in slack group S2", "b:2")
    async with house.write() as work:
        await work.switch("b:1", RunState.STOPPED, MONDAY)
        while await work.spread(MONDAY, 10):
            pass
    assert await refresh_groups(house, platform, clock) == 0
    assert platform.asked == []


async def test_the_program_looks_by_itself(house: Store) -> None:
    platform, clock = Workspace(), Clock()
    platform.users["S1"] = ["U0"]
    await spread(house, "in slack group S1")
    app = build(settings(), house, [], clock, groups=platform)
    look, pace = app.rounds["groups"]
    assert (await look(), pace) == (1, Patience().watch)
    assert "groups" not in build(settings(), house, [], clock).rounds, "without a platform"
