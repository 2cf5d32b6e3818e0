"""Requests that are no good HTTP, or HTTP that nobody sends, at every door alike."""

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest
import pytest_asyncio

from tests.bad_input.house import LONGEST_LINE, TELLTALE, House, open_house
from tests.bad_input.knocks import JSON, Knock, genuine

DOORS = ("slack", "teams", "usage", "browser")
NO = {400, 401, 403, 404, 405, 413, 415}
CHUNKED = "Transfer-Encoding: chunked"
Spoil = Callable[[Knock, int], bytes]


def chunked(body: bytes) -> Spoil:
    return lambda k, port: Knock(k.path, k.headers, body).raw(port, CHUNKED, length=None)


def more(*lines: str | bytes) -> Spoil:
    return lambda k, port: k.raw(port, *lines)


def other(**changed: str) -> Spoil:
    return lambda k, port: k.raw(port, length=-1, **changed)


def typed(*kinds: str | bytes) -> Spoil:
    lines = [b"Content-Type: " + (k if isinstance(k, bytes) else k.encode()) for k in kinds]
    return lambda k, port: k.raw(port, *lines, content_type="")


def at(path: str) -> Spoil:
    return lambda k, port: k.raw(port, path=path.replace("{}", k.path))


REFUSED: dict[str, Spoil] = {
    "a chunk of letters": chunked(b"zz\r\nxx"),
    "a bad chunk after a good one": chunked(b"5\r\nhello\r\nzz\r\n"),
    "a chunk without an end": chunked(b"f" * 20 + b"\r\nx"),
    "a chunk of less than nothing": chunked(b"-1\r\nx\r\n0\r\n\r\n"),
    "a trailer of bytes": chunked(b"1\r\n{\r\n0\r\n\0\xff\r\n\r\n"),
    "chunks that say something else": chunked(b"2\r\n{}\r\n0\r\n\r\n"),
    "chunks and a length": more(CHUNKED),
    "packed chunks": lambda k, port: k.raw(port, "Transfer-Encoding: gzip, chunked", length=None),
    "a coding of no name": lambda k, port: k.raw(port, "Transfer-Encoding: x", length=None),
    "two lengths": more("Content-Length: 3"),
    "the length twice": lambda k, port: k.raw(port, f"Content-Length: {len(k.body)}"),
    "a length below nothing": lambda k, port: k.raw(port, length=-7),
    "a length of letters": lambda k, port: k.raw(port, "Content-Length: 0x10", length=None),
    "a length with a sign": lambda k, port: k.raw(port, "Content-Length: +5", length=None),
    "a length without an end": lambda k, port: k.raw(port, length=10**30),
    "more than there may be": lambda k, port: k.raw(port, length=1 << 40),
    "no body": lambda k, port: Knock(k.path, k.headers, b"").raw(port),
    "neither body nor length": lambda k, port: Knock(k.path, k.headers, b"").raw(port, length=None),
    "GET": other(method="GET"),
    "HEAD": other(method="HEAD"),
    "PUT": other(method="PUT"),
    "DELETE": other(method="DELETE"),
    "OPTIONS": other(method="OPTIONS"),
    "TRACE": other(method="TRACE"),
    "CONNECT": other(method="CONNECT"),
    "PROPFIND": other(method="PROPFIND"),
    "a method of no name": other(method="BREW"),
    "a method in small letters": other(method="post"),
    "a method of a mile": other(method="A" * 9_000),
    "another protocol": other(version="9.9"),
    "no text": typed(""),
    "two kinds in one": typed("application/json, text/html"),
    "two kinds": typed(JSON, "text/html"),
    "the kind twice": typed(JSON, JSON),
    "a kind of bytes": typed(b"application/json\xff"),
    "a kind that looks like it": typed("application/json\u2024x".encode()),
    "a kind with a space": typed("application /json"),
    "xml": typed("application/xml"),
    "several parts": typed("multipart/form-data; boundary=" + "x" * 70),
    "words": typed("text/plain"),
    "packed": more("Content-Encoding: gzip"),
    "packed another way": more("Content-Encoding: br"),
    "packed twice": more("Content-Encoding: identity", "Content-Encoding: gzip"),
    "packed by many": more("Content-Encoding: gzip, gzip, gzip"),
    "a header without an end": more(b"X-A: " + b"a" * 9_000),
    "a header of NUL": more(b"X-A: a\0b"),
    "a header on two lines": more(b"X-A: a\r\n b"),
    "a header without a name": more(b": a"),
    "a header with a space": more(b"X A: a"),
    "the place with a slash": at("{}/"),
    "the place below another": at("/x{}"),
    "the place by a way round": at("/x/..{}"),
    "the place twice a slash": at("/{}"),
    "the place and NUL": at("{}%00"),
    "the place and half a sign": at("{}%ff%zz"),
    "a place without an end": at("{}" + "a" * 9_000),
    "a bad address": at("http://[::1{}"),
    "an address with a port of no number": at("http://x:99999999{}"),
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house() -> AsyncIterator[House]:
    async with open_house() as opened:
        yield opened


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("name", REFUSED)
async def test_it_is_refused_in_a_line(house: House, door: str, name: str) -> None:
    knock = genuine(house)[door]
    outside, stored = house.outside(), await house.stored()
    house.logged.taken()
    answered = await house.raw(REFUSED[name](knock, house.port))
    await house.rest()
    assert answered.status in NO
    said(house, knock)
    assert (house.outside(), await house.stored()) == (outside, stored)


def said(house: House, knock: Knock) -> None:
    """Look at what was logged and answered: at most a short line, with no word of the request."""
    lines, loud = house.logged.taken()
    assert loud == []
    assert len(lines) <= 1
    secret = knock.headers.get("Authorization", "Bearer none").split(".")[-1]
    for line in lines:
        assert len(line.encode()) < LONGEST_LINE
        assert TELLTALE not in line
        assert secret not in line


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("body", [b"half", b"5\r\nhe"], ids=["cut off", "cut off in a chunk"])
async def test_who_hangs_up_leaves_a_line(house: House, door: str, body: bytes) -> None:
    knock = genuine(house)[door]
    half = Knock(knock.path, knock.headers, body)
    stored = await house.stored()
    house.logged.taken()
    raw = half.raw(house.port, length=999) if body == b"half" else chunked(body)(half, house.port)
    assert (await house.raw(raw, end=True)).status in {0, 400}
    await asyncio.sleep(0.05)
    said(house, knock)
    assert await house.stored() == stored


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("door", DOORS)
async def test_who_breaks_off_in_the_middle_leaves_a_line(house: House, door: str) -> None:
    knock = genuine(house)[door]
    house.logged.taken()
    _, writer = await asyncio.open_connection("127.0.0.1", house.port)
    writer.write(chunked(b"5\r\nhel")(knock, house.port))
    await writer.drain()
    await asyncio.sleep(0.05)
    writer.transport.abort()
    await asyncio.sleep(0.05)
    said(house, knock)


@pytest.mark.asyncio(loop_scope="module")
async def test_what_is_genuine_is_let_in_at_each_door(house: House) -> None:
    """Show that those above were refused for what was wrong with them."""
    told = {name: await house.raw(k.raw(house.port)) for name, k in genuine(house).items()}
    assert {name: answered.status for name, answered in told.items()} == {
        "slack": 200,
        "teams": 200,
        "usage": 202,
        "browser": 200,
    }
    await house.rest()
    assert house.logged.taken()[1] == []
