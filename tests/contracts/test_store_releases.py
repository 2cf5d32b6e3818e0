"""What the store keeps of numbers about groups: each once, as it was told, and who saw it."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest

from adapters.store.database import Store
from adapters.store.schema import erasers
from dialogs.guide import HelpNote
from nudges.adkar import Answer, Element, Question
from nudges.adoption import Metric, Use
from nudges.delivery import Delivery, Priority, Settled, State
from nudges.group import (
    ACTIVE,
    BARRIER,
    KEPT,
    Figure,
    Frozen,
    Measure,
    Member,
    Past,
    freeze,
    teams_of,
)
from nudges.outlook import outlook
from nudges.people import Person
from nudges.release import TOP, Ledger, Value
from tests.clock import MONDAY
from tests.contracts.given import begin, claim, end, queue, settle_in

W42, W46 = date(2026, 10, 12), date(2026, 11, 9)
WEEK = timedelta(weeks=1)
HEADS = ("abe", "bea")
CROWD = tuple(f"{head}{n}" for head in HEADS for n in range(9))
STAFF = [Member(head) for head in HEADS] + [Member(who, who[:3]) for who in CROWD]
VALUES: dict[str, Value] = {m.id: ("desire", "ability", "none")[n % 3] for n, m in enumerate(STAFF)}


@pytest.fixture
async def house(store: Store) -> Store:
    async with store.write() as work:
        await work.save([Person(m.id, manager=m.manager) for m in STAFF], MONDAY)
    return store


async def close(
    house: Store,
    measure: Measure = BARRIER,
    week: date = W46,
    values: dict[str, Value] = VALUES,
    floor: int = 5,
) -> tuple[Frozen, bool]:
    """Close a measure as the ticker does."""
    async with house.read() as work:
        staff, past = await work.everybody(), await work.past(measure.name, MONDAY)
    frozen = freeze(measure, teams_of(staff), values, past.ledger, floor)
    async with house.write() as work:
        at = MONDAY + (week - W46)
        return frozen, await work.keep_closing(frozen, week, floor, past, at)


async def figures(house: Store, unit: str, measure: Measure = BARRIER) -> tuple[Figure, ...]:
    async with house.read() as work:
        return (await work.figures(unit, [measure.name])).get(measure.name, ())


class TestClosings:
    async def test_what_was_frozen_comes_back(self, house: Store) -> None:
        frozen, kept = await close(house)
        assert kept
        told = {cell.unit: cell for cell in frozen.cells}
        for unit in (*HEADS, TOP):
            (found,) = await figures(house, unit)
            assert found.told == told[unit].told
            assert found.exact == told[unit].exact
            assert (found.measure, found.week) == ("barrier", W46)
        assert await figures(house, "abe0") == (), "who leads nobody is told nothing"
        assert await figures(house, TOP, ACTIVE) == ()

    async def test_the_ledger_comes_back_as_it_was_told(self, house: Store) -> None:
        first, _ = await close(house, week=W42)
        changed: dict[str, Value] = {
            who: "none" if n < 9 else v for n, (who, v) in enumerate(VALUES.items())
        }
        second, _ = await close(house, values=changed)
        wanted = Ledger()
        for frozen in (first, second):
            wanted.add(atom.values for atom in frozen.closed.atoms)
        async with house.read() as work:
            past = await work.past("barrier", MONDAY)
        assert past.ledger == wanted
        assert past.ledger.atoms

    async def test_a_week_that_stands_for_itself_leaves_nobody_behind(self, house: Store) -> None:
        await close(house, ACTIVE, values={m.id: "yn"[n % 2] for n, m in enumerate(STAFF)})
        async with house.read() as work:
            past = await work.past("active", MONDAY)
        assert past.newest
        assert past.ledger.atoms == []

    async def test_the_same_is_closed_once(self, house: Store) -> None:
        first, second = await asyncio.gather(close(house), close(house))
        assert sorted([first[1], second[1]]) == [False, True]
        assert (await close(house))[1] is False
        assert len(await figures(house, TOP)) == 1

    async def test_who_does_not_know_of_the_last_one_closes_nothing(self, house: Store) -> None:
        frozen, _ = await close(house, week=W42)
        async with house.write() as work:
            assert not await work.keep_closing(frozen, W46, 5, Past(), MONDAY)
        assert len(await figures(house, TOP)) == 1

    async def test_which_weeks_are_closed_and_told_something(self, house: Store) -> None:
        async with house.read() as work:
            assert await work.closed_weeks() == {}
        await close(house, week=W42)
        await close(house, values={})
        await close(house, ACTIVE, values={})
        async with house.read() as work:
            assert await work.closed_weeks() == {"barrier": (W46, W42), "active": (W46, None)}

    async def test_the_last_two_are_there_to_compare(self, house: Store) -> None:
        for n in range(3):
            values: dict[str, Value] = {m.id: "abc"[(n + k) % 3] for k, m in enumerate(STAFF)}
            await close(house, week=W46 + n * WEEK, values=values)
        now, before = await figures(house, TOP)
        assert (now.week, before.week) == (W46 + 2 * WEEK, W46 + WEEK)
        assert now.scope == before.scope
        own, *_ = await figures(house, "bea")
        assert own.scope != now.scope

    async def test_what_was_withheld_since_takes_no_number_back(self, house: Store) -> None:
        await close(house, week=W42)
        await close(house)
        withheld, told = await figures(house, TOP)
        assert (withheld.week, withheld.told, withheld.why) == (W46, None, "unchanged")
        assert told.week == W42
        assert told.told

    async def test_where_a_number_is_withheld_that_is_kept(self, house: Store) -> None:
        await close(house, values={who: VALUES[who] for who in CROWD[:3]})
        (found,) = await figures(house, "abe")
        assert (found.told, found.exact, found.why) == (None, False, "few")


class TestForgetting:
    async def test_who_is_forgotten_takes_along_what_they_said(self, house: Store) -> None:
        await close(house)
        before = await figures(house, "abe")
        async with house.write() as work:
            for statement in erasers("abe3"):
                await work.connection.execute(statement)
        async with house.read() as work:
            past = await work.past("barrier", MONDAY)
        assert "abe3" not in {who for atom in past.ledger.atoms for who, _ in atom}
        assert await figures(house, "abe") == before, "what was told is not told again otherwise"
        assert (await close(house))[1] is False

    async def test_who_is_forgotten_while_it_is_worked_out_stays_so(self, house: Store) -> None:
        async with house.read() as work:
            past = await work.past("barrier", MONDAY)
        frozen = freeze(BARRIER, teams_of(STAFF), VALUES, past.ledger)
        async with house.write() as work:
            for who in ("abe", "bea1"):
                for statement in erasers(who):
                    await work.connection.execute(statement)
        async with house.write() as work:
            assert await work.keep_closing(frozen, W46, 5, past, MONDAY)
        async with house.read() as work:
            known = (await work.past("barrier", MONDAY)).ledger.atoms
        assert known
        assert not {"abe", "bea1"} & {who for atom in known for who, _ in atom}
        assert await figures(house, "abe") == ()

    async def test_what_was_said_long_ago_goes_but_for_the_last(self, house: Store) -> None:
        await close(house, week=W42)
        some = {who: "none" if n % 2 else "ability" for n, who in enumerate(CROWD)}
        await close(house, values={**some})
        async with house.write() as work:
            assert await work.forget_contributions(MONDAY + timedelta(days=1)) == len(CROWD)
            assert await work.forget_contributions(MONDAY + timedelta(days=1)) == 0
        async with house.read() as work:
            past = await work.past("barrier", MONDAY)
        whole = {who: value for atom in past.ledger.atoms for (who, _), value in atom.items()}
        assert whole == {**VALUES, **some}

    async def test_what_was_said_long_ago_is_not_new_and_proves_nothing(self, house: Store) -> None:
        await close(house)
        later = MONDAY + KEPT
        async with house.write() as work:
            await work.forget_contributions(later)
            past = await work.past("barrier", later)
        assert past.ledger.atoms == []
        assert past.ledger.fresh(VALUES) == {}
        turned: dict[str, Value] = dict.fromkeys(VALUES, "awareness")
        assert past.ledger.fresh(turned) == turned
        assert past.ledger.leaves_open({"abe1": VALUES["abe1"]})


class TestShown:
    async def test_who_saw_which_number_is_noted_once(self, house: Store) -> None:
        await close(house)
        (found,) = await figures(house, "abe")
        later = MONDAY + timedelta(hours=1)
        async with house.write() as work:
            await work.note_shown({"abe": [found.cell, found.cell]}, "teams", MONDAY)
            await work.note_shown({"abe": [found.cell]}, "teams", later)
            await work.note_shown({"abe": [found.cell], "bea": []}, "file", later)
            assert await work.shown_to("abe") == [("abe", found)]
            assert await work.shown_to("bea") == []
        async with house.read() as work:
            released = await work.released()
        assert [(r.viewer, r.at, r.channel, r.unit) for r in released] == [
            ("abe", later, "file", "abe"),
            ("abe", MONDAY, "teams", "abe"),
        ]
        assert released[0].told == found.told
        assert (released[0].measure, released[0].week) == ("barrier", W46)

    async def test_who_is_forgotten_leaves_no_name_in_it(self, house: Store) -> None:
        await close(house)
        async with house.write() as work:
            for who in HEADS:
                (found,) = (await work.figures(who, ["barrier"]))["barrier"]
                await work.note_shown({who: [found.cell]}, "teams", MONDAY)
            for who in HEADS:
                for statement in erasers(who):
                    await work.connection.execute(statement)
        async with house.read() as work:
            assert [(r.viewer, r.unit) for r in await work.released()] == [("", None)] * 2


class TestEverybody:
    async def test_everybody_is_read_at_once(self, store: Store) -> None:
        one = Person("ann", manager="bob", segment="sales", zone="Asia/Tokyo")
        two = Person("bob", stopped=True, left=True)
        async with store.write() as work:
            await work.save([one, two], MONDAY)
            assert await work.everybody() == [
                Member("ann", "bob", "sales", "Asia/Tokyo"),
                Member("bob", zone=two.zone, stopped=True, left=True),
            ]

    async def test_who_leads_somebody(self, house: Store) -> None:
        async with house.write() as work:
            assert await work.leading(["abe", "bea", "abe1"]) == {"abe", "bea"}
            gone = await work.people([who for who in CROWD if who.startswith("abe")])
            await work.save([replace(p, left=True) for p in gone.values()], MONDAY)
            assert await work.leading(["abe", "bea"]) == {"bea"}
            assert await work.leading([]) == set()

    async def test_who_was_asked_and_answered(self, store: Store) -> None:
        await settle_in(store, "ann", "bob", "eve", "joe", "sue")
        pulse = "pulse:2026-W46"
        for who in ("ann", "bob", "eve", "joe"):
            await queue(store, Delivery(pulse, who, HelpNote(), Priority.PULSE, MONDAY))
        await queue(store, Delivery("pulse:2026-W45", "sue", HelpNote(), Priority.PULSE, MONDAY))
        for one in (claimed := await claim(store)):
            await begin(store, [one])
            state = State.REFUSED if one.delivery.person == "joe" else State.SENT
            await end(store, one, Settled(state, ref=f"m{one.number}"))
        assert len(claimed) == 5
        said = [
            Answer("ann", "q", 3, MONDAY, occasion=pulse),
            Answer("ann", "r", None, MONDAY, occasion=pulse),
            Answer("bob", "q", None, MONDAY, occasion=pulse),
            Answer("bob", "q", 5, MONDAY + WEEK, occasion="pulse:2026-W45"),
            Answer("eve", "q", None, MONDAY, not_applicable=True, occasion=pulse),
        ]
        async with store.write() as work:
            await work.keep_answers(said)
            assert await work.responded(pulse) == {"ann": True, "bob": False, "eve": True}

    async def test_where_everybody_stands(self, store: Store) -> None:
        await settle_in(store, "ann", "bob", "eve")
        bank = {e.value: Question(e.value, e) for e in Element}
        given = [Answer("ann", "desire", 1, MONDAY), Answer("bob", "reinforcement", 1, MONDAY)]
        async with store.write() as work:
            await work.keep_outlooks(
                {a.person: outlook([a], bank, MONDAY) for a in given} | {"eve": ()}
            )
            assert await work.stands_known()
            assert await work.stands(MONDAY) == {
                "ann": (Element.DESIRE, Element.DESIRE),
                "bob": ("unknown", Element.REINFORCEMENT),
            }
            assert await work.stands(MONDAY + timedelta(days=60)) == {}
            await work.outlook_due(["eve"])
            assert not await work.stands_known()

    async def test_whose_answers_came_quickly_and_what_was_said_of_something(
        self, store: Store
    ) -> None:
        await settle_in(store, "ann", "bob", "cor")

        def given(who: str, seconds: int, last: int = 3) -> Sequence[Answer]:
            took, scores = timedelta(seconds=seconds), (3, 3, 3, last)
            return [
                Answer(who, f"q{n}", score, MONDAY + n * WEEK / 7, took=took)
                for n, score in enumerate(scores)
            ]

        now = MONDAY + WEEK
        async with store.write() as work:
            await work.keep_answers([*given("ann", 4), *given("bob", 5), *given("cor", 4, 2)])
            assert {who: len(said) for who, said in (await work.quick_ones(now)).items()} == {
                "ann": 4
            }
            about = await work.answers_about(["q1", "q3"], now)
            assert [(a.question, a.score) for a in about["bob"]] == [("q1", 3), ("q3", 3)]
            assert await work.answers_about(["q1"], now + 9 * WEEK) == {}

    async def test_what_is_known_of_use(self, store: Store) -> None:
        await settle_in(store, "ann", "bob")
        async with store.write() as work:
            await work.keep_usage([Use("ann", W46, {Metric.RECORDS: 3})], "file", MONDAY)
            assert await work.is_told(Metric.RECORDS, W46)
            assert not await work.is_told(Metric.RECORDS, W42)
            assert not await work.is_told(Metric.ACTIVE_DAYS, W46)


async def test_a_team_that_was_given_away_is_told_to_who_has_it_now(house: Store) -> None:
    await close(house)
    async with house.write() as work:
        found = await work.people(["bea0", "abe1"])
        await work.save([replace(p, manager="abe") for p in found.values()], MONDAY)
    (before,) = await figures(house, "abe")
    values: dict[str, Value] = {who: "awareness" if n % 2 else "desire"
                                for n, who in enumerate(VALUES)}  # fmt: skip
    await close(house, week=W46 + 4 * WEEK, values=values)
    now, last = await figures(house, "abe")
    assert last == before
    assert now.week == W46 + 4 * WEEK
