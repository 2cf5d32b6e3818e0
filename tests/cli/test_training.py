"""Training sessions from the command line."""

import asyncio
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from adapters.store.database import Store
from bot.cli import main
from nudges.people import Person
from tests.clock import MONDAY

STARTS = "2099-12-01T09:00:00+01:00"
SESSION = f"""
[[session]]
id = "offers-1"
title = {{en = "Offers", nl = "Offertes"}}
starts = {STARTS}
minutes = 90
seats = 12
place = "Room 2"
rule = "functie is verkoop"
trainer = "tim@x.nl"
"""


@pytest.fixture
def database(tmp_path: Path) -> str:
    url = f"sqlite:///{tmp_path / 'training.db'}"

    async def begin() -> None:
        store = await Store.open(url, create=True)
        async with store.write() as work:
            await work.save([Person("tim", "Tim", "tim@x.nl")], MONDAY)
        await store.close()

    asyncio.run(begin())
    return url


def run(database: str, *words: str) -> Result:
    return CliRunner().invoke(main, ["training", *words, "--database", database])


def taken(database: str, folder: Path, text: str, *words: str) -> Result:
    path = folder / "sessions.toml"
    path.write_text(text, encoding="utf-8")
    return run(database, "import", str(path), *words)


def listed(database: str) -> list[dict[str, str | int]]:
    return [json.loads(line) for line in run(database, "list", "--json").stdout.splitlines()]


def test_sessions_are_taken_in_changed_and_cancelled(database: str, tmp_path: Path) -> None:
    seen = taken(database, tmp_path, SESSION, "--dry-run")
    assert (seen.exit_code, seen.stdout, listed(database)) == (0, "+ offers-1\n", [])
    assert taken(database, tmp_path, SESSION).stdout == "+ offers-1\n"
    assert taken(database, tmp_path, SESSION).stdout == ""
    one = listed(database)[0]
    assert (one["id"], one["state"], one["seats"], one["taken"]) == ("offers-1", "open", 12, 0)
    assert one["rule"] == "job is verkoop"
    more = SESSION.replace("seats = 12", "seats = 15")
    assert taken(database, tmp_path, more).stdout == "~ offers-1\n"
    assert listed(database)[0]["seats"] == 15
    assert "Offers" in run(database, "list").stdout
    assert run(database, "cancel", "1").exit_code == 0
    assert run(database, "cancel", "1").exit_code == 2
    assert run(database, "cancel", "9").exit_code == 2
    assert taken(database, tmp_path, SESSION).stdout == "", "what was cancelled stays so"
    assert listed(database)[0]["state"] == "cancelled"


@pytest.mark.parametrize(
    ("was", "becomes", "said"),
    [
        ("[[session]]", "[[meeting]]", "session"),
        ('"Room 2"', '""', "place: place"),
        ("seats = 12", "seats = 0", "seats: seats"),
        ("minutes = 90", "minutes = 9000", "minutes: minutes"),
        ("minutes = 90", "", "minutes"),
        ('nl = "Offertes"', 'nl = ""', "title_nl: title"),
        ("functie is verkoop", "nobody reads this", "session offers-1: rule: At character 1"),
        ("functie is verkoop", "barrier is desire", "rule: exposes"),
        ("tim@x.nl", "tom@x.nl", "'tom@x.nl' is nobody"),
        (STARTS, "2026-01-05T09:00:00+01:00", "has begun already"),
        (STARTS, "2026-01-05T09:00:00", "timezone"),
        ('place = "Room 2"', 'link = "http://x.nl"', "link: https"),
        ('place = "Room 2"', 'link = "https://10.0.0.1/"', "link: inside"),
        (SESSION, SESSION * 2, "two sessions have the id 'offers-1'"),
        (SESSION, "not toml", "sessions.toml"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_changed(
    database: str, tmp_path: Path, was: str, becomes: str, said: str
) -> None:
    told = taken(database, tmp_path, SESSION.replace(was, becomes))
    assert told.exit_code == 2
    assert said in told.stderr
    assert "Traceback" not in told.output
    assert listed(database) == []
