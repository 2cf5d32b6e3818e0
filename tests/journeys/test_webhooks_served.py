"""A system is added by command; the running program tells it, also when it was started anew."""

import asyncio
import json
import signal
import sys
from asyncio.subprocess import DEVNULL, Process
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import pytest
from sqlalchemy import select, update

from adapters.store.database import Store
from adapters.store.webhooks import parcels
from tests.adapters.crm.test_referee import certificate
from tests.adapters.slack.serving import ROOT, ready
from tests.cli.lines import run
from tests.desk import SECRET
from tests.journeys.test_events import documented
from tests.real import free_port, program
from tests.receiver import Receiver, receiving

LONGEST = 60
Seen = TypeVar("Seen")


async def command(*words: str) -> str:
    """Run a command beside us, in a thread of its own, for it brings its own loop."""
    found = await asyncio.to_thread(run, *words)
    assert found.exit_code == 0, found.output
    return found.stdout


async def until(look: Callable[[], Awaitable[Seen]], wanted: Seen) -> None:
    """Wait until something is so, as long as a busy machine may need."""
    async with asyncio.timeout(LONGEST):
        while True:
            if await look() == wanted:
                return
            await asyncio.sleep(0.1)


async def serve(port: int) -> Process:
    """Start the program as a service does; it is ready when this returns."""
    words = (sys.executable, "-m", "bot", "serve", "--local")
    process = await asyncio.create_subprocess_exec(*words, cwd=ROOT, stderr=DEVNULL)
    await ready(f"http://127.0.0.1:{port}/readyz", process)
    return process


@pytest.mark.parametrize(
    ("how", "end"), [("503", signal.SIGTERM), ("slow", signal.SIGKILL)], ids=["put off", "killed"]
)
async def test_what_a_command_queued_is_told_by_the_program_that_serves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str, end: signal.Signals
) -> None:
    tls, trusted = certificate(tmp_path)
    url, port = f"sqlite:///{tmp_path / 'house.db'}", free_port()
    for name, value in {
        "WAYFINDER_DATABASE": url,
        "WAYFINDER_SECRET": SECRET,
        "WAYFINDER_PORT": str(port),
        "WAYFINDER_LINKS_INSIDE": "127.0.0.1",
        "SSL_CERT_FILE": str(trusted),
    }.items():
        monkeypatch.setenv(name, value)
    await command("migrate")
    store = await Store.open(url)

    async def state() -> tuple[str, str]:
        async with store.read() as work:
            row = (await work.connection.execute(select(parcels.c.state, parcels.c.why))).one()
        return row.state, row.why

    async with receiving(other := Receiver(how=[how]), tls):
        assert other.url.startswith("https://127.0.0.1:")
        added = await command("webhook", "add", "planner", other.url, "--event", "health.judged")
        other.secrets.append(added.split()[-1])
        tried = (await command("webhook", "try", "planner")).split()[-1]
        process = await serve(port)
        await asyncio.wait_for(other.asked.wait(), LONGEST)
        if how != "slow":
            await until(state, ("waiting", f"status {how}"))
        process.send_signal(end)
        await process.wait()
        assert not other.taken
        assert (await state())[0] == "waiting"
        async with store.write() as work:  # its pause, or its lease, is over
            await work.connection.execute(update(parcels).values(due=datetime.now(UTC)))
        async with program("serve", "--local", port=port):
            await until(state, ("delivered", ""))
        assert [knock["webhook-id"] for knock in other.knocks] == [tried, tried]
    (told,) = other.taken.values()
    documented(told)
    assert (told["type"], told["data"]) == ("test", {})
    listed = json.loads(await command("webhook", "list", "--json"))
    assert (listed["waiting"], listed["delivered"], listed["given_up"]) == (0, 1, 0)
    await store.close()
