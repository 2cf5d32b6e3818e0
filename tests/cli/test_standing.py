"""``standing``: what it prints, to the letter, and what it refuses."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.cli.lines import BAD, NOW, line, refused, run, write

ELEMENTS = ("awareness", "desire", "knowledge", "ability", "reinforcement")
LETTERS = dict(zip("ADKBR", ELEMENTS, strict=True))


def standing(path: Path, *more: str) -> list[dict[str, Any]]:
    result = run("standing", "--answers", path, "--now", NOW, *more)
    assert result.exit_code == 0, result.output
    assert result.stderr == ""
    return [json.loads(row) for row in result.stdout.splitlines()]


def scored(scores: Mapping[str, int | None]) -> list[bytes]:
    return [line(question=f"{letter}1", score=score) for letter, score in scores.items()]


def test_prints_a_line_a_person_in_exactly_this_form(tmp_path: Path) -> None:
    file = write(tmp_path, [line(question="A1"), line(question="A2", score=3), line(person="Zoë")])
    result = run("standing", "--answers", file, "--now", NOW)
    assert result.stdout == (
        '{"person": "ann", "scores": {"awareness": 3.5, "desire": null, "knowledge": null, '
        '"ability": null, "reinforcement": null}, "n": {"awareness": 2, "desire": 0, '
        '"knowledge": 0, "ability": 0, "reinforcement": 0}, "barrier": "none", '
        '"provisional": true, "fragile": ["awareness"]}\n'
        '{"person": "Zoë", "scores": {"awareness": 4.0, "desire": null, "knowledge": null, '
        '"ability": null, "reinforcement": null}, "n": {"awareness": 1, "desire": 0, '
        '"knowledge": 0, "ability": 0, "reinforcement": 0}, "barrier": "none", '
        '"provisional": true, "fragile": []}\n'
    )


LIVE = ("--go-live", "2026-11-02")


@pytest.mark.parametrize(
    ("scores", "more", "barrier", "provisional"),
    [
        pytest.param({"A": 3, "D": 1, "K": 4, "B": 4, "R": 4}, LIVE, "awareness", False, id="1"),
        pytest.param({"A": 4, "D": 3, "K": 2, "B": 3, "R": 3}, LIVE, "desire", False, id="2"),
        pytest.param(
            {"A": 4, "D": 4, "K": 4, "B": 4, "R": 2}, LIVE, "reinforcement", False, id="3"
        ),
        pytest.param({"A": 4, "D": 4, "K": 4, "B": 4, "R": 2}, (), "none", False, id="not live"),
        pytest.param(
            {"A": 4, "D": 4, "K": 4, "B": 4, "R": 2},
            ("--go-live", "2026-11-16T10:00:00+01:00"),
            "reinforcement",
            False,
            id="live this very moment",
        ),
        pytest.param(
            {"A": 4, "D": 4, "K": 4, "B": 4, "R": 2},
            ("--go-live", "2026-11-16T09:00:01Z"),
            "none",
            False,
            id="live in a second",
        ),
        pytest.param({"D": 2}, (), "desire", True, id="awareness is unknown"),
        pytest.param({"A": None}, (), "unknown", True, id="skipped"),
    ],
)
def test_barrier(
    tmp_path: Path,
    scores: dict[str, int | None],
    more: tuple[str, ...],
    barrier: str,
    *,
    provisional: bool,
) -> None:
    (row,) = standing(write(tmp_path, scored(scores)), *more)
    assert (row["barrier"], row["provisional"]) == (barrier, provisional)
    live = more == LIVE or "+01:00" in "".join(more)
    for letter, element in LETTERS.items():
        expected = scores.get(letter) if letter != "R" or live else None
        assert row["scores"][element] == expected
        assert row["n"][element] == (expected is not None)


@pytest.mark.parametrize(
    ("lines", "score"),
    [
        pytest.param([line(score=2), line(score=5)], 5.0, id="of one moment the later line"),
        pytest.param([line(score=5), line(score=2)], 2.0, id="whichever it is"),
        pytest.param(
            [line(score=5), line(score=2, at="2026-11-09T09:00:00Z")], 5.0, id="by time, not line"
        ),
        pytest.param(
            [line(score=5), line(score=2, at="2026-11-10T10:30:00+02:00")], 5.0, id="over zones"
        ),
        pytest.param([line(score=2, at="2026-09-17T09:00:00Z")], None, id="60 days ago"),
        pytest.param([line(score=2, at="2026-09-17T09:00:01Z")], 2.0, id="a second less"),
        pytest.param([line(score=2, at=NOW)], 2.0, id="now"),
        pytest.param([line(score=2, at="2026-11-16T09:00:01Z")], None, id="ahead"),
        pytest.param([line(question="A6", score=2)], 4.0, id="reversed"),
        pytest.param([line(question="A-sender", score=1)], None, id="beside the bank"),
        pytest.param([line(score=4, team="x", comment={"a": [1]})], 4.0, id="unknown keys"),
        pytest.param([b"", line(score=4), b"  ", b"\t"], 4.0, id="empty lines"),
        pytest.param([line(score=4) + b"\r"], 4.0, id="lines ended as on Windows"),
        pytest.param([line(score=4, at="2026-11-10T09:00:00")], 4.0, id="without a zone: UTC"),
        pytest.param([line(score=4, at="2026-11-10")], 4.0, id="a day"),
    ],
)
def test_score(tmp_path: Path, lines: list[bytes], score: float | None) -> None:
    (row,) = standing(write(tmp_path, lines))
    assert row["scores"]["awareness"] == score


def test_people_come_in_the_order_they_are_met(tmp_path: Path) -> None:
    names = ["zoe", "ann", "bob", "ann", "zoe"]
    rows = standing(write(tmp_path, [line(person=name) for name in names]))
    assert [row["person"] for row in rows] == ["zoe", "ann", "bob"]


def test_an_empty_file_prints_nothing(tmp_path: Path) -> None:
    assert standing(write(tmp_path, [])) == []


def test_a_name_from_anywhere_is_printed_as_it_is(tmp_path: Path) -> None:
    name = '李 \u202e <!channel> "q" 🙂'
    (row,) = standing(write(tmp_path, [line(person=name)]))
    assert row["person"] == name


class TestRefusals:
    @pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
    def test_a_bad_line_is_named_by_its_number(self, tmp_path: Path, bad: bytes) -> None:
        file = write(tmp_path, [line(), b"", bad, line()])
        refused(run("standing", "--answers", file, "--now", NOW), "line 3: ")

    def test_every_bad_line_is_named_but_not_endlessly(self, tmp_path: Path) -> None:
        file = write(tmp_path, [line(score=9)] * 25)
        result = run("standing", "--answers", file)
        refused(result, "line 1: ", "line 20: ", "… and 5 more.")
        assert "line 21: " not in result.stderr

    def test_the_message_says_what_is_wrong_where(self, tmp_path: Path) -> None:
        file = write(tmp_path, [line(score=6)])
        result = run("standing", "--answers", file)
        refused(result, f"{file}: line 1: score", "5")

    @pytest.mark.parametrize("option", ["--now", "--go-live"])
    @pytest.mark.parametrize("moment", ["yesterday", "2026-13-01", ""])
    def test_a_moment_that_is_none(self, tmp_path: Path, option: str, moment: str) -> None:
        file = write(tmp_path, [line()])
        refused(run("standing", "--answers", file, option, moment), option)

    def test_a_now_before_which_there_is_no_calendar(self, tmp_path: Path) -> None:
        file = write(tmp_path, [line()])
        refused(run("standing", "--answers", file, "--now", "0001-01-01T00:00:00Z"), "--now")

    def test_no_file(self, tmp_path: Path) -> None:
        refused(run("standing", "--answers", tmp_path / "nothing.jsonl"), "nothing.jsonl")
        refused(run("standing", "--answers", tmp_path), "directory")
        refused(run("standing"), "--answers")

    @pytest.mark.parametrize("at", [1_700_000_000, 1_700_000_000.5, "1700000000"])
    def test_a_figure_is_no_moment(self, tmp_path: Path, at: object) -> None:
        file = write(tmp_path, [line(at=at)])
        refused(run("standing", "--answers", file, "--now", NOW), "line 1: at")


def test_as_a_program_of_its_own(tmp_path: Path) -> None:
    """The exit code and the two streams, as a script sees them; reads no database."""
    command = [sys.executable, "-m", "bot", "standing", "--now", NOW, "--answers"]
    good, bad = write(tmp_path, [line()]), tmp_path / "bad.jsonl"
    bad.write_bytes(line(score=0))
    said = subprocess.run([*command, good], capture_output=True, check=False, text=True)  # noqa: S603
    assert (said.returncode, said.stderr) == (0, "")
    assert json.loads(said.stdout)["person"] == "ann"
    said = subprocess.run([*command, bad], capture_output=True, check=False, text=True)  # noqa: S603
    assert (said.returncode, said.stdout) == (2, "")
    assert "line 1: score" in said.stderr
