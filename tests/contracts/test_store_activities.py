"""What the store keeps of activities and champions: ticks, states, sums, and who left."""

from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.store.database import Store
from nudges.activities import ActivityNote, Tick
from nudges.adkar import Answer
from nudges.champions import (
    ChampionState,
    ChampionStep,
    Nomination,
    Offer,
    SuccessionNote,
    with_room,
)
from nudges.delivery import Delivery, Priority
from nudges.people import Person
from nudges.roles import Grant, Role
from tests.clock import MONDAY

DAY = timedelta(days=1)
PEOPLE = [Person(f"p{n}", f"Name {n}", team="north", welcomed=True) for n in range(4)]


@pytest.fixture
async def here(store: Store) -> Store:
    async with store.write() as work:
        await work.save([*PEOPLE, Person("q", team="south", welcomed=True)], MONDAY)
    return store


async def keep(store: Store, *facts: object, by: str = "boss", days: int = 0) -> None:
    async with store.write() as work:
        await work.keep(facts, by, MONDAY + days * DAY)  # pyright: ignore[reportArgumentType]


async def states(store: Store) -> dict[str, str]:
    async with store.read() as work:
        return {c.person.id: c.state for c in await work.champions()}


class TestTicks:
    async def test_the_last_word_of_a_period_counts(self, here: Store) -> None:
        first = Tick("p1", "a", "2026-W47", "later", MONDAY)
        last = replace(first, state="done", at=MONDAY + DAY)
        await keep(here, first, replace(first, activity="b"), last)
        async with here.read() as work:
            known = await work.known(["p1", "p2"])
            audited = await work.audited()
        assert known.keys() == {"p1"}
        assert known["p1"].ticks == (replace(first, activity="b"), last)
        assert audited == [], "nobody sees what somebody ticks"

    async def test_what_was_planned_is_known_and_what_was_cancelled_is_not(
        self, here: Store
    ) -> None:
        notes = {"p1": "a", "p2": "b"}
        wanted = [
            Delivery(f"activities:{who}", who, ActivityNote(a, "d"), Priority.NUDGE, MONDAY)
            for who, a in notes.items()
        ]
        async with here.write() as work:
            await work.plan(wanted)
            await work.plan(wanted)
            await work.cancel([("activities:p2", "p2")], "no")
        async with here.read() as work:
            known = await work.known(notes)
            came, _ = await work.month_of(MONDAY - DAY, MONDAY + DAY)
        assert [(n.activity, n.at, n.answered) for n in known["p1"].nudged] == [("a", MONDAY, None)]
        assert "p2" not in known
        assert came == set(), "what did not arrive is not asked for"

    async def test_who_has_a_part(self, here: Store) -> None:
        await keep(here, Grant("p1", Role.MANAGER), Grant("p1", Role.SPONSOR))
        await keep(here, Grant("p2", Role.MANAGER), Grant("p2", Role.MANAGER, given=False))
        await keep(here, Grant("p3", Role.MANAGER), Grant("p0", Role.AUTHOR))
        async with here.write() as work:
            await work.save([replace(PEOPLE[3], left=True)], MONDAY)
            assert await work.doers((Role.MANAGER, Role.SPONSOR), "", 9) == ["p1"]
            assert await work.doers((Role.MANAGER,), "p1", 9) == []


class TestChampions:
    async def test_put_forward_invited_accepted(self, here: Store) -> None:
        await keep(here, Nomination("p1", "critic"))
        async with here.write() as work:
            assert await work.to_invite(MONDAY, 9) == ["p1"]
            assert await work.invited(["p1"], MONDAY) == {"p1"}
            assert await work.invited(["p1"], MONDAY) == set()
        await keep(here, Nomination("p1", "enthusiast"), by="other")
        assert await states(here) == {"p1": "invited"}
        await keep(here, ChampionStep("p1", "accepted"), Grant("p1", Role.CHAMPION), by="p1")
        await keep(here, Offer("p1", ("sales", "leads"), 2), by="p1")
        async with here.read() as work:
            (found,) = await work.champions_for("leads")
            assert await work.champions_for("service") == []
        assert (found.kind, found.areas, found.limit, found.nominated_by) == (
            "critic",
            ("sales", "leads"),
            2,
            "boss",
        )
        assert with_room([found], "leads", {"p1": 1}, MONDAY) == [found]
        assert with_room([found], "leads", {"p1": 2}, MONDAY) == []

    @pytest.mark.parametrize(
        ("state", "days", "again"),
        [("declined", 89, False), ("declined", 90, True), ("stepped_down", 89, False)],
    )
    async def test_a_no_is_final_for_ninety_days(
        self, here: Store, state: ChampionState, days: int, *, again: bool
    ) -> None:
        await keep(here, Nomination("p1", "critic"))
        await keep(here, ChampionStep("p1", state), by="p1")
        await keep(here, Nomination("p1", "critic"), days=days)
        async with here.read() as work:
            assert {a.act for a in await work.audited()} == {"nominate"}, "a no stands in no log"
            assert (await work.to_invite(MONDAY + days * DAY, 9) == ["p1"]) is again

    async def test_who_said_later_is_invited_later(self, here: Store) -> None:
        await keep(here, Nomination("p1"))
        await keep(here, ChampionStep("p1", "later"), by="p1")
        async with here.read() as work:
            assert await work.to_invite(MONDAY + 27 * DAY, 9) == []
            assert await work.to_invite(MONDAY + 28 * DAY, 9) == ["p1"]

    async def test_who_was_asked_in_private_stands_nowhere_until_a_yes(self, here: Store) -> None:
        async with here.write() as work:
            assert await work.ask(["p1", "p2"], MONDAY) == {"p1", "p2"}
            assert await work.ask(["p1"], MONDAY) == set()
        assert await states(here) == {}
        await keep(here, ChampionStep("p2", "declined"), by="p2")
        assert await states(here) == {}, "a private no is nobody's business"
        await keep(here, Nomination("p1"), by="p1")
        assert await states(here) == {"p1": "nominated"}

    async def test_a_role_that_somebody_took_is_not_got_back_by_asking(self, here: Store) -> None:
        await keep(here, Grant("p1", Role.CHAMPION, given=False))
        await keep(here, Nomination("p1"), by="p1")
        async with here.read() as work:
            assert await work.to_invite(MONDAY, 9) == []

    async def test_whom_to_ask_is_in_a_team_without_one_and_has_answered(self, here: Store) -> None:
        given = [Answer(p, "K1", 5, MONDAY - DAY) for p in ("p0", "p1", "q")]
        async with here.write() as work:
            await work.keep_answers(given)
        await keep(here, Grant("q", Role.CHAMPION), Grant("p0", Role.SPONSOR))
        async with here.read() as work:
            assert await work.unserved(MONDAY, 9) == ["p1"]
            counts = await work.counts(MONDAY)
            assert await work.teams_without(9) == ("north",)
        assert (counts.sponsors, counts.champions, counts.teams) == (1, 1, 2)
        assert counts.teams_with_champion == 1


async def test_who_left_a_role_behind_is_told_of_once(here: Store) -> None:
    for who in ("p1", "p2"):
        await keep(here, Grant(who, Role.CHAMPION))
    async with here.write() as work:
        assert not await work.anyone_gone()
        await work.save([replace(PEOPLE[1], left=True)], MONDAY)
        assert await work.anyone_gone()
        told = await work.departed(MONDAY)
        assert [note for _, note in told] == [SuccessionNote("champion", "north", "", 1)]
        assert not await work.anyone_gone()
        assert await work.departed(MONDAY) == []
