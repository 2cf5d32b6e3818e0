"""Microsoft Graph, page by page: asked as the bot's own registration, all pages or none."""

import re
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, Generic, TypeVar
from urllib.parse import quote, urlsplit

from pydantic import BaseModel, Field, ValidationError

from adapters.directory.asking import OK, Asker, FetchError, Page

GRAPH: Final = "https://graph.microsoft.com/"
ENTRA: Final = "https://login.microsoftonline.com/"
MOST_PAGES: Final = 5_000
REFUSED, FORBIDDEN = 401, 403
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
    """The app as it is registered in the tenant that is read."""

    tenant: str
    app_id: str
    secret: str = field(repr=False)


Row = TypeVar("Row", bound=BaseModel)


class _Listed(BaseModel, Generic[Row]):
    value: list[Row]
    next: str | None = Field(default=None, alias="@odata.nextLink")


async def read_all(  # noqa: PLR0913, PLR0917 - whom to ask, as whom, what, and what comes back
    asker: Asker,
    app: Registration,
    query: str,
    row: type[Row],
    mend: Callable[[Page], str],
    base: str = GRAPH,
    entra: str = ENTRA,
    headers: Mapping[str, str] | None = None,
) -> AsyncIterator[Row]:
    """Yield what stands on all pages.

    Args:
        asker: asks.
        app: as whom we ask.
        query: what is asked for, after the address of Graph.
        row: what stands on a page.
        mend: says what can be done about a refusal; nothing if that is not known.
        base: where Graph is.
        entra: where its passes come from.
        headers: what goes along with every page.

    Raises:
        FetchError: something could not be read; nothing is to be used.

    """
    link: str | None = base + query
    token = await _token(asker, app, base, entra)
    seen: set[str] = set()
    while link:
        _check(link, base, seen)
        seen.add(link)
        page = await asker.get(link, token, headers)
        if page.status == REFUSED:  # a pass lasts an hour; a large tenant may take longer
            token = await _token(asker, app, base, entra)
            page = await asker.get(link, token, headers)
        if page.status != OK:
            raise FetchError(mend(page) or _refused(page, len(seen)))
        try:
            listed = _Listed[row].model_validate(page.told)
        except ValidationError as error:
            where = ".".join(str(part) for part in error.errors()[0]["loc"])
            message = (
                f"Page {len(seen)} of Microsoft Graph is not as it describes its pages: {where}."
            )
            raise FetchError(message) from error
        for one in listed.value:
            yield one
        link = listed.next


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


def _refused(page: Page, number: int) -> str:
    match page.told:
        case {"error": {"code": code}}:
            said = _word(code)
        case _:
            said = ""
    return f"Microsoft Graph refuses page {number} ({page.status}{said})."


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
