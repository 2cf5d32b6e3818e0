"""Our own pass to the CRM: a token from Entra, fetched once for all who wait for it."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote

from aiohttp import ClientError, ClientSession

from adapters.crm.batch import whole
from adapters.crm.reading import BUSY, DOWN, REFUSED, Quiet, Why
from adapters.crm.wire import whole_body

ENTRA: Final = "https://login.microsoftonline.com/"
EARLY: Final = 540.0
"""Seconds before its end that a pass is renewed."""
AGAIN: Final = 15.0
"""Seconds to leave Entra alone after it failed."""
LONGEST_FETCH: Final = 10.0
LARGEST: Final = 64 * 1024
OK, MANY = 200, 429
REFUSALS: Final = frozenset({400, 401, 403})

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Registration:
    """The app as which the CRM is asked."""

    tenant: str
    client: str
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Pass:
    token: str = field(repr=False)
    renew: float
    ends: float


class Passes:
    """The token of one process.

    Args:
        session: returns the session to ask with.
        app: as whom.
        resource: the address of the CRM.
        entra: where passes come from.
        clock: seconds that only go forward.

    """

    def __init__(
        self,
        session: Callable[[], ClientSession],
        app: Registration,
        resource: str,
        entra: str,
        clock: Callable[[], float],
    ) -> None:
        self._session = session
        self._app = app
        self._resource = resource
        self._url = f"{entra}{quote(app.tenant, safe='')}/oauth2/v2.0/token"
        self._clock = clock
        self._pass: _Pass | None = None
        self._failed: tuple[float, Why] | None = None
        self._fetching: asyncio.Task[None] | None = None

    async def token(self) -> str:
        """Return a token; one that ends soon is renewed in the background.

        Raises:
            Quiet: Entra gives none.

        """
        now = self._clock()
        if self._pass is None or now >= self._pass.ends:
            if fetching := self._begin():
                await asyncio.shield(fetching)
        elif now >= self._pass.renew:
            self._begin()
        if self._pass is None or self._clock() >= self._pass.ends:
            raise Quiet(self._failed[1] if self._failed else DOWN)
        return self._pass.token

    def doubt(self, token: str) -> None:
        """Hear that the CRM refused a token; the next one asks for another."""
        if self._pass and self._pass.token == token:
            self._pass = None
            self._failed = None

    async def close(self) -> None:
        """Stop a fetch that is under way."""
        if self._fetching:
            self._fetching.cancel()
            await asyncio.gather(self._fetching, return_exceptions=True)

    def _begin(self) -> asyncio.Task[None] | None:
        if self._fetching and not self._fetching.done():
            return self._fetching
        if self._failed and self._clock() - self._failed[0] < AGAIN:
            return None
        self._fetching = asyncio.create_task(self._fetch())
        return self._fetching

    async def _fetch(self) -> None:
        form = {
            "grant_type": "client_credentials",
            "client_id": self._app.client,
            "client_secret": self._app.secret,
            "scope": f"{self._resource}/.default",
        }
        try:
            async with (
                asyncio.timeout(LONGEST_FETCH),
                self._session().post(self._url, data=form, allow_redirects=False) as answer,
            ):
                _check(answer.status)
                self._keep(whole(await whole_body(answer, LARGEST)))
        except (ClientError, OSError, LookupError, TypeError, ValueError, Quiet) as error:
            why: Why = error.why if isinstance(error, Quiet) else DOWN
            # Neither the answer nor the error is shown: both may name what was sent.
            log.warning("crm: Entra gave no pass (%s, %s)", why, type(error).__name__)
            self._failed = (self._clock(), why)

    def _keep(self, told: Mapping[str, Any]) -> None:
        token, seconds = told["access_token"], float(told["expires_in"])
        if not seconds > 0:
            raise ValueError
        if not (isinstance(token, str) and token.isascii() and token.isprintable() and token):
            raise ValueError
        now = self._clock()
        ends = now + seconds
        self._pass = _Pass(token, max(ends - EARLY, now + seconds / 2), ends)
        self._failed = None


def _check(status: int) -> None:
    if status != OK:
        raise Quiet(BUSY if status == MANY else REFUSED if status in REFUSALS else DOWN)
