"""Was it received: sent, days pass, a few are asked, they answer, and the author hears how many."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Update, func, select, update

from adapters.store.broadcasts import broadcasts
from adapters.store.reception import checks, reception
from adapters.store.schema import erasers
from bot import reception as rounds
from dialogs.turns import Tapped
from nudges.audience import Group, GroupKind, In
from nudges.audience_language import written
from nudges.broadcast import Broadcast, Check, Draft, HandedIn, Link, Message, Stage
from nudges.delivery import Priority, RunState
from nudges.people import Person
from nudges.reception import COMMENTS, choices, figures, order, shown
from nudges.roles import Grant, Role
from tests.desk import Desk, Seen, at, nobody_asked_where

CHECK = Check(
    {"en": "Where do you make an offer?", "nl": "Waar maak je een offerte?"},
    {"en": "In {crm}", "nl": "In {crm}"},
    ({"en": "In Word", "nl": "In Word"}, {"en": "By mail", "nl": "Per mail"}),
)
MESSAGE = Message(
    {"en": "Offers leave from one place", "nl": "Offertes vanaf één plek"},
    {"en": "Make yours in {crm}.", "nl": "Maak de jouwe in {crm}."},
    link=Link("https://example.com/offers", {"en": "Show me", "nl": "Laat zien"}),
    check=CHECK,
)
WORDS = replace(MESSAGE, check=Check(CHECK.question))
AUTHOR = "eve"
CROWD = tuple(f"p{n}" for n in range(12))
ASKS, AGAIN = "Did we say it clearly?", "Write it again"
RESULT, READ = "How your message was understood", "Did your message come across?"


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no other question take the day of the one that is looked at."""
    nobody_asked_where(monkeypatch)


@pytest.fixture
async def crm(desk: Desk) -> Desk:
    """Return a house with an author and twelve people, at an hour at which all of them work."""
    desk.clock.pass_(hours=2)
    async with desk.store.write() as work:
        await work.save(
            [
                Person(key, f"Name {key}", segment="sales", welcomed=True, addresses=(at(key),))
                for key in CROWD
            ],
            desk.clock(),
        )
        await work.keep([Grant(AUTHOR, Role.AUTHOR)], "settings", desk.clock())
    await desk.joins(AUTHOR)
    return desk


def those(n: int) -> str:
    """Return a rule that means so many of the crowd."""
    return written(In(first(n)))


def first(n: int) -> Group:
    return Group(GroupKind.LIST, f"first-{n}")


async def sends(desk: Desk, message: Message = MESSAGE, many: int = 12, **changes: object) -> int:
    """Send a message to some of the crowd, and let the days pass until they are asked."""
    rule = str(changes.pop("rule", those(many)))
    draft = replace(Draft(message, rule, many), **changes)
    async with desk.store.write() as work:
        await work.keep_list(first(many), CROWD[:many], "a file", desk.clock())
        await work.keep([HandedIn(draft, Stage.RELEASED)], AUTHOR, desk.clock())
        number = max(await work.broadcasts())
    await goes_on(desk)
    return number


async def goes_on(desk: Desk, days: float = 0) -> None:
    desk.clock.pass_(days=days)
    for _ in range(2):
        await desk.plan()


def asked(desk: Desk) -> list[str]:
    return [who for who in CROWD if any(s.card.title == ASKS for s in desk.chat(who))]


def question(desk: Desk, who: str) -> Seen:
    return next(s for s in reversed(desk.chat(who)) if s.card.title == ASKS)


async def answers(desk: Desk, who: str, number: int, *, right: bool = True) -> None:
    place = order(number, who, len(choices(CHECK))).index(0 if right else 1)
    await desk.taps(who, "ABC"[place], on=question(desk, who))


async def broadcast(desk: Desk, number: int) -> Broadcast:
    async with desk.store.read() as work:
        return (await work.broadcasts([number]))[number]


async def told(desk: Desk, number: int) -> Mapping[str, object] | None:
    """Return what any command would print."""
    async with desk.store.read() as work:
        return figures(shown((await work.receptions([number])).get(number)))


def recall(number: int) -> Update:
    return update(broadcasts).where(broadcasts.c.id == number).values(stage=Stage.RECALLED)


def cards(desk: Desk, title: str) -> list[Seen]:
    return [seen for seen in desk.chat(AUTHOR) if seen.card.title == title]


async def count(desk: Desk, of: object) -> int:
    async with desk.store.read() as work:
        return await work.connection.scalar(select(func.count()).select_from(of)) or 0  # pyright: ignore[reportArgumentType]


async def test_a_few_are_asked_and_the_author_hears_how_many_understood(crm: Desk) -> None:
    number = await sends(crm)
    await goes_on(crm, 2)
    assert asked(crm) == [], "people had no time to read it"
    await goes_on(crm, 1)
    assert asked(crm) == list(CROWD)
    seen = question(crm, "p0")
    assert "Where do you make an offer?" in seen.text
    assert "C  " in seen.text
    for who in CROWD[:7]:
        await answers(crm, who, number)
    for who in CROWD[7:10]:
        await answers(crm, who, number, right=False)
    kind = crm.last("p8")
    assert kind.card.title == "Thank you, this helps us"
    assert "In Dynamics" in kind.text
    assert "[Show me]" in kind.text
    assert crm.last("p0").card.title == "Thank you, that is it"
    assert (await told(crm, number), cards(crm, RESULT)) == (None, []), "not all is known yet"
    await goes_on(crm, 7)
    [result] = cards(crm, RESULT)
    assert "About 7 in ten of those who answered" in result.text
    assert "they were 10 to 19 people" in result.text
    assert "between 39 and 90 of 100" in result.text
    assert "may be below the target of 80 of 100" in result.text
    assert await told(crm, number) == {
        "asked": 12,
        "answered": "10-19",
        "verdict": "unsure",
        "right": 0.7,
        "low": 0.397,
        "high": 0.892,
    }
    before = await told(crm, number)
    await answers(crm, "p11", number)
    await goes_on(crm, 7)
    assert await told(crm, number) == before, "it stays"
    assert len(cards(crm, RESULT)) == 1


async def test_below_the_target_it_is_written_again(crm: Desk) -> None:
    number = await sends(crm, begins=None)
    await goes_on(crm, 3)
    for place, who in enumerate(CROWD):
        await answers(crm, who, number, right=place < 4)
    await goes_on(crm)
    assert "below the target of 80" in cards(crm, RESULT)[0].text, "all answered: no need to wait"
    await crm.taps(AUTHOR, AGAIN)
    assert AGAIN not in crm.last(AUTHOR).buttons
    assert any("Change the words" in seen.text for seen in crm.chat(AUTHOR))
    assert "number 2 of five to seven" in crm.last(AUTHOR).text, "the draft is at hand"
    async with crm.store.read() as work:
        [kept] = await work.drafts([AUTHOR])
    assert (kept.draft.series, kept.draft.message, kept.draft.begins) == (number, MESSAGE, None)


async def test_a_message_that_came_across_offers_no_repeat(crm: Desk) -> None:
    number = await sends(crm)
    await goes_on(crm, 3)
    for who in CROWD:
        await answers(crm, who, number)
    await goes_on(crm)
    [result] = cards(crm, RESULT)
    assert "Most people who answered" in result.text
    assert "12" not in result.text, "of each of them it would be told what they said"
    assert dict(result.buttons) == {}


@pytest.mark.parametrize("many", [4, 5, 6])
async def test_of_fewer_than_five_nothing_is_told(crm: Desk, many: int) -> None:
    number = await sends(crm, many=many)
    await goes_on(crm, 3)
    assert len(asked(crm)) == (many if many >= 5 else 0)
    for who in asked(crm)[:4]:
        await answers(crm, who, number, right=False)
    await goes_on(crm, 7)
    [result] = cards(crm, RESULT)
    assert "too few answers" in result.text
    assert not any(figure in result.text for figure in ("4", "80", "100"))
    assert await told(crm, number) is None
    async with crm.store.read() as work:
        row = (await work.connection.execute(select(checks))).one()
    assert row.readable is False


async def test_the_first_answer_counts_and_a_card_of_somebody_else_does_nothing(crm: Desk) -> None:
    number = await sends(crm)
    await goes_on(crm, 3)
    card = question(crm, "p0")
    taps = [b.tap for b in card.buttons.values()]
    await crm.arrive(Tapped(at("p1"), taps[0].verb, taps[0].choice, card.token))
    for choice in ("3", "99", "-1", "²", ""):
        await crm.arrive(Tapped(at("p0"), taps[0].verb, choice, card.token))
    assert (
        await count(crm, select(reception).where(reception.c.answered_at.is_not(None)).subquery())
        == 0
    )
    await answers(crm, "p0", number)
    for tap in taps:
        await crm.arrive(Tapped(at("p0"), tap.verb, tap.choice, card.token))
    async with crm.store.read() as work:
        found = await work.connection.scalars(
            select(reception.c.got).where(reception.c.person == "p0")
        )
    assert list(found) == [True]


async def test_a_letter_may_be_typed(crm: Desk) -> None:
    number = await sends(crm)
    await goes_on(crm, 3)
    letter = "abc"[order(number, "p3", 3).index(0)]
    await crm.says("p3", f" {letter}. ")
    assert crm.last("p3").card.title == "Thank you, that is it"
    await crm.says("p3", letter)
    assert crm.last("p3").card.title != "Thank you, that is it"


async def test_own_words_are_read_without_names_and_then_summed_up(crm: Desk) -> None:
    number = await sends(crm, WORDS)
    await goes_on(crm, 3)
    for who in CROWD[:9]:
        await crm.says(who, f"In the CRM, says {who[::-1]}")
    await crm.taps("p9", "Answer")
    token = question(crm, "p9").token
    await crm.fills("p9", "reception.sent", {"answer": "  "}, token)
    await crm.fills("p9", "reception.sent", {"answer": "By mail"}, token)
    assert crm.last("p9").card.title == "Thank you for your answer"
    assert crm.last("p0").card.title == "Thank you for your answer"
    assert await told(crm, number) is None
    await goes_on(crm, 7)
    for n in range(COMMENTS):
        seen = cards(crm, READ)[-1]
        assert f"still to read: {COMMENTS - n}" in seen.text
        assert not any(name in seen.text for name in (*CROWD, "Name p"))
        assert await told(crm, number) is None
        await crm.taps(AUTHOR, "They did not" if "mail" in seen.text else "They got it", on=seen)
    assert "Most people who answered" in cards(crm, RESULT)[-1].text
    assert cards(crm, READ) == []


async def test_fewer_than_ten_own_words_are_not_shown(crm: Desk) -> None:
    await sends(crm, WORDS)
    await goes_on(crm, 3)
    for who in CROWD[: COMMENTS - 1]:
        await crm.says(who, "In the CRM")
    await goes_on(crm, 7)
    assert cards(crm, READ) == []
    assert "too few answers" in cards(crm, RESULT)[0].text


async def test_of_fewer_than_ten_people_nobody_is_asked_for_words(crm: Desk) -> None:
    await sends(crm, WORDS, many=COMMENTS - 1)
    await goes_on(crm, 3)
    assert asked(crm) == []


async def test_who_left_stopped_or_paused_is_not_asked(crm: Desk) -> None:
    await sends(crm)
    quiet = {
        "p0": {"left": True},
        "p1": {"stopped": True},
        "p2": {"paused_until": crm.clock() + timedelta(days=20)},
        "p3": {"away_until": crm.clock() + timedelta(days=20)},
    }
    async with crm.store.write() as work:
        known = await work.people(quiet)
        await work.save([replace(known[k], **of) for k, of in quiet.items()], crm.clock())
    await goes_on(crm, 3)
    assert asked(crm) == list(CROWD[4:])


@pytest.mark.parametrize("how", ["corrects", "recalled", "stopped", "no check"])
async def test_what_asks_nothing(crm: Desk, how: str) -> None:
    message = replace(MESSAGE, check=None) if how == "no check" else MESSAGE
    number = await sends(crm, message, corrects=1 if how == "corrects" else 0)
    async with crm.store.write() as work:
        if how == "recalled":
            await work.connection.execute(recall(number))
        if how == "stopped":
            await work.begin_run(f"broadcast:{number}", Priority.BROADCAST, crm.clock())
            await work.switch(f"broadcast:{number}", RunState.STOPPED, crm.clock())
    await goes_on(crm, 10)
    assert asked(crm) == []
    assert cards(crm, RESULT) == []


async def test_a_message_taken_back_is_not_asked_about_any_more(crm: Desk) -> None:
    number = await sends(crm)
    crm.clock.pass_(days=3)
    await crm.app.rounds["reception"][0]()
    async with crm.store.write() as work:
        await work.connection.execute(recall(number))
    await goes_on(crm)
    assert asked(crm) == []


async def looks(desk: Desk) -> None:
    """Let four tickers look at the same moment; one of them finds something to do."""
    look = desk.app.rounds["reception"][0]
    found = await asyncio.gather(*(look() for _ in range(4)))
    assert sorted(map(str, found)) == ["0", "0", "0", "1"]


async def test_two_tickers_ask_once_and_tell_once(crm: Desk) -> None:
    number = await sends(crm)
    crm.clock.pass_(days=3)
    await looks(crm)
    await goes_on(crm)
    assert await count(crm, reception) == len(CROWD)
    for who in CROWD:
        titles = [s.card.title for s in crm.chat(who)]
        assert titles.count(ASKS) == 1
        await answers(crm, who, number, right=who in CROWD[:5])
    await looks(crm)
    await goes_on(crm, 3)
    assert len(cards(crm, RESULT)) == 1


async def test_killed_between_the_sample_and_asking_it_asks_once(
    crm: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await sends(crm)
    crm.clock.pass_(days=3)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(rounds, "_at_work", killed)
        with pytest.raises(KeyboardInterrupt):
            await crm.app.rounds["reception"][0]()
    assert (await count(crm, reception), await count(crm, checks)) == (0, 0)
    await goes_on(crm)
    assert asked(crm) == list(CROWD)
    assert await count(crm, reception) == len(CROWD)


async def test_who_is_forgotten_leaves_no_trace_and_changes_no_sum(crm: Desk) -> None:
    number = await sends(crm)
    await goes_on(crm, 3)
    for place, who in enumerate(CROWD):
        await answers(crm, who, number, right=place < 5)
    await forget(crm, ["p0"])
    await goes_on(crm)
    before = await told(crm, number)
    assert before
    assert [before[name] for name in ("asked", "answered", "right")] == [12, "10-19", 0.4]
    await forget(crm, ["p1", "p2"])
    await goes_on(crm, 7)
    assert await told(crm, number) == before
    assert await count(crm, reception) == len(CROWD) - 3


async def forget(desk: Desk, who: Iterable[str]) -> None:
    async with desk.store.write() as work:
        for one in who:
            for statement in erasers(one):
                await work.connection.execute(statement)


async def test_where_it_would_tell_on_people_a_small_side_is_not_told(crm: Desk) -> None:
    number = await sends(crm, rule="barrier is unknown")
    await goes_on(crm, 3)
    for place, who in enumerate(CROWD):
        await answers(crm, who, number, right=place >= 4)
    await goes_on(crm, 7)
    assert await told(crm, number) is None
    assert "too few answers" in cards(crm, RESULT)[0].text


async def test_where_it_would_tell_on_people_nobody_is_asked_for_words(crm: Desk) -> None:
    await sends(crm, WORDS, rule="barrier is unknown")
    await goes_on(crm, 10)
    assert asked(crm) == []
