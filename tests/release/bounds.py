"""What counts leave open: how many of a group may have said a thing, at least and at most.

Columns that are in the same numbers are a *class*; of each class the attacker keeps the least and
the most that may have said each category, and narrows them with every number until none helps any
more. The counts are exact, which is more than anybody is shown.
"""

from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from nudges.release import Value
from tests.release.attack import Column, Number


@dataclass(frozen=True)
class Known:
    """What is certain about the people of one class."""

    columns: frozenset[Column]
    least: Mapping[Value, int]
    most: Mapping[Value, int]
    plain: frozenset[Value]
    """What each of them may have said as far as any one number tells by itself."""

    @property
    def pinned(self) -> Value | None:
        """Return what all of them said, where that is certain."""
        size = len(self.columns)
        return next((value for value, least in self.least.items() if least >= size), None)

    @property
    def some(self) -> bool:
        """Say whether it is certain that somebody in a class of one to four said a thing."""
        return len(self.columns) <= 4 and any(self.least.values())

    @property
    def excluded(self) -> frozenset[Value]:
        """Return what none of them said, though no number says so by itself."""
        return frozenset(v for v in self.plain if not self.most[v])


def bounds(
    numbers: Sequence[Number],
    own: Mapping[Column, Value] | None = None,
    *,
    supposing: bool = False,
) -> list[Known]:
    """Return what is certain of every class; ``own`` is what the attackers themselves said.

    ``supposing`` tries each class that may be of one mind: whether it must be, because anything
    else contradicts what was told.
    """
    where: dict[Column, list[int]] = defaultdict(list)
    for index, number in enumerate(numbers):
        for column in number.columns:
            where[column].append(index)
    mine = own or {}
    classes: dict[tuple[object, ...], list[Column]] = defaultdict(list)
    for column, indices in where.items():
        key: tuple[object, ...] = (column,) if column in mine else tuple(indices)
        classes[key].append(column)
    told = [Counter(number.values.values()) for number in numbers]
    groups = list(classes.values())
    categories = sorted({value for counts in told for value in counts}, key=str)
    space = _Space(groups, [set(where[group[0]]) for group in groups], told, categories)
    for column, value in mine.items():
        index = groups.index([column]) if [column] in groups else -1
        if index >= 0:
            space.least[index][value] = 1
    space.narrow()
    for index, group in enumerate(groups):
        for value, most in space.most[index].items():
            if supposing and space.least[index][value] < most == len(group):
                if space.must(index, value):
                    space.least[index][value] = most
    return [
        Known(
            frozenset(group),
            space.least[index],
            space.most[index],
            frozenset(c for c in categories if all(told[i][c] for i in where[group[0]])),
        )
        for index, group in enumerate(groups)
    ]


class _Space:
    """The least and the most of every class and category, and the equations between them."""

    def __init__(
        self,
        groups: Sequence[Sequence[Column]],
        where: Sequence[Iterable[int]],
        told: Sequence[Counter[Value]],
        categories: Sequence[Value],
    ) -> None:
        self._undo: list[tuple[int, Value, int, int]] | None = None
        self.least = [dict.fromkeys(categories, 0) for _ in groups]
        self.most = [dict.fromkeys(categories, len(group)) for group in groups]
        self._sums: list[tuple[list[tuple[int, Value]], int]] = [
            ([(index, c) for c in categories], len(group)) for index, group in enumerate(groups)
        ]
        inside: dict[int, list[int]] = defaultdict(list)
        for index, numbers in enumerate(where):
            for number in numbers:
                inside[number].append(index)
        self._sums += [
            ([(index, c) for index in indices], told[number][c])
            for number, indices in inside.items()
            for c in categories
        ]
        self._of: dict[tuple[int, Value], list[int]] = defaultdict(list)
        for number, (cells, _) in enumerate(self._sums):
            for cell in cells:
                self._of[cell].append(number)

    def narrow(self, first: Iterable[int] | None = None) -> bool:
        """Narrow everything, or what follows from some sums; False where nothing can be true."""
        queue = deque(range(len(self._sums)) if first is None else first)
        waiting = set(queue)
        while queue:
            number = queue.popleft()
            waiting.discard(number)
            cells, total = self._sums[number]
            lowest = sum(self.least[i][c] for i, c in cells)
            highest = sum(self.most[i][c] for i, c in cells)
            if not lowest <= total <= highest:
                return False
            for i, c in cells:
                least = max(self.least[i][c], total - highest + self.most[i][c])
                most = min(self.most[i][c], total - lowest + self.least[i][c])
                if (least, most) == (self.least[i][c], self.most[i][c]):
                    continue
                lowest += least - self.least[i][c]
                highest += most - self.most[i][c]
                self._set(i, c, least, most)
                again = [n for n in self._of[i, c] if n not in waiting]
                queue.extend(again)
                waiting.update(again)
        return True

    def must(self, index: int, category: Value) -> bool:
        """Say whether a class cannot have one fewer of a category: supposing so contradicts."""
        self._undo = []
        self._set(index, category, self.least[index][category], self.most[index][category] - 1)
        possible = self.narrow(list(self._of[index, category]))
        for i, c, least, most in reversed(self._undo):
            self.least[i][c], self.most[i][c] = least, most
        self._undo = None
        return not possible

    def _set(self, i: int, c: Value, least: int, most: int) -> None:
        if self._undo is not None:
            self._undo.append((i, c, self.least[i][c], self.most[i][c]))
        self.least[i][c], self.most[i][c] = least, most
