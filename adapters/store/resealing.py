"""Seal what stands open in a database from before there were keys of people's own.

It goes a part at a time, each a transaction of its own, and goes on where it was stopped: what is
sealed is known by how it begins. What an engine keeps of the old bytes is gone once the database
was written anew (``VACUUM``, or a dump and a restore).
"""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Integer,
    Row,
    String,
    Table,
    and_,
    bindparam,
    cast,
    literal,
    or_,
    select,
    type_coerce,
    update,
)

from adapters.store.connection import ROWS_A_STATEMENT, Connected
from adapters.store.inbox import inbox, speaker
from adapters.store.people import addresses, people
from adapters.store.questions import questions
from adapters.store.schema import metadata
from adapters.store.sealed import SEALED, Closed, Own, Private, PrivateJson
from adapters.store.standings import bases

Key: TypeAlias = str | int
KEYRING, ALL = "keyring", "sealed"
"""What is noted: which keys are the database's, and that all of it is sealed."""
_ACCOUNT = addresses.c.account
_MARKED: Mapping[Table, Callable[[Row[Any]], Mapping[str, Any]]] = {
    people: lambda row: {"called": row.v_name, "mailbox": row.v_email.casefold()},
    addresses: lambda row: {"user": str(row.k_user), "account": Own(str(row.k_user), row.whose)},
    questions: lambda row: {"words": row.v_text.casefold()},
    inbox: lambda row: {"sender": str(row.sender)},
}
"""By which marks a row is found, from what stood open in it."""
_ALSO: Mapping[Table, ColumnElement[bool]] = {
    addresses: and_(_ACCOUNT == "", addresses.c.user != ""),
}
"""What else tells that a row is from before, where its texts may be empty."""


class Resealing(Connected):
    """The part of a transaction that seals what stands open."""

    async def keys_belong(self, fingerprint: str) -> bool | None:
        """Say whether these are the keys of this database; None if it has none yet."""
        found = await self._base(KEYRING)
        return None if found is None else found == fingerprint

    async def keep_keys(self, fingerprint: str) -> bool:
        """Note which keys are this database's, unless others are; say whether these are."""
        await self._keep_base(KEYRING, fingerprint)
        return await self._base(KEYRING) == fingerprint

    async def all_sealed(self) -> bool:
        """Say whether nothing is left of the time before there were keys."""
        return await self._base(ALL) is not None

    async def note_all_sealed(self) -> None:
        """Note that nothing is left of the time before there were keys."""
        await self._keep_base(ALL, "done")

    async def _base(self, name: str) -> str | None:
        return await self.connection.scalar(select(bases.c.fingerprint).where(bases.c.name == name))

    async def _keep_base(self, name: str, what: str) -> None:
        await self.upsert(bases, [{"name": name, "fingerprint": what}], ["name"])

    async def standing_open(self) -> list[Table]:
        """Return the tables in which something is not sealed yet."""
        return [
            table
            for table in metadata.sorted_tables
            if (columns := _private(table))
            and await self.connection.scalar(
                select(literal(1)).select_from(table).where(_open(table, columns)).limit(1)
            )
        ]

    async def reseal(self, table: Table, after: Key | None = None) -> Key | None:
        """Seal some of what stands open in a table, behind a key.

        Returns the key behind which to go on; None where nothing is left.
        """
        columns, keys = _private(table), list(table.primary_key.columns)
        walked = len(keys) == 1 and isinstance(keys[0].type, String | Integer)
        query = select(
            *(c.label(f"k_{c.name}") for c in keys),
            _whose(table).label("whose"),
            *(_raw(c).label(f"v_{c.name}") for c in columns),
            *([inbox.c.sender] if table is inbox else []),
        )
        query = query.where(_open(table, columns)).limit(ROWS_A_STATEMENT)
        if walked:  # what was walked past is not looked at again, or large tables never end
            query = query.order_by(keys[0])
            query = query if after is None else query.where(keys[0] > after)
        rows = (await self.connection.execute(query)).all()
        if not rows:
            return None
        keyring = self.connection.keyring
        owners = [row.whose or "" for row in rows]
        if table is inbox:
            owners = [row.whose or speaker(str(row.sender), keyring) for row in rows]
        await keyring.meet(owners)
        found: list[dict[str, Any]] = []
        for row, owner in zip(rows, owners, strict=True):
            values = {c.name: _own(getattr(row, f"v_{c.name}"), owner) for c in columns}
            values |= _MARKED.get(table, _nothing)(row)
            of = {f"k_{c.name}": getattr(row, f"k_{c.name}") for c in keys}
            found.append(of | {f"v_{name}": value for name, value in values.items()})
        names = [name[2:] for name in found[0] if name.startswith("v_")]
        await self.connection.execute(
            update(table)
            .where(*(c == bindparam(f"k_{c.name}") for c in keys))
            .values({n: bindparam(f"v_{n}", type_=table.c[n].type) for n in names}),
            found,
        )
        return getattr(rows[-1], f"k_{keys[0].name}") if walked else ""


def _private(table: Table) -> list[Column[Any]]:
    """Return the columns of a table that hold what is somebody's own."""
    return [c for c in table.c if isinstance(c.type, Private | PrivateJson)]


def _open(table: Table, columns: Sequence[Column[Any]]) -> ColumnElement[bool]:
    """Tell a row of which something is not sealed yet."""
    also = _ALSO.get(table)
    return or_(*(_stands_open(c) for c in columns), *([] if also is None else [also]))


def _nothing(_row: Row[Any]) -> Mapping[str, Any]:
    return {}


def _whose(table: Table) -> ColumnElement[Any]:
    """Return the column that says whose a row is."""
    owners: tuple[str, ...] = table.info["erased_by"] or tuple(table.info["cleared"])
    return table.c[owners[0]]


def _raw(column: Column[Any]) -> ColumnElement[Any]:
    return type_coerce(column, JSON if isinstance(column.type, PrivateJson) else String)


def _stands_open(column: Column[Any]) -> ColumnElement[bool]:
    if isinstance(column.type, PrivateJson):
        said = cast(column, String)
        return and_(column.is_not(None), said != "null", said.not_like(f'"{SEALED}%'))
    said = type_coerce(column, String)
    return and_(column.is_not(None), said != "", said.not_like(f"{SEALED}%"))


def _own(value: Any, whose: str) -> Own | Closed | None:  # noqa: ANN401 - whatever stood there
    """Return what stood open as somebody's own; what is sealed already stays as it is."""
    if value is None:
        return None
    if isinstance(value, str) and value.startswith(SEALED):
        return Closed(value)
    return Own(value if isinstance(value, str) else json.dumps(value), whose)
