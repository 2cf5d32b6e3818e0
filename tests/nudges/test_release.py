"""The release auditor: which groups may be told, and which have to join their neighbours."""

from collections.abc import Callable, Iterator, Mapping
from itertools import chain, repeat

import pytest

from nudges.release import (
    ASIDE,
    TOP,
    Atom,
    Closed,
    Ledger,
    Unit,
    Value,
    alike,
    close,
    dominated,
    tellable,
)

FIVE: Mapping[str, Value] = {"a": 1.0, "b": 2.0, "c": 3.0, "d": 4.0, "e": 5.0}
MIXED: Mapping[str, Value] = {"a": "x", "b": "y", "c": "x", "d": "y", "e": "z"}


def dice(*thrown: float) -> Callable[[], float]:
    """Throw these, and then always so that nobody is put aside."""
    left: Iterator[float] = chain(thrown, repeat(1.0))
    return lambda: next(left)


@pytest.mark.parametrize(
    ("values", "one_mind"),
    [
        ((), True),
        (("x",), True),
        (("x", "x", "x", "x", "x"), True),
        (("x", "x", "x", "x", "y"), True),
        (("x", "x", "x", "y", "y"), False),
        (("x", "x", "x", "y", "z"), False),
        ((1.0, 1.0, 1.0, 1.0, 2.0), True),
    ],
)
def test_a_group_of_one_mind_but_for_one_is_alike(
    values: tuple[Value, ...],
    one_mind: bool,  # noqa: FBT001 - a table
) -> None:
    assert alike(values) is one_mind


@pytest.mark.parametrize(
    ("values", "by_few"),
    [
        (("x", "y", "z"), False),
        ((1.0, 1.0, 1.0, 1.0, 1.0), False),
        ((100.0, 50.0, 40.0, 5.0, 4.9), True),
        ((100.0, 50.0, 40.0, 5.0, 5.0), False),
        ((100.0, 90.0, 80.0), True),
        ((5.0, 4.0, 40.0, 50.0, 100.0), True),
    ],
)
def test_two_who_know_their_part_do_not_come_near_a_third(
    values: tuple[Value, ...],
    by_few: bool,  # noqa: FBT001 - a table
) -> None:
    assert dominated(values) is by_few


@pytest.mark.parametrize(
    ("values", "floor", "may"),
    [
        (FIVE, 5, True),
        (MIXED, 5, True),
        (FIVE, 1, True),
        (FIVE, 6, False),
        ({**FIVE, "f": 6.0}, 6, True),
        (dict(list(FIVE.items())[:4]), 5, False),
        (dict(list(FIVE.items())[:4]), 1, False),
        (dict.fromkeys("abcde", "x"), 5, False),
        ({"a": 100.0, "b": 50.0, "c": 40.0, "d": 1.0, "e": 2.0}, 5, False),
    ],
)
def test_at_least_five_who_differ_and_none_of_whom_stands_out(
    values: Mapping[str, Value],
    floor: int,
    may: bool,  # noqa: FBT001 - a table
) -> None:
    assert tellable(values, Ledger(), floor) is may


def test_what_was_told_is_not_new_and_who_changed_is() -> None:
    ledger = Ledger()
    ledger.add([MIXED])
    assert ledger.fresh(MIXED) == {}
    assert ledger.fresh({**MIXED, "a": "y", "f": "x"}) == {"a": "y", "f": "x"}
    assert not tellable(MIXED, ledger)
    assert not tellable({**MIXED, "f": "x"}, ledger), "one who joins would be told alone"


def test_who_says_again_what_they_said_before_another_is_new_again() -> None:
    ledger = Ledger()
    ledger.add([MIXED])
    ledger.add([{**MIXED, "a": "y"}])
    assert ledger.runs({"a": "x"}) == {("a", 2): "x"}
    assert ledger.runs({"a": "y"}) == {("a", 1): "y"}
    assert ledger.runs({"new": "y"}) == {("new", 0): "y"}
    assert ledger.fresh({"a": "x"}) == {"a": "x"}


def test_what_is_recalled_is_not_new_and_nothing_follows_from_it() -> None:
    ledger = Ledger()
    ledger.recall(MIXED)
    assert ledger.fresh(MIXED) == {}
    assert ledger.atoms == []
    assert ledger.leaves_open(MIXED)


def test_a_number_beside_an_earlier_one_leaves_everybody_another_answer() -> None:
    ledger = Ledger()
    ledger.add([dict.fromkeys("abcde", "x") | {"f": "y", "g": "y"}])
    assert ledger.leaves_open({"p": "x", "q": "y"}), "it meets nobody who was told of"
    assert len(ledger.atoms) == 1


def test_teams_that_can_be_told_alone_are() -> None:
    parents: Mapping[Unit, Unit] = {"one": TOP, "two": TOP}
    said = {f"1{k}": ("one", v) for k, v in FIVE.items()}
    said |= {f"2{k}": ("two", v) for k, v in FIVE.items()}
    closed = close(parents, said, Ledger(), chance=dice())
    assert {atom.units for atom in closed.atoms} == {frozenset({"one"}), frozenset({"two", TOP})}
    assert closed.below[TOP] == {"one", "two", TOP}
    assert closed.exact("one")
    assert not closed.exact("two"), "the top, which nobody is in, came to it"
    assert len(closed.told(TOP)) == 2


def test_a_small_team_joins_its_neighbour_and_nobody_is_left_out() -> None:
    parents: Mapping[Unit, Unit] = {"one": TOP, "two": TOP}
    said: dict[str, tuple[Unit, Value]] = {k: ("one", v) for k, v in FIVE.items()}
    said["z"] = ("two", 9.0)
    said["stranger"] = ("no such team", 2.0)
    closed = close(parents, said, Ledger(), chance=dice())
    (atom,) = closed.atoms
    assert atom.units == {"one", "two", TOP}
    assert atom.values == {**FIVE, "z": 9.0, "stranger": 2.0}
    assert closed.told("one") == closed.told("two") == (atom,)
    assert not closed.exact("one")
    assert closed.exact(TOP)


def test_chance_lets_a_group_join_though_it_need_not() -> None:
    parents: Mapping[Unit, Unit] = {"one": TOP, "two": TOP}
    said = {f"1{k}": ("one", v) for k, v in FIVE.items()}
    said |= {f"2{k}": ("two", v) for k, v in FIVE.items()}

    def atoms(*thrown: float) -> int:
        return len(close(parents, said, Ledger(), chance=dice(*thrown)).atoms)

    assert atoms() == 2
    assert atoms(ASIDE, ASIDE, ASIDE, ASIDE) == 2, "only below it, not at it"
    assert atoms(*[0.0] * 20) == 0


def test_too_few_in_all_are_told_to_nobody() -> None:
    closed = close({"one": TOP}, {"a": ("one", 1.0)}, Ledger(), chance=dice())
    assert closed.atoms == ()
    assert closed.told("one") == closed.told(TOP) == ()
    assert not closed.exact("one")
    assert closed.told("no such team") == ()


def test_a_raised_floor_holds_for_those_who_are_taken_in_as_well() -> None:
    parents: Mapping[Unit, Unit] = {"one": TOP, "two": TOP}
    said = {f"1{k}": ("one", v) for k, v in FIVE.items()}
    said |= {f"2{k}": ("two", v) for k, v in FIVE.items()}
    closed = close(parents, said, Ledger(), 10, chance=dice())
    assert [len(atom.values) for atom in closed.atoms] == [10]
    assert close(parents, said, Ledger(), 11, chance=dice()).atoms == ()


def test_a_circle_of_teams_hangs_from_the_top() -> None:
    parents: Mapping[Unit, Unit] = {"a": "b", "b": "c", "c": "a", "d": "gone"}
    closed = close(parents, {}, Ledger(), chance=dice())
    assert closed.below[TOP] == {"a", "b", "c", "d", TOP}
    assert closed.below["d"] == {"d"}
    assert sorted(len(closed.below[unit]) for unit in "abc") == [1, 2, 3]


def test_a_vacant_team_does_not_blur_what_is_told() -> None:
    atom = Atom(frozenset({"one", "empty"}), FIVE)
    below = {"one": frozenset({"one"}), "empty": frozenset({"empty"})}
    assert not Closed((atom,), below).exact("one")
    assert Closed((atom,), below, vacant=frozenset({"empty"})).exact("one")
    assert Closed((atom,), below).told("one") == (atom,)
