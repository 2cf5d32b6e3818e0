"""What each person adds to a number: only what is known of them, and nothing where it is not."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from nudges.adkar import Answer, BarrierName, Element, Question
from nudges.adoption import Metric, Use
from nudges.group import ACTIVE, LEADS_IN_TIME, RECORDS, Measure, Member
from nudges.measured import about_managers, barriers, levels, responses, tapped_through, used
from nudges.programme import Programme, Segment
from tests.clock import MONDAY

DAY = timedelta(days=1)
WEEK = date(2026, 11, 9)
BANK = {q: Question(q, Element.ABILITY) for q in ("B4", "R3", "x")}
PROGRAMME = Programme({}, segments={"live": Segment("live", go_live=(MONDAY - DAY).date())})


def test_who_was_asked_answered_or_was_silent() -> None:
    assert responses({"ann": True, "bob": False}) == {"ann": "answered", "bob": "silent"}


@pytest.mark.parametrize(
    ("member", "stands", "found"),
    [
        (Member("ann"), ("desire", "desire"), "desire"),
        (Member("ann"), ("none", "reinforcement"), "none"),
        (Member("ann", segment="live"), ("none", "reinforcement"), "reinforcement"),
        (Member("ann"), ("none", "none"), "none"),
        (Member("ann"), ("unknown", "unknown"), None),
        (Member("ann", stopped=True), ("desire", "desire"), None),
        (Member("ann", left=True), ("desire", "desire"), None),
        (Member("bob"), ("desire", "desire"), None),
        (Member("quick"), ("desire", "desire"), None),
    ],
)
def test_whose_barrier_counts(member: Member, stands: tuple[str, str], found: str | None) -> None:
    names: dict[str, BarrierName] = {"none": "none", "unknown": "unknown"}
    names |= {e: e for e in Element}
    mine = (names[stands[0]], names[stands[1]])
    known = {"ann": mine, "quick": mine}
    said = barriers([member], known, {"quick"}, PROGRAMME, MONDAY)
    assert said.get(member.id) == found


def test_who_taps_through_is_found() -> None:
    quick = [
        Answer("ann", f"q{n}", 3, MONDAY + n * DAY / 2, took=timedelta(seconds=1)) for n in range(6)
    ]
    slow = [Answer("bob", a.question, 3, a.at, took=timedelta(seconds=9)) for a in quick]
    members = [Member("ann"), Member("bob"), Member("eve")]
    assert tapped_through(members, {"ann": quick, "bob": slow}) == {"ann"}


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ({"B4": 4}, "agree"),
        ({"B4": 3}, "not"),
        ({"B4": 5, "R3": 1}, "not"),
        ({"B4": 5, "R3": 2}, "agree"),
        ({"x": 5}, None),
        ({"B4": None}, None),
        ({}, None),
    ],
)
def test_what_is_said_of_a_manager(said: dict[str, int | None], found: str | None) -> None:
    given = [
        Answer("ann", q, score, MONDAY - DAY, not_applicable=score is None)
        for q, score in said.items()
    ]
    assert about_managers([Member("ann", "bob")], {"ann": given}, BANK, MONDAY).get("ann") == found


def test_who_has_no_manager_or_stopped_says_nothing_of_one() -> None:
    given = [Answer("ann", "B4", 5, MONDAY - DAY)]
    there = Member("ann", "bob")
    for member in (Member("ann"), replace(there, stopped=True), replace(there, left=True)):
        assert about_managers([member], {"ann": given}, BANK, MONDAY) == {}


def test_a_level_counts_where_weeks_were_judged() -> None:
    members = [Member("ann"), Member("bob"), Member("eve", left=True)]
    assert levels(members, {"ann": 2, "eve": 3}) == {"ann": "2"}


@pytest.mark.parametrize(
    ("measure", "values", "found"),
    [
        (ACTIVE, {Metric.ACTIVE_DAYS: 1.0}, "yes"),
        (ACTIVE, {Metric.ACTIVE_DAYS: 0.0}, "no"),
        (ACTIVE, {Metric.RECORDS: 9.0}, None),
        (RECORDS, {Metric.RECORDS: 9.0}, 9.0),
        (RECORDS, {}, None),
        (LEADS_IN_TIME, {Metric.LEADS_IN_TIME: 0.5}, 0.5),
    ],
)
def test_a_gap_in_use_is_no_zero(
    measure: Measure, values: dict[Metric, float], found: str | float | None
) -> None:
    assert used(measure, [Use("ann", WEEK, values)]).get("ann") == found
