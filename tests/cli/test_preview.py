"""`preview` shows cards, and a broadcast in a file as its people get it, on each platform."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.__main__ import main

HEAD = ("+++", 'kind = "change"', "+++")
WORDS = ("# en: Offers & <more>", "Make **yours** in {crm}.", "# nl: Offertes", "Maak de jouwe.")


def preview(*words: str) -> tuple[int, str, str]:
    found = CliRunner().invoke(main, ["preview", *words])
    return found.exit_code, found.stdout, found.stderr


@pytest.mark.parametrize("platform", ["slack", "teams", "browser"])
@pytest.mark.parametrize(("language", "said"), [("en", "Got it"), ("nl", "Begrepen")])
def test_a_broadcast_in_a_file(tmp_path: Path, platform: str, language: str, said: str) -> None:
    path = tmp_path / "offers.md"
    path.write_text("\n".join((*HEAD, *WORDS)), encoding="utf-8")
    code, drawn, _ = preview(str(path), "--platform", platform, "--lang", language)
    assert code == 0
    assert said in drawn
    assert platform != "browser" or "<more>" not in drawn
    if platform != "browser":
        assert json.loads(drawn)


@pytest.mark.parametrize(
    ("name", "text", "wrong"),
    [
        ("none.md", None, "there is no such file"),
        ("english.md", "\n".join((*HEAD, *WORDS[:2])), "is not written in 'nl'"),
        ("empty.md", "", "has to begin with facts"),
        ("no-card", None, "There is no card"),
    ],
)
def test_what_cannot_be_shown_is_refused(
    tmp_path: Path, name: str, text: str | None, wrong: str
) -> None:
    path = tmp_path / name
    if text is not None:
        path.write_text(text, encoding="utf-8")
    card = name if name == "no-card" else str(path)
    code, drawn, said = preview(card, "--platform", "slack", "--lang", "nl")
    assert (code, drawn) == (2, "")
    assert wrong in said
