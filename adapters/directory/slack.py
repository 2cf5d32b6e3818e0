"""Read who is here from Slack: the members of every workspace Wayfinder is installed in.

Bots, guests, deactivated members and people of other organisations are left out. What people
write in their own profile decides nothing that gives rights: a title that anybody can type makes
nobody a manager in Wayfinder.
"""

from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from typing import Final

from pydantic import BaseModel, Field

from adapters.directory.asking import Asker, FetchError
from adapters.directory.customs import Customs, is_zone
from adapters.directory.mended import mail, plain, settled, spoken
from adapters.directory.slack_pages import (
    A_PAGE,
    SLACK,
    Ask,
    Paged,
    Workspace,
    read_pages,
    says,
)
from nudges.address import Address
from nudges.directory import GRANTED, Entry, Read

PAUSE: Final = 3.0
"""Seconds between pages: Slack allows about twenty a minute."""
SLACKBOT: Final = "USLACKBOT"
_SAYS: Final = says("it needs users:read and users:read.email")


class _Profile(BaseModel):
    email: str | None = None
    real_name: str | None = None
    display_name: str | None = None
    title: str | None = None


class _Enterprise(BaseModel):
    teams: list[str] = Field(default_factory=list[str])


class _Member(BaseModel):
    id: str = Field(pattern=r"^[A-Z0-9]{2,40}$")
    team_id: str | None = None
    name: str | None = None
    real_name: str | None = None
    deleted: bool | None = None
    is_bot: bool | None = None
    is_restricted: bool | None = None
    is_ultra_restricted: bool | None = None
    is_stranger: bool | None = None
    is_invited_user: bool | None = None
    is_email_confirmed: bool | None = None
    tz: str | None = None
    locale: str | None = None
    profile: _Profile = _Profile()
    enterprise_user: _Enterprise | None = None


class _Members(Paged):
    members: list[_Member]


async def read_slack(
    asker: Asker, workspaces: Sequence[Workspace], customs: Customs, base: str = SLACK
) -> Read:
    """Read everybody in every workspace; who is in two by one e-mail is one person.

    Raises:
        FetchError: something could not be read; nothing is to be used.

    """
    found: dict[str, Entry] = {}
    out = Counter[str]()
    for workspace in workspaces:
        for entry in await _workspace(asker, workspace, customs, base, out):
            email = entry.email.casefold()
            known = found.get(email)
            if known and all(home.tenant != workspace.team for home in known.homes):
                found[email] = replace(known, homes=(*known.homes, *entry.homes))
            else:
                found[entry.id if known or not email else email] = entry
    said = [f"{n} {why} left out." for why, n in sorted(out.items())]
    return settled(found.values(), said, joins=not customs.only_these_departments)


async def _workspace(
    asker: Asker, workspace: Workspace, customs: Customs, base: str, out: Counter[str]
) -> list[Entry]:
    members: dict[str, _Member] = {}
    async for member in _members(asker, workspace, base):
        members.setdefault(member.id, member)
    entries: list[Entry] = []
    for member in members.values():
        why = _left_out(member, workspace.team)
        if why:
            out[why] += 1
        else:
            entries.append(_entry(member, workspace.team, customs))
    if not entries:
        message = (
            f"None of the {len(members)} members that Slack tells of in {workspace.team} could be "
            "here; is that the workspace of this token?"
        )
        raise FetchError(message)
    return entries


def _left_out(member: _Member, team: str) -> str:
    teams = {member.team_id or team, *(member.enterprise_user or _Enterprise()).teams}
    if member.is_bot or member.id == SLACKBOT:
        return "bots"
    if member.deleted:
        return "deactivated members"
    if member.is_stranger or team not in teams:
        return "people of other organisations"
    if member.is_restricted or member.is_ultra_restricted:
        return "guests"
    if member.is_invited_user:
        return "people who were invited and have not come yet"
    return ""


def _entry(member: _Member, team: str, customs: Customs) -> Entry:
    profile = member.profile
    zone = member.tz if member.tz and is_zone(member.tz) else ""
    language = spoken(member.locale)
    names = (profile.real_name, member.real_name, profile.display_name, member.name)
    job = customs.job(profile.title or "")
    return Entry(
        id=f"{team}-{member.id}",
        name=next((name for name in map(plain, names) if name), ""),
        email="" if member.is_email_confirmed is False else mail(profile.email),
        job="" if job in GRANTED else job,
        language=language or customs.language,
        zone=zone or customs.zone,
        homes=(Address("slack", team, member.id),),
        assumed=tuple(n for n, told in (("language", language), ("zone", zone)) if not told),
    )


async def _members(asker: Asker, workspace: Workspace, base: str) -> AsyncIterator[_Member]:
    """Yield the members on all pages."""
    pages = read_pages(
        asker,
        Ask(workspace, "users.list", {"limit": A_PAGE, "include_locale": "true"}, PAUSE),
        _Members,
        _SAYS,
        base,
    )
    async for page in pages:
        for member in page.members:
            yield member
