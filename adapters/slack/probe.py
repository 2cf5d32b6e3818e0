"""Look whether Slack still takes what the settings hold, with every right that the bot needs."""

from collections.abc import Mapping
from typing import Any, Final, cast

from aiohttp import ClientError, ClientSession

from adapters.slack.manifest import SCOPES
from adapters.trouble import Trouble

HEADER: Final = "X-OAuth-Scopes"
TAKEN_BACK: Final = frozenset(
    {
        "account_inactive",
        "invalid_auth",
        "missing_scope",
        "no_permission",
        "not_allowed_token_type",
        "not_authed",
        "token_expired",
        "token_revoked",
    }
)
"""What Slack says of a token that will be refused until somebody mends something."""
UNKNOWN_APP: Final = frozenset({"bad_client_secret", "invalid_client_id"})
NO_CODE: Final = "0"
"""A code that Slack never gave: it looks at the app first, and gives nothing for this."""
SILENT: Final = Trouble(
    "Slack gave no answer that is one; look at status.slack.com and your way out.", certain=False
)


async def examine(session: ClientSession, base: str, team: str, token: str) -> Trouble | None:
    """Say what is wrong with a workspace's token and what to do, or nothing."""
    told, headers = await _asked(session, f"{base}auth.test", token)
    if told is None:
        return SILENT
    if told.get("ok") is not True:
        say = f"Slack refuses the token of {team}; install the app there again."
        return Trouble(say, certain=told.get("error") in TAKEN_BACK)
    if told.get("team_id") != team:
        return Trouble(f"The token of {team} is another workspace's; put the right ones together.")
    held = {one.strip() for one in headers.get(HEADER, "").split(",")}
    missing = [one for one in SCOPES if one not in held]
    if missing:
        say = f"The app may not {', '.join(missing)} in {team}; add it, and install it again."
        return Trouble(say, certain=HEADER in headers)
    return None


async def examine_socket(session: ClientSession, base: str, token: str) -> Trouble | None:
    """Say what is wrong with the token of Socket Mode and what to do, or nothing."""
    told, _ = await _asked(session, f"{base}apps.connections.open", token)
    if told is None:
        return SILENT
    if told.get("ok") is not True:
        say = (
            "Slack opens no socket with WAYFINDER_SLACK_APP_TOKEN; "
            "make an app-level token with connections:write."
        )
        return Trouble(say, certain=told.get("error") in TAKEN_BACK)
    return None


async def examine_app(
    session: ClientSession, base: str, client: str, secret: str
) -> Trouble | None:
    """Say what is wrong with the app's id and secret, by which it is installed, or nothing."""
    form = {"client_id": client, "client_secret": secret, "code": NO_CODE}
    told, _ = await _asked(session, f"{base}oauth.v2.access", form=form)
    if told is None:
        return SILENT
    if told.get("error") in UNKNOWN_APP:
        return Trouble(
            "Slack does not take WAYFINDER_SLACK_CLIENT_ID with WAYFINDER_SLACK_CLIENT_SECRET; "
            "copy both from Basic Information."
        )
    return None


async def _asked(
    session: ClientSession, url: str, token: str = "", form: Mapping[str, str] | None = None
) -> tuple[Mapping[str, Any] | None, Mapping[str, str]]:
    sent = {"Authorization": f"Bearer {token}"} if token else {}
    try:
        async with session.post(url, headers=sent, data=form, allow_redirects=False) as answer:
            told: Any = await answer.json(content_type=None)
            found = cast("Mapping[str, Any]", told) if isinstance(told, dict) else None
            return found, answer.headers
    except (ClientError, OSError, ValueError):
        return None, {}
