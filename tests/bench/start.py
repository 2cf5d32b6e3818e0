"""How long a cold start takes, and how much memory the program holds then.

Python translates every file once, at its installation or its first start. A workplace that forbids
to keep that (``PYTHONDONTWRITEBYTECODE``) pays for it each time, which is another figure than ours,
so what is translated is kept in a folder of the measurement, and the first start is not counted.
"""

import asyncio
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

import aiohttp

from tests.bench.rows import Row, row
from tests.real import ROOT, free_port

RUNS = 5


async def run() -> Sequence[Row]:
    started: list[float] = []
    memory: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        await _once(Path(folder))
        for _ in range(RUNS):
            seconds, megabytes = await _once(Path(folder))
            started.append(seconds)
            memory.append(megabytes)
    return [
        row("cold start until ready", started, "s", "≤ 2.5"),
        row("resident memory", memory, "MB", "≤ 150"),
    ]


async def _once(folder: Path) -> tuple[float, float]:
    port = free_port()
    words = ["demo", "--port", str(port), "--folder", str(folder)]
    env = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    env["PYTHONPYCACHEPREFIX"] = str(folder / "translated")
    began = perf_counter()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", *words, cwd=ROOT, env=env, stderr=asyncio.subprocess.DEVNULL
    )
    try:
        async with aiohttp.ClientSession() as session, asyncio.timeout(30):
            while True:
                try:
                    async with session.get(f"http://127.0.0.1:{port}/readyz") as answer:
                        if answer.status == 200:
                            break
                except aiohttp.ClientError:
                    await asyncio.sleep(0.02)
        seconds = perf_counter() - began
        return seconds, megabytes(process.pid)
    finally:
        process.terminate()
        await process.wait()


def megabytes(process: int | str = "self") -> float:
    """Return how much memory a process holds."""
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
