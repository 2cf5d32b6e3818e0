"""Decay: after a good start fewer and fewer people come, and somebody should notice."""

from collections.abc import Sequence

WEEKS = 4
"""Over so many weeks people are compared."""
DOWN = 0.2
"""By this part or more: an alarm."""


def decayed(active_by_week: Sequence[tuple[int, int]]) -> bool:
    """Say whether active people are down by a fifth or more over four weeks.

    Shares are compared, not heads, so that people who leave or join are no alarm by themselves. A
    week of which nobody knows anything is a gap; without a known week at both ends nothing is said.

    Args:
        active_by_week: for each week since the go-live, oldest first, how many people were active
            and of how many that is known; ``(0, 0)`` is a gap.

    """
    if len(active_by_week) <= WEEKS:
        return False
    (then, of_then), (now, of_now) = active_by_week[-1 - WEEKS], active_by_week[-1]
    if not then or not of_then or not of_now:
        return False
    return now * of_then * 10 <= then * of_now * round(10 * (1 - DOWN))
