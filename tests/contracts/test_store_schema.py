"""The schema: what the migrations make is what the code says, and nothing else is worked with."""

import asyncio
import json
import shutil
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, bindparam, inspect, text
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.store import migrations
from adapters.store.database import Store, UnusableError, parse
from adapters.store.migrations import upgrade as upgrading
from adapters.store.people import someone, way_of_working
from adapters.store.schema import Moment, metadata
from nudges.audience_language import parse as read_rule
from nudges.audience_language import written
from nudges.directory import Entry, Telling
from tests.clock import MONDAY
from tests.schema import MIGRATES, an_older_version

KINDS = ["sqlite", "postgresql"]
NEWEST = max(path.name[:4] for path in migrations.VERSIONS.glob("[0-9]*.py"))
NEXT = f"{int(NEWEST) + 1:04}"
on_disk = pytest.mark.parametrize("database", KINDS, indirect=True)


def bare(store: Store) -> AbstractAsyncContextManager[AsyncConnection]:  # without keys
    return store._writer.begin()  # pyright: ignore[reportPrivateUsage] - a fake may look inside


async def run(database: str, *statements: str) -> None:
    """Run statements on a database whose schema may be anything."""
    store = Store(parse(database))
    try:
        async with bare(store) as connection:
            for statement in statements:
                await connection.execute(text(statement))
    finally:
        await store.close()


@pytest.fixture(autouse=True)
def _really(monkeypatch: pytest.MonkeyPatch) -> None:
    """Migrate, also where other tests repeat what was said to another database."""
    monkeypatch.setattr(upgrading, "upgrade", MIGRATES)


async def made(database: str) -> None:
    await (await Store.open(database, create=True)).close()


def differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(
        connection, opts={"compare_type": True, "target_metadata": metadata}
    )
    return list(compare_metadata(context, metadata))


@on_disk
async def test_the_migrations_make_what_the_code_says(database: str) -> None:
    store = await Store.open(database, create=True)
    try:
        async with store.read() as work:
            assert await work.connection.run_sync(differences) == []
            found = await work.connection.run_sync(made_indexes)
    finally:
        await store.close()
    for table in metadata.sorted_tables:
        partial = {
            str(i.name)
            for i in table.indexes
            if i.dialect_options["sqlite"]["where"] is not None
            and i.dialect_options["postgresql"]["where"] is not None
        }
        assert found[table.name] == partial, table.name


def made_indexes(connection: Connection) -> dict[str, set[str]]:
    """Return the partial indexes of each table; the comparison does not look at conditions."""
    looked = inspect(connection)
    where = f"{connection.dialect.name}_where"
    return {
        name: {
            str(index["name"])
            for index in looked.get_indexes(name)
            if where in index.get("dialect_options", {})
        }
        for name in metadata.tables
    }


@on_disk
async def test_a_difference_would_be_found(database: str) -> None:
    await made(database)
    await run(
        database,
        "ALTER TABLE people ADD COLUMN extra TEXT",
        "DROP INDEX ix_people_next_due",
        "CREATE TABLE more (id INTEGER)",
    )
    store = Store(parse(database))
    try:
        async with bare(store) as connection:
            assert len(await connection.run_sync(differences)) == 3
    finally:
        await store.close()


@on_disk
async def test_migrating_again_changes_nothing(database: str) -> None:
    await made(database)
    await run(database, "INSERT INTO teams (id) VALUES ('sales')")
    await made(database)
    store = await Store.open(database)
    async with store.read() as work:
        assert (await work.connection.execute(text("SELECT id FROM teams"))).scalar() == "sales"
    await store.close()


@on_disk
async def test_an_empty_database_is_refused_with_what_to_do(database: str) -> None:
    with pytest.raises(UnusableError, match=r"no tables yet; run `python -m bot migrate` first\.$"):
        await Store.open(database)


@on_disk
async def test_an_empty_database_is_filled_where_that_was_asked_for(database: str) -> None:
    await (await Store.open(database, fill_empty=True)).close()
    await (await Store.open(database)).close()


@on_disk
async def test_a_foreign_database_is_not_filled(database: str) -> None:
    await run(database, "CREATE TABLE theirs (id INTEGER)")
    with pytest.raises(UnusableError, match="run `python -m bot migrate` first"):
        await Store.open(database, fill_empty=True)


@on_disk
async def test_an_older_database_is_refused_with_what_to_do(
    database: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    await made(database)
    with monkeypatch.context() as newer:
        a_next_version(newer, tmp_path)
        said = f"is at version {NEWEST} and this program needs {NEXT}"
        with pytest.raises(UnusableError, match=said):
            await Store.open(database)
    await (await Store.open(database)).close()


@on_disk
async def test_a_newer_database_is_refused_with_what_to_do(
    database: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with monkeypatch.context() as newer:
        a_next_version(newer, tmp_path)
        await made(database)
    for create in (False, True):
        with pytest.raises(UnusableError, match=f"version {NEXT}.* newer .*install the newer"):
            await Store.open(database, create=create)


@on_disk
async def test_a_migration_that_fails_half_way_leaves_nothing_behind(
    database: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    await made(database)
    with monkeypatch.context() as newer:
        a_next_version(newer, tmp_path, "op.execute('INSERT INTO nowhere VALUES (1)')")
        with pytest.raises(UnusableError, match="nowhere"):
            await Store.open(database, create=True)
    store = await Store.open(database)
    async with store.read() as work:
        assert await work.connection.run_sync(differences) == []
    await store.close()


@on_disk
async def test_people_and_broadcasts_of_before_know_their_way_of_working(
    database: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with monkeypatch.context() as older:
        an_older_version(older, tmp_path, "0005")
        before = Store(parse(database))
        async with bare(before) as connection:
            await connection.run_sync(upgrading.upgrade)
        await before.close()
        await run(
            database,
            someone_of_before("ann", "'Europe/Amsterdam'", "'12:00'", "'13:00'"),
            someone_of_before("bob", "'Asia/Kolkata'", "NULL", "NULL"),
            "INSERT INTO mornings (run, zone, country, starts, ends, days, quiet_from,"
            " quiet_until, due) VALUES ('b', 'Asia/Kolkata', 'NL', '08:00', '16:30', '[0, 1, 6]',"
            " '', '', '2026-11-16 02:30:00+00:00')",
        )
    store = await Store.open(database, create=True)
    async with store.read() as work:
        known = await work.people(["ann", "bob"])
        rows = (await work.connection.execute(text("SELECT id, way FROM people"))).all()
        way = await work.connection.scalar(text("SELECT way FROM mornings WHERE run = 'b'"))
        every = await work.connection.scalars(text("SELECT way FROM ways"))
        assert {row[0]: row[1] for row in rows} == {
            key: way_of_working(person) for key, person in known.items()
        }
        assert way == way_of_working(known["bob"])
        assert set(every) == {row[1] for row in rows}
        assert someone(way).hours == known["bob"].hours
    await store.close()


@on_disk
async def test_what_was_told_before_came_from_a_table(
    database: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with monkeypatch.context() as older:
        an_older_version(older, tmp_path, "0008")
        before = Store(parse(database))
        async with bare(before) as connection:
            await connection.run_sync(upgrading.upgrade)
        await before.close()
        await run(
            database,
            someone_of_before("ann", "'UTC'", "NULL", "NULL"),
            someone_of_before("bob", "'UTC'", "NULL", "NULL"),
            "UPDATE people SET \"left\" = true WHERE id = 'bob'",
            "INSERT INTO directory (person, manager, told) VALUES"
            """ ('ann', 'bob', '{"id":"ann","name":"Ann"}'), ('bob', '', '{"id":"bob"}')""",
        )
    store = await Store.open(database, create=True)
    async with store.read() as work:
        told = {t.own: t for t in await work.tellings({})}
    assert told == {
        "ann": Telling("table", "ann", Entry("ann", "Ann", manager="bob")),
        "bob": Telling("table", "bob", Entry("bob"), gone=True),
    }
    await store.close()


def someone_of_before(who: str, zone: str, quiet_from: str, quiet_until: str) -> str:
    columns = (
        "id, name, email, language, zone, country, starts, ends, days, quiet_from, quiet_until,"
        ' job, segment, level, fewer, welcomed, stopped, "left", suspended'
    )
    return (
        f"INSERT INTO people ({columns}) VALUES ('{who}', '', '', 'en', {zone}, 'NL', '08:00',"  # noqa: S608 - our own words
        f" '16:30', '[0, 1, 6]', {quiet_from}, {quiet_until}, '', '', 0, false, true, false,"
        " false, '[]')"
    )


OF_BEFORE: list[tuple[dict[str, list[str]], str]] = [
    ({"segments": [], "teams": [], "jobs": [], "languages": []}, "everyone"),
    ({"segments": ["sales", "b c"]}, 'segment is sales or "b c"'),
    (
        {"segments": ["is"], "teams": ["NL/a"], "jobs": ['q"\\', "%"], "languages": ["nl"]},
        'segment is "is" and team is NL/a and (job is "q\\"\\\\" or %) and language is nl',
    ),
]


@on_disk
async def test_broadcasts_of_before_mean_whom_they_meant(
    database: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with monkeypatch.context() as older:
        an_older_version(older, tmp_path, "0009")
        before = Store(parse(database))
        async with bare(before) as connection:
            await connection.run_sync(upgrading.upgrade)
            for nth, (audience, _) in enumerate(OF_BEFORE):
                row = {"run": f"b:{nth}", "audience": json.dumps(audience), "at": MONDAY}
                await connection.execute(A_SPREAD, row)
        await before.close()
    store = await Store.open(database, create=True)
    async with store.read() as work:
        rows = await work.connection.execute(text("SELECT rule FROM spreads ORDER BY run"))
        assert [written(read_rule(row.rule)) for row in rows] == [rule for _, rule in OF_BEFORE]
    await store.close()


A_SPREAD = text(
    "INSERT INTO spreads (run, note, audience, begins, mornings, reached, size)"
    " VALUES (:run, '{}', :audience, :at, false, '', 0)"
).bindparams(bindparam("at", type_=Moment()))


HALVES = {
    "a table is missing": "DROP TABLE remarks",
    "a column is missing": "ALTER TABLE answers DROP COLUMN took_ms",
    "the version is missing": "DELETE FROM alembic_version",
    "the version's table is missing": "DROP TABLE alembic_version",
}


@on_disk
@pytest.mark.parametrize("statement", HALVES.values(), ids=HALVES)
async def test_a_half_applied_migration_is_refused(database: str, statement: str) -> None:
    await made(database)
    await run(database, statement)
    for create in (False, True):
        with pytest.raises(UnusableError, match=r"restore a backup"):
            await Store.open(database, create=create, fill_empty=create)


@on_disk
async def test_two_that_migrate_at_once_both_go_on(database: str) -> None:
    stores = await asyncio.gather(*(Store.open(database, create=True) for _ in range(2)))
    for store in stores:
        await store.close()


ADDRESSES = {
    "mysql://host/db": "mysql is not supported; use sqlite:///file.db or postgresql://…",
    "no address": "'no address' is no database address",
    "": "'' is no database address",
    "sqlite:////no/such/folder/x.db": "The folder of /no/such/folder/x.db does not exist",
    "postgresql://u:very-secret@127.0.0.1:1/x": r"u:\*\*\*@127.0.0.1:1/x cannot be opened: .*",
}


@pytest.mark.parametrize(("url", "said"), ADDRESSES.items(), ids=ADDRESSES)
async def test_an_address_that_cannot_be_used_is_refused(url: str, said: str) -> None:
    with pytest.raises(UnusableError, match=said) as refused:
        await Store.open(url)
    assert "very-secret" not in str(refused.value)


async def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "letter.db"
    path.write_text("Dear database, " * 100)
    with pytest.raises(UnusableError, match="cannot be opened"):
        await Store.open(f"sqlite:///{path}")
    assert path.read_text().startswith("Dear")


def a_next_version(monkeypatch: pytest.MonkeyPatch, place: Path, then: str = "") -> None:
    """Add one more to our migrations, as a program of later would have."""
    versions = place / "migrations" / "versions"
    shutil.copytree(upgrading.HERE, versions.parent)
    (versions / f"{NEXT}_next.py").write_text(
        '"""Next."""\nfrom alembic import op\nimport sqlalchemy as sa\n'
        f'revision = "{NEXT}"\ndown_revision = "{NEWEST}"\n'
        "def upgrade():\n"
        "    op.create_table('next', sa.Column('id', sa.Integer()))\n"
        f"    {then}\n"
    )
    monkeypatch.setattr(upgrading, "HERE", versions.parent)
    monkeypatch.setattr(migrations, "VERSIONS", versions)
