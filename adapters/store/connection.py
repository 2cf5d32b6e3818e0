"""What every part of a transaction shares: its connection, and inserting what may be there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

from sqlalchemy import Table, text

from adapters.store.each import Each
from adapters.store.keyed import Keyed

if TYPE_CHECKING:  # only the one in use is loaded: each costs a tenth of a second at the start
    from sqlalchemy.dialects import postgresql, sqlite

_HURRY = text("SET LOCAL synchronous_commit = off")
ROWS_A_STATEMENT = 500
"""Rows written by one statement; columns times rows stay below what a database can bind."""


@dataclass(slots=True)
class Connected:
    """A part of a transaction."""

    connection: Keyed

    async def upsert(
        self,
        table: Table,
        rows: Sequence[Mapping[str, Any]],
        key: Sequence[str],
        change: Sequence[str] = (),
    ) -> int:
        """Insert rows; one whose key is there already gets ``change`` or stays as it is.

        Returns how many rows were written.
        """
        written = 0
        for start in range(0, len(rows), ROWS_A_STATEMENT):
            statement = self.inserting(table)
            some = [dict(row) for row in rows[start : start + ROWS_A_STATEMENT]]
            if change:
                statement = statement.on_conflict_do_update(
                    index_elements=list(key),
                    set_={name: statement.excluded[name] for name in change},
                )
            else:
                statement = statement.on_conflict_do_nothing(index_elements=list(key))
            written += (await self.connection.execute(statement.values(some))).rowcount
        return written

    async def run_each(self, each: Each, rows: Sequence[Mapping[str, Any]]) -> int:
        """Run a statement with many rows; returns how many it changed."""
        what = each.bound(rows, self.connection.dialect.name)
        return (await self.connection.execute(*what)).rowcount

    async def hurry(self) -> None:
        """Wait for no disk at this commit: what is lost with the power is done again by itself."""
        if self.connection.dialect.name != "sqlite":
            await self.connection.execute(_HURRY)

    def inserting(self, table: Table) -> "sqlite.Insert | postgresql.Insert":
        """Return an INSERT that knows ON CONFLICT, which SQLAlchemy spells per database."""
        dialect = import_module(f"sqlalchemy.dialects.{self.connection.dialect.name}")
        return dialect.insert(table)
