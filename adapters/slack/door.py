"""Let in only what Slack sent us, just now, about a workspace that has us.

Bolt answers 500 to a malformed timestamp or signature, reads a body before it knows its length
and logs the bodies it turns away; so this stands before it. Nothing is parsed before its
signature is good, and whoever is turned away leaves a line with the reason and nothing else.
"""

import hmac
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final
from urllib.parse import parse_qsl

from aiohttp import web
from multidict import CIMultiDictProxy

from adapters.bodies import BodyError, whole
from adapters.slack.marks import Marks
from adapters.slack.workspaces import Installed

LARGEST: Final = 256 * 1024
"""Bytes of a request; Slack's largest are about a tenth."""
FRESH: Final = timedelta(minutes=5)
REMEMBERED: Final = timedelta(minutes=10)
"""Twice what is fresh: a clock may be five minutes behind or ahead."""
SLOWEST = 10.0
"""Seconds a body may take to arrive."""
JSON, FORM = "application/json", "application/x-www-form-urlencoded"
SIGNATURE, TIMESTAMP = "X-Slack-Signature", "X-Slack-Request-Timestamp"
RETRY = "X-Slack-Retry-Num"
FIELDS = 100
SHORTEST_SECRET = 16
_SIGNED = re.compile(r"v0=[0-9a-f]{64}")
_SECONDS = re.compile(r"[0-9]{1,12}")
_WORKSPACE = re.compile(r"[A-Za-z0-9._:-]{1,100}")
"""What may be asked the store for; half a character would be an error there, and no answer."""


@dataclass(eq=False)
class Refusal(Exception):  # noqa: N818 - it is one, raised inside the door and returned at it
    """Why a request is turned away, and with which status."""

    status: int
    why: str


@dataclass(frozen=True, slots=True)
class Admitted:
    """A request that is genuine: what it says, and the signature it came with."""

    payload: Mapping[str, Any]
    signature: str


class Door:
    """The door for requests over HTTP.

    Args:
        secrets: the app's signing secret; a second one while it is being changed.
        app: the app's id.
        installed: the workspaces that have us.
        marks: the signatures already taken.
        clock: tells the time.

    Raises:
        ValueError: there is no signing secret or no app id.

    """

    def __init__(
        self,
        secrets: tuple[str, ...],
        app: str,
        installed: Installed,
        marks: Marks,
        clock: Callable[[], datetime],
    ) -> None:
        if not secrets or min(map(len, secrets)) < SHORTEST_SECRET or not app:
            advice = "Slack needs the app's id and its signing secret (see Basic Information)"
            raise ValueError(advice)
        self._secrets = tuple(secret.encode() for secret in secrets)
        self._app = app
        self._installed = installed
        self._marks = marks
        self._clock = clock

    async def open(self, request: web.BaseRequest) -> Admitted | Refusal:
        """Check a request, cheapest first; return what it says, or why it is turned away."""
        try:
            form = _head(request)
            signature, seconds = self._stamps(request.headers)
            body = await whole(request, LARGEST, SLOWEST)
            self._genuine(signature, seconds, body)
            payload = await self._parsed(request, form=form, signature=signature, body=body)
        except BodyError as error:
            return Refusal(error.status, error.why)
        except Refusal as refusal:
            return refusal
        return await self.belongs(payload) or Admitted(payload, signature)

    async def belongs(self, payload: Mapping[str, Any]) -> Refusal | None:
        """Say no to another app's payload, or another workspace's; used for Socket Mode too."""
        if payload.get("type") == "url_verification" or "ssl_check" in payload:
            return None
        if payload.get("api_app_id", self._app) != self._app:
            return Refusal(403, "another app")
        named = _workspaces(payload)
        if not named or not all(isinstance(team, str) for team in named):
            return Refusal(400, "no workspace")
        team, *others = named
        if others and team != others[0]:
            # One of them would be looked for, and the other believed.
            return Refusal(403, "two workspaces")
        known = _WORKSPACE.fullmatch(str(team)) and await self._installed.find(str(team))
        return None if known else Refusal(403, "another workspace")

    async def remember(self, admitted: Admitted) -> None:
        """Keep a signature once its request is stored; a copy is then turned away."""
        await self._marks.keep(f"slack:{admitted.signature}", self._clock() + REMEMBERED)

    def _stamps(self, headers: CIMultiDictProxy[str]) -> tuple[str, str]:
        signatures, stamps = headers.getall(SIGNATURE, []), headers.getall(TIMESTAMP, [])
        if not signatures or not stamps:
            raise Refusal(401, "not signed")
        if len(signatures) > 1 or len(stamps) > 1:
            raise Refusal(400, "signed twice")
        if not _SIGNED.fullmatch(signatures[0]) or not _SECONDS.fullmatch(stamps[0]):
            raise Refusal(400, "not a signature")
        if abs(self._clock().timestamp() - int(stamps[0])) > FRESH.total_seconds():
            raise Refusal(401, "too old")
        return signatures[0], stamps[0]

    def _genuine(self, signature: str, seconds: str, body: bytes) -> None:
        signed = b":".join((b"v0", seconds.encode(), body))
        given = signature.removeprefix("v0=")
        ours = [hmac.digest(secret, signed, sha256).hex() for secret in self._secrets]
        if not any([hmac.compare_digest(given, one) for one in ours]):  # noqa: C419 - all, always
            raise Refusal(401, "another signature")

    async def _parsed(
        self, request: web.BaseRequest, *, form: bool, signature: str, body: bytes
    ) -> Mapping[str, Any]:
        """Read a genuine body; a copy is let in only as Slack's own second try of an event."""
        copied = await self._marks.seen(f"slack:{signature}")
        if copied and RETRY not in request.headers:
            raise Refusal(403, "seen before")
        payload = _from_form(body) if form else parse(body)
        if copied and payload.get("type") != "event_callback":
            raise Refusal(403, "seen before")
        return payload


def _head(request: web.BaseRequest) -> bool:
    """Check what stands before the body; return whether it is a form."""
    if request.method != "POST":
        raise Refusal(405, "POST only")
    kinds = request.headers.getall("Content-Type", [])
    kind = kinds[0].split(";")[0].strip().lower() if len(kinds) == 1 else ""
    if kind not in {JSON, FORM} or "Content-Encoding" in request.headers:
        raise Refusal(415, "JSON or a form only")
    if (request.content_length or 0) > LARGEST:
        raise Refusal(413, "too large")
    return kind == FORM


def _workspaces(payload: Mapping[str, Any]) -> list[object]:
    """Return every workspace that a payload says it is about; an event says it by another name."""
    named = [payload["team_id"]] if "team_id" in payload else []
    told = payload.get("team")
    return [*named, told.get("id")] if isinstance(told, dict) else named  # pyright: ignore[reportUnknownMemberType] - JSON


def parse(body: bytes) -> Mapping[str, Any]:
    """Read JSON that says each thing once.

    Raises:
        Refusal: it is not, or not an object.

    """
    try:
        found = json.loads(body.decode(), object_pairs_hook=_once, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise Refusal(400, "not JSON") from None
    if not isinstance(found, dict):
        raise Refusal(400, "not an object")
    return found  # pyright: ignore[reportUnknownVariableType] - JSON


def _from_form(body: bytes) -> Mapping[str, Any]:
    try:
        pairs = parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            strict_parsing=True,
            errors="strict",
            max_num_fields=FIELDS,
        )
        fields = _once(pairs)
    except ValueError:
        raise Refusal(400, "not a form") from None
    return parse(fields["payload"].encode()) if "payload" in fields else fields


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        twice = "a name twice"
        raise ValueError(twice)
    return found


def _no_constant(name: str) -> float:
    raise ValueError(name)
