"""Search by letters and by meaning, weighed together; what people pressed under answers counts.

Letters alone answer at once. Meaning joins when its vectors are there: they are stored, and made
in the background where they are missing, never while somebody waits.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple, Protocol

from adapters.search.about import About, about
from adapters.search.lexical import Lexical
from adapters.search.words import MOST_WORDS, Kin, Spelling, pieces, plain, telling
from dialogs.finding import BEST, LONGEST, Hit, Learned, Sought
from dialogs.library import Library
from nudges.people import Language

LETTERS, EXAMPLE = 0.4, 0.5
"""What letters and example questions count beside the meaning of an article, which counts 1."""
JOB = 0.02
"""What it counts that an article is for the asker's own job."""
LIFT, MOST_LIFT, ALIKE = 0.03, 0.3, 0.6
"""What a doubling of people who said "that was it" counts, at most, for a question so alike."""


class Meaning(Protocol):
    """The articles by their meaning."""

    def scored(self, question: str) -> Sequence[float]:
        """Return how near each article is, -1 to 1."""
        ...


class Signs(NamedTuple):
    """What tells whether the best article answers.

    ``letters``, ``example``: how much of a perfect fit it has, 0 to 1; ``standing``: how far its
    meaning stands out among all articles, in standard deviations; ``ahead``: of the second one;
    ``said``: how much of the question it says itself, and ``known``: how many of the words any
    article or the trade knows, 0 to 1; ``about``: whether it is about the CRM at all; ``long``: how
    many telling words there are.
    """

    letters: float
    example: float
    standing: float
    ahead: float
    said: float
    known: float
    about: float
    long: float


class Index:
    """The articles, ready to be searched; made aside, and swapped whole when one changes.

    ``strange`` tells how unknown a word is to the language model; None without one.
    """

    def __init__(
        self,
        library: Library,
        meaning: Meaning | None = None,
        strange: Callable[[str], int] | None = None,
        lexical: Lexical | None = None,
        kind: About | None = None,
    ) -> None:
        self.articles = tuple(library.articles.values())
        self.lexical = lexical or Lexical(self.articles, Kin(library.kin))
        self.meaning = meaning
        self.about = kind or about(library, self.lexical.kin)
        self._weights = (WITH if meaning else WITHOUT)[any(a.asked for a in self.articles)]
        self._spelling = Spelling(self.lexical.vocabulary, strange)
        self._learned: Sequence[tuple[frozenset[str], int, float]] = ()

    def learn(self, taps: Iterable[Learned]) -> None:
        """Take over what people said under answers, instead of what was learned before."""
        number = {a.id: n for n, a in enumerate(self.articles)}
        self._learned = tuple(
            (_shape(plain(t.words[:LONGEST], MOST_WORDS)), number[t.article], lift)
            for t in taps
            if t.article in number and (lift := _lift(t.people) - _lift(t.against))
        )

    def search(self, words: str, language: Language = "", job: str = "") -> Sought:
        """Find the articles that answer, best first; whatever was typed, this is no error."""
        del language  # people mix them, and articles are found in both
        question = self.mended(words)
        if not question:
            return Sought(tuple(Hit(a.id, 0.0) for a in self.articles[:BEST]))
        if not self.articles:
            return Sought()
        scores, signs = self.weighed(question)
        fits = _probable(signs, self._weights)
        for shape, number, lift in self._learned:
            alike = _likeness(shape, _shape(question))
            if alike >= ALIKE:
                scores[number] += lift * alike
        if job:
            for number, article in enumerate(self.articles):
                scores[number] += JOB * (job in article.jobs)
        best = sorted(range(len(scores)), key=lambda n: -scores[n])[:BEST]
        ahead = scores[best[0]] - scores[best[1]] if len(best) > 1 else 1.0
        top = scores[best[0]]
        hits = tuple(
            Hit(self.articles[n].id, max(0.0, min(1.0, fits - (top - scores[n])))) for n in best
        )
        return Sought(hits, fits >= ENOUGH, fits >= SURE and ahead >= AHEAD)

    def mended(self, words: str) -> str:
        """Return what was typed as plain words, with slips of the fingers mended."""
        return self._spelling.mend(plain(words[:LONGEST], MOST_WORDS))

    def weighed(self, question: str) -> tuple[list[float], Signs]:
        """Return each article's score, and what tells whether the best one answers."""
        letters = self.lexical.scored(question)
        most = max(letters.scores, default=0.0) or 1.0
        alike = self.lexical.alike(question)
        near: Sequence[float] = [0.0] * len(self.articles)
        if self.meaning is not None:
            near = self.meaning.scored(question)
        each = zip(letters.scores, near, alike, strict=True)
        scores = [LETTERS * one / most + two + EXAMPLE * three for one, two, three in each]
        best = max(range(len(scores)), key=scores.__getitem__)
        words = telling(question)
        return scores, Signs(
            letters.scores[best] / (letters.best or 1.0),
            alike[best],
            _outlier(near, best),
            scores[best] - max((s for n, s in enumerate(scores) if n != best), default=0.0),
            self.lexical.known(question, best),
            sum(w in self.lexical.vocabulary for w in words) / (len(words) or 1),
            self.about.of(question),
            math.log(1 + len(words)),
        )


ENOUGH, SURE, AHEAD = 0.5, 0.73, 0.15
"""How probable it must be that the best article answers: to be shown, and to be shown alone."""
WITH = (
    (-11.44, 3.82, 0.0, 0.13, 3.11, 2.6, 3.0, 0.59, 1.58),
    (-11.0, 3.31, 2.94, 0.57, -0.49, 4.61, 1.98, 0.61, -0.21),
)
WITHOUT = (
    (-11.72, 4.8, 0.0, 0.0, 3.23, 3.24, 2.36, 0.57, 1.97),
    (-11.11, 5.76, 2.13, 0.0, 0.19, 4.01, 1.86, 0.6, 0.51),
)
"""What each sign counts, with and without meaning; first where no article has examples of
questions, then where some have. ``python -m tests.find fit`` finds them; the constant before the
signs is such that few questions that belong elsewhere reach ``ENOUGH``."""


def _probable(signs: Signs, weights: Sequence[float]) -> float:
    """Return how probable it is that the best article answers, 0 to 1."""
    total = weights[0] + sum(w * v for w, v in zip(weights[1:], signs, strict=True))
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


def _outlier(values: Sequence[float], at: int) -> float:
    """Return how far one value is from the usual one, in standard deviations."""
    usual = sum(values) / len(values)
    spread = math.sqrt(sum((v - usual) ** 2 for v in values) / len(values))
    return (values[at] - usual) / spread if spread else 0.0


def _lift(people: int) -> float:
    return min(MOST_LIFT, LIFT * math.log2(1 + max(0, people)))


@lru_cache(maxsize=256)
def _shape(text: str) -> frozenset[str]:
    return frozenset(p for w in telling(text) or text.split() for p in pieces(w))


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    return 2 * len(one & other) / ((len(one) + len(other)) or 1)
