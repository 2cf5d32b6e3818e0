"""SQLite with fewer trips to its thread: a statement and its rows in one.

SQLite blocks, so aiosqlite gives each connection a thread. Left alone, a statement goes there four
times (make a cursor, execute, fetch, close), and each trip waits for the machine to wake a thread,
twice. Storing one arrival took nine trips and takes one; what is on the disk when it is done is
the same.
"""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Self, TypeVar

import aiosqlite
from typing_extensions import override

CHUNK = 64
"""What aiosqlite fetches at a time where rows are streamed; here they never are."""
Result = TypeVar("Result")


class Cursor:
    """A cursor as SQLAlchemy uses it; its rows come along with the statement."""

    def __init__(self, connection: "Lite") -> None:
        self._connection = connection
        self._rows: Sequence[Any] = ()
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None
        self.arraysize = 1

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, sql: str, parameters: Sequence[Any] = ()) -> None:
        """Run a statement, and take all of its rows."""

        def run(connection: sqlite3.Connection) -> Sequence[Any]:
            cursor = connection.execute(sql, parameters)
            rows = cursor.fetchall()
            self._note(cursor)
            return rows

        self._rows = await self._connection.run(run)

    async def executemany(self, sql: str, parameters: Iterable[Sequence[Any]]) -> None:
        """Run a statement for each of several parameters."""

        def run(connection: sqlite3.Connection) -> None:
            self._note(connection.executemany(sql, parameters))

        await self._connection.run(run)

    async def fetchall(self) -> Sequence[Any]:
        """Return the rows."""
        return self._rows

    async def close(self) -> None:
        """Do nothing: SQLite's own cursor was at its end when its rows were taken."""

    def _note(self, cursor: sqlite3.Cursor) -> None:
        self.description = cursor.description
        self.rowcount = cursor.rowcount
        self.lastrowid = cursor.lastrowid
        cursor.close()


class Lite(aiosqlite.Connection):
    """A connection that goes to its thread once a statement, and not for nothing."""

    _begin = ""
    _ended = False
    """No transaction is open, so there is none to end."""

    def __init__(self, connector: Callable[[], sqlite3.Connection]) -> None:
        super().__init__(connector, CHUNK)
        self._thread.daemon = True

    def begin(self, how: str) -> None:
        """Begin a transaction with the next statement, on the same trip; or let it be its own."""
        self._begin = how

    async def run(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        """Do something in the connection's thread."""
        begin, self._begin = self._begin, ""
        self._ended = False

        def run(connection: sqlite3.Connection) -> Result:
            if begin:
                connection.execute(begin)
            result = work(connection)
            self._ended = not connection.in_transaction
            return result

        return await self._execute(run, self._conn)  # pyright: ignore[reportUnknownMemberType]

    @override
    def cursor(self) -> Any:  # as SQLAlchemy uses it
        return Cursor(self)

    @override
    async def commit(self) -> None:
        await self._end(sqlite3.Connection.commit)

    @override
    async def rollback(self) -> None:
        await self._end(sqlite3.Connection.rollback)

    async def _end(self, how: Callable[[sqlite3.Connection], None]) -> None:
        self._begin = ""
        if not self._ended:
            await self.run(how)


def connect(database: str, **options: Any) -> Lite:  # noqa: ANN401 - sqlite3's own
    """Return a connection that opens when it is awaited."""
    return Lite(lambda: sqlite3.connect(database, **options))
