"""Spreads: a broadcast on its way from one rule to one delivery for each of its people.

Everybody's own morning is worked out once for each way of working (zone, hours, days, country),
because a million people have a few hundred of them, and joined in SQL. Each part notes how far
it got in the same transaction: after a crash it goes on there, and queues nobody twice.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Integer,
    Row,
    String,
    Table,
    and_,
    bindparam,
    delete,
    func,
    insert,
    literal,
    select,
    text,
    update,
)

from adapters.store.audience import Audiences, Meant
from adapters.store.broadcasts import Broadcasts
from adapters.store.changes import Changes
from adapters.store.delivery_table import ENDED, deliveries
from adapters.store.people import people, someone, ways
from adapters.store.runs import runs
from adapters.store.schema import Moment, impersonal, metadata
from dialogs.notes import dump, load
from nudges.audience import Rule
from nudges.audience_language import parse, written
from nudges.broadcast import occasion
from nudges.delivery import Note, Priority, RunState, State
from nudges.hours import at_work, first_morning, next_work
from nudges.people import Person

spreads = Table(
    "spreads",
    metadata,
    Column("run", String, primary_key=True),
    Column("note", JSON, nullable=False),
    Column("rule", String, nullable=False),
    Column("begins", Moment, nullable=False),
    Column("mornings", Boolean, nullable=False),
    Column("reached", String, nullable=False, default=""),
    Column("size", Integer, nullable=False, default=0),
    Column("done_at", Moment),
    Column("over", String, nullable=False, default="", server_default=text("''")),
    info=impersonal("what a broadcast says and the rule for whom; `reached` is a place in a list"),
)
mornings = Table(
    "mornings",
    metadata,
    Column("run", String, primary_key=True),
    Column("way", String, primary_key=True),
    Column("due", Moment, nullable=False),
    info=impersonal("when a way of working starts its day; nobody stands in it"),
)


class Spreads(Changes, Audiences, Broadcasts):
    """The spreads part of a transaction."""

    async def begin_spread(  # noqa: PLR0913 - all that a broadcast is
        self,
        run: str,
        note: Note,
        rule: Rule,
        begins: datetime,
        *,
        own_morning: bool,
        now: datetime,
        day: date | None = None,
    ) -> None:
        """Begin to queue a broadcast; ``own_morning`` waits for each person's working hours.

        Whom the rule means is judged as of the moment when it begins, in whatever parts it is
        queued. With a ``day`` it is the morning of that day where they are, or of their first
        working day after it. Begun twice, it goes on as it was.
        """
        await self.begin_run(run, Priority.BROADCAST, now)
        row = {
            "run": run,
            "note": dump(note),
            "rule": written(rule),
            "begins": begins,
            "mornings": own_morning,
            "reached": "",
            "size": 0,
        }
        if await self.upsert(spreads, [row], ["run"]) and own_morning:
            await self._note_mornings(run, begins, day)

    async def spread(self, now: datetime, limit: int) -> int:
        """Queue the next part of a broadcast that is running; returns how many people it had.

        One that is ``over`` another replaces what people have of that.
        """
        await self.hurry()
        found = await self.connection.execute(
            select(spreads)
            .join(runs, runs.c.name == spreads.c.run)
            .where(spreads.c.done_at.is_(None), runs.c.state == RunState.RUNNING)
            .order_by(spreads.c.begins, spreads.c.run)
            .limit(1)
            .with_for_update(of=spreads, skip_locked=True)
        )
        row = found.one_or_none()
        if row is None:
            return 0
        if row.over:
            boundary, count = await self.queue_changes(row, limit)
            await self._note_part(row.run, count, boundary, now)
            return max(count, boundary is not None)
        meant = await self.meant(parse(row.rule), row.begins)
        rest = and_(people.c.id > row.reached, meant.where)
        boundary: str | None = await self.connection.scalar(
            select(people.c.id)
            .select_from(meant.source)
            .where(rest)
            .order_by(people.c.id)
            .offset(limit - 1)
            .limit(1)
        )
        part = Meant(
            meant.source, rest if boundary is None else and_(rest, people.c.id <= boundary)
        )
        count = await self._queue_part(row, part)
        await self._note_part(row.run, count, boundary, now)
        if boundary is None:
            await self.connection.execute(delete(mornings).where(mornings.c.run == row.run))
        return max(count, boundary is not None)

    async def _note_part(self, run: str, count: int, boundary: str | None, now: datetime) -> None:
        """Note how far a spread got; without a boundary that was the last part."""
        await self.connection.execute(
            update(spreads)
            .where(spreads.c.run == run)
            .values(
                {
                    "size": spreads.c.size + count,
                    **({"done_at": now} if boundary is None else {"reached": boundary}),
                }
            )
        )

    async def all_spread(self, number: int) -> bool:
        """Say whether everybody a broadcast is for has a delivery of their own by now."""
        done = select(spreads.c.done_at).where(spreads.c.run == occasion(number))
        return (await self.connection.scalar(done)) is not None

    async def _queue_part(self, row: Row[Any], part: Meant) -> int:
        note = load(row.note)
        values: dict[str, Any] = {
            "occasion": literal(row.run),
            "person": people.c.id,
            "kind": literal("post"),
            "note": literal(row.note, JSON),
            "card": literal(row.note["card"]),
            "subject": literal(note.subject),
            "priority": literal(int(Priority.BROADCAST), Integer),
            "run": literal(row.run),
            "lane": people.c.lane,
            "due": mornings.c.due if row.mornings else literal(row.begins, Moment),
            "state": literal(State.QUEUED.value),
            "attempt": literal(0, Integer),
            "fence": literal(0, Integer),
            "ref": literal(""),
            "why": literal(""),
        }
        source = part.source
        if row.mornings:
            theirs = and_(mornings.c.run == row.run, mornings.c.way == people.c.way)
            source = source.join(mornings, theirs)
        named = (what.label(name) for name, what in values.items())
        whose = select(*named).select_from(source).where(part.where)
        statement = (
            self.inserting(deliveries)
            .from_select(list(values), whose)
            .on_conflict_do_nothing(index_elements=["occasion", "person"])
        )
        return (await self.connection.execute(statement)).rowcount

    async def _note_mornings(self, run: str, begins: datetime, day: date | None) -> None:
        """Work out when each way of working has its first working moment from ``begins`` on."""
        rows = [
            {"run": run, "way": way, "due": _first(someone(way), begins, day)}
            for way in await self.connection.scalars(select(ways.c.way))
        ]
        if rows:
            await self.connection.execute(insert(mornings), rows)

    async def progress(self, run: str) -> dict[str, int]:
        """Count the people of a broadcast by how it ended for them, and those who wait."""
        size = await self.connection.scalar(select(spreads.c.size).where(spreads.c.run == run))
        rows = await self.connection.execute(_ENDED, {"of": run})
        ended = {row[0]: row[1] for row in rows}
        return {"waiting": (size or 0) - sum(ended.values()), **ended}


_ENDED = (
    select(deliveries.c.state, func.count())
    .where(ENDED, deliveries.c.run == bindparam("of"))
    .group_by(deliveries.c.state)
)


def _first(one: Person, begins: datetime, day: date | None) -> datetime:
    start = first_morning(one, day) if day else begins
    if start > begins:
        return start
    return begins if at_work(one, begins) else next_work(one, begins)
