"""Change the code that nothing may be wrong with, one spot at a time, and count what no test sees.

``python -m tests.mutants`` does every part, ``python -m tests.mutants escapers`` one. It works on a
copy under ``build/mutants``, and with a store in memory, as every mutant opens its own. A part
that scores below the aim ends it with 1, and its survivors are named; ``mutmut show NAME``, in the
copy, shows one.
"""

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import click
from mutmut.stats import status_by_exit_code

AIM = 0.85
HERE = Path(__file__).parents[2]
PLACE = HERE / "build" / "mutants"
COPIED = ("adapters", "bot", "dialogs", "nudges", "tests", "manifest", "docs", "pyproject.toml")
LEFT_OUT = shutil.ignore_patterns("node_modules", "__pycache__", "bench")
UNSEEN = ("survived", "no tests")
SKIPPED = "skipped"
FLAGS = ("-p", "no:cacheprovider", "-p", "no:xdist", "-q", "-k", "not postgresql and not sqlite")
CONFIGURATION = """
[tool.mutmut]
source_paths = ["adapters", "bot", "dialogs", "nudges"]
only_mutate = {modules}
also_copy = ["manifest", "docs"]
pytest_add_cli_args = {flags}
pytest_add_cli_args_test_selection = {tests}
track_dependencies = false
use_git_change_detection = false
"""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the code, and the quickest tests that say what it does."""

    modules: Sequence[str]
    tests: Sequence[str]


PARTS: Mapping[str, Part] = {
    "escapers": Part(
        (
            "adapters/slack/markup.py",
            "adapters/slack/text.py",
            "adapters/teams/inert.py",
            "adapters/browser/html.py",
            "nudges/cells.py",
            "adapters/directory/mended.py",
        ),
        (
            "tests/adapters/slack/test_text.py",
            "tests/adapters/slack/test_markup.py",
            "tests/adapters/teams/test_inert.py",
            "tests/adapters/browser/test_html.py",
            "tests/nudges/test_cells.py",
            "tests/adapters/directory/test_mended.py",
        ),
    ),
    "auditor": Part(
        ("nudges/group.py", "nudges/release.py", "nudges/digest_numbers.py"),
        (
            "tests/nudges/test_group.py",
            "tests/nudges/test_release.py",
            "tests/nudges/test_digest_numbers.py",
        ),
    ),
    "dedupe": Part(
        ("bot/inbox.py", "adapters/store/inbox.py"),
        (
            "tests/contracts/test_store_inbox.py",
            "tests/contracts/test_store_questions.py",
            "tests/bot/test_inbox.py",
        ),
    ),
    "tokens": Part(
        (
            "dialogs/token.py",
            "adapters/bodies.py",
            "adapters/teams/strict.py",
            "adapters/usage/door.py",
        ),
        (
            "tests/dialogs/test_token.py",
            "tests/adapters/test_bodies.py",
            "tests/adapters/teams/test_strict.py",
            "tests/contracts/test_usage_door.py",
        ),
    ),
    "slack door": Part(("adapters/slack/door.py",), ("tests/adapters/slack/test_door.py",)),
    "teams door": Part(
        (
            "adapters/teams/door.py",
            "adapters/teams/keys.py",
            "adapters/teams/access.py",
        ),
        (
            "tests/adapters/teams/test_door.py",
            "tests/adapters/teams/test_keys.py",
            "tests/adapters/teams/test_access.py",
            "tests/adapters/teams/test_channel.py",
        ),
    ),
}


def rehearsed(name: str, part: Part) -> dict[str, str]:
    """Return what became of each mutant of a part."""
    place = PLACE / name.replace(" ", "-")
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    for one in COPIED:
        if (HERE / one).is_dir():
            shutil.copytree(HERE / one, place / one, ignore=LEFT_OUT)
        else:
            shutil.copy(HERE / one, place / one)
    with (place / "pyproject.toml").open("a") as file:
        said = {"modules": part.modules, "tests": part.tests, "flags": FLAGS}
        written = {name: json.dumps(list(words)) for name, words in said.items()}
        file.write(CONFIGURATION.format(**written))
    log = place / "mutmut.log"
    with log.open("w") as out:
        command = [sys.executable, "-m", "mutmut", "run", "--max-children", str(os.cpu_count())]
        code = subprocess.run(  # noqa: S603 - our own command, in our own copy
            command, cwd=place, stdout=out, stderr=out, check=False, env=_alone()
        ).returncode
    found = {
        key: status_by_exit_code[code]
        for module in part.modules
        for key, code in _decided(place / "mutants" / f"{module}.meta").items()
    }
    if code or not found:
        message = f"mutmut stopped with {code}; {log} says why"
        raise click.ClickException(message)
    return found


def _alone() -> dict[str, str]:
    """Return our surroundings, without a path to the code that is not changed."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}


def _decided(file: Path) -> dict[str, int | None]:
    if not file.exists():
        return {}
    found: dict[str, int | None] = json.loads(file.read_text())["exit_code_by_key"]
    return found


def score(found: Mapping[str, str]) -> float:
    """Return the part of the mutants that a test saw."""
    counted = [status for status in found.values() if status != SKIPPED]
    return 1 - sum(status in UNSEEN for status in counted) / len(counted)


@click.command()
@click.argument("names", nargs=-1, type=click.Choice(sorted(PARTS)))
@click.option("--survivors", is_flag=True, help="Name what no test saw, also above the aim.")
def main(*, names: Sequence[str], survivors: bool) -> None:
    """Score how much of the code that nothing may be wrong with is held by a test."""
    low = False
    for name in names or PARTS:
        found = rehearsed(name, PARTS[name])
        reached = score(found)
        low |= reached < AIM
        counts = ", ".join(f"{n} {status}" for status, n in sorted(Counter(found.values()).items()))
        click.echo(f"{name:12} {reached:6.1%} of {len(found)} mutants: {counts}")
        if survivors or reached < AIM:
            for key, status in found.items():
                if status in UNSEEN:
                    click.echo(f"  {key}: {status}")
    if low:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
