"""Run every gate: ``python -m tests.gates`` prints what has to be mended, and exits 1 for any."""

import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.gates.azure import unfit_azure
from tests.gates.cloud import unsafe_cloud
from tests.gates.cluster import unfit_cluster
from tests.gates.code import unsafe
from tests.gates.containers import unfit_compose, unfit_image
from tests.gates.locks import loose
from tests.gates.secrecy import leaked
from tests.gates.workflows import ungated

ROOT = Path(__file__).parents[2]


def tracked(root: Path) -> list[str]:
    """Return every file that is tracked, or about to be, by its path from the root."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"],  # noqa: S607 - whichever git is there
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
    )
    return listed.stdout.splitlines()


def made(name: str) -> bool:
    """Say whether a file is drawn from others that are looked at, and compared by a test."""
    return name.startswith("tests/golden/")


def gates(root: Path) -> Mapping[str, Callable[[], list[str]]]:
    """Return each gate by its name."""
    return {
        "bandit": lambda: unsafe(root),
        "detect-secrets": lambda: leaked(root, [n for n in tracked(root) if not made(n)]),
        "locks": lambda: loose(root),
        "workflows": lambda: ungated(tracked(root)),
        "hadolint": lambda: unfit_image(root),
        "compose": lambda: unfit_compose(root),
        "kubernetes-validate": lambda: unfit_cluster(root),
        "bicep": lambda: unfit_azure(root),
        "checkov": lambda: unsafe_cloud(root),
    }


def main(root: Path = ROOT) -> int:
    """Run every gate and print what it found; returns how many found something."""
    closed = 0
    for name, look in gates(root).items():
        found = look()
        closed += bool(found)
        print(f"{name}: {len(found) or 'nothing'} to mend")  # noqa: T201 - its output
        for one in found:
            print(f"  {one}")  # noqa: T201 - the same
    return closed


if __name__ == "__main__":
    sys.exit(min(main(), 1))
