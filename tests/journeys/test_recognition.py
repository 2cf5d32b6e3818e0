"""Recognition from the measured weeks to the one who hears of it, in the form that was chosen.

Nothing comes where the privacy officer's switch is off; nobody else hears of anything before a
yes, and of a no nobody hears at all.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from adapters.store.database import Store
from adapters.store.schema import erasers
from bot.wiring.parts import Connection, build
from dialogs.speech import catalogue
from nudges.adoption import WEEK, Metric, Use
from nudges.people import Person, Recognition
from nudges.use_linked import UseLinked
from tests import desk as house
from tests.clock import Clock
from tests.desk import Desk, open_desk, read, settings

FIRST = date(2026, 11, 2)
GOOD = {Metric.ACTIVE_DAYS: 4.0, Metric.RECORDS: 9.0}
LITTLE = {Metric.ACTIVE_DAYS: 1.0, Metric.RECORDS: 1.0}
PEOPLE = (
    Person("ann", "Ann Field", language="en", manager="mo", segment="sales", job="sales"),
    Person("bob", "Bob van Dam", language="nl", manager="mo", segment="sales", job="sales"),
    Person("cas", "Cas Kok", language="nl", manager="mo", segment="sales", job="sales"),
    Person("dee", "Dee Zhou", language="en", manager="ned", segment="sales", job="sales"),
    Person("mo", "Mo Bakker", language="nl", segment="sales"),
)


def word(key: str, language: str = "en", **values: object) -> str:
    values = {"crm": "Dynamics", **values}
    return catalogue(language).gettext(key).replace("**", "").format(**values)


@pytest.fixture
async def desk(memory: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Desk:
    house.only_own_tips(monkeypatch)
    clock.now = datetime(2026, 11, 2, 9, tzinfo=UTC)
    everybody = tuple(replace(p, welcomed=True, zone="Europe/Amsterdam") for p in PEOPLE)
    monkeypatch.setattr(house, "PEOPLE", everybody)
    desk = await open_desk(memory, clock)
    async with desk.store.write() as work:
        await work.keep([UseLinked(on=True, basis="x", since=FIRST)], "pia", clock())
    return desk


async def likes(desk: Desk, who: str, form: Recognition | None, **more: str) -> None:
    async with desk.store.write() as work:
        person = (await work.people([who]))[who]
        await work.save([replace(person, recognition=form, **more)], desk.clock())


async def week(desk: Desk, nth: int, **told: Mapping[Metric, float]) -> None:
    """Let a week's figures come in on the Monday after it; two processes judge them at once."""
    monday = FIRST + nth * WEEK
    start = datetime(monday.year, monday.month, monday.day, 9, tzinfo=UTC)
    desk.clock.now = max(desk.clock.now, start + WEEK)
    async with desk.store.write() as work:
        uses = [Use(who, monday, found) for who, found in told.items()]
        await work.keep_usage(uses, "csv", desk.clock())
    second = build(settings(), desk.store, [Connection("browser", read, desk.notebook)], desk.clock)
    await asyncio.gather(*(app.rounds["levels"][0]() for app in (desk.app, second)))
    await desk.app.settle()


async def passes(desk: Desk, days: float) -> None:
    """Let some days pass; every morning whatever wakes wakes, in two processes."""
    end = desk.clock.now + timedelta(days=days)
    while desk.clock.now < end:
        desk.clock.now = min(desk.clock.now + timedelta(days=1), end)
        second = build(
            settings(), desk.store, [Connection("browser", read, desk.notebook)], desk.clock
        )
        for _ in range(2):
            both = (app.rounds["recognition"][0]() for app in (desk.app, second))
            await asyncio.gather(*both)
            await desk.app.settle()


def titled(desk: Desk, who: str, key: str, language: str) -> int:
    return sum(seen.card.title == word(key, language) for seen in desk.chat(who))


async def reached(desk: Desk, *whose: str) -> None:
    """Let people reach the first level, and the day after come."""
    for nth in range(3):
        await week(desk, nth, **dict.fromkeys(whose, GOOD))
    await passes(desk, 1)


@pytest.mark.parametrize(("who", "language"), [("ann", "en"), ("bob", "nl")])
async def test_a_manager_hears_the_very_words_after_a_yes(
    desk: Desk, who: str, language: str
) -> None:
    await likes(desk, who, Recognition.MANAGER)
    await reached(desk, who)
    asked = desk.having(who, word("may_i_tell.yes", language))
    assert asked.card.title == word("may_i_tell.title", language)
    assert "Mo Bakker" in asked.text
    assert desk.chat("mo") == [], "not before a yes"
    await desk.taps(who, word("may_i_tell.yes", language))
    assert asked.ref == desk.last(who).ref, "the question is replaced"
    assert word("recognition_said.manager.title", language) in desk.last(who).text
    await passes(desk, 1)
    (seen,) = desk.chat("mo")
    name = next(p.name for p in PEOPLE if p.id == who)
    said = word(
        "deed.they.active_days",
        "nl",
        when=word("when.weeks", "nl", n="drie", of="vier"),
        name=name,
        much=word("counted.days", "nl", n="drie"),
    )
    assert seen.card.title == word("result_of.title", "nl")
    assert said in seen.text
    if language == "nl":
        assert said in asked.text, "the very words that were agreed to"
    assert len(desk.chat("cas")) == 0
    await passes(desk, 3)
    assert len(desk.chat("mo")) == 1


async def test_of_a_no_nobody_hears(desk: Desk) -> None:
    await likes(desk, "ann", Recognition.MANAGER)
    await reached(desk, "ann")
    await desk.taps("ann", word("may_i_tell.no"))
    assert desk.last("ann").card.title == word("recognition_said.no.title")
    await passes(desk, 10)
    assert all(desk.chat(who) == [] for who in ("mo", "bob", "cas", "dee"))
    async with desk.store.read() as work:
        assert await work.untold(9) == []
        acts = {one.act for one in await work.audited()}
    assert acts == {"switch_on"}, "the log has nothing of it"


async def test_no_answer_is_no(desk: Desk) -> None:
    await likes(desk, "ann", Recognition.PUBLIC)
    await reached(desk, "ann")
    await passes(desk, 20)
    assert all(desk.chat(who) == [] for who in ("mo", "bob", "cas", "dee"))


async def test_an_hour_to_learn_is_asked_for_arranged_and_told(desk: Desk) -> None:
    await likes(desk, "bob", Recognition.LEARNING_TIME)
    await reached(desk, "bob")
    await desk.taps("bob", word("may_i_tell.yes", "nl"))
    await passes(desk, 1)
    assert word("result_of.hour", "nl", name="Bob van Dam") in desk.last("mo").text
    await desk.taps("mo", word("result_of.arranged", "nl"))
    assert desk.last("mo").card.title == word("hour_said.arranged.title", "nl")
    await passes(desk, 2)
    assert titled(desk, "bob", "learning_hour.title", "nl") == 1
    assert "Mo Bakker" in desk.last("bob").text
    await passes(desk, 3)
    assert titled(desk, "bob", "learning_hour.title", "nl") == 1


async def test_not_now_is_the_managers_own(desk: Desk) -> None:
    await likes(desk, "ann", Recognition.LEARNING_TIME)
    await reached(desk, "ann")
    await desk.taps("ann", word("may_i_tell.yes"))
    await passes(desk, 1)
    had = len(desk.chat("ann"))
    await desk.taps("mo", word("result_of.not_now", "nl"))
    await passes(desk, 5)
    assert len(desk.chat("ann")) == had


async def test_a_team_gets_one_card_on_monday_morning_with_all_names(desk: Desk) -> None:
    for who in ("ann", "bob"):
        await likes(desk, who, Recognition.PUBLIC)
    await reached(desk, "ann", "bob")
    await desk.taps("ann", word("may_i_tell.yes"))
    await passes(desk, 1)
    await desk.taps("bob", word("may_i_tell.yes", "nl"))
    await passes(desk, 1)
    assert desk.chat("cas") == [], "it waits for Monday"
    await passes(desk, 5)
    (seen,) = desk.chat("cas")
    assert seen.card.title == word("spotlight.title", "nl")
    assert "Ann Field" in seen.text
    assert "Bob van Dam" in seen.text
    assert titled(desk, "ann", "spotlight.title", "en") == 1
    assert "Ann Field" not in desk.last("ann").text, "nobody reads of themselves"
    assert desk.chat("dee") == desk.chat("mo") == [], "another team, and the manager"


async def test_who_changes_their_mind_before_monday_is_not_named(desk: Desk) -> None:
    await likes(desk, "ann", Recognition.PUBLIC)
    await reached(desk, "ann")
    await desk.taps("ann", word("may_i_tell.yes"))
    await passes(desk, 1)
    await likes(desk, "ann", Recognition.NONE)
    await passes(desk, 10)
    assert desk.chat("cas") == desk.chat("bob") == []


async def test_who_is_forgotten_before_monday_is_not_named(desk: Desk) -> None:
    await likes(desk, "ann", Recognition.PUBLIC)
    await reached(desk, "ann")
    await desk.taps("ann", word("may_i_tell.yes"))
    await passes(desk, 1)
    async with desk.store.write() as work:
        for statement in erasers("ann"):
            await work.connection.execute(statement)
    await passes(desk, 10)
    assert desk.chat("cas") == desk.chat("bob") == []


async def test_another_manager_hears_nothing_that_was_asked_about_this_one(desk: Desk) -> None:
    await likes(desk, "ann", Recognition.MANAGER)
    await reached(desk, "ann")
    await likes(desk, "ann", Recognition.MANAGER, manager="cas")
    await desk.taps("ann", word("may_i_tell.yes"))
    assert desk.last("ann").card.title == word("recognition_said.over.title")
    await passes(desk, 5)
    assert desk.chat("cas") == desk.chat("mo") == []


@pytest.mark.parametrize(
    ("form", "comes"),
    [(Recognition.PRIVATE, 1), (None, 1), (Recognition.NONE, 0)],
)
async def test_a_result_of_their_own_is_for_them_alone(
    desk: Desk, form: Recognition | None, comes: int
) -> None:
    await likes(desk, "bob", form)
    for nth in range(4):
        await week(desk, nth, bob=LITTLE)
    for nth in range(4, 8):
        more = {Metric.ACTIVE_DAYS: 2.0, Metric.RECORDS: 1.0}
        await week(desk, nth, bob=more)
    await passes(desk, 1)
    assert titled(desk, "bob", "recognised.title", "nl") == comes
    assert all(desk.chat(who) == [] for who in ("mo", "ann", "cas", "dee"))
    said = word("gain.you.active_days", "nl", now="1,8", before="1")
    texts = [seen.text for seen in desk.chat("bob") if "vier weken daarvoor" in seen.text]
    assert [said in text for text in texts] == [True] * comes, texts


async def test_nothing_while_it_is_switched_off(desk: Desk) -> None:
    await likes(desk, "ann", Recognition.MANAGER)
    async with desk.store.write() as work:
        await work.keep([UseLinked(on=False)], "pia", desk.clock())
    await reached(desk, "ann")
    await passes(desk, 5)
    assert desk.chat("ann") == []


async def test_switched_off_after_the_yes_nobody_is_told(desk: Desk) -> None:
    await likes(desk, "ann", Recognition.PUBLIC)
    await reached(desk, "ann")
    await desk.taps("ann", word("may_i_tell.yes"))
    await passes(desk, 1)
    async with desk.store.write() as work:
        await work.keep([UseLinked(on=False)], "pia", desk.clock())
    await passes(desk, 8)
    assert desk.chat("cas") == desk.chat("bob") == []


async def test_who_has_nobody_to_tell_hears_of_it_alone(desk: Desk) -> None:
    await likes(desk, "dee", Recognition.MANAGER)
    for nth in range(4):
        await week(desk, nth, dee=LITTLE)
    for nth in range(4, 8):
        await week(desk, nth, dee={Metric.ACTIVE_DAYS: 2.0, Metric.RECORDS: 1.0})
    await passes(desk, 1)
    assert titled(desk, "dee", "recognised.title", "en") == 1, "their manager is nobody we know"
    assert titled(desk, "dee", "may_i_tell.title", "en") == 0


async def test_a_copied_card_tells_nothing(desk: Desk) -> None:
    await likes(desk, "ann", Recognition.MANAGER)
    await reached(desk, "ann")
    asked = desk.having("ann", word("may_i_tell.yes"))
    await desk.taps("bob", word("may_i_tell.yes"), on=asked)
    assert desk.last("bob").card.title == word("stale.title", "nl")
    await passes(desk, 2)
    assert desk.chat("mo") == []
