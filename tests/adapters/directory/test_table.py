"""A table of people is read whole, or refused with a reason for each row that is wrong."""

from pathlib import Path

import pytest

from adapters.directory.table import COLUMNS, TableError, read_people
from nudges.roles import Role

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
    assert [a.key for a in ann.addresses] == [("slack", "T1", "U1")]
    assert bob.manager == "ann"
    assert bob.roles == {Role.MANAGER}


def test_the_demo_company_is_whole() -> None:
    people = read_people(Path("adapters/content/demo/people.csv"))
    assert {p.language for p in people} == {"en", "nl"}
    assert len({p.zone for p in people}) > 2
    assert any(Role.CRM_TEAM in p.roles for p in people)


def write(folder: Path, *lines: str) -> Path:
    path = folder / "people.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
