"""A body is read up to an end: of bytes, and of patience."""

import asyncio
from collections.abc import AsyncGenerator

import pytest
from aiohttp import web

from adapters.bodies import BodyError, whole

LARGEST, SLOWEST = 8, 0.5
CHUNKED, HEAD = "Transfer-Encoding: chunked", "POST / HTTP/1.1\r\nHost: x\r\n"
END = "\r\n\r\n"
SAID: dict[str, tuple[str, str]] = {
    "nothing": (f"Content-Length: 0{END}", "200 ''"),
    "all of it": (f"Content-Length: 5{END}hello", "200 'hello'"),
    "as much as fits": (f"Content-Length: 8{END}12345678", "200 '12345678'"),
    "a byte too much": (f"Content-Length: 9{END}123456789", "413 too large"),
    "in parts": (f"{CHUNKED}{END}3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n", "200 'hello'"),
    "in parts, a byte too much": (f"{CHUNKED}{END}5\r\n12345\r\n4\r\n6789\r\n", "413 too large"),
    "too much, and no end": (f"{CHUNKED}{END}9\r\n123456789\r\n", "413 too large"),
    "half, and then nothing": (f"Content-Length: 8{END}1234", "400 too slow"),
    "not even a part": (f"{CHUNKED}{END}", "400 too slow"),
}  # fmt: skip
CUT_OFF = {
    "half": f"Content-Length: 8{END}1234",
    "half a part": f"{CHUNKED}{END}8\r\n1234",
}


@pytest.fixture
def told() -> "asyncio.Queue[str]":
    return asyncio.Queue()


@pytest.fixture
async def port(told: "asyncio.Queue[str]") -> AsyncGenerator[int]:
    async def read(request: web.BaseRequest) -> web.Response:
        try:
            said = f"200 {(await whole(request, LARGEST, SLOWEST)).decode()!r}"
        except BodyError as error:
            said = f"{error.status} {error.why}"
        told.put_nowait(said)
        return web.Response(text=said)

    app = web.Application()
    app.add_routes([web.post("/", read)])
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield runner.addresses[0][1]
    await runner.cleanup()


async def _send(port: int, request: str, *, goes: bool = False) -> asyncio.StreamWriter:
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"{HEAD}{request}".encode())
    await writer.drain()
    if goes:
        writer.close()
    return writer


@pytest.mark.parametrize(("request_", "answer"), SAID.values(), ids=SAID)
async def test_what_is_taken(
    port: int, told: "asyncio.Queue[str]", request_: str, answer: str
) -> None:
    writer = await _send(port, request_)
    async with asyncio.timeout(10 * SLOWEST):
        assert await told.get() == answer
    writer.close()


@pytest.mark.parametrize("request_", CUT_OFF.values(), ids=CUT_OFF)
async def test_who_hangs_up_is_not_waited_for(
    port: int, told: "asyncio.Queue[str]", request_: str
) -> None:
    await _send(port, request_, goes=True)
    async with asyncio.timeout(10 * SLOWEST):
        assert await told.get() == "400 cut off"
