"""The database behind the store: one engine to read and one to write, and their transactions.

SQLite has one writer. Who waits for it waits in line (a fair lock), begins at once
(``BEGIN IMMEDIATE``) and is never told "database is locked" by a colleague of the same process.
PostgreSQL needs no such line.
"""

import asyncio
import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, nullcontext
from pathlib import Path
from typing import Any, Self

from sqlalchemy import StaticPool, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from adapters.store import lite, migrations
from adapters.store.digests import Digests
from adapters.store.directory import Directory
from adapters.store.everybody import Everybody
from adapters.store.facts import Facts
from adapters.store.greetings import Greetings
from adapters.store.group_rounds import GroupRounds
from adapters.store.holdings import Holdings
from adapters.store.inbox import Inbox
from adapters.store.levels import Levels
from adapters.store.merits import MeritsSeen
from adapters.store.moments import Moments
from adapters.store.progress import Progress
from adapters.store.releases import Releases
from adapters.store.seals import Seals
from adapters.store.shadow import Shadows
from adapters.store.silence import Silences
from adapters.store.tips import Tips
from adapters.store.voice_news import VoiceNews
from adapters.store.workspaces import Workspaces

BUSY_SECONDS = 5
IDLE_SECONDS = 60
"""How long a transaction on PostgreSQL may stand still, until it is ended and what it held is
free for others: a machine that sleeps in the middle of one cannot do so itself."""
READERS = 4
ASKED, ASKED_AGAIN = 20, 0.25
"""How often, and seconds apart, an SQLite file is asked again while another program migrates."""
PRAGMAS = (
    "journal_mode = WAL",
    "synchronous = FULL",
    "foreign_keys = ON",
    "secure_delete = ON",
    f"busy_timeout = {BUSY_SECONDS * 1000}",
    "cache_size = -16000",
)


PASSING = frozenset({"08", "40", "53", "55", "57", "58"})
"""Classes of PostgreSQL's errors: no connection, two in each other's way, full, not ready, stopped
by hand, trouble with the machine."""


class UnusableError(ValueError):
    """The database cannot be used; the message says what to do."""


class Work(
    Directory,
    Tips,
    Progress,
    GroupRounds,
    Inbox,
    Greetings,
    MeritsSeen,
    Shadows,
    Facts,
    VoiceNews,
    Moments,
    Silences,
    Levels,
    Everybody,
    Releases,
    Seals,
    Holdings,
    Digests,
    Workspaces,
):
    """One transaction, as the program sees it."""

    __slots__ = ()


class Store:
    """All that is kept; make one with :meth:`open`, and close it."""

    def __init__(self, url: URL) -> None:
        self.url = url
        self.lite = url.get_backend_name() == "sqlite"
        self.memory = self.lite and url.database in {None, "", ":memory:"}
        self._writer = _engine(url, memory=self.memory, write=True)
        self._reader = self._writer
        self._alone = self._writer.execution_options(isolation_level="AUTOCOMMIT")
        if self.lite and not self.memory:
            self._reader = _engine(url, memory=False, write=False)
        self._line = asyncio.Lock()

    @classmethod
    async def open(cls, url: str, *, create: bool = False, fill_empty: bool = False) -> Self:
        """Open a store whose schema is this version's.

        Args:
            url: ``sqlite:///file.db``, ``sqlite://`` (in memory) or ``postgresql://…``.
            create: bring the schema up to this version first.
            fill_empty: do so only if there is nothing in the database yet.

        Raises:
            UnusableError: no such database, or its schema is older or newer than this version.

        """
        store = cls(parse(url))
        try:
            trouble = await store._prepared(create=create, fill_empty=fill_empty)
        except (OSError, DBAPIError) as error:
            await store.close()
            where = store.url.render_as_string(hide_password=True)
            message = f"The database {where} cannot be opened: {_first_line(error)}"
            raise UnusableError(message) from error
        if trouble:
            await store.close()
            raise UnusableError(trouble)
        return store

    async def _prepared(self, *, create: bool, fill_empty: bool) -> str | None:
        """Bring the schema up to this version where that was asked for; say what is wrong then.

        While another program migrates, an SQLite file may refuse us for longer than it waits by
        itself, so we ask again.
        """
        for patience in range(ASKED, -1, -1):
            try:
                async with self._writer.connect() as connection:
                    empty = await connection.run_sync(migrations.empty)
                    trouble = await connection.run_sync(migrations.trouble)
                    wanted = create or self.memory or (fill_empty and empty)
                    if wanted and trouble and migrations.helps(trouble):
                        from adapters.store.migrations.upgrade import upgrade  # noqa: PLC0415 - slow

                        await connection.run_sync(upgrade)
                        await connection.commit()
                        trouble = await connection.run_sync(migrations.trouble)
                    return trouble
            except OperationalError as error:
                if not patience or "locked" not in str(error.orig):
                    raise
                await asyncio.sleep(ASKED_AGAIN)
        return None

    async def close(self) -> None:
        """Let go of every connection."""
        await self._writer.dispose()
        await self._reader.dispose()

    @asynccontextmanager
    async def write(self) -> AsyncGenerator[Work]:
        """Begin a transaction that writes; it is kept whole, or not at all.

        Raises:
            OSError: the database cannot be reached or written; nothing was kept.

        """
        line = self._line if self.lite else nullcontext()
        async with line, _as_os_error(), self._writer.begin() as connection:
            yield Work(connection)

    @asynccontextmanager
    async def once(self) -> AsyncGenerator[Work]:
        """Begin a transaction of one statement that writes; it is kept when the statement is.

        Either database keeps a statement that stands alone by itself, which saves two trips.

        Raises:
            OSError: the database cannot be reached or written; nothing was kept.

        """
        if not self.lite:
            async with _as_os_error(), self._alone.begin() as connection:
                yield Work(connection)
            return
        async with self.write() as work:
            found: Any = await work.connection.get_raw_connection()
            found.driver_connection.begin("")
            yield work

    @asynccontextmanager
    async def read(self) -> AsyncGenerator[Work]:
        """Begin a transaction that only reads.

        Raises:
            OSError: the database cannot be reached.

        """
        line = self._line if self.memory else nullcontext()
        async with line, _as_os_error(), self._reader.connect() as connection:
            yield Work(connection)


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


def _engine(url: URL, *, memory: bool, write: bool) -> AsyncEngine:
    if url.get_backend_name() != "sqlite":
        awake = {"idle_in_transaction_session_timeout": str(IDLE_SECONDS * 1000)}
        return create_async_engine(
            url,
            pool_size=10,
            max_overflow=10,
            pool_timeout=2,
            connect_args={"server_settings": awake},
            hide_parameters=True,
        )
    if not memory and url.database and not Path(url.database).parent.is_dir():
        message = f"The folder of {url.database} does not exist; make it first."
        raise UnusableError(message)
    options: dict[str, Any] = (
        {"poolclass": StaticPool} if memory else {"pool_size": 1 if write else READERS}
    )
    given = {"timeout": BUSY_SECONDS, "async_creator_fn": lite.connect}
    engine = create_async_engine(url, connect_args=given, hide_parameters=True, **options)

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in PRAGMAS:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Any) -> None:  # noqa: ANN401 - SQLAlchemy leaves it untyped
        how = "BEGIN IMMEDIATE" if write and not memory else "BEGIN"
        connection.connection.driver_connection.begin(how)

    return engine


@asynccontextmanager
async def _as_os_error() -> AsyncGenerator[None]:
    """Turn "the database is not there" into the standard library's word for it."""
    try:
        yield
    except PoolTimeoutError as error:
        message = "every connection to the database is in use"
        raise OSError(message) from error
    except Exception as error:
        if _passing(error):
            raise OSError(_first_line(error)) from error
        raise


def _passing(error: Exception) -> bool:
    """Tell what a database cannot do now, and can later."""
    cause: BaseException | None = error
    if isinstance(error, DBAPIError):
        if error.connection_invalidated or isinstance(error, OperationalError):
            return True
        cause = error.orig
    return str(getattr(cause, "sqlstate", None))[:2] in PASSING


def _first_line(error: BaseException) -> str:
    cause = error.orig if isinstance(error, DBAPIError) else error
    return re.sub(r"\s+", " ", str(cause)).strip()[:200]
