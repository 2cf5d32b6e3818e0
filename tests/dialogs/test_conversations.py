"""Whole conversations, in every language: what they say or tap, and what we answer."""

import asyncio
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from dialogs.speech import languages
from dialogs.turns import Filled, Left, Remark, Said, Tapped, Turn
from nudges.adkar import Answer, Element
from nudges.people import Hours, Motivator, Person, Recognition
from tests.clock import MONDAY, Clock
from tests.desk import LIBRARY, Desk, Seen, at
from tests.dialogs.talk import (
    MEET,
    NOTHING,
    SPEAKERS,
    Fills,
    Joins,
    Says,
    Table,
    Talk,
    Taps,
    Waits,
    holds,
    said,
)

NOW = MONDAY + timedelta(hours=1)
WEEK = 7 * 24
ZONES = {"en": ZoneInfo("Europe/London"), "nl": ZoneInfo("Europe/Amsterdam")}
ASKED: Table = ((Says("typed.pulse"), "pulse.title.again"),)
LOW: Table = ((Taps("1"), "pulse.one_more"), (Taps("2"), "thanks.follow_up"))
FOLLOWED: Table = (*MEET, *ASKED, *LOW, (Waits(25), "follow_up.why"))
SNOOZED: Table = ((Taps("follow_up.snooze"), "noted.snooze"),)
assert set(SPEAKERS) == set(languages()), "give the new language a speaker"


@pytest.fixture
def clock() -> Clock:
    """Begin when both speakers are at work: half past nine in London."""
    return Clock(NOW)


@pytest.fixture(params=sorted(SPEAKERS))
def talk(desk: Desk, request: pytest.FixtureRequest) -> Talk:
    """Talk in each language."""
    return Talk(desk, request.param)


@pytest.fixture
def english(desk: Desk) -> Talk:
    """Talk in one language, where what we say is not the point."""
    return Talk(desk, "en")


TABLES: dict[str, Table] = {
    "onboarding, with the form": (
        (Joins(), ("welcome.title", "welcome.hello", "welcome.confidential")),
        (Taps("language"), "matters.title"),
        (Taps("motivator.team"), "tell.title"),
        (Taps("tell.open"), "form:tell.form"),
        (Fills({"expect": "Rust", "ease": " ", "problem": "x"}), ("ready.title", "ready.told")),
        (Taps("button.pulse"), "pulse.title.again"),
    ),
    "onboarding, saying nothing": (
        (Joins(), "welcome.title"),
        (Taps("language"), "matters.title"),
        (Taps("button.skip"), "tell.title"),
        (Taps("tell.open"), "form:tell.form"),
        (Fills(), "ready.body"),
    ),
    "onboarding, rather not now": (
        (Joins(), "welcome.title"),
        (Taps("language"), "matters.title"),
        (Taps("motivator.time"), "tell.title"),
        (Taps("tell.later"), "ready.body"),
        (Waits(24), "pulse.title"),
    ),
    "the first question comes by itself": (*MEET, (Waits(24), "pulse.title")),
    "answers by tap": (*MEET, *ASKED, *LOW),
    "answers typed as figures": (
        *ASKED,
        (Says("1"), ("answered.title", "pulse.one_more")),
        (Says(" 5. "), ("answered.title", "thanks.follow_up")),
    ),
    "answers typed as words": (
        *ASKED,
        (Says("typed.4"), ("answered.title", "pulse.one_more")),
        (Says("typed.1"), ("answered.title", "thanks.follow_up")),
    ),
    "nothing is in the way, too little is known": (
        *ASKED,
        (Taps("5"), "pulse.one_more"),
        (Taps("5"), "thanks.next"),
    ),
    "skips": (
        *ASKED,
        (Taps("button.skip"), "pulse.one_more"),
        (Taps("button.skip"), "thanks.skipped"),
    ),
    "skips, typed": (
        *ASKED,
        (Says("typed.skip"), ("answered.title", "pulse.one_more")),
        (Says("typed.skip"), ("answered.title", "thanks.skipped")),
    ),
    "one answer and one skip": (
        *ASKED,
        (Taps("1"), "pulse.one_more"),
        (Taps("button.skip"), "thanks.follow_up"),
    ),
    "not applicable where it is not offered": (*ASKED, (Says("typed.na"), "lost.title")),
    "a figure off the scale": (*ASKED, (Says("6"), "lost.title"), (Says("0"), "lost.title")),
    "half a figure": (*ASKED, (Says("3.5"), "lost.title"), (Says("1 2"), "lost.title")),
    "a figure without a question": ((Says("4"), "lost.title"),),
    "a command while a question is open": (
        *ASKED,
        (Says("typed.why"), "why.title"),
        (Says("4"), "pulse.one_more"),
    ),
    "asked again, the same question comes": (
        *ASKED,
        (Taps("4"), "pulse.one_more"),
        (Says("typed.pulse"), "pulse.one_more"),
    ),
    "a comment": (
        *ASKED,
        *LOW,
        (Taps("thanks.comment"), "form:comment.title"),
        (Fills({"comment": "It is slow on the road"}), "thanks.commented"),
    ),
    "an empty comment": (
        *ASKED,
        *LOW,
        (Taps("thanks.comment"), "form:comment.title"),
        (Fills({"comment": " \n"}), "thanks.follow_up"),
        (Taps("thanks.comment"), "form:comment.title"),
    ),
    "a changed mind, by tap": (
        *ASKED,
        *LOW,
        (Taps("thanks.change"), "pulse.title.again"),
        (Taps("5"), "pulse.one_more"),
        (Taps("5"), "thanks.next"),
    ),
    "a changed mind, typed": (
        *ASKED,
        *LOW,
        (Says("typed.change"), "pulse.title.again"),
        (Says("5"), ("answered.title", "pulse.one_more")),
        (Says("5"), ("answered.title", "thanks.next")),
    ),
    "a mind to change before there was one": ((Says("typed.change"), "pulse.title.again"),),
    "a follow-up was useful": (*FOLLOWED, (Taps("follow_up.useful"), "noted.useful")),
    "a follow-up comes again next week": (*FOLLOWED, *SNOOZED, (Waits(WEEK), "follow_up.why")),
    "a follow-up that is not right": (
        *FOLLOWED,
        (Taps("follow_up.wrong"), ("noted.wrong", "pulse.title.again")),
        (Taps("4"), "thanks.follow_up"),
    ),
    "words written back to a follow-up": (
        *FOLLOWED,
        (Says("My list is in my head"), "kept.title"),
        (Says("typed.help"), "help.title"),
    ),
    "words long after a follow-up": (
        *FOLLOWED,
        (Waits(8 * 24), "pulse.title"),
        (Says("My list is in my head"), "lost.title"),
    ),
    "why": ((Says("typed.why"), ("why.title", "why.why")),),
    "why this, before anything came": ((Says("typed.why_this"), "why_this.asked"),),
    "why this, about a follow-up": (*FOLLOWED, (Says("typed.why_this"), "why_this.because")),
    "why this, about a pulse": (
        *MEET,
        (Waits(24), "pulse.title"),
        (Says("typed.why_this"), "why_this.asked"),
    ),
    "why, and from there why this": (
        *FOLLOWED,
        (Says("typed.why"), "why.title"),
        (Taps("button.why_this"), "why_this.because"),
        (Taps("button.stop"), "quiet.stopped"),
    ),
    "my data, before anything is known": ((Says("typed.mine"), ("mine.nothing", "mine.who")),),
    "my data": (*ASKED, *LOW, (Says("typed.mine"), ("mine.body", "mine.score", "mine.unknown"))),
    "settings": (
        (Says("typed.settings"), ("settings.title", "settings.body", "settings.none")),
        (Taps("settings.change"), "form:settings.form"),
    ),
    "a pause that ends by itself": (
        *MEET,
        (Says("typed.pause"), "pause.title"),
        (Taps("pause.week"), "quiet.paused"),
        (Waits(24), NOTHING),
        (Waits(3 * 24), NOTHING),
        (Waits(2 * 24), NOTHING),
        (Waits(24), "pulse.title"),
    ),
    "a pause keeps a follow-up for later": (
        *MEET,
        *ASKED,
        *LOW,
        (Says("typed.pause"), "pause.title"),
        (Taps("pause.week"), "quiet.paused"),
        (Waits(24), NOTHING),
        (Waits(6 * 24 + 1), "follow_up.why"),
    ),
    "a pause that is ended": (
        *MEET,
        (Says("typed.pause"), "pause.title"),
        (Taps("pause.month"), "quiet.paused"),
        (Waits(24), NOTHING),
        (Taps("button.resume"), "quiet.resumed"),
        (Waits(1), NOTHING),
        (Waits(24), "pulse.title"),
    ),
    "stop: nothing comes, asking works": (
        *MEET,
        (Says("typed.stop"), "quiet.stopped"),
        (Waits(24), NOTHING),
        (Waits(WEEK), NOTHING),
        (Says("typed.settings"), "settings.stopped"),
        *ASKED,
        *LOW,
        (Waits(24), NOTHING),
        (Says("typed.why"), "why.title"),
        (Says("typed.resume"), "quiet.resumed"),
    ),
    "stop, and back again": (
        *MEET,
        (Says("typed.stop"), "quiet.stopped"),
        (Waits(2 * 24), NOTHING),
        (Says("typed.resume"), "quiet.resumed"),
        (Waits(1), NOTHING),
        (Waits(24), "pulse.title"),
    ),
    "hello, from someone new": ((Says("typed.hello"), "welcome.title"),),
    "hello, from someone we know": (*MEET, (Says("typed.hello"), "hello.title")),
    "help": (
        (Says("typed.help"), ("help.title", "help.stop", "help.languages")),
        (Taps("button.why"), "why.title"),
    ),
    "thanks": ((Says("typed.thanks"), "thanked.title"),),
    "language": ((Says("typed.language"), "language.title"),),
}


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
async def test_conversation(talk: Talk, table: Table) -> None:
    await talk.goes(table)


class TestOnboarding:
    async def test_keeps_what_was_said(self, talk: Talk) -> None:
        await talk.goes(TABLES["onboarding, with the form"])
        person = await talk.desk.person(talk.who)
        assert person.welcomed
        assert person.motivator is Motivator.TEAM
        assert person.next_due == MONDAY + timedelta(
            minutes=30 if talk.language == "en" else -30
        ) + timedelta(days=1)
        assert await remarks(talk) == [("welcome.expect", "Rust"), ("welcome.problem", "x")]

    async def test_skipping_says_nothing_about_them(self, english: Talk) -> None:
        await english.goes(TABLES["onboarding, saying nothing"])
        assert (await english.desk.person(english.who)).motivator is None
        assert await remarks(english) == []

    async def test_the_whole_goes_in_one_message(self, english: Talk) -> None:
        await english.goes(TABLES["onboarding, saying nothing"])
        assert len(english.desk.chat(english.who)) == 1

    async def test_greets_by_the_first_name_and_in_the_clients_language(self, desk: Desk) -> None:
        await desk.joins("ann", "nl-BE")
        assert desk.last("ann").text.splitlines()[1].startswith("Hallo Ann.")
        assert [b.look for b in desk.last("ann").buttons.values()] == ["plain", "primary"]

    async def test_a_second_start_changes_no_language_that_was_chosen(self, english: Talk) -> None:
        await english.goes(MEET)
        await english.desk.joins(english.who, "nl" if english.language == "en" else "en")
        assert (await english.desk.person(english.who)).language == english.language

    async def test_someone_who_leaves_has_no_address_there(self, desk: Desk) -> None:
        await desk.arrive(Left(at("ann")))
        assert (await desk.person("ann")).addresses == ()


class TestAnswers:
    async def test_each_is_a_fact_with_its_time_and_occasion(self, english: Talk) -> None:
        await english.goes(ASKED)
        english.desk.clock.pass_(seconds=6)
        await english.goes(LOW[:1])
        english.desk.clock.pass_(seconds=2)
        await english.goes(LOW[1:])
        one, two = await answers(english)
        assert (one.question, one.score, one.took) == ("A1", 1, timedelta(seconds=7))
        assert (two.question, two.score) == ("D1", 2)
        assert one.occasion == two.occasion
        assert two.at - one.at == timedelta(seconds=3)

    async def test_a_changed_mind_is_another_fact(self, english: Talk) -> None:
        await english.goes(TABLES["a changed mind, by tap"])
        given = await answers(english)
        assert [(a.question, a.score) for a in given] == [
            ("A1", 1),
            ("D1", 2),
            ("A1", 5),
            ("D1", 5),
        ]
        assert len({a.occasion for a in given}) == 1
        english.desk.clock.pass_(hours=25)
        await english.desk.plan()
        assert not shows(english, "follow_up.why"), "what they no longer think leads to nothing"

    @pytest.mark.parametrize("how", ["by tap", "typed"])
    async def test_the_thread_does_not_show_the_answer(self, talk: Talk, how: str) -> None:
        table = TABLES["answers by tap" if how == "by tap" else "answers typed as figures"]
        await talk.goes(table)
        question = LIBRARY.wordings["A1"].text[talk.language].replace("{crm}", "Dynamics")
        for seen in talk.desk.chat(talk.who):
            assert question not in seen.text
            assert not {"1", "2", "5"} & set(seen.buttons)

    async def test_imported_answers_are_changed_a_few_at_a_time(self, english: Talk) -> None:
        await keep(english, {f"{letter}1": 4 for letter in "ADKBR"}, occasion="imported")
        await english.goes(
            [
                (Says("typed.change"), "pulse.title.again"),
                (Taps("4"), "pulse.one_more"),
                (Taps("4"), "thanks.clear"),
            ]
        )

    async def test_a_question_that_was_dropped_since_is_not_waited_for(self, english: Talk) -> None:
        await english.goes(ASKED)
        kept = dict(LIBRARY.bank)
        bank = LIBRARY.bank
        assert isinstance(bank, dict)
        try:
            del bank["A1"]
            await english.goes(ASKED)
        finally:
            bank.clear()
            bank.update(kept)


FINE = {f"{letter}{n}": 4 for letter in "ADKBR" for n in (1, 2)}


class TestBesideTheBank:
    async def test_where_they_stand(self, talk: Talk) -> None:
        await keep(talk, FINE)
        await talk.goes(
            [
                (Says("typed.pulse"), "pulse.title.again"),
                (Taps("4"), ("pulse.one_more", "stance.opponent")),
                (Taps("stance.opponent"), "thanks.clear"),
            ]
        )
        assert (await answers(talk))[-1].question == "D-stance"
        assert (await answers(talk))[-1].score == 1

    @pytest.mark.parametrize(
        ("word", "score"),
        [("typed.supporter", 5), ("typed.neutral", 3), ("typed.opponent", 1), ("typed.skip", None)],
    )
    async def test_where_they_stand_typed(
        self, english: Talk, word: str, score: int | None
    ) -> None:
        await keep(english, FINE)
        await english.goes(
            [
                (Says("typed.pulse"), "pulse.title.again"),
                (Says("4"), "stance.opponent"),
                (Says("4"), "lost.title"),
                (Says(word), ("answered.title", "thanks.clear")),
            ]
        )
        assert (await answers(english))[-1].score == score

    @pytest.mark.parametrize(
        "how", [Taps("button.na"), Says("typed.na"), Says("n.v.t."), Says("N/A")]
    )
    async def test_not_applicable(self, english: Talk, how: Taps | Says) -> None:
        await keep(english, FINE | {"D-stance": 5})
        await english.goes(
            [
                (Says("typed.pulse"), "pulse.title.again"),
                (Taps("4"), ("pulse.one_more", "scale.area")),
                (how, "thanks.clear"),
            ]
        )
        last = (await answers(english))[-1]
        assert (last.question, last.score, last.not_applicable) == ("K-leads", None, True)

    @pytest.mark.parametrize("typed", ["doesn\u2019t apply", "doesn't apply", "een\u0301", "Vier!"])
    async def test_as_a_phone_types_it(self, english: Talk, typed: str) -> None:
        await keep(english, FINE | {"D-stance": 5})
        await english.goes(
            [
                (Says("typed.pulse"), "pulse.title.again"),
                (Taps("4"), "scale.area"),
                (Says(typed), "thanks.title"),
            ]
        )

    async def test_before_go_live_all_fine_is_ready_so_far(self, desk: Desk) -> None:
        async with desk.store.write() as work:
            await work.keep_answers(
                [Answer("eve", q, s, MONDAY - timedelta(days=3)) for q, s in FINE.items()]
            )
        await desk.says("eve", "pulse")
        await desk.taps("eve", "4")
        await desk.taps("eve", "I'm for it")
        assert holds(desk.last("eve").text, "en", "thanks.ready")
        await desk.says("eve", "my data")
        assert said("en", "element.reinforcement") not in desk.last("eve").text


class TestFollowUp:
    async def test_comes_next_morning_with_its_why_by_topic(self, talk: Talk) -> None:
        await talk.goes(FOLLOWED)
        about = LIBRARY.wordings["A1"].about[talk.language].replace("{crm}", "Dynamics")
        assert about in talk.desk.last(talk.who).text
        assert sum(holds(s.text, talk.language, "follow_up.why") for s in chat(talk)) == 1

    async def test_never_a_score_but_in_my_data(self, talk: Talk) -> None:
        await talk.goes(FOLLOWED)
        for words in ("typed.why", "typed.why_this", "typed.settings", "typed.help"):
            await talk.does(Says(words))
        await talk.does(Taps("follow_up.useful"))
        score = re.compile(r"\b[1-5][.,]\d\b")
        assert not [s.text for s in chat(talk) if score.search(s.text)]
        await talk.does(Says("typed.mine"))
        assert score.search(talk.desk.last(talk.who).text)

    async def test_useful_is_remembered(self, english: Talk) -> None:
        await english.goes(TABLES["a follow-up was useful"])
        ((about, text),) = await remarks(english)
        assert about.startswith("follow-up:awareness")
        assert text == "useful"

    async def test_snoozed_the_same_one_comes_on_the_day_that_was_said(self, talk: Talk) -> None:
        await talk.goes(FOLLOWED)
        title = talk.desk.last(talk.who).card.title
        await talk.goes(SNOOZED)
        day = {"en": "Tuesday 24 November", "nl": "dinsdag 24 november"}[talk.language]
        assert any(day in s.text for s in chat(talk))
        await talk.goes([(Waits(6 * 24 - 4), NOTHING)])
        await talk.does(Waits(28))
        assert [s.card.title for s in chat(talk)].count(title) == 1

    async def test_not_right_suspends_and_answering_lifts_it(self, english: Talk) -> None:
        await english.goes(FOLLOWED)
        await english.goes([(Taps("follow_up.wrong"), ("noted.wrong", "pulse.title.again"))])
        assert (await english.desk.person(english.who)).suspended == {Element.AWARENESS}
        assert "A2" in asked_now(english), "another question about the same element"
        await english.goes([(Taps("button.skip"), "thanks.skipped")])
        assert (await english.desk.person(english.who)).suspended == {Element.AWARENESS}
        await english.goes([(Says("typed.change"), "pulse.title.again"), (Waits(24), NOTHING)])

    async def test_answering_lifts_it(self, english: Talk) -> None:
        await english.goes(TABLES["a follow-up that is not right"])
        assert (await english.desk.person(english.who)).suspended == frozenset()
        await english.goes([(Waits(24), "follow_up.why")])

    async def test_while_suspended_a_snoozed_one_does_not_come(self, english: Talk) -> None:
        await english.goes([*FOLLOWED, *SNOOZED])
        async with english.desk.store.write() as work:
            person = (await work.people([english.who]))[english.who]
            suspended = replace(person, suspended=frozenset({Element.AWARENESS}))
            await work.save([suspended], english.desk.clock())
        await english.does(Waits(WEEK))
        assert not shows(english, "follow_up.why")

    async def test_two_answers_of_one_pulse_lead_to_the_one_that_fits_best(
        self, english: Talk
    ) -> None:
        await english.goes(FOLLOWED)
        story = LIBRARY.stories["awareness-time"]
        assert english.desk.last(english.who).card.title == story.title[english.language]

    async def test_what_was_written_back_is_kept_with_what_it_answers(self, english: Talk) -> None:
        await english.goes(TABLES["words written back to a follow-up"])
        assert await remarks(english) == [("follow-up:awareness-time", "My list is in my head")]

    async def test_why_this_is_about_what_came_not_about_what_waits(self, english: Talk) -> None:
        await english.goes([*MEET, *ASKED, *LOW, (Says("typed.why_this"), "why_this.asked")])

    async def test_what_the_thanks_promise_comes(self, english: Talk) -> None:
        await english.goes(
            [
                *FOLLOWED,
                (Waits(24), NOTHING),
                (Taps("thanks.change"), "pulse.title.again"),
                (Taps("1"), "pulse.one_more"),
                (Taps("1"), "thanks.follow_up"),
                (Waits(24), "follow_up.why"),
            ]
        )


FORM = {
    "language": "en",
    "start": "9",
    "end": "17",
    "days": "0,1,2,3,4",
    "pace": "normal",
    "motivator": "",
    "recognition": "",
    "away": "",
}


class TestSettings:
    @pytest.mark.parametrize(
        ("values", "errors"),
        [
            pytest.param({"end": "9"}, ["hours"], id="ends when it starts"),
            pytest.param({"start": "18"}, ["hours"], id="ends before it starts"),
            pytest.param({"start": "4"}, ["hours"], id="too early"),
            pytest.param({"end": "24"}, ["hours"], id="too late"),
            pytest.param({"start": "nine"}, ["hours"], id="no figure"),
            pytest.param({"start": "-9"}, ["hours"], id="below zero"),
            pytest.param({"start": "\u00b2"}, ["hours"], id="a figure to the power"),
            pytest.param({"days": ""}, ["days"], id="no days"),
            pytest.param({"days": "7,8,x"}, ["days"], id="no such days"),
            pytest.param({"away": "2026-11-16"}, ["away"], id="away until today"),
            pytest.param({"away": "2026-11-01"}, ["away"], id="away until before"),
            pytest.param({"away": "next week"}, ["away"], id="no date"),
            pytest.param({"away": "2026-02-30"}, ["away"], id="no such day"),
            pytest.param(
                {"end": "8", "days": "", "away": "x"}, ["hours", "days", "away"], id="all of it"
            ),
        ],
    )
    async def test_what_cannot_be_is_said_by_the_field_and_the_form_stays(
        self, english: Talk, values: dict[str, str], errors: list[str]
    ) -> None:
        before = await english.desk.person(english.who)
        await english.goes(TABLES["settings"])
        await english.goes(
            [(Fills(FORM | values), tuple(f"error:settings.error.{e}" for e in errors))]
        )
        assert english.reply
        assert len(english.reply.errors) == len(errors)
        assert await english.desk.person(english.who) == before
        await english.goes([(Fills(FORM | {"language": english.language}), "settings.title.saved")])

    async def test_everything_is_kept(self, talk: Talk) -> None:
        await talk.goes(TABLES["settings"])
        await talk.does(
            Fills(
                {
                    "language": "nl",
                    "start": "8",
                    "end": "12",
                    "days": "1,3,6",
                    "pace": "fewer",
                    "motivator": "calm",
                    "recognition": "learning_time",
                    "away": "2026-11-20",
                }
            )
        )
        person = await talk.desk.person(talk.who)
        assert person.language == "nl"
        assert person.hours == Hours(time(8), time(12), (1, 3, 6))
        assert person.fewer
        assert person.motivator is Motivator.CALM
        assert person.recognition is Recognition.LEARNING_TIME
        assert person.away_until == datetime(2026, 11, 20, tzinfo=UTC) - timedelta(
            hours=talk.language == "nl"
        )
        text = talk.desk.last(talk.who).text
        assert "Opgeslagen" in text
        assert "di, do, zo, 08:00" in text
        assert "vrijdag 20 november" in text

    async def test_what_is_left_empty_is_taken_back_and_what_we_do_not_know_is_not_taken(
        self, english: Talk
    ) -> None:
        await english.goes(MEET)
        await english.does(Says("typed.settings"))
        await english.does(Taps("settings.change"))
        odd = {"language": "xx", "motivator": "fame", "recognition": "cake", "preferred": "pigeon"}
        await english.does(Fills(FORM | odd))
        person = await english.desk.person(english.who)
        assert (person.language, person.motivator, person.recognition, person.preferred) == (
            english.language,
            None,
            None,
            None,
        )

    async def test_language(self, talk: Talk) -> None:
        other = "nl" if talk.language == "en" else "en"
        await talk.goes(TABLES["language"])
        await talk.does(Taps(f"language.{other}"))
        assert holds(talk.desk.last(talk.who).text, other, "quiet.language")
        await talk.does(Says("typed.help"))
        assert talk.desk.last(talk.who).card.title == said(other, "help.title")

    async def test_a_pause_says_its_last_day_and_the_settings_show_it(self, talk: Talk) -> None:
        await talk.goes(TABLES["a pause that ends by itself"][:6])
        day = {"en": "Monday 23 November", "nl": "maandag 23 november"}[talk.language]
        assert day in talk.desk.last(talk.who).text
        await talk.does(Says("typed.settings"))
        assert day in talk.desk.last(talk.who).text
        assert said(talk.language, "button.resume") in talk.desk.last(talk.who).buttons

    async def test_fewer_is_one_in_two_weeks(self, english: Talk) -> None:
        await english.goes(MEET)
        await english.does(Says("typed.settings"))
        await english.does(Taps("settings.change"))
        await english.does(Fills(FORM | {"language": english.language, "pace": "fewer"}))
        weeks: list[bool] = []
        english.desk.clock.pass_(hours=1)
        for _ in range(6):
            before = len(chat(english))
            await english.does(Waits(WEEK))
            weeks.append(len(chat(english)) > before)
        assert weeks == [True, False] * 3


ODD = {
    "unknown words": "Where do I find the quote of Jansen?",
    "64 KiB": "x" * 65_536,
    "64 KiB of words": "stop " * 13_107,
    "NUL": "\x00",
    "NUL between": "what\x00ever this is",
    "half a character": "\ud83d what is this",
    "bidi": "\u202epots\u202c \u2066olleh\u2069",
    "markup": "<!channel> *x* **y** [z](http://z) <at>all</at> {crm}",
    "html": "</p><script>alert(1)</script>",
    "sql": "'; DROP TABLE answers; --",
    "emoji": "👍🏽👩‍👩‍👧",
    "line breaks": "a\n\n\nb\r\nc",
    "spaces": " \t\u00a0\u3000",
    "nothing": "",
}


async def test_odd_words_get_a_kind_answer_and_change_nothing(talk: Talk) -> None:
    await talk.goes(ASKED)
    before = await facts(talk.desk)
    for name, text in ODD.items():
        count = len(chat(talk))
        await talk.desk.says(talk.who, text)
        assert len(chat(talk)) == count + 1, name
        assert talk.desk.last(talk.who).card.title == said(talk.language, "lost.title"), name
        assert await facts(talk.desk) == before, name
    await talk.goes(LOW)


KEPT = ODD | {
    "64 KiB": "x" * 16_000,
    "64 KiB of words": ("stop " * 3_200).strip(),
    "NUL": None,
    "NUL between": "whatever this is",
    "half a character": "what is this",
    "spaces": None,
    "nothing": None,
}


@pytest.mark.parametrize("name", ODD)
async def test_odd_words_in_a_form_are_kept_as_words(english: Talk, name: str) -> None:
    await english.goes([*ASKED, *LOW, (Taps("thanks.comment"), "form:comment.title")])
    await english.does(Fills({"comment": ODD[name]}))
    kept = [text.strip() for _, text in await remarks(english)]
    assert kept == ([KEPT[name]] if KEPT[name] else [])


VERBS = [
    ("pulse.answer", "6"),
    ("pulse.answer", ""),
    ("pulse.answer", "na"),
    ("pulse.answer", "supporter"),
    ("pulse.change", ""),
    ("pulse.comment", ""),
    ("pulse.nonsense", "1"),
    ("follow_up.wrong", ""),
    ("follow_up.snooze", ""),
    ("settings.open", ""),
    ("settings.language", "nl"),
    ("settings.language", "en"),
    ("settings.pause", "month"),
    ("settings.nonsense", ""),
    ("welcome.language", "nl"),
    ("welcome.language", "en"),
    ("welcome.matters", "time"),
    ("welcome.tell", ""),
    ("welcome.later", ""),
    ("welcome.nonsense", ""),
    ("command", "nonsense"),
    ("", ""),
    ("nonsense", "1"),
    ("pulse", "answer"),
]
FILLED = ["pulse.commented", "settings.saved", "welcome.told", "nonsense.sent", ""]


class TestNotTheirs:
    """An old, foreign or forged card: a kind sentence, and nothing has changed."""

    async def _refused(self, english: Talk, turn: Turn, who: str = "") -> None:
        who = who or english.who
        before, count = await facts(english.desk), len(english.desk.chat(who))
        reply = await english.desk.arrive(turn)
        assert await facts(english.desk) == before
        assert len(english.desk.chat(who)) == count + 1
        last, language = english.desk.last(who), (await english.desk.person(who)).language
        assert last.card.title in {said(language, "stale.title"), said(language, "lost.title")}
        assert reply is None or (reply.instead is None and reply.form is None)

    @pytest.mark.parametrize(("verb", "choice"), VERBS)
    async def test_a_button_that_is_not_on_the_card(
        self, english: Talk, verb: str, choice: str
    ) -> None:
        await english.goes([*MEET, *ASKED])
        token = english.desk.last(english.who).token
        await self._refused(english, Tapped(at(english.who), verb, choice, token))
        await english.goes(LOW)

    async def test_a_button_without_a_card(self, english: Talk) -> None:
        await english.goes([*MEET, *ASKED])
        for verb, choice in VERBS:
            await self._refused(english, Tapped(at(english.who), verb, choice))
        await english.goes(LOW)

    @pytest.mark.parametrize("verb", FILLED)
    async def test_a_form_that_does_not_belong_to_the_card(self, english: Talk, verb: str) -> None:
        await english.goes([*MEET, *ASKED])
        values = FORM | {"comment": "x", "expect": "x"}
        token = english.desk.last(english.who).token
        await self._refused(english, Filled(at(english.who), verb, "", token, values))
        await self._refused(english, Filled(at(english.who), verb, "", "", values))
        await english.goes(LOW)

    async def test_tapped_twice(self, english: Talk) -> None:
        await english.goes([*MEET, *ASKED])
        card = english.desk.last(english.who)
        await english.does(Taps("1"))
        again = Tapped(at(english.who), "pulse.answer", "5", card.token)
        await self._refused(english, again)
        assert [a.score for a in await answers(english)] == [1]

    async def test_tapped_by_someone_else(self, english: Talk) -> None:
        await english.goes([*MEET, *ASKED])
        card = english.desk.last(english.who)
        await self._refused(english, Tapped(at("eve"), "pulse.answer", "1", card.token), "eve")
        await english.goes(LOW)

    async def test_a_token_we_did_not_make(self, english: Talk) -> None:
        await english.goes([*MEET, *ASKED])
        for token in ("x", "A" * 32, "é" * 32, "=" * 32, "\x00", "x" * 65_536):
            await self._refused(english, Tapped(at(english.who), "pulse.answer", "1", token))

    async def test_a_token_with_another_number(self, english: Talk) -> None:
        await english.goes([*MEET, *ASKED])
        token = english.desk.last(english.who).token
        forged = token[:9] + ("A" if token[9] != "A" else "B") + token[10:]
        await self._refused(english, Tapped(at(english.who), "pulse.answer", "1", forged))

    async def test_a_question_that_a_later_one_has_followed(self, english: Talk) -> None:
        await english.goes(TABLES["answers typed as figures"])
        first = english.desk.chat(english.who)[0]
        await self._refused(english, Tapped(at(english.who), "pulse.answer", "1", first.token))

    async def test_a_form_from_an_old_card(self, english: Talk) -> None:
        await english.goes(TABLES["onboarding, saying nothing"][:4])
        await english.does(Taps("tell.later"))
        assert english.form
        assert english.form.form
        old = Filled(at(english.who), "welcome.told", "", english.form.form.token, {"expect": "x"})
        await self._refused(english, old)

    async def test_a_form_sent_twice(self, english: Talk) -> None:
        await english.goes([*ASKED, *LOW, (Taps("thanks.comment"), "form:comment.title")])
        assert english.form
        assert english.form.form
        sent = Filled(
            at(english.who), "pulse.commented", "", english.form.form.token, {"comment": "x"}
        )
        await english.desk.arrive(sent)
        await self._refused(english, sent)
        assert await remarks(english) == [("pulse.comment:D1", "x")]

    async def test_a_reaction_to_a_follow_up_that_was_reacted_to(self, english: Talk) -> None:
        await english.goes(FOLLOWED)
        card = english.desk.last(english.who)
        await english.does(Taps("follow_up.useful"))
        await self._refused(english, Tapped(at(english.who), "follow_up.wrong", "", card.token))


@pytest.mark.parametrize("together", [False, True], ids=["one by one", "all at once"])
@pytest.mark.parametrize("step", ["tapped", "typed", "filled", "joined"])
async def test_what_arrives_five_times_has_one_effect(
    english: Talk, step: str, *, together: bool
) -> None:
    await english.goes([*MEET, *ASKED])
    token = english.desk.last(english.who).token
    turn: Turn = Tapped(at(english.who), "pulse.answer", "1", token)
    if step == "typed":
        turn = Said(at(english.who), "1")
    if step == "filled":
        await english.goes([*LOW, (Taps("thanks.comment"), "form:comment.title")])
        assert english.form
        assert english.form.form
        turn = Filled(
            at(english.who), "pulse.commented", "", english.form.form.token, {"comment": "x"}
        )
    if step == "joined":
        turn = Said(
            at(english.who), said(english.language, "typed.stop").split(", ", maxsplit=1)[0]
        )
    if together:
        await asyncio.gather(*(english.desk.arrive(turn, "browser:same") for _ in range(5)))
    else:
        await english.desk.arrive(turn, "browser:same")
    once, shown = await facts(english.desk), [s.text for s in chat(english)]
    replies = [await english.desk.arrive(turn, "browser:same") for _ in range(4)]
    assert await facts(english.desk) == once
    assert [s.text for s in chat(english)] == shown
    assert all(reply == replies[0] for reply in replies)
    assert len(await answers(english)) == (0 if step == "joined" else 2 if step == "filled" else 1)
    assert len(await remarks(english)) == (1 if step == "filled" else 0)


async def test_in_a_channel_the_answer_is_shown_to_the_asker_alone(talk: Talk) -> None:
    word = said(talk.language, "typed.why").split(", ", maxsplit=1)[0]
    reply = await talk.desk.arrive(Said(at(talk.who), word, private=False))
    assert reply
    assert [drawn.card.title for drawn in reply.shown] == [said(talk.language, "why.title")]
    assert chat(talk) == []


class TestPulse:
    async def test_one_a_week_whoever_asks(self, talk: Talk) -> None:
        await talk.goes([*MEET, *ASKED, *LOW])
        came: list[int] = []
        for day in range(1, 17):
            before = len(chat(talk))
            await talk.does(Waits(24))
            if len(chat(talk)) > before and "1" in talk.desk.last(talk.who).buttons:
                came.append(day)
        assert came == [7, 14]

    async def test_nothing_at_night_or_in_the_weekend(self, english: Talk) -> None:
        await english.goes(MEET)
        came: list[str] = []
        for _ in range(14 * 8):
            before = len(chat(english))
            await english.does(Waits(3))
            if len(chat(english)) > before:
                came.append(f"{english.desk.clock():%a %H}")
        assert came == ["Tue 09", "Tue 09"]


def chat(talk: Talk) -> list[Seen]:
    return talk.desk.chat(talk.who)


def shows(talk: Talk, key: str) -> bool:
    return any(holds(s.text, talk.language, key) for s in chat(talk))


def asked_now(talk: Talk) -> list[str]:
    text = talk.desk.last(talk.who).text
    return [
        key
        for key, wording in LIBRARY.wordings.items()
        if wording.text[talk.language].replace("{crm}", "Dynamics") in text
    ]


async def answers(talk: Talk) -> tuple[Answer, ...]:
    async with talk.desk.store.read() as work:
        return (await work.answers([talk.who], talk.desk.clock())).get(talk.who, ())


async def remarks(talk: Talk) -> list[tuple[str, str]]:
    async with talk.desk.store.read() as work:
        return [(r.about, r.text) for r in await work.remarks(talk.who)]


async def keep(talk: Talk, scores: Mapping[str, int], occasion: str = "") -> None:
    at_ = talk.desk.clock() - timedelta(days=3)
    given = [Answer(talk.who, q, score, at_, occasion=occasion) for q, score in scores.items()]
    async with talk.desk.store.write() as work:
        await work.keep_answers(given)


async def facts(
    desk: Desk,
) -> tuple[dict[str, Person], dict[str, tuple[Answer, ...]], Iterable[Remark]]:
    """Return everything we know of everyone."""
    ids = ["ann", "bob", "eve"]
    async with desk.store.read() as work:
        people = {k: replace(p, addresses=()) for k, p in (await work.people(ids)).items()}
        given = await work.answers(ids, desk.clock() + timedelta(days=1))
        return people, given, [r for who in ids for r in await work.remarks(who)]
