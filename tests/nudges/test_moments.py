"""What happens by itself: when each moment is due, once, never long after, and for whom."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from nudges.hours import DAY
from nudges.moments import (
    CelebrationNote,
    MomentNote,
    StoryNote,
    WishNote,
    candidates,
    moments,
    passed,
)
from nudges.people import Hours, Person
from nudges.programme import Programme, Segment
from nudges.stories import Consent, Told

GO_LIVE = date(2026, 11, 2)
PROGRAMME = Programme(
    {}, segments={"sales": Segment("sales", go_live=GO_LIVE), "later": Segment("later")}
)
TOLD = datetime(2026, 11, 5, tzinfo=UTC)


def story(number: int, **changes: object) -> Told:
    one = Told(number, "p", "It went well", Consent.NAMED, "sales", TOLD, approved=True)
    return replace(one, **changes)


def due(moment: str, *told: Told, begun: frozenset[str] = frozenset()) -> list[str]:
    now = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    found = moments(PROGRAMME, now, told, begun)
    assert {m.occasion for m in found} <= candidates(PROGRAMME, told)
    return [m.occasion for m in found]


CELEBRATE, WISH = "celebrate:sales:2026-11-02", "wish:sales:2026-11-03"
COLLECT, SHARE = "collect:sales:2026-11-16", "story:sales:2026-11-16"
VERDICT = "verdict:sales:2027-01-31"


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-11-01 09:59", []),
        ("2026-11-01 10:00", [CELEBRATE]),
        ("2026-11-02 09:59", [CELEBRATE]),
        ("2026-11-02 10:00", [CELEBRATE, WISH]),
        ("2026-11-05 11:59", [CELEBRATE, WISH]),
        ("2026-11-05 12:00", [WISH]),
        ("2026-11-11 11:59", [WISH]),
        ("2026-11-11 12:00", []),
        ("2026-11-15 09:59", []),
        ("2026-11-15 10:00", [COLLECT]),
        ("2026-11-24 12:00", []),
        ("2027-01-30 09:59", ["collect:sales:2027-01-25"]),
        ("2027-01-30 10:00", ["collect:sales:2027-01-25", VERDICT]),
        ("2027-02-13 11:59", [VERDICT]),
        ("2027-02-13 12:00", []),
        ("2030-01-01 00:00", []),
    ],
)
def test_when(moment: str, expected: list[str]) -> None:
    assert due(moment) == expected


def test_what_has_begun_is_not_due_again() -> None:
    assert due("2026-11-02 12:00", begun=frozenset({CELEBRATE})) == [WISH]
    assert due("2026-11-16 12:00", begun=frozenset({COLLECT})) == []
    assert due("2026-11-16 12:00", story(7), begun=frozenset({SHARE})) == []


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ([story(7)], [SHARE]),
        ([story(7, consent=Consent.UNNAMED)], [SHARE]),
        ([story(7, segment="later")], [SHARE]),
        ([story(7, consent=Consent.KEPT)], [COLLECT]),
        ([story(7, approved=None)], ["judge:7", COLLECT]),
        ([story(7, approved=False)], [COLLECT]),
        ([story(7, shared=TOLD)], [COLLECT]),
        ([story(7, consent=Consent.KEPT, approved=None)], [COLLECT]),
    ],
)
def test_a_story_is_told_only_with_consent_and_once_it_was_read(
    told: list[Told], expected: list[str]
) -> None:
    assert due("2026-11-16 12:00", *told) == expected


def test_own_colleagues_come_first_and_then_the_oldest() -> None:
    told = [
        story(7, segment="later", at=TOLD - DAY),
        story(8, at=TOLD + DAY),
        story(9),
    ]
    found = moments(PROGRAMME, datetime(2026, 11, 16, 12, tzinfo=UTC), told)
    assert [m.story for m in found] == [9]


def test_two_segments_on_one_day_tell_two_stories() -> None:
    both = Programme(
        {}, segments={key: Segment(key, go_live=GO_LIVE) for key in ("sales", "later")}
    )
    now = datetime(2026, 11, 16, 12, tzinfo=UTC)
    two = moments(both, now, [story(7), story(8)])
    assert [(m.segment, m.story) for m in two] == [("later", 7), ("sales", 8)]
    one = moments(both, now, [story(7)])
    assert [(m.name, m.segment) for m in one] == [("story", "later"), ("collect", "sales")]


MONDAYS = Hours(time(9), time(17), (0,))
CELEBRATION = CelebrationNote("sales", "2026-11-02")


@pytest.mark.parametrize(
    ("person", "last", "late"),
    [
        pytest.param(Person("p"), "2026-11-04 23:00", "2026-11-05 00:00", id="two days on"),
        pytest.param(
            Person("p", hours=MONDAYS), "2026-11-22 12:00", "2026-11-23 09:00", id="mondays alone"
        ),
        pytest.param(
            Person("p", zone="America/Los_Angeles"),
            "2026-11-05 08:00",
            "2026-11-05 10:00",
            id="in the west",
        ),
        pytest.param(
            Person("p", zone="Pacific/Auckland"),
            "2026-11-04 10:00",
            "2026-11-04 12:00",
            id="in the east",
        ),
    ],
)
def test_a_celebration_is_for_two_working_days(person: Person, last: str, late: str) -> None:
    segment = PROGRAMME.segments["sales"]
    person = replace(person, segment="sales")
    found = [
        passed(
            CELEBRATION,
            person,
            segment.live_from(person.zone),
            datetime.fromisoformat(moment).replace(tzinfo=UTC) - hour,
        )
        for moment, hour in ((last, timedelta(hours=1)), (late, timedelta()))
    ]
    assert found == ["", "its day has passed"]


@pytest.mark.parametrize(
    ("note", "segment", "go_live", "why"),
    [
        (CELEBRATION, "sales", GO_LIVE, ""),
        (CELEBRATION, "sales", GO_LIVE + DAY, "the day was moved"),
        (CELEBRATION, "sales", None, "the day was moved"),
        (CELEBRATION, "later", GO_LIVE, "they are in another part of the organisation now"),
        (WishNote("sales", "2026-11-03", "2026-12-02"), "sales", GO_LIVE, ""),
        (
            WishNote("sales", "2026-11-03", "2026-12-02"),
            "sales",
            GO_LIVE - DAY,
            "the day was moved",
        ),
        (WishNote(), "later", None, ""),
        (StoryNote(7, "sales", "2026-11-02"), "sales", None, ""),
    ],
)
def test_what_changed_meanwhile(
    note: MomentNote, segment: str, go_live: date | None, why: str
) -> None:
    person = Person("p", segment=segment)
    start = Segment("sales", go_live=go_live).live_from(person.zone)
    assert passed(note, person, start, datetime(2026, 11, 3, 10, tzinfo=UTC)) == why
