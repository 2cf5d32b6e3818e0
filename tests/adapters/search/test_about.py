"""Whether a question is ours is told before it is answered, with numpy and without."""

import pytest

from adapters.search import lexical
from adapters.search.about import About, about
from adapters.search.fused import Index
from adapters.search.lexical import Lexical
from adapters.search.words import Kin, plain
from tests.find.figures import our_library

LIBRARY = our_library()
KIN = Kin(LIBRARY.kin)


@pytest.mark.parametrize(
    ("ours", "others"),
    [
        ("where do I log a visit to a customer", "where do I park when I visit a customer"),
        ("een verkoopkans afsluiten", "een verzekering afsluiten"),
        ("share a record with a colleague", "register a plugin for a record"),
    ],
)
def test_what_is_ours_is_told_from_what_sounds_like_it(ours: str, others: str) -> None:
    kind = about(LIBRARY, KIN)
    assert kind.of(plain(ours)) > kind.of(plain(others))


def test_without_examples_nothing_is_told() -> None:
    assert About([], [], KIN).of("anything at all") == 0
    assert about(LIBRARY, KIN).of("") == about(LIBRARY, KIN).of("")


def test_what_belongs_elsewhere_is_content() -> None:
    assert len(LIBRARY.elsewhere) > 600
    assert not any(line.startswith("#") for line in LIBRARY.elsewhere)
    index = Index(LIBRARY)
    answered = [q for q in LIBRARY.elsewhere if index.search(q).answered]
    assert len(answered) <= 0.02 * len(LIBRARY.elsewhere), answered


def test_the_same_is_found_without_numpy(monkeypatch: pytest.MonkeyPatch) -> None:
    articles = tuple(LIBRARY.articles.values())
    asked = ("log a call", "offerte kwijt", "")
    quick = Lexical(articles, KIN)
    found = [(*quick.scored(q).scores, *quick.alike(q)) for q in asked]
    monkeypatch.setattr(lexical, "np", None)
    slow = Lexical(articles, KIN)
    for question, scores in zip(asked, found, strict=True):
        again = (*slow.scored(question).scores, *slow.alike(question))
        assert again == pytest.approx(scores, abs=1e-4)
