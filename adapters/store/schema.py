"""The tables' common ground: names, moments, and who erases what.

Every table says whose rows it holds: ``erased_by`` names the columns that point at a person, so
that "forget me" reaches it, and ``impersonal`` gives the reason why there is nobody in it.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Delete,
    Dialect,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    UniqueConstraint,
    Update,
    delete,
    exists,
    or_,
    update,
)
from sqlalchemy.types import TypeDecorator
from typing_extensions import override

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
metadata = MetaData(naming_convention=NAMES)
Number = BigInteger().with_variant(Integer, "sqlite")
"""A row's own number; SQLite counts by itself only in a column of this type."""


class Moment(TypeDecorator[datetime]):
    """A moment: aware outside, UTC inside, the same on both databases."""

    impl = DateTime(timezone=True)
    cache_ok = True

    @override
    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            message = f"{value} has no zone"
            raise ValueError(message)
        at = value.astimezone(UTC)
        return at.replace(tzinfo=None) if dialect.name == "sqlite" else at

    @override
    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def erased_by(*columns: str, cleared: Mapping[str, str | None] | None = None) -> dict[str, Any]:
    """Declare a table's eraser: rows go when one of these columns names the person.

    ``cleared`` are columns that name them in other people's rows, and what they become there.
    """
    return {"erased_by": columns, "cleared": cleared or {}}


def impersonal(why: str) -> dict[str, Any]:
    """Declare that a table holds nothing about a person, and why."""
    return {"impersonal": why}


def erasers(person: str) -> Iterator[Delete | Update]:
    """Yield the statements that erase a person, children before parents."""
    for table in reversed(metadata.sorted_tables):
        columns: tuple[str, ...] = table.info.get("erased_by", ())
        cleared: Mapping[str, str | None] = table.info.get("cleared", {})
        for name, blank in cleared.items():
            yield update(table).where(table.c[name] == person).values({name: blank})
        if columns:
            yield delete(table).where(or_(*(table.c[name] == person for name in columns)))


def uniting(stranger: str, person: str) -> Iterator[Delete | Update]:
    """Yield the statements that make one person of two; what both have stays the person's own."""
    for table in metadata.sorted_tables:
        columns: tuple[str, ...] = table.info.get("erased_by", ())
        cleared: Mapping[str, str | None] = table.info.get("cleared", {})
        for name in (*columns, *cleared):
            if table.c[name].primary_key and len(table.primary_key) == 1:
                continue  # the stranger's own row goes
            other = table.alias("other")
            both = [
                exists().where(
                    other.c[name] == person,
                    *(other.c[c.name] == table.c[c.name] for c in key.columns if c.name != name),
                )
                for key in table.constraints
                if isinstance(key, PrimaryKeyConstraint | UniqueConstraint) and name in key.columns
            ]
            mine = (table.c[name] == stranger, *(~clash for clash in both))
            yield update(table).where(*mine).values({name: person})
    yield from erasers(stranger)


def numbered() -> Column[int]:
    """Return the column of a table that counts its own rows."""
    return Column("id", Number, primary_key=True, autoincrement=True)
