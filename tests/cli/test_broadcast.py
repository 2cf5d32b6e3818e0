"""Broadcasts from the command line: handed in from a file, counted, listed, and refused."""

import asyncio
import csv
import json
from io import StringIO
from pathlib import Path

import pytest

from adapters.store.database import Store
from nudges.broadcast import ALONE, Answered, Decided, HandedIn, Received
from nudges.cells import safe
from nudges.reception import CheckAnswered, received
from nudges.release import FLOOR
from nudges.roles import Grant, Role
from tests.cli.test_audience import Desk
from tests.clock import MONDAY

HEAD = ("+++", 'kind = "change"', 'goal = "Same day"', "+++")
ENGLISH = ("# en: Offers leave from one place", "Make yours **here**.", "", "It saves an hour.")
DUTCH = ("# nl: Offertes vanaf één plek", "Maak de jouwe hier.")
BOTH = (*HEAD, *ENGLISH, *DUTCH)
MORE = tuple(
    f"q{n},Q {n},q{n}@x.example,Many,,sales,en,Europe/London,service,," for n in range(ALONE)
)


class Author(Desk):
    """Somebody of the CRM team with a message in a file."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.grant("p0", Role.CRM_TEAM)

    def grant(self, who: str, role: Role, within: str = "") -> None:
        self.keeps("settings", Grant(who, role, within=within))

    def keeps(self, by: str, *facts: Grant | Received | Answered | Decided | HandedIn) -> None:
        async def keep() -> None:
            store = await Store.open(self.database[1])
            async with store.write() as work:
                await work.keep(facts, by, MONDAY)
            await store.close()

        asyncio.run(keep())

    def size(self, number: int = 1) -> int:
        """Return for how many people a broadcast was handed in, told or not."""

        async def look() -> int:
            store = await Store.open(self.database[1])
            async with store.read() as work:
                found = await work.broadcasts([number])
            await store.close()
            return found[number].draft.size

        return asyncio.run(look())

    def is_answered(self, number: int, who: list[str], right: int) -> None:
        """Let people be asked about a broadcast, answer, and be counted."""

        async def keep() -> None:
            store = await Store.open(self.database[1])
            async with store.write() as work:
                await work.begin_check(number, who, MONDAY)
                for place, one in enumerate(who):
                    await work.keep([CheckAnswered(number, place < right)], one, MONDAY)
                await work.close_check(number, MONDAY)
                result = received(number, await work.understood(number))
                await work.keep_result(result, "p0", FLOOR, MONDAY)
            await store.close()

        asyncio.run(keep())

    def send(self, *lines: str, audience: str = "everyone", who: str = "p0", flag: str = ""):  # noqa: ANN201
        path = self.file("message.md", *(lines or BOTH))
        flags = [flag] if flag else []
        return self.run("broadcast", "send", str(path), "--audience", audience, "--as", who, *flags)

    def status(self, number: int = 1) -> dict[str, object]:
        return json.loads(self.run("broadcast", "status", str(number), "--json").stdout)

    def crowd(self) -> None:
        from tests.cli.test_audience import CROWD  # noqa: PLC0415
        from tests.cli.test_people import ANN, BOB, HEADER  # noqa: PLC0415

        people = self.file("more.csv", HEADER, ANN, BOB, *CROWD, *MORE)
        assert self.run("people", "import", str(people)).exit_code == 0


@pytest.fixture
def crm(tmp_path: Path) -> Author:
    return Author(tmp_path)


def test_it_is_handed_in_and_counted(crm: Author) -> None:
    result = crm.send()
    assert (result.exit_code, result.stdout) == (0, "1\n")
    assert "people\t8" in result.stderr
    assert "approval\tnot needed" in result.stderr
    told = crm.status()
    assert told | {"id": 1, "state": "released", "author": "p0", "audience": "everyone"} == told
    assert told | {"queued": 8, "sent": 0, "acknowledged": 0, "unreachable": 0} == told
    assert crm.run("broadcast", "list").stdout.split("\t")[:3] == ["1", "released", "8"]


def test_a_dry_run_hands_nothing_in(crm: Author) -> None:
    result = crm.send(flag="--dry-run", audience="team is Service")
    assert result.exit_code == 0
    assert {"for\tteam is Service", "people\t6"} <= set(result.stdout.splitlines())
    assert "such as\tP" in result.stdout
    assert "message.md\tnl\tOffertes vanaf één plek" in result.stdout
    assert "advice\ten\tSay why: " in result.stdout
    assert "advice\tnl\tZeg waarom: " in result.stdout
    assert crm.run("broadcast", "list").stdout == ""


def test_to_many_a_second_person_has_to_release_it(crm: Author) -> None:
    crm.crowd()
    result = crm.send()
    assert "approval\tby somebody else" in result.stderr
    assert "Those who approve are asked" in result.stderr
    assert crm.status()["state"] == "waiting"


def test_an_author_for_some_groups_reaches_those_alone(crm: Author) -> None:
    crm.grant("p1", Role.LIMITED_AUTHOR, "team is Sales")
    result = crm.send(who="p1", flag="--dry-run")
    assert {"for\teveryone and team is Sales", "people\t2"} <= set(result.stdout.splitlines())


def test_an_author_for_some_groups_that_nobody_named_reaches_nobody(crm: Author) -> None:
    crm.grant("p1", Role.LIMITED_AUTHOR)
    result = crm.send(who="p1")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "nobody said to which" in result.stderr


def test_nothing_new_goes_to_who_still_gets_used_to_it(crm: Author) -> None:
    new = ("+++", 'kind = "new_function"', "+++", *ENGLISH, *DUTCH)
    result = crm.send(*new, flag="--dry-run")
    assert "for\teveryone and (phase is not go-live or calm)" in result.stdout


def test_where_it_would_tell_on_people_nobody_is_named(crm: Author) -> None:
    result = crm.send(audience="barrier is unknown", flag="--dry-run")
    assert "people\tnot told" in result.stdout
    assert "approval\tby somebody else" in result.stdout
    assert "such as" not in result.stdout
    assert crm.send(audience="barrier is unknown").exit_code == 0
    assert crm.send(audience="barrier is desire").exit_code == 0
    assert "\tnot told, " in crm.run("broadcast", "list").stdout.splitlines()[0]
    refused = crm.run("broadcast", "recipients", "1")
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "barrier or level" in refused.stderr
    crm.keeps("p3", Received(1), Answered(1, "why me?"))
    assert "why me?" in crm.run("broadcast", "replies", "1").stdout
    assert "p3" not in crm.run("broadcast", "replies", "1").stdout
    assert crm.status()["acknowledged"] is None


def test_a_language_that_nobody_there_reads_may_be_left_out(crm: Author) -> None:
    only = (*HEAD, *ENGLISH)
    assert crm.send(*only, audience="language is en", flag="--dry-run").exit_code == 0
    refused = crm.send(*only)
    assert refused.exit_code == 2
    assert "title.nl: Write a title." in refused.stderr


@pytest.mark.parametrize(
    ("lines", "given", "said"),
    [
        (BOTH, {"audience": "taem is x"}, 'Did you mean "team"?'),
        (BOTH, {"audience": "team is Nowhere"}, "nobody is meant by: team is Nowhere"),
        (BOTH, {"who": "nobody@x"}, "nobody@x is nobody we know"),
        (BOTH, {"who": "p2"}, "p2 may not write broadcasts"),
        (BOTH, {"who": "P"}, "P is several people"),
        (("no head", *ENGLISH), {}, "has to begin with facts"),
        ((*HEAD, "just words"), {}, "has no words"),
        (("+++", "odd = 1", "+++", *ENGLISH), {}, "odd"),
        (("+++", 'kind = "news"', "+++", *ENGLISH), {}, "kind"),
        (("+++", "begins = 2020-01-01T09:00:00Z", "+++", *ENGLISH, *DUTCH), {}, "has passed"),
        (
            ("+++", '[link]\nurl = "javascript:alert(1)"\nen = "Go"', "+++", *ENGLISH, *DUTCH),
            {},
            "link: A link has to begin with https://.",
        ),
        ((*HEAD, f"# en: {'a' * 121}", "words", *DUTCH), {}, "at most 120 characters"),
    ],
)
def test_what_cannot_be_sent_is_refused_and_nothing_is_kept(
    crm: Author, lines: tuple[str, ...], given: dict[str, str], said: str
) -> None:
    result = crm.send(*lines, **given)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr
    assert crm.run("broadcast", "list").stdout == ""


def test_who_got_it_and_what_they_wrote_is_safe_to_open(crm: Author) -> None:
    crm.send()
    crm.keeps("p3", Received(1), Answered(1, '=cmd|"/c calc"!A1\nand more'))
    table = list(csv.reader(StringIO(crm.run("broadcast", "replies", "1").stdout)))
    assert table[0] == ["person", "name", "at", "text"]
    assert table[1][3] == '\'=cmd|"/c calc"!A1\nand more'
    assert crm.run("broadcast", "recipients", "1").stdout.count("\n") == 1, "nobody yet"
    assert crm.status()["acknowledged"] == crm.status()["replied"] == 1


@pytest.mark.parametrize("command", ["status", "recipients", "replies"])
def test_one_that_is_not_there_is_refused(crm: Author, command: str) -> None:
    result = crm.run("broadcast", command, "7")
    assert result.exit_code == 2
    assert "There is no broadcast 7" in result.stderr


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("  +1", "'  +1"),
        ("-a", "'-a"),
        ("\uff1d1", "'\uff1d1"),
        ("a=1", "a=1"),
        ("", ""),
    ],
)
def test_a_cell_is_never_calculated(text: str, cell: str) -> None:
    assert safe(text) == cell


CHECKED = (
    *HEAD[:-1],
    "[check.question]",
    'en = "Where do you make an offer?"',
    'nl = "Waar maak je een offerte?"',
    "[check.right]",
    'en = "In the CRM"',
    'nl = "In het CRM"',
    "[[check.wrong]]",
    'en = "In Word"',
    'nl = "In Word"',
    "+++",
    *ENGLISH,
    *DUTCH,
)
PEOPLE = ["ann", "bob", *(f"p{n}" for n in range(6))]
WITHOUT_CHOICE = (*CHECKED[:6], *CHECKED[12:])


def test_a_question_about_it_goes_with_it_and_nothing_is_shown_of_a_few(crm: Author) -> None:
    assert crm.send(*CHECKED).exit_code == 0
    assert crm.status()["reception"] is None
    crm.is_answered(1, PEOPLE[:4], right=3)
    assert crm.status()["reception"] is None
    assert crm.send(*CHECKED).exit_code == 0
    crm.is_answered(2, PEOPLE, right=5)
    sums = {"asked": 8, "answered": "5-9", "verdict": "unsure", "right": 0.6}
    sums |= {"low": 0.231, "high": 0.882}
    assert crm.status(2)["reception"] == sums
    plain = crm.run("broadcast", "status", "2").stdout
    assert (
        "reception\tasked 8, answered 5-9, verdict unsure, right 0.6, low 0.231, high 0.882"
        in plain
    )


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('nl = "Waar maak je een offerte?"', 'nl = ""', "question.nl: Write a question"),
        ('nl = "In het CRM"', "", "right.nl: Write each answer"),
        ("[[check.wrong]]", "[check.wrongs]", "check.wrongs"),
        ('en = "In Word"', 'en = "in the crm"', "wrong.en: Two of the answers"),
    ],
)
def test_a_question_that_does_not_fit_is_refused(
    crm: Author, old: str, new: str, said: str
) -> None:
    refused = crm.send(*(new if line == old else line for line in CHECKED))
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert said in refused.stderr


def test_nobody_may_read_own_words_where_it_would_tell_on_people(crm: Author) -> None:
    assert crm.send(*WITHOUT_CHOICE, flag="--dry-run").exit_code == 0
    refused = crm.send(*WITHOUT_CHOICE, audience="barrier is unknown")
    assert refused.exit_code == 2
    assert "nobody could read their own words" in refused.stderr
