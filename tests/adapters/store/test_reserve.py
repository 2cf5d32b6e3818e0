"""Room beside an SQLite database: set aside at a start, given up on a full disk, and again."""

from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
from structlog.testing import capture_logs

from adapters.store import reserve
from adapters.store.database import Store
from adapters.store.reserve import SIZE
from dialogs.doorway import Arrival
from tests.clock import MONDAY


class Usage(NamedTuple):
    free: int


async def pragma(store: Store, what: str) -> object:
    async with store.write() as work:
        found = await work.connection.exec_driver_sql(f"PRAGMA {what}")
        return found.scalar() if found.returns_rows else None


async def full(store: Store) -> None:
    """Let the database grow until its disk is full."""
    pages = await pragma(store, "page_count")
    await pragma(store, f"max_page_count = {pages}")
    for n in range(100):
        arrival = Arrival(f"k{n}", "browser", f"word {n} " * 5_000, f"browser:demo:u{n}")
        async with store.write() as work:
            await work.accept([arrival], "one", MONDAY, MONDAY + timedelta(1))


async def test_it_is_given_up_on_a_full_disk_and_set_aside_again(tmp_path: Path) -> None:
    file = tmp_path / "w.db.reserve"
    url = f"sqlite:///{tmp_path / 'w.db'}"
    store = await Store.open(url, create=True)
    assert file.stat().st_size == SIZE
    with capture_logs() as logs, pytest.raises(OSError, match="full"):
        await full(store)
    assert file.stat().st_size == 0
    with capture_logs() as again, pytest.raises(OSError, match="full"):
        await full(store)
    told = [[one["event"] for one in said] for said in (logs, again)]
    assert told == [["store.reserve_given_up"], []]
    await store.close()
    store = await Store.open(url)
    assert file.stat().st_size == SIZE
    await store.close()


def no_room(_: Path) -> Usage:
    return Usage(2 * SIZE)


async def test_none_is_set_aside_where_there_is_no_room_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reserve, "disk_usage", no_room)
    store = await Store.open(f"sqlite:///{tmp_path / 'w.db'}", create=True)
    assert not (tmp_path / "w.db.reserve").exists()
    with pytest.raises(OSError, match="full"):
        await full(store)
    await store.close()


async def test_other_trouble_leaves_it_alone(tmp_path: Path) -> None:
    store = await Store.open(f"sqlite:///{tmp_path / 'w.db'}", create=True)
    await pragma(store, "query_only = ON")
    with pytest.raises(OSError, match="readonly"):
        async with store.write() as work:
            await work.accept([Arrival("k", "browser", "{}", "")], "one", MONDAY, MONDAY)
    assert (tmp_path / "w.db.reserve").stat().st_size == SIZE
    await store.close()
