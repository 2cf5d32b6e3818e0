"""SQLite in fewer trips: the same transactions, kept and undone as before."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from adapters.store import lite
from adapters.store.database import Store, Work
from dialogs.doorway import Arrival

NOW = datetime(2026, 11, 16, 8, tzinfo=UTC)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "w.db"


@pytest.fixture
async def store(path: Path) -> AsyncIterator[Store]:
    opened = await Store.open(f"sqlite:///{path}", create=True)
    yield opened
    await opened.close()


def kept(path: Path) -> int:
    """Count what a stranger to our process finds."""
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT count(*) FROM inbox").fetchone()[0]


async def accept(work: Work, *keys: str) -> set[str]:
    return await work.accept([Arrival(key, "slack", "{}") for key in keys], "me", NOW, NOW)


async def test_one_statement_is_kept_when_it_returns(store: Store, path: Path) -> None:
    async with store.once() as work:
        assert await accept(work, "a", "b") == {"a", "b"}
        assert kept(path) == 2
    async with store.once() as work:
        assert await accept(work, "b", "c") == {"c"}
    assert kept(path) == 3


async def test_what_waits_for_its_end_is_kept_at_its_end(store: Store, path: Path) -> None:
    async with store.write() as work:
        await accept(work, "a")
        assert kept(path) == 0
    assert kept(path) == 1


async def test_a_transaction_without_a_statement_holds_nobody_up(store: Store, path: Path) -> None:
    async with store.write():
        pass
    with closing(sqlite3.connect(path, timeout=0)) as other:
        other.execute("BEGIN IMMEDIATE")


async def test_what_failed_is_undone_and_the_next_goes_on(store: Store, path: Path) -> None:
    async def fail() -> None:
        async with store.write() as work:
            await accept(work, "a")
            raise LookupError

    with pytest.raises(LookupError):
        await fail()
    assert kept(path) == 0
    async with store.once() as work:
        await accept(work, "b")
    assert kept(path) == 1


async def test_a_locked_database_is_said_to_be_out_of_reach(path: Path, store: Store) -> None:
    async with store.write() as work:
        await work.connection.execute(text("PRAGMA busy_timeout = 0"))
    with closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(OSError, match="locked"):
            async with store.once() as work:
                await accept(work, "a")
    async with store.once() as work:
        await accept(work, "a")
    assert kept(path) == 1


@pytest.mark.parametrize("steps", range(1, 12))
async def test_whoever_is_cut_off_at_any_step_leaves_no_transaction_open(
    steps: int, store: Store, path: Path
) -> None:
    async def write() -> None:
        async with store.write() as work:
            await accept(work, "a")
            await accept(work, "b")

    task = asyncio.create_task(write())
    for _ in range(steps):
        await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task])
    assert kept(path) in {0, 2}
    async with store.write() as work:
        await accept(work, "c")
    assert kept(path) in {1, 3}


async def test_the_commit_reaches_the_disk_before_it_returns(store: Store) -> None:
    async with store.write() as work:
        assert await work.connection.scalar(text("PRAGMA synchronous")) == 2
        raw = await work.connection.get_raw_connection()
        assert isinstance(raw.driver_connection, lite.Lite)
