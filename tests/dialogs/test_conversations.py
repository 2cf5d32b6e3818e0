"""Whole conversations, in every language: what they say or tap, and what we answer."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from dialogs.turns import Left
from nudges.adkar import Answer, Element
from nudges.people import Motivator
from nudges.voice import Wanted
from tests.clock import MONDAY
from tests.desk import LIBRARY, Desk, at
from tests.dialogs.conversations import TABLES
from tests.dialogs.tables import (
    ASKED,
    FOLLOWED,
    LOW,
    SNOOZED,
    WEEK,
    answers,
    asked_now,
    chat,
    keep,
    remarks,
    shows,
)
from tests.dialogs.talk import (
    MEET,
    NOTHING,
    Says,
    Table,
    Talk,
    Taps,
    Waits,
    holds,
    said,
)


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
        assert (await desk.person("ann")).language == "nl"

    async def test_a_second_start_changes_no_language_that_was_chosen(self, english: Talk) -> None:
        await english.goes(MEET)
        await english.desk.joins(english.who, "nl" if english.language == "en" else "en")
        assert (await english.desk.person(english.who)).language == english.language

    async def test_someone_who_leaves_is_not_written_to_and_may_come_back(self, desk: Desk) -> None:
        await desk.arrive(Left(at("ann")))
        gone = await desk.person("ann")
        assert [a.closed for a in gone.addresses] == [True]
        assert gone.address() is None
        await desk.joins("ann")
        back = await desk.person("ann")
        assert back.address() == at("ann")
        assert back.name == "Ann Field"


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

    async def test_what_was_written_back_goes_to_the_team_with_what_it_answers(
        self, english: Talk
    ) -> None:
        await english.goes(TABLES["words written back to a follow-up"])
        async with english.desk.store.read() as work:
            (item,) = await work.voice_queue(Wanted(), 9)
        (raiser,) = item.raisers
        assert (item.kind, item.text, raiser.name) == ("feedback", "My list is in my head", "")
        assert item.area

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
