"""The door for programs that read numbers: a key first, then a strict question, then the answer.

Whoever is turned away leaves a line with the status and the reason; no key, no filter and no
number stands in a log.
"""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from http import HTTPStatus
from math import ceil
from typing import Final, Protocol, TypeVar

import structlog
from aiohttp import web
from pydantic import BaseModel, ValidationError

from adapters.api.description import BASE, PROBLEM, REFUSALS, description
from adapters.api.shapes import (
    Asked,
    NothingAsked,
    NumbersAsked,
    Problem,
    as_measures,
    as_numbers,
    as_weeks,
)
from nudges.access import Access
from nudges.open_numbers import Page, Wanted
from nudges.pace import Lane, grant, took

PACE: Final = 2.0
"""Questions a second for each program, in the long run."""
BURST: Final = timedelta(seconds=30)
"""What was not asked for so long may be asked at once."""
LONGEST_QUERY: Final = 1000
LATER: Final = "10"
READING: Final = frozenset({"GET", "HEAD"})
HEADERS: Final = {
    "Cache-Control": "private, no-cache",
    "Vary": "Authorization",
    "X-Content-Type-Options": "nosniff",
}
KINDS: Final = {
    400: "bad-filter",
    401: "no-key",
    404: "not-found",
    405: "read-only",
    414: "too-long",
    429: "too-many",
    503: "not-now",
}
AskedKind = TypeVar("AskedKind", bound=Asked)
log = structlog.get_logger()


class Reading(Protocol):
    """What is there to be read."""

    async def known(self, key: str) -> Access | None:
        """Return whose key this is; None for one that is not good."""
        ...

    async def numbers(self, access: Access, wanted: Wanted) -> Page:
        """Return numbers, and note that they were shown."""
        ...

    async def weeks(self, access: Access) -> list[tuple[date, tuple[str, ...]]]:
        """Return the weeks of which there are numbers."""
        ...


@dataclass(eq=False)
class Refusal(Exception):  # noqa: N818 - it is one, raised inside the door and returned at it
    """Why somebody is turned away, with which status, and how long they are to wait."""

    status: int
    why: str
    wait: str = ""


class NumbersDoor:
    """Let programs read.

    Args:
        reading: what there is to be read.
        clock: tells the time.

    """

    def __init__(self, reading: Reading, clock: Callable[[], datetime]) -> None:
        self._reading = reading
        self._clock = clock
        self._lanes: dict[str, Lane] = {}

    def attach(self, app: web.Application) -> None:
        """Add the addresses; whatever else lies below them is answered here, too."""
        app.router.add_route("*", f"{BASE}/openapi.json", self._describe)
        for path, what in (
            ("/measures", self._measures),
            ("/weeks", self._weeks),
            ("/numbers", self._numbers),
        ):
            app.router.add_route("*", f"{BASE}{path}", self._let_in(what))
        app.router.add_route("*", f"{BASE}{{rest:(/.*)?}}", self._let_in(_nothing))

    def _let_in(
        self, what: Callable[[web.Request, Access], Awaitable[BaseModel]]
    ) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def handle(request: web.Request) -> web.StreamResponse:
            try:
                access = await self._access(request)
                return _answer(request, (await what(request, access)).model_dump_json())
            except Refusal as refusal:
                log.info("api.refused", status=refusal.status, why=KINDS[refusal.status])
                return _refused(refusal)
            except OSError as error:
                log.warning("api.not_read", why=type(error).__name__)
                return _refused(Refusal(503, "Nothing can be read now.", LATER))

        return handle

    async def _access(self, request: web.Request) -> Access:
        """Say who reads: cheap checks first, then the key, then how often."""
        if request.method not in READING:
            raise Refusal(405, "Nothing can be written here; use GET.")
        if len(request.rel_url.raw_query_string) > LONGEST_QUERY:
            raise Refusal(414, f"Filters may have {LONGEST_QUERY} characters together.")
        given = request.headers.getall("Authorization", [])
        kind, _, key = given[0].partition(" ") if len(given) == 1 else ("", "", "")
        access = await self._reading.known(key) if kind.lower() == "bearer" else None
        if access is None:
            raise Refusal(401, "Send a key that is good as `Authorization: Bearer KEY`.")
        self._check_pace(access.name)
        return access

    def _check_pace(self, name: str) -> None:
        """Hold each program to its pace; only names that have a key are remembered."""
        now, lane = self._clock(), self._lanes.get(name, Lane())
        given = grant(lane, PACE, now, 1, BURST)
        if not given.most:
            wait = max(ceil((given.start - now - BURST).total_seconds()), 1)
            raise Refusal(429, "These are too many questions.", str(wait))
        self._lanes[name] = took(lane, given, 1)

    async def _measures(self, request: web.Request, _access: Access) -> BaseModel:
        _asked(request, NothingAsked)
        return as_measures()

    async def _weeks(self, request: web.Request, access: Access) -> BaseModel:
        _asked(request, NothingAsked)
        return as_weeks(await self._reading.weeks(access))

    async def _numbers(self, request: web.Request, access: Access) -> BaseModel:
        asked = _asked(request, NumbersAsked)
        return as_numbers(await self._reading.numbers(access, asked.wanted()))

    async def _describe(self, request: web.Request) -> web.Response:
        """Return the description, which holds no number and needs no key."""
        if request.method not in READING:
            return _refused(Refusal(405, "Nothing can be written here; use GET."))
        return _answer(request, json.dumps(description()))


async def _nothing(_request: web.Request, _access: Access) -> BaseModel:
    raise Refusal(404, f"Look at {BASE}/openapi.json for what there is.")


def _asked(request: web.Request, kind: type[AskedKind]) -> AskedKind:
    """Read the filters, each known and given once."""
    given = list(request.query.items())
    named = dict(given)
    if len(named) < len(given):
        raise Refusal(400, "Give each filter once.")
    try:
        return kind.read(named)
    except ValidationError as error:
        told = [_said(e["loc"], e["type"], e["msg"]) for e in error.errors()[:5]]
        raise Refusal(400, " ".join(told)) from None


def _said(where: tuple[int | str, ...], kind: str, message: str) -> str:
    """Say what is wrong with a filter, without repeating what was given."""
    name = str(where[0]) if where else ""
    if kind == "extra_forbidden":
        return "There is no such filter; look at the description for those there are."
    words = message.removeprefix("Value error, ")
    if kind == "value_error" and "isoformat" in words:
        words = "has to be a day"
    if kind == "string_pattern_mismatch":
        words = "is not of the form that the description has"
    return f"{name} {words}.".strip()


def _answer(request: web.Request, body: str) -> web.Response:
    """Answer with JSON, or with word that it is the same as before."""
    tag = sha256(body.encode()).hexdigest()[:32]
    known = request.if_none_match or ()
    if any(one.value in {tag, "*"} for one in known):
        response = web.Response(status=304, headers=HEADERS)
    else:
        response = web.Response(text=body, content_type="application/json", headers=HEADERS)
    response.etag = tag
    return response


def _refused(refusal: Refusal) -> web.Response:
    problem = Problem(
        type=f"urn:wayfinder:problem:{KINDS[refusal.status]}",
        title=REFUSALS[refusal.status],
        status=HTTPStatus(refusal.status),
        detail=refusal.why,
    )
    headers = dict(HEADERS)
    if refusal.status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = 'Bearer realm="wayfinder"'
    if refusal.status == HTTPStatus.METHOD_NOT_ALLOWED:
        headers["Allow"] = ", ".join(sorted(READING))
    if refusal.wait:
        headers["Retry-After"] = refusal.wait
    return web.Response(
        text=problem.model_dump_json(),
        status=refusal.status,
        content_type=PROBLEM,
        headers=headers,
    )
