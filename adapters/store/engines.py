"""Connections to a database, and what each of them is told before it is used."""

import re
from pathlib import Path
from typing import Any

from sqlalchemy import StaticPool, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from adapters.store import lite

BUSY_SECONDS = 5
IDLE_SECONDS = 60
"""How long a transaction on PostgreSQL may stand still, until it is ended and what it held is
free for others: a machine that sleeps in the middle of one cannot do so itself."""
READERS = 4
PRAGMAS = (
    "journal_mode = WAL",
    "synchronous = FULL",
    "foreign_keys = ON",
    "secure_delete = ON",
    f"busy_timeout = {BUSY_SECONDS * 1000}",
    "cache_size = -16000",
)


class UnusableError(ValueError):
    """The database cannot be used; the message says what to do."""


def parse(url: str) -> URL:
    """Read a database address as people write it, with the driver that we use.

    Raises:
        UnusableError: it is no address of SQLite or PostgreSQL.

    """
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        message = f"{url!r} is no database address; write sqlite:///file.db or postgresql://…"
        raise UnusableError(message) from error
    drivers = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg"}
    drivers["postgres"] = drivers["postgresql"]
    backend = parsed.drivername.split("+")[0]
    if backend not in drivers:
        message = f"{backend} is not supported; use sqlite:///file.db or postgresql://…"
        raise UnusableError(message)
    return parsed.set(drivername=drivers[backend])


def is_lite(url: URL) -> bool:
    """Say whether an address is one of SQLite."""
    return url.get_backend_name() == "sqlite"


def in_memory(url: URL) -> bool:
    """Say whether what is kept there is gone with the program."""
    return is_lite(url) and url.database in {None, "", ":memory:"}


def engine(url: URL, *, write: bool, connections: int = 10) -> AsyncEngine:
    """Return an engine that is told how we use its database.

    Raises:
        UnusableError: the folder of an SQLite file does not exist.

    """
    if not is_lite(url):
        awake = {"idle_in_transaction_session_timeout": str(IDLE_SECONDS * 1000)}
        return create_async_engine(
            url,
            pool_size=connections,
            max_overflow=connections,
            pool_timeout=2,
            connect_args={"server_settings": awake},
            hide_parameters=True,
        )
    memory = in_memory(url)
    if not memory and url.database and not Path(url.database).parent.is_dir():
        message = f"The folder of {url.database} does not exist; make it first."
        raise UnusableError(message)
    options: dict[str, Any] = (
        {"poolclass": StaticPool} if memory else {"pool_size": 1 if write else READERS}
    )
    given = {"timeout": BUSY_SECONDS, "async_creator_fn": lite.connect}
    made = create_async_engine(url, connect_args=given, hide_parameters=True, **options)

    @event.listens_for(made.sync_engine, "connect")
    def prepare(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in PRAGMAS:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(made.sync_engine, "begin")
    def begin(connection: Any) -> None:  # noqa: ANN401 - SQLAlchemy leaves it untyped
        how = "BEGIN IMMEDIATE" if write and not memory else "BEGIN"
        connection.connection.driver_connection.begin(how)

    return made


def first_line(error: BaseException) -> str:
    """Say in a line what a database complained about."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    return re.sub(r"\s+", " ", str(cause)).strip()[:200]
