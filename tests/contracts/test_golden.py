"""Every card and form, on every platform, looks as it did when someone last approved it."""

import os
from pathlib import Path

import pytest

from bot.wiring.pens import PENS, pen
from dialogs import gallery
from dialogs.speech import languages
from nudges.address import Platform

GOLDEN = Path(__file__).parents[1] / "golden"
NAMES = [*gallery.CARDS, *gallery.FORMS]


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("platform", PENS)
@pytest.mark.parametrize("name", NAMES)
def test_golden(name: str, platform: Platform, language: str) -> None:
    draws = pen(platform)
    cards, forms = dict(gallery.cards(language)), dict(gallery.forms(language))
    drawn = draws.card(cards[name], "token") if name in cards else draws.form(forms[name], "token")
    approved = GOLDEN / platform / f"{name}.{language}.txt"
    if os.environ.get("APPROVE"):
        approved.parent.mkdir(parents=True, exist_ok=True)
        approved.write_text(f"{drawn}\n", encoding="utf-8")
    assert f"{drawn}\n" == approved.read_text(encoding="utf-8"), "make golden approves it"


def test_no_golden_file_is_left_of_a_card_that_is_gone() -> None:
    expected = {
        f"{platform}/{name}.{language}.txt"
        for platform in PENS
        for name in NAMES
        for language in languages()
    }
    found = {str(p.relative_to(GOLDEN)) for p in GOLDEN.rglob("*.txt")}
    assert found == expected
