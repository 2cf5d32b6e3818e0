"""Panels, as the store keeps them: who was asked about a draft, and what they said."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Column, ForeignKey, Index, String, Table, func, select, update

from adapters.store.audience import Audiences
from adapters.store.people import people
from adapters.store.schema import Moment, erased_by, metadata
from adapters.store.sealed import Own, Private
from nudges.audience import Rule, exposes
from nudges.panel import EACH, PanelAsked, PanelSaid, Voice

panels = Table(
    "panels",
    metadata,
    Column("draft", String, primary_key=True),
    Column("person", String, ForeignKey("people.id"), primary_key=True),
    Column("asked_at", Moment, nullable=False),
    Column("text", Private, nullable=False, default=""),
    Column("said_at", Moment),
    Index("ix_panels_person", "person"),
    info=erased_by("person"),
)


class Panels(Audiences):
    """The panels' part of a transaction."""

    async def panel_for(self, rule: Rule, now: datetime, most: int) -> list[str]:
        """Return a few of those whom a rule means, some of each job, whoever they happen to be.

        Raises:
            ValueError: to be among them would tell something about them.

        """
        if exposes(rule):
            message = "a rule about barriers or levels has no panel"
            raise ValueError(message)
        meant = await self.meant(rule, now)
        place = func.row_number().over(partition_by=people.c.job, order_by=func.random())
        some = (
            select(people.c.id, place.label("place"))
            .select_from(meant.source)
            .where(meant.where, ~people.c.stopped)
            .subquery()
        )
        few = select(some.c.id).where(some.c.place <= EACH).order_by(some.c.place, func.random())
        return list(await self.connection.scalars(few.limit(most)))

    async def ask_panel(self, fact: PanelAsked, now: datetime) -> None:
        """Note who is asked about a draft; whoever was asked before is not asked again."""
        rows = [
            {"draft": fact.draft, "person": p, "asked_at": now, "text": ""} for p in fact.people
        ]
        await self.upsert(panels, rows, ["draft", "person"])

    async def hear_panel(self, fact: PanelSaid, person: str, now: datetime) -> None:
        """Keep what someone of a panel said; said again, the later words count."""
        await self.connection.execute(
            update(panels)
            .where(panels.c.draft == fact.draft, panels.c.person == person)
            .values(text=Own(fact.text, person), said_at=now)
        )

    async def voices(self, drafts: Iterable[str]) -> dict[str, tuple[Voice, ...]]:
        """Return who was asked about drafts and what they said, by draft."""
        keys = sorted(set(drafts))
        rows = await self.connection.execute(
            select(panels, people.c.name, people.c.job)
            .join(people)
            .where(panels.c.draft.in_(keys))
            .order_by(panels.c.said_at, panels.c.person)
        )
        found: dict[str, tuple[Voice, ...]] = dict.fromkeys(keys, ())
        for row in rows:
            voice = Voice(row.person, row.name, row.job, row.text, row.said_at)
            found[row.draft] = (*found[row.draft], voice)
        return found
