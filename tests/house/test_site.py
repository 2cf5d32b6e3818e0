"""The papers make a site: every link leads somewhere, and nothing comes from another host."""

import re
import runpy
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.source import tracked
from tests.papers.__main__ import build
from tests.real import ROOT

LOADS = re.compile(
    r"""<(?:script|img|iframe|source|video|audio|embed)\b[^>]*?\ssrc=["']?([^"'\s>]+)"""
    r"""|<link\b[^>]*?\shref=["']?([^"'\s>]+)|@import\s+["']([^"']+)|url\(["']?([^"')]+)""",
    re.IGNORECASE,
)
ELSEWHERE = re.compile(r"(?:https?:)?//", re.IGNORECASE)


def loaded(text: str) -> list[str]:
    """Return what a page or a style sheet loads from another host."""
    found = ("".join(one.groups("")) for one in LOADS.finditer(text))
    return [address for address in found if ELSEWHERE.match(address)]


def pages(site: Path, *kinds: str) -> Iterator[Path]:
    return (path for path in sorted(site.rglob("*")) if path.suffix in kinds)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("made") / "site"
    made = build(ROOT, place)
    assert (made.returncode, made.stderr) == (0, "")
    return place


def test_every_paper_becomes_a_page_and_every_link_leads_somewhere(site: Path) -> None:
    papers = [n for n in tracked() if re.fullmatch(r"(docs/)?[\w-]+\.md", n)]
    assert len(papers) > 30
    assert [n for n in papers if not (site / n).with_suffix(".html").is_file()] == []
    assert "docs/index.html" in (site / "index.html").read_text(encoding="utf-8")


def test_nothing_is_loaded_from_another_host(site: Path) -> None:
    looked = {p: p.read_text(encoding="utf-8") for p in pages(site, ".html", ".css")}
    assert len(looked) > 30
    assert {str(p): some for p, text in looked.items() if (some := loaded(text))} == {}


@pytest.mark.parametrize(
    "text",
    [
        '<script async src="https://cdn.example/x.js">',
        "<link rel=stylesheet href=//fonts.example/x.css>",
        "@import 'https://fonts.example/x.css'",
        "a { background: url(https://example.org/x.png) }",
        '<img alt="x" src="http://example.org/x.png">',
    ],
)
def test_what_is_loaded_would_be_found(text: str) -> None:
    assert loaded(text)
    assert not loaded('<a href="https://example.org">x</a><img src="_images/x.png">')


@pytest.mark.parametrize(
    ("planted", "said"),
    [
        ("[x](nowhere.md)", "nowhere.md"),
        ("[x](other.md#nowhere)", "nowhere"),
        ("![x](nowhere.png)", "nowhere.png"),
    ],
)
def test_a_link_that_leads_nowhere_stops_it(tmp_path: Path, planted: str, said: str) -> None:
    source = tmp_path / "source"
    shutil.copytree(ROOT / "docs" / "site", source / "docs" / "site")
    shutil.copy(ROOT / "docs" / "conf.py", source / "docs")
    toctree = "```{toctree}\nother\n```\n"
    (source / "docs" / "other.md").write_text("# Other\n\n## Here\n", encoding="utf-8")
    index = source / "docs" / "index.md"
    index.write_text(f"# Papers\n\n[here](other.md#here)\n\n{toctree}", encoding="utf-8")
    whole = build(source, tmp_path / "whole")
    assert (whole.returncode, whole.stderr) == (0, "")
    index.write_text(f"# Papers\n\n{planted}\n\n{toctree}", encoding="utf-8")
    broken = build(source, tmp_path / "broken")
    assert broken.returncode == 1
    assert said in broken.stderr


def test_a_card_is_shown_where_it_was_drawn_and_described_where_not(tmp_path: Path) -> None:
    conf = runpy.run_path(str(ROOT / "docs" / "conf.py"))
    paper = "x\n\n<!-- picture: teams-nl-pulse | De vraag. -->\n\ny"
    said = conf["pictured"](paper, "nl", tmp_path, tmp_path)
    assert "Chromium" in said
    assert "De vraag." in said
    (tmp_path / "teams-nl-pulse.png").touch()
    shown = conf["pictured"](paper, "nl", tmp_path, tmp_path)
    assert shown == "x\n\n![De vraag.](/teams-nl-pulse.png)\n\ny"
