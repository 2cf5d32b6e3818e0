"""Bring a database's schema up to this version."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, func, select

HERE = Path(__file__).parent
LINE = 1_870_309
"""PostgreSQL's number for the line in which programs that migrate at once stand."""


def upgrade(connection: Connection) -> None:
    """Bring the schema up to this version; what is there already is left alone."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(LINE)))
    config = Config()
    config.set_main_option("script_location", str(HERE).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
