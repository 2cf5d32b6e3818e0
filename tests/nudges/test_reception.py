"""Whom to ask whether a message was received, and what may be said about the answers."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nudges.audience_language import parse, written
from nudges.broadcast import Broadcast, Check, Draft, Message, Stage
from nudges.reception import (
    COMMENTS,
    MOST,
    MOST_WORDS,
    SMALL,
    Reception,
    Unread,
    again,
    due,
    figures,
    how_many,
    interval,
    order,
    received,
    shown,
    to_read,
)
from nudges.release import FLOOR
from nudges.wording import ANSWER, QUESTION, refused_check
from tests.clock import MONDAY

WORDS = {"en": "Where?", "nl": "Waar?"}
CHOICE = Check(WORDS, {"en": "Here", "nl": "Hier"}, ({"en": "There", "nl": "Daar"},))
OWN = Check(WORDS)
DRAFT = Draft(Message(WORDS, WORDS, check=CHOICE), "everyone", 100)
SENT = Broadcast(7, "ann", DRAFT, Stage.BEGUN, MONDAY)
ASKED = Reception(7, 20, MONDAY, waiting=3)
CLOSED = replace(ASKED, closed_at=MONDAY)
DAY = timedelta(days=1)
FRIDAY = MONDAY + 4 * DAY


@pytest.mark.parametrize(
    ("right", "answered", "low", "high"),
    [  # the first four from Newcombe (1998), Statistics in Medicine 17, table I, method 3
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
        (5, 5, 0.5655, 1.0),
        (8, 10, 0.4902, 0.9433),
        (1, 1, 0.2065, 1.0),
    ],
)
def test_the_range_is_wilsons(right: int, answered: int, low: float, high: float) -> None:
    assert interval(right / answered, answered) == pytest.approx((low, high), abs=0.00006)


@pytest.mark.parametrize(("share", "answered"), [(0, 0), (1.5, 2), (-0.2, 5)])
def test_what_is_no_share_has_no_range(share: float, answered: int) -> None:
    with pytest.raises(ValueError, match="is no share"):
        interval(share, answered)


@given(st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_range_holds_the_share_and_stays_a_share(sum_: tuple[int, int]) -> None:
    right, answered = sum_
    low, high = interval(right / answered, answered)
    assert 0 <= low <= right / answered + 1e-9
    assert right / answered - 1e-9 <= high <= 1
    mirrored = interval(1 - right / answered, answered)
    assert mirrored == pytest.approx((1 - high, 1 - low), abs=1e-9)


def closed(right: int, answered: int, *, exposes: bool = False, floor: int = FLOOR) -> Reception:
    """Return a test that is over, with as many answers."""
    answers = {f"p{n}": n < right for n in range(answered)}
    told = received(7, answers, floor, exposes=exposes).cells[0].told
    return replace(CLOSED, told=told)


@pytest.mark.parametrize(
    ("right", "answered", "said", "share"),
    [
        (5, 5, "unsure", None),
        (3, 5, "unsure", None),
        (2, 5, "below", None),
        (0, 9, "below", None),
        (10, 10, "reached", None),
        (8, 10, "reached", None),
        (7, 10, "unsure", 0.7),
        (3, 10, "below", 0.3),
        (2, 10, "below", None),
        (40, 50, "reached", None),
        (35, 50, "unsure", 0.7),
        (25, 50, "below", 0.5),
        (10, 50, "below", None),
        (79, 100, "unsure", 0.79),
        (80, 100, "reached", None),
    ],
)
def test_below_is_said_only_when_the_whole_range_is(
    right: int, answered: int, said: str, share: float | None
) -> None:
    result = shown(closed(right, answered))
    assert result
    assert (result.verdict, result.right) == (said, share)


def test_nobody_who_knows_their_own_answer_learns_anothers() -> None:
    told: dict[object, list[tuple[int, int]]] = {}
    for answered in range(FLOOR, 120):
        for right in range(answered + 1):
            result = shown(closed(right, answered))
            told.setdefault(replace(result, asked=0) if result else None, []).append(
                (right, answered)
            )
    assert None not in told
    for cases in told.values():
        for right, answered in cases:
            mine = {side for side, n in (("right", right), ("wrong", answered - right)) if n}
            for side in mine:  # take away the own answer: all others may still differ
                others = [
                    (r - (side == "right"), a - 1)
                    for r, a in cases
                    if a == answered and (r if side == "right" else a - r)
                ]
                assert any(r < n for r, n in others)
                assert any(r > 0 for r, _ in others)


@pytest.mark.parametrize(
    ("have", "choice", "asked"),
    [
        (0, True, 0),
        (FLOOR - 1, True, 0),
        (FLOOR, True, FLOOR),
        (COMMENTS - 1, False, 0),
        (COMMENTS, False, COMMENTS),
        (SMALL, True, SMALL),
        (SMALL + 1, True, SMALL),
        (2 * SMALL + 20, True, SMALL + 10),
        (100_000, True, MOST),
        (100_000, False, MOST_WORDS),
    ],
)
def test_all_of_a_few_are_asked_and_some_of_many(have: int, choice: bool, asked: int) -> None:  # noqa: FBT001 - a table
    assert how_many(have, choice=choice) == asked


@given(st.integers(0, 10_000), st.booleans())
def test_more_people_never_mean_fewer_asked(have: int, choice: bool) -> None:  # noqa: FBT001 - drawn
    now, more = (how_many(n, choice=choice) for n in (have, have + 1))
    assert now <= more <= have + 1


@pytest.mark.parametrize(
    ("begun", "days", "what"),
    [
        (MONDAY, 2.9, None),
        (MONDAY, 3, "ask"),
        (FRIDAY, 4, None),
        (FRIDAY, 5, "ask"),
        (FRIDAY + DAY, 3.9, None),
        (FRIDAY + DAY, 4, "ask"),
    ],
)
def test_it_is_asked_on_the_third_working_day(begun: datetime, days: float, what: str) -> None:
    assert due(SENT, begun, None, begun + days * DAY) == what


@pytest.mark.parametrize(
    ("sent", "found", "days", "what"),
    [
        (SENT, ASKED, 6.9, None),
        (SENT, ASKED, 7, "close"),
        (SENT, replace(ASKED, waiting=0), 0, "close"),
        (SENT, replace(CLOSED, waiting=0), 30, None),
        (replace(SENT, stage=Stage.RECALLED), ASKED, 30, None),
        (replace(SENT, draft=replace(DRAFT, corrects=3)), None, 30, None),
        (replace(SENT, draft=replace(DRAFT, message=Message(WORDS, WORDS))), None, 30, None),
        (replace(SENT, draft=replace(DRAFT, rule="barrier is desire")), None, 30, "ask"),
        (
            replace(
                SENT,
                draft=replace(DRAFT, rule="level is 2", message=Message(WORDS, WORDS, check=OWN)),
            ),
            None,
            30,
            None,
        ),
    ],
)
def test_answers_count_for_five_working_days(
    sent: Broadcast, found: Reception | None, days: float, what: str
) -> None:
    assert due(sent, MONDAY, found, MONDAY + days * DAY) == what


def test_the_right_one_stands_anywhere_and_always_there() -> None:
    orders = [order(7, f"p{n}", 4) for n in range(400)]
    assert orders == [order(7, f"p{n}", 4) for n in range(400)]
    places = [one.index(0) for one in orders]
    assert all(70 < places.count(place) < 130 for place in range(4)), "about a quarter each"
    assert {tuple(sorted(one)) for one in orders} == {(0, 1, 2, 3)}
    assert order(7, "p1", 0) == ()


@pytest.mark.parametrize(
    ("right", "answered", "exposes", "floor", "told"),
    [
        (4, 4, False, FLOOR, False),
        (4, 5, False, FLOOR, True),
        (9, 9, False, 10, False),
        (10, 10, False, 10, True),
        (4, 20, True, FLOOR, False),
        (16, 20, True, FLOOR, False),
        (5, 20, True, FLOOR, True),
        (15, 20, True, FLOOR, True),
        (4, 5, False, 1, True),
        (4, 4, False, 1, False),
    ],
)
def test_nothing_is_told_of_a_few(
    right: int,
    answered: int,
    floor: int,
    *,
    exposes: bool,
    told: bool,
) -> None:
    result = shown(closed(right, answered, exposes=exposes, floor=floor))
    assert (result is not None) is told
    assert (figures(result) is not None) is told


@pytest.mark.parametrize(("readable", "exposes"), [(True, False), (True, True), (False, False)])
def test_words_are_read_where_there_are_enough_and_they_tell_on_nobody(
    *, readable: bool, exposes: bool
) -> None:
    found = replace(CLOSED, readable=readable, unread=(Unread(1, "words"),))
    assert len(to_read(found, exposes=exposes)) == (readable and not exposes)
    assert to_read(replace(found, closed_at=None), exposes=exposes) == ()


@pytest.mark.parametrize("found", [None, ASKED, CLOSED])
def test_nothing_is_shown_before_it_is_known(found: Reception | None) -> None:
    assert shown(found) is None


def test_figures_for_a_program() -> None:
    result = shown(closed(14, 19))
    assert figures(result) == {
        "asked": 20,
        "answered": "10-19",
        "verdict": "unsure",
        "right": 0.7,
        "low": 0.397,
        "high": 0.892,
    }


def test_a_repeat_joins_the_series_and_begins_when_it_is_released() -> None:
    first = again(replace(SENT, draft=replace(DRAFT, begins=MONDAY)))
    assert (first.series, first.begins, first.message) == (7, None, DRAFT.message)
    assert again(replace(SENT, draft=replace(DRAFT, series=3))).series == 3


@pytest.mark.parametrize(
    ("check", "wrong"),
    [
        (CHOICE, []),
        (OWN, []),
        (replace(CHOICE, question={"en": "Where?"}), [("question.nl", "question")]),
        (replace(OWN, question=WORDS | {"en": "a" * QUESTION}), []),
        (
            replace(OWN, question=WORDS | {"en": "a" * (QUESTION + 1)}),
            [("question.en", "question")],
        ),
        (replace(OWN, question=WORDS | {"en": "a\nb"}), [("question.en", "question")]),
        (replace(OWN, question=WORDS | {"en": "a\u200bb"}), [("question.en", "hidden")]),
        (replace(CHOICE, right={"en": "Here"}), [("right.nl", "answer")]),
        (
            replace(CHOICE, right=WORDS | {"nl": "a" * (ANSWER + 1)}),
            [("right.nl", "answer")],
        ),
        (replace(CHOICE, wrong=()), [("wrong.en", "wrongs"), ("wrong.nl", "wrongs")]),
        (
            replace(CHOICE, wrong=(*CHOICE.wrong, WORDS, WORDS, WORDS)),
            [("wrong.en", "wrongs"), ("wrong.nl", "wrongs")],
        ),
        (replace(OWN, wrong=CHOICE.wrong), [("wrong.en", "wrongs"), ("wrong.nl", "wrongs")]),
        (replace(CHOICE, wrong=({"en": "There"},)), [("wrong.nl", "answer")]),
        (replace(CHOICE, wrong=({"en": "HERE", "nl": "Daar"},)), [("wrong.en", "same")]),
    ],
)
def test_a_question_that_does_not_fit_is_refused(
    check: Check, wrong: list[tuple[str, str]]
) -> None:
    assert list(refused_check(check, ("en", "nl"))) == wrong


class TestAgain:
    """A repeat goes to those who missed it, as far as that tells on nobody."""

    @pytest.mark.parametrize(
        ("rule", "acknowledge", "meant"),
        [
            ("segment is sales", True, "segment is sales and received is not 7"),
            ("everyone", True, "everyone and received is not 7"),
            ("segment is sales or language is nl", True, None),
            ("segment is sales", False, "segment is sales"),
            ("barrier is desire", True, "barrier is desire"),
        ],
    )
    def test_whom(self, rule: str, meant: str | None, *, acknowledge: bool) -> None:
        words = {"en": "words"}
        message = Message(words, words, acknowledge=acknowledge)
        found = Broadcast(7, "a", Draft(message, rule, 9), Stage.BEGUN, MONDAY)
        draft = again(found)
        expected = meant or "(segment is sales or language is nl) and received is not 7"
        assert draft.rule == written(parse(expected))
        assert (draft.series, draft.begins) == (7, None)
