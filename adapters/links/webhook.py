"""Post events to other systems: where they said, as far as that is public, and nowhere else.

No redirect is followed, and what a receiver answers is not read: its status counts, and how long it
asks to wait.
"""

import asyncio
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

import aiohttp

from adapters.links.way_out import RefusedError, WayOut, inside
from nudges.webhooks import TIMEOUT, Answer

_SECONDS: Final = re.compile(r"[0-9]{1,8}")


class WebhookPost:
    """Bring events to their receivers."""

    def __init__(
        self,
        way: WayOut,
        clock: Callable[[], datetime],
        seconds: float = TIMEOUT.total_seconds(),
    ) -> None:
        self._way = way
        self._clock = clock
        self._seconds = seconds
        self._session: aiohttp.ClientSession | None = None

    async def post(self, url: str, body: str, stamps: dict[str, str]) -> Answer:
        """Post an event; whatever goes wrong is an answer, too."""
        try:
            self._way.check(url)
            async with asyncio.timeout(self._seconds):
                return await self._status(url, body, stamps)
        except RefusedError as refused:
            return Answer(why=f"address {refused.why}")
        except TimeoutError:
            return Answer(why="slow")
        except (OSError, ValueError, aiohttp.ClientError) as error:
            return Answer(why="address inside" if inside(error) else "unreachable")

    async def _status(self, url: str, body: str, stamps: dict[str, str]) -> Answer:
        if self._session is None:
            self._session = self._way.session()
        head = {"Content-Type": "application/json", "User-Agent": "Wayfinder", **stamps}
        async with self._session.post(
            url, data=body.encode(), headers=head, allow_redirects=False
        ) as answer:
            wait = _wait(answer.headers.get("Retry-After", ""), self._clock())
            status = answer.status
            answer.close()  # its body is nobody's business here, however long it is
        return Answer(status, wait=wait)

    async def close(self) -> None:
        """Let go of the connections."""
        if self._session is not None:
            await self._session.close()


def _wait(asked: str, now: datetime) -> timedelta | None:
    """Read how long a receiver asks to wait: seconds, or a moment."""
    if _SECONDS.fullmatch(asked):
        return timedelta(seconds=int(asked))
    try:
        until = parsedate_to_datetime(asked)
    except ValueError:
        return None
    return (until if until.tzinfo else until.replace(tzinfo=UTC)) - now
