"""When a sprint's cards come, what somebody's own share is, and what may be written."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from nudges.adoption import WEEK, Metric
from nudges.competition import State
from nudges.sprint import Moment, Run, Sprint, day_of, moment_now, refusals, share

BOTH = {"en": "Because", "nl": "Omdat"}
STARTS = date(2026, 11, 9)
SPRINT = Sprint("s", BOTH, BOTH, 90, STARTS, date(2026, 11, 27), ("sales",))
RUN = Run(1, SPRINT, released=True)


def test_half_way_and_after_the_week_was_measured() -> None:
    days = [day_of(SPRINT, one).isoformat() for one in ("start", "mid", "end")]
    assert days == ["2026-11-09", "2026-11-18", "2026-12-01"]
    assert day_of(SPRINT, "end").weekday() == 1, "on the Tuesday after, as figures come on Monday"


@pytest.mark.parametrize(
    ("day", "moment"),
    [
        ("2026-11-08", None),
        ("2026-11-09", "start"),
        ("2026-11-12", "start"),
        ("2026-11-13", None),
        ("2026-11-18", "mid"),
        ("2026-11-23", None),
        ("2026-12-01", "end"),
        ("2026-12-04", "end"),
        ("2026-12-05", None),
    ],
)
def test_which_card_is_due(day: str, moment: Moment | None) -> None:
    at = date.fromisoformat(day)
    assert moment_now(RUN, at) == moment
    assert moment_now(replace(RUN, cancelled=True), at) is None
    assert moment_now(replace(RUN, released=False), at) is None


@pytest.mark.parametrize(
    ("day", "state"),
    [
        ("2026-11-08", State.ANNOUNCED),
        ("2026-11-27", State.RUNNING),
        ("2026-11-28", State.ENDED),
        ("2026-12-05", State.CLOSED),
    ],
)
def test_where_it_is(day: str, state: State) -> None:
    assert RUN.state(date.fromisoformat(day)) is state


def test_the_own_share_is_the_last_that_was_measured() -> None:
    measured = {
        STARTS - WEEK: {Metric.QUALITY: 0.6},
        STARTS: {Metric.QUALITY: 0.8},
        STARTS + WEEK: {Metric.RECORDS: 4.0},
    }
    assert share(measured, STARTS) == 0.6
    assert share(measured, STARTS + 2 * WEEK) == 0.8, "a gap is looked past"
    assert share(measured, STARTS + 9 * WEEK) is None
    assert share({}, STARTS) is None


@pytest.mark.parametrize(
    ("sprint", "said"),
    [
        (SPRINT, []),
        (replace(SPRINT, reason={"en": "x"}), [("reason_nl", "empty")]),
        (replace(SPRINT, fill={"en": "x", "nl": "y" * 201}), [("fill_nl", "text")]),
        (replace(SPRINT, goal=49), [("goal", "goal")]),
        (replace(SPRINT, goal=101), [("goal", "goal")]),
        (replace(SPRINT, starts=date(2026, 10, 1)), [("starts", "past"), ("ends", "length")]),
        (replace(SPRINT, ends=STARTS + timedelta(days=5)), [("ends", "length")]),
        (replace(SPRINT, ends=STARTS - WEEK), [("ends", "ends")]),
        (replace(SPRINT, segments=("moon",)), [("segments", "segments")]),
    ],
)
def test_what_is_refused(sprint: Sprint, said: list[tuple[str, str]]) -> None:
    assert list(refusals(sprint, ("en", "nl"), {"sales"}, date(2026, 11, 2))) == said


def test_begun_it_can_only_be_prolonged() -> None:
    def wrong(sprint: Sprint) -> list[str]:
        found = refusals(sprint, ("en", "nl"), {"sales"}, STARTS, SPRINT)
        return [why for _, why in found]

    assert wrong(replace(SPRINT, ends=SPRINT.ends + WEEK)) == []
    assert wrong(replace(SPRINT, ends=SPRINT.ends - WEEK)) == ["shorter"]
    assert wrong(replace(SPRINT, goal=80)) == ["begun"]
