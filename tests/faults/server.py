"""A small house in a process of its own, to be killed: one door, one platform that is a file.

Run with: database, folder, seconds the clock is ahead, and whether the platform can tell later
what arrived. It listens on a socket in the folder, and prints a line once it does.
"""

import asyncio
import json
import random
import signal
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from aiohttp import web

from adapters.store.database import Store
from bot import logs
from bot.settings import Settings
from bot.wiring.parts import Connection, build
from dialogs.card import Card
from dialogs.doorway import Arrival
from dialogs.turns import Said, Turn
from nudges.address import Address
from nudges.delivery import Outcome, Sent, Unknown

SECRET = "a-house-of-cards-has-no-cellar-4711-and-no-roof"  # noqa: S105 - binds test cards only
SOCKET, LOG = "door", "platform.jsonl"
SLOWEST = 0.01
"""Seconds; the platform takes up to this long before and after it has a message."""


class FilePlatform:
    """A platform that appends every call to a file; what is in the file has arrived."""

    def __init__(self, path: Path, *, tells: bool) -> None:
        self._path = path
        self._tells = tells

    def draw(self, card: Card, token: str) -> str:
        return json.dumps({"title": card.title, "token": token})

    async def post(self, to: Address, payload: str, mark: str) -> Outcome:
        await self._call({"call": "post", "user": to.user, "mark": mark})
        return Sent(f"ref-{mark}")

    async def replace(self, to: Address, ref: str, payload: str) -> Outcome:
        await self._call({"call": "replace", "user": to.user, "ref": ref, "drawn": payload})
        return Sent(ref)

    async def remove(self, to: Address, ref: str) -> Outcome:
        await self._call({"call": "remove", "user": to.user, "ref": ref})
        return Sent(ref)

    async def find(self, to: Address, mark: str) -> Outcome | None:
        if not self._tells:
            return Unknown("this platform cannot tell")
        there = any(c.get("mark") == mark and c["user"] == to.user for c in calls(self._path))
        return Sent(f"ref-{mark}") if there else None

    async def _call(self, call: dict[str, str]) -> None:
        await asyncio.sleep(random.uniform(0, SLOWEST))  # noqa: S311 - a pause
        with self._path.open("a") as log:
            log.write(json.dumps(call) + "\n")
        await asyncio.sleep(random.uniform(0, SLOWEST))  # noqa: S311 - a pause


def calls(path: Path) -> Iterator[dict[str, str]]:
    """Read what reached the platform."""
    if path.exists():
        yield from (json.loads(line) for line in path.read_text().splitlines())


def read(body: str) -> Turn | None:
    said = json.loads(body)
    return Said(Address("browser", "demo", said["user"]), said["text"])


async def serve(database: str, folder: Path, ahead: float, *, tells: bool) -> None:
    store = await Store.open(database)
    platform = FilePlatform(folder / LOG, tells=tells)
    app = build(
        Settings(secret=SECRET),  # pyright: ignore[reportArgumentType] - read by pydantic
        store,
        [Connection("browser", read, platform)],
        lambda: datetime.now(UTC) + timedelta(seconds=ahead),
    )

    async def door(request: web.Request) -> web.Response:
        given = await request.json()
        arrival = Arrival(given["key"], "browser", json.dumps(given["body"]))
        try:
            new = await app.inbox.accept(arrival)
        except OSError as error:
            return web.Response(status=503, text=str(error))
        return web.json_response({"new": new})

    app.web.router.add_post("/turn", door)
    stopping = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopping.set)
    runner = web.AppRunner(app.web, access_log=None)
    await runner.setup()
    await app.start()
    (folder / SOCKET).unlink(missing_ok=True)
    await web.UnixSite(runner, str(folder / SOCKET)).start()
    print("ready", flush=True)  # noqa: T201 - what the test waits for
    await stopping.wait()
    await runner.cleanup()
    await app.stop()


if __name__ == "__main__":
    logs.start("error")
    asyncio.run(
        serve(sys.argv[1], Path(sys.argv[2]), float(sys.argv[3]), tells=sys.argv[4] == "tells")
    )
