"""One statement for many rows, each with values of its own, as each database takes it fastest.

SQLite runs it once for each row, in the thread that it is in anyway. PostgreSQL gets a column as
one array, and runs it once for all: a trip for each row would cost more than the row.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from sqlalchemy import ARRAY, ColumnElement, Executable, bindparam, column, func
from sqlalchemy.types import TypeEngine

Given: TypeAlias = Mapping[str, ColumnElement[Any]]
"""The values of a row, by name, as the statement says them."""


class Each:
    """A statement, made once, that is run with many rows."""

    def __init__(
        self, columns: Mapping[str, TypeEngine[Any]], make: Callable[[Given], Executable]
    ) -> None:
        self._singly = make({name: bindparam(name, type_=of) for name, of in columns.items()})
        arrays = [bindparam(name, type_=ARRAY(of)) for name, of in columns.items()]
        named = [column(name, of) for name, of in columns.items()]
        given = func.unnest(*arrays).table_valued(*named, name="given").render_derived()
        self._together = make({name: given.c[name] for name in columns})
        self._names = tuple(columns)

    def bound(
        self, rows: Sequence[Mapping[str, Any]], dialect: str
    ) -> tuple[Executable, Sequence[Mapping[str, Any]] | Mapping[str, Any]]:
        """Return what to execute, and with which values."""
        if dialect == "sqlite":
            return self._singly, rows
        return self._together, {name: [row[name] for row in rows] for name in self._names}
