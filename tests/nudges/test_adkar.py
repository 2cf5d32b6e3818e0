"""Where someone stands: the scoring rules of the product paper, as tables."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nudges.adkar import (
    ELEMENTS,
    Answer,
    Bank,
    Element,
    Question,
    Standing,
    applicable,
    followed,
    is_live,
    sets,
    silent,
    stand,
    straight_lined,
)
from tests.clock import MONDAY
from tests.nudges.given import BANK, LETTERS, means, said

NOW = MONDAY
DAY = timedelta(days=1)
TICK = timedelta(microseconds=1)
LIVE = NOW - 30 * DAY
AMSTERDAM, UTC_ZONE = ZoneInfo("Europe/Amsterdam"), ZoneInfo("UTC")
NONE, UNKNOWN = "none", "unknown"
A, D, K, B, R = LETTERS.values()


def standing(scores: dict[str, float], *, live: bool = True) -> Standing:
    return stand(means(scores, NOW - DAY), BANK, NOW, LIVE if live else None)


class TestBarrier:
    """Rule 3: the first element in the order A-D-K-A-R at or below 3, and not the lowest."""

    @pytest.mark.parametrize(
        ("scores", "barrier"),
        [
            pytest.param({"A": 3, "D": 1, "K": 4, "B": 4, "R": 4}, A, id="first, not lowest"),
            pytest.param({"A": 4, "D": 3, "K": 2, "B": 3, "R": 3}, D, id="not the mean"),
            pytest.param({"A": 4, "D": 4, "K": 4, "B": 4, "R": 4}, NONE, id="nothing"),
            pytest.param({"A": 4, "D": 4, "K": 4, "B": 4, "R": 3}, R, id="the last counts, too"),
            pytest.param({"A": 4, "D": 4, "K": 4, "B": 2.9, "R": 1}, B, id="ability before R"),
            pytest.param({"A": 4, "D": 4, "K": 1, "B": 1, "R": 1}, K, id="knowledge first"),
            pytest.param({"A": 3.0, "D": 4, "K": 4, "B": 4, "R": 4}, A, id="exactly 3"),
            pytest.param({"A": 3.1, "D": 4, "K": 4, "B": 4, "R": 4}, NONE, id="above 3"),
            pytest.param({}, UNKNOWN, id="nothing is known"),
            pytest.param({"R": 5}, NONE, id="one known, good"),
            pytest.param({"R": 1}, R, id="one known, low"),
        ],
    )
    def test_which(self, scores: dict[str, float], barrier: Element | str) -> None:
        assert standing(scores).barrier == barrier
        assert standing(scores).element == (barrier if barrier in set(Element) else None)

    @pytest.mark.parametrize(
        ("fours", "score", "barrier", "fragile"),
        [
            pytest.param(0, 3.0, A, (), id="3.00 holds up"),
            pytest.param(1, 3.01, NONE, (A,), id="3.01 is fragile"),
            pytest.param(99, 3.99, NONE, (A,), id="3.99 is fragile"),
            pytest.param(100, 4.0, NONE, (), id="4.00 is firm"),
        ],
    )
    def test_to_the_hundredth(
        self, fours: int, score: float, barrier: Element | str, fragile: tuple[Element, ...]
    ) -> None:
        bank = {f"A{n}": Question(f"A{n}", A) for n in range(100)}
        given = [Answer("p", q, 4 if n < fours else 3, NOW) for n, q in enumerate(bank)]
        found = stand(given, bank, NOW)
        assert found.scores[A] == pytest.approx(score)
        assert (found.barrier, found.fragile) == (barrier, fragile)

    def test_fragile_are_all_between_in_order_the_barrier_is_not(self) -> None:
        found = standing({"R": 3.5, "B": 3.9, "K": 3.0, "D": 3.1, "A": 4.0})
        assert (found.barrier, found.fragile) == (K, (D, B, R))


class TestProvisional:
    """Rule 4: an earlier element that is unknown makes the barrier provisional."""

    @pytest.mark.parametrize(
        ("scores", "live", "barrier", "provisional"),
        [
            pytest.param({"A": 2}, True, A, False, id="nothing comes before awareness"),
            pytest.param({"D": 2}, True, D, True, id="awareness is unknown"),
            pytest.param({"A": 4, "K": 2}, True, K, True, id="desire is unknown"),
            pytest.param({"A": 4, "D": 2}, True, D, False, id="only later ones are unknown"),
            pytest.param({"A": 4, "D": 4, "K": 4, "B": 4}, True, NONE, True, id="R is unknown"),
            pytest.param({"A": 4, "D": 4, "K": 4, "B": 4}, False, NONE, False, id="R not yet"),
            pytest.param({"A": 4, "D": 4, "K": 4}, False, NONE, True, id="ability is unknown"),
            pytest.param({"A": 4, "D": 4, "K": 4, "B": 4, "R": 4}, True, NONE, False, id="all"),
            pytest.param({}, True, UNKNOWN, True, id="all unknown"),
            pytest.param({}, False, UNKNOWN, True, id="all unknown before go-live"),
        ],
    )
    def test_when(
        self,
        *,
        scores: dict[str, float],
        live: bool,
        barrier: Element | str,
        provisional: bool,
    ) -> None:
        found = standing(scores, live=live)
        assert (found.barrier, found.provisional) == (barrier, provisional)


class TestScore:
    """Rules 1 and 2: what an answer counts for, and for how long."""

    @pytest.mark.parametrize(("tapped", "counts"), [(1, 5), (2, 4), (3, 3), (4, 2), (5, 1)])
    def test_a_reversed_item_counts_six_minus(self, tapped: int, counts: int) -> None:
        bank = {"A6": Question("A6", A, reversed=True)}
        assert stand(said({"A6": tapped}, NOW), bank, NOW).scores[A] == counts
        assert Question("A1", A).value(tapped) == tapped

    @pytest.mark.parametrize(
        ("given", "score", "n"),
        [
            pytest.param([("A1", 2), ("A2", 5)], 3.5, 2, id="mean of the items"),
            pytest.param([("A1", 2), ("A1", 5)], 5.0, 1, id="a changed mind supersedes"),
            pytest.param([("A1", 2), ("A1", None)], 2.0, 1, id="a skip supersedes nothing"),
            pytest.param([("A1", None)], None, 0, id="a skip is no answer"),
            pytest.param([("A1", 2), ("A1", "na")], None, 0, id="not applicable takes it back"),
            pytest.param([("A1", "na"), ("A1", 2)], 2.0, 1, id="applicable again"),
            pytest.param([("A1", 2), ("A1", "na"), ("A2", 4)], 4.0, 1, id="only of that item"),
            pytest.param([("X9", 1), ("A1", 4)], 4.0, 1, id="a question we do not know"),
            pytest.param([("D-stance", 1), ("K-area", 1), ("A1", 4)], 4.0, 1, id="beside it"),
        ],
    )
    def test_of_an_element(
        self, given: list[tuple[str, int | str | None]], score: float | None, n: int
    ) -> None:
        bank = {
            **BANK,
            "D-stance": Question("D-stance", D, kind="stance"),
            "K-area": Question("K-area", A, kind="area"),
            "A-sender": Question("A-sender", A, kind="sender"),
        }
        answers = [
            Answer("p", q, s if isinstance(s, int) else None, NOW - DAY + place * TICK, s == "na")
            for place, (q, s) in enumerate(given)
        ]
        found = stand(answers, bank, NOW)
        assert (found.scores[A], found.n[A]) == (score, n)
        assert found.scores[D] is None

    @pytest.mark.parametrize(
        ("at", "counts"),
        [
            pytest.param(NOW - 60 * DAY, False, id="exactly 60 days ago is too old"),
            pytest.param(NOW - 60 * DAY + TICK, True, id="a tick younger counts"),
            pytest.param(NOW, True, id="this very moment counts"),
            pytest.param(NOW + TICK, False, id="a tick ahead does not"),
            pytest.param(NOW.astimezone(ZoneInfo("Asia/Tokyo")), True, id="now in another zone"),
        ],
    )
    def test_window(self, at: datetime, *, counts: bool) -> None:
        found = stand(said({"A1": 2}, at), BANK, NOW)
        assert (found.scores[A], found.n[A]) == ((2.0, 1) if counts else (None, 0))
        assert (A in found.latest) is counts

    def test_an_answer_ahead_of_now_does_not_hide_the_one_before(self) -> None:
        given = [*said({"A1": 2}, NOW - DAY), *said({"A1": 5}, NOW + DAY)]
        assert stand(given, BANK, NOW).scores[A] == 2
        assert stand(given, BANK, NOW + DAY).scores[A] == 5

    @pytest.mark.parametrize("order", [(2, 5), (5, 2)])
    def test_of_two_answers_of_one_moment_the_later_in_line_wins(
        self, order: tuple[int, int]
    ) -> None:
        given = [answer for score in order for answer in said({"A1": score}, NOW)]
        assert stand(given, BANK, NOW).scores[A] == order[1]

    def test_the_age_is_that_of_the_newest_answer_behind_the_score(self) -> None:
        given = [
            *said({"A1": 4}, NOW - 9 * DAY),
            *said({"A2": 4}, NOW - 2 * DAY),
            *said({"A3": None}, NOW - DAY),
        ]
        assert dict(stand(given, BANK, NOW).latest) == {A: NOW - 2 * DAY}


class TestReinforcement:
    """Rule 5: neither asked nor scored before the segment's go-live."""

    @pytest.mark.parametrize(
        ("go_live", "live"),
        [
            pytest.param(None, False, id="no date"),
            pytest.param(NOW + TICK, False, id="a tick before"),
            pytest.param(NOW, True, id="at the moment itself"),
            pytest.param(NOW - DAY, True, id="after"),
        ],
    )
    def test_counts_from_go_live(
        self,
        go_live: datetime | None,
        *,
        live: bool,
    ) -> None:
        given = means({"A": 4, "D": 4, "K": 4, "B": 4, "R": 2}, NOW - DAY)
        found = stand(given, BANK, NOW, go_live)
        assert is_live(go_live, NOW) is live
        assert found.scores[R] == (2.0 if live else None)
        assert found.n[R] == (10 if live else 0)
        assert found.barrier == (R if live else NONE)
        assert not found.provisional
        assert applicable(live=live) == (ELEMENTS if live else (A, D, K, B))


class TestAbilityCap:
    """Rule 6: with low measured use the self-score of Ability counts at most 3."""

    @pytest.mark.parametrize(
        ("score", "capped", "counts", "barrier"),
        [
            pytest.param(5, True, 3.0, B, id="5 counts 3"),
            pytest.param(3.1, True, 3.0, B, id="3.1 counts 3"),
            pytest.param(2, True, 2.0, B, id="2 stays 2"),
            pytest.param(5, False, 5.0, NONE, id="without the cap 5 stays 5"),
        ],
    )
    def test_counts(
        self,
        score: float,
        *,
        capped: bool,
        counts: float,
        barrier: Element | str,
    ) -> None:
        given = means({"A": 5, "D": 5, "K": 5, "B": score, "R": 5}, NOW - DAY)
        found = stand(given, BANK, NOW, LIVE, ability_capped=capped)
        assert (found.scores[B], found.barrier) == (counts, barrier)
        assert (found.scores[K], found.scores[R]) == (5, 5)
        assert followed(given, BANK, NOW, UTC_ZONE, LIVE, ability_capped=capped) == (
            B if capped else None
        )

    def test_unknown_stays_unknown(self) -> None:
        found = stand(means({"A": 4}, NOW), BANK, NOW, LIVE, ability_capped=True)
        assert found.scores[B] is None


def days(*answered: dict[str, float], ago: int = 20) -> list[Answer]:
    """Answer one set a day, the first ``ago`` days ago."""
    return [
        answer
        for place, scores in enumerate(answered)
        for answer in means(scores, NOW - (ago - place) * DAY)
    ]


class TestFollowed:
    """Rule 7: which barrier is followed up on, held long enough not to flap."""

    @pytest.mark.parametrize(
        ("answers", "element"),
        [
            pytest.param([], None, id="nothing known"),
            pytest.param(days({"A": 2}), A, id="a barrier at once"),
            pytest.param(days({"A": 3.0}), A, id="exactly 3"),
            pytest.param(days({"A": 3.1}), None, id="above 3 is no barrier to begin with"),
            pytest.param(days({"A": 2}, {"A": 3.2}), A, id="one better set"),
            pytest.param(days({"A": 2}, {"A": 3.2}, {"A": 3.2}), None, id="two better sets"),
            pytest.param(days({"A": 2}, {"A": 3.3}), A, id="3.3 is not above 3.3"),
            pytest.param(days({"A": 2}, {"A": 3.4}), None, id="above 3.3 at once"),
            pytest.param(
                days({"A": 2}, {"A": 3.2}, {"A": 3.0}, {"A": 3.2}), A, id="a relapse starts over"
            ),
            pytest.param(
                days({"A": 2, "D": 2}, {"A": 3.2}), A, id="held though a later one is low"
            ),
            pytest.param(
                days({"A": 2, "D": 2}, {"A": 3.2}, {"A": 3.1}), D, id="then the later one"
            ),
            pytest.param(days({"A": 2, "D": 2}, {"A": 3.5}), D, id="the later one at once"),
            pytest.param(days({"A": 4, "D": 2}, {"A": 3.0}), A, id="an earlier one takes over"),
            pytest.param(days({"D": 2}, {"A": 2}), A, id="an earlier one becomes known"),
            pytest.param(days({"D": 2}, {"K": 4}, {"A": 4}), D, id="sets about others: still low"),
            pytest.param(days({"D": 2}, {"D": 3.2}, {"A": 4}), None, id="any set counts as one"),
            pytest.param(
                days({"A": 2}, {"A": 3.2}) + said({"A1": None}, NOW - DAY), A, id="skip is no set"
            ),
            pytest.param(days({"A": 2}, ago=60), None, id="aged out"),
            pytest.param(days({"A": 2}, ago=59), A, id="not yet aged out"),
            pytest.param(days({"A": 2, "D": 4}, {"D": 3}, ago=60), D, id="the next one remains"),
            pytest.param(days({"R": 2}), None, id="reinforcement before go-live"),
            pytest.param(days({"A": 5}, ago=2) + means({"A": 1}, NOW + DAY), None, id="ahead"),
        ],
    )
    def test_element(self, answers: list[Answer], element: Element | None) -> None:
        assert followed(answers, BANK, NOW, UTC_ZONE) == element
        assert followed(list(reversed(answers)), BANK, NOW, UTC_ZONE) == element

    def test_left_when_what_was_low_has_aged_out(self) -> None:
        low = [a for a in means({"A": 1}, NOW - 61 * DAY) if a.question in {"A1", "A2"}]
        high = [a for a in means({"A": 4}, NOW - 10 * DAY) if a.question == "A3"]
        assert followed([*low, *high], BANK, NOW - 5 * DAY, UTC_ZONE) == A
        assert followed([*low, *high], BANK, NOW, UTC_ZONE) is None

    def test_reinforcement_is_followed_from_go_live(self) -> None:
        assert followed(days({"R": 2}), BANK, NOW, UTC_ZONE, NOW) == R

    @pytest.mark.parametrize(
        ("zone", "element"),
        [
            pytest.param("Europe/Amsterdam", None, id="two local days: two sets"),
            pytest.param("Europe/London", A, id="one local day: one set"),
        ],
    )
    def test_a_set_is_a_local_day(self, zone: str, element: Element | None) -> None:
        before = datetime(2026, 11, 10, 22, 30, tzinfo=UTC)
        answers = [
            *days({"A": 2}),
            *means({"A": 3.2}, before),
            *means({"A": 3.2}, before + timedelta(hours=1)),
        ]
        assert followed(answers, BANK, NOW, ZoneInfo(zone)) == element

    def test_sets_split_at_local_midnight_and_leave_skips_out(self) -> None:
        before = datetime(2026, 11, 10, 22, 59, tzinfo=UTC)
        answers = [
            *said({"A2": 3}, before + timedelta(minutes=1)),
            *said({"A1": 3, "A3": None}, before),
        ]
        assert [[a.question for a in s] for s in sets(answers, AMSTERDAM)] == [["A1"], ["A2"]]
        assert [[a.question for a in s] for s in sets(answers, UTC_ZONE)] == [["A1", "A2"]]


def quick(scores: Sequence[Sequence[int | None]], seconds: float | None = 4.9) -> list[Answer]:
    """Answer one set a day, each answer within some seconds."""
    took = None if seconds is None else timedelta(seconds=seconds)
    return [
        Answer("p", f"A{n}", score, NOW + day * DAY + n * TICK, took=took)
        for day, given in enumerate(scores)
        for n, score in enumerate(given, 1)
    ]


class TestStraightLined:
    """Rule 9: all equal over at least four answers, each under 5 s, in three sets."""

    @pytest.mark.parametrize(
        ("answers", "lined"),
        [
            pytest.param(quick([[3, 3], [3], [3]]), True, id="four equal in three sets"),
            pytest.param(quick([[3], [3], [3]]), False, id="three answers are too few"),
            pytest.param(quick([[3, 3], [3, 3]]), False, id="two sets are too few"),
            pytest.param(quick([[3, 3], [3], [4]]), False, id="one differs"),
            pytest.param(quick([[3, 3], [3], [3]], 5.0), False, id="5 seconds is not under 5"),
            pytest.param(quick([[3, 3], [3], [3]], None), False, id="time unknown"),
            pytest.param(quick([[1], [3, 3], [3], [3]]), True, id="the last three sets count"),
            pytest.param(quick([[3, 3], [3], [3], [1]]), False, id="the newest set differs"),
            pytest.param(quick([[3, 3], [3], [3, None]]), True, id="a skip says nothing"),
            pytest.param([], False, id="nothing"),
        ],
    )
    def test_when(self, answers: list[Answer], *, lined: bool) -> None:
        assert straight_lined(answers, UTC_ZONE) is lined

    def test_one_slow_answer_clears(self) -> None:
        answers = [*quick([[3, 3], [3], [3]]), Answer("p", "A9", 3, NOW + 2 * DAY, took=DAY)]
        assert not straight_lined(answers, UTC_ZONE)

    def test_sets_are_local_days(self) -> None:
        late = datetime(2026, 11, 10, 22, 30, tzinfo=UTC)
        took = timedelta(seconds=1)
        answers = [
            Answer("p", f"A{n}", 3, late + timedelta(hours=hours), took=took)
            for n, hours in enumerate((0, 1, 24, 25))
        ]
        assert straight_lined(answers, AMSTERDAM) is True
        assert straight_lined(answers, UTC_ZONE) is False


@pytest.mark.parametrize(("missed", "is_silent"), [(0, False), (1, False), (2, True), (9, True)])
def test_two_missed_cycles_are_silence(missed: int, *, is_silent: bool) -> None:
    assert silent(missed) is is_silent


WILD: Bank = {
    "A1": Question("A1", A),
    "A6": Question("A6", A, reversed=True),
    "D1": Question("D1", D),
    "D-stance": Question("D-stance", D, kind="stance"),
    "K1": Question("K1", K, not_applicable=True),
    "B1": Question("B1", B),
    "B6": Question("B6", B, reversed=True),
    "R1": Question("R1", R),
}


def naive(answers: Sequence[Answer], go_live: datetime | None) -> dict[str, object]:
    """Work a standing out by hand, question by question; shares no code with the rules."""
    live = go_live is not None and go_live <= NOW
    scores: dict[str, list[float]] = {"A": [], "D": [], "K": [], "B": [], "R": []}
    for question in WILD:
        last: Answer | None = None
        for answer in answers:
            old = (NOW - answer.at).total_seconds() >= 60 * 24 * 3600
            if answer.question != question or old or answer.at > NOW:
                continue
            if answer.score is None and not answer.not_applicable:
                continue
            if last is None or answer.at >= last.at:
                last = answer
        if last is None or last.not_applicable or last.score is None or question == "D-stance":
            continue
        scores[question[0]].append(6 - last.score if question[1] == "6" else last.score)
    if not live:
        scores["R"] = []
    means = {letter: sum(s) / len(s) for letter, s in scores.items() if s}
    low = [letter for letter in "ADKBR" if letter in means and means[letter] <= 3]
    asked = "ADKBR" if live else "ADKB"
    before = asked[: asked.index(low[0])] if low else asked
    return {
        "scores": {LETTERS[x]: means.get(x) for x in "ADKBR"},
        "n": {LETTERS[x]: len(scores[x]) for x in "ADKBR"},
        "barrier": LETTERS[low[0]] if low else "none" if means else "unknown",
        "provisional": any(x not in means for x in before),
        "fragile": tuple(LETTERS[x] for x in "ADKBR" if x in means and 3 < means[x] < 4),
    }


def told(found: Standing) -> dict[str, object]:
    return {
        "scores": dict(found.scores),
        "n": dict(found.n),
        "barrier": found.barrier,
        "provisional": found.provisional,
        "fragile": found.fragile,
    }


@st.composite
def answered(draw: st.DrawFn) -> list[Answer]:
    """Draw answers around the edges of the window, with many of the same moment."""
    at = st.sampled_from(
        [-61 * DAY, -60 * DAY, -60 * DAY + TICK, -9 * DAY, -2 * DAY, -TICK, 0 * DAY, TICK, DAY]
    )
    one = st.tuples(st.sampled_from([*WILD, "gone"]), st.sampled_from([1, 2, 3, 4, 5, None]), at)
    given = draw(st.lists(one, max_size=30))
    na = draw(st.lists(st.booleans(), min_size=len(given), max_size=len(given)))
    return [
        Answer("p", q, score, NOW + ago, not_applicable=score is None and no)
        for (q, score, ago), no in zip(given, na, strict=True)
    ]


GO_LIVES = st.sampled_from([None, NOW - DAY, NOW, NOW + TICK])


@settings(max_examples=300, deadline=None, derandomize=True)
@given(answered(), GO_LIVES)
def test_agrees_with_working_it_out_by_hand(
    answers: list[Answer], go_live: datetime | None
) -> None:
    assert told(stand(answers, WILD, NOW, go_live)) == naive(answers, go_live)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(answered(), GO_LIVES, st.randoms(use_true_random=False))
def test_neither_the_order_of_lines_nor_a_second_import_matters(
    answers: list[Answer], go_live: datetime | None, chance: Random
) -> None:
    apart = [
        Answer(a.person, a.question, a.score, a.at + place * TICK, a.not_applicable)
        for place, a in enumerate(answers)
    ]
    apart = list({(a.at, a.question): a for a in apart}.values())
    shuffled = [*apart]
    chance.shuffle(shuffled)
    once = told(stand(apart, WILD, NOW, go_live))
    assert told(stand(shuffled, WILD, NOW, go_live)) == once
    assert told(stand([*apart, *apart], WILD, NOW, go_live)) == once
    assert told(stand([*answers, *answers], WILD, NOW, go_live)) == told(
        stand(answers, WILD, NOW, go_live)
    )
    zone = ZoneInfo("Europe/Amsterdam")
    assert followed([*apart, *shuffled], WILD, NOW, zone, go_live) == followed(
        apart, WILD, NOW, zone, go_live
    )
