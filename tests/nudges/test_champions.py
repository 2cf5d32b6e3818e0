"""Champions: a mix of three kinds, a no that is final, and room for one more question."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from nudges.adkar import Answer, Element, Question
from nudges.champions import (
    Champion,
    ChampionKind,
    ChampionState,
    areas_of,
    gaps,
    kind_of,
    may_be_asked,
    mixed,
    with_room,
)
from nudges.people import Person

NOW = datetime(2026, 11, 16, 9, tzinfo=UTC)
BANK = {
    q.id: q
    for q in (
        Question("K1", Element.KNOWLEDGE),
        Question("B4", Element.ABILITY),
        Question("D-stance", Element.DESIRE, kind="stance"),
        Question("K-leads", Element.KNOWLEDGE, kind="area", area="leads"),
    )
}


@pytest.mark.parametrize(
    ("scores", "wanted"),
    [
        ({}, None),
        ({"D-stance": 5}, None),
        ({"D-stance": 5, "K1": 3}, None),
        ({"D-stance": 5, "K1": 5}, ChampionKind.ENTHUSIAST),
        ({"D-stance": 1, "K-leads": 5}, ChampionKind.CRITIC),
        ({"D-stance": 3, "K-leads": 5}, None),
        ({"K-leads": 5, "B4": 1}, ChampionKind.EXPERIENCED),
        ({"D-stance": 5, "K1": 4, "B4": 2}, ChampionKind.EXPERIENCED),
        ({"K1": 5}, None),
    ],
    ids=str,
)
def test_what_answers_hint_at(scores: dict[str, int], wanted: ChampionKind | None) -> None:
    given = [Answer("p", q, score, NOW - timedelta(days=2)) for q, score in scores.items()]
    assert kind_of(given, BANK, NOW) is wanted


def test_the_three_kinds_come_to_be_as_many() -> None:
    hints = {f"e{n}": ChampionKind.ENTHUSIAST for n in range(9)}
    hints |= {"c": ChampionKind.CRITIC, "x": ChampionKind.EXPERIENCED}
    assert mixed(hints, []) == ["e0", "c", "x"]
    assert mixed(hints, ["enthusiast"] * 4) == ["c", "x", "e0"]
    assert mixed(hints, [], 0) == []


@pytest.mark.parametrize(
    ("state", "days", "wanted"),
    [
        (None, 0, True),
        ("asked", 0, True),
        ("declined", 89, False),
        ("declined", 90, True),
        ("stepped_down", 89, False),
        ("later", 27, False),
        ("later", 28, True),
        ("accepted", 999, False),
        ("invited", 999, False),
    ],
)
def test_a_no_is_final_for_ninety_days(
    state: ChampionState | None, days: int, *, wanted: bool
) -> None:
    assert may_be_asked(state, NOW - timedelta(days=days), NOW) is wanted


def one(name: str, **more: object) -> Champion:
    ready = Champion(Person(name), "accepted", areas=("sales",), limit=2)
    return replace(ready, **more)


class TestRoom:
    def names(self, *champions: Champion, **had: int) -> list[str]:
        return [c.person.id for c in with_room(champions, "sales", had, NOW)]

    def test_who_had_least_comes_first(self) -> None:
        assert self.names(one("a"), one("b", limit=10), a=1, b=2) == ["b", "a"]

    def test_who_is_full_has_none(self) -> None:
        assert self.names(one("a"), one("b"), a=2) == ["b"]

    @pytest.mark.parametrize(
        "change",
        [
            {"areas": ("service",)},
            {"areas": ()},
            {"state": "invited"},
            {"state": "stepped_down"},
            {"person": Person("a", stopped=True)},
            {"person": Person("a", left=True)},
            {"person": Person("a", away_until=NOW + timedelta(days=1))},
            {"person": Person("a", paused_until=NOW + timedelta(days=1))},
        ],
        ids=str,
    )
    def test_who_is_away_or_helps_with_something_else(self, change: dict[str, object]) -> None:
        assert self.names(one("a", **change)) == []


def test_areas_nobody_helps_with() -> None:
    areas = areas_of(BANK)
    assert "leads" in areas
    assert "sales" in areas
    assert set(areas) - set(gaps([one("a"), one("b", state="invited", areas=areas)], areas)) == {
        "sales"
    }
