"""The seals of the audit log, and whether it is still as it was sealed."""

from collections.abc import AsyncIterator
from datetime import datetime
from secrets import token_hex

from sqlalchemy import Column, Integer, String, Table, and_, exists, func, select, update

from adapters.store.audit import Audit, audits
from adapters.store.schema import Moment, Number, impersonal, metadata
from nudges.sealing import FIRST, Leaf, Seal, digest, mark

seals = Table(
    "seals",
    metadata,
    Column("id", Number, primary_key=True, autoincrement=False),
    Column("last", Number, nullable=False),
    Column("rows", Integer, nullable=False),
    Column("digest", String, nullable=False),
    Column("at", Moment, nullable=False),
    info=impersonal("what a batch of the audit log comes to; nobody stands in it"),
)
SALT = 16
"""Bytes of chance in a row, so that the same person has another mark in each."""


class Seals(Audit):
    """The part of a transaction that seals the audit log, and looks whether it holds."""

    async def audit_waits(self, before: datetime) -> bool:
        """Say whether there are rows from before a moment that are not sealed."""
        waits = exists().where(audits.c.seal.is_(None), audits.c.at < before)
        return bool(await self.connection.scalar(select(waits)))

    async def seal_audit(
        self, key: bytes, before: datetime, most: int, now: datetime
    ) -> Seal | None:
        """Seal the oldest rows from before a moment; None if there are none.

        Who seals has to hold something that keeps others from it.
        """
        newest = await self._newest_seal()
        rows = await self.connection.execute(
            select(audits)
            .where(audits.c.seal.is_(None), audits.c.at < before)
            .order_by(audits.c.id)
            .limit(most)
        )
        leaves: list[Leaf] = []
        number = newest.number + 1 if newest else 1
        for row in rows.all():
            salt = token_hex(SALT)
            marks = {"who_mark": mark(salt, row.who), "whom_mark": mark(salt, row.whom)}
            leaves.append(Leaf(row.id, row.at, row.act, row.about, **marks))
            await self.connection.execute(
                update(audits).where(audits.c.id == row.id).values(seal=number, salt=salt, **marks)
            )
        if not leaves:
            return None
        found = digest(key, newest.digest if newest else FIRST, leaves)
        seal = Seal(number, leaves[-1].number, len(leaves), found)
        row = {"id": number, "last": seal.last, "rows": seal.rows, "digest": found, "at": now}
        await self.connection.execute(seals.insert().values(row))
        return seal

    async def _newest_seal(self) -> Seal | None:
        row = (
            await self.connection.execute(select(seals).order_by(seals.c.id.desc()).limit(1))
        ).first()
        return Seal(row.id, row.last, row.rows, row.digest) if row else None

    async def broken_audit(self, key: bytes) -> AsyncIterator[str]:
        """Yield what is wrong with the audit log, in sentences; nothing if it is as it was."""
        before, expected = FIRST, 1
        for row in (await self.connection.execute(select(seals).order_by(seals.c.id))).all():
            if row.id != expected:
                yield f"seal {expected} is gone"
            found = await self.connection.execute(
                select(audits).where(audits.c.seal == row.id).order_by(audits.c.id)
            )
            leaves: list[Leaf] = []
            for one in found:
                for person, said in ((one.who, one.who_mark), (one.whom, one.whom_mark)):
                    if person and mark(one.salt or "", person) != said:
                        yield f"row {one.id} names somebody else than when it was sealed"
                marks = one.who_mark or "", one.whom_mark or ""
                leaves.append(Leaf(one.id, one.at, one.act, one.about, *marks))
            if len(leaves) != row.rows:
                yield f"seal {row.id} is about {row.rows} rows, and there are {len(leaves)}"
            elif digest(key, before, leaves) != row.digest:
                yield f"the rows of seal {row.id} were changed, or sealed with another secret"
            before, expected = row.digest, row.id + 1
        numbers = select(seals.c.id)
        stray = select(func.count()).where(
            and_(audits.c.seal.is_not(None), audits.c.seal.not_in(numbers))
        )
        if many := await self.connection.scalar(stray):
            yield f"{many} rows belong to a seal that is gone"
        last = select(func.max(seals.c.last)).scalar_subquery()
        late = select(func.count()).where(audits.c.seal.is_(None), audits.c.id < last)
        if many := await self.connection.scalar(late):
            yield f"{many} rows were slipped in before what is sealed"

    async def sealed(self) -> tuple[Seal | None, int]:
        """Return the newest seal, and how many rows wait for the next one."""
        waits = select(func.count()).where(audits.c.seal.is_(None))
        return await self._newest_seal(), (await self.connection.scalar(waits)) or 0
