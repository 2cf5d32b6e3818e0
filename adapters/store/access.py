"""Which programs may read numbers: their names, until when, and a digest of each key."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, Date, String, Table, or_, select, update

from adapters.store.audit import Audit, Audited
from adapters.store.schema import Moment, impersonal, metadata
from nudges.access import Access

accesses = Table(
    "accesses",
    metadata,
    Column("name", String, primary_key=True),
    Column("digest", String, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("ends_at", Moment, nullable=False),
    Column("revoked_at", Moment),
    Column("used_on", Date),
    info=impersonal("programs that may read released numbers, by a name an administrator chose"),
)


class Accesses(Audit):
    """The part of a transaction with programs that may read."""

    async def let_in(self, access: Access, by: str) -> bool:
        """Keep that a program may read; False if the name was used before, by whomever.

        A name that was used stands in the release ledger, and is never another program's.
        """
        row = {
            "name": access.name,
            "digest": access.digest,
            "made_at": access.made_at,
            "ends_at": access.ends_at,
        }
        if not await self.upsert(accesses, [row], ["name"]):
            return False
        now, name = access.made_at, access.name
        await self.audit(Audited(now, by, "start", f"access:{name}"))
        return True

    async def access(self, name: str) -> Access | None:
        """Return what is known of a program."""
        row = (
            await self.connection.execute(select(accesses).where(accesses.c.name == name))
        ).one_or_none()
        return None if row is None else _access(row)

    async def accesses(self) -> list[tuple[Access, date | None]]:
        """Return every program that may or might read, and on which day it did last."""
        rows = await self.connection.execute(select(accesses).order_by(accesses.c.name))
        return [(_access(row), row.used_on) for row in rows]

    async def shut_out(self, name: str, by: str, now: datetime) -> bool:
        """Let a program read no more; False if there is none that may."""
        changed = await self.connection.execute(
            update(accesses)
            .where(accesses.c.name == name, accesses.c.revoked_at.is_(None))
            .values(revoked_at=now)
        )
        if not changed.rowcount:
            return False
        await self.audit(Audited(now, by, "stop", f"access:{name}"))
        return True

    async def note_used(self, name: str, day: date) -> None:
        """Note the day on which a program read last."""
        await self.connection.execute(
            update(accesses)
            .where(
                accesses.c.name == name,
                or_(accesses.c.used_on.is_(None), accesses.c.used_on < day),
            )
            .values(used_on=day)
        )


def _access(row: Any) -> Access:  # noqa: ANN401 - a row
    return Access(row.name, row.digest, row.made_at, row.ends_at, row.revoked_at)
