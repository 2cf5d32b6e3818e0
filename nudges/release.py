"""The release auditor: numbers about groups, so that none of them tells what one person said.

When a period ends, what its people said is frozen into **atoms**: groups of teams in which at
least five people said something that no number has told before, and do not all say the same.
Only atoms and unions of atoms are ever told, to anybody. Teams that are too small, too much of
one mind or too little changed join their neighbours, upwards.

Why that is enough. Call a *value* what one person said for as long as they kept to it. Whatever
somebody adds and subtracts of all numbers ever told, to whomever, is a sum of atoms; take the last
of those atoms in it. The five or more values that were new in it are in no atom before it, and in
no other one of its period, so nothing can have taken them out: every such sum holds the values of
five people at least. No difference over time, over parent and child, over viewers, exports or
channels is left with one to four, also not where somebody was forgotten meanwhile.

Sums are not all that can be done with numbers, so there are three rules more. No two who know
their own part come near what a third did. Nobody is left with one possible answer by counts that
meet (:mod:`nudges.narrowing`). And because whoever knows the rules also reads which teams had to
join, chance makes some join that need not. ``tests/release`` attacks all of it.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeAlias

from nudges.narrowing import leaves_open

FLOOR = 5
"""No number is about fewer people than this; a setting may raise it, nothing lowers it."""
DIFFERENT = 2
"""So many at least say something else than most do: one alone would learn what all others said."""
NEAR = 0.1
"""Two people together may not come nearer than this to what a third did."""
ASIDE = 0.1
"""How often a group joins its neighbours though it need not: that it joined is no proof then."""

Value: TypeAlias = str | float
"""A category somebody is in (their barrier, their level), or how much they did in one week."""
Run: TypeAlias = tuple[str, int]
"""One person's value for as long as they keep to it: the first, the second, …"""
Unit: TypeAlias = str
"""A team: those who report to one person, by that person's id; empty for who reports to nobody."""
TOP: Unit = ""


@dataclass(frozen=True, slots=True)
class Atom:
    """The smallest group that numbers of a period are told of: whole teams, and who said what."""

    units: frozenset[Unit]
    values: Mapping[str, Value]


@dataclass
class Ledger:
    """What has been told of one kind of number: the atoms of each period, earliest first."""

    atoms: list[Mapping[Run, Value]] = field(default_factory=list)
    _at: dict[str, tuple[Run, Value]] = field(default_factory=dict)
    """What of each person was told last."""
    _told: dict[Run, list[int]] = field(default_factory=dict)
    """In which atoms it was told."""

    def add(self, period: Iterable[Mapping[str, Value]]) -> None:
        """Write down what a period told."""
        for values in period:
            told = self.runs(values)
            for run in told:
                self._told.setdefault(run, []).append(len(self.atoms))
                self._at[run[0]] = run, told[run]
            self.atoms.append(told)

    def recall(self, values: Mapping[str, Value]) -> None:
        """Write down what was told so long ago that of whom else it was told is not kept.

        It is not new any more; but what is left of those atoms is no number that anybody saw, so
        nothing follows from it.
        """
        for run in self.runs(values).items():
            self._told.setdefault(run[0], [])
            self._at[run[0][0]] = run

    def runs(self, values: Mapping[str, Value]) -> dict[Run, Value]:
        """Return what a group says, with whether each of them kept to what was told of them."""
        runs = dict[Run, Value]()
        for person, value in values.items():
            run, before = self._at.get(person, ((person, -1), None))
            runs[run if before == value else (person, run[1] + 1)] = value
        return runs

    def fresh(self, values: Mapping[str, Value]) -> dict[str, Value]:
        """Return those whose value no number has told yet."""
        return {run[0]: v for run, v in self.runs(values).items() if run not in self._told}

    def leaves_open(self, values: Mapping[str, Value]) -> bool:
        """Say whether everybody in a group might still have said another thing.

        Looked at together with every earlier number in which somebody of the group is, with
        what they still say.
        """
        runs = self.runs(values)
        met = {index for run in runs for index in self._told.get(run, ())}
        numbers: list[Mapping[Run, Value]] = [runs]
        numbers += [self.atoms[index] for index in sorted(met)]
        return not met or leaves_open(numbers)


def alike(values: Collection[Value]) -> bool:
    """Say whether a group is of one mind, but for one at most."""
    return len(values) - max(Counter(values).values(), default=0) < DIFFERENT


def dominated(values: Collection[Value]) -> bool:
    """Say whether two who know their own part would know nearly what a third did."""
    amounts = sorted((v for v in values if not isinstance(v, str)), reverse=True)
    return bool(amounts) and sum(amounts[3:]) < NEAR * amounts[0]


def tellable(values: Mapping[str, Value], ledger: Ledger, floor: int = FLOOR) -> bool:
    """Say whether a group may be an atom, after all that was told of this kind before."""
    fresh = ledger.fresh(values).values()
    return (
        len(fresh) >= max(floor, FLOOR)
        and not alike(fresh)
        and not dominated(fresh)
        and ledger.leaves_open(values)
    )


@dataclass(frozen=True)
class Closed:
    """A period that is over: its atoms, and the tree of teams as it was then."""

    atoms: tuple[Atom, ...]
    below: Mapping[Unit, frozenset[Unit]]
    """Every team with all the teams below it, itself among them."""
    vacant: frozenset[Unit] = frozenset()
    """Teams of which nobody could have said anything, because nobody is in them."""

    @cached_property
    def _place(self) -> Mapping[Unit, Atom]:
        return {unit: atom for atom in self.atoms for unit in atom.units}

    def told(self, unit: Unit) -> tuple[Atom, ...]:
        """Return the atoms whose sum the head of a team is told: as few as hold all below it.

        Nothing where a part of them is in no atom.
        """
        units = self.below.get(unit, frozenset())
        if not units or not all(below in self._place for below in units):
            return ()
        return tuple({id(a): a for a in map(self._place.__getitem__, sorted(units))}.values())

    def exact(self, unit: Unit) -> bool:
        """Say whether what is told to the head of a team is about their own people alone."""
        told = self.told(unit)
        theirs = self.below.get(unit, frozenset[Unit]()) | self.vacant
        return bool(told) and all(atom.units <= theirs for atom in told)


def close(
    parents: Mapping[Unit, Unit],
    said: Mapping[str, tuple[Unit, Value]],
    ledger: Ledger,
    floor: int = FLOOR,
    *,
    chance: Callable[[], float],
) -> Closed:
    """Freeze what was said in a period into atoms.

    Teams in which nobody said anything join their neighbours like others, or what is missing
    would tell who was silent. What is done with those that cannot be told depends on nothing that
    anybody said, so whoever sees teams together can never be sure that they had to be. Nothing is
    written down; that is :meth:`Ledger.add`.

    Args:
        parents: every team and the one above it; a circle of teams hangs from the top.
        said: what each person said, and the team they are in.
        ledger: all that was told of this kind before; an empty one where each week is its own.
        floor: of how few people a number may be at least.
        chance: throws dice, from 0 to 1, that nobody can foresee.

    """
    children = _tree(parents)
    said_in: dict[Unit, dict[str, Value]] = {}
    for person, (unit, value) in sorted(said.items()):
        said_in.setdefault(unit if unit in parents else TOP, {})[person] = value
    below: dict[Unit, frozenset[Unit]] = {}
    atoms: dict[Unit, list[Atom]] = {}
    waiting: dict[Unit, Atom] = {}
    for unit in _upwards(children):
        kin = children.get(unit, ())
        below[unit] = frozenset({unit}).union(*(below[child] for child in kin))
        here = [atom for child in kin for atom in atoms.pop(child)]
        parts = [waiting.pop(child) for child in kin if child in waiting]
        parts.append(Atom(frozenset({unit}), said_in.get(unit, {})))
        rest: Atom | None = None
        for part in parts:
            rest = _joined(rest, part) if rest else part
            if tellable(rest.values, ledger, floor) and chance() >= ASIDE:
                here.append(rest)
                rest = None
        upwards = unit != TOP and chance() < ASIDE
        if rest and (upwards or not _taken_in(rest, here, ledger, floor)):
            waiting[unit] = rest
        atoms[unit] = here
    return Closed(tuple(atoms[TOP]), below)


def _taken_in(rest: Atom, atoms: list[Atom], ledger: Ledger, floor: int) -> bool:
    """Let the group that was formed last take in the rest: one team loses its own number.

    Waiting higher up it would cost this team its number, and every one above it. Taken in by any
    other group it would prove that this one could have been told alone.
    """
    for index in reversed(range(len(atoms))):
        both = _joined(atoms[index], rest)
        if tellable(both.values, ledger, floor):
            atoms[index] = both
            return True
    return False


def _joined(one: Atom, other: Atom) -> Atom:
    return Atom(one.units | other.units, {**one.values, **other.values})


def _tree(parents: Mapping[Unit, Unit]) -> dict[Unit, list[Unit]]:
    """Return the teams right below each team; who hangs from nothing known hangs from the top."""
    children: dict[Unit, list[Unit]] = {}
    safe: set[Unit] = {TOP}
    for start in sorted(parents):
        path, unit = list[Unit](), start
        while unit not in safe and unit not in path:
            path.append(unit)
            above = parents[unit]
            unit = above if above in parents else TOP
        above = unit if unit in safe else TOP
        for one in reversed(path):
            children.setdefault(above, []).append(one)
            safe.add(one)
            above = one
    return children


def _upwards(children: Mapping[Unit, Collection[Unit]]) -> list[Unit]:
    """Return all teams, each after those below it."""
    order, queue = list[Unit](), [TOP]
    while queue:
        unit = queue.pop()
        order.append(unit)
        queue.extend(children.get(unit, ()))
    return order[::-1]
