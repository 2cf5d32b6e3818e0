"""One question over the wire to the CRM: bounded in time and size, and careful with what comes."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final, Protocol
from urllib.parse import urlsplit

from aiohttp import (
    ClientError,
    ClientResponse,
    ClientSession,
    ClientTimeout,
    DummyCookieJar,
    TCPConnector,
)
from yarl import URL

from adapters.crm.batch import whole
from adapters.crm.reading import BUSY, DOWN, NONSENSE, REFUSED, Quiet

OK, REDIRECT, WRONG, UNKNOWN, FORBIDDEN, MISSING = 200, 300, 400, 401, 403, 404
MANY, FAULT = 429, 500
LARGEST: Final = 4 * 1024 * 1024
"""Bytes of an answer that are read; a longer one is no answer to what we ask."""
CONNECTIONS: Final = 20
"""At once; Dataverse allows 52."""
ENDLESS: Final = ClientTimeout(total=None)
"""Whoever asks bounds the whole of it."""
TRIES: Final = 3
A_MOMENT: Final = 0.1
"""Seconds before a connection that broke is tried again."""
_SECONDS: Final = re.compile(r"\d{1,9}")
_CODE: Final = re.compile(r"0x[0-9a-fA-F]{8}")


class Tokens(Protocol):
    """Gives our pass, and hears when it was refused."""

    async def token(self) -> str:
        """Return a token, or raise Quiet."""
        ...

    def doubt(self, token: str) -> None:
        """Hear that it was refused."""
        ...


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: its status, what kind of content it says it is, and the bytes.

    ``wait`` is how many seconds we are to wait before we ask again, if it says so.
    """

    status: int
    kind: str
    body: bytes
    wait: float | None = None

    def told(self) -> Mapping[str, Any]:
        """Read it as a JSON object, or raise Quiet."""
        return whole(self.body)

    @property
    def code(self) -> str:
        """Return the CRM's number for what is wrong; nothing else of an error is looked at."""
        found = _CODE.search(self.body[:LARGEST].decode(errors="replace"))
        return found[0].lower() if found else ""


class Wire:
    """Asks one CRM.

    Args:
        org: its address, without a slash at the end.
        clock: what time it is, for a pause that is given as a date.
        seconds: seconds that only go forward.
        sleep: how to wait.

    """

    def __init__(
        self,
        org: str,
        clock: Callable[[], datetime],
        seconds: Callable[[], float],
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self.org = org
        self.passes: Tokens | None = None
        self._clock = clock
        self._seconds = seconds
        self._sleep = sleep
        self._open: ClientSession | None = None
        self._busy_until = 0.0

    def session(self) -> ClientSession:
        """Return the one session, opened when it is first needed."""
        if self._open is None or self._open.closed:
            self._open = ClientSession(
                cookie_jar=DummyCookieJar(), connector=TCPConnector(limit=CONNECTIONS)
            )
        return self._open

    async def close(self) -> None:
        """Close it."""
        if self._open is not None:
            await self._open.close()

    def same(self, link: str) -> str:
        """Return the path of a link to a next page; one that leads elsewhere is nonsense.

        Raises:
            Quiet: it would carry our pass to somebody else.

        """
        here = urlsplit(self.org)
        root = f"{here.scheme}://{here.netloc}"
        clean = link.isascii() and link.isprintable() and not set(link) & set(' \\"<>')
        if not (clean and link.startswith(f"{root}/api/data/")):
            raise Quiet(NONSENSE)
        return link.removeprefix(root)

    async def ask(  # noqa: PLR0913 - what a question is made of
        self,
        method: str,
        path: str,
        *,
        until: float,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        patient: bool = True,
    ) -> Answer:
        """Ask, again where that may help, but never beyond a moment.

        Args:
            method: GET or POST; either only reads.
            path: the path, encoded.
            until: when the answer has to be there, in ``seconds``.
            headers: who asks, and what is sent.
            body: what is sent.
            patient: whether to wait where the CRM is busy; if not, its 429 is the answer.

        Raises:
            Quiet: there is no answer.

        """
        passes = self.passes
        assert passes is not None  # noqa: S101 - set by whoever made us
        renewed = False
        for attempt in range(1, TRIES + 1):
            await self.wait_for_our_turn(until)
            token = await passes.token()
            sent = {
                "Authorization": f"Bearer {token}",
                "Accept": "application/json",
                "OData-MaxVersion": "4.0",
                "OData-Version": "4.0",
                **(headers or {}),
            }
            try:
                answer = await self._once(method, path, sent, body)
            except (ClientError, OSError, EOFError):
                if attempt == TRIES:
                    break
                await self._rest(A_MOMENT * attempt, until)
                continue
            if answer.status == UNKNOWN and not renewed:
                passes.doubt(token)
                renewed = True
            elif answer.status == MANY and not patient:
                return answer
            elif answer.status == MANY or (answer.status >= FAULT and answer.wait is not None):
                wait = A_MOMENT if answer.wait is None else answer.wait
                self._busy_until = self._seconds() + wait
            elif answer.status >= FAULT and attempt < TRIES:
                await self._rest(A_MOMENT * attempt, until)
            else:
                return _checked(answer)
        raise Quiet(BUSY if self._seconds() < self._busy_until else DOWN)

    async def wait_for_our_turn(self, until: float) -> None:
        """Wait as long as the CRM said.

        Raises:
            Quiet: it said longer than until then.

        """
        while (wait := self._busy_until - self._seconds()) > 0:
            if self._seconds() + wait >= until:
                raise Quiet(BUSY)
            await self._sleep(wait)

    async def _rest(self, pause: float, until: float) -> None:
        if self._seconds() + pause >= until:
            raise Quiet(DOWN)
        await self._sleep(pause)

    async def _once(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes | None
    ) -> Answer:
        url = URL(self.org + path, encoded=True)
        async with self.session().request(
            method, url, headers=headers, data=body, allow_redirects=False, timeout=ENDLESS
        ) as answer:
            read = await whole_body(answer, LARGEST)
            kind = answer.headers.get("Content-Type", "")
            return Answer(answer.status, kind, read, self._told_to_wait(answer))

    def _told_to_wait(self, answer: ClientResponse) -> float | None:
        said = answer.headers.get("Retry-After", "").strip()
        if _SECONDS.fullmatch(said):
            return float(said)
        try:
            at = parsedate_to_datetime(said)
        except (ValueError, IndexError, OverflowError):
            return None
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
        return max((at - self._clock()).total_seconds(), 0.0)


async def whole_body(answer: ClientResponse, most: int) -> bytes:
    """Read an answer to its end, or raise Quiet where it has too much of one."""
    body = bytearray()
    async for piece in answer.content.iter_any():
        body += piece
        if len(body) > most:
            raise Quiet(NONSENSE)
    return bytes(body)


def _checked(answer: Answer) -> Answer:
    """Return an answer that means something to whoever asked."""
    if answer.status >= FAULT:
        raise Quiet(DOWN)
    if OK <= answer.status < REDIRECT or answer.status in {WRONG, FORBIDDEN, MISSING}:
        return answer
    raise Quiet(REFUSED if answer.status == UNKNOWN else NONSENSE)
