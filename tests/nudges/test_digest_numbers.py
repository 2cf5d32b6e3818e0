"""Which numbers a digest tells: of this week or still standing, and which may be compared."""

from datetime import date, timedelta

import pytest

from nudges.digest import Line, Missing
from nudges.digest_numbers import KINDS, numbers
from nudges.group import MEASURES, QUALITY, Figure, Told, Why

W46 = date(2026, 11, 9)
WEEK = timedelta(weeks=1)
HALF = Told("10-19", {"yes": 0.5, "no": 0.5})
BARRIERS = Told("10-19", {"awareness": 0.1, "desire": 0.3, "none": 0.6})


def figure(  # noqa: PLR0913, PLR0917 - what a number is made of
    measure: str,
    told: Told | None = HALF,
    weeks: int = 0,
    cell: int = 1,
    scope: str = "x",
    why: Why = "",
) -> Figure:
    return Figure(cell, measure, W46 - weeks * WEEK, told, exact=True, scope=scope, why=why)


def of(*found: Figure) -> tuple[dict[str, Line], dict[str, str]]:
    by_measure: dict[str, tuple[Figure, ...]] = {}
    for one in found:
        by_measure[one.measure] = (*by_measure.get(one.measure, ()), one)
    told = numbers(by_measure, W46)
    return (
        {str(one.number.kind): one for one in told.lines},
        {str(one.kind): one.why for one in told.missing},
    )


def test_every_measure_has_its_place() -> None:
    told = [m for m in MEASURES if m is not QUALITY]  # that one is for clean-up sprints
    assert list(KINDS) == told
    assert [KINDS[m] for m in told] == [m.name for m in told]


def test_a_number_of_this_week_is_told_beside_the_one_before() -> None:
    less = Told("5-9", {"yes": 0.3, "no": 0.7})
    lines, _ = of(figure("active"), figure("active", less, weeks=1, cell=2))
    line = lines["active"]
    assert (line.number.share("yes"), line.number.band) == (0.5, "10-19")
    assert line.number.week == "2026-11-09"
    assert line.moved() == "up"


@pytest.mark.parametrize(
    "before",
    [
        figure("active", weeks=1, scope="other"),
        figure("active", None, weeks=1, why="few"),
    ],
)
def test_nothing_is_compared_with_what_is_not_the_same(before: Figure) -> None:
    lines, _ = of(figure("active"), before)
    assert lines["active"].moved() is None


def test_a_week_without_a_number_shows_no_older_one() -> None:
    lines, missing = of(figure("active", weeks=1), figure("response", weeks=1))
    assert not lines
    assert (missing["active"], missing["response"]) == ("gap", "few")


@pytest.mark.parametrize(("weeks", "is_told"), [(0, True), (3, True), (7, True), (8, False)])
def test_a_barrier_stands_until_two_closings_went_by(weeks: int, is_told: bool) -> None:  # noqa: FBT001 - a table
    lines, missing = of(figure("barrier", BARRIERS, weeks=weeks))
    assert ("barrier" in lines) is is_told
    assert (missing.get("barrier") == "few") is not is_told


def test_what_was_withheld_since_takes_no_number_back() -> None:
    lines, missing = of(
        figure("barrier", None, why="unchanged"),
        figure("barrier", BARRIERS, weeks=4),
        figure("barrier", BARRIERS, weeks=8),
    )
    assert lines["barrier"].number.week == "2026-10-12"
    assert lines["barrier"].moved("desire") == "same"
    assert "barrier" not in missing


def test_who_decided_follows_from_the_barriers() -> None:
    before = Told("10-19", {"desire": 0.7, "none": 0.3})
    lines, _ = of(figure("barrier", BARRIERS), figure("barrier", before, weeks=4))
    assert lines["decided"].number.shares == (("yes", 0.6), ("no", 0.4))
    assert lines["decided"].moved() == "up"
    assert lines["barrier"].moved("desire") == "down"


def test_what_comes_after_the_week_is_not_in_it() -> None:
    lines, _ = of(figure("active", weeks=-1, cell=2), figure("active"))
    assert lines["active"].number.week == "2026-11-09"


@pytest.mark.parametrize(
    ("name", "why", "said"),
    [
        ("barrier", "few", "few"),
        ("barrier", "unchanged", "unchanged"),
        ("barrier", "gap", "few"),
        ("records", "few", "few"),
        ("records", "gap", "gap"),
        ("level", "gap", "gap"),
    ],
)
def test_why_there_is_no_number(name: str, why: Why, said: str) -> None:
    _, missing = of(figure(name, None, why=why))
    assert missing[name] == said


def test_nobody_misses_what_is_said_of_managers() -> None:
    found = numbers({"managers": (figure("managers", None, why="few"),)}, W46)
    assert Missing("managers", "few") not in found.missing


def test_every_number_told_is_named_for_the_ledger() -> None:
    found = numbers(
        {
            "active": (figure("active"), figure("active", weeks=1, cell=2)),
            "barrier": (figure("barrier", BARRIERS, cell=3),),
            "records": (figure("records", None, cell=4),),
        },
        W46,
    )
    assert sorted(found.cells) == [1, 2, 3]
