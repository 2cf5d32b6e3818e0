"""What exact counts about overlapping groups leave open about each person in them.

Numbers of which none is about few people may still meet: whoever was in a group without a 2 in May
and in one without a 3 in June said 1, if they kept to it. So of all who were in the same numbers
the least and the most that can have said each thing are kept, and every number narrows them, until
none does any more. It is what somebody could do who knows exactly who kept to what they had said.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Mapping, Sequence
from typing import TypeAlias

Who: TypeAlias = Hashable
"""One person, for as long as they kept to what they said."""
Cell: TypeAlias = tuple[int, Hashable]
"""Those who were in the same numbers, and something that they may have said."""


def leaves_open(numbers: Sequence[Mapping[Who, Hashable]]) -> bool:
    """Say whether everybody might still have said another thing, after all these numbers."""
    inside: dict[Who, list[int]] = defaultdict(list)
    for index, number in enumerate(numbers):
        for who in number:
            inside[who].append(index)
    sizes = Counter(tuple(indices) for indices in inside.values())
    told = [Counter(number.values()) for number in numbers]
    categories = {category for counts in told for category in counts}
    sums: list[tuple[Collection[Cell], int]] = []
    least, most = dict[Cell, int](), dict[Cell, int]()
    of: dict[int, list[int]] = defaultdict(list)
    for group, (indices, size) in enumerate(sizes.items()):
        sums.append(([(group, category) for category in categories], size))
        for category in categories:
            least[group, category] = 0
            most[group, category] = min(size, *(told[index][category] for index in indices))
        for index in indices:
            of[index].append(group)
    for index, groups in of.items():
        for category in categories:
            sums.append(([(group, category) for group in groups], told[index][category]))
    while any([_narrow(least, most, cells, total) for cells, total in sums]):
        pass
    return not any(
        least[group, category] == size
        for group, size in enumerate(sizes.values())
        for category in categories
    )


def _narrow(
    least: dict[Cell, int], most: dict[Cell, int], cells: Collection[Cell], total: int
) -> bool:
    """Leave each part of a sum what the least and the most of the others leave it."""
    lowest, highest = sum(least[cell] for cell in cells), sum(most[cell] for cell in cells)
    if lowest == highest:
        return False
    before = lowest, highest
    for cell in cells:
        low, high = least[cell], most[cell]
        least[cell] = max(low, total - (highest - high))
        most[cell] = min(high, total - (lowest - low))
        lowest += least[cell] - low
        highest += most[cell] - high
    return (lowest, highest) != before
