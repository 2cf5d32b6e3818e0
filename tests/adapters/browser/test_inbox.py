"""The page's ways in: only from this page, once each, and never a failure of ours."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest

from adapters.browser.inbox import read
from adapters.browser.posts import LONGEST_TEXT
from dialogs.card import Card
from dialogs.doorway import DrawnCard, DrawnForm, Reply
from dialogs.gallery import forms
from dialogs.turns import Filled, Joined, Said, Tapped
from nudges.people import Address
from tests.adapters.browser.world import ID, SAY, World

ANNA = Address("browser", "demo", "anna", "anna")
DEEP = b'{"id":' + b"[" * 100_000
TAP: dict[str, object] = {"id": ID, "who": "anna", "verb": "v", "choice": "c", "token": "t"}


TURNS: list[tuple[str, dict[str, object], object]] = [
    ("/say", {"text": "hello"}, Said(ANNA, "hello")),
    ("/say", {"text": "  two\nlines "}, Said(ANNA, "two\nlines")),
    ("/say", {"text": "n\x00u\ud800l\udfff 😀"}, Said(ANNA, "nul 😀")),
    ("/tap", {"verb": "v", "choice": "c", "token": "t"}, Tapped(ANNA, "v", "c", "t")),
    ("/tap", {"verb": "v"}, Tapped(ANNA, "v")),
    (
        "/fill",
        {"verb": "v", "token": "t", "values": {"a": "1,2", "b": "x\x00"}},
        Filled(ANNA, "v", "", "t", {"a": "1,2", "b": "x"}),
    ),
    ("/join", {}, Joined(ANNA, "Anna", "nl")),
    ("/join", {"name": "Mallory", "language": "en"}, Joined(ANNA, "Anna", "nl")),
]


@pytest.mark.parametrize(("where", "fields", "turn"), TURNS)
async def test_what_is_sent_is_read_as_a_turn(
    world: World, where: str, fields: dict[str, object], turn: object
) -> None:
    status, told = await world.post(where, {"id": ID, "who": "anna", **fields})
    assert (status, told["pending"], told["form"], told["errors"]) == (200, False, None, {})
    arrival = world.door.arrivals[f"browser:anna:{ID}"]
    assert arrival.platform == "browser"
    assert read(arrival.body) == turn


async def test_what_was_typed_is_in_the_conversation_and_a_tap_is_not(world: World) -> None:
    await world.post("/say", SAY)
    await world.post("/tap", TAP | {"id": "tap-00000001"})
    assert world.said() == ["hello"]


async def test_a_repeat_has_one_effect(world: World) -> None:
    first, again = await world.post("/say", SAY), await world.post("/say", SAY)
    assert first == again
    assert (len(world.door.arrivals), world.said()) == (1, ["hello"])


async def test_the_longest_text_arrives_in_any_spelling(world: World) -> None:
    for n, text in enumerate(("x" * LONGEST_TEXT, "\u20ac" * LONGEST_TEXT)):
        status, _ = await world.post("/say", SAY | {"id": f"{ID}{n}", "text": text})
        assert status == 200
    status, told = await world.post("/say", SAY | {"text": "x" * (LONGEST_TEXT + 1)})
    assert status == 413
    assert "Shorten it" in told["error"]


async def test_what_cannot_be_stored_is_said_and_can_be_sent_again(world: World) -> None:
    world.door.broken = True
    status, told = await world.post("/say", SAY)
    assert status == 503
    assert "send it again" in told["error"]
    assert world.said() == []
    world.door.broken = False
    assert (await world.post("/say", SAY))[0] == 200
    world.door.broken = True
    assert (await world.post("/say", SAY))[0] == 503
    assert world.said() == ["hello"]


async def test_a_conversation_that_cannot_be_written_is_said(world: World) -> None:
    world.conversation.close()
    assert (await world.post("/say", SAY))[0] == 503
    assert world.door.arrivals == {}


async def test_the_reply_brings_a_form_its_errors_and_the_changed_card(world: World) -> None:
    name, form = next(forms("nl"))
    card = DrawnCard(Card("Dank je"), "tok")
    world.door.replies.append(
        Reply("nl", (card,), card, DrawnForm(form, "form-token"), {"comment": "Leeg"})
    )
    status, told = await world.post("/tap", TAP)
    assert status == 200, name
    assert 'data-token="form-token"' in told["form"]
    assert told["errors"] == {"comment": "Leeg"}
    assert "Dank je" in told["instead"]
    assert told["shown"] == [told["instead"]]
    assert told["language"] == "nl"


async def test_a_slow_reply_is_asked_for_again_with_the_same_id(world: World) -> None:
    world.door.replies.append(None)
    assert await world.post("/tap", TAP) == (200, {"pending": True})
    world.door.replies.append(Reply("nl"))
    status, told = await world.post("/tap", TAP)
    assert (status, told["pending"], len(world.door.arrivals)) == (200, False, 1)


HOSTILE: dict[str, tuple[str, object, int]] = {
    "nothing": ("/say", b"", 400),
    "no JSON": ("/say", b"hello", 400),
    "a list": ("/say", [], 400),
    "a number": ("/say", 7, 400),
    "too deep": ("/say", DEEP, 400),
    "deep but whole": ("/say", b"[" * 50_000 + b"]" * 50_000, 400),
    "no UTF-8": ("/say", b'{"id":"\xff"}', 400),
    "UTF-16": ("/say", json.dumps(SAY).encode("utf-16"), 400),
    "a huge number": ("/say", b'{"id":' + b"9" * 5000 + b"}", 400),
    "nothing said": ("/say", SAY | {"text": ""}, 400),
    "only blanks and NULs": ("/say", SAY | {"text": " \x00\n\ud800"}, 400),
    "no text": ("/say", {"id": ID, "who": "anna"}, 400),
    "text that is none": ("/say", SAY | {"text": 7}, 400),
    "another kind": ("/say", SAY | {"kind": "tap"}, 400),
    "an unknown field": ("/say", SAY | {"language": "nl"}, 400),
    "a field of half a character": ("/say", SAY | {"\ud800": 1}, 400),
    "a short id": ("/say", SAY | {"id": "1234567"}, 400),
    "a long id": ("/say", SAY | {"id": "x" * 65}, 400),
    "an id with a line end": ("/say", SAY | {"id": ID + "\n"}, 400),
    "an id of others": ("/say", SAY | {"id": "anna:12345678"}, 400),
    "nobody": ("/say", SAY | {"who": ""}, 400),
    "somebody else": ("/say", SAY | {"who": "mallory"}, 404),
    "half a character": ("/say", SAY | {"who": "\ud800"}, 400),
    "a NUL for a name": ("/say", SAY | {"who": "anna\x00"}, 404),
    "no verb": ("/tap", TAP | {"verb": ""}, 400),
    "a verb with a NUL": ("/tap", TAP | {"verb": "v\x00"}, 400),
    "half a character for a token": ("/tap", TAP | {"token": "\udfff"}, 400),
    "a long token": ("/tap", TAP | {"token": "x" * 1000}, 413),
    "no values": ("/fill", TAP, 400),
    "values that are none": ("/fill", TAP | {"values": {"a": ["b"]}}, 400),
    "many values": ("/fill", TAP | {"values": {str(n): "" for n in range(51)}}, 400),
    "a long value": ("/fill", TAP | {"values": {"a": "x" * (LONGEST_TEXT + 1)}}, 413),
    "too much": ("/say", b" " * (512 * 1024 + 1), 413),
    "no such jump": ("/clock", {"id": ID, "who": "anna", "to": "next-year"}, 400),
    "somebody else's clock": ("/clock", {"id": ID, "who": "x", "to": "next-week"}, 404),
}


@pytest.mark.parametrize(("where", "body", "status"), HOSTILE.values(), ids=HOSTILE)
async def test_what_cannot_be_understood_is_refused_with_a_sentence(
    world: World, where: str, body: object, status: int
) -> None:
    got, told = await world.post(where, body)
    assert got == status
    assert str(told["error"]).endswith(".")
    assert (world.door.arrivals, world.said()) == ({}, [])


async def test_a_body_without_a_length_is_measured_too(world: World) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(10):
            yield b" " * 65_536

    async with world.client.post("/say", data=endless(), headers=world.headers) as answer:
        assert answer.status == 413


async def test_a_request_that_breaks_off_changes_nothing(world: World) -> None:
    to, talk = await asyncio.open_connection("127.0.0.1", world.client.port)
    head = "".join(f"{name}: {value}\r\n" for name, value in world.headers.items())
    host = f"Host: 127.0.0.1:{world.client.port}\r\n"
    talk.write(f"POST /say HTTP/1.1\r\n{host}{head}Content-Length: 99\r\n\r\n{{".encode())
    talk.write_eof()
    assert b" 500 " not in await to.read()
    talk.close()
    assert world.door.arrivals == {}
    assert (await world.post("/say", SAY))[0] == 200


FOREIGN: dict[str, tuple[dict[str, str], int]] = {
    "this page": ({}, 200),
    "this page by name": ({"Host": "localhost:3978", "Origin": "http://localhost:3978"}, 200),
    "this page by IPv6": ({"Host": "[::1]", "Origin": "http://[::1]"}, 200),
    "another name": ({"Host": "wayfinder.example", "Origin": "http://wayfinder.example"}, 403),
    "a name that begins like ours": ({"Host": "127.0.0.1.evil.example"}, 403),
    "a name that ends like ours": ({"Host": "evil.localhost"}, 403),
    "a port that is none": ({"Host": "localhost:x"}, 403),
    "no name": ({"Host": ""}, 403),
    "another page": ({"Origin": "https://evil.example"}, 403),
    "another port": ({"Origin": "http://127.0.0.1:1"}, 403),
    "another scheme": ({"Origin": "file://"}, 403),
    "a hidden page": ({"Origin": "null"}, 403),
    "a broken page": ({"Origin": "http://["}, 403),
    "another site, by the browser": ({"Sec-Fetch-Site": "cross-site"}, 403),
    "a sibling site": ({"Sec-Fetch-Site": "same-site"}, 403),
    "the same site, by the browser": ({"Sec-Fetch-Site": "same-origin"}, 200),
    "a form": ({"Content-Type": "application/x-www-form-urlencoded"}, 415),
    "plain text": ({"Content-Type": "text/plain"}, 415),
    "JSON of a kind": ({"Content-Type": "application/json; charset=utf-8"}, 200),
}


@pytest.mark.parametrize(("headers", "status"), FOREIGN.values(), ids=FOREIGN)
async def test_only_this_page_may_send(world: World, headers: dict[str, str], status: int) -> None:
    got, _ = await world.post("/say", SAY, world.headers | headers)
    assert got == status
    assert len(world.door.arrivals) == (status == 200)


async def test_a_request_that_does_not_say_where_it_is_from_is_refused(world: World) -> None:
    unknown = {"Content-Type": "application/json"}
    assert (await world.post("/say", SAY, unknown))[0] == 403
    assert (await world.post("/clock", SAY, unknown))[0] == 403


async def test_a_packed_body_is_refused(world: World) -> None:
    headers = world.headers | {"Content-Encoding": "gzip"}
    got, _ = await world.post("/say", SAY, headers)
    assert got in {400, 415}


@pytest.mark.parametrize(
    "body",
    ["", "{}", "[]", "null", '{"kind":"shout"}', '{"kind":"say"}', "\x00", "\ud800", "[" * 9999],
)
def test_a_body_that_is_not_ours_is_no_turn(body: str) -> None:
    assert read(body) is None
