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
channels is left with one to four. ``tests/release`` attacks it all the same.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeAlias

FLOOR = 5
"""No number is about fewer people than this; a setting may raise it, nothing lowers it."""
DIFFERENT = 2
"""So many at least say something else than most do: one alone would learn what all others said."""
NEAR = 0.1
"""Two people together may not come nearer than this to what a third did."""

Value: TypeAlias = str | float
"""A category somebody is in (their barrier, their level), or how much they did in one week."""
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

    atoms: list[Mapping[str, Value]] = field(default_factory=list)
    _period: list[int] = field(default_factory=list)
    _runs: dict[str, tuple[Value, list[int]]] = field(default_factory=dict)

    def add(self, period: Iterable[Mapping[str, Value]]) -> None:
        """Write down what a period told."""
        number = self._period[-1] + 1 if self._period else 0
        for values in period:
            index = len(self.atoms)
            self.atoms.append(values)
            self._period.append(number)
            for person, value in values.items():
                before = self._runs.get(person)
                if before and before[0] == value:
                    before[1].append(index)
                else:
                    self._runs[person] = (value, [index])

    def fresh(self, values: Mapping[str, Value]) -> dict[str, Value]:
        """Return those whose value no number has told yet."""
        return {
            person: value
            for person, value in values.items()
            if person not in self._runs or self._runs[person][0] != value
        }

    def again(self, values: Mapping[str, Value]) -> bool:
        """Say whether a group is, value for value, a union of atoms that one period told."""
        last = {self._runs[person][1][-1] for person in values if person in self._runs}
        periods = {self._period[index] for index in last}
        told = {p for index in last for p in self.atoms[index]}
        return len(periods) == 1 and told == set(values)

    def gives_away(self, values: Mapping[str, Value], floor: int) -> bool:
        """Say whether comparing with an earlier period would tell what those who changed had said.

        What is compared: each earlier atom that shares a value with this group, and all of
        a period together.
        """
        shared: dict[int, set[str]] = {}
        for person, value in values.items():
            run = self._runs.get(person)
            if run and run[0] == value:
                for index in run[1]:
                    shared.setdefault(index, set()).add(person)
        periods: dict[int, list[int]] = {}
        for index in shared:
            periods.setdefault(self._period[index], []).append(index)
        groups = [[index] for index in shared]
        groups += [indices for indices in periods.values() if len(indices) > 1]
        for group in groups:
            same = set[str]().union(*(shared[index] for index in group))
            now = Counter(value for person, value in values.items() if person not in same)
            before = Counter(
                value
                for index in group
                for person, value in self.atoms[index].items()
                if person not in same
            )
            if _determined(now, before) and (before.total() < floor or alike(before)):
                return True
        return False


def _determined(now: Counter[Value], before: Counter[Value]) -> bool:
    """Say whether the difference of two tellings leaves one story only of who was told before."""
    return before.total() > 0 and not now & before


def alike(values: Counter[Value]) -> bool:
    """Say whether a group is of one mind, but for one at most."""
    return values.total() - max(values.values(), default=0) < DIFFERENT


def dominated(values: Collection[Value]) -> bool:
    """Say whether two who know their own part would know nearly what a third did."""
    amounts = sorted((v for v in values if not isinstance(v, str)), reverse=True)
    return bool(amounts) and sum(amounts[2:]) < NEAR * amounts[0]


def tellable(values: Mapping[str, Value], ledger: Ledger, floor: int = FLOOR) -> bool:
    """Say whether a group may be an atom, after all that was told of this kind before."""
    fresh = ledger.fresh(values)
    if not fresh:
        return len(values) >= floor and ledger.again(values)
    return (
        len(fresh) >= floor
        and not alike(Counter(fresh.values()))
        and not dominated(fresh.values())
        and not ledger.gives_away(values, floor)
    )


@dataclass(frozen=True)
class Closed:
    """A period that is over: its atoms, and the tree of teams as it was then."""

    atoms: tuple[Atom, ...]
    below: Mapping[Unit, frozenset[Unit]]
    """Every team with all the teams below it, itself among them."""

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
        return bool(told) and all(atom.units <= self.below[unit] for atom in told)


def close(
    parents: Mapping[Unit, Unit],
    said: Mapping[str, tuple[Unit, Value]],
    ledger: Ledger,
    floor: int = FLOOR,
) -> Closed:
    """Freeze what was said in a period into atoms.

    ``parents`` names every team and the one above it; a circle of teams hangs from the top.
    Teams in which nobody said anything join their neighbours like others, or what is missing
    would tell who was silent. Nothing is written down; that is :meth:`Ledger.add`.
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
        rest = _joined(
            [Atom(frozenset({unit}), said_in.get(unit, {}))]
            + [waiting.pop(c) for c in kin if c in waiting]
        )
        if tellable(rest.values, ledger, floor):
            here.append(rest)
        elif not _absorb(rest, here, frozenset(kin), ledger, floor):
            waiting[unit] = rest
        atoms[unit] = here
    return Closed(tuple(atoms[TOP]), below)


def _absorb(
    rest: Atom, atoms: list[Atom], kin: frozenset[Unit], ledger: Ledger, floor: int
) -> bool:
    """Let an atom right below take in the rest, the smallest first: one team loses its own number.

    Waiting higher up it would cost this team its number, and every one above it.
    """
    for atom in sorted(atoms, key=lambda a: (not a.units & kin, len(a.values), sorted(a.units))):
        both = _joined([atom, rest])
        if tellable(both.values, ledger, floor):
            atoms[atoms.index(atom)] = both
            return True
    return False


def _joined(parts: Collection[Atom]) -> Atom:
    values = {person: value for part in parts for person, value in part.values.items()}
    return Atom(frozenset[Unit]().union(*(part.units for part in parts)), values)


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
