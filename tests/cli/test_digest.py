"""A digest as a table: the numbers that somebody was told, no others, and written down."""

import asyncio
import csv
from datetime import date
from pathlib import Path

import pytest

from adapters.store.audit import Audited
from adapters.store.database import Store
from adapters.store.releases import Release
from nudges.group import ACTIVE, BARRIER, RECORDS, freeze, teams_of
from nudges.people import Person
from nudges.release import TOP, Ledger, Value
from nudges.roles import Grant, Role
from tests.cli.lines import refused, run
from tests.clock import MONDAY

W46 = date(2026, 11, 9)
CROWD = tuple(f"=p{n}" for n in range(24))


class Office:
    """A database with a manager, a sponsor and their numbers, as far as they were told."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.address = f"sqlite:///{folder / 'numbers.db'}"
        self.out = folder / "numbers.csv"
        asyncio.run(self._open())

    async def _open(self) -> None:
        store = await Store.open(self.address, create=True)
        async with store.write() as work:
            people = [Person("=abe", "Abe"), Person("sam", "Sam"), Person("joe", "Joe")]
            people += [Person(who, manager="=abe") for who in CROWD]
            await work.save(people, MONDAY)
            roles = [Grant("=abe", Role.MANAGER), Grant("sam", Role.SPONSOR)]
            await work.keep(roles, "settings", MONDAY)
            teams = teams_of(await work.everybody())
            for measure, values in (
                (BARRIER, self.said("desire", "none")),
                (ACTIVE, self.said("yes", "no")),
                (RECORDS, {who: 1.0 + n for n, who in enumerate(CROWD)}),
            ):
                frozen = freeze(measure, teams, values, Ledger())
                past = await work.past(measure.name, MONDAY)
                assert await work.keep_closing(frozen, W46, 5, past, MONDAY)
            for who, unit in (("=abe", "=abe"), ("sam", TOP)):
                names = ["barrier", "records"] if unit else ["active"]
                found = await work.figures(unit, names)
                cells = [one.cell for figures in found.values() for one in figures]
                await work.note_shown({who: cells}, "digest", MONDAY)
        await store.close()

    def said(self, one: str, other: str) -> dict[str, Value]:
        return {who: other if n % 3 else one for n, who in enumerate(CROWD)}

    async def read(self) -> tuple[list[Audited], list[Release]]:
        store = await Store.open(self.address)
        async with store.read() as work:
            found = await work.audited(), await work.released()
        await store.close()
        return found

    def changes(self, *people: Person) -> None:
        async def change() -> None:
            store = await Store.open(self.address)
            async with store.write() as work:
                await work.save(people, MONDAY)
            await store.close()

        asyncio.run(change())

    def export(self, who: str, out: Path | None = None) -> list[list[str]]:
        found = run("digest", "export", "--as", who, "--out", out or self.out,
                    "--database", self.address)  # fmt: skip
        assert found.exit_code == 0, found.output
        with self.out.open(newline="", encoding="utf-8") as file:
            return list(csv.reader(file))


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


HEAD = ["about", "week", "number", "category", "value", "people", "scope"]


def test_a_manager_gets_the_numbers_they_were_told(office: Office) -> None:
    head, *lines = office.export("=abe")
    assert head == HEAD
    assert lines == [
        ["team", "2026-11-09", "barrier", "desire", "0.3", "20-49", "together"],
        ["team", "2026-11-09", "barrier", "none", "0.7", "20-49", "together"],
        ["team", "2026-11-09", "barrier", "decided", "0.7", "20-49", "together"],
        ["team", "2026-11-09", "records", "", "12.5", "20-49", "together"],
    ]


def test_a_sponsor_gets_those_of_the_organisation(office: Office) -> None:
    _, *lines = office.export("Sam")
    assert [line[:4] for line in lines] == [
        ["organisation", "2026-11-09", "active", "no"],
        ["organisation", "2026-11-09", "active", "yes"],
    ]
    assert lines[0][-1] == "own"


def test_no_cell_is_calculated_and_nobody_stands_in_it(office: Office) -> None:
    cells = [cell for line in office.export("=abe") for cell in line]
    assert not [cell for cell in cells if cell.startswith(tuple("=+-@"))]
    assert not {*cells} & {*CROWD, "=abe"}


def test_it_is_written_down_who_was_handed_what(office: Office) -> None:
    office.export("=abe")
    office.export("=abe")
    audited, released = asyncio.run(office.read())
    mine = [(a.who, a.act, a.about, a.whom) for a in audited if a.act == "export"]
    assert mine == [("command line", "export", "digest", "=abe")] * 2
    handed = [(r.viewer, r.measure) for r in released if r.channel == "file"]
    assert sorted(handed) == [("=abe", "barrier"), ("=abe", "records")]


@pytest.mark.parametrize(
    ("who", "why"),
    [("joe", "told no numbers"), ("nobody", "nobody we know"), ("=p3", "told no numbers")],
)
def test_who_was_told_nothing_gets_nothing(office: Office, who: str, why: str) -> None:
    arguments = ("--as", who, "--out", office.out, "--database", office.address)
    refused(run("digest", "export", *arguments), "--as", why)
    assert not office.out.exists()


def test_who_leads_nobody_any_more_gets_nothing(office: Office) -> None:
    office.changes(*(Person(who, manager="joe") for who in CROWD))
    arguments = ("--as", "=abe", "--out", office.out, "--database", office.address)
    refused(run("digest", "export", *arguments), "may still see")
    audited, _ = asyncio.run(office.read())
    assert "export" not in {a.act for a in audited}


def test_a_table_that_cannot_be_written_is_said_so(office: Office) -> None:
    there = office.folder / "no" / "such.csv"
    found = run("digest", "export", "--as", "=abe", "--out", there, "--database", office.address)
    refused(found, "--out", "cannot be written")
