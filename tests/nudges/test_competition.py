"""Points, caps, ties, corrections, and what is never shown: fewer than five, and any bottom."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from nudges.adoption import WEEK, Metric, Use
from nudges.competition import (
    NAMED,
    Award,
    Competition,
    Contest,
    Place,
    Row,
    State,
    amount,
    by_metric,
    closes,
    due_rows,
    finished,
    first_three,
    first_week,
    points,
    refusals,
    told_weeks,
    whole_weeks,
)

DAYS, RECORDS, QUALITY = Metric.ACTIVE_DAYS, Metric.RECORDS, Metric.QUALITY
BOTH = {"en": "Early birds", "nl": "Vroege vogels"}
STARTS, ENDS = date(2026, 11, 2), date(2026, 11, 29)
GAME = Competition(
    "birds",
    BOTH,
    BOTH,
    BOTH,
    STARTS,
    ENDS,
    ("sales",),
    {DAYS: Award(2, 8), RECORDS: Award(1, 20), QUALITY: Award(1, 10)},
)
FIRST, SECOND = STARTS, STARTS + WEEK
LATER = datetime(2026, 12, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("metric", "value", "many"),
    [
        (DAYS, 4.0, 4),
        (DAYS, 0.0, 0),
        (RECORDS, 33.0, 33),
        (QUALITY, 0.0, 0),
        (QUALITY, 0.7, 7),
        (QUALITY, 0.3, 3),
        (QUALITY, 0.69999, 6),
        (QUALITY, 0.999, 9),
        (QUALITY, 1.0, 10),
    ],
)
def test_how_often_points_are_given(metric: Metric, value: float, many: int) -> None:
    assert amount(metric, value) == many


@pytest.mark.parametrize(
    ("award", "many", "gives"),
    [
        (Award(2, 8), 0, 0),
        (Award(2, 8), 3, 6),
        (Award(2, 8), 4, 8),
        (Award(2, 8), 5, 8),
        (Award(3, 8), 3, 8),
        (Award(1, 20), 4000, 20),
    ],
)
def test_points_have_a_most_each_week(award: Award, many: int, gives: int) -> None:
    assert points(award, many) == gives


@pytest.mark.parametrize(
    ("starts", "ends", "weeks"),
    [
        ("2026-11-02", "2026-11-08", ["2026-11-02"]),
        ("2026-11-02", "2026-11-07", []),
        ("2026-11-03", "2026-11-15", ["2026-11-09"]),
        ("2026-11-01", "2026-11-16", ["2026-11-02", "2026-11-09"]),
    ],
)
def test_only_whole_weeks_count(starts: str, ends: str, weeks: list[str]) -> None:
    found = whole_weeks(date.fromisoformat(starts), date.fromisoformat(ends))
    assert [one.isoformat() for one in found] == weeks


@pytest.mark.parametrize(
    ("joined", "first"), [("2026-11-02", "2026-11-02"), ("2026-11-03", "2026-11-09")]
)
def test_from_the_first_monday_after_joining_on(joined: str, first: str) -> None:
    assert first_week(date.fromisoformat(joined)) == date.fromisoformat(first)


class TestRows:
    JOINED: Mapping[str, date] = {"ann": STARTS, "bob": STARTS + timedelta(days=2)}

    def test_each_week_gives_a_row_for_each_metric(self) -> None:
        uses = [Use("ann", FIRST, {DAYS: 5.0, RECORDS: 7.0})]
        assert due_rows(GAME, self.JOINED, uses, {}, LATER) == [
            Row("ann", FIRST, DAYS, 5, 8),
            Row("ann", FIRST, RECORDS, 7, 7),
        ]

    @pytest.mark.parametrize(
        ("use", "why"),
        [
            (Use("eve", FIRST, {DAYS: 5.0}), "she takes no part"),
            (Use("bob", FIRST, {DAYS: 5.0}), "he joined on Wednesday"),
            (Use("ann", FIRST - WEEK, {DAYS: 5.0}), "before it began"),
            (Use("ann", date(2026, 11, 30), {DAYS: 5.0}), "after it ended"),
            (Use("ann", FIRST, {Metric.HYGIENE: 1.0}), "it gives no points"),
            (Use("ann", FIRST, {}), "a gap is no zero"),
        ],
    )
    def test_what_gives_none(self, use: Use, why: str) -> None:
        assert due_rows(GAME, self.JOINED, [use], {}, LATER) == [], why

    def test_a_week_that_is_not_over_gives_none_yet(self) -> None:
        uses = [Use("ann", FIRST, {DAYS: 5.0})]
        sunday = datetime(2026, 11, 8, 23, tzinfo=UTC)
        assert due_rows(GAME, self.JOINED, uses, {}, sunday) == []
        assert len(due_rows(GAME, self.JOINED, uses, {}, sunday + timedelta(hours=2))) == 1

    @pytest.mark.parametrize(
        ("value", "row"),
        [
            (5.0, None),
            (3.0, Row("ann", FIRST, DAYS, -2, -2, 2)),
            (7.0, Row("ann", FIRST, DAYS, 2, 0, 2)),
            (0.0, Row("ann", FIRST, DAYS, -5, -8, 2)),
        ],
    )
    def test_told_otherwise_a_row_corrects_it(self, value: float, row: Row | None) -> None:
        uses, had = [Use("ann", FIRST, {DAYS: value})], {("ann", FIRST, DAYS): (1, 5, 8)}
        assert due_rows(GAME, self.JOINED, uses, had, LATER) == ([row] if row else [])

    def test_corrected_twice_it_is_what_was_told_last(self) -> None:
        had = dict[tuple[str, date, Metric], tuple[int, int, int]]()
        kept: list[Row] = []
        for value in (5.0, 1.0, 1.0, 4.0):
            rows = due_rows(GAME, self.JOINED, [Use("ann", FIRST, {DAYS: value})], had, LATER)
            kept += rows
            for row in rows:
                n, many, gives = had.get((row.person, row.week, row.metric), (0, 0, 0))
                had[row.person, row.week, row.metric] = (
                    n + 1,
                    many + row.amount,
                    gives + row.points,
                )
        assert [(row.amount, row.points, row.nth) for row in kept] == [
            (5, 8, 1),
            (-4, -6, 2),
            (3, 6, 3),
        ]
        assert by_metric(kept) == {DAYS: (4, 8)}

    def test_a_zero_is_told_once(self) -> None:
        uses = [Use("ann", FIRST, {DAYS: 0.0})]
        assert due_rows(GAME, self.JOINED, uses, {}, LATER) == [Row("ann", FIRST, DAYS, 0, 0)]
        had = {("ann", FIRST, DAYS): (1, 0, 0)}
        assert due_rows(GAME, self.JOINED, uses, had, LATER) == []


NAMES = {who: who.title() for who in ("ann", "bob", "cas", "dee", "eve", "fay")}


class TestFirstThree:
    @pytest.mark.parametrize(
        ("sums", "places"),
        [
            ({"ann": 9, "bob": 8, "cas": 7, "dee": 6}, []),
            (
                {"ann": 9, "bob": 8, "cas": 7, "dee": 6, "eve": 5},
                [(1, "Ann"), (2, "Bob"), (3, "Cas")],
            ),
            ({"ann": 9, "bob": 9, "cas": 7, "dee": 6, "eve": 5}, [(1, "Ann Bob"), (3, "Cas")]),
            ({"ann": 9, "bob": 9, "cas": 9, "dee": 9, "eve": 5}, [(1, "Ann Bob Cas Dee")]),
            (
                {"ann": 9, "bob": 8, "cas": 7, "dee": 7, "eve": 5},
                [(1, "Ann"), (2, "Bob"), (3, "Cas Dee")],
            ),
            ({"ann": 9, "bob": 8, "cas": 8, "dee": 7, "eve": 5}, [(1, "Ann"), (2, "Bob Cas")]),
            ({"ann": 9, "bob": 0, "cas": 0, "dee": 0, "eve": 0}, [(1, "Ann")]),
            (dict.fromkeys(NAMES, 0), []),
            ({}, []),
        ],
    )  # fmt: skip
    def test_ties_stand_together_and_nobody_below(
        self, sums: dict[str, int], places: list[tuple[int, str]]
    ) -> None:
        found = [(one.rank, " ".join(one.names)) for one in first_three(sums, NAMES)]
        assert found == places
        assert all(rank <= 3 for rank, _ in found)

    def test_who_corrected_below_zero_is_no_winner(self) -> None:
        sums = {"ann": -3, "bob": -1, "cas": 0, "dee": 0, "eve": 0}
        assert first_three(sums, NAMES) == ()

    def test_many_who_are_level_are_not_all_named(self) -> None:
        sums = {f"p{n:02}": 8 for n in range(40)}
        (place,) = first_three(sums, {})
        assert place.more
        assert len(place.names) == NAMED
        sums |= {"p39": 9}
        assert first_three(sums, {})[0] == Place(1, ("p39",))


class TestStates:
    CONTEST = Contest(1, GAME, released=True)

    @pytest.mark.parametrize(
        ("contest", "day", "state"),
        [
            (replace(CONTEST, released=False), "2026-11-10", State.DRAFT),
            (CONTEST, "2026-11-01", State.ANNOUNCED),
            (CONTEST, "2026-11-02", State.RUNNING),
            (CONTEST, "2026-11-29", State.RUNNING),
            (CONTEST, "2026-11-30", State.ENDED),
            (replace(CONTEST, closed=True), "2026-12-10", State.CLOSED),
            (replace(CONTEST, cancelled=True), "2026-11-10", State.CANCELLED),
        ],
    )
    def test_where_it_is(self, contest: Contest, day: str, state: State) -> None:
        assert contest.state(date.fromisoformat(day)) is state

    @pytest.mark.parametrize(
        ("day", "joinable"),
        [("2026-10-20", True), ("2026-11-23", True), ("2026-11-24", False), ("2026-11-30", False)],
    )
    def test_joined_as_long_as_a_whole_week_is_to_come(self, day: str, *, joinable: bool) -> None:
        assert self.CONTEST.open(date.fromisoformat(day)) is joinable

    def test_closed_when_what_comes_late_has_come(self) -> None:
        assert closes(GAME) == date(2026, 12, 8)
        before = datetime(2026, 12, 7, 23, tzinfo=UTC)
        assert finished([self.CONTEST], before) == []
        assert finished([self.CONTEST], before + timedelta(hours=2)) == [self.CONTEST]
        assert finished([replace(self.CONTEST, closed=True)], before + WEEK) == []

    def test_weeks_that_are_told(self) -> None:
        assert told_weeks(GAME, datetime(2026, 11, 15, 23, tzinfo=UTC)) == (FIRST,)
        assert told_weeks(GAME, datetime(2026, 11, 16, 1, tzinfo=UTC)) == (FIRST, SECOND)


def wrong(
    game: Competition, day: str = "2026-10-20", before: Competition | None = None
) -> set[str]:
    found = refusals(game, ("en", "nl"), {"sales"}, date.fromisoformat(day), before)
    return {f"{field}:{why}" for field, why in found}


class TestRefusals:
    def test_nothing(self) -> None:
        assert wrong(GAME) == set()

    @pytest.mark.parametrize(
        ("game", "said"),
        [
            (replace(GAME, name={"en": "x"}), {"name_nl:empty"}),
            (replace(GAME, rule={"en": "x" * 301, "nl": "y"}), {"rule_en:text"}),
            (replace(GAME, prize={"en": "a\nb", "nl": "y"}), {"prize_en:text"}),
            (replace(GAME, name={"en": "a\u202eb", "nl": "y"}), {"name_en:text"}),
            (replace(GAME, starts=date(2026, 10, 19)), {"starts:past"}),
            (replace(GAME, ends=date(2026, 10, 30)), {"ends:ends"}),
            (replace(GAME, ends=date(2026, 11, 7)), {"ends:short"}),
            (replace(GAME, ends=date(2027, 7, 30)), {"ends:long"}),
            (replace(GAME, segments=("moon",)), {"segments:segments"}),
            (replace(GAME, awards={}), {"records:awards"}),
            (replace(GAME, awards={DAYS: Award(0, 8)}), {"active_days:award"}),
            (replace(GAME, awards={DAYS: Award(9, 8)}), {"active_days:award"}),
            (replace(GAME, awards={DAYS: Award(101, 900)}), {"active_days:award"}),
            (replace(GAME, awards={DAYS: Award(1, 1001)}), {"active_days:award"}),
        ],
    )
    def test_each(self, game: Competition, said: set[str]) -> None:
        assert wrong(game) == said

    @pytest.mark.parametrize(
        ("game", "said"),
        [
            (replace(GAME, ends=ENDS + WEEK), set[str]()),
            (replace(GAME, ends=ENDS - WEEK), {"ends:shorter"}),
            (replace(GAME, prize={"en": "more", "nl": "meer"}), {"begun:begun"}),
            (replace(GAME, awards={DAYS: Award(9, 9)}), {"begun:begun"}),
            (replace(GAME, ends=ENDS + 40 * WEEK), {"ends:long"}),
        ],
    )
    def test_begun_it_can_only_be_prolonged(self, game: Competition, said: set[str]) -> None:
        assert wrong(game, "2026-11-10", GAME) == said
