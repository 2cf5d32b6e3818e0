"""Weeks of people with a role: what comes, and that nothing comes twice whoever wakes it."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from adapters.store.database import Store
from bot.activities import Activities
from bot.organisation import Organisation
from dialogs.speech import catalogue
from nudges.activities import Tick
from nudges.adkar import Answer
from nudges.champions import Nomination
from nudges.people import Person
from nudges.roles import Grant, Role
from tests import desk as house
from tests.clock import MONDAY, Clock
from tests.desk import LIBRARY, Desk, at, open_desk

ENGLISH = catalogue("en")
CHECKED = ENGLISH.gettext("health.title")
ACTIVITY = ENGLISH.gettext("activity.title")
SUM = ENGLISH.gettext("activity_sum.title")
TICKS = 6
"""How often a day the house wakes here; in earnest it is every hour, or more."""
INVITED = ENGLISH.gettext("champion_invite.title")
MAY_I = ENGLISH.gettext("champion_may_i.title")
LEFT = ENGLISH.gettext("succession.champion.title")


@pytest.fixture
async def desk(memory: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Return a house with room enough for a touch a day, where nobody is asked or taught."""
    house.only_own_tips(monkeypatch)
    house.nobody_asked_where(monkeypatch)
    roomy = house.settings().model_copy(update={"touches_a_day": 5, "touches_a_week": 15})
    monkeypatch.setattr(house, "settings", lambda: roomy)
    opened = await open_desk(memory, clock)
    await known(opened, "ann", Role.CRM_TEAM)
    await known(opened, "eve", Role.MANAGER)
    return opened


async def known(desk: Desk, who: str, *roles: Role, **more: object) -> Person:
    async with desk.store.write() as work:
        there = (await work.people([who])).get(who) or Person(who, name=who, addresses=(at(who),))
        person = replace(there, language="en", zone="Europe/Amsterdam", welcomed=True, **more)
        await work.save([person], desk.clock())
        await work.keep([Grant(who, role) for role in roles], "settings", desk.clock())
    return person


async def days(desk: Desk, many: int, *, restart: bool = False) -> dict[str, list[str]]:
    """Let days go by, with two tickers a tick; returns what came to whom, with its local day."""
    before = {who: len(chat) for who, chat in desk.notebook.chats.items()}
    came: dict[str, list[str]] = {}
    for place in range(many * TICKS):
        if restart and place % 8 == 7:
            again = await open_again(desk)
            desk.app = again.app
        for _ in range(2):
            for what, _ in desk.app.rounds.values():
                await what()
        await desk.app.settle()
        now = desk.clock().astimezone(ZoneInfo("Europe/Amsterdam"))
        for who, chat in desk.notebook.chats.items():
            new = chat[before.get(who, 0) :]
            came.setdefault(who, []).extend(f"{now:%a %d %b} {s.card.title}" for s in new)
            before[who] = len(chat)
        desk.clock.pass_(hours=24 / TICKS)
    return {who: found for who, found in came.items() if found}


async def open_again(desk: Desk) -> Desk:
    connection = house.Connection("browser", house.read, desk.notebook)
    app = house.build(house.settings(), desk.store, [connection], desk.clock)
    return replace(desk, app=app)


@pytest.mark.parametrize("restart", [False, True], ids=["two tickers", "and restarts"])
async def test_one_activity_a_week_and_who_lets_them_pass_is_left_alone(
    desk: Desk, *, restart: bool
) -> None:
    desk.clock.now = datetime(2026, 11, 15, 8, 30, tzinfo=UTC)
    came = await days(desk, 7 * 7, restart=restart)
    assert came["eve"] == [
        f"Mon 16 Nov {ACTIVITY}",
        f"Mon 23 Nov {ACTIVITY}",
        f"Mon 30 Nov {ACTIVITY}",
        f"Mon 07 Dec {ACTIVITY}",
    ], "four let pass in a row end it"
    assert len({s.text for s in desk.chat("eve")}) == 4, "none of them twice"
    checks = [line for line in came["ann"] if CHECKED in line]
    assert checks == [f"Tue 01 Dec {CHECKED}"]


async def test_who_ticks_goes_on_and_gets_another_each_week(desk: Desk) -> None:
    desk.clock.now = datetime(2026, 11, 15, 8, 30, tzinfo=UTC)
    for _ in range(6):
        await days(desk, 7)
        await desk.taps("eve", "Done")
    assert len(desk.chat("eve")) == 6
    async with desk.store.read() as work:
        ticks = (await work.known(["eve"]))["eve"].ticks
    assert len({t.activity for t in ticks}) == len(ticks) == 6


async def test_of_tickers_at_once_one_makes_the_check(store: Store, clock: Clock) -> None:
    clock.now = datetime(2026, 11, 30, 12, tzinfo=UTC)
    await known(await open_desk(store, clock), "ann", Role.CRM_TEAM)
    makes = Activities(store, clock, Organisation(lambda: LIBRARY), lambda: None).monthly
    assert sorted(await asyncio.gather(makes(), makes(), makes())) == [0, 0, 1]
    assert await makes() == 0
    clock.pass_(days=7)
    assert await makes() == 0, "while the month is young, too"


async def test_an_absence_is_waited_for(desk: Desk) -> None:
    back = datetime(2026, 11, 25, tzinfo=UTC)
    await known(desk, "eve", away_from=MONDAY, away_until=back)
    came = await days(desk, 10)
    assert came["eve"] == [f"Wed 25 Nov {ACTIVITY}"]


async def test_a_nudge_for_a_role_that_was_lost_is_not_sent(desk: Desk) -> None:
    desk.clock.now = datetime(2026, 11, 30, 12, tzinfo=UTC)
    await desk.plan()
    async with desk.store.write() as work:
        await work.keep([Grant("ann", Role.CRM_TEAM, given=False)], "settings", desk.clock())
    assert CHECKED not in str(await days(desk, 3))


async def test_a_champion_who_leaves_is_told_of_once(desk: Desk) -> None:
    await known(desk, "bob", Role.CHAMPION, team="Sales")
    await known(desk, "bob", left=True)
    came = await days(desk, 3, restart=True)
    assert [line for line in came["ann"] if LEFT in line] == [f"Mon 16 Nov {LEFT}"]
    text = next(s.text for s in desk.chat("ann") if s.card.title == LEFT)
    assert "Sales" in text
    assert "Bob" not in text
    await known(desk, "bob", left=False)
    await days(desk, 1)
    await known(desk, "bob", left=True)
    assert LEFT not in str(await days(desk, 2)), "once per person and role"


async def test_an_invitation_comes_once_in_the_own_morning(desk: Desk) -> None:
    await known(desk, "bob")
    async with desk.store.write() as work:
        await work.keep([Nomination("bob", "critic")], "ann", desk.clock())
    came = await days(desk, 20, restart=True)
    assert came["bob"] == [f"Tue 17 Nov {INVITED}"]


async def test_three_a_week_are_asked_in_private_and_only_who_answered_so(desk: Desk) -> None:
    sure = [q.id for q in LIBRARY.bank.values() if q.element == "knowledge" and q.kind == "scale"]
    for number in range(8):
        who = f"x{number}"
        await known(desk, who, team="Sales")
        given = [Answer(who, q, 5, MONDAY - timedelta(days=3)) for q in (*sure, "D-stance")]
        async with desk.store.write() as work:
            await work.keep_answers(given if number else given[:-1])
    came = await days(desk, 5, restart=True)
    asked = [who for who, found in came.items() if MAY_I in str(found)]
    assert asked == ["x1", "x2", "x3"]
    came = await days(desk, 7)
    assert {who for who, found in came.items() if MAY_I in str(found)} == {"x4", "x5", "x6"}
    await desk.taps("x4", ENGLISH.gettext("champion_may_i.yes"))
    await desk.taps("x5", ENGLISH.gettext("champion_may_i.no"))
    async with desk.store.read() as work:
        assert [c.person.id for c in await work.champions()] == ["x4"]


@pytest.mark.parametrize(("managers", "told"), [(4, False), (6, True)])
async def test_sponsors_see_sums_of_five_or_more(desk: Desk, managers: int, *, told: bool) -> None:
    await known(desk, "bob", Role.SPONSOR)
    async with desk.store.write() as work:
        await work.keep([Grant("eve", Role.MANAGER, given=False)], "settings", desk.clock())
    for number in range(managers):
        who = f"m{number}"
        await known(desk, who, Role.MANAGER)
        state = "done" if number < 2 else "later"
        tick = Tick(who, "manager-one-to-one", "2026-W47", state, MONDAY)
        async with desk.store.write() as work:
            await work.keep([tick], who, MONDAY)
    desk.clock.now = datetime(2026, 11, 30, 12, tzinfo=UTC)
    await days(desk, 2)
    sums = [s.text for s in desk.chat("bob") if s.card.title == SUM]
    assert bool(sums) is told
    if told:
        assert f"Managers: 2 of {managers}" in sums[0]
    check = next(s.text for s in desk.chat("ann") if s.card.title == CHECKED)
    assert (f"2 of {managers}" in check) is told
    assert date(2026, 12, 1) == desk.clock().date() - timedelta(days=1)
