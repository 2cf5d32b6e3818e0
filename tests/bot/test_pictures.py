"""The door to pictures: what is not ours gets one and the same answer; cards show what is."""

import json
import re
from collections.abc import AsyncGenerator
from typing import TypeAlias

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from adapters.pictures.album import LONGEST, Album
from adapters.slack.blocks import draw as slack
from bot.pictures import LONGEST as AT_THE_DOOR
from bot.pictures import NoPictures, illustrated
from bot.settings import Settings, SettingsError, read_settings
from bot.web import make_web
from dialogs.card import Card
from dialogs.picture import Bar, Picture
from tests.clock import Clock
from tests.desk import SECRET

Client: TypeAlias = TestClient[web.Request, web.Application]
PICTURE = Picture("Caption", (Bar("One", 0.4, "4 in 10"),), "4 in 10 one.")
CARD = Card("T", (PICTURE,))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def album(clock: Clock) -> Album:
    return Album("", SECRET.encode(), clock)


@pytest.fixture
async def client(album: Album) -> AsyncGenerator[Client]:
    async def ready() -> None:
        return None

    async def measured() -> bytes:
        return b""

    async with TestClient(TestServer(make_web(ready, measured, album))) as client:
        yield client


async def test_a_picture_is_served_to_whoever_has_its_address(client: Client, album: Album) -> None:
    answer = await client.get(album.address(PICTURE))
    assert (answer.status, answer.content_type) == (200, "image/png")
    assert (await answer.read()).startswith(b"\x89PNG")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"].startswith("private")
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert (await client.head(album.address(PICTURE))).status == 200


async def test_everything_else_gets_one_and_the_same_answer(
    client: Client, album: Album, clock: Clock
) -> None:
    good = album.address(PICTURE)
    foreign = Album("", b"another secret that is long enough", clock).address(PICTURE)
    odd = [
        foreign,
        good[:-5] + ("A" if good[-5] != "A" else "B") + ".png",
        good.removesuffix(".png"),
        good.replace(".png", ".PNG"),
        f"{good}.png",
        f"{good}/x.png",
        "/pictures/",
        "/pictures/.png",
        f"/pictures/{'A' * (LONGEST + 1)}.png",
        f"/pictures/{'A' * 7_000}.png",
        "/pictures/%00.png",
        "/pictures/%ff%fe.png",
        "/pictures/%ed%a0%80.png",
        "/pictures/..%2f..%2fetc%2fpasswd.png",
        "/pictures/é👍.png",
        "/pictures/a.png?x=1",
    ]
    told: set[tuple[int, str, str]] = set()
    for address in odd:
        answer = await client.get(address)
        told.add((answer.status, await answer.text(), answer.headers["Cache-Control"]))
    clock.pass_(days=60)
    answer = await client.get(good)
    told.add((answer.status, await answer.text(), answer.headers["Cache-Control"]))
    assert told == {(404, "There is no such picture.", "no-store")}
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        assert (await client.request(method, good)).status == 405


async def test_a_program_without_pictures_has_none() -> None:
    none = NoPictures()
    assert illustrated(CARD, none) == CARD
    assert await none.image("x") is None


def test_the_door_and_the_album_agree_on_the_longest_address() -> None:
    assert AT_THE_DOOR == LONGEST


@pytest.mark.parametrize("at", ["", "https://w.example"])
def test_a_card_shows_its_picture_where_there_is_an_address(clock: Clock, at: str) -> None:
    pictures = Album(at, SECRET.encode(), clock) if at else NoPictures()
    drawn = json.loads(slack(illustrated(CARD, pictures), "token"))["blocks"]
    if at:
        assert drawn[1]["type"] == "image"
        assert re.fullmatch(r"https://w\.example/pictures/[\w-]+\.png", drawn[1]["image_url"])
        assert drawn[1]["alt_text"] == PICTURE.alt
    else:
        assert "One: 4 in 10 ▇▇▇▇" in json.dumps(drawn, ensure_ascii=False)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("", ""),
        ("https://w.example", "https://w.example"),
        ("https://w.example/", "https://w.example"),
        ("https://w.example:8443/bot/", "https://w.example:8443/bot"),
        ("http://127.0.0.1:3978", "http://127.0.0.1:3978"),
    ],
)
def test_where_pictures_are_is_set(given: str, kept: str) -> None:
    assert read_settings(Settings, secret=SECRET, pictures=given).pictures == kept


@pytest.mark.parametrize(
    "given",
    [
        *("w.example", "http://w.example", "ftp://w.example", "https://", "https://a:b@w.example"),
        *("https://w.example?x", "https://w.example#x", "https://w.example:x", "https://[x"),
        *("https://w.exa mple", "https://wé.example", "https://w.example\n"),
        f"https://{'w' * 200}",
    ],
)
def test_where_pictures_cannot_be_is_refused(given: str) -> None:
    with pytest.raises(SettingsError, match="WAYFINDER_PICTURES"):
        read_settings(Settings, secret=SECRET, pictures=given)
