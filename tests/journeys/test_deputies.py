"""Who may release a broadcast when the one who does is away, silent, or not there at all."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from adapters.store.broadcasts import broadcasts
from nudges.broadcast import Stage
from nudges.roles import Grant, Role
from tests.desk import Desk
from tests.journeys.test_broadcasts import APPROVER, AUTHOR, at_work, found, goes_on, hand_in, tally

DEPUTY = "ann"
DAY = timedelta(days=1)
ASKED, ASKED_NL = "A message waits for your approval", "Een bericht wacht op je akkoord"
LAPSED = ("Not sent: nobody decided", "Niet verstuurd: niemand besliste")


async def grant(desk: Desk, who: str, role: Role, *, given: bool = True) -> None:
    async with desk.store.write() as work:
        await work.keep([Grant(who, role, given)], "settings", desk.clock())


@pytest.fixture
async def crm(desk: Desk) -> Desk:
    await grant(desk, AUTHOR, Role.AUTHOR)
    await grant(desk, APPROVER, Role.APPROVER)
    await grant(desk, DEPUTY, Role.DEPUTY)
    return await at_work(desk)


def titles(desk: Desk, who: str) -> list[str]:
    return [seen.card.title for seen in desk.chat(who)]


async def test_a_deputy_is_asked_when_half_of_the_time_is_over(crm: Desk) -> None:
    number = await hand_in(crm, begins=crm.clock() + timedelta(hours=5))
    assert ASKED_NL in titles(crm, APPROVER)
    await goes_on(crm, 2)
    assert ASKED not in titles(crm, DEPUTY)
    await goes_on(crm, 1)
    assert "who approves has not answered yet" in crm.last(DEPUTY).text
    for _ in range(3):
        await goes_on(crm, 0.1)
    assert titles(crm, DEPUTY).count(ASKED) == titles(crm, APPROVER).count(ASKED_NL) == 1
    await crm.taps(DEPUTY, "Approve")
    assert (await found(crm, number)).decided_by == DEPUTY
    await crm.taps(APPROVER, "Niet versturen")
    assert (await found(crm, number)).stage is Stage.RELEASED, "whoever is first decides"


async def test_who_was_asked_first_may_still_decide(crm: Desk) -> None:
    number = await hand_in(crm, begins=crm.clock() + timedelta(hours=5))
    await goes_on(crm, 3)
    await crm.taps(APPROVER, "Akkoord")
    await crm.taps(DEPUTY, "Do not send")
    assert (await found(crm, number)).decided_by == APPROVER


async def test_a_deputy_is_asked_at_once_where_nobody_who_approves_is_there(crm: Desk) -> None:
    bob = replace(await crm.person(APPROVER), away_until=crm.clock() + 30 * DAY)
    async with crm.store.write() as work:
        await work.save([bob], crm.clock())
    await hand_in(crm, begins=crm.clock() + DAY)
    assert "nobody who approves is there before it is due" in crm.last(DEPUTY).text
    assert ASKED_NL in titles(crm, APPROVER), "who is away may look all the same"


async def test_an_approver_who_leaves_meanwhile_is_stood_in_for(crm: Desk) -> None:
    await hand_in(crm, begins=crm.clock() + DAY)
    assert ASKED not in titles(crm, DEPUTY)
    bob = replace(await crm.person(APPROVER), left=True)
    async with crm.store.write() as work:
        await work.save([bob], crm.clock())
    await goes_on(crm)
    assert titles(crm, DEPUTY).count(ASKED) == 1


async def test_everybody_who_was_asked_hears_that_nobody_decided(crm: Desk) -> None:
    number = await hand_in(crm, begins=crm.clock() + timedelta(hours=4))
    await goes_on(crm, 3)
    await grant(crm, DEPUTY, Role.DEPUTY, given=False)
    await goes_on(crm, 1)
    assert (await found(crm, number)).stage is Stage.LAPSED
    for who in (AUTHOR, APPROVER, DEPUTY):
        assert len([one for one in titles(crm, who) if one in LAPSED]) == 1
    assert await tally(crm, number) == {}


async def test_a_deputy_who_was_not_asked_hears_nothing(crm: Desk) -> None:
    await hand_in(crm, begins=crm.clock() + timedelta(hours=5))
    await crm.taps(APPROVER, "Niet versturen")
    await goes_on(crm, 3)
    assert not {ASKED, *LAPSED} & {*titles(crm, DEPUTY)}


async def test_where_nobody_can_release_it_its_author_is_told_once_what_to_do(desk: Desk) -> None:
    await grant(desk, AUTHOR, Role.AUTHOR)
    await grant(desk, AUTHOR, Role.APPROVER)
    number = await hand_in(await at_work(desk), begins=desk.clock() + DAY)
    for _ in range(3):
        await goes_on(desk, 0.1)
    assert titles(desk, AUTHOR).count("Nobody can approve your message") == 1
    assert "Ask an administrator" in desk.last(AUTHOR).text
    await grant(desk, DEPUTY, Role.DEPUTY)
    await goes_on(desk)
    await desk.taps(DEPUTY, "Approve")
    assert (await found(desk, number)).stage is Stage.RELEASED


async def test_two_tickers_ask_a_deputy_once(crm: Desk) -> None:
    number = await hand_in(crm, begins=crm.clock() + timedelta(hours=5))
    crm.clock.pass_(hours=3)
    look = crm.app.rounds["broadcasts"][0]
    done = await asyncio.gather(look(), look(), look())
    assert done.count(1) == 1
    assert done.count(0) == 2
    async with crm.store.read() as work:
        assert set((await work.askings([number]))[number]) == {APPROVER, DEPUTY}


async def test_one_that_is_broken_holds_up_no_other(crm: Desk) -> None:
    broken = await hand_in(crm, begins=crm.clock() + timedelta(hours=1))
    later = await hand_in(crm, begins=crm.clock() + timedelta(hours=1))
    async with crm.store.write() as work:
        for number in (broken, later):
            assert await work.decide(number, Stage.RELEASED, APPROVER, crm.clock())
        torn = update(broadcasts).where(broadcasts.c.id == broken).values(rule="taem is x")
        await work.connection.execute(torn)
    await goes_on(crm, 2)
    assert (await found(crm, broken)).stage is Stage.RELEASED
    assert (await found(crm, later)).stage is Stage.BEGUN
    assert (await tally(crm, later))["sent"] == 3
    async with crm.store.write() as work:
        mended = update(broadcasts).where(broadcasts.c.id == broken).values(rule="everyone")
        await work.connection.execute(mended)
    await goes_on(crm)
    assert (await found(crm, broken)).stage is Stage.BEGUN
