"""Where people kept things, as the store keeps it: one answer a person and week, and no log."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    String,
    Table,
    select,
    update,
)

from adapters.store.connection import Connected
from adapters.store.delivery_table import HAS_SUBJECT, deliveries
from adapters.store.planning import Planning
from adapters.store.schema import Moment, erased_by, metadata
from nudges.shadow import (
    SUBJECT,
    Came,
    Place,
    ShadowBack,
    ShadowFact,
    ShadowKept,
    ShadowReason,
)

shadows = Table(
    "shadows",
    metadata,
    Column("person", String, ForeignKey("people.id"), primary_key=True),
    Column("week", Date, primary_key=True),
    Column("place", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("at", Moment, nullable=False),
    Column("back", Boolean),
    Column("back_at", Moment),
    Index("ix_shadows_at", "at"),
    Index("ix_shadows_back_at", "back_at"),
    info=erased_by("person"),
)


class ShadowFacts(Connected):
    """What people say of it, as their part of a transaction."""

    async def keep_shadow(self, fact: ShadowFact, person: str, now: datetime) -> None:
        """Keep an answer of somebody; another answer takes its place, and its reason with it."""
        c = shadows.c
        mine = update(shadows).where(c.person == person, c.week == fact.week)
        match fact:
            case ShadowKept(week, place):
                row = {"person": person, "week": week, "place": place, "reason": "", "at": now}
                changed = ["place", "reason", "at"]
                await self.upsert(shadows, [row], ["person", "week"], changed)
            case ShadowReason(_, reason):
                await self.connection.execute(mine.values(reason=reason))
            case ShadowBack(_, back):
                await self.connection.execute(mine.values(back=back, back_at=now))


class Shadows(ShadowFacts, Planning):
    """The part of a transaction that asks and counts."""

    async def shadow_came(self, persons: Collection[str]) -> dict[str, list[Came]]:
        """Return when these people were asked where they keep things, oldest first."""
        if not persons:
            return {}
        d = deliveries.c
        rows = await self.connection.execute(
            select(d.person, d.sent_at, d.answered_at)
            .where(
                self._among(d.person, sorted(set(persons))),
                HAS_SUBJECT,
                d.subject == f"{SUBJECT}:asked",
                d.kind == "post",
                d.sent_at.is_not(None),
            )
            .order_by(d.id)
        )
        found: dict[str, list[Came]] = {}
        for person, sent, answered in rows.all():
            found.setdefault(person, []).append(Came(sent, answered))
        return found

    async def shadows_between(self, since: datetime, until: datetime) -> list[tuple[str, Place]]:
        """Return who said where they kept things in a time, earliest first."""
        c = shadows.c
        rows = await self.connection.execute(
            select(c.person, c.place).where(c.at >= since, c.at < until).order_by(c.at, c.week)
        )
        return [(row.person, row.place) for row in rows]

    async def back_between(self, since: datetime, until: datetime) -> list[tuple[str, bool]]:
        """Return who said in a time whether they came back, earliest first."""
        c = shadows.c
        rows = await self.connection.execute(
            select(c.person, c.back)
            .where(c.back_at >= since, c.back_at < until)
            .order_by(c.back_at, c.week)
        )
        return [(row.person, row.back) for row in rows]
