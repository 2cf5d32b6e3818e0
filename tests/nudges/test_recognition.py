"""Which result is worth a word, in which form, how often; and when it is not told after all."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from nudges.adoption import WEEK, Metric
from nudges.levels import Goal, Judged, Level, Levels, Verdict, Weeks
from nudges.merits import Merits, named, overtaken
from nudges.people import Person, Recognition
from nudges.recognition import (
    Deed,
    Form,
    Gain,
    MayITellNote,
    Recognised,
    RecognitionNote,
    Result,
    ResultOfNote,
    SpotlightNote,
    find,
    form_for,
    plan,
    spotlight,
    spotlight_day,
    stands_for,
)
from nudges.use_linked import Came, OwnUse

DAYS, RECORDS, QUALITY = Metric.ACTIVE_DAYS, Metric.RECORDS, Metric.QUALITY
LEVELS = Levels(
    {
        1: Level(1, (Goal(DAYS, 4), Goal(RECORDS, 3))),
        2: Level(2, (Goal(DAYS, 5), Goal(QUALITY, 0.8, weeks=4), Goal(RECORDS, 90, at_most=True))),
    },
    {DAYS: 2.0},
)
NEWEST = date(2026, 11, 16)
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
ANN = Person("ann", "Ann", manager="mo", segment="sales", welcomed=True)


def weeks(*days: float | None, metric: Metric = DAYS, **more: float) -> Weeks:
    """Return weeks up to the newest, oldest first; None is a gap."""
    found: dict[date, dict[Metric, float]] = {}
    for back, value in enumerate(reversed(days)):
        if value is not None:
            found[NEWEST - back * WEEK] = {metric: value} | {Metric(k): v for k, v in more.items()}
    return found


def judged(*levels: int, verdict: Verdict = "met", newest: date = NEWEST) -> list[Judged]:
    """Return judged weeks up to the newest, with the level held after each."""
    many = len(levels) - 1
    return [
        Judged("ann", newest - (many - n) * WEEK, level, (verdict,) * 3)
        for n, level in enumerate(levels)
    ]


def result(measured: Weeks, weeks_: list[Judged], *, newly: bool = True) -> Result | None:
    return find(LEVELS, ANN, measured, weeks_, newly=newly)


def test_a_level_reached_is_told_by_what_was_measured() -> None:
    found = result(weeks(4, 2, 5, 4, records=3.0), judged(0, 0, 0, 1))
    deeds = (Deed(DAYS, 4, 3), Deed(RECORDS, 3, 4))
    assert found == Result("level", "2026-11-16", 1, deeds)


def test_regained_is_reached_and_a_mean_is_told_as_one() -> None:
    measured = weeks(5, 5, 5, 5, records=3.0, quality=0.85)
    found = result(measured, judged(2, 1, 1, 2))
    assert found is not None
    assert found.deeds == (
        Deed(DAYS, 5, 4),
        Deed(QUALITY, 0.8, 1, of=1, weeks=4),
        Deed(RECORDS, 3, 4),
    ), "of two goals the higher; at most so much is not told"


@pytest.mark.parametrize(
    ("levels", "why"),
    [((1, 1, 1, 0), "lost"), ((), "nothing judged")],
)
def test_no_result_where_there_is_nothing_to_be_glad_of(levels: tuple[int, ...], why: str) -> None:
    assert result(weeks(4, 4, 4, 4, records=3.0), judged(*levels)) is None, why


def test_a_warning_is_no_moment_for_it() -> None:
    warned = [*judged(1, 1, 1), Judged("ann", NEWEST, 1, ("failed",) * 3)]
    warned = [replace(one, week=NEWEST - (3 - n) * WEEK) for n, one in enumerate(warned)]
    assert result(weeks(1, 1, 1, 1, 4, 4, 4, 3), warned) is None


class TestMonth:
    LAST = date(2026, 10, 26)
    """The last Monday of October; four of its Mondays are in it."""

    def found(self, *verdicts: Verdict) -> Result | None:
        known = [
            Judged("ann", self.LAST - (len(verdicts) - 1 - n) * WEEK, 1, (one,) * 3)
            for n, one in enumerate(verdicts)
        ]
        measured = {one.week: {DAYS: 4.0, RECORDS: 5.0} for one in known}
        return find(LEVELS, ANN, measured, known)

    def test_all_goals_in_every_week(self) -> None:
        found = self.found("met", "met", "met", "met")
        deeds = (Deed(DAYS, 4, 4), Deed(RECORDS, 3, 4))
        assert found == Result("month", "2026-10-26", 1, deeds)

    def test_an_absence_is_no_week_of_it(self) -> None:
        found = self.found("met", "met", "away", "met")
        assert found is not None
        assert found.kind == "month"

    @pytest.mark.parametrize(
        "verdicts",
        [
            ("met", "met", "failed", "met"),
            ("met", "met", "gap", "met"),
            ("met", "away", "away", "met"),
            ("met", "met", "met"),
        ],
    )
    def test_what_is_no_such_month(self, verdicts: tuple[Verdict, ...]) -> None:
        assert self.found(*verdicts) is None

    def test_not_before_the_month_is_over(self) -> None:
        known = judged(1, 1, 1, 1)
        assert result(weeks(4, 4, 4, 4, records=3.0), known) is None


class TestBetter:
    @pytest.mark.parametrize(
        ("before", "now", "worth"),
        [
            ((2, 2, 2, 2), (3, 3, 3, 3), True),
            ((3, 3, 3, 3), (4, 4, 4, 3.6), True),
            ((3, 3, 3, 3), (4, 4, 4, 3), False),
            ((1, 1, 1, 1), (1.4, 1.4, 1.4, 1.4), False),
            ((0, 0, 0, 0), (4, 4, 4, 4), False),
            ((2, None, 2, 2), (3, 3, None, 3), True),
            ((2, None, None, 2), (3, 3, 3, 3), False),
        ],
    )
    def test_clearly_more_than_the_four_weeks_before(
        self, before: tuple[float | None, ...], now: tuple[float | None, ...], *, worth: bool
    ) -> None:
        found = result(weeks(*before, *now), judged(0, 0, 0, 0, verdict="failed"))
        assert (found is not None) is worth

    def test_what_grew_most_is_named(self) -> None:
        measured = {
            week: {DAYS: 3.0 + (n > 3), QUALITY: 0.4 + 0.3 * (n > 3)}
            for n, week in enumerate(NEWEST - (7 - n) * WEEK for n in range(8))
        }
        found = result(measured, judged(0, verdict="failed"))
        assert found is not None
        assert found.gain is not None
        assert found.gain.metric is QUALITY
        assert round(found.gain.now, 3) == 0.7


FORMS: list[tuple[Recognition | None, bool, bool, Form | None]] = [
    (None, True, True, "private"),
    (Recognition.PRIVATE, True, True, "private"),
    (Recognition.NONE, True, True, None),
    (Recognition.MANAGER, True, True, "manager"),
    (Recognition.MANAGER, False, False, "private"),
    (Recognition.LEARNING_TIME, True, False, "learning_time"),
    (Recognition.PUBLIC, True, True, "public"),
    (Recognition.PUBLIC, True, False, "private"),
]


@pytest.mark.parametrize(("chosen", "manager", "team", "form"), FORMS)
def test_in_the_form_that_was_chosen(
    chosen: Recognition | None, form: Form | None, *, manager: bool, team: bool
) -> None:
    person = replace(ANN, recognition=chosen)
    assert form_for(person, (), manager=manager, team=team) == form


def test_two_questions_let_pass_and_no_third_is_asked() -> None:
    person = replace(ANN, recognition=Recognition.MANAGER)
    asked = [Came("may-i-tell", NOW - timedelta(days=n)) for n in (90, 60)]
    assert form_for(person, asked, manager=True, team=True) == "private"
    answered = [asked[0], replace(asked[1], answered=NOW)]
    assert form_for(person, answered, manager=True, team=True) == "manager"


class TestPlan:
    GOOD = weeks(4, 4, 4, 4, records=3.0)
    REACHED = judged(0, 0, 0, 1)

    def card(self, person: Person, *came: Came, now: datetime = NOW) -> object:
        found = plan(
            LEVELS,
            person,
            self.GOOD,
            self.REACHED,
            came=came,
            manager=True,
            team=True,
            now=now,
        )
        return found.note if found else None

    def test_who_hears_of_it_alone_was_told_already(self) -> None:
        assert self.card(replace(ANN, recognition=Recognition.PRIVATE)) is None

    def test_others_are_told_only_after_a_question(self) -> None:
        note = self.card(replace(ANN, recognition=Recognition.MANAGER))
        assert isinstance(note, MayITellNote)
        assert (note.form, note.to) == ("manager", stands_for("mo"))
        assert "mo" not in note.to

    @pytest.mark.parametrize(
        ("days", "comes"), [(29, False), (30, True)], ids=["a day too early", "a month later"]
    )
    def test_at_most_once_a_month(self, days: int, *, comes: bool) -> None:
        person = replace(ANN, recognition=Recognition.MANAGER)
        came = Came("recognition", NOW - timedelta(days=days))
        assert (self.card(person, came) is not None) is comes

    @pytest.mark.parametrize(
        "other",
        [{"stopped": True}, {"left": True}, {"welcomed": False}, {"recognition": Recognition.NONE}],
    )
    def test_nobody_who_does_not_want_it(self, other: dict[str, Any]) -> None:
        values: dict[str, Any] = {"recognition": Recognition.MANAGER} | other
        assert self.card(replace(ANN, **values)) is None

    def test_at_work(self) -> None:
        night = datetime(2026, 11, 23, 22, tzinfo=UTC)
        found = plan(
            LEVELS,
            replace(ANN, recognition=Recognition.MANAGER),
            self.GOOD,
            self.REACHED,
            came=(),
            manager=True,
            team=True,
            now=night,
        )
        assert found is not None
        assert found.due > night
        assert found.occasion == "recognition:2026-W47"


RESULT = Result("level", "2026-11-16", 1, (Deed(DAYS, 4, 3),))
GAIN = Result("better", "2026-11-16", gain=Gain(DAYS, 2, 4))
MINE = OwnUse(weeks(4, 2, 4, 4), on=True)


class TestStill:
    def test_what_was_measured_otherwise_meanwhile_is_not_told(self) -> None:
        assert RESULT.still(MINE.measured)
        assert not RESULT.still(weeks(4, 2, 4, 2))
        assert not RESULT.still(weeks(4, 4, 4, 4))
        assert GAIN.still(weeks(2, 2, 2, 2, 4, 4, 4, 4))
        assert not GAIN.still(weeks(2, 2, 2, 2, 4, 4, 4, 3))
        assert not GAIN.still(weeks(4, 4))

    @pytest.mark.parametrize(
        ("person", "use", "gone"),
        [
            (ANN, MINE, False),
            (ANN, replace(MINE, on=False), True),
            (ANN, None, True),
            (replace(ANN, recognition=Recognition.PRIVATE), MINE, True),
            (replace(ANN, recognition=Recognition.NONE), MINE, True),
            (replace(ANN, manager="ned"), MINE, True),
        ],
    )
    def test_a_question_that_does_not_fit_any_more(
        self, person: Person, use: OwnUse | None, *, gone: bool
    ) -> None:
        if person.recognition is None:
            person = replace(person, recognition=Recognition.MANAGER)
        note = MayITellNote(RESULT, "manager", stands_for("mo"))
        assert bool(overtaken(note, person, Merits(), use, NOW)) is gone

    def test_a_card_of_their_own(self) -> None:
        note = RecognitionNote(RESULT)
        assert not overtaken(note, ANN, Merits(), MINE, NOW)
        unwanted = replace(ANN, recognition=Recognition.NONE)
        assert overtaken(note, unwanted, Merits(), MINE, NOW)


class TestOthers:
    MO, BOB = Person("mo", "Mo"), Person("bob", "Bob", manager="mo", welcomed=True)
    ONE = Recognised(1, "ann", "Ann", "manager", RESULT, "mo")
    LOUD = Recognised(2, "ann", "Ann", "public", RESULT, "mo")

    def merits(self, *known: Recognised) -> Merits:
        return Merits({one.number: one for one in known})

    def test_only_the_manager_who_was_named(self) -> None:
        known, note = self.merits(self.ONE), ResultOfNote(1)
        assert not overtaken(note, self.MO, known, MINE, NOW)
        assert overtaken(note, self.BOB, known, MINE, NOW)
        assert overtaken(note, self.MO, known, replace(MINE, on=False), NOW)
        assert overtaken(note, self.MO, self.merits(), MINE, NOW), "forgotten"
        assert overtaken(note, self.MO, self.merits(replace(self.ONE, still=False)), MINE, NOW)

    def test_a_team_is_those_with_the_same_manager(self) -> None:
        known = self.merits(self.ONE, self.LOUD)
        note = SpotlightNote((1, 2, 3))
        assert named(note, self.BOB, known) == [self.LOUD], "the other one is not public"
        assert named(note, replace(self.BOB, manager="ned"), known) == []
        assert named(note, ANN, known) == [], "nobody reads of themselves"
        assert overtaken(note, replace(self.BOB, manager=""), known, MINE, NOW)

    @pytest.mark.parametrize(
        ("now", "monday"),
        [
            ("2026-11-20", "2026-11-23"),
            ("2026-11-21", "2026-11-23"),
            ("2026-11-22", "2026-11-30"),
            ("2026-11-23", "2026-11-30"),
        ],
    )
    def test_on_a_monday_that_has_begun_nowhere(self, now: str, monday: str) -> None:
        at = datetime.fromisoformat(now).replace(hour=23, tzinfo=UTC)
        assert spotlight_day(at) == date.fromisoformat(monday)

    def test_in_their_own_morning_and_never_of_themselves(self) -> None:
        monday = date(2026, 11, 23)
        found = spotlight(replace(self.BOB, zone="Pacific/Auckland"), monday, [self.LOUD])
        assert found is not None
        assert found.due == datetime(2026, 11, 22, 20, tzinfo=UTC)
        assert spotlight(ANN, monday, [self.LOUD]) is None
        assert spotlight(replace(self.BOB, stopped=True), monday, [self.LOUD]) is None
