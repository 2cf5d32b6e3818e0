"""How long a broadcast takes, and how often its author looks: tables."""

from dataclasses import replace
from datetime import timedelta

import pytest

from nudges.broadcast import Broadcast, Draft, Message, Stage
from nudges.delivery import RunState
from nudges.progress import (
    LONGEST,
    LOOKS,
    Ends,
    Tally,
    ends,
    left,
    next_look,
    over,
    pace,
    phase,
    tenths,
)
from tests.clock import MONDAY

FOUND = Broadcast(7, "eve", Draft(Message({}, {}), "everyone", 3), Stage.BEGUN, MONDAY)
BACK = replace(FOUND, stage=Stage.RECALLED)
RUNNING = Tally(100, 20, state=RunState.RUNNING)
HOUR, MINUTE, SECOND = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)


@pytest.mark.parametrize(
    ("found", "tally", "expected", "through"),
    [
        (FOUND, RUNNING, "sending", False),
        (FOUND, replace(RUNNING, queued=0), "done", True),
        (FOUND, replace(RUNNING, queued=0, whole=False), "sending", False),
        (FOUND, replace(RUNNING, state=RunState.PAUSED), "paused", False),
        (FOUND, replace(RUNNING, queued=0, state=RunState.PAUSED), "paused", False),
        (FOUND, replace(RUNNING, state=RunState.STOPPED), "stopped", False),
        (FOUND, replace(RUNNING, queued=0, state=RunState.STOPPED), "stopped", True),
        (FOUND, Tally(), "done", True),
        (BACK, replace(RUNNING, returning=1, state=RunState.STOPPED), "recalling", False),
        (BACK, replace(RUNNING, whole=False, state=RunState.STOPPED), "recalling", False),
        (BACK, replace(RUNNING, returned=9, state=RunState.STOPPED), "recalled", True),
    ],
)
def test_where_it_is(found: Broadcast, tally: Tally, expected: str, through: bool) -> None:  # noqa: FBT001 - a table
    assert (phase(found, tally), over(found, tally)) == (expected, through)


@pytest.mark.parametrize(
    ("found", "tally", "expected"),
    [
        (FOUND, replace(RUNNING, ready=100), None),
        (FOUND, replace(RUNNING, ready=100, pace=10), Ends(MONDAY + 10 * SECOND)),
        (FOUND, replace(RUNNING, ready=0, latest=MONDAY + HOUR), Ends(MONDAY + HOUR, later=True)),
        (
            FOUND,
            replace(RUNNING, ready=60, pace=1, latest=MONDAY + HOUR),
            Ends(MONDAY + HOUR, later=True),
        ),
        (
            FOUND,
            replace(RUNNING, ready=7200, pace=1, latest=MONDAY + HOUR),
            Ends(MONDAY + 2 * HOUR),
        ),
        (FOUND, replace(RUNNING, ready=60, pace=1, latest=MONDAY - HOUR), Ends(MONDAY + MINUTE)),
        (FOUND, replace(RUNNING, ready=60, pace=1, state=RunState.PAUSED), None),
        (FOUND, replace(RUNNING, queued=0, pace=1), None),
        (BACK, replace(RUNNING, returning=60, pace=2), Ends(MONDAY + MINUTE / 2)),
        (BACK, replace(RUNNING, returning=60), None),
    ],
)
def test_how_long_it_takes(found: Broadcast, tally: Tally, expected: Ends | None) -> None:
    assert ends(found, tally, MONDAY) == expected


@pytest.mark.parametrize(
    ("looks", "end", "expected"),
    [
        (0, None, LOOKS[0]),
        (3, None, LOOKS[3]),
        (len(LOOKS), None, LONGEST),
        (400, None, LONGEST),
        (400, MINUTE, MINUTE),
        (400, HOUR, LONGEST),
        (400, SECOND, LOOKS[0]),
        (0, HOUR, LOOKS[0]),
    ],
)
def test_when_to_look_again(looks: int, end: timedelta | None, expected: timedelta) -> None:
    ends_at = Ends(MONDAY + end) if end else None
    assert next_look(looks, ends_at, MONDAY) == MONDAY + expected


def test_the_looks_grow() -> None:
    assert list(LOOKS) == sorted(LOOKS)
    first_hour = sum(1 for n in range(40) if sum(LOOKS[:n], timedelta()) < HOUR) + 6
    assert first_hour < 50, "a workspace's changes of a minute are enough for an hour"


@pytest.mark.parametrize(
    ("before", "after", "seconds", "expected"),
    [(0, 100, 10, 10.0), (50, 100, 10, 5.0), (100, 0, 10, 0.0), (0, 100, 0, 0.0)],
)
def test_the_pace_is_what_left_since_the_last_look(
    before: int, after: int, seconds: int, expected: float
) -> None:
    assert pace(before, after, MONDAY, MONDAY + seconds * SECOND) == expected


def test_what_has_left_and_how_much_of_it() -> None:
    tally = Tally(50, 20, 10, 5, 5, 10, returned=7)
    assert (left(FOUND, tally), left(BACK, tally)) == (40, 7)
    assert (tally.people, tenths(tally), tenths(Tally())) == (100, 5, 0)
