"""Ask a directory in the cloud for its pages: patient when it is busy, wary of what comes back.

Asking changes nothing there, so a lost or a refused question is simply asked again, a few times,
and never earlier than the directory said. What cannot be read ends in one sentence for whoever
administers it, and nothing of what was read before is used.
"""

import asyncio
import json
import random
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final, cast

from aiohttp import ClientError, ClientResponse, ClientSession, ClientTimeout
from yarl import URL

TIMEOUT: Final = ClientTimeout(total=60, connect=10)
TRIES: Final = 6
"""How often one page is asked for."""
FIRST_PAUSE: Final = 2.0
"""Seconds before the second try where nobody said how long; doubled from there."""
LONGEST_PAUSE: Final = 600.0
"""Seconds; whoever wants to be left alone for longer is asked by hand, later."""
LARGEST: Final = 8 * 1024 * 1024
"""Bytes of a page that are read; a longer one is no page of a directory."""
OK, REDIRECT, MANY, FAULT = 200, 300, 429, 500
_SECONDS: Final = re.compile(r"\d{1,9}")


class FetchError(ValueError):
    """A directory could not be read to its end; nothing of it is to be used."""


@dataclass(frozen=True, slots=True)
class Page:
    """What came back: the status, and the JSON object (empty where a refusal has none)."""

    status: int
    told: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Busy:
    """Nothing came of this try; ``seconds`` is how long we were told to wait, if we were."""

    why: str
    seconds: float | None = None


class Asker:
    """Asks one directory.

    Args:
        session: the session; redirects and cookies are not used.
        name: what the directory is called in a sentence.
        clock: what time it is, for a pause that is given as a date.
        sleep: how to wait.
        chance: a number from 0 to 1 that spreads those who wait for the same.
        busy: tells an answer that only means "later" although its status says otherwise.

    """

    def __init__(  # noqa: PLR0913 - what a test wants to own
        self,
        session: ClientSession,
        name: str,
        clock: Callable[[], datetime],
        *,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        chance: Callable[[], float] = random.random,
        busy: Callable[[Mapping[str, Any]], bool] = lambda _told: False,
    ) -> None:
        self.name = name
        self._session = session
        self._clock = clock
        self._sleep = sleep
        self._chance = chance
        self._busy = busy

    async def pause(self, seconds: float) -> None:
        """Wait a while between two pages, as the directory wants it."""
        await self._sleep(seconds)

    async def get(
        self,
        url: str,
        token: str,
        headers: Mapping[str, str] | None = None,
        query: Mapping[str, str] | None = None,
    ) -> Page:
        """Ask for a page.

        Raises:
            FetchError: it did not come, however patiently we asked, or is none.

        """
        sent = {"Authorization": f"Bearer {token}", "Accept": "application/json", **(headers or {})}
        page = URL(url, encoded=True)  # a link to the next page is followed as it was given
        return await self._ask("GET", page, headers=sent, params=query or None)

    async def post(self, url: str, form: Mapping[str, str]) -> Page:
        """Ask with a form, as for a token.

        Raises:
            FetchError: no answer came, however patiently we asked, or it is none.

        """
        return await self._ask("POST", URL(url), data=form)

    async def _ask(self, method: str, url: URL, **given: Any) -> Page:  # noqa: ANN401 - aiohttp's own
        found = await self._once(method, url, **given)
        for attempt in range(1, TRIES):
            if isinstance(found, Page):
                return found
            await self._sleep(self._least(found, attempt) * (1 + 0.25 * self._chance()))
            found = await self._once(method, url, **given)
        if isinstance(found, Page):
            return found
        message = f"{self.name} {found.why}, {TRIES} times in a row; run this again later."
        raise FetchError(message)

    def _least(self, busy: _Busy, attempt: int) -> float:
        """Return how many seconds to wait at least; never less than we were told."""
        if busy.seconds is None:
            return FIRST_PAUSE * 2 ** (attempt - 1)
        if busy.seconds > LONGEST_PAUSE:
            message = (
                f"{self.name} is busy and asks to be left alone for {busy.seconds / 60:.0f} "
                "minutes; run this again after that."
            )
            raise FetchError(message)
        return busy.seconds

    async def _once(self, method: str, url: URL, **given: Any) -> Page | _Busy:  # noqa: ANN401 - the same
        try:
            async with self._session.request(
                method, url, timeout=TIMEOUT, allow_redirects=False, **given
            ) as answer:
                if answer.status == MANY or answer.status >= FAULT:
                    return _Busy(f"answered {answer.status}", self._wait(answer))
                page = self._page(answer.status, await self._body(answer))
                return _Busy("was busy", self._wait(answer)) if self._busy(page.told) else page
        except (ClientError, OSError) as problem:
            return _Busy(f"cannot be reached ({type(problem).__name__})")

    async def _body(self, answer: ClientResponse) -> bytes:
        body = bytearray()
        async for part in answer.content.iter_any():
            body += part
            if len(body) > LARGEST:
                message = f"{self.name} sent a page of more than {LARGEST >> 20} MB; that is none."
                raise FetchError(message)
        return bytes(body)

    def _page(self, status: int, body: bytes) -> Page:
        try:
            told: Any = json.loads(body)
        except (ValueError, RecursionError):
            told = None
        if REDIRECT > status >= OK and not isinstance(told, dict):
            message = (
                f"{self.name} sent something else than a page of people (no JSON object); "
                "is there a proxy in between?"
            )
            raise FetchError(message)
        return Page(status, cast("dict[str, Any]", told) if isinstance(told, dict) else {})

    def _wait(self, answer: ClientResponse) -> float | None:
        """Return how many seconds we were told to wait, given as a number or as a date."""
        told = answer.headers.get("Retry-After", "").strip()
        if _SECONDS.fullmatch(told):
            return float(told)
        try:
            at = parsedate_to_datetime(told)
        except (ValueError, IndexError, OverflowError):
            return None
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
        return max((at - self._clock()).total_seconds(), 0.0)
