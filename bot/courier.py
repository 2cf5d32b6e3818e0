"""The courier takes what is due to its person: claim, draw, send, settle."""

from typing import Protocol

from dialogs.card import Card
from nudges.delivery import Outcome
from nudges.people import Address


class Channel(Protocol):
    """One platform, as the courier uses it; outcomes are returned, never raised."""

    def draw(self, card: Card, token: str) -> str:
        """Draw a card as the platform's JSON; every tap on it carries the token."""
        ...

    async def post(self, to: Address, payload: str, mark: str) -> Outcome:
        """Send a drawn card; ``mark`` names the delivery, for a platform that can carry it."""
        ...

    async def replace(self, to: Address, ref: str, payload: str) -> Outcome:
        """Replace the message ``ref``, wherever the person has it open."""
        ...

    async def remove(self, to: Address, ref: str) -> Outcome:
        """Take the message ``ref`` back."""
        ...

    async def find(self, to: Address, mark: str) -> Outcome | None:
        """Look whether a message whose sending ended in doubt has arrived.

        Returns Sent with its ref if it has, None if it certainly has not (so it may be sent
        again), Unknown if the platform cannot tell.
        """
        ...
