"""A PostgreSQL that ends in the middle of everything and starts again, while a house works."""

import asyncio
import tempfile
from dataclasses import replace
from pathlib import Path

from bot.rehearsal.faults import GREAT, Fault
from bot.rehearsal.postgres import Postgres, postgres_server
from bot.rehearsal.runs import rehearse
from bot.rehearsal.scene import AT_WORK, Run, Scene

RUNS = 4


def crashed(server: Postgres) -> Scene:
    def scene(run: Run) -> None:
        child = run.start(replace(run.part(), lull=AT_WORK, finishes=True))
        for _ in range(2):
            run.pause(child, 1 / 3)
            server.crash()
        run.over(child)

    return scene


def test_nothing_is_lost_or_doubled_when_it_ends_and_starts_again() -> None:
    with (
        tempfile.TemporaryDirectory(prefix="wayfinder-", ignore_cleanup_errors=True) as place,
        postgres_server(Path(place)) as server,
    ):
        faults = {"database.crashed": Fault(crashed(server), GREAT)}
        url = asyncio.run(server.create())
        found = rehearse(RUNS, 1, database=url, faults=faults)
    assert len(found) == RUNS
    assert [one.broken for one in found if one.broken] == []
