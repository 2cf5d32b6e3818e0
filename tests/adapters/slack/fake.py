"""A Slack of our own: keeps messages, views and members, records every call, fails on request.

Built from the method pages at docs.slack.dev. It keeps what a real Slack keeps (a message with
its metadata can be read back, replaced and removed; a deactivated member cannot be written to),
refuses what is not Block Kit and what the app has no right to, and fails as scripted: the next
call of a method gets the next of its scripts.
"""

import asyncio
import json
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any, NoReturn

from aiohttp import WSMsgType, web

from adapters.slack.manifest import SCOPES
from tests.adapters.slack.kit import wrong_message, wrong_view
from tests.adapters.slack.rights import refused

Json = dict[str, Any]


@dataclass(frozen=True)
class Call:
    """One call that arrived."""

    method: str
    token: str
    arguments: Json


@dataclass(frozen=True)
class Fails:
    """Answer with this instead; nothing is done."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict[str, str])
    kind: str = "application/json"


@dataclass(frozen=True)
class Cuts:
    """Read the call, do it or not, and close the connection without a word."""

    done: bool = True


@dataclass(frozen=True)
class Hangs:
    """Read the call, do it, and answer too late."""

    seconds: float = 30.0


Script = Fails | Cuts | Hangs


def error(name: str, status: int = 200) -> Fails:
    return Fails(status, json.dumps({"ok": False, "error": name}).encode())


def limited(retry_after: str) -> Fails:
    body = json.dumps({"ok": False, "error": "ratelimited"}).encode()
    return Fails(429, body, {"Retry-After": retry_after})


def say_no(error: str) -> NoReturn:
    raise LookupError(error)


class FakeSlack:
    """One Slack with one workspace ``T1`` and one app ``A1``."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.refused: list[str] = []
        self.messages: dict[str, dict[str, Json]] = defaultdict(dict)
        self.ephemeral: list[Json] = []
        self.views: list[Json] = []
        self.homes: dict[str, Json] = {}
        self.responses: list[Json] = []
        self.members: dict[str, Json] = {
            "U1": {"id": "U1", "locale": "nl-NL", "tz": "Europe/Paris"}
        }
        self.scripts: dict[str, deque[Script]] = defaultdict(deque)
        self.tokens = {"xoxb-1": "T1"}
        self.scopes: list[str] = list(SCOPES)
        self.codes = {"code-1": "T1"}
        self.socket: web.WebSocketResponse | None = None
        self.connected = asyncio.Event()
        self.acknowledged: asyncio.Queue[Json] = asyncio.Queue()
        self.page = 100
        self._times = count(1)
        self._runner: web.AppRunner | None = None
        self.origin = ""

    def next(self, method: str, *scripts: Script) -> None:
        """Let the next calls of a method go as scripted."""
        self.scripts[method].extend(scripts)

    def chat(self, user: str) -> str:
        return "D" + user

    def said(self, user: str) -> list[Json]:
        """Return what stands in a person's chat, oldest first."""
        return list(self.messages[self.chat(user)].values())

    async def start(self) -> None:
        app = web.Application()
        app.router.add_route("*", "/api/{method}", self._api)
        app.router.add_post("/hook/{name}", self._hook)
        app.router.add_get("/link", self._link)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        port = self._runner.addresses[0][1]
        self.origin = f"http://127.0.0.1:{port}"

    async def stop(self) -> None:
        if self.socket is not None:
            await self.socket.close()
        if self._runner:
            await self._runner.cleanup()

    async def send(self, envelope: Json) -> None:
        """Send an envelope over the Socket Mode connection."""
        await self.connected.wait()
        assert self.socket is not None
        await self.socket.send_json(envelope)

    async def _api(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        arguments = await _arguments(request)
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        self.calls.append(Call(method, token, arguments))
        script = self.scripts[method].popleft() if self.scripts[method] else None
        if isinstance(script, Fails):
            return web.Response(
                status=script.status,
                body=script.body,
                headers=script.headers,
                content_type=script.kind,
            )
        answer = {} if script == Cuts(done=False) else self._do(method, token, arguments)
        if isinstance(script, Cuts):
            assert request.transport is not None
            request.transport.close()
        if isinstance(script, Hangs):
            await asyncio.sleep(script.seconds)
        rights = {"X-OAuth-Scopes": ",".join(self.scopes)} if method == "auth.test" else {}
        return web.json_response(answer, headers=rights)

    def _do(self, method: str, token: str, arguments: Json) -> Json:
        open_to_all = {"oauth.v2.access", "apps.connections.open"}
        if method not in open_to_all and token not in self.tokens:
            return {"ok": False, "error": "invalid_auth"}
        does: Callable[[str, Json], Json] | None = getattr(
            self, "_" + method.replace(".", "_").lower(), None
        )
        if does is None:
            return {"ok": False, "error": "unknown_method"}
        if missing := refused(method, self.scopes):
            return missing
        try:
            return {"ok": True, **does(token, arguments)}
        except LookupError as problem:
            return {"ok": False, "error": str(problem.args[0])}

    def _member(self, user: str) -> Json:
        member = self.members.get(user)
        if member is None:
            say_no("channel_not_found")
        if member.get("deleted"):
            say_no("user_is_deactivated")
        if member.get("closed"):
            say_no("messages_tab_disabled")
        return member

    def _found(self, arguments: Json) -> Json:
        found = self.messages.get(arguments["channel"], {}).get(arguments["ts"])
        if found is None:
            say_no("message_not_found")
        return found

    def _checked(self, error: str, wrong: list[str]) -> None:
        """Refuse what is wrong, and remember why, so that a test can show it."""
        self.refused += wrong
        if wrong:
            say_no(error)

    def _chat_postmessage(self, _token: str, arguments: Json) -> Json:
        self._member(arguments["channel"])
        self._checked("invalid_blocks", wrong_message(arguments))
        chat, ts = self.chat(arguments["channel"]), f"1700000000.{next(self._times):06d}"
        kept = {k: arguments[k] for k in ("text", "blocks", "metadata") if k in arguments}
        self.messages[chat][ts] = {"ts": ts, **kept}
        return {"channel": chat, "ts": ts}

    def _chat_postephemeral(self, _token: str, arguments: Json) -> Json:
        self.ephemeral.append(arguments)
        return {"message_ts": "1"}

    def _chat_update(self, _token: str, arguments: Json) -> Json:
        self._checked("invalid_blocks", wrong_message(arguments))
        self._found(arguments).update(text=arguments["text"], blocks=arguments["blocks"])
        return {"channel": arguments["channel"], "ts": arguments["ts"]}

    def _chat_delete(self, _token: str, arguments: Json) -> Json:
        self._found(arguments)
        del self.messages[arguments["channel"]][arguments["ts"]]
        return {}

    def _conversations_open(self, _token: str, arguments: Json) -> Json:
        self._member(arguments["users"])
        return {"channel": {"id": self.chat(arguments["users"])}}

    def _conversations_history(self, _token: str, arguments: Json) -> Json:
        newest = list(reversed(self.messages[arguments["channel"]].values()))
        start, size = int(arguments.get("cursor") or 0), min(int(arguments["limit"]), self.page)
        more = start + size < len(newest)
        with_metadata = arguments.get("include_all_metadata") == "1"
        hidden = set[str]() if with_metadata else {"metadata"}
        return {
            "messages": [
                {k: v for k, v in m.items() if k not in hidden}
                for m in newest[start : start + size]
            ],
            "has_more": more,
            "response_metadata": {"next_cursor": str(start + size) if more else ""},
        }

    def _views_open(self, _token: str, arguments: Json) -> Json:
        self._checked("invalid_arguments", wrong_view(arguments["view"]))
        self.views.append(arguments)
        return {"view": {"id": f"V{len(self.views)}"}}

    def _views_publish(self, _token: str, arguments: Json) -> Json:
        self._checked("invalid_arguments", wrong_view(arguments["view"]))
        self.homes[arguments["user_id"]] = arguments["view"]
        return {}

    def _auth_test(self, token: str, _arguments: Json) -> Json:
        return {"team_id": self.tokens[token], "user_id": "UBOT", "bot_id": "B1"}

    def _oauth_v2_access(self, _token: str, arguments: Json) -> Json:
        team = self.codes.pop(arguments["code"], None)
        if team is None:
            say_no("invalid_code")
        token = f"xoxb-{team}"
        self.tokens[token] = team
        return {
            "app_id": "A1",
            "access_token": token,
            "scope": ",".join(self.scopes),
            "bot_user_id": "UBOT",
            "team": {"id": team, "name": "Acme"},
            "authed_user": {"id": "U1"},
            "is_enterprise_install": False,
        }

    def _apps_connections_open(self, _token: str, _arguments: Json) -> Json:
        return {"url": self.origin.replace("http", "ws") + "/link"}

    async def _hook(self, request: web.Request) -> web.Response:
        self.responses.append({"hook": request.match_info["name"], **await request.json()})
        script = self.scripts["hook"].popleft() if self.scripts["hook"] else None
        if isinstance(script, Fails):
            return web.Response(status=script.status, body=script.body, headers=script.headers)
        return web.Response(text="ok")

    async def _link(self, request: web.Request) -> web.WebSocketResponse:
        self.socket = web.WebSocketResponse()
        await self.socket.prepare(request)
        await self.socket.send_json({"type": "hello"})
        self.connected.set()
        async for sent in self.socket:
            if sent.type is WSMsgType.TEXT and sent.data.startswith("{"):
                self.acknowledged.put_nowait(json.loads(sent.data))
        return self.socket


async def _arguments(request: web.Request) -> Json:
    if request.content_type == "application/json":
        return await request.json()
    return dict((await request.post()).items())


async def until(
    holds: Callable[[], bool], step: Callable[[], Awaitable[None]] | None = None
) -> None:
    """Let the loop run until something holds; a test's own time limit ends it."""
    while not holds():
        await (step() if step else asyncio.sleep(0.002))
