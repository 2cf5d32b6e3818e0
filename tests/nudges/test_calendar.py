"""Public holidays: whose, on which days, and what happens where nobody knows."""

from datetime import date
from zoneinfo import available_timezones

import pytest

from nudges.calendar import country_of, get_ready, holiday, holidays_of
from nudges.people import Person


@pytest.mark.parametrize(
    ("zone", "country"),
    [
        ("Europe/Amsterdam", "NL"),
        ("Europe/Brussels", "BE"),
        ("Europe/Copenhagen", "DK"),
        ("America/New_York", "US"),
        ("Australia/Lord_Howe", "AU"),
        pytest.param("Asia/Calcutta", "IN", id="an older name"),
        pytest.param("US/Eastern", "US", id="an older name by country"),
        pytest.param("Europe/Kiev", "UA", id="an older spelling"),
        pytest.param("UTC", "", id="no place"),
        pytest.param("Etc/GMT+5", "", id="a place nowhere"),
        pytest.param("CET", "", id="a zone of many countries"),
        pytest.param("Nowhere/At_All", "", id="unknown"),
    ],
)
def test_the_country_of_a_zone(zone: str, country: str) -> None:
    assert country_of(zone) == country


def test_every_zone_of_a_place_has_a_country() -> None:
    nameless = {zone for zone in available_timezones() if "/" in zone and not country_of(zone)}
    assert {zone.partition("/")[0] for zone in nameless} <= {"Etc", "posix", "right", "SystemV"}


@pytest.mark.parametrize(
    ("person", "day", "free"),
    [
        pytest.param(Person("p"), date(2026, 4, 27), True, id="the King's birthday"),
        pytest.param(Person("p"), date(2026, 4, 28), False, id="the day after"),
        pytest.param(Person("p"), date(2027, 4, 27), True, id="the year after"),
        pytest.param(Person("p"), date(2025, 4, 26), True, id="a Saturday when it is a Sunday"),
        pytest.param(Person("p", country="BE"), date(2026, 4, 27), False, id="not in Belgium"),
        pytest.param(Person("p", country="BE"), date(2026, 7, 21), True, id="but then"),
        pytest.param(
            Person("p", zone="Europe/Brussels"), date(2026, 7, 21), True, id="by their zone"
        ),
        pytest.param(
            Person("p", zone="Europe/Brussels", country="NL"),
            date(2026, 7, 21),
            False,
            id="the country goes before the zone",
        ),
        pytest.param(Person("p", country="DE"), date(2026, 1, 6), False, id="all of Germany"),
        pytest.param(Person("p", country="DE-BY"), date(2026, 1, 6), True, id="Bavaria"),
        pytest.param(Person("p", country="DE-BY"), date(2026, 10, 3), True, id="and Germany"),
        pytest.param(Person("p", country="US"), date(2021, 12, 31), True, id="observed before"),
        pytest.param(Person("p", country="US"), date(2026, 7, 3), True, id="observed on Friday"),
        pytest.param(Person("p", country="BE"), date(2028, 2, 29), False, id="29 February"),
        pytest.param(Person("p", zone="UTC"), date(2026, 12, 25), False, id="no country"),
    ],
)
def test_a_holiday(person: Person, day: date, *, free: bool) -> None:
    assert holiday(person, day) is free


@pytest.mark.parametrize("code", ["XX", "", "-", "X", "nowhere", "HolidayBase", "N\0", "__name__"])
def test_a_country_nobody_knows_has_no_holidays(code: str) -> None:
    assert holidays_of(code, 2026) == frozenset()


def test_of_a_part_nobody_knows_the_country_counts() -> None:
    assert holidays_of("DE-ZZ", 2026) == holidays_of("DE", 2026) < holidays_of("DE-BY", 2026)
    assert holidays_of("de-by", 2026) == holidays_of("DE-BY", 2026)


@pytest.mark.parametrize("year", [1, 1900, 2026, 2100, 9999])
@pytest.mark.parametrize("code", ["NL", "GB", "IN", "CN", "US"])
def test_only_days_of_that_year_and_the_same_ones_again(code: str, year: int) -> None:
    found = holidays_of(code, year)
    assert {day.year for day in found} <= {year}
    assert holidays_of(code, year) is found


def test_getting_ready_again_is_nothing() -> None:
    get_ready()
    get_ready()
