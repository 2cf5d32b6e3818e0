"""Messages to people in Teams: sent, replaced and taken back.

Teams has no key that would make a second sending harmless, so an end in doubt stays in doubt.
A message goes to the chat with the bot alone; where that chat is gone, or never was, it is opened
again and the message sent there, once.
"""

import json
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime
from typing import Final

from pydantic import ValidationError

from adapters.teams.account import Cloud, Reference
from adapters.teams.adaptive import LIMITS, message
from adapters.teams.connector import Connector
from adapters.teams.errors import Answered, Reached, changed, is_missing, outcome, resource
from dialogs.card import Card
from nudges.delivery import Gone, Outcome, Refused, Sent, Unknown
from nudges.people import Address

REMEMBERED: Final = 10_000
"""How many chats that we opened ourselves are remembered, until the person writes to us."""


class TeamsChannel:
    """Teams as the courier uses it; a message's ``ref`` names its chat too, as chats change."""

    def __init__(self, connector: Connector, clock: Callable[[], datetime]) -> None:
        self._connector = connector
        self._clock = clock
        self._opened: OrderedDict[tuple[str, str, str], str] = OrderedDict()

    def draw(self, card: Card, token: str) -> str:
        """Draw a card as the JSON of a message; every tap on it carries the token."""
        return message(card, token)

    async def post(self, to: Address, payload: str, mark: str) -> Outcome:  # noqa: ARG002 - Teams has no place for a mark
        """Send a drawn card."""
        reference = self._reference(to)
        if reference is None:
            return Gone("there is no address in Teams yet")
        if len(payload.encode()) > LIMITS.message_bytes:
            return Refused("the message is too large")
        chat = self._opened.get((to.user, reference.tenant, reference.chat)) or reference.chat
        reached = await self._say(reference, chat, payload) if chat else None
        if reached is None or is_missing(reached):
            opened = await self._open(reference)
            chat = resource(opened.body) if isinstance(opened, Answered) else ""
            if not chat:
                return self._unopened(opened)
            self._remember((to.user, reference.tenant, reference.chat), chat)
            reached = await self._say(reference, chat, payload)
        told = outcome(reached, self._clock())
        return Sent(json.dumps([chat, told.ref])) if isinstance(told, Sent) else told

    async def replace(self, to: Address, ref: str, payload: str) -> Outcome:
        """Replace a message, wherever the person has it open."""
        if len(payload.encode()) > LIMITS.message_bytes:
            return Refused("the message is too large")
        return await self._change("PUT", to, ref, payload)

    async def remove(self, to: Address, ref: str) -> Outcome:
        """Take a message back."""
        return await self._change("DELETE", to, ref)

    async def find(self, to: Address, mark: str) -> Outcome | None:  # noqa: ARG002 - Teams cannot tell
        """Say that Teams cannot tell: a bot has no way to read a chat back."""
        return Unknown("Teams cannot tell whether it arrived")

    async def _say(self, reference: Reference, chat: str, payload: str) -> Reached:
        path = (chat, "activities")
        return await self._connector.call("POST", reference.service, path, payload)

    async def _change(self, method: str, to: Address, ref: str, payload: str = "") -> Outcome:
        reference, place = self._reference(to), _place(ref)
        if reference is None or place is None:
            return Refused("this message has no name in Teams")
        chat, number = place
        path = (chat, "activities", number)
        reached = await self._connector.call(method, reference.service, path, payload)
        told = changed(reached, self._clock(), removal=method == "DELETE")
        return Sent(ref) if isinstance(told, Sent) else told

    async def _open(self, reference: Reference) -> Reached:
        """Open the chat with one person; Teams returns the same one if it is still there."""
        asked = {
            "bot": {"id": reference.bot},
            "members": [{"id": reference.user}],
            "tenantId": reference.tenant,
            "channelData": {"tenant": {"id": reference.tenant}},
            "isGroup": False,
        }
        return await self._connector.call("POST", reference.service, (), json.dumps(asked))

    def _unopened(self, opened: Reached) -> Outcome:
        """Say what became of a message whose chat could not be opened: it was never sent."""
        told = changed(opened, self._clock())
        return (
            Refused("Teams opened a chat and did not name it") if isinstance(told, Sent) else told
        )

    def _reference(self, to: Address) -> Reference | None:
        """Read where to write; someone who never wrote to us is known by their Entra id alone."""
        try:
            known = Reference.model_validate_json(to.reference or "{}")
        except ValidationError:
            return None
        account = self._connector.account
        bot = known.bot or (f"28:{account.app_id}" if isinstance(account, Cloud) else "")
        user, tenant = known.user or to.user, known.tenant or to.tenant
        if not (bot and user and tenant):
            return None
        return known.model_copy(update={"bot": bot, "user": user, "tenant": tenant})

    def _remember(self, who: tuple[str, str, str], chat: str) -> None:
        self._opened[who] = chat
        self._opened.move_to_end(who)
        if len(self._opened) > REMEMBERED:
            self._opened.popitem(last=False)


def _place(ref: str) -> tuple[str, str] | None:
    """Read a message's name; None for one that says too little."""
    try:
        match json.loads(ref):
            case [str(chat), str(number)] if chat and number:
                return chat, number
            case _:
                return None
    except ValueError:
        return None
