"""Try whether links still open, without becoming anybody's way into a private network.

Each address is looked up here, and refused unless it is public or its host was named by whoever
runs us; the connection then goes to that very address. Nothing is sent along: no cookie, no
password, no word of where we come from.
"""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from ssl import SSLContext
from urllib.parse import urljoin

import aiohttp

from adapters.links.way_out import LookUp, RefusedError, WayOut, inside, look_up, refuse
from nudges.question_report import LinkTrouble

SECONDS = 5.0
"""How long one link may take, its redirects included."""
MOST = 200
AT_ONCE = 8
REDIRECTS = 5
MOVED = frozenset({301, 302, 303, 307, 308})
GONE = frozenset({404, 410})
FAILING = 500
NOT_HEAD = frozenset({400, 403, 404, 405, 501})
"""What servers say that do not know HEAD: they are asked again with GET."""


class PublicLinks:
    """Try links on the open internet, and on hosts of one's own that were named."""

    def __init__(
        self,
        named: Collection[str] = (),
        *,
        look: LookUp = look_up,
        seconds: float = SECONDS,
        trust: SSLContext | None = None,
    ) -> None:
        self._way = WayOut(named, look=look, trust=trust, most=AT_ONCE)
        self._seconds = seconds

    async def trouble(self, urls: Sequence[str]) -> Mapping[str, LinkTrouble]:
        """Return what is wrong with those that open nothing, by address."""
        places = asyncio.Semaphore(AT_ONCE)
        async with self._way.session() as session:

            async def one(url: str) -> LinkTrouble | None:
                async with places:
                    return await self._one(session, url)

            some = list(dict.fromkeys(urls))[:MOST]
            found = await asyncio.gather(*(one(url) for url in some))
        return {url: why for url, why in zip(some, found, strict=True) if why is not None}

    async def _one(self, session: aiohttp.ClientSession, url: str) -> LinkTrouble | None:
        try:
            async with asyncio.timeout(self._seconds):
                status = await self._status(session, "HEAD", url)
                if status in NOT_HEAD or status >= FAILING:
                    status = await self._status(session, "GET", url)
        except RefusedError as refused:
            return refused.why
        except TimeoutError:
            return "slow"
        except (OSError, ValueError, aiohttp.ClientError) as error:
            return "inside" if inside(error) else "unreachable"
        if status in GONE:
            return "gone"
        return "failing" if status >= FAILING else None

    async def _status(self, session: aiohttp.ClientSession, method: str, url: str) -> int:
        """Return what a page says in the end; its body is never read."""
        for _ in range(REDIRECTS + 1):
            self._way.check(url)
            async with session.request(method, url, allow_redirects=False) as answer:
                if answer.status not in MOVED:
                    return answer.status
                url = urljoin(url, answer.headers.get("Location", ""))
        return refuse("unreachable")
