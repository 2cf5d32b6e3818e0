"""Lanes: how far each platform and tenant is booked ahead, and what it asked for."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Column, Float, Row, String, Table, bindparam, select, update

from adapters.store.connection import Connected
from adapters.store.schema import Moment, impersonal, metadata
from nudges.pace import Lane, lanes_of

lanes = Table(
    "lanes",
    metadata,
    Column("name", String, primary_key=True),
    Column("free_at", Moment),
    Column("blocked_until", Moment),
    Column("slowed_at", Moment),
    Column("slowed_to", Float, nullable=False, default=1.0),
    info=impersonal("when the next message may go to a platform; nobody stands in it"),
)


class Lanes(Connected):
    """The lanes part of a transaction."""

    async def lanes(self, names: Iterable[str]) -> dict[str, Lane]:
        """Return lanes; they are ours until the transaction ends."""
        rows = await self.connection.execute(
            select(lanes)
            .where(lanes.c.name.in_(sorted(names)))
            .order_by(lanes.c.name)
            .with_for_update()
        )
        return {row.name: lane(row) for row in rows}

    async def keep_lanes(self, changed: Mapping[str, Lane]) -> None:
        """Keep lanes as they are now."""
        if changed:
            await self.connection.execute(
                update(lanes)
                .where(lanes.c.name == bindparam("of"))
                .values(
                    free_at=bindparam("free", type_=Moment),
                    blocked_until=bindparam("until", type_=Moment),
                    slowed_at=bindparam("since", type_=Moment),
                    slowed_to=bindparam("speed"),
                ),
                [
                    {
                        "of": name,
                        "free": one.free_at,
                        "until": one.blocked_until,
                        "since": one.slowed_at,
                        "speed": one.slowed_to,
                    }
                    for name, one in sorted(changed.items())
                ],
            )

    async def open_lanes(self, homes: Iterable[str]) -> None:
        """Bring the lanes of platforms and tenants into being."""
        names = sorted({name for home in homes for name in lanes_of(home)})
        await self.upsert(lanes, [{"name": name, "slowed_to": 1.0} for name in names], ["name"])


def lane(row: Row[Any]) -> Lane:
    """Read a lane from a row of the table."""
    return Lane(row.free_at, row.blocked_until, row.slowed_at, row.slowed_to)
