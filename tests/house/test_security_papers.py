"""Every test that the papers about security name is there, under that name in that file."""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.house.source import ROOT, tracked

PAPERS = ("SECURITY.md", "docs/asvs.md")
NAMED = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")
LAWS = re.compile(r"^\| V(\d+\.\d+\.\d+) \|", re.MULTILINE)
CHAPTERS = 17
"""Chapters of ASVS 5.0."""


def names_of_tests(text: str) -> set[str]:
    """Return the tests that a file has; one in a class by its own name, too."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {n.name for n in ast.walk(ast.parse(text)) if isinstance(n, kinds)}


def missing(paper: str, files: dict[str, str]) -> Iterator[str]:
    """Yield the tests that a paper names and that are not there."""
    for path, name in NAMED.findall(paper):
        if path not in files:
            yield path
        elif name and name not in names_of_tests(files[path]):
            yield f"{path}::{name}"


def unproved(paper: str) -> list[str]:
    """Return the rows of requirements that name no test."""
    rows = [row for row in paper.splitlines() if re.match(r"\| V\d+\.\d", row)]
    return [row for row in rows if not NAMED.search(row)]


@pytest.mark.parametrize("paper", PAPERS)
def test_every_test_that_is_named_is_there(paper: str) -> None:
    text = tracked()[paper]
    assert list(missing(text, tracked())) == []
    assert len(NAMED.findall(text)) > 20


def test_every_requirement_names_its_test_and_stands_once() -> None:
    paper = tracked()["docs/asvs.md"]
    assert unproved(paper) == []
    numbers = LAWS.findall(paper)
    assert len(numbers) > 80
    assert sorted(set(numbers)) == sorted(numbers)


def test_every_chapter_has_a_heading_or_a_reason() -> None:
    paper = tracked()["docs/asvs.md"]
    told = {int(n) for n in re.findall(r"(?:^## V|^\| V)(\d+)(?: )", paper, re.MULTILINE)}
    assert told == set(range(1, CHAPTERS + 1))


def test_what_is_not_there_would_be_found() -> None:
    files = {"tests/a.py": "def test_a(): ...\nclass TestB:\n    def test_b(self): ...\n"}
    paper = "`tests/a.py::test_a` `tests/a.py::test_b` `tests/a.py::test_c` `tests/b.py`"
    assert list(missing(paper, files)) == ["tests/a.py::test_c", "tests/b.py"]
    assert unproved("| V1.1.1 | x | nobody |\n| V1.1.2 | x | `tests/a.py::test_a` |") == [
        "| V1.1.1 | x | nobody |"
    ]


def test_the_paper_is_where_people_look() -> None:
    assert (ROOT / "SECURITY.md").is_file()
