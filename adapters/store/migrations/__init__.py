"""The schema's versions: which one a database has, and whether this program fits it.

The files in ``versions`` are named by their version, so that a start needs to look at names
only; the migration tool is loaded when there is something to migrate.
"""

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from adapters.store.schema import metadata

VERSIONS = Path(__file__).parent / "versions"
OF_ALEMBIC = "alembic_version"
MIGRATE = "run `python -m bot migrate` first"


def empty(connection: Connection) -> bool:
    """Say whether nothing was ever kept here."""
    return not inspect(connection).get_table_names()


def trouble(connection: Connection) -> str | None:
    """Say in one sentence why this database cannot be used as it is, or nothing."""
    known = sorted(path.name.split("_")[0] for path in VERSIONS.glob("[0-9]*.py"))
    newest, found = known[-1], _version(connection)
    missing = _missing(connection) if found in {newest, None} else []
    if found == newest and not missing:
        return None
    if found == newest:
        return f"The database is at version {found} but has no {missing[0]}; restore a backup."
    if found is None and len(missing) < len(metadata.tables):
        return "The database has tables but does not say of which version; restore a backup."
    if found is None:
        return f"The database has no tables yet; {MIGRATE}."
    if found in known:
        return f"The database is at version {found} and this program needs {newest}; {MIGRATE}."
    return (
        f"The database is at version {found}, which is newer than this program ({newest}); "
        "install the newer program."
    )


def helps(trouble: str) -> bool:
    """Say whether migrating is what helps."""
    return MIGRATE in trouble


def _missing(connection: Connection) -> list[str]:
    """Name the tables, and columns of the others, that this version needs and are not there."""
    columns = inspect(connection).get_multi_columns()
    there = {name: {c["name"] for c in found} for (_, name), found in columns.items()}
    return [name for name in metadata.tables if name not in there] + [
        f"{name}.{column.name}"
        for name, table in metadata.tables.items()
        for column in table.c
        if name in there and column.name not in there[name]
    ]


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table(OF_ALEMBIC):
        return None
    return connection.scalar(text(f"SELECT version_num FROM {OF_ALEMBIC}"))  # noqa: S608 - a constant
