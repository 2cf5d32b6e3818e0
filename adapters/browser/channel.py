"""Write to people in the browser: put a drawn card into their conversation."""

import json
import re
import sqlite3
from collections.abc import Callable
from datetime import datetime, timedelta

from adapters.browser import html
from adapters.browser.conversation import Conversation
from dialogs.card import Card
from nudges.delivery import Outcome, Refused, Sent, Unknown, Wait
from nudges.people import Address

PAUSE = timedelta(seconds=2)
"""How long to leave a file alone that could not be written."""
_REF = re.compile(r"[1-9][0-9]{0,17}")
_UNWRITABLE = Refused("half a character cannot be written down")


class BrowserChannel:
    """The browser as the courier uses it; outcomes are returned, never raised."""

    def __init__(self, conversation: Conversation, clock: Callable[[], datetime]) -> None:
        self._conversation = conversation
        self._clock = clock

    def draw(self, card: Card, token: str) -> str:
        """Draw a card as JSON: the HTML for the page and one line that says the same."""
        return json.dumps({"html": html.draw(card, token), "summary": html.clean(card.summary)})

    async def post(self, to: Address, payload: str, mark: str) -> Outcome:
        """Put a drawn card at the end of the conversation; the same mark puts it there once."""
        try:
            number, _ = self._conversation.add(to.user, "them", payload, mark)
        except UnicodeEncodeError:
            return _UNWRITABLE
        except sqlite3.Error as error:
            return self._later(error)
        return Sent(str(number))

    async def replace(self, to: Address, ref: str, payload: str) -> Outcome:
        """Replace a message on every page that shows it."""
        try:
            done = _REF.fullmatch(ref) and self._conversation.change(to.user, int(ref), payload)
        except UnicodeEncodeError:
            return _UNWRITABLE
        except sqlite3.Error as error:
            return self._later(error)
        return Sent(ref) if done else Refused("this message is not in the conversation")

    async def remove(self, to: Address, ref: str) -> Outcome:
        """Take a message back; taking it back again changes nothing."""
        try:
            done = _REF.fullmatch(ref) and self._conversation.remove(to.user, int(ref))
        except UnicodeEncodeError:
            return _UNWRITABLE
        except sqlite3.Error as error:
            return self._later(error)
        return Sent(ref) if done else Refused("this message is not in the conversation")

    async def find(self, to: Address, mark: str) -> Outcome | None:
        """Look whether the message with this mark has arrived."""
        try:
            number = self._conversation.find(to.user, mark) if mark else None
        except UnicodeEncodeError:
            return None
        except sqlite3.Error as error:
            return Unknown(f"the conversation could not be read: {error}")
        return Sent(str(number)) if number is not None else None

    def _later(self, error: sqlite3.Error) -> Outcome:
        return Wait(self._clock() + PAUSE, f"the conversation could not be written: {error}")
