"""Checkov over the image, the cluster and Azure; what it finds needs a written reason.

Checkov holds back packages that we need newer, so it has an environment of its own, locked by hash
like the other one: ``make gates`` makes it. It asks nobody anything: no guidelines are fetched, no
rules of others are loaded.
"""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from pydantic import BaseModel, TypeAdapter

from tests.gates.cluster import UndrawnError, drawn
from tests.gates.reasons import REASONS, Finding, unreasoned

ENVIRONMENT = ".venv-gates"
HOME = Path(__file__).parents[2] / ENVIRONMENT
KINDS = ("bicep", "dockerfile", "kubernetes")


class _Check(BaseModel):
    check_id: str
    check_name: str
    resource: str
    file_path: str
    file_line_range: list[int]


class _Results(BaseModel):
    failed_checks: list[_Check]
    skipped_checks: list[_Check]


class _Summary(BaseModel):
    parsing_errors: int
    passed: int
    resource_count: int


class _Report(BaseModel):
    check_type: str
    results: _Results
    summary: _Summary


_REPORTS = TypeAdapter(list[_Report])


def python_of_gates() -> Path:
    """Return the Python of the environment that checkov is in.

    Raises:
        FileNotFoundError: it was not made yet; says how.

    """
    python = HOME / "bin" / "python"
    if not python.is_file():
        message = f"{ENVIRONMENT} is not there yet: run `make gates`, which makes it"
        raise FileNotFoundError(message)
    return python


def unsafe_cloud(root: Path, reasons: Path | None = REASONS) -> list[str]:
    """Return what checkov finds in ``infra/`` of ``root``, without a written reason."""
    try:
        text = drawn(root)
    except UndrawnError as error:
        return [f"checkov gets no cluster to look at: {error}"]
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        shutil.copytree(root / "infra" / "bicep", folder / "bicep")
        shutil.copy(root / "infra" / "Dockerfile", folder)
        (folder / "cluster.yaml").write_text(text, encoding="utf-8")
        told = _asked(folder)
    try:
        reports = _REPORTS.validate_json(told.stdout)
    except ValueError:
        return [f"checkov did not look: {told.stderr.strip()[-300:]}"]
    found = [
        f"checkov could not read everything of {one.check_type}"
        for one in reports
        if one.summary.parsing_errors
    ]
    seen = {one.check_type for one in reports if one.summary.resource_count}
    found += [f"checkov saw nothing of {kind}" for kind in KINDS if kind not in seen]
    # A comment that tells it to skip a rule is no reason: what it skipped is a finding, too.
    every = [
        Finding(check.check_id, _where(one.check_type, check), check.check_name)
        for one in reports
        for check in (*one.results.failed_checks, *one.results.skipped_checks)
    ]
    return [*found, *unreasoned(every, ("CKV",), reasons)]


def _where(kind: str, check: _Check) -> str:
    return "infra/Dockerfile" if kind == "dockerfile" else check.resource


def _asked(folder: Path) -> subprocess.CompletedProcess[str]:
    asked = [str(python_of_gates()), "-m", "checkov.main", "--directory", str(folder)]
    asked += ["--framework", *KINDS, "--skip-download", "--output", "json"]
    quiet = {"BC_SKIP_MAPPING": "TRUE", "LOG_LEVEL": "ERROR"}
    environment = {**os.environ, **quiet}
    return subprocess.run(  # noqa: S603 - ours
        asked, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
