"""What is running, seen, paused, resumed and stopped from the command line."""

import asyncio
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from adapters.store.database import Store
from bot.cli import main
from nudges.delivery import Priority
from tests.clock import MONDAY


@pytest.fixture
def database(tmp_path: Path) -> str:
    url = f"sqlite:///{tmp_path / 'runs.db'}"

    async def begin() -> None:
        store = await Store.open(url, create=True)
        async with store.write() as work:
            await work.begin_run("broadcast:7", Priority.BROADCAST, MONDAY)
        await store.close()

    asyncio.run(begin())
    return url


def run(database: str, *words: str) -> Result:
    return CliRunner().invoke(main, ["runs", *words, "--database", database])


def states(database: str) -> dict[str, str]:
    lines = run(database, "list").stdout.splitlines()
    return {line.split("\t")[0]: line.split("\t")[1] for line in lines}


ALL = {"replies": "running", "pulses": "running", "nudges": "running", "broadcast:7": "running"}


def test_everything_runs_at_first(database: str) -> None:
    assert states(database) == ALL


def test_paused_resumed_and_stopped_for_good(database: str) -> None:
    assert run(database, "pause", "pulses").exit_code == 0
    assert states(database) == ALL | {"pulses": "paused"}
    assert run(database, "resume", "pulses").exit_code == 0
    assert run(database, "stop", "broadcast:7").exit_code == 0
    assert states(database) == ALL | {"broadcast:7": "stopped"}
    again = run(database, "resume", "broadcast:7")
    assert (again.exit_code, "broadcast:7" in again.stderr) == (2, True)
    assert states(database) == ALL | {"broadcast:7": "stopped"}


@pytest.mark.parametrize("words", [("pause", "replies"), ("pause", "nothing"), ("stop", "")])
def test_what_cannot_be_switched_is_refused_with_why(database: str, words: tuple[str, ...]) -> None:
    result = run(database, *words)
    assert (result.exit_code, bool(result.stderr.strip())) == (2, True)
    assert states(database) == ALL
