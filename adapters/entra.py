"""Look whether Entra still gives a pass for the secret that the settings hold."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from aiohttp import ClientError, ClientSession

from adapters.trouble import Trouble

OK: Final = 200
REFUSALS: Final = frozenset(
    {
        "invalid_client",
        "invalid_request",
        "invalid_resource",
        "invalid_scope",
        "unauthorized_client",
    }
)
"""What OAuth calls an answer that will be the same until somebody mends something."""
SAYS: Final = {
    "AADSTS7000215": "it does not take the secret: set {secret} to the secret's value, not its id",
    "AADSTS7000222": "the secret has run out: make a new one and set {secret}",
    "AADSTS700016": "it does not know this app: check {client}",
    "AADSTS90002": "it does not know this tenant: check {tenant}",
    "AADSTS500011": "it does not know {scope} in this tenant: check that address and {tenant}",
}
"""What an administrator can mend, by Entra's own number for it.

The numbers change (learn.microsoft.com, "Entra error codes"), so they only choose the words.
"""


@dataclass(frozen=True, slots=True)
class Pass:
    """A pass that is asked for: to where, as whom, and the settings that this stands in."""

    to: str
    scope: str
    tenant: str
    client: str
    secret: str = field(repr=False)
    settings: Mapping[str, str]
    """The names of the settings that hold ``tenant``, ``client`` and ``secret``."""


async def examine(session: ClientSession, entra: str, wanted: Pass) -> str | Trouble:
    """Return the pass that Entra gives, or why it gives none and what to do."""
    form = {
        "grant_type": "client_credentials",
        "client_id": wanted.client,
        "client_secret": wanted.secret,
        "scope": wanted.scope,
    }
    url = f"{entra.rstrip('/')}/{wanted.tenant}/oauth2/v2.0/token"
    try:
        async with session.post(url, data=form, allow_redirects=False) as answer:
            told: Any = await answer.json(content_type=None)
            status = answer.status
    except (ClientError, OSError, ValueError):
        say = "Entra gave no answer that is one; look at your way out to the internet."
        return Trouble(say, certain=False)
    found: dict[str, Any] = told if isinstance(told, dict) else {}  # pyright: ignore[reportUnknownVariableType] - JSON
    given = found.get("access_token")
    if status == OK and isinstance(given, str):
        return given
    why = str(found.get("error_description", ""))
    mend = next((said for number, said in SAYS.items() if number in why), f"it answered {status}")
    mend = mend.format(scope=wanted.scope, **wanted.settings)
    say = f"Entra gives no pass to {wanted.to}: {mend}."
    return Trouble(say, certain=found.get("error") in REFUSALS)
