"""Believed senders: who is asked and when, what authors may know, and who is to be next."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from nudges.adkar import Element
from nudges.belief import (
    DOUBTED,
    FIT,
    ONE_IN,
    REST,
    TRUSTED,
    SenderBelief,
    Senders,
    Suggestion,
    asks,
    belief_in,
    may_send,
    sender_of,
    shown,
    suggested,
)
from nudges.broadcast import Broadcast, Draft, Message, Signed, Stage
from nudges.group import Figure, Told
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


def figure(shares: dict[str, float] | None, *, weeks: int = 0, exact: bool = True) -> Figure:
    told = Told("10-19", shares) if shares is not None else None
    week = (MONDAY - timedelta(weeks=weeks)).date()
    return Figure(3, belief_in("m").name, week, told, exact, "")


class TestWhatIsShown:
    @pytest.mark.parametrize(
        ("found", "tenths"),
        [
            (figure({"yes": 0.6, "partly": 0.4}), 6),
            (figure({"yes": 0.46, "no": 0.54}), 5),
            (figure({"partly": 0.5, "no": 0.5}), 0),
            (figure({"yes": 0.6, "no": 0.4}, exact=False), None),
            (figure(None), None),
            (figure({"yes": 0.6, "no": 0.4}, weeks=25), 6),
            (figure({"yes": 0.6, "no": 0.4}, weeks=26), None),
        ],
        ids=["some", "rounded", "nobody", "with others", "withheld", "just", "too old"],
    )
    def test_what_was_told_of_the_segment_alone_and_lately(
        self, found: Figure, tenths: int | None
    ) -> None:
        one = shown("m", "sales", found, MONDAY)
        assert one == (None if tenths is None else SenderBelief("m", "sales", tenths, 3))

    def test_a_measure_tells_nobody_whom_it_is_about(self) -> None:
        assert belief_in("m") != belief_in("n")
        assert "marit" not in belief_in("marit").name
        assert belief_in("m").keeps

    def test_a_segment_speaks_for_itself_where_that_may_be_known(self) -> None:
        every, theirs = SenderBelief("m", "", 9), SenderBelief("m", "sales", 1)
        other = SenderBelief("n", "", 6)
        known = Senders((), (every, theirs, other))
        assert known.of() == {"m": every, "n": other}
        assert known.of("sales") == {"m": theirs, "n": other}
        assert known.of("service") == {"m": every, "n": other}


SPONSOR = Person("sam", roles=frozenset({Role.SPONSOR}))
MANAGER = Person("mia", roles=frozenset({Role.MANAGER, Role.USER}))
CHAMPION = Person("cas", roles=frozenset({Role.CHAMPION}))
TEAM = Person("tia", roles=frozenset({Role.CRM_TEAM}))
ALL = (SPONSOR, MANAGER, CHAMPION, TEAM)
KNOWN = {p.id: SenderBelief(p.id, "", 8) for p in ALL}


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
            ({"sam": 4}, (), "mia sam cas tia", "believed fits believed believed"),
            ({"sam": DOUBTED}, (), "mia cas tia", "believed believed believed"),
            ({"sam": TRUSTED}, (), "sam mia cas tia", "believed " * 4),
            ({"sam": DOUBTED + 1}, (), "mia sam cas tia", "believed fits believed believed"),
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
        changed: dict[str, int | None],
        used: tuple[str, ...],
        order: str,
        whys: str,
    ) -> None:
        results = {
            who: SenderBelief(who, "", tenths)
            for who in KNOWN
            if (tenths := changed.get(who, 8)) is not None
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
        results = {p.id: SenderBelief(p.id, "", 9) for p in believed}
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
