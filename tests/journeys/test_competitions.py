"""A competition and a clean-up sprint from the CRM team's form to the last card, in both languages.

Points come from measured weeks alone, however many programs count them; nobody sees fewer than
five, a bottom, or who does not take part.
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
from nudges.people import Person
from nudges.use_linked import UseLinked
from tests import desk as house
from tests.clock import Clock
from tests.desk import Desk, open_desk, read, settings

FIRST = date(2026, 11, 2)
"""The first day of what the forms below write, a Monday."""
PLAYERS = ("ann", "bob", "cas", "dee", "fay")
TEAM = (*PLAYERS, *(f"crew{n}" for n in range(7)))
PEOPLE = (
    *(
        Person(who, who.title(), language=language, manager="mo", segment="sales")
        for who, language in zip(PLAYERS, ("en", "nl", "nl", "en", "en"), strict=True)
    ),
    Person("eve", "Eve Moss", language="en", segment="service"),
    Person("cor", "Cor Team", language="nl", segment="service", roles=frozenset({"crm_team"})),
)
GAME = {
    "name_en": "Early birds",
    "name_nl": "Vroege vogels",
    "rule_en": "Most days with work in the CRM win.",
    "rule_nl": "De meeste dagen met werk in het CRM winnen.",
    "prize_en": "Lunch for two",
    "prize_nl": "Lunch voor twee",
    "starts": "2026-11-02",
    "ends": "2026-11-15",
    "segments": "sales",
    "active_days": "2 / 8",
    "records": "1/20",
}
SPRINT = {
    "reason_en": "The service desk rings back from January on.",
    "reason_nl": "De servicedesk belt vanaf januari terug.",
    "fill_en": "the phone number",
    "fill_nl": "het telefoonnummer",
    "goal": "90%",
    "starts": "2026-11-02",
    "ends": "2026-11-15",
    "segments": "sales",
}


def word(key: str, language: str = "en", **values: object) -> str:
    values = {"crm": "Dynamics", **values}
    return catalogue(language).gettext(key).replace("**", "").format(**values)


@pytest.fixture
async def desk(memory: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Desk:
    house.only_own_tips(monkeypatch)
    clock.now = datetime(2026, 10, 26, 9, tzinfo=UTC)
    everybody = tuple(replace(p, welcomed=True, zone="Europe/Amsterdam") for p in PEOPLE)
    monkeypatch.setattr(house, "PEOPLE", everybody)
    return await open_desk(memory, clock)


async def told(desk: Desk, nth: int, **days: float) -> None:
    """Let a week's figures come in on the Monday after it, or now if that is over."""
    monday = FIRST + nth * WEEK
    start = datetime(monday.year, monday.month, monday.day, 9, tzinfo=UTC)
    desk.clock.now = max(desk.clock.now, start + WEEK)
    async with desk.store.write() as work:
        uses = [Use(who, monday, {Metric.ACTIVE_DAYS: n}) for who, n in days.items()]
        await work.keep_usage(uses, "csv", desk.clock())
    await tick(desk)


async def tick(desk: Desk) -> None:
    """Let two processes wake at once, and the courier of one of them send."""
    second = build(settings(), desk.store, [Connection("browser", read, desk.notebook)], desk.clock)
    for name in ("competitions", "sprints"):
        await asyncio.gather(*(app.rounds[name][0]() for app in (desk.app, second)))
    await desk.app.settle()


async def until(desk: Desk, day: str) -> None:
    """Go on until a day, in the morning, with a tick each day."""
    end = datetime.fromisoformat(day).replace(hour=9, tzinfo=UTC)
    while desk.clock.now < end:
        desk.clock.now = min(desk.clock.now + timedelta(days=1), end)
        await tick(desk)


def titles(desk: Desk, who: str) -> list[str]:
    return [seen.card.title for seen in desk.chat(who)]


async def written(desk: Desk, command: str, new: str, verb: str, form: Mapping[str, str]) -> None:
    await desk.says("cor", command)
    opened = await desk.taps("cor", word(new, "nl"))
    assert opened is not None
    assert opened.form is not None
    await desk.fills("cor", verb, form, opened.form.token)


async def competition(desk: Desk, *joined: str, **other: str) -> None:
    """Let the CRM team write and announce a competition, and people join it."""
    new, save = "competition_desk.new", "competition_desk.save"
    await written(desk, "wedstrijd", new, save, GAME | other)
    await desk.taps("cor", "1. Vroege vogels")
    await desk.taps("cor", word("competition_desk.announce", "nl"))
    await tick(desk)
    for who in joined:
        language = next(p.language for p in PEOPLE if p.id == who)
        await desk.taps(who, word("competition.join", language))


async def mine(desk: Desk, who: str) -> str:
    """Return what somebody sees who asks, after opening the one competition there is."""
    language = next(p.language for p in PEOPLE if p.id == who)
    await desk.says(who, {"en": "competition", "nl": "wedstrijd"}[language])
    await desk.taps(who, {"en": "1. Early birds", "nl": "1. Vroege vogels"}[language])
    return desk.last(who).text


async def test_nobody_hears_of_a_draft_and_everybody_of_what_is_announced(desk: Desk) -> None:
    await written(desk, "wedstrijd", "competition_desk.new", "competition_desk.save", GAME)
    await tick(desk)
    assert all(desk.chat(who) == [] for who in (*PLAYERS, "eve"))
    await desk.taps("cor", "1. Vroege vogels")
    await desk.taps("cor", word("competition_desk.announce", "nl"))
    await tick(desk)
    await tick(desk)
    assert [titles(desk, who) for who in PLAYERS] == [
        ["Early birds"],
        ["Vroege vogels"],
        ["Vroege vogels"],
        ["Early birds"],
        ["Early birds"],
    ]
    assert desk.chat("eve") == [], "it is not for service"
    assert word("competition.means", "nl") in desk.last("bob").text
    assert word("award.active_days", "en", points="2 points", most=8) in desk.last("ann").text


async def test_points_the_first_three_and_a_correction(desk: Desk) -> None:
    await competition(desk, *PLAYERS)
    await told(desk, 0, ann=5, bob=3, cas=2, dee=1, fay=0)
    text = await mine(desk, "ann")
    assert word("competition.mine", points="8 points") in text
    assert f"{word('metric.active_days')}: 5, that gives 8 points" in text
    assert "1. Ann\n2. Bob\n3. Cas" in text
    assert "Dee" not in text
    assert "Fay" not in text
    assert word("competition.left", n=7) in text
    last = await mine(desk, "fay")
    assert word("competition.mine", points="0 points") in last
    assert "5" not in last.split(word("competition.first"))[1].split("\n")[0], "no rank of hers"
    await told(desk, 0, ann=1)
    await told(desk, 0, ann=1)
    text = await mine(desk, "ann")
    assert f"{word('metric.active_days')}: 1, that gives 2 points" in text
    assert "1. Bob\n2. Cas\n3. Ann, Dee" in text


async def test_with_four_nobody_is_named_and_nobody_is_counted(desk: Desk) -> None:
    await competition(desk, *PLAYERS[:4])
    await told(desk, 0, ann=5, bob=3, cas=2, dee=1)
    text = await mine(desk, "bob")
    assert word("competition.first.none", "nl") in text
    assert all(name not in text for name in ("Ann", "Cas", "Dee"))
    empty = word("competition.first.none", "nl")
    await desk.taps("fay", word("competition.join"))
    assert empty not in (text := await mine(desk, "bob"))
    assert "Fay" not in text


async def test_only_whole_weeks_after_joining_count(desk: Desk) -> None:
    await competition(desk, "ann")
    await until(desk, "2026-11-04")
    await desk.taps("bob", word("competition.join", "nl"))
    await told(desk, 0, ann=5, bob=5)
    assert word("competition.mine", points="8 points") in await mine(desk, "ann")
    assert word("competition.mine", "nl", points="0 punten") in await mine(desk, "bob")
    await told(desk, 1, ann=5, bob=5)
    assert word("competition.mine", "nl", points="8 punten") in await mine(desk, "bob")


async def test_who_leaves_takes_the_points_along_and_may_come_back(desk: Desk) -> None:
    await competition(desk, *PLAYERS)
    await told(desk, 0, ann=5, bob=4, cas=2, dee=1, fay=1)
    await mine(desk, "ann")
    await desk.taps("ann", word("competition.leave"))
    assert word("competition.asks") in desk.last("ann").text
    await desk.taps("ann", word("competition.sure"))
    assert word("competition.join") in desk.last("ann").buttons
    await tick(desk)
    async with desk.store.read() as work:
        assert {row.person for row, _, _ in await work.ledger(1)} == set(PLAYERS) - {"ann"}
    assert word("competition.first.none", "nl") in await mine(desk, "bob")


async def test_who_is_forgotten_is_in_no_list_and_others_keep_theirs(desk: Desk) -> None:
    await competition(desk, *PLAYERS)
    await told(desk, 0, ann=5, bob=4, cas=2, dee=1, fay=1)
    async with desk.store.write() as work:
        for statement in erasers("ann"):
            await work.connection.execute(statement)
    text = await mine(desk, "bob")
    assert "Ann" not in text
    assert word("competition.mine", "nl", points="8 punten") in text


async def test_the_end_is_told_once_to_those_who_take_part(desk: Desk) -> None:
    await competition(desk, *PLAYERS)
    await told(desk, 0, ann=5, bob=3, cas=2, dee=1, fay=1)
    await told(desk, 1, ann=4, bob=1, cas=4, dee=1, fay=1)
    before = {who: len(desk.chat(who)) for who in (*PLAYERS, "eve")}
    await until(desk, "2026-11-23")
    assert {who: len(desk.chat(who)) for who in before} == before, "some figures come late"
    await until(desk, "2026-11-27")
    after = {who: len(desk.chat(who)) - n for who, n in before.items()}
    assert after == dict.fromkeys(PLAYERS, 1) | {"eve": 0}
    text = desk.last("cas").text
    assert word("competition.closed", "nl") in text
    assert "1. Ann\n2. Cas\n3. Bob" in text
    assert word("competition.mine", "nl", points="12 punten") in text
    assert "Lunch voor twee" in text
    await told(desk, 0, bob=5)
    await until(desk, "2026-12-02")
    assert word("competition.mine", "nl", points="8 punten") in await mine(desk, "bob")


async def test_begun_it_is_only_prolonged_and_those_who_take_part_hear_it(desk: Desk) -> None:
    await competition(desk, "ann")
    await until(desk, "2026-11-04")
    await desk.taps("cor", word("competition_desk.all", "nl"))
    await desk.taps("cor", "1. Vroege vogels")
    opened = await desk.taps("cor", word("competition_desk.prolong", "nl"))
    assert opened is not None
    assert opened.form is not None
    assert [field.name for field in opened.form.form.fields] == ["ends"]
    save, token = "competition_desk.save", opened.form.token
    await desk.fills("cor", save, {"ends": "2026-11-08"} | {"prize_en": "more"}, token)
    async with desk.store.read() as work:
        assert (await work.contests([1]))[1].competition.ends == date(2026, 11, 15), "not shorter"
    await desk.fills("cor", save, {"ends": "2026-11-22", "prize_en": "more"}, token)
    async with desk.store.read() as work:
        found = (await work.contests([1]))[1].competition
    assert (found.ends, found.prize["en"]) == (date(2026, 11, 22), "Lunch for two")
    await tick(desk)
    assert word("competition.changed") in desk.last("ann").text
    had = len(desk.chat("ann"))
    await until(desk, "2026-11-07")
    assert len(desk.chat("ann")) == had
    assert titles(desk, "bob") == ["Vroege vogels"], "who does not take part hears no more of it"


async def test_cancelled_is_told_to_those_who_take_part(desk: Desk) -> None:
    await competition(desk, "ann", "bob")
    await until(desk, "2026-11-04")
    await desk.taps("cor", word("competition_desk.cancel", "nl"))
    await desk.taps("cor", word("competition_desk.sure", "nl"))
    await until(desk, "2026-11-06")
    assert word("competition.cancelled") in desk.last("ann").text
    assert word("competition.cancelled", "nl") in desk.last("bob").text
    assert len(desk.chat("cas")) == 1


async def test_what_is_wrong_with_the_form_is_said(desk: Desk) -> None:
    wrong = {"prize_nl": "", "starts": "2026-10-01", "ends": "2026-11-20", "records": "many"}
    await desk.says("cor", "wedstrijd")
    opened = await desk.taps("cor", word("competition_desk.new", "nl"))
    assert opened is not None
    assert opened.form is not None
    key = "browser:form"
    turn = house.Filled(
        house.at("cor"), "competition_desk.save", "", opened.form.token, GAME | wrong
    )
    reply = await desk.arrive(turn, key)
    assert reply is not None
    assert reply.errors == {
        "prize_nl": word("merit.error.empty", "nl"),
        "starts": word("merit.error.past", "nl"),
        "records": word("merit.error.award", "nl"),
    }
    async with desk.store.read() as work:
        assert await work.contests([0]) == {}


async def test_the_desk_is_the_crm_teams_alone(desk: Desk) -> None:
    await competition(desk)
    await desk.says("eve", "competition")
    assert desk.last("eve").card.title == word("competitions.none.title")
    desk_card = desk.having("cor", word("competition_desk.cancel", "nl"))
    await desk.taps("eve", word("competition_desk.cancel", "nl"), on=desk_card)
    async with desk.store.read() as work:
        assert not (await work.contests([1]))[1].cancelled


async def sprint(desk: Desk) -> None:
    """Let the CRM team write a sprint, and let it begin on its day."""
    await written(desk, "schoonmaak", "sprint_desk.new", "sprint_desk.save", SPRINT)
    await desk.taps("cor", word("sprint_desk.open", "nl", n=1))
    await desk.taps("cor", word("sprint_desk.release", "nl"))


async def measured(desk: Desk, nth: int, **shares: float) -> None:
    monday = FIRST + nth * WEEK
    async with desk.store.write() as work:
        uses = [Use(who, monday, {Metric.QUALITY: n}) for who, n in shares.items()]
        await work.keep_usage(uses, "csv", desk.clock())


@pytest.mark.parametrize(("who", "language"), [("ann", "en"), ("bob", "nl")])
async def test_a_sprint_from_start_to_thanks(desk: Desk, who: str, language: str) -> None:
    await sprint(desk)
    await measured(desk, -1, **{who: 0.6})
    await until(desk, "2026-11-01")
    assert desk.chat(who) == []
    await until(desk, "2026-11-04")
    assert titles(desk, who) == [word("sprint.title.start", language)]
    assert SPRINT[f"fill_{language}"] in desk.last(who).text
    assert "60%" not in desk.last(who).text, "not unasked while that is switched off"
    await desk.taps(who, word("sprint.share", language))
    assert word("sprint.mine", language, now="60%", goal="90%") in desk.last(who).text
    await measured(desk, 0, **{who: 0.8})
    await until(desk, "2026-11-10")
    await measured(desk, 1, **{who: 0.95})
    await until(desk, "2026-11-25")
    assert titles(desk, who) == [
        word(f"sprint.title.{moment}", language) for moment in ("start", "mid", "end")
    ]
    await desk.taps(who, word("sprint.share", language))
    said = word("sprint.mine.then", language, now="95%", before="60%")
    assert said in desk.last(who).text
    assert "sprint.team" not in desk.last(who).text
    assert desk.chat("eve") == []


async def test_switched_on_the_own_share_stands_there_and_only_theirs(desk: Desk) -> None:
    async with desk.store.write() as work:
        await work.keep([UseLinked(on=True, basis="x", since=FIRST)], "pia", desk.clock())
    await sprint(desk)
    await measured(desk, -1, ann=0.61, bob=0.27)
    await until(desk, "2026-11-03")
    assert "61%" in desk.last("ann").text
    assert "27%" not in desk.last("ann").text
    assert "27%" in desk.last("bob").text


async def a_team_week(desk: Desk, nth: int, share: float) -> None:
    """Let a whole team's records be measured, and the week be closed."""
    await measured(desk, nth, **{who: share + n % 2 / 10 for n, who in enumerate(TEAM)})
    await desk.app.rounds["closings"][0]()


async def test_how_far_a_team_is_comes_from_what_the_auditor_let_by(desk: Desk) -> None:
    crew = [Person(who, who, manager="mo", segment="other") for who in TEAM[len(PLAYERS) :]]
    async with desk.store.write() as work:
        await work.save([Person("mo", "Mo", welcomed=False), *crew], desk.clock())
    await sprint(desk)
    await until(desk, "2026-11-02")
    await a_team_week(desk, -1, 0.5)
    await until(desk, "2026-11-09")
    assert desk.chat("ann")[-1].card.title == word("sprint.title.start")
    await a_team_week(desk, 0, 0.7)
    await until(desk, "2026-11-11")
    assert word("sprint.together", now="80%", start="50%") in desk.last("ann").text
    assert sum(word("sprint.title.mid") == title for title in titles(desk, "ann")) == 1
    async with desk.store.read() as work:
        seen = [r for r in await work.released(1000) if r.channel == "sprint"]
    assert {(r.viewer, r.measure, r.unit) for r in seen} == {(w, "quality", "mo") for w in PLAYERS}
    assert len(seen) == 2 * len(PLAYERS), "both numbers it is made of"


async def test_a_cancelled_sprint_sends_nothing_more(desk: Desk) -> None:
    await sprint(desk)
    await until(desk, "2026-11-03")
    await desk.taps("cor", word("competition_desk.cancel", "nl"))
    await desk.taps("cor", word("competition_desk.sure", "nl"))
    await until(desk, "2026-11-25")
    assert titles(desk, "ann") == [word("sprint.title.start")]
    await desk.says("ann", "sprint")
    assert desk.last("ann").card.title == word("sprint.none.title")
