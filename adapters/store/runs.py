"""Runs: what is running, paused or stopped as one.

A run's deliveries leave only while it runs; the claim asks for that, so a switch takes effect at
the next claim, however many rows wait.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, Integer, String, Table, select, update

from adapters.store.connection import Connected
from adapters.store.schema import Moment, impersonal, metadata
from nudges.delivery import Priority, Run, RunState
from nudges.pace import Lane

runs = Table(
    "runs",
    metadata,
    Column("name", String, primary_key=True),
    Column("priority", Integer, nullable=False),
    Column("state", String, nullable=False),
    Column("changed_at", Moment, nullable=False),
    info=impersonal("whether a broadcast or the pulses leave; nobody stands in it"),
)


@dataclass(frozen=True, slots=True)
class Ready:
    """Deliveries of a run are due in a lane."""

    run: str
    priority: Priority
    lane: str
    state: Lane


class Runs(Connected):
    """The runs part of a transaction."""

    async def runs(self) -> list[Run]:
        """Return every run, the most urgent first."""
        rows = await self.connection.execute(select(runs).order_by(runs.c.priority, runs.c.name))
        return [Run(r.name, Priority(r.priority), RunState(r.state), r.changed_at) for r in rows]

    async def begin_run(self, name: str, priority: Priority, now: datetime) -> None:
        """Bring a run into being; one that is there already stays as it is."""
        row = {"name": name, "priority": priority, "state": RunState.RUNNING, "changed_at": now}
        await self.upsert(runs, [row], ["name"])

    async def switch(self, name: str, state: RunState, now: datetime) -> bool:
        """Pause, resume or stop a run; False if there is none, or it was stopped for good."""
        changed = await self.connection.execute(
            update(runs)
            .where(runs.c.name == name, runs.c.state != RunState.STOPPED)
            .values(state=state, changed_at=now)
        )
        return changed.rowcount > 0
