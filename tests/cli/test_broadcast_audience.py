"""Whom a broadcast from the command line goes to: a rule, its author's limits, a file of people."""

import asyncio
import csv
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import Result

from adapters.store.database import Store
from nudges.audience import EVERYONE
from nudges.broadcast import Decided, Received
from nudges.broadcast_notes import BroadcastNote
from nudges.roles import Role
from tests.cli.lines import line, write
from tests.cli.test_broadcast import BOTH, DUTCH, ENGLISH, Author
from tests.clock import MONDAY

HERE = ("p0@x.example", "P1@X.example", "ann@x.example")


@pytest.fixture
def crm(tmp_path: Path) -> Author:
    return Author(tmp_path)


class Filed:
    """Somebody who hands a broadcast in for the people of a file."""

    def __init__(self, crm: Author) -> None:
        self.crm = crm
        self.message = crm.file("offers.md", *BOTH)
        self.report = crm.folder / "report.csv"

    def send(self, *rows: str, flags: tuple[str, ...] = (), encoding: str = "utf-8") -> Result:
        people = self.crm.file("people-for-it.csv", *rows, encoding=encoding)
        words = ("broadcast", "send", str(self.message), "--audience-file", str(people))
        return self.crm.run(*words, "--as", "p0", *flags)

    def reported(self) -> list[list[str]]:
        return list(csv.reader(self.report.read_text("utf-8").splitlines()))

    def lists(self) -> list[str]:
        return [
            "\t".join(one.split("\t")[1:4])
            for one in self.crm.run("audience", "lists").stdout.splitlines()
        ]

    def nothing(self) -> bool:
        return self.crm.run("broadcast", "list").stdout == "" and not self.lists()


@pytest.fixture
def filed(crm: Author) -> Filed:
    return Filed(crm)


def test_the_people_of_a_file_become_a_list_named_after_the_message(filed: Filed) -> None:
    result = filed.send("email", *HERE)
    assert (result.exit_code, result.stdout) == (0, "1\n"), result.output
    assert {"for\tin list offers", "people\t3"} <= set(result.stderr.splitlines())
    assert "3 rows are people; 0 are not used." in result.stderr
    assert filed.lists() == ["offers\t3\t0 unknown"]
    assert filed.crm.status() | {"audience": "in list offers", "queued": 3} == filed.crm.status()


def test_every_row_that_is_nobodys_is_reported(filed: Filed) -> None:
    rows = ("email", HERE[0], "", HERE[0].upper(), "nobody@x", " ", "a,b", "=1+1", "a\u202eb")
    result = filed.send(*rows, flags=("--report", str(filed.report), "--list", "pilot"))
    assert (result.exit_code, result.stdout) == (0, "1\n"), result.output
    assert filed.reported() == [
        ["line", "row", "why"],
        ["3", "", "is empty"],
        ["4", "P0@X.EXAMPLE", "stands on line 2, too"],
        ["5", "nobody@x", "is nobody we know"],
        ["6", "", "is empty"],
        ["7", "", "2 cells, the list has one column"],
        ["8", "'=1+1", "is nobody we know"],
        ["9", "", "there is a sign in it that cannot be seen"],
    ]
    assert "people-for-it.csv: line 5: nobody@x is nobody we know." in result.stderr
    assert "1 rows are people; 7 are not used." in result.stderr
    assert filed.lists() == ["pilot\t1\t7 unknown"]


def test_of_many_some_are_said_and_all_stand_in_the_report(filed: Filed) -> None:
    rows = ("id", "p0", *(f"x{n}" for n in range(30)))
    result = filed.send(*rows)
    assert "… and 10 more; --report FILE.csv writes them all." in result.stderr
    result = filed.send(*rows, flags=("--report", str(filed.report), "--list", "again"))
    assert f"… and 10 more; {filed.report} has them all." in result.stderr
    assert len(filed.reported()) == 31


def test_whoever_has_left_is_not_meant_and_their_address_is_its_new_owners(filed: Filed) -> None:
    async def leave() -> None:
        store = await Store.open(filed.crm.database[1])
        async with store.write() as work:
            people = await work.people(["p1", "p2"])
            gone = replace(people["p1"], left=True, email="p2@x.example")
            await work.save([gone, replace(people["p2"], left=False)], MONDAY)
            await work.save([replace((await work.people(["p3"]))["p3"], left=True)], MONDAY)
        await store.close()

    asyncio.run(leave())
    result = filed.send("email", "p2@x.example", "p3@x.example")
    assert result.exit_code == 0, result.output
    assert "line 3: p3@x.example has left." in result.stderr
    assert filed.lists() == ["offers\t1\t1 unknown"]


@pytest.mark.parametrize(
    ("rows", "encoding", "said"),
    [
        (("name", "p0"), "utf-8", "the header is name; it has to be id or email"),
        (("email;name", "p0"), "utf-8", "the header is email;name"),
        (("email", "zoë@x"), "latin-1", "is not UTF-8; save the list as UTF-8"),
        (("email", '"p0'), "utf-8", "this is not CSV"),
        (("email", "nobody@x"), "utf-8", "nobody is meant by: in list offers"),
        (("email",), "utf-8", "nobody is meant by: in list offers"),
    ],
)
def test_a_file_that_is_no_list_hands_nothing_in(
    filed: Filed, rows: tuple[str, ...], encoding: str, said: str
) -> None:
    result = filed.send(*rows, encoding=encoding)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr
    assert filed.nothing()


def test_a_dry_run_keeps_no_list(filed: Filed) -> None:
    result = filed.send("email", *HERE, flags=("--dry-run",))
    assert result.exit_code == 0
    assert "people\t3" in result.stdout
    assert filed.nothing()


def test_what_is_refused_keeps_no_list(filed: Filed) -> None:
    filed.message.write_text("\n".join(("+++", 'kind = "change"', "+++", *ENGLISH)), "utf-8")
    result = filed.send("email", "bob@x.example")
    assert result.exit_code == 2
    assert "title.nl: Write a title." in result.stderr
    assert filed.nothing()


def test_a_list_to_which_another_is_on_its_way_stays_as_it_is(filed: Filed) -> None:
    assert filed.send("email", *HERE).exit_code == 0
    refused = filed.send("email", HERE[0])
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "Broadcast 1 is on its way to the list 'offers'" in refused.stderr
    assert filed.lists() == ["offers\t3\t0 unknown"]
    assert filed.send("email", HERE[0], flags=("--list", "offers 2")).exit_code == 0

    async def go() -> None:
        store = await Store.open(filed.crm.database[1])
        async with store.write() as work:
            note = BroadcastNote(1)
            await work.begin_spread(
                "broadcast:1", note, EVERYONE, MONDAY, own_morning=False, now=MONDAY
            )
            await work.note_begun(1)
            await work.spread(MONDAY, 99)
        await store.close()

    asyncio.run(go())
    assert filed.send("email", HERE[0]).exit_code == 0, "all of them are queued"
    assert filed.lists()[0] == "offers\t1\t0 unknown"


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        ((), "Say for whom it is with --audience RULE or with --audience-file"),
        (("--audience", "everyone", "--audience-file", "{list}"), "Say for whom it is"),
        (("--audience", "everyone", "--list", "x"), "go with --audience-file"),
        (("--audience", "everyone", "--report", "x.csv"), "go with --audience-file"),
        (("--audience-file", "{list}", "--list", " "), "The name of a list has 1 to 100 signs"),
        (("--audience-file", "{list}", "--report", "{list}"), "is the list itself"),
        (("--audience-file", "{list}", "--report", "{list}/x"), "--report:"),
    ],
)
def test_for_whom_it_is_is_said_in_one_way(crm: Author, flags: tuple[str, ...], said: str) -> None:
    people = str(crm.file("list.csv", "id", "p0", "p1"))
    words = [flag.format(list=people) for flag in flags]
    message = str(crm.file("message.md", *BOTH))
    result = crm.run("broadcast", "send", message, "--as", "p0", *words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr
    assert crm.run("broadcast", "list").stdout == crm.run("audience", "lists").stdout == ""


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (
            "in list offerz",
            "There is no list 'offerz' yet; see `python -m bot audience lists`",
        ),
        ("in slack group S1", "fetch it: python -m bot audience fetch slack group S1"),
        ("everyone and received is not 9", "There is no broadcast 9; see"),
        ("received is 2", "Broadcast 2 is for a barrier or level: who received it is not shown"),
        ("everyone and received is not 3", 'Broadcast 3 asks nobody for "Got it"'),
        ("received is 1", "nobody is meant by: received is 1"),
    ],
)
def test_a_rule_of_which_nobody_can_say_whom_it_means(crm: Author, rule: str, said: str) -> None:
    assert crm.keep("offers", "id", "p0").exit_code == 0
    quiet = ("+++", 'kind = "change"', "acknowledge = false", "+++", *ENGLISH, *DUTCH)
    assert crm.send().exit_code == 0
    assert crm.send(audience="barrier is unknown").exit_code == 0
    assert crm.send(*quiet).exit_code == 0
    result = crm.send(audience=rule)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr
    counted = crm.count(rule)
    assert counted.exit_code == (0 if rule == "received is 1" else 2)
    assert said.split(":", maxsplit=1)[0] in counted.output or counted.exit_code == 0


def test_a_repeat_goes_to_those_who_missed_it(crm: Author) -> None:
    assert crm.send().exit_code == 0
    for who in ("p3", "ann"):
        crm.keeps(who, Received(1))
    assert crm.count("received is 1").stdout == "2\treceived is 1\n"
    result = crm.send(audience="iedereen en ontvangen is niet 1", flag="--dry-run")
    assert {"for\teveryone and received is not 1", "people\t6"} <= set(result.stdout.splitlines())
    assert "such as" in result.stdout


def test_receipts_beside_a_barrier_tell_as_little_as_the_barrier(crm: Author) -> None:
    assert crm.send().exit_code == 0
    crm.keeps("p3", Received(1))
    result = crm.send(audience="received is 1 and barrier is unknown", flag="--dry-run")
    assert "people\tnot told" in result.stdout
    assert "such as" not in result.stdout


def test_who_leads_a_team_is_not_told_who_of_it_received_what(crm: Author) -> None:
    crm.grant("bob", Role.AUTHOR)
    assert crm.send().exit_code == 0
    result = crm.send(audience="received is not 1", who="bob", flag="--dry-run")
    assert "people\t8" in result.stdout
    assert "such as" not in result.stdout


def test_an_authors_limit_is_counted_with_answers_that_came_in_bulk(crm: Author) -> None:
    at = (datetime.now(UTC) - timedelta(days=1)).isoformat()
    path = write(crm.folder, [line(person=f"p{n}", score=1, at=at) for n in range(6)])
    assert crm.run("answers", "import", str(path)).exit_code == 0
    crm.grant("p1", Role.LIMITED_AUTHOR, "barrier is awareness")
    result = crm.send(who="p1")
    assert result.exit_code == 0, result.output
    assert crm.size() == 6


def test_until_it_is_spread_as_many_wait_as_it_was_handed_in_for(crm: Author) -> None:
    assert crm.send().exit_code == 0
    assert (crm.status()["state"], crm.status()["queued"]) == ("released", 8)

    async def spread(limit: int, *, begin: bool = False) -> None:
        store = await Store.open(crm.database[1])
        async with store.write() as work:
            if begin:
                note = BroadcastNote(1)
                await work.begin_spread(
                    "broadcast:1", note, EVERYONE, MONDAY, own_morning=False, now=MONDAY
                )
                await work.note_begun(1)
            if limit:
                await work.spread(MONDAY, limit)
        await store.close()

    asyncio.run(spread(0, begin=True))
    assert (crm.status()["state"], crm.status()["queued"]) == ("sending", 8)
    asyncio.run(spread(3))
    assert (crm.status()["state"], crm.status()["queued"]) == ("sending", 8)
    asyncio.run(spread(9))
    assert (crm.status()["state"], crm.status()["queued"]) == ("sending", 8)


def test_what_was_declined_waits_for_nobody(crm: Author) -> None:
    crm.crowd()
    assert crm.send().exit_code == 0
    size = crm.status()["queued"]
    assert isinstance(size, int)
    assert size > 50
    crm.keeps("bob", Decided(1, approved=False))
    assert (crm.status()["state"], crm.status()["queued"]) == ("declined", 0)
    assert json.loads(crm.run("broadcast", "status", "1", "--json").stdout)["sent"] == 0
