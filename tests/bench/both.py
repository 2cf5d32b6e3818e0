"""The same bench on SQLite and on a PostgreSQL of its own."""

import tempfile
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from bot.rehearsal.postgres import postgres_server
from tests.bench.rows import Row


async def on_both(measured: Callable[[str, str], Awaitable[Sequence[Row]]]) -> Sequence[Row]:
    """Return the rows of both databases; ``measured`` gets the name and the address of each."""
    with tempfile.TemporaryDirectory() as folder:
        rows = await measured("SQLite", f"sqlite:///{folder}/bench.db")
        place = Path(folder) / "postgres"
        place.mkdir()
        with postgres_server(place) as server:
            async with server.database() as database:
                return [*rows, *await measured("PostgreSQL", database)]
