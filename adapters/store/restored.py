"""The queue after a backup was brought back: what may have left meanwhile does not leave again."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, text, update

from adapters.store.audit import Audit, Audited
from adapters.store.delivery_table import deliveries
from nudges.delivery import State

GAP = 1_000_000
"""So many numbers are left out after a backup was brought back. Those that were given to messages
meanwhile stand on their buttons, and must never name a later message."""
_OPEN = (State.QUEUED, State.CLAIMED, State.SENDING)
WHY = "a backup was brought back; it may have left before"


class Restored(Audit):
    """The part of a transaction that settles the queue of a backup."""

    async def newest_delivery(self) -> int:
        """Return the number of the newest delivery."""
        return await self.connection.scalar(select(func.max(deliveries.c.id))) or 0

    async def skip_numbers(self, now: datetime) -> None:
        """Let the next delivery have a number that no message ever had.

        SQLite counts on from the greatest there is, PostgreSQL by itself: one row stands there
        for both, and ended before it began.
        """
        beyond = await self.newest_delivery() + GAP
        moved = f"restored:{now:%Y%m%dT%H%M%S%f}"
        row: dict[str, Any] = {"occasion": moved, "person": "", "kind": "post", "note": {}}
        row |= {"card": "none", "priority": 0, "run": "", "lane": "", "due": now}
        await self.connection.execute(
            insert(deliveries).values(id=beyond, state=State.CANCELLED, why=WHY, **row)
        )
        if self.connection.dialect.name == "postgresql":
            sequence = text("SELECT setval(pg_get_serial_sequence('deliveries', 'id'), :beyond)")
            await self.connection.execute(sequence, {"beyond": beyond})

    async def leave_unknown(self, until: datetime, after: int | None = None) -> int:
        """End as unknown what may have left before ``until``; returns how many that were.

        ``after`` ends all deliveries with a greater number, whenever they are due.
        """
        meant = deliveries.c.due <= until if after is None else deliveries.c.id > after
        ended = await self.connection.execute(
            update(deliveries)
            .where(deliveries.c.state.in_(_OPEN), meant)
            .values(
                state=State.UNKNOWN,
                why=WHY,
                owner=None,
                lease_until=None,
                fence=deliveries.c.fence + 1,
            )
        )
        return ended.rowcount

    async def note_restored(self, by: str, now: datetime) -> None:
        """Note in the audit log that a backup was brought back."""
        await self.audit(Audited(now, by, "restore", "backup"))
