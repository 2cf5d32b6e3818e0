"""What the commands tell about what people raised."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from adapters.store.database import Store
from nudges.people import Person
from nudges.voice import Closed, Raised, Taken
from tests.cli.lines import run

NOW = datetime.now(UTC)


def test_how_much_there_is_and_how_long_it_takes(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'x.db'}"

    async def keep() -> None:
        store = await Store.open(url, create=True)
        then = NOW - timedelta(days=6)
        async with store.write() as work:
            await work.save([Person("ann"), Person("eve")], then)
            for n in range(3):
                await work.keep([Raised(f"turn:{n}", "wish", "One screen less", "en")], "ann", then)
            day = timedelta(days=1)
            await work.keep([Taken(1, NOW.date())], "eve", then + day)
            await work.keep([Closed(1, done=True, words="It is gone")], "eve", then + 4 * day)
            await work.keep([Taken(2, NOW.date())], "eve", then + 3 * day)
        await store.close()

    asyncio.run(keep())
    told = {"new": 1, "taken": 1, "done": 1, "declined": 0, "days_to_answer": 2.0}
    found = run("voices", "--json", "--database", url)
    assert json.loads(found.stdout) == told | {"days_to_done": 4.0}
    lines = run("voices", "--days", "1", "--database", url).stdout.splitlines()
    assert lines[0] == "new\t1"
    assert lines[-1] == "days_to_done\t", "nothing was raised in that time"
