"""Hadolint over the image, and the official schema over the one-server set-up."""

import json
import subprocess
import sysconfig
from pathlib import Path

from pydantic import BaseModel, TypeAdapter

from tests.gates.reasons import REASONS, Finding, unreasoned

BIN = Path(sysconfig.get_path("scripts"))
DOCKERFILE, COMPOSE = "infra/Dockerfile", "infra/compose.yaml"


class _Line(BaseModel):
    file: str
    line: int
    code: str
    message: str


_LINES = TypeAdapter(list[_Line])


def unfit_image(root: Path, reasons: Path | None = REASONS) -> list[str]:
    """Return what hadolint finds in the Dockerfile of ``root``, without a written reason."""
    if not (root / DOCKERFILE).is_file():
        return ["hadolint found no file to look at"]
    # Comments in the file would let a line by without a reason, so they do not count.
    asked = [str(BIN / "hadolint"), "--disable-ignore-pragma", "--no-fail", "-f", "json"]
    told = _run([*asked, DOCKERFILE], root)
    if told.returncode:
        return [f"hadolint did not look: {told.stderr.strip()}"]
    found = [
        Finding(one.code, one.file, f"{one.message} (line {one.line})")
        for one in _LINES.validate_json(told.stdout)
    ]
    return unreasoned(found, ("DL", "SC"), reasons)


def unfit_compose(root: Path) -> list[str]:
    """Return where the one-server set-up of ``root`` is not what Compose can read."""
    if not (root / COMPOSE).is_file():
        return ["check-jsonschema found no file to look at"]
    # The schema of the specification comes with the package; nothing is fetched.
    asked = [str(BIN / "check-jsonschema"), "--builtin-schema", "vendor.compose-spec"]
    told = _run([*asked, "--output-format", "json", COMPOSE], root)
    if told.returncode == 0:
        return []
    said = json.loads(told.stdout or "{}")
    found = [f"{COMPOSE}: {one['path']}: {one['message']}" for one in said.get("errors", [])]
    found += [f"{COMPOSE}: {one['message']}" for one in said.get("parse_errors", [])]
    return found or [f"{COMPOSE}: {told.stdout}{told.stderr}".strip()]


def _run(asked: list[str], root: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(asked, cwd=root, capture_output=True, text=True, check=False)  # noqa: S603 - ours
