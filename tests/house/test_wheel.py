"""The wheel holds all of the program and nothing else, and starts by itself."""

import asyncio
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import closing, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from secrets import token_urlsafe

import pytest

from tests.house.source import PACKAGES, ROOT
from tests.real import free_port

PATIENCE = 60
NOT_OURS = ("WAYFINDER_", "PYTHONPATH")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel as ``make release`` does."""
    place = tmp_path_factory.mktemp("dist")
    asked = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(place)]
    subprocess.run(asked, cwd=ROOT, check=True, capture_output=True)  # noqa: S603 - ours
    (built,) = place.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def site(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Lay the wheel out, as an installation does, in a place of its own."""
    place = tmp_path_factory.mktemp("site")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(place)
    return place


def ours() -> Iterator[str]:
    """Yield every file of the program that is tracked."""
    asked = ["git", "ls-files", "-co", "--exclude-standard", *PACKAGES]
    listed = subprocess.run(  # noqa: S603 - ours
        asked,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    yield from (name for name in listed.stdout.splitlines() if (ROOT / name).is_file())


def test_the_wheel_is_the_program_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
    wanted = set(ours())
    assert held == wanted
    for folder, least in {
        "dialogs/content/": 200,
        "dialogs/locale/en/": 1,
        "dialogs/locale/nl/": 1,
        "adapters/browser/": 5,
        "adapters/store/migrations/versions/": 30,
    }.items():
        assert len([name for name in held if name.startswith(folder)]) >= least, folder


def environment(site: Path, **settings: str) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(NOT_OURS)}
    return {**kept, "PYTHONPATH": str(site), "PYTHONSAFEPATH": "1", **settings}


def test_the_wheel_starts_by_itself(site: Path, tmp_path: Path) -> None:
    said = environment(
        site,
        WAYFINDER_DATABASE=f"sqlite:///{tmp_path}/w.db",
        WAYFINDER_SECRET=token_urlsafe(48),
        WAYFINDER_PORT=str(port := free_port()),
        WAYFINDER_SEMANTIC="false",
    )

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603 - ours
            [sys.executable, *words],
            cwd=tmp_path,
            env=said,
            capture_output=True,
            text=True,
            check=False,
        )

    where = run("-c", "import bot, adapters; print(bot.__path__[0], adapters.__path__[0])")
    assert where.stdout.split() == [str(site / "bot"), str(site / "adapters")]
    migrated = run("-m", "bot", "migrate")
    assert migrated.returncode == 0, migrated.stderr
    asked = run("-m", "bot", "doctor", "--json")
    checks = {one["check"]: one["ok"] for one in json.loads(asked.stdout)}
    assert {checks[name] for name in ("database", "languages", "content")} == {True}
    serving = [sys.executable, "-m", "bot", "serve", "--local"]
    with subprocess.Popen(serving, cwd=tmp_path, env=said, stderr=subprocess.PIPE) as process:  # noqa: S603 - ours
        try:
            assert asyncio.run(answer(port, "/readyz", process)) == (200, "ok")
            assert "Wayfinder" in asyncio.run(answer(port, "/about", process))[1]
        finally:
            process.terminate()
            _, told = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, told


async def answer(port: int, path: str, process: subprocess.Popen[bytes]) -> tuple[int, str]:
    """Ask until somebody answers, or the program has ended."""
    async with asyncio.timeout(PATIENCE):
        while process.poll() is None:
            with (
                suppress(OSError, HTTPException),
                closing(HTTPConnection("127.0.0.1", port, timeout=5)) as connection,
            ):
                connection.request("GET", path)
                found = connection.getresponse()
                return found.status, found.read().decode()
            await asyncio.sleep(0.1)
    return 0, "it has ended"
