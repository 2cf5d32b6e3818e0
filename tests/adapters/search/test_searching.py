"""Search: what it finds, what it never does, and how it learns and is swapped."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.search.searching import Searching
from adapters.search.words import Spelling, distance, plain
from dialogs.finding import Learned
from dialogs.knowledge import Article
from dialogs.library import Library
from tests.find.figures import our_library


def article(name: str, en: str, nl: str, body: str = "") -> Article:
    return Article(name, {"en": "Sales"}, {"en": en, "nl": nl}, {"en": body or en, "nl": nl})


ARTICLES = {
    a.id: a
    for a in (
        article("lead", "Create a lead", "Een lead aanmaken"),
        article("won", "Close an opportunity as won", "Een verkoopkans sluiten als gewonnen"),
        article("excel", "Export a list to Excel", "Een lijst exporteren naar Excel"),
        article("quote", "Create a quote", "Een offerte maken"),
    )
}


def library(articles: Mapping[str, Article] = ARTICLES) -> Library:
    return replace(our_library(), articles=articles)


def search(articles: Mapping[str, Article] = ARTICLES) -> Searching:
    return Searching(lambda: library(articles), semantic=False)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("how do I create a lead", "lead"),
        ("hoe maak ik een offerte", "quote"),
        ("hoe maakk ik een offrte", "quote"),
        ("deal gewonnen", "won"),
        ("naar exel exporteren", "excel"),
    ],
)
def test_articles_are_found(asked: str, found: str) -> None:
    assert search().seek(asked).hits[0].article == found


@pytest.mark.parametrize(
    "asked",
    [
        *("", " ", "?", "😀" * 400, "\x00\x01", "' OR 1=1 --", "contains(name,'x')", "%_*", "a"),
        *("x" * 65_536, "lead " * 13_000, "wo ist der Bahnhof", "\ud800", "東京の天気"),
    ],
)
def test_whatever_is_typed_is_no_error(asked: str) -> None:
    sought = search().seek(asked)
    assert len(sought.hits) == len(ARTICLES)
    assert all(0 <= hit.score <= 1 for hit in sought.hits)


def test_what_is_off_topic_is_not_answered() -> None:
    assert not search().seek("what is the weather tomorrow").answered


def test_without_articles_nothing_is_found() -> None:
    assert search({}).seek("how do I create a lead").hits == ()


def test_what_many_pressed_lifts_an_article_and_one_person_does_not() -> None:
    found = search()
    asked = "how do I create a lead"
    found.seek(asked)
    found.learn([Learned(asked, "quote", people=1)])
    assert found.seek(asked).hits[0].article == "lead"
    before = {h.article: h.score for h in found.seek(asked).hits}
    found.learn([Learned(asked, "quote", people=500), Learned(asked, "gone", people=500)])
    after = {h.article: h.score for h in found.seek(asked).hits}
    assert after["quote"] > before["quote"]
    found.learn([Learned(asked, "lead", people=0, against=500)])
    lowered = found.seek(asked).hits
    assert lowered[0].score - lowered[1].score < before["lead"] - max(
        score for name, score in before.items() if name != "lead"
    )


def test_a_new_article_is_found_after_the_swap() -> None:
    content = {"now": library()}
    found = Searching(lambda: content["now"], semantic=False)
    assert found.seek("scan a business card").hits[0].article != "card"
    card = article("card", "Scan a business card", "Een visitekaartje scannen")
    content["now"] = library({**ARTICLES, "card": card})
    found.rebuild()
    assert found.seek("scan a business card").hits[0].article == "card"


async def test_the_content_in_force_is_followed() -> None:
    content = {"now": library()}
    found = Searching(lambda: content["now"], semantic=False)
    assert await found.follow()
    found.stop()  # waits for it
    assert not await found.follow(), "nothing changed"
    words = {**ARTICLES, "lead": replace(ARTICLES["lead"], asked={"en": ("scan a card",)})}
    content["now"] = replace(library(words), version="2")
    assert found.seek("scan a card").hits[0].score < 0.5
    assert await found.follow()
    found.stop()
    assert found.seek("scan a card").hits[0].article == "lead"


@pytest.mark.parametrize("more", [{}, {"card": article("card", "Scan", "Scannen")}])
def test_changed_words_are_in_force_where_meaning_is(more: dict[str, Article]) -> None:
    """An article that says something else is found by that, and not by what it said."""
    content = {"now": library()}
    found = Searching(lambda: content["now"])
    found.rebuild()
    assert found.by_meaning
    other = {**ARTICLES, "lead": article("lead", "Brew zzyzx", "Zzyzx zetten"), **more}
    content["now"] = library(other)
    found.rebuild()
    assert found.by_meaning
    assert found.seek("brew zzyzx").hits[0].article == "lead"
    assert "zzyzx" in found.in_force.lexical.vocabulary


def test_vectors_are_stored_and_damaged_ones_made_again(tmp_path: Path) -> None:
    found = Searching(library, tmp_path)
    found.rebuild()
    assert found.by_meaning
    (stored,) = tmp_path.iterdir()
    whole = stored.read_bytes()
    stored.write_bytes(whole[: len(whole) // 2 + 5])
    again = Searching(library, tmp_path)
    again.rebuild()
    assert again.by_meaning
    assert stored.stat().st_size == len(whole)
    assert again.seek("make a proposal for a price").hits[0].article == "quote"


async def test_it_is_asked_without_stopping_the_loop() -> None:
    found = search()
    assert (await found.search("create a lead", "en")).hits[0].article == "lead"
    assert (await found.search("create a lead", "en", "sales")).hits[0].article == "lead"


@pytest.mark.parametrize(
    ("one", "other", "slips"),
    [("lead", "lead", 0), ("laed", "lead", 1), ("led", "lead", 1), ("x", "lead", 3), ("", "ab", 2)],
)
def test_slips_are_counted(one: str, other: str, slips: int) -> None:
    assert distance(one, other, 2) == slips


def test_a_known_word_is_no_slip() -> None:
    spelling = Spelling(["verkoopkans", "koppelen"], lambda word: 0 if word == "koppels" else 2)
    assert spelling.mend(plain("Verkopkans koppels")) == "verkoopkans koppels"
