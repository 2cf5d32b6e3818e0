"""A question nobody found an answer to: to a champion, on to the next, answered, and kept."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.store.database import Store
from adapters.store.schema import erasers
from bot.colleagues import Colleagues
from bot.finding import Finder
from bot.wiring import parts
from dialogs.finding import Hit, Sought
from dialogs.knowledge import Article
from dialogs.library import Library
from dialogs.speech import catalogue
from dialogs.turns import Filled
from nudges.champions import ChampionStep as Said
from nudges.champions import Offer
from nudges.colleague import AskedOutside
from nudges.people import Language
from nudges.question_report import LinkTrouble
from nudges.questions import Asked
from nudges.roles import Grant, Role
from tests import desk as house
from tests.clock import MONDAY, Clock
from tests.desk import LIBRARY, Desk, Seen, at, open_desk

QUESTION = {"en": "How do I merge two accounts?", "nl": "Hoe voeg ik twee accounts samen?"}
ANSWER = "Choose both and press Merge."
LANGUAGE = {"ann": "en", "bob": "nl"}


class Shelf:
    """A search that knows the articles it was given by a word of theirs."""

    def __init__(self) -> None:
        self.known: dict[str, str] = {}

    async def search(self, words: str, language: Language, job: str = "") -> Sought:
        del language, job
        hits = [Hit(article, 1.0) for word, article in self.known.items() if word in words]
        return Sought(tuple(hits), answered=bool(hits), sure=len(hits) == 1)


LINK = "https://wiki.contoso.com/gone"
WORDS = {"en": "Merge accounts"}


class Wires:
    """Links of which some are broken; whoever tries them asks no network."""

    def __init__(self) -> None:
        self.broken: set[str] = set()

    async def trouble(self, urls: Sequence[str]) -> Mapping[str, LinkTrouble]:
        return {url: "gone" for url in urls if url in self.broken}


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def wires() -> Wires:
    return Wires()


@pytest.fixture
def finder(shelf: Shelf) -> Finder:
    return Finder(shelf)


@pytest.fixture
async def desk(
    memory: Store,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    finder: Finder | None,
    wires: Wires,
) -> Desk:
    """Return a house with a search that knows nothing, three champions and a CRM team of two."""
    plain = house.build

    def build(*given: object, **named: object) -> object:
        return plain(*given, finder=finder, links=wires, **named)  # pyright: ignore[reportArgumentType]

    linked = replace(LIBRARY, articles={"a": Article("a", WORDS, WORDS, WORDS, link=LINK)})
    monkeypatch.setattr(house, "build", build)

    def load(_own: Path | None = None) -> Library:
        return linked

    monkeypatch.setattr(parts, "load_library", load)
    opened = await open_desk(memory, clock)
    for who, areas, limit in (("cas", "data", 3), ("dee", "data", 3), ("ed", "sales", 3)):
        await known(opened, who, Role.CHAMPION)
        async with memory.write() as work:
            offer = Offer(who, (areas,), limit)
            await work.keep([Said(who, "accepted"), offer], who, clock())
    for who in ("tom", "uma"):
        await known(opened, who, Role.CRM_TEAM)
    return opened


async def known(desk: Desk, who: str, *roles: Role, **more: object) -> None:
    async with desk.store.write() as work:
        there = (await work.people([who])).get(who) or house.Person(
            who, name=who.title(), addresses=(at(who),), zone="Europe/Amsterdam"
        )
        await work.save([replace(there, welcomed=True, **more)], desk.clock())
        await work.keep([Grant(who, role) for role in roles], "settings", desk.clock())


def says(who: str, key: str) -> str:
    return catalogue(LANGUAGE.get(who, "en")).gettext(key)


async def asks(desk: Desk, who: str = "ann", area: str = "data", question: str = "") -> Seen:
    """Ask something that nobody knows, and send it to a colleague."""
    question = question or QUESTION[LANGUAGE[who]]
    await desk.says(who, question)
    card = desk.last(who)
    opened = await desk.taps(who, says(who, "question.ask"))
    assert opened
    assert opened.form
    values = {"question": question, "area": area}
    assert opened.form.form.fields[0].value == question
    await desk.fills(who, "question.sent", values, opened.form.token)
    await rounds(desk)
    return next(seen for seen in desk.chat(who) if seen.ref == card.ref)


async def rounds(desk: Desk, *names: str) -> None:
    """Let two tickers look after questions at the same time."""
    for name in names or ("colleagues", "knowledge"):
        what, _ = {**desk.app.rounds, **desk.app.everywhere}[name]
        await asyncio.gather(what(), what())
    await desk.app.settle()


def where(desk: Desk, who: str, card: Seen) -> str:
    return next(seen for seen in desk.chat(who) if seen.ref == card.ref).card.title


async def answers(desk: Desk, who: str, text: str = ANSWER) -> None:
    opened = await desk.taps(who, says(who, "handed.answer"))
    assert opened
    assert opened.form
    await desk.fills(who, "question.answered", {"answer": text}, opened.form.token)


async def days(desk: Desk, many: int) -> None:
    for _ in range(many):
        desk.clock.pass_(days=1)
        await rounds(desk)


@pytest.mark.parametrize("who", ["ann", "bob"])
async def test_asked_answered_and_it_helped(desk: Desk, who: str) -> None:
    card = await asks(desk, who)
    assert where(desk, who, card) == says(who, "referral.champion.title")
    assert [w for w in ("cas", "dee", "ed", "tom") if desk.chat(w)] == ["cas"], "one at a time"
    text = desk.last("cas").text
    assert QUESTION[LANGUAGE[who]] in text
    assert (await desk.person(who)).name in text
    await answers(desk, "cas")
    told = desk.last(who)
    assert told.card.title == says(who, "replied.title").format(name="Cas")
    assert ANSWER in told.text
    assert where(desk, who, card) == says(who, "referral.answered.title")
    await desk.taps(who, says(who, "replied.yes"))
    assert says(who, "replied.helped") in desk.last(who).text
    await rounds(desk)
    asker = (await desk.person(who)).name
    assert desk.last("cas").card.title == says("cas", "handed.thanks.title").format(asker=asker)
    assert len(desk.chat("cas")) == 1


async def test_an_empty_question_is_not_sent(desk: Desk) -> None:
    await desk.says("ann", QUESTION["en"])
    opened = await desk.taps("ann", says("ann", "question.ask"))
    assert opened
    assert opened.form
    token = opened.form.token
    await desk.fills("ann", "question.sent", {"question": " ", "area": "nowhere"}, token)
    await rounds(desk)
    assert not desk.chat("cas")


async def test_passed_on_and_then_away_and_then_to_whoever_has_room(desk: Desk) -> None:
    card = await asks(desk)
    await desk.taps("cas", says("cas", "handed.pass"))
    await rounds(desk)
    assert where(desk, "ann", card) == says("ann", "referral.passed.title")
    assert desk.chat("cas")[0].card.title == says("cas", "handed.passed.title")
    await desk.taps("dee", says("dee", "handed.away"))
    assert desk.last("dee").card.title == says("dee", "pause.title"), "for how long?"
    await rounds(desk)
    assert QUESTION["en"] in desk.last("ed").text, "of another area, but with room"
    await desk.taps("ed", says("ed", "handed.pass"))
    await rounds(desk)
    assert where(desk, "ann", card) == says("ann", "referral.team.title")
    assert len(desk.chat("tom")) == len(desk.chat("uma")) == 1
    await answers(desk, "uma")
    await rounds(desk)
    assert desk.last("ann").card.title == says("ann", "replied.title").format(name="Uma")
    assert desk.last("tom").card.title == says("tom", "handed.faster.title")
    assert "Uma" in desk.last("tom").text


async def test_two_silent_days_and_a_late_answer(desk: Desk) -> None:
    await asks(desk)
    await days(desk, 1)
    assert not desk.chat("dee")
    await days(desk, 1)
    assert QUESTION["en"] in desk.last("dee").text
    assert desk.last("cas").card.title == says("cas", "handed.late.title").format(name="Ann Field")
    await answers(desk, "cas", "Late, but here it is.")
    await rounds(desk)
    assert "Late, but here it is." in desk.last("ann").text
    assert desk.last("dee").card.title == says("dee", "handed.faster.title")
    before = len(desk.chat("ann"))
    await days(desk, 4)
    assert (len(desk.chat("ann")), len(desk.chat("ed"))) == (before, 0), "it is over"


async def test_a_weekend_is_no_silence(desk: Desk) -> None:
    desk.clock.now = MONDAY + timedelta(days=4)
    await asks(desk)
    await days(desk, 3)
    assert not desk.chat("dee"), "Friday to Monday is one working day"
    await days(desk, 1)
    assert desk.chat("dee")


async def test_two_who_answer_at_once(desk: Desk) -> None:
    await asks(desk)
    await days(desk, 2)
    forms = [await desk.taps(who, says(who, "handed.answer")) for who in ("cas", "dee")]
    for who, opened in zip(("cas", "dee"), forms, strict=True):
        assert opened
        assert opened.form
        await desk.fills(who, "question.answered", {"answer": f"by {who}"}, opened.form.token)
    await rounds(desk)
    told = [seen.text for seen in desk.chat("ann") if "by " in seen.text]
    assert len(told) == 1
    assert "by cas" in told[0]
    assert desk.last("dee").card.title == says("dee", "handed.faster.title")


async def test_not_yet_asks_one_more_and_then_no_more(desk: Desk) -> None:
    await asks(desk)
    await answers(desk, "cas")
    await desk.taps("ann", says("ann", "replied.no"))
    await rounds(desk)
    assert desk.last("cas").card.title == says("cas", "handed.thanks.title").format(
        asker="Ann Field"
    )
    await answers(desk, "dee", "Second try.")
    assert "Second try." in desk.last("ann").text
    assert says("ann", "replied.no") not in desk.last("ann").buttons
    assert says("ann", "replied.yes") in desk.last("ann").buttons


async def test_taken_back(desk: Desk) -> None:
    card = await asks(desk)
    await desk.taps("ann", says("ann", "referral.withdraw"))
    await rounds(desk)
    assert where(desk, "ann", card) == says("ann", "referral.withdrawn.title")
    assert desk.last("cas").card.title == says("cas", "handed.withdrawn.title")
    await days(desk, 5)
    assert not desk.chat("dee")


async def test_taken_back_before_anybody_was_at_work(desk: Desk) -> None:
    desk.clock.now = MONDAY + timedelta(days=5)
    await asks(desk)
    await desk.taps("ann", says("ann", "referral.withdraw"))
    await days(desk, 3)
    assert not desk.chat("cas"), "no card about a question that is no more"


async def test_nobody_can_and_the_team_is_reminded_once(desk: Desk) -> None:
    for who in ("cas", "dee", "ed"):
        await known(desk, who, stopped=True)
    card = await asks(desk)
    assert where(desk, "ann", card) == says("ann", "referral.team.title")
    await days(desk, 15)
    assert len(desk.chat("tom")) == 2
    assert desk.last("tom").card.title == says("tom", "handed.again.title").format(name="Ann Field")


async def test_a_full_champion_gets_no_more(desk: Desk) -> None:
    async with desk.store.write() as work:
        await work.keep([Offer("cas", ("data",), 1), Offer("dee", ("data",), 1)], "x", MONDAY)
    for who in ("ann", "bob", "ann"):
        await asks(desk, who)
    assert [len(desk.chat(who)) for who in ("cas", "dee", "ed")] == [1, 1, 1]


async def test_who_leaves_or_is_forgotten_leaves_nothing_hanging(desk: Desk) -> None:
    await asks(desk)
    await known(desk, "cas", left=True)
    await rounds(desk)
    assert desk.chat("dee")
    async with desk.store.write() as work:
        for statement in erasers("dee"):
            await work.connection.execute(statement)
    await rounds(desk)
    assert desk.chat("ed")
    await known(desk, "ann", left=True)
    await rounds(desk)
    await rounds(desk)
    assert desk.last("ed").card.title == says("ed", "handed.withdrawn.title")
    async with desk.store.write() as work:
        for statement in erasers("ann"):
            await work.connection.execute(statement)
    await rounds(desk)
    async with desk.store.read() as work:
        assert await work.moving_referrals() == []


async def test_somebody_killed_in_between_hands_it_to_one(desk: Desk) -> None:
    killed = Colleagues(desk.store, desk.clock, lambda: None)

    async def dies(*_: object) -> None:
        message = "the power is out"
        raise RuntimeError(message)

    await desk.says("ann", QUESTION["en"])
    opened = await desk.taps("ann", says("ann", "question.ask"))
    assert opened
    assert opened.form
    values = {"question": QUESTION["en"], "area": "data"}
    await desk.fills("ann", "question.sent", values, opened.form.token)
    kind = type(desk.store).write
    with pytest.MonkeyPatch.context() as patch:
        from adapters.store.colleague import Colleagues as Part  # noqa: PLC0415 - broken here

        patch.setattr(Part, "hand_to", dies)
        with pytest.raises(RuntimeError):
            await killed.round()
    assert kind is type(desk.store).write
    await desk.app.settle()
    assert not desk.chat("cas"), "nothing of a step that was not finished"
    await rounds(desk)
    assert len(desk.chat("cas")) == 1


async def test_the_list_of_a_champion_and_of_the_team(desk: Desk) -> None:
    await asks(desk, "bob")
    await desk.says("ann", "questions")
    assert desk.last("ann").card.title == says("ann", "for_team.title")
    await desk.says("cas", "vragen")
    assert QUESTION["nl"] in desk.last("cas").text
    shown = await desk.arrive(house.Said(at("cas"), "questions", private=False))
    assert shown
    assert QUESTION["nl"] in str(shown.shown[0].card), "a slash command is answered at once"
    await desk.says("dee", "questions")
    assert desk.last("dee").card.title == says("dee", "questions.none.title")
    await desk.says("tom", "questions")
    opened = await desk.taps("tom", says("tom", "questions.answer").format(n=1))
    assert opened
    assert opened.form
    turn = Filled(at("tom"), "question.answered", "0", opened.form.token, {"answer": ANSWER})
    await desk.arrive(turn)
    await rounds(desk)
    assert ANSWER in desk.last("bob").text


async def test_an_answer_becomes_an_article_that_is_found(desk: Desk, shelf: Shelf) -> None:
    await asks(desk)
    await answers(desk, "cas")
    await desk.says("tom", "questions")
    assert ANSWER in desk.last("tom").text
    assert "Ann" not in desk.last("tom").text
    label = says("tom", "questions.accept").format(n=1)
    opened = await desk.taps("tom", label)
    assert opened
    assert opened.form
    assert {f.name: f.value for f in opened.form.form.fields}["body_en"] == ANSWER
    half = {"title_en": "Merge accounts", "body_en": "", "area": "data"}
    bad = Filled(at("tom"), "question.accepted", "0", opened.form.token, half)
    reply = await desk.arrive(bad)
    assert reply
    assert set(reply.errors) == {"body_en"}
    whole = half | {"body_en": "Choose **Merge**.", "nav_en": "Accounts > Merge"}
    good = Filled(at("tom"), "question.accepted", "0", opened.form.token, whole)
    await desk.arrive(good)
    await rounds(desk)
    filed = await desk.taps("tom", says("tom", "accepted.file"))
    assert filed
    assert filed.form
    text = str(filed.form.form.fields[0].value)
    assert text.startswith('+++\narea = "data"\n')
    assert "# en: Merge accounts\n\nChoose **Merge**." in text
    shelf.known["merge"] = "asked-1"
    await desk.says("bob", "how do i merge?")
    assert "Accounts > Merge" in desk.last("bob").text
    await desk.taps("tom", says("tom", "accepted.take_out"))
    await rounds(desk)
    await desk.says("bob", "how do i merge?")
    assert "Accounts > Merge" not in desk.last("bob").text


@pytest.mark.parametrize("finder", [None], ids=["the search that ships"])
async def test_an_accepted_answer_is_searched_like_any_other_article(desk: Desk) -> None:
    again = "How can I print address labels for a mailing?"
    await asks(desk, question="How do I print labels with addresses for the mailing?")
    await answers(desk, "cas")
    await desk.says("tom", "questions")
    opened = await desk.taps("tom", says("tom", "questions.accept").format(n=1))
    assert opened
    assert opened.form
    values = {"title_en": "Print address labels", "body_en": ANSWER, "area": "data"}
    values |= {"nav_en": "Mailings > Labels"}
    await desk.arrive(Filled(at("tom"), "question.accepted", "0", opened.form.token, values))
    await desk.says("bob", again)
    assert "Mailings > Labels" not in desk.last("bob").text
    await rounds(desk, "colleagues", "knowledge", "search")
    for _ in range(400):
        await desk.says("bob", again)
        if "Mailings > Labels" in desk.last("bob").text:
            break
        await asyncio.sleep(0.05)  # the index is made in a thread
    assert "Mailings > Labels" in desk.last("bob").text


async def test_the_report_of_a_week_with_its_floors(desk: Desk, wires: Wires) -> None:
    wires.broken.add(LINK)
    await keep_asked(desk, 5, "how do I merge {} accounts", "p")
    await keep_asked(desk, 4, "the phone number of Jan de Vries {}", "q")
    for area, n in (("sales", 5), ("service", 4)):
        async with desk.store.write() as work:
            await work.keep([AskedOutside(area)] * n, "x", desk.clock())
    await asks(desk)
    desk.clock.now = MONDAY + timedelta(days=7, hours=-3)
    await rounds(desk, "question_reports")
    assert not desk.chat("tom"), "before anybody's Monday begins"
    desk.clock.pass_(hours=4)
    await rounds(desk, "question_reports")
    assert (len(desk.chat("tom")), len(desk.chat("uma"))) == (1, 1)
    text = desk.last("tom").text
    assert "how do i merge … accounts" in text
    assert "Jan" not in text
    assert f"Merge accounts: {LINK}" in text
    assert QUESTION["en"] in text
    assert "sales: 5" in text
    assert "service: 4" not in text
    assert "Ann" not in text
    desk.clock.pass_(hours=30)
    await rounds(desk, "question_reports")
    assert len(desk.chat("tom")) == 1


async def test_no_report_where_there_is_nothing_to_say(desk: Desk) -> None:
    desk.clock.now = MONDAY + timedelta(days=7, hours=1)
    for _ in range(2):
        await rounds(desk, "question_reports")
    assert not desk.chat("tom")


async def keep_asked(desk: Desk, people: int, text: str, name: str) -> None:
    for number in range(people):
        who = f"{name}{number}"
        await known(desk, who)
        asked = Asked(f"asked:{who}", "howto", text.format("x" * (number + 1)))
        async with desk.store.write() as work:
            await work.keep([asked], who, desk.clock())
