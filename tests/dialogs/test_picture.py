"""A picture is facts: bars and words; without an address it is written, never left out."""

import math

import pytest

from dialogs.card import Card, Paragraph
from dialogs.picture import Bar, Picture, written
from dialogs.rich import plain, words

BARS = (Bar("Knowing why", 0.4, "4 in 10"), Bar("Wanting to", 0, "nobody"))
PICTURE = Picture("What holds people up", BARS, "4 in 10 do not know why yet.")


def test_bars_are_written_with_their_words() -> None:
    assert words(written(PICTURE)) == (
        "What holds people up\nKnowing why: 4 in 10 ▇▇▇▇\nWanting to: nobody"
    )
    assert [span.bold for span in written(PICTURE)] == [True, False, False]


def test_a_picture_without_a_caption_begins_with_its_bars() -> None:
    assert words(written(Picture("", BARS, "alt"))).startswith("Knowing why")


def test_a_picture_without_bars_says_the_words_instead_of_it() -> None:
    assert words(written(Picture("What holds people up", (), "Nothing yet."))) == "Nothing yet."


@pytest.mark.parametrize(
    ("share", "part"), [(-1, 0), (0, 0), (0.25, 0.25), (1, 1), (7, 1), (math.nan, 0)]
)
def test_a_bar_is_never_longer_than_its_place(share: float, part: float) -> None:
    bar = Bar("x", share, "y")
    assert bar.part == part
    assert words(written(Picture("", (bar,), ""))).count("▇") == round(part * 10)


def test_pictures_of_a_card_get_an_address_once() -> None:
    card = Card("T", (Paragraph(plain("x")), PICTURE))
    first, second = card.illustrated(lambda p: f"/{p.caption}"), Card("T", card.body[:1])
    assert [b.url for b in first.body if isinstance(b, Picture)] == ["/What holds people up"]
    assert first.illustrated(lambda _: "/other") == first
    assert second.illustrated(lambda _: "/other") is second
    assert card.body[1] == PICTURE
