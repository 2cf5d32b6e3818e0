"""The command that tells how many rumours came in, and never how few."""

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import insert

from adapters.store.database import Store
from adapters.store.rumours import rumours
from nudges.rumours import WEEKS
from tests.cli.lines import run

TODAY = datetime.now(UTC).date()


def filled(folder: Path, many: int) -> tuple[str, str]:
    url = f"sqlite:///{folder / 'x.db'}"

    async def keep() -> None:
        store = await Store.open(url, create=True)
        row = {"text": "x", "segment": "", "day": TODAY, "into": ""}
        async with store.write() as work:
            for n in range(many):
                await work.connection.execute(insert(rumours).values(key=f"k{n}", **row))
        await store.close()

    asyncio.run(keep())
    return "--database", url


def test_a_line_for_each_week(tmp_path: Path) -> None:
    told = run("rumours", "--json", *filled(tmp_path, 6))
    lines = [json.loads(one) for one in told.stdout.splitlines()]
    assert told.exit_code == 0
    assert [one["rumours"] for one in lines] == ["<5"] * (WEEKS - 1) + ["6"]
    assert lines == sorted(lines, key=lambda one: one["week"])


def test_few_and_none_look_alike(tmp_path: Path) -> None:
    few, none = tmp_path / "few", tmp_path / "none"
    few.mkdir()
    none.mkdir()
    assert run("rumours", *filled(few, 4)).stdout == run("rumours", *filled(none, 0)).stdout
