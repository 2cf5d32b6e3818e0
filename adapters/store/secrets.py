"""Seal what must not be readable on a disk: platform tokens, names, addresses and texts.

AES-GCM, with the context (``slack:T123``) bound in: a sealed text copied to another row does not
open there. The first key seals and every key opens, so a new key is put in front, the old one
stays until everything was sealed again, and then it goes.
"""

import os
from base64 import b64decode
from binascii import Error
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY, NONCE, NAME = 32, 12, 4
"""Bytes of a key, of a nonce, and of the name by which a sealed text knows its key."""
VERSION = b"\x01"


class Sealed(ValueError):  # noqa: N818 - it says what the text still is
    """The text cannot be opened: another key, another context, or damaged."""


@dataclass(frozen=True, slots=True)
class Resealed:
    """What became of everything that is sealed: how much there is, how much got the new key.

    ``shut`` names what no key opens; while anything is in it, no key may go.
    """

    there: int
    done: int
    shut: tuple[str, ...] = ()


@dataclass(frozen=True)
class Vault:
    """Seal and open bytes; ``keys`` are 32 bytes each, the first one seals."""

    keys: tuple[bytes, ...] = field(repr=False)

    def __post_init__(self) -> None:
        """Refuse keys that protect nothing."""
        if not self.keys or any(len(key) != KEY or len(set(key)) == 1 for key in self.keys):
            problem = "a vault needs keys of 32 random bytes (openssl rand -base64 32)"
            raise ValueError(problem)

    @classmethod
    def read(cls, texts: Sequence[str]) -> "Vault":
        """Make a vault from keys written in base64.

        Raises:
            ValueError: a key is not 32 random bytes.

        """
        try:
            return cls(tuple(b64decode(text, validate=True) for text in texts))
        except Error as problem:
            advice = "a key is not base64 (make one with: openssl rand -base64 32)"
            raise ValueError(advice) from problem

    def seal(self, clear: bytes, context: str) -> bytes:
        """Seal bytes for one context."""
        key, nonce = self.keys[0], os.urandom(NONCE)
        head = VERSION + _name(key)
        return head + nonce + AESGCM(key).encrypt(nonce, clear, head + context.encode())

    def open(self, sealed: bytes, context: str) -> bytes:
        """Open what was sealed for a context.

        Raises:
            Sealed: it does not open.

        """
        start = len(VERSION) + NAME
        head, nonce, rest = sealed[:start], sealed[start : start + NONCE], sealed[start + NONCE :]
        for key in self.keys:
            if head == VERSION + _name(key):
                try:
                    return AESGCM(key).decrypt(nonce, rest, head + context.encode())
                except (InvalidTag, ValueError) as problem:
                    damaged = "damaged, or sealed for another context"
                    raise Sealed(damaged) from problem
        missing = "sealed with a key that is not in the settings"
        raise Sealed(missing)

    def stale(self, sealed: bytes) -> bool:
        """Say whether something is sealed with a key that is on its way out."""
        return not sealed.startswith(VERSION + _name(self.keys[0]))


def _name(key: bytes) -> bytes:
    return sha256(b"wayfinder key" + key).digest()[:NAME]
