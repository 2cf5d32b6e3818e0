"""Look whether Entra still gives a pass for the secret that the settings hold."""

from typing import Any, Final

from aiohttp import ClientError, ClientSession

OK: Final = 200
SAYS: Final = {
    "AADSTS7000215": "it does not take the secret: set {setting} to the secret's value, not its id",
    "AADSTS7000222": "the secret has run out: make a new one and set {setting}",
    "AADSTS700016": "it does not know this app: check its application id",
    "AADSTS90002": "it does not know this tenant: check its directory id",
}
"""What an administrator can mend, by Entra's own number for it."""


async def examine(  # noqa: PLR0913 - what Entra asks for
    session: ClientSession,
    entra: str,
    *,
    tenant: str,
    client: str,
    secret: str,
    scope: str,
    setting: str,
) -> str | None:
    """Say in a sentence why Entra gives no pass and what to do, or nothing."""
    form = {
        "grant_type": "client_credentials",
        "client_id": client,
        "client_secret": secret,
        "scope": scope,
    }
    url = f"{entra.rstrip('/')}/{tenant}/oauth2/v2.0/token"
    try:
        async with session.post(url, data=form, allow_redirects=False) as answer:
            told: Any = await answer.json(content_type=None)
            status = answer.status
    except (ClientError, OSError, ValueError):
        return "Entra gave no answer that is one; look at your way out to the internet."
    found: dict[str, Any] = told if isinstance(told, dict) else {}  # pyright: ignore[reportUnknownVariableType] - JSON
    if status == OK and isinstance(found.get("access_token"), str):
        return None
    why = str(found.get("error_description", ""))
    mend = next((said for number, said in SAYS.items() if number in why), f"it answered {status}")
    return f"Entra gives no pass: {mend.format(setting=setting)}."
