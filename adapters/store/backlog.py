"""How the queue stands, read without counting the whole table.

What has left is by far the most and is never looked at: each process counts that as it happens.
"""

from operator import attrgetter

from sqlalchemy import func, select, true

from adapters.store.connection import Connected
from adapters.store.delivery_table import HELD, QUEUED, deliveries
from adapters.store.lanes import lane, lanes
from adapters.store.runs import runs
from adapters.store.schema import Moment
from nudges.backlog import MOST_COUNTED, Backlog
from nudges.delivery import RunState, State

_SOME = select(deliveries.c.lane).where(QUEUED).limit(MOST_COUNTED).subquery()
_QUEUED = select(_SOME.c.lane, func.count().label("n")).group_by(_SOME.c.lane)
_HELD = (
    select(deliveries.c.lane, deliveries.c.state, func.count().label("n"))
    .where(HELD)
    .group_by(deliveries.c.lane, deliveries.c.state)
)
_OLDEST = select(
    lanes.c.name,
    select(deliveries.c.due)
    .where(QUEUED, deliveries.c.run == runs.c.name, deliveries.c.lane == lanes.c.name)
    .order_by(deliveries.c.due)
    .limit(1)
    .scalar_subquery()
    .label("due"),
).select_from(runs.join(lanes, true()))
_OLDEST_THAT_MAY_LEAVE = _OLDEST.where(runs.c.state == RunState.RUNNING)
_CLOCK = select(func.clock_timestamp(type_=Moment))


class Backlogs(Connected):
    """The part of a transaction that tells how the queue stands."""

    async def backlog(self) -> Backlog:
        """Return how the queue stands; what is paused or stopped keeps nobody waiting."""
        connection = self.connection
        counts = {
            (row.lane, State.QUEUED.value): row.n for row in await connection.execute(_QUEUED)
        }
        for row in await connection.execute(_HELD):
            counts[row.lane, row.state] = row.n
        due = [row for row in await connection.execute(_OLDEST_THAT_MAY_LEAVE) if row.due]
        oldest = {row.name: row.due for row in sorted(due, key=attrgetter("due"), reverse=True)}
        known = {row.name: lane(row) for row in await connection.execute(select(lanes))}
        clock = None
        if connection.dialect.name != "sqlite":  # which has the clock of the machine that we are on
            clock = await connection.scalar(_CLOCK)
        return Backlog(counts, oldest, known, clock)
