"""Every way it could have been: what somebody concludes who knows the auditor by heart.

Whoever knows the rules also reads what is *not* told: a team that was joined to its neighbour was
too much of one mind, or too small. So all that a small company might have said is gone through,
what each would have made the auditor tell is written down, and the attacker keeps those that
look like what they see. What is the same in all of them, they know.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations_with_replacement, product
from typing import TypeAlias

from nudges.release import Ledger, Unit
from tests.release.company import Closes

Votes: TypeAlias = tuple[str, ...]
"""What a team said, in order: who in it said which is of no importance to the auditor."""
World: TypeAlias = tuple[Votes, ...]
SILENT = "-"


@dataclass(frozen=True)
class Certain:
    """Somebody whose answer is the same in every world that looks like this."""

    team: Unit
    vote: str
    insider: str
    """What a colleague in that team said, who knows their own answer; empty for an outsider."""
    seen: object


def worlds(sizes: Sequence[int], categories: str) -> Iterator[World]:
    """Yield everything that teams of these sizes might have said."""
    return product(*(combinations_with_replacement(categories, size) for size in sizes))


def certain(
    parents: Mapping[Unit, Unit],
    sizes: Mapping[Unit, int],
    categories: str,
    closes: Closes,
    insiders: int = 1,
) -> list[Certain]:
    """Return whose answers of one period are certain to whom, in any world."""
    units = sorted(sizes)
    seen: dict[object, list[World]] = defaultdict(list)
    for world in worlds([sizes[unit] for unit in units], categories):
        for sight in looks(parents, dict(zip(units, world, strict=True)), closes):
            seen[sight].append(world)
    found = list[Certain]()
    for sight, alike in seen.items():
        for index, unit in enumerate(units):
            teams = {world[index] for world in alike}
            for size in range(insiders + 1):
                for own in combinations_with_replacement(categories, size):
                    others = _others(teams, own)
                    if len(others) == 1 and not others <= {SILENT, ""}:
                        found.append(Certain(unit, next(iter(others)), "".join(own), sight))
    return found


def _others(teams: set[Votes], own: Votes) -> set[str]:
    """Return what any other member of a team may have said, to colleagues who said ``own``."""
    left = [Counter(team) - Counter(own) for team in teams if not Counter(own) - Counter(team)]
    return {vote for team in left for vote in team}


def looks(parents: Mapping[Unit, Unit], said: Mapping[Unit, Votes], closes: Closes) -> set[object]:
    """Return all that there may be to see when teams say this, however the dice fall."""
    seen, queue = set[object](), [()]
    while queue:
        tosses = queue.pop()
        dice = _Dice(tosses)
        seen.add(_look(parents, said, closes, dice))
        thrown = dice.thrown
        queue += [(*thrown[:n], 0.0) for n in range(len(tosses), len(thrown))]
    return seen


class _Dice:
    """Dice that fall as they are told to, and high from then on."""

    def __init__(self, tosses: Sequence[float]) -> None:
        self._tosses = tosses
        self.thrown: tuple[float, ...] = ()

    def __call__(self) -> float:
        number = len(self.thrown)
        self.thrown += (self._tosses[number] if number < len(self._tosses) else 1.0,)
        return self.thrown[-1]


def _look(
    parents: Mapping[Unit, Unit], said: Mapping[Unit, Votes], closes: Closes, dice: _Dice
) -> object:
    """Return what there is to see: who is told of whom, and the counts."""
    people = {
        f"{unit}{number:02}": (unit, vote)
        for unit, votes in said.items()
        for number, vote in enumerate(votes)
        if vote != SILENT
    }
    closed = closes(parents, people, Ledger(), chance=dice)
    return tuple(
        (tuple(sorted(atom.units)), tuple(sorted(Counter(atom.values.values()).items())))
        for atom in sorted(closed.atoms, key=lambda a: sorted(a.units))
    )
