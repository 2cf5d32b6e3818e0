"""Which tip is whose: the barrier rule, the mix, what fits, what comes back, and when it may."""

from dataclasses import replace
from datetime import timedelta

import pytest

from nudges.adkar import BarrierName, Element, Question
from nudges.delivery import Priority, State
from nudges.hours import at_work, local_day
from nudges.people import Person
from nudges.phases import Phase
from nudges.recall import Came, Said, What
from nudges.tips import (
    Choice,
    Known,
    Situation,
    Tip,
    TipNote,
    TipQuizNote,
    choose,
    first_look,
    left_alone,
    order,
    phase_at,
    plan,
    pushable,
    settled,
    sinking,
    weak,
)
from tests.nudges.given import PERSON, at
from tests.nudges.given import said as answered

NOW = at("2026-11-16 09:30")
DAY = timedelta(days=1)
ANN = replace(PERSON, id="ann", job="sales")
A, D, K, B, R = Element
TIPS = (
    Tip("why", A, area="data"),
    Tip("wish", D, area="data"),
    Tip("know", K, area="data"),
    Tip("do", B, area="data"),
    Tip("keep", R, area="data"),
)
EVERY = {t.id: t for t in TIPS}


def came(
    tip: str, days: float, *, quiz: bool = False, pushed: bool = True, sent: bool = True
) -> Came:
    return Came(tip, NOW - days * DAY, quiz=quiz, pushed=pushed, sent=sent)


def told(about: str, what: What, days: float) -> Said:
    return Said(about, what, NOW - days * DAY)


def known(*came: Came, said: tuple[Said, ...] = (), sunk: tuple[str, ...] = ()) -> Known:
    return Known(tuple(came), said, frozenset(sunk))


def series(  # noqa: PLR0913 - what a choice depends on
    where: Situation,
    many: int,
    *,
    tips: tuple[Tip, ...] = TIPS,
    person: Person = ANN,
    had: Known | None = None,
    requested: bool = False,
) -> list[str]:
    """Return the tips that come one after another, all within a day."""
    found: list[str] = []
    now = had or Known()
    for _ in range(many):
        one = choose(tips, person, now, where, NOW, requested=requested)
        if one is None:
            break
        found.append(one.tip.id)
        now = replace(now, came=(*now.came, came(one.tip.id, 0, pushed=not requested)))
    return found


@pytest.mark.parametrize(
    ("barrier", "pushed"),
    [
        (A, ["why", "wish"]),
        (D, ["wish", "why"]),
        (K, ["why", "know", "do", "wish", "keep"]),
        (B, ["why", "do", "know", "wish", "keep"]),
        (R, ["keep", "know", "why", "do", "wish"]),
        ("none", ["why", "know", "wish", "do", "keep"]),
        ("unknown", ["why", "know", "wish", "do", "keep"]),
    ],
)
def test_what_comes_by_itself_follows_the_barrier(barrier: BarrierName, pushed: list[str]) -> None:
    assert series(Situation(barrier), 9) == pushed


@pytest.mark.parametrize("barrier", [*Element, "none", "unknown"])
@pytest.mark.parametrize("phase", Phase)
def test_whoever_asks_gets_every_tip(barrier: BarrierName, phase: Phase) -> None:
    assert sorted(series(Situation(barrier, phase), 9, requested=True)) == sorted(EVERY)


@pytest.mark.parametrize("barrier", [*Element, "none", "unknown"])
@pytest.mark.parametrize("phase", Phase)
def test_nobody_is_taught_buttons_who_does_not_see_why_or_want_it(
    barrier: BarrierName, phase: Phase
) -> None:
    able = {e for e in Element if pushable(e, Situation(barrier, phase))}
    if barrier in {A, D}:
        assert able == {A, D}
    elif phase is Phase.GO_LIVE:
        assert able == set()
    elif phase is Phase.BEFORE:
        assert able == ({A, D} if barrier == "unknown" else {A, D, K})
    else:
        assert able == set(Element)


def test_an_element_they_called_wrong_is_left_alone() -> None:
    shy = replace(ANN, suspended=frozenset({A}))
    assert series(Situation(A), 9, person=shy) == ["wish"]


def only(*tips: Tip, **more: object) -> Choice | None:
    return choose(tips, ANN, Known(), Situation(), NOW, **more)  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize(
    ("tip", "fits"),
    [
        (Tip("x", A), True),
        (Tip("x", A, frozenset({"sales"})), True),
        (Tip("x", A, frozenset({"service"})), False),
        (Tip("x", A, levels=frozenset({1})), True),
        (Tip("x", A, levels=frozenset({2, 3})), False),
    ],
)
def test_job_and_level(tip: Tip, *, fits: bool) -> None:
    assert (only(tip) is not None) is fits
    third = replace(ANN, level=3)
    expected = fits if not tip.levels else 3 in tip.levels
    assert (choose([tip], third, Known(), Situation(), NOW) is not None) is expected


LEADS, CASES = Tip("a", A, area="leads"), Tip("b", A, area="cases")
PLAIN, MINE = Tip("c", A, area="data"), Tip("d", A, frozenset({"sales"}), area="data")
FOUR = (PLAIN, LEADS, CASES, MINE)


@pytest.mark.parametrize(
    ("had", "where", "expected"),
    [
        pytest.param(known(), Situation(), ("d", "job", "sales"), id="their own work"),
        pytest.param(
            known(said=(told("cases", "asked", 9),)),
            Situation(),
            ("b", "asked", "cases"),
            id="an area they asked about",
        ),
        pytest.param(
            known(said=(told("cases", "asked", 61),)),
            Situation(),
            ("d", "job", "sales"),
            id="not too long ago",
        ),
        pytest.param(
            known(),
            Situation(weak={"leads": "K-leads"}),
            ("a", "rated", "K-leads"),
            id="an area they know less well",
        ),
        pytest.param(
            known(sunk=("d",)), Situation(), ("a", "general", ""), id="not what most found useless"
        ),
        pytest.param(
            known(sunk=("a", "b", "c", "d")),
            Situation(),
            ("d", "job", "sales"),
            id="or as the last",
        ),
        pytest.param(
            known(sunk=("d",)), Situation(A), ("a", "barrier", "awareness"), id="what holds them up"
        ),
    ],
)
def test_what_fits_best_and_why(
    had: Known, where: Situation, expected: tuple[str, str, str]
) -> None:
    found = choose(FOUR, ANN, had, where, NOW)
    assert found is not None
    assert (found.tip.id, found.why, found.about) == expected


def test_what_they_found_useful_brings_more_of_it() -> None:
    tips = (Tip("x", A, area="leads"), Tip("y", A, area="cases"), Tip("z", A, area="leads"))
    liked = known(came("x", 9), said=(told("x", "useful", 9),))
    not_ = known(came("x", 9), said=(told("x", "not_useful", 9),))
    both = known(came("x", 9), said=(told("x", "not_useful", 9), told("x", "useful", 8)))
    found = [choose(tips[:3], ANN, one, Situation(), NOW) for one in (liked, not_, both)]
    assert [c.tip.id for c in found if c] == ["x", "y", "x"], "x is back, as a question"
    fresh = [choose(tips[1:], ANN, one, Situation(), NOW) for one in (liked, not_, both)]
    assert [c.tip.id for c in fresh if c] == ["y", "y", "y"]
    more = [choose(tips, ANN, one, Situation(), NOW, requested=True) for one in (liked, not_, both)]
    assert [c.tip.id for c in more if c] == ["z", "y", "z"]


def test_new_ones_and_questions_take_turns() -> None:
    had = known(came("why", 14), came("wish", 7))
    back = choose(TIPS, ANN, had, Situation("none"), NOW)
    assert back == Choice(EVERY["why"], quiz=True)
    had = known(*had.came, came("why", 7, quiz=True))
    new = choose(TIPS, ANN, had, Situation("none"), NOW)
    assert new is not None
    assert not new.quiz
    assert new.tip.id not in {"why", "wish"}


def test_when_nothing_is_new_what_came_comes_back_and_then_nothing() -> None:
    one = TIPS[:1]
    assert choose(one, ANN, known(came("why", 2)), Situation(), NOW) is None
    back = choose(one, ANN, known(came("why", 3)), Situation(), NOW, requested=True)
    assert back == Choice(one[0], quiz=True)


class TestWhen:
    """When tips come by themselves."""

    def plan(self, had: Known, person: Person = ANN, now: float = 0, **where: object) -> object:
        found, again = plan(TIPS, person, had, Situation("none", **where), NOW + now * DAY)  # pyright: ignore[reportArgumentType]
        assert again > NOW + now * DAY
        assert at_work(person, again) or person.stopped
        return found and (found.occasion, found.note.subject), local_day(person, again).isoformat()

    def test_one_a_week_on_a_working_morning(self) -> None:
        assert self.plan(known()) == (("tips:2026-W47", "tip:why"), "2026-11-23")
        fewer = replace(ANN, fewer=True)
        assert self.plan(known(), fewer) == (("tips:2026-W47", "tip:why"), "2026-11-30")

    def test_it_is_a_nudge_for_now(self) -> None:
        found, _ = plan(TIPS, ANN, known(), Situation("none"), NOW)
        assert found is not None
        assert found.touches
        assert (found.priority, found.due, found.person) == (Priority.NUDGE, NOW, "ann")
        assert found.note == TipNote("why", "general", pushed=True)

    @pytest.mark.parametrize("days", [0, 1, 6])
    def test_not_within_a_week_of_the_last_also_if_that_still_waits(self, days: int) -> None:
        for sent in (True, False):
            had = known(came("why", days, sent=sent))
            day = local_day(ANN, NOW + (7 - days) * DAY).isoformat()
            assert self.plan(had) == (None, {"2026-11-22": "2026-11-23"}.get(day, day))
        asked = known(came("why", days, pushed=False))
        assert self.plan(asked)[0] is not None, "what they asked for does not count"  # pyright: ignore[reportIndexIssue]

    @pytest.mark.parametrize(
        ("person", "again"),
        [
            (replace(ANN, stopped=True), "2026-11-23"),
            (replace(ANN, welcomed=False), "2026-11-23"),
            (replace(ANN, paused_until=at("2026-12-01 00:00")), "2026-12-01"),
            (
                replace(ANN, away_from=NOW - DAY, away_until=at("2026-11-19 00:00")),
                "2026-11-19",
            ),
        ],
        ids=["stopped", "not welcomed", "paused", "away"],
    )
    def test_not_for_who_asked_for_quiet(self, person: Person, again: str) -> None:
        assert self.plan(known(), person) == (None, again)

    def test_not_on_the_first_day_nor_at_night(self) -> None:
        assert self.plan(known(), phase=Phase.GO_LIVE) == (None, "2026-11-17")
        assert self.plan(known(), now=0.5) == (None, "2026-11-17")

    def test_let_pass_twice_they_stop_until_something_is_done(self) -> None:
        had = known(came("why", 21), came("know", 14))
        assert left_alone(ANN, had)
        assert self.plan(had) == (None, "2026-11-23")
        for did in (
            replace(had, said=(told("why", "useful", 1),)),
            replace(had, said=(told("leads", "asked", 1),)),
            known(*had.came, came("wish", 1, pushed=False)),
            known(came("why", 21), replace(had.came[1], answered=NOW)),
        ):
            assert not left_alone(ANN, did)
            assert self.plan(did)[0] is not None  # pyright: ignore[reportIndexIssue]

    def test_an_absence_is_nothing_let_pass(self) -> None:
        away = replace(ANN, away_from=NOW - 20 * DAY, away_until=NOW - 2 * DAY)
        assert not left_alone(away, known(came("why", 21), came("know", 14)))

    def test_new_people_are_spread_over_the_week(self) -> None:
        looks = {local_day(ANN, first_look(f"p{n}", NOW)).isoformat() for n in range(99)}
        assert looks == {f"2026-11-{day}" for day in ("17", "18", "19", "20", "23")}


class TestLastLook:
    """What may have changed since a tip was planned."""

    @pytest.mark.parametrize(
        ("note", "had", "where", "state"),
        [
            pytest.param(TipNote("why", pushed=True), known(), Situation(), None, id="fits"),
            pytest.param(TipNote("gone"), known(), Situation(), State.CANCELLED, id="no such tip"),
            pytest.param(TipNote("know"), known(), Situation(A), None, id="asked for"),
            pytest.param(
                TipNote("know", pushed=True), known(), Situation(A), State.CANCELLED, id="barrier"
            ),
            pytest.param(
                TipNote("know", pushed=True),
                known(),
                Situation("unknown", Phase.BEFORE),
                State.CANCELLED,
                id="the first day was moved",
            ),
            pytest.param(
                TipNote("why", pushed=True),
                known(came("wish", 0.01, pushed=False)),
                Situation(),
                State.QUEUED,
                id="they asked for one today",
            ),
            pytest.param(
                TipNote("why", pushed=True),
                known(came("why", 1, pushed=False)),
                Situation(),
                State.CANCELLED,
                id="they asked for this one",
            ),
            pytest.param(
                TipNote("why", pushed=True, later=True),
                known(came("why", 6)),
                Situation(),
                None,
                id="put off",
            ),
            pytest.param(
                TipNote("why", pushed=True),
                known(came("why", 0, sent=False)),
                Situation(),
                None,
                id="it is this one that waits",
            ),
            pytest.param(
                TipQuizNote("why", (0, 1, 2), pushed=True),
                known(came("why", 9)),
                Situation(),
                None,
                id="a question",
            ),
            pytest.param(
                TipQuizNote("why", (0, 1, 2), pushed=True),
                known(came("why", 9), said=(told("why", "right", 1),)),
                Situation(),
                State.CANCELLED,
                id="a question they have answered",
            ),
        ],
    )
    def test_it_is_decided_again(
        self, note: TipNote | TipQuizNote, had: Known, where: Situation, state: State | None
    ) -> None:
        found = settled(note, EVERY, ANN, had, where, NOW)
        assert (found.state if found else None) is state
        if state is State.QUEUED:
            assert found is not None
            assert found.due == at("2026-11-17 09:00")


def test_areas_they_know_less_well() -> None:
    bank = {
        "K-leads": Question("K-leads", K, kind="area", area="leads"),
        "K-cases": Question("K-cases", K, kind="area", area="cases"),
        "K-reports": Question("K-reports", K, kind="area", area="reports"),
        "K1": Question("K1", K),
    }
    given = answered({"K-leads": 3, "K-cases": 4, "K-reports": None, "K1": 1}, NOW - DAY)
    assert weak(given, bank, NOW) == {"leads": "K-leads"}
    assert weak([*given, *answered({"K-leads": 5}, NOW)], bank, NOW) == {}
    assert weak(given, bank, NOW + 61 * DAY) == {}


def test_the_phase_is_that_of_their_own_zone() -> None:
    live = at("2026-11-16 00:00")
    assert phase_at(ANN, None, NOW) is Phase.BEFORE
    assert phase_at(ANN, live + DAY, NOW) is Phase.BEFORE
    assert phase_at(ANN, live, NOW) is Phase.GO_LIVE
    assert phase_at(ANN, live - DAY, NOW) is Phase.AFTER


def test_answers_stand_elsewhere_for_others_and_always_the_same_for_one() -> None:
    orders = {order("why", f"p{n}", 3) for n in range(60)}
    assert len(orders) == 6
    assert order("why", "ann", 3) == order("why", "ann", 3)


def test_few_votes_sink_nothing() -> None:
    votes = {"four": (0, 4), "five": (2, 3), "even": (3, 3), "good": (9, 1), "bad": (10, 90)}
    assert sinking(votes) == ["bad", "five"]
