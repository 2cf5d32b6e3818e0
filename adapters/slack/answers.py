"""What Slack is told on the same request: a window, a home page, a passing reply, a mistake.

Slack waits three seconds. A form and a slash command get their answer in the response itself;
for everything else the response is sent as soon as the request is stored, and the window, home
page or reply follows by the Web API. Nothing here is a delivery: it is drawn from what is
committed already, and lost in a crash it is asked for again by the next press.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Coroutine
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, assert_never

import structlog

from adapters.slack.api import Api, Denied, Done, End, Lost
from adapters.slack.blocks import Json, home, message, passing
from adapters.slack.payloads import Request
from adapters.slack.views import modal
from adapters.slack.workspaces import Installed
from dialogs.doorway import DrawnCard, Inbox, Reply

WITHIN = timedelta(seconds=2.4)
"""How long a window can wait, and a response: Slack gives up after three seconds."""
PATIENT = timedelta(seconds=20)
"""How long a reply can wait that Slack takes at any time."""
DRAIN = 5.0
"""Seconds that answers under way get when the program stops."""
ONCE = 1000
"""How many replies to everyone are remembered, so that pressing twice says it once."""
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP response, or what acknowledges an envelope in Socket Mode."""

    status: int = 200
    text: str = ""
    body: Json | None = None


class Answers:
    """Tell Slack what it waits for."""

    def __init__(self, inbox: Inbox, api: Api, installed: Installed) -> None:
        self._inbox = inbox
        self._api = api
        self._installed = installed
        self._under_way: set[asyncio.Task[None]] = set()
        self._aloud: OrderedDict[tuple[str, ...], None] = OrderedDict()

    async def give(self, asked: Request) -> Answer:
        """Answer a request that is stored."""
        match asked.what:
            case "message" | "opened" | "removed":
                return Answer()
            case "tap" | "home" | "mention" | "shortcut" | "search":
                self._later(self._follow(asked))
                return Answer()
            case "form":
                return await self._form(asked)
            case "command":
                return await self._command(asked)
            case _:
                assert_never(asked.what)

    async def close(self) -> None:
        """Let the answers under way finish."""
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=DRAIN)

    async def _follow(self, asked: Request) -> None:
        within = WITHIN if asked.trigger else PATIENT
        reply = await self._inbox.reply(asked.arrival.key, within)
        if reply is None:
            return
        if reply.form:
            await self._open(asked, reply)
        if reply.public and not await self._say_aloud(asked, reply.public):
            return
        await self._become(asked, reply.instead)
        await self._show(asked, reply.shown)

    async def _say_aloud(self, asked: Request, said: DrawnCard) -> bool:
        """Say something to everyone in the thread of the message that was pointed at, once.

        A response address reaches also where the app is no member; once it has run out, the app
        says it itself, if it may.
        """
        place = (asked.team, asked.channel, asked.user, asked.message)
        if asked.place != "passing" or not asked.origin or place in self._aloud:
            return False
        self._aloud[place] = None
        while len(self._aloud) > ONCE:
            self._aloud.popitem(last=False)
        drawn = message(said.card, said.token) | {"thread_ts": asked.origin}
        there = {"response_type": "in_channel", "replace_original": False}
        end: End | None = await self._api.respond(asked.url, **there, **drawn)
        _note(end, asked)
        if isinstance(end, Denied):
            end = await self._call(asked, "chat.postMessage", channel=asked.channel, **drawn)
        if not isinstance(end, Done | Lost):  # what may have been said is not said again
            self._aloud.pop(place, None)
        return isinstance(end, Done)

    async def _form(self, asked: Request) -> Answer:
        """Say what is wrong with a form, or close it."""
        reply = await self._inbox.reply(asked.arrival.key, WITHIN)
        if reply and reply.errors and asked.fields:
            mistakes: dict[str, str] = {}
            for name, problem in reply.errors.items():
                mistakes[name if name in asked.fields else asked.fields[0]] = problem
            return Answer(body={"response_action": "errors", "errors": mistakes})
        if reply and reply.form:
            view = modal(reply.form.form, reply.form.token, _origin(asked))
            return Answer(body={"response_action": "update", "view": view})
        if reply:
            self._later(self._become(asked, reply.instead))
        return Answer(body={"response_action": "clear"})

    async def _command(self, asked: Request) -> Answer:
        """Answer a slash command in its response, or a little later where it takes too long."""
        reply = await self._inbox.reply(asked.arrival.key, WITHIN)
        if reply is None:
            self._later(self._follow(asked))
            return Answer()
        if reply.form:
            self._later(self._open(asked, reply))
        if not reply.shown:
            return Answer()
        first, rest = reply.shown[0], reply.shown[1:]
        self._later(self._show(asked, rest))
        return Answer(body={"response_type": "ephemeral", **message(first.card, first.token)})

    async def _open(self, asked: Request, reply: Reply) -> None:
        if reply.form:
            view = modal(reply.form.form, reply.form.token, _origin(asked))
            await self._call(asked, "views.open", trigger_id=asked.trigger, view=view)

    async def _become(self, asked: Request, instead: DrawnCard | None) -> None:
        """Change what no delivery stands behind; a message is replaced by its delivery."""
        if instead is None:
            return
        if asked.place == "home" or asked.what == "home":
            view = home(instead.card, instead.token)
            await self._call(asked, "views.publish", user_id=asked.user, view=view)
        elif asked.place == "passing" and asked.url:
            drawn = passing(instead.card, instead.token, asked.origin)
            _note(await self._api.respond(asked.url, replace_original=True, **drawn), asked)

    async def _show(self, asked: Request, shown: tuple[DrawnCard, ...]) -> None:
        """Show cards to the one who asked, and to nobody else."""
        thread = {"thread_ts": asked.thread} if asked.thread else {}
        for one in shown:
            drawn: dict[str, Any] = passing(one.card, one.token, asked.origin)
            if asked.what == "mention":
                await self._call(
                    asked,
                    "chat.postEphemeral",
                    channel=asked.channel,
                    user=asked.user,
                    **thread,
                    **drawn,
                )
            elif asked.url:
                end = await self._api.respond(
                    asked.url,
                    response_type="ephemeral",
                    replace_original=False,
                    **thread,
                    **drawn,
                )
                _note(end, asked)

    async def _call(self, asked: Request, method: str, **arguments: object) -> End | None:
        workspace = await self._installed.find(asked.team)
        if workspace is None:
            return None
        end = await self._api.call(method, workspace.token, **arguments)
        _note(end, asked)
        return end

    def _later(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        if not task.cancelled() and (problem := task.exception()):
            log.error("slack.answer_failed", exc_info=problem)


def _origin(asked: Request) -> str:
    if asked.place == "home":
        return "home"
    return asked.url if asked.place == "passing" else ""


def _note(end: End, asked: Request) -> None:
    if not isinstance(end, Done):
        log.warning("slack.answer_not_taken", what=asked.what, end=str(end))
