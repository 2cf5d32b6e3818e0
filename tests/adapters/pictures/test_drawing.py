"""A drawn picture: big enough for a phone, small enough to fetch, and readable in grey."""

from io import BytesIO

import pytest
from PIL import Image, ImageDraw

from adapters.pictures.album import ELSEWHERE, SIGNS
from adapters.pictures.drawing import GROUND, INK, RIM, TRACK, WIDTH, draw, font, tint
from dialogs.picture import Bar

READABLE = 4.5
LARGEST = 40 * 1024
ENGLISH = (
    Bar("Knowing why", 0.1, "1 in 10"),
    Bar("Wanting to", 0.4, "4 in 10, was 3"),
    Bar("Knowing how", 0.2, "2 in 10"),
    Bar("Being able to, on the own work", 0.2, "2 in 10"),
    Bar("Nothing", 0, "nobody"),
)
DUTCH = (
    Bar("Weten waarom", 0.1, "1 op de 10"),
    Bar("Willen: één idee, geen geëmmer", 1, "10 op de 10"),
    Bar("Kunnen, voor € 0", 0.001, "bijna niemand"),
)
LONG = tuple(Bar("woord " * 16, 0.5, "x" * 40) for _ in range(8))


def light(color: tuple[int, ...]) -> float:
    """Return how light a colour is, as WCAG 2.2 works it out."""
    parts = [part / 255 for part in color]
    red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: tuple[int, ...], other: tuple[int, ...]) -> float:
    low, high = sorted((light(one), light(other)))
    return (high + 0.05) / (low + 0.05)


def grey(color: tuple[int, ...]) -> tuple[int, int, int]:
    value = Image.new("RGB", (1, 1), color[:3]).convert("L").getpixel((0, 0))
    assert isinstance(value, int)
    return value, value, value


@pytest.mark.parametrize("bars", [ENGLISH, DUTCH, LONG], ids=["en", "nl", "long"])
def test_it_is_a_png_of_the_right_size(bars: tuple[Bar, ...]) -> None:
    drawn = draw("What holds people up, of ten who answered in this team and next door", bars)
    assert len(drawn) <= LARGEST
    image = Image.open(BytesIO(drawn))
    assert (image.format, image.width) == ("PNG", WIDTH)
    assert len(bars) * 60 < image.height < len(bars) * 240 + 240
    assert draw("x", bars) == draw("x", bars)


@pytest.mark.parametrize(
    ("one", "other"),
    [(INK, GROUND), (INK, TRACK), (RIM, GROUND)],
    ids=["letters", "a bar in its place", "the rim of a place"],
)
def test_it_is_readable_in_colour_and_in_grey(one: int, other: int) -> None:
    least = READABLE if one == INK else 3
    assert contrast(tint(one), tint(other)) >= least
    assert contrast(grey(tint(one)), grey(tint(other))) >= least


def test_a_bar_is_as_long_as_its_share() -> None:
    def dark(share: float) -> int:
        image = Image.open(BytesIO(draw("", (Bar("x", share, "y"),)))).convert("L")
        line = image.crop((0, image.height - 50, WIDTH, image.height - 49))
        return sum(value < 60 for value in line.tobytes())

    none, tenth, half, full = (dark(share) for share in (0, 0.1, 0.5, 1))
    assert none == 0
    assert abs(tenth * 10 - full) < 20
    assert abs(half * 2 - full) < 3
    assert dark(0.0001) > 0
    assert dark(7) == full


def test_what_does_not_fit_ends_visibly_within_the_picture() -> None:
    image = Image.open(BytesIO(draw("W" * 200, (Bar("W" * 100, 0.5, "W" * 40),)))).convert("L")
    assert image.height < 400
    rim = image.crop((WIDTH - 8, 0, WIDTH, image.height))
    assert set(rim.tobytes()) == {255}


@pytest.mark.parametrize("weight", ["Regular", "Bold"])
def test_every_letter_that_may_be_drawn_has_a_shape(weight: str) -> None:
    def shape(letter: str) -> bytes:
        image = Image.new("L", (64, 64))
        ImageDraw.Draw(image).text((8, 8), letter, 255, font(weight))
        return image.tobytes()

    missing = shape("\uffff")
    spread = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    for letter in [*map(chr, spread), *SIGNS, *ELSEWHERE]:
        assert shape(letter) != missing, letter
