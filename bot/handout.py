"""The page where somebody takes all that is kept of them, as a file: once, soon, and alone.

A chat message cannot hold a file of any size on every platform, so the card leads to a page here.
Its address is the card's own token, which names the message and is made for its reader alone. The
page only shows a button: chat programs open links by themselves to look at them, and must not use
it up. Taking the file is what counts, it stands in the audit log, and then the address is done.
"""

import json
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from datetime import date, datetime, timedelta
from html import escape
from typing import Any, Protocol

from aiohttp import web

from bot.about import STYLE
from dialogs.introduction import NAME
from dialogs.rights import KeptNote
from dialogs.speech import Speech, languages
from dialogs.token import Tokens
from dialogs.turns import Message
from nudges.people import Language, Person

PATH = "/mine/"
LASTS = timedelta(minutes=15)
"""So long after the card was sent the file can be taken."""
FILE = "wayfinder-my-data.json"
HEADERS: Mapping[str, str] = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}


class HandoutWork(Protocol):
    """The part of a transaction that handing out needs."""

    async def messages(self, numbers: list[int]) -> dict[int, Message]:
        """Return the messages behind delivery numbers."""
        ...

    async def people(self, ids: list[str]) -> dict[str, Person]:
        """Return people by id."""
        ...

    async def take(self, number: int, now: datetime) -> bool:
        """Note that a message was answered; False if it was before."""
        ...

    async def data_of(self, person: str) -> dict[str, list[dict[str, Any]]]:
        """Return what is kept of a person, by table."""
        ...

    async def data_handed_out(self, person: str, by: str, now: datetime) -> None:
        """Note in the audit log that all that is kept of somebody was handed out."""
        ...


class HandoutStore(Protocol):
    """The store, as handing out needs it."""

    def read(self) -> AbstractAsyncContextManager[HandoutWork]:
        """Begin a transaction that only reads."""
        ...

    def write(self) -> AbstractAsyncContextManager[HandoutWork]:
        """Begin a transaction that writes."""
        ...


class Handout:
    """Hand somebody all that is kept of them, as JSON by table."""

    def __init__(self, store: HandoutStore, tokens: Tokens, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._tokens = tokens
        self._clock = clock

    def attach(self, app: web.Application) -> None:
        """Add the page; whatever is wrong with an address, the answer is the same."""
        app.router.add_get(f"{PATH}{{token}}", self._show)
        app.router.add_post(f"{PATH}{{token}}", self._hand_out)

    async def _show(self, request: web.Request) -> web.Response:
        token = request.match_info["token"]
        async with self._store.read() as work:
            meant = await self._meant(work, token)
        if meant is None:
            return _page(404, languages(), "over")
        return _page(200, (meant[1].language,), "ready", button=True)

    async def _hand_out(self, request: web.Request) -> web.Response:
        token, now = request.match_info["token"], self._clock()
        async with self._store.write() as work:
            meant = await self._meant(work, token)
            if meant is None or not await work.take(meant[0], now):
                return _page(404, languages(), "over")
            told = await work.data_of(meant[1].id)
            await work.data_handed_out(meant[1].id, meant[1].id, now)
        return web.Response(
            text=as_json(told),
            content_type="application/json",
            headers={**HEADERS, "Content-Disposition": f'attachment; filename="{FILE}"'},
        )

    async def _meant(self, work: HandoutWork, token: str) -> tuple[int, Person] | None:
        """Return the message and the person that a token was made for, while it may be used."""
        claimed = self._tokens.claimed(token)
        if claimed is None:
            return None
        message = (await work.messages([claimed])).get(claimed)
        if (
            message is None
            or not isinstance(message.note, KeptNote)
            or self._tokens.read(token, message.person) != claimed
            or message.answered is not None
            or message.sent is None
            or self._clock() - message.sent > LASTS
        ):
            return None
        person = (await work.people([message.person])).get(message.person)
        return person and (claimed, person)


def as_json(told: Mapping[str, list[dict[str, Any]]]) -> str:
    """Write what is kept of somebody, by table, as a person and a program can read it."""
    return json.dumps(told, ensure_ascii=False, indent=1, default=_plain)


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime | date) else str(value)


def _page(
    status: int, said_in: tuple[Language, ...], what: str, *, button: bool = False
) -> web.Response:
    """Return the page, in the languages of whoever may read it."""
    parts: list[str] = []
    for language in said_in:
        speech = Speech(language)
        title, words = speech.line(f"handout.{what}.title"), speech.line(f"handout.{what}")
        press = (
            f'<form method="post"><button>{escape(speech.line("handout.take"))}</button></form>'
            if button
            else ""
        )
        parts.append(
            f'<section lang="{language}"><h1>{escape(title)}</h1><p>{escape(words)}{press}'
            "</section>"
        )
    text = (
        f'<!doctype html><html lang="{said_in[0]}"><meta charset="utf-8"><title>{NAME}</title>'
        '<meta name="viewport" content="width=device-width">'
        f"<style>{STYLE}</style><main>{''.join(parts)}</main></html>"
    )
    return web.Response(text=text, status=status, content_type="text/html", headers=HEADERS)
