"""When someone may be written to: their own mornings, over weekends, absence and clock changes."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nudges.delivery import Priority
from nudges.people import Hours, Person
from nudges.pulse import PulseNote
from nudges.schedule import (
    at_work,
    due,
    local_day,
    morning,
    next_morning,
    next_pulse,
    next_work,
    pulse_occasion,
)

AMSTERDAM, NEW_YORK, SINGAPORE = "Europe/Amsterdam", "America/New_York", "Asia/Singapore"
HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
PERSON = Person("p", zone=AMSTERDAM, welcomed=True)
NIGHT = Hours(time(2, 30), time(10), tuple(range(7)))
"""Hours that start where clocks are put forward and back."""


def at(text: str, zone: str = AMSTERDAM) -> datetime:
    """Read a local moment."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


AWAY_TILL_THURSDAY = replace(PERSON, away_until=at("2026-11-19 00:00"))
TUE_THU = replace(PERSON, hours=Hours(days=(1, 3)))


class TestNextMorning:
    @pytest.mark.parametrize(
        ("person", "now", "expected"),
        [
            pytest.param(PERSON, "2026-11-16 09:30", "2026-11-17 09:00", id="tomorrow"),
            pytest.param(PERSON, "2026-11-16 00:05", "2026-11-17 09:00", id="not this morning"),
            pytest.param(PERSON, "2026-11-16 23:55", "2026-11-17 09:00", id="late at night"),
            pytest.param(PERSON, "2026-11-20 16:00", "2026-11-23 09:00", id="over the weekend"),
            pytest.param(PERSON, "2026-11-21 12:00", "2026-11-23 09:00", id="from Saturday"),
            pytest.param(PERSON, "2026-11-22 12:00", "2026-11-23 09:00", id="from Sunday"),
            pytest.param(PERSON, "2026-12-31 12:00", "2027-01-01 09:00", id="over new year"),
            pytest.param(TUE_THU, "2026-11-17 10:00", "2026-11-19 09:00", id="part-time"),
            pytest.param(TUE_THU, "2026-11-19 10:00", "2026-11-24 09:00", id="next week"),
            pytest.param(
                replace(PERSON, hours=Hours(time(13, 30), time(22), (5, 6))),
                "2026-11-16 09:30",
                "2026-11-21 13:30",
                id="weekend work from half past one",
            ),
            pytest.param(AWAY_TILL_THURSDAY, "2026-11-16 09:30", "2026-11-19 09:00", id="away"),
            pytest.param(
                replace(PERSON, away_until=at("2026-11-19 09:00")),
                "2026-11-16 09:30",
                "2026-11-19 09:00",
                id="away until that very moment",
            ),
            pytest.param(
                replace(PERSON, away_until=at("2026-11-19 12:00")),
                "2026-11-16 09:30",
                "2026-11-20 09:00",
                id="away until noon",
            ),
            pytest.param(
                replace(PERSON, paused_until=at("2026-11-21 00:00")),
                "2026-11-16 09:30",
                "2026-11-23 09:00",
                id="paused into a weekend",
            ),
            pytest.param(
                replace(AWAY_TILL_THURSDAY, paused_until=at("2026-11-26 00:00")),
                "2026-11-16 09:30",
                "2026-11-26 09:00",
                id="the later of away and pause",
            ),
            pytest.param(
                replace(PERSON, away_until=at("2026-11-01 00:00")),
                "2026-11-16 09:30",
                "2026-11-17 09:00",
                id="back since long",
            ),
        ],
    )
    def test_local(self, person: Person, now: str, expected: str) -> None:
        assert next_morning(person, at(now)) == at(expected)

    @pytest.mark.parametrize(
        ("zone", "now", "expected"),
        [
            pytest.param(SINGAPORE, "2026-11-16T20:00", "2026-11-18T01:00", id="Tuesday there"),
            pytest.param(SINGAPORE, "2026-11-16T15:00", "2026-11-17T01:00", id="Monday there"),
            pytest.param(NEW_YORK, "2026-11-16T02:00", "2026-11-16T14:00", id="Sunday there"),
            pytest.param(AMSTERDAM, "2026-03-27T12:00", "2026-03-30T07:00", id="put forward"),
            pytest.param(AMSTERDAM, "2026-10-23T12:00", "2026-10-26T08:00", id="put back"),
            pytest.param(NEW_YORK, "2026-03-06T18:00", "2026-03-09T13:00", id="forward, NY"),
            pytest.param(NEW_YORK, "2026-10-30T18:00", "2026-11-02T14:00", id="back, NY"),
        ],
    )
    def test_nine_is_nine_on_the_wall(self, zone: str, now: str, expected: str) -> None:
        found = next_morning(replace(PERSON, zone=zone), utc(now))
        assert found == utc(expected)
        assert found.tzinfo is UTC
        assert found.astimezone(ZoneInfo(zone)).time() == time(9)

    @pytest.mark.parametrize(
        ("zone", "day", "expected"),
        [
            pytest.param(AMSTERDAM, date(2026, 3, 28), "2026-03-28T01:30", id="the day before"),
            pytest.param(AMSTERDAM, date(2026, 3, 29), "2026-03-29T01:30", id="gap: an hour on"),
            pytest.param(AMSTERDAM, date(2026, 10, 25), "2026-10-25T00:30", id="fold: the first"),
            pytest.param(NEW_YORK, date(2026, 3, 8), "2026-03-08T07:30", id="gap, NY"),
            pytest.param(NEW_YORK, date(2026, 11, 1), "2026-11-01T07:30", id="after the fold, NY"),
        ],
    )
    def test_a_start_where_the_clock_changes(self, zone: str, day: date, expected: str) -> None:
        person = replace(PERSON, zone=zone, hours=NIGHT)
        assert morning(person, day) == utc(expected)
        assert next_morning(person, utc(expected) - DAY) == utc(expected)

    def test_fold_in_new_york_is_the_first_of_two(self) -> None:
        person = replace(PERSON, zone=NEW_YORK, hours=replace(NIGHT, start=time(1, 30)))
        assert morning(person, date(2026, 11, 1)) == utc("2026-11-01T05:30")

    @pytest.mark.parametrize(
        "person",
        [
            replace(PERSON, hours=Hours(days=())),
            replace(PERSON, away_until=at("2999-01-01 00:00")),
        ],
        ids=["no working days", "away for ever"],
    )
    def test_ends_even_where_no_morning_fits(self, person: Person) -> None:
        assert next_morning(person, at("2026-11-16 09:30")) > at("2027-11-16 00:00")


class TestAtWork:
    @pytest.mark.parametrize(
        ("now", "working"),
        [
            ("2026-11-16 08:59:59", False),
            ("2026-11-16 09:00:00", True),
            ("2026-11-16 16:59:59", True),
            ("2026-11-16 17:00:00", False),
            ("2026-11-20 12:00:00", True),
            ("2026-11-21 12:00:00", False),
            ("2026-11-22 12:00:00", False),
        ],
    )
    def test_nine_to_five_on_weekdays(self, now: str, *, working: bool) -> None:
        assert at_work(PERSON, at(now)) is working

    @pytest.mark.parametrize(
        ("zone", "now", "working"),
        [
            pytest.param(SINGAPORE, "2026-11-16T01:00", True, id="morning there"),
            pytest.param(SINGAPORE, "2026-11-16T09:00", False, id="evening there"),
            pytest.param(NEW_YORK, "2026-11-16T09:00", False, id="night there"),
            pytest.param(AMSTERDAM, "2026-03-30T07:00", True, id="after putting forward"),
            pytest.param(AMSTERDAM, "2026-10-26T07:59", False, id="after putting back"),
        ],
    )
    def test_in_their_zone(self, zone: str, now: str, *, working: bool) -> None:
        assert at_work(replace(PERSON, zone=zone), utc(now)) is working

    @pytest.mark.parametrize(
        ("now", "working"),
        [
            pytest.param("2026-10-25T00:29", False, id="before the first 02:30"),
            pytest.param("2026-10-25T00:30", True, id="the first 02:30"),
            pytest.param("2026-10-25T01:30", True, id="the second 02:30"),
            pytest.param("2026-03-29T00:59", False, id="before the gap"),
            pytest.param("2026-03-29T01:00", True, id="03:00 comes after 02:30"),
        ],
    )
    def test_where_the_clock_changes(self, now: str, *, working: bool) -> None:
        assert at_work(replace(PERSON, hours=NIGHT), utc(now)) is working

    @pytest.mark.parametrize(
        ("now", "expected"),
        [
            pytest.param("2026-11-16 08:00", "2026-11-16 09:00", id="later today"),
            pytest.param("2026-11-16 17:00", "2026-11-17 09:00", id="tomorrow"),
            pytest.param("2026-11-20 22:00", "2026-11-23 09:00", id="on Monday"),
            pytest.param("2026-11-21 08:00", "2026-11-23 09:00", id="not on Saturday"),
        ],
    )
    def test_starts_again(self, now: str, expected: str) -> None:
        assert next_work(PERSON, at(now)) == at(expected)


class TestNextPulse:
    @pytest.mark.parametrize(
        ("person", "now", "expected"),
        [
            pytest.param(PERSON, "2026-11-16 09:30", "2026-11-23 09:00", id="a week on"),
            pytest.param(PERSON, "2026-11-20 16:59", "2026-11-27 09:00", id="Friday to Friday"),
            pytest.param(PERSON, "2026-11-21 12:00", "2026-11-30 09:00", id="from a Saturday"),
            pytest.param(PERSON, "2026-10-19 09:30", "2026-10-26 09:00", id="over put back"),
            pytest.param(PERSON, "2026-03-23 09:30", "2026-03-30 09:00", id="over put forward"),
            pytest.param(
                replace(PERSON, fewer=True), "2026-11-16 09:30", "2026-11-30 09:00", id="fewer"
            ),
            pytest.param(
                replace(PERSON, away_until=at("2026-12-01 00:00")),
                "2026-11-16 09:30",
                "2026-12-01 09:00",
                id="after being away",
            ),
        ],
    )
    def test_when(self, person: Person, now: str, expected: str) -> None:
        assert next_pulse(person, at(now)) == at(expected)

    @pytest.mark.parametrize(
        ("zone", "now", "occasion"),
        [
            pytest.param(AMSTERDAM, "2026-11-16T08:30", "pulse:2026-W47", id="Monday"),
            pytest.param(AMSTERDAM, "2026-11-22T22:59", "pulse:2026-W47", id="Sunday night"),
            pytest.param(AMSTERDAM, "2026-11-22T23:00", "pulse:2026-W48", id="Monday there"),
            pytest.param(NEW_YORK, "2026-11-23T04:00", "pulse:2026-W47", id="Sunday there still"),
            pytest.param(AMSTERDAM, "2027-01-01T09:00", "pulse:2026-W53", id="new year, old week"),
            pytest.param(AMSTERDAM, "2027-01-04T09:00", "pulse:2027-W01", id="two digits"),
        ],
    )
    def test_the_occasion_is_the_week_where_they_are(
        self, zone: str, now: str, occasion: str
    ) -> None:
        assert pulse_occasion(replace(PERSON, zone=zone), utc(now)) == occasion


class TestDue:
    @pytest.mark.parametrize(
        ("person", "now", "again"),
        [
            pytest.param(
                replace(PERSON, welcomed=False), "2026-11-16 09:30", "2026-11-17 09:00", id="new"
            ),
            pytest.param(
                replace(PERSON, stopped=True), "2026-11-16 09:30", "2026-11-17 09:00", id="stopped"
            ),
            pytest.param(
                replace(PERSON, left=True), "2026-11-16 09:30", "2026-11-17 09:00", id="left"
            ),
            pytest.param(AWAY_TILL_THURSDAY, "2026-11-16 09:30", "2026-11-19 09:00", id="away"),
            pytest.param(
                replace(PERSON, paused_until=at("2026-11-20 00:00")),
                "2026-11-16 09:30",
                "2026-11-20 09:00",
                id="paused",
            ),
            pytest.param(PERSON, "2026-11-16 08:59", "2026-11-16 09:00", id="too early"),
            pytest.param(PERSON, "2026-11-16 17:00", "2026-11-17 09:00", id="too late"),
            pytest.param(PERSON, "2026-11-20 17:00", "2026-11-23 09:00", id="Friday evening"),
            pytest.param(PERSON, "2026-11-21 10:00", "2026-11-23 09:00", id="Saturday"),
            pytest.param(TUE_THU, "2026-11-16 08:00", "2026-11-17 09:00", id="a day off"),
        ],
    )
    def test_not_now(self, person: Person, now: str, again: str) -> None:
        assert due([person], at(now)) == [(None, at(again))]

    @pytest.mark.parametrize(
        "person",
        [
            PERSON,
            replace(PERSON, away_until=at("2026-11-16 09:30")),
            replace(PERSON, paused_until=at("2026-11-16 00:00")),
        ],
        ids=["at work", "back this very moment", "pause is over"],
    )
    def test_now(self, person: Person) -> None:
        now = at("2026-11-16 09:30")
        ((delivery, again),) = due([person], now)
        assert delivery
        assert (delivery.occasion, delivery.person) == ("pulse:2026-W47", "p")
        assert delivery.note == PulseNote("pulse:2026-W47")
        assert (delivery.priority, delivery.due) == (Priority.PULSE, now)
        assert again == at("2026-11-23 09:00")

    def test_each_in_the_order_given(self) -> None:
        people = [replace(PERSON, id="a"), replace(PERSON, id="b", stopped=True), PERSON]
        planned = due(people, at("2026-11-16 09:30"))
        assert [d.person if d else None for d, _ in planned] == ["a", None, "p"]

    def test_planned_again_in_the_same_week_it_is_the_same_occasion(self) -> None:
        planned = [due([PERSON], at(f"2026-11-{day} 10:00"))[0][0] for day in range(16, 21)]
        assert {d.occasion for d in planned if d} == {"pulse:2026-W47"}
        assert all(planned)


ZONES = [AMSTERDAM, NEW_YORK, SINGAPORE, "Europe/London", "Australia/Lord_Howe", "UTC"]


@st.composite
def workers(draw: st.DrawFn) -> Person:
    start = draw(st.integers(0, 21))
    end = draw(st.integers(start + 2, 23))
    days = draw(st.sets(st.integers(0, 6), min_size=1))
    away = draw(st.none() | st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 1)))  # noqa: DTZ001 - aware below
    return Person(
        "p",
        zone=draw(st.sampled_from(ZONES)),
        hours=Hours(time(start, 30), time(end), tuple(sorted(days))),
        fewer=draw(st.booleans()),
        away_until=away.replace(tzinfo=UTC) if away else None,
        welcomed=True,
    )


@settings(max_examples=150, deadline=None, derandomize=True)
@given(workers(), st.datetimes(datetime(2026, 2, 20), datetime(2026, 11, 5)))  # noqa: DTZ001
def test_following_the_alarm_clock_for_two_months(person: Person, start: datetime) -> None:
    """Wake whenever we said we would: always at work, never twice a week, never standing still."""
    now = start.replace(tzinfo=UTC)
    end = now + 9 * WEEK
    sent: list[tuple[datetime, str]] = []
    while now < end:
        ((delivery, again),) = due([person], now)
        if delivery:
            assert at_work(person, now)
            assert not person.quiet(now)
            sent.append((now, delivery.occasion))
        assert again > now
        now = again
    occasions = [occasion for _, occasion in sent]
    assert len(occasions) == len(set(occasions))
    assert all(b - a > 5 * DAY for (a, _), (b, _) in pairwise(sent))
    free = end - max(start.replace(tzinfo=UTC), person.away_until or now - 9 * WEEK)
    if free > 5 * WEEK:
        assert len(sent) >= (free // (2 * WEEK if person.fewer else WEEK)) - 1


def test_the_local_day() -> None:
    late = utc("2026-11-16T23:30")
    assert local_day(PERSON, late) == date(2026, 11, 17)
    assert local_day(replace(PERSON, zone=NEW_YORK), late) == date(2026, 11, 16)
