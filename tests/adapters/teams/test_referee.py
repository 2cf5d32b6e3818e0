"""Microsoft's own parser and renderer find nothing wrong with any card."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from adapters.teams.adaptive import adaptive
from dialogs.card import Card, Facts, Paragraph
from dialogs.rich import plain
from tests.adapters.teams.drawn import TOKEN, everything

NODE = Path("tests/node/teams")
pytestmark = pytest.mark.real


@pytest.fixture(scope="module", autouse=True)
def installed() -> None:
    if not (NODE / "node_modules").is_dir():
        npm = shutil.which("npm")
        assert npm, "Node is not there"
        subprocess.run([npm, "ci"], cwd=NODE, check=True, capture_output=True, timeout=100)  # noqa: S603 - npm itself


def judge(cards: dict[str, Any]) -> dict[str, Any]:
    node = shutil.which("node")
    assert node
    command = [node, str(NODE / "referee.mjs")]
    told = subprocess.run(  # noqa: S603 - node itself
        command, input=json.dumps(cards), capture_output=True, text=True, check=True, timeout=60
    )
    return json.loads(told.stdout)


def test_every_card_passes_without_a_word() -> None:
    judged = judge(dict(everything()))
    assert len(judged) > 80
    assert {name: told["events"] for name, told in judged.items() if told["events"]} == {}


@pytest.mark.parametrize(
    "fault",
    [
        {"type": "TextBlok", "text": "x"},
        {"type": "TextBlock", "text": "x", "size": "Huge"},
        {"type": "Column", "items": []},
        {"type": "ColumnSet", "columns": [{"type": "Column", "width": "widest"}]},
        {"type": "Input.Text", "label": "x"},
        {"type": "ActionSet", "actions": [{"type": "Action.Submit", "title": "x"}] * 7},
    ],
)
def test_a_planted_fault_is_found(fault: dict[str, Any]) -> None:
    card = adaptive(Card("T"), TOKEN)
    card["body"].append(fault)
    assert judge({"planted": card})["planted"]["events"]


def test_what_people_write_is_drawn_as_they_wrote_it() -> None:
    hostile = "*x* **y** [a](http://x) `z` _w_ # 1. - <b>b</b> <script>1</script> &amp; ~q~ \\"
    card = Card(hostile, (Paragraph(plain(hostile)), Facts(((hostile, hostile),))))
    drawn = judge({"hostile": adaptive(card, TOKEN)})["hostile"]
    assert drawn["events"] == []
    assert drawn["text"].count(hostile) == 4
    for tag in ("<a ", "<em", "<strong", "<b>", "<script", "<code", "<li"):
        assert tag not in drawn["html"]
