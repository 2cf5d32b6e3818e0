"""The database behind the store: one engine to read and one to write, and their transactions.

SQLite has one writer. Who waits for it waits in line (a fair lock), begins at once
(``BEGIN IMMEDIATE``) and is never told "database is locked" by a colleague of the same process.
PostgreSQL needs no such line.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, nullcontext
from typing import Any, Self, TypeVar

from sqlalchemy import Table
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.store import migrations
from adapters.store.access import Accesses
from adapters.store.backlog import Backlogs
from adapters.store.digests import Digests
from adapters.store.directory import Directory
from adapters.store.engines import UnusableError, engine, first_line, in_memory, is_lite, parse
from adapters.store.everybody import Everybody
from adapters.store.facts import Facts
from adapters.store.greetings import Greetings
from adapters.store.group_rounds import GroupRounds
from adapters.store.holdings import Holdings
from adapters.store.inbox import Inbox
from adapters.store.keyed import Keyed
from adapters.store.keyring import Keyring, beside
from adapters.store.levels import Levels
from adapters.store.merits import MeritsSeen
from adapters.store.moments import Moments
from adapters.store.open_numbers import OpenNumbers
from adapters.store.oversight import Oversights
from adapters.store.progress import Progress
from adapters.store.resealing import Key, Resealing
from adapters.store.reserve import Reserve
from adapters.store.restored import Restored
from adapters.store.seals import Seals
from adapters.store.shadow import Shadows
from adapters.store.silence import Silences
from adapters.store.tips import Tips
from adapters.store.voice_news import VoiceNews
from adapters.store.webhooks import Webhooks
from adapters.store.workspaces import Workspaces

ASKED, ASKED_AGAIN = 20, 0.25
"""How often, and seconds apart, an SQLite file is asked again while another program migrates."""
WORKS, RESTS = 0.5, 0.15
"""Seconds for which much is written to an SQLite file in a row, and for which other programs may
then have their turn: each of them asks ten times a second."""
PASSING = frozenset({"08", "40", "53", "55", "57", "58"})
"""Classes of PostgreSQL's errors: no connection, two in each other's way, full, not ready, stopped
by hand, trouble with the machine."""


_Found = TypeVar("_Found")


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
    OpenNumbers,
    Accesses,
    Webhooks,
    Oversights,
    Seals,
    Holdings,
    Digests,
    Workspaces,
    Resealing,
    Restored,
    Backlogs,
):
    """One transaction, as the program sees it."""

    __slots__ = ()


class Store:
    """All that is kept; make one with :meth:`open`, and close it."""

    def __init__(self, url: URL) -> None:
        self.url = url
        self.lite = is_lite(url)
        self.memory = in_memory(url)
        self._writer = engine(url, write=True)
        self._reader = self._writer
        self._alone = self._writer.execution_options(isolation_level="AUTOCOMMIT")
        if self.lite and not self.memory:
            self._reader = engine(url, write=False)
        self._line = asyncio.Lock()
        self._keyring: Keyring | None = None
        self._reserve = Reserve(url)

    @classmethod
    async def open(
        cls, url: str, *, keyring: str = "", create: bool = False, fill_empty: bool = False
    ) -> Self:
        """Open a store whose schema is this version's.

        Args:
            url: ``sqlite:///file.db``, ``sqlite://`` (in memory) or ``postgresql://…``.
            keyring: where the keys of what people wrote are; beside the database if empty.
            create: bring the schema up to this version first.
            fill_empty: do so only if there is nothing in the database yet.

        Raises:
            UnusableError: no such database, its schema is older or newer than this version, or
                its keys are not there.

        """
        store = cls(parse(url))
        try:
            trouble = await _patiently(
                lambda: store._prepared(create=create, fill_empty=fill_empty)
            )
        except (OSError, DBAPIError) as error:
            await store.close()
            where = store.url.render_as_string(hide_password=True)
            message = f"The database {where} cannot be opened: {first_line(error)}"
            raise UnusableError(message) from error
        if trouble:
            await store.close()
            raise UnusableError(trouble)
        try:
            keys = parse(keyring) if keyring else beside(store.url)
            store._keyring = await _patiently(lambda: Keyring.open(keys, store.url))
            await _patiently(store._matched)
            sealing = create or fill_empty or store.memory
            await _patiently(lambda: store._sealed(create=sealing))
            await asyncio.to_thread(store._reserve.lay_aside)
        except BaseException:
            await store.close()
            raise
        return store

    async def _matched(self) -> None:
        """Refuse keys that are another database's: nothing here would open, and no one be found.

        A database without a word about its keys has them from now on.
        """
        async with self.read() as work:
            belongs = await work.keys_belong(self.keyring.fingerprint)
        if belongs is None:
            async with self.write() as work:
                belongs = await work.keep_keys(self.keyring.fingerprint)
        if not belongs:
            where = self.keyring.url.render_as_string(hide_password=True)
            message = (
                f"The keys in {where} are not those of this database; restore the keyring's "
                "backup, or say where its keys are with WAYFINDER_KEYRING."
            )
            raise UnusableError(message)

    async def _prepared(self, *, create: bool, fill_empty: bool) -> str | None:
        """Bring the schema up to this version where that was asked for; say what is wrong then."""
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

    async def _sealed(self, *, create: bool) -> None:
        """Seal what stands open from before there were keys; once that is done it is noted."""
        async with self.read() as work:
            if await work.all_sealed():
                return
        if not create:
            message = f"What people wrote in this database is not sealed yet; {migrations.MIGRATE}."
            raise UnusableError(message)
        while True:  # a program of before may have written behind us
            async with self.write() as work:
                tables = await work.standing_open()
                if not tables:
                    await work.note_all_sealed()
                    return
            await self._seal(tables)

    async def _seal(self, tables: Sequence[Table]) -> None:
        """Walk once through these tables, and let other programs write in between."""
        now = asyncio.get_running_loop().time
        since = now()
        for table in tables:
            after: Key | None = None
            while True:
                if self.lite and now() - since > WORKS:
                    await asyncio.sleep(RESTS)
                    since = now()
                async with self.write() as work:
                    after = await work.reseal(table, after)
                if after is None:
                    break

    @property
    def keyring(self) -> Keyring:
        """The keys of what is people's own here."""
        assert self._keyring is not None, "a store is made with open()"  # noqa: S101 - a slip of ours
        return self._keyring

    def _work(self, connection: AsyncConnection) -> Work:
        return Work(Keyed(connection, self.keyring))

    async def close(self) -> None:
        """Let go of every connection."""
        await self._writer.dispose()
        await self._reader.dispose()
        if self._keyring is not None:
            await self._keyring.close()

    @asynccontextmanager
    async def write(self) -> AsyncGenerator[Work]:
        """Begin a transaction that writes; it is kept whole, or not at all.

        Raises:
            OSError: the database cannot be reached or written; nothing was kept.

        """
        line = self._line if self.lite else nullcontext()
        async with line, self._as_os_error(), self._writer.begin() as connection:
            yield self._work(connection)

    @asynccontextmanager
    async def once(self) -> AsyncGenerator[Work]:
        """Begin a transaction of one statement that writes; it is kept when the statement is.

        Either database keeps a statement that stands alone by itself, which saves two trips.

        Raises:
            OSError: the database cannot be reached or written; nothing was kept.

        """
        if not self.lite:
            async with self._as_os_error(), self._alone.begin() as connection:
                yield self._work(connection)
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
        async with line, self._as_os_error(), self._reader.connect() as connection:
            yield self._work(connection)

    @asynccontextmanager
    async def _as_os_error(self) -> AsyncGenerator[None]:
        """Turn "the database is not there" into the standard library's word for it."""
        try:
            yield
        except PoolTimeoutError as error:
            message = "every connection to the database is in use"
            raise OSError(message) from error
        except Exception as error:
            if _passing(error):
                self._reserve.give_up(error)
                raise OSError(first_line(error)) from error
            raise


def _passing(error: Exception) -> bool:
    """Tell what a database cannot do now, and can later."""
    cause: BaseException | None = error
    if isinstance(error, DBAPIError):
        if error.connection_invalidated or isinstance(error, OperationalError):
            return True
        cause = error.orig
    return str(getattr(cause, "sqlstate", None))[:2] in PASSING


async def _patiently(what: Callable[[], Awaitable[_Found]]) -> _Found:
    """Ask an SQLite file again while another program migrates or seals.

    It refuses us then for longer than it waits by itself.
    """
    for _ in range(ASKED):
        try:
            return await what()
        except (OSError, OperationalError, UnusableError) as error:
            if "locked" not in str(error):
                raise
        await asyncio.sleep(ASKED_AGAIN)
    return await what()
