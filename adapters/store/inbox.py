"""The durable inbox: what arrived, until it is consumed.

After that only its key stays, so that a repeat changes nothing.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from operator import itemgetter
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    Index,
    Integer,
    String,
    Table,
    bindparam,
    delete,
    select,
    text,
    update,
)

from adapters.store.connection import Connected
from adapters.store.schema import Moment, erased_by, metadata
from dialogs.doorway import Arrival, Kept, Waiting

UNDONE = text("done_at IS NULL")

inbox = Table(
    "inbox",
    metadata,
    Column("key", String, primary_key=True),
    Column("platform", String, nullable=False),
    Column("body", String),
    Column("arrived_at", Moment, nullable=False),
    Column("owner", String, nullable=False),
    Column("lease_until", Moment, nullable=False),
    Column("attempt", Integer, nullable=False, default=0),
    Column("done_at", Moment),
    Column("failed", String, nullable=False, default=""),
    Column("person", String),
    Column("reply", JSON),
    Index("ix_inbox_undone", "lease_until", postgresql_where=UNDONE, sqlite_where=UNDONE),
    Index("ix_inbox_arrived_at", "arrived_at"),
    info=erased_by("person"),
)


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
        values = [
            {
                "key": a.key,
                "platform": a.platform,
                "body": a.body,
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
        """Take over arrivals that a stopped process left behind, oldest first.

        One that is just being written may be a turn under way in a process that only slept. What
        the same process heard after it is left too, so that nobody's second word is answered
        before their first.
        """
        left = (
            select(inbox.c.key, inbox.c.owner)
            .where(UNDONE, inbox.c.lease_until < now)
            .order_by(inbox.c.arrived_at)
            .limit(limit)
        )
        owners = {row.key: row.owner for row in await self.connection.execute(left)}
        free = set(
            await self.connection.scalars(
                select(inbox.c.key)
                .where(inbox.c.key.in_(list(owners)), UNDONE)
                .where(inbox.c.lease_until < now)
                .with_for_update(skip_locked=True)
            )
        )
        rows = await self.connection.execute(
            update(inbox)
            .where(inbox.c.key.in_(_until_held(owners, free)))
            .values(owner=owner, lease_until=until)
            .returning(inbox.c.key, inbox.c.platform, inbox.c.body, inbox.c.arrived_at)
        )
        oldest_first = sorted(rows, key=lambda row: row.arrived_at)
        return [Arrival(row.key, row.platform, row.body) for row in oldest_first]

    async def consume(self, keys: Iterable[str], owner: str, now: datetime) -> set[str]:
        """Mark arrivals as done and wipe their bodies; returns those that were still ours."""
        rows = await self.connection.scalars(
            update(inbox)
            .where(inbox.c.key.in_(sorted(keys)), inbox.c.owner == owner, UNDONE)
            .values(done_at=now, body=None)
            .returning(inbox.c.key)
        )
        return set(rows)

    async def keep_replies(self, kept: Sequence[Kept]) -> None:
        """Keep what was replied, so that a repeat gets the same."""
        if kept:
            await self.connection.execute(
                update(inbox)
                .where(inbox.c.key == bindparam("of"))
                .values(person=bindparam("by"), reply=bindparam("said", type_=JSON)),
                [{"of": k.key, "by": k.person, "said": k.reply} for k in kept],
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
                update(inbox).where(inbox.c.key == key).values(done_at=now, body=None)
            )
        return aside

    async def waiting(self, now: datetime) -> Waiting:
        """Say how much waits, and for how long the oldest has."""
        rows: Any = await self.connection.execute(select(inbox.c.arrived_at).where(UNDONE))
        moments = [row.arrived_at for row in rows]
        return Waiting(len(moments), now - min(moments) if moments else None)

    async def forget_arrivals(self, before: datetime) -> int:
        """Drop the keys of old arrivals; a platform repeats itself for a day at most."""
        done = await self.connection.execute(
            delete(inbox).where(inbox.c.arrived_at < before, inbox.c.done_at.is_not(None))
        )
        return done.rowcount


def _until_held(owners: Mapping[str, str], free: Collection[str]) -> list[str]:
    """Return the keys that are free; of each owner only those before the first that is not."""
    held = set[str]()
    taken: list[str] = []
    for key, owner in owners.items():
        if key not in free:
            held.add(owner)
        elif owner not in held:
            taken.append(key)
    return taken
