"""Read who is in an Entra group from Microsoft Graph, those of groups in it included.

Only the people's ids are asked for. Devices, contacts and apps can be members of a group, too;
they are left out where the question is asked.
"""

import re
from typing import Final

from pydantic import BaseModel, Field

from adapters.directory.asking import Asker, FetchError, Page
from adapters.directory.graph_pages import (
    ENTRA,
    FORBIDDEN,
    GRAPH,
    REFUSED,
    Registration,
    read_all,
)
from nudges.address import Address

GROUP_RIGHT: Final = "GroupMember.Read.All"
"""The one permission it takes."""
QUERY: Final = (
    "v1.0/groups/{group}/transitiveMembers/microsoft.graph.user?$select=id&$count=true&$top=999"
)
ONLY_PEOPLE: Final = {"ConsistencyLevel": "eventual"}
"""Without this, and the count beside it, Graph refuses to tell people from other members."""
_MISSING: Final = 404
_GUID: Final = re.compile(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")


class _Member(BaseModel):
    id: str = Field(pattern=r"^[0-9A-Za-z-]{1,64}$")


async def read_group(
    asker: Asker, app: Registration, group: str, base: str = GRAPH, entra: str = ENTRA
) -> tuple[Address, ...]:
    """Read everybody in a group.

    Raises:
        FetchError: something could not be read; nothing is to be used.

    """
    if not _GUID.fullmatch(group):
        message = (
            f"{group!r} is not the id of an Entra group, such as "
            "6f1c2b7a-3d4e-4f50-9a61-7b8c9d0e1f23; a group's Overview shows it as Object Id."
        )
        raise FetchError(message)

    def mend(page: Page) -> str:
        if page.status in {REFUSED, FORBIDDEN}:
            return (
                "Microsoft Graph does not let the app read who is in a group: in the Entra admin "
                f"centre give it the application permission {GROUP_RIGHT} and choose “Grant admin "
                "consent”."
            )
        if page.status == _MISSING:
            return f"Entra knows no group {group}; was it deleted, or is it of another tenant?"
        return ""

    found: dict[str, Address] = {}
    query = QUERY.format(group=group)
    async for member in read_all(asker, app, query, _Member, mend, base, entra, ONLY_PEOPLE):
        user = member.id.lower()
        found[user] = Address("teams", app.tenant.lower(), user)
    return tuple(found.values())
