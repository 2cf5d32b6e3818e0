"""Every card and form, on every platform, looks as it did when someone last approved it."""

import os
from functools import cache
from itertools import product
from pathlib import Path

import pytest

from bot.wiring.pens import PENS, pen
from dialogs import gallery
from dialogs.card import Card, Form
from dialogs.speech import languages
from nudges.address import Platform
from tests.cases import case

GOLDEN = Path(__file__).parents[1] / "golden"
NAMES = [*gallery.CARDS, *gallery.FORMS]


@cache
def shown(language: str) -> tuple[dict[str, Card], dict[str, Form]]:
    return dict(gallery.cards(language)), dict(gallery.forms(language))


def drawn(name: str, platform: Platform, language: str) -> str:
    cards, forms = shown(language)
    draws = pen(platform)
    return draws.card(cards[name], "token") if name in cards else draws.form(forms[name], "token")


@pytest.mark.parametrize("name", NAMES)
def test_golden(name: str) -> None:
    for platform, language in product(PENS, languages()):
        with case(f"{platform}-{language}"):
            now = f"{drawn(name, platform, language)}\n"
            approved = GOLDEN / platform / f"{name}.{language}.txt"
            if os.environ.get("APPROVE"):
                approved.parent.mkdir(parents=True, exist_ok=True)
                approved.write_text(now, encoding="utf-8")
            assert now == approved.read_text(encoding="utf-8"), "make golden approves it"


def test_no_golden_file_is_left_of_a_card_that_is_gone() -> None:
    expected = {
        f"{platform}/{name}.{language}.txt"
        for platform in PENS
        for name in NAMES
        for language in languages()
    }
    found = {str(p.relative_to(GOLDEN)) for p in GOLDEN.rglob("*.txt")}
    assert found == expected
