"""Answers as a test says them, local moments as one reads them, and people who work anywhere."""

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from nudges.adkar import Answer, Element, Question
from nudges.people import Hours, Person

LETTERS = dict(zip("ADKBR", Element, strict=True))
"""The first letter of a question's id, as in the bank: B stands for Ability."""
ITEMS = 10
BANK = {
    f"{letter}{n}": Question(f"{letter}{n}", element)
    for letter, element in LETTERS.items()
    for n in range(1, ITEMS + 1)
}
"""Ten plain questions an element, so that any mean of one decimal can be answered."""
AMSTERDAM, NEW_YORK, SINGAPORE = "Europe/Amsterdam", "America/New_York", "Asia/Singapore"
ZONES = [AMSTERDAM, NEW_YORK, SINGAPORE, "Europe/London", "Australia/Lord_Howe", "UTC"]
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
PERSON = Person("p", zone=AMSTERDAM, welcomed=True)


def at(text: str, zone: str = AMSTERDAM) -> datetime:
    """Read a local moment."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@st.composite
def workers(draw: st.DrawFn) -> Person:
    """Draw someone with hours, quiet hours and an absence; they work on some day, sometime."""
    start = draw(st.integers(0, 19))
    end = draw(st.integers(start + 4, 23))
    quiet = draw(st.none() | st.integers(start, end - 2))
    days = draw(st.sets(st.integers(0, 6), min_size=1))
    leaves = draw(st.none() | st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 1)))  # noqa: DTZ001 - aware below
    gone = timedelta(hours=draw(st.integers(1, 60 * 24)))
    known = draw(st.booleans())
    return Person(
        "p",
        zone=draw(st.sampled_from(ZONES)),
        country=draw(st.sampled_from(["", "", "DE-BY", "US", "XX"])),
        hours=Hours(
            time(start, 30),
            time(end),
            tuple(sorted(days)),
            (time(quiet), time(quiet + 1, 15)) if quiet is not None else None,
        ),
        fewer=draw(st.booleans()),
        away_from=leaves.replace(tzinfo=UTC) if leaves and known else None,
        away_until=leaves.replace(tzinfo=UTC) + gone if leaves else None,
        welcomed=True,
    )


def means(wanted: Mapping[str, float], at: datetime, first: int = 1) -> list[Answer]:
    """Answer every question of some elements so that each has exactly the mean wanted."""
    found: list[Answer] = []
    for letter, mean in wanted.items():
        whole, tenths = divmod(round(mean * ITEMS), ITEMS)
        scores = [whole + 1] * tenths + [whole] * (ITEMS - tenths)
        found += [Answer("p", f"{letter}{n}", score, at) for n, score in enumerate(scores, first)]
    return found


def said(scores: Mapping[str, int | None], at: datetime) -> list[Answer]:
    """Answer questions by id; None is a skip."""
    return [Answer("p", question, score, at) for question, score in scores.items()]
