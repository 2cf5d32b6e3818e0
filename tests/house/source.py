"""What the house tests read: our own modules, and every file that is tracked."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("bot", "adapters", "dialogs", "nudges")
PICTURES = {".png", ".ico", ".woff2", ".gz", ".zip", ".mo"}


@cache
def modules(*packages: str) -> dict[str, ast.Module]:
    """Return every module of our packages, by its path from the root."""
    paths = sorted(p for name in packages or PACKAGES for p in (ROOT / name).rglob("*.py"))
    return {str(p.relative_to(ROOT)): ast.parse(p.read_text(), str(p)) for p in paths}


@cache
def tracked() -> dict[str, str]:
    """Return every text file that is tracked, or about to be, by its path from the root."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"],  # noqa: S607 - whichever git is there
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    paths = [ROOT / name for name in listed]
    return {
        str(p.relative_to(ROOT)): p.read_text()
        for p in paths
        if p.is_file() and p.suffix not in PICTURES
    }


def imported(tree: ast.Module) -> Iterator[str]:
    """Yield the modules that a module imports, wherever it does so."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def dotted(node: ast.expr) -> str:
    """Return a name such as ``datetime.now`` as it is written, or nothing."""
    match node:
        case ast.Name(name):
            return name
        case ast.Attribute(value, name):
            return f"{start}.{name}" if (start := dotted(value)) else name
        case _:
            return ""
