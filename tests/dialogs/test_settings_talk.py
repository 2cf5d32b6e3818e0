"""How people set it, and words of every odd kind: kept as words, answered kindly."""

from datetime import UTC, datetime, time, timedelta

import pytest

from nudges.people import Hours, Motivator, Recognition
from tests.dialogs.conversations import TABLES
from tests.dialogs.tables import ASKED, FORM, LOW, WEEK, chat, facts, remarks
from tests.dialogs.talk import (
    MEET,
    Fills,
    Says,
    Talk,
    Taps,
    Waits,
    holds,
    said,
)


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
        assert person.away_from == talk.desk.clock(), "an absence begins when it is told"
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
            new = {seen.card.title for seen in chat(english)[before:]}
            weeks.append(said(english.language, "pulse.title") in new)
        assert weeks == [True, False] * 3


ODD = {
    "unknown words": "flurb the wibble, mostly",
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
        answers = {
            said(talk.language, key) for key in ("lost.title", "unknown.title", "no_record.title")
        }
        assert talk.desk.last(talk.who).card.title in answers, name
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
