"""The papers and the program agree: every setting and every command is written about."""

import re
from collections.abc import Iterable

import click
import pytest

from bot.cli import COMMANDS, main
from bot.settings import PREFIX, Settings
from tests.house.source import ROOT, tracked

PAPERS = "\n".join(
    text
    for path, text in tracked().items()
    if path == "README.md" or (path.startswith("docs/") and path.endswith(".md"))
)


def settings() -> list[str]:
    return [PREFIX + name.upper() for name in Settings.model_fields]


def unwritten(names: Iterable[str], papers: str) -> list[str]:
    """Return the names that nothing between backticks begins with."""
    code = [part.removeprefix("python -m bot ") for part in re.findall(r"`([^`\n]+)`", papers)]
    return [n for n in names if not any(re.match(rf"{re.escape(n)}\b", part) for part in code)]


def test_every_setting_is_written_about() -> None:
    assert unwritten(settings(), PAPERS) == []


def test_every_command_is_written_about() -> None:
    assert unwritten(COMMANDS, PAPERS) == []


def test_what_is_not_written_about_would_be_found() -> None:
    papers = "set `WAYFINDER_SECRETS`, then run `python -m bot demo --port 1`"
    names = ["WAYFINDER_SECRET", "WAYFINDER_SECRETS", "demo", "serve", "port"]
    assert unwritten(names, papers) == ["WAYFINDER_SECRET", "serve", "port"]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_says_what_it_is_for(name: str) -> None:
    command = main.get_command(click.Context(main), name)
    assert command is not None
    assert command.help


def test_every_setting_says_what_it_is_for() -> None:
    nameless = [name for name, field in Settings.model_fields.items() if not field.description]
    assert nameless == []


def test_the_papers_are_there() -> None:
    assert (ROOT / "README.md").is_file()


def test_readme_opens_with_a_picture_that_is_there_and_small() -> None:
    opening = (ROOT / "README.md").read_text(encoding="utf-8").split("\n## ")[0]
    shown = re.findall(r"!\[([^\]]+)\]\(([^)]+)\)", opening)
    assert len(shown) == 1
    said, path = shown[0]
    assert "Teams" in said
    assert "Slack" in said
    assert 10_000 < (ROOT / path).stat().st_size <= 150 * 1024
