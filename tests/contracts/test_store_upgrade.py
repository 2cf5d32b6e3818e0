"""A database of the release before, with rows in every table, comes up to this version whole."""

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Date,
    DateTime,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    String,
    column,
    func,
    insert,
    inspect,
    select,
    table,
    type_coerce,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.store.database import Store, UnusableError, parse
from adapters.store.migrations import upgrade as upgrading
from adapters.store.schema import Moment, metadata
from adapters.store.sealed import SEALED, Called, Fingerprint, Private, PrivateJson
from tests.clock import MONDAY
from tests.schema import MIGRATES, an_older_version

PREVIOUS = "0034"
"""The schema of the release before this one; what came after is what an upgrade brings."""
NEXT = f"{int(PREVIOUS) + 1:04}"
KINDS = ["sqlite", "postgresql"]
on_disk = pytest.mark.parametrize("database", KINDS, indirect=True)
Rows = dict[str, list[dict[str, Any]]]


@pytest.fixture(autouse=True)
def _really(monkeypatch: pytest.MonkeyPatch) -> None:
    """Migrate, also where other tests repeat what was said to another database."""
    monkeypatch.setattr(upgrading, "upgrade", MIGRATES)


def kept_as(kind: Column[Any]) -> Any:  # noqa: ANN401 - a type of SQLAlchemy's
    """Return how a column was kept before anything was sealed."""
    if isinstance(kind.type, PrivateJson):
        return JSON()
    return String() if isinstance(kind.type, Private | Fingerprint) else kind.type


def made_up(name: str, kind: Any, nth: int) -> object:  # noqa: ANN401 - a type of SQLAlchemy's
    match kind:
        case JSON():
            return {name: nth}
        case Moment() | DateTime():
            return MONDAY + timedelta(days=nth)
        case Date():
            return date(2026, 11, 16) + timedelta(days=nth)
        case Boolean():
            return nth == 1
        case Float():
            return nth + 0.5
        case Integer():
            return nth + 1
        case LargeBinary():
            return name.encode()
        case String():
            return f"{name} of {nth}"
        case _:
            message = f"{name}: what is a {kind!r} like?"
            raise TypeError(message)


def fill(connection: Connection) -> Rows:
    """Put two rows into every table that there is, and return them."""
    there = MetaData()
    there.reflect(connection)
    rows: Rows = {}
    for found in there.sorted_tables:
        known = metadata.tables.get(found.name)
        if known is None:
            continue
        kinds = {c.name: kept_as(known.c[c.name]) for c in found.c}
        rows[found.name] = []
        for nth in range(2):
            row = {name: made_up(name, kind, nth) for name, kind in kinds.items()}
            for key in found.foreign_keys:
                parent = key.column.table.name
                up = row if parent == found.name else rows[parent][nth]
                row[key.parent.name] = up[key.column.name]
            rows[found.name].append(row)
        into = table(found.name, *(column(name, kind) for name, kind in kinds.items()))
        connection.execute(insert(into), rows[found.name])
    return rows


async def release_before(database: str, monkeypatch: pytest.MonkeyPatch, place: Path) -> Rows:
    """Make a database as the release before left it, with something in every table."""
    with monkeypatch.context() as older:
        an_older_version(older, place, NEXT)
        before = Store(parse(database))
        try:
            async with before._writer.begin() as connection:  # pyright: ignore[reportPrivateUsage] - a fake may look inside
                await connection.run_sync(upgrading.upgrade)
                return await connection.run_sync(fill)
        finally:
            await before.close()


async def now_in(connection: AsyncConnection, name: str) -> list[Mapping[str, Any]]:
    of = metadata.tables[name]
    rows = await connection.execute(select(of))
    return [dict(row) for row in rows.mappings()]


def marked(name: str) -> set[str]:
    """Return the columns that only a mark is kept of."""
    return {c.name for c in metadata.tables[name].c if isinstance(c.type, Fingerprint | Called)}


@on_disk
async def test_what_the_release_before_kept_is_all_there(
    database: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    rows = await release_before(database, monkeypatch, tmp_path)
    assert len(rows) > 60
    with pytest.raises(UnusableError, match=rf"version {PREVIOUS} and this program needs"):
        await Store.open(database)
    await (await Store.open(database, create=True)).close()
    store = await Store.open(database)
    try:
        async with store.read() as work:
            for name, before in rows.items():
                found = await now_in(work.connection, name)
                stays = set(before[0]) - marked(name)
                held = [{key: row[key] for key in stays} for row in found]
                for was in before:
                    assert {key: was[key] for key in stays} in held, name
    finally:
        await store.close()


@on_disk
async def test_after_it_nothing_of_anybody_stands_open(
    database: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    await release_before(database, monkeypatch, tmp_path)
    store = await Store.open(database, create=True)
    closed = 0
    try:
        async with store.read() as work:
            for of in metadata.sorted_tables:
                private = [c for c in of.c if isinstance(c.type, Private | PrivateJson)]
                for one in private:
                    raw = JSON if isinstance(one.type, PrivateJson) else String
                    for value in await work.connection.scalars(select(type_coerce(one, raw))):
                        assert value in {None, ""} or str(value).startswith(SEALED), one
                        closed += bool(value)
    finally:
        await store.close()
    assert closed > 40


@on_disk
async def test_a_database_of_before_is_untouched_until_it_is_migrated(
    database: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A replica of the release before may go on meanwhile: to be refused changes nothing."""
    await release_before(database, monkeypatch, tmp_path)
    before = await counted(database)
    for _ in range(2):
        with pytest.raises(UnusableError, match="run `python -m bot migrate` first"):
            await Store.open(database)
    assert await counted(database) == before
    assert len(before) > 60


async def counted(database: str) -> dict[str, int | None]:
    """Count the rows of every table that there is, whatever the version."""
    store = Store(parse(database))
    try:
        async with store._writer.begin() as connection:  # pyright: ignore[reportPrivateUsage] - a fake may look inside
            names = await connection.run_sync(lambda c: inspect(c).get_table_names())
            return {
                name: await connection.scalar(select(func.count()).select_from(table(name)))
                for name in names
            }
    finally:
        await store.close()
