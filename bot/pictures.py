"""The pictures in cards, as the program uses them: an address to show one at, and a door to it.

Somebody's Slack or Teams fetches a picture without saying who they are, so its address is all
that protects it: nobody guesses one, it says nothing, and after a month it leads nowhere.
"""

from typing import Protocol

from aiohttp import web

from dialogs.card import Card
from dialogs.picture import Picture

PATH = "/pictures/"
ENDING = ".png"
LONGEST = 1_600
"""Characters of what stands between the path and the ending; Teams takes addresses of 2,000."""
HEADERS = {
    "Cache-Control": "private, max-age=86400",
    "Content-Security-Policy": "default-src 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}
NOT_THERE = {**HEADERS, "Cache-Control": "no-store"}


class Pictures(Protocol):
    """Where pictures are, and what they look like."""

    def address(self, picture: Picture) -> str:
        """Return where a picture is shown, or nothing if it can only be written."""
        ...

    async def image(self, token: str) -> bytes | None:
        """Draw the picture of an address, as a PNG; None if the address is not one of ours."""
        ...


class NoPictures:
    """Pictures of a program that nobody can fetch any from: cards write their bars instead."""

    def address(self, picture: Picture) -> str:
        """Return no address."""
        del picture
        return ""

    async def image(self, token: str) -> bytes | None:
        """Return no picture."""
        del token


def illustrated(card: Card, pictures: Pictures) -> Card:
    """Return a card with an address for each of its pictures."""
    return card.illustrated(pictures.address)


def attach(app: web.Application, pictures: Pictures) -> None:
    """Add the door; whatever is wrong with an address, the answer is the same."""

    async def show(request: web.Request) -> web.Response:
        name = request.match_info["name"]
        token = name.removesuffix(ENDING)
        known = name.endswith(ENDING) and len(token) <= LONGEST
        drawn = await pictures.image(token) if known else None
        if drawn is None:
            return web.Response(text="There is no such picture.", status=404, headers=NOT_THERE)
        return web.Response(body=drawn, content_type="image/png", headers=HEADERS)

    app.router.add_get(f"{PATH}{{name:.*}}", show)
