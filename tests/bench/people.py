"""A table of 100,000 people taken in by the command, and taken in again with nothing new."""

import asyncio
import csv
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

from adapters.directory.table import COLUMNS
from tests.bench.rows import Row, row
from tests.real import ROOT

PEOPLE = 100_000
UNDER = 8
"""How many people a manager has."""


async def run() -> Sequence[Row]:
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "people.csv"
        with table.open("w", newline="", encoding="utf-8") as file:
            lines = csv.writer(file)
            lines.writerow(COLUMNS)
            lines.writerows(_line(n) for n in range(PEOPLE))
        database = f"sqlite:///{folder}/people.db"
        first, memory = await asyncio.to_thread(_take_in, table, database)
        again, more = await asyncio.to_thread(_take_in, table, database)
    return [
        row("100,000 people taken in", [first], "s", "≤ 60"),
        row("memory of it", [memory], "MB", "≤ 300"),
        row("again, without news", [again], "s", "≤ 20"),
        row("memory of that", [more], "MB", "≤ 300"),
    ]


def _line(n: int) -> tuple[str, ...]:
    return (
        f"p{n:06}",
        f"Person {n}",
        f"p{n}@example.com",
        f"Sales/R{n % 40}/T{n % 400}",
        f"p{(n - 1) // UNDER:06}" if n else "",
        ("sales", "service", "manager")[n % 3],
        ("en", "nl")[n % 2],
        ("Europe/Amsterdam", "Europe/London")[n % 2],
        ("sales", "service")[n % 2],
        f"T1/U{n}",
        f"T9/{n:032x}",
    )


def _take_in(table: Path, database: str) -> tuple[float, float]:
    """Run the command; returns its seconds, and the most megabytes it had."""
    words = [sys.executable, "-m", "bot", "people", "import", str(table), "--database", database]
    began = perf_counter()
    process = subprocess.Popen(  # noqa: S603 - our own command
        words, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return perf_counter() - began, used.ru_maxrss / 1000
