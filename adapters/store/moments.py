"""Moments of the programme that have begun: each once, whoever finds it and however often."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Column, String, Table, select

from adapters.store.connection import Connected
from adapters.store.schema import Moment, impersonal, metadata

moments = Table(
    "moments",
    metadata,
    Column("occasion", String, primary_key=True),
    Column("at", Moment, nullable=False),
    info=impersonal("what happened by itself on the days of the programme; nobody stands in it"),
)


class Moments(Connected):
    """The moments' part of a transaction."""

    async def begun(self, occasions: Iterable[str]) -> set[str]:
        """Return which of these moments have begun."""
        wanted = sorted(set(occasions))
        rows = await self.connection.scalars(
            select(moments.c.occasion).where(moments.c.occasion.in_(wanted))
        )
        return set(rows)

    async def begin_moment(self, occasion: str, now: datetime) -> bool:
        """Note that a moment begins; False if it has begun before."""
        return await self.upsert(moments, [{"occasion": occasion, "at": now}], ["occasion"]) > 0
