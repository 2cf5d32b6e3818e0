"""Audiences from the command line: counting a rule, keeping a list, and refusals."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import main
from nudges.authoring import UNTOLD
from tests.cli.test_people import ANN, BOB, HEADER

CROWD = tuple(f"p{n},P,p{n}@x.example,Service,,sales,en,Europe/London,service,," for n in range(6))


class Desk:
    """A database with eight people, and somebody who asks about them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.database = ("--database", f"sqlite:///{folder / 'people.db'}")
        people = self.file("people.csv", HEADER, ANN, BOB, *CROWD)
        assert self.run("people", "import", str(people)).exit_code == 0

    def file(self, name: str, *lines: str, encoding: str = "utf-8") -> Path:
        path = self.folder / name
        path.write_text("\n".join(lines) + "\n", encoding=encoding)
        return path

    def run(self, *words: str) -> Result:
        return CliRunner().invoke(main, [*words, *self.database])

    def count(self, *words: str) -> Result:
        return self.run("audience", "count", *words)

    def keep(self, name: str, *lines: str) -> Result:
        return self.run("audience", "list", name, str(self.file("list.csv", *lines)))


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ("everyone", "8\teveryone"),
        ("team is Sales", "2\tteam is Sales"),
        ("rol is leidinggevende", "1\trole is manager"),
        ("segment is sales en taal is en", "1\tsegment is sales and language is en"),
        ("region is NL", "1\tregion is NL"),
        ("job is nobody", "0\tjob is nobody"),
        ("barrier is unknown", f"{UNTOLD}\tbarrier is unknown"),
        ("barrier is desire", f"{UNTOLD}\tbarrier is desire"),
        ("level is 0 and team is Sales", f"{UNTOLD}\tlevel is 0 and team is Sales"),
    ],
)
def test_a_rule_is_counted(desk: Desk, rule: str, told: str) -> None:
    found = desk.count(rule)
    assert (found.exit_code, found.stdout) == (0, f"{told}\n"), found.output


def test_a_count_for_a_program_that_reads_it(desk: Desk) -> None:
    found = desk.count("team is Service", "--json", "--language", "nl")
    assert json.loads(found.stdout) == {"rule": "team is Service", "count": 6}
    few = desk.count("niveau is 3", "--json", "--language", "nl")
    assert json.loads(few.stdout) == {"rule": "niveau is 3", "count": None}


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("taem is x", 'At character 1: "taem" is not understood; expected'),
        ("segment is sales and", "At character 21: the rule ends here"),
        ("level is 9", "expected one of 0, 1, 2, 3"),
        ("job is a\u202e", "U+202E"),
        ("in list pilott", "There is no list 'pilott' yet"),
        (
            "in slack group S1",
            "'S1' yet; fetch it: python -m bot audience fetch slack group S1",
        ),
    ],
)
def test_a_wrong_rule_is_refused_with_the_reason(desk: Desk, rule: str, said: str) -> None:
    found = desk.count(rule)
    assert (found.exit_code, found.stdout) == (2, "")
    assert said in found.stderr
    assert "Traceback" not in found.stderr


def test_a_list_is_kept_and_counted(desk: Desk) -> None:
    kept = desk.keep("pilot", "email", "ANN@x.example", "nobody@x.example", "p1@x.example")
    assert kept.exit_code == 0, kept.output
    assert kept.stdout.splitlines() == [
        f"{desk.folder / 'list.csv'}: line 3: nobody@x.example is nobody we know."
    ]
    assert kept.stderr.strip() == "2 people are in list pilot; 1 rows match nobody."
    assert desk.count("in list pilot").stdout == "2\tin list pilot\n"
    assert desk.keep("pilot", "id", "p5").exit_code == 0
    assert desk.count("in list pilot and team is Service").stdout.startswith("1\t")
    assert desk.run("audience", "lists").stdout.startswith("list\tpilot\t1\t0 unknown\tlist.csv\t")
    assert 'Did you mean "pilot"?' in desk.count("in list pilto").stderr


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (("name", "ann"), "line 1: the header is name; it has to be id or email"),
        (("id,email", "ann,ann@x"), "line 1: the header is id, email"),
        (("id;email", "ann;x"), "line 1: the header is id;email"),
        (("", "ann"), "line 1: the header is nothing"),
        (("id", "ann", "bob", "ann"), "line 4: ann stands on line 2, too"),
        (("email", "a@x", "A@X"), "line 3: A@X stands on line 2, too"),
        (("id", "ann,bob"), "line 2: 2 cells, the list has one column"),
        (("id", "a\x00n"), "line 2: there is a sign in it that cannot be seen"),
        (("id", "x" * 201), "line 2: this is longer than 200 characters"),
        (("id", '"ann'), "this is not CSV"),
    ],
)
def test_a_wrong_list_is_refused_with_the_line(
    desk: Desk, lines: tuple[str, ...], said: str
) -> None:
    assert desk.keep("pilot", "id", "p5").exit_code == 0
    refused = desk.keep("pilot", *lines)
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert said in refused.stderr
    assert desk.count("in list pilot").stdout == "1\tin list pilot\n", "the list stays as it was"


def test_a_list_that_is_not_utf_8_is_refused(desk: Desk) -> None:
    path = desk.file("list.csv", "id", "Zoë", encoding="utf-16")
    refused = desk.run("audience", "list", "pilot", str(path))
    assert refused.exit_code == 2
    assert "is not UTF-8; save the list as UTF-8" in refused.stderr


@pytest.mark.parametrize("name", ["", " ", "a\nb", "a\u202eb", "x" * 101])
def test_a_list_has_a_name_that_can_be_written_in_a_rule(desk: Desk, name: str) -> None:
    refused = desk.keep(name, "id", "p5")
    assert refused.exit_code == 2
    assert "1 to 100 signs that can be seen" in refused.stderr


def test_a_list_may_begin_with_a_byte_order_mark(desk: Desk) -> None:
    path = desk.file("list.csv", "\ufeffid", "p5", "", "p4")
    assert desk.run("audience", "list", "pilot", str(path)).exit_code == 0
    assert desk.count("in list pilot").stdout.startswith("2\t")
