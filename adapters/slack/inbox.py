"""Take what people do in Slack: stored for good first, acknowledged second, answered third.

Bolt acknowledges an event before anything is done with it, so a crash right after loses it; here
a request is acknowledged when its row in the durable inbox is committed. That leaves Bolt what it
is good at: the connection of Socket Mode and the installation. Both ways in, HTTP and Socket
Mode, meet in ``take``.
"""

from collections.abc import Mapping
from typing import Any

import structlog
from aiohttp import web
from pydantic import ValidationError

from adapters.slack.answers import Answer, Answers
from adapters.slack.api import Api
from adapters.slack.door import Admitted, Door
from adapters.slack.payloads import read, request
from adapters.slack.workspaces import Installed
from dialogs.doorway import Inbox

__all__ = ["SlackInbox", "read"]
CHALLENGE = 200
"""The longest challenge that is answered, when Slack checks our address."""
log = structlog.get_logger()


class SlackInbox:
    """The way in from Slack."""

    def __init__(
        self, door: Door, inbox: Inbox, api: Api, installed: Installed, secret: bytes
    ) -> None:
        self._door = door
        self._inbox = inbox
        self._installed = installed
        self._secret = secret
        self._answers = Answers(inbox, api, installed)

    async def handle(self, asked: web.Request) -> web.Response:
        """Answer a request over HTTP."""
        found = await self._door.open(asked)
        if not isinstance(found, Admitted):
            log.info("slack.refused", status=found.status, why=found.why)
            return web.Response(status=found.status, text=found.why)
        answer = await self.take(found.payload)
        if answer.status == web.HTTPOk.status_code:
            await self._door.remember(found)
        if answer.body is not None:
            return web.json_response(answer.body, status=answer.status)
        return web.Response(status=answer.status, text=answer.text)

    async def envelope(self, payload: Mapping[str, Any]) -> Answer:
        """Answer an envelope of Socket Mode; only status 200 acknowledges it."""
        refusal = await self._door.belongs(payload)
        if refusal:
            log.info("slack.ignored", why=refusal.why)
            return Answer()
        answer = await self.take(payload)
        return Answer() if answer.status == web.HTTPBadRequest.status_code else answer

    async def take(self, payload: Mapping[str, Any]) -> Answer:
        """Store what a genuine payload says, and answer it."""
        match payload:
            case {"type": "url_verification", "challenge": str(challenge)}:
                return Answer(text=challenge[:CHALLENGE])
            case {"ssl_check": _}:
                return Answer()
            case _:
                pass
        try:
            asked = request(payload, self._secret)
        except ValidationError as problem:
            log.info("slack.refused", status=400, why=f"wrong in {problem.error_count()} places")
            return Answer(400, "not as Slack sends it")
        if asked is None:
            return Answer()
        try:
            await self._inbox.accept(asked.arrival)
        except OSError:
            log.warning("slack.not_stored", what=asked.what)
            return Answer(503, "not stored")
        if asked.what == "removed":
            await self._installed.forget(asked.team)
        return await self._answers.give(asked)

    async def close(self) -> None:
        """Let the answers under way finish."""
        await self._answers.close()
