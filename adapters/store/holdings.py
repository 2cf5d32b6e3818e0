"""All that is kept of one person, from every table that says it may hold something of theirs.

No table can be left out by mistake: whatever a person's erasure takes away (:mod:`schema`) is what
they are shown.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Select, Table, false, func, or_, select

from adapters.store.audit import Audit, Audited
from adapters.store.schema import metadata


class Holdings(Audit):
    """The part of a transaction that shows somebody all that is kept of them."""

    async def data_of(self, person: str) -> dict[str, list[dict[str, Any]]]:
        """Return what is kept of a person, by table.

        Of rows that are others' and only name them, no more than that they do and where; what is
        nobody's own, such as the audit log, without whoever else it names.
        """
        found: dict[str, list[dict[str, Any]]] = {}
        for table in metadata.sorted_tables:
            own = _own(table)
            cleared: Mapping[str, str | None] = table.info.get("cleared", {})
            named = [name for name in cleared if name not in own]
            rows: list[dict[str, Any]] = []
            if own:
                mine = or_(false(), *[table.c[name] == person for name in own])
                rows += await self._rows(select(table).where(mine))
            if named:
                there = or_(false(), *[table.c[name] == person for name in named])
                others: list[ColumnElement[bool]] = [table.c[name] != person for name in own]
                where: list[Column[Any]] = [
                    c for c in table.c if not own or c.primary_key or c.name in named
                ]
                theirs = await self._rows(select(*where).where(there, *others))
                rows += [_without_others(row, named, person) for row in theirs]
            if rows:
                found[table.name] = rows
        return found

    async def kept_of(self, person: str) -> dict[str, int]:
        """Return how many rows are kept of somebody, by table; others' that name them do not count.

        What only stands by until it is planned or looked at is counted like all else.
        """
        found: dict[str, int] = {}
        for table in metadata.sorted_tables:
            if own := _own(table):
                mine = or_(false(), *[table.c[name] == person for name in own])
                query: Select[Any] = select(func.count()).select_from(table).where(mine)
                rows: int = await self.connection.scalar(query) or 0
                if rows:
                    found[table.name] = rows
        return found

    async def data_handed_out(self, person: str, by: str, now: datetime) -> None:
        """Note in the audit log that all that is kept of somebody was handed out."""
        await self.audit(Audited(now, by, "export", "data", person))

    async def _rows(self, query: Select[Any]) -> list[dict[str, Any]]:
        return [dict(row) for row in (await self.connection.execute(query)).mappings()]


def _own(table: Table) -> tuple[str, ...]:
    return table.info.get("erased_by", ())


def _without_others(row: dict[str, Any], named: Sequence[str], person: str) -> dict[str, Any]:
    """Leave out who else is named in a row."""
    return {name: v for name, v in row.items() if name not in named or v == person}
