"""A made-up Dataverse on this machine: its Web API, its search and its Entra, from their papers.

It keeps what it was asked and as whom, refuses what the real one refuses, and can be told to be
busy, slow, cut off or to talk nonsense. Who asks within a batch is what the part's own headers
say: a part without them is answered as the app, which may read everything.
"""

import asyncio
import json
import re
from collections import defaultdict, deque
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from ssl import SSLContext
from typing import Any, Self
from urllib.parse import unquote
from uuid import uuid4

from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.adapters.crm import metadata
from tests.adapters.crm.grouping import grouped
from tests.adapters.crm.odata import GUID, ODataError, options, refuse
from tests.adapters.crm.records import Records, User, selected
from tests.adapters.crm.schema import BY_COLLECTION, SCHEMAS, Schema
from tests.adapters.crm.searching import Searching

TENANT = "0b3f6c1e-9d2a-4c57-8e10-5a7d2f9b6c34"
CLIENT = "7c1d9e42-3a5b-4f68-b0c7-d81e6f2a9350"
SECRET = "gQ8~Zr5tV2nK7wLx"  # noqa: S105 - made up
ROOT = "/api/data/v9.2/"
MOST_PARTS = 1_000


@dataclass(frozen=True)
class Asked:
    """One question: what was asked, and as whom; ``inner`` stands within a batch."""

    method: str
    path: str
    query: Mapping[str, str]
    caller: str
    inner: bool = False


@dataclass(frozen=True)
class Trouble:
    """What happens instead of an answer."""

    status: int = 0
    headers: Mapping[str, str] | None = None
    body: bytes = b""
    slow: float = 0.0
    cut: bool = False


class Dataverse(Records):
    """One organisation."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[Asked] = []
        self.bodies: list[str] = []
        """The bodies of batches and searches, as they came."""
        self.trouble: dict[str, deque[Trouble]] = defaultdict(deque)
        """What goes wrong next: for ``token``, ``search``, ``batch`` or ``get``."""
        self.always: dict[str, Trouble] = {}
        """What goes wrong every time."""
        self.page = 0
        """How many rows a page has, however many were asked for; 0 for Dataverse's own."""
        self.delegate = True
        """Whether the app may act on behalf of others."""
        self.tokens: set[str] = set()
        self.token_life = 3599
        self.base = ""
        self.search = Searching(self)
        self.app = self.user(
            User(
                "00000000-0000-4000-8000-00000000a000",
                "# Wayfinder",
                "",
                None,
                dict.fromkeys(SCHEMAS, "all"),
                application=CLIENT,
            )
        )

    @asynccontextmanager
    async def served(self, ssl: SSLContext | None = None) -> AsyncGenerator[Self]:
        app = web.Application(client_max_size=2**26)
        app.router.add_post("/{tenant}/oauth2/v2.0/token", self._token)
        app.router.add_post("/api/search/v2.0/query", self._search)
        app.router.add_route("*", ROOT + "{rest:.*}", self._web_api)
        server = TestServer(app, scheme="https" if ssl else "http")
        await server.start_server(ssl=ssl)
        self.base = str(server.make_url("")).rstrip("/")
        try:
            yield self
        finally:
            # Whoever hangs up without a word of TLS would keep a connection half open for long.
            listening = server.runner.server if server.runner else None
            for connection in listening.connections if listening else ():
                if connection.transport:
                    connection.transport.abort()
            await asyncio.sleep(0)
            await server.close()

    def heard(self, part: str = "") -> list[Asked]:
        return [asked for asked in self.asked if part in asked.path]

    # What goes wrong

    async def _troubled(self, what: str, request: web.Request) -> web.StreamResponse | None:
        trouble = self.trouble[what].popleft() if self.trouble[what] else self.always.get(what)
        if trouble is None:
            return None
        if trouble.slow:
            await asyncio.sleep(trouble.slow)
        if trouble.cut and request.transport:
            request.transport.close()
            return web.Response()
        if not trouble.status:
            return None
        return web.Response(status=trouble.status, headers=trouble.headers, body=trouble.body)

    # Entra

    async def _token(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(Asked("POST", request.path, {}, ""))
        if wrong_ := await self._troubled("token", request):
            return wrong_
        form = await request.post()
        told = (form.get("client_id"), form.get("client_secret"), form.get("grant_type"))
        if told != (CLIENT, SECRET, "client_credentials"):
            return web.json_response({"error": "invalid_client"}, status=401)
        if form.get("scope") != f"{self.base}/.default":
            return web.json_response({"error": "invalid_scope"}, status=400)
        token = uuid4().hex
        self.tokens.add(token)
        return web.json_response(
            {"token_type": "Bearer", "expires_in": self.token_life, "access_token": token}
        )

    def _in(self, headers: Mapping[str, str]) -> bool:
        return headers.get("Authorization", "").removeprefix("Bearer ") in self.tokens

    def _caller(self, headers: Mapping[str, str]) -> User:
        named = {name.lower(): value.strip() for name, value in headers.items()}
        entra, user = named.get("callerobjectid"), named.get("mscrmcallerid")
        if entra is None and user is None:
            return self.app
        if not self.delegate:
            message = "Principal user is missing prvActOnBehalfOfAnotherUser privilege"
            refuse(message, "0x80040220", 403)
        if not GUID.fullmatch(entra or user or ""):
            refuse("The caller is not a valid Guid.", "0x80060888")
        found = [
            u
            for u in self.users.values()
            if (u.entra is not None and u.entra == entra) or u.id == user
        ]
        if len(found) != 1:
            refuse("The user does not exist.", "0x80040204", 403)
        if found[0].disabled:
            refuse("The specified user is disabled.", "0x80040225", 403)
        return found[0]

    # Search

    async def _search(self, request: web.Request) -> web.StreamResponse:
        if wrong_ := await self._troubled("search", request):
            return wrong_
        if not self._in(request.headers):
            return web.Response(status=401)
        body = await request.text()
        self.bodies.append(body)
        try:
            caller = self._caller(request.headers)
            self.asked.append(Asked("POST", request.path, {}, caller.name))
            status, told, headers = self.search.query(caller, body)
        except ODataError as error:
            status, told, headers = error.status, _error(error), {}
        return web.json_response(told, status=status, headers=headers)

    # The Web API

    async def _web_api(self, request: web.Request) -> web.StreamResponse:
        what = "batch" if request.path.endswith("/$batch") else "get"
        if wrong_ := await self._troubled(what, request):
            return wrong_
        if not self._in(request.headers):
            return web.Response(status=401)
        body = await request.text()
        if what == "batch":
            return self._batch(request, body)
        status, told, headers = self._one(
            request.method, request.raw_path, request.headers, body, inner=False
        )
        if told is None:
            return web.Response(status=status, headers=headers)
        return web.json_response(told, status=status, headers=headers)

    def _batch(self, request: web.Request, body: str) -> web.StreamResponse:
        self.asked.append(Asked("POST", request.path, {}, ""))
        self.bodies.append(body)
        found = re.search(r'boundary="?([^";]+)', request.headers.get("Content-Type", ""))
        if not found or f"--{found[1]}--" not in body:
            return web.json_response({"error": {"code": "0x80048d19"}}, status=400)
        go_on = "odata.continue-on-error" in request.headers.get("Prefer", "")
        parts = [p for p in body.split(f"--{found[1]}")[1:-1] if p.strip()]
        if len(parts) > MOST_PARTS:
            return web.json_response({"error": {"code": "0x80060888"}}, status=400)
        made = f"batchresponse_{uuid4()}"
        said = ""
        for part in parts:
            status, told, headers = self._part(part.lstrip("\r\n"))
            lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
            said += (
                f"--{made}\r\nContent-Type: application/http\r\n"
                f"Content-Transfer-Encoding: binary\r\n\r\nHTTP/1.1 {status} Said\r\n"
                f"Content-Type: application/json; odata.metadata=minimal\r\n{lines}\r\n"
                f"{json.dumps(told, ensure_ascii=False) if told is not None else ''}\r\n"
            )
            if status >= 400 and not go_on:
                break
        return web.Response(
            body=f"{said}--{made}--\r\n".encode(),
            headers={"Content-Type": f"multipart/mixed; boundary={made}"},
        )

    def _part(self, part: str) -> tuple[int, Any, dict[str, str]]:
        outer, _, inner = part.partition("\r\n\r\n")
        head, _, body = inner.partition("\r\n\r\n")
        line, *lines = head.split("\r\n")
        words = line.split(" ")
        if "application/http" not in outer or len(words) != 3 or words[2] != "HTTP/1.1":
            return 400, {"error": {"code": "0x80048d19", "message": "no request"}}, {}
        headers = dict(each.split(": ", 1) for each in lines if ": " in each)
        path = words[1].removeprefix(self.base)
        return self._one(words[0], path, headers, body.strip("\r\n"), inner=True)

    def _one(
        self, method: str, raw: str, headers: Mapping[str, str], body: str, *, inner: bool
    ) -> tuple[int, Any, dict[str, str]]:
        path, _, query = raw.partition("?")
        try:
            caller = self._caller(headers)
            asked = options(query)
            self.asked.append(Asked(method, unquote(path), asked, caller.name, inner))
            return self._answer(
                method, unquote(path).removeprefix(ROOT), asked, caller, (headers, body)
            )
        except ODataError as error:
            return error.status, _error(error), {}

    def _answer(
        self,
        method: str,
        path: str,
        asked: dict[str, str],
        caller: User,
        sent: tuple[Mapping[str, str], str],
    ) -> tuple[int, Any, dict[str, str]]:
        headers, body = sent
        prefer = headers.get("Prefer", "")
        if path.startswith("EntityDefinitions"):
            return 200, metadata.answer(path, asked), {}
        if path == "WhoAmI":
            return 200, {"UserId": caller.id, "OrganizationId": TENANT}, {}
        found = re.fullmatch(r"(\w+)(?:\(([^)]*)\))?", path)
        schema = BY_COLLECTION.get(found[1]) if found else None
        if not found or schema is None:
            refuse(f"Resource not found for the segment '{path}'.", "0x80060888", 404)
        if asked.get("expand"):
            refuse("This fake does not expand.")
        if said := asked.get("apply"):
            return 200, self._listed_sums(grouped(self.counted(caller, schema), schema, said)), {}
        annotations = "".join(re.findall(r'include-annotations="?([^"]*)', prefer))
        id_ = found[2]
        if id_ is not None and not GUID.fullmatch(id_):
            refuse(f"Unrecognized 'Edm.Guid' literal '{id_}'.")
        if method == "GET" and id_ is not None:
            row = self.one(caller, schema, id_)
            return 200, selected(schema, row, asked.get("select"), annotations), {}
        if method == "GET":
            return 200, self._listed(caller, schema, asked, prefer, annotations), {}
        return self._written(method, schema, id_, json.loads(body) if body else {})

    def _listed(
        self, caller: User, schema: Schema, asked: dict[str, str], prefer: str, annotations: str
    ) -> dict[str, Any]:
        rows = self.several(caller, schema, asked)
        size = re.search(r"maxpagesize=(\d+)", prefer)
        page = self.page or (int(size[1]) if size else 5_000)
        top = int(asked.get("top", len(rows)))
        begin = int(asked.get("skiptoken", 0))
        shown = rows[:top][begin : begin + page]
        told: dict[str, Any] = {"@odata.context": f"{self.base}{ROOT}$metadata#{schema.collection}"}
        if asked.get("count") == "true":
            told["@odata.count"] = len(rows)
        told["value"] = [selected(schema, row, asked.get("select"), annotations) for row in shown]
        if begin + page < min(top, len(rows)):
            again = "&".join(f"${k}={_quoted(v)}" for k, v in asked.items() if k != "skiptoken")
            again = f"{again}&$skiptoken={begin + page}"
            told["@odata.nextLink"] = f"{self.base}{ROOT}{schema.collection}?{again}"
        return told

    def _listed_sums(self, sums: list[dict[str, Any]]) -> dict[str, Any]:
        return {"@odata.context": f"{self.base}{ROOT}$metadata#sums", "value": sums}

    def _written(
        self, method: str, schema: Schema, id_: str | None, told: dict[str, Any]
    ) -> tuple[int, Any, dict[str, str]]:
        values: dict[str, Any] = {}
        for name, value in told.items():
            if name.endswith("@odata.bind"):
                collection, _, there = str(value).strip("/").rstrip(")").partition("(")
                values[name.removesuffix("@odata.bind")] = (BY_COLLECTION[collection].name, there)
            elif not name.startswith("@"):
                values[name] = value
        match method:
            case "POST":
                made = self.add(schema.name, None, **values)
                return (
                    204,
                    None,
                    {"OData-EntityId": f"{self.base}{ROOT}{schema.collection}({made})"},
                )
            case "PATCH" if id_ in self.rows[schema.name]:
                self.rows[schema.name][str(id_)] |= values
            case "DELETE" if id_ in self.rows[schema.name]:
                del self.rows[schema.name][str(id_)]
            case _:
                refuse(f"{schema.name} Does Not Exist", "0x80040217", 404)
        return 204, None, {}


def _quoted(text: str) -> str:
    from urllib.parse import quote  # noqa: PLC0415

    return quote(text, safe=",")


def _error(error: ODataError) -> dict[str, Any]:
    return {"error": {"code": error.code, "message": error.message}}


Clocked = Callable[[], float]
