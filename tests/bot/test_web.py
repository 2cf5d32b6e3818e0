"""Who is turned away at a platform's door is not heard out; people are."""

import asyncio
from collections.abc import AsyncGenerator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from adapters.slack.manifest import EVENTS_PATH
from adapters.teams.inbox import PATH as TEAMS_PATH
from adapters.usage.door import PATH as USAGE_PATH
from bot.web import make_web

SOON = 5.0
"""Seconds; half of what would be read after an answer otherwise."""
HALF = b"[" * 1024


@pytest.fixture
async def server() -> AsyncGenerator[TestServer]:
    async def ready() -> str | None:
        return None

    async def measure() -> bytes:
        return b""

    async def turn_away(_request: web.Request) -> web.Response:
        return web.Response(status=401, text="not signed")

    app = make_web(ready, measure)
    app.add_routes([web.post(path, turn_away) for path in (EVENTS_PATH, TEAMS_PATH, USAGE_PATH)])
    serving = TestServer(app)
    await serving.start_server()
    yield serving
    await serving.close()


async def _call(server: TestServer) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    return await asyncio.open_connection("127.0.0.1", server.make_url("/").port)


def _head(path: str, length: str) -> bytes:
    return f"POST {path} HTTP/1.1\r\nHost: x\r\n{length}\r\n\r\n".encode()


@pytest.mark.parametrize("path", [EVENTS_PATH, TEAMS_PATH])
@pytest.mark.parametrize(
    ("length", "begun"),
    [("Content-Length: 9999", HALF), ("Transfer-Encoding: chunked", b"400\r\n" + HALF)],
)
async def test_who_is_turned_away_is_told_and_not_heard_out(
    server: TestServer, path: str, length: str, begun: bytes
) -> None:
    reader, writer = await _call(server)
    writer.write(_head(path, length) + begun)
    async with asyncio.timeout(SOON):
        told = await reader.read()
    assert told.startswith(b"HTTP/1.1 401 ")
    assert told.endswith(b"not signed")
    writer.close()


@pytest.mark.parametrize("path", [EVENTS_PATH, TEAMS_PATH])
async def test_who_has_said_all_may_ask_again(server: TestServer, path: str) -> None:
    reader, writer = await _call(server)
    for _ in range(2):
        writer.write(_head(path, "Content-Length: 2") + b"{}")
        async with asyncio.timeout(SOON):
            assert (await reader.readuntil(b"not signed")).startswith(b"HTTP/1.1 401 ")
    writer.close()


async def test_who_sends_a_file_is_heard_out(server: TestServer) -> None:
    reader, writer = await _call(server)
    for _ in range(2):
        writer.write(_head(USAGE_PATH, f"Content-Length: {2 * len(HALF)}") + HALF)
        async with asyncio.timeout(SOON):
            assert (await reader.readuntil(b"not signed")).startswith(b"HTTP/1.1 401 ")
        writer.write(HALF)
    writer.close()
