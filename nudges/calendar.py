"""Public holidays: on which days nobody in someone's country expects to hear from work."""

import re
from contextlib import suppress
from datetime import UTC, date, datetime
from functools import cache, lru_cache
from importlib.resources import files
from warnings import catch_warnings, simplefilter
from zoneinfo import ZoneInfo

from nudges.people import Person

CALENDARS = 4096
"""Countries times years that are remembered, far more than one organisation has."""
CODE = re.compile("[A-Z]{2}")
SOMEWHERE = ("NL", 2000)
_DATABASE = files("tzdata") / "zoneinfo"
_AROUND = [datetime(2026, month, 15, tzinfo=UTC) for month in range(1, 13)]
"""A moment in each month, to see whether two clocks agree all year."""


def holiday(person: Person, day: date) -> bool:
    """Say whether this day is a public holiday where the person works."""
    return day in holidays_of(person.country or country_of(person.zone), day.year)


def country_of(zone: str) -> str:
    """Return the country that a time zone lies in; nothing for one that lies in none (UTC)."""
    return _countries().get(zone, "")


@cache
def zone_of(country: str) -> str:
    """Return the zone that all of a country keeps; nothing where clocks differ within it.

    Places that keep the same time all year (Büsingen and Berlin) are one zone: the first listed,
    where most people live.
    """
    found = [zone for zone, code in _zones() if code == country]
    kept = {tuple(at.astimezone(ZoneInfo(z)).utcoffset() for at in _AROUND) for z in found}
    return found[0] if len(kept) == 1 else ""


@lru_cache(maxsize=CALENDARS)
def holidays_of(country: str, year: int) -> frozenset[date]:
    """Return a country's public holidays in one year.

    Args:
        country: a code such as ``NL``, or of a part such as ``DE-BY``. Of a part nobody knows
            the country's own days count; of a country nobody knows there are none.
        year: the year, in the country's own calendar days.

    """
    # Loaded when it is first needed: the library takes half a second, and a start may not wait.
    from holidays import country_holidays  # noqa: PLC0415

    name, _, part = country.upper().partition("-")
    if not CODE.fullmatch(name):
        return frozenset()
    for subdivision in dict.fromkeys((part or None, None)):
        with suppress(NotImplementedError), catch_warnings():
            # For years its calendars do not reach it warns, and gives the days it can tell.
            simplefilter("ignore")
            found = country_holidays(name, subdiv=subdivision, years=year)
            return frozenset(day for day in found if day.year == year)
    return frozenset()


def get_ready() -> None:
    """Load what takes long, before anyone waits for it."""
    holidays_of(*SOMEWHERE)
    _countries()


@cache
def _countries() -> dict[str, str]:
    """Read the country of each zone from the time zone database, older names included."""
    found = dict(_zones())
    for line in (_DATABASE / "tzdata.zi").read_text(encoding="utf-8").splitlines():
        kind, _, names = line.partition(" ")
        # A name without a place, such as CET or EST, says nothing about where someone lives.
        if kind == "L" and "/" in names.partition(" ")[2]:
            zone, older = names.split(" ")
            if zone in found:
                found.setdefault(older, found[zone])
    return found


@cache
def _zones() -> tuple[tuple[str, str], ...]:
    """Read each zone and its country, those of one country by how many live there."""
    lines = (_DATABASE / "zone.tab").read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return tuple((row[2], row[0]) for row in rows)
