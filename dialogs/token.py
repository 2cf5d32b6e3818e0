"""The token on a card's buttons: opaque, and good only for one message and its one reader."""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from dataclasses import dataclass, field
from hashlib import sha256

NUMBER, MARK = 8, 16
"""Bytes of the delivery's number and of the mark that proves it; 32 characters in all."""
NOBODY = ""
"""The token on a card for everyone: whoever presses is known by the platform alone."""
NOWHERE = 0
"""The delivery number on cards that no delivery stands behind, such as a home page."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """Make and read tokens; ``secret`` has at least 32 bytes and is shared by all processes."""

    secret: bytes = field(repr=False)

    def make(self, delivery: int, person: str) -> str:
        """Return the token for a message to a person."""
        number = delivery.to_bytes(NUMBER, "big")
        return urlsafe_b64encode(number + self._mark(number, person)).decode()

    def read(self, token: str, person: str) -> int | None:
        """Return the delivery's number, or None if the token is not genuine or not theirs."""
        try:
            raw = urlsafe_b64decode(token.encode("ascii"))
        except (Error, ValueError):
            return None
        number, mark = raw[:NUMBER], raw[NUMBER:]
        genuine = len(raw) == NUMBER + MARK and hmac.compare_digest(
            mark, self._mark(number, person)
        )
        return int.from_bytes(number, "big") if genuine else None

    @staticmethod
    def claimed(token: str) -> int | None:
        """Return the delivery's number that a token names; whether it is genuine is not said."""
        try:
            raw = urlsafe_b64decode(token.encode("ascii"))
        except (Error, ValueError):
            return None
        return int.from_bytes(raw[:NUMBER], "big") if len(raw) == NUMBER + MARK else None

    def _mark(self, number: bytes, person: str) -> bytes:
        return hmac.digest(self.secret, number + person.encode(), sha256)[:MARK]
