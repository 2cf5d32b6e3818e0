"""Decay: a fifth fewer active people in four weeks, told from gaps and from leavers."""

import pytest

from nudges.decay import decayed


@pytest.mark.parametrize(
    ("weeks", "alarm"),
    [
        ([(100, 100), (95, 100), (90, 100), (85, 100), (80, 100)], True),
        ([(100, 100), (95, 100), (90, 100), (85, 100), (81, 100)], False),
        ([(100, 100), (60, 100), (90, 100), (95, 100), (100, 100)], False),
        ([(50, 100), (50, 100), (50, 100), (50, 100), (40, 100)], True),
        ([(100, 100), (70, 100)], False),
        ([(100, 100), (1, 100), (1, 100), (1, 100)], False),
        ([], False),
        # a smaller organisation with the same share is no decay
        ([(100, 100), (90, 90), (80, 80), (75, 75), (70, 70)], False),
        # nobody knows
        ([(100, 100), (0, 0), (0, 0), (0, 0), (0, 0)], False),
        ([(0, 0), (90, 100), (80, 100), (70, 100), (60, 100)], False),
        ([(100, 100), (0, 0), (0, 0), (0, 0), (70, 100)], True),
        # nobody was active to begin with
        ([(0, 100), (0, 100), (0, 100), (0, 100), (0, 100)], False),
        ([(100, 100), (50, 100), (50, 100), (50, 100), (50, 100), (50, 100)], False),
    ],
)
def test_down_by_a_fifth_over_four_weeks(
    weeks: list[tuple[int, int]],
    alarm: bool,  # noqa: FBT001
) -> None:
    assert decayed(weeks) is alarm
