"""Levels: three of four weeks to reach one, two that failed to lose it; gaps count neither way."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from nudges.adoption import WEEK, Metric
from nudges.levels import (
    FIRST_LOOK,
    Goal,
    Judged,
    Level,
    Levels,
    absent,
    below_compliant,
    failures,
    judge,
    judged_from,
    last_week,
    level_before,
    warned,
    week_of,
)
from nudges.people import Hours, Person

FIRST = date(2026, 3, 2)
"""A Monday; no public holiday in the weeks after it but Easter Monday, 6 April."""
ANN = Person("ann", zone="Europe/Amsterdam", job="sales", segment="north")
ONE, TWO, THREE = 3.0, 4.0, 5.0
LEVELS = Levels(
    {n: Level(n, (Goal(Metric.ACTIVE_DAYS, days),)) for n, days in ((1, ONE), (2, TWO), (3, THREE))}
)
UNKNOWN: Mapping[Metric, float] = {}
DAYS = {"0": 1.0, "1": ONE, "2": TWO, "3": THREE}
"""A week that failed, and weeks that met the first, second and third level."""


def measured(weeks: str, start: date = FIRST) -> dict[date, Mapping[Metric, float]]:
    """Read weeks: a figure is the level that the week met, a dot a gap."""
    return {
        start + n * WEEK: {Metric.ACTIVE_DAYS: DAYS[sign]}
        for n, sign in enumerate(weeks)
        if sign in DAYS
    }


def walked(weeks: str, go_live: date = FIRST) -> list[Judged]:
    """Judge week by week, as they come in; ``a`` is a week away in which nothing was done."""
    known: dict[date, Judged] = {}
    for n, sign in enumerate(weeks):
        week, person = FIRST + n * WEEK, ANN
        if sign == "a":
            person = away(week, week + timedelta(days=5))
        done = measured(weeks[: n + 1].replace("a", "0"))
        for one in judge(LEVELS, person, done, known.values(), week, go_live=go_live):
            known[one.week] = one
    return [known[week] for week in sorted(known)]


def away(first: date, until: date) -> Person:
    def at(day: date) -> datetime:
        return datetime.combine(day, time(), UTC)

    return replace(ANN, away_from=at(first), away_until=at(until))


def levels(weeks: str) -> str:
    """Return the level after each week."""
    return "".join(str(one.level) for one in walked(weeks))


@pytest.mark.parametrize(
    ("weeks", "held"),
    [
        ("111", "001"),
        ("11", "00"),
        ("1011", "0001"),
        ("1101", "0001"),
        ("0111", "0001"),
        ("1001", "0000"),
        ("10101", "00000"),
        ("100111", "000001"),
        # a level higher counts for those below it
        ("222", "002"),
        ("333", "003"),
        ("1222", "0012"),
        ("123", "001"),
        ("3213", "0012"),
        # lost after two that failed, not after one
        ("1110", "0011"),
        ("11100", "00110"),
        ("11101", "00111"),
        ("111010", "001110"),
        ("1110110", "0011110"),
        ("1110101101", "0011100111"),
        ("111001", "001100"),
        ("11100111", "00110001"),
        # two fail, but the first was four weeks ago
        ("11101110", "00111111"),
        # down to the level below, whose goals are met
        ("22211", "00221"),
        ("33311", "00331"),
        ("33322", "00332"),
        ("33300", "00330"),
        # a week that failed before the level was reached is no reason to lose it unwarned
        ("10110", "00011"),
        ("101100", "000110"),
    ],
)
def test_three_of_four_and_lost_after_two(weeks: str, held: str) -> None:
    assert levels(weeks) == held


@pytest.mark.parametrize(
    ("weeks", "held"),
    [
        ("1.11", "0001"),
        ("1..11", "00000"),
        ("1..111", "000001"),
        ("111.", "0011"),
        ("111....", "0011111"),
        ("1110.0", "001110"),
        ("1110...0", "00111111"),
        ("111..0", "001111"),
        ("1aa11", "00000"),
        ("1a11", "0001"),
        ("111aaaa", "0011111"),
        ("1110a0", "001110"),
        ("111a0", "00111"),
    ],
)
def test_gaps_and_absence_count_neither_way(weeks: str, held: str) -> None:
    assert levels(weeks) == held


@pytest.mark.parametrize(
    ("weeks", "warns"),
    [
        ("111000", [3]),
        ("11101", [3]),
        ("1110101110", [3, 9]),
        ("10110", [4]),
        ("22210", [3]),
        ("000", []),
        ("111.", []),
        ("111a", []),
    ],
)
def test_the_first_week_that_fails_warns(weeks: str, warns: list[int]) -> None:
    all_ = walked(weeks)
    assert [n for n, one in enumerate(all_) if warned(all_[: n + 1], one.week)] == warns


def test_nobody_loses_a_level_without_a_warning_before() -> None:
    for weeks in (f"{n:09b}" for n in range(2**9)):
        all_ = walked(weeks)
        for n, one in enumerate(all_):
            before = level_before(all_, one.week)
            if one.level < before:
                told = [m for m in range(n) if warned(all_[: m + 1], all_[m].week)]
                assert told, weeks
                assert n - told[-1] < 4, weeks
                assert failures(all_, one.week, before) == 2, weeks


class TestWhoIsJudged:
    @pytest.mark.parametrize(
        ("go_live", "first"),
        [
            (FIRST, FIRST),
            (FIRST + timedelta(days=1), FIRST + WEEK),
            (FIRST + timedelta(days=6), FIRST + WEEK),
            (None, None),
        ],
    )
    def test_weeks_that_began_before_the_go_live_are_not(
        self, go_live: date | None, first: date | None
    ) -> None:
        assert judged_from(go_live) == first

    def test_use_before_the_go_live_brings_nothing(self) -> None:
        found = walked("2221", go_live=FIRST + 2 * WEEK)
        assert [(one.week, one.level) for one in found] == [
            (FIRST + 2 * WEEK, 0),
            (FIRST + 3 * WEEK, 0),
        ]
        no_day = judge(LEVELS, ANN, measured("111"), (), FIRST + 2 * WEEK, go_live=None)
        assert no_day == []

    def test_who_joins_later_is_judged_from_their_first_week(self) -> None:
        assert [one.week for one in walked("...111")] == [FIRST + n * WEEK for n in (3, 4, 5)]
        assert walked("....") == []

    def test_history_that_comes_in_at_once_is_walked_through(self) -> None:
        newest = FIRST + 29 * WEEK
        found = judge(LEVELS, ANN, measured("1" * 30), (), newest, go_live=FIRST)
        assert len(found) == FIRST_LOOK
        assert [one.level for one in found] == [0, 0, *[1] * (FIRST_LOOK - 2)]

    def test_the_same_again_is_nothing_new(self) -> None:
        known = walked("1120")
        week = known[-1].week
        assert judge(LEVELS, ANN, measured("1120"), known, week, go_live=FIRST) == []

    def test_what_is_corrected_is_judged_again(self) -> None:
        known = walked("110.")
        week = known[-1].week
        found = judge(LEVELS, ANN, measured("1111"), known, week, go_live=FIRST)
        assert [(one.week, one.level, one.verdicts[0]) for one in found] == [
            (week - WEEK, 1, "met"),
            (week, 1, "met"),
        ]

    def test_goals_that_were_changed_count_from_the_next_week_on(self) -> None:
        harder = Levels({1: Level(1, (Goal(Metric.ACTIVE_DAYS, 6),))})
        known = walked("111")
        week = known[-1].week
        assert judge(harder, ANN, measured("111"), known, week, go_live=FIRST) == []
        (found,) = judge(harder, ANN, measured("1111"), known, week + WEEK, go_live=FIRST)
        assert found.verdicts[0] == "failed"


class TestGoals:
    @pytest.mark.parametrize(
        ("goal", "weeks", "value", "met"),
        [
            (Goal(Metric.RECORDS, 5), [{Metric.RECORDS: 5.0}], 5.0, True),
            (Goal(Metric.RECORDS, 5), [{Metric.RECORDS: 4.0}], 4.0, False),
            (Goal(Metric.RECORDS, 5, at_most=True), [{Metric.RECORDS: 5.0}], 5.0, True),
            (Goal(Metric.RECORDS, 5, at_most=True), [{Metric.RECORDS: 6.0}], 6.0, False),
            (Goal(Metric.QUALITY, 0.3), [{Metric.QUALITY: 0.1 + 0.2}], 0.1 + 0.2, True),
            (Goal(Metric.RECORDS, 5), [{Metric.QUALITY: 1.0}], None, None),
            (Goal(Metric.RECORDS, 5), [UNKNOWN], None, None),
            (
                Goal(Metric.RECORDS, 5, weeks=2),
                [{Metric.RECORDS: 8.0}, {Metric.RECORDS: 2.0}],
                5.0,
                True,
            ),
            (
                Goal(Metric.RECORDS, 5, weeks=3),
                [{Metric.RECORDS: 8.0}, UNKNOWN, UNKNOWN],
                None,
                None,
            ),
            (
                Goal(Metric.LEADS_IN_TIME, 0.7, weeks=4),
                [{Metric.LEADS_IN_TIME: 0.8}, UNKNOWN, UNKNOWN, {Metric.RECORDS: 1.0}],
                0.8,
                True,
            ),
        ],
    )
    def test_what_was_done_and_whether_it_is_enough(
        self,
        goal: Goal,
        weeks: Sequence[Mapping[Metric, float]],
        value: float | None,
        met: bool | None,  # noqa: FBT001 - a table
    ) -> None:
        done = {FIRST + n * WEEK: found for n, found in enumerate(weeks)}
        found = goal.value(done, FIRST + (len(weeks) - 1) * WEEK)
        assert found == value
        assert (None if found is None else goal.met(found)) is met

    def test_for_some_work_and_some_parts_only(self) -> None:
        goal = Goal(Metric.RECORDS, 5, jobs=frozenset({"sales"}), segments=frozenset({"north"}))
        assert goal.concerns(ANN)
        assert not goal.concerns(replace(ANN, job="service"))
        assert not goal.concerns(replace(ANN, segment="south"))

    def test_a_level_without_a_goal_of_its_own_is_none_for_somebody(self) -> None:
        sales = frozenset({"sales"})
        found = Levels(
            {
                1: Level(1, (Goal(Metric.ACTIVE_DAYS, 3),)),
                2: Level(2, (Goal(Metric.LEADS_IN_TIME, 0.7, jobs=sales),)),
            }
        )
        week = {FIRST: {Metric.ACTIVE_DAYS: 5.0, Metric.LEADS_IN_TIME: 1.0}}
        assert week_of(found, ANN, week, FIRST, away=False) == ("met", "met", "gap")
        other = replace(ANN, job="service")
        assert week_of(found, other, week, FIRST, away=False) == ("met", "gap", "gap")

    def test_one_unknown_goal_is_a_gap_unless_another_failed(self) -> None:
        two = Levels({1: Level(1, (Goal(Metric.ACTIVE_DAYS, 3), Goal(Metric.QUALITY, 0.8)))})
        for days, verdict in ((4.0, "gap"), (1.0, "failed")):
            week = {FIRST: {Metric.ACTIVE_DAYS: days}}
            assert week_of(two, ANN, week, FIRST, away=False)[0] == verdict


class TestAbsence:
    @pytest.mark.parametrize(
        ("first", "until", "there"),
        [
            (0, 5, False),
            (4, 5, False),
            (-3, 1, False),
            (-9, 0, True),
            (5, 7, True),
            (7, 9, True),
        ],
    )
    def test_one_working_day_away_is_enough(self, first: int, until: int, there: bool) -> None:  # noqa: FBT001
        someone = away(FIRST + timedelta(days=first), FIRST + timedelta(days=until))
        utc = replace(someone, zone="UTC", country="NL")
        assert absent(utc, FIRST) is not there

    def test_a_pause_is_none(self) -> None:
        paused = replace(ANN, paused_until=datetime(2027, 1, 1, tzinfo=UTC))
        assert not absent(paused, FIRST)

    def test_a_week_without_a_working_day_is(self) -> None:
        mondays = replace(ANN, hours=Hours(days=(0,)))
        assert absent(mondays, date(2026, 4, 6)), "Easter Monday"
        assert not absent(mondays, date(2026, 4, 13))

    def test_who_meets_the_goals_all_the_same_has_met_them(self) -> None:
        person = away(FIRST, FIRST + timedelta(days=2))
        (one,) = judge(LEVELS, person, measured("2"), (), FIRST, go_live=FIRST)
        assert one.verdicts == ("met", "met", "away")


@pytest.mark.parametrize(
    ("weeks", "below"),
    [
        ("00", True),
        ("0", False),
        ("10", False),
        ("01", False),
        ("0.0", True),
        ("0a0", True),
        ("..", False),
        ("1100", True),
        ("001", False),
    ],
)
def test_below_the_first_level_for_two_periods(weeks: str, below: bool) -> None:  # noqa: FBT001
    assert below_compliant(walked(weeks)) is below


@pytest.mark.parametrize(
    ("now", "monday"),
    [
        (datetime(2026, 11, 16, 0, 0, tzinfo=UTC), date(2026, 11, 9)),
        (datetime(2026, 11, 15, 23, 59, tzinfo=UTC), date(2026, 11, 2)),
        (datetime(2026, 11, 22, 23, 59, tzinfo=UTC), date(2026, 11, 9)),
    ],
)
def test_the_last_week_that_is_over(now: datetime, monday: date) -> None:
    assert last_week(now) == monday
