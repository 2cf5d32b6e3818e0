"""What becomes of a delivery after each outcome."""

from datetime import timedelta

import pytest

from nudges.delivery import (
    ATTEMPTS,
    ENDS,
    FIRST_PAUSE,
    LONGEST_PAUSE,
    PATIENT_ATTEMPTS,
    Gone,
    Outcome,
    Priority,
    Refused,
    Sent,
    Settled,
    State,
    Unknown,
    Wait,
    after,
)
from tests.clock import MONDAY

NOW = MONDAY
MINUTE = timedelta(minutes=1)
EVERY_TRY = range(1, ATTEMPTS + 1)


@pytest.mark.parametrize("attempt", [1, ATTEMPTS, ATTEMPTS + 3])
@pytest.mark.parametrize(
    ("outcome", "settled"),
    [
        pytest.param(Sent("m1"), Settled(State.SENT, ref="m1"), id="sent"),
        pytest.param(Sent(), Settled(State.SENT), id="sent without a name"),
        pytest.param(Gone("left"), Settled(State.GONE, why="left"), id="gone"),
        pytest.param(Refused("too long"), Settled(State.REFUSED, why="too long"), id="refused"),
        pytest.param(Unknown("no answer"), Settled(State.UNKNOWN, why="no answer"), id="unknown"),
    ],
)
def test_an_end_is_an_end_whatever_the_attempt(
    outcome: Outcome, settled: Settled, attempt: int
) -> None:
    assert after(outcome, attempt, NOW, 0.5) == settled
    assert settled.state in ENDS
    assert settled.due is None, "it is never sent again by itself"


def test_only_what_may_still_leave_is_no_end() -> None:
    assert set(State) - ENDS == {State.QUEUED, State.CLAIMED, State.SENDING}


class TestWait:
    @pytest.mark.parametrize("jitter", [0.0, 0.3, 1.0])
    @pytest.mark.parametrize("attempt", range(1, ATTEMPTS))
    @pytest.mark.parametrize("asked", [-MINUTE, 0 * MINUTE, MINUTE, 600 * MINUTE])
    def test_never_earlier_than_asked_nor_than_now(
        self, asked: timedelta, attempt: int, jitter: float
    ) -> None:
        settled = after(Wait(NOW + asked, "busy"), attempt, NOW, jitter)
        assert (settled.state, settled.why) == (State.QUEUED, "busy")
        assert settled.due
        assert settled.due >= max(NOW + asked, NOW)
        assert settled.due <= max(NOW + asked, NOW) + LONGEST_PAUSE

    def test_the_pause_grows_threefold_up_to_the_longest(self) -> None:
        pauses = [(after(Wait(NOW), n, NOW, 1.0).due or NOW) - NOW for n in range(1, ATTEMPTS)]
        assert pauses[:3] == [FIRST_PAUSE, 3 * FIRST_PAUSE, 9 * FIRST_PAUSE]
        assert pauses == sorted(pauses)
        assert pauses[-1] == min(FIRST_PAUSE * 3 ** (ATTEMPTS - 2), LONGEST_PAUSE)

    def test_jitter_spreads(self) -> None:
        due = {after(Wait(NOW), 3, NOW, jitter).due for jitter in (0.0, 0.25, 0.5, 1.0)}
        assert len(due) == 4
        assert after(Wait(NOW), 3, NOW, 0.0).due == NOW

    @pytest.mark.parametrize("attempt", EVERY_TRY)
    def test_given_up_after_the_last_attempt(self, attempt: int) -> None:
        settled = after(Wait(NOW, "busy"), attempt, NOW, 0.0)
        assert settled.state is (State.REFUSED if attempt == ATTEMPTS else State.QUEUED)

    @pytest.mark.parametrize("attempt", [ATTEMPTS, 50, PATIENT_ATTEMPTS - 1])
    def test_while_a_platform_keeps_everyone_waiting_nobody_gives_up(self, attempt: int) -> None:
        busy = Wait(NOW, "busy", everyone=True)
        assert after(busy, attempt, NOW, 1.0) == Settled(
            State.QUEUED, NOW + LONGEST_PAUSE, "", "busy"
        )
        assert after(busy, PATIENT_ATTEMPTS, NOW, 1.0).state is State.REFUSED

    def test_giving_up_says_why_and_how_often(self) -> None:
        assert after(Wait(NOW, "busy"), 8, NOW, 0.0) == Settled(State.REFUSED, why="busy, 8 times")


def test_who_waits_goes_first() -> None:
    assert sorted(Priority) == [
        Priority.INTERACTIVE,
        Priority.PULSE,
        Priority.NUDGE,
        Priority.BROADCAST,
    ]
