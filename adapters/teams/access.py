"""Our own pass to Teams: a token from Entra, fetched once and used for most of an hour.

A new one is fetched in the background nine minutes before the old one ends. While Entra is
down the last good one goes on; Teams decides whether it still counts.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import aiohttp

from adapters.teams.account import Cloud

ENTRA: Final = "https://login.microsoftonline.com"
SCOPE: Final = "https://api.botframework.com/.default"
EARLY: Final = timedelta(minutes=9)
"""Entra gives 3,599 seconds; nine minutes keep it to one call in fifty minutes."""
AGAIN: Final = timedelta(seconds=30)
"""How long to leave Entra alone after it failed."""
DOUBTED: Final = timedelta(minutes=5)
"""A token that Teams refuses is replaced early, but not more often than this."""
LONGEST_FETCH: Final = 10.0

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Pass:
    token: str
    since: datetime
    renew: datetime


class Access:
    """The token cache of one process; ``entra`` is where tokens come from."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        cloud: Cloud,
        clock: Callable[[], datetime],
        entra: str = ENTRA,
    ) -> None:
        self._session = session
        self._cloud = cloud
        self._clock = clock
        self._url = f"{entra}/{cloud.tenant}/oauth2/v2.0/token"
        self._pass: _Pass | None = None
        self._tried: datetime | None = None
        self._fetching: asyncio.Task[None] | None = None

    async def token(self) -> str | None:
        """Return a token, or None while Entra has never given one."""
        if self._pass is None:
            if fetching := self._begin():
                await asyncio.shield(fetching)
        elif self._clock() >= self._pass.renew:
            self._begin()
        return self._pass.token if self._pass else None

    def doubt(self) -> None:
        """Hear that Teams refused the token; fetch another unless this one is quite new."""
        if self._pass and self._clock() - self._pass.since >= DOUBTED:
            self._begin()

    async def close(self) -> None:
        """Stop a fetch that is under way."""
        if self._fetching:
            self._fetching.cancel()
            await asyncio.gather(self._fetching, return_exceptions=True)

    def _begin(self) -> asyncio.Task[None] | None:
        if self._fetching and not self._fetching.done():
            return self._fetching
        if self._tried is not None and abs(self._clock() - self._tried) < AGAIN:
            return None
        self._tried = self._clock()
        self._fetching = asyncio.create_task(self._fetch())
        return self._fetching

    async def _fetch(self) -> None:
        asked = {
            "grant_type": "client_credentials",
            "client_id": self._cloud.app_id,
            "client_secret": self._cloud.secret,
            "scope": SCOPE,
        }
        try:
            async with (
                asyncio.timeout(LONGEST_FETCH),
                self._session.post(self._url, data=asked, allow_redirects=False) as answer,
            ):
                answer.raise_for_status()
                told: dict[str, Any] = await answer.json()
            token, seconds = str(told["access_token"]), int(told["expires_in"])
        except (aiohttp.ClientError, OSError, LookupError, TypeError, ValueError) as e:
            log.warning("teams access: Entra gave no token: %s", type(e).__name__)
            return
        life = timedelta(seconds=max(seconds, 0))
        now = self._clock()
        self._pass = _Pass(token, now, now + max(life - EARLY, life / 2))
