"""What other systems are told by themselves, and how often that is tried.

An event says that there is something new, and not what: the numbers are read with a key, where it
is noted who reads them. It is told at least once; whoever gets a copy knows it by its id.
"""

import hmac
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any, Final, Literal, TypeAlias, get_args

Kind: TypeAlias = Literal["numbers.released", "broadcast.finished", "health.judged", "test"]
"""What happened; ``test`` is what an administrator sends to try the way."""
KINDS: Final[tuple[Kind, ...]] = tuple(kind for kind in get_args(Kind) if kind != "test")
TIMEOUT: Final = timedelta(seconds=10)
"""How long one receiver may take."""
LEASE: Final = timedelta(seconds=60)
"""After so long an event that was taken up by a program that died is taken up by another one."""
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=10), timedelta(hours=6)
GIVEN_UP: Final = timedelta(days=3)
"""So long after it happened an event is tried no more."""
REMEMBERED: Final = timedelta(days=30)
"""For so long is known what became of an event."""
OVERLAP: Final = 2
"""Days for which an older secret signs beside a new one."""
TOO_MANY, GONE, MOVED, FINE, REFUSED = 429, 410, 300, 200, 400


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened; the same ``occasion`` is the same event, however often it is told.

    ``told`` holds nothing about a person, and no number.
    """

    kind: Kind
    occasion: str
    at: datetime
    told: Mapping[str, Any] = field(default_factory=dict[str, Any])

    @property
    def id(self) -> str:
        """Return by which id receivers know it again."""
        return f"evt_{blake2b(self.occasion.encode(), digest_size=16).hexdigest()}"


@dataclass(frozen=True, slots=True)
class Webhook:
    """Another system that is told.

    Attributes:
        name: what it is called here; used only once.
        host: where it is, for people to read.
        place: its whole address, sealed, for an address may hold a password.
        kinds: what it is told.
        turn: how often its secret was changed.
        older_until: until when the secret before signs, too.
        ended_at: when it was taken out, or said that it is gone.
        why: how that came.

    """

    name: str
    host: str
    place: str
    kinds: tuple[Kind, ...]
    made_at: datetime
    turn: int = 0
    older_until: datetime | None = None
    ended_at: datetime | None = None
    why: str = ""

    def turns(self, now: datetime) -> tuple[int, ...]:
        """Return with which of its secrets it is signed now, the newest first."""
        older = self.older_until is not None and now < self.older_until and self.turn > 0
        return (self.turn, self.turn - 1) if older else (self.turn,)


@dataclass(frozen=True, slots=True)
class Parcel:
    """An event on its way to one receiver, taken up for the ``tries``-th time."""

    number: int
    webhook: Webhook
    event_id: str
    body: str
    at: datetime
    tries: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of telling a receiver: a status, or why there is none, and how long to wait."""

    status: int = 0
    why: str = ""
    wait: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Next:
    """What happens with a parcel: it arrived, is tried again, is given up, or nobody wants more."""

    state: Literal["delivered", "waiting", "given_up", "gone"]
    why: str = ""
    due: datetime | None = None


def after(answer: Answer, parcel: Parcel, now: datetime, chance: float) -> Next:
    """Decide what happens with a parcel after an answer; ``chance`` is from 0 to 1.

    Pauses double and are spread, so that a receiver that comes back is not run over. What a
    receiver asks to wait is never cut short.
    """
    if FINE <= answer.status < MOVED:
        return Next("delivered")
    why = answer.why or f"status {answer.status}"
    if answer.status == GONE:
        return Next("gone", why)
    pause = min(FIRST_PAUSE * 2 ** min(parcel.tries - 1, 20), LONGEST_PAUSE)
    pause *= 0.5 + chance / 2
    due = now + max(pause, answer.wait or timedelta(0))
    return Next("given_up" if due > parcel.at + GIVEN_UP else "waiting", why, due)


def signing_key(secret: bytes, name: str, turn: int) -> bytes:
    """Return what a receiver's events are signed with; it follows from ours and is kept nowhere."""
    return hmac.digest(secret, f"webhook:{name}:{turn}".encode(), "sha256")


def shown(key: bytes) -> str:
    """Write a secret as receivers take it."""
    return f"whsec_{b64encode(key).decode()}"


def signatures(event_id: str, seconds: int, body: str, keys: tuple[bytes, ...]) -> str:
    """Sign an event as Standard Webhooks says, once with each key."""
    message = f"{event_id}.{seconds}.{body}".encode()
    signed = (b64encode(hmac.digest(key, message, "sha256")).decode() for key in keys)
    return " ".join(f"v1,{one}" for one in signed)
