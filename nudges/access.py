"""Programs that may read numbers: each has a name, a key that only it knows, and an end.

What is kept is a digest of the key. A plain SHA-256 is enough, because a key is 256 bits of chance
and no password that somebody thought of: nobody can try them all.
"""

import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final

NAME: Final = re.compile(r"[a-z][a-z0-9-]{1,39}")
"""What a program may be called; its name stands in the release ledger and is used only once."""
NAMED: Final = (
    "two to forty small letters, figures and hyphens, beginning with a letter, such as power-bi"
)
BYTES: Final = 32
"""Bytes of chance in a key."""
LONGEST, USUAL = 400, 365
"""Days for which a key may be good, and is unless somebody says otherwise."""
_KEY: Final = re.compile(r"wf\.([a-z][a-z0-9-]{1,39})\.[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, slots=True)
class Access:
    """What is known of a program that may read: never its key."""

    name: str
    digest: str
    made_at: datetime
    ends_at: datetime
    revoked_at: datetime | None = None

    @property
    def viewer(self) -> str:
        """Return by which name the release ledger knows it."""
        return f"access:{self.name}"

    def live(self, now: datetime) -> bool:
        """Say whether its key is good."""
        return self.revoked_at is None and now < self.ends_at

    def opened_by(self, key: str) -> bool:
        """Say whether this is its key; that takes as long for every key."""
        return hmac.compare_digest(self.digest, digest(key))


def make_key(name: str, chance: Callable[[int], str]) -> str:
    """Return a new key; ``chance`` gives so many bytes as text that fits into an address."""
    return f"wf.{name}.{chance(BYTES)}"


def named(key: str) -> str | None:
    """Return the name in a key; None for what is no key at all."""
    found = _KEY.fullmatch(key)
    return found.group(1) if found else None


def digest(key: str) -> str:
    """Return what is kept of a key."""
    return sha256(key.encode()).hexdigest()
