"""What is not theirs, not now or twice: a kind answer, and nothing changes."""

import asyncio

import pytest

from dialogs.turns import Filled, Joined, Said, Tapped, Turn
from tests.desk import at
from tests.dialogs.conversations import TABLES
from tests.dialogs.tables import ASKED, FOLLOWED, FORM, LOW, answers, chat, facts, remarks
from tests.dialogs.talk import (
    MEET,
    Talk,
    Taps,
    Waits,
    said,
)

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


async def test_a_name_without_an_end_is_cut_where_it_comes_in(english: Talk) -> None:
    """Cards repeat a name, and Slack takes no card of a hundred blocks."""
    await english.desk.arrive(Joined(at("zoe"), "Zo\0e" + "x" * 65_536, "en"))
    async with english.desk.store.read() as work:
        assert "Zoe" + "x" * 197 in {person.name for person in await work.everyone()}


class TestPulse:
    async def test_one_a_week_whoever_asks(self, talk: Talk) -> None:
        await talk.goes([*MEET, *ASKED, *LOW])
        came: list[int] = []
        for day in range(1, 17):
            before = len(chat(talk))
            await talk.does(Waits(24))
            new = {seen.card.title for seen in chat(talk)[before:]}
            if said(talk.language, "pulse.title") in new:
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
        week = ["Tue 09", "Fri 09", "Mon 09"]
        assert came == week * 2, "each question, and its reminders"
