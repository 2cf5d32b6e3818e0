"""What the planner reads and writes: a batch of people, what they were asked, when they are next.

A batch costs four statements, however many people are in it, and is read without holding up
anyone who writes.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, select, update

from adapters.store.connection import ROWS_A_STATEMENT, Connected
from adapters.store.deliveries import deliveries
from adapters.store.people import hours, people
from nudges.delivery import State
from nudges.people import Person
from nudges.reminders import Asked

_NEEDED = (
    "id",
    "zone",
    "country",
    "starts",
    "ends",
    "days",
    "quiet_from",
    "quiet_until",
    "fewer",
    "welcomed",
    "stopped",
    "left",
    "away_from",
    "away_until",
    "paused_until",
    "next_due",
)


class Planning(Connected):
    """The planner's part of a transaction."""

    async def due(self, now: datetime, limit: int) -> list[Person]:
        """Return people whose next touch is due, longest overdue first.

        Only what planning needs is filled in: no name, no address, no role.
        """
        rows = await self.connection.execute(
            select(*(people.c[name] for name in _NEEDED))
            .where(people.c.next_due <= now)
            .order_by(people.c.next_due)
            .limit(limit)
        )
        return sorted((_person(row) for row in rows), key=lambda p: (p.next_due or now, p.id))

    async def asked(self, persons: Sequence[str], pulses: Sequence[str]) -> dict[str, list[Asked]]:
        """Return which of these pulses each person was asked, oldest first; no cancelled ones."""
        c = deliveries.c
        rows = await self.connection.execute(
            select(c.person, c.occasion, c.state, c.due, c.sent_at, c.answered_at, c.note)
            .where(c.occasion.in_(pulses), c.person.in_(persons), c.state != State.CANCELLED.value)
            .order_by(c.id)
        )
        found: dict[str, list[Asked]] = {}
        for row in rows:
            found.setdefault(row.person, []).append(_asked(row))
        return found

    async def due_next(self, moved: Iterable[tuple[Person, datetime]]) -> set[str]:
        """Note when people are due next; returns those who still were as we read them.

        Who moved meanwhile, by an answer or by another planner, is left as they are now.
        """
        wanted = {person.id: (person.next_due, at) for person, at in moved}
        if not wanted:
            return set()
        await self.connection.execute(
            update(people)
            .where(people.c.id == bindparam("who"), people.c.next_due == bindparam("was"))
            .values(next_due=bindparam("at")),
            [{"who": who, "was": was, "at": at} for who, (was, at) in sorted(wanted.items())],
        )
        ids, ours = sorted(wanted), set[str]()
        for start in range(0, len(ids), ROWS_A_STATEMENT):
            rows = await self.connection.execute(
                select(people.c.id, people.c.next_due).where(
                    people.c.id.in_(ids[start : start + ROWS_A_STATEMENT])
                )
            )
            ours |= {row.id for row in rows if row.next_due == wanted[row.id][1]}
        return ours


def _person(row: Row[Any]) -> Person:
    return Person(
        id=row.id,
        zone=row.zone,
        country=row.country,
        hours=hours(row.starts, row.ends, tuple(row.days), row.quiet_from, row.quiet_until),
        fewer=row.fewer,
        welcomed=row.welcomed,
        stopped=row.stopped,
        left=row.left,
        away_from=row.away_from,
        away_until=row.away_until,
        paused_until=row.paused_until,
        next_due=row.next_due,
    )


def _asked(row: Row[*tuple[Any, ...]]) -> Asked:
    return Asked(
        row.occasion,
        row.sent_at or row.due,
        State(row.state),
        row.answered_at,
        tuple(row.note.get("questions", ())),
    )
