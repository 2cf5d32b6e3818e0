"""Bandit over everything that is shipped; a reason stands beside the line, where a reader is.

Ruff's rules S are bandit's, and their reasons stand in ``noqa`` comments already. Bandit knows
more (it follows names), so it runs as well, and the same comments count for the same rule: one
reason, in one place. What only bandit sees has ``nosec`` with a reason.
"""

import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from pydantic import BaseModel

SHIPPED = ("bot", "adapters", "dialogs", "nudges")
_REASON = re.compile(r"#\s*(?:noqa|nosec):?\s*([A-Z0-9, ]+?)\s+-\s+\S.{3,}")


class _Issue(BaseModel):
    filename: str
    line_number: int
    line_range: list[int]
    test_id: str
    issue_text: str


class _Skipped(BaseModel):
    filename: str
    reason: str


class _Report(BaseModel):
    errors: list[_Skipped]
    results: list[_Issue]


def unsafe(root: Path, names: Iterable[str] = SHIPPED) -> list[str]:
    """Return what bandit finds below some folders of ``root``, without a written reason."""
    folders = [str(root / name) for name in names]
    if not any(True for folder in folders for _ in Path(folder).rglob("*.py")):
        return ["bandit found no file to look at"]
    # Bandit's own ``nosec`` asks for no reason, so it is told to overlook that and we look.
    asked = [sys.executable, "-m", "bandit", "-q", "--ignore-nosec", "-f", "json", "-r", *folders]
    told = subprocess.run(asked, capture_output=True, text=True, check=False)  # noqa: S603 - ours
    report = _Report.model_validate_json(told.stdout)
    found = [f"{_where(root, one.filename)}: {one.reason}" for one in report.errors]
    for issue in report.results:
        if not _reasoned(issue):
            where = _where(root, issue.filename)
            found.append(f"{where}:{issue.line_number}: {issue.test_id} {issue.issue_text}")
    return found


def _where(root: Path, name: str) -> str:
    return str(Path(name).relative_to(root))


def _reasoned(issue: _Issue) -> bool:
    lines = Path(issue.filename).read_text(encoding="utf-8").splitlines()
    near = sorted({issue.line_number, *issue.line_range})
    said = [s for n in near if 0 < n <= len(lines) for s in _REASON.finditer(lines[n - 1])]
    wanted = {issue.test_id, issue.test_id.replace("B", "S", 1)}
    return any(wanted & set(re.split(r"[, ]+", one[1])) for one in said)
