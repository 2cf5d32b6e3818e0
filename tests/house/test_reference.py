"""What the code writes in the papers is what the code says now."""

from pathlib import Path

import pytest

from bot.cli import COMMANDS
from bot.settings import PREFIX, Settings
from dialogs import commands, gallery, guide
from dialogs.speech import languages
from tests.papers.cards import asked, papers_of
from tests.papers.reference import WRITERS, does, filled, papers, typed_by_users
from tests.papers.words import ALSO, MORE, OWN
from tests.real import ROOT

MADE = papers(ROOT)


@pytest.mark.parametrize("path", MADE, ids=lambda path: path.name)
def test_what_is_made_is_up_to_date(path: Path) -> None:
    assert filled(MADE[path]) == MADE[path], "make docs writes it"


def test_every_part_stands_somewhere() -> None:
    everything = "\n".join(MADE.values())
    assert [name for name in WRITERS if f"<!-- made: {name} -->" not in everything] == []


def test_another_word_would_be_found() -> None:
    paper = MADE[ROOT / "docs" / "settings.md"]
    changed = paper.replace(f"`{PREFIX}SECRET` | required", f"`{PREFIX}SECRET` | none")
    assert changed != paper
    assert filled(changed) == paper


def test_every_setting_and_every_command_is_there() -> None:
    said = WRITERS["settings"]()
    assert [n for n in Settings.model_fields if f"`{PREFIX}{n.upper()}`" not in said] == []
    said = WRITERS["commands"]()
    assert [n for n in COMMANDS if f"\n## `{n}`\n" not in f"\n{said}"] == []
    assert "### `broadcast send`" in said
    assert "| `--dry-run` |" in said


@pytest.mark.parametrize("language", languages())
def test_every_command_that_anybody_may_type_is_there_in_both_languages(language: str) -> None:
    said = typed_by_users(language)
    everybody = [n for n in commands.COMMANDS if n not in guide.FOR_A_ROLE or n in ALSO]
    assert said.count("\n| `") == len(everybody)
    assert all(len(does(name, language)) > 10 for name in commands.COMMANDS)
    assert "{" not in said


def test_what_is_for_a_role_says_for_which() -> None:
    rows = [line for line in WRITERS["typed"]().splitlines() if line.startswith("| `")]
    whom = {line.split("`")[1]: line.split(" | ")[-1].removesuffix(" |") for line in rows}
    assert len(rows) == len(commands.COMMANDS)
    assert (whom["pulse"], whom["queue"]) == ("everybody", "the CRM team")
    assert whom["digest"] == "managers, sponsors, the CRM team"
    assert whom["sprint"] == "everybody; more for the CRM team"


def test_no_word_is_left_of_what_is_gone() -> None:
    assert set(MORE) <= set(Settings.model_fields)
    assert {*OWN, *ALSO} <= set(commands.COMMANDS)


def test_every_picture_that_a_paper_asks_for_is_a_card_of_the_gallery() -> None:
    wanted = asked(papers_of(ROOT))
    everything = "".join(path.read_text(encoding="utf-8") for path in papers_of(ROOT))
    assert len(wanted) >= 6
    assert len(wanted) == everything.count("<!-- picture: ")
    known = {language: {name for name, _ in gallery.cards(language)} for language in languages()}
    assert [n for n, (_, lang, card) in wanted.items() if card not in known[lang]] == []
