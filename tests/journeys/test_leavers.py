"""Whoever leaves, or was never told of: not in an audience, not sent what waited, told nothing."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from bot.directory import news, take_in
from nudges.broadcast import Stage
from nudges.directory import Entry
from nudges.roles import Grant, Role
from tests.desk import PEOPLE, Desk, at
from tests.journeys.test_broadcasts import APPROVER, AUTHOR, at_work, goes_on, hand_in, tally

DAY = timedelta(days=1)
ALL = tuple(
    Entry(p.id, p.name, language=p.language, zone=p.zone, homes=(at(p.id),)) for p in PEOPLE
)


async def tells(desk: Desk, entries: Sequence[Entry]) -> None:
    """Let the directory be fetched; whoever is disabled or a guest is not among its entries."""
    changes, _ = await news(desk.store, entries, "graph")
    await take_in(desk.store, changes, desk.clock())


async def opened(desk: Desk) -> Desk:
    await tells(desk, ALL)
    return await at_work(desk)


async def test_what_was_queued_for_somebody_who_left_is_not_sent(desk: Desk) -> None:
    crm = await opened(desk)
    async with crm.store.write() as work:
        ann = replace((await work.people(["ann"]))["ann"], away_until=crm.clock() + DAY)
        await work.save([ann], crm.clock())
    number = await hand_in(crm, Stage.RELEASED)
    assert await tally(crm, number) == {"queued": 1, "sent": 2}
    had = len(crm.chat("ann"))
    await tells(crm, [one for one in ALL if one.id != "ann"])
    assert (await crm.person("ann")).left
    await goes_on(crm, 54)
    assert await tally(crm, number) == {"sent": 2, "left_out": 1}
    async with crm.store.read() as work:
        (out,) = [one for one in await work.recipients(number) if one.person == "ann"]
    assert (out.state, out.why) == ("left_out", "they have left")
    later = await hand_in(crm, Stage.RELEASED)
    assert sum((await tally(crm, later)).values()) == 2, "they are not among its people"
    assert len(crm.chat("ann")) == had


async def test_who_left_is_asked_and_told_nothing_more(desk: Desk) -> None:
    crm = await opened(desk)
    async with crm.store.write() as work:
        await work.keep([Grant(APPROVER, Role.APPROVER)], "settings", crm.clock())
    await hand_in(crm, begins=crm.clock() + timedelta(hours=3))
    had = len(crm.chat(AUTHOR)), len(crm.chat(APPROVER))
    await tells(crm, [one for one in ALL if one.id == "ann"])
    await goes_on(crm, 1)
    await goes_on(crm, 30)
    assert (len(crm.chat(AUTHOR)), len(crm.chat(APPROVER))) == had


async def test_a_guest_who_writes_is_answered_and_gets_no_broadcast(desk: Desk) -> None:
    crm = await opened(desk)
    await crm.says("guest", "help")
    assert crm.chat("guest"), "whoever asks is answered"
    had = len(crm.chat("guest"))
    number = await hand_in(crm, Stage.RELEASED)
    assert await tally(crm, number) == {"sent": 3}
    assert len(crm.chat("guest")) == had
    await tells(crm, [*ALL, Entry("gus", "Gus", homes=(at("guest"),))])
    number = await hand_in(crm, Stage.RELEASED)
    await goes_on(crm, 24)
    assert (await tally(crm, number))["sent"] == 4, "a directory tells of them now"


async def test_without_a_directory_whoever_wrote_is_here(desk: Desk) -> None:
    await at_work(desk)
    await desk.says("newcomer", "help")
    number = await hand_in(desk, Stage.RELEASED)
    await goes_on(desk, 24)
    assert (await tally(desk, number))["sent"] == 4
