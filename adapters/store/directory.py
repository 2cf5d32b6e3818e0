"""What directories told of people last, as the store keeps it: to see later what is new."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from pydantic import TypeAdapter
from sqlalchemy import Column, ForeignKey, String, Table, select, tuple_

from adapters.store.people import People, addresses, people
from adapters.store.schema import erased_by, metadata, uniting
from adapters.store.standings import Standings
from nudges.address import Address
from nudges.directory import Entry
from nudges.people import Person

_ENTRY: TypeAdapter[Entry] = TypeAdapter(Entry)
directory = Table(
    "directory",
    metadata,
    Column("person", String, ForeignKey("people.id"), primary_key=True),
    Column("manager", String, nullable=False, default=""),
    Column("told", String, nullable=False),
    info=erased_by("person", cleared={"manager": ""}),
)


class Directory(People, Standings):
    """The directory's part of a transaction."""

    async def told(self, tells: Mapping[str, Entry]) -> dict[str, Entry]:
        """Return what was told last of each person; what is told again is that very entry."""
        rows = await self.connection.execute(select(directory))
        found: dict[str, Entry] = {}
        for person, manager, text in rows:
            before = replace(_ENTRY.validate_json(text), manager=manager)
            now = tells.get(person)
            found[person] = now if now is not None and now == before else before
        return found

    async def gone(self) -> set[str]:
        """Return who was told of and has left since."""
        found = await self.connection.scalars(
            select(directory.c.person).join(people).where(people.c.left)
        )
        return set(found)

    async def keep_told(self, entries: Iterable[Entry]) -> None:
        """Remember what was told of people."""
        rows: Sequence[dict[str, str]] = [
            {
                "person": entry.id,
                "manager": entry.manager,
                "told": _ENTRY.dump_json(
                    entry, exclude={"manager"}, exclude_defaults=True
                ).decode(),
            }
            for entry in entries
        ]
        if rows:
            statement = self.inserting(directory)
            await self.connection.execute(
                statement.on_conflict_do_update(
                    index_elements=["person"],
                    set_={name: statement.excluded[name] for name in ("manager", "told")},
                ),
                rows,
            )

    async def strangers(self, homes: Iterable[Address]) -> dict[Address, Person]:
        """Return who came to these addresses by themselves, before a directory told of them."""
        wanted = {home.key: home for home in homes}
        rows = await self.connection.execute(
            select(*(addresses.c[name] for name in ("platform", "tenant", "user", "person")))
            .outerjoin(directory, directory.c.person == addresses.c.person)
            .where(_PLACE.in_(list(wanted)), directory.c.person.is_(None))
        )
        whose = {wanted[row.platform, row.tenant, row.user]: row.person for row in rows}
        known = await self.hold(whose.values())
        return {home: known[person] for home, person in whose.items()}

    async def unite(self, stranger: str, person: str) -> None:
        """Make one person of two: all that the stranger has is theirs.

        Their answers together may tell another barrier than either's.
        """
        for statement in uniting(stranger, person):
            await self.connection.execute(statement)
        await self.keep_outlooks({person: ()})
        await self.outlook_due([person])


_PLACE = tuple_(addresses.c.platform, addresses.c.tenant, addresses.c.user)
