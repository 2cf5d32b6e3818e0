"""What people raise is kept, worked and merged the same on every store, and tells on nobody."""

import asyncio
from datetime import date, datetime, timedelta

import pytest

from adapters.store.database import Store
from adapters.store.schema import erasers
from nudges.people import Person
from nudges.voice import (
    AskedBack,
    Closed,
    Item,
    Merged,
    Raised,
    Ruled,
    Solved,
    Sorted,
    Taken,
    ToldBack,
    VoiceFact,
    Waits,
    Wanted,
)
from tests.clock import MONDAY

DAY = timedelta(days=1)
FRIDAY = date(2026, 11, 20)
SALES = tuple(f"s{n}" for n in range(5))
FEW = ("ann", "bob", "cor", "dee")


@pytest.fixture
async def house(store: Store) -> Store:
    """Return five people of sales and four of service, and two of the CRM team."""
    async with store.write() as work:
        people = [Person(who, who.title(), segment="sales") for who in SALES]
        people += [Person(who, who.title(), segment="service") for who in FEW]
        await work.save([*people, Person("eve", "Eve"), Person("fay", "Fay")], MONDAY)
    return store


def blocker(key: str, text: str = "No time on the road", *, named: bool = False) -> Raised:
    return Raised(key, "blocker", text, "en", "time", "visits", named)


async def keep(house: Store, by: str, *facts: VoiceFact, at: datetime = MONDAY) -> None:
    async with house.write() as work:
        await work.keep(facts, by, at)


async def raised(house: Store, *who: str, named: bool = False) -> list[int]:
    """Let people raise something each; returns the numbers, in order."""
    for one in who:
        await keep(house, one, blocker(f"turn:{one}", f"Said by {one}", named=named))
    return [item.number for item in await queue(house)]


async def queue(house: Store, wanted: Wanted | None = None, most: int = 50) -> list[Item]:
    async with house.read() as work:
        return await work.voice_queue(wanted or Wanted(), most)


async def one(house: Store, number: int) -> Item:
    async with house.read() as work:
        return (await work.voice_items([number]))[number]


async def people_of(house: Store, number: int) -> list[str]:
    async with house.read() as work:
        return await work.raisers_of(number)


async def test_the_same_turn_raises_once_also_at_once(house: Store) -> None:
    await asyncio.gather(*(keep(house, "ann", blocker("turn:1")) for _ in range(3)))
    (item,) = await queue(house)
    assert (item.kind, item.sort, item.area, item.state) == ("blocker", "time", "visits", "new")
    assert (item.text, item.people) == ("No time on the road", 1)


async def test_without_a_name_nobody_is_told_and_a_small_group_is_not_either(house: Store) -> None:
    await raised(house, "ann", "s1")
    small, large = (item.raisers[0] for item in await queue(house))
    assert (small.name, small.segment) == ("", "")
    assert (large.name, large.segment) == ("", "sales")


async def test_with_a_name_whoever_works_on_it_knows_whom_to_ask(house: Store) -> None:
    await raised(house, "ann", named=True)
    (item,) = await queue(house)
    assert (item.raisers[0].name, item.raisers[0].segment) == ("Ann", "")


async def test_from_new_to_taken_to_done_and_everybody_stays_with_it(house: Store) -> None:
    (number,) = await raised(house, "ann")
    await keep(house, "eve", Taken(number, FRIDAY), at=MONDAY + DAY)
    item = await one(house, number)
    assert (item.state, item.owner, item.due) == ("taken", "eve", FRIDAY)
    assert not item.late(FRIDAY)
    assert item.late(FRIDAY + DAY)
    await keep(house, "eve", Closed(number, done=True, words="An hour a week"), at=MONDAY + 4 * DAY)
    item = await one(house, number)
    assert (item.state, item.words) == ("done", "An hour a week")
    await keep(house, "ann", Solved(number, yes=True))
    assert await people_of(house, number) == ["ann"]
    async with house.read() as work:
        assert await work.voice_waits(MONDAY) == Waits(1.0, 4.0)
        assert await work.voice_waits(MONDAY + DAY) == Waits()
        (mine,) = await work.raised_by("ann")
        assert (mine.text, mine.state, mine.people) == ("Said by ann", "done", 1)


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        ([Closed(1, done=False, words="Not this year")], "declined"),
        ([Closed(1, done=True, words="x"), Closed(1, done=False, words="y")], "done"),
        ([Closed(1, done=True, words="x"), Taken(1, FRIDAY)], "taken"),
        ([Merged(1, 1)], "new"),
        ([Merged(1, 99)], "new"),
        ([Taken(99, FRIDAY), Closed(99, done=True, words="x")], "new"),
    ],
    ids=["declined", "done stays done", "taken up again", "itself", "nowhere", "no such thing"],
)
async def test_what_may_become_of_it(house: Store, facts: list[VoiceFact], state: str) -> None:
    await raised(house, "ann")
    for fact in facts:
        await keep(house, "eve", fact)
    assert (await one(house, 1)).state == state


async def test_two_who_take_it_at_once_leave_one_owner_and_one_who_closes_wins(
    house: Store,
) -> None:
    (number,) = await raised(house, "ann")
    await asyncio.gather(*(keep(house, who, Taken(number, FRIDAY)) for who in ("eve", "fay")))
    assert (await one(house, number)).owner in {"eve", "fay"}
    ends = (Closed(number, done=True, words="yes"), Closed(number, done=False, words="no"))
    await asyncio.gather(*(keep(house, "eve", end) for end in ends))
    item = await one(house, number)
    assert (item.state, item.words) in {("done", "yes"), ("declined", "no")}


async def test_what_is_the_same_goes_on_as_one_and_keeps_everybody(house: Store) -> None:
    first, second, third = await raised(house, "ann", "s1", "s2")
    await keep(house, "eve", Merged(second, first), Merged(third, first))
    (item,) = await queue(house)
    assert (item.number, item.people) == (first, 3)
    assert await people_of(house, first) == ["ann", "s1", "s2"]
    gone = await one(house, second)
    assert (gone.state, gone.into, gone.people) == ("merged", first, 0)
    await keep(house, "eve", Taken(second, FRIDAY), Merged(first, second))
    assert (await one(house, second)).state == "merged", "it stays where it went"


async def test_the_queue_is_looked_at_by_parts(house: Store) -> None:
    await raised(house, "ann", "s1", "s2")
    await keep(house, "s3", Raised("turn:w", "wish", "A map", "en", area="routes"))
    await keep(house, "eve", Sorted(2, "incentive", "bonus"), Taken(3, FRIDAY))
    looks = {
        Wanted(): [1, 2, 3, 4],
        Wanted(("new",)): [1, 2, 4],
        Wanted(kind="wish"): [4],
        Wanted(sort="incentive"): [2],
        Wanted(area="visits"): [1, 3],
        Wanted(segment="sales"): [2, 3, 4],
        Wanted(segment="service"): [],
        Wanted(("done",)): [],
    }
    for wanted, numbers in looks.items():
        assert [item.number for item in await queue(house, wanted)] == numbers, wanted
    async with house.read() as work:
        assert [i.number for i in await work.voice_queue(Wanted(), 2, after=2)] == [3, 4]
        assert await work.voice_counts(Wanted()) == {"new": 3, "taken": 1}
        assert await work.voice_counts(Wanted(segment="service")) == {}


async def test_five_who_raised_the_same_are_told_above_once_and_four_never(house: Store) -> None:
    numbers = await raised(house, *SALES, *FEW)
    first, second = numbers[0], numbers[len(SALES)]
    await keep(house, "eve", *(Merged(n, first) for n in numbers[1 : len(SALES)]))
    await keep(house, "eve", *(Merged(n, second) for n in numbers[len(SALES) + 1 :]))

    async def told() -> list[int]:
        async with house.write() as work:
            return await work.escalate_voices(MONDAY, 9)

    found = await asyncio.gather(told(), told())
    assert sorted(found) == [[], [first]]
    async with house.read() as work:
        assert await work.escalated_voices() == {first: MONDAY}
    await keep(house, "eve", Closed(first, done=False, words="No"))
    async with house.read() as work:
        assert await work.escalated_voices() == {}


async def test_who_is_forgotten_takes_their_words_along(house: Store) -> None:
    first, second = await raised(house, "ann", "bob")
    await keep(house, "eve", Merged(second, first), Taken(first, FRIDAY))
    for who in ("ann", "eve"):
        async with house.write() as work:
            for statement in erasers(who):
                await work.connection.execute(statement)
    item = await one(house, first)
    assert (item.text, item.people, item.owner) == ("Said by bob", 1, "")
    async with house.write() as work:
        for statement in erasers("bob"):
            await work.connection.execute(statement)
    assert ((await one(house, first)).text, (await one(house, first)).people) == ("", 0)
    await keep(house, "ann", blocker("turn:late"))
    assert len(await queue(house)) == 1, "who is forgotten raises nothing"


async def test_what_changed_is_told_once_to_everyone_who_raised_it(house: Store) -> None:
    first, second = await raised(house, "ann", "bob")
    assert await told(house) == []
    await keep(house, "eve", Taken(first, FRIDAY))
    assert await told(house) == [(first, "taken", ["ann"])]
    assert await told(house) == []
    await keep(house, "eve", Merged(second, first), at=MONDAY + DAY)
    assert await told(house) == [(first, "taken", ["ann", "bob"])], "Bob did not hear of it yet"
    await keep(house, "eve", Closed(first, done=True, words="An hour"), at=MONDAY + 2 * DAY)
    both = await asyncio.gather(told(house), told(house))
    assert sorted(both) == [[], [(first, "done", ["ann", "bob"])]]
    await keep(house, "ann", Solved(first, yes=True))
    await keep(house, "bob", Solved(first, yes=False))
    assert (await one(house, first)).state == "done", "as many say it is as say it is not"
    await keep(house, "ann", Solved(first, yes=False), at=MONDAY + 3 * DAY)
    assert (await one(house, first)).state == "new"
    assert await told(house) == [], "that it is open again was their own word"


async def told(house: Store) -> list[tuple[int, str, list[str]]]:
    async with house.write() as work:
        found = await work.voice_news(99)
    return [(one.number, one.state, list(one.raisers)) for one in found]


async def test_what_is_asked_back_reaches_each_and_tells_nobodys_name(house: Store) -> None:
    first, second = await raised(house, "ann", "bob")
    await keep(house, "eve", Merged(second, first), AskedBack(first, "Which road?"))
    async with house.write() as work:
        asked = await work.voice_questions(MONDAY, 99)
        assert [(number, who) for _, number, who in asked] == [(first, "ann"), (first, "bob")]
        assert await work.voice_questions(MONDAY, 99) == []
    await keep(house, "bob", ToldBack(first, "The one home"), at=MONDAY + DAY)
    await keep(house, "cor", ToldBack(first, "Not mine to say"), at=MONDAY + DAY)
    item = await one(house, first)
    assert [(line.place, line.text) for line in item.talk] == [
        (0, "Which road?"),
        (2, "The one home"),
    ]
    async with house.read() as work:
        (mine,) = await work.raised_by("ann")
    assert [line.text for line in mine.talk] == ["Which road?"], "nobody reads another's answer"


async def test_what_waits_above_comes_back_answered_or_not(house: Store) -> None:
    numbers = await raised(house, *SALES)
    first, before = numbers[0], MONDAY - 14 * DAY
    await keep(house, "eve", *(Merged(n, first) for n in numbers[1:]))
    await keep(house, "eve", Sorted(first, "incentive", "bonus", "The bonus counts calls"))
    await keep(house, "fay", Ruled(first, "Too early: nobody asked"))

    async def back(since: datetime) -> dict[int, bool]:
        async with house.write() as work:
            return dict(await work.voices_back(since, MONDAY))

    async with house.write() as work:
        assert await work.voices_wait(before)
        assert await work.escalate_voices(MONDAY, 9) == [first]
        assert not await work.voices_wait(before)
    assert await back(before) == {}
    assert (await one(house, first)).above
    assert await back(MONDAY + DAY) == {first: False}
    assert await back(MONDAY + DAY) == {}
    await keep(house, "fay", Ruled(first, "From January it counts offers"))
    await keep(house, "fay", Ruled(first, "The first word counts"))
    assert await back(before) == {first: True}
    item = await one(house, first)
    assert (item.ruling, item.title) == ("From January it counts offers", "The bonus counts calls")


async def test_it_is_counted_by_what_it_is_about(house: Store) -> None:
    await raised(house, "ann", "s1", "s2")
    await keep(house, "eve", Sorted(2, "incentive", "bonus", "Bonus"), Taken(3, FRIDAY))
    async with house.read() as work:
        sorts, areas = await work.voice_groups(Wanted())
        assert list(sorts.items()) == [("time", 2), ("incentive", 1)]
        assert list(areas.items()) == [("visits", 2), ("bonus", 1)]
        assert await work.voice_groups(Wanted(("new",), area="bonus")) == (
            {"incentive": 1},
            {"bonus": 1},
        )
