"""Pace: places in time that many programs share, and what a platform's "wait" does to them."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nudges.pace import AHEAD, POSTS, RECOVERY, Lane, Paces, grant, kind_of, slowed, took
from tests.clock import MONDAY as NOW

SECOND = timedelta(seconds=1)


def busiest(moments: list[datetime]) -> int:
    """Return the most messages in any one second."""
    return max(sum(start <= m < start + SECOND for m in moments) for start in moments)


@given(
    st.floats(0.5, 200),
    st.lists(st.tuples(st.integers(0, 400), st.integers(1, 60)), min_size=1, max_size=60),
)
def test_whoever_asks_and_however_often_the_pace_is_kept(
    pace: float, asked: list[tuple[int, int]]
) -> None:
    lane, now, moments = Lane(), NOW, list[datetime]()
    for pause, wanted in asked:
        now += timedelta(milliseconds=pause)
        given_ = grant(lane, pace, now, wanted)
        assert given_.most <= wanted
        moments += [given_.place(n) for n in range(given_.most)]
        lane = took(lane, given_, given_.most)
        assert all(m <= now + AHEAD for m in moments)
    assert moments == sorted(moments)
    assert not moments or busiest(moments) <= max(1, -(-pace // 1))


def test_nobody_waits_where_nothing_is_booked() -> None:
    assert grant(Lane(), 0.8, NOW, 1).start == NOW
    assert grant(Lane(free_at=NOW - SECOND), 0.8, NOW, 1).start == NOW


def test_a_lane_used_all_the_time_is_used_to_the_full() -> None:
    lane, moments = Lane(), list[datetime]()
    for tenth in range(600):
        now = NOW + tenth * SECOND / 10
        given_ = grant(lane, 50, now, 64)
        moments += [given_.place(n) for n in range(given_.most)]
        lane = took(lane, given_, given_.most)
    assert len(moments) >= 0.98 * 50 * 60
    assert max(b - a for a, b in pairwise(moments)) < 1.02 * SECOND / 50


def test_without_a_pace_all_of_it_goes_at_once() -> None:
    given_ = grant(Lane(), None, NOW, 64)
    assert (given_.most, given_.place(63)) == (64, NOW)


@pytest.mark.parametrize("pace", [None, 50.0])
def test_a_blocked_lane_gives_nothing_until_it_is_free(pace: float | None) -> None:
    lane = slowed(Lane(), NOW + 10 * SECOND, NOW)
    assert grant(lane, pace, NOW + 9 * SECOND, 9).most == 0
    assert grant(lane, pace, NOW + 10 * SECOND, 9).most > 0


def test_after_a_wait_it_goes_slower_and_recovers() -> None:
    lane = slowed(Lane(), NOW + SECOND, NOW)
    speeds = [lane.speed(NOW + SECOND + RECOVERY * part / 4) for part in range(5)]
    assert speeds == [0.5, 0.625, 0.75, 0.875, 1.0]
    assert slowed(lane, NOW + 3 * SECOND, NOW + 2 * SECOND).slowed_to == pytest.approx(
        0.25, abs=0.01
    )


def test_many_that_are_told_to_wait_together_slow_it_once() -> None:
    lane = slowed(Lane(), NOW + SECOND, NOW)
    for seconds in (3, 2, 5):
        lane = slowed(lane, NOW + seconds * SECOND, NOW)
    assert (lane.slowed_to, lane.blocked_until) == (0.5, NOW + 5 * SECOND)


def test_a_lane_is_never_slowed_to_a_halt() -> None:
    lane = Lane()
    for n in range(50):
        now = NOW + n * SECOND
        lane = slowed(replace(lane, blocked_until=None), now, now)
    assert lane.speed(NOW + 50 * SECOND) >= 0.05


def test_the_pace_is_a_platforms_for_posts_and_for_changes() -> None:
    paces = Paces({("slack", POSTS): 5.0})
    assert paces.pace("slack:T1") == 5.0
    assert paces.pace("slack:T1/changes") is None
    assert paces.pace("browser:demo") is None
    assert kind_of("teams:a:b/changes") == ("teams", "changes")
