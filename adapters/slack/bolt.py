"""Where Slack's own framework serves: the connection of Socket Mode, and its log kept wordless.

Socket Mode is for a place that nothing outside can reach: we connect out, and Slack sends over
that connection. Bolt keeps it alive and reconnects. What arrives goes to our inbox before Bolt
would do anything with it, and its envelope is acknowledged only when it is stored; Slack sends
an unacknowledged one again.
"""

import logging
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.answers import Answer


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


def socket(
    app_token: str, base: str, take: Callable[[Mapping[str, Any]], Awaitable[Answer]]
) -> AsyncSocketModeHandler:
    """Return the Socket Mode connection; ``connect_async`` and ``close_async`` are its switch.

    Args:
        app_token: the app-level token (``xapp-``) with ``connections:write``.
        base: where Slack's API is.
        take: what is done with a payload; status 200 acknowledges it.

    """

    async def durable(body: Mapping[str, Any]) -> BoltResponse:
        answer = await take(body)
        drawn: Any = answer.body if answer.body is not None else answer.text
        return BoltResponse(status=answer.status, body=drawn)

    async def nobody() -> AuthorizeResult:
        """Bolt wants to know who authorizes; nothing gets as far as being asked."""
        return AuthorizeResult(enterprise_id=None, team_id=None)

    log = framework_log()
    app = AsyncApp(
        name="wayfinder",
        logger=log,
        client=client(base),
        signing_secret="",
        before_authorize=durable,
        authorize=nobody,
        request_verification_enabled=False,
        ssl_check_enabled=False,
        url_verification_enabled=False,
        ignoring_self_events_enabled=False,
        attaching_function_token_enabled=False,
        process_before_response=True,
    )
    return AsyncSocketModeHandler(app, app_token, logger=log, web_client=app.client)
