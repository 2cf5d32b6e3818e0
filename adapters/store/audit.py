"""The audit log: who did what, when, and to whom; rows are added and never changed.

It holds ids, never words: what was written stands where it belongs. Somebody who is forgotten is
taken out of it, and a mark stays that tells nobody who it was (:mod:`nudges.sealing`).
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, Index, String, Table, insert, select

from adapters.store.connection import Connected
from adapters.store.schema import Moment, Number, erased_by, metadata, numbered

audits = Table(
    "audit",
    metadata,
    numbered(),
    Column("at", Moment, nullable=False),
    Column("who", String, nullable=False),
    Column("act", String, nullable=False),
    Column("about", String, nullable=False),
    Column("whom", String, nullable=False),
    Column("seal", Number),
    Column("salt", String),
    Column("who_mark", String),
    Column("whom_mark", String),
    Index("ix_audit_at", "at"),
    Index("ix_audit_seal", "seal"),
    info=erased_by(cleared={"who": "", "whom": ""}),
)


@dataclass(frozen=True, slots=True)
class Audited:
    """One thing that somebody did.

    Attributes:
        who: a person's id, or where it came from: ``settings``, ``command line``.
        about: what it was done to, such as ``role:approver`` or ``segment:sales``.
        whom: the person it was done to, if it was one.

    """

    at: datetime
    who: str
    act: str
    about: str
    whom: str = ""


class Audit(Connected):
    """The audit log's part of a transaction."""

    async def audit(self, done: Audited) -> None:
        """Write down what somebody did."""
        await self.connection.execute(
            insert(audits).values(
                at=done.at, who=done.who, act=done.act, about=done.about, whom=done.whom
            )
        )

    async def audited(self, limit: int = 100) -> list[Audited]:
        """Return what was done last, newest first."""
        rows = await self.connection.execute(
            select(audits).order_by(audits.c.id.desc()).limit(limit)
        )
        return [Audited(r.at, r.who, r.act, r.about, r.whom) for r in rows]
