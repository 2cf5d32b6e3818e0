"""A rule about barriers follows what people answer, change and leave to grow old."""

from collections.abc import Mapping

from adapters.content.files import load_library
from nudges.adkar import ELEMENTS, Bank, stand
from nudges.audience import Field, Is
from tests.desk import PROGRAMME, Desk

VALUES = (*ELEMENTS, "none", "unknown")


async def by_rule(desk: Desk) -> Mapping[str, list[str]]:
    """Return who is meant by each rule about a barrier."""
    async with desk.store.read() as work:
        return {
            value: await work.members(Is(Field.BARRIER, (value,)), desk.clock(), "", 100)
            for value in VALUES
        }


async def by_standing(desk: Desk, bank: Bank) -> Mapping[str, list[str]]:
    """Return the same, worked out for each person from their answers."""
    found: dict[str, list[str]] = {value: [] for value in VALUES}
    now = desk.clock()
    async with desk.store.read() as work:
        people = await work.everyone()
        given = await work.answers([p.id for p in people], now)
    for person in people:
        go_live = PROGRAMME.segment(person.segment).live_from(person.zone)
        found[stand(given.get(person.id, ()), bank, now, go_live).barrier].append(person.id)
    return found


async def test_a_rule_follows_what_people_answer(desk: Desk) -> None:
    bank = load_library(None).bank
    seen: list[Mapping[str, list[str]]] = []

    async def same() -> None:
        seen.append(await by_rule(desk))
        assert seen[-1] == await by_standing(desk, bank)

    await same()
    for who, score in (("ann", "1"), ("bob", "5")):
        await desk.says(who, "pulse")
        await desk.taps(who, score)
        await same()
    desk.clock.pass_(days=31)
    await desk.says("ann", "pulse")
    await desk.taps("ann", "4")
    await same()
    for days in (28, 2, 30):
        desk.clock.pass_(days=days)
        await same()
    assert len({str(one) for one in seen}) >= 4, "all of it has to be seen"
    everybody = sorted(who for whom in seen[0].values() for who in whom)
    assert sorted(seen[-1]["unknown"]) == everybody, "what is old is no longer known"


async def test_only_a_change_of_the_questions_makes_work(desk: Desk) -> None:
    await desk.says("ann", "pulse")
    await desk.taps("ann", "1")
    assert await desk.app.rounds["outlooks"][0]() == 1, "the first time, everybody who answered"
    desk.clock.pass_(days=1)
    assert await desk.app.rounds["outlooks"][0]() == 0


async def test_outlooks_that_ended_are_tidied_away(desk: Desk) -> None:
    await desk.says("ann", "pulse")
    await desk.taps("ann", "1")
    desk.clock.pass_(days=61)
    before = await by_rule(desk)
    assert await desk.app.ticker.tidy() >= 1
    assert await by_rule(desk) == before
