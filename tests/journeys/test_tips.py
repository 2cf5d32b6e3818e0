"""Weeks with tips: chosen for the person, asked about later, left alone, and never too much."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from adapters.store.database import Store
from dialogs.speech import catalogue
from nudges import tips
from nudges.adkar import Answer
from nudges.delivery import Delivery, Priority, State
from nudges.people import Person
from nudges.recall import TipSaid
from tests import desk as house
from tests.adapters.content.tips import tip, write
from tests.clock import Clock
from tests.desk import LIBRARY, Desk, Seen, at, open_desk

ZONE = ZoneInfo("Europe/Amsterdam")
ELEMENTS = ("awareness", "desire", "knowledge", "ability", "reinforcement")
TITLES = {"en": "Tip ", "nl": "Tip over "}
EN, NL = catalogue("en"), catalogue("nl")
QUIZ = EN.gettext("tip_quiz.title")
TICKS = 4
"""How often a day the house wakes here."""
MONDAY = datetime(2026, 11, 16, 6, tzinfo=UTC)


def word(key: str, language: str = "en") -> str:
    return catalogue(language).gettext(key).replace("**", "")


@pytest.fixture
async def desk(
    memory: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Desk:
    """Return a house with ten tips, two for each element, where nobody is asked a pulse."""
    texts = {f"{e[:2]}{n}": tip(f"{e} {n}", e) for e in ELEMENTS for n in (1, 2)}
    texts["s1"] = tip("selling", "ability", jobs='"sales"', area="leads")
    own = house.settings().model_copy(update={"content": write(tmp_path, **texts)})
    monkeypatch.setattr(house, "settings", lambda: own)
    house.only_own_tips(monkeypatch)
    clock.now = MONDAY
    return await open_desk(memory, clock)


async def knows(desk: Desk, who: str = "ann", **more: object) -> Person:
    async with desk.store.write() as work:
        there = (await work.people([who])).get(who) or Person(who, name=who, addresses=(at(who),))
        known = replace(there, zone=ZONE.key, welcomed=True, next_due=None)
        known = replace(known, **more)
        await work.save([known], desk.clock())
    return known


async def stands(desk: Desk, who: str, **scores: int) -> None:
    """Let somebody have answered: every question about an element, or one question."""
    found = [
        Answer(who, q.id, scores[key], desk.clock() - timedelta(hours=2))
        for q in LIBRARY.bank.values()
        for key in (q.element.value, q.id.replace("-", "_"))
        if key in scores and (q.scored or key != q.element.value)
    ]
    given = [
        replace(a, score=6 - (a.score or 0)) if LIBRARY.bank[a.question].reversed else a
        for a in found
    ]
    async with desk.store.write() as work:
        await work.keep_answers(given)
        await work.outlook_due([who])


async def days(desk: Desk, many: float, react: Callable[[Seen], str] | None = None) -> list[str]:
    """Let days go by, with two tickers at once; returns what came to Ann, with its local day."""
    came: list[str] = []
    rounds = ("outlooks", "tips_new", "tips")
    for _ in range(round(many * TICKS)):
        before = len(desk.chat("ann"))
        for name in rounds:
            what, _ = desk.app.rounds[name]
            await asyncio.gather(what(), what())
        await desk.app.settle()
        now = desk.clock().astimezone(ZONE)
        for seen in desk.chat("ann")[before:]:
            came.append(f"{now:%a %d %b %H:%M} {name_of(seen)}")
            if react and (label := react(seen)):
                await desk.taps("ann", label, seen)
        desk.clock.pass_(hours=24 / TICKS)
    return came


def reacts(seen: Seen) -> str:
    """Find every tip useful, and know the answer to every question."""
    return right(seen) if seen.card.title == QUIZ else word("tip.useful.yes")


def name_of(seen: Seen) -> str:
    """Name a tip's card by what stands in it."""
    title = seen.card.title
    if title != QUIZ:
        return title.removeprefix(TITLES["en"])
    return "? " + seen.text.split("“")[1].split("”")[0].removeprefix(TITLES["en"])


def right(seen: Seen, start: str = "Right ") -> str:
    """Return the letter beside the right answer."""
    lines = [line for line in seen.text.splitlines() if line[1:].startswith(f"  {start}")]
    return lines[0][0]


def wrong(seen: Seen) -> str:
    return right(seen, "Wrong one")


async def test_one_a_week_in_the_morning_with_why_and_the_ways_out(desk: Desk) -> None:
    await knows(desk, language="en")
    came = await days(desk, 21, reacts)
    assert all("09:00" <= line.split(" ", 4)[3] <= "13:00" for line in came)
    whens = [datetime.strptime(f"{line[4:10]} 2026", "%d %b %Y").date() for line in came]  # noqa: DTZ007 - a day
    assert len(came) == 3
    assert [later - one for one, later in pairwise(whens)] == [timedelta(days=7)] * 2
    assert all(day.weekday() < 5 for day in whens)
    first, second, third = came
    assert "awareness" in first, "what is worth thinking about comes first"
    assert second.endswith(f"? {first.split(' ', 4)[4]}"), "every second one comes back"
    assert "selling" in third
    assert word("tip.said.yes") in desk.chat("ann")[0].text, "at once, and in its place"
    seen = desk.chat("ann")[2]
    assert "Because it fits your work in sales." in seen.text


@pytest.mark.parametrize(
    ("scores", "allowed"),
    [
        ({"awareness": 1}, {"awareness", "desire"}),
        ({"awareness": 5, "desire": 1}, {"awareness", "desire"}),
        ({"awareness": 5, "desire": 5, "knowledge": 1}, set(ELEMENTS) | {"selling"}),
    ],
    ids=["awareness", "desire", "knowledge"],
)
async def test_nothing_is_pushed_on_who_does_not_want_it_and_everything_given_who_asks(
    desk: Desk, scores: dict[str, int], allowed: set[str]
) -> None:
    await knows(desk, language="en")
    await stands(desk, "ann", **scores)
    came = await days(desk, 49, reacts)
    pushed = {line.split(" ", 4)[4].removeprefix("? ").rstrip(" 12") for line in came}
    assert pushed <= allowed
    assert len(came) >= 4
    asked: set[str] = set()
    for _ in range(12):
        before = len(desk.chat("ann"))
        await desk.says("ann", "next tip")
        asked |= {name_of(s).rstrip(" 12") for s in desk.chat("ann")[before:]}
    assert {"knowledge", "ability"} <= asked | pushed


async def test_a_barrier_that_comes_up_meanwhile_is_seen_before_sending(desk: Desk) -> None:
    await knows(desk, language="en")
    await stands(desk, "ann", awareness=5, desire=5, knowledge=1)
    await days(desk, 14, reacts)
    while not (found := await waiting(desk)):
        for name in ("outlooks", "tips"):
            await desk.app.rounds[name][0]()
        found = await waiting(desk)
        if not found:
            desk.clock.pass_(hours=6)
    await stands(desk, "ann", awareness=1)
    before = len(desk.chat("ann"))
    await desk.app.settle()
    new = [name_of(s) for s in desk.chat("ann")[before:]]
    assert not any("knowledge" in n or "ability" in n or "selling" in n for n in new)


async def waiting(desk: Desk) -> int:
    async with desk.store.read() as work:
        return (await work.states()).get(State.QUEUED, 0)


async def test_asked_again_after_growing_whiles_until_it_is_known(desk: Desk) -> None:
    await knows(desk, language="en", job="none")
    await desk.says("ann", "tip")
    first = name_of(desk.last("ann"))
    asked: list[date] = []

    def react(seen: Seen) -> str:
        if name_of(seen) != f"? {first}":
            return right(seen) if name_of(seen)[0] == "?" else word("tip.useful.no")
        asked.append(desk.clock().date())
        return right(seen)

    await days(desk, 200, react)
    whiles = [(b - a).days for a, b in zip([MONDAY.date(), *asked], asked, strict=False)]
    assert len(asked) == 4, whiles
    assert all(got >= wanted for got, wanted in zip(whiles, (3, 7, 21, 60), strict=True)), whiles
    assert whiles[1] < whiles[2] < whiles[3]
    texts = [s.text for s in desk.chat("ann")]
    assert sum(word("tip_result.known") in text for text in texts) >= 1


async def test_a_wrong_answer_is_told_kindly_and_starts_again(desk: Desk) -> None:
    await knows(desk, language="en", job="none")
    await desk.says("ann", "tip")
    tip_seen = desk.last("ann")
    title = tip_seen.card.title
    await desk.taps("ann", word("tip.quiz"))
    quiz = desk.last("ann")
    assert quiz.ref == tip_seen.ref, "the words are not beside the question"
    assert "Do " not in quiz.text
    places = [b.tap.choice for b in quiz.buttons.values()]
    assert places[:3] == ["0", "1", "2"], "which is right is not in the card"
    await desk.taps("ann", wrong(quiz))
    result = desk.last("ann")
    assert (result.ref, result.card.title) == (quiz.ref, word("tip_result.wrong.title"))
    assert "Right " in result.text
    assert "Thursday 19 November" in result.text
    await desk.taps("ann", word("tip.read"))
    assert desk.last("ann").card.title == title
    await desk.taps("ann", wrong(quiz), quiz)
    assert word("stale.title") in desk.last("ann").card.title


async def test_who_knows_it_is_asked_once_in_three_weeks(desk: Desk) -> None:
    await knows(desk, language="en")
    await desk.says("ann", "tip")
    await desk.taps("ann", word("tip.knows"))
    assert "Monday 7 December" in desk.last("ann").text


async def test_a_letter_answers_the_question_that_came(desk: Desk) -> None:
    await knows(desk, language="en", job="none")
    await days(desk, 30, lambda s: "" if name_of(s)[0] == "?" else word("tip.useful.yes"))
    quiz = next(s for s in reversed(desk.chat("ann")) if s.card.title == QUIZ)
    assert quiz is desk.last("ann")
    await desk.says("ann", right(quiz).lower())
    assert desk.last("ann").card.title == word("tip_result.right.title")
    assert word("answered.title") in next(s for s in desk.chat("ann") if s.ref == quiz.ref).text


async def test_not_now_brings_it_a_week_later_and_nothing_else_meanwhile(desk: Desk) -> None:
    await knows(desk, language="en")
    pressed: list[str] = []

    def react(seen: Seen) -> str:
        pressed.append(name_of(seen))
        return word("tip.later") if len(pressed) == 1 else word("tip.useful.yes")

    came = await days(desk, 16, react)
    assert len(came) == 2
    assert len(set(pressed)) == 1
    first, again = (int(line[4:6]) for line in came)
    assert again - first == 7


async def test_let_pass_twice_they_stop_until_one_is_asked_for(desk: Desk) -> None:
    await knows(desk, language="en")
    assert len(await days(desk, 50)) == 2
    await desk.says("ann", "tip")
    assert len(await days(desk, 14)) >= 1


@pytest.mark.parametrize(
    "quiet",
    [
        {"stopped": True},
        {"paused_until": MONDAY + timedelta(days=30)},
        {"away_until": MONDAY + timedelta(days=30)},
        {"left": True},
    ],
    ids=["stopped", "paused", "away", "left"],
)
async def test_who_wants_quiet_gets_none_and_still_may_ask(
    desk: Desk, quiet: dict[str, object]
) -> None:
    person = await knows(desk)
    async with desk.store.write() as work:
        await work.save([replace(person, **quiet)], desk.clock())
    assert await days(desk, 28) == []
    await desk.says("ann", "tip")
    assert desk.last("ann").card.title.startswith("Tip ")


async def test_before_the_first_day_nothing_is_taught_and_nothing_on_it(desk: Desk) -> None:
    await knows(desk, language="en", segment="service", job="service")
    came = await days(desk, 42, reacts)
    assert len(came) >= 4
    assert not any(e in str(came) for e in ("knowledge", "ability", "reinforcement", "selling"))


async def test_what_they_know_less_well_is_named_as_what_they_said(desk: Desk) -> None:
    await knows(desk, language="nl")
    await stands(desk, "ann", awareness=5, desire=5, knowledge=5, ability=1, K_leads=2)
    await desk.says("ann", "tip")
    await desk.says("ann", "volgende tip")
    about = LIBRARY.wordings["K-leads"].about["nl"].replace("{crm}", "Dynamics")
    assert f"Vanwege wat je zei over {about}." in desk.last("ann").text
    assert desk.last("ann").card.title == "Tip over selling"


async def test_the_same_is_never_given_twice_on_a_day(desk: Desk) -> None:
    await knows(desk, language="nl")
    for _ in range(15):
        await desk.says("ann", "volgende tip")
    titles = [s.card.title for s in desk.chat("ann")]
    assert len(set(titles)) == 12
    assert titles[11:] == [word("no_tip.title", "nl")] * 4
    assert "donderdag 19 november" in desk.last("ann").text


async def test_what_five_found_useless_sinks_and_four_do_not(desk: Desk) -> None:
    async def votes(many: int) -> None:
        async with desk.store.write() as work:
            for n in range(many):
                await work.save([Person(f"v{n}")], desk.clock())
                await work.keep([TipSaid("aw1", "not_useful")], f"v{n}", desk.clock())
        await desk.app.rounds["tips_new"][0]()

    await knows(desk, language="en", job="none")
    await knows(desk, "bob", language="en", job="none")
    await votes(4)
    await desk.says("ann", "tip")
    assert name_of(desk.last("ann")) == "awareness 1"
    await votes(5)
    await desk.says("bob", "tip")
    assert name_of(desk.last("bob")) != "awareness 1"


async def test_why_did_i_get_this(desk: Desk) -> None:
    await knows(desk, language="en")
    await days(desk, 7)
    assert {word("tip.later"), word("tip.useful.no")} <= desk.last("ann").buttons.keys()
    await desk.taps("ann", word("tip.why_this"))
    seen = desk.last("ann")
    assert word("why_this.tip") in seen.text
    assert {word("button.pause"), word("button.stop")} <= seen.buttons.keys()


async def test_a_tip_shares_the_budget_with_everything_else(desk: Desk) -> None:
    person = await knows(desk, language="en")
    async with desk.store.write() as work:
        await work.save([replace(person, next_due=desk.clock())], desk.clock())
    per_day: dict[date, int] = {}
    for _ in range(21 * TICKS):
        before = len(desk.chat("ann"))
        await desk.app.rounds["tips_new"][0]()
        await desk.app.ticker.plan()
        await desk.app.rounds["tips"][0]()
        await desk.app.settle()
        today = desk.clock().astimezone(ZONE).date()
        per_day[today] = per_day.get(today, 0) + len(desk.chat("ann")) - before
        desk.clock.pass_(hours=24 / TICKS)
    assert max(per_day.values()) == 1
    days_ = sorted(per_day)
    weeks = [sum(per_day[d] for d in days_[n : n + 7]) for n in range(len(days_) - 6)]
    assert max(weeks) <= 3
    assert sum(s.card.title.startswith("Tip ") for s in desk.chat("ann")) >= 1


async def test_a_tip_that_was_taken_out_of_the_content_is_not_sent(desk: Desk) -> None:
    await knows(desk, language="en")
    await desk.says("ann", "tip")
    seen = desk.last("ann")
    settings = house.settings().model_copy(update={"content": None})
    channel = house.Connection("browser", house.read, desk.notebook)
    ours = house.build(settings, desk.store, [channel], desk.clock)
    theirs = Desk(ours, desk.store, desk.clock, desk.notebook, desk.keys)
    await theirs.taps("ann", word("tip.quiz"), seen)
    assert desk.last("ann").card.title == word("stale.title")
    week = tips.occasion(desk.clock().date())
    note = tips.TipNote("aw1", pushed=True)
    late = Delivery(week, "ann", note, Priority.NUDGE, desk.clock())
    async with desk.store.write() as work:
        await work.plan([late])
    desk.clock.pass_(hours=5)
    before = len(desk.chat("ann"))
    await theirs.app.settle()
    assert len(desk.chat("ann")) == before
    async with desk.store.read() as work:
        assert (await work.states())[State.CANCELLED] == 1
