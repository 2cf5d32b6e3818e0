"""Take measured use from another system: signed, just now, and each message once.

The signature stands over the time and the bytes as they came, so nothing is parsed before it is
good. Whoever is turned away leaves a line with the reason and nothing else. What is taken is kept
in the same transaction as its signature, before the sender hears of it: a copy does nothing, in
whichever process it knocks.
"""

import asyncio
import hmac
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final, Protocol

import structlog
from aiohttp import web
from multidict import CIMultiDictProxy

from adapters.bodies import BodyError, whole
from adapters.usage.message import read_message
from adapters.usage.reading import UsageError
from nudges.cells import Remark
from nudges.told_use import Checked, Line

PATH: Final = "/usage"
TIMESTAMP, SIGNATURE = "X-Wayfinder-Timestamp", "X-Wayfinder-Signature"
LARGEST: Final = 1024 * 1024
"""Bytes of a message."""
FRESH: Final = timedelta(minutes=5)
REMEMBERED: Final = timedelta(minutes=10)
"""Twice what is fresh: a clock may be five minutes behind or ahead."""
SLOWEST = 10.0
"""Seconds a message may take to arrive."""
KINDS: Final = frozenset(
    {"application/json", "application/jsonl", "application/x-ndjson", "application/json-lines"}
)
MOST_TOLD = 20
"""Lines that an answer names."""
BAD, UNSIGNED, METHOD, LARGE, KIND, LATER = 400, 401, 405, 413, 415, 503
_SIGNED = re.compile(r"sha256=[0-9a-f]{64}")
_SECONDS = re.compile(r"[0-9]{1,12}")
log = structlog.get_logger()


class Intake(Protocol):
    """What becomes of a message that is genuine."""

    async def take(self, lines: Sequence[Line], mark: str, until: datetime) -> Checked | None:
        """Keep what was told, all or nothing; None for a mark that was taken before.

        Raises:
            OSError: the database is out of reach; nothing was kept.

        """
        ...


@dataclass(eq=False)
class Refusal(Exception):  # noqa: N818 - it is one, raised inside the door and returned at it
    """Why a message is turned away, and with which status."""

    status: int
    why: str
    problems: tuple[Remark, ...] = ()


class UsageDoor:
    """The door for measured use.

    Args:
        secrets: what messages are signed with; a second one while it is being changed.
        intake: takes what is genuine.
        clock: tells the time.

    """

    def __init__(
        self, secrets: Sequence[str], intake: Intake, clock: Callable[[], datetime]
    ) -> None:
        self._secrets = tuple(secret.encode() for secret in secrets)
        self._intake = intake
        self._clock = clock

    async def handle(self, request: web.Request) -> web.Response:
        """Answer a message: 202 once it is kept."""
        try:
            found = await self._taken(request)
        except (Refusal, BodyError) as refusal:
            log.info("usage.refused", status=refusal.status, why=refusal.why)
            return _told(refusal)
        except OSError as error:
            log.warning("usage.not_stored", why=type(error).__name__)
            return web.json_response({"error": "try again later"}, status=LATER)
        return web.json_response(
            {"repeated": _lines(found.repeated), "unknown": _lines(found.unknown)}, status=202
        )

    async def _taken(self, request: web.Request) -> Checked:
        _check_head(request)
        signature, seconds = self._stamps(request.headers)
        body = await whole(request, LARGEST, SLOWEST)
        self._check_signed(signature, seconds, body)
        try:
            lines = await asyncio.to_thread(read_message, body)
        except UsageError as error:
            raise Refusal(BAD, "not understood", error.problems) from None
        found = await self._intake.take(lines, f"usage:{signature}", self._clock() + REMEMBERED)
        if found is None:
            raise Refusal(UNSIGNED, "seen before")
        if found.problems:
            raise Refusal(BAD, "not taken", found.problems)
        return found

    def _stamps(self, headers: CIMultiDictProxy[str]) -> tuple[str, str]:
        signatures, stamps = headers.getall(SIGNATURE, []), headers.getall(TIMESTAMP, [])
        if not signatures or not stamps:
            raise Refusal(UNSIGNED, "not signed")
        if len(signatures) > 1 or len(stamps) > 1:
            raise Refusal(BAD, "signed twice")
        if not _SIGNED.fullmatch(signatures[0]) or not _SECONDS.fullmatch(stamps[0]):
            raise Refusal(UNSIGNED, "not a signature")
        if abs(self._clock().timestamp() - int(stamps[0])) > FRESH.total_seconds():
            raise Refusal(UNSIGNED, "too old")
        return signatures[0], stamps[0]

    def _check_signed(self, signature: str, seconds: str, body: bytes) -> None:
        given = signature.removeprefix("sha256=")
        message = seconds.encode() + b"." + body
        ours = [hmac.digest(secret, message, sha256).hex() for secret in self._secrets]
        if not any([hmac.compare_digest(given, one) for one in ours]):  # noqa: C419 - all, always
            raise Refusal(UNSIGNED, "another signature")


def _check_head(request: web.BaseRequest) -> None:
    """Check what stands before the body."""
    if request.method != "POST":
        raise Refusal(METHOD, "POST only")
    kinds = request.headers.getall("Content-Type", [])
    kind = kinds[0].split(";")[0].strip().lower() if len(kinds) == 1 else ""
    if kind not in KINDS or "Content-Encoding" in request.headers:
        raise Refusal(KIND, "JSON or JSON lines only")
    if (request.content_length or 0) > LARGEST:
        raise Refusal(LARGE, "too large")


def _told(refusal: Refusal | BodyError) -> web.Response:
    told: dict[str, object] = {"error": refusal.why}
    if isinstance(refusal, Refusal) and refusal.problems:
        told["problems"] = [str(problem) for problem in refusal.problems[:MOST_TOLD]]
        told["more"] = max(len(refusal.problems) - MOST_TOLD, 0)
    headers = {"Allow": "POST"} if refusal.status == METHOD else None
    return web.json_response(told, status=refusal.status, headers=headers)


def _lines(remarks: Sequence[Remark]) -> list[int]:
    return [remark.line for remark in remarks]
