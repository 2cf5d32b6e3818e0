"""A system is added by command; the running program tells it, also when it was started anew."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select, update

from adapters.store.database import Store
from adapters.store.webhooks import parcels
from tests.adapters.crm.test_referee import certificate
from tests.cli.lines import run
from tests.desk import SECRET
from tests.journeys.test_events import documented
from tests.real import free_port, program
from tests.receiver import Receiver, receiving

LONGEST = 60


async def command(*words: str) -> str:
    """Run a command beside us, in a thread of its own, for it brings its own loop."""
    found = await asyncio.to_thread(run, *words)
    assert found.exit_code == 0, found.output
    return found.stdout


async def until(so: Callable[[], Awaitable[bool]]) -> None:
    """Wait until something is so, as long as a busy machine may need."""
    async with asyncio.timeout(LONGEST):
        while True:
            if await so():
                return
            await asyncio.sleep(0.1)


async def test_what_a_command_queued_is_told_by_the_program_that_serves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tls, trusted = certificate(tmp_path)
    url, port = f"sqlite:///{tmp_path / 'house.db'}", free_port()
    for name, value in {
        "WAYFINDER_DATABASE": url,
        "WAYFINDER_SECRET": SECRET,
        "WAYFINDER_PORT": str(port),
        "WAYFINDER_LINKS_INSIDE": "127.0.0.1",
        "WAYFINDER_LOG_LEVEL": "info",
        "SSL_CERT_FILE": str(trusted),
    }.items():
        monkeypatch.setenv(name, value)
    await command("migrate")
    store = await Store.open(url)

    async def put_off() -> bool:
        async with store.read() as work:
            return await work.connection.scalar(select(parcels.c.why)) == "status 503"

    async def arrived() -> bool:
        async with store.read() as work:
            return await work.connection.scalar(select(parcels.c.state)) == "delivered"

    async with receiving(other := Receiver(how=["503"]), tls):
        assert other.url.startswith("https://127.0.0.1:")
        added = await command("webhook", "add", "planner", other.url, "--event", "health.judged")
        other.secrets.append(added.split()[-1])
        tried = (await command("webhook", "try", "planner")).split()[-1]
        async with program("serve", "--local", port=port):
            await until(put_off)
        assert not other.taken
        async with store.write() as work:  # some seconds go by
            await work.connection.execute(update(parcels).values(due=datetime.now(UTC)))
        async with program("serve", "--local", port=port):
            await until(arrived)
        assert [knock["webhook-id"] for knock in other.knocks] == [tried, tried]
    (told,) = other.taken.values()
    documented(told)
    assert (told["type"], told["data"]) == ("test", {})
    listed = json.loads(await command("webhook", "list", "--json"))
    assert (listed["waiting"], listed["delivered"], listed["given_up"]) == (0, 1, 0)
    await store.close()
