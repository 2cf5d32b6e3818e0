"""The line to Teams: one request at a time to the Bot Connector, and what came of it.

Only a definite answer, a definite "nothing left" and a doubt come back; what they mean is in
:mod:`adapters.teams.errors`.
"""

from typing import Final
from urllib.parse import quote

import aiohttp
from yarl import URL

from adapters.teams.access import Access
from adapters.teams.account import Account, Cloud
from adapters.teams.errors import Answered, Lost, Reached, Unsent

LONGEST_CALL: Final = aiohttp.ClientTimeout(total=15, sock_connect=5)
LARGEST_ANSWER: Final = 64 * 1024
IDLE: Final = 15.0
"""How long a connection may stay open unused; Microsoft closes idle ones somewhat later."""


def open_session(connections: int = 100, proxy: str | None = None) -> aiohttp.ClientSession:
    """Open the one session that everything to Microsoft goes through.

    A proxy is named, not found in the environment: looking there costs two threads a call, and
    would add whatever password a ``.netrc`` has for the host.
    """
    connector = aiohttp.TCPConnector(limit=connections, keepalive_timeout=IDLE)
    return aiohttp.ClientSession(
        connector=connector,
        timeout=LONGEST_CALL,
        cookie_jar=aiohttp.DummyCookieJar(),
        proxy=proxy,
    )


class Connector:
    """Calls for one account; ``access`` gives the token, and a local try-out has none."""

    def __init__(
        self, session: aiohttp.ClientSession, account: Account, access: Access | None
    ) -> None:
        if isinstance(account, Cloud) != (access is not None):
            message = "Teams: a cloud account needs access to Entra, and a local one has none"
            raise ValueError(message)
        self.account = account
        self._session = session
        self._access = access

    async def call(
        self, method: str, service: str, path: tuple[str, ...], payload: str = ""
    ) -> Reached:
        """Make one call; ``path`` is what comes after ``v3/conversations``, part by part."""
        if not self.account.trusts(service):
            return Unsent("the service URL is not one of Microsoft's", refused=True)
        headers = {"Content-Type": "application/json"} if payload else {}
        if self._access:
            token = await self._access.token()
            if token is None:
                return Unsent("Entra gave no token yet")
            headers["Authorization"] = f"Bearer {token}"
        parts = "".join(f"/{quote(part, safe='')}" for part in path)
        url = f"{service.rstrip('/')}/v3/conversations{parts}"
        reached = await self._ask(method, url, headers, payload)
        if self._access and isinstance(reached, Answered) and reached.status == 401:  # noqa: PLR2004
            self._access.doubt()
        return reached

    async def _ask(self, method: str, url: str, headers: dict[str, str], payload: str) -> Reached:
        try:
            async with self._session.request(
                method,
                URL(url, encoded=True),
                data=payload.encode() if payload else None,
                headers=headers,
                timeout=LONGEST_CALL,
                allow_redirects=False,
            ) as answer:
                body = await _read(answer)
                return Answered(answer.status, body, answer.headers.get("Retry-After", ""))
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as e:
            return Unsent(f"no connection: {type(e).__name__}")
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as e:
            return Lost(f"no answer: {type(e).__name__}")


async def _read(answer: aiohttp.ClientResponse) -> str:
    """Read an answer to its end, or to where no answer of Microsoft's would reach."""
    raw = bytearray()
    async for chunk in answer.content.iter_any():
        raw += chunk
        if len(raw) > LARGEST_ANSWER:
            break
    return raw.decode(errors="replace")
