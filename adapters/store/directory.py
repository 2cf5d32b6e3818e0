"""What each directory told of people last, as the store keeps it: to see later what is new."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    String,
    Table,
    delete,
    exists,
    select,
    tuple_,
)

from adapters.store.people import People, addresses
from adapters.store.schema import erased_by, metadata, uniting
from adapters.store.sealed import Own, Private
from adapters.store.standings import Standings
from nudges.address import Address
from nudges.directory import Entry, Source, Telling
from nudges.people import Person

_ENTRY: TypeAdapter[Entry] = TypeAdapter(Entry)
directory = Table(
    "directory",
    metadata,
    Column("person", String, ForeignKey("people.id"), primary_key=True),
    Column("source", String, primary_key=True),
    Column("own", Private, nullable=False),
    Column("gone", Boolean, nullable=False, default=False),
    Column("manager", String, nullable=False, default=""),
    Column("told", Private, nullable=False),
    info=erased_by("person", cleared={"manager": ""}),
)
_TOLD = (directory.c.person, directory.c.source)
PAGE = 5000


class Directory(People, Standings):
    """The directory's part of a transaction."""

    async def tellings(self, tells: Mapping[str, Entry]) -> list[Telling]:
        """Return what each directory told last; what is told again is that very entry."""
        found: list[Telling] = []
        last = ("", "")
        while True:  # page by page: all rows at once would take as much memory as the people
            page = select(directory).where(tuple_(*_TOLD) > tuple_(*last))
            page = page.order_by(*_TOLD).limit(PAGE)
            rows = (await self.connection.execute(page)).all()
            for row in rows:
                before = replace(_ENTRY.validate_json(row.told), manager=row.manager)
                now = tells.get(row.own)
                entry = now if now is not None and now == before else before
                found.append(Telling(row.source, row.own, entry, row.gone))
            if len(rows) < PAGE:
                return found
            last = (rows[-1].person, rows[-1].source)

    async def keep_tellings(self, tellings: Iterable[Telling]) -> None:
        """Remember what a directory told of people."""
        tellings = list(tellings)
        await self.connection.keyring.meet(telling.entry.id for telling in tellings)
        rows: Sequence[dict[str, Any]] = [
            {
                "person": telling.entry.id,
                "source": telling.source,
                "own": Own(telling.own, telling.entry.id),
                "gone": telling.gone,
                "manager": telling.entry.manager,
                "told": Own(
                    _ENTRY.dump_json(
                        telling.entry, exclude={"manager"}, exclude_defaults=True
                    ).decode(),
                    telling.entry.id,
                ),
            }
            for telling in tellings
        ]
        if rows:
            statement = self.inserting(directory)
            await self.connection.execute(
                statement.on_conflict_do_update(
                    index_elements=["person", "source"],
                    set_={
                        name: statement.excluded[name]
                        for name in ("own", "gone", "manager", "told")
                    },
                ),
                rows,
            )

    async def drop_tellings(self, source: Source) -> None:
        """Forget what a directory told of people of whom another one tells, too."""
        other = directory.alias("other")
        elsewhere = exists().where(
            other.c.person == directory.c.person, other.c.source != directory.c.source
        )
        await self.connection.execute(
            delete(directory).where(directory.c.source == source, elsewhere)
        )

    async def strangers(self, homes: Iterable[Address]) -> dict[Address, Person]:
        """Return who came to these addresses by themselves, before a directory told of them."""
        wanted = {home.key: home for home in homes}
        rows = await self.connection.execute(
            select(*(addresses.c[name] for name in ("platform", "tenant", "account", "person")))
            .outerjoin(directory, directory.c.person == addresses.c.person)
            .where(_PLACE.in_(list(wanted)), directory.c.person.is_(None))
        )
        whose = {wanted[row.platform, row.tenant, row.account]: row.person for row in rows}
        known = await self.hold(whose.values())
        return {home: known[person] for home, person in whose.items()}

    async def unite(self, stranger: str, person: str) -> None:
        """Make one person of two: all that the stranger has is theirs.

        Their answers together may tell another barrier than either's.
        """
        await self.connection.keyring.hand_over(stranger, person)
        for statement in uniting(stranger, person):
            await self.connection.execute(statement)
        await self.keep_outlooks({person: ()})
        await self.outlook_due([person])


_PLACE = tuple_(addresses.c.platform, addresses.c.tenant, addresses.c.user)
