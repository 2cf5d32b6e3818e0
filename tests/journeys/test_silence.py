"""Weeks of silence: who hears of it and when, and how the next "Got it" ends it."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.store.database import Store
from bot.wiring.parts import Connection, build
from dialogs.turns import Tapped
from nudges.broadcast import Draft, HandedIn, Message, Stage
from nudges.people import Person
from nudges.roles import Grant, Role
from tests.clock import Clock
from tests.desk import Desk, at, open_desk, read, settings

MESSAGE = Message({"en": "Offers", "nl": "Offertes"}, {"en": "Yours.", "nl": "De jouwe."})
TEAM = "bob"
SALES, SERVICE = ("ann", "bob", "s1", "s2", "s3"), ("eve", "t1", "t2", "t3", "t4")
AMBER, RED = "Het wordt stil", "Te lang stil"


@pytest.fixture
async def crm(memory: Store, clock: Clock) -> Desk:
    """Return a house with two groups of five, whom we wrote to on the first day."""
    desk = await open_desk(memory, clock)
    more = [
        Person(one, one, segment=segment, addresses=(at(one),))
        for segment, group in (("sales", SALES), ("service", SERVICE))
        for one in group
        if one not in {"ann", "bob", "eve"}
    ]
    async with desk.store.write() as work:
        await work.save(more, clock())
        await work.keep([Grant(TEAM, Role.CRM_TEAM)], "settings", clock())
    clock.pass_(hours=1)
    for who in ("ann", "bob", "eve"):
        await desk.joins(who)
    return desk


async def tell(desk: Desk, rule: str) -> None:
    async with desk.store.write() as work:
        fact = HandedIn(Draft(MESSAGE, rule, 5), Stage.RELEASED)
        await work.keep([fact], TEAM, desk.clock())
    for _ in range(2):
        await desk.plan()


async def watch(desk: Desk, **time: float) -> list[str]:
    """Let time pass; returns the titles of what the CRM team was told about silence."""
    desk.clock.pass_(**time)
    look = desk.app.rounds["silence"][0]
    await asyncio.gather(look(), look())
    await desk.app.settle()
    return [seen.card.title for seen in desk.chat(TEAM) if seen.card.title in {AMBER, RED}]


async def test_weeks_pass_until_a_message_is_acknowledged(crm: Desk) -> None:
    await tell(crm, "segment is sales")
    await crm.taps("ann", "Got it")
    assert await watch(crm, days=27, hours=23) == [], "service was welcomed an hour before"
    assert await watch(crm, hours=2) == [AMBER]
    seen = crm.last(TEAM)
    assert "Verkoop: 28 dagen" in seen.text
    assert "Service: nog nooit, in 28 dagen" in seen.text
    assert "Na zes weken stilte geloven mensen dat het is overgewaaid." in seen.text

    again = await open_again(crm)
    assert await watch(again, days=13) == [AMBER], "amber is told once, also after a restart"
    assert await watch(again, days=1) == [AMBER, RED]
    assert await watch(again, days=9) == [AMBER, RED]

    await tell(again, "segment is sales")
    await again.taps("ann", "Got it")
    assert await watch(again, days=27) == [AMBER, RED]
    assert await watch(again, days=1) == [AMBER, RED, AMBER], "a new silence is told of anew"
    assert "Service" not in again.last(TEAM).text


async def open_again(desk: Desk) -> Desk:
    """Start the program again on the same database."""
    app = build(settings(), desk.store, [Connection("browser", read, desk.notebook)], desk.clock)
    return replace(desk, app=app)


async def test_after_a_long_sleep_red_is_told_and_amber_not(crm: Desk) -> None:
    assert await watch(crm, days=60) == [RED]
    assert await watch(crm, days=60) == [RED]


async def test_a_draft_for_them_is_one_tap_away(crm: Desk) -> None:
    await watch(crm, days=28)
    card = crm.having(TEAM, "Schrijf ze")
    await crm.taps(TEAM, "Schrijf ze")
    assert any("wacht bij je concepten" in seen.text for seen in crm.chat(TEAM))
    assert "segment is sales of service" in crm.last(TEAM).text, "the draft is at hand"
    assert "Schrijf ze" not in crm.last(TEAM).buttons
    await crm.taps(TEAM, "Schrijf ze", on=card)
    async with crm.store.read() as work:
        found = await work.drafts([TEAM])
    assert [one.draft.rule for one in found] == ["segment is sales or service"]
    assert found[0].draft == Draft(Message({}, {}), found[0].draft.rule, 0)


async def test_who_is_not_of_the_team_any_more_writes_nothing(crm: Desk) -> None:
    await watch(crm, days=28)
    card = crm.having(TEAM, "Schrijf ze")
    async with crm.store.write() as work:
        await work.keep([Grant(TEAM, Role.CRM_TEAM, given=False)], "settings", crm.clock())
    await crm.arrive(Tapped(at("ann"), "silence.write", "", card.token))
    await crm.taps(TEAM, "Schrijf ze", on=card)
    async with crm.store.read() as work:
        assert await work.drafts([TEAM, "ann"]) == []


async def test_it_waits_for_their_hours_and_is_not_told_if_it_ended_meanwhile(crm: Desk) -> None:
    await tell(crm, "everyone")
    evening = timedelta(days=28, hours=11)
    assert await watch(crm, seconds=evening.total_seconds()) == []
    await crm.taps("ann", "Got it")
    assert await watch(crm, hours=14) == [AMBER], "service is still quiet"
    assert "Verkoop" not in crm.last(TEAM).text
    assert await watch(crm, days=20) == [AMBER, RED]


async def test_when_all_is_over_before_their_morning_nothing_comes(crm: Desk) -> None:
    await tell(crm, "everyone")
    await watch(crm, days=28, hours=11)
    await crm.taps("ann", "Got it")
    await crm.taps("eve", "Got it")
    assert await watch(crm, hours=14) == []


async def test_of_four_people_nothing_is_told(crm: Desk) -> None:
    async with crm.store.write() as work:
        for one in ("s3", "t4"):
            person = (await work.people([one]))[one]
            await work.save([replace(person, left=True)], crm.clock())
    assert await watch(crm, days=60) == []


async def test_without_a_team_it_waits_for_one(crm: Desk) -> None:
    grant = Grant(TEAM, Role.CRM_TEAM)
    async with crm.store.write() as work:
        await work.keep([replace(grant, given=False)], "settings", crm.clock())
    assert await watch(crm, days=28) == []
    async with crm.store.write() as work:
        await work.keep([grant], "settings", crm.clock())
    assert await watch(crm, hours=1) == [AMBER]
