"""Floors under what was measured; the sets are only counted, and no time is measured here."""

import pytest

from tests.find.figures import (
    bare,
    lines,
    macro_f1,
    measured,
    our_library,
    searching,
    understood,
)

SETS = [name for name in ("dev", "held_out") if lines(f"{name}_questions")]


@pytest.mark.parametrize("name", [name for name in ("dev", "held_out") if lines(f"{name}_intents")])
def test_what_is_meant_is_understood(name: str) -> None:
    mean, each = macro_f1(understood(lines(f"{name}_intents"), our_library()))
    assert mean >= 0.92, each
    assert min(each.values()) >= 0.86, each


@pytest.mark.parametrize("name", SETS)
def test_articles_are_found(name: str) -> None:
    library = our_library()
    if not library.articles:
        return
    search = searching(library, semantic=True)
    assert search.by_meaning
    found = measured(search.seek, lines(f"{name}_questions"), lines(f"{name}_off_topic"), library)
    assert found.first >= 0.75
    assert found.third >= 0.88
    assert found.answered >= 0.88
    assert found.typo >= 0.92
    assert found.wrong <= 0.04


@pytest.mark.parametrize("name", SETS)
def test_articles_alone_are_found_by_letters(name: str) -> None:
    library = bare(our_library())
    if not library.articles:
        return
    search = searching(library, semantic=False)
    found = measured(search.seek, lines(f"{name}_questions"), lines(f"{name}_off_topic"), library)
    assert found.first >= 0.50
    assert found.third >= 0.70
    assert found.answered >= 0.75
    assert found.wrong <= 0.04
