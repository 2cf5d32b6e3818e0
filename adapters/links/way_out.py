"""The way to addresses that others named, which leads into nobody's private network.

Each address is looked up here, and refused unless it is public or its host was named by whoever
runs us; the connection then goes to that very address. Nothing is sent along: no cookie, no
password, no word of where we come from.
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Collection, Sequence
from ipaddress import IPv6Address, ip_address
from ssl import SSLContext
from typing import NoReturn, TypeAlias
from urllib.parse import urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from typing_extensions import override
from yarl import URL

from nudges.question_report import LinkTrouble

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
LookUp: TypeAlias = Callable[[str, int], Awaitable[Sequence[str]]]
"""How the addresses of a host are found."""


class InsideError(OSError):
    """A host is at an address that is nobody's business outside."""


class RefusedError(Exception):
    """A link leads where we don't go; ``why`` is what is told."""

    def __init__(self, why: LinkTrouble) -> None:
        super().__init__(why)
        self.why: LinkTrouble = why


def refuse(why: LinkTrouble) -> NoReturn:
    """Go nowhere, and say why."""
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

    def __init__(self, named: Collection[str], look: LookUp) -> None:
        self._named = {host.lower() for host in named}
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
        return host.lower() in self._named

    @override
    async def close(self) -> None:
        """Let go of nothing."""


class WayOut:
    """Where we may go, and a session that goes nowhere else.

    Args:
        named: hosts that may be gone to wherever they are.
        look: finds the addresses of a host.
        trust: which certificates are believed, if not the machine's.
        most: how many connections there are at once.
        loopback: whether a host of this machine may be spoken to without encryption, for a test.

    """

    def __init__(
        self,
        named: Collection[str] = (),
        *,
        look: LookUp = look_up,
        trust: SSLContext | None = None,
        most: int = 8,
        loopback: bool = False,
    ) -> None:
        self.resolver = PublicResolver(named, look)
        self._trust = trust
        self._most = most
        self._loopback = loopback

    def session(self) -> aiohttp.ClientSession:
        """Return a session that looks every host up, remembers nothing and takes no detour."""
        connector = aiohttp.TCPConnector(
            resolver=self.resolver, use_dns_cache=False, ssl=self._trust or True, limit=self._most
        )
        return aiohttp.ClientSession(
            connector=connector, cookie_jar=aiohttp.DummyCookieJar(), trust_env=False
        )

    def check(self, url: str) -> None:
        """Refuse what is not https, holds a password, or names an address that is not public."""
        parts = urlsplit(url)
        host = parts.hostname or ""
        if (
            not self._safe(parts.scheme, parts.hostname or "")
            or not host
            or parts.username
            or parts.password
        ):
            refuse("unsafe")
        # As the client reads it, which takes other scripts' digits for digits; what looks like an
        # address to the client is never shown to the resolver.
        host = URL(url).raw_host or ""
        try:
            public = is_public(host)
        except ValueError:
            if host.replace(".", "").isdigit() or ":" in host:
                refuse("unsafe")
            return  # a name: the resolver looks where it leads
        if not public and not self.resolver.may(host):
            refuse("inside")

    def _safe(self, scheme: str, host: str) -> bool:
        here = self._loopback and host in LOOPBACK
        return scheme == "https" or (scheme == "http" and here)


def inside(error: BaseException | None) -> bool:
    """Tell whether an address that is not public was at the bottom of it."""
    while error is not None:
        if isinstance(error, InsideError) or isinstance(
            getattr(error, "os_error", None), InsideError
        ):
            return True
        error = error.__cause__ or error.__context__
    return False
