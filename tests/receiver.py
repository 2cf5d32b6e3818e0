"""Another system that is told: it keeps what it gets, and can be down, slow, full or gone."""

import asyncio
import json
from base64 import b64decode
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from ssl import SSLContext
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer
from standardwebhooks.webhooks import Webhook as Standard


@dataclass
class Receiver:
    """A receiver as its maker would write one; ``how`` says how it feels at each knock."""

    secrets: list[str] = field(default_factory=list[str])
    how: list[str] = field(default_factory=list[str])
    knocks: list[Mapping[str, str]] = field(default_factory=list[Mapping[str, str]])
    taken: dict[str, Any] = field(default_factory=dict[str, Any])
    copies: int = 0
    url: str = ""
    asked: asyncio.Event = field(default_factory=asyncio.Event)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        body = await request.text()
        self.knocks.append(dict(request.headers))
        self.asked.set()
        match self.how.pop(0) if self.how else "fine":
            case "slow":
                await asyncio.sleep(5)
            case "later":
                return web.Response(status=429, headers={"Retry-After": "3600"})
            case "elsewhere":
                return web.Response(status=307, headers={"Location": "/elsewhere"})
            case "lost":  # it took it, and died before it said so
                self._take(request, body)
                return web.Response(status=502)
            case "talks":
                self._take(request, body)
                return web.Response(body=b"x" * 50_000_000)
            case "fine":
                pass
            case status:
                return web.Response(status=int(status), text="a body with somebody's name")
        return web.Response(status=204 if self._take(request, body) else 400)

    def _take(self, request: web.Request, body: str) -> bool:
        heads = request.headers
        name, stamp = heads["webhook-id"], heads["webhook-timestamp"]
        at = datetime.fromtimestamp(int(stamp), UTC)
        signed = heads["webhook-signature"].split()
        ours = [Standard(b64decode(s.removeprefix("whsec_"))) for s in self.secrets]
        if not any(one.sign(name, at, body) in signed for one in ours):
            return False
        self.copies += name in self.taken
        self.taken[name] = json.loads(body)
        return True


@asynccontextmanager
async def receiving(receiver: Receiver, tls: SSLContext | None = None) -> AsyncGenerator[Receiver]:
    """Let a receiver listen on loopback, with a certificate if there is one."""
    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", receiver.answer)
    server = TestServer(app)
    await server.start_server(ssl=tls)
    receiver.url = str(server.make_url("/hook?code=pa55"))
    try:
        yield receiver
    finally:
        await server.close()
