"""Nudges that come again: after a growing while, at working moments, and not when ignored."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nudges.hours import at_work
from nudges.people import Person
from nudges.spaced import IGNORED, SPACES, Shown, spaced
from tests.nudges.given import PERSON, at, workers

LATER = replace(PERSON, away_until=at("2026-12-01 00:00"))


def shown(*days: str, reacted: bool = True) -> list[Shown]:
    return [Shown(at(f"2026-{day} 10:00"), reacted) for day in days]


@pytest.mark.parametrize(
    ("person", "times", "now", "expected"),
    [
        pytest.param(PERSON, [], "11-16 10:00", "11-16 10:00", id="the first time: now"),
        pytest.param(PERSON, [], "11-16 20:00", "11-17 09:00", id="the first time: at work"),
        pytest.param(PERSON, shown("11-16"), "11-16 10:00", "11-17 09:00", id="a day on"),
        pytest.param(
            PERSON, shown("11-16", "11-17"), "11-17 10:00", "11-20 09:00", id="then three"
        ),
        pytest.param(
            PERSON, shown("11-09", "11-10", "11-13"), "11-13 10:00", "11-20 09:00", id="then seven"
        ),
        pytest.param(
            PERSON,
            shown("11-02", "11-03", "11-06", "11-13"),
            "11-13 10:00",
            "12-04 09:00",
            id="then twenty-one",
        ),
        pytest.param(
            PERSON,
            shown("07-01", "07-02", "07-06", "07-13", "08-03"),
            "08-03 10:00",
            "10-02 09:00",
            id="then sixty",
        ),
        pytest.param(PERSON, shown("11-20"), "11-20 10:00", "11-23 09:00", id="over a weekend"),
        pytest.param(PERSON, shown("11-16"), "11-25 11:00", "11-25 11:00", id="overdue: now"),
        pytest.param(PERSON, shown("11-16"), "11-25 20:00", "11-26 09:00", id="overdue: at work"),
        pytest.param(LATER, shown("11-16"), "11-16 10:00", "12-01 09:00", id="away"),
        pytest.param(
            PERSON, shown("11-16", reacted=False), "11-16 10:00", "11-17 09:00", id="ignored once"
        ),
        pytest.param(
            PERSON,
            [*shown("11-16", reacted=False), *shown("11-17")],
            "11-17 10:00",
            "11-20 09:00",
            id="ignored once, then not",
        ),
        pytest.param(
            PERSON,
            shown("11-16", "11-17", reacted=False),
            "11-17 10:00",
            None,
            id="ignored twice: it stops itself",
        ),
        pytest.param(
            PERSON,
            [*shown("11-09", "11-10"), *shown("11-13", "11-20", reacted=False)],
            "11-20 10:00",
            None,
            id="ignored twice in the end",
        ),
        pytest.param(
            PERSON,
            shown("06-01", "06-02", "06-05", "06-12", "07-03", "09-01"),
            "09-01 10:00",
            None,
            id="shown often enough",
        ),
    ],
)
def test_when_it_comes_again(
    person: Person, times: list[Shown], now: str, expected: str | None
) -> None:
    found = spaced(person, times, at(f"2026-{now}"))
    assert found == (at(f"2026-{expected}") if expected else None)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    workers(),
    st.datetimes(datetime(2026, 2, 20), datetime(2028, 2, 20)),  # noqa: DTZ001 - aware below
    st.lists(st.booleans(), min_size=10, max_size=10),
)
def test_it_ends_and_every_gap_is_at_least_its_own(
    person: Person, start: datetime, reacts: list[bool]
) -> None:
    times: list[Shown] = []
    now: datetime | None = start.replace(tzinfo=UTC)
    for reacted in reacts:
        last = now
        now = spaced(person, times, last)
        if now is None:
            break
        assert at_work(person, now)
        assert now >= last
        times.append(Shown(now, reacted))
    assert now is None, "it comes to an end"
    assert len(times) <= len(SPACES) + 1
    for gap, (one, other) in zip(SPACES, pairwise(times), strict=False):
        assert (other.at - one.at).days >= gap - 1
    ignored = [not t.reacted for t in times]
    assert not any(all(ignored[n : n + IGNORED]) for n in range(len(times) - IGNORED))
