"""Look whether Dynamics 365 takes the pass that Entra gives us for it."""

from typing import Final

from aiohttp import ClientError, ClientSession

from adapters.crm.queries import API
from adapters.trouble import Trouble

OK: Final = 200
STRANGER: Final = frozenset({401, 403})


async def examine(session: ClientSession, org: str, token: str) -> Trouble | None:
    """Say what is wrong with our place in the CRM and what to do, or nothing."""
    headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
    url = f"{org.rstrip('/')}{API}WhoAmI"
    try:
        async with session.get(url, headers=headers, allow_redirects=False) as answer:
            status = answer.status
    except (ClientError, OSError, ValueError):
        return Trouble("The CRM did not answer; look at your way out to it.", certain=False)
    if status == OK:
        return None
    if status in STRANGER:
        say = f"{org} does not let the app in; make it an application user there, with its roles."
        return Trouble(say)
    return Trouble(f"{org} answered {status}; look at WAYFINDER_CRM_URL.", certain=False)
