"""A broadcast's whole life with two people: handed in, approved, sent, received, answered."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from dialogs.turns import Tapped
from nudges.broadcast import PATIENCE, Broadcast, Draft, HandedIn, Link, Message, Stage
from nudges.delivery import Priority, RunState
from nudges.roles import Grant, Role
from tests.clock import Clock
from tests.counts import counts
from tests.desk import Desk, at

MESSAGE = Message(
    {"en": "Offers leave from **one** place", "nl": "Offertes vanaf **één** plek"},
    {"en": "Make yours in {crm}.\n\nIt saves an hour.", "nl": "Maak de jouwe in {crm}."},
    link=Link("https://example.com/offers", {"en": "Show me", "nl": "Laat zien"}),
)
AUTHOR, APPROVER = "eve", "bob"
EVERYBODY = ("ann", "bob", "eve")
DAY = timedelta(days=1)


@pytest.fixture
async def crm(desk: Desk) -> Desk:
    async with desk.store.write() as work:
        grants = [Grant(AUTHOR, Role.AUTHOR), Grant(APPROVER, Role.APPROVER)]
        await work.keep(grants, "settings", desk.clock())
    return await at_work(desk)


async def at_work(desk: Desk) -> Desk:
    """Let everybody be welcomed, at an hour at which they work in London, too."""
    desk.clock.pass_(hours=2)
    for who in EVERYBODY:
        await desk.joins(who)
    return desk


async def hand_in(
    desk: Desk,
    stage: Stage = Stage.WAITING,
    begins: datetime | None = None,
    message: Message = MESSAGE,
    rule: str = "everyone",
) -> int:
    draft = Draft(message, rule, 3, begins)
    async with desk.store.write() as work:
        await work.keep([HandedIn(draft, stage)], AUTHOR, desk.clock())
        number = max(await work.broadcasts())
    await goes_on(desk)
    return number


async def goes_on(desk: Desk, hours: float = 0) -> None:
    desk.clock.pass_(hours=hours)
    for _ in range(2):
        await desk.plan()


async def found(desk: Desk, number: int) -> Broadcast:
    async with desk.store.read() as work:
        return (await work.broadcasts([number]))[number]


async def tally(desk: Desk, number: int) -> dict[str, int]:
    async with desk.store.read() as work:
        return {name: n for name, n in (await counts(work, number)).items() if n}


async def test_handed_in_approved_sent_received_and_answered(crm: Desk) -> None:
    number = await hand_in(crm)
    asked = crm.last(APPROVER)
    assert asked.card.title == "Een bericht wacht op je akkoord"
    assert "Offertes vanaf één plek" in asked.text
    assert "Maak de jouwe in Dynamics." in asked.text
    assert crm.last(AUTHOR).card.title != "A message waits for your approval"
    assert await tally(crm, number) == {}, "nothing leaves before somebody approved"

    await crm.taps(APPROVER, "Akkoord")
    await goes_on(crm)
    assert asked.card.title != crm.having("ann", "Got it").card.title
    assert crm.last(AUTHOR).card.title == "Offers leave from one place"
    assert any(seen.card.title == "Approved" for seen in crm.chat(AUTHOR))
    assert await tally(crm, number) == {"sent": 3}
    got = crm.having("ann", "Got it")
    assert got.text.splitlines()[1:4] == [
        "Make yours in Dynamics.",
        "It saves an hour.",
        "Eve Moss",
    ]

    await crm.taps("ann", "Got it")
    await crm.taps("ann", "Got it", on=got)
    assert "Got it" not in crm.last("ann").buttons
    await crm.says("ann", "Does that hold for renewals too?")
    assert "Eve Moss can read what you wrote" in crm.last("ann").text
    assert await tally(crm, number) == {"sent": 3, "acknowledged": 1, "replied": 1}
    async with crm.store.read() as work:
        back = await work.written_back(number)
        people = {one.person: one for one in await work.recipients(number)}
        acts = [(a.who, a.act) for a in await work.audited() if a.about == f"broadcast:{number}"]
    assert [(b.name, b.text) for b in back] == [("Ann Field", "Does that hold for renewals too?")]
    assert {who: one.state for who, one in people.items()} == dict.fromkeys(EVERYBODY, "sent")
    assert people["ann"].received
    assert people["ann"].answered
    assert not people["bob"].received
    assert sorted(acts) == [("bob", "approve"), ("eve", "hand_in")]


async def test_what_is_declined_reaches_nobody_and_its_author_hears_that(crm: Desk) -> None:
    number = await hand_in(crm)
    await crm.taps(APPROVER, "Niet versturen")
    await goes_on(crm)
    assert (await found(crm, number)).stage is Stage.DECLINED
    assert await tally(crm, number) == {}
    assert [s.card.title for s in crm.chat(AUTHOR)].count("Not sent") == 1


async def test_only_somebody_else_who_approves_decides(crm: Desk) -> None:
    number = await hand_in(crm)
    asked = crm.having(APPROVER, "Akkoord")
    tap = asked.buttons["Akkoord"].tap
    for who in ("ann", AUTHOR):
        await crm.arrive(Tapped(at(who), tap.verb, tap.choice, asked.token))
    async with crm.store.write() as work:
        await work.keep([Grant(APPROVER, Role.APPROVER, given=False)], "settings", crm.clock())
    await crm.taps(APPROVER, "Akkoord")
    assert (await found(crm, number)).stage is Stage.WAITING


async def test_of_two_who_approve_the_first_decides(crm: Desk) -> None:
    async with crm.store.write() as work:
        await work.keep([Grant("ann", Role.APPROVER)], "settings", crm.clock())
    number = await hand_in(crm)
    await crm.taps("ann", "Do not send")
    await crm.taps(APPROVER, "Akkoord")
    assert crm.last(APPROVER).card.title == "Niet verstuurd"
    assert (await found(crm, number)).decided_by == "ann"


async def test_what_nobody_decided_on_is_not_sent_and_both_hear_that(crm: Desk) -> None:
    number = await hand_in(crm, begins=crm.clock() + timedelta(hours=3))
    await goes_on(crm, 4)
    assert (await found(crm, number)).stage is Stage.LAPSED
    assert crm.last(AUTHOR).card.title == "Not sent: nobody decided"
    assert crm.last(APPROVER).card.title == "Niet verstuurd: niemand besliste"
    await crm.taps(APPROVER, "Akkoord")
    await goes_on(crm, 1)
    assert await tally(crm, number) == {}
    assert timedelta(hours=4) < PATIENCE


async def test_it_waits_for_its_moment_and_for_somebody_to_ask(desk: Desk) -> None:
    number = await hand_in(await at_work(desk), begins=desk.clock() + DAY)
    assert not (await found(desk, number)).asked, "there is nobody who could approve it"
    async with desk.store.write() as work:
        await work.keep([Grant(APPROVER, Role.APPROVER)], "settings", desk.clock())
    await goes_on(desk)
    await desk.taps(APPROVER, "Akkoord")
    await goes_on(desk, 20)
    assert (await found(desk, number)).stage is Stage.RELEASED
    await goes_on(desk, 5)
    assert (await tally(desk, number))["sent"] == 3


async def test_two_tickers_ask_begin_and_tell_once(crm: Desk) -> None:
    number = await hand_in(crm)
    look = crm.app.rounds["broadcasts"][0]
    await asyncio.gather(look(), look())
    await crm.taps(APPROVER, "Akkoord")
    await asyncio.gather(look(), look(), look())
    await goes_on(crm)
    await goes_on(crm)
    assert await tally(crm, number) == {"sent": 3}
    titles = [seen.card.title for seen in crm.chat(AUTHOR)]
    assert (titles.count("Approved"), titles.count("Offers leave from one place")) == (1, 1)


async def test_what_was_stopped_reaches_nobody_more(crm: Desk) -> None:
    number = await hand_in(crm, Stage.RELEASED, crm.clock() + DAY)
    async with crm.store.write() as work:
        await work.begin_run(f"broadcast:{number}", Priority.BROADCAST, crm.clock())
        await work.switch(f"broadcast:{number}", RunState.STOPPED, crm.clock())
    await goes_on(crm, 25)
    assert "sent" not in await tally(crm, number)


async def test_words_long_after_a_broadcast_are_no_answer_to_it(crm: Desk) -> None:
    number = await hand_in(crm, Stage.RELEASED)
    crm.clock.pass_(days=8)
    await crm.says("ann", "Where do offers live?")
    assert "replied" not in await tally(crm, number)


async def test_what_needs_no_receipt_has_no_button(crm: Desk, clock: Clock) -> None:
    plain = replace(MESSAGE, acknowledge=False, link=None)
    await hand_in(crm, Stage.RELEASED, message=plain, rule="segment is sales")
    seen = crm.last("ann")
    assert (seen.card.title, dict(seen.buttons)) == ("Offers leave from one place", {})
    assert clock() == crm.clock()
