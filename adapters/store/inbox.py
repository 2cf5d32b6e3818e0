"""The durable inbox: what arrived, until it is consumed.

After that only its key stays, so that a repeat changes nothing.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from operator import itemgetter

from sqlalchemy import (
    Column,
    Index,
    Integer,
    String,
    Table,
    bindparam,
    delete,
    exists,
    func,
    select,
    text,
    update,
)

from adapters.store.connection import Connected
from adapters.store.keyring import Keyring
from adapters.store.schema import Moment, erased_by, metadata
from adapters.store.sealed import Fingerprint, Marked, Own, Private, PrivateJson, own
from dialogs.doorway import Arrival, Kept, Waiting

UNDONE = text("done_at IS NULL")

inbox = Table(
    "inbox",
    metadata,
    Column("key", String, primary_key=True),
    Column("platform", String, nullable=False),
    Column("body", Private),
    Column("sender", Fingerprint, nullable=False, server_default=text("''")),
    Column("arrived_at", Moment, nullable=False),
    Column("owner", String, nullable=False),
    Column("lease_until", Moment, nullable=False),
    Column("attempt", Integer, nullable=False, default=0),
    Column("done_at", Moment),
    Column("failed", String, nullable=False, default=""),
    Column("person", String),
    Column("reply", PrivateJson),
    Index("ix_inbox_undone", "lease_until", postgresql_where=UNDONE, sqlite_where=UNDONE),
    Index("ix_inbox_sender", "sender", postgresql_where=UNDONE, sqlite_where=UNDONE),
    Index("ix_inbox_arrived_at", "arrived_at"),
    info=erased_by(cleared={"person": None}),
)

ARRIVAL = (inbox.c.key, inbox.c.platform, inbox.c.body, inbox.c.sender)
_before = inbox.alias("before")
BEHIND = exists().where(
    inbox.c.sender != "",
    _before.c.sender == inbox.c.sender,
    _before.c.done_at.is_(None),
    _before.c.arrived_at < inbox.c.arrived_at,
)
"""Its sender said something earlier that is not done yet, wherever that is."""


class Inbox(Connected):
    """The inbox part of a transaction."""

    async def accept(
        self, arrivals: Sequence[Arrival], owner: str, now: datetime, until: datetime
    ) -> set[str]:
        """Store arrivals, leased to ``owner``; returns the keys that were not here before.

        Those of one moment are a microsecond apart, so that their order outlives a crash.
        """
        statement = (
            self.inserting(inbox)
            .on_conflict_do_nothing(index_elements=["key"])
            .returning(inbox.c.key)
        )
        await self.connection.keyring.meet(self._speaker(a) for a in arrivals)
        values = [
            {
                "key": a.key,
                "platform": a.platform,
                "body": self._said(a),
                "sender": a.sender,
                "arrived_at": now + timedelta(microseconds=place),
                "owner": owner,
                "lease_until": until,
                "attempt": 0,
                "failed": "",
            }
            for place, a in enumerate(arrivals)
        ]
        values.sort(key=itemgetter("key"))
        return set(await self.connection.scalars(statement, values))

    async def take_over(
        self, owner: str, now: datetime, until: datetime, limit: int
    ) -> list[Arrival]:
        """Take over arrivals that a stopped process left behind, oldest first."""
        left = (
            select(inbox.c.key)
            .where(UNDONE, inbox.c.lease_until < now)
            .order_by(inbox.c.arrived_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        rows = await self.connection.execute(
            update(inbox)
            .where(inbox.c.key.in_(left))
            .values(owner=owner, lease_until=until)
            .returning(*ARRIVAL, inbox.c.arrived_at)
        )
        oldest_first = sorted(rows, key=lambda row: row.arrived_at)
        return [Arrival(*row[: len(ARRIVAL)]) for row in oldest_first]

    async def consume(self, keys: Iterable[str], owner: str, now: datetime) -> set[str]:
        """Mark arrivals as done and wipe their bodies; returns those that are ours now.

        Whoever said something before that is not done yet is heard later.
        """
        rows = await self.connection.scalars(
            update(inbox)
            .where(inbox.c.key.in_(sorted(keys)), inbox.c.owner == owner, UNDONE, ~BEHIND)
            .values(done_at=now, body=None, sender="")
            .returning(inbox.c.key)
        )
        return set(rows)

    async def put_back(self, arrivals: Collection[Arrival]) -> None:
        """Take back that arrivals are done, in the transaction that said so."""
        await self.connection.execute(
            update(inbox)
            .where(inbox.c.key == bindparam("of"))
            .values(
                done_at=None,
                body=bindparam("said", type_=Private),
                sender=bindparam("by", type_=Fingerprint),
            ),
            [{"of": a.key, "said": self._said(a), "by": a.sender} for a in arrivals],
        )

    def _speaker(self, arrival: Arrival) -> str:
        return speaker(arrival.sender, self.connection.keyring)

    def _said(self, arrival: Arrival) -> Own:
        return Own(arrival.body, self._speaker(arrival))

    async def waits(self, keys: Collection[str], owner: str) -> set[str]:
        """Return which of these are ours and not done."""
        if not keys:
            return set()
        ours = select(inbox.c.key).where(inbox.c.key.in_(keys), inbox.c.owner == owner, UNDONE)
        return set(await self.connection.scalars(ours))

    async def keep_replies(self, kept: Sequence[Kept]) -> None:
        """Keep what was replied, so that a repeat gets the same."""
        if kept:
            await self.connection.execute(
                update(inbox)
                .where(inbox.c.key == bindparam("of"))
                .values(person=bindparam("by"), reply=bindparam("said", type_=PrivateJson)),
                [{"of": k.key, "by": k.person, "said": own(k.reply, k.person)} for k in kept],
            )

    async def replied(self, key: str) -> Kept | None:
        """Return what was replied to an arrival; None if it is not consumed yet."""
        row = (
            await self.connection.execute(
                select(inbox.c.key, inbox.c.person, inbox.c.reply).where(
                    inbox.c.key == key, inbox.c.done_at.is_not(None)
                )
            )
        ).one_or_none()
        return Kept(row.key, row.person, row.reply) if row and row.person else None

    async def fail(self, key: str, why: str, now: datetime, most: int) -> bool:
        """Count a failed try; after ``most`` the arrival is set aside. Returns whether it was.

        Nothing is left of its words; the log tells what went wrong with it.
        """
        attempt = await self.connection.scalar(
            update(inbox)
            .where(inbox.c.key == key, UNDONE)
            .values(attempt=inbox.c.attempt + 1, failed=why)
            .returning(inbox.c.attempt)
        )
        aside = attempt is not None and attempt >= most
        if aside:
            await self.connection.execute(
                update(inbox).where(inbox.c.key == key).values(done_at=now, body=None, sender="")
            )
        return aside

    async def waiting(self, now: datetime) -> Waiting:
        """Say how much waits, and for how long the oldest has."""
        row = (
            await self.connection.execute(
                select(func.count(), func.min(inbox.c.arrived_at)).where(UNDONE)
            )
        ).one()
        return Waiting(row[0], now - row[1] if row[1] else None)

    async def forget_arrivals(self, before: datetime) -> int:
        """Drop the keys of old arrivals; a platform repeats itself for a day at most."""
        done = await self.connection.execute(
            delete(inbox).where(inbox.c.arrived_at < before, inbox.c.done_at.is_not(None))
        )
        return done.rowcount


def speaker(sender: str, keyring: Keyring) -> str:
    """Name whose key an arrival's words are sealed with: who sent it is not a person yet."""
    return sender if isinstance(sender, Marked) else keyring.mark(sender)
