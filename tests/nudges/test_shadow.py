"""Where people keep things: who is asked when, when it is too late, and what counts."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest

from nudges.delivery import Priority
from nudges.people import Hours, Person
from nudges.shadow import (
    OUTSIDE,
    PLACES,
    Came,
    Place,
    ShadowCheckNote,
    ShadowNote,
    came_back,
    check,
    counted_between,
    in_turn,
    kept,
    occasion,
    overtaken,
    plan,
    started,
    week_at,
)
from tests.nudges.given import AMSTERDAM, WEEK, at, utc

W47 = date(2026, 11, 16)
LIVE = date(2026, 11, 2)
TUESDAY, THURSDAY, FRIDAY = at("2026-11-17T09:30"), at("2026-11-19T09:00"), at("2026-11-20T09:00")
CROWD = [Person(f"p{n}", zone=AMSTERDAM, welcomed=True) for n in range(400)]
ANN = next(p for p in CROWD if in_turn(replace(p, fewer=True), W47))


class TestTurns:
    def test_in_any_four_weeks_each_is_asked_once(self) -> None:
        for start in range(6):
            weeks = [W47 + WEEK * n for n in range(start, start + 4)]
            assert all(sum(in_turn(p, week) for week in weeks) == 1 for p in CROWD)

    def test_each_week_asks_about_a_quarter(self) -> None:
        for n in range(4):
            assert 70 <= sum(in_turn(p, W47 + n * WEEK) for p in CROWD) <= 130

    def test_who_asked_for_less_is_asked_half_as_often_in_the_same_weeks(self) -> None:
        weeks = [W47 + n * WEEK for n in range(8)]
        for person in CROWD[:50]:
            usual = {w for w in weeks if in_turn(person, w)}
            less = {w for w in weeks if in_turn(replace(person, fewer=True), w)}
            assert len(less) == 1
            assert less < usual


@pytest.mark.parametrize(
    ("live", "is_started"),
    [
        (None, False),
        (date(2026, 11, 23), False),
        pytest.param(W47, False, id="the first week is left in peace"),
        (date(2026, 11, 15), True),
        (LIVE, True),
    ],
)
def test_only_after_the_start(live: date | None, is_started: bool) -> None:  # noqa: FBT001 - a table
    assert started(live, W47) is is_started
    assert (plan(ANN, live, (), W47, TUESDAY) is not None) is is_started


@pytest.mark.parametrize(
    ("now", "week"),
    [
        ("2026-11-16T09:59", None),
        ("2026-11-16T10:00", W47),
        ("2026-11-20T17:00", W47),
        ("2026-11-22T09:59", W47),
        ("2026-11-22T10:00", None),
    ],
)
def test_a_part_is_looked_for_from_tuesday_anywhere(now: str, week: date | None) -> None:
    assert week_at(utc(now)) == week


NOBODY = (
    pytest.param({"stopped": True}, id="stopped"),
    pytest.param({"left": True}, id="left"),
    pytest.param({"welcomed": False}, id="not welcomed"),
    pytest.param({"away_until": at("2026-11-25T09:00")}, id="away all week"),
    pytest.param({"paused_until": at("2026-11-25T09:00")}, id="paused all week"),
    pytest.param({"id": next(p.id for p in CROWD if not in_turn(p, W47))}, id="not their turn"),
)


@pytest.mark.parametrize("changed", NOBODY)
def test_who_is_not_asked(changed: dict[str, object]) -> None:
    assert plan(replace(ANN, **changed), LIVE, (), W47, TUESDAY) is None


def days_ago(days: float, *, answered: bool = False) -> Came:
    then = TUESDAY - timedelta(days=days)
    return Came(then, then if answered else None)


@pytest.mark.parametrize(
    ("came", "asked"),
    [
        ((), True),
        ((days_ago(26),), True),
        pytest.param((days_ago(20),), False, id="as somebody else, three weeks ago"),
        ((days_ago(54), days_ago(26, answered=True)), True),
        pytest.param((days_ago(54), days_ago(26)), False, id="let pass twice"),
        ((days_ago(82), days_ago(54), days_ago(26, answered=True)), True),
    ],
)
def test_what_came_before_counts(came: tuple[Came, ...], asked: bool) -> None:  # noqa: FBT001 - a table
    assert (plan(ANN, LIVE, came, W47, TUESDAY) is not None) is asked


@pytest.mark.parametrize(
    ("person", "now", "due"),
    [
        pytest.param(ANN, TUESDAY, THURSDAY, id="on Thursday"),
        pytest.param(ANN, at("2026-11-19T11:00"), at("2026-11-19T11:00"), id="at once, late"),
        pytest.param(ANN, at("2026-11-19T20:00"), FRIDAY, id="after work, the next day"),
        pytest.param(ANN, at("2026-11-21T09:00"), None, id="their week is over"),
        pytest.param(replace(ANN, away_until=FRIDAY), TUESDAY, FRIDAY, id="back on Friday"),
        pytest.param(
            replace(ANN, hours=Hours(time(8), time(12), (0, 1, 2))),
            TUESDAY,
            at("2026-11-18T08:00"),
            id="who works until Wednesday",
        ),
        pytest.param(
            replace(ANN, hours=Hours(time(8), time(12), (0, 1, 2))),
            at("2026-11-18T13:00"),
            None,
            id="who works until Wednesday, too late",
        ),
        pytest.param(
            replace(ANN, zone="Pacific/Auckland"),
            TUESDAY,
            at("2026-11-19T09:00", "Pacific/Auckland"),
            id="in their own morning",
        ),
    ],
)
def test_it_is_asked_late_in_the_week(person: Person, now: datetime, due: datetime | None) -> None:
    found = plan(person, LIVE, (), W47, now)
    assert (found.due if found else None) == due
    if found:
        assert (found.occasion, found.priority) == ("shadow:2026-W47", Priority.NUDGE)
        assert found.note == ShadowNote("2026-11-16")
        assert occasion(W47) == found.occasion


@pytest.mark.parametrize(
    ("answered", "day"),
    [
        ("2026-11-19T10:00", "2026-12-03"),
        pytest.param("2026-11-21T10:00", "2026-12-07", id="no weekend"),
        ("2026-11-29T10:00", "2026-12-14"),
        pytest.param("2026-11-30T10:00", None, id="then they are asked about a new week"),
    ],
)
def test_a_check_comes_two_weeks_later(answered: str, day: str | None) -> None:
    found = check(ANN, W47, at(answered))
    assert found is None or found.note == ShadowCheckNote("2026-11-16", day or "")
    assert (found is None) is (day is None)


ASKED, CHECKED = ShadowNote("2026-11-16"), ShadowCheckNote("2026-11-16", "2026-12-03")


@pytest.mark.parametrize(
    ("note", "live", "now", "gone"),
    [
        (ASKED, LIVE, THURSDAY, ""),
        (ASKED, LIVE, at("2026-11-22T23:00"), ""),
        (ASKED, LIVE, at("2026-11-23T09:00"), "the week is over"),
        (ASKED, W47, THURSDAY, "the day was moved"),
        (ASKED, None, THURSDAY, "the day was moved"),
        (CHECKED, LIVE, at("2026-12-03T09:00"), ""),
        (CHECKED, LIVE, at("2026-12-10T09:00"), ""),
        (CHECKED, LIVE, at("2026-12-11T09:00"), "it is too late for it"),
        (CHECKED, None, at("2026-12-03T09:00"), "the day was moved"),
    ],
)
def test_the_last_look(
    note: ShadowNote | ShadowCheckNote, live: date | None, now: datetime, gone: str
) -> None:
    start = at(f"{live}T00:00") if live else None
    assert overtaken(note, ANN, start, now) == gone


def test_no_answer_counts_in_two_numbers() -> None:
    since, until = counted_between(W47)
    assert (since, until) == (utc("2026-10-26T04:00"), utc("2026-11-23T04:00"))
    assert counted_between(W47 + 4 * WEEK)[0] == until


def test_the_last_answer_counts_and_nothing_to_keep_is_none() -> None:
    said: list[tuple[str, Place]] = [
        ("a", "sheet"),
        ("b", "paper"),
        ("c", "crm"),
        ("a", "crm"),
        ("d", "na"),
        ("e", "partly"),
        ("b", "na"),
    ]
    assert kept(said) == {"a": "crm", "c": "crm", "e": "partly"}
    assert {kept([("x", place)]).get("x") for place in PLACES if place in OUTSIDE} == {
        "partly",
        "elsewhere",
    }
    assert came_back([("a", False), ("b", True), ("a", True)]) == {"a": "yes", "b": "yes"}
