"""The schema's versions: bring a database up to this one, or say why it does not fit."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect

HERE = Path(__file__).parent


def upgrade(connection: Connection) -> None:
    """Bring the schema up to this version; what is there already is left alone."""
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


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


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(HERE).replace("%", "%%"))
    return config


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())
