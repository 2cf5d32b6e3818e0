"""The schema's versions: bring a database up to this one, or say why it does not fit."""

from pathlib import Path

from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect

from adapters.store.schema import metadata

HERE = Path(__file__).parent


def upgrade(connection: Connection) -> None:
    """Bring the schema up to this version; what is there already is left alone."""
    scripts = _scripts()

    def steps(revision: object, _context: MigrationContext) -> list[object]:
        return scripts._upgrade_revs("head", revision)  # noqa: SLF001 - alembic's own recipe

    with EnvironmentContext(Config(), scripts, fn=steps) as environment:
        environment.configure(connection=connection, target_metadata=metadata)
        environment.run_migrations()


def empty(connection: Connection) -> bool:
    """Say whether nothing was ever kept here."""
    return not inspect(connection).get_table_names()


def trouble(connection: Connection) -> str | None:
    """Say in one sentence why this database cannot be used as it is, or nothing."""
    newest = _scripts().get_current_head()
    found = MigrationContext.configure(connection).get_current_revision()
    if found == newest:
        return None
    if found is None:
        return "The database has no tables yet; run `python -m bot migrate` first."
    known = {script.revision for script in _scripts().walk_revisions()}
    if found in known:
        return (
            f"The database is at version {found} and this program needs {newest}; "
            "run `python -m bot migrate` first."
        )
    return (
        f"The database is at version {found}, which is newer than this program ({newest}); "
        "install the newer program."
    )


def _scripts() -> ScriptDirectory:
    return ScriptDirectory(str(HERE))
