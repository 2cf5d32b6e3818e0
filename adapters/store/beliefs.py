"""Whether people believe a sender, as the store keeps it, and in whose name one may write."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import (
    Column,
    ColumnElement,
    ForeignKey,
    Index,
    String,
    Table,
    case,
    distinct,
    func,
    literal,
    select,
)

from adapters.store.broadcasts import broadcasts
from adapters.store.people import grants, people
from adapters.store.releases import Releases
from adapters.store.schema import Moment, Number, erased_by, metadata
from nudges.belief import FRESH, SENDERS, Belief, SenderBelief, belief_in, shown
from nudges.group import segment_unit
from nudges.release import FLOOR
from nudges.roles import Role

beliefs = Table(
    "beliefs",
    metadata,
    Column("broadcast", Number, primary_key=True),
    Column("person", String, ForeignKey("people.id"), primary_key=True),
    Column("sender", String, nullable=False),
    Column("value", String, nullable=False),
    Column("at", Moment, nullable=False),
    Index("ix_beliefs_person", "person"),
    Index("ix_beliefs_at", "at"),
    info=erased_by("person", cleared={"sender": ""}),
)


class Beliefs(Releases):
    """The beliefs' part of a transaction."""

    async def believe(self, number: int, person: str, value: Belief, now: datetime) -> None:
        """Keep whether someone believes the sender of a broadcast; the last word counts."""
        found = broadcasts.c
        sender = func.coalesce(func.nullif(found.sender, ""), found.author)
        row = select(
            found.id, literal(person), sender, literal(value), literal(now, Moment())
        ).where(found.id == number)
        statement = self.inserting(beliefs).from_select(list(beliefs.c.keys()), row)
        changed = {name: statement.excluded[name] for name in ("value", "at")}
        await self.connection.execute(
            statement.on_conflict_do_update(index_elements=["broadcast", "person"], set_=changed)
        )

    async def senders_judged(self, now: datetime) -> list[str]:
        """Return of which senders enough people said whether they believe them, for a number."""
        found = await self.connection.scalars(
            select(beliefs.c.sender)
            .where(*_counts(now))
            .group_by(beliefs.c.sender)
            .having(func.count(distinct(beliefs.c.person)) >= FLOOR)
            .order_by(beliefs.c.sender)
        )
        return list(found)

    async def beliefs_about(self, sender: str, now: datetime) -> dict[str, Belief]:
        """Return whether people believe a sender, by who said so; the last word of each counts."""
        rows = await self.connection.execute(
            select(beliefs.c.person, beliefs.c.value)
            .where(*_counts(now), beliefs.c.sender == sender)
            .order_by(beliefs.c.at, beliefs.c.broadcast)
        )
        return {row.person: row.value for row in rows}

    async def believed(self, senders: Collection[str], now: datetime) -> list[SenderBelief]:
        """Return which of these senders are believed, by all and by each segment, as was told."""
        segments = sorted({"", *await self.connection.scalars(select(people.c.segment).distinct())})
        measures = {belief_in(sender).name: sender for sender in senders}
        told = await self.figures_of([segment_unit(one) for one in segments], measures)
        found = (
            shown(measures[name], segment, figures[0], now)
            for segment in segments
            for name, figures in told.get(segment_unit(segment), {}).items()
        )
        some = (one for one in found if one)
        return sorted(some, key=lambda one: (one.sender, one.segment))

    async def senders(self, most: int) -> list[str]:
        """Return in whose name one may write, by role and name, as many as ``most``.

        Managers may be thousands, so they come after sponsors, champions and the CRM team.
        """
        order = sorted(SENDERS, key=lambda role: role == Role.MANAGER)
        rank = case({role.value: n for n, role in enumerate(order)}, value=grants.c.role)
        best = (
            select(grants.c.person, func.min(rank).label("rank"))
            .where(grants.c.role.in_(sorted(SENDERS)), ~grants.c.revoked)
            .group_by(grants.c.person)
            .subquery()
        )
        found = await self.connection.execute(
            select(best.c.rank, people.c.name, people.c.id)
            .join(best, best.c.person == people.c.id)
            .where(~people.c.left)
        )
        in_order = sorted((row.rank, row.name, row.id) for row in found)
        return [who for _, _, who in in_order[:most]]


def _counts(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Return which answers count: of half a year, and nobody's about themselves."""
    c = beliefs.c
    return c.at > now - FRESH, c.sender != "", c.sender != c.person
