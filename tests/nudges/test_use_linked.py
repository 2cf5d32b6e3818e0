"""What follows from somebody's use: one thing a week, what changed, then help, never blame."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from nudges.adkar import Element, Standing
from nudges.adoption import WEEK, Metric
from nudges.delivery import Note, Priority, State
from nudges.levels import Goal, Judged, Level, Levels, Verdict
from nudges.people import Person, Recognition
from nudges.use_linked import (
    Came,
    Days,
    InactiveNote,
    LevelNote,
    OwnUse,
    QualityNote,
    ResultNote,
    StopsNote,
    idle_weeks,
    occasion,
    plan,
    settled,
)

FIRST = date(2026, 3, 2)
NOW = datetime(2026, 3, 30, 9, 0, tzinfo=UTC)
"""A Monday morning, after four weeks."""
ANN = Person("ann", zone="UTC", job="sales", welcomed=True)
LEVELS = Levels(
    {
        1: Level(1, (Goal(Metric.ACTIVE_DAYS, 3),)),
        2: Level(2, (Goal(Metric.QUALITY, 0.8),)),
    }
)
WEEKS = [FIRST + n * WEEK for n in range(4)]
LAST = WEEKS[-1].isoformat()
NO_ANSWERS = Standing(dict.fromkeys(Element), {}, {}, "unknown", provisional=True, fragile=())


def standing(**scores: float) -> Standing:
    known = {Element(name): score for name, score in scores.items()}
    return replace(NO_ANSWERS, scores=dict.fromkeys(Element) | known)


def judged(levels: str, verdicts: str, second: str = "....") -> list[Judged]:
    """Return four weeks: the level after each, and how they went for the first and second."""
    named: Mapping[str, Verdict] = {"m": "met", "f": "failed", ".": "gap", "a": "away"}
    return [
        Judged("ann", week, int(level), (named[one], named[two], "gap"))
        for week, level, one, two in zip(WEEKS, levels, verdicts, second, strict=True)
    ]


def days(*known: float | None, **more: float) -> dict[date, Mapping[Metric, float]]:
    extra = {Metric(name): value for name, value in more.items()}
    return {
        week: {Metric.ACTIVE_DAYS: value, **extra}
        for week, value in zip(WEEKS, known, strict=True)
        if value is not None
    }


WELL = days(4, 4, 4, 4)
NONE_CAME: Sequence[Came] = ()


def planned(
    weeks: Sequence[Judged],
    measured: Mapping[date, Mapping[Metric, float]] = WELL,
    *,
    person: Person = ANN,
    said: Standing = NO_ANSWERS,
    came: Sequence[Came] = NONE_CAME,
) -> Note | None:
    found = plan(LEVELS, person, measured, weeks, standing=said, came=came, now=NOW)
    if found is None:
        return None
    assert found.priority is Priority.NUDGE
    assert found.touches, "it counts in the budget"
    assert found.occasion == occasion(WEEKS[-1]) == "use:2026-W13"
    return found.note


@pytest.mark.parametrize(
    ("weeks", "note"),
    [
        (judged("0001", "mfmm"), LevelNote("reached", 1, LAST)),
        (judged("0012", "mmmm"), LevelNote("reached", 2, LAST)),
        (judged("1111", "mmmf"), LevelNote("warning", 1, LAST)),
        (judged("1110", "mmff"), LevelNote("lost", 1, LAST)),
        (judged("2221", "mmmm", "mmff"), LevelNote("lost", 2, LAST)),
        (judged("1111", "mmmm"), None),
        (judged("1111", "mmm."), None),
        (judged("1111", "mmma"), None),
        (judged("0000", "ffff"), None),
    ],
)
def test_what_the_week_did_to_the_level(weeks: list[Judged], note: Note | None) -> None:
    assert planned(weeks) == note


@pytest.mark.parametrize(
    ("known", "rung"),
    [
        ((3, 3, 3, 0), "7"),
        ((3, 3, 0, 0), "14"),
        ((3, 0, 0, 0), None),
        ((0, 0, 0, 0), "28"),
        ((0, 0, None, 0), "7"),
        ((0, 0, 0, None), None),
        ((0, 0, 0, 1), None),
    ],
)
def test_help_rises_by_weeks_without_work(
    known: tuple[float | None, ...], rung: Days | None
) -> None:
    note = InactiveNote(rung, LAST) if rung else None
    assert planned(judged("0000", "ffff"), days(*known)) == note


def test_after_four_weeks_there_is_no_further_rung() -> None:
    long = {FIRST - n * WEEK: {Metric.ACTIVE_DAYS: 0.0} for n in range(6)}
    assert idle_weeks(long, FIRST) == 6
    assert idle_weeks({}, FIRST) == 0


def test_who_was_away_is_not_asked_where_they_were() -> None:
    assert planned(judged("0000", "fffa"), days(3, 3, 3, 0)) is None


class TestSayAndDo:
    @pytest.mark.parametrize(
        ("said", "weeks", "asks"),
        [
            ({"ability": 4.5}, "ffff", True),
            ({"reinforcement": 5.0}, "ffff", True),
            ({"ability": 4.4}, "ffff", False),
            ({"knowledge": 5.0}, "ffff", False),
            ({"ability": 5.0}, "mmmf", False),
            ({"ability": 5.0}, "f..f", True),
            ({}, "ffff", False),
        ],
    )
    def test_says_well_and_does_little(
        self,
        said: dict[str, float],
        weeks: str,
        asks: bool,  # noqa: FBT001
    ) -> None:
        found = planned(judged("0000", weeks), days(1, 1, 1, 1), said=standing(**said))
        assert found == (StopsNote(LAST) if asks else None)

    @pytest.mark.parametrize(
        ("said", "level", "shows"),
        [
            ({"ability": 2.5}, "2222", True),
            ({"reinforcement": 1.0}, "3333", True),
            ({"ability": 2.6}, "2222", False),
            ({"ability": 1.0}, "1111", False),
        ],
    )
    def test_says_badly_and_does_well(
        self,
        said: dict[str, float],
        level: str,
        shows: bool,  # noqa: FBT001
    ) -> None:
        weeks = [replace(one, verdicts=("met",) * 3) for one in judged(level, "mmmm")]
        found = planned(weeks, said=standing(**said))
        assert found == (ResultNote(LAST) if shows else None)
        quiet = replace(ANN, recognition=Recognition.NONE)
        assert planned(weeks, person=quiet, said=standing(**said)) is None

    @pytest.mark.parametrize(("ago", "again"), [(41, False), (42, True)])
    def test_not_again_for_six_weeks(self, ago: int, again: bool) -> None:  # noqa: FBT001
        came = [Came("stops", NOW - timedelta(days=ago))]
        weeks, said = judged("0000", "ffff"), standing(ability=5.0)
        found = planned(weeks, days(1, 1, 1, 1), said=said, came=came)
        assert (found is not None) is again


class TestQuality:
    POOR = days(4, 4, 4, 4, quality=0.6)
    WEEKS_ = judged("1111", "mmmm", "ffff")

    def test_to_the_owner_when_nothing_matters_more(self) -> None:
        assert planned(self.WEEKS_, self.POOR) == QualityNote(LAST)
        assert planned(self.WEEKS_, days(4, 4, 4, 4, quality=0.8)) is None
        assert planned(self.WEEKS_, WELL) is None, "of a gap nothing is said"

    def test_what_comes_only_with_the_level_after_next_waits(self) -> None:
        assert planned(judged("0000", "ffff"), self.POOR) is None

    @pytest.mark.parametrize(
        ("came", "again"),
        [
            ([27], False),
            ([28], True),
            ([60, 30], False),
        ],
    )
    def test_now_and_then_and_not_when_ignored_twice(
        self,
        came: list[int],
        again: bool,  # noqa: FBT001
    ) -> None:
        had = [Came("quality", NOW - timedelta(days=ago)) for ago in came]
        assert (planned(self.WEEKS_, self.POOR, came=had) is not None) is again
        reacted = [replace(one, answered=NOW) for one in had]
        found = planned(self.WEEKS_, self.POOR, came=reacted)
        assert (found is not None) is (min(came) >= 28)


@pytest.mark.parametrize(
    "change", [{"stopped": True}, {"left": True}, {"welcomed": False}], ids=str
)
def test_who_wants_quiet_or_was_not_welcomed_hears_nothing(change: dict[str, bool]) -> None:
    assert planned(judged("0001", "mfmm"), person=replace(ANN, **change)) is None


def test_it_waits_for_working_hours_and_until_they_are_back() -> None:
    evening = datetime(2026, 3, 30, 21, tzinfo=UTC)
    weeks = judged("0001", "mfmm")
    found = plan(LEVELS, ANN, WELL, weeks, standing=NO_ANSWERS, came=(), now=evening)
    assert found is not None
    assert found.due == datetime(2026, 3, 31, 9, tzinfo=UTC)


class TestTheLastLook:
    NOTE = LevelNote("reached", 1, LAST)

    @pytest.mark.parametrize(
        ("use", "sent"),
        [
            (OwnUse(WELL, tuple(judged("0001", "mfmm")), WEEKS[-1], on=True), True),
            (OwnUse(WELL, tuple(judged("0001", "mfmm")), WEEKS[-1], on=False), False),
            (OwnUse(WELL, tuple(judged("0001", "mfmm")[:-1]), WEEKS[-1], on=True), False),
            (OwnUse(WELL, tuple(judged("0000", "mffm")), WEEKS[-1], on=True), False),
            (OwnUse(on=True), False),
            (None, False),
        ],
    )
    def test_off_overtaken_or_corrected_is_not_sent(
        self,
        use: OwnUse | None,
        sent: bool,  # noqa: FBT001
    ) -> None:
        found = settled(self.NOTE, use)
        assert (found is None) is sent
        if found is not None:
            assert found.state is State.CANCELLED
