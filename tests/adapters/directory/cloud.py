"""Microsoft Graph and Slack, made up: directories that page, are busy, break, and remember.

Their pages are built as the vendors document them (GET /users, users.list), and Slack tells
nothing that the app has no right to. What they are asked is recorded with the time, which only the
fake sleep moves: so a pause that was cut short shows.
"""

from collections import defaultdict, deque
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self, TypeAlias

from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from adapters.directory.asking import Asker
from adapters.directory.slack_pages import is_busy
from adapters.slack.manifest import SCOPES
from tests.adapters.slack.rights import CHANNEL, EMAIL, PRIVATE, refused
from tests.clock import Clock

Json: TypeAlias = dict[str, Any]
Answer: TypeAlias = Callable[["Cloud"], web.StreamResponse]
TENANT = "0b3f6c1e-9d2a-4c57-8e10-5a7d2f9b6c34"
APP = "7c1d9e42-3a5b-4f68-b0c7-d81e6f2a9350"
WORDS = "gQ8~Zr5tV2nK7wLx"
GRAPH_TOKEN, SLACK_TOKEN = "graph-pass-1", "xoxb-1"


def account(number: int, name: str, **told: object) -> Json:
    """Return an account as Graph tells of it; ``mail`` follows from the name."""
    return {
        "id": oid(number),
        "displayName": name,
        "mail": f"{name.lower()}@Acme.example",
        "userPrincipalName": f"{name.lower()}@acme.onmicrosoft.example",
        "preferredLanguage": "nl-NL",
        "department": "Sales NL",
        "jobTitle": "Account Manager",
        "country": "Netherlands",
        "usageLocation": "NL",
        "accountEnabled": True,
        "userType": "Member",
        **told,
    }


def oid(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012}"


def member(number: int, name: str, **told: object) -> Json:
    """Return a member as Slack tells of them; profile fields are given as ``profile_…``."""
    profile = {
        "title": "Account Manager",
        "real_name": name,
        "display_name": name.lower(),
        "email": f"{name.lower()}@acme.example",
    }
    profile |= {k.removeprefix("profile_"): v for k, v in told.items() if k.startswith("profile_")}
    return {
        "id": f"U{number:04}",
        "team_id": "T1",
        "name": name.lower(),
        "deleted": False,
        "real_name": name,
        "tz": "Europe/London",
        "tz_label": "Greenwich Mean Time",
        "tz_offset": 0,
        "profile": profile,
        "is_bot": False,
        "is_app_user": False,
        "is_restricted": False,
        "is_ultra_restricted": False,
        "is_email_confirmed": True,
        "locale": "en-GB",
        **{k: v for k, v in told.items() if not k.startswith("profile_")},
    }


@dataclass(frozen=True)
class Asked:
    path: str
    query: dict[str, str]
    token: str
    at: datetime


class Cloud:
    """Both directories on one loopback server."""

    def __init__(self) -> None:
        self.accounts: list[Json] = []
        self.members: dict[str, list[Json]] = defaultdict(list)
        self.groups: dict[str, list[str]] = {}
        """Who is in a group: an Entra group's id, or a workspace and a group (T1/S1, T1/C1)."""
        self.a_page = 2
        self.asked: list[Asked] = []
        self.slept: list[float] = []
        self.chance = 0.0
        self.scripts: dict[int, deque[Answer]] = defaultdict(deque)
        """What happens instead, by the number of the page from 1; page 0 is the pass."""
        self.tokens = {SLACK_TOKEN: "T1", "xoxb-2": "T2"}
        self.rights: set[str] = set(SCOPES)
        self.clock = Clock()
        self.base = ""

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/{tenant}/oauth2/v2.0/token", self._token),
            web.get("/v1.0/users", self._users),
            web.get("/users.list", self._list),
            web.get("/usergroups.users.list", self._user_group),
            web.get("/conversations.members", self._channel),
            web.get("/v1.0/groups/{group}/{path:.*}", self._entra_group),
        ]

    @asynccontextmanager
    async def served(self) -> AsyncGenerator[Self]:
        app = web.Application()
        app.add_routes(self.routes())
        async with TestServer(app) as server:
            self.base = str(server.make_url("/"))
            yield self

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.clock.pass_(seconds=seconds)

    @asynccontextmanager
    async def asker(self, *, slack: bool = False) -> AsyncGenerator[Asker]:
        async with ClientSession() as session:
            busy = {"busy": is_busy} if slack else {}
            yield Asker(
                session,
                "The cloud",
                self.clock,
                sleep=self.sleep,
                chance=lambda: self.chance,
                **busy,
            )

    @property
    def pages(self) -> list[Asked]:
        return [asked for asked in self.asked if "token" not in asked.path]

    def _note(self, request: web.Request, page: int) -> web.StreamResponse | None:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        self.asked.append(Asked(request.path, dict(request.query), token, self.clock()))
        return self.scripts[page].popleft()(self) if self.scripts[page] else None

    async def _token(self, request: web.Request) -> web.StreamResponse:
        form = dict(await request.post())
        if scripted := self._note(request, 0):
            return scripted
        assert form["scope"] == f"{self.base}.default"
        assert request.match_info["tenant"] == TENANT
        if (form["client_id"], form["client_secret"]) != (APP, WORDS):
            said = "AADSTS7000215: Invalid client secret provided."
            refused = {"error": "invalid_client", "error_description": said}
            return web.json_response(refused, status=401)
        return web.json_response({"access_token": GRAPH_TOKEN, "expires_in": 3599})

    async def _users(self, request: web.Request) -> web.StreamResponse:
        start = int(request.query.get("$skiptoken", 0))
        if scripted := self._note(request, start // self.a_page + 1):
            return scripted
        if request.headers["Authorization"] != f"Bearer {GRAPH_TOKEN}":
            return web.json_response({"error": {"code": "InvalidAuthenticationToken"}}, status=401)
        return web.json_response(self.page(start))

    def page(self, start: int) -> Json:
        end = start + self.a_page
        more = {"@odata.nextLink": f"{self.base}v1.0/users?$top=999&$skiptoken={end}"}
        value = self.accounts[start:end]
        return {"value": value, **(more if end < len(self.accounts) else {})}

    async def _list(self, request: web.Request) -> web.StreamResponse:
        start = int(request.query.get("cursor", "p0")[1:])
        if scripted := self._note(request, start // self.a_page + 1):
            return scripted
        team = self.tokens.get(self.asked[-1].token)
        if team is None:
            return web.json_response({"ok": False, "error": "invalid_auth"})
        if missing := refused("users.list", self.rights, {"users:read"}):
            return web.json_response(missing)
        end = start + self.a_page
        cursor = f"p{end}" if end < len(self.members[team]) else ""
        return web.json_response(
            {
                "ok": True,
                "members": [self._seen(one) for one in self.members[team][start:end]],
                "cache_ts": 1_763_280_000,
                "response_metadata": {"next_cursor": cursor},
            }
        )

    def _seen(self, one: Json) -> Json:
        """Leave the address out of a member where the app may not see it."""
        if EMAIL in self.rights or not one.get("profile"):
            return one
        return one | {"profile": {k: v for k, v in one["profile"].items() if k != "email"}}

    async def _entra_group(self, request: web.Request) -> web.StreamResponse:
        start, group = int(request.query.get("$skiptoken", 0)), request.match_info["group"]
        if scripted := self._note(request, start // self.a_page + 1):
            return scripted
        if group not in self.groups:
            return web.json_response({"error": {"code": "Request_ResourceNotFound"}}, status=404)
        # As documented: a cast to one kind of member needs the header and the count.
        assert request.match_info["path"] == "transitiveMembers/microsoft.graph.user"
        assert request.headers["ConsistencyLevel"] == "eventual"
        assert request.query["$count"] == "true"
        value, end = self.groups[group], start + self.a_page
        more = {"@odata.nextLink": f"{self.base}{request.path[1:]}?$count=true&$skiptoken={end}"}
        told: Json = {"value": [{"id": one} for one in value[start:end]]}
        return web.json_response(told | (more if end < len(value) else {}))

    async def _user_group(self, request: web.Request) -> web.StreamResponse:
        if scripted := self._note(request, 1):
            return scripted
        if missing := refused("usergroups.users.list", self.rights):
            return web.json_response(missing)
        users = self.groups.get(f"{self._team}/{request.query['usergroup']}")
        if users is None:
            return web.json_response({"ok": False, "error": "no_such_subteam"})
        return web.json_response({"ok": True, "users": users})

    async def _channel(self, request: web.Request) -> web.StreamResponse:
        start = int(request.query.get("cursor", "p0")[1:])
        if scripted := self._note(request, start // self.a_page + 1):
            return scripted
        channel = request.query["channel"]
        needed = {PRIVATE if channel.startswith("G") else CHANNEL}
        if missing := refused("conversations.members", self.rights, needed):
            return web.json_response(missing)
        members, end = self.groups.get(f"{self._team}/{channel}"), start + self.a_page
        if members is None:
            return web.json_response({"ok": False, "error": "channel_not_found"})
        cursor = f"p{end}" if end < len(members) else ""
        more = {"response_metadata": {"next_cursor": cursor}}
        return web.json_response({"ok": True, "members": members[start:end]} | more)

    @property
    def _team(self) -> str:
        return self.tokens[self.asked[-1].token]


def busy(status: int = 429, retry_after: str | None = None) -> Answer:
    headers = {} if retry_after is None else {"Retry-After": retry_after}
    return lambda _cloud: web.Response(status=status, headers=headers)


def says(told: object, status: int = 200) -> Answer:
    return lambda _cloud: web.json_response(told, status=status)


def sends(body: bytes, status: int = 200, kind: str = "application/json") -> Answer:
    return lambda _cloud: web.Response(body=body, status=status, content_type=kind)
