"""Answers as a test says them: the mean of an element, or the score of a question."""

from collections.abc import Mapping
from datetime import datetime

from nudges.adkar import Answer, Element, Question

LETTERS = dict(zip("ADKBR", Element, strict=True))
"""The first letter of a question's id, as in the bank: B stands for Ability."""
ITEMS = 10
BANK = {
    f"{letter}{n}": Question(f"{letter}{n}", element)
    for letter, element in LETTERS.items()
    for n in range(1, ITEMS + 1)
}
"""Ten plain questions an element, so that any mean of one decimal can be answered."""


def means(wanted: Mapping[str, float], at: datetime, first: int = 1) -> list[Answer]:
    """Answer every question of some elements so that each has exactly the mean wanted."""
    found: list[Answer] = []
    for letter, mean in wanted.items():
        whole, tenths = divmod(round(mean * ITEMS), ITEMS)
        scores = [whole + 1] * tenths + [whole] * (ITEMS - tenths)
        found += [Answer("p", f"{letter}{n}", score, at) for n, score in enumerate(scores, first)]
    return found


def said(scores: Mapping[str, int | None], at: datetime) -> list[Answer]:
    """Answer questions by id; None is a skip."""
    return [Answer("p", question, score, at) for question, score in scores.items()]
