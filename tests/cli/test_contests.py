"""Competitions and clean-up sprints from the command line."""

import asyncio
import csv
import io
import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from adapters.store.audit import Audited
from adapters.store.database import Store
from bot.cli import main
from nudges.adoption import Metric
from nudges.competition import CompetitionJoined, Row
from nudges.people import Person
from tests.clock import MONDAY
from tests.desk import PROGRAMME

GAME = """
[[competition]]
id = "early-birds"
name = {en = "Early birds", nl = "Vroege vogels"}
rule = {en = "Most days win.", nl = "De meeste dagen winnen."}
prize = {en = "Lunch", nl = "Lunch"}
starts = 2099-11-02
ends = 2099-11-29
segments = ["sales"]

[competition.points]
active_days = {points = 2, most_a_week = 8}
"""
SPRINT = """
[[sprint]]
id = "phone-numbers"
reason = {en = "The desk rings back.", nl = "De desk belt terug."}
fill = {en = "the phone number", nl = "het telefoonnummer"}
goal = 90
starts = 2099-11-02
ends = 2099-11-20
"""
FILES = {"competition": GAME, "sprint": SPRINT}


@pytest.fixture
def database(tmp_path: Path) -> str:
    url = f"sqlite:///{tmp_path / 'contests.db'}"

    async def begin() -> None:
        store = await Store.open(url, create=True)
        async with store.write() as work:
            await work.keep_programme(PROGRAMME)
            people = [Person("ann", "=Ann", segment="sales", welcomed=True), Person("bob")]
            await work.save(people, MONDAY)
        await store.close()

    asyncio.run(begin())
    return url


def run(database: str, *words: str) -> Result:
    return CliRunner().invoke(main, [*words, "--database", database])


def taken(database: str, folder: Path, what: str, text: str, *words: str) -> Result:
    path = folder / f"{what}.toml"
    path.write_text(text, encoding="utf-8")
    return run(database, what, "import", str(path), *words)


def listed(database: str, what: str) -> list[dict[str, str | int]]:
    return [json.loads(line) for line in run(database, what, "list", "--json").stdout.splitlines()]


def audited(database: str) -> list[Audited]:
    async def read() -> list[Audited]:
        store = await Store.open(database)
        async with store.read() as work:
            found = await work.audited()
        await store.close()
        return found

    return asyncio.run(read())


WORDS = {"competition": "announce", "sprint": "start"}
KEYS = {"competition": "early-birds", "sprint": "phone-numbers"}
OTHER = {"competition": ("Lunch", "Dinner"), "sprint": ("goal = 90", "goal = 80")}


@pytest.mark.parametrize("what", FILES)
def test_taken_in_changed_let_go_and_cancelled(database: str, tmp_path: Path, what: str) -> None:
    text, key, word = FILES[what], KEYS[what], WORDS[what]
    seen = taken(database, tmp_path, what, text, "--dry-run")
    assert (seen.exit_code, seen.stdout, listed(database, what)) == (0, f"+ {key}\n", [])
    assert taken(database, tmp_path, what, text).stdout == f"+ {key}\n"
    assert taken(database, tmp_path, what, text).stdout == ""
    (row,) = listed(database, what)
    assert (row["number"], row["id"], row["state"]) == (1, key, "draft")
    assert taken(database, tmp_path, what, text.replace(*OTHER[what])).stdout == f"~ {key}\n"
    assert run(database, what, word, "1").exit_code == 0
    assert listed(database, what)[0]["state"] == "announced"
    assert run(database, what, word, "1").exit_code == 2
    assert run(database, what, "cancel", "1").exit_code == 0
    assert listed(database, what)[0]["state"] == "cancelled"
    assert run(database, what, "cancel", "1").exit_code == 2
    assert run(database, what, "cancel", "99").exit_code == 2
    acts = [one.act for one in reversed(audited(database))]
    assert acts == ["plan", "change", word, "cancel"]


@pytest.mark.parametrize(
    ("what", "wrong", "said"),
    [
        ("competition", ("2099-11-02", "2009-11-02"), "starts: past"),
        ("competition", ("most_a_week = 8", "most_a_week = 1"), "active_days: award"),
        ("competition", ('"sales"', '"moon"'), "segments: segments"),
        ("competition", ("active_days = ", "golf = "), "golf"),
        ("competition", ("points = 2", "points = 1.5"), "points"),
        ("competition", ("id = ", "key = "), "id"),
        ("sprint", ("goal = 90", "goal = 9"), "goal: goal"),
        ("sprint", ("2099-11-20", "2099-11-03"), "ends: length"),
        ("sprint", ("goal = 90", ""), "goal"),
    ],
)
def test_a_file_that_is_wrong_changes_nothing(
    database: str, tmp_path: Path, what: str, wrong: tuple[str, str], said: str
) -> None:
    seen = taken(database, tmp_path, what, FILES[what].replace(*wrong))
    assert seen.exit_code == 2
    assert said in seen.stderr
    assert listed(database, what) == []


def test_two_of_one_name_are_refused(database: str, tmp_path: Path) -> None:
    for what, text in FILES.items():
        seen = taken(database, tmp_path, what, text + text)
        assert seen.exit_code == 2
        assert "two" in seen.stderr


def test_the_ledger_is_a_file_that_no_spreadsheet_runs_and_the_log_says_who_read_it(
    database: str, tmp_path: Path
) -> None:
    taken(database, tmp_path, "competition", GAME)
    run(database, "competition", "announce", "1")

    async def play() -> None:
        store = await Store.open(database)
        async with store.write() as work:
            await work.keep([CompetitionJoined(1)], "ann", datetime(2026, 11, 2, tzinfo=UTC))
            rows = [
                Row("ann", date(2099, 11, 2), Metric.ACTIVE_DAYS, 5, 8),
                Row("ann", date(2099, 11, 2), Metric.ACTIVE_DAYS, -1, 0, 2),
            ]
            await work.add_points(1, rows, MONDAY)
        await store.close()

    asyncio.run(play())
    seen = run(database, "competition", "ledger", "1")
    assert seen.exit_code == 0
    rows = list(csv.DictReader(io.StringIO(seen.stdout)))
    assert [(r["person"], r["week"], r["metric"], r["amount"], r["points"]) for r in rows] == [
        ("ann", "2099-11-02", "active_days", "5", "8"),
        ("ann", "2099-11-02", "active_days", "-1", "0"),
    ]
    assert not rows[0]["name"].startswith("=")
    newest = audited(database)[0]
    assert (newest.who, newest.act, newest.about) == (
        "command line",
        "read_ledger",
        "competition:1",
    )
    assert run(database, "competition", "ledger", "9").exit_code == 2
