"""A table of people taken in from the command line: the difference, a dry run, and refusals."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from adapters.directory.table import COLUMNS
from bot.cli import main

HEADER = ",".join(COLUMNS)
ANN = "ann,Ann,ann@x.example,Sales/North,bob,sales,en,Europe/London,sales,T1/U1,"
BOB = "bob,Bob,bob@x.example,Sales,,manager,nl,Europe/Amsterdam,sales,,T9/0b"


class Desk:
    """A database, and the tables that somebody takes in one after another."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def take_in(self, *rows: str, options: tuple[str, ...] = ()) -> Result:
        path = self.folder / "people.csv"
        path.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
        database = f"sqlite:///{self.folder / 'people.db'}"
        words = ["people", "import", str(path), "--database", database, *options]
        return CliRunner().invoke(main, words)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_the_difference_can_be_read(desk: Desk) -> None:
    first = desk.take_in(ANN, BOB)
    assert first.exit_code == 0, first.output
    assert first.stdout.splitlines() == [
        "+ ann Ann (joined, Sales/North)",
        "+ bob Bob (joined, Sales)",
    ]
    assert first.stderr.strip() == "2 joined, 0 returned, 0 changed, 0 left, 0 as before."
    assert desk.take_in(ANN, BOB).stdout == ""
    moved = desk.take_in(ANN.replace("Sales/North", "Sales/South").replace("T1/U1", ""), BOB)
    assert moved.stdout.splitlines() == [
        "~ ann Ann: team: Sales/North → Sales/South; homes: slack/T1/U1 → nowhere"
    ]
    assert moved.stderr.strip() == "0 joined, 0 returned, 1 changed, 0 left, 1 as before."
    left = desk.take_in(BOB)
    assert left.stdout.splitlines() == ["- ann Ann (left, Sales/South)"]
    assert desk.take_in(ANN, BOB).stdout.splitlines() == [
        "+ ann Ann: team: Sales/South → Sales/North; homes: nowhere → slack/T1/U1"
    ]


def test_a_dry_run_changes_nothing(desk: Desk) -> None:
    dry = desk.take_in(ANN, BOB, options=("--dry-run",))
    assert dry.stdout.splitlines()[0] == "+ ann Ann (joined, Sales/North)"
    assert "Nothing was changed." in dry.stderr
    assert desk.take_in(ANN, BOB).stderr.startswith("2 joined")


def test_one_wrong_row_refuses_all_of_it_and_says_which(desk: Desk) -> None:
    refused = desk.take_in(ANN.replace("Europe/London", "Mars"), BOB.replace(",nl,", ",fr,"))
    assert (refused.exit_code, refused.stdout) == (2, "")
    said = refused.stderr.splitlines()
    assert [line.split(": ")[1] for line in said] == ["line 2", "line 3"]
    assert desk.take_in(ANN, BOB).stderr.startswith("2 joined")


def test_half_a_table_does_not_send_everybody_away(desk: Desk) -> None:
    crowd = [f"p{n},P,,Sales,,sales,en,Europe/London,sales,," for n in range(60)]
    assert desk.take_in(*crowd).exit_code == 0
    half = desk.take_in(*crowd[:25])
    assert (half.exit_code, half.stdout) == (2, "")
    assert "35 of 60 people are not told of any more" in half.stderr
    assert "add --many-leave" in half.stderr
    assert desk.take_in(*crowd[:25], options=("--many-leave",)).stderr.startswith("0 joined")
