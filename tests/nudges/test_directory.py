"""What a directory tells: who joins, moves, leaves and comes back, and what cannot be right."""

from dataclasses import replace
from typing import Any

import pytest

from nudges.address import Address
from nudges.directory import Change, Entry, Move, changed, compare, troubles
from nudges.people import Motivator, Person
from nudges.roles import Role

ANN = Entry("ann", "Ann", team="Sales/North", manager="bob", job="sales", language="nl")
BOB = Entry("bob", "Bob", team="Sales", job="manager")
SLACK, TEAMS = Address("slack", "T1", "U1"), Address("teams", "T9", "a-1")
NEWS: dict[
    str, tuple[list[Entry], list[str], list[Entry], list[tuple[Move, str, tuple[str, ...]]]]
] = {
    "nobody was here": ([], [], [ANN], [(Move.JOINED, "ann", ())]),
    "told again": ([ANN, BOB], [], [BOB, ANN], []),
    "another team and manager": (
        [ANN],
        [],
        [replace(ANN, team="Service", manager="eve")],
        [(Move.CHANGED, "ann", ("team", "manager"))],
    ),
    "another place to write to": (
        [ANN],
        [],
        [replace(ANN, homes=(SLACK,))],
        [(Move.CHANGED, "ann", ("homes",))],
    ),
    "not told any more": ([ANN, BOB], [], [BOB], [(Move.LEFT, "ann", ())]),
    "gone already": ([ANN, BOB], ["ann"], [BOB], []),
    "back": ([ANN], ["ann"], [replace(ANN, team="S")], [(Move.RETURNED, "ann", ("team",))]),
}


@pytest.mark.parametrize(("told", "gone", "tells", "news"), NEWS.values(), ids=NEWS)
def test_only_what_is_new_is_news(
    told: list[Entry],
    gone: list[str],
    tells: list[Entry],
    news: list[tuple[Move, str, tuple[str, ...]]],
) -> None:
    found = compare({e.id: e for e in told}, gone, tells)
    assert [(c.move, c.person, c.fields) for c in found] == news


def test_a_joiner_is_as_the_directory_tells() -> None:
    bob = changed(Change(Move.JOINED, None, replace(BOB, homes=(SLACK, TEAMS))), None)
    assert bob == Person(
        "bob",
        "Bob",
        team="Sales",
        job="manager",
        roles=frozenset({Role.MANAGER}),
        addresses=(SLACK, TEAMS),
    )


def test_who_was_known_by_their_answers_only_gets_a_name() -> None:
    known = Person("ann", motivator=Motivator.TEAM)
    ann = changed(Change(Move.JOINED, None, ANN), known)
    assert (ann.name, ann.language, ann.motivator) == ("Ann", "nl", Motivator.TEAM)


CHOSEN: dict[str, tuple[dict[str, Any], dict[str, Any], dict[str, Any]]] = {
    "their language stays": ({"language": "en"}, {"team": "S"}, {"language": "en", "team": "S"}),
    "unless it is told anew": ({"language": "en"}, {"language": "de"}, {"language": "de"}),
    "where they are written to": (
        {"addresses": (TEAMS,)},
        {"homes": (SLACK,)},
        {"addresses": (TEAMS, SLACK)},
    ),
    "a role of their own": (
        {"roles": frozenset({Role.CHAMPION})},
        {"job": "manager"},
        {"roles": frozenset({Role.CHAMPION, Role.MANAGER})},
    ),
    "a stop": ({"stopped": True}, {"team": "S"}, {"stopped": True}),
}


@pytest.mark.parametrize(("mine", "told", "then"), CHOSEN.values(), ids=CHOSEN)
def test_what_people_chose_stays(
    mine: dict[str, Any], told: dict[str, Any], then: dict[str, Any]
) -> None:
    person = replace(changed(Change(Move.JOINED, None, ANN), None), **mine)
    after = changed(Change(Move.CHANGED, ANN, replace(ANN, **told)), person)
    assert {name: getattr(after, name) for name in then} == then


def test_a_role_that_came_with_a_job_goes_with_it() -> None:
    bob = changed(Change(Move.JOINED, None, BOB), None)
    assert changed(Change(Move.CHANGED, BOB, replace(BOB, job="sales")), bob).roles == frozenset()


def test_an_address_that_is_not_told_any_more_goes() -> None:
    before = replace(ANN, homes=(SLACK, TEAMS))
    ann = changed(Change(Move.JOINED, None, before), None)
    moved = changed(Change(Move.CHANGED, before, replace(ANN, homes=(TEAMS,))), ann)
    assert moved.addresses == (TEAMS,)


def test_who_leaves_is_left_in_peace_and_who_returns_is_here() -> None:
    ann = changed(Change(Move.JOINED, None, ANN), None)
    gone = changed(Change(Move.LEFT, ANN, None), ann)
    assert gone == replace(ann, left=True)
    assert changed(Change(Move.RETURNED, ANN, ANN), gone) == ann


WRONG: dict[str, tuple[list[Entry], list[tuple[str, str]]]] = {
    "all is well": ([ANN, BOB], []),
    "a manager nobody knows": ([ANN], [("ann", "manager bob is not in the table")]),
    "two in a circle": (
        [ANN, replace(BOB, manager="ann")],
        [("ann", "is their own manager: ann → bob → ann")],
    ),
    "a circle that others stand under": (
        [replace(ANN, id="c", manager="b"), Entry("b", manager="a"), Entry("a", manager="b")],
        [("a", "is their own manager: a → b → a")],
    ),
    "two circles": (
        [
            Entry("d", manager="c"),
            Entry("c", manager="d"),
            Entry("b", manager="a"),
            Entry("a", manager="b"),
        ],
        [
            ("c", "is their own manager: c → d → c"),
            ("a", "is their own manager: a → b → a"),
        ],
    ),
    "one e-mail": (
        [Entry("a", email="x@y.example"), Entry("b", email="X@y.example")],
        [(who, "email x@y.example is somebody else's, too") for who in ("a", "b")],
    ),
    "one address": (
        [Entry("a", homes=(SLACK,)), Entry("b", homes=(SLACK,))],
        [(who, "address slack/T1/U1 is somebody else's, too") for who in ("a", "b")],
    ),
}


@pytest.mark.parametrize(("tells", "said"), WRONG.values(), ids=WRONG)
def test_what_cannot_be_right_is_told_and_not_guessed(
    tells: list[Entry], said: list[tuple[str, str]]
) -> None:
    assert list(troubles(tells, {e.id for e in tells})) == said
