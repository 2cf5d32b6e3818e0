"""Tell whether a question is about the work in the CRM, or about anything else.

Two heaps of examples are compared: what is asked about our articles, and what people ask who are
elsewhere with it (``content/search/*.txt``), of which much sounds like the CRM. Which words, pairs
and pieces of words stand in one heap rather than in the other is counted once (naive Bayes).
"""

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise

from adapters.search.words import SHORTEST_TO_MEND, Kin, pieces, plain
from dialogs.intents import examples
from dialogs.library import Library

SMOOTH = 0.3
"""How often everything was seen in both heaps before anything was counted."""
PIECE = 4


class About:
    """What is asked here, against what is asked ``elsewhere``; both may be empty."""

    def __init__(self, here: Iterable[str], elsewhere: Iterable[str], kin: Kin) -> None:
        self._kin = kin
        ours, others = (
            [set(self._traits(plain(t))) for t in here],
            [set(self._traits(plain(t))) for t in elsewhere],
        )
        one, other = (Counter(t for text in heap for t in text) for heap in (ours, others))
        self._weight = {
            trait: math.log((one[trait] + SMOOTH) / (len(ours) + 2 * SMOOTH))
            - math.log((other[trait] + SMOOTH) / (len(others) + 2 * SMOOTH))
            for trait in one.keys() | other.keys()
        }

    def of(self, question: str) -> float:
        """Return how much a plain question is about the CRM; below 0 it rather is not.

        What a question is made of goes together, so many parts count less each.
        """
        found = [w for t in set(self._traits(question)) if (w := self._weight.get(t)) is not None]
        return sum(found) / math.sqrt(1 + len(found))

    def _traits(self, text: str) -> Iterator[str]:
        words = text.split()
        for one, other in pairwise(["^", *words, "$"]):
            yield f"{one} {other}"
        for word in words:
            yield word
            if len(word) >= SHORTEST_TO_MEND:
                yield from (f"…{p}" for p in pieces(word) if len(p) == PIECE)
        for group in self._kin.of(text):
            yield f"={group}"


def about(library: Library, kin: Kin, elsewhere: Iterable[str] | None = None) -> About:
    """Return it for a library's articles; ``elsewhere`` stands for what the library says of it."""
    taught = examples()
    asked = (q for a in library.articles.values() for some in a.asked.values() for q in some)
    others = library.elsewhere if elsewhere is None else elsewhere
    return About(
        [*(text for text, intent in taught if intent == "howto"), *asked],
        [*(text for text, intent in taught if intent == "none"), *others],
        kin,
    )
