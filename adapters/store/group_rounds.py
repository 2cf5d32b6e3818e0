"""Which groups of Slack and Entra are due to be fetched, and whose turn it is to fetch them.

Due is what was fetched before, and what a broadcast names that is still on its way. A try is
noted before it is made: two programs do not ask for the same group, and one that cannot be read
is left alone until the next hour like any other.
"""

from datetime import datetime

from sqlalchemy import Column, String, Table, select

from adapters.store.groups import Groups, groups
from adapters.store.runs import runs
from adapters.store.schema import Moment, impersonal, metadata
from adapters.store.spreads import spreads
from nudges.audience import Group, GroupKind, groups_in
from nudges.audience_language import parse
from nudges.delivery import RunState

group_tries = Table(
    "group_tries",
    metadata,
    Column("kind", String, primary_key=True),
    Column("name", String, primary_key=True),
    Column("tried_at", Moment, nullable=False),
    info=impersonal("when a group was last asked for; nobody stands in it"),
)


class GroupRounds(Groups):
    """The part of a transaction that fetching groups by itself needs."""

    async def groups_wanted(self) -> list[Group]:
        """Return the platforms' groups that were fetched before, or that a broadcast names."""
        rows = await self.connection.execute(select(groups.c.kind, groups.c.name))
        wanted = {Group(GroupKind(row.kind), row.name) for row in rows}
        rules = await self.connection.scalars(
            select(spreads.c.rule)
            .join(runs, runs.c.name == spreads.c.run)
            .where(spreads.c.done_at.is_(None), runs.c.state != RunState.STOPPED)
            .distinct()
        )
        wanted |= {group for rule in rules for group in groups_in(parse(rule))}
        return sorted(group for group in wanted if group.kind is not GroupKind.LIST)

    async def groups_due(self, since: datetime) -> list[Group]:
        """Return those of them that nobody has fetched or asked for after this moment."""
        lately: set[tuple[str, str]] = set()
        for table, at in ((groups, groups.c.fetched_at), (group_tries, group_tries.c.tried_at)):
            rows = await self.connection.execute(
                select(table.c.kind, table.c.name).where(at > since)
            )
            lately |= {(row.kind, row.name) for row in rows}
        return [g for g in await self.groups_wanted() if (g.kind, g.name) not in lately]

    async def try_group(self, group: Group, now: datetime, since: datetime) -> bool:
        """Note that a group is asked for now; False if someone did so after ``since``."""
        row = {"kind": group.kind, "name": group.name, "tried_at": now}
        statement = self.inserting(group_tries).values([row])
        mine = statement.on_conflict_do_update(
            index_elements=["kind", "name"],
            set_={"tried_at": statement.excluded.tried_at},
            where=group_tries.c.tried_at <= since,
        )
        return (await self.connection.execute(mine)).rowcount > 0
