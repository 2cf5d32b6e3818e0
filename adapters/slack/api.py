"""Call Slack's Web API, once: every end a call can have is a value, and nothing is sent again.

Slack's own client raises, retries broken connections and reads any body it is given; a message
must never be sent twice, so here the ends are told apart by what is known about the message:
``Done``, ``Denied`` and ``Limited`` are Slack's word; ``Unsent`` never left us; ``Lost`` may have
been carried out. All workspaces share one session.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias
from urllib.parse import urlsplit

from aiohttp import (
    ClientConnectorError,
    ClientError,
    ClientResponse,
    ClientSession,
    ClientTimeout,
    ConnectionTimeoutError,
    FormData,
    InvalidURL,
)

CLOUD = "https://slack.com/api/"
HOOKS = ("https://hooks.slack.com",)
TIMEOUT = ClientTimeout(total=15, connect=5)
"""Seconds; shorter than the courier waits, so that we are the ones who say how it ended."""
JSON = {"Content-Type": "application/json; charset=utf-8"}
LARGEST = 4 * 1024 * 1024
"""Bytes of an answer that are read; a longer one is not Slack's."""
PAUSE = 30.0
"""Seconds to wait where Slack asked to wait and did not say how long."""
LONGEST_PAUSE = 86_400.0
OK, REDIRECT, MANY, FAULT = 200, 300, 429, 500
FORMS = frozenset({"conversations.history", "oauth.v2.access"})
"""Methods that take a form; the others take JSON."""


@dataclass(frozen=True, slots=True)
class Done:
    """Slack did it."""

    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Denied:
    """Slack said no, and why: an error's name, or ``http_`` with the status."""

    error: str


@dataclass(frozen=True, slots=True)
class Limited:
    """Slack asked to come back after some seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Unsent:
    """The call never left us."""

    why: str


@dataclass(frozen=True, slots=True)
class Lost:
    """The call left us, and nobody knows whether it was carried out."""

    why: str


End: TypeAlias = Done | Denied | Limited | Unsent | Lost
Reader: TypeAlias = Callable[[ClientResponse, bytes], End]


class Api:
    """Slack's Web API for any workspace.

    Args:
        session: one session for all calls; redirects and cookies are not used.
        base: where the API is; another one for a local peer.
        hooks: the origins to which a ``response_url`` may lead; Slack's own, or a local peer's.
        timeout: how long a call may take, and its connection.

    """

    def __init__(
        self,
        session: ClientSession,
        base: str = CLOUD,
        hooks: tuple[str, ...] = (),
        timeout: ClientTimeout = TIMEOUT,
    ) -> None:
        self._session = session
        self._timeout = timeout
        self._base = base if base.endswith("/") else f"{base}/"
        self._hooks = hooks or (HOOKS if self._base == CLOUD else (_origin(self._base),))

    async def call(self, method: str, token: str, **arguments: object) -> End:
        """Call a method with a workspace's token, or with none."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        url = f"{self._base}{method}"
        if method in FORMS:
            return await self._post(url, headers, FormData(_flat(arguments)), _read)
        return await self._post(url, headers | JSON, json.dumps(arguments).encode(), _read)

    async def respond(self, url: str, **arguments: object) -> End:
        """Answer an interaction at its ``response_url``, if that leads to Slack."""
        if not self.trusts(url):
            return Denied("foreign_response_url")
        return await self._post(url, JSON, json.dumps(arguments).encode(), _read_hook)

    def trusts(self, url: str) -> bool:
        """Say whether an address is one of Slack's own for responses."""
        try:
            parts = urlsplit(url)
        except ValueError:
            return False
        return f"{parts.scheme}://{parts.netloc}" in self._hooks

    async def _post(
        self, url: str, headers: Mapping[str, str], data: bytes | FormData, read: Reader
    ) -> End:
        try:
            async with self._session.post(
                url, data=data, headers=headers, timeout=self._timeout, allow_redirects=False
            ) as response:
                return read(response, await _body(response))
        except (ClientConnectorError, ConnectionTimeoutError, InvalidURL) as problem:
            return Unsent(type(problem).__name__)
        except (ClientError, OSError, EOFError) as problem:
            return Lost(type(problem).__name__)


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _flat(arguments: Mapping[str, object]) -> list[tuple[str, str]]:
    return [(k, str(int(v) if isinstance(v, bool) else v)) for k, v in arguments.items()]


async def _body(response: ClientResponse) -> bytes:
    body = bytearray()
    async for part in response.content.iter_any():
        body += part
        if len(body) > LARGEST:
            raise EOFError
    return bytes(body)


def _read(response: ClientResponse, body: bytes) -> End:
    """Tell the end of a call from its answer."""
    status = response.status
    try:
        data: Any = json.loads(body)
    except (ValueError, RecursionError):
        data = None
    match data:
        case _ if status == MANY:
            return Limited(_pause(response))
        case {"ok": False, "error": "ratelimited" | "rate_limited"}:
            return Limited(_pause(response))
        case {"ok": True} if status == OK:
            return Done(data)
        case {"ok": False, "error": str(error)}:
            return Denied(error[:100])
        case _ if REDIRECT <= status < FAULT:
            return Denied(f"http_{status}")
        case _:
            return Lost(f"an answer {status} that is not Slack's")


def _read_hook(response: ClientResponse, body: bytes) -> End:
    """Tell the end of an answer to a ``response_url``, which says little."""
    status = response.status
    if status == MANY:
        return Limited(_pause(response))
    if status == OK:
        return Done({})
    if status < FAULT:
        return Denied(body[:40].decode("ascii", "replace") or f"http_{status}")
    return Lost(f"an answer {status}")


def _pause(response: ClientResponse) -> float:
    try:
        asked = float(response.headers.get("Retry-After", ""))
    except ValueError:
        return PAUSE
    return min(asked, LONGEST_PAUSE) if asked >= 0 else PAUSE
