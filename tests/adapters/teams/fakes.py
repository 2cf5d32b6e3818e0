"""Microsoft, made up: a key server, Entra, a Bot Connector, and the program behind the door.

They keep state, record what they are asked, and can be down, slow or wrong on demand. The
servers run in a thread of their own, so that a blocked loop on our side would show.
"""

import asyncio
import json
import threading
import uuid
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Self, TypeAlias

from aiohttp import web

from dialogs.doorway import Arrival, Reply
from tests.adapters.teams.genuine import ISSUER, Signer

Json: TypeAlias = Any


class Peer:
    """A server on loopback, in a thread of its own."""

    def __init__(self) -> None:
        self.url = ""
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._over = asyncio.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def routes(self) -> list[web.RouteDef]:
        raise NotImplementedError

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join(10)

    def _run(self) -> None:
        self._loop.run_until_complete(self._serve())
        self._loop.run_until_complete(self._loop.shutdown_asyncgens())
        self._loop.close()

    async def _serve(self) -> None:
        app = web.Application()
        app.add_routes(self.routes())
        runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        host, port = runner.addresses[0][:2]
        self.url = f"http://{host}:{port}"
        self._ready.set()
        await self._over.wait()
        await runner.cleanup()


class FakeOpenId(Peer):
    """Microsoft's key server: it rotates, falls over and dawdles on demand."""

    def __init__(self, *signers: Signer) -> None:
        super().__init__()
        self.entries = [signer.entry() for signer in signers]
        self.asked: list[str] = []
        self.status = 200
        self.delay = 0.0
        self.elsewhere = ""
        self.garbage = False
        self.moved = ""
        """``configuration`` or ``keys``: what is said to be at another place now, where it is."""

    @property
    def metadata(self) -> str:
        return f"{self.url}/v1/.well-known/openidconfiguration"

    def rotate(self, *signers: Signer) -> None:
        self.entries = [signer.entry() for signer in signers]

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/v1/.well-known/openidconfiguration", self._metadata),
            web.get("/v1/.well-known/keys", self._keys),
            web.get("/moved/configuration", self._metadata),
            web.get("/moved/keys", self._keys),
        ]

    def _redirect(self, request: web.Request, what: str) -> None:
        if self.moved == what and not request.path.startswith("/moved/"):
            elsewhere = f"{self.url}/moved/{what}"
            raise web.HTTPTemporaryRedirect(elsewhere)

    async def _metadata(self, request: web.Request) -> web.Response:
        self.asked.append(request.path)
        await asyncio.sleep(self.delay)
        self._redirect(request, "configuration")
        if self.garbage:
            return web.Response(text="<html>")
        keys = f"{self.elsewhere or self.url}/v1/.well-known/keys"
        return web.json_response({"issuer": ISSUER, "jwks_uri": keys}, status=self.status)

    async def _keys(self, request: web.Request) -> web.Response:
        self.asked.append(request.path)
        self._redirect(request, "keys")
        return web.json_response({"keys": self.entries}, status=self.status)


class FakeEntra(Peer):
    """Entra's token endpoint."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[dict[str, str]] = []
        self.status = 200
        self.delay = 0.0
        self.life = 3599
        self.moved = False
        self.refusal: dict[str, str] = {}
        """What it says instead of giving a pass: its ``error`` and ``error_description``."""

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/{tenant}/oauth2/v2.0/token", self._token),
            web.post("/moved/{tenant}", self._token),
        ]

    async def _token(self, request: web.Request) -> web.Response:
        form = {name: str(value) for name, value in (await request.post()).items()}
        self.asked.append({**form, "tenant": request.match_info["tenant"]})
        await asyncio.sleep(self.delay)
        if self.moved and not request.path.startswith("/moved/"):
            elsewhere = f"{self.url}/moved/{request.match_info['tenant']}"
            raise web.HTTPTemporaryRedirect(elsewhere)
        if self.refusal:
            return web.json_response(self.refusal, status=401)
        told = {"access_token": f"pass-{len(self.asked)}", "expires_in": self.life}
        return web.json_response({**told, "token_type": "Bearer"}, status=self.status)


@dataclass
class Fault:
    """One scripted answer of the connector; ``how`` says where it goes wrong."""

    status: int = 201
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict[str, str])
    how: str = "answer"
    """``answer``, ``cut`` after reading, ``half`` an answer, or ``hang``."""


@dataclass
class Call:
    """What the connector was asked."""

    method: str
    path: str
    token: str
    body: Any


class FakeConnector(Peer):
    """The Bot Connector: chats with messages, and scripted faults that come first."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[Call] = []
        self.chats: dict[str, dict[str, Any]] = {"a:1": {}}
        self.faults: deque[Fault] = deque()
        self.people: dict[str, str] = {}
        self.delay = 0.0
        self.quiet = False

    @property
    def service(self) -> str:
        return f"{self.url}/emea/"

    def routes(self) -> list[web.RouteDef]:
        base = "/emea/v3/conversations"
        return [
            web.post(base, self._open),
            web.post(base + "/{chat}/activities", self._post),
            web.post(base + "/{chat}/activities/{number}", self._post),
            web.put(base + "/{chat}/activities/{number}", self._put),
            web.delete(base + "/{chat}/activities/{number}", self._delete),
        ]

    async def _heard(
        self, request: web.Request, act: Callable[[Any], Awaitable[web.Response]]
    ) -> web.StreamResponse:
        raw = await request.text()
        body = json.loads(raw) if raw else None
        if not self.quiet:
            token = request.headers.get("Authorization", "")
            self.calls.append(Call(request.method, request.raw_path, token, body))
        await asyncio.sleep(self.delay)
        if not self.faults:
            return await act(body)
        fault = self.faults.popleft()
        match fault.how:
            case "cut":
                assert request.transport
                request.transport.close()
                return web.Response()
            case "half":
                answer = web.StreamResponse(status=fault.status, headers={"Content-Length": "999"})
                await answer.prepare(request)
                await answer.write(b'{"id": "cu')
                assert request.transport
                request.transport.close()
                return answer
            case "hang":
                await asyncio.sleep(30)
            case _:
                pass
        return web.Response(status=fault.status, text=fault.body, headers=fault.headers)

    async def _open(self, request: web.Request) -> web.StreamResponse:
        async def act(body: Json) -> web.Response:
            user = body["members"][0]["id"]
            chat = self.people.setdefault(user, f"a:{uuid.uuid4()}")
            self.chats.setdefault(chat, {})
            return web.json_response({"id": chat}, status=201)

        return await self._heard(request, act)

    async def _post(self, request: web.Request) -> web.StreamResponse:
        async def act(body: Json) -> web.Response:
            messages = self.chats.get(request.match_info["chat"])
            if messages is None:
                return error(404, "ConversationNotFound")
            number = f"{len(messages) + 1700000000000}"
            messages[number] = body if not self.quiet else None
            return web.json_response({"id": number}, status=201)

        return await self._heard(request, act)

    async def _put(self, request: web.Request) -> web.StreamResponse:
        async def act(body: Json) -> web.Response:
            number = request.match_info["number"]
            messages = self.chats.get(request.match_info["chat"], {})
            if number not in messages:
                return error(404, "ActivityNotFoundInConversation")
            messages[number] = body
            return web.json_response({"id": number})

        return await self._heard(request, act)

    async def _delete(self, request: web.Request) -> web.StreamResponse:
        async def act(_body: Json) -> web.Response:
            messages = self.chats.get(request.match_info["chat"], {})
            if messages.pop(request.match_info["number"], None) is None:
                return error(404, "ActivityNotFoundInConversation")
            return web.Response()

        return await self._heard(request, act)


def error(status: int, code: str) -> web.Response:
    return web.json_response({"error": {"code": code, "message": "no"}}, status=status)


class FakeInbox:
    """The program's side of the doorway: keeps what came, and answers as it was told to."""

    def __init__(self) -> None:
        self.arrivals: dict[str, Arrival] = {}
        self.knocks: list[str] = []
        self.answer: Reply | None = None
        self.full = False

    async def accept(self, arrival: Arrival) -> bool:
        self.knocks.append(arrival.key)
        if self.full:
            raise OSError
        new = arrival.key not in self.arrivals
        self.arrivals.setdefault(arrival.key, arrival)
        return new

    async def reply(self, key: str, within: timedelta) -> Reply | None:
        assert key in self.arrivals
        assert timedelta() < within < timedelta(seconds=10)
        return self.answer
