"""The store keeps recognition, competitions and sprints, the same on every database."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from adapters.store.competition import joiners, ledger
from adapters.store.database import Store
from adapters.store.recognition import recognitions
from adapters.store.schema import erasers
from bot.competitions import Competitions
from nudges.adoption import WEEK, Metric, Use
from nudges.competition import (
    Award,
    Competition,
    CompetitionCancelled,
    CompetitionJoined,
    CompetitionKept,
    CompetitionLeft,
    CompetitionReleased,
    Contest,
    LedgerRead,
    Row,
)
from nudges.merits import MeritFact
from nudges.people import Person, Recognition
from nudges.recognition import Agreed, Deed, HourAnswered, Result
from nudges.sprint import Sprint, SprintCancelled, SprintKept, SprintReleased
from tests.clock import Clock
from tests.contracts.given import HERE

STARTS = date(2026, 11, 2)
BEFORE = datetime(2026, 10, 26, 9, tzinfo=UTC)
RUNNING = datetime(2026, 11, 10, 9, tzinfo=UTC)
BOTH = {"en": "Early birds", "nl": "Vroege vogels"}
DAYS = Metric.ACTIVE_DAYS
GAME = Competition(
    "birds", BOTH, BOTH, BOTH, STARTS, date(2026, 11, 29), ("sales",), {DAYS: Award(2, 8)}
)
FIVE = ("ann", "bob", "cas", "dee", "eve")
PEOPLE = [
    Person(who, who.title(), segment="sales", manager="mo", welcomed=True) for who in FIVE
] + [Person("mo", "Mo", segment="sales", welcomed=True), Person("zed", "Zed", segment="service")]
RESULT = Result("level", "2026-11-02", 1, (Deed(DAYS, 4, 3),))
SPRINT = Sprint("tidy", BOTH, BOTH, 90, STARTS, date(2026, 11, 20), ("sales",))


@pytest.fixture
async def house(store: Store) -> Store:
    async with store.write() as work:
        await work.save([replace(p, addresses=(replace(HERE, user=p.id),)) for p in PEOPLE], BEFORE)
    return store


async def does(store: Store, who: str, *facts: MeritFact, at: datetime = BEFORE) -> None:
    async with store.write() as work:
        await work.keep(facts, who, at)


async def held(store: Store, *joined: str, game: Competition = GAME) -> int:
    """Hold a competition that is announced, and that some have joined before it began."""
    await does(store, "cor", CompetitionKept(game))
    async with store.read() as work:
        number = max(await work.contests([0]))
    await does(store, "cor", CompetitionReleased(number))
    for who in joined:
        await does(store, who, CompetitionJoined(number))
    return number


async def seen(store: Store, number: int, who: str = "ann") -> Contest:
    async with store.read() as work:
        return (await work.contests([number], who))[number]


async def told_use(store: Store, week: date, at: datetime, **days: float) -> None:
    async with store.write() as work:
        uses = [Use(who, week, {DAYS: value}) for who, value in days.items()]
        await work.keep_usage(uses, "csv", at)


def rounds(store: Store, at: datetime) -> Competitions:
    return Competitions(store, Clock(at), lambda: None)


async def many(store: Store, table: str = "competition_points") -> int:
    which = {"competition_points": ledger, "competition_joiners": joiners}.get(table, recognitions)
    async with store.read() as work:
        return (await work.connection.scalar(select(func.count()).select_from(which))) or 0


async def audited(store: Store) -> list[tuple[str, str, str]]:
    async with store.read() as work:
        return [(one.who, one.act, one.about) for one in reversed(await work.audited())]


class TestCompetition:
    async def test_written_once_and_read_back(self, house: Store) -> None:
        number = await held(house)
        await does(house, "cor", CompetitionKept(GAME))
        found = await seen(house, number)
        assert (found.competition, found.released, found.joined) == (GAME, True, None)
        assert await audited(house) == [
            ("cor", "plan", f"competition:{number}"),
            ("cor", "announce", f"competition:{number}"),
        ]

    async def test_only_for_whom_it_is_and_only_once_it_is_announced(self, house: Store) -> None:
        await does(house, "cor", CompetitionKept(GAME))
        await does(house, "ann", CompetitionJoined(1))
        assert (await seen(house, 1)).joined is None, "a draft"
        await does(house, "cor", CompetitionReleased(1))
        for who in ("ann", "ann", "zed", "nobody"):
            await does(house, who, CompetitionJoined(1), CompetitionJoined(99))
        assert await many(house, "competition_joiners") == 1
        await does(house, "bob", CompetitionJoined(1), at=datetime(2026, 11, 24, tzinfo=UTC))
        assert (await seen(house, 1, "bob")).joined is None, "no whole week is left"

    async def test_before_it_begins_it_changes_and_then_it_only_grows(self, house: Store) -> None:
        number = await held(house, "ann")
        prize = replace(GAME, prize={"en": "more", "nl": "meer"})
        await does(house, "cor", CompetitionKept(prize, number))
        found = await seen(house, number)
        assert (found.competition, found.revision) == (prize, 1)
        longer = replace(prize, ends=prize.ends + WEEK)
        other = replace(longer, rule={"en": "x", "nl": "x"})
        shorter = replace(prize, ends=prize.ends - WEEK)
        for wanted in (other, shorter, longer):
            await does(house, "cor", CompetitionKept(wanted, number), at=RUNNING)
        found = await seen(house, number)
        assert (found.competition, found.revision) == (longer, 2)
        await does(house, "cor", CompetitionCancelled(number), at=RUNNING)
        await does(house, "cor", CompetitionKept(replace(longer, ends=date(2027, 1, 3)), number))
        assert (await seen(house, number)).competition == longer

    async def test_a_row_stands_once(self, house: Store) -> None:
        number = await held(house, "ann")
        row = Row("ann", STARTS, DAYS, 4, 8)
        async with house.write() as work:
            await work.add_points(number, [row], RUNNING)
        with pytest.raises(IntegrityError):
            async with house.write() as work:
                await work.add_points(number, [row], RUNNING)
        assert (await seen(house, number)).rows == (row,)

    async def test_counted_by_two_at_once_and_corrected_later(self, house: Store) -> None:
        number = await held(house, *FIVE)
        await told_use(house, STARTS, RUNNING, ann=5, bob=2, cas=3, dee=1, eve=0, mo=5)
        two = rounds(house, RUNNING), rounds(house, RUNNING)
        await asyncio.gather(*(one.round() for one in two), *(one.round() for one in two))
        assert await many(house) == 5, "a zero is told, too; mo takes no part"
        found = await seen(house, number)
        assert (found.points, [p.names for p in found.first]) == (8, [("Ann",), ("Cas",), ("Bob",)])
        later = RUNNING + WEEK
        await told_use(house, STARTS, later, ann=1)
        await told_use(house, STARTS + WEEK, later, bob=5)
        again = rounds(house, later), rounds(house, later)
        await asyncio.gather(*(one.round() for one in again))
        found = await seen(house, number)
        assert [(row.amount, row.points, row.nth) for row in found.rows] == [(5, 8, 1), (-4, -6, 2)]
        assert [p.names for p in found.first] == [("Bob",), ("Cas",), ("Ann", "Dee")]
        async with house.read() as work:
            assert len(await work.ledger(number)) == 7

    async def test_four_are_too_few_to_name_any(self, house: Store) -> None:
        number = await held(house, *FIVE)
        await told_use(house, STARTS, RUNNING, ann=5, bob=2, cas=3, dee=1, eve=4)
        await rounds(house, RUNNING).round()
        names = [place.names for place in (await seen(house, number)).first]
        assert names == [("Ann", "Eve"), ("Cas",)], "over the cap they are level"
        await does(house, "eve", CompetitionLeft(number), at=RUNNING)
        found = await seen(house, number)
        assert (found.first, found.points) == ((), 8), "hers went, the others' stay"
        assert (await seen(house, number, "eve")).rows == ()
        await rounds(house, RUNNING).round()
        assert await many(house) == 4

    async def test_who_takes_no_part_sees_nobody(self, house: Store) -> None:
        number = await held(house, *FIVE)
        await told_use(house, STARTS, RUNNING, ann=5, bob=2, cas=3, dee=1, eve=4)
        await rounds(house, RUNNING).round()
        assert (await seen(house, number, "mo")).first == ()
        assert (await seen(house, number, "")).first == ()

    async def test_who_is_forgotten_or_gone_takes_their_points_with_them(
        self, house: Store
    ) -> None:
        number = await held(house, *FIVE)
        await told_use(house, STARTS, RUNNING, ann=5, bob=2, cas=3, dee=1, eve=4)
        await rounds(house, RUNNING).round()
        async with house.write() as work:
            for statement in erasers("eve"):
                await work.connection.execute(statement)
            (dee,) = (await work.people(["dee"])).values()
            await work.save([replace(dee, left=True)], RUNNING)
        await rounds(house, RUNNING).round()
        async with house.read() as work:
            assert {row.person for row, _, _ in await work.ledger(number)} == {"ann", "bob", "cas"}
            assert set(await work.joined_days(number)) == {"ann", "bob", "cas"}

    async def test_closed_when_all_was_told_and_counted_no_more(self, house: Store) -> None:
        number = await held(house, *FIVE)
        end = datetime(2026, 12, 8, 9, tzinfo=UTC)
        await told_use(house, STARTS, RUNNING, ann=5)
        await rounds(house, end - timedelta(days=1)).round()
        assert not (await seen(house, number)).closed
        told = [await one.round() for one in (rounds(house, end), rounds(house, end))]
        assert told == [5, 0], "everybody who takes part, once"
        await told_use(house, STARTS, end, ann=1)
        await rounds(house, end + WEEK).round()
        found = await seen(house, number)
        assert (found.closed, found.points) == (True, 8)
        await does(house, "cor", CompetitionCancelled(number), at=end)
        assert not (await seen(house, number)).cancelled

    async def test_announced_in_parts_and_told_once(self, house: Store) -> None:
        number = await held(house)
        two = rounds(house, BEFORE), rounds(house, BEFORE)
        told = await asyncio.gather(*(one.round() for one in two))
        assert sum(told) == 6, "all of sales, once; service is not meant"
        await does(house, "ann", CompetitionJoined(number))
        await does(house, "cor", CompetitionCancelled(number))
        assert [await rounds(house, BEFORE).round() for _ in range(2)] == [1, 0]

    async def test_who_reads_the_ledger_stands_in_the_log(self, house: Store) -> None:
        number = await held(house)
        await does(house, "command line", LedgerRead(number))
        assert (await audited(house))[-1] == (
            "command line",
            "read_ledger",
            f"competition:{number}",
        )


class TestRecognition:
    async def test_a_yes_is_kept_told_once_and_goes_with_its_person(self, house: Store) -> None:
        await does(house, "ann", Agreed("learning_time", RESULT, "mo"))
        async with house.write() as work:
            (one,) = await work.untold(9)
            assert (one.name, one.result, one.manager, one.still) == ("Ann", RESULT, "mo", True)
            assert await work.tell(one.number, None)
            assert not await work.tell(one.number, None)
            assert await work.untold(9) == []
        assert (await audited(house))[-1] == ("ann", "agree", f"recognition:{one.number}")
        async with house.write() as work:
            for statement in erasers("ann"):
                await work.connection.execute(statement)
        async with house.read() as work:
            assert await work.recognised([one.number]) == {}

    async def test_only_that_manager_answers_and_only_once(self, house: Store) -> None:
        await does(house, "ann", Agreed("learning_time", RESULT, "mo"))
        async with house.write() as work:
            await work.tell(1, None)
        await does(house, "bob", HourAnswered(1, "arranged"))
        async with house.read() as work:
            assert (await work.recognised([1]))[1].hour == ""
        await does(house, "mo", HourAnswered(1, "arranged"))
        await does(house, "mo", HourAnswered(1, "not_now"))
        async with house.write() as work:
            (one,) = await work.untold(9)
            assert one.hour == "arranged"
            assert await work.tell_hour(1)
            assert not await work.tell_hour(1)
            assert await work.untold(9) == []

    async def test_not_now_is_told_to_nobody(self, house: Store) -> None:
        await does(house, "ann", Agreed("learning_time", RESULT, "mo"))
        async with house.write() as work:
            await work.tell(1, None)
        await does(house, "mo", HourAnswered(1, "not_now"))
        async with house.read() as work:
            assert await work.untold(9) == []
        assert [act for _, act, _ in await audited(house)] == ["agree"]

    async def test_a_manager_who_is_forgotten_is_named_nowhere(self, house: Store) -> None:
        await does(house, "ann", Agreed("manager", RESULT, "mo"))
        async with house.write() as work:
            for statement in erasers("mo"):
                await work.connection.execute(statement)
        async with house.read() as work:
            assert (await work.recognised([1]))[1].manager == ""

    async def test_a_team_and_whom_it_hears_of(self, house: Store) -> None:
        monday = date(2026, 11, 23)
        for who in ("ann", "bob"):
            await does(house, who, Agreed("public", RESULT, "mo"))
        async with house.write() as work:
            assert await work.tell(1, monday)
            assert [one.person for one in await work.spotlit("mo", monday)] == ["ann"]
            assert await work.tell(2, monday)
            assert [one.person for one in await work.spotlit("mo", monday)] == ["ann", "bob"]
            assert await work.mates(["mo", "ned"]) == {"mo": list(FIVE)}
            (ann,) = (await work.people(["ann"])).values()
            await work.save([replace(ann, recognition=Recognition.NONE)], RUNNING)
            assert not (await work.recognised([1]))[1].still


class TestSprint:
    async def test_written_started_prolonged_and_cancelled(self, house: Store) -> None:
        await does(house, "cor", SprintKept(SPRINT), SprintKept(SPRINT))
        await does(house, "cor", SprintKept(replace(SPRINT, goal=80), 1), SprintReleased(1))
        longer = replace(SPRINT, goal=80, ends=SPRINT.ends + WEEK)
        for wanted in (replace(longer, goal=70), replace(longer, ends=STARTS), longer):
            await does(house, "cor", SprintKept(wanted, 1), at=RUNNING)
        async with house.read() as work:
            runs = await work.sprints([0])
        assert [(one.sprint, one.released) for one in runs.values()] == [(longer, True)]
        await does(house, "cor", SprintCancelled(1), SprintCancelled(1), at=RUNNING)
        acts = [act for _, act, _ in await audited(house)]
        assert acts == ["plan", "change", "start", "change", "cancel"]

    async def test_a_walk_is_walked_once_and_goes_on_where_it_was(self, house: Store) -> None:
        async with house.write() as work:
            some = await work.people_of(("sales",), "", 4)
            assert some == ["ann", "bob", "cas", "dee"]
            assert await work.merit_walk_on("sprint:1:start", "", "dee", done=False)
            assert not await work.merit_walk_on("sprint:1:start", "", "dee", done=False)
            assert await work.merit_walk("sprint:1:start") == ("dee", False)
            assert await work.people_of(("sales",), "dee", 4) == ["eve", "mo"]
            assert await work.merit_walk_on("sprint:1:start", "dee", "mo", done=True)
            assert not await work.merit_walk_on("sprint:1:start", "mo", "mo", done=True)
            assert await work.people_of((), "", 9) == [*FIVE, "mo"], "zed was not welcomed yet"
