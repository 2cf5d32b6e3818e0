"""Every dependency is locked with its hashes, and no lock says where to fetch from.

What is installed is what somebody looked at: a lock names each version and its hashes, so another
file under the same name is refused. Where packages come from is for the machine to say.
"""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

LOCKS: Mapping[str, tuple[str, ...]] = {
    "requirements.txt": ("program", "semantic"),
    "requirements-dev.txt": ("program", "semantic", "dev"),
    "requirements-fast.txt": ("fast",),
    "requirements-traces.txt": ("traces",),
    "requirements-gates.txt": ("gates",),
    "requirements-build.txt": ("build",),
}
"""Each lock and what it holds: what the program needs, what builds it, and extras by name."""
_SOURCE = re.compile(r"(?:^|\s)(?:-i|-f|--(?:extra-)?index-url|--find-links|--trusted-host)\b|://")
_STRONG = "sha512-"
_EXACT = re.compile(r"\d+\.\d+\.\d+[\w.+-]*")


def unlocked(lock: str) -> list[str]:
    """Return the requirements of a lock without a version or without a hash."""
    return [r for r in _whole(lock) if "==" not in r or "--hash=sha256:" not in r]


def unheld(project: str, lock: str, kinds: tuple[str, ...] = ("program",)) -> list[str]:
    """Return what the project asks for that a lock does not hold in a version that fits."""
    told = tomllib.loads(project)
    asked = {
        "program": told["project"].get("dependencies", []),
        "build": told.get("build-system", {}).get("requires", []),
        **told["project"].get("optional-dependencies", {}),
    }
    wanted = [text for kind in kinds for text in asked.get(kind, [])]
    held = dict(_pins(lock))
    found: list[str] = []
    for text in wanted:
        need = Requirement(text)
        version = held.get(canonicalize_name(need.name))
        if version is None or not need.specifier.contains(version, prereleases=True):
            found.append(f"{text} (locked: {version})")
    return found


def loose(root: Path) -> list[str]:
    """Return everything about the locks below ``root`` that has to be mended."""
    found: list[str] = []
    project = (root / "pyproject.toml").read_text(encoding="utf-8")
    for name, kinds in LOCKS.items():
        lock = (root / name).read_text(encoding="utf-8")
        found += [f"{name}: not locked: {one}" for one in unlocked(lock)]
        found += [f"{name}: run make lock: {one}" for one in unheld(project, lock, kinds)]
        found += [
            f"{name}:{n}: names where to fetch from"
            for n, line in enumerate(lock.splitlines(), 1)
            if _SOURCE.search(line) and not line.lstrip().startswith("#")
        ]
    for package in sorted(root.glob("tests/node/*/package.json")):
        folder = package.parent
        asked: Mapping[str, Any] = json.loads(package.read_text(encoding="utf-8"))
        path = folder / "package-lock.json"
        if not path.is_file():
            found.append(f"{folder.relative_to(root)}: has no package-lock.json")
            continue
        lock = json.loads(path.read_text(encoding="utf-8"))
        found += [f"{path.relative_to(root)}: {one}" for one in loose_npm(asked, lock)]
    return found


def loose_npm(asked: Mapping[str, Any], lock: Mapping[str, Any]) -> list[str]:
    """Return what an npm lock leaves open: a hash, a version, or an address to fetch from."""
    found: list[str] = []
    packages: Mapping[str, Mapping[str, Any]] = lock.get("packages", {})
    for name, one in packages.items():
        if not name:
            continue
        if "resolved" in one:
            found.append(f"{name} names where to fetch from")
        if not str(one.get("integrity", "")).startswith(_STRONG):
            found.append(f"{name} has no sha512")
    for kind in ("dependencies", "devDependencies"):
        for name, version in asked.get(kind, {}).items():
            held = packages.get(f"node_modules/{name}", {}).get("version")
            if not _EXACT.fullmatch(version) or held != version:
                found.append(f"{name} {version} is not the one version that is locked ({held})")
    return found


def _whole(lock: str) -> list[str]:
    lines = [line for line in lock.splitlines() if not line.lstrip().startswith("#")]
    whole = "\n".join(lines).replace("\\\n", " ").splitlines()
    return [r for r in whole if r.strip()]


def _pins(lock: str) -> Iterator[tuple[str, str]]:
    for one in _whole(lock):
        if pinned := re.match(r"([\w.-]+)(?:\[[\w,-]+\])?==([^\s;]+)", one.strip()):
            yield canonicalize_name(pinned[1]), pinned[2]
