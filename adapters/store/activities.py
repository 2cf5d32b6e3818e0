"""Ticks: what people said of their activities, and what they were reminded of."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import Column, ForeignKey, Index, String, Table, and_, func, select

from adapters.store.connection import Connected
from adapters.store.delivery_table import HAS_SUBJECT, deliveries
from adapters.store.people import grants, people
from adapters.store.schema import Moment, erased_by, metadata
from nudges.activities import SUBJECT, Known, Nudged, Tick
from nudges.delivery import State
from nudges.roles import Role

ticks = Table(
    "ticks",
    metadata,
    Column("person", String, ForeignKey("people.id"), primary_key=True),
    Column("activity", String, primary_key=True),
    Column("period", String, primary_key=True),
    Column("state", String, nullable=False),
    Column("at", Moment, nullable=False),
    Index("ix_ticks_at", "at"),
    info=erased_by("person"),
)
_ABOUT = f"{SUBJECT}:"
_IS_ONE = and_(HAS_SUBJECT, deliveries.c.subject >= _ABOUT, deliveries.c.subject < f"{SUBJECT};")
_CAME = and_(
    _IS_ONE,
    deliveries.c.kind == "post",
    deliveries.c.state.not_in((State.CANCELLED, State.GONE, State.REFUSED)),
)


class Ticks(Connected):
    """The activities' part of a transaction."""

    async def tick(self, tick: Tick) -> None:
        """Keep what somebody said of an activity; what they say later of the same period counts."""
        row = {
            "person": tick.person,
            "activity": tick.activity,
            "period": tick.period,
            "state": tick.state,
            "at": tick.at,
        }
        await self.upsert(ticks, [row], ["person", "activity", "period"], ("state", "at"))

    async def known(self, persons: Iterable[str]) -> dict[str, Known]:
        """Return what each of these people ticked and was reminded of, oldest first."""
        ids = sorted(set(persons))
        said: dict[str, list[Tick]] = {}
        rows = await self.connection.execute(
            select(ticks).where(ticks.c.person.in_(ids)).order_by(ticks.c.at, ticks.c.activity)
        )
        for r in rows:
            said.setdefault(r.person, []).append(
                Tick(r.person, r.activity, r.period, r.state, r.at)
            )
        came: dict[str, list[Nudged]] = {}
        c = deliveries.c
        told = await self.connection.execute(
            select(c.person, c.subject, c.due, c.sent_at, c.answered_at)
            .where(c.person.in_(ids), _CAME)
            .order_by(c.id)
        )
        for r in told:
            came.setdefault(r.person, []).append(
                Nudged(r.subject.removeprefix(_ABOUT), r.sent_at or r.due, r.answered_at)
            )
        return {
            who: Known(tuple(said.get(who, ())), tuple(came.get(who, ()))) for who in {*said, *came}
        }

    async def doers(self, roles: Collection[Role], after: str, limit: int) -> list[str]:
        """Return who holds one of these roles and was welcomed, by id, from ``after`` on."""
        found = await self.connection.scalars(
            select(people.c.id)
            .join(grants, grants.c.person == people.c.id)
            .where(
                grants.c.role.in_(sorted(roles)),
                ~grants.c.revoked,
                ~people.c.left,
                people.c.welcomed,
                people.c.id > after,
            )
            .distinct()
            .order_by(people.c.id)
            .limit(limit)
        )
        return list(found)

    async def month_of(
        self, since: datetime, until: datetime
    ) -> tuple[set[tuple[str, str]], Sequence[Tick]]:
        """Return which activities came to whom in a time, and what was ticked in it.

        Who has which role by now does not matter: the sum of a month stays the same, so that two
        readings of it do not tell who came or went between them.
        """
        c = deliveries.c
        came = await self.connection.execute(
            select(c.person, c.subject).where(_CAME, c.sent_at >= since, c.sent_at < until)
        )
        said = await self.connection.execute(
            select(ticks).where(ticks.c.at >= since, ticks.c.at < until)
        )
        return (
            {(r.person, r.subject.removeprefix(_ABOUT)) for r in came},
            [Tick(r.person, r.activity, r.period, r.state, r.at) for r in said],
        )

    async def some_of(self, segment: str, limit: int) -> list[str]:
        """Return people of a segment, by id, as far as they are needed to see where it stands."""
        found = await self.connection.scalars(
            select(people.c.id)
            .where(people.c.segment == segment, people.c.welcomed, ~people.c.left)
            .order_by(func.lower(people.c.id))
            .limit(limit)
        )
        return list(found)
