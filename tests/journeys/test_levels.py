"""Weeks with the CRM: judged when they come in, shown to their own person, told where allowed."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from adapters.store.database import Store
from dialogs.speech import catalogue
from nudges.adkar import Answer, stand
from nudges.adoption import WEEK, Metric, Use
from nudges.delivery import Delivery, Priority, State
from nudges.people import Person, Recognition
from nudges.pulse import PulseNote
from nudges.roles import Grant, Role
from tests import desk as house
from tests.clock import Clock
from tests.desk import LIBRARY, Desk, Seen, at, open_desk

FIRST = date(2026, 11, 2)
"""The first day of sales with the CRM, a Monday."""
MORNING = timedelta(days=7, hours=9)
"""When a week's figures are here: on Monday morning after it."""
GOOD = {
    Metric.ACTIVE_DAYS: 3.0,
    Metric.RECORDS: 9.0,
    Metric.QUALITY: 0.6,
    Metric.LEADS_IN_TIME: 0.5,
}
BETTER = {
    Metric.ACTIVE_DAYS: 5.0,
    Metric.RECORDS: 14.0,
    Metric.QUALITY: 0.85,
    Metric.LEADS_IN_TIME: 0.8,
    Metric.HYGIENE: 0.5,
}
LITTLE = {Metric.ACTIVE_DAYS: 1.0, Metric.RECORDS: 0.0}
NOTHING = {Metric.ACTIVE_DAYS: 0.0, Metric.RECORDS: 0.0}
FORM = {"basis": "Legitimate interest", "since": "2026-10-05", "document": "DPIA 7"}


def word(key: str, language: str = "en", **values: object) -> str:
    values = {"crm": "Dynamics", **values}
    return catalogue(language).gettext(key).replace("**", "").format(**values)


@pytest.fixture
async def desk(memory: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Return a house where no tips come by themselves, with Ann and Bob at work in sales."""
    house.only_own_tips(monkeypatch)
    clock.now = datetime(2026, 11, 2, 9, tzinfo=UTC)
    desk = await open_desk(memory, clock)
    for who, language in (("ann", "en"), ("bob", "nl")):
        await knows(desk, who, language=language, zone="Europe/Amsterdam", welcomed=True)
    eve = Person("pia", "Pia Vos", language="en", welcomed=True, addresses=(at("pia"),))
    async with desk.store.write() as work:
        await work.save([eve], clock())
        await work.keep([Grant("pia", Role.PRIVACY_OFFICER)], "settings", clock())
    return desk


async def knows(desk: Desk, who: str, **more: object) -> None:
    async with desk.store.write() as work:
        person = (await work.people([who]))[who]
        await work.save([replace(person, **more)], desk.clock())


async def switch(desk: Desk) -> None:
    await desk.says("pia", "use-linked")
    await desk.taps("pia", word("use_linked.switch_on"))
    await desk.fills("pia", "use_linked.saved", FORM, desk.last("pia").token)


async def week(desk: Desk, nth: int, *whose: str, **more: Mapping[Metric, float]) -> None:
    """Let a week's figures come in on the Monday after it, and judge it: twice at once."""
    monday = FIRST + nth * WEEK
    told = {**dict.fromkeys(whose, GOOD), **more}
    desk.clock.now = datetime(monday.year, monday.month, monday.day, tzinfo=UTC) + MORNING
    async with desk.store.write() as work:
        uses = [Use(who, monday, found) for who, found in told.items()]
        await work.keep_usage(uses, "csv", desk.clock())
    what, _ = desk.app.rounds["levels"]
    await asyncio.gather(what(), what())
    await desk.app.settle()


async def level(desk: Desk, who: str) -> int:
    async with desk.store.read() as work:
        found = await work.levels_as_of(date(2027, 12, 31), [who]) or await work.levels_as_of(
            FIRST + 9 * WEEK, [who]
        )
    return found.get(who, -1)


def titles(desk: Desk, who: str) -> list[str]:
    return [seen.card.title for seen in desk.chat(who)]


async def score(desk: Desk, who: str) -> Seen:
    await desk.says(who, {"ann": "my score", "bob": "mijn score"}[who])
    return desk.last(who)


@pytest.mark.parametrize(("who", "language"), [("ann", "en"), ("bob", "nl")])
async def test_the_own_score_is_always_there_with_its_sum_and_what_comes_next(
    desk: Desk, who: str, language: str
) -> None:
    seen = await score(desk, who)
    assert seen.card.title == word("score.title.unknown", language)
    for nth in range(3):
        await week(desk, nth, who)
    seen = await score(desk, who)
    name = {"en": "Compliant", "nl": "Op orde"}[language]
    after = {"en": "Efficient", "nl": "Vlot"}[language]
    assert seen.card.title == word("score.title", language, points=24)
    assert word("score.level", language, level=name) in seen.text
    assert word("score.next", language, level=after, weeks=0) in seen.text
    assert word("score.off", language) in seen.text
    assert seen.text.count(word("score.verdict.failed", language)) == 3
    assert seen.text.count(word("score.verdict.none", language)) == 1
    assert word("metric.hygiene", language) in seen.text
    assert titles(desk, who)[:-1] == [word("score.title.unknown", language)], "nothing came of it"


async def test_nothing_is_started_and_nothing_is_chosen_by_use_while_it_is_off(desk: Desk) -> None:
    for nth in range(4):
        await week(desk, nth, "ann", bob=NOTHING)
    assert desk.chat("ann") == desk.chat("bob") == []
    assert (await desk.person("ann")).level == 0
    async with desk.store.read() as work:
        assert await work.levels_as_of(FIRST + 3 * WEEK) == {"ann": 1, "bob": 0}
    await switch(desk)
    assert (await desk.person("ann")).level == 1, "from now on content may be chosen by it"
    assert desk.chat("ann") == desk.chat("bob") == [], "what was is not told now"


@pytest.mark.parametrize(("who", "language"), [("ann", "en"), ("bob", "nl")])
async def test_reached_warned_lost_and_back(desk: Desk, who: str, language: str) -> None:
    await switch(desk)
    name = {"en": "Compliant", "nl": "Op orde"}[language]
    for nth in range(3):
        await week(desk, nth, who)
    reached = word("level.reached.title", language, level=name)
    assert titles(desk, who) == [reached]
    seen = desk.last(who)
    assert f"{word('metric.active_days', language)}: 3" in seen.text
    launch = LIBRARY.level_words[1].launch[language]
    assert launch in seen.text
    assert word("use.because", language) in seen.text
    await week(desk, 3, **{who: LITTLE})
    warning = word("level.warning.title", language, level=name)
    assert titles(desk, who)[1:] == [warning]
    assert (await desk.person(who)).level == 1
    await week(desk, 4, **{who: LITTLE})
    lost = word("level.lost.title", language, level=name)
    assert titles(desk, who)[2:] == [lost]
    assert (await desk.person(who)).level == 0
    for nth in (5, 6, 7):
        await week(desk, nth, who)
    assert titles(desk, who)[3:] == [reached]
    await desk.says(who, {"en": "why did i get this", "nl": "waarom kreeg ik dit"}[language])
    assert word("why_this.use", language) in desk.last(who).text


async def test_who_wants_no_recognition_is_not_praised(desk: Desk) -> None:
    await switch(desk)
    await knows(desk, "ann", recognition=Recognition.NONE)
    for nth in range(3):
        await week(desk, nth, "ann")
    assert desk.chat("ann") == []
    assert (await desk.person("ann")).level == 1


async def test_a_tip_of_the_level_on_its_card(desk: Desk) -> None:
    await switch(desk)
    for nth in range(3):
        await week(desk, nth, "ann")
    own = LIBRARY.levels.levels[1].tips
    assert word("level.tip") not in desk.last("ann").buttons, "those tips are not in this house"
    assert own


async def test_help_rises_while_nothing_comes_and_gaps_are_no_silence(desk: Desk) -> None:
    await switch(desk)
    for nth in range(6):
        await week(desk, nth, ann=NOTHING, bob={Metric.RECORDS: 0.0})
    assert titles(desk, "ann") == [word(f"inactive.{days}.title") for days in (7, 14, 28)]
    assert desk.chat("bob") == [], "of days with work nobody knows anything"
    await desk.taps("ann", word("stops.ask"))
    await desk.taps("ann", word("stops.time"))
    assert word("stopped.time") in desk.last("ann").text
    async with desk.store.read() as work:
        kept = await work.remarks("ann")
    assert [(one.about, one.text) for one in kept] == [("stops:time", "time")]


async def test_the_budget_of_touches_counts_and_only_one_comes_a_week(desk: Desk) -> None:
    await switch(desk)
    for nth in range(3):
        await week(desk, nth, "ann")
    again = dict(GOOD) | {Metric.RECORDS: 10.0}
    for _ in range(2):
        async with desk.store.write() as work:
            await work.keep_usage([Use("ann", FIRST + 2 * WEEK, again)], "csv", desk.clock())
        desk.clock.pass_(hours=1)
        await desk.app.rounds["levels"][0]()
        await desk.app.settle()
    assert len(desk.chat("ann")) == 1
    async with desk.store.read() as work:
        day = desk.clock().date()
        assert await work.touched(["ann"], day) == {"ann": [day]}


async def test_says_well_and_does_little_and_the_other_way_round(desk: Desk) -> None:
    await switch(desk)
    async with desk.store.write() as work:
        for who, score_ in (("ann", 5), ("bob", 1)):
            given = [
                Answer(who, q.id, 6 - score_ if q.reversed else score_, desk.clock())
                for q in LIBRARY.bank.values()
                if q.element == "ability" and q.scored
            ]
            await work.keep_answers(given)
    for nth in range(4):
        await week(desk, nth, ann=LITTLE, bob=BETTER)
    assert titles(desk, "ann") == [word("stops.title")]
    assert word("stops.asked") in desk.last("ann").text
    assert titles(desk, "bob") == [
        word("level.reached.title", "nl", level="Vlot"),
        word("result.title", "nl"),
    ]
    assert f"{word('metric.quality', 'nl')}: 85%" in desk.last("bob").text


async def test_records_that_lack_something_are_named_to_their_owner_now_and_then(
    desk: Desk,
) -> None:
    await switch(desk)
    for nth in range(9):
        await week(desk, nth, "ann")
    quality = word("quality.title")
    reached = word("level.reached.title", level="Compliant")
    assert titles(desk, "ann")[:3] == [reached, quality, quality]
    last = [one for one in desk.chat("ann") if one.card.title == quality][-1]
    assert word("quality.measured", much="60%", goal="80%") in last.text
    for nth in range(9, 14):
        await week(desk, nth, "ann")
    assert titles(desk, "ann").count(quality) == 2, "let pass twice, and it stops"


class TestSwitch:
    async def test_only_the_privacy_officer_sees_and_moves_it(self, desk: Desk) -> None:
        for who, typed in (("ann", "use-linked"), ("bob", "opvolging op gebruik")):
            await desk.says(who, typed)
            language = {"ann": "en", "bob": "nl"}[who]
            assert word("for_team.privacy_officer", language) in desk.last(who).text
        await desk.fills("ann", "use_linked.saved", FORM, desk.last("ann").token)
        async with desk.store.read() as work:
            assert not (await work.use_switch()).on
        await desk.says("pia", "use-linked")
        assert desk.last("pia").card.title == word("use_linked.title.off")

    async def test_it_needs_a_basis_a_day_and_a_document(self, desk: Desk) -> None:
        await desk.says("pia", "use-linked")
        token = desk.last("pia").token
        for missing in FORM:
            await desk.fills("pia", "use_linked.saved", FORM | {missing: " "}, token)
        await desk.fills("pia", "use_linked.saved", FORM | {"since": "2026-12-24"}, token)
        async with desk.store.read() as work:
            assert (await work.use_switch()).at is None
        await desk.fills("pia", "use_linked.saved", FORM, token)
        seen = desk.last("pia")
        assert seen.card.title == word("use_linked.title.on")
        for said in ("Pia Vos", "Legitimate interest", "DPIA 7", "5 October 2026"):
            assert said in seen.text
        async with desk.store.read() as work:
            done = [one for one in await work.audited() if one.act != "view"]
        assert (done[0].who, done[0].act, done[0].about) == ("pia", "switch_on", "use-linked")

    async def test_off_cancels_what_waits_and_says_who_did_it(self, desk: Desk) -> None:
        await switch(desk)
        await knows(desk, "ann", paused_until=desk.clock() + timedelta(days=40))
        for nth in range(3):
            await week(desk, nth, "ann")
        async with desk.store.read() as work:
            assert (await work.states())[State.QUEUED] == 1
        await desk.taps("pia", word("use_linked.switch_off"))
        await desk.taps("pia", word("use_linked.sure"))
        assert desk.last("pia").card.title == word("use_linked.title.off")
        async with desk.store.read() as work:
            assert (await work.states())[State.CANCELLED] == 1
            acts = [a.act for a in await work.audited() if a.act != "view"]
            assert acts[:2] == ["switch_off", "switch_on"]
        assert (await desk.person("ann")).level == 0
        seen = await score(desk, "ann")
        assert word("score.level", level="Compliant") in seen.text, "their own is always theirs"


class TestRuleSix:
    """What somebody says of Ability counts at most 3 while they do little, for them alone."""

    async def answers_well(self, desk: Desk, who: str) -> None:
        """Let somebody say that all is well, the last of it now, on a card."""
        bank = [q for q in LIBRARY.bank.values() if q.scored]
        last = next(q for q in bank if q.element == "ability" and not q.reversed)
        async with desk.store.write() as work:
            await work.keep_answers(
                [Answer(who, q.id, 1 if q.reversed else 5, desk.clock()) for q in bank]
            )
            note = PulseNote("asked:1", (last.id,), again=True)
            await work.queue([Delivery("asked", who, note, Priority.INTERACTIVE, desk.clock())])
        await desk.app.settle()
        desk.clock.pass_(minutes=1)
        await desk.taps(who, "5")

    async def waiting(self, desk: Desk) -> int:
        async with desk.store.read() as work:
            return (await work.states()).get(State.QUEUED, 0)

    async def test_off_the_answers_stand_alone(self, desk: Desk) -> None:
        for nth in range(3):
            await week(desk, nth, ann=LITTLE)
        await self.answers_well(desk, "ann")
        assert await self.waiting(desk) == 0

    async def test_on_use_counts_for_them_and_for_nobody_else(self, desk: Desk) -> None:
        await switch(desk)
        for nth in range(3):
            await week(desk, nth, "bob", ann=LITTLE)
        for who in ("ann", "bob"):
            before = await self.waiting(desk)
            await self.answers_well(desk, who)
            assert await self.waiting(desk) - before == (who == "ann")
        desk.clock.pass_(days=4)
        await desk.app.settle()
        assert word("follow_up.why.use", about="").split(",")[-1] in desk.last("ann").text
        async with desk.store.read() as work:
            given = (await work.answers(["ann"], desk.clock()))["ann"]
        assert stand(given, LIBRARY.bank, desk.clock(), desk.clock()).barrier == "none"

    async def test_switching_off_takes_back_what_use_led_to(self, desk: Desk) -> None:
        await switch(desk)
        for nth in range(3):
            await week(desk, nth, ann=LITTLE)
        await self.answers_well(desk, "ann")
        assert await self.waiting(desk) == 1
        await desk.taps("pia", word("use_linked.switch_off"))
        await desk.taps("pia", word("use_linked.sure"))
        desk.clock.pass_(days=4)
        shown = len(desk.chat("ann"))
        await desk.app.settle()
        assert len(desk.chat("ann")) == shown
        assert await self.waiting(desk) == 0
