"""Believed senders: who is asked and when, what authors may know, and who is to be next."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest

from nudges.adkar import Element
from nudges.belief import (
    BELIEFS,
    FIT,
    ONE_IN,
    REST,
    SenderBelief,
    Senders,
    Suggestion,
    asks,
    may_send,
    sender_of,
    shown,
    suggested,
    tenths,
)
from nudges.broadcast import Broadcast, Draft, Message, Signed, Stage
from nudges.people import Person
from nudges.roles import Role
from tests.clock import MONDAY

MESSAGE = Message({"en": "t"}, {"en": "b"}, sender="marit")
SENT = Broadcast(
    7,
    "joost",
    Draft(MESSAGE, "everyone", 9),
    Stage.BEGUN,
    MONDAY,
    name="Joost de Wit",
    sender=Signed("Marit Bos"),
)
MANY = [f"p{n}" for n in range(5000)]
DRAWN = [who for who in MANY if asks(SENT, who, None, MONDAY)]
SOMEBODY = DRAWN[0]


def about(rule: str = "everyone", **more: str) -> Broadcast:
    return replace(SENT, draft=Draft(replace(MESSAGE, **more), rule, 9))


class TestAsking:
    def test_about_one_receipt_in_five_and_always_the_same(self) -> None:
        assert 0.9 * len(MANY) / ONE_IN < len(DRAWN) < 1.1 * len(MANY) / ONE_IN
        assert [w for w in MANY if asks(SENT, w, None, MONDAY + REST)] == DRAWN
        other = {w for w in MANY if asks(replace(SENT, number=8), w, None, MONDAY)}
        assert len(other & {*DRAWN}) < 1.4 * len(MANY) / ONE_IN**2, "not the same people again"

    @pytest.mark.parametrize(
        ("found", "last", "asked"),
        [
            (SENT, None, True),
            (SENT, MONDAY - REST + timedelta(seconds=1), False),
            (SENT, MONDAY - REST, True),
            (about("barrier is desire"), None, False),
            (about("segment is sales and not (level is 2)"), None, False),
            (about(sender=SOMEBODY), None, False),
            (replace(SENT, sender=Signed()), None, False),
            (about(sender=""), None, True),
            (replace(about(sender=""), author=SOMEBODY), None, False),
            (replace(about(sender=""), author="", name=""), None, False),
        ],
        ids=[
            *("drawn", "59 days ago", "60 days ago", "a barrier", "a level", "their own name"),
            *("a sender without a name", "the author", "their own words", "an erased author"),
        ],
    )
    def test_whom(self, found: Broadcast, last: object, *, asked: bool) -> None:
        assert asks(found, SOMEBODY, last, MONDAY) is asked  # pyright: ignore[reportArgumentType]

    def test_in_whose_name(self) -> None:
        assert sender_of(SENT) == ("marit", "Marit Bos")
        assert sender_of(about(sender="")) == ("joost", "Joost de Wit")


class TestWhatIsShown:
    @pytest.mark.parametrize(
        ("yes", "partly", "no", "how", "tenths"),
        [
            (0, 0, 0, None, None),
            (4, 0, 0, None, None),
            (2, 1, 1, None, None),
            (5, 0, 0, "most", None),
            (5, 2, 2, "most", None),
            (5, 3, 2, "share", 5),
            (7, 1, 4, "share", 6),
            (4, 4, 0, "mixed", None),
            (3, 1, 1, "mixed", None),
            (0, 5, 0, "few", None),
            (4, 3, 2, "few", None),
            (0, 0, 90, "few", None),
            (5, 0, 500, "few", None),
            (500, 0, 5, "most", None),
        ],
    )
    def test_by_the_table(
        self, yes: int, partly: int, no: int, how: str | None, tenths: int | None
    ) -> None:
        found = shown("m", "sales", {"yes": yes, "partly": partly, "no": no})
        assert (found and (found.how, found.tenths)) == (how and (how, tenths))

    def test_no_figure_is_about_fewer_than_five_whatever_was_answered(self) -> None:
        told: dict[object, set[tuple[int, int]]] = {}
        for yes, partly, no in product(range(14), repeat=3):
            found = shown("m", "", dict(zip(BELIEFS, (yes, partly, no), strict=True)))
            others = partly + no
            if yes + others < 5:
                assert found is None
                continue
            assert found is not None
            assert (found.tenths is not None) is (found.how == "share")
            if found.tenths is not None:
                assert min(yes, others) >= 5
            told.setdefault((found.how, found.tenths), set()).add((yes, others))
        for words, cases in told.items():
            assert len(cases) > 4, f"{words} would tell exactly what was answered"

    def test_a_segment_speaks_for_itself_where_that_may_be_known(self) -> None:
        every, theirs = SenderBelief("m", "", "most"), SenderBelief("m", "sales", "few")
        other = SenderBelief("n", "", "share", 6)
        known = Senders((), (every, theirs, other))
        assert known.of() == {"m": every, "n": other}
        assert known.of("sales") == {"m": theirs, "n": other}
        assert known.of("service") == {"m": every, "n": other}


SPONSOR = Person("sam", roles=frozenset({Role.SPONSOR}))
MANAGER = Person("mia", roles=frozenset({Role.MANAGER, Role.USER}))
CHAMPION = Person("cas", roles=frozenset({Role.CHAMPION}))
TEAM = Person("tia", roles=frozenset({Role.CRM_TEAM}))
ALL = (SPONSOR, MANAGER, CHAMPION, TEAM)
KNOWN = {p.id: SenderBelief(p.id, "", "share", 8) for p in ALL}


def ids(found: tuple[Suggestion, ...]) -> str:
    return " ".join(one.sender for one in found)


class TestWhoIsNext:
    @pytest.mark.parametrize(
        ("element", "first", "second"),
        [
            (Element.AWARENESS, "sam", "mia"),
            (Element.DESIRE, "mia", "cas"),
            (Element.KNOWLEDGE, "cas", "tia"),
            (Element.ABILITY, "mia", "cas"),
            (Element.REINFORCEMENT, "mia", "sam"),
        ],
    )
    def test_who_is_heard_about_it_comes_first(
        self, element: Element, first: str, second: str
    ) -> None:
        assert ids(suggested(ALL, KNOWN, about=element)).split()[:2] == [first, second]
        assert set(FIT) == set(Element)

    @pytest.mark.parametrize(
        ("changed", "used", "order", "whys"),
        [
            ({}, (), "sam mia cas tia", "believed believed believed believed"),
            ({}, ("sam",), "mia sam cas tia", "believed again believed believed"),
            ({}, ("sam", "sam", "sam"), "mia cas tia sam", "believed believed believed again"),
            ({"sam": ("share", 4)}, (), "mia sam cas tia", "believed fits believed believed"),
            ({"sam": ("few", None)}, (), "mia cas tia", "believed believed believed"),
            ({"sam": ("most", None)}, (), "sam mia cas tia", "believed " * 4),
            ({"sam": ("mixed", None)}, (), "mia sam cas tia", "believed fits believed believed"),
            ({"sam": None}, (), "mia cas sam tia", "believed believed new believed"),
            (
                {"mia": None, "cas": None, "tia": None},
                (),
                "sam mia cas tia",
                "believed new new new",
            ),
        ],
    )
    def test_by_the_table(
        self,
        changed: dict[str, tuple[str, int | None] | None],
        used: tuple[str, ...],
        order: str,
        whys: str,
    ) -> None:
        results = {
            who: SenderBelief(who, "", *changed[who]) if who in changed else one  # pyright: ignore[reportOptionalIterable, reportArgumentType]
            for who, one in KNOWN.items()
            if changed.get(who, one) is not None
        }
        found = suggested(ALL, results, used)
        assert sorted(ids(found).split()) == sorted(order.split())
        if len(changed) < 3:
            assert ids(found) == order
            assert " ".join(one.why for one in found) == whys.strip()

    def test_nobody_known_yet_leaves_all_a_chance(self) -> None:
        found = suggested(ALL, {})
        assert {one.why for one in found} == {"new"}
        assert ids(found).split()[:2] == ["sam", "mia"]

    def test_each_third_place_is_for_somebody_unknown_and_they_take_turns(self) -> None:
        believed = [Person(f"k{n}", roles=frozenset({Role.SPONSOR})) for n in range(6)]
        new = [Person(f"n{n}", roles=frozenset({Role.CHAMPION})) for n in range(6)]
        results = {p.id: SenderBelief(p.id, "", "share", 9) for p in believed}
        first = Counter[str]()
        for length in range(60):
            found = suggested([*believed, *new], results, ("k0",) * length)
            assert [one.why for one in found[:9:3]] != ["new"] * 3
            assert [one.why for one in found[2:9:3]] == ["new"] * 3
            assert len(found) == 12
            first[found[2].sender] += 1
        assert {*first} == {p.id for p in new}, "whoever is unknown comes first one day"

    def test_nobody_to_choose_from(self) -> None:
        assert suggested((), {}) == ()

    @pytest.mark.parametrize("role", list(Role))
    def test_in_whose_name_one_may_write(self, role: Role) -> None:
        person = Person("x", roles=frozenset({role}))
        assert may_send(person, "y") is (role in {"sponsor", "manager", "champion", "crm_team"})
        assert may_send(person, "x")


@pytest.mark.parametrize(
    ("some", "every", "wanted"),
    [(4, 40, None), (36, 40, None), (0, 0, None), (5, 10, 5), (20, 30, 7), (5, 100, 0)],
)
def test_a_share_needs_five_on_either_side(some: int, every: int, wanted: int | None) -> None:
    assert tenths(some, every) == wanted
