"""Two numbers at a time: differences that are about few people, and guesses that nobody changed.

A difference of two numbers is *about* the people whose values are in one of them and not in the
other. The auditor promises that these are five or more. An attacker who does not know who changed
may still guess that nobody did, and take the difference of a team with and without one person for
that person's value: how often that is right is measured here, beside a guess from the team alone.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from nudges.release import Value
from tests.release.attack import FEW, Column, Number


def left_over(numbers: Sequence[Number]) -> list[frozenset[Column]]:
    """Return what is left of one to four people when any two numbers are compared."""
    where: dict[Column, list[int]] = defaultdict(list)
    for index, number in enumerate(numbers):
        for column in number.columns:
            where[column].append(index)
    found = [n.columns for n in numbers if 0 < len(n.people) <= FEW]
    for index, number in enumerate(numbers):
        shared = Counter(i for column in number.columns for i in where[column] if i < index)
        for other, count in shared.items():
            if len(number.columns) + len(numbers[other].columns) - 2 * count <= 2 * FEW:
                left = number.columns ^ numbers[other].columns
                if 0 < len({person for person, _ in left}) <= FEW:
                    found.append(left)
    return found


@dataclass(frozen=True)
class Guessed:
    """Guesses that were possible, those that came true, and those a plain guess had right."""

    made: int
    right: int
    plain: int

    @property
    def precision(self) -> float:
        return self.right / max(1, self.made)

    @property
    def base(self) -> float:
        return self.plain / max(1, self.made)


def guesses(numbers: Sequence[Number]) -> Guessed:
    """Compare teams that differ by one person as if nobody else had changed."""
    where: dict[str, list[int]] = defaultdict(list)
    for index, number in enumerate(numbers):
        for person in number.people:
            where[person].append(index)
    made = right = plain = 0
    for index, number in enumerate(numbers):
        shared = Counter(i for person in number.people for i in where[person] if i != index)
        for other, count in shared.items():
            smaller = numbers[other]
            if number.week == smaller.week or len(number.people) != count + 1:
                continue
            if len(smaller.people) != count:
                continue
            (person,) = number.people - smaller.people
            guess = _difference(number, smaller)
            if guess is None:
                continue
            made += 1
            right += _near(guess, number.values[person])
            plain += _near(_usual(number), number.values[person])
    return Guessed(made, right, plain)


def _difference(number: Number, smaller: Number) -> Value | None:
    values = list(number.values.values())
    if isinstance(values[0], str):
        left = Counter(values)
        left.subtract(smaller.values.values())
        odd = {value: count for value, count in left.items() if count}
        return next(iter(odd)) if list(odd.values()) == [1] else None
    return sum(float(v) for v in values) - sum(float(v) for v in smaller.values.values())


def _usual(number: Number) -> Value:
    values = list(number.values.values())
    if isinstance(values[0], str):
        return Counter(values).most_common(1)[0][0]
    return sum(float(v) for v in values) / len(values)


def _near(guess: Value, truth: Value) -> bool:
    if isinstance(guess, str) or isinstance(truth, str):
        return guess == truth
    return abs(guess - truth) <= 0.1 * abs(truth)
