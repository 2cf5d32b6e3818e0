"""Who may knock: only this machine's own page.

A page elsewhere on the web can make a browser send requests to a local program, and can point a
name of its own at this machine. So the name asked for must be this machine's, and what changes
something must come from this very page.
"""

import asyncio
import json
import logging
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import NoReturn, TypeVar
from urllib.parse import urlsplit

from aiohttp import ClientError, web
from pydantic import BaseModel, ValidationError

LARGEST_BODY = 512 * 1024
"""Bytes; 64 KiB of text fits in any spelling JSON has for it."""
PATIENCE = 10.0
"""Seconds that a request may take to arrive."""
TOO_LONG = "That is too long. Shorten it, or send it in parts."
HEADERS: Mapping[str, str] = MappingProxyType(
    {
        "Content-Security-Policy": (
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
            "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
        ),
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-cache",
    }
)
"""What every answer tells the browser: run and load nothing but what this page brought."""
log = logging.getLogger(__name__)

_Checked = TypeVar("_Checked", bound=BaseModel)
_LOOPBACK = re.compile(r"(?:127\.0\.0\.1|localhost|\[::1\])(?::\d{1,5})?", re.IGNORECASE)
_REFUSALS: Mapping[int, type[web.HTTPException]] = MappingProxyType(
    {
        400: web.HTTPBadRequest,
        403: web.HTTPForbidden,
        404: web.HTTPNotFound,
        415: web.HTTPUnsupportedMediaType,
        503: web.HTTPServiceUnavailable,
    }
)


def refuse(status: int, why: str) -> NoReturn:
    """Answer no, with a sentence that says what to do about it."""
    log.warning("browser door: refused %d", status)  # the sentence may name what was sent
    text = json.dumps({"error": why})
    headers = dict(HEADERS)
    if status == web.HTTPRequestEntityTooLarge.status_code:
        raise web.HTTPRequestEntityTooLarge(
            LARGEST_BODY, LARGEST_BODY, text=text, content_type="application/json", headers=headers
        )
    raise _REFUSALS[status](text=text, content_type="application/json", headers=headers)


def check(request: web.Request) -> None:
    """Let a request through only if it was made by this machine's own page.

    Raises:
        web.HTTPForbidden: it was not.

    """
    hosts = request.headers.getall("Host", [])
    if len(hosts) != 1 or not _LOOPBACK.fullmatch(hosts[0]):
        refuse(403, "This page is for this machine only. Open it as http://127.0.0.1 instead.")
    if request.method in {"GET", "HEAD"}:
        return
    origin, site = request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site")
    ours = _same(origin, hosts[0]) if origin is not None else site is not None
    if not ours or site not in {None, "same-origin"}:
        refuse(403, "This request does not come from Wayfinder's own page. Reload the page.")


async def body(request: web.Request, kind: type[_Checked]) -> _Checked:
    """Read what the page sent, and check it field by field.

    Raises:
        web.HTTPException: 415 for anything but JSON, 413 if too large, 400 if a field is missing,
            unknown or not what it should be.

    """
    if request.content_type != "application/json" or request.headers.get("Content-Encoding"):
        refuse(415, "Send this as plain application/json.")
    if (request.content_length or 0) > LARGEST_BODY:
        refuse(413, TOO_LONG)
    raw = bytearray()
    try:
        async with asyncio.timeout(PATIENCE):
            async for chunk in request.content.iter_chunked(64 * 1024):
                raw += chunk
                if len(raw) > LARGEST_BODY:
                    break
    except (OSError, ClientError):
        refuse(400, "The rest of this did not arrive. Send it again.")
    if len(raw) > LARGEST_BODY:
        refuse(413, TOO_LONG)
    try:
        # Not validate_json: it refuses the halves of a character that the fields clean away.
        return kind.model_validate(json.loads(raw.decode()))
    except ValidationError as error:
        if any(e["type"] == "string_too_long" for e in error.errors()):
            refuse(413, TOO_LONG)
        wrong = ", ".join(sorted({str(e["loc"][0]) for e in error.errors() if e["loc"]}))
        refuse(400, f"This cannot be understood; look at: {wrong or 'the whole of it'}.")
    except (ValueError, RecursionError):
        refuse(400, "This is not JSON.")


def respond(data: object) -> web.Response:
    """Answer with JSON and the headers every answer has."""
    return web.json_response(data, headers=HEADERS)


def _same(origin: str, host: str) -> bool:
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and parts.netloc.lower() == host.lower()
