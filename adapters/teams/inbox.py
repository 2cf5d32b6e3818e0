"""Where Teams knocks: ``POST /api/messages``.

What the door lets in is stored for good before Teams hears that it arrived. What someone says in
a channel or a group chat is answered in their chat with the bot alone: Teams has no message that
one person in a channel sees, and an answer may be about them.
"""

import json
import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

from aiohttp import web

from adapters.teams.activity import Activity, key, read, understand
from adapters.teams.answer import answered, not_understood
from adapters.teams.channel import TeamsChannel
from adapters.teams.door import Admitted, Door, Refused
from adapters.teams.pipeline import Pipeline
from adapters.teams.window import opened
from dialogs.doorway import Arrival, Inbox
from dialogs.speech import best
from dialogs.turns import Said, Turn
from nudges.people import Language

PATH: Final = "/api/messages"
PATIENCE: Final = timedelta(seconds=8)
"""How long Teams is kept waiting for a reply; it gives up after ten to fifteen seconds."""
HURRY: Final = timedelta(seconds=4)
"""How long a window is kept waiting; Teams asks again after five seconds."""
COME_BACK: Final = "5"
"""The Retry-After where nothing can be stored, in seconds."""

log = logging.getLogger(__name__)

__all__ = ["TeamsInbox", "read"]


class TeamsInbox:
    """Teams as it comes in.

    Args:
        door: the checks.
        pipeline: botbuilder's part.
        inbox: the program's side.
        channel: how an answer to words in a channel reaches one person.
        sentence: says in a language that it was done, where a press has no card to show.
        secret: what arrivals are named with.

    """

    def __init__(  # noqa: PLR0913, PLR0917 - what comes in passes them in this order
        self,
        door: Door,
        pipeline: Pipeline,
        inbox: Inbox,
        channel: TeamsChannel,
        sentence: Callable[[Language], str],
        secret: bytes,
    ) -> None:
        self._door = door
        self._pipeline = pipeline
        self._inbox = inbox
        self._channel = channel
        self._sentence = sentence
        self._secret = secret

    def routes(self) -> list[web.AbstractRouteDef]:
        """Return the one route; the door itself refuses other methods."""
        return [web.route("*", PATH, self.handle)]

    async def handle(self, request: web.Request) -> web.Response:
        """Answer one request."""
        admitted = await self._door.admit(request)
        if isinstance(admitted, Refused):
            log.warning("teams door: refused %d, %s", admitted.status, admitted.why)
            return _refusal(admitted)
        activity = admitted.activity
        if activity.in_window and understand(activity) is None:
            log.warning("teams door: refused %d, %s", 400, "window")
            return web.Response(status=400)
        try:
            body = await self._pipeline.run(activity, lambda: self._take(admitted))
        except OSError as e:
            log.error("teams inbox: nothing stored, told to come back: %s", type(e).__name__)  # noqa: TRY400 - a stack trace would carry the body
            return web.Response(status=503, headers={"Retry-After": COME_BACK})
        if body is None:
            return web.Response()
        return web.json_response(body, dumps=_dumps)

    async def _take(self, admitted: Admitted) -> dict[str, Any] | None:
        """Store what came in; return what Teams waits for, if it waits."""
        activity = admitted.activity
        turn = understand(activity)
        if turn is None:
            return not_understood() if activity.waits else None
        name = key(activity, turn, self._secret)
        await self._inbox.accept(Arrival(name, "teams", admitted.body, turn.address.sender))
        if activity.waits:
            return await self._reply(name, activity, turn)
        if isinstance(turn, Said) and not turn.private:
            await self._whisper(name, turn)
        return None

    async def _reply(self, name: str, activity: Activity, turn: Turn) -> dict[str, Any]:
        reply = await self._inbox.reply(name, HURRY if activity.in_window else PATIENCE)
        language = (reply and reply.language) or best(activity.locale)
        otherwise = self._sentence(language)
        if activity.in_window:
            return opened(reply, turn, otherwise, activity.recipient.id)
        return answered(reply, turn, otherwise)

    async def _whisper(self, name: str, turn: Said) -> None:
        """Bring what someone in a channel is to see into their own chat with the bot."""
        reply = await self._inbox.reply(name, PATIENCE)
        for shown in reply.shown if reply else ():
            payload = self._channel.draw(shown.card, shown.token)
            told = await self._channel.post(turn.address, payload, name)
            log.info("teams inbox: answered out of the channel: %s", type(told).__name__)


def _dumps(body: object) -> str:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def _refusal(refused: Refused) -> web.Response:
    headers = {"Allow": "POST"} if refused.status == web.HTTPMethodNotAllowed.status_code else {}
    return web.Response(status=refused.status, headers=headers)
