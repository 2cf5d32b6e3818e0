"""Try whether links still open, without becoming anybody's way into a private network.

Each address is looked up here, and refused unless it is public or its host was named by whoever
runs us; the connection then goes to that very address. Nothing is sent along: no cookie, no
password, no word of where we come from.
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from ipaddress import IPv6Address, ip_address
from ssl import SSLContext
from typing import NoReturn, TypeAlias
from urllib.parse import urljoin, urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from typing_extensions import override
from yarl import URL

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
LookUp: TypeAlias = Callable[[str, int], Awaitable[Sequence[str]]]
"""How the addresses of a host are found."""


class InsideError(OSError):
    """A host is at an address that is nobody's business outside."""


class RefusedError(Exception):
    """A link leads where we don't go; ``why`` is what is told."""

    def __init__(self, why: LinkTrouble) -> None:
        super().__init__(why)
        self.why: LinkTrouble = why


def _refuse(why: LinkTrouble) -> NoReturn:
    raise RefusedError(why)


async def look_up(host: str, port: int) -> list[str]:
    """Return the addresses of a host, as the machine resolves it."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(place[0]) for *_, place in found]


def is_public(address: str) -> bool:
    """Say whether an address is one of the open internet."""
    found = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour
        if inner is not None and not inner.is_global:
            return False
        # Translated ones (64:ff9b::/96) and the old ways of writing an address of version 4 in one
        # of version 6 are reserved; behind a translator each leads to any machine inside.
        if found.is_site_local or (inner is None and found.is_reserved):
            return False
    return found.is_global and not found.is_multicast


class PublicResolver(AbstractResolver):
    """Find hosts, and know none that is not public or named."""

    def __init__(self, inside: Collection[str], look: LookUp) -> None:
        self._inside = {host.lower() for host in inside}
        self._look = look

    @override
    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await self._look(host, port)
        if not self.may(host) and not all(is_public(one) for one in found):
            raise InsideError(host)
        return [
            ResolveResult(
                hostname=host,
                host=one,
                port=port,
                family=socket.AF_INET6 if ":" in one else socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for one in found
        ]

    def may(self, host: str) -> bool:
        """Say whether whoever runs us named this host as one to be tried, wherever it is."""
        return host.lower() in self._inside

    @override
    async def close(self) -> None:
        """Let go of nothing."""


class PublicLinks:
    """Try links on the open internet, and on hosts of one's own that were named."""

    def __init__(
        self,
        inside: Collection[str] = (),
        *,
        look: LookUp = look_up,
        seconds: float = SECONDS,
        trust: SSLContext | None = None,
    ) -> None:
        self._resolver = PublicResolver(inside, look)
        self._seconds = seconds
        self._trust = trust

    async def trouble(self, urls: Sequence[str]) -> Mapping[str, LinkTrouble]:
        """Return what is wrong with those that open nothing, by address."""
        places = asyncio.Semaphore(AT_ONCE)
        connector = aiohttp.TCPConnector(
            resolver=self._resolver, use_dns_cache=False, ssl=self._trust or True, limit=AT_ONCE
        )
        async with aiohttp.ClientSession(
            connector=connector, cookie_jar=aiohttp.DummyCookieJar(), trust_env=False
        ) as session:

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
            return "inside" if _inside(error) else "unreachable"
        if status in GONE:
            return "gone"
        return "failing" if status >= FAILING else None

    async def _status(self, session: aiohttp.ClientSession, method: str, url: str) -> int:
        """Return what a page says in the end; its body is never read."""
        for _ in range(REDIRECTS + 1):
            self._check(url)
            async with session.request(method, url, allow_redirects=False) as answer:
                if answer.status not in MOVED:
                    return answer.status
                url = urljoin(url, answer.headers.get("Location", ""))
        _refuse("unreachable")

    def _check(self, url: str) -> None:
        """Refuse what is not https, holds a password, or names an address that is not public."""
        parts = urlsplit(url)
        host = parts.hostname or ""
        if parts.scheme != "https" or not host or parts.username or parts.password:
            _refuse("unsafe")
        # As the client reads it, which takes other scripts' digits for digits; what looks like an
        # address to the client is never shown to the resolver.
        host = URL(url).raw_host or ""
        try:
            public = is_public(host)
        except ValueError:
            if host.replace(".", "").isdigit() or ":" in host:
                _refuse("unsafe")
            return  # a name: the resolver looks where it leads
        if not public and not self._resolver.may(host):
            _refuse("inside")


def _inside(error: BaseException | None) -> bool:
    """Tell whether an address that is not public was at the bottom of it."""
    while error is not None:
        if isinstance(error, InsideError) or isinstance(
            getattr(error, "os_error", None), InsideError
        ):
            return True
        error = error.__cause__ or error.__context__
    return False
