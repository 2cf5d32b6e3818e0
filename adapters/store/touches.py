"""Touches: on which of their days people were written to without having asked for it.

The key is the budget: of two programs that want someone's only touch of a day, one gets it.
"""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, String, Table, delete, select

from adapters.store.connection import Connected
from adapters.store.schema import Number, erased_by, metadata
from nudges.delivery import Mark

touches = Table(
    "touches",
    metadata,
    Column("person", String, ForeignKey("people.id"), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("nth", Integer, primary_key=True),
    Column("delivery", Number, nullable=False),
    Index("ix_touches_delivery", "delivery"),
    info=erased_by("person"),
)


class Touches(Connected):
    """The touches part of a transaction."""

    async def touched(self, persons: Iterable[str], since: date) -> dict[str, list[date]]:
        """Return each person's days with a touch, one entry a touch, from ``since`` on."""
        rows = await self.connection.execute(
            select(touches.c.person, touches.c.day).where(
                touches.c.person.in_(sorted(set(persons))), touches.c.day >= since
            )
        )
        found: dict[str, list[date]] = {}
        for person, day in rows:
            found.setdefault(person, []).append(day)
        return found

    async def touch(self, marks: Sequence[Mark]) -> set[int]:
        """Take people's attention for these deliveries; returns those for which it was free."""
        if not marks:
            return set()
        statement = (
            self.inserting(touches)
            .on_conflict_do_nothing(index_elements=["person", "day", "nth"])
            .returning(touches.c.delivery)
        )
        rows = [
            {"person": m.person, "day": m.touch, "nth": m.nth, "delivery": m.number}
            for m in sorted(marks, key=lambda m: (m.person, m.number))
        ]
        return set(await self.connection.scalars(statement, rows))

    async def untouch(self, numbers: Sequence[int]) -> None:
        """Give attention back that deliveries did not take after all."""
        if numbers:
            await self.connection.execute(delete(touches).where(touches.c.delivery.in_(numbers)))

    async def forget_touches(self, before: date) -> int:
        """Drop touches that no budget counts any more."""
        return (
            await self.connection.execute(delete(touches).where(touches.c.day < before))
        ).rowcount
