"""Troubles with the database itself: out of reach, crowded, half migrated, of a later program."""

import asyncio
import os
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.store import migrations
from adapters.store.database import Store, UnusableError
from adapters.store.engines import engine, parse
from bot.rehearsal.house import PEOPLE
from bot.rehearsal.scene import AT_WORK, LATER, Run, StuckError
from bot.rehearsal.wire import wired

WRITERS = 8
LONGEST_CUT, LONGEST_HANG = 0.8, 1.0
MIGRATES = 2.5
"""Seconds that a migration from nothing takes, about."""
LATER_VERSION = "9999"


def unreachable(run: Run) -> None:
    """Cut the wire to PostgreSQL, or let it hang, some times while houses work."""
    with wired(run.url, run.folder / "wire") as wire:
        part = replace(run.part(), database=wire.url, lull=AT_WORK, finishes=True)
        child = run.start(part)
        for _ in range(run.chance.randint(1, 3)):
            run.pause(child, 1 / 3)
            if run.chance.random() < 1 / 2:
                wire.hang(run.chance.uniform(0, LONGEST_HANG))
            else:
                wire.cut()
                time.sleep(run.chance.uniform(0, LONGEST_CUT))
                wire.join()
        run.over(child)


def crowded(run: Run) -> None:
    """Let eight houses write to one file, each of the crowd to two of them, and kill some."""
    part = run.part()
    children = [
        run.start(replace(part, name=f"writer{n}", mine=(n % PEOPLE,))) for n in range(WRITERS)
    ]
    if run.seed % 2:
        run.pause(children[0])
        for child in run.chance.sample(children, WRITERS // 2):
            run.kill(child)
    for child in children:
        run.wait(child)
    run.finish(part, LATER)


def killed_migrating(run: Run) -> None:
    """Kill a program that brings the schema up; what is left is refused, or whole, and mended."""
    asyncio.run(emptied(run.url))
    for _ in range(run.chance.randint(1, 2)):
        child = _migrates(run)
        time.sleep(run.chance.uniform(0, MIGRATES))
        run.kill(child)
        trouble = asyncio.run(_trouble(run.url))
        if trouble and not migrations.helps(trouble):
            message = f"a killed migration left what migrating does not mend: {trouble}"
            raise StuckError(message)
    for child in [_migrates(run) for _ in range(run.chance.randint(1, 2))]:
        run.over(child)
    run.ground.fill(run.url, run.base)
    run.finish(run.part())


def unknown_version(run: Run) -> None:
    """Let a house that works be killed, and the database be of a later program for a while."""
    part = run.part()
    child = run.start(part)
    run.pause(child)
    run.kill(child)
    before = asyncio.run(set_version(run.url, LATER_VERSION))
    for create in (False, True):
        said = asyncio.run(_trouble(run.url, create=create))
        if said is None or LATER_VERSION not in said:
            message = f"a database of version {LATER_VERSION} was not refused by name: {said}"
            raise StuckError(message)
    asyncio.run(set_version(run.url, before))
    run.finish(part, LATER)


def _migrates(run: Run) -> int:
    """Bring the schema up in a process of its own; returns its number."""
    child = os.fork()
    if not child:
        code = 1
        try:
            said = asyncio.run(_trouble(run.url, create=True))
            (run.folder / "migrates.log").write_text(said or "")
            code = 1 if said else 0
        finally:
            os._exit(code)
    run.children.append(child)
    return child


async def _trouble(url: str, *, create: bool = False) -> str | None:
    """Open a database as a start does; returns why it is refused."""
    try:
        store = await Store.open(url, create=create)
    except UnusableError as error:
        return str(error)
    await store.close()
    return None


async def emptied(url: str) -> None:
    """Leave nothing of a database."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        await asyncio.to_thread(Path(address.database or "").unlink)
        return
    async with _raw(url) as connection:
        await connection.execute(text("DROP SCHEMA public CASCADE"))
        await connection.execute(text("CREATE SCHEMA public"))


async def set_version(url: str, version: str) -> str:
    """Let a database say that it is of another version; returns what it said before."""
    async with _raw(url) as connection:
        before = await connection.scalar(text("SELECT version_num FROM alembic_version"))
        await connection.execute(
            text("UPDATE alembic_version SET version_num = :v"), {"v": version}
        )
        return str(before)


@asynccontextmanager
async def _raw(url: str) -> AsyncGenerator[AsyncConnection]:
    """Begin a transaction on a database, whatever its schema is."""
    there = engine(parse(url), write=True, connections=1)
    try:
        async with there.begin() as connection:
            yield connection
    finally:
        await there.dispose()
