"""The store keeps questions to colleagues, the same on every database."""

import asyncio
from datetime import timedelta

from adapters.store.database import Store
from adapters.store.schema import erasers
from nudges.colleague import (
    Accepted,
    AskedOutside,
    Declined,
    Handed,
    HandedOn,
    Judgement,
    NeverMind,
    Referral,
    Referred,
    Replied,
    TakenOut,
)
from nudges.question_report import Asking, QuestionReport
from nudges.questions import Asked, Found
from tests.clock import MONDAY
from tests.contracts.given import settle_in

ASKED = Referred("q", "How do I merge?", "data", "en", "asked", 7)
LATER = MONDAY + timedelta(days=200)


async def begin(store: Store) -> None:
    await settle_in(store, "ann", "cas", "dee", "tom")
    async with store.write() as work:
        await work.keep([ASKED, ASKED], "ann", MONDAY)
    await hand(store, Handed("cas", 1, MONDAY))


async def hand(store: Store, *hands: Handed) -> None:
    found = await one(store)
    async with store.write() as work:
        await work.hand_to(found, hands, {h.person: 11 for h in hands})


async def one(store: Store) -> Referral:
    async with store.read() as work:
        return (await work.referrals(["q"]))["q"]


async def keep(store: Store, who: str, *facts: object) -> None:
    async with store.write() as work:
        await work.keep(facts, who, MONDAY)  # pyright: ignore[reportArgumentType]


async def test_a_question_is_kept_with_who_has_it(store: Store) -> None:
    await begin(store)
    found = await one(store)
    assert (found.person, found.text, found.area, found.root) == ("ann", ASKED.text, "data", 7)
    assert [(h.person, h.how, h.delivery) for h in found.now_with] == [("cas", "open", 11)]
    async with store.read() as work:
        assert [r.key for r in await work.referrals_for("cas", every=False)] == ["q"]
        assert await work.referrals_for("dee", every=False) == []
        assert [h.person for h in await work.handed_since(MONDAY)] == ["cas"]
        assert await work.handed_since(LATER) == []
    await keep(store, "dee", HandedOn("q", "passed"))
    assert (await one(store)).now_with, "nobody passes on what is another's"
    await keep(store, "cas", HandedOn("q", "away"))
    assert [h.how for h in (await one(store)).hands] == ["away"]


async def test_the_first_answer_wins(store: Store) -> None:
    await begin(store)
    await asyncio.gather(*(keep(store, who, Replied("q", 1, who)) for who in ("cas", "dee")))
    found = await one(store)
    assert found.state == "answered"
    assert len(found.answers) == 1
    await keep(store, "ann", NeverMind("q"), Judgement("q", 1, helped=False))
    assert ((await one(store)).state, (await one(store)).round) == ("open", 2)
    await keep(store, "dee", Replied("q", 1, "too late"), Replied("q", 2, "again"))
    assert [a.text for a in (await one(store)).answers][1:] == ["again"]
    await keep(store, "ann", Judgement("q", 2, helped=False))
    assert (await one(store)).state == "answered", "twice is enough"
    await keep(store, "cas", Judgement("q", 2, helped=True))
    assert (await one(store)).state == "answered", "it is the asker's to say"
    await keep(store, "ann", Judgement("q", 2, helped=True))
    assert (await one(store)).state == "helped"


async def test_an_answer_becomes_an_article_once(store: Store) -> None:
    await begin(store)
    await keep(store, "cas", Replied("q", 1, "Press Merge."))
    async with store.read() as work:
        assert [r.proposed is not None for r in await work.referrals_for("tom", every=True)] == [
            True
        ]
    made = Accepted("q", 1, {"en": "Merge"}, {"en": "Press it."}, {"en": "Accounts"}, "data")
    await asyncio.gather(keep(store, "tom", made), keep(store, "dee", made))
    await keep(store, "tom", Declined("q", 1))
    async with store.read() as work:
        articles = await work.asked_articles()
        assert await work.referrals_for("tom", every=True) == []
    number = (await one(store)).answers[0].article
    assert list(articles) == [f"asked-{number}"]
    article = articles[f"asked-{number}"]
    assert (article.title, article.area, article.reviewed) == (
        {"en": "Merge"},
        "data",
        MONDAY.date(),
    )
    async with store.write() as work:
        for statement in erasers("ann"):
            await work.connection.execute(statement)
        assert await work.asked_articles() == articles, "what the organisation knows stays"
    await keep(store, "tom", TakenOut(number), TakenOut(number))
    async with store.read() as work:
        assert await work.asked_articles() == {}


async def test_whoever_is_forgotten_leaves_no_card_and_no_words(store: Store) -> None:
    await begin(store)
    await hand(store, Handed("tom", 2, MONDAY, team=True))
    await keep(store, "cas", Replied("q", 1, "mine"))
    async with store.write() as work:
        for statement in erasers("cas"):
            await work.connection.execute(statement)
    found = await one(store)
    assert ([h.person for h in found.hands], found.answers) == (["tom"], ())
    async with store.write() as work:
        for statement in erasers("ann"):
            await work.connection.execute(statement)
        assert await work.referrals(["q"]) == {}
        assert await work.handed_since(MONDAY) == []


async def test_what_is_old_goes_unless_it_is_open(store: Store) -> None:
    await begin(store)
    async with store.write() as work:
        assert await work.forget_referrals(LATER) == 0
    await keep(store, "ann", NeverMind("q"))
    async with store.write() as work:
        assert await work.forget_referrals(MONDAY) == 0
        assert await work.forget_referrals(LATER) == 1
        assert await work.moving_referrals() == []


async def test_what_a_report_is_made_from(store: Store) -> None:
    await settle_in(store, "ann", "cas")
    asked = [
        Asked("1", "howto", "in vain"),
        Asked("2", "howto", "not it", articles=("a",), answered=True),
        Asked("3", "howto", "it", articles=("a",), answered=True),
        Asked("4", "lookup"),
    ]
    await keep(store, "ann", *asked, Found("2", "a", was_it=False), Found("3", "a", was_it=True))
    await keep(store, "x", *[AskedOutside("sales")] * 3)
    async with store.read() as work:
        found = await work.in_vain(MONDAY, LATER, 10)
        assert [q.text for q in found] == ["in vain", "not it"]
        assert await work.in_vain(LATER, LATER, 10) == []
        assert await work.judged_articles(MONDAY) == {"a": (1, 1)}
        assert await work.asked_outside("2026-W47") == {"sales": 3}
    report = QuestionReport("2026-W47", (Asking("how do i", 5),), outside=(("sales", 5),))
    async with store.write() as work:
        assert await work.keep_question_report(report, MONDAY)
        assert not await work.keep_question_report(QuestionReport("2026-W47"), MONDAY)
        assert await work.question_reports(["2026-W47", "2026-W48"]) == {"2026-W47": report}
        assert await work.forget_reports(LATER) == 1
        assert await work.asked_outside("2026-W47") == {}
