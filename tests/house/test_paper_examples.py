"""Whoever copies what a paper shows has a file that Wayfinder takes."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from adapters.content.contests import load_competitions, load_sprints
from adapters.content.files import load_library, load_message, load_programme
from adapters.content.reading import ContentError
from adapters.content.sessions import load_sessions
from adapters.directory.customs import read_customs
from tests.house.source import ROOT, tracked

BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def example(paper: str, begins: str) -> str:
    """Return the one block of a paper in which some words stand."""
    found = [text for _, text in BLOCK.findall(tracked()[paper]) if begins in text]
    assert len(found) == 1, (paper, begins)
    return found[0]


def laid(into: Path, place: str, text: str) -> Path:
    path = into / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


Content = Callable[[Any], object]
OWN: dict[str, tuple[str, str, str, Content]] = {
    "a question": (
        "docs/crm-team.md",
        "[[question]]",
        "pulses/own.toml",
        lambda found: found.bank["K-offers"],
    ),
    "a tip": (
        "docs/crm-team.md",
        "[quiz.question]",
        "tips/offer-from-the-record.md",
        lambda found: found.tips["offer-from-the-record"],
    ),
    "an article": ("docs/find.md", "[asked]", "find/lead.md", lambda found: found.articles["lead"]),
    "levels": ("docs/levels.md", "[[level.goal]]", "levels.toml", lambda found: found.levels),
}


@pytest.mark.parametrize("what", OWN)
def test_content_of_ones_own_is_taken_up_as_it_is_shown(what: str, tmp_path: Path) -> None:
    paper, begins, place, there = OWN[what]
    laid(tmp_path, place, example(paper, begins))
    assert there(load_library(tmp_path))


FILES: dict[str, tuple[str, str, str, Callable[[Path], object]]] = {
    "a message": ("docs/broadcasts.md", "acknowledge = true", "offers.md", load_message),
    "training sessions": ("docs/training.md", "[[session]]", "sessions.toml", load_sessions),
    "a competition": (
        "docs/recognition.md",
        "[[competition]]",
        "birds.toml",
        load_competitions,
    ),
    "a sprint": ("docs/recognition.md", "[[sprint]]", "tidy.toml", load_sprints),
    "words of a directory": (
        "docs/people.md",
        "only_these_departments",
        "directory.toml",
        lambda path: read_customs(path.parent).job("Account Manager"),
    ),
}


@pytest.mark.parametrize("what", FILES)
def test_a_file_is_taken_as_it_is_shown(what: str, tmp_path: Path) -> None:
    paper, begins, place, read = FILES[what]
    assert read(laid(tmp_path, place, example(paper, begins)))


def test_the_programme_that_two_papers_send_people_to_is_taken() -> None:
    path = "adapters/content/demo/programme.toml"
    assert path in tracked()["docs/programme.md"]
    assert path in tracked()["docs/install.md"]
    assert load_programme(ROOT / path).segments


def test_a_slip_in_an_example_would_be_found(tmp_path: Path) -> None:
    shown = example("docs/crm-team.md", "[[question]]")
    laid(tmp_path, "pulses/own.toml", shown.replace("element =", "elements ="))
    with pytest.raises(ContentError, match="element"):
        load_library(tmp_path)
