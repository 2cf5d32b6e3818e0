"""Decay: a fifth fewer active people in four weeks, told from gaps and from leavers."""

from datetime import date, timedelta

import pytest

from nudges.decay import decay

WEEK = date(2026, 11, 9)
LIVE = date(2026, 10, 14)
"""A Wednesday; its week is the first that counts."""


@pytest.mark.parametrize(
    ("weeks_ago", "down"),
    [
        ({4: 1.0, 3: 0.95, 2: 0.9, 1: 0.85, 0: 0.8}, (1.0, 0.8)),
        ({4: 1.0, 3: 0.95, 2: 0.9, 1: 0.85, 0: 0.81}, None),
        ({4: 1.0, 3: 0.6, 2: 0.9, 1: 0.95, 0: 1.0}, None),
        ({4: 0.5, 0: 0.4}, (0.5, 0.4)),
        ({4: 0.1, 0: 0.0}, (0.1, 0.0)),
        # a gap at either end, or nobody was active to begin with
        ({3: 1.0, 0: 0.1}, None),
        ({4: 1.0, 1: 0.1}, None),
        ({5: 1.0, 1: 0.1}, None),
        ({4: 0.0, 0: 0.0}, None),
        ({}, None),
    ],
)
def test_down_by_a_fifth_over_four_weeks(
    weeks_ago: dict[int, float], down: tuple[float, float] | None
) -> None:
    told = {WEEK - timedelta(weeks=n): share for n, share in weeks_ago.items()}
    assert decay(told, WEEK, LIVE) == down


@pytest.mark.parametrize("live", [None, LIVE + timedelta(weeks=1)])
def test_what_was_before_the_start_is_no_start(live: date | None) -> None:
    told = {WEEK - timedelta(weeks=4): 0.9, WEEK: 0.1}
    assert decay(told, WEEK, live) is None
