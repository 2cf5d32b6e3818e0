"""After "Got it", now and then: do you believe who told you this?"""

from dataclasses import replace

import pytest

from adapters.store.schema import erasers
from dialogs.turns import Tapped
from nudges.belief import BELIEFS, REST, Believed, asks
from nudges.broadcast import Draft, DraftKept, Stage
from nudges.people import Person
from nudges.roles import Grant, Role
from tests.desk import Desk, Seen, at
from tests.journeys.test_broadcasts import MESSAGE, found, hand_in

CROWD = [f"p{n}" for n in range(10)]
ASKED = "Do you believe Bob van Dam about this?"


@pytest.fixture
async def crm(desk: Desk) -> Desk:
    desk.clock.pass_(hours=2)
    for who in ("ann", "bob", "eve"):
        await desk.joins(who)
    return desk


async def told(desk: Desk, *, drawn: bool = True, rule: str = "everyone") -> None:
    """Send a broadcast whose number is one about which Ann is asked, or is not."""
    message = replace(MESSAGE, sender="bob")
    while True:
        spare = await hand_in(desk, Stage.DECLINED, None, message)
        next_ = replace(await found(desk, spare), number=spare + 1)
        if asks(next_, "ann", None, desk.clock()) is drawn:
            break
    await hand_in(desk, Stage.RELEASED, None, message, rule)


async def got(desk: Desk) -> Seen:
    await desk.taps("ann", "Got it")
    return next(seen for seen in reversed(desk.chat("ann")) if "You said you got this" in seen.text)


async def kept(desk: Desk) -> list[tuple[str, str, str]]:
    async with desk.store.read() as work:
        rows = await work.connection.exec_driver_sql("SELECT sender, person, value FROM beliefs")
        return [tuple(row) for row in rows]


async def test_got_then_asked_then_answered(crm: Desk) -> None:
    await told(crm)
    seen = await got(crm)
    assert ASKED in seen.text
    assert "nobody is shown your answer, not even Bob van Dam" in seen.text
    assert list(seen.buttons) == ["Yes", "Partly", "No"]
    await crm.taps("ann", "Partly")
    assert await kept(crm) == [("bob", "ann", "partly")]
    after = next(one for one in crm.chat("ann") if one.ref == seen.ref)
    assert "Thank you for your honest answer." in after.text
    assert ASKED not in after.text
    await crm.taps("ann", "No", on=seen)
    assert await kept(crm) == [("bob", "ann", "partly")]


async def test_no_answer_is_fine_and_nobody_is_asked_twice_in_sixty_days(crm: Desk) -> None:
    await told(crm)
    assert ASKED in (await got(crm)).text
    crm.clock.pass_(days=REST.days - 4)
    await told(crm)
    assert ASKED not in (await got(crm)).text
    crm.clock.pass_(days=14)
    await told(crm)
    assert ASKED in (await got(crm)).text
    assert await kept(crm) == []


async def test_most_receipts_are_only_thanked_for(crm: Desk) -> None:
    await told(crm, drawn=False)
    assert ASKED not in (await got(crm)).text


async def test_nobody_answers_what_they_were_not_asked(crm: Desk) -> None:
    await told(crm, drawn=False)
    seen = await got(crm)
    await crm.arrive(Tapped(at("ann"), "belief.say", "yes", seen.token))
    crm.clock.pass_(days=1)
    await told(crm)
    seen = await got(crm)
    await crm.arrive(Tapped(at("eve"), "belief.say", "yes", seen.token))
    await crm.arrive(Tapped(at("ann"), "belief.say", "perhaps", seen.token))
    assert await kept(crm) == []
    await crm.arrive(Tapped(at("ann"), "belief.say", BELIEFS[0], seen.token))
    assert await kept(crm) == [("bob", "ann", "yes")]


async def test_where_being_meant_tells_something_nobody_is_asked(crm: Desk) -> None:
    await told(crm, rule="not (level is 3)")
    assert ASKED not in (await got(crm)).text


async def test_what_somebody_answered_goes_with_them_and_with_their_sender(crm: Desk) -> None:
    async with crm.store.write() as work:
        await work.keep([Grant("bob", Role.SPONSOR)], "settings", crm.clock())
    await told(crm)
    await got(crm)
    await crm.taps("ann", "Yes")
    for who, left in (("bob", [("", "ann", "yes")]), ("ann", [])):
        async with crm.store.write() as work:
            for statement in erasers(who):
                await work.connection.execute(statement)
        assert await kept(crm) == left


async def test_an_author_sees_how_many_believe_a_sender_once_the_week_is_over(crm: Desk) -> None:
    await told(crm)
    async with crm.store.write() as work:
        given = [Grant("bob", Role.SPONSOR), Grant("eve", Role.CRM_TEAM)]
        await work.keep(given, "settings", crm.clock())
        number = max(await work.broadcasts())
        for place, who in enumerate(CROWD):
            await work.save([Person(who, who, segment="sales")], crm.clock())
            value = "yes" if place < 4 else "partly"
            await work.keep([Believed(number, value)], who, crm.clock())
        message = replace(MESSAGE, sender="bob")
        draft = Draft(message, "everyone", 9)
        await work.keep([DraftKept("a-draft", draft)], "eve", crm.clock())
    assert "Bob van Dam: not known yet" in await looks(crm)
    crm.clock.pass_(days=7)
    assert await crm.app.rounds["closings"][0]()
    assert "Bob van Dam: about 4 in ten believe them" in await looks(crm)
    async with crm.store.write() as work:
        assert [(one.viewer, one.channel) for one in await work.released()] == [("eve", "draft")]


async def looks(desk: Desk) -> str:
    """Let Eve open the draft that is in Bob's name."""
    await desk.says("eve", "messages")
    desk_card = desk.last("eve")
    opens = next(b for b in desk_card.buttons.values() if b.tap.verb == "draft.open")
    await desk.arrive(Tapped(at("eve"), opens.tap.verb, opens.tap.choice, desk_card.token))
    return desk.last("eve").text
