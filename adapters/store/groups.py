"""Groups of people that were put together elsewhere: a CSV list, Slack, Entra.

A platform tells of addresses. Only those that belong to somebody who is known are kept, as that
person: so forgetting someone needs nothing more, nobody is kept of whom we know nothing else, and
a rule is counted without looking up addresses. Who becomes known later comes in with the next
fetch.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import (
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    String,
    Table,
    and_,
    delete,
    func,
    select,
    tuple_,
)

from adapters.store.connection import ROWS_A_STATEMENT, Connected
from adapters.store.people import addresses, people
from adapters.store.schema import Moment, erased_by, impersonal, metadata
from nudges.address import Address
from nudges.audience import Group, GroupKind, Known

groups = Table(
    "groups",
    metadata,
    Column("kind", String, primary_key=True),
    Column("name", String, primary_key=True),
    Column("source", String, nullable=False),
    Column("fetched_at", Moment, nullable=False),
    Column("unknown", Integer, nullable=False),
    info=impersonal(
        "that there is a group, and where it comes from; who is in it stands beside it"
    ),
)
group_members = Table(
    "group_members",
    metadata,
    Column("kind", String, primary_key=True),
    Column("name", String, primary_key=True),
    Column("person", String, ForeignKey("people.id"), primary_key=True, index=True),
    ForeignKeyConstraint(["kind", "name"], ["groups.kind", "groups.name"]),
    info=erased_by("person"),
)


class Groups(Connected):
    """The groups part of a transaction."""

    async def keep_list(
        self, group: Group, persons: Iterable[str], source: str, now: datetime, unknown: int = 0
    ) -> Known:
        """Keep a group whose people are known by id; who was in it before and is not now, is out.

        ``source`` says where it comes from, for people; ``unknown`` is how many it names that
        are nobody we know.
        """
        return await self._keep_group(group, set(persons), unknown, source, now)

    async def keep_group(
        self, group: Group, homes: Iterable[Address], source: str, now: datetime
    ) -> Known:
        """Keep a platform's group; addresses of nobody we know are counted and not kept."""
        wanted = sorted({home.key for home in homes})
        place = tuple_(addresses.c.platform, addresses.c.tenant, addresses.c.user)
        found: set[str] = set()
        known = 0
        for start in range(0, len(wanted), ROWS_A_STATEMENT):
            part = wanted[start : start + ROWS_A_STATEMENT]
            rows = list(
                await self.connection.scalars(select(addresses.c.person).where(place.in_(part)))
            )
            found |= set(rows)
            known += len(rows)
        return await self._keep_group(group, found, len(wanted) - known, source, now)

    async def _keep_group(
        self, group: Group, persons: set[str], unknown: int, source: str, now: datetime
    ) -> Known:
        """Write only what is different: a list that comes again costs a look."""
        row = {
            "kind": group.kind,
            "name": group.name,
            "source": source,
            "fetched_at": now,
            "unknown": unknown,
        }
        changed = ["source", "fetched_at", "unknown"]
        await self.upsert(groups, [row], ["kind", "name"], changed)
        mine = and_(group_members.c.kind == group.kind, group_members.c.name == group.name)
        before = set(await self.connection.scalars(select(group_members.c.person).where(mine)))
        gone = sorted(before - persons)
        for start in range(0, len(gone), ROWS_A_STATEMENT):
            part = group_members.c.person.in_(gone[start : start + ROWS_A_STATEMENT])
            await self.connection.execute(delete(group_members).where(mine, part))
        key = {"kind": group.kind, "name": group.name}
        # Worked out once and run for each: with the values of many in it, a statement of its own
        # for every 500 held up all other writers for seconds.
        adding = self.inserting(group_members).on_conflict_do_nothing()
        if new := [{**key, "person": person} for person in sorted(persons - before)]:
            await self.connection.execute(adding, new)
        return Known(group, len(persons), unknown, source, now)

    async def groups(self) -> list[Known]:
        """Return all groups that are kept, without who is in them."""
        size = (
            select(func.count())
            .where(group_members.c.kind == groups.c.kind, group_members.c.name == groups.c.name)
            .scalar_subquery()
        )
        rows = await self.connection.execute(
            select(groups, size.label("size")).order_by(groups.c.kind, groups.c.name)
        )
        return [
            Known(Group(GroupKind(r.kind), r.name), r.size, r.unknown, r.source, r.fetched_at)
            for r in rows
        ]

    async def identities(self) -> list[tuple[str, str]]:
        """Return everybody's id and email."""
        rows = await self.connection.execute(
            select(people.c.id, people.c.email).order_by(people.c.id)
        )
        return [(row.id, row.email) for row in rows]

    async def leavers(self) -> set[str]:
        """Return who has left, by id."""
        return set(await self.connection.scalars(select(people.c.id).where(people.c.left)))
