"""The own score: weighted, in whole points that add up, and nothing where nothing is known."""

from collections.abc import Mapping
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nudges.adoption import WEEK, Metric
from nudges.levels import Goal, Judged, Level, Levels, Verdict
from nudges.people import Person
from nudges.score import missing, score, scored_week, shared, shown_weeks

WEEK_1 = date(2026, 3, 2)
ANN = Person("ann", job="sales")
LEVELS = Levels(
    {
        1: Level(1, (Goal(Metric.ACTIVE_DAYS, 3), Goal(Metric.RECORDS, 5))),
        2: Level(2, (Goal(Metric.QUALITY, 0.8),)),
        3: Level(3, (Goal(Metric.HYGIENE, 0.9, weight=3),)),
    },
    {Metric.ACTIVE_DAYS: 2, Metric.QUALITY: 4},
)
ALL = {
    Metric.ACTIVE_DAYS: 4.0,
    Metric.RECORDS: 5.0,
    Metric.QUALITY: 0.9,
    Metric.HYGIENE: 0.95,
}


@pytest.mark.parametrize(
    ("change", "points"),
    [
        ({}, 100),
        ({Metric.HYGIENE: 0.1}, 70),
        ({Metric.ACTIVE_DAYS: 1.0}, 80),
        ({Metric.QUALITY: 0.0, Metric.HYGIENE: 0.0}, 30),
        (dict.fromkeys(ALL, 0.0), 0),
    ],
)
def test_what_is_met_by_its_weight(change: Mapping[Metric, float], points: int) -> None:
    found = score(LEVELS, ANN, {WEEK_1: {**ALL, **change}}, WEEK_1)
    assert found.points == points
    assert sum(line.of for line in found.lines) == 100


def test_what_is_not_known_counts_neither_way() -> None:
    known = {Metric.ACTIVE_DAYS: 4.0, Metric.QUALITY: 0.1}
    found = score(LEVELS, ANN, {WEEK_1: known}, WEEK_1)
    assert [(line.points, line.of) for line in found.lines] == [(33, 33), (0, 0), (0, 67), (0, 0)]
    assert found.points == 33


@pytest.mark.parametrize("week", [{}, {Metric.LEADS_IN_TIME: 1.0}])
def test_nothing_known_is_no_score_and_no_zero(week: Mapping[Metric, float]) -> None:
    assert score(LEVELS, ANN, {WEEK_1: week}, WEEK_1).points is None
    assert score(Levels(), ANN, {WEEK_1: ALL}, WEEK_1).points is None


@given(st.lists(st.floats(0, 100), min_size=1, max_size=20))
def test_the_points_always_add_up(weights: list[float]) -> None:
    points = shared(weights)
    assert sum(points) == (100 if any(weights) else 0)
    assert all(p >= 0 for p in points)


@pytest.mark.parametrize(
    ("known", "week"),
    [((0, 1, 3), 3), ((0, 1), 1), ((0,), 0), ((), 3)],
)
def test_the_newest_week_of_four_that_was_measured(known: tuple[int, ...], week: int) -> None:
    done = {WEEK_1 + n * WEEK: ALL for n in known}
    assert scored_week(done, WEEK_1 + 3 * WEEK) == WEEK_1 + week * WEEK


def judged(*verdicts: Verdict, level: int = 2) -> list[Judged]:
    return [
        Judged("ann", WEEK_1 + n * WEEK, 0, tuple("gap" if m < level else v for m in range(1, 4)))
        for n, v in enumerate(verdicts)
    ]


def test_what_the_next_level_lacks() -> None:
    week = WEEK_1 + 3 * WEEK
    found = score(LEVELS, ANN, {week: {**ALL, Metric.QUALITY: 0.5, Metric.HYGIENE: 0.1}}, week)
    lacking = missing(LEVELS, ANN, found, judged("met", "failed", "gap", "met"), 1)
    assert lacking is not None
    assert (lacking.level, lacking.weeks, lacking.needed) == (2, 2, 1)
    assert [line.goal.metric for line in lacking.goals] == [Metric.QUALITY]
    assert missing(LEVELS, ANN, found, judged("met"), 3) is None


def test_a_level_that_is_none_for_somebody_is_passed_over() -> None:
    service = frozenset({"service"})
    some = Levels(
        {
            1: LEVELS.levels[1],
            2: Level(2, (Goal(Metric.QUALITY, 0.8, jobs=service),)),
            3: LEVELS.levels[3],
        }
    )
    lacking = missing(some, ANN, score(some, ANN, {WEEK_1: ALL}, WEEK_1), (), 1)
    assert lacking is not None
    assert lacking.level == 3


def test_the_last_four_weeks_oldest_first_and_what_was_not_judged() -> None:
    week = WEEK_1 + 4 * WEEK
    shown = shown_weeks(judged("met", "failed", "gap", "away"), week, 2)
    assert [how for _, how in shown] == ["failed", "gap", "away", None]
    assert shown[0][0] == WEEK_1 + WEEK
