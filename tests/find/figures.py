"""How well questions are understood and answered, on sets of questions with their answers.

``dev_*`` are the sets that thresholds and weights were chosen on; ``held_out_*`` were written by
somebody else, who did not see the search, and are only ever counted.
"""

import json
import random
import re
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from adapters.content.files import load_library
from adapters.search.searching import Searching
from dialogs.finding import Intent, Sought
from dialogs.intents import INTENTS
from dialogs.library import Library
from dialogs.understanding import understand

HERE = Path(__file__).parent
STORED = Path(tempfile.gettempdir()) / "wayfinder-find"
"""Where vectors are kept between two runs."""
NEIGHBOURS = dict(zip("aeioutrnslkdmgpvcb", "sripyytmadfknhobvn", strict=True))
"""A letter, and one beside it on the keyboard."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares from 0 to 1; ``wrong`` are off-topic questions that got an answer."""

    questions: int
    first: float
    third: float
    answered: float
    typo: float
    off_topic: int
    wrong: float


def lines(name: str) -> list[dict[str, Any]]:
    """Return a set of questions; none if nobody has written it."""
    path = HERE / f"{name}.jsonl"
    if not path.is_file():
        return []
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


@cache
def our_library() -> Library:
    return load_library()


def bare(library: Library) -> Library:
    """Return a library whose articles have no examples of questions, as a company's own may."""
    return replace(
        library,
        articles={k: replace(a, asked={}, why={}, steps={}) for k, a in library.articles.items()},
    )


def searching(library: Library, *, semantic: bool) -> Searching:
    search = Searching(lambda: library, STORED, semantic=semantic)
    search.rebuild()
    return search


def slipped(question: str, chance: random.Random, slips: int) -> str:
    """Return a question with so many slips of the fingers, in words of four letters or more."""
    for _ in range(slips):
        places = list(re.finditer(r"[^\W\d_]{4,}", question))
        if not places:
            break
        word = chance.choice(places)
        at = chance.randrange(word.start() + 1, word.end() - 1)
        kind = chance.randrange(4)
        before, letter, after = question[:at], question[at], question[at + 1 :]
        if kind == 0:
            question = before + after[:1] + letter + after[1:]
        elif kind == 1:
            question = before + after
        elif kind == 2:
            question = before + letter + letter + after
        else:
            question = before + NEIGHBOURS.get(letter, "e") + after
    return question


def measured(
    seek: Callable[[str], Sought],
    questions: Sequence[Mapping[str, Any]],
    off_topic: Sequence[Mapping[str, Any]],
    library: Library,
) -> Figures:
    """Ask everything, and everything that was found again with one or two slips in it."""
    chance = random.Random(7)  # noqa: S311 - slips of the fingers
    first = third = answered = slips = found_again = 0
    for number, one in enumerate(questions):
        sought = seek(one["q"])
        ranked = [hit.article for hit in sought.hits]
        first += ranked[:1] == [one["article"]]
        third += one["article"] in ranked[:3]
        answered += shown(one["q"], sought, library)
        if ranked[:1] == [one["article"]]:
            slips += 1
            again = seek(slipped(one["q"], chance, 1 + number % 2)).hits
            found_again += bool(again) and again[0].article == one["article"]
    wrong = sum(shown(one["q"], seek(one["q"]), library) for one in off_topic)
    many = len(questions) or 1
    return Figures(
        len(questions),
        first / many,
        third / many,
        answered / many,
        found_again / (slips or 1),
        len(off_topic),
        wrong / (len(off_topic) or 1),
    )


def shown(question: str, sought: Sought, library: Library) -> bool:
    """Tell whether an article would be shown, rather than "I don't know"."""
    return sought.answered and understand(question, library).intent != "none"


def macro_f1(pairs: Sequence[tuple[Intent, Intent]]) -> tuple[float, dict[Intent, float]]:
    """Return the mean F1 over all intents, and each one's, of (meant, understood)."""
    each: dict[Intent, float] = {}
    for intent in INTENTS:
        right = sum(a == b == intent for a, b in pairs)
        wrong = sum((a == intent) != (b == intent) for a, b in pairs)
        if any(a == intent for a, _ in pairs):
            each[intent] = 2 * right / (2 * right + wrong)
    return sum(each.values()) / (len(each) or 1), each


def understood(
    questions: Sequence[Mapping[str, Any]], library: Library
) -> list[tuple[Intent, Intent]]:
    return [(one["intent"], understand(one["q"], library).intent) for one in questions]
