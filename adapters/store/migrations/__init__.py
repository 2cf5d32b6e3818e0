"""The schema's versions: which one a database has, and whether this program fits it.

The files in ``versions`` are named by their version, so that a start needs to look at names
only; the migration tool is loaded when there is something to migrate.
"""

from pathlib import Path

from sqlalchemy import Connection, inspect, text

VERSIONS = Path(__file__).parent / "versions"
OF_ALEMBIC = "alembic_version"


def empty(connection: Connection) -> bool:
    """Say whether nothing was ever kept here."""
    return not inspect(connection).get_table_names()


def trouble(connection: Connection) -> str | None:
    """Say in one sentence why this database cannot be used as it is, or nothing."""
    known = sorted(path.name.split("_")[0] for path in VERSIONS.glob("[0-9]*.py"))
    newest, found = known[-1], _version(connection)
    if found == newest:
        return None
    if found is None:
        return "The database has no tables yet; run `python -m bot migrate` first."
    if found in known:
        return (
            f"The database is at version {found} and this program needs {newest}; "
            "run `python -m bot migrate` first."
        )
    return (
        f"The database is at version {found}, which is newer than this program ({newest}); "
        "install the newer program."
    )


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table(OF_ALEMBIC):
        return None
    return connection.scalar(text(f"SELECT version_num FROM {OF_ALEMBIC}"))  # noqa: S608 - a constant
