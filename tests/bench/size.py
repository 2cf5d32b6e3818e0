"""How much room an installation takes: the environment that ``make install`` makes, and the code.

All of it is translated, as it is after it ran for a while; the image is the same and no larger.
"""

import asyncio
import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.bench.rows import Row, row
from tests.real import ROOT

CODE = ("bot", "dialogs", "nudges", "adapters")
KEPT = {"PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX"}
"""What would keep Python from writing what it translates beside the sources."""


async def run() -> Sequence[Row]:
    return [
        row("installed, with search by meaning", [await _installed("true")], "MB", "≤ 350"),
        row("installed, without", [await _installed("false")], "MB", "≤ 250"),
    ]


async def _installed(semantic: str) -> float:
    """Return the megabytes that lie on the disk, as ``du`` counts them."""
    env = {k: v for k, v in os.environ.items() if k not in KEPT} | {"SEMANTIC": semantic}
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        await _told(str(ROOT / "infra" / "environment.sh"), str(place / "lean"), env=env)
        for name in CODE:
            shutil.copytree(ROOT / name, place / name, ignore=shutil.ignore_patterns("__pycache__"))
        python = str(place / "lean" / "bin" / "python")
        await _told(python, "-m", "compileall", "-q", "-j", "0", folder, env=env)
        await _told(python, "-m", "bot", "manifest", "build", "--help", env=env, cwd=place)
        said = await _told("du", "-sk", folder, env=env)
    return int(said.split()[0]) / 1024


async def _told(*words: str, env: dict[str, str], cwd: Path = ROOT) -> str:
    process = await asyncio.create_subprocess_exec(
        *words, cwd=cwd, env=env, stdout=asyncio.subprocess.PIPE
    )
    said, _ = await process.communicate()
    if process.returncode:
        sys.exit(f"{words[0]} ended with {process.returncode}.")
    return said.decode()
