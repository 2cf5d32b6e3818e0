"""What a courier leaves in doubt when it is killed in the middle of a broadcast.

It is killed with -9 while it sends to a platform that answers in 5 ms and cannot tell later what
arrived. What was on its way in that moment, which is the pace times what a call takes, may have
arrived or not: just that becomes unknown, and every one of it is listed.
"""

import asyncio
import signal
import sys
import tempfile
from asyncio.subprocess import PIPE
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from random import Random
from time import perf_counter

import aiohttp
import structlog
from sqlalchemy import select
from typing_extensions import override

from adapters.store.database import Store
from adapters.store.delivery_table import deliveries
from bot.patience import Patience
from bot.wiring.parts import Connection, build
from nudges.address import Address
from nudges.delivery import Outcome, Unknown
from nudges.pace import POSTS, Paces
from tests.bench import courier
from tests.bench.courier import Platform, clock, fill, platform
from tests.bench.rows import Row, row
from tests.desk import Notebook, read, settings
from tests.real import ROOT

PEOPLE, RUNS = 4000, 7
PACES = (50.0, 0.0)
"""Messages a second that the platform allows; 0 is without a limit."""


class Timed(Platform):
    """The platform over HTTP; it tells how often it is called, and how long that takes."""

    def __init__(self, session: aiohttp.ClientSession, url: str, every: int) -> None:
        super().__init__(session, url)
        self._every = every
        self._took: list[float] = []
        self._began = perf_counter()

    @override
    async def post(self, to: Address, payload: str, mark: str) -> Outcome:
        began = perf_counter()
        outcome = await super().post(to, payload, mark)
        self._took.append(perf_counter() - began)
        if len(self._took) == self._every:
            rate = self._every / (perf_counter() - self._began)
            print(rate, sum(self._took) / self._every, flush=True)  # noqa: T201 - for who kills us
            self._took, self._began = [], perf_counter()
        return outcome


class Mute(Notebook):
    """The platform, which cannot tell what arrived."""

    @override
    async def find(self, to: Address, mark: str) -> Outcome:
        return Unknown(f"nobody knows of {mark}")


async def run() -> Sequence[Row]:
    rows: list[Row] = []
    memory: list[float] = []
    chance = Random(1)  # noqa: S311 - when it is killed
    async with platform() as url:
        for pace in PACES:
            left: list[float] = []
            most: list[float] = []
            for n in range(RUNS):
                with tempfile.TemporaryDirectory() as folder:
                    killed = await _killed(f"sqlite:///{folder}/{n}.db", url, pace, chance)
                left.append(killed[0])
                most.append(killed[1])
                memory.append(killed[2])
            name = f"{pace:g}/s" if pace else "no limit"
            aim = "the next line" if pace else "no pace to keep"
            rows.append(row(f"{name}: unknown after kill -9", left, "", aim))
            rows.append(row(f"{name}: sends a second times latency, + 2", most, "", ""))
    rows.append(row("memory of a courier's process", memory, "MB", "≤ 200"))
    return rows


async def _killed(
    database: str, url: str, pace: float, chance: Random
) -> tuple[float, float, float]:
    """Kill a courier while it sends; returns how many are unknown then, the aim, and megabytes."""
    store = await Store.open(database, create=True)
    await fill(store, PEOPLE)
    child = await asyncio.create_subprocess_exec(
        *(
            sys.executable,
            "-m",
            "tests.bench.killed",
            database,
            url,
            str(pace),
            str(courier.STARTED),
        ),
        cwd=ROOT,
        stdout=PIPE,
    )
    assert child.stdout
    aim = 0.0
    for _ in range(chance.randint(4, 12)):
        rate, took = map(float, (await child.stdout.readline()).split())
        aim = max(aim, rate * took + 2)
    memory = _peak(child.pid)
    child.send_signal(signal.SIGKILL)
    await child.wait()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    later = timedelta(minutes=5)
    app = build(settings(), store, [Connection("browser", read, Mute())], lambda: clock() + later)
    await app.courier.look_after()
    async with store.read() as work:
        states = await work.states()
        unknown = select(deliveries.c.why).where(deliveries.c.state == "unknown")
        listed = (await work.connection.scalars(unknown)).all()
    await store.close()
    assert sum(states.values()) == PEOPLE
    assert all(listed)
    assert {"claimed", "sending"} & states.keys() == set()
    return float(len(listed)), aim, memory


def _peak(process: int) -> float:
    """Return the most memory that a process has had, in megabytes."""
    status = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1000


async def send(database: str, url: str, pace: float) -> None:
    """Send until killed."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    store = await Store.open(database)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=100)) as session:
        app = build(
            settings(),
            store,
            [Connection("browser", read, Timed(session, url, int(pace / 5) or 200))],
            clock,
            Patience(),
            paces=Paces({("browser", POSTS): pace} if pace else {}),
        )
        await app.start()
        await asyncio.sleep(60)


if __name__ == "__main__":
    courier.STARTED = float(sys.argv[4])
    asyncio.run(send(sys.argv[1], sys.argv[2], float(sys.argv[3])))
