"""Microsoft, made up: a key server, Entra, a Bot Connector, and the program behind the door.

They keep state, record what they are asked, and can be down, slow or wrong on demand. The
servers run in a thread of their own, so that a blocked loop on our side would show.
"""

import asyncio
import base64
import json
import threading
import uuid
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Self

from aiohttp import web
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from jwt.algorithms import RSAAlgorithm

from adapters.teams.account import Cloud, Local
from dialogs.doorway import Arrival, Reply

APP = "11111111-2222-4333-8444-555555555555"
TENANT = "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee"
PERSON = "99999999-8888-4777-8666-555555555555"
SERVICE = "https://smba.trafficmanager.net/emea/"
ISSUER = "https://api.botframework.com"
SECRET = "q8Zr~v7LkT2nW5xY0pB3mJ6hD9sF4gA1"  # pragma: allowlist secret - made up
NOW = datetime(2026, 11, 16, 8, 0, tzinfo=UTC)


@dataclass
class Clock:
    """A clock that the test owns."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, **time: float) -> None:
        self.now += timedelta(**time)


class NearbyCloud(Cloud):
    """A cloud account whose Bot Connector is on this machine."""

    def trusts(self, service_url: str) -> bool:
        return Local().trusts(service_url) or Cloud.trusts(self, service_url)


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


def b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


class Signer:
    """A key pair; ``name`` is its kid."""

    def __init__(self, name: str, bits: int = 2048) -> None:
        self.name = name
        self.private = rsa.generate_private_key(public_exponent=65537, key_size=bits)

    def entry(self, **more: object) -> dict[str, Any]:
        jwk: dict[str, Any] = RSAAlgorithm.to_jwk(self.private.public_key(), as_dict=True)
        told = {"kid": self.name, "use": "sig", "endorsements": ["msteams", "skype"]}
        return {**jwk, **told, **more}

    def sign(self, told: dict[str, Any] | str, **header: object) -> str:
        """Sign claims, or any text, by hand: a library would refuse half of what we try."""
        head = json.dumps({"typ": "JWT", "alg": "RS256", "kid": self.name, **header})
        text = told if isinstance(told, str) else json.dumps(told)
        start = f"{b64(head.encode())}.{b64(text.encode())}"
        mark = self.private.sign(start.encode(), padding.PKCS1v15(), hashes.SHA256())
        return f"{start}.{b64(mark)}"


def claims(now: datetime = NOW, **changed: object) -> dict[str, Any]:
    """Return the claims of a genuine token; None leaves one out."""
    seconds = int(now.timestamp())
    genuine: dict[str, Any] = {
        "iss": ISSUER,
        "aud": APP,
        "serviceurl": SERVICE,
        "nbf": seconds - 300,
        "exp": seconds + 3300,
    }
    return {name: v for name, v in {**genuine, **changed}.items() if v is not None}


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

    @property
    def metadata(self) -> str:
        return f"{self.url}/v1/.well-known/openidconfiguration"

    def rotate(self, *signers: Signer) -> None:
        self.entries = [signer.entry() for signer in signers]

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/v1/.well-known/openidconfiguration", self._metadata),
            web.get("/v1/.well-known/keys", self._keys),
        ]

    async def _metadata(self, request: web.Request) -> web.Response:
        self.asked.append(request.path)
        await asyncio.sleep(self.delay)
        if self.garbage:
            return web.Response(text="<html>")
        keys = f"{self.elsewhere or self.url}/v1/.well-known/keys"
        return web.json_response({"issuer": ISSUER, "jwks_uri": keys}, status=self.status)

    async def _keys(self, request: web.Request) -> web.Response:
        self.asked.append(request.path)
        return web.json_response({"keys": self.entries}, status=self.status)


class FakeEntra(Peer):
    """Entra's token endpoint."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[dict[str, str]] = []
        self.status = 200
        self.delay = 0.0
        self.life = 3599

    def routes(self) -> list[web.RouteDef]:
        return [web.post("/{tenant}/oauth2/v2.0/token", self._token)]

    async def _token(self, request: web.Request) -> web.Response:
        form = {name: str(value) for name, value in (await request.post()).items()}
        self.asked.append({**form, "tenant": request.match_info["tenant"]})
        await asyncio.sleep(self.delay)
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
            self.calls.append(Call(request.method, request.path, token, body))
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
        return web.Response(status=fault.status, text=fault.body, headers=fault.headers)

    async def _open(self, request: web.Request) -> web.StreamResponse:
        async def act(body: Any) -> web.Response:
            user = body["members"][0]["id"]
            chat = self.people.setdefault(user, f"a:{uuid.uuid4()}")
            self.chats.setdefault(chat, {})
            return web.json_response({"id": chat}, status=201)

        return await self._heard(request, act)

    async def _post(self, request: web.Request) -> web.StreamResponse:
        async def act(body: Any) -> web.Response:
            messages = self.chats.get(request.match_info["chat"])
            if messages is None:
                return error(404, "ConversationNotFound")
            number = f"{len(messages) + 1700000000000}"
            messages[number] = body if not self.quiet else None
            return web.json_response({"id": number}, status=201)

        return await self._heard(request, act)

    async def _put(self, request: web.Request) -> web.StreamResponse:
        async def act(body: Any) -> web.Response:
            number = request.match_info["number"]
            messages = self.chats.get(request.match_info["chat"], {})
            if number not in messages:
                return error(404, "ActivityNotFoundInConversation")
            messages[number] = body
            return web.json_response({"id": number})

        return await self._heard(request, act)

    async def _delete(self, request: web.Request) -> web.StreamResponse:
        async def act(_body: Any) -> web.Response:
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
            raise OSError("disk full")
        new = arrival.key not in self.arrivals
        self.arrivals.setdefault(arrival.key, arrival)
        return new

    async def reply(self, key: str, within: timedelta) -> Reply | None:
        assert key in self.arrivals
        assert timedelta() < within < timedelta(seconds=10)
        return self.answer
