"""Rumours, as the store keeps them: nothing here tells who wrote one, nor when, nor after whom.

A rumour waits in a holding table under a random name, and is put down once a day with the others
of that day: in no order, under a new name, with the day alone. Neither table has serial numbers,
and on SQLite no row numbers either. PostgreSQL marks each row with the transaction that wrote it,
which would be that of its teller's turn: what is held is written anew every few seconds.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from random import SystemRandom
from secrets import token_hex
from typing import Any

from sqlalchemy import Column, Date, Row, String, Table, delete, func, insert, or_, select, update

from adapters.store.audit import Audit, Audited
from adapters.store.delivery_table import deliveries
from adapters.store.inbox import inbox
from adapters.store.people import people
from adapters.store.schema import impersonal, metadata
from dialogs.notes import dump, load
from nudges.delivery import ENDS
from nudges.release import FLOOR
from nudges.rumours import (
    KEPT,
    WRITERS,
    Heard,
    Rumour,
    RumourClosed,
    RumourFact,
    Rumours,
    SameRumour,
    Told,
    grouped,
)

BYTES = 16
_DICE = SystemRandom()

held_rumours = Table(
    "held_rumours",
    metadata,
    Column("key", String, primary_key=True),
    Column("text", String, nullable=False),
    Column("segment", String, nullable=False),
    info=impersonal("what somebody heard, of whom nothing is kept"),
    sqlite_with_rowid=False,
)
rumours = Table(
    "rumours",
    metadata,
    Column("key", String, primary_key=True),
    Column("text", String, nullable=False),
    Column("segment", String, nullable=False),
    Column("day", Date, nullable=False),
    Column("into", String, nullable=False),
    Column("closed_on", Date),
    info=impersonal("what somebody heard, of whom nothing is kept"),
    sqlite_with_rowid=False,
)
rumour_days = Table(
    "rumour_days",
    metadata,
    Column("day", Date, primary_key=True),
    info=impersonal("the days on which rumours were put down, or held for another day"),
)


class RumourBook(Audit):
    """The part of a transaction with rumours."""

    async def keep_rumour(self, fact: RumourFact, by: str, now: datetime) -> None:
        """Keep what somebody heard, without them; or what the CRM team does about it."""
        match fact:
            case Heard(text, segment):
                await self._hold_rumour(text, segment)
            case SameRumour(rumour, into):
                if await self._same_rumour(rumour, into):
                    await self.audit(Audited(now, by, "merge", f"rumour:{rumour}"))
            case RumourClosed(rumour, answered):
                if await self._close_rumour(rumour, now.date()):
                    act = "answer" if answered else "set_aside"
                    await self.audit(Audited(now, by, act, f"rumour:{rumour}"))

    async def _hold_rumour(self, text: str, segment: str) -> None:
        """Hold a rumour under a name that chance makes: nothing leads from it to a turn.

        The same transaction says that the turn is done, so that no turn is kept twice.
        """
        here = select(func.count()).where(people.c.segment == segment, ~people.c.left)
        large = bool(segment) and (await self.connection.scalar(here) or 0) >= FLOOR
        row = {"key": token_hex(BYTES), "text": text, "segment": segment if large else ""}
        await self.connection.execute(insert(held_rumours).values(row))

    async def stir_rumours(self) -> int:
        """Write what is held anew where a row tells which transaction wrote it.

        Returns how many rows that were.
        """
        if self.connection.dialect.name == "sqlite":
            return 0
        rows = await self._take_held_rumours()
        await self._put_rumours(
            held_rumours, [{"key": r.key, "text": r.text, "segment": r.segment} for r in rows]
        )
        return len(rows)

    async def put_down_rumours(self, day: date, now: datetime) -> int | None:
        """Put down what is held, once a day; returns how many that were.

        It is held for another day where fewer than five people wrote to us lately: who told a
        rumour must be one of many. None if this day's turn was taken already.
        """
        first = self.inserting(rumour_days).values([{"day": day}])
        mine = await self.connection.execute(first.on_conflict_do_nothing(index_elements=["day"]))
        if not mine.rowcount:
            return None
        await self._forget_rumours(day)
        wrote = await self._rumour_writers(now)
        if sum(wrote.values()) < FLOOR:
            return 0
        rows = await self._take_held_rumours()
        new = [
            {
                "key": token_hex(BYTES),
                "text": row.text,
                "segment": row.segment if wrote.get(row.segment, 0) >= FLOOR else "",
                "day": day,
                "into": "",
            }
            for row in rows
        ]
        await self._put_rumours(rumours, new)
        return len(new)

    async def _rumour_writers(self, now: datetime) -> Mapping[str, int]:
        """Count who wrote or pressed something lately, by their group."""
        found = await self.connection.execute(
            select(people.c.segment, func.count(inbox.c.person.distinct()))
            .join(people, people.c.id == inbox.c.person)
            .where(inbox.c.arrived_at > now - WRITERS)
            .group_by(people.c.segment)
        )
        return {row[0]: row[1] for row in found}

    async def _take_held_rumours(self) -> Sequence[Row[Any]]:
        rows = await self.connection.execute(
            select(held_rumours).order_by(held_rumours.c.key).with_for_update()
        )
        found = rows.all()
        names = [row.key for row in found]
        await self.connection.execute(delete(held_rumours).where(held_rumours.c.key.in_(names)))
        return found

    async def _put_rumours(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
        """Write rows in no order."""
        if rows:
            shuffled = _DICE.sample(list(rows), len(rows))
            await self.connection.execute(insert(table), shuffled)

    async def _forget_rumours(self, day: date) -> None:
        await self.connection.execute(delete(rumours).where(rumours.c.day < day - KEPT))
        await self.connection.execute(delete(rumour_days).where(rumour_days.c.day < day - KEPT))

    async def _same_rumour(self, rumour: str, into: str) -> bool:
        waiting = await self._open_rumours(hold=True)
        if rumour == into or not {rumour, into} <= waiting.keys():
            return False
        await self.connection.execute(
            update(rumours)
            .where(or_(rumours.c.key == rumour, rumours.c.into == rumour))
            .values(into=into)
        )
        return True

    async def _close_rumour(self, rumour: str, day: date) -> bool:
        changed = await self.connection.execute(
            update(rumours)
            .where(or_(rumours.c.key == rumour, rumours.c.into == rumour))
            .where(rumours.c.closed_on.is_(None))
            .values(closed_on=day)
        )
        return changed.rowcount > 0

    async def _open_rumours(self, *, hold: bool = False) -> Mapping[str, Rumour]:
        """Return the rumours that wait for facts; ``hold`` keeps others from changing them."""
        large = select(people.c.segment).where(~people.c.left, people.c.segment != "")
        large = large.group_by(people.c.segment).having(func.count() >= FLOOR)
        shown = set(await self.connection.scalars(large))
        query = select(rumours).where(rumours.c.closed_on.is_(None)).order_by(rumours.c.key)
        rows = await self.connection.execute(query.with_for_update() if hold else query)
        return grouped(
            Told(r.key, r.text, r.segment if r.segment in shown else "", r.day, r.into)
            for r in rows
        )

    async def rumours(self, since: date) -> Rumours:
        """Return the rumours that wait for facts, and how many were put down since a day."""
        many = select(func.count()).select_from(rumours).where(rumours.c.day >= since)
        return Rumours(await self._open_rumours(), await self.connection.scalar(many) or 0)

    async def rumours_a_day(self) -> dict[date, int]:
        """Count the rumours that were put down on each day."""
        rows = await self.connection.execute(
            select(rumours.c.day, func.count()).group_by(rumours.c.day)
        )
        return {row[0]: row[1] for row in rows}

    async def telling_cards(self, cards: Iterable[str]) -> list[int]:
        """Return deliveries that came to an end, and whose kind still tells on their person."""
        found = await self.connection.scalars(
            select(deliveries.c.id)
            .where(deliveries.c.card.in_(sorted(cards)), deliveries.c.state.in_(sorted(ENDS)))
            .order_by(deliveries.c.id)
        )
        return list(found)

    async def cover_cards(self, numbers: Iterable[int]) -> None:
        """Keep of deliveries what is kept of them once they were sent."""
        rows = await self.connection.execute(
            select(deliveries.c.id, deliveries.c.note).where(deliveries.c.id.in_(sorted(numbers)))
        )
        for row in rows.all():
            note = load(row.note).cover
            if note is not None:
                says = dump(note)
                await self.connection.execute(
                    update(deliveries)
                    .where(deliveries.c.id == row.id)
                    .values(note=says, card=says["card"], subject=note.subject)
                )
