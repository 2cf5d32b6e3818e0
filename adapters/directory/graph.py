"""Read who is here from Microsoft Graph: the accounts in the organisation's Entra tenant.

The bot's own registration asks, as itself, and only for the fields that are used. Disabled
accounts and guests are left out. A page that cannot be read refuses all of them.
"""

import re
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote, urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from adapters.directory.asking import OK, Asker, FetchError, Page
from adapters.directory.customs import Customs
from adapters.directory.mended import mail, plain, settled, spoken, team
from nudges.address import Address
from nudges.directory import Entry, Read

GRAPH: Final = "https://graph.microsoft.com/"
ENTRA: Final = "https://login.microsoftonline.com/"
RIGHT: Final = "User.Read.All"
"""The one permission it takes."""
FIELDS: Final = (
    "id,displayName,mail,userPrincipalName,preferredLanguage,department,jobTitle,country,"
    "usageLocation,accountEnabled,userType"
)
QUERY: Final = f"v1.0/users?$select={FIELDS}&$expand=manager($select=id)&$top=999"
MOST_PAGES: Final = 5_000
_REFUSED, _FORBIDDEN = 401, 403
_COUNTRY: Final = re.compile(r"[A-Z]{2}")
_WORD: Final = re.compile(r"[A-Za-z_.]{1,60}")
_ENTRA_SAYS: Final = {
    "AADSTS7000215": "the secret is not accepted: set WAYFINDER_TEAMS_SECRET to the secret's value",
    "AADSTS7000222": "the secret has run out: make a new one and set WAYFINDER_TEAMS_SECRET",
    "AADSTS700016": "it does not know this app: check WAYFINDER_TEAMS_APP_ID",
    "AADSTS90002": "it does not know this tenant: check WAYFINDER_TEAMS_TENANT",
}
"""What an administrator can mend, by Entra's own number for it."""


@dataclass(frozen=True, slots=True)
class Registration:
    """The app as it is registered in the tenant whose people are read."""

    tenant: str
    app_id: str
    secret: str = field(repr=False)


class _Part(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, frozen=True)


class _Leader(_Part):
    id: str | None = None


class _Account(_Part):
    id: str = Field(pattern=r"^[0-9A-Za-z-]{1,64}$")
    display_name: str | None = None
    mail: str | None = None
    user_principal_name: str | None = None
    preferred_language: str | None = None
    department: str | None = None
    job_title: str | None = None
    country: str | None = None
    usage_location: str | None = None
    account_enabled: bool | None = None
    user_type: str | None = None
    manager: _Leader | None = None


class _Accounts(BaseModel):
    value: list[_Account]
    next: str | None = Field(default=None, alias="@odata.nextLink")


async def read_graph(
    asker: Asker, app: Registration, customs: Customs, base: str = GRAPH, entra: str = ENTRA
) -> Read:
    """Read everybody with an account of their own.

    Raises:
        FetchError: something could not be read; nothing is to be used.

    """
    found: dict[str, _Account] = {}
    async for account in _accounts(asker, app, base, entra):
        # Pages shift while people come and go, so an account can stand on two of them.
        found.setdefault(account.id.lower(), account)
    if all(account.account_enabled is None for account in found.values()):
        message = (
            "Microsoft Graph does not say who has an account that is in use; give the app the "
            f"application permission {RIGHT} and grant admin consent."
        )
        raise FetchError(message)
    out = Counter[str]()
    entries: list[Entry] = []
    for account in found.values():
        why = _left_out(account, customs)
        if why:
            out[why] += 1
        else:
            entries.append(_entry(account, app.tenant.lower(), customs))
    if not entries:
        message = "Microsoft Graph tells of nobody who could be here; that cannot be right."
        raise FetchError(message)
    said = [f"{n} {why} left out." for why, n in sorted(out.items())]
    unsure = sum("zone" in entry.assumed for entry in entries)
    if unsure:
        said.append(f"{unsure} have no country with one time zone: taken to be in {customs.zone}.")
    return settled(entries, said)


def _left_out(account: _Account, customs: Customs) -> str:
    if account.account_enabled is False:
        return "disabled accounts"
    if (account.user_type or "").casefold() == "guest":
        return "guests"
    if customs.only_these_departments and customs.department(plain(account.department)) is None:
        return "people of other departments"
    return ""


def _entry(account: _Account, tenant: str, customs: Customs) -> Entry:
    department = plain(account.department)
    known = customs.department(department)
    country = next((c for c in (_code(account.country), _code(account.usage_location)) if c), "")
    language, zone = spoken(account.preferred_language), customs.zone_in(country)
    email = mail(account.mail) or mail(account.user_principal_name)
    return Entry(
        id=account.id.lower(),
        name=plain(account.display_name) or email.partition("@")[0],
        email=email,
        team=(known.team if known else "") or team(department),
        manager=((account.manager.id if account.manager else "") or "").lower(),
        job=customs.job(account.job_title or "") or (known.job if known else ""),
        language=language or customs.language,
        zone=zone or customs.zone,
        country=country,
        segment=known.segment if known else "",
        homes=(Address("teams", tenant, account.id.lower()),),
        assumed=tuple(n for n, told in (("language", language), ("zone", zone)) if not told),
    )


def _code(text: str | None) -> str:
    code = (text or "").strip().upper()
    return code if _COUNTRY.fullmatch(code) else ""


async def _accounts(
    asker: Asker, app: Registration, base: str, entra: str
) -> AsyncIterator[_Account]:
    """Yield the accounts on all pages."""
    link: str | None = base + QUERY
    token = await _token(asker, app, base, entra)
    seen: set[str] = set()
    while link:
        _check(link, base, seen)
        seen.add(link)
        page = await asker.get(link, token)
        if page.status == _REFUSED:  # a pass lasts an hour; a large tenant may take longer
            token = await _token(asker, app, base, entra)
            page = await asker.get(link, token)
        accounts = _read(page, len(seen))
        for account in accounts.value:
            yield account
        link = accounts.next


def _check(link: str, base: str, seen: set[str]) -> None:
    """Refuse a link that leads elsewhere (it would carry our token) or never ends."""
    here = urlsplit(base)
    root = f"{here.scheme}://{here.netloc}/"
    clean = link.isascii() and link.isprintable() and not set(link) & set(" \\")
    if not (clean and link.startswith(root)):
        message = "Microsoft Graph names a next page that is not its own; nothing was read there."
        raise FetchError(message)
    if link in seen or len(seen) >= MOST_PAGES:
        message = f"Microsoft Graph's pages have no end (after {len(seen)} of them)."
        raise FetchError(message)


def _read(page: Page, number: int) -> _Accounts:
    if page.status in {_REFUSED, _FORBIDDEN}:
        message = (
            "Microsoft Graph does not let the app read people: in the Entra admin centre give it "
            f"the application permission {RIGHT} and choose “Grant admin consent”."
        )
        raise FetchError(message)
    if page.status != OK:
        match page.told:
            case {"error": {"code": code}}:
                said = _word(code)
            case _:
                said = ""
        message = f"Microsoft Graph refuses page {number} of its people ({page.status}{said})."
        raise FetchError(message)
    try:
        return _Accounts.model_validate(page.told)
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors()[0]["loc"])
        message = f"Page {number} of Microsoft Graph is not as it describes its pages: {where}."
        raise FetchError(message) from error


async def _token(asker: Asker, app: Registration, base: str, entra: str) -> str:
    """Ask Entra for a pass to Graph."""
    form = {
        "grant_type": "client_credentials",
        "client_id": app.app_id,
        "client_secret": app.secret,
        "scope": f"{base}.default",
    }
    page = await asker.post(f"{entra}{quote(app.tenant, safe='')}/oauth2/v2.0/token", form)
    token = page.told.get("access_token")
    if page.status == OK and isinstance(token, str) and token.isascii() and token.isprintable():
        return token
    told = str(page.told.get("error_description", ""))
    mend = next((said for number, said in _ENTRA_SAYS.items() if f"{number}:" in told), "")
    code = _word(page.told.get("error"))
    message = (
        f"Entra gives no pass to Microsoft Graph: {mend or f'it answered {page.status}{code}'}."
    )
    raise FetchError(message)


def _word(error: object) -> str:
    """Return an error's name if it is one; nothing else that came in is shown."""
    return f", {error}" if isinstance(error, str) and _WORD.fullmatch(error) else ""
