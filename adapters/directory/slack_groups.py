"""Read who is in a Slack user group or channel, in every workspace that knows it.

A channel can be shared by several workspaces; each is asked for its own people. A workspace that
does not know the group has nobody in it; one that cannot be read refuses all, so that nobody
drops out because one token has run out.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Final, TypeAlias

from pydantic import Field

from adapters.directory.asking import Asker, FetchError
from adapters.directory.slack_pages import (
    A_PAGE,
    SLACK,
    Ask,
    NoError,
    Paged,
    Workspace,
    read_pages,
    says,
)
from nudges.address import Address

CHANNEL_PAUSE: Final = 1.0
"""Seconds between pages of a channel: Slack allows about a hundred a minute."""
_Id: TypeAlias = Annotated[str, Field(pattern=r"^[A-Z0-9]{2,40}$")]


class _Page(Paged):
    users: list[_Id] | None = None
    members: list[_Id] | None = None


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of group, as Slack is asked about it.

    Attributes:
        what: how it is called in a sentence.
        id: how its ids look.
        method: what tells its members.
        given: the name of the argument that is its id.
        unknown: Slack's own words for a group that the workspace does not know.
        hint: what to do when no workspace knows it.
        mend: what an administrator can mend otherwise.

    """

    what: str
    id: re.Pattern[str]
    method: str
    given: str
    unknown: frozenset[str]
    hint: str
    mend: Mapping[str, str]


USER_GROUP: Final = Kind(
    "user group",
    re.compile(r"S[A-Z0-9]{1,39}"),
    "usergroups.users.list",
    "usergroup",
    frozenset({"no_such_subteam", "subteam_not_found", "plan_upgrade_required"}),
    "look up its id under People → User groups → ⋯ → Copy group ID",
    says("it needs usergroups:read"),
)
CHANNEL: Final = Kind(
    "channel",
    re.compile(r"[CG][A-Z0-9]{1,39}"),
    "conversations.members",
    "channel",
    frozenset({"channel_not_found", "not_in_channel"}),
    "if it is private, bring Wayfinder into it: write `/invite @Wayfinder` there",
    says("it needs channels:read, and groups:read for private channels"),
)


async def read_group(
    asker: Asker, workspaces: Sequence[Workspace], kind: Kind, group: str, base: str = SLACK
) -> tuple[Sequence[str], tuple[Address, ...]]:
    """Read the workspaces that know a group, and everybody in it.

    Raises:
        FetchError: no workspace knows it, or something could not be read; nothing is to be used.

    """
    if not kind.id.fullmatch(group):
        example = "S012ABCDE" if kind is USER_GROUP else "C012ABCDE"
        message = f"{group!r} is not the id of a Slack {kind.what}, such as {example}."
        raise FetchError(message)
    teams: list[str] = []
    found: dict[Address, None] = {}
    for workspace in workspaces:
        try:
            members = await _members(asker, workspace, kind, group, base)
        except NoError as no:
            if no.error not in kind.unknown:
                raise
            continue
        teams.append(workspace.team)
        found |= dict.fromkeys(Address("slack", workspace.team, user) for user in members)
    if not teams:
        where = ", ".join(workspace.team for workspace in workspaces)
        message = f"Slack shows no {kind.what} {group} in {where}; {kind.hint}."
        raise FetchError(message)
    return teams, tuple(found)


async def _members(
    asker: Asker, workspace: Workspace, kind: Kind, group: str, base: str
) -> list[str]:
    given = {kind.given: group} | ({"limit": A_PAGE} if kind is CHANNEL else {})
    ask = Ask(workspace, kind.method, given, CHANNEL_PAUSE)
    members: list[str] = []
    async for page in read_pages(asker, ask, _Page, kind.mend, base):
        listed = page.members if kind is CHANNEL else page.users
        if listed is None:
            message = f"Slack ({workspace.team}) tells of no members; that is no page of it."
            raise FetchError(message)
        members += listed
    return members
