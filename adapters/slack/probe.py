"""Look whether a workspace's token still speaks for the bot, and with every right it needs."""

from collections.abc import Mapping
from typing import Any, cast

from aiohttp import ClientError, ClientSession

from adapters.slack.manifest import SCOPES

HEADER = "X-OAuth-Scopes"


async def examine(session: ClientSession, base: str, team: str, token: str) -> str | None:
    """Say in a sentence what is wrong with a workspace's token and what to do, or nothing."""
    told, headers = await _asked(session, f"{base}auth.test", token)
    if told is None:
        return "Slack gave no answer that is one; look at status.slack.com and your way out."
    if told.get("ok") is not True:
        return f"Slack refuses the token of {team}; install the app there again."
    if told.get("team_id") != team:
        return f"The token of {team} is another workspace's; put the right ones together."
    held = {one.strip() for one in headers.get(HEADER, "").split(",")}
    missing = [one for one in SCOPES if one not in held]
    if missing:
        return f"The app may not {', '.join(missing)} in {team}; add it, and install it again."
    return None


async def examine_socket(session: ClientSession, base: str, token: str) -> str | None:
    """Say in a sentence what is wrong with the token of Socket Mode, or nothing."""
    told, _ = await _asked(session, f"{base}apps.connections.open", token)
    if told is None or told.get("ok") is not True:
        return (
            "Slack opens no socket with WAYFINDER_SLACK_APP_TOKEN; "
            "make an app-level token with connections:write."
        )
    return None


async def _asked(
    session: ClientSession, url: str, token: str
) -> tuple[Mapping[str, Any] | None, Mapping[str, str]]:
    sent = {"Authorization": f"Bearer {token}"}
    try:
        async with session.post(url, headers=sent, allow_redirects=False) as answer:
            told: Any = await answer.json(content_type=None)
            found = cast("Mapping[str, Any]", told) if isinstance(told, dict) else None
            return found, answer.headers
    except (ClientError, OSError, ValueError):
        return None, {}
