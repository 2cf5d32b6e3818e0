"""Read who is here from Slack: the members of every workspace Wayfinder is installed in.

Bots, guests, deactivated members and people of other organisations are left out. What people
write in their own profile decides nothing that gives rights: a title that anybody can type makes
nobody a manager in Wayfinder.
"""

from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from pydantic import BaseModel, Field, ValidationError

from adapters.directory.asking import OK, Asker, FetchError
from adapters.directory.customs import Customs, is_zone
from adapters.directory.mended import mail, plain, settled, spoken
from nudges.address import Address
from nudges.directory import GRANTED, Entry, Read

SLACK: Final = "https://slack.com/api/"
PEOPLE_A_PAGE: Final = "200"
PAUSE: Final = 3.0
"""Seconds between pages: Slack allows about twenty a minute."""
MOST_PAGES: Final = 5_000
SLACKBOT: Final = "USLACKBOT"
_RIGHTS: Final = (
    "the app misses a right: it needs users:read and users:read.email; install it again with the "
    "current manifest"
)
_AGAIN: Final = "does not accept the app's token; install the app there again"
_SAYS: Final = {
    "missing_scope": _RIGHTS,
    "no_permission": _RIGHTS,
    "not_allowed_token_type": _RIGHTS,
    "invalid_auth": _AGAIN,
    "not_authed": _AGAIN,
    "token_revoked": _AGAIN,
    "token_expired": _AGAIN,
    "account_inactive": _AGAIN,
}
"""What an administrator can mend, by Slack's own name for it."""


@dataclass(frozen=True, slots=True)
class Workspace:
    """A workspace and the token with which its members are read."""

    team: str
    token: str = field(repr=False)


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


class _More(BaseModel):
    next_cursor: str | None = None


class _Members(BaseModel):
    members: list[_Member]
    response_metadata: _More | None = None


def is_busy(told: Mapping[str, Any]) -> bool:
    """Tell Slack's "later" from its "no"."""
    return told.get("ok") is False and told.get("error") in {
        "ratelimited",
        "rate_limited",
        "service_unavailable",
        "internal_error",
        "fatal_error",
        "request_timeout",
    }


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
    cursor, seen = "", set[str]()
    while True:
        more = {"cursor": cursor} if cursor else {}
        page = await asker.get(
            f"{base}users.list",
            workspace.token,
            limit=PEOPLE_A_PAGE,
            include_locale="true",
            **more,
        )
        where = f"Slack ({workspace.team}, page {len(seen) + 1})"
        if page.told.get("ok") is not True or page.status != OK:
            error = str(page.told.get("error", ""))
            named = f"said {error}" if error.isidentifier() else f"answered {page.status}"
            message = f"{where}: {_SAYS.get(error, named)}."
            raise FetchError(message)
        try:
            read = _Members.model_validate(page.told)
        except ValidationError as error:
            at = ".".join(str(part) for part in error.errors()[0]["loc"])
            message = f"{where} is not as Slack describes its pages: {at}."
            raise FetchError(message) from error
        for member in read.members:
            yield member
        seen.add(cursor)
        cursor = (read.response_metadata.next_cursor if read.response_metadata else "") or ""
        if not cursor:
            return
        if cursor in seen or len(seen) >= MOST_PAGES:
            message = f"{where}: its pages have no end."
            raise FetchError(message)
        await asker.pause(PAUSE)
