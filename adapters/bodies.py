"""A request's body, read up to an end: nobody fills our memory, or is waited for without one."""

import asyncio
from dataclasses import dataclass

from aiohttp import ClientError, web


@dataclass(eq=False)
class BodyError(Exception):
    """A body that is not taken: with which status, and why."""

    status: int
    why: str


async def whole(request: web.BaseRequest, largest: int, slowest: float) -> bytes:
    """Read a request's body.

    Args:
        request: what came in.
        largest: bytes that are taken.
        slowest: seconds that it may take to arrive.

    Raises:
        BodyError: it is larger, slower, or ends in the middle.

    """
    body = bytearray()
    try:
        async with asyncio.timeout(slowest):
            async for part in request.content.iter_any():
                body += part
                if len(body) > largest:
                    raise BodyError(413, "too large")
    except TimeoutError:
        raise BodyError(400, "too slow") from None
    except (OSError, ClientError, web.RequestPayloadError, web.HTTPException):
        raise BodyError(400, "cut off") from None
    return bytes(body)
