"""When someone may be written to: their own mornings, over weekends, absence and clock changes."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nudges.calendar import holiday
from nudges.hours import (
    LOOK_AHEAD,
    at_work,
    first_morning,
    local_day,
    morning,
    next_morning,
    next_work,
    works_on,
)
from nudges.people import Hours, Person
from tests.nudges.given import AMSTERDAM, DAY, NEW_YORK, PERSON, SINGAPORE, at, utc, workers

NIGHT = Hours(time(2, 30), time(10), tuple(range(7)))
"""Hours that start where clocks are put forward and back."""
LUNCH = replace(PERSON, hours=Hours(quiet=(time(12), time(13, 30))))
EARLY = replace(PERSON, hours=Hours(quiet=(time(8), time(10, 15))))
LATE = replace(PERSON, hours=Hours(quiet=(time(15), time(18))))
NEVER = replace(PERSON, hours=Hours(quiet=(time(0), time(23, 59))))
TRIP = replace(PERSON, away_from=at("2026-11-18 00:00"), away_until=at("2026-11-23 00:00"))
BAVARIAN = replace(PERSON, zone="Europe/Berlin", country="DE-BY")
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
            pytest.param(PERSON, "2026-12-31 12:00", "2027-01-04 09:00", id="over new year"),
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


class TestFreeDays:
    """Public holidays, an absence that is still to come, and 29 February."""

    @pytest.mark.parametrize(
        ("person", "now", "expected"),
        [
            pytest.param(PERSON, "2026-04-26 12:00", "2026-04-28 09:00", id="King's day"),
            pytest.param(PERSON, "2026-04-02 12:00", "2026-04-07 09:00", id="Easter"),
            pytest.param(PERSON, "2026-12-24 12:00", "2026-12-28 09:00", id="Christmas"),
            pytest.param(BAVARIAN, "2026-01-05 12:00", "2026-01-07 09:00", id="Epiphany"),
            pytest.param(
                replace(BAVARIAN, country="DE"), "2026-01-05 12:00", "2026-01-06 09:00", id="not"
            ),
            pytest.param(
                replace(PERSON, zone="UTC"), "2026-12-24 12:00", "2026-12-25 09:00", id="no country"
            ),
            pytest.param(TRIP, "2026-11-16 12:00", "2026-11-17 09:00", id="before the trip"),
            pytest.param(TRIP, "2026-11-17 12:00", "2026-11-23 09:00", id="over the trip"),
            pytest.param(TRIP, "2026-11-23 12:00", "2026-11-24 09:00", id="after the trip"),
            pytest.param(
                replace(TRIP, paused_until=at("2026-11-24 00:00")),
                "2026-11-16 12:00",
                "2026-11-24 09:00",
                id="a pause around it",
            ),
            pytest.param(PERSON, "2028-02-28 12:00", "2028-02-29 09:00", id="29 February"),
            pytest.param(PERSON, "2027-02-26 12:00", "2027-03-01 09:00", id="no 29 February"),
        ],
    )
    def test_are_passed_over(self, person: Person, now: str, expected: str) -> None:
        assert next_morning(person, at(now, person.zone)) == at(expected, person.zone)

    def test_a_day_that_is_free_is_its_own_first_morning(self) -> None:
        assert first_morning(PERSON, date(2026, 11, 16)) == at("2026-11-16 09:00")
        assert first_morning(PERSON, date(2026, 11, 14)) == at("2026-11-16 09:00")


class TestQuietHours:
    @pytest.mark.parametrize(
        ("person", "now", "working"),
        [
            pytest.param(LUNCH, "2026-11-16 11:59", True, id="before lunch"),
            pytest.param(LUNCH, "2026-11-16 12:00", False, id="at lunch"),
            pytest.param(LUNCH, "2026-11-16 13:29", False, id="still at lunch"),
            pytest.param(LUNCH, "2026-11-16 13:30", True, id="after lunch"),
            pytest.param(EARLY, "2026-11-16 09:00", False, id="the day begins quiet"),
            pytest.param(EARLY, "2026-11-16 10:15", True, id="and not for long"),
            pytest.param(LATE, "2026-11-16 15:00", False, id="the day ends quiet"),
            pytest.param(NEVER, "2026-11-16 12:00", False, id="always quiet"),
        ],
    )
    def test_nothing_is_started_in_them(self, person: Person, now: str, *, working: bool) -> None:
        assert at_work(person, at(now)) is working

    def test_a_start_that_the_clock_pushes_into_them_comes_after_them(self) -> None:
        hours = replace(NIGHT, quiet=(time(3), time(4, 15)))
        found = morning(replace(PERSON, hours=hours), date(2026, 3, 29))
        assert found == at("2026-03-29 04:15")

    @pytest.mark.parametrize(
        ("person", "now", "expected"),
        [
            pytest.param(LUNCH, "2026-11-16 12:15", "2026-11-16 13:30", id="after lunch"),
            pytest.param(LUNCH, "2026-11-16 07:00", "2026-11-16 09:00", id="in the morning"),
            pytest.param(EARLY, "2026-11-16 09:30", "2026-11-16 10:15", id="later this morning"),
            pytest.param(EARLY, "2026-11-16 17:30", "2026-11-17 10:15", id="later next morning"),
            pytest.param(LATE, "2026-11-16 15:30", "2026-11-17 09:00", id="not at its end"),
            pytest.param(
                replace(LUNCH, away_from=at("2026-11-16 13:00"), away_until=at("2026-11-18 00:00")),
                "2026-11-16 12:15",
                "2026-11-18 09:00",
                id="away after lunch",
            ),
        ],
    )
    def test_it_goes_on_after_them(self, person: Person, now: str, expected: str) -> None:
        assert next_work(person, at(now)) == at(expected)


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
            ("2026-12-25 12:00:00", False),
            ("2028-02-29 12:00:00", True),
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


def test_the_local_day() -> None:
    late = utc("2026-11-16T23:30")
    assert local_day(PERSON, late) == date(2026, 11, 17)
    assert local_day(replace(PERSON, zone=NEW_YORK), late) == date(2026, 11, 16)


MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2029, 1, 1)).map(  # noqa: DTZ001 - aware here
    lambda at: at.replace(tzinfo=UTC)
)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(workers(), MOMENTS)
def test_whoever_it_is_the_next_moment_is_one_of_theirs(person: Person, now: datetime) -> None:
    for found in (next_morning(person, now), next_work(person, now)):
        local = found.astimezone(ZoneInfo(person.zone))
        assert found > now
        assert found.tzinfo is UTC
        assert works_on(person, local.date())
        assert local.weekday() in person.hours.days
        assert not holiday(person, local.date())
        assert not person.away(found)
        assert at_work(person, found)
    assert next_work(person, now) <= next_morning(person, now)
    assert local_day(person, next_morning(person, now)) > local_day(person, now)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(workers(), MOMENTS)
def test_no_free_day_is_passed_over(person: Person, now: datetime) -> None:
    day, found = local_day(person, now), next_morning(person, now)
    for _ in range(LOOK_AHEAD):
        day += DAY
        if works_on(person, day) and not person.away(morning(person, day)):
            break
    assert found == morning(person, day)
