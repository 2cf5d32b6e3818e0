"""What may be known of a team: how it is told, whose team somebody is counted with, and when."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nudges.adkar import Element
from nudges.group import (
    ACTIVE,
    BARRIER,
    MANAGERS,
    MEASURES,
    RECORDS,
    RESPONSE,
    Figure,
    Frozen,
    Measure,
    Member,
    Told,
    band,
    comparable,
    decided,
    due,
    focus,
    freeze,
    movement,
    teams_of,
    told,
    week_over,
)
from nudges.release import TOP, Ledger, Value

W46, W47 = date(2026, 11, 9), date(2026, 11, 16)
WEEK = timedelta(weeks=1)


@pytest.mark.parametrize(
    ("people", "said"),
    [
        (5, "5-9"),
        (9, "5-9"),
        (10, "10-19"),
        (19, "10-19"),
        (20, "20-49"),
        (50, "50-99"),
        (99, "50-99"),
        (100, "100-199"),
        (200, "200-499"),
        (999, "500-999"),
        (1000, "1000-1999"),
        (99_999, "50000-99999"),
        (100_000, "100000-199999"),
    ],
)
def test_how_many_people_is_told_roughly(people: int, said: str) -> None:
    assert band(people) == said


@pytest.mark.parametrize(
    ("counted", "shares"),
    [
        ({"a": 3, "b": 3}, {"a": 0.5, "b": 0.5}),
        ({"a": 2, "b": 2, "c": 2}, {"a": 0.4, "b": 0.3, "c": 0.3}),
        ({"a": 1, "b": 8}, {"a": 0.1, "b": 0.9}),
        ({"a": 97, "b": 2}, {"a": 1.0, "b": 0.0}),
        ({"a": 97, "b": 3}, {"a": 0.97, "b": 0.03}),
        ({"a": 100, "b": 50, "c": 51}, {"a": 0.5, "b": 0.25, "c": 0.25}),
    ],
)
def test_shares_are_tenths_below_a_hundred_people(
    counted: dict[str, int], shares: dict[str, float]
) -> None:
    assert told(list(Counter(counted).elements())).shares == shares


@given(st.lists(st.sampled_from("abcdef"), min_size=5, max_size=250))
def test_shares_add_up_and_are_near(values: list[str]) -> None:
    found = told(values).shares
    step = 0.1 if len(values) < 100 else 0.01
    assert round(sum(found.values()), 9) == 1
    for name, n in Counter(values).items():
        assert abs(found[name] - n / len(values)) < step
    assert found == told(values[::-1]).shares, "the order of people says nothing"


def test_amounts_are_told_as_a_mean() -> None:
    assert told([1.0, 2.0, 2.0, 9.0, 11.0, 0.0]) == Told("5-9", mean=4.2)


def test_nothing_is_told_of_four() -> None:
    with pytest.raises(ValueError, match="4 people"):
        told(["a", "b", "a", "b"])


BARRIERS = Told("20-49", {"desire": 0.2, "knowledge": 0.3, "none": 0.5})


def test_what_follows_from_what_was_told() -> None:
    before = Told("20-49", {"awareness": 0.2, "desire": 0.3, "knowledge": 0.3, "none": 0.2})
    assert decided(BARRIERS) == 0.8
    assert focus(BARRIERS) is Element.DESIRE
    assert focus(before) is Element.AWARENESS
    assert focus(Told("20-49", {"desire": 0.1, "none": 0.9})) is None
    assert movement(BARRIERS, before) == {
        "awareness": -0.2,
        "desire": -0.1,
        "knowledge": 0,
        "none": 0.3,
    }


@pytest.mark.parametrize(
    ("before", "may"),
    [
        (Figure(1, "barrier", W46, BARRIERS, exact=True, scope="x"), True),
        (Figure(1, "barrier", W46, BARRIERS, exact=True, scope="y"), False),
        (Figure(1, "barrier", W46, None, exact=False, scope="x"), False),
        (None, False),
    ],
)
def test_only_the_same_teams_are_compared(before: Figure | None, may: bool) -> None:  # noqa: FBT001 - a table
    now = Figure(2, "barrier", W47, BARRIERS, exact=True, scope="x")
    assert comparable(now, before) is may


@pytest.mark.parametrize(
    ("now", "week"),
    [
        (datetime(2026, 11, 16, 3, 59, tzinfo=UTC), date(2026, 11, 2)),
        (datetime(2026, 11, 16, 4, tzinfo=UTC), W46),
        (datetime(2026, 11, 22, 23, tzinfo=UTC), W46),
        (datetime(2026, 11, 23, 4, tzinfo=UTC), W47),
        (datetime(2027, 1, 4, 5, tzinfo=UTC), date(2026, 12, 28)),
    ],
)
def test_a_week_is_over_on_monday_morning(now: datetime, week: date) -> None:
    assert week_over(now) == week


@pytest.mark.parametrize(
    ("measure", "last", "is_due"),
    [
        (RESPONSE, None, True),
        (RESPONSE, W46, True),
        (RESPONSE, W47, False),
        (BARRIER, None, True),
        (BARRIER, W47 - 3 * WEEK, False),
        (BARRIER, W47 - 4 * WEEK, True),
        (BARRIER, W47 - 9 * WEEK, True),
    ],
)
def test_when_a_measure_is_due(measure: Measure, last: date | None, is_due: bool) -> None:  # noqa: FBT001 - a table
    assert due(measure, W47, last) is is_due


class TestTeams:
    def test_a_team_is_who_reports_to_one_person(self) -> None:
        found = teams_of(
            [
                Member("top"),
                Member("head", "top"),
                Member("ann", "head"),
                Member("bob", "nobody"),
                Member("eve", "eve"),
            ]
        )
        assert found.of == {"top": TOP, "head": "top", "ann": "head", "bob": TOP, "eve": TOP}
        assert found.above == {"top": TOP, "head": "top"}

    def test_who_left_is_in_no_team_and_leads_theirs_until_it_is_given_away(self) -> None:
        found = teams_of([Member("top"), Member("head", "top", left=True), Member("ann", "head")])
        assert found.of == {"top": TOP, "ann": "head"}
        assert found.above == {"head": "top", "top": TOP}

    def test_a_circle_is_no_trouble(self) -> None:
        people = [Member("a", "b"), Member("b", "c"), Member("c", "a")]
        crowd = [Member(f"p{n}", "a") for n in range(9)]
        values: dict[str, Value] = {m.id: "xy"[n % 2] for n, m in enumerate([*people, *crowd])}
        frozen = freeze(BARRIER, teams_of([*people, *crowd]), values, Ledger())
        assert cells(frozen)[TOP] == ("10-19", True)

    def test_what_is_said_of_a_manager_is_counted_one_up(self) -> None:
        teams = teams_of([Member("top"), Member("head", "top"), Member("ann", "head")])
        assert teams.place(BARRIER, "ann") == "head"
        assert teams.place(MANAGERS, "ann") == "top"
        assert teams.place(MANAGERS, "head") == TOP
        assert teams.place(MANAGERS, "top") == TOP


def cells(frozen: Frozen) -> dict[str, tuple[str, bool]]:
    return {c.unit: (c.told.band, c.exact) for c in frozen.cells if c.told}


def company(**sizes: int) -> list[Member]:
    """Return a director, heads, and so many people for each of them."""
    heads = [Member(head, "top") for head in sizes]
    crowd = [Member(f"{head}{n}", head) for head, many in sizes.items() for n in range(many)]
    return [Member("top"), *heads, *crowd]


def says(people: list[Member], *but: str) -> dict[str, Value]:
    return {m.id: "xyz"[n % 3] for n, m in enumerate(people) if m.id not in but}


class TestFreeze:
    def test_everybody_gets_their_own_team_and_who_leads_more_gets_more(self) -> None:
        people = company(a=8, b=9)
        found = cells(freeze(BARRIER, teams_of(people), says(people), Ledger()))
        assert found.keys() == {"a", "b", "top", TOP}
        assert found["top"] == ("20-49", False), "one who reports to nobody is counted with them"
        assert found["a"] == ("5-9", True)

    def test_a_small_team_gets_the_number_of_more_than_itself(self) -> None:
        people = company(a=3, b=9)
        found = cells(freeze(BARRIER, teams_of(people), says(people), Ledger()))
        assert not found["a"][1]
        assert found["a"][0] != "1-4"

    def test_too_few_tell_nothing_to_anybody(self) -> None:
        people = company(a=2)
        frozen = freeze(BARRIER, teams_of(people), says(people), Ledger())
        assert cells(frozen) == {}
        assert {(c.unit, c.why) for c in frozen.cells} == {
            ("a", "few"),
            ("top", "few"),
            (TOP, "few"),
        }

    def test_where_nobody_knows_anything_there_is_a_gap(self) -> None:
        frozen = freeze(BARRIER, teams_of(company(a=9)), {}, Ledger())
        assert {c.why for c in frozen.cells} == {"gap"}

    def test_who_says_nothing_is_in_no_number(self) -> None:
        people = company(a=9)
        quiet = [m.id for m in people if m.manager == "a"][:2]
        frozen = freeze(BARRIER, teams_of(people), says(people, *quiet), Ledger())
        assert not {who for atom in frozen.closed.atoms for who in atom.values} & {*quiet}

    def test_nobody_sees_what_is_said_of_them(self) -> None:
        people = company(a=9, b=9, c=2, d=3, e=4, f=5)
        frozen = freeze(MANAGERS, teams_of(people), says(people, "top"), Ledger())
        found = {c.unit: c for c in frozen.cells}
        assert found["a"].told is None, "they lead nobody who leads"
        assert found["top"].told is not None
        for cell in found.values():
            about = {teams_of(people).of[who] for place in cell.atoms
                     for who in frozen.closed.atoms[place].values}  # fmt: skip
            assert cell.unit not in about or cell.unit == TOP

    def test_a_week_stands_for_itself_and_a_barrier_does_not(self) -> None:
        people = company(a=9, b=9)
        teams, values = teams_of(people), says(people)
        ledger = Ledger()
        ledger.add(atom.values for atom in freeze(BARRIER, teams, values, ledger).closed.atoms)
        one = next(m.id for m in people if m.manager == "b")
        less = {who: value for who, value in values.items() if who != one}
        assert cells(freeze(ACTIVE, teams, less, ledger)).keys() == {"a", "b", "top", TOP}
        withheld = freeze(BARRIER, teams, less, ledger)
        assert "top" not in cells(withheld), "nobody new said anything"
        assert {c.why for c in withheld.cells if not c.told} == {"unchanged"}
        assert not cells(freeze(BARRIER, teams, values, ledger)), "nor where all say the same again"
        turned: dict[str, Value] = {who: "zxy"["xyz".index(str(v))] for who, v in values.items()}
        assert cells(freeze(BARRIER, teams, turned, ledger)).keys() == {"a", "b", "top", TOP}

    def test_chance_lets_a_team_be_told_together_with_others(self) -> None:
        people = company(a=8, b=9)
        alone = freeze(BARRIER, teams_of(people), says(people), Ledger())
        joined = freeze(BARRIER, teams_of(people), says(people), Ledger(), chance=lambda: 0.0)
        assert cells(alone)["a"][1]
        assert not cells(joined).get("a", ("", False))[1]

    def test_a_raised_floor_holds(self) -> None:
        people = company(a=8, b=9)
        frozen = freeze(RECORDS, teams_of(people), {m.id: 1.0 + n for n, m in enumerate(people)},
                        Ledger(), floor=12)  # fmt: skip
        assert all(len(atom.values) >= 12 for atom in frozen.closed.atoms)
        assert cells(frozen)


def test_measures_are_named_once() -> None:
    assert len({m.name for m in MEASURES}) == len(MEASURES)
