"""Send cards to people in Slack: post, replace, remove, and look whether one arrived.

A message goes to a person's own id as its channel, which opens the direct message by itself
(opening it first is limited to fifty a minute). It carries the delivery's mark as metadata, so
that after a sending that ended in doubt the chat can be read back for it.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog

from adapters.slack.api import Api, Denied, Done, End
from adapters.slack.blocks import draw, without_pictures
from adapters.slack.errors import outcome
from adapters.slack.workspaces import Installed
from dialogs.card import Card
from nudges.address import Address
from nudges.delivery import Gone, Outcome, Refused, Sent, Unknown

MARKED = "wayfinder_delivery"
NOT_INSTALLED = Gone("the app is not installed in this workspace")
NO_PICTURE = Denied("invalid_blocks")
"""What Slack says, among other things, where it could not fetch a picture."""
PAGE, PAGES = 100, 3
"""How far back a chat is read for a mark: messages a page, and pages."""
QUIET = {"mrkdwn": False, "link_names": False, "unfurl_links": False, "unfurl_media": False}


log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class SlackChannel:
    """Slack as the courier uses it; a reference is the chat and the message's time, as D1/2.3."""

    api: Api
    installed: Installed
    clock: Callable[[], datetime]

    def draw(self, card: Card, token: str) -> str:
        """Draw a card as a message; every tap on it carries the token."""
        return draw(card, token)

    async def post(self, to: Address, payload: str, mark: str) -> Outcome:
        """Send a drawn card to a person, with its mark."""
        metadata = {"event_type": MARKED, "event_payload": {"mark": mark}}
        end = await self._say(
            to, "chat.postMessage", payload, channel=to.user, metadata=metadata, **QUIET
        )
        match end:
            case None:
                return NOT_INSTALLED
            case Done({"channel": str(chat), "ts": str(ts)}):
                return Sent(f"{chat}/{ts}")
            case Done():
                return Unknown("Slack did not name the message")
            case _:
                return outcome(end, self.clock())

    async def replace(self, to: Address, ref: str, payload: str) -> Outcome:
        """Replace a message; saying the same twice does no harm, so doubt is tried again."""
        chat, _, ts = ref.partition("/")
        if not ts:
            return Refused("no message to replace")
        end = await self._say(to, "chat.update", payload, channel=chat, ts=ts)
        return outcome(end, self.clock(), ref=ref, again=True) if end else NOT_INSTALLED

    async def remove(self, to: Address, ref: str) -> Outcome:
        """Take a message back; one that is gone already is what was wanted."""
        chat, _, ts = ref.partition("/")
        if not ts:
            return Refused("no message to remove")
        end = await self._call(to, "chat.delete", channel=chat, ts=ts)
        if end == Denied("message_not_found"):
            return Sent(ref)
        return outcome(end, self.clock(), ref=ref, again=True) if end else NOT_INSTALLED

    async def find(self, to: Address, mark: str) -> Outcome | None:
        """Read the chat back for a mark.

        Returns Sent if it is there, None if it is not, and Unknown if Slack does not let us look
        (the right ``im:history`` is missing, or reading is limited) or the chat is too long.
        """
        chat = await self._chat(to)
        cursor = ""
        for _ in range(PAGES if chat else 0):
            more = {"cursor": cursor} if cursor else {}
            end = await self._call(
                to,
                "conversations.history",
                channel=chat,
                limit=PAGE,
                include_all_metadata=True,
                **more,
            )
            if not isinstance(end, Done):
                break
            for found in _list(end.data.get("messages")):
                match found:
                    case {"ts": str(ts), "metadata": {"event_payload": {"mark": str(m)}}} if (
                        m == mark
                    ):
                        return Sent(f"{chat}/{ts}")
                    case _:
                        pass
            match end.data:
                case {"has_more": True, "response_metadata": {"next_cursor": str(cursor)}} if (
                    cursor
                ):
                    continue
                case {"has_more": True}:
                    break
                case _:
                    return None
        return Unknown("the chat could not be read back")

    async def _say(self, to: Address, method: str, payload: str, **arguments: object) -> End | None:
        """Send a drawn message.

        Slack fetches a picture while it takes the message, and refuses all of it if it cannot;
        the words of the picture then go instead of it.
        """
        drawn: dict[str, Any] = json.loads(payload)
        end = await self._call(to, method, **arguments, **drawn)
        worded = without_pictures(drawn)
        if end != NO_PICTURE or worded == drawn:
            return end
        log.warning("Slack refused a card with a picture: can it reach WAYFINDER_PICTURES?")
        return await self._call(to, method, **arguments, **worded)

    async def _chat(self, to: Address) -> str:
        """Return the chat with a person; the one they wrote in, else asked for."""
        if to.reference.startswith("D"):
            return to.reference
        match await self._call(to, "conversations.open", users=to.user):
            case Done({"channel": {"id": str(chat)}}):
                return chat
            case _:
                return ""

    async def _call(self, to: Address, method: str, **arguments: object) -> End | None:
        workspace = await self.installed.find(to.tenant)
        return await self.api.call(method, workspace.token, **arguments) if workspace else None


def _list(found: object) -> list[Any]:
    return found if isinstance(found, list) else []  # pyright: ignore[reportUnknownVariableType] - any list will do
