"""The digest: rounded numbers, movement from what was told alone, one thing to do."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from nudges.activities import UNKNOWN, Activity, Known, Phase, Rhythm, Tick
from nudges.adkar import Element
from nudges.digest import (
    DigestNote,
    Kind,
    Line,
    Missing,
    Movement,
    Number,
    View,
    focus,
    occasion,
    people,
    suggested,
    sum_up,
    tenths,
)
from nudges.people import Person
from nudges.roles import Role

MONDAY, NOW = date(2026, 11, 16), datetime(2026, 11, 16, 8, 30, tzinfo=UTC)
WEEK = "2026-11-09"
MAN = Person("m", zone="UTC", roles=frozenset({"manager"}))
BOSS = Person("s", zone="UTC", roles=frozenset({"sponsor", "manager"}))
ACTIVITIES = (
    Activity("know", Role.MANAGER, Element.KNOWLEDGE, Rhythm.WEEKLY),
    Activity("know-b", Role.MANAGER, Element.KNOWLEDGE, Rhythm.ONCE),
    Activity("want", Role.MANAGER, Element.DESIRE, Rhythm.WEEKLY),
    Activity("last", Role.MANAGER, Element.REINFORCEMENT, Rhythm.WEEKLY, "after"),
    Activity("speak", Role.SPONSOR, Element.DESIRE, Rhythm.WEEKLY),
)


def number(kind: Kind = "active", /, **shares: float) -> Number:
    return Number(kind, WEEK, "10-19", tuple(shares.items()))


@pytest.mark.parametrize(
    ("share", "n"),
    [
        *((0, 0), (0.04, 0), (0.05, 1), (0.149, 1), (0.15, 2), (0.5, 5), (0.95, 10), (1, 10)),
        *((9, 10), (-1, 0), (float("nan"), 0)),
    ],
)
def test_a_share_is_told_in_tenths(share: float, n: int) -> None:
    assert tenths(share) == n


@pytest.mark.parametrize(
    ("band", "read"),
    [
        *(("5-9", (5, 9)), ("200-499", (200, 499)), ("", None), ("5", None), ("5-", None)),
        *(("-9", None), ("a-b", None), ("\u0665-\u0669", None), ("5\u20139", None)),
    ],
)
def test_a_band_is_read_or_not_told(band: str, read: tuple[int, int] | None) -> None:
    assert people(band) == read


@pytest.mark.parametrize(
    ("now", "before", "way"),
    [
        (number(yes=0.7), number(yes=0.6), "up"),
        (number(yes=0.6), number(yes=0.7), "down"),
        (number(yes=0.61), number(yes=0.64), "same"),
        (number(), number(yes=0.3), "down"),
        (number("response", answered=0.5), number("response", answered=0.4), "up"),
        (Number("records", WEEK, "5-9", mean=4.04), Number("records", WEEK, "5-9", mean=4), "same"),
        (Number("records", WEEK, "5-9", mean=4.1), Number("records", WEEK, "5-9", mean=4), "up"),
        (
            Number("leads_in_time", WEEK, "5-9", mean=0.81),
            Number("leads_in_time", WEEK, "5-9", mean=0.84),
            "same",
        ),
        (number(yes=0.7), None, None),
    ],
)
def test_movement_is_between_what_was_told(
    now: Number, before: Number | None, way: Movement | None
) -> None:
    assert Line(now, before).moved() == way


def test_movement_of_one_category() -> None:
    one = Line(number("barrier", desire=0.4, none=0.6), number("barrier", ability=0.4, none=0.6))
    assert [one.moved(c) for c in ("desire", "ability", "none")] == ["up", "down", "same"]


BARRIERS = {"knowledge": 0.4, "desire": 0.1, "none": 0.5}


@pytest.mark.parametrize(
    ("shares", "phase", "found"),
    [
        (BARRIERS, "calm", Element.KNOWLEDGE),
        ({"awareness": 0.2, "desire": 0.6}, "before", Element.AWARENESS),
        ({"awareness": 0.1, "none": 0.9}, "before", None),
        ({"awareness": 0.1, "none": 0.9}, "after", Element.REINFORCEMENT),
    ],
)
def test_the_focus_is_the_earliest_that_holds_up_a_fifth(
    shares: dict[str, float], phase: Phase, found: Element | None
) -> None:
    assert focus([Line(number(yes=1)), Line(number("barrier", **shares))], phase) is found


def test_without_barriers_there_is_no_focus() -> None:
    assert focus([Line(number(yes=1))], "after") is None


@pytest.mark.parametrize(
    ("person", "view", "about", "phase", "found"),
    [
        (MAN, "team", Element.KNOWLEDGE, "calm", "know"),
        (MAN, "team", Element.DESIRE, "calm", "want"),
        (MAN, "team", Element.REINFORCEMENT, "calm", ""),
        (MAN, "team", Element.REINFORCEMENT, "after", "last"),
        (MAN, "team", None, "after", ""),
        (BOSS, "organisation", Element.DESIRE, "calm", "speak"),
        (BOSS, "team", Element.DESIRE, "calm", "want"),
        (MAN, "organisation", Element.DESIRE, "calm", ""),
    ],
)
def test_what_is_suggested_is_about_the_focus_and_for_the_role(
    person: Person, view: View, about: Element | None, phase: Phase, found: str
) -> None:
    assert suggested(person, view, ACTIVITIES, UNKNOWN, phase, about, MONDAY) == found


def test_what_was_done_makes_way_for_something_else() -> None:
    done = Tick("m", "know", "2026-W46", "done", NOW)
    later = Tick("m", "know", "2026-W40", "later", NOW)
    for known, found in ((Known((done,)), "know-b"), (Known((later,)), "know-b")):
        said = suggested(MAN, "team", ACTIVITIES, known, "calm", Element.KNOWLEDGE, MONDAY)
        assert said == found
    both = Known((done, replace(done, activity="know-b")))
    assert suggested(MAN, "team", ACTIVITIES, both, "calm", Element.KNOWLEDGE, MONDAY) == ""


def test_a_digest_holds_the_numbers_themselves() -> None:
    lines = (Line(number(yes=0.7)), Line(number("barrier", **BARRIERS)))
    made = sum_up(
        *(MAN, date(2026, 11, 9), "team", lines, (Missing("level", "few"),)),
        activities=ACTIVITIES,
        known=UNKNOWN,
        phase="calm",
        day=MONDAY,
        first=True,
    )
    assert made == DigestNote(
        *(WEEK, "team", lines, (Missing("level", "few"),), "know"), first=True, whose="m"
    )
    assert (made.subject, made.roles, made.normed) == (f"digest:{WEEK}", {"manager"}, "m")
    assert made.told("barrier") == lines[1]
    assert made.told("level") is None


def test_one_level_up_nobodys_norms_are_shown() -> None:
    made = sum_up(
        *(BOSS, date(2026, 11, 9), "organisation", ()),
        activities=ACTIVITIES,
        known=UNKNOWN,
        phase="calm",
        day=MONDAY,
    )
    assert (made.whose, made.action, made.roles) == ("", "", {"sponsor", "crm_team"})


def test_each_view_has_a_digest_of_its_own() -> None:
    assert occasion(WEEK, "team") != occasion(WEEK, "organisation")
