"""The door to Teams: nothing gets in that is not from Microsoft, for us, and from our people.

The checks stand in the order in which they are made, the cheap and anonymous ones first; the
body is not even read before the token on it is known to be genuine.
"""

import re
from base64 import urlsafe_b64decode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, cast

from aiohttp import web
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from multidict import CIMultiDictProxy

from adapters.bodies import BodyError, whole
from adapters.teams import strict
from adapters.teams.account import GUID, LOOPBACK, Account, Cloud
from adapters.teams.activity import Activity, parse
from adapters.teams.keys import Key, Keys

LARGEST: Final = 256 * 1024
LONGEST_TOKEN: Final = 8 * 1024
SLOWEST_BODY: Final = 10.0
LEEWAY: Final = 300
"""How far clocks may be apart, in seconds."""
ISSUER: Final = "https://api.botframework.com"
CHANNEL: Final = "msteams"
_JSON: Final = re.compile(r'application/json(?:\s*;\s*charset="?utf-8"?)?\s*', re.IGNORECASE)
_BEARER: Final = re.compile(r"Bearer +([\w-]+\.[\w-]+\.[\w-]+)", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Refused:
    """Why someone was not let in; ``why`` comes from this file, never from the request."""

    status: int
    why: str


@dataclass(frozen=True, slots=True)
class Admitted:
    """A genuine activity, and the body that it was read from."""

    activity: Activity
    body: str


@dataclass(frozen=True, slots=True)
class Badge:
    """What a genuine token says: the key it was signed with and its claims."""

    key: Key
    claims: dict[str, Any]


class _No(Exception):  # noqa: N818 - it is no error, it is a no
    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.refused = Refused(status, why)


class Door:
    """Checks for one account; ``keys`` are only asked where there is a cloud to ask about."""

    def __init__(self, account: Account, keys: Keys, clock: Callable[[], datetime]) -> None:
        self.account = account
        self._keys = keys
        self._clock = clock

    async def admit(self, request: web.BaseRequest) -> Admitted | Refused:
        """Check a request, in this order and no other."""
        try:
            _check_shape(request)
            if isinstance(self.account, Cloud):
                badge = await self.identify(_token(request.headers), self.account)
            else:
                badge = None
                _check_loopback(request)
            body = _text(await whole(request, LARGEST, SLOWEST_BODY))
            activity = _activity(body)
            self._check_activity(activity, badge)
        except BodyError as error:
            return Refused(error.status, error.why)
        except _No as no:
            return no.refused
        return Admitted(activity, body)

    async def identify(self, token: str, cloud: Cloud) -> Badge:
        """Check a token's signature and claims."""
        head = _part(token.partition(".")[0], "token header")
        kid = head.get("kid")
        if head.get("alg") != "RS256" or "crit" in head:
            raise _No(401, "algorithm")
        if not isinstance(kid, str) or not kid:
            raise _No(401, "key not named")
        key = await self._keys.find(kid)
        if key is None:
            raise _No(401, "unknown key")
        signed, _, signature = token.rpartition(".")
        try:
            # One algorithm and no other, so that no header can talk us into a weaker one.
            key.public.verify(_raw(signature), signed.encode(), PKCS1v15(), SHA256())
        except (InvalidSignature, ValueError):
            raise _No(401, "signature") from None
        badge = Badge(key, _part(signed.partition(".")[2], "claims"))
        self._check_claims(badge.claims, cloud)
        return badge

    def _check_claims(self, claims: dict[str, Any], cloud: Cloud) -> None:
        now = self._clock().timestamp()
        if claims.get("iss") != ISSUER:
            raise _No(401, "issuer")
        if claims.get("aud") != cloud.app_id:
            raise _No(401, "audience")
        if not _is_moment(claims.get("exp")) or now > claims["exp"] + LEEWAY:
            raise _No(401, "expired")
        for name in ("nbf", "iat"):
            if name in claims and (not _is_moment(claims[name]) or now < claims[name] - LEEWAY):
                raise _No(401, "not yet valid")

    def _check_activity(self, activity: Activity, badge: Badge | None) -> None:
        if activity.channel_id != CHANNEL:
            raise _No(403, "channel")
        if badge and CHANNEL not in badge.key.endorsements:
            raise _No(403, "endorsement")
        if badge and badge.claims.get("serviceurl") != (activity.service_url or None):
            raise _No(403, "service url is not the token's")
        if not self.account.trusts(activity.service_url):
            raise _No(403, "service url")
        if len(activity.tenants) != 1 or not self.account.lets_in(*activity.tenants):
            raise _No(403, "tenant")
        person = activity.sender.aad
        if not person or (badge and not GUID.fullmatch(person.lower())):
            raise _No(403, "person")
        if not activity.conversation.id:
            raise _No(400, "conversation")


def _check_shape(request: web.BaseRequest) -> None:
    if request.method != "POST":
        raise _No(405, "method")
    kinds = request.headers.getall("Content-Type", [])
    if len(kinds) != 1 or not _JSON.fullmatch(kinds[0]):
        raise _No(415, "content type")
    if {one.lower() for one in request.headers.getall("Content-Encoding", [])} - {"identity"}:
        raise _No(415, "content encoding")
    if (request.content_length or 0) > LARGEST:
        raise _No(413, "length")


def _token(headers: CIMultiDictProxy[str]) -> str:
    given = headers.getall("Authorization", [])
    if len(given) != 1:
        raise _No(400 if given else 401, "authorization")
    bearer = _BEARER.fullmatch(given[0]) if len(given[0]) <= LONGEST_TOKEN else None
    if bearer is None:
        raise _No(401, "no bearer token")
    return bearer[1]


def _part(encoded: str, what: str) -> dict[str, Any]:
    """Read one part of a token."""
    try:
        read = strict.loads(_raw(encoded).decode())
    except ValueError:
        raise _No(401, what) from None
    if not isinstance(read, dict):
        raise _No(401, what)
    return cast("dict[str, Any]", read)


def _raw(encoded: str) -> bytes:
    return urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4))


def _is_moment(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < 1e11  # noqa: PLR2004 - a year far away


def _check_loopback(request: web.BaseRequest) -> None:
    """Let in this machine alone, under a name of this machine (no page can rebind that)."""
    hosts = request.headers.getall("Host", [])
    host = (hosts[0] if len(hosts) == 1 else "").rpartition(":")
    name = (host[0] if host[1] and host[2].isdecimal() else "".join(host)).strip("[]")
    if request.remote not in LOOPBACK or name not in LOOPBACK:
        raise _No(403, "not from this machine")


def _text(body: bytes) -> str:
    try:
        return body.decode()
    except ValueError:
        raise _No(400, "no text") from None


def _activity(body: str) -> Activity:
    try:
        if not isinstance(strict.loads(body), dict):
            raise _No(400, "no activity")
        return parse(body)
    except ValueError:
        raise _No(400, "no activity") from None
