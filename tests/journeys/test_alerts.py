"""The alerts, tried on small series by Prometheus' own tool; each change that hides one is seen."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.house.source import ROOT
from tests.real import tool

ALERTS = ROOT / "infra" / "alerts"
PLANTED = {
    "a limit too high": ("> 300\n", "> 3000\n"),
    "one process is enough": ("max(wayfinder_database_up)", "min(wayfinder_database_up)"),
    "too patient": ("absent(wayfinder_build_info)\n        for: 3m", "absent(x)\n        for: 3h"),
    "added up": ("max by (role) (wayfinder_role)", "min by (role) (wayfinder_role)"),
    "any platform": ("            unless on (platform)\n", "            and on (platform)\n"),
}
pytestmark = pytest.mark.real


def tried(place: Path) -> subprocess.CompletedProcess[str]:
    command = [tool("promtool"), "test", "rules", str(place / "wayfinder.tests.yaml")]
    return subprocess.run(  # noqa: S603 - Prometheus' own tool on our own files
        command, capture_output=True, text=True, check=False, timeout=60
    )


def test_prometheus_reads_every_rule() -> None:
    command = [tool("promtool"), "check", "rules", str(ALERTS / "wayfinder.rules.yaml")]
    found = subprocess.run(  # noqa: S603 - as above
        command, capture_output=True, text=True, check=False, timeout=60
    )
    assert found.returncode == 0, found.stdout + found.stderr
    assert re.search(r"SUCCESS: (\d+) rules", found.stdout)


def test_alerts_ring_when_they_should_and_not_else() -> None:
    found = tried(ALERTS)
    assert found.returncode == 0, found.stdout + found.stderr


@pytest.mark.parametrize("name", PLANTED)
def test_an_alert_that_is_wrong_is_found(tmp_path: Path, name: str) -> None:
    for path in ALERTS.glob("*.yaml"):
        shutil.copy(path, tmp_path)
    rules = tmp_path / "wayfinder.rules.yaml"
    before, after = PLANTED[name]
    text = rules.read_text()
    assert text.count(before) == 1
    rules.write_text(text.replace(before, after))
    found = tried(tmp_path)
    assert found.returncode == 1, found.stdout + found.stderr
