"""Which questions come next: few at a time, and every element kept fresh."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

import pytest

from adapters.content.files import load_library
from nudges.adkar import ELEMENTS, FRESH, Answer, Element, Question
from nudges.pulse import PulseNote, ask, question_about, questions, stalest
from tests.clock import MONDAY
from tests.nudges.given import BANK, LETTERS, means, said

NOW = MONDAY
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
LIVE = NOW - 30 * DAY
A, D, K, B, R = LETTERS.values()
REAL = load_library().bank
BESIDE = {
    "D-stance": Question("D-stance", D, kind="stance"),
    "A-sender": Question("A-sender", A, kind="sender"),
    "K-leads": Question("K-leads", K, kind="area", area="leads"),
}
WITH = BANK | BESIDE


def known(scores: dict[str, float], ago: dict[str, int] | None = None) -> list[Answer]:
    """Answer elements some days ago, by default the earliest element longest ago."""
    when = {"A": 5, "D": 4, "K": 3, "B": 2, "R": 1} | (ago or {})
    return [a for x, mean in scores.items() for a in means({x: mean}, NOW - when[x] * DAY)]


FINE = {"A": 4.0, "D": 4.0, "K": 4.0, "B": 4.0, "R": 4.0}


class TestChoice:
    @pytest.mark.parametrize(
        ("answers", "asked"),
        [
            pytest.param([], "AD", id="nothing known: from the start"),
            pytest.param(known({"A": 4}), "DK", id="the first that is missing, then the next"),
            pytest.param(known({"D": 2}), "AD", id="provisional: what is missing, then it"),
            pytest.param(known({"A": 4, "K": 2}), "DK", id="the missing one is in between"),
            pytest.param(known({"A": 4, "D": 4, "K": 4, "R": 2}), "BR", id="missing before R"),
            pytest.param(known({"A": 2}), "DA", id="never heard of, then the barrier"),
            pytest.param(known(FINE | {"K": 2}), "AK", id="the stalest, then the barrier"),
            pytest.param(known(FINE | {"A": 2}), "AD", id="the barrier is the stalest itself"),
            pytest.param(known(FINE | {"K": 2}, {"B": 30}), "BK", id="stalest before earliest"),
            pytest.param(known(FINE | {"K": 2}, {"B": 30, "A": 29}), "BA", id="would go stale"),
            pytest.param(known(FINE, {"B": 30, "A": 28}), "B-", id="may wait a fortnight"),
            pytest.param(known(FINE, {"B": 30, "A": 29}), "BA", id="may not wait"),
            pytest.param(
                known(FINE, {"B": 30, "A": 15, "D": 15, "K": 14}), "B-", id="in turn they may wait"
            ),
            pytest.param(
                known(FINE, {"B": 30, "A": 15, "D": 15, "K": 15}), "BA", id="in turn not all may"
            ),
            pytest.param(known({"A": 4, "D": 4}), "KB", id="good so far, not yet all known"),
            pytest.param(
                [*known(FINE), Answer("p", "A1", None, NOW, not_applicable=True)],
                "A-",
                id="not applicable is not heard of, other items are",
            ),
            pytest.param(known(FINE, {"R": 30}), "R-", id="nothing holds up: one beside"),
            pytest.param(known(FINE | {"A": 2}, {"D": 61}), "DA", id="stale is unknown"),
        ],
    )
    def test_elements(self, answers: list[Answer], asked: str) -> None:
        found = questions(answers, WITH, NOW, LIVE)
        assert "".join("-" if q.id in BESIDE else q.id[0] for q in found) == asked

    def test_of_an_element_the_item_heard_of_longest_ago(self) -> None:
        bank = {q: BANK[q] for q in ("A1", "A2", "A3", "D1")}
        given = [
            *said({"A1": 4}, NOW - 3 * DAY),
            *said({"A2": 4}, NOW - 5 * DAY),
            *said({"A3": None}, NOW - 9 * DAY),
        ]
        assert question_about(A, given[:1], bank) == bank["A2"]
        assert question_about(A, given[:2], bank) == bank["A3"]
        assert question_about(A, given, bank) == bank["A3"]
        assert question_about(A, [*given, *said({"A3": None}, NOW)], bank) == bank["A2"]
        assert question_about(R, given, bank) is None

    def test_beside_the_bank_they_take_turns_and_the_sender_is_not_asked_out_of_the_blue(
        self,
    ) -> None:
        answers = known(FINE)
        turns: list[str] = []
        for _ in range(4):
            beside = questions(answers, WITH, NOW, LIVE)[1]
            turns.append(beside.id)
            answers += said({beside.id: 3}, NOW - DAY + len(turns) * timedelta(minutes=1))
        assert turns == ["D-stance", "K-leads", "D-stance", "K-leads"]

    def test_of_a_question_beside_the_bank_the_answer_keeps_nothing_fresh(self) -> None:
        answers = [*known(FINE), *said({"D-stance": 1, "A-sender": 1}, NOW - DAY)]
        assert stalest(answers, WITH, NOW, live=True) == ELEMENTS

    def test_a_bank_with_one_element_asks_one_question(self) -> None:
        bank = {"A1": BANK["A1"]}
        assert [q.id for q in questions([], bank, NOW, LIVE)] == ["A1"]
        assert questions([], {}, NOW, LIVE) == ()

    def test_fixed_once(self) -> None:
        fixed = ask(PulseNote("p"), [], WITH, NOW)
        assert fixed.questions == ("A1", "D1")
        later = known(FINE | {"B": 1})
        assert ask(fixed, later, WITH, NOW, LIVE) == fixed
        assert ask(PulseNote("p"), later, WITH, NOW, LIVE).questions != fixed.questions
        assert fixed.question == "A1"


Mind = Callable[[Question, int], int | None]


def high(question: Question) -> int:
    return 1 if question.reversed else 5


def low(*elements: Element, weeks: int = 26) -> Mind:
    def score(question: Question, week: int) -> int:
        held = question.element in elements and week < weeks
        return 6 - high(question) if held else high(question)

    return score


def skips(element: Element) -> Mind:
    return lambda question, _week: None if question.element == element else high(question)


def at_random(seed: int) -> Mind:
    chance = Random(seed)  # noqa: S311 - a made-up mind
    return lambda _question, _week: chance.choice([1, 2, 3, 4, 5])


def half_year(
    mind: Mind, go_live: datetime | None, every: timedelta = WEEK
) -> list[tuple[datetime, tuple[Question, ...], list[Answer]]]:
    """Answer every pulse for 26 weeks; yields each with all answers so far."""
    answers: list[Answer] = []
    asked: list[tuple[datetime, tuple[Question, ...], list[Answer]]] = []
    for week in range(26 * WEEK // every):
        at = NOW + week * every
        chosen = questions(answers, REAL, at, go_live)
        answers += [
            Answer("p", q.id, mind(q, week), at + place * timedelta(seconds=9))
            for place, q in enumerate(chosen)
        ]
        asked.append((at, chosen, list(answers)))
    return asked


MINDS: dict[str, Mind] = {
    "nothing in the way": low(),
    **{f"held up by {e}": low(e) for e in ELEMENTS},
    "everything in the way": low(*ELEMENTS),
    "better after ten weeks": low(*ELEMENTS, weeks=10),
    **{f"moody {seed}": at_random(seed) for seed in range(4)},
}
STARTS = {"live already": LIVE, "live in week 9": NOW + 9 * WEEK, "no date": None}


@pytest.mark.parametrize("go_live", STARTS.values(), ids=STARTS)
@pytest.mark.parametrize("mind", MINDS.values(), ids=MINDS)
class TestHalfAYear:
    def test_at_most_two_different_questions_and_one_always(
        self, mind: Mind, go_live: datetime | None
    ) -> None:
        for _, chosen, _ in half_year(mind, go_live):
            assert 1 <= len(chosen) <= 2
            assert len({q.id for q in chosen}) == len(chosen)

    def test_every_applicable_element_is_fresh_within_six_weeks(
        self, mind: Mind, go_live: datetime | None
    ) -> None:
        for at, _, answers in half_year(mind, go_live):
            for element in ELEMENTS:
                from_ = NOW
                if element is R:
                    from_ = at + WEEK if go_live is None else max(NOW, go_live)
                if at - from_ < FRESH:
                    continue
                heard = max(a.at for a in answers if _scored(a, element))
                assert at - heard <= FRESH, (element, at)

    def test_reinforcement_is_never_asked_before_go_live(
        self, mind: Mind, go_live: datetime | None
    ) -> None:
        asked = [
            at for at, chosen, _ in half_year(mind, go_live) if any(q.element is R for q in chosen)
        ]
        assert bool(asked) is (go_live is not None)
        assert all(go_live and at >= go_live for at in asked)

    def test_the_items_of_an_element_take_turns(self, mind: Mind, go_live: datetime | None) -> None:
        asked = Counter(q.id for _, chosen, _ in half_year(mind, go_live) for q in chosen)
        for element in ELEMENTS:
            times = [asked[q.id] for q in REAL.values() if q.scored and q.element is element]
            assert max(times) - min(times) <= 1


def _scored(answer: Answer, element: Element) -> bool:
    question = REAL[answer.question]
    return answer.score is not None and question.scored and question.element is element


@pytest.mark.parametrize("element", [A, D, K, B])
def test_skipping_one_element_does_not_keep_the_others_from_being_asked(element: Element) -> None:
    at, _, answers = half_year(skips(element), LIVE)[-1]
    for other in set(ELEMENTS) - {element}:
        assert any(_scored(a, other) and at - a.at <= FRESH for a in answers), other


@pytest.mark.parametrize("mind", MINDS.values(), ids=MINDS)
def test_someone_who_asked_for_fewer_stays_fresh_as_well(mind: Mind) -> None:
    for at, _, answers in half_year(mind, LIVE, 2 * WEEK):
        if at - NOW >= FRESH:
            for element in ELEMENTS:
                heard = max(a.at for a in answers if _scored(a, element))
                assert at - heard <= FRESH, (element, at)


def test_the_subject_names_pulses() -> None:
    assert PulseNote("a").subject == PulseNote("b").subject == "pulse"
