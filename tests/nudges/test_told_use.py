"""What was told about use: wrong units and weeks refuse all of it, and nothing counts twice."""

from datetime import date

import pytest

from nudges.adoption import Metric, Use, week_of
from nudges.told_use import Line, Roster, check

TODAY = date(2026, 11, 17)
W45, W46 = date(2026, 11, 2), date(2026, 11, 9)
DAYS, RECORDS, LEADS = Metric.ACTIVE_DAYS, Metric.RECORDS, Metric.LEADS_IN_TIME
ROSTER = Roster.of(
    [("ann", "Ann@x"), ("bob", "bob@x"), ("old", "bob@x"), ("cy", "same@x"), ("di", "same@x")],
    ["old"],
)


def line(number: int, who: str = "ann", week: str = "2026-11-09", **values: float) -> Line:
    person, email = ("", who) if "@" in who else (who, "")
    return Line(number, person, email, week, {Metric(m): v for m, v in values.items()})


def said(*lines: Line) -> list[str]:
    found = check(lines, ROSTER, TODAY)
    assert bool(found.problems) != bool(found.uses), "all of it or none"
    return [str(problem) for problem in found.problems]


WRONG: dict[str, tuple[dict[str, float], str]] = {
    "eight days": ({"active_days": 8}, "active_days: 8 is too many: it goes from 0 to 7"),
    "half a day": ({"active_days": 0.5}, "active_days: 0.5 is no whole number"),
    "a negative one": ({"records": -1}, "records: -1 is below 0"),
    "half a record": ({"records": 2.5}, "records: 2.5 is no whole number"),
    "more than anybody": ({"records": 1e7}, "records: 10000000 is too many"),
    "a percentage": ({"quality": 85}, "quality: 85 is no share: write 0.85"),
    "a percentage with a part": ({"hygiene": 87.5}, "hygiene: 87.5 is no share: write 0.875"),
    "all per cent": ({"hygiene": 100}, "hygiene: 100 is no share: write 1"),
    "a little too much": ({"quality": 1.01}, "quality: 1.01 is no share: it goes from 0 to 1"),
    "far too much": ({"quality": 1e300}, "quality: 1e+300 is no share: it goes from 0 to 1"),
    "a negative share": ({"leads_in_time": -0.5}, "leads_in_time: -0.5 is below 0"),
}


@pytest.mark.parametrize(("values", "why"), WRONG.values(), ids=WRONG)
def test_a_wrong_unit_refuses_all(values: dict[str, float], why: str) -> None:
    (problem,) = said(line(2, active_days=5), line(3, "bob", "2026-11-09", **values))
    assert problem.startswith(f"line 3: {why}")


WEEKS = {
    "2026-11-16": "is not over yet",
    "2026-11-17": "the week of 2026-11-16 is not over yet",
    "2026-11-22": "the week of 2026-11-16 is not over yet",
    "2026-11-23": "the week of 2026-11-23 is still to come",
    "9999-12-31": "is still to come",
    "1999-12-31": "is no day such as 2026-11-16",
    "16-11-2026": "is no day such as 2026-11-16",
    "2026-13-01": "is no day",
    "20261109": "is no day",
    "46": "is no day",
    "": "week '' is no day",
    "x" * 200: "is no day",
}


@pytest.mark.parametrize(("week", "why"), WEEKS.items(), ids=[w[:12] or "empty" for w in WEEKS])
def test_a_week_that_cannot_be_refuses_all(week: str, why: str) -> None:
    (problem,) = said(line(2, week=week, active_days=5))
    assert why in problem
    assert len(problem) < 120


@pytest.mark.parametrize("day", range(9, 16))
def test_any_day_of_a_week_means_it(day: int) -> None:
    (use,) = check([line(2, week=f"2026-11-{day:02}", records=1)], ROSTER, TODAY).uses
    assert use == Use("ann", W46, {RECORDS: 1})
    assert week_of(date(2026, 11, day)) == W46


def test_a_week_is_over_on_its_monday_after() -> None:
    late = [line(2, week="2026-11-15", records=1)]
    assert check(late, ROSTER, date(2026, 11, 15)).problems
    assert check(late, ROSTER, date(2026, 11, 16)).uses


def test_what_stands_there_twice_counts_once_and_is_reported() -> None:
    found = check(
        [
            line(2, records=3),
            line(3, "ANN@X", week="2026-11-12", records=3),
            line(4, active_days=2),
        ],
        ROSTER,
        TODAY,
    )
    assert found.uses == (Use("ann", W46, {RECORDS: 3, DAYS: 2}),)
    assert [str(one) for one in found.repeated] == [
        "line 3: this person and week stand on line 2, too, and count once"
    ]


def test_two_that_contradict_each_other_are_named_both() -> None:
    assert said(line(2, records=3), line(3, "bob", records=4), line(7, "ann@x", records=4)) == [
        "line 7: records is 4, and 3 on line 2"
    ]


def test_a_gap_contradicts_nothing() -> None:
    found = check([line(2, records=3), line(3)], ROSTER, TODAY)
    assert (found.uses, found.repeated) == ((Use("ann", W46, {RECORDS: 3}),), ())


@pytest.mark.parametrize("who", ["nobody", "nobody@x", "same@x", "ANN", "@"])
def test_nobody_we_know_is_left_out_and_reported(who: str) -> None:
    found = check([line(2, records=3), line(3, who, records=4)], ROSTER, TODAY)
    assert [use.person for use in found.uses] == ["ann"]
    assert [str(one) for one in found.unknown] == ["line 3: this is nobody we know"]


def test_an_address_is_theirs_who_are_here() -> None:
    found = check([line(2, "bob@x", records=3), line(3, "old", records=1)], ROSTER, TODAY)
    assert [use.person for use in found.uses] == ["bob", "old"]


def test_a_line_about_nobody_refuses_all() -> None:
    assert said(line(2, "", records=3)) == ["line 2: it says of nobody whose week this is"]


def test_every_wrong_line_is_named() -> None:
    lines = [line(n, records=-1, quality=7) for n in range(2, 30)]
    assert len(said(*lines)) == 56


def test_weeks_and_people_stay_apart() -> None:
    lines = [
        line(n, who, week) for n, who in enumerate(("ann", "bob"), 2) for week in ("2026-11-02",)
    ]
    told = [Line(one.line, one.person, "", one.week, {LEADS: 0.5}) for one in lines]
    assert check(told, ROSTER, TODAY).uses == (
        Use("ann", W45, {LEADS: 0.5}),
        Use("bob", W45, {LEADS: 0.5}),
    )
