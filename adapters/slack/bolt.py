"""Where Slack's own framework serves: the connection of Socket Mode, and its log kept wordless.

Socket Mode is for a place that nothing outside can reach: we connect out, and Slack sends over
that connection. Bolt keeps it alive and reconnects. What arrives goes to our inbox instead of to
Bolt's listeners, and its envelope is acknowledged only when it is stored; Slack sends an
unacknowledged one again.
"""

import logging
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any, TypeAlias

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.answers import Answer

OK = 200
Take: TypeAlias = Callable[[Mapping[str, Any]], Awaitable[Answer]]


class Wordless(logging.Filter):
    """Keep where Bolt logged, not what: its messages hold bodies, codes and tokens."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Replace a message by its place in the code."""
        record.msg = "slack's framework at %s line %d"
        record.args = (Path(record.pathname).name, record.lineno)
        record.exc_info = record.exc_text = record.stack_info = None
        return True


def framework_log() -> logging.Logger:
    """Return the log that Bolt and its client write to."""
    log = logging.getLogger("adapters.slack.framework")
    log.setLevel(logging.WARNING)
    if not log.filters:
        log.addFilter(Wordless())
    return log


def client(base: str) -> AsyncWebClient:
    """Return Slack's own client, for the calls Bolt makes: connect, and install."""
    return AsyncWebClient(base_url=base, logger=framework_log(), timeout=10)


class Connection(AsyncSocketModeHandler):
    """Bolt's Socket Mode connection, with our inbox at its end.

    ``connect_async`` and ``close_async`` are its switch.

    Args:
        app_token: the app-level token (``xapp-``) with ``connections:write``.
        base: where Slack's API is.
        take: what is done with a payload; status 200 acknowledges it.

    """

    def __init__(self, app_token: str, base: str, take: Take) -> None:
        log = framework_log()
        app = AsyncApp(name="wayfinder", logger=log, client=client(base), authorize=_nobody)
        super().__init__(app, app_token, logger=log, web_client=app.client)
        self._take = take

    async def handle(self, client: SocketModeClient, req: SocketModeRequest) -> None:
        """Store an envelope's payload, then acknowledge it; one that fails comes again."""
        answer = await self._take(req.payload)  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType] - JSON
        if answer.status == OK:
            done = SocketModeResponse(envelope_id=req.envelope_id, payload=answer.body)
            await client.send_socket_mode_response(done)


async def _nobody() -> AuthorizeResult:
    """Answer Bolt's question who authorizes: nothing gets as far as asking."""
    return AuthorizeResult(enterprise_id=None, team_id=None)
