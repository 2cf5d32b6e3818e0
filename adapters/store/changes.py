"""Changes of what many have: the messages of one run replaced by another, a part at a time.

A change goes to whoever has the message, or gets it at this moment; where it still waits it is
drawn with what holds now, or not sent at all.
"""

from typing import Any

from sqlalchemy import JSON, ColumnElement, Integer, Row, and_, case, func, literal, select

from adapters.store.broadcasts import receipts
from adapters.store.deliveries import Deliveries
from adapters.store.delivery_table import deliveries
from adapters.store.schema import Moment
from dialogs.notes import dump, load
from nudges.broadcast_notes import BroadcastNote
from nudges.delivery import Note, Priority, State
from nudges.pace import CHANGES

_root = deliveries.alias("root")
_THERE = (State.CLAIMED, State.SENDING, State.SENT)
"""Messages that have arrived, or are on their way."""


class Changes(Deliveries):
    """The part of a transaction that changes what many have."""

    async def queue_changes(self, row: Row[Any], limit: int) -> tuple[str | None, int]:
        """Queue a part of a run that replaces another's messages, in the order of their people.

        Returns the last person of the part, None if there are no more, and how many it had. To be
        sure that what is queued is really still here, we wait for whoever is claiming it: they may
        have read before the change what it says.
        """
        theirs = and_(_root.c.occasion == row.over, _root.c.person > row.reached)
        last: str | None = await self.connection.scalar(
            select(_root.c.person).where(theirs).order_by(_root.c.person).offset(limit - 1).limit(1)
        )
        part = theirs if last is None else and_(theirs, _root.c.person <= last)
        await self.connection.execute(
            select(_root.c.id)
            .where(part, _root.c.state == State.QUEUED)
            .order_by(_root.c.id)
            .with_for_update()
        )
        return last, await self._queue_changed(row, part)

    async def _queue_changed(self, row: Row[Any], part: ColumnElement[bool]) -> int:
        note = load(row.note)
        lane = func.coalesce(_root.c.platform + ":" + _root.c.tenant, _root.c.lane)
        values: dict[str, Any] = {
            "occasion": literal(row.run),
            "person": _root.c.person,
            "kind": literal("replace"),
            "note": _says(note),
            "card": literal(row.note["card"]),
            "subject": literal(note.subject),
            "priority": literal(int(Priority.BROADCAST), Integer),
            "run": literal(row.run),
            "lane": lane + f"/{CHANGES}",
            "due": literal(row.begins, Moment),
            "state": literal(State.QUEUED.value),
            "attempt": literal(0, Integer),
            "fence": literal(0, Integer),
            "target": _root.c.id,
            "ref": literal(""),
            "why": literal(""),
        }
        named = (what.label(name) for name, what in values.items())
        number = note.broadcasts[0] if note.broadcasts else 0
        theirs = and_(receipts.c.broadcast == number, receipts.c.person == _root.c.person)
        whose = (
            select(*named)
            .select_from(_root.outerjoin(receipts, theirs))
            .where(part, _root.c.kind == "post", _root.c.state.in_(_THERE))
        )
        statement = (
            self.inserting(deliveries)
            .from_select(list(values), whose)
            .on_conflict_do_nothing(index_elements=["occasion", "person"])
        )
        return (await self.connection.execute(statement)).rowcount


def _says(note: Note) -> ColumnElement[Any]:
    """Return what a change says; who said that they got the message is not asked again."""
    plain = literal(dump(note), JSON)
    if not isinstance(note, BroadcastNote):
        return plain
    got = literal(dump(BroadcastNote(note.broadcast, got=True)), JSON)
    return case((receipts.c.person.is_not(None), got), else_=plain)
