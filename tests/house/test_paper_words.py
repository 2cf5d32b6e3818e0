"""What the papers have people type, set and open is what there is."""

import re
import shlex
from collections.abc import Iterator, Mapping

import click
import pytest

from adapters.api.description import BASE
from bot.cli import main
from bot.rehearsal.faults import FAULTS
from bot.settings import PREFIX, Settings
from dialogs.commands import exactly
from tests.cases import case
from tests.house.source import ROOT, tracked
from tests.house.test_infra import OUTSIDE
from tests.house.test_operations import events

PAPERS: Mapping[str, str] = {
    path: text
    for path, text in tracked().items()
    if re.fullmatch(r"(docs/)?[\w-]+\.md", path) or path in {"Makefile", "infra/example.env"}
}
OURS = re.compile(r"(?:adapters|bot|dialogs|docs|infra|manifest|nudges|tests|\.ci)/")
ENDS = frozenset({"&&", "||", "|", ">", "2>", "&", ";", "#"})
STANDS_FOR = re.compile(r"[\[<{(]|[A-Z]+$|…")
"""What a reader puts something else for: FILE, [OPTIONS], {slack|graph}."""


def typed(paper: str) -> Iterator[str]:
    """Yield what a paper has somebody type after ``python -m bot``, up to its end of line."""
    for found in re.finditer(r"python -m bot ([^`\n]+)", paper):
        yield found[1].strip()


def wrong_with(line: str) -> str:
    """Say what the program would not know in a line; nothing if it knows all of it."""
    command: click.Command = main
    context = click.Context(main)
    for word in shlex.split(line.replace("'", ""), comments=True):
        if word in ENDS:
            break
        if word.startswith("--"):
            name = word.split("=")[0]
            if name != "--help" and not any(name in one.opts for one in command.params):
                return name
        elif isinstance(command, click.Group) and not STANDS_FOR.match(word):
            found = command.get_command(context, word)
            if found is None:
                return word
            command = found
    return ""


def test_every_line_for_the_program_is_one() -> None:
    lines = [(path, line) for path, paper in PAPERS.items() for line in typed(paper)]
    assert len(lines) > 150
    assert [(path, line) for path, line in lines if wrong_with(line)] == []


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("people fetch graph --dry-runs", "--dry-runs"),
        ("people take graph", "take"),
        ("peoples", "peoples"),
        ('broadcast send x.md --audience "everyone" --to y', "--to"),
        ("serve --role web 2> web.log &", ""),
        ("restore FILE --yes && other --x", ""),
        ("COMMAND --help", ""),
    ],
)
def test_what_it_would_not_know_is_found(line: str, wrong: str) -> None:
    assert wrong_with(line) == wrong


def test_every_setting_that_is_named_is_one() -> None:
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    named = {n for paper in PAPERS.values() for n in re.findall(rf"\b{PREFIX}[A-Z_]*[A-Z]", paper)}
    assert len(named) > 30
    assert named - known == set()


def opened(paper: str) -> set[str]:
    """Return the files and folders of ours that a paper names."""
    found = re.findall(r"`([^`\s]+)`", paper)
    paths = {one.split(":")[0].rstrip("/") for one in found if OURS.match(one)}
    return {one for one in paths if not re.search(r"[*<>{}…]", one)}


def there(one: str) -> bool:
    """Tell whether a file or folder is there, or what a module is said to hold."""
    module, _, name = one.rpartition(".")
    source = ROOT / f"{module}.py"
    held = source.is_file() and re.search(rf"\b{name}\b", source.read_text(encoding="utf-8"))
    return (ROOT / one).exists() or bool(held) or one == "infra/.env"


def missing(paper: str) -> set[str]:
    return {one for one in opened(paper) if not there(one)}


def test_every_file_that_is_named_is_there() -> None:
    assert sum(len(opened(paper)) for paper in PAPERS.values()) > 150
    assert {path: gone for path, paper in PAPERS.items() if (gone := missing(paper))} == {}
    planted = (
        "`bot/wiring.py`, `docs/nowhere.md`, `nudges/delivery.nowhere`, `nudges/delivery.after`"
    )
    assert missing(planted) == {"bot/wiring.py", "docs/nowhere.md", "nudges/delivery.nowhere"}


def in_chat(paper: str) -> Iterator[str]:
    """Yield what the tables of a paper have people type in the chat."""
    for head, rows in re.findall(
        r"^(\|[^\n]+\|)\n\|[-| ]+\|\n((?:\|[^\n]+\n)+)", paper, re.MULTILINE
    ):
        heads = [one.strip() for one in head.strip("|").split("|")]
        for name in ("in the chat", "you type", "je typt", "people type"):
            if name in heads:
                for row in rows.splitlines():
                    cell = row.strip("|").split(" | ")[heads.index(name)]
                    yield from re.findall(r"`([^`]+)`", cell)


def test_what_people_type_is_understood() -> None:
    words = {(path, word) for path, paper in PAPERS.items() for word in in_chat(paper)}
    assert len(words) > 60
    assert {(path, word) for path, word in words if exactly(word) is None} == set()
    assert exactly("what is keept") is None


def test_a_line_of_the_log_is_called_as_it_is() -> None:
    kinds = {event.split(".")[0] for event in events() if re.fullmatch(r"[a-z]+\.[a-z_]+", event)}
    pattern = re.compile(rf"`((?:{'|'.join(sorted(kinds))})\.[a-z_]+)`")
    files = {"toml", "env", "md", "py", "zip", "db"}
    named = {n for paper in PAPERS.values() for n in pattern.findall(paper)}
    named = {n for n in named if n.split(".")[1] not in files}
    assert len(named) > 30
    assert named - events() - set(FAULTS) == set()
    said = [
        s for paper in PAPERS.values() for s in re.findall(r"“(\w+ door: [^”]+)” in the log", paper)
    ]
    assert len(said) > 1
    heads = {event.split("%")[0] for event in events() if "%" in event}
    assert [s for s in said if not s.startswith(tuple(heads))] == []


def test_whoever_installs_it_is_told_every_address_to_let_through() -> None:
    page = PAPERS["docs/install.md"]
    step = page.split("## 8.")[1].split("\n2. ")[0]
    told = set(re.findall(r"`(/[^`]+)`", step))
    for path in (*OUTSIDE, BASE):
        with case(path):
            assert any(path.rstrip("/") == one.rstrip("/") for one in told)


TWINS = {"docs/using.md": "docs/gebruik.md", "docs/managers.md": "docs/leidinggevenden.md"}


def built_of(paper: str) -> list[tuple[str, int, int, int]]:
    """Return of each section its heading's depth, and how many items, rows and pictures it has."""
    parts = re.split(r"^(#+) [^\n]*\n", paper, flags=re.MULTILINE)
    return [
        (
            depth,
            len(re.findall(r"^(?:-|\d+\.) ", text, re.MULTILINE)),
            len(re.findall(r"^\|", text, re.MULTILINE)),
            text.count("<!-- picture: "),
        )
        for depth, text in zip(parts[1::2], parts[2::2], strict=True)
    ]


@pytest.mark.parametrize("english", TWINS)
def test_both_languages_have_the_same_sections(english: str) -> None:
    one, other = built_of(PAPERS[english]), built_of(PAPERS[TWINS[english]])
    assert len(one) > 5
    assert one == other
    assert TWINS[english].removeprefix("docs/") in PAPERS[english]
    assert english.removeprefix("docs/") in PAPERS[TWINS[english]]
    assert built_of(PAPERS[english] + "\n## More\n") != other
