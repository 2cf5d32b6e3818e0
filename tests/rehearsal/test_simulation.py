"""A small programme, played: the same every time, and a defect in it is found."""

import json
from dataclasses import replace
from pathlib import Path
from secrets import token_hex
from typing import Any

import pytest
from click.testing import CliRunner, Result

from bot.cli import main
from bot.inbox import Inbox
from bot.rehearsal.checker import INVARIANTS
from bot.rehearsal.manners import NAMES
from dialogs.doorway import Arrival
from tests.release.attack import given_away
from tests.release.simulated import rows

SMALL = ("simulate", "--people", "40", "--weeks", "2", "--platform-faults", "--json")
TINY = ("simulate", "--people", "8", "--weeks", "1", "--json")


def play(*command: str) -> Result:
    return CliRunner().invoke(main, list(command))


def played(*command: str) -> dict[str, Any]:
    result = play(*command)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.output
    found = json.loads(result.stdout)
    del found["cost"]
    return found


@pytest.mark.timeout(300)
def test_a_programme_keeps_its_promises_and_plays_the_same_again(tmp_path: Path) -> None:
    ledger, truth = tmp_path / "ledger", tmp_path / "truth"
    first = played(*SMALL, "--ledger", str(ledger), "--truth", str(truth))
    assert first["invariants"] == dict.fromkeys(INVARIANTS, True)
    assert first["manners"].keys() == set(NAMES)
    assert first["manners"]["working_hours"] == first["manners"]["asked_for_quiet"] == 0
    assert (first["people"], first["weeks"], first["seed"]) == (40, 2, 1)
    assert first["answers"] > 40
    assert first["sent"] > 80
    assert sum(calls.get("busy", 0) for calls in first["platforms"].values()) > 0
    assert first["touches_per_person_week"].keys() == {"mean", "p99", "max"}
    lines = [json.loads(line) for line in truth.read_text().splitlines()]
    assert {frozenset(line) for line in lines} == {
        frozenset({"person", "measure", "from", "to", "value"})
    }
    released = [json.loads(line) for line in ledger.read_text().splitlines()]
    assert {line["viewer"] for line in released} >= {"p00000", "p00001", "p00038"}
    assert {"response", "barrier:desire"} <= {line["measure"] for line in released}
    for line in released:
        holds = [t["value"] for t in lines if so(t, line)]
        assert len(holds) == len(line["people"]) >= 5, line
        assert abs(sum(holds) / len(holds) - line["value"]) < 0.1, line
    for about, numbers in rows(released, lines).items():
        assert given_away(numbers) == [], about
        one = max(numbers, key=len)
        assert given_away([*numbers, one - {min(one)}]), "one number more would tell on somebody"
    assert played(*SMALL) == first


def so(true: dict[str, Any], told: dict[str, Any]) -> bool:
    """Say whether something was so of one of the people that a number is about, at that time."""
    known = true["measure"] == told["measure"] and true["person"] in told["people"]
    return known and true["from"] <= told["at"] < true["to"]


def test_a_defect_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    stores = Inbox.accept

    async def accept(self: Inbox, arrival: Arrival) -> bool:
        return await stores(self, replace(arrival, key=f"{arrival.key}:{token_hex(4)}"))

    monkeypatch.setattr(Inbox, "accept", accept)
    result = play(*TINY)
    assert result.exit_code == 1
    assert not json.loads(result.stdout)["invariants"]["I4"]


def test_a_database_with_people_in_it_is_left_alone(tmp_path: Path) -> None:
    place = f"sqlite:///{tmp_path / 'wayfinder.db'}"
    assert play(*TINY, "--database", place).exit_code in {0, 1}
    again = play(*TINY, "--database", place)
    assert again.exit_code == 2
    assert "not empty" in again.stderr
