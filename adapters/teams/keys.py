"""Microsoft's public keys, so that a request can be told from a forged one.

Keys are fetched once a day, and once more (at most every five minutes) when a token names a key
we do not have. A fetch that fails changes nothing: the keys we have go on, and nobody whose key
is known waits for it.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, cast
from urllib.parse import urlsplit

import aiohttp
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from jwt import PyJWTError
from jwt.algorithms import RSAAlgorithm

from adapters.teams import strict

METADATA: Final = "https://login.botframework.com/v1/.well-known/openidconfiguration"
DAILY: Final = timedelta(days=1)
UNKNOWN_KEY: Final = timedelta(minutes=5)
"""How long a token with an unknown key has to wait for the next look at the key server."""
NO_KEYS: Final = timedelta(seconds=10)
"""The same while we have no keys at all, as when the key server is down at the start."""
LONGEST_FETCH: Final = 5.0
LARGEST: Final = 512 * 1024
WEAKEST: Final = 2048

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Key:
    """A public key, and the channels it may speak for."""

    public: RSAPublicKey
    endorsements: frozenset[str]


class Keys:
    """The key cache of one process; ``metadata`` is where the keys are announced."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        clock: Callable[[], datetime],
        metadata: str = METADATA,
    ) -> None:
        self._session = session
        self._clock = clock
        self._metadata = metadata
        self._keys: dict[str, Key] = {}
        self._fetched: datetime | None = None
        self._tried: datetime | None = None
        self._fetching: asyncio.Task[None] | None = None

    async def find(self, kid: str) -> Key | None:
        """Return the key of that name, or None if Microsoft has none."""
        key = self._keys.get(kid)
        if key and self._is_past(self._fetched, DAILY):
            self._begin()
        if key is None and (fetching := self._begin()):
            await asyncio.shield(fetching)
            key = self._keys.get(kid)
        return key

    async def close(self) -> None:
        """Stop a fetch that is under way."""
        if self._fetching:
            self._fetching.cancel()
            await asyncio.gather(self._fetching, return_exceptions=True)

    def _begin(self) -> asyncio.Task[None] | None:
        """Join the fetch under way, or begin one unless the last is too recent."""
        if self._fetching and not self._fetching.done():
            return self._fetching
        if not self._is_past(self._tried, UNKNOWN_KEY if self._keys else NO_KEYS):
            return None
        self._tried = self._clock()
        self._fetching = asyncio.create_task(self._fetch())
        return self._fetching

    def _is_past(self, then: datetime | None, pause: timedelta) -> bool:
        """Tell whether a pause is over; a clock that was set back does not make it longer."""
        return then is None or abs(self._clock() - then) >= pause

    async def _fetch(self) -> None:
        try:
            async with asyncio.timeout(LONGEST_FETCH):
                keys = _keys((await self._announced())["keys"])
        except (aiohttp.ClientError, OSError, LookupError, TypeError, ValueError) as e:
            name = type(e).__name__
            log.warning("teams keys: not fetched, the %d known go on: %s", len(self._keys), name)
            return
        if keys:
            self._keys, self._fetched = keys, self._clock()

    async def _announced(self) -> dict[str, Any]:
        where = (await self._get(self._metadata))["jwks_uri"]
        if urlsplit(where)[:2] != urlsplit(self._metadata)[:2]:
            raise LookupError  # announced on another host: not Microsoft's
        return await self._get(where)

    async def _get(self, url: str) -> dict[str, Any]:
        async with self._session.get(url, allow_redirects=False) as answer:
            answer.raise_for_status()
            raw = bytearray()
            async for chunk in answer.content.iter_any():
                raw += chunk
                if len(raw) > LARGEST:
                    raise LookupError  # no key set is as large as this
        return dict(cast("dict[str, Any]", strict.loads(raw.decode())))


def _keys(listed: object) -> dict[str, Key]:
    """Read a key set; what is no strong RSA key for signatures is left out."""
    keys: dict[str, Key] = {}
    for entry in cast("list[dict[str, Any]]", listed):
        try:
            public = RSAAlgorithm.from_jwk({k: v for k, v in entry.items() if isinstance(v, str)})
        except (PyJWTError, ValueError, AttributeError):
            continue
        strong = isinstance(public, RSAPublicKey) and public.key_size >= WEAKEST
        if strong and entry.get("use", "sig") == "sig" and isinstance(entry.get("kid"), str):
            endorsed = frozenset(e for e in entry.get("endorsements") or () if isinstance(e, str))
            keys[entry["kid"]] = Key(cast("RSAPublicKey", public), endorsed)
    return keys
