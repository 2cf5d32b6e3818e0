"""Clean-up sprints, as the store keeps them; nobody stands in them."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Date, Integer, Row, String, Table, select, update

from adapters.store.audit import Audit, Audited
from adapters.store.schema import impersonal, metadata, numbered
from nudges.competition import NEW, State, today
from nudges.sprint import Run, Sprint, SprintCancelled, SprintFact, SprintKept, SprintReleased

sprints = Table(
    "sprints",
    metadata,
    numbered(),
    Column("key", String, nullable=False, unique=True),
    Column("reason", JSON, nullable=False),
    Column("fill", JSON, nullable=False),
    Column("goal", Integer, nullable=False),
    Column("starts", Date, nullable=False),
    Column("ends", Date, nullable=False),
    Column("segments", JSON, nullable=False),
    Column("released", Boolean, nullable=False, default=False),
    Column("cancelled", Boolean, nullable=False, default=False),
    info=impersonal("what the CRM team wrote: why, what first, and when; nobody stands in it"),
    sqlite_autoincrement=True,
)
NAMES = ("key", "reason", "fill", "goal", "starts", "ends")


class Sprints(Audit):
    """The part of a transaction with sprints."""

    async def sprints(self, numbers: Iterable[int]) -> dict[int, Run]:
        """Return sprints by number; 0 stands for all of them."""
        wanted = sorted(set(numbers))
        query = select(sprints).order_by(sprints.c.starts, sprints.c.id)
        if 0 not in wanted:
            query = query.where(sprints.c.id.in_(wanted))
        return {row.id: _run(row) for row in await self.connection.execute(query)}

    async def sprint_by_key(self, key: str) -> Run | None:
        """Return a sprint by the name that it was written with."""
        query = select(sprints).where(sprints.c.key == key)
        row = (await self.connection.execute(query)).one_or_none()
        return _run(row) if row else None

    async def keep_sprint(self, fact: SprintFact, by: str, now: datetime) -> None:
        """Keep what the CRM team wants of a sprint."""
        c = sprints.c
        match fact:
            case SprintKept(sprint, number):
                await self._keep_sprint(sprint, number, by, now)
            case SprintReleased(number):
                which = (c.id == number, ~c.released, ~c.cancelled, c.ends >= today(now))
                changed = update(sprints).where(*which).values(released=True)
                if (await self.connection.execute(changed)).rowcount > 0:
                    await self.audit(Audited(now, by, "start", f"sprint:{number}"))
            case SprintCancelled(number):
                which = (c.id == number, ~c.cancelled)
                changed = update(sprints).where(*which).values(cancelled=True)
                if (await self.connection.execute(changed)).rowcount > 0:
                    await self.audit(Audited(now, by, "cancel", f"sprint:{number}"))

    async def _keep_sprint(self, sprint: Sprint, number: int, by: str, now: datetime) -> None:
        values: dict[str, Any] = {name: getattr(sprint, name) for name in NAMES}
        values["segments"] = list(sprint.segments)
        if number == NEW:
            statement = self.inserting(sprints).values(released=False, cancelled=False, **values)
            fresh = await self.connection.execute(
                statement.on_conflict_do_nothing(index_elements=["key"])
            )
            if fresh.rowcount > 0:
                found = await self.sprint_by_key(sprint.key)
                about = f"sprint:{found.number if found else ''}"
                await self.audit(Audited(now, by, "plan", about))
            return
        query = select(sprints).where(sprints.c.id == number).with_for_update()
        row = (await self.connection.execute(query)).one_or_none()
        if row is None or not _may_change(_run(row), sprint, now):
            return
        values["key"] = row.key
        await self.connection.execute(
            update(sprints).where(sprints.c.id == number).values(**values)
        )
        await self.audit(Audited(now, by, "change", f"sprint:{number}"))


def _may_change(before: Run, wanted: Sprint, now: datetime) -> bool:
    """Say whether a sprint may be written otherwise: before it begins, and then prolonged."""
    wanted, state = replace(wanted, key=before.sprint.key), before.state(today(now))
    if state in {State.CANCELLED, State.CLOSED, State.ENDED} or wanted == before.sprint:
        return False
    if state in {State.DRAFT, State.ANNOUNCED}:
        return True
    longer = replace(before.sprint, ends=wanted.ends) == wanted
    return longer and wanted.ends > before.sprint.ends


def _run(row: Row[Any]) -> Run:
    values: Mapping[str, Any] = {name: getattr(row, name) for name in NAMES}
    sprint = Sprint(**values, segments=tuple(row.segments))
    return Run(row.id, sprint, released=row.released, cancelled=row.cancelled)
