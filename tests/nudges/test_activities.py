"""Activities: which is due for whom, one a week, none too soon, none against somebody's will."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from nudges.activities import (
    FLOOR,
    LEFT_ALONE,
    UNKNOWN,
    Activity,
    Known,
    Nudged,
    Rhythm,
    Tick,
    TickState,
    due,
    occasion,
    period,
    phase_of,
    plan,
    sum_up,
    this_month,
)
from nudges.adkar import Element
from nudges.focus import focus_of
from nudges.people import Person
from nudges.programme import Programme, Segment
from nudges.roles import Role

MONDAY = datetime(2026, 11, 16, 8, 30, tzinfo=UTC)
DAY = timedelta(days=1)
MAN = Person("m", zone="UTC", welcomed=True, roles=frozenset({"manager"}))
AWARE, WANT, KNOW = Element.AWARENESS, Element.DESIRE, Element.KNOWLEDGE
TABLE = (
    Activity("a", Role.MANAGER, AWARE, Rhythm.ONCE),
    Activity("d", Role.MANAGER, WANT, Rhythm.WEEKLY),
    Activity("k", Role.MANAGER, KNOW, Rhythm.MONTHLY),
    Activity("late", Role.MANAGER, Element.REINFORCEMENT, Rhythm.WEEKLY, "after"),
    Activity("theirs", Role.SPONSOR, AWARE, Rhythm.WEEKLY),
)


def ticked(name: str, state: TickState = "done", days: int = 0, rhythm: str = "") -> Tick:
    at = MONDAY - days * DAY
    kind = next(a.rhythm for a in TABLE if a.id == name)
    return Tick("m", name, rhythm or period(kind, at.date()), state, at)


def came(name: str, days: int, *, answered: bool = True) -> Nudged:
    at = MONDAY - days * DAY
    return Nudged(name, at, at if answered else None)


def chosen(known: Known, focus: Element | None = None, who: Person = MAN) -> str | None:
    found = due(who, TABLE, known, "before", focus, MONDAY.date())
    return found.id if found else None


@pytest.mark.parametrize(
    ("known", "focus", "wanted"),
    [
        (UNKNOWN, None, "a"),
        (UNKNOWN, WANT, "d"),
        (UNKNOWN, Element.REINFORCEMENT, "a"),
        (Known(nudged=(came("a", 7),)), None, "d"),
        (Known(nudged=(came("a", 14), came("d", 7))), None, "k"),
        (Known((ticked("a", days=60),)), None, "d"),
        (Known((ticked("a", "later", days=60),)), None, "d"),
        (Known((ticked("a", "not_mine", 400),)), None, "d"),
        (Known((ticked("d", days=1), ticked("a", days=9))), None, "k"),
        (Known((ticked("d", days=7), ticked("a"), ticked("k"))), None, "d"),
        (Known((ticked("d", "later", 6), ticked("a"), ticked("k"))), None, None),
    ],
    ids=[
        "the first element first",
        "the group's focus first",
        "a focus with nothing to do",
        "what came least",
        "what came least, of three",
        "what is done once is done",
        "what did not suit comes after what never came",
        "not mine, ever",
        "a week has not passed",
        "a week has passed",
        "not now holds for a week",
    ],
)
def test_which_is_due(known: Known, focus: Element | None, wanted: str | None) -> None:
    assert chosen(known, focus) == wanted


class TestManners:
    @pytest.mark.parametrize("days", range(6))
    def test_two_are_a_week_apart(self, days: int) -> None:
        assert chosen(Known(nudged=(came("d", days),))) is None

    def test_two_weeks_begin_two_weeks(self) -> None:
        friday = datetime(2026, 11, 13, 9, tzinfo=UTC)
        assert chosen(Known(nudged=(Nudged("d", friday, friday),))) is None

    def test_one_let_pass_twice_stops(self) -> None:
        passed = (came("a", 90, answered=False), came("a", 60, answered=False))
        assert chosen(Known(nudged=passed[1:])) == "d"
        quiet = Known((ticked("k"), ticked("d")), ())
        assert chosen(replace(quiet, nudged=passed[1:])) == "a"
        assert chosen(Known((ticked("k", days=99), ticked("d", days=99)), passed)) != "a"

    def test_a_tick_from_the_list_brings_it_back(self) -> None:
        passed = (came("d", 90, answered=False), came("d", 60, answered=False))
        others = (ticked("a", "not_mine", 99), ticked("k", "not_mine", 99))
        assert chosen(Known(others, passed)) is None
        assert chosen(Known((*others, ticked("d", days=30)), passed)) == "d"

    def test_who_lets_all_pass_is_left_alone(self) -> None:
        names = ["a", "d", "k", "d", "a"][:LEFT_ALONE]
        passed = tuple(came(n, 40 - 7 * i, answered=False) for i, n in enumerate(names))
        assert chosen(Known(nudged=passed)) is None
        assert chosen(Known((ticked("k", days=8),), passed)) is not None

    @pytest.mark.parametrize(
        "change",
        [
            {"stopped": True},
            {"left": True},
            {"welcomed": False},
            {"paused_until": MONDAY + 9 * DAY},
            {"away_until": MONDAY + 9 * DAY},
            {"roles": frozenset[str]()},
            {"roles": frozenset({"author"})},
        ],
        ids=str,
    )
    def test_who_asked_for_quiet_or_has_no_part_gets_none(self, change: dict[str, object]) -> None:
        assert plan(replace(MAN, **change), TABLE, UNKNOWN, "before", None, MONDAY) is None

    def test_it_comes_in_their_own_morning_once_a_week(self) -> None:
        found = plan(MAN, TABLE, UNKNOWN, "before", None, MONDAY - timedelta(hours=3))
        assert found
        assert found.due == datetime(2026, 11, 16, 9, tzinfo=UTC)
        assert found.occasion == occasion(MONDAY.date()) == "activities:2026-W47"
        late = plan(MAN, TABLE, UNKNOWN, "before", None, MONDAY + timedelta(hours=3))
        assert late
        assert late.due == datetime(2026, 11, 17, 9, tzinfo=UTC)
        friday = plan(MAN, TABLE, UNKNOWN, "before", None, MONDAY + 4 * DAY + timedelta(hours=3))
        assert friday
        assert friday.occasion == "activities:2026-W48"


@pytest.mark.parametrize(
    ("rhythm", "first", "same", "other"),
    [
        (Rhythm.WEEKLY, "2026-11-16", "2026-11-22", "2026-11-23"),
        (Rhythm.FORTNIGHTLY, "2026-11-09", "2026-11-22", "2026-11-23"),
        (Rhythm.MONTHLY, "2026-11-01", "2026-11-30", "2026-12-01"),
        (Rhythm.QUARTERLY, "2026-10-01", "2026-12-31", "2027-01-01"),
        (Rhythm.ONCE, "2026-11-01", "2026-11-30", "2026-12-01"),
    ],
)
def test_periods(rhythm: Rhythm, first: str, same: str, other: str) -> None:
    days = [period(rhythm, date.fromisoformat(day)) for day in (first, same, other)]
    assert days[0] == days[1] != days[2]


@pytest.mark.parametrize(
    ("live", "wanted"),
    [
        (None, "before"),
        ("2026-11-17", "before"),
        ("2026-11-16", "calm"),
        ("2026-08-19", "calm"),
        ("2026-08-17", "after"),
    ],
)
def test_phases(live: str | None, wanted: str) -> None:
    day = date.fromisoformat(live) if live else None
    programme = Programme({}, segments={"s": Segment("s", go_live=day), "t": Segment("t")})
    assert phase_of(programme, replace(MAN, segment="s"), MONDAY) == wanted
    assert phase_of(programme, MAN, MONDAY) == wanted, "who belongs to none goes by the first"


def test_the_list_holds_what_came_first_and_counts_what_is_done() -> None:
    known = Known((ticked("d"),), (came("k", 3, answered=False),))
    assert this_month(MAN, TABLE, known, "after", MONDAY) == (("k", "a", "late"), ("d",))


class TestSums:
    def asked(self, people: int) -> set[tuple[str, str]]:
        return {(f"p{n}", "a") for n in range(people)}

    def ticks(self, people: int, state: TickState = "done") -> list[Tick]:
        return [Tick(f"p{n}", "a", "x", state, MONDAY) for n in range(people)]

    def test_nothing_is_said_about_fewer_than_five(self) -> None:
        assert sum_up(Role.MANAGER, self.asked(FLOOR - 1), self.ticks(2)) is None
        many = {("p0", str(n)) for n in range(20)}
        assert sum_up(Role.MANAGER, many, self.ticks(1)) is None

    def test_so_many_of_so_many(self) -> None:
        found = sum_up(Role.MANAGER, self.asked(6), self.ticks(2))
        assert found
        assert (found.done, found.all, found.how) == (2, 6, "counted")

    @pytest.mark.parametrize(("done", "how"), [(0, "hardly"), (6, "nearly")])
    def test_a_sum_that_tells_of_everybody_has_no_figures(self, done: int, how: str) -> None:
        found = sum_up(Role.MANAGER, self.asked(6), self.ticks(done))
        assert found
        assert (found.done, found.all, found.how) == (0, 0, how)

    def test_what_is_not_somebodys_does_not_count(self) -> None:
        assert sum_up(Role.MANAGER, self.asked(5), self.ticks(1, "not_mine")) is None


@pytest.mark.parametrize(
    ("barriers", "wanted"),
    [
        ([WANT] * 4, None),
        ([WANT, "none", "none", "none", "none"], WANT),
        ([WANT] + ["none"] * 5, None),
        (["unknown"] * 20 + [WANT] * 4, None),
        ([KNOW] * 6 + [AWARE] * 2 + ["none"] * 2, AWARE),
    ],
)
def test_a_group_has_a_focus_when_five_are_known(
    barriers: list[Element], wanted: Element | None
) -> None:
    assert focus_of(barriers) == wanted
