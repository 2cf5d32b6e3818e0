"""The budget of touches: one a day, three in any seven days, at moments that suit the person."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nudges.budget import Budget, next_free
from nudges.hours import at_work, local_day
from nudges.people import Person
from tests.nudges.given import DAY, NEW_YORK, PERSON, at, workers

AWAY = replace(PERSON, away_until=at("2026-11-19 00:00"))


def days(*found: int) -> list[date]:
    return [date(2026, 11, day) for day in found]


@pytest.mark.parametrize(
    ("person", "had", "now", "expected"),
    [
        pytest.param(PERSON, [], "16 10:00", "16 10:00", id="nothing yet: now"),
        pytest.param(PERSON, days(16), "16 10:00", "17 09:00", id="one today: tomorrow"),
        pytest.param(PERSON, days(13), "16 10:00", "16 10:00", id="one last week: now"),
        pytest.param(PERSON, days(12, 13, 16), "16 10:00", "19 09:00", id="three: the first goes"),
        pytest.param(PERSON, days(10, 11, 12), "16 10:00", "17 09:00", id="seven days in a row"),
        pytest.param(PERSON, days(9, 10, 11), "16 10:00", "16 10:00", id="eight days are over"),
        pytest.param(PERSON, days(16, 17, 18), "18 10:00", "23 09:00", id="over a weekend"),
        pytest.param(PERSON, days(16, 16, 16), "18 10:00", "23 09:00", id="three on one day count"),
        pytest.param(PERSON, [], "16 08:00", "16 09:00", id="before work"),
        pytest.param(PERSON, [], "16 20:00", "17 09:00", id="after work"),
        pytest.param(PERSON, days(16), "16 08:00", "17 09:00", id="before work, and had one"),
        pytest.param(AWAY, [], "16 10:00", "19 09:00", id="away"),
        pytest.param(AWAY, days(19), "16 10:00", "20 09:00", id="away, and one on the way"),
        pytest.param(
            replace(PERSON, zone=NEW_YORK), days(16), "17 00:30", "17 15:00", id="their own day"
        ),
    ],
)
def test_when_a_touch_may_leave(person: Person, had: list[date], now: str, expected: str) -> None:
    assert next_free(person, had, at(f"2026-11-{now}")) == at(f"2026-11-{expected}")


def test_over_christmas() -> None:
    had = [date(2026, 12, 24)]
    assert next_free(PERSON, had, at("2026-12-24 10:00")) == at("2026-12-28 09:00")


@pytest.mark.parametrize(
    ("budget", "had", "expected"),
    [
        pytest.param(Budget(2, 3), days(16), "16 10:00", id="two a day"),
        pytest.param(Budget(2, 3), days(16, 16), "17 09:00", id="two a day, and had them"),
        pytest.param(Budget(1, 1), days(16), "23 09:00", id="one a week"),
        pytest.param(Budget(9, 9), days(14, 15, 16), "16 10:00", id="plenty"),
    ],
)
def test_the_organisation_may_set_it_otherwise(
    budget: Budget, had: list[date], expected: str
) -> None:
    now = at("2026-11-16 10:00")
    assert next_free(PERSON, had, now, budget) == at(f"2026-11-{expected}")


def test_where_nothing_is_allowed_it_ends_all_the_same() -> None:
    assert next_free(PERSON, [], at("2026-11-16 10:00"), Budget(0, 0)) > at("2027-11-16 10:00")


@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    workers(),
    st.datetimes(datetime(2026, 2, 20), datetime(2028, 2, 20)),  # noqa: DTZ001 - aware below
    st.integers(1, 3),
    st.integers(1, 5),
    st.lists(st.integers(0, 72), min_size=30, max_size=30),
)
def test_whatever_is_wanted_the_caps_hold(
    person: Person, start: datetime, a_day: int, a_week: int, gaps: list[int]
) -> None:
    """Want a touch every few hours, and send each as soon as there is room."""
    budget, now = Budget(a_day, a_week), start.replace(tzinfo=UTC)
    had: list[date] = []
    for gap in gaps:
        now += timedelta(hours=gap)
        free = next_free(person, had, now, budget)
        assert free >= now
        assert at_work(person, free)
        assert not person.away(free)
        assert next_free(person, had, free, budget) == free, "at that moment it may leave"
        had.append(local_day(person, free))
        now = free
    assert max(had.count(day) for day in had) <= a_day
    for first in had:
        assert sum(first <= day < first + 7 * DAY for day in had) <= a_week
