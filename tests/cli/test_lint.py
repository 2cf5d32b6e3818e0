"""``lint``: advice for a person and for a program, and what it refuses."""

import json
from pathlib import Path

import pytest

from tests.cli.lines import refused, run

KEYS = [
    *("why", "why_now", "wrong_today", "what_if_not", "wiifm", "goal", "expectation", "figure"),
    *("technology_or_cost_only", "jargon", "advice"),
]


def write(path: Path, text: str | bytes) -> Path:
    file = path / "message.md"
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return file


def test_for_a_program(tmp_path: Path) -> None:
    file = write(tmp_path, "We do this because customers wait. Synergy!")
    result = run("lint", file, "--lang", "en", "--json")
    assert result.exit_code == 0
    told = json.loads(result.stdout)
    assert list(told) == KEYS
    assert told["why"] is True
    assert told["figure"] is False
    assert told["jargon"] == ["Synergy"]
    assert len(told["advice"]) > 3


def test_for_a_person_in_the_language_of_the_text(tmp_path: Path) -> None:
    file = write(tmp_path, "We doen dit omdat klanten wachten.")
    result = run("lint", file, "--lang", "nl")
    assert result.exit_code == 0
    assert "✓ waarom: staat erin" in result.stdout
    assert "- een cijfer: niet gevonden" in result.stdout
    assert "Een datum is geen bewijs" in result.stdout


def test_for_an_audience(tmp_path: Path) -> None:
    file = write(tmp_path, "A lead.")
    for audience, jargon in (("everyone", ["lead"]), ("sales", [])):
        result = run("lint", file, "--lang", "en", "--audience", audience, "--json")
        assert json.loads(result.stdout)["jargon"] == jargon


@pytest.mark.parametrize("text", [b"", b" \n\t", b"\xef\xbb\xbf", b"\xff\xfe", b"caf\xe9"])
def test_a_file_without_words_is_refused(tmp_path: Path, text: bytes) -> None:
    file = write(tmp_path, text)
    refused(run("lint", file, "--lang", "en", "--json"), str(file))


def test_what_is_not_there_is_refused(tmp_path: Path) -> None:
    refused(run("lint", tmp_path / "none.md", "--lang", "en"), "none.md")
    refused(run("lint", tmp_path, "--lang", "en"))
    refused(run("lint", write(tmp_path, "Hi"), "--lang", "fr"), "fr")
    refused(run("lint", write(tmp_path, "Hi")), "--lang")
