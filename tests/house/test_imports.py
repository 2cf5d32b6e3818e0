"""The import rule: arrows point right, adapters are strangers, the inside knows no outside."""

import shutil
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from tests.house.source import PACKAGES, ROOT, imported, modules


def lint(root: Path) -> subprocess.CompletedProcess[str]:
    command = Path(sys.executable).with_name("lint-imports")
    return subprocess.run(  # noqa: S603 - our own tool on our own code
        [command, "--no-cache"], cwd=root, capture_output=True, text=True, check=False, timeout=60
    )


def test_the_rule_is_kept() -> None:
    found = lint(ROOT)
    assert found.returncode == 0, found.stdout + found.stderr


BREACHES = {
    "nudges/schedule.py": "from dialogs.card import Card",
    "dialogs/pulse.py": "from adapters.store.database import Store",
    "dialogs/card.py": "import aiohttp",
    "nudges/people.py": "import sqlalchemy",
    "adapters/store/people.py": "from bot.app import App",
    "adapters/browser/channel.py": "from adapters.store.database import Store",
    "bot/courier.py": "from bot.rehearsal import checker",
}


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("copy")
    shutil.copy(ROOT / "pyproject.toml", place)
    for name in PACKAGES:
        shutil.copytree(ROOT / name, place / name, ignore=shutil.ignore_patterns("__pycache__"))
    return place


@pytest.mark.parametrize(("path", "line"), BREACHES.items(), ids=BREACHES)
def test_a_breach_is_found(copy: Path, path: str, line: str) -> None:
    module = copy / path
    whole = module.read_text()
    module.write_text(f"{whole}\n\n{line}  # planted\n")
    try:
        found = lint(copy)
    finally:
        module.write_text(whole)
    assert found.returncode == 1, found.stdout + found.stderr
    assert path.removesuffix(".py").replace("/", ".") in found.stdout


def test_every_adapter_is_under_the_rule() -> None:
    rule = (ROOT / "pyproject.toml").read_text()
    adapters = {p.parent.name for p in (ROOT / "adapters").glob("*/__init__.py")}
    missing = {name for name in adapters if f'"adapters.{name}"' not in rule}
    assert missing == set(), "add them to the contract of independence in pyproject.toml"


def test_only_the_wiring_names_a_concrete_adapter() -> None:
    outside = {
        path: sorted(name for name in imported(tree) if name.split(".")[0] == "adapters")
        for path, tree in modules("bot").items()
        if not path.startswith(("bot/wiring.py", "bot/wiring/", "bot/rehearsal/"))
    }
    assert {path: names for path, names in outside.items() if names} == {}


def test_nobody_else_claims_the_names_of_our_packages() -> None:
    ours = packages_distributions()
    assert "pytest" in ours, "the list has to know what is installed"
    assert {name: ours.get(name, []) for name in PACKAGES} == {
        name: [d for d in ours.get(name, []) if d == "wayfinder"] for name in PACKAGES
    }
    assert not {"core", "common", "utils"} & {p.name for p in ROOT.iterdir()}
