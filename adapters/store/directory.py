"""What directories told of people last, as the store keeps it: to see later what is new."""

from collections.abc import Iterable, Mapping, Sequence

from pydantic import TypeAdapter
from sqlalchemy import Column, ForeignKey, String, Table, select

from adapters.store.connection import Connected
from adapters.store.people import people
from adapters.store.schema import erased_by, metadata
from nudges.directory import Entry

_ENTRY: TypeAdapter[Entry] = TypeAdapter(Entry)
directory = Table(
    "directory",
    metadata,
    Column("person", String, ForeignKey("people.id"), primary_key=True),
    Column("told", String, nullable=False),
    info=erased_by("person"),
)


class Directory(Connected):
    """The directory's part of a transaction."""

    async def told(self, tells: Mapping[str, Entry]) -> dict[str, Entry]:
        """Return what was told last of each person; what is told again is that very entry."""
        rows = await self.connection.execute(select(directory.c.person, directory.c.told))
        found: dict[str, Entry] = {}
        for person, text in rows:
            before = _ENTRY.validate_json(text)
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
            {"person": entry.id, "told": _ENTRY.dump_json(entry, exclude_defaults=True).decode()}
            for entry in entries
        ]
        if rows:
            statement = self.inserting(directory)
            await self.connection.execute(
                statement.on_conflict_do_update(
                    index_elements=["person"], set_={"told": statement.excluded.told}
                ),
                rows,
            )
