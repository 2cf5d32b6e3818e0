"""An attack on everything that was told: what do all numbers together say about one to four people?

The attacker holds every number that anybody was ever told, knows who was in which team and who
said something, and even knows who kept to what they had said: only not what it was. So a *column*
is one person's value for as long as they kept to it, and a *row* is one number: the sum of its
columns. Whatever can be added and subtracted is the space that the rows span. A vector in it
that is zero but for the columns of one to four people tells what these had said.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeAlias

from nudges.release import Value
from tests.release.company import Cell, Told

Column: TypeAlias = tuple[str, int]
"""A person, and which of their values it is."""
Row: TypeAlias = dict[Column, int]
PRIME = 2**61 - 1
FEW = 4


@dataclass(frozen=True)
class Number:
    """One number that was told, taken apart as far as its own period allows."""

    week: int
    columns: frozenset[Column]
    values: Mapping[str, Value]

    @property
    def people(self) -> frozenset[str]:
        return frozenset(self.values)


def numbers(told: Told, *, parted: bool = True) -> list[Number]:
    """Return all that was told, each number once; parted, less the smaller ones of its period."""
    runs = _Runs(kept=told.measure.kept)
    weeks: dict[int, list[Cell]] = defaultdict(list)
    for cell in told.cells:
        weeks[cell.week].append(cell)
    found = list[Number]()
    for week, cells in sorted(weeks.items()):
        columns = runs.columns(week, {p: v for cell in cells for p, v in cell.values.items()})
        whole = {frozenset(cell.values) for cell in cells}
        said = {p: v for cell in cells for p, v in cell.values.items()}
        for people in parts(whole) if parted else whole:
            found.append(
                Number(
                    week,
                    frozenset(columns[person] for person in people),
                    {person: said[person] for person in people},
                )
            )
    return found


@dataclass
class _Runs:
    """Which of their values somebody is at."""

    kept: bool
    last: dict[str, tuple[int, Value]] = field(default_factory=dict)

    def columns(self, week: int, said: Mapping[str, Value]) -> dict[str, Column]:
        for person, value in said.items():
            number, before = self.last.get(person, (-1, None))
            if not self.kept:
                self.last[person] = (week, value)
            elif before != value:
                self.last[person] = (number + 1, value)
        return {person: (person, self.last[person][0]) for person in said}


def parts(groups: Iterable[frozenset[str]]) -> list[frozenset[str]]:
    """Subtract smaller groups from those that hold them; what all groups span stays the same."""
    found, owner = list[frozenset[str]](), dict[str, frozenset[str]]()
    for group in sorted(groups, key=lambda g: (len(g), sorted(g))):
        left = set(group)
        for part in {owner[person] for person in group if person in owner}:
            if part <= left:
                left -= part
        if left:
            found.append(frozenset(left))
            for person in left:
                owner.setdefault(person, found[-1])
    return found


# Linear algebra.


def given_away(rows: Sequence[frozenset[Column]], few: int = FEW) -> list[frozenset[str]]:
    """Return the smallest groups of a few people that some sum of rows is about alone.

    Empty where no such sum exists: that is decided, not sampled. Counted modulo a prime, which
    can find too much and never too little; what it finds is counted again in fractions.
    """
    core = _peeled([dict.fromkeys(row, 1) for row in rows], few)
    found = set[frozenset[str]]()
    for block in _blocks(core):
        found |= {group for group in _search(_residual(block, few), few) if _certain(block, group)}
    return sorted((g for g in found if not any(o < g for o in found)), key=sorted)


def _peeled(rows: list[Row], few: int) -> list[Row]:
    """Leave out rows with many people whom no other row holds: no sum gets rid of them."""
    using: dict[Column, set[int]] = defaultdict(set)
    for index, row in enumerate(rows):
        for column in row:
            using[column].add(index)
    alive = set(range(len(rows)))
    queue = list(alive)
    while queue:
        index = queue.pop()
        if index not in alive:
            continue
        own = {column[0] for column in rows[index] if len(using[column]) == 1}
        if len(own) > few:
            alive.discard(index)
            touched = set[int]()
            for column in rows[index]:
                using[column].discard(index)
                touched |= using[column]
            queue.extend(touched)
    return [rows[index] for index in sorted(alive)]


def _blocks(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """Part rows that have no column in common, however far around."""
    using: dict[Column, list[int]] = defaultdict(list)
    for index, row in enumerate(rows):
        for column in row:
            using[column].append(index)
    seen = set[int]()
    for start in range(len(rows)):
        block, queue = list[Row](), [start]
        while queue:
            index = queue.pop()
            if index not in seen:
                seen.add(index)
                block.append(rows[index])
                queue.extend(i for column in rows[index] for i in using[column])
        if block:
            yield block


def _classes(rows: Sequence[Row]) -> dict[Column, frozenset[Column]]:
    """Return columns that are alike in every row, by one of each kind."""
    pattern: dict[Column, list[tuple[int, int]]] = defaultdict(list)
    for index, row in enumerate(rows):
        for column, factor in row.items():
            pattern[column].append((index, factor))
    kinds: dict[tuple[tuple[int, int], ...], set[Column]] = defaultdict(set)
    for column, where in pattern.items():
        kinds[tuple(where)].add(column)
    return {min(columns): frozenset(columns) for columns in kinds.values()}


def _residual(rows: Sequence[Row], few: int) -> list[Row]:
    """Return a basis, in reduced form, of the sums that are zero on every large class."""
    classes = _classes(rows)
    large = {one for one, all_ in classes.items() if len({p for p, _ in all_}) > few}
    left = [{column: f for column, f in row.items() if column in classes} for row in rows]
    left = _eliminated(left, large)
    left = _peeled([_spread(row, classes) for row in left], few)
    return _reduced(left)


def _spread(row: Row, classes: Mapping[Column, frozenset[Column]]) -> Row:
    return {column: factor for one, factor in row.items() for column in classes[one]}


def _eliminated(rows: list[Row], columns: set[Column]) -> list[Row]:
    """Return what spans those sums of rows that are zero on all the columns."""
    queue = sorted(rows, key=len)
    while True:
        using = Counter(c for row in queue for c in row if c in columns)
        if not using:
            return [row for row in queue if row]
        pivot = min(using, key=lambda c: (using[c], c))
        holding = sorted((row for row in queue if pivot in row), key=len)
        queue = [row for row in queue if pivot not in row]
        queue += [_without(row, holding[0], pivot) for row in holding[1:]]


def _without(row: Row, other: Row, pivot: Column) -> Row:
    """Subtract as much of the other row as makes the pivot zero."""
    factor = row[pivot] * pow(other[pivot], -1, PRIME) % PRIME
    result = dict(row)
    for column, value in other.items():
        left = (result.get(column, 0) - factor * value) % PRIME
        if left:
            result[column] = left
        else:
            result.pop(column, None)
    return result


def _reduced(rows: Sequence[Row]) -> list[Row]:
    """Return a basis in which each row has one column that no other has; it is named first."""
    basis = dict[Column, Row]()
    for row in rows:
        left = row
        for pivot in [p for p in left if p in basis]:
            if pivot in left:
                left = _without(left, basis[pivot], pivot)
        if not left:
            continue
        pivot = min(left)
        for other in basis:
            if pivot in basis[other]:
                basis[other] = _without(basis[other], left, pivot)
        basis[pivot] = left
    return [{pivot: row[pivot], **row} for pivot, row in basis.items()]


def _search(basis: Sequence[Row], few: int) -> set[frozenset[str]]:
    """Return every smallest group of a few people on whose columns alone some sum lives.

    A sum of rows in reduced form is about the pivots of all the rows in it. So begin with one
    row, and look at a column of it that is still about somebody else: they are of the group,
    or another row takes the column away.
    """
    pivots = [next(iter(row)) for row in basis]
    using: dict[Column, list[int]] = defaultdict(list)
    for index, row in enumerate(basis):
        for column in row:
            using[column].append(index)
    found, seen = set[frozenset[str]](), set[tuple[frozenset[int], frozenset[str]]]()

    def look(chosen: frozenset[int], group: frozenset[str]) -> None:
        if len(group) > few or (chosen, group) in seen or any(f <= group for f in found):
            return
        seen.add((chosen, group))
        rows = [basis[index] for index in sorted(chosen)]
        others = {column for row in rows for column in row if column[0] not in group}
        if any(_eliminated(rows, others)):
            found.add(group)
            return
        for column in others:
            look(chosen, group | {column[0]})
            for index in using[column]:
                if index not in chosen:
                    look(chosen | {index}, group | {pivots[index][0]})

    for index, pivot in enumerate(pivots):
        look(frozenset({index}), frozenset({pivot[0]}))
    return {group for group in found if not any(other < group for other in found)}


def _certain(rows: Sequence[Row], group: frozenset[str]) -> bool:
    """Say, in exact fractions, whether some sum of rows is about a group alone."""
    classes = _classes(rows)
    left = [
        {c: Fraction(f) for c, f in row.items() if c in classes or c[0] in group} for row in rows
    ]
    while True:
        using = Counter(c for row in left for c in row if c[0] not in group)
        if not using:
            return any(left)
        pivot = min(using, key=lambda c: (using[c], c))
        first, *holding = sorted((row for row in left if pivot in row), key=len)
        left = [row for row in left if pivot not in row]
        for row in holding:
            factor = row[pivot] / first[pivot]
            both = {c: row.get(c, Fraction()) - factor * first.get(c, 0) for c in {*row, *first}}
            left.append({column: value for column, value in both.items() if value})
