"""The ground a run stands on: a database with people in it, and what is found there afterwards."""

import asyncio
import json
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import asyncpg
from sqlalchemy import delete, select, text, update
from sqlalchemy.engine import make_url

from adapters.store.database import Store, Work
from adapters.store.people import people
from adapters.store.schema import metadata
from adapters.store.standings import bases
from bot.rehearsal.checker import Kept, Posted, Witness, kept
from bot.rehearsal.filed import arrived, lines
from bot.rehearsal.house import (
    ACKNOWLEDGED,
    BASE,
    CANARY,
    ENDED,
    PEOPLE,
    PLATFORM,
    SCORES,
    at,
    says,
)
from dialogs.guide import HelpNote
from nudges.delivery import RUNS, Delivery, Priority
from nudges.people import Hours, Person
from nudges.programme import Programme, Segment

BROADCASTS = 2
ODD = ("note", "body", "person")
"""Rows that may be damaged: a message, something that arrived, and a person."""
SPOILT = "spoilt"


@dataclass(eq=False)
class Ground:
    """Where runs keep everything: a file for each, or one database that is emptied between."""

    kind: str
    url: str
    folder: Path

    def prepare(self, run: Path, spoil: str, base: datetime = BASE) -> str:
        """Make a database with people in it; returns its address.

        ``spoil`` names a row that is damaged, or nothing.
        """
        if self.kind == "sqlite":
            file = run / "wayfinder.db"
            template = self.folder / f"template{base:%m%d%H%M}.db"
            if not template.exists():
                asyncio.run(_fill(f"sqlite:///{template}", "", base))
            for kept_in in ("", ".keys"):
                shutil.copy(f"{template}{kept_in}", f"{file}{kept_in}")
            url = f"sqlite:///{file}"
            if spoil:
                asyncio.run(_spoilt(url, spoil, base))
            return url
        asyncio.run(_fill(self.url, spoil, base))
        return self.url

    def fill(self, url: str, base: datetime) -> None:
        """Put people into a database that is there."""
        asyncio.run(_fill(url, "", base))

    def found(self, url: str) -> tuple[Kept, dict[str, datetime]]:
        """Read what the database holds, and when each person is due next."""
        return asyncio.run(_found(url))

    def hang_up(self, url: str) -> None:
        """Let PostgreSQL end every connection to this database."""
        asyncio.run(
            _other(
                url,
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()",
                0,
            )
        )

    def hold(self, url: str, seconds: float) -> None:
        """Hold the database's write lock for some time."""
        asyncio.run(_other(url, "LOCK TABLE inbox, deliveries IN ACCESS EXCLUSIVE MODE", seconds))


def crowd(base: datetime) -> list[Person]:
    """Return the people of a run: welcomed, awake at any hour, and due for a question."""
    return [
        Person(
            f"person-{n}",
            f"{CANARY} {n}",
            zone="Europe/Amsterdam",
            hours=Hours(time(0), time(23, 59), tuple(range(7))),
            segment="sales",
            welcomed=True,
            next_due=base - timedelta(days=3),
            addresses=(at(n),),
        )
        for n in range(PEOPLE)
    ]


async def _fill(url: str, spoil: str, base: datetime) -> None:
    store = await Store.open(url, create=True)
    try:
        async with store.write() as work:
            for table in reversed(metadata.sorted_tables):
                if table is not bases:  # what it says of the keys is true of the next run, too
                    await work.connection.execute(delete(table))
            await work.open_lanes([""])
            for priority, name in RUNS.items():
                await work.begin_run(name, priority, base)
            segment = Segment("sales", {"en": "Sales"}, date(2026, 11, 2))
            await work.keep_programme(Programme({"en": "Rehearsal"}, segments={"sales": segment}))
            await work.save(crowd(base), base)
            await work.queue(
                [
                    Delivery(f"notice:{n}", p.id, HelpNote(), Priority.BROADCAST, base)
                    for p in crowd(base)
                    for n in range(BROADCASTS)
                ]
            )
            if spoil:
                await _spoil(work, spoil, base)
    finally:
        await store.close()


async def _spoilt(url: str, spoil: str, base: datetime) -> None:
    store = await Store.open(url)
    try:
        async with store.write() as work:
            await _spoil(work, spoil, base)
    finally:
        await store.close()


async def _spoil(work: Work, what: str, base: datetime) -> None:
    """Damage a row, as a bad disk or a slip of the hand would."""
    odd = Person(SPOILT, welcomed=True, next_due=base - timedelta(days=4))
    await work.save([odd], base)
    match what:
        case "note":
            spare = Delivery(SPOILT, SPOILT, HelpNote(), Priority.INTERACTIVE, base)
            await work.queue([spare])
            note = 'UPDATE deliveries SET note = \'{"card": "nobody"}\' WHERE person = :who'
            await work.connection.execute(text(note), {"who": SPOILT})
        case "body":
            arrival = says(PEOPLE, 0, "help")
            await work.accept([arrival], "stopped", base, base - timedelta(minutes=1))
            body = 'UPDATE inbox SET body = \'{"kind": "sa\' WHERE key = :key'
            await work.connection.execute(text(body), {"key": arrival.key})
        case _:
            await work.connection.execute(
                update(people).where(people.c.id == SPOILT).values(zone="Nowhere/Atall")
            )


async def _found(url: str) -> tuple[Kept, dict[str, datetime]]:
    store = await Store.open(url)
    try:
        async with store.read() as work:
            rows = await work.connection.execute(
                select(people.c.id, people.c.next_due).where(people.c.next_due.is_not(None))
            )
            return await kept(work), {row.id: row.next_due for row in rows}
    finally:
        await store.close()


async def _other(url: str, statement: str, seconds: float) -> None:
    """Run a statement on a connection of our own, and hold on to what it locked."""
    if make_url(url).get_backend_name() == "sqlite":
        store = await Store.open(url)
        try:
            async with store.write() as work:
                await work.connection.execute(text("SELECT 1"))
                await asyncio.sleep(seconds)
        finally:
            await store.close()
        return
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    untyped: Any = asyncpg
    connection = await untyped.connect(address)
    try:
        async with connection.transaction():
            await connection.execute(statement)
            await asyncio.sleep(seconds)
    finally:
        await connection.close()


def witness(run: Path) -> Witness:
    """Return what the world outside a run knows."""
    return Witness(
        frozenset(line["key"] for line in lines(run / ACKNOWLEDGED)),
        {f"user-{n}": SCORES for n in range(PEOPLE)},
        [Posted(call["mark"], call["user"]) for call in arrived(run / PLATFORM)],
    )


def ended(run: Path, otherwise: datetime) -> datetime:
    """Return what time it was when the last house of a run had done its work."""
    note = run / ENDED
    return datetime.fromisoformat(note.read_text()) if note.exists() else otherwise


def told(run: Path) -> Sequence[str]:
    """Return what the houses of a run wrote about the points at which they died."""
    return [json.dumps(p.read_text()) for p in sorted(run.glob("*.point"))]


def written(run: Path) -> Iterable[str]:
    """P9: yield each log of a run that holds what somebody said or is called."""
    for log in sorted(run.glob("*.log")):
        if CANARY in log.read_text(errors="replace"):
            yield f"P9: {log.name} holds {CANARY}"
