"""What exact counts about overlapping groups leave open about each person in them.

Numbers of which none is about few people may still meet: whoever was in a group without a 2 in May
and in one without a 3 in June said 1, if they kept to it. So of all who were in the same numbers
the least and the most that can have said each thing are kept, and every number narrows them, until
none does any more. Then it is supposed of each of them in turn that they said something else: if
the numbers contradict that, they cannot have. It is what somebody could do who knows exactly who
kept to what they had said.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import TypeAlias, TypeVar

Who = TypeVar("Who", bound=Hashable)
"""One person, for as long as they kept to what they said."""
Said = TypeVar("Said", bound=Hashable)
Cell: TypeAlias = tuple[int, Hashable]
"""Those who were in the same numbers, and something that they may have said."""


def leaves_open(numbers: Sequence[Mapping[Who, Said]]) -> bool:
    """Say whether everybody might still have said another thing, after all these numbers."""
    inside: dict[Who, list[int]] = defaultdict(list)
    for index, number in enumerate(numbers):
        for who in number:
            inside[who].append(index)
    groups: dict[tuple[int, ...], Counter[Hashable]] = defaultdict(Counter)
    for who, indices in inside.items():
        groups[tuple(indices)][numbers[indices[0]][who]] += 1
    exchanges = _Exchanges(groups)
    doubtful = [
        (group, category)
        for group, (indices, said) in enumerate(groups.items())
        if len(said) == 1
        for category in said
        if not exchanges.with_another(indices, category)
    ]
    if not doubtful:
        return True
    open_ = _Open(groups, [Counter(number.values()) for number in numbers])
    return open_.narrowed(range(len(open_.sums))) and not any(map(open_.must_be, doubtful))


class _Exchanges:
    """Who could have said each other's things, so that no number would have been another.

    Whoever is in three numbers can change parts with somebody who is in the same, or with one who
    is in the first and one who is in the other two, if these both said one same other thing.
    """

    def __init__(self, groups: Mapping[tuple[int, ...], Counter[Hashable]]) -> None:
        self._from: dict[tuple[Hashable, int], list[tuple[int, ...]]] = defaultdict(list)
        for indices, said in groups.items():
            for category in said:
                self._from[category, indices[0]].append(indices)
        self._categories = {category for category, _ in self._from}

    def with_another(self, indices: tuple[int, ...], category: Hashable) -> bool:
        return any(self._cover(c, indices) for c in self._categories if c != category)

    def _cover(self, category: Hashable, indices: tuple[int, ...]) -> bool:
        """Say whether some who said a category are in each of these numbers once."""
        return not indices or any(
            self._cover(category, tuple(index for index in indices if index not in part))
            for part in self._from.get((category, indices[0]), ())
            if set(part) <= set(indices)
        )


class _Open:
    """The least and the most of each group that can have said a thing, and sums of these."""

    def __init__(
        self,
        groups: Mapping[tuple[int, ...], Counter[Hashable]],
        told: Sequence[Counter[Hashable]],
    ) -> None:
        categories = list({category for counts in told for category in counts})
        inside: dict[int, list[int]] = defaultdict(list)
        self.sums: list[tuple[list[Cell], int]] = []
        self._least: dict[Cell, int] = {}
        self._most: dict[Cell, int] = {}
        for group, (indices, said) in enumerate(groups.items()):
            self.sums.append(([(group, category) for category in categories], said.total()))
            for category in categories:
                self._least[group, category] = 0
                self._most[group, category] = said.total()
            for index in indices:
                inside[index].append(group)
        for index, within in inside.items():
            for category in categories:
                cells = [(group, category) for group in within]
                self.sums.append((cells, told[index][category]))
        self._sums_with: dict[Cell, list[int]] = defaultdict(list)
        for number, (cells, _) in enumerate(self.sums):
            for cell in cells:
                self._sums_with[cell].append(number)

    def narrowed(self, sums: Iterable[int]) -> bool:
        """Narrow by some sums, and by what follows; False if that contradicts itself."""
        least, most = self._least, self._most
        todo = dict.fromkeys(sums)
        while todo:
            number, _ = todo.popitem()
            cells, total = self.sums[number]
            lowest, highest = sum([least[c] for c in cells]), sum([most[c] for c in cells])
            if not lowest <= total <= highest:
                return False
            if lowest == highest:
                continue
            for cell in cells:
                low, high = least[cell], most[cell]
                least[cell] = max(low, total - (highest - high))
                most[cell] = min(high, total - (lowest - low))
                if (low, high) != (least[cell], most[cell]):
                    lowest += least[cell] - low
                    highest += most[cell] - high
                    todo.update(dict.fromkeys(self._sums_with[cell]))
        return True

    def must_be(self, cell: Cell) -> bool:
        """Say whether a whole group must have said a thing: one fewer contradicts the numbers."""
        if self._least[cell] == self._most[cell]:
            return True
        before = self._least, self._most
        self._least, self._most = dict(self._least), dict(self._most)
        self._most[cell] -= 1
        possible = self.narrowed(self._sums_with[cell])
        self._least, self._most = before
        return not possible
