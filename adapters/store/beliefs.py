"""Whether people believe a sender, as the store keeps it, and in whose name one may write."""

from collections import Counter
from datetime import datetime

from sqlalchemy import Column, ForeignKey, Index, String, Table, case, func, literal, select

from adapters.store.broadcasts import broadcasts
from adapters.store.connection import Connected
from adapters.store.people import grants, people
from adapters.store.schema import Moment, Number, erased_by, metadata
from nudges.belief import FRESH, SENDERS, Belief, SenderBelief, shown
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


class Beliefs(Connected):
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

    async def believed(self, now: datetime) -> list[SenderBelief]:
        """Return who is believed, by all and by each segment, as far as authors may know it.

        Of each person the last answer about a sender counts, for half a year; how many gave it
        does not leave here.
        """
        newest = func.row_number().over(
            partition_by=(beliefs.c.sender, beliefs.c.person),
            order_by=(beliefs.c.at.desc(), beliefs.c.broadcast.desc()),
        )
        last = (
            select(beliefs.c.sender, beliefs.c.value, people.c.segment, newest.label("place"))
            .join(people)
            .where(
                beliefs.c.at > now - FRESH,
                beliefs.c.sender != "",
                beliefs.c.sender != beliefs.c.person,
            )
            .subquery()
        )
        rows = await self.connection.execute(
            select(last.c.sender, last.c.segment, last.c.value, func.count())
            .where(last.c.place == 1)
            .group_by(last.c.sender, last.c.segment, last.c.value)
        )
        counted: dict[tuple[str, str], Counter[str]] = {}
        for sender, segment, value, n in rows:
            for of in {"", segment}:
                counted.setdefault((sender, of), Counter())[value] += n
        found = (shown(*whose, given) for whose, given in sorted(counted.items()))
        return [one for one in found if one]

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
        found = await self.connection.scalars(
            select(people.c.id)
            .join(best, best.c.person == people.c.id)
            .where(~people.c.left)
            .order_by(best.c.rank, people.c.name, people.c.id)
            .limit(most)
        )
        return list(found)
