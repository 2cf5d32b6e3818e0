"""Serve the page itself, and keep it up to date while it is open.

A page that connects is first sent the whole conversation and then each change, so one that lost
its connection for a while can never miss anything.
"""

import json
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime
from importlib.resources import files
from types import MappingProxyType

from aiohttp import web
from aiohttp_sse import EventSourceResponse, sse_response

from adapters.browser import door
from adapters.browser.conversation import Conversation, Ear, Line
from adapters.browser.inbox import known
from adapters.browser.ports import Forward, People
from adapters.browser.posts import Move

ASSETS: Mapping[str, str] = MappingProxyType(
    {
        "wayfinder.css": "text/css",
        "contours.svg": "image/svg+xml",
        "mark.svg": "image/svg+xml",
        "wayfinder.js": "text/javascript",
        "conversation.js": "text/javascript",
        "form.js": "text/javascript",
        "server.js": "text/javascript",
        "words.js": "text/javascript",
    }
)
"""Everything the page loads, with its type; nothing else is served."""
BREATH = 15.0
"""Seconds after which an idle page is checked to be still there."""
REMEMBERED = 100
"""How many moves of the clock are remembered, so that a repeat does not move it again."""
_PAGE = files("adapters.browser") / "page"


class Site:
    """The page, the people on it, the live events and the demo's clock."""

    def __init__(
        self,
        conversation: Conversation,
        people: People,
        clock: Callable[[], datetime],
        forward: Forward,
    ) -> None:
        self._conversation = conversation
        self._people = people
        self._clock = clock
        self._forward = forward
        self._moved: dict[str, datetime] = {}

    def attach(self, app: web.Application) -> None:
        """Add the routes to the program's web application, and let open pages go when it stops."""
        app.router.add_get("/", self._page)
        app.router.add_get("/static/{name}", self._asset)
        app.router.add_get("/people", self._get_people)
        app.router.add_get("/events", self._events)
        app.router.add_get("/clock", self._get_clock)
        app.router.add_post("/clock", self._move_clock)
        app.on_shutdown.append(self._hang_up)

    async def _page(self, request: web.Request) -> web.Response:
        door.check(request)
        return _file("index.html", "text/html")

    async def _asset(self, request: web.Request) -> web.Response:
        door.check(request)
        name = request.match_info["name"]
        if name not in ASSETS:
            door.refuse(404, "There is no such file on this page.")
        return _file(name, ASSETS[name])

    async def _get_people(self, request: web.Request) -> web.Response:
        door.check(request)
        return door.respond([asdict(persona) for persona in await self._people()])

    async def _get_clock(self, request: web.Request) -> web.Response:
        door.check(request)
        return door.respond({"now": self._clock().isoformat()})

    async def _move_clock(self, request: web.Request) -> web.Response:
        door.check(request)
        move = await door.body(request, Move)
        await known(self._people, move.who)
        if move.id not in self._moved:
            # Kept before the clock moves, so that a repeat on the way does not move it twice.
            self._moved[move.id] = self._clock()
            try:
                self._moved[move.id] = await self._forward(move.to, move.who)
            except BaseException:
                del self._moved[move.id]
                raise
            self._conversation.chime()
            while len(self._moved) > REMEMBERED:
                del self._moved[next(iter(self._moved))]
        return door.respond({"now": self._moved[move.id].isoformat()})

    async def _events(self, request: web.Request) -> web.StreamResponse:
        door.check(request)
        persona = await known(self._people, request.query.get("who", ""))
        if request.transport is None:
            return web.Response(status=204)  # the page went away before we could answer
        async with sse_response(request, headers=door.HEADERS) as page:
            # A page that went away, or could not be told, comes back and starts again.
            lost = suppress(ConnectionResetError, TimeoutError, sqlite3.Error)
            with lost, self._conversation.listening(persona.id) as ear:
                await self._tell(page, ear)
        return page

    async def _tell(self, page: EventSourceResponse, ear: Ear) -> None:
        lines = self._conversation.lines(ear.user)
        await self._send(page, "history", [_drawn(line) for line in lines])
        await self._send_clock(page)
        while ear.open and page.is_connected():
            changed, elsewhere, chimed = await ear.listen(BREATH)
            for number in changed:
                line = self._conversation.line(ear.user, number)
                await self._send(page, "message", _drawn(line))
            if elsewhere:
                await self._send(page, "elsewhere", elsewhere)
            if chimed:
                await self._send_clock(page)

    async def _send_clock(self, page: EventSourceResponse) -> None:
        await self._send(page, "clock", {"now": self._clock().isoformat()})

    async def _send(self, page: EventSourceResponse, event: str, data: object) -> None:
        await page.send(json.dumps(data), event=event)

    async def _hang_up(self, _app: web.Application) -> None:
        self._conversation.hang_up()


def _drawn(line: Line) -> dict[str, object]:
    about = {"number": line.number, "side": line.side, "at": line.at, "removed": line.removed}
    return {**json.loads(line.payload), **about}


def _file(name: str, kind: str) -> web.Response:
    return web.Response(
        body=(_PAGE / name).read_bytes(), content_type=kind, charset="utf-8", headers=door.HEADERS
    )
