"""An address opens one picture, for a month, and nothing that was not made here."""

import asyncio
from base64 import urlsafe_b64decode
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.pictures.album import DAYS, ELSEWHERE, LONGEST, WEEK, Album
from dialogs.picture import Bar, Picture
from tests.clock import Clock

SECRET, OTHER = b"s" * 40, b"o" * 40
BASE = "https://wayfinder.example"
EVERY = ELSEWHERE + "".join(map(chr, (*range(0x21, 0x7F), *range(0xAE, 0x100))))
PICTURE = Picture(
    "Wat houdt mensen tegen?",
    (Bar("Weten waarom", 0.4, "4 op de 10"), Bar("Geen geëmmer, € 0", 0.6, "6 op de 10")),
    "4 op de 10 weten nog niet waarom.",
)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def album(clock: Clock) -> Album:
    return Album(BASE, SECRET, clock)


def token(address: str) -> str:
    assert address.startswith(f"{BASE}/pictures/")
    return address.removeprefix(f"{BASE}/pictures/").removesuffix(".png")


async def test_an_address_shows_its_picture(album: Album) -> None:
    drawn = await album.image(token(album.address(PICTURE)))
    assert drawn is not None
    assert drawn.startswith(b"\x89PNG")
    assert await album.image(token(album.address(PICTURE))) == drawn


def test_an_address_says_nothing_and_is_the_same_in_every_process(
    album: Album, clock: Clock
) -> None:
    address = album.address(PICTURE)
    assert Album(BASE, SECRET, clock).address(PICTURE) == address
    raw = urlsafe_b64decode(f"{token(address)}==")
    assert b"Weten" not in raw
    assert b"houdt" not in raw
    nearly = replace(PICTURE, caption="Wat houdt mensen tegen")
    assert token(album.address(nearly))[:20] != token(address)[:20]


async def test_an_address_is_good_for_a_month(album: Album, clock: Clock) -> None:
    first = token(album.address(PICTURE))
    for _ in range(DAYS):
        clock.pass_(days=1)
        assert await album.image(first) is not None
    clock.pass_(days=WEEK + 1)
    assert await album.image(first) is None
    again = token(album.address(PICTURE))
    assert again != first
    assert await album.image(again) is not None


async def test_what_was_drawn_is_over_as_well(album: Album, clock: Clock) -> None:
    first = token(album.address(PICTURE))
    assert await album.image(first) is not None
    clock.pass_(days=DAYS + WEEK + 1)
    assert await album.image(first) is None


async def test_an_address_of_somebody_else_shows_nothing(album: Album, clock: Clock) -> None:
    foreign = token(Album(BASE, OTHER, clock).address(PICTURE))
    assert await album.image(foreign) is None


async def test_an_address_that_was_changed_anywhere_shows_nothing(album: Album) -> None:
    good = token(album.address(PICTURE))
    for place in range(len(good) - 1):
        changed = good[:place] + ("A" if good[place] != "A" else "B") + good[place + 1 :]
        assert await album.image(changed) is None, place
    for other in (good[:-4], good + "AAAA", good + good, good[4:]):
        assert await album.image(other) is None


@pytest.mark.parametrize(
    "odd",
    [
        *("", "A", "AAAA", "A" * 22, "A" * LONGEST, "A" * 100_000, "é", "\x00", "../../etc/passwd"),
        *("=" * 8, "a b", "\ud800", "%2e%2e", "AAAA\n", "\u0661" * 24),
    ],
    ids=lambda odd: ascii(odd[:20]),
)
async def test_what_is_no_address_shows_nothing(album: Album, odd: str) -> None:
    assert await album.image(odd) is None


@given(odd=st.text(max_size=200))
def test_no_text_is_an_address(odd: str) -> None:
    assert asyncio.run(Album(BASE, SECRET, Clock()).image(odd)) is None


@pytest.mark.parametrize(
    "odd",
    ["\x00", "\ud800", "\u202e", "\u2066", "\u200b", "\x1b", "\ufeff", "\u00ad"],
    ids=ascii,
)
async def test_what_nobody_sees_is_left_out(album: Album, odd: str) -> None:
    marked = Picture(
        f"{odd}Wat houdt{odd} mensen tegen?{odd}",
        tuple(replace(bar, label=f"{odd}{bar.label}") for bar in PICTURE.bars),
        "alt",
    )
    assert album.address(marked) == album.address(PICTURE)


@pytest.mark.parametrize("word", ["日本", "שלום", "👍", "Ω"])
def test_what_our_letters_have_not_is_written_instead(album: Album, word: str) -> None:
    assert album.address(replace(PICTURE, caption=word)) == ""
    assert album.address(replace(PICTURE, bars=(Bar(word, 0.1, "x"),))) == ""


def test_a_picture_without_bars_or_with_too_many_is_written_instead(album: Album) -> None:
    assert album.address(replace(PICTURE, bars=())) == ""
    assert album.address(replace(PICTURE, bars=PICTURE.bars * 5)) == ""


async def test_long_words_make_no_long_address(album: Album) -> None:
    loud = "".join(Random(9).choices(EVERY, k=64 * 1024))  # noqa: S311 - any letters
    one = Picture(loud, (Bar(loud, 0.5, loud),), loud)
    assert len(album.address(one)) < 2_000
    assert await album.image(token(album.address(one))) is not None
    spread = tuple(Bar(loud[n * 97 :], 0.5, loud[n * 31 :]) for n in range(8))
    assert len(album.address(Picture(loud, spread, loud))) < 2_000


async def test_many_at_once_are_drawn_once_each(album: Album) -> None:
    good = token(album.address(PICTURE))
    drawn = await asyncio.gather(*(album.image(good) for _ in range(20)))
    assert len({id(image) for image in drawn}) == 1


def test_an_address_on_our_own_page_begins_at_its_root(clock: Clock) -> None:
    assert Album("", SECRET, clock).address(PICTURE).startswith("/pictures/")
