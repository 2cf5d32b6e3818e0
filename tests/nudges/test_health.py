"""The health check: each principle judged by what is known, and nothing told about a few."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from nudges.health import (
    Counts,
    HealthFacts,
    Principle,
    State,
    discipline,
    facts,
    judge,
    opens_month,
)
from nudges.people import Person
from nudges.programme import Milestone, Outcome, Programme, Reason, Segment

BOTH = {"en": "x", "nl": "x"}
WHOLE = Segment(
    "s",
    reasons=dict.fromkeys(Reason, BOTH),
    roadmap=(Milestone(date(2026, 12, 24), BOTH),),
    goals={1: BOTH},
    sponsor="Marit Bos, director",
    celebration=BOTH,
)
MEASURED = Outcome(BOTH, "%", 60, 90, {"2026-11": 91.0})
COUNTS = Counts(1, 4, 8, 8, 3)
TODAY = date(2026, 12, 1)


def judged(programme: Programme, counts: Counts) -> dict[Principle, State]:
    found = facts(programme, counts, ("en", "nl"), TODAY, help_=3)
    return dict(judge(found))


def test_what_is_whole_is_in_order() -> None:
    programme = Programme({}, outcomes=(MEASURED,), segments={"s": WHOLE})
    assert set(judged(programme, COUNTS).values()) == {"good"}


def test_an_empty_programme_lacks_everything_but_our_own_content() -> None:
    found = judged(Programme({}), Counts())
    assert found.pop(Principle.TRAINING) == "partly"
    assert set(found.values()) == {"missing"}


@pytest.mark.parametrize(
    ("change", "principle"),
    [
        ({"sponsor": ""}, Principle.SPONSORSHIP),
        ({"reasons": {}}, Principle.INCENTIVES),
        ({"roadmap": ()}, Principle.ITERATION),
        ({"goals": {}}, Principle.TRAINING),
    ],
)
def test_one_group_that_lacks_it_makes_it_half(
    change: dict[str, object], principle: Principle
) -> None:
    other = replace(WHOLE, id="t", **change)
    segments = {"s": WHOLE, "t": other}
    if principle is Principle.ITERATION:
        segments = {"t": other}
    programme = Programme({}, outcomes=(MEASURED,), segments=segments)
    found = judged(programme, COUNTS)
    assert found.pop(principle) == "partly"
    assert set(found.values()) == {"good"}


def test_an_outcome_nobody_measured_last_month_is_half() -> None:
    old = replace(MEASURED, months={"2026-10": 91.0})
    found = judged(Programme({}, outcomes=(old,), segments={"s": WHOLE}), COUNTS)
    assert found[Principle.OBJECTIVES] == "partly"


@pytest.mark.parametrize(
    ("job", "wanted"),
    [
        ("", "business"),
        ("sales", "business"),
        ("IT", "it"),
        ("ICT-architect", "it"),
        ("data analyst", "information"),
        ("crm", "information"),
        ("digital marketing", "business"),
    ],
)
def test_disciplines(job: str, wanted: str) -> None:
    assert discipline(Person("p", job=job)) == wanted


@pytest.mark.parametrize(
    ("now", "wanted"),
    [
        ("2026-11-30T12:00", "2026-12-01T09:00"),
        ("2026-12-01T08:00", "2026-12-01T09:00"),
        ("2026-12-13T08:00", "2026-12-14T09:00"),
        ("2026-12-14T12:00", None),
        ("2026-12-24T12:00", None),
        ("2026-12-31T12:00", "2027-01-04T09:00"),
    ],
)
def test_the_months_first_working_morning(now: str, wanted: str | None) -> None:
    person = Person("p", zone="Europe/London", country="GB")
    at = opens_month(person, datetime.fromisoformat(now).replace(tzinfo=UTC))
    assert at == (datetime.fromisoformat(wanted).replace(tzinfo=UTC) if wanted else None)


def test_nothing_known_is_nothing_good() -> None:
    assert set(judge(HealthFacts()).values()) == {"missing"}
