"""Slack, page by page: asked with a workspace's own token, all pages or none."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ValidationError

from adapters.directory.asking import OK, Asker, FetchError

SLACK: Final = "https://slack.com/api/"
A_PAGE: Final = "200"
"""How many people Slack recommends to ask for at a time."""
MOST_PAGES: Final = 5_000
_AGAIN: Final = "does not accept the app's token; install the app there again"


@dataclass(frozen=True, slots=True)
class Workspace:
    """A workspace and the token with which it is read."""

    team: str
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Ask:
    """What a workspace is asked: the method, its arguments, and the seconds between two pages."""

    workspace: Workspace
    method: str
    given: Mapping[str, str]
    pause: float


class NoError(FetchError):
    """Slack said no; ``error`` is its own name for the reason."""

    def __init__(self, message: str, error: str) -> None:
        super().__init__(message)
        self.error = error


class _More(BaseModel):
    next_cursor: str | None = None


class Paged(BaseModel):
    """A page, and where the next one begins."""

    response_metadata: _More | None = None


Found = TypeVar("Found", bound=Paged)


def says(needs: str) -> Mapping[str, str]:
    """Return what an administrator can mend, by Slack's own name for it."""
    rights = f"the app misses a right: {needs}; install it again with the current manifest"
    return {
        "missing_scope": rights,
        "no_permission": rights,
        "not_allowed_token_type": rights,
        "invalid_auth": _AGAIN,
        "not_authed": _AGAIN,
        "token_revoked": _AGAIN,
        "token_expired": _AGAIN,
        "account_inactive": _AGAIN,
    }


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


async def read_pages(
    asker: Asker, ask: Ask, kind: type[Found], mend: Mapping[str, str], base: str = SLACK
) -> AsyncIterator[Found]:
    """Yield all pages.

    Raises:
        NoError: Slack said no.
        FetchError: something could not be read; nothing is to be used.

    """
    cursor, seen = "", set[str]()
    while True:
        query = {**ask.given, **({"cursor": cursor} if cursor else {})}
        page = await asker.get(f"{base}{ask.method}", ask.workspace.token, query=query)
        where = f"Slack ({ask.workspace.team}, page {len(seen) + 1})"
        if page.told.get("ok") is not True or page.status != OK:
            error = str(page.told.get("error", ""))
            named = f"said {error}" if error.isidentifier() else f"answered {page.status}"
            message = f"{where}: {mend.get(error, named)}."
            raise NoError(message, error)
        try:
            read = kind.model_validate(page.told)
        except ValidationError as error:
            at = ".".join(str(part) for part in error.errors()[0]["loc"])
            message = f"{where} is not as Slack describes its pages: {at}."
            raise FetchError(message) from error
        yield read
        seen.add(cursor)
        cursor = (read.response_metadata.next_cursor if read.response_metadata else "") or ""
        if not cursor:
            return
        if cursor in seen or len(seen) >= MOST_PAGES:
            message = f"{where}: its pages have no end."
            raise FetchError(message)
        await asker.pause(ask.pause)
