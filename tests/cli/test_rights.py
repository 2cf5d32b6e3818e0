"""What is kept of somebody can be handed to them, whole, and holds nothing of anybody else."""

import asyncio
import json
from pathlib import Path

from adapters.store.database import Store
from adapters.store.schema import metadata
from tests.cli.lines import run
from tests.contracts.test_store_erasure import CANARY, FRIEND, fill

PERSONAL = {t.name for t in metadata.sorted_tables if "erased_by" in t.info}


def filled(folder: Path) -> str:
    url = f"sqlite:///{folder / 'x.db'}"

    async def keep() -> None:
        store = await Store.open(url, create=True)
        await fill(store)
        await store.close()

    asyncio.run(keep())
    return url


def test_all_that_is_kept_of_somebody_and_nothing_of_others(tmp_path: Path) -> None:
    url = filled(tmp_path)
    found = run("data", CANARY, "--database", url)
    assert found.exit_code == 0
    told = json.loads(found.stdout)
    assert {name for name, rows in told.items() if CANARY in str(rows)} == PERSONAL
    for name, rows in told.items():
        for row in rows:
            assert CANARY in str(row), f"{name} shows a row that is not theirs"
    words = ("body", "name", "obstacle", "asked", "told", "question", "title", "answer", "story")
    assert not [word for word in words if f"{word}-{FRIEND}" in found.stdout]
    again = json.loads(run("data", f"{CANARY}@x", "--database", url).stdout)
    assert [row["act"] for row in again["audit"]].count("export") > [
        row["act"] for row in told["audit"]
    ].count("export"), "the log says who was shown"


def test_who_is_not_here_is_refused(tmp_path: Path) -> None:
    found = run("data", "nobody@x", "--database", filled(tmp_path))
    assert (found.exit_code, "nobody here is meant by" in found.stderr) == (2, True)
