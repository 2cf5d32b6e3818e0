"""Take in what people do in the browser, and answer the page.

What arrives is checked, stored for good through the doorway, and only then answered. The page
names everything it sends with an id of its own, so that sending it again has one effect.
"""

import json
import sqlite3
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeVar

from aiohttp import web

from adapters.browser import door, html
from adapters.browser.conversation import Conversation
from adapters.browser.forms import draw_form
from adapters.browser.ports import People, Persona
from adapters.browser.posts import KEPT, Fill, Join, Post, Press, Say
from dialogs.doorway import Arrival, DrawnCard, Inbox, Reply
from dialogs.turns import Filled, Joined, Said, Tapped, Turn
from nudges.people import Address

PATIENCE = timedelta(seconds=5)
"""How long the page waits for a reply before it asks again."""
FIND = "find.ask"
"""What the search field means, as a tap."""
AGAIN = "It could not be kept just now. Nothing is lost; send it again in a moment."

_Checked = TypeVar("_Checked", bound=Post)


def read(body: str) -> Turn | None:
    """Understand a stored arrival as a turn; None if it is not one of ours."""
    try:
        post = KEPT.validate_json(body)
    except ValueError:
        return None
    address = Address("browser", "demo", post.who, post.who)
    match post:
        case Say(text=text, search=True):
            return Tapped(address, FIND, text)
        case Say(text=text):
            return Said(address, text)
        case Press(verb=verb, choice=choice, token=token):
            return Tapped(address, verb, choice, token)
        case Fill(verb=verb, choice=choice, token=token, values=values):
            return Filled(address, verb, choice, token, values)
        case Join(name=name, language=language):
            return Joined(address, name, language)


class BrowserInbox:
    """The page's four ways in: say, tap, fill and join."""

    def __init__(self, inbox: Inbox, conversation: Conversation, people: People) -> None:
        self._inbox = inbox
        self._conversation = conversation
        self._people = people

    def attach(self, app: web.Application) -> None:
        """Add the routes to the program's web application."""
        app.router.add_post("/say", self._way_in(Say))
        app.router.add_post("/tap", self._way_in(Press))
        app.router.add_post("/fill", self._way_in(Fill))
        app.router.add_post("/join", self._way_in(Join))

    def _way_in(self, kind: type[_Checked]) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def take(request: web.Request) -> web.Response:
            door.check(request)
            post = await door.body(request, kind)
            persona = await known(self._people, post.who)
            if isinstance(post, Join):
                post = post.model_copy(update={"name": persona.name, "language": persona.language})
            return answer(await self._take(post))

        return take

    async def _take(self, post: Post) -> Reply | None:
        key = f"browser:{post.who}:{post.id}"
        try:
            await self._keep(post, key)
        except (OSError, sqlite3.Error):
            door.refuse(503, AGAIN)
        return await self._inbox.reply(key, PATIENCE)

    async def _keep(self, post: Post, key: str) -> None:
        """Store an arrival; what was typed stands in the conversation before its answer does."""
        arrival = Arrival(key, "browser", post.model_dump_json(), f"browser:{post.who}")
        if not isinstance(post, Say):
            await self._inbox.accept(arrival)
            return
        line = json.dumps({"text": post.text})
        number, new = self._conversation.add(post.who, "me", line, key)
        try:
            await self._inbox.accept(arrival)
        except OSError:
            if new:
                self._conversation.drop(post.who, number)
            raise


async def known(people: People, who: str) -> Persona:
    """Return the person one says to be.

    Raises:
        web.HTTPNotFound: there is nobody of that name in the demo.

    """
    found = next((persona for persona in await people() if persona.id == who), None)
    if found is None:
        door.refuse(404, "There is nobody by that name. Reload the page and choose someone.")
    return found


def answer(reply: Reply | None) -> web.Response:
    """Answer the page; ``pending`` means that it has to ask once more."""
    if reply is None:
        return door.respond({"pending": True})
    return door.respond(
        {
            "pending": False,
            "language": reply.language,
            "form": draw_form(reply.form.form, reply.form.token) if reply.form else None,
            "instead": _card(reply.instead) if reply.instead else None,
            "errors": dict(reply.errors),
            "shown": [_card(drawn) for drawn in reply.shown],
        }
    )


def _card(drawn: DrawnCard) -> str:
    return html.draw(drawn.card, drawn.token)
