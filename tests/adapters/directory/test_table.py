"""A table of people is read whole, or refused with a reason for each row that is wrong."""

from pathlib import Path

import pytest

from adapters.directory.table import COLUMNS, TableError, read_people

HEADER = ",".join(COLUMNS)
ANN = "ann,Ann,ann@x.example,Sales/North,,sales,en,Europe/London,sales,T1/U1,"
BOB = "bob,Bob,bob@x.example,Sales/North,ann,manager,nl,Europe/Amsterdam,sales,,"
WRONG = {
    "a column is missing": (HEADER.replace(",zone", ""), [ANN], "misses zone"),
    "an id stands twice": (HEADER, [ANN, BOB.replace("bob", "ann")], "stands on line 2"),
    "no id": (HEADER, [ANN.replace("ann,", ",", 1)], "line 2: the id is empty"),
    "a manager nobody knows": (HEADER, [BOB], "manager ann is not in the table"),
    "one's own manager": (HEADER, [ANN, BOB.replace(",ann,", ",bob,")], "own manager"),
    "a zone that is none": (HEADER, [ANN.replace("Europe/London", "Mars/Base")], "Mars/Base"),
    "a zone that is a path": (HEADER, [ANN.replace("Europe/London", "../../etc/x")], "etc/x"),
    "a language we do not speak": (HEADER, [ANN.replace(",en,", ",fr,")], "'fr' is not one of"),
    "a cell without end": (HEADER, [ANN.replace("Ann,", f"{'x' * 300},")], "longer than 200"),
    "a cell of ten megabytes": (
        HEADER,
        [ANN.replace("Ann,", f"{'x' * 10_000_000},")],
        "this is not CSV",
    ),
    "a formula": (HEADER, [ANN.replace("Ann,", "=1+1,")], "name begins with '=', which a spread"),
    "a formula in wide letters": (HEADER, [ANN.replace("Ann,", "\uff1d1,")], "name begins with"),
    "a sign nobody sees": (HEADER, [ANN.replace("Ann,", "A\u202enn,")], "cannot be seen"),
    "a nought": (HEADER, [ANN.replace("Ann,", "A\0nn,")], "line 2"),
    "too few cells": (HEADER, ["ann,Ann"], "line 2: 2 cells, the header has 11"),
    "a column twice": (f"{HEADER},Team", [f"{ANN},"], "has team twice"),
    "semicolons": (HEADER.replace(",", ";"), [ANN.replace(",", ";")], "separate cells by commas"),
    "half an address": (HEADER, [ANN.replace("T1/U1", "T1/")], "'T1/' is not written as"),
    "an address twice": (
        HEADER,
        [ANN, BOB.replace(",sales,,", ",sales,T1/U1,")],
        "address slack/T1/U1 is somebody else's, too",
    ),
    "an e-mail twice": (HEADER, [ANN, BOB.replace("bob@", "Ann@")], "is somebody else's, too"),
    "a circle of managers": (
        HEADER,
        [ANN.replace("North,,", "North,bob,"), BOB],
        "line 2: is their own manager: ann → bob → ann",
    ),
    "no CSV": (HEADER, ['ann,"Ann'], "not CSV"),
}


@pytest.mark.parametrize(("header", "rows", "said"), WRONG.values(), ids=WRONG)
def test_a_wrong_row_refuses_the_table(
    tmp_path: Path, header: str, rows: list[str], said: str
) -> None:
    with pytest.raises(TableError) as refused:
        read_people(write(tmp_path, header, *rows))
    assert said in str(refused.value)


def test_every_wrong_row_is_told_with_its_line(tmp_path: Path) -> None:
    rows = [ANN.replace(",en,", ",fr,"), BOB.replace("Europe/Amsterdam", "here")]
    with pytest.raises(TableError) as refused:
        read_people(write(tmp_path, HEADER, *rows))
    assert [p.split(":")[0] for p in refused.value.problems] == ["line 2", "line 3"]


def test_people_are_read_with_their_roles_and_addresses(tmp_path: Path) -> None:
    ann, bob = read_people(write(tmp_path, f"\ufeff{HEADER}", ANN, BOB))
    assert (ann.id, ann.team, ann.language, ann.job) == ("ann", "Sales/North", "en", "sales")
    assert [a.key for a in ann.homes] == [("slack", "T1", "U1")]
    assert (bob.manager, bob.job, bob.homes) == ("ann", "manager", ())


def test_the_demo_company_is_whole() -> None:
    people = read_people(Path("adapters/content/demo/people.csv"))
    assert {p.language for p in people} == {"en", "nl"}
    assert len({p.zone for p in people}) > 2
    assert any(p.job == "crm" for p in people)


def write(folder: Path, *lines: str) -> Path:
    path = folder / "people.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
