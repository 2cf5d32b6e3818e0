"""A broadcast that runs: how soon it leaves, how far it got, and how soon it stops.

The whole program sends to a platform that answers in 5 ms, as fast as it can; what is counted is
counted beside that, in the same process, as the author's card does it.
"""

import asyncio
import sys
from collections.abc import Sequence
from datetime import timedelta
from time import perf_counter
from typing import Any

from sqlalchemy import text

from adapters.store.database import Store
from bot.courier import KEPT_FREE, ROOM
from bot.wiring.parts import Connection, build
from nudges.address import Address
from nudges.broadcast import Draft, HandedIn, Message, Stage
from nudges.delivery import Outcome, RunState, Sent
from nudges.steering import Switched
from tests.bench.rows import Row, row
from tests.clock import MONDAY
from tests.desk import PROGRAMME, Notebook, read, settings

ANSWER = 0.005
LOOKS = 40
APART = 0.05
REST = 2.5
"""Seconds in which nothing more may leave."""
AT_ONCE = ROOM - KEPT_FREE
"""How much of a broadcast is under way at once, which still arrives."""
SAID = Message({"en": "Offers", "nl": "Offertes"}, {"en": "One place.", "nl": "Eén plek."})


class Timed(Notebook):
    """A platform that notes when each call to it began."""

    def __init__(self) -> None:
        super().__init__()
        self.began: list[float] = []

    async def post(self, to: Address, payload: str, mark: str) -> Outcome:
        assert to
        self.began.append(perf_counter() if mark and payload else 0)
        await asyncio.sleep(ANSWER)
        return Sent(mark)

    async def replace(self, to: Address, ref: str, payload: str) -> Outcome:
        assert to
        assert payload
        await asyncio.sleep(ANSWER)
        return Sent(ref)


async def measured(name: str, store: Store, people: int) -> list[Row]:
    """Measure a broadcast to people who are there already; author is ``p``."""
    started, platform = perf_counter(), Timed()

    def clock() -> Any:  # noqa: ANN401 - a moment
        return MONDAY + timedelta(hours=1, seconds=perf_counter() - started)

    app = build(settings(), store, [Connection("browser", read, platform)], clock)
    async with store.write() as work:
        await work.keep_programme(PROGRAMME)
    await app.start()
    await asyncio.sleep(1)
    began = perf_counter()
    async with store.write() as work:
        draft = Draft(SAID, "everyone", people, own_morning=False)
        await work.keep([HandedIn(draft, Stage.RELEASED)], "p", clock())
        number = max(await work.broadcasts())
    while len(platform.began) < 2:  # noqa: ASYNC110 - the card, and the first message
        await asyncio.sleep(0.005)
    first = platform.began[1] - began
    asked: list[float] = []
    for _ in range(LOOKS):
        await asyncio.sleep(APART)
        at = perf_counter()
        async with store.read() as work:
            found = (await work.tallies([number], clock()))[number]
        asked.append((perf_counter() - at) * 1000)
    before = perf_counter()
    rate = len(platform.began) / (before - began - first)
    async with store.write() as work:
        await work.keep([Switched(number, RunState.STOPPED)], "p", clock())
    stopped, so_far = perf_counter(), len(platform.began)
    await asyncio.sleep(REST)
    last = max(platform.began)
    after = len(platform.began) - so_far
    while (await _queued(store, number)) > 0:  # noqa: ASYNC110 - what is measured
        await asyncio.sleep(0.05)
    cancelled = perf_counter() - stopped
    async with store.read() as work:
        found = (await work.tallies([number], clock()))[number]
    await app.stop()
    assert found.queued == 0
    slow = sorted(asked)
    return [
        row(f"{name}: handed in to first sent, {people:,} people", [first], "s", "≤ 5"),
        row(f"{name}: sends a second meanwhile", [rate], "/s", ""),
        row(f"{name}: status of it while it runs", asked, "ms", "≤ 100"),
        row(f"{name}: the same, 95 of 100", [slow[int(len(slow) * 0.95)]], "ms", "≤ 100"),
        row(f"{name}: last send after a stop", [max(0.0, last - stopped)], "s", "≤ 2"),
        row(f"{name}: sends after it", [float(after)], "", f"≤ {AT_ONCE} under way"),
        row(f"{name}: all that waited cancelled", [cancelled], "s", ""),
    ]


async def _queued(store: Store, number: int) -> int:
    async with store.read() as work:
        return (
            await work.connection.scalar(
                text("SELECT count(*) FROM deliveries WHERE run = :run AND state = 'queued'"),
                {"run": f"broadcast:{number}"},
            )
            or 0
        )


async def run(people: int) -> Sequence[Row]:
    """Measure this alone, with so many people: ``python -m tests.bench.running 10000``."""
    from tests.bench.broadcast import each_database, fill  # noqa: PLC0415 - it uses us, too

    rows: list[Row] = []
    async for name, database in each_database():
        store = await Store.open(database, create=True)
        await fill(store, people, addresses=True)
        rows += await measured(name, store, people)
    return rows


if __name__ == "__main__":
    for one in asyncio.run(run(int(sys.argv[1]))):
        print(*one, sep="\t")  # noqa: T201 - the figures
