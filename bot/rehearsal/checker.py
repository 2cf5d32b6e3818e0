"""What must hold after whatever went wrong, read from the database and the platform's own log.

Each check returns a line for everything that is wrong; no lines, no trouble. The checks know
nothing of how the house works: only its tables, what was acknowledged, and what arrived.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.store.answers import answers
from adapters.store.delivery_table import deliveries
from adapters.store.inbox import inbox
from adapters.store.people import addresses
from adapters.store.training_table import invitations, signups, trainings
from nudges.delivery import ENDS, State

INVARIANTS = ("I1", "I2", "I3", "I4", "I5", "I6", "I7")
"""What must hold, as the trust paper numbers it; each line of trouble begins with one of them."""
ARRIVED = ("key", "arrived_at", "owner", "done_at", "failed", "body")
LEAVING = (
    "id",
    "occasion",
    "person",
    "kind",
    "card",
    "priority",
    "due",
    "state",
    "attempt",
    "owner",
    "target",
    "why",
    "sent_at",
)
"""The columns that are looked at: a whole programme has too many rows to hold all of them."""
Rows = Sequence[Row[Any]]


@dataclass(frozen=True, slots=True)
class Posted:
    """One new message as the platform saw it: for which delivery, and in whose chat."""

    mark: str
    user: str


@dataclass(frozen=True, slots=True)
class Witness:
    """What the world outside knows.

    ``acknowledged`` are the keys the house said it had; ``scores`` are the answers among them,
    by user, in order (None is a skip); ``posted`` is all that ever reached the platform;
    ``changes`` tells who changed their mind how often, which is an answer to the same question.
    """

    acknowledged: frozenset[str]
    scores: Mapping[str, Sequence[int | None]]
    posted: Sequence[Posted]
    changes: Mapping[str, int] = field(default_factory=dict[str, int])


class Reads(Protocol):
    """A transaction that reads."""

    @property
    def connection(self) -> AsyncConnection:
        """What is asked."""
        ...


@dataclass(frozen=True, slots=True)
class Kept:
    """What the database holds."""

    arrivals: Rows
    answers: Rows
    deliveries: Rows
    trainings: Rows = ()
    signups: Rows = ()
    invitations: Rows = ()
    persons: Mapping[str, str] = field(default_factory=dict[str, str])
    """Who is at each user's address."""


async def kept(work: Reads, *, deep: bool = True) -> Kept:
    """Read what the checks look at; without ``deep`` only what arrived."""
    arrivals = (await work.connection.execute(select(*(inbox.c[n] for n in ARRIVED)))).all()
    if not deep:
        return Kept(arrivals, (), ())
    homes = (await work.connection.execute(select(addresses))).all()
    return Kept(
        arrivals,
        (await work.connection.execute(select(answers).order_by(answers.c.id))).all(),
        (
            await work.connection.execute(
                select(*(deliveries.c[name] for name in LEAVING)).order_by(deliveries.c.id)
            )
        ).all(),
        (await work.connection.execute(select(trainings))).all(),
        (await work.connection.execute(select(signups))).all(),
        (await work.connection.execute(select(invitations))).all(),
        {row.account: row.person for row in homes},
    )


def troubles(found: Kept, witness: Witness, now: datetime) -> list[str]:
    """Return everything that is wrong."""
    return [
        *lost(found, witness),
        *miscounted(found, witness),
        *twice(found, witness),
        *unended(found, now),
        *misdirected(found, witness),
        *stuck(found, now),
    ]


def lost(found: Kept, witness: Witness) -> Iterable[str]:
    """I1: what was acknowledged is stored, and was taken."""
    done = {row.key: row.failed for row in found.arrivals if row.done_at is not None}
    for key in sorted(witness.acknowledged):
        if key not in done:
            yield f"I1: {key} was acknowledged and is not done"
        elif done[key]:
            yield f"I1: {key} was set aside: {done[key]}"


def miscounted(found: Kept, witness: Witness) -> Iterable[str]:
    """I1, I4 and I5: each answer is there once, however often it came in."""
    given: dict[str, list[int | None]] = {}
    for row in found.answers:
        given.setdefault(row.person, []).append(row.score)
    for user, scores in witness.scores.items():
        kept_ones = given.get(found.persons.get(user, ""), [])
        if kept_ones != list(scores):
            broken = "I4" if len(kept_ones) > len(scores) else "I1"
            yield f"{broken}: {user} answered {list(scores)}, kept is {kept_ones}"
    same = Counter((row.person, row.question, row.occasion) for row in found.answers)
    may = {found.persons.get(user, ""): 1 + n for user, n in witness.changes.items()}
    for what, n in same.items():
        if n > may.get(what[0], 1):
            yield f"I5: {what} has {n} answers"


def twice(found: Kept, witness: Witness) -> Iterable[str]:
    """I2: at most one message for each occasion and person, and exactly one if it was sent."""
    arrived = Counter(p.mark for p in witness.posted)
    marks = {f"delivery-{row.id}" for row in found.deliveries}
    yield from (f"I2: {mark} belongs to no delivery" for mark in arrived.keys() - marks)
    pairs = Counter((row.occasion, row.person) for row in found.deliveries)
    yield from (f"I2: {pair} is there {n} times" for pair, n in pairs.items() if n > 1)
    for row in found.deliveries:
        n = arrived[f"delivery-{row.id}"]
        if n > 1:
            yield f"I2: {row.occasion} arrived {n} times at {row.person}"
        elif row.state == State.SENT and n == 0 and row.kind == "post":
            yield f"I2: {row.occasion} counts as sent and never arrived at {row.person}"
        elif n and row.state not in {State.SENT, State.UNKNOWN}:
            yield f"I2: {row.occasion} arrived at {row.person} and counts as {row.state}"


def unended(found: Kept, now: datetime) -> Iterable[str]:
    """I3: each delivery has one end, or is not due yet."""
    for row in found.deliveries:
        if row.state not in ENDS and not (row.state == State.QUEUED and row.due > now):
            yield f"I3: {row.occasion} to {row.person} is {row.state}"


def misdirected(found: Kept, witness: Witness) -> Iterable[str]:
    """I6: every message went to its own person's address."""
    whose = {f"delivery-{row.id}": row.person for row in found.deliveries}
    for posted in witness.posted:
        if found.persons.get(posted.user) != whose.get(posted.mark):
            yield f"I6: {posted.mark} went to {posted.user}"


def stuck(found: Kept, now: datetime) -> Iterable[str]:
    """I7: nothing is held by nobody; what is not done is at least not older than a minute."""
    for row in found.arrivals:
        if row.done_at is None:
            yield f"I7: {row.key} waits since {now - row.arrived_at}"
        elif row.body is not None:
            yield f"I7: {row.key} is done and still has its words"
    for row in found.deliveries:
        if row.owner is not None and row.state not in {State.CLAIMED, State.SENDING}:
            yield f"I7: {row.occasion} is {row.state} and still belongs to {row.owner}"


def unknown(found: Kept) -> list[str]:
    """Return what nobody knows about; it is counted apart, and never sent again."""
    return [row.occasion for row in found.deliveries if row.state == State.UNKNOWN]
