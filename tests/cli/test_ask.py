"""``ask``: what the bot would answer, for a person and for a program, and what it refuses."""

import json
from pathlib import Path

import pytest

from tests.cli.lines import refused, run

ARTICLES = [
    {"id": "lead", "nav": "Sales > Leads", "title_en": "Create a lead", "body_en": "Choose New."},
    {"id": "quote", "nav": "Quotes", "title_en": "Create a quote", "title_nl": "Offerte maken"},
]


def write(path: Path, *rows: object) -> Path:
    path.write_text("\n".join(r if isinstance(r, str) else json.dumps(r) for r in rows))
    return path


def test_a_batch(tmp_path: Path) -> None:
    articles = write(tmp_path / "a.jsonl", *ARTICLES)
    asked = write(
        tmp_path / "q.jsonl",
        {"qid": "1", "q": "how do I create a lead", "more": True},
        "",
        {"qid": 2, "q": "what is the weather"},
    )
    result = run("ask", "--batch", asked, "--articles", articles, "--lexical", "--json")
    assert result.exit_code == 0
    one, two = map(json.loads, result.stdout.splitlines())
    assert list(one) == ["qid", "intent", "ranked", "answered", "ms"]
    assert (one["qid"], one["intent"], one["ranked"]) == ("1", "howto", ["lead", "quote"])
    assert (two["qid"], two["intent"], two["answered"]) == (2, "none", False)


def test_one_question(tmp_path: Path) -> None:
    articles = write(tmp_path / "a.jsonl", *ARTICLES)
    result = run("ask", "offerte maken", "--articles", articles, "--lexical", "--lang", "nl")
    assert result.exit_code == 0
    assert "- Offerte maken (Quotes) [quote]" in result.stdout


@pytest.mark.parametrize(
    ("row", "said"),
    [("{", "line 2"), ({"qid": "2"}, "line 2: q"), ({"q": 7, "qid": "2"}, "line 2: q")],
)
def test_a_bad_line_is_refused_with_its_number(tmp_path: Path, row: object, said: str) -> None:
    asked = write(tmp_path / "q.jsonl", {"qid": "1", "q": "a"}, row)
    refused(run("ask", "--batch", asked, "--lexical", "--json"), said)


@pytest.mark.parametrize("row", ["[", {"nav": "x"}, {"id": "lead", "title_en": "Twice"}])
def test_a_bad_article_is_refused_with_its_number(tmp_path: Path, row: object) -> None:
    articles = write(tmp_path / "a.jsonl", ARTICLES[0], row)
    refused(run("ask", "how", "--articles", articles, "--lexical"), "line 2")


def test_neither_a_question_nor_a_file_is_refused() -> None:
    refused(run("ask", "--lexical"), "--batch")
