"""Many runs of many faults, a few at once: each judged by its files and its database.

The workers are forked before any loop or connection exists, and so is each house: what was slow
to load is loaded once.
"""

import asyncio
import faulthandler
import gc
import os
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy.engine import make_url

from adapters.store.database import Store, UnusableError
from bot.rehearsal.checker import Kept, troubles, unknown
from bot.rehearsal.faults import FAULTS, Fault
from bot.rehearsal.filed import append, lines, undercut
from bot.rehearsal.ground import Ground, ended, told, witness, written
from bot.rehearsal.house import PLATFORM, Part, live
from bot.rehearsal.postgres import available, postgres_server
from bot.rehearsal.scene import Run, StuckError
from bot.wiring import parts

AT_ONCE = 2
"""Workers for each core: a run waits more than it works."""
MOST_TOLD = 20
MOST_LINES = 3
MOST_LOG = 2000
STANDS_STILL = 600.0
"""Seconds after which a run is given up; its own waits are over long before."""


@dataclass(frozen=True, slots=True)
class Job:
    """One run to do."""

    fault: str
    database: str
    seed: int


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one run."""

    fault: str
    database: str
    seed: int
    broken: list[str] = field(default_factory=list[str])
    unknown: int = 0


def jobs(
    runs: int, seed: int, only: str | None, databases: Sequence[str], faults: Mapping[str, Fault]
) -> list[Job]:
    """Spread runs over the faults and databases; each repeats with its own seed."""
    wanted = [
        (name, database)
        for name, fault in faults.items()
        for database in fault.databases
        if only in {None, name} and database in databases
    ]
    found: list[Job] = []
    while wanted and len(found) < runs:
        turn = len(found) // len(wanted)
        name, database = wanted[len(found) % len(wanted)]
        found.append(Job(name, database, seed + turn))
    return found


def rehearse(  # noqa: PLR0913 - what is rehearsed, where, and with how many hands
    runs: int,
    seed: int,
    only: str | None = None,
    database: str | None = None,
    *,
    faults: Mapping[str, Fault] = FAULTS,
    workers: int = 0,
    progress: Path | None = None,
    kinds: Sequence[str] = ("sqlite", "postgresql"),
) -> list[Result]:
    """Do runs, a few at once, and return what came of each.

    ``progress`` is a file to which each run adds its line when it is over.

    Raises:
        UnusableError: the database that was named cannot be used, or is not empty.

    """
    with ExitStack() as stack:
        folder = Path(
            stack.enter_context(
                tempfile.TemporaryDirectory(prefix="wayfinder-", ignore_cleanup_errors=True)
            )
        )
        if database:
            kinds = [make_url(database).get_backend_name()]
            asyncio.run(_must_be_empty(database))
        there = [k for k in kinds if k == "sqlite" or database or available()]
        todo = jobs(runs, seed, only, there, faults)
        alone = database is not None and kinds != ["sqlite"]
        number = 1 if alone else min(workers or AT_ONCE * (os.cpu_count() or 1), len(todo) or 1)
        places = [folder / str(n) for n in range(number)]
        for place in places:
            place.mkdir()
        urls = stack.enter_context(_databases(folder, number, todo, database))
        done = [
            _forked(
                place,
                lambda n=n, place=place: _work(todo[n::number], place, urls[n], faults, progress),
            )
            for n, place in enumerate(places)
        ]
        for child in done:
            os.waitpid(child, 0)
        found = [Result(**line) for place in places for line in lines(place / "results.jsonl")]
        why = " ".join(" ".join((p / "worker.log").read_text()[-MOST_LOG:].split()) for p in places)
    lost = {(j.fault, j.database, j.seed) for j in todo}
    lost -= {(r.fault, r.database, r.seed) for r in found}
    found += [Result(*one, broken=[f"the rehearsal itself stopped: {why}"]) for one in sorted(lost)]
    order = {name: place for place, name in enumerate(faults)}
    return sorted(found, key=lambda r: (order[r.fault], r.database, r.seed))


def summed_up(results: Sequence[Result]) -> list[dict[str, Any]]:
    """Sum runs up: a line for each fault and database."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for result in results:
        line = found.setdefault(
            (result.fault, result.database),
            {
                "fault": result.fault,
                "database": result.database,
                "runs": 0,
                "broken": [],
                "unknown": 0,
            },
        )
        line["runs"] += 1
        line["unknown"] += result.unknown
        told_so_far: list[str] = line["broken"]
        told_so_far += [f"seed {result.seed}: {one}" for one in result.broken[:MOST_LINES]]
        del told_so_far[MOST_TOLD:]
    return list(found.values())


@contextmanager
def _databases(
    folder: Path, number: int, todo: Sequence[Job], database: str | None
) -> Generator[list[str]]:
    """Lend each worker a PostgreSQL database, if there is something to do on one."""
    if database is not None or all(job.database == "sqlite" for job in todo):
        yield [database or ""] * number
        return
    with postgres_server(folder / "postgres") as server:

        async def create() -> list[str]:
            return [await server.create() for _ in range(number)]

        yield asyncio.run(create())


async def _must_be_empty(database: str) -> None:
    store = await Store.open(database, create=True)
    try:
        async with store.read() as work:
            if await work.everyone():
                message = "The database is not empty; faults are rehearsed in one of their own."
                raise UnusableError(message)
    finally:
        await store.close()


def _forked(place: Path, work: Callable[[], None]) -> int:
    """Do work in a process of its own, which ends with us; returns its number."""
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        log = (place / "worker.log").open("a", buffering=1)
        sys.stdout = sys.stderr = log
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        work()
        code = 0
    except BaseException:  # noqa: BLE001 - nothing of the parent's may run in here
        traceback.print_exc()
    finally:
        os._exit(code)


def _work(
    todo: Sequence[Job],
    place: Path,
    url: str,
    faults: Mapping[str, Fault],
    progress: Path | None,
) -> None:
    """Do some runs, one after the other."""
    _watch()
    _warm_up(sorted({job.database for job in todo}), place, url)
    for n, job in enumerate(todo):
        _watch()
        run = place / f"run-{n}"
        run.mkdir()
        ground = Ground(job.database, url, place)
        result = _judged(job, faults[job.fault], ground, run)
        for file in (place / "results.jsonl", progress):
            if file is not None:
                append(file, asdict(result))
        shutil.rmtree(run, ignore_errors=True)


def _watch() -> None:
    """End this process, and write down where it stands, if it is still here after a while."""
    faulthandler.dump_traceback_later(STANDS_STILL, exit=True)


def _warm_up(kinds: Sequence[str], place: Path, url: str) -> None:
    """Live through a run without a fault, so that each house is forked with all of it loaded."""
    setattr(parts, "load_library", cache(parts.load_library))  # noqa: B010 - no house changes it
    for kind in kinds:
        folder = place / f"warm-{kind}"
        folder.mkdir()
        address = Ground(kind, url, place).prepare(folder, "")
        asyncio.run(live(Part(address, folder, 0, time.monotonic(), finishes=True)))
    gc.collect()
    gc.freeze()


def _judged(job: Job, fault: Fault, ground: Ground, folder: Path) -> Result:
    spoil = fault.spoils[job.seed % len(fault.spoils)] if fault.spoils else ""
    base = fault.days[job.seed % len(fault.days)]
    run = Run(ground, folder, ground.prepare(folder, spoil, base), job.seed, base=base)
    wrong: list[str] = []
    try:
        fault.scene(run)
    except (StuckError, OSError, UnusableError) as error:
        wrong.append(f"I7: {error}")
    finally:
        run.end()
    try:
        found, due = ground.found(run.url)
    except (OSError, UnusableError) as error:
        wrong.append(f"I7: the database cannot be used afterwards: {error}")
        return Result(job.fault, job.database, job.seed, [" ".join([*wrong, *told(folder)])])
    now = ended(folder, base)
    wrong += troubles(found, witness(folder), now)
    wrong += [f"I7: {who} is due since {since}" for who, since in due.items() if since <= now]
    wrong += _planned_twice(found)
    wrong += written(folder)
    if fault.unhurried:
        wrong += undercut(folder / PLATFORM)
    if fault.also:
        wrong += fault.also(found, folder)
    doubtful = unknown(found)
    if fault.certain and run.tells:
        wrong += [f"I2: {one} stays unknown, though the platform can tell" for one in doubtful]
    if wrong:
        wrong[0] = " ".join([wrong[0], *told(folder)])
    return Result(job.fault, job.database, job.seed, wrong, len(doubtful))


def _planned_twice(found: Kept) -> Generator[str]:
    """Yield whom we began to ask twice in a week."""
    planned = (row.person for row in found.deliveries if row.occasion.startswith("pulse:"))
    yield from (f"I2: {who} was asked {n} times" for who, n in Counter(planned).items() if n > 1)
