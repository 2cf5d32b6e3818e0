"""Find articles by their letters: pieces of words, and words of the trade that mean the same.

Pieces of words find what is typed wrong, and Dutch words that are written together; they did
better than stemming, and better than matching word by word.
"""

import math
from array import array
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from adapters.search.words import FUNCTION_WORDS, Kin, pieces, plain, telling
from dialogs.knowledge import Article

try:
    import numpy as np
except ImportError:  # it comes with the language model; without it the same is added up in Python
    np: Any = None
TITLE, NAV, BODY, WHY = 3.0, 1.5, 1.0, 0.5
"""How much a word counts by where it stands."""
FULL, LENGTH = 1.2, 0.4
"""BM25: how soon more of the same stops counting, and how much a long text is held against it."""
KIN = 1.8
"""What a word of the same meaning counts beside the pieces of the word itself."""
RATHER_FEW = 150
"""How many different pieces of a question are looked at, the rarest first."""


@dataclass(frozen=True, slots=True)
class Scored:
    """How well each article fits, by its number; ``best`` is what a perfect one would have."""

    scores: Sequence[float]
    best: float


class Postings:
    """Which text holds which token, and how much that counts there (BM25).

    ``own`` is what each text scores when it is asked for in its own words.
    """

    def __init__(self, texts: Sequence[Counter[str]]) -> None:
        self._size = len(texts)
        lengths = [sum(t.values()) for t in texts]
        usual = sum(lengths) / max(1, self._size) or 1.0
        holders: dict[str, int] = Counter(token for text in texts for token in text)
        rare = {t: math.log(1 + (self._size - n + 0.5) / (n + 0.5)) for t, n in holders.items()}
        self.own = [0.0] * self._size
        where: dict[str, array[int]] = defaultdict(lambda: array("I"))
        weight: dict[str, array[float]] = defaultdict(lambda: array("f"))
        for number, text in enumerate(texts):
            long = FULL * (1 - LENGTH + LENGTH * lengths[number] / usual)
            for token, often in text.items():
                counts = rare[token] * often * (FULL + 1) / (often + long)
                where[token].append(number)
                weight[token].append(counts)
                self.own[number] += often * counts
        self._rare = rare
        self._spans: dict[str, tuple[int, int]] = {}
        self._numbers: array[int] = array("I")
        self._weights: array[float] = array("f")
        for token, numbers in where.items():
            self._spans[token] = len(self._numbers), len(self._numbers) + len(numbers)
            self._numbers.extend(numbers)
            self._weights.extend(weight[token])
        self._columns: tuple[Any, Any] = self._numbers, self._weights
        if np is not None and self._numbers:
            self._columns = np.array(self._numbers, np.int32), np.array(self._weights, np.float32)
        self._rarest = math.log(1 + (self._size + 0.5) / 0.5)

    def rare(self, token: str) -> float:
        """Return how much a token tells; one that no text holds tells most."""
        return self._rare.get(token, self._rarest)

    def holds(self, token: str, texts: range) -> bool:
        """Tell whether one of these texts has a token."""
        start, end = self._spans.get(token, (0, 0))
        at = bisect_left(self._numbers, texts.start, start, end)
        return at < end and self._numbers[at] < texts.stop

    def scored(self, tokens: Counter[str]) -> Scored:
        """Score every text by the tokens it shares with a question."""
        rare, rarest = self._rare, self._rarest
        wanted = sorted(tokens, key=lambda t: -rare.get(t, 0.0))[:RATHER_FEW]
        numbers, weights = self._columns
        held = [
            (tokens[t], numbers[slice(*self._spans[t])], weights[slice(*self._spans[t])])
            for t in wanted
            if t in self._spans
        ]
        scores = _added(self._size, held)
        best = sum(tokens[t] * rare.get(t, rarest) for t in tokens) * (FULL + 1)
        return Scored(scores, best)


def _added(size: int, held: Iterable[tuple[int, Any, Any]]) -> list[float]:
    """Add up what each token counts in each text; a text holds a token only once."""
    if np is not None:
        sums = np.zeros(size)
        for often, numbers, weights in held:
            sums[numbers] += often * weights
        return sums.tolist()
    scores = [0.0] * size
    for often, numbers, weights in held:
        for number, weight in zip(numbers, weights, strict=True):
            scores[number] += often * weight
    return scores


def _alike(
    size: int, whose: Sequence[int], scored: Scored, own: Sequence[float]
) -> Sequence[float]:
    """Return what the likest of each article's examples shares with a question, 0 to 1."""
    least = scored.best / 2
    if np is not None:
        score, most = np.asarray(scored.scores), np.zeros(size)
        whole = np.sqrt(np.asarray(own) * np.maximum(least, score))
        np.maximum.at(most, np.asarray(whose, np.intp), np.minimum(1.0, score / (whole + 1e-9)))
        return most.tolist()
    likeness = [0.0] * size
    for number, score, mine in zip(whose, scored.scores, own, strict=True):
        if score:
            shared = score / math.sqrt(mine * max(least, score))
            likeness[number] = max(likeness[number], min(1.0, shared))
    return likeness


class Lexical:
    """The articles by their letters; made once, and then only read.

    Raises:
        ValueError: there are more articles than a number has room for (65,536).

    """

    def __init__(self, articles: Sequence[Article], kin: Kin) -> None:
        if len(articles) >= 1 << 16:
            message = f"{len(articles)} articles are too many; 65,535 is the most."
            raise ValueError(message)
        self.kin = kin
        self._size = len(articles)
        shown = [[(weight, plain(text)) for weight, text in _texts(a)] for a in articles]
        self.vocabulary = Counter(w for texts in shown for _, text in texts for w in text.split())
        self._texts = Postings([self._counted(texts) for texts in shown])
        asked = [(n, plain(q)) for n, a in enumerate(articles) for q in _asked(a)]
        self.vocabulary.update(w for _, text in asked for w in text.split())
        self.vocabulary.update(kin.words)
        self.vocabulary.update(FUNCTION_WORDS)
        self._whose = array("H", (n for n, _ in asked))
        self._asked = Postings([self._tokens(text) for _, text in asked])

    def scored(self, question: str) -> Scored:
        """Score each article by what it says; the question is plain."""
        return self._texts.scored(self._tokens(question))

    def alike(self, question: str) -> Sequence[float]:
        """Return how much each article's most similar example resembles a question, 0 to 1."""
        scored = self._asked.scored(self._tokens(question))
        return _alike(self._size, self._whose, scored, self._asked.own)

    def known(self, question: str, number: int) -> float:
        """Return how much of a plain question's telling words one article says itself, 0 to 1.

        Rare pieces of words count more; a word of the same meaning counts as the word.
        """
        mine = range(bisect_left(self._whose, number), bisect_right(self._whose, number))

        def said(token: str) -> bool:
            texts, asked = self._texts, self._asked
            return texts.holds(token, range(number, number + 1)) or asked.holds(token, mine)

        both = whole = 0.0
        for word in telling(question):
            rare = {p: self._texts.rare(p) for p in pieces(word)}
            share = sum(r for p, r in rare.items() if said(p)) / sum(rare.values())
            if any(said(f"={group}") for group in self.kin.of(word)):
                share = 1.0
            usual = sum(rare.values()) / len(rare)
            both, whole = both + share * usual, whole + usual
        return both / whole if whole else 0.0

    def _tokens(self, text: str) -> Counter[str]:
        found = Counter(piece for word in telling(text) for piece in pieces(word))
        for group in self.kin.of(text):
            found[f"={group}"] += 1
        return Counter({t: (KIN * 6 if t[0] == "=" else 1) * n for t, n in found.items()})

    def _counted(self, texts: Iterable[tuple[float, str]]) -> Counter[str]:
        found: Counter[str] = Counter()
        for weight, text in texts:
            for word in telling(text):
                for piece in pieces(word):
                    found[piece] += weight  # pyright: ignore[reportArgumentType] - parts count, too
            for group in self.kin.of(text):
                found[f"={group}"] += weight  # pyright: ignore[reportArgumentType]
        return found


def _texts(article: Article) -> Iterator[tuple[float, str]]:
    """Yield what an article says, each with what it counts."""
    for words, weight in (
        (article.title, TITLE),
        (article.nav, NAV),
        (article.body, BODY),
        (article.why, WHY),
    ):
        seen: set[str] = set()
        for text in words.values():
            if text not in seen:
                seen.add(text)
                yield weight, text
    for steps in article.steps.values():
        yield BODY, " ".join(steps)


def _asked(article: Article) -> Iterator[str]:
    for examples in article.asked.values():
        yield from examples
