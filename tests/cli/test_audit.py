"""What the commands tell about the audit log."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from adapters.store.audit import Audited
from adapters.store.database import Store
from bot.seals import Seals
from tests.cli.lines import run
from tests.clock import Clock

NOW = datetime.now(UTC)
SECRET = "kX9vT2mQ8rL4wZ7bN1cY6hJ3pD5gF0sA"  # noqa: S105 - made up


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return a database with two rows in the log, one of them sealed."""
    monkeypatch.setenv("WAYFINDER_SECRET", SECRET)
    address = f"sqlite:///{tmp_path / 'x.db'}"

    async def keep() -> None:
        store = await Store.open(address, create=True)
        async with store.write() as work:
            await work.audit(Audited(NOW - timedelta(hours=1), "ann", "edit", "purpose"))
            await work.audit(Audited(NOW, "ann", "grant", "role:sponsor", "bob"))
        await Seals(store, Clock(NOW), SECRET.encode()).round()
        await store.close()

    asyncio.run(keep())
    return address


def change(url: str, statement: str) -> None:
    async def keep() -> None:
        store = await Store.open(url)
        async with store.write() as work:
            await work.connection.execute(text(statement))
        await store.close()

    asyncio.run(keep())


def test_it_holds_until_somebody_changes_it(url: str) -> None:
    found = run("audit", "verify", "--database", url)
    assert (found.exit_code, found.stdout.splitlines()[0]) == (
        0,
        "1 seals hold, 1 rows wait for the next",
    )
    digest = found.stdout.split()[-1]
    assert run("audit", "verify", "--database", url, "--expect", digest).exit_code == 0
    other = run("audit", "verify", "--database", url, "--expect", "0" * 64)
    assert (other.exit_code, "another one than you expect" in other.stdout) == (1, True)
    change(url, "UPDATE audit SET act = 'view' WHERE id = 1")
    found = run("audit", "verify", "--database", url)
    assert (found.exit_code, "seal 1 were changed" in found.stdout) == (1, True)


def test_who_did_what_newest_first(url: str) -> None:
    lines = run("audit", "show", "--json", "--database", url).stdout.splitlines()
    newest = json.loads(lines[0])
    assert {k: newest[k] for k in ("who", "act", "about", "whom")} == {
        "who": "ann",
        "act": "grant",
        "about": "role:sponsor",
        "whom": "bob",
    }
    assert run("audit", "show", "--limit", "1", "--database", url).stdout.count("\n") == 1
