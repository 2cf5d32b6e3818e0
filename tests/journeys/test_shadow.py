"""Where did you keep it this week: asked, answered, helped with, asked once more, and summed up."""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from adapters.store.database import Store
from adapters.store.delivery_table import deliveries
from adapters.store.releases import Release
from adapters.store.shadow import shadows
from dialogs.shadow import HELPS
from dialogs.turns import Tapped
from nudges.group import Figure
from nudges.people import Person
from nudges.release import TOP
from nudges.roles import Grant, Role
from nudges.shadow import REASONS, Place, Reason, ShadowBack, ShadowKept, in_turn
from tests import desk as house
from tests.clock import Clock
from tests.desk import Desk, Seen, at, open_desk
from tests.journeys.test_levels import word

W47 = date(2026, 11, 16)
WEEK = timedelta(weeks=1)
TITLE, WHY, CHECK = (word(f"shadow.{one}") for one in ("title", "reason.title", "check.title"))
MORNING = datetime(2026, 11, 17, 9, 30, tzinfo=UTC)
"""A Tuesday, half past ten in Amsterdam."""
MINE = next(f"p{n}" for n in range(40) if in_turn(Person(f"p{n}"), W47))
"""Somebody whose turn it is in this week."""
CROWD = tuple(f"c{n}" for n in range(20))


@pytest.fixture
async def desk(memory: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Return a house where somebody in sales is to be asked, and nothing else comes by itself."""
    house.only_own_tips(monkeypatch)
    clock.now = MORNING
    desk = await open_desk(memory, clock)
    await is_here(desk, MINE)
    return desk


async def is_here(desk: Desk, who: str, **more: object) -> None:
    person = Person(who, who, language="en", segment="sales", welcomed=True, addresses=(at(who),))
    async with desk.store.write() as work:
        await work.save([replace(person, **more)], desk.clock())


async def days(desk: Desk, many: int = 1) -> None:
    """Let days go by, with two tickers at once."""
    ask = desk.app.rounds["shadow"][0]
    for _ in range(many):
        await asyncio.gather(ask(), ask())
        await desk.app.settle()
        desk.clock.pass_(days=1)


def cards(desk: Desk, who: str, title: str = TITLE) -> list[Seen]:
    return [seen for seen in desk.chat(who) if title in {seen.card.title, *seen.history}]


async def asked(desk: Desk) -> Seen:
    """Wait for the question."""
    await days(desk, 3)
    await desk.app.settle()
    (seen,) = cards(desk, MINE)
    return seen


async def kept(desk: Desk) -> list[tuple[object, ...]]:
    async with desk.store.read() as work:
        c = shadows.c
        found = await work.connection.execute(select(c.person, c.place, c.reason, c.back))
        return [tuple(row) for row in found]


class TestAsked:
    async def test_once_late_in_the_week_and_again_after_four(self, desk: Desk) -> None:
        await days(desk, 2)
        assert not cards(desk, MINE), "it is Thursday night at most"
        await days(desk, 3)
        assert len(cards(desk, MINE)) == 1
        await desk.taps(MINE, word("shadow.place.crm"))
        await days(desk, 22)
        assert len(cards(desk, MINE)) == 1
        await days(desk, 6)
        assert len(cards(desk, MINE)) == 2
        assert not cards(desk, "eve"), "service has not started"

    async def test_let_pass_twice_it_is_asked_no_more(self, desk: Desk) -> None:
        await days(desk, 7 * 14)
        assert len(cards(desk, MINE)) == 2
        await desk.taps(MINE, word("shadow.place.na"))
        await days(desk, 7 * 4)
        assert len(cards(desk, MINE)) == 3

    @pytest.mark.parametrize("how", ["stopped", "away", "paused", "moved"])
    async def test_not_who_asked_for_quiet_since(self, desk: Desk, how: str) -> None:
        await desk.app.rounds["shadow"][0]()
        later = MORNING + timedelta(days=20)
        changed: Mapping[str, Mapping[str, object]] = {
            "stopped": {"stopped": True},
            "away": {"away_until": later},
            "paused": {"paused_until": later},
            "moved": {"segment": "service"},
        }
        await is_here(desk, MINE, **changed[how])
        await days(desk, 25)
        assert not cards(desk, MINE)

    async def test_it_uses_up_a_touch(self, desk: Desk) -> None:
        await asked(desk)
        async with desk.store.read() as work:
            had = await work.connection.exec_driver_sql("SELECT person FROM touches")
            assert [row[0] for row in had] == [MINE]

    async def test_a_late_program_asks_in_the_same_week_or_not_at_all(self, desk: Desk) -> None:
        desk.clock.pass_(days=3)
        await desk.app.rounds["shadow"][0]()
        desk.clock.pass_(days=3)
        await days(desk, 1)
        assert not cards(desk, MINE), "it was queued on Friday, and nobody sent it until Monday"

    async def test_why_it_came_is_told(self, desk: Desk) -> None:
        await asked(desk)
        await desk.taps(MINE, word("tip.why_this"))
        assert word("why_this.shadow") in desk.last(MINE).text


class TestAnswered:
    @pytest.mark.parametrize("place", ["crm", "na"])
    async def test_in_the_crm_is_thanked_for(self, desk: Desk, place: str) -> None:
        seen = await asked(desk)
        await desk.taps(MINE, word(f"shadow.place.{place}"))
        (after,) = cards(desk, MINE)
        assert after.ref == seen.ref
        assert after.card.title == word("shadow_heard.kept.title")
        assert await kept(desk) == [(MINE, place, "", None)]
        await days(desk, 20)
        assert not cards(desk, MINE, CHECK)

    @pytest.mark.parametrize("place", ["partly", "sheet", "paper"])
    async def test_elsewhere_is_asked_why_and_once_more(self, desk: Desk, place: str) -> None:
        await asked(desk)
        await desk.taps(MINE, word(f"shadow.place.{place}"))
        assert cards(desk, MINE)[0].card.title == WHY
        await days(desk, 12)
        assert not cards(desk, MINE, CHECK)
        await days(desk, 4)
        assert len(cards(desk, MINE, CHECK)) == 1
        await days(desk, 10)
        assert len(cards(desk, MINE, CHECK)) == 1

    @pytest.mark.parametrize("reason", [one for one in REASONS if one != "else"])
    async def test_each_reason_has_its_help(self, desk: Desk, reason: Reason) -> None:
        await asked(desk)
        await desk.taps(MINE, word("shadow.place.sheet"))
        await desk.taps(MINE, word(f"shadow.reason.{reason}"))
        (after,) = cards(desk, MINE)
        assert word(f"shadow.fix.{reason}") in after.text
        assert word("shadow.later") in after.text
        named = [button.tap.choice for button in after.buttons.values()]
        assert tuple(named) == HELPS[reason]
        assert await kept(desk) == [(MINE, "sheet", reason, None)]

    async def test_something_else_in_their_own_words(self, desk: Desk) -> None:
        await asked(desk)
        await desk.taps(MINE, word("shadow.place.paper"))
        reply = await desk.taps(MINE, word("shadow.reason.else"))
        assert reply
        token = cards(desk, MINE)[0].token
        await desk.fills(MINE, "shadow.wrote", {"shadow": "  "}, token)
        assert await kept(desk) == [(MINE, "paper", "", None)]
        await desk.fills(MINE, "shadow.wrote", {"shadow": " No signal there "}, token)
        assert await kept(desk) == [(MINE, "paper", "else", None)]
        async with desk.store.read() as work:
            words = await work.remarks(MINE)
        assert [(one.about, one.text) for one in words] == [("shadow:else", "No signal there")]

    async def test_another_answer_takes_its_place(self, desk: Desk) -> None:
        await asked(desk)
        for place in ("sheet", "crm", "partly", "crm"):
            await desk.taps(MINE, word(f"shadow.place.{place}"))
            assert (await kept(desk))[0][1] == place
            await desk.taps(MINE, word("shadow.change"))
        await days(desk, 20)
        assert not cards(desk, MINE, CHECK), "their last word was that all of it is there"

    @pytest.mark.parametrize(
        ("typed", "place"),
        [("Excel", "sheet"), ("op papier", "paper"), ("in Dynamics", "crm"), ("Partly!", "partly")],
    )
    async def test_typed_it_counts_too(self, desk: Desk, typed: str, place: str) -> None:
        await asked(desk)
        await desk.says(MINE, typed)
        assert (await kept(desk))[0][1] == place
        follows = word("shadow_heard.kept.title") if place == "crm" else WHY
        assert desk.last(MINE).card.title == follows

    async def test_nobody_answers_for_another_nor_what_was_not_offered(self, desk: Desk) -> None:
        seen = await asked(desk)
        await desk.arrive(Tapped(at("ann"), "shadow.kept", "crm", seen.token))
        await desk.arrive(Tapped(at(MINE), "shadow.kept", "cloud", seen.token))
        await desk.arrive(Tapped(at(MINE), "shadow.reason", "habit", seen.token))
        assert await kept(desk) == []
        await desk.taps(MINE, word("shadow.place.sheet"))
        await desk.arrive(Tapped(at(MINE), "shadow.kept", "crm", seen.token))
        await desk.arrive(Tapped(at(MINE), "shadow.reason", "boredom", cards(desk, MINE)[0].token))
        assert await kept(desk) == [(MINE, "sheet", "", None)]


class TestTwoWeeksLater:
    async def check(self, desk: Desk) -> Seen:
        await asked(desk)
        await desk.taps(MINE, word("shadow.place.sheet"))
        await days(desk, 17)
        (seen,) = cards(desk, MINE, CHECK)
        return seen

    async def test_back(self, desk: Desk) -> None:
        seen = await self.check(desk)
        assert seen.card.notice == word("use.notice")
        await desk.taps(MINE, word("shadow.check.back"))
        assert await kept(desk) == [(MINE, "sheet", "", True)]
        assert cards(desk, MINE, CHECK)[0].card.title == word("shadow_heard.back.title")

    async def test_not_yet_is_thanked_for_and_leads_to_help(self, desk: Desk) -> None:
        await self.check(desk)
        await desk.says(MINE, "not yet")
        assert await kept(desk) == [(MINE, "sheet", "", False)]
        assert desk.last(MINE).card.title == word("shadow_heard.not_yet.title")
        await desk.taps(MINE, word("stops.ask"))
        assert desk.last(MINE).card.title == word("stops.title")
        await days(desk, 9)
        assert len(cards(desk, MINE, CHECK)) == 1

    async def test_who_stopped_since_is_not_asked(self, desk: Desk) -> None:
        await asked(desk)
        await desk.taps(MINE, word("shadow.place.sheet"))
        await desk.says(MINE, "stop")
        await days(desk, 20)
        assert not cards(desk, MINE, CHECK)

    async def test_why_it_came_is_told(self, desk: Desk) -> None:
        await self.check(desk)
        await desk.says(MINE, "why did I get this")
        assert word("why_this.shadow") in desk.last(MINE).text


async def say(desk: Desk, said: Mapping[str, Place], at_: datetime) -> None:
    async with desk.store.write() as work:
        for who, place in said.items():
            await work.keep([ShadowKept(W47, place)], who, at_)


async def close(desk: Desk, monday: date) -> None:
    desk.clock.now = datetime(monday.year, monday.month, monday.day, 4, tzinfo=UTC)
    what = desk.app.rounds["closings"][0]
    await asyncio.gather(what(), what())


async def told(desk: Desk, unit: str = TOP) -> dict[str, tuple[Figure, ...]]:
    async with desk.store.read() as work:
        return await work.figures(unit, ["shadow", "came_back"])


async def released(desk: Desk) -> list[Release]:
    async with desk.store.read() as work:
        return await work.released(1000)


@pytest.fixture
async def crowd(desk: Desk) -> Desk:
    """Return the house with twenty people more, their manager, a sponsor and the CRM team."""
    async with desk.store.write() as work:
        crowd = [Person(who, who, manager="mo", segment="sales") for who in CROWD]
        heads = [Person(who, who.title(), language="en", addresses=(at(who),))
                 for who in ("mo", "sam", "cor")]  # fmt: skip
        await work.save([*crowd, *heads], MORNING)
        roles = [Grant("mo", Role.MANAGER), Grant("sam", Role.SPONSOR)]
        await work.keep([*roles, Grant("cor", Role.CRM_TEAM)], "settings", MORNING)
        done = deliveries.insert().values(
            occasion="pulse:2026-W47", person="c0", kind="post", note={}, card="pulse", priority=1,
            run="pulses", lane="", due=MORNING, state="sent", sent_at=MORNING,
        )  # fmt: skip
        await work.connection.execute(done)
    return desk


def among(many: int, elsewhere: int = 6, partly: int = 4) -> Mapping[str, Place]:
    """Let some say where they keep things, the others that it is all in the CRM."""

    def place(nth: int) -> Place:
        if nth < partly:
            return "partly"
        return ("paper" if nth == partly else "sheet") if nth < partly + elsewhere else "crm"

    return {who: place(nth) for nth, who in enumerate(CROWD[:many])}


class TestSummedUp:
    async def test_enough_people_are_a_number_at_the_top(self, crowd: Desk) -> None:
        await say(crowd, among(20), MORNING)
        await close(crowd, W47 + WEEK)
        (figure,) = (await told(crowd))["shadow"]
        assert figure.told
        assert figure.told.shares == {"crm": 0.5, "elsewhere": 0.3, "partly": 0.2}
        assert figure.told.band == "20-49"
        assert not (await told(crowd, "mo")).get("shadow"), "of a team there is none"

    @pytest.mark.parametrize(
        "said",
        [
            pytest.param(among(4, 2, 0), id="too few"),
            pytest.param(dict.fromkeys(CROWD, "crm"), id="all of one mind"),
            pytest.param({**dict.fromkeys(CROWD, "na"), **among(4, 2, 0)}, id="nothing to keep"),
        ],
    )
    async def test_too_few_or_all_the_same_are_none(
        self, crowd: Desk, said: Mapping[str, Place]
    ) -> None:
        await say(crowd, said, MORNING)
        await close(crowd, W47 + WEEK)
        (figure,) = (await told(crowd))["shadow"]
        assert figure.told is None

    async def test_it_is_told_every_four_weeks_of_other_answers_each_time(
        self, crowd: Desk
    ) -> None:
        await say(crowd, among(20), MORNING)
        for n in range(1, 4):
            await close(crowd, W47 + n * WEEK)
        await say(crowd, among(10, 2, 0), MORNING + 3 * WEEK)
        await close(crowd, W47 + 4 * WEEK)
        assert len((await told(crowd))["shadow"]) == 1
        await close(crowd, W47 + 5 * WEEK)
        found = [one.told for one in (await told(crowd))["shadow"] if one.told]
        assert [one.shares["crm"] for one in found] == [0.8, 0.5]
        assert found[0].band == "10-19"

    async def test_one_level_up_reads_it_and_the_ledger_knows(self, crowd: Desk) -> None:
        await say(crowd, among(20), MORNING)
        async with crowd.store.write() as work:
            for n, who in enumerate(CROWD[:10]):
                await work.keep([ShadowBack(W47, back=n < 4)], who, MORNING)
        await close(crowd, W47 + WEEK)
        crowd.clock.pass_(hours=5)
        await crowd.app.rounds["digests"][0]()
        await crowd.app.settle()
        for who in ("sam", "cor"):
            text = crowd.last(who).text
            assert re.search(r"Kept outside Dynamics: 3 in 10.*; partly: 2 in 10", text)
            assert re.search(r"Came back to Dynamics: 4 in 10", text)
        assert "Kept outside" not in "".join(seen.text for seen in crowd.chat("mo"))
        ours = {(r.viewer, r.measure) for r in await released(crowd)}
        assert {m for viewer, m in ours if viewer == "sam"} >= {"shadow", "came_back"}
        assert not {m for viewer, m in ours if viewer == "mo"} & {"shadow", "came_back"}

    async def test_who_came_back_is_not_told_of_too_few(self, crowd: Desk) -> None:
        await say(crowd, among(20), MORNING)
        async with crowd.store.write() as work:
            for who in CROWD[:4]:
                await work.keep([ShadowBack(W47, back=who == "c0")], who, MORNING)
        await close(crowd, W47 + WEEK)
        crowd.clock.pass_(hours=5)
        await crowd.app.rounds["digests"][0]()
        await crowd.app.settle()
        assert "Kept outside" in crowd.last("sam").text
        assert "Came back" not in crowd.last("sam").text
