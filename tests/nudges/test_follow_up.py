"""What a barrier leads to: the one message that fits, and not the same one twice in a row."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import ClassVar

import pytest

from adapters.content.files import load_library
from dialogs.speech import languages
from nudges.adkar import ELEMENTS, Answer, Element
from nudges.delivery import Priority
from nudges.follow_up import FollowUp, FollowUpNote, Reaction, choose, follow_up
from nudges.people import Motivator, Person
from tests.clock import MONDAY
from tests.nudges.given import BANK, LETTERS, means, said

NOW = MONDAY
A, D, K, B, R = LETTERS.values()
LIBRARY = load_library()
TIME, TEAM = frozenset({Motivator.TIME}), frozenset({Motivator.TEAM})
SALES, SERVICE = frozenset({"sales"}), frozenset({"service"})
ALL = (
    FollowUp("a-general", B),
    FollowUp("b-level-1", B, levels=frozenset({1, 2})),
    FollowUp("c-sales", B, jobs=SALES),
    FollowUp("d-sales-level-1", B, jobs=SALES, levels=frozenset({1})),
    FollowUp("e-time", B, TIME),
    FollowUp("f-time-level-1", B, TIME, levels=frozenset({1})),
    FollowUp("g-time-sales", B, TIME, SALES),
    FollowUp("h-time-sales-level-1", B, TIME, SALES, frozenset({1})),
    FollowUp("z-other-element", D, TIME, SALES, frozenset({1})),
)
PERSON = Person("p", job="sales", level=1, motivator=Motivator.TIME)


class TestChoose:
    def test_motivator_weighs_more_than_job_and_job_more_than_level(self) -> None:
        seen: list[str] = []
        while (found := choose(ALL, B, PERSON, seen)) and found.id not in seen:
            seen.append(found.id)
        assert "".join(name[0] for name in seen) == "hgfedcba"
        assert found
        assert found.id == seen[0], "once all are seen, the one seen longest ago"

    @pytest.mark.parametrize(
        ("person", "fits"),
        [
            pytest.param(PERSON, "abcdefgh", id="all that names them"),
            pytest.param(replace(PERSON, motivator=Motivator.TEAM), "abcd", id="other motivator"),
            pytest.param(replace(PERSON, motivator=None), "abcd", id="no motivator given"),
            pytest.param(replace(PERSON, job="service"), "abef", id="other job"),
            pytest.param(replace(PERSON, job=""), "abef", id="no job known"),
            pytest.param(replace(PERSON, level=0), "aceg", id="level 0 is a level"),
            pytest.param(replace(PERSON, level=2), "abceg", id="one of two levels"),
        ],
    )
    def test_only_what_fits(self, person: Person, fits: str) -> None:
        seen: list[str] = []
        while (found := choose(ALL, B, person, seen)) and found.id not in seen:
            seen.append(found.id)
        assert "".join(sorted(name[0] for name in seen)) == fits

    @pytest.mark.parametrize(
        ("seen", "chosen"),
        [
            pytest.param([], "e-time", id="the most specific"),
            pytest.param(["e-time"], "c-sales", id="not again before the others"),
            pytest.param(["e-time", "c-sales"], "a-general", id="the last one"),
            pytest.param(["c-sales", "a-general"], "e-time", id="unseen before seen"),
            pytest.param(["c-sales", "e-time", "a-general"], "c-sales", id="longest ago"),
            pytest.param(["c-sales", "e-time", "a-general", "c-sales"], "e-time", id="latest time"),
            pytest.param(["gone", "z-other-element"], "e-time", id="others do not matter"),
        ],
    )
    def test_not_repeated_before_the_others_were_seen(self, seen: list[str], chosen: str) -> None:
        some = [f for f in ALL if f.id in {"a-general", "c-sales", "e-time"}]
        found = choose(some, B, PERSON, seen)
        assert found
        assert found.id == chosen

    def test_none_about_an_element_that_was_called_wrong(self) -> None:
        wrong = replace(PERSON, suspended=frozenset({B}))
        assert choose(ALL, B, wrong) is None
        assert choose(ALL, D, wrong) == ALL[-1]

    def test_none_where_nothing_fits(self) -> None:
        assert choose(ALL, K, PERSON) is None
        assert choose((FollowUp("x", K, TEAM), FollowUp("y", K, jobs=SERVICE)), K, PERSON) is None


class TestContent:
    """What ships: enough for every element, in every language, and a motivator that matters."""

    @pytest.mark.parametrize("language", languages())
    @pytest.mark.parametrize("element", ELEMENTS)
    def test_three_for_anyone_in_every_language(self, element: Element, language: str) -> None:
        written = [
            f
            for f in LIBRARY.follow_ups
            if f.element is element
            and LIBRARY.stories[f.id].title.get(language)
            and LIBRARY.stories[f.id].body.get(language)
        ]
        assert len(written) >= 3
        seen: list[str] = []
        nobody = Person("p")
        while (found := choose(written, element, nobody, seen)) and found.id not in seen:
            seen.append(found.id)
        assert len(seen) >= 3, "someone of whom we know nothing gets three different ones"

    @pytest.mark.parametrize("job", ["", "sales", "service", "marketing", "manager"])
    @pytest.mark.parametrize("level", [0, 1, 2, 3])
    @pytest.mark.parametrize("element", ELEMENTS)
    def test_the_motivator_changes_the_message(
        self, element: Element, level: int, job: str
    ) -> None:
        first: dict[Motivator | None, str] = {}
        for motivator in (None, *Motivator):
            person = Person("p", job=job, level=level, motivator=motivator)
            found = choose(LIBRARY.follow_ups, element, person)
            assert found
            first[motivator] = found.id
        assert len(set(first.values())) == len(Motivator) + 1, first

    @pytest.mark.parametrize("element", ELEMENTS)
    def test_each_is_about_its_element_and_has_words(self, element: Element) -> None:
        for found in LIBRARY.follow_ups:
            if found.element is element:
                assert found.id.startswith(element)
                assert set(LIBRARY.stories[found.id].body) == set(languages())


def react(
    answers: Sequence[Answer],
    person: Person = PERSON,
    question: str = "B1",
    seen: Sequence[str] = (),
) -> Reaction:
    return follow_up(
        person,
        answers,
        pulse="pulse:2026-W47",
        question=question,
        bank=BANK,
        follow_ups=ALL,
        seen=seen,
        go_live=None,
        now=NOW,
    )


class TestReaction:
    def test_the_next_of_their_mornings_once_a_pulse(self) -> None:
        found = react(said({"B1": 2}, NOW))
        assert found.element is B
        delivery = found.delivery
        assert delivery
        assert delivery.occasion == "follow-up:pulse:2026-W47:2026-11-16"
        assert (delivery.person, delivery.priority) == ("p", Priority.NUDGE)
        assert delivery.due == datetime(2026, 11, 17, 8, tzinfo=UTC)
        assert delivery.note == FollowUpNote("h-time-sales-level-1", "B1")
        assert delivery.note.subject == "follow-up:h-time-sales-level-1"
        assert (delivery.kind, delivery.target) == ("post", None)

    @pytest.mark.parametrize(
        ("answers", "question", "because"),
        [
            pytest.param({"B1": 2, "A1": 4}, "B1", "B1", id="the one just answered"),
            pytest.param({"B1": 2, "A1": 4}, "A1", "B1", id="that was about something else"),
            pytest.param({"B2": 2, "B1": 2, "A1": 4}, "A1", "B1", id="the newest about it"),
            pytest.param({"B2": 2, "B1": None}, "B1", "B2", id="a skip is no reason"),
            pytest.param({"B2": 2, "B1": 5, "B3": 1}, "B2", "B2", id="not the lowest"),
        ],
    )
    def test_says_which_answer_led_here(
        self, answers: dict[str, int | None], question: str, because: str
    ) -> None:
        given = [
            Answer("p", q, score, NOW - timedelta(minutes=30 - place))
            for place, (q, score) in enumerate(answers.items())
        ]
        found = react(list(reversed(given)), question=question)
        assert found.delivery
        assert found.delivery.note == FollowUpNote("h-time-sales-level-1", because)

    def test_nothing_where_nothing_is_in_the_way(self) -> None:
        found = react(means({"A": 4, "B": 4}, NOW))
        assert (found.element, found.delivery) == (None, None)

    def test_nothing_about_what_was_called_wrong_but_the_element_is_known(self) -> None:
        found = react(said({"B1": 1}, NOW), replace(PERSON, suspended=frozenset({B})))
        assert (found.element, found.delivery) == (B, None)

    def test_what_is_held_is_followed_up_not_what_wavers(self) -> None:
        low, better = means({"B": 2}, NOW - timedelta(days=7)), means({"B": 3.2}, NOW)
        assert react([*low, *better]).element is B
        assert react(better).element is None

    def test_knowledge_is_not_pushed_to_someone_held_up_by_desire(self) -> None:
        found = react(said({"D1": 1, "K1": 1, "B1": 1}, NOW), question="K1")
        assert found.element is D
        assert found.delivery
        assert found.delivery.note == FollowUpNote("z-other-element", "D1")

    def test_those_seen_come_later(self) -> None:
        for one, other in pairwise("hgfedcba"):
            had = [f.id for f in ALL if f.id[0] >= one and f.element is B]
            found = react(said({"B1": 2}, NOW), seen=had)
            assert found.delivery
            assert isinstance(found.delivery.note, FollowUpNote)
            assert found.delivery.note.follow_up[0] == other


class TestMeasuredUse:
    """Rule 6: what somebody says of Ability counts at most 3 while they do too little."""

    SAYS_WELL: ClassVar = {"A": 5.0, "D": 5.0, "K": 5.0, "B": 5.0}

    def reaction(self, *, capped: bool, **scores: float) -> Reaction:
        return follow_up(
            PERSON,
            means(scores or self.SAYS_WELL, NOW),
            pulse="pulse:1",
            question="B1",
            bank=BANK,
            follow_ups=ALL,
            seen=(),
            go_live=NOW - timedelta(days=60),
            now=NOW,
            ability_capped=capped,
        )

    def test_ability_is_followed_and_the_note_says_that_use_led_to_it(self) -> None:
        assert self.reaction(capped=False).delivery is None
        found = self.reaction(capped=True)
        assert found.element is B
        assert found.delivery is not None
        assert isinstance(found.delivery.note, FollowUpNote)
        assert found.delivery.note.by_use
        assert found.delivery.note.measured

    def test_what_answers_alone_lead_to_is_not_said_to_follow_from_use(self) -> None:
        for scores in ({"A": 5, "D": 5, "K": 5, "B": 2}, {"A": 5, "D": 2, "K": 5, "B": 5}):
            found = self.reaction(capped=True, **scores)
            assert found == self.reaction(capped=False, **scores)
            assert found.delivery is not None
            assert isinstance(found.delivery.note, FollowUpNote)
            assert not found.delivery.note.by_use
