"""Logs: one short line a happening, and never a word of what was sent to us."""

import asyncio
import json
import logging
from collections.abc import Iterator

import pytest
import structlog
from aiohttp import web

from bot import logs

CANARY = "canary-4711"
POST = "POST /door HTTP/1.1\r\nHost: x\r\n"
BAD_HTTP = {
    "two content types": f"{POST}Content-Type: a/{CANARY}\r\nContent-Type: b/c\r\n\r\n",
    "no version": f"POST /{CANARY} HTTP/9\r\n\r\n",
    "a length below nothing": f"{POST}Content-Length: -5\r\n\r\n{CANARY}",
    "a length in words": f"{POST}Content-Length: {CANARY}\r\n\r\n",
    "a chunk without a size": f"{POST}Transfer-Encoding: chunked\r\n\r\nZZ{CANARY}\r\n",
    "a header without an end": f"{POST}X: {CANARY * 2_000}\r\n\r\n",
    "a header with a null": f"{POST}X: {CANARY}\0\r\n\r\n",
}
MOST = 300


@pytest.fixture(autouse=True)
def own_logs() -> Iterator[None]:
    root = logging.getLogger()
    before = root.handlers, root.level
    yield
    root.handlers, level = before
    root.setLevel(level)
    structlog.reset_defaults()


async def answered(sent: bytes) -> bytes:
    """Send raw bytes to a door that takes everything and a page that breaks."""

    async def door(request: web.Request) -> web.Response:
        await request.read()
        return web.Response()

    async def broken(_request: web.Request) -> web.Response:
        raise LookupError

    app = web.Application()
    app.add_routes([web.post("/door", door), web.get("/broken", broken)])
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    reader, writer = await asyncio.open_connection("127.0.0.1", runner.addresses[0][1])
    writer.write(sent)
    said = await reader.readline()
    writer.close()
    await runner.cleanup()
    return said


@pytest.mark.parametrize("name", BAD_HTTP)
async def test_what_is_not_http_leaves_one_short_line(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.start("info")
    assert b" 400 " in await answered(BAD_HTTP[name].encode())
    line = capsys.readouterr().err
    assert line.count("\n") == 1
    assert len(line.encode()) <= MOST
    assert CANARY not in line
    found = json.loads(line)
    assert found["event"].startswith("not HTTP: ")
    assert (found["level"], "exception" in found) == ("warning", False)


async def test_what_broke_keeps_its_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    logs.start("info")
    assert b" 500 " in await answered(b"GET /broken HTTP/1.1\r\nHost: x\r\n\r\n")
    found = json.loads(capsys.readouterr().err)
    assert "LookupError" in found["exception"]


@pytest.mark.parametrize("name", ["slack_bolt.AsyncApp", "slack_sdk.web.async_base_client"])
def test_slacks_libraries_log_only_where_they_are(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.start("info")
    logging.getLogger(name).error("body: %s", CANARY * 100, exc_info=LookupError(CANARY))
    line = capsys.readouterr().err
    assert CANARY not in line
    assert json.loads(line)["event"].startswith(f"{name} at line ")
    assert len(line.encode()) <= MOST


def test_a_librarys_long_message_is_cut(capsys: pytest.CaptureFixture[str]) -> None:
    logs.start("info")
    logging.getLogger("somebody").warning("told %s", "x" * 5_000)
    assert len(capsys.readouterr().err.encode()) <= MOST
