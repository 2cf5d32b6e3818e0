"""The phases: every boundary, in several zones, over clock changes and a leap day."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from nudges.adkar import Answer, Element, stand
from nudges.hours import local_day
from nudges.people import Person
from nudges.phases import (
    KINDS,
    Phase,
    Window,
    allowed,
    before_training,
    calm_until,
    needs_awareness,
    phase,
    stories_due,
    verdict_day,
    wish_window,
)
from nudges.programme import Segment
from nudges.pulse import questions
from tests.nudges.given import BANK, DAY, at

GO_LIVE = date(2026, 11, 2)
SALES = Segment("sales", go_live=GO_LIVE)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2025-01-01", Phase.BEFORE),
        ("2026-11-01", Phase.BEFORE),
        ("2026-11-02", Phase.GO_LIVE),
        ("2026-11-03", Phase.CALM),
        ("2027-01-30", Phase.CALM),
        ("2027-01-31", Phase.CALM),
        ("2027-02-01", Phase.AFTER),
        ("2036-01-01", Phase.AFTER),
    ],
)
def test_phase(day: str, expected: Phase) -> None:
    assert phase(SALES, date.fromisoformat(day)) is expected


def test_without_a_date_nothing_begins() -> None:
    planned = Segment("sales")
    assert {phase(planned, date(2000 + n, 1, 1)) for n in range(99)} == {Phase.BEFORE}
    assert (calm_until(planned), verdict_day(planned), wish_window(planned)) == (None,) * 3
    assert stories_due(planned) == ()


@pytest.mark.parametrize(
    ("moment", "phases"),
    [
        (
            "2026-11-01 11:00",
            {
                "Pacific/Kiritimati": Phase.GO_LIVE,
                "Pacific/Auckland": Phase.GO_LIVE,
                "Europe/Amsterdam": Phase.BEFORE,
                "America/Los_Angeles": Phase.BEFORE,
            },
        ),
        (
            "2026-11-02 12:00",
            {
                "Pacific/Kiritimati": Phase.CALM,
                "Pacific/Auckland": Phase.CALM,
                "Europe/Amsterdam": Phase.GO_LIVE,
                "America/Los_Angeles": Phase.GO_LIVE,
                "Pacific/Pago_Pago": Phase.GO_LIVE,
            },
        ),
        (
            "2026-11-03 07:59",
            {"Europe/Amsterdam": Phase.CALM, "America/Los_Angeles": Phase.GO_LIVE},
        ),
        (
            "2026-11-03 08:00",
            {"Europe/Amsterdam": Phase.CALM, "America/Los_Angeles": Phase.CALM},
        ),
    ],
)
def test_it_begins_with_the_day_where_someone_is(moment: str, phases: Mapping[str, Phase]) -> None:
    now = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    found = {zone: phase(SALES, local_day(Person("p", zone=zone), now)) for zone in phases}
    assert found == phases


@pytest.mark.parametrize(
    ("go_live", "zone", "last_before", "first_on"),
    [
        ("2026-03-29", "Europe/Amsterdam", "2026-03-28 22:59", "2026-03-28 23:00"),
        ("2026-10-25", "Europe/Amsterdam", "2026-10-24 21:59", "2026-10-24 22:00"),
        ("2026-11-01", "America/New_York", "2026-11-01 03:59", "2026-11-01 04:00"),
        ("2026-09-06", "America/Santiago", "2026-09-06 03:59", "2026-09-06 04:00"),
        ("2026-04-05", "Australia/Lord_Howe", "2026-04-04 12:59", "2026-04-04 13:00"),
    ],
)
def test_where_clocks_change_on_the_day(
    go_live: str, zone: str, last_before: str, first_on: str
) -> None:
    segment, person = Segment("s", go_live=date.fromisoformat(go_live)), Person("p", zone=zone)
    days = [
        local_day(person, datetime.fromisoformat(text).replace(tzinfo=UTC))
        for text in (last_before, first_on)
    ]
    assert [phase(segment, day) for day in days] == [Phase.BEFORE, Phase.GO_LIVE]
    start = segment.live_from(zone)
    assert start
    assert local_day(person, start) == segment.go_live


@pytest.mark.parametrize(
    ("go_live", "wishes", "verdict"),
    [
        ("2026-11-02", ("2026-11-03", "2026-12-02"), "2027-01-31"),
        ("2028-02-29", ("2028-03-01", "2028-03-30"), "2028-05-29"),
        ("2027-12-31", ("2028-01-01", "2028-01-30"), "2028-03-30"),
        ("2026-12-31", ("2027-01-01", "2027-01-30"), "2027-03-31"),
    ],
)
def test_windows(go_live: str, wishes: tuple[str, str], verdict: str) -> None:
    segment = Segment("s", go_live=date.fromisoformat(go_live))
    window = wish_window(segment)
    assert window
    assert window == Window(*map(date.fromisoformat, wishes))
    assert window.last - window.first == timedelta(days=29)
    inside = [window.first - DAY, window.first, window.last, window.last + DAY]
    assert [day in window for day in inside] == [False, True, True, False]
    assert verdict_day(segment) == calm_until(segment) == date.fromisoformat(verdict)
    days = stories_due(segment)
    assert [(day - window.first).days + 1 for day in days] == [14, 28, 42, 56, 70, 84]
    assert all(phase(segment, day) is Phase.CALM for day in days)


def test_nothing_new_is_announced_while_it_is_calm() -> None:
    kept_back = {at_: {k for k in KINDS if not allowed(k, at_)} for at_ in Phase}
    assert kept_back == {
        Phase.BEFORE: set(),
        Phase.GO_LIVE: {"new_function"},
        Phase.CALM: {"new_function"},
        Phase.AFTER: set(),
    }


class TestAwarenessFirst:
    """Nobody is invited to a training whose Awareness nobody knows."""

    NOW = at("2026-10-20 10:00")

    @pytest.mark.parametrize(
        ("age", "needed"),
        [(None, True), (0, False), (59, False), (60, True), (200, True)],
    )
    def test_unknown_or_stale(self, age: int | None, needed: bool) -> None:  # noqa: FBT001 - a table
        given = [] if age is None else [answer("A1", 5, self.NOW - DAY * age)]
        given.append(answer("K1", 1, self.NOW))
        standing = stand(given, BANK, self.NOW)
        assert needs_awareness(standing) is needed
        asked = before_training(standing, given, BANK)
        assert (asked is not None) is needed
        assert asked is None or asked.element is Element.AWARENESS

    @pytest.mark.parametrize("known", ["", "D1", "D1 K1", "D1 K1 B1", "K1 B1"])
    def test_before_the_start_the_planner_asks_awareness_first(self, known: str) -> None:
        given = [answer(name, 5, self.NOW - DAY) for name in known.split()]
        assert needs_awareness(stand(given, BANK, self.NOW))
        first = questions(given, BANK, self.NOW, self.NOW + 14 * DAY)[0]
        assert first.element is Element.AWARENESS


def answer(question: str, score: int, when: datetime) -> Answer:
    return Answer("p", question, score, when)


def test_moving_the_date_moves_everything() -> None:
    moved = replace(SALES, go_live=GO_LIVE + timedelta(days=7))
    week = timedelta(days=7)
    assert stories_due(moved) == tuple(day + week for day in stories_due(SALES))
    assert phase(moved, GO_LIVE) is Phase.BEFORE
