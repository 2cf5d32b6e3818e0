"""``usage import``: as Excel saves it, all of a table or nothing, and the second time nothing."""

import asyncio
from datetime import date
from pathlib import Path

import pytest
from click.testing import Result

from adapters.store.database import Store
from nudges.adoption import Metric, Use
from nudges.people import Person
from tests.cli.lines import refused, run
from tests.clock import MONDAY

WEEK = date(2026, 1, 5)
DAYS, RECORDS = Metric.ACTIVE_DAYS, Metric.RECORDS
LEADS, QUALITY = Metric.LEADS_IN_TIME, Metric.QUALITY


@pytest.fixture
def url(tmp_path: Path) -> str:
    made = f"sqlite:///{tmp_path / 'wayfinder.db'}"

    async def prepare() -> None:
        store = await Store.open(made, create=True)
        try:
            async with store.write() as work:
                people = [
                    Person("ann", email="Ann@x.example"),
                    Person("bob", email="bob@x.example"),
                ]
                await work.save(people, MONDAY)
        finally:
            await store.close()

    asyncio.run(prepare())
    return made


def kept(url: str) -> list[Use]:
    async def read() -> list[Use]:
        store = await Store.open(url)
        try:
            async with store.read() as work:
                assert len(await work.everyone()) == 2, "nobody comes into being"
                return await work.usage_of(None, date(2025, 1, 6), date(2027, 1, 4))
        finally:
            await store.close()

    return asyncio.run(read())


def take(tmp_path: Path, url: str, text: str | bytes, *more: str) -> Result:
    path = tmp_path / "use.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return run("usage", "import", str(path), "--database", url, *more)


TWO = [
    Use("ann", WEEK, {DAYS: 4.0, RECORDS: 12.0, LEADS: 0.85}),
    Use("bob", WEEK, {DAYS: 0.0, QUALITY: 1.0}),
]
TABLES = {
    "as an Englishman saves it": (
        "email,week,active_days,records,leads_in_time,quality\r\n"
        "ann@x.example,2026-01-07,4,12,0.85,\r\nbob@x.example,2026-01-05,0,,,1\r\n"
    ),
    "as a Dutchman saves it": (
        "\ufeffEmail;Week;Active days;Records;Leads in time;Quality\r\n"
        "ann@x.example;2026-01-11;4;12;0,85;\r\nbob@x.example;2026-01-05;0;;;1,0\r\n;;;;;\r\n"
    ),
    "with Excel's first line": (
        "sep=;\r\nperson;week;active_days;records;leads_in_time;quality\r\n"
        "ann;2026-01-05;4;12;0,85;\r\nbob;2026-01-05;0;;;1\r\n"
    ),
    "with quotes and a comma": (
        "week,quality,person,active_days,leads_in_time,records\n"
        '2026-01-05,,ann,4,"0,85",12\n2026-01-05,"1,00",bob,0,,\n'
    ),
    "with columns that mean nothing": (
        "person,week,active_days,records,leads_in_time,quality,Afdeling,=1+1\n"
        "ann,2026-01-05,4,12,.85,,=1+1,\nbob,2026-01-05,0,,,1.00,@x,\n"
    ),
}


@pytest.mark.parametrize("text", TABLES.values(), ids=TABLES)
def test_a_table_is_taken(tmp_path: Path, url: str, text: str) -> None:
    result = take(tmp_path, url, text)
    assert (result.exit_code, result.stdout) == (0, ""), result.stderr
    assert "2 rows tell 5 values of 2 people" in result.stderr
    assert kept(url) == TWO
    assert ("these columns are ignored: afdeling, =1+1." in result.stderr) == ("Afdeling" in text)
    again = take(tmp_path, url, text)
    assert "0 values are new or different" in again.stderr
    assert kept(url) == TWO


def test_a_dry_run_changes_nothing(tmp_path: Path, url: str) -> None:
    result = take(tmp_path, url, TABLES["as a Dutchman saves it"], "--dry-run")
    assert result.exit_code == 0
    assert "2 rows tell 5 values of 2 people" in result.stderr
    assert "Nothing was changed" in result.stderr
    assert kept(url) == []


def test_what_repeats_and_who_is_nobody_is_reported_by_line(tmp_path: Path, url: str) -> None:
    text = (
        "person,email,week,records\nann,,2026-01-05,3\nzoë,,2026-01-05,4\n"
        ",ann@x.example,2026-01-06,3\n,who@x.example,2026-01-05,1\n"
    )
    result = take(tmp_path, url, text)
    assert result.exit_code == 0
    assert [line.split(": ", 1)[1] for line in result.stdout.splitlines()] == [
        "line 3: this is nobody we know.",
        "line 4: this person and week stand on line 2, too, and count once.",
        "line 5: this is nobody we know.",
    ]
    assert "zoë" not in result.output
    assert kept(url) == [Use("ann", WEEK, {RECORDS: 3.0})]


def test_a_later_table_replaces(tmp_path: Path, url: str) -> None:
    take(tmp_path, url, TABLES["as a Dutchman saves it"])
    result = take(tmp_path, url, "person,week,active_days\nann,2026-01-05,5\n")
    assert "1 values are new or different" in result.stderr
    assert kept(url)[0] == Use("ann", WEEK, {DAYS: 5.0, RECORDS: 12.0, LEADS: 0.85})


HEAD = "person,week,active_days,records,quality\nann,2026-01-05,4,1,0.5\n"
BAD: dict[str, tuple[str | bytes, str]] = {
    "eight days": (HEAD + "bob,2026-01-05,8,,", "line 3: active_days: 8 is too many"),
    "a percentage": (HEAD + "bob,2026-01-05,,,85", "line 3: quality: 85 is no share: write 0.85"),
    "a percent sign": (HEAD + "bob,2026-01-05,,,85%", "line 3: quality: '85%' is no number"),
    "text": (HEAD + "bob,2026-01-05,,n/a,", "line 3: records: 'n/a' is no number"),
    "a negative one": (HEAD + "bob,2026-01-05,,-1,", "line 3: records: -1 is below 0"),
    "thousands": (HEAD + "bob,2026-01-05,,1.000,", "line 3: records: '1.000' may be two numbers"),
    "an exponent": (HEAD + "bob,2026-01-05,,1e3,", "line 3: records: '1e3' is no number"),
    "infinity": (HEAD + "bob,2026-01-05,,,inf", "line 3: quality: 'inf' is no number"),
    "not a number": (HEAD + "bob,2026-01-05,,,NaN", "line 3: quality: 'NaN' is no number"),
    "other digits": (HEAD + "bob,2026-01-05,,٣,", "line 3: records: '٣' is no number"),
    "a long number": (HEAD + f"bob,2026-01-05,,{'9' * 5000},", "is no number"),
    "a sum": (HEAD + "bob,2026-01-05,,=1+1,", "line 3: records: '=1+1' is no number"),
    "a formula as person": (HEAD + '"=HYPERLINK(""x"")",2026-01-05,,1,', "person begins with '='"),
    "a wide formula": (HEAD + "\uff20x,2026-01-05,,1,", "which a spreadsheet would calculate"),
    "a hidden sign": (HEAD + "bo\u202eb,2026-01-05,,1,", "a sign in it that cannot be seen"),
    "a far week": (HEAD + "bob,2099-01-05,,1,", "line 3: the week of 2099-01-05 is still to come"),
    "no day": (HEAD + "bob,5-1-2026,,1,", "line 3: week '5-1-2026' is no day such as 2026-11-16"),
    "nobody": (HEAD + ",2026-01-05,,1,", "line 3: it says of nobody whose week this is"),
    "a contradiction": (HEAD + "ann,2026-01-06,5,,", "line 3: active_days is 5, and 4 on line 2"),
    "too few cells": (HEAD + "bob,2026-01-05,1", "line 3: 3 cells, the header has 5"),
    "a bare comma": (HEAD + "bob,2026-01-05,1,1,0,5", "a number with a comma needs quotes"),
    "an open quote": (HEAD + 'bob,"2026-01-05,1,1,', "this is not CSV"),
    "a NUL": (HEAD + "bob,2026-01-05\x00,1,1,", ""),
    "Windows letters": (HEAD.encode() + b"b\xf6b,2026-01-05,1,1,", "line 3: this is not UTF-8"),
    "two bytes a letter": (HEAD.encode("utf-16"), "line 1: this is not UTF-8"),
    "no week": ("person,records\nann,1\n", "line 1: the header misses week"),
    "no person": ("name,week,records\nann,2026-01-05,1\n", "has neither person nor email"),
    "no metric": ("person,week,score\nann,2026-01-05,1\n", "the header has none of active_days"),
    "one column twice": ("person,week,records,Records\n", "the header has records twice"),
    "nothing": ("", "line 1: the header has neither"),
}


@pytest.mark.parametrize(("text", "why"), BAD.values(), ids=BAD)
def test_one_wrong_line_refuses_all(tmp_path: Path, url: str, text: str | bytes, why: str) -> None:
    refused(take(tmp_path, url, text), why)
    assert kept(url) == []


def test_every_wrong_line_is_named_up_to_a_limit(tmp_path: Path, url: str) -> None:
    text = HEAD + "bob,2026-01-05,9,,85\n" * 30
    result = take(tmp_path, url, text)
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 21
    assert "… and 40 more." in result.stderr


def test_the_weeks_that_were_told_are_listed(url: str) -> None:
    async def tell() -> None:
        store = await Store.open(url)
        try:
            async with store.write() as work:
                week = date(2027, 1, 4)  # whatever day it is, this one is listed
                await work.try_usage("dynamics", week, MONDAY, again=False, tries=0)
                await work.week_told("dynamics", week, {DAYS, RECORDS}, again=False)
        finally:
            await store.close()

    asyncio.run(tell())
    result = run("usage", "weeks", "--database", url)
    assert result.stdout == (
        "dynamics\t2027-01-04\tfirst\ttold: active_days, records\t"
        "not told: hygiene, leads_in_time, quality\t1 tries\n"
    )
