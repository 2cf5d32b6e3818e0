"""What one level up is told besides, as every store counts it: who was reached, and who left."""

from datetime import date, timedelta

from adapters.store.database import Store
from nudges.broadcast import Draft, HandedIn, Message, Received, Stage, occasion
from nudges.broadcast_notes import BroadcastNote
from nudges.delivery import Priority
from nudges.people import Person
from nudges.phases import Kind
from nudges.roles import Grant, Role
from tests.clock import MONDAY
from tests.contracts.given import post, send, settle_in

WEEK = timedelta(weeks=1)
THIS = date(2026, 11, 16)


async def begun(store: Store, *to: str, rule: str = "everyone", kind: Kind = "change") -> int:
    """Send a message to people on Monday morning."""
    draft = Draft(Message({"en": "t"}, {"en": "b"}, kind=kind), rule, len(to))
    async with store.write() as work:
        await work.keep([HandedIn(draft, Stage.BEGUN)], "eve", MONDAY)
        number = max(await work.broadcasts())
        note = BroadcastNote(number)
        await work.queue(
            [post(occasion(number), who, note=note, priority=Priority.BROADCAST) for who in to]
        )
    await send(store)
    return number


async def reached(store: Store, week: date = THIS) -> dict[str, bool]:
    async with store.read() as work:
        return await work.reached(week)


async def test_who_was_sent_anything_of_the_week_is_reached_by_one_receipt(store: Store) -> None:
    await settle_in(store, "ann", "bob", "cor", "dee")
    one, two = await begun(store, "ann", "bob"), await begun(store, "bob", "cor", kind="roadmap")
    async with store.write() as work:
        await work.keep([Received(one)], "bob", MONDAY + WEEK)
        await work.keep([Received(two)], "cor", MONDAY)
    assert await reached(store) == {"ann": False, "bob": True, "cor": True}
    assert await reached(store, THIS - WEEK) == await reached(store, THIS + WEEK) == {}


async def test_what_is_no_word_about_the_change_or_tells_on_somebody_is_left_out(
    store: Store,
) -> None:
    await settle_in(store, "ann", "bob")
    await begun(store, "ann", kind="story")
    await begun(store, "bob", rule="barrier is desire")
    assert await reached(store) == {}


async def test_who_left_a_role_is_told_of_for_a_while(store: Store) -> None:
    async with store.write() as work:
        await work.save([Person("ann", team="North"), Person("bob")], MONDAY)
        roles = [Grant("ann", Role.CHAMPION), Grant("bob", Role.SPONSOR)]
        await work.keep([*roles, Grant("bob", Role.MANAGER)], "settings", MONDAY)
        left = [Person("ann", team="North", left=True), Person("bob", left=True)]
        await work.save(left, MONDAY)
        await work.departed(MONDAY)
    async with store.read() as work:
        gone = await work.gone(MONDAY - timedelta(seconds=1))
        assert sorted(gone) == [("champion", "North"), ("sponsor", "")]
        assert await work.gone(MONDAY) == []
