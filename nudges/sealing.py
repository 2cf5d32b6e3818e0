"""A log that cannot be changed unnoticed: its rows are sealed in batches, each upon the one before.

A seal is made with a secret that the database does not hold, so whoever changes a row, takes one
out or slips one in cannot seal it again. Who did something, and to whom, is covered by a mark
and not by the id itself: somebody who is forgotten leaves their marks, from which nobody can tell
who they were, and the chain holds.
"""

import hmac
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

FIRST = ""
"""What the first seal stands upon."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """One row of the log as it is sealed; the marks stand for who did it and to whom."""

    number: int
    at: datetime
    act: str
    about: str
    who_mark: str
    whom_mark: str


@dataclass(frozen=True, slots=True)
class Seal:
    """A batch that is sealed: its last row, how many rows it has, and what that comes to."""

    number: int
    last: int
    rows: int
    digest: str


def key_of(secret: bytes) -> bytes:
    """Return the key that seals are made with; it is good for nothing else."""
    return hmac.digest(secret, b"audit log", "sha256")


def mark(salt: str, person: str) -> str:
    """Return what stands for a person in one row: another word in each, and none for nobody."""
    return hmac.new(salt.encode(), person.encode(), "sha256").hexdigest() if person else ""


def digest(key: bytes, before: str, leaves: Iterable[Leaf]) -> str:
    """Return what a batch comes to, upon what came before it."""
    found = hmac.new(key, before.encode(), "sha256")
    for leaf in leaves:
        at = leaf.at.astimezone(UTC).isoformat()
        told = [leaf.number, at, leaf.act, leaf.about, leaf.who_mark, leaf.whom_mark]
        found.update(json.dumps(told, ensure_ascii=True).encode() + b"\n")
    return found.hexdigest()
