"""What is genuine, while 64 others send unsigned megabytes as fast as they can.

The whole program serves, in a process of its own, on an SQLite file; so does whoever floods it.
What is genuine comes fifty times a second, whether the one before was answered or not.
"""

import asyncio
import json
import sys
import tempfile
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import quantiles
from time import perf_counter

from aiohttp import ClientSession

from adapters.slack.manifest import EVENTS_PATH
from adapters.teams.inbox import PATH as TEAMS_PATH
from bot.app import warm_up
from tests.adapters.slack.desk import callback, said
from tests.adapters.teams.activities import message
from tests.bad_input.house import House, open_house
from tests.bad_input.knocks import Knock, slack, teams
from tests.bench.rows import Row, row
from tests.real import ROOT

RUNS = 3
FLOODERS = 64
MEGABYTE = b"[" * 1024 * 1024
A_SECOND = 50
SECONDS = 6.0
BEAT = 0.002
HEAD_START = 1.0
"""Seconds for which it floods before anything genuine comes."""
SLOWEST = 120
LINE = 8 * 1024 * 1024
MILLI, MEGA = 1_000, 1024 * 1024
DOORS = {"Slack": EVENTS_PATH, "Teams": TEAMS_PATH}


async def run() -> Sequence[Row]:
    rows: list[Row] = []
    for door in DOORS:
        late, stalls, grown, refused = list[float](), list[float](), list[float](), list[float]()
        for _ in range(RUNS):
            with tempfile.TemporaryDirectory() as folder:
                found = await _once(door, Path(folder))
            late.append(found["late"])
            stalls.append(found["stall"])
            grown.append(found["grown"])
            refused.append(found["refused"])
        rows += [
            row(f"{door}: valid, 99 of 100, beside the flood", late, "ms", "≤ 500"),
            row(f"{door}: the loop stands still", stalls, "ms", "≤ 50"),
            row(f"{door}: memory grows by", grown, "MB", "≤ 50"),
            row(f"{door}: megabytes refused", refused, "/s", ""),
        ]
    return rows


async def _once(door: str, folder: Path) -> dict[str, float]:
    async with _process("serve", door, str(folder / "flood.db")) as serving:
        told = json.loads(await _line(serving))
        url = f"http://127.0.0.1:{told['port']}{DOORS[door]}"
        knocks = [(body.encode(), headers) for body, headers in told["knocks"]]
        async with _process("flood", DOORS[door], str(told["port"])) as flooding:
            await _line(flooding)
            await _tell(serving)
            waits = await _send(url, knocks)
            await _tell(serving)
            found = json.loads(await _line(serving))
            await _tell(flooding)
            refused = float(await _line(flooding))
    late = quantiles(waits, n=100)[98] * MILLI
    return {**found, "late": late, "refused": refused / (SECONDS + HEAD_START)}


async def _send(url: str, knocks: Sequence[tuple[bytes, dict[str, str]]]) -> list[float]:
    """Send what is genuine, each at its time; returns how long each waited for its 200."""
    waits: list[float] = []

    async def one(session: ClientSession, body: bytes, headers: dict[str, str]) -> None:
        began = perf_counter()
        async with session.post(url, data=body, headers=headers) as answer:
            await answer.read()
            assert answer.status == 200, answer.status
        waits.append(perf_counter() - began)

    async with ClientSession() as session, asyncio.TaskGroup() as group:
        for body, headers in knocks:
            group.create_task(one(session, body, headers))
            await asyncio.sleep(1 / A_SECOND)
    return waits


async def _tell(process: Process) -> None:
    assert process.stdin
    process.stdin.write(b"go\n")
    await process.stdin.drain()


async def _line(process: Process) -> bytes:
    assert process.stdout
    async with asyncio.timeout(SLOWEST):
        return await process.stdout.readline()


@asynccontextmanager
async def _process(*words: str) -> AsyncGenerator[Process]:
    command = (sys.executable, "-m", "tests.bench.flood", *words)
    process = await asyncio.create_subprocess_exec(
        *command, cwd=ROOT, stdin=PIPE, stdout=PIPE, limit=LINE
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


# The house that is flooded.


async def serve(door: str, database: str) -> None:
    async with open_house(f"sqlite:///{database}") as house:
        warm = [_genuine(house, door, n) for n in range(10_000, 10_020)]
        await asyncio.gather(*(house.post(k.path, k.body, k.headers) for k in warm))
        await house.app.settle()
        await warm_up()
        knocks = [_genuine(house, door, n) for n in range(int(A_SECOND * SECONDS))]
        _say({"port": house.port, "knocks": [(k.body.decode(), dict(k.headers)) for k in knocks]})
        await asyncio.to_thread(sys.stdin.readline)
        before, longest = _memory(), [0.0]
        watching = asyncio.create_task(_watch(longest))
        await asyncio.to_thread(sys.stdin.readline)
        watching.cancel()
        grown = (_memory() - before) / MEGA
        _say({"stall": longest[0] * MILLI, "grown": max(grown, 0.0)})
        await asyncio.to_thread(sys.stdin.readline)


def _genuine(house: House, door: str, number: int) -> Knock:
    if door == "Slack":
        return slack(house, callback(said("help"), event_id=f"Ev{number}"))
    here = {"serviceUrl": house.connector.service, "id": f"17{number}", "text": "help"}
    return teams(house, message() | here | {"timestamp": f"2026-11-16T08:00:{number % 60:02}Z"})


async def _watch(longest: list[float]) -> None:
    while True:
        began = perf_counter()
        await asyncio.sleep(BEAT)
        longest[0] = max(longest[0], perf_counter() - began - BEAT)


def _memory() -> int:
    """Return what this process has in memory now, in bytes."""
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * 4096


# The flood.


async def flood(path: str, port: str) -> None:
    refused = [0]
    flooders = [asyncio.create_task(_pour(path, int(port), refused)) for _ in range(FLOODERS)]
    await asyncio.sleep(HEAD_START)
    _say({})
    await asyncio.to_thread(sys.stdin.readline)
    for one in flooders:
        one.cancel()
    _say(refused[0])


async def _pour(path: str, port: int, refused: list[int]) -> None:
    """Send a megabyte with its length, and in pieces without one, for as long as it lasts."""
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    sized = f"{head}Content-Length: {len(MEGABYTE)}\r\n\r\n".encode() + MEGABYTE
    pieces = b"%x\r\n%b\r\n0\r\n\r\n" % (len(MEGABYTE), MEGABYTE)
    chunked = f"{head}Transfer-Encoding: chunked\r\n\r\n".encode() + pieces
    while True:
        for request in (sized, chunked):
            try:
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.01)
                continue
            try:
                writer.write(request)
                async with asyncio.timeout(20):
                    await writer.drain()
                    status = await reader.readline()
                refused[0] += int(status.split()[1]) in {400, 401, 413}
            except (OSError, IndexError):  # TimeoutError is one
                pass
            finally:
                writer.transport.abort()


def _say(what: object) -> None:
    sys.stdout.write(f"{json.dumps(what)}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run({"serve": serve, "flood": flood}[sys.argv[1]](*sys.argv[2:]))
