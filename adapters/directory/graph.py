"""Read who is here from Microsoft Graph: the accounts in the organisation's Entra tenant.

The bot's own registration asks, as itself, and only for the fields that are used. Disabled
accounts and guests are left out. A page that cannot be read refuses all of them.
"""

import re
from collections import Counter
from collections.abc import AsyncIterator
from typing import Final

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from adapters.directory.asking import Asker, FetchError, Page
from adapters.directory.customs import Customs
from adapters.directory.graph_pages import (
    ENTRA,
    FORBIDDEN,
    GRAPH,
    REFUSED,
    Registration,
    read_all,
)
from adapters.directory.mended import mail, plain, settled, spoken, team
from nudges.address import Address
from nudges.directory import Entry, Read

RIGHT: Final = "User.Read.All"
"""The one permission it takes."""
FIELDS: Final = (
    "id,displayName,mail,userPrincipalName,preferredLanguage,department,jobTitle,country,"
    "usageLocation,accountEnabled,userType"
)
QUERY: Final = f"v1.0/users?$select={FIELDS}&$expand=manager($select=id)&$top=999"
_COUNTRY: Final = re.compile(r"[A-Z]{2}")


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


def _accounts(asker: Asker, app: Registration, base: str, entra: str) -> AsyncIterator[_Account]:
    """Yield the accounts on all pages."""
    return read_all(asker, app, QUERY, _Account, _mend, base, entra)


def _mend(page: Page) -> str:
    """Say what an administrator can do about a refusal."""
    if page.status not in {REFUSED, FORBIDDEN}:
        return ""
    return (
        "Microsoft Graph does not let the app read people: in the Entra admin centre give it "
        f"the application permission {RIGHT} and choose “Grant admin consent”."
    )
