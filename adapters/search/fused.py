"""Search by letters and by meaning, weighed together; what people pressed under answers counts.

Letters alone answer at once. Meaning joins when its vectors are there: they are stored, and made
in the background where they are missing, never while somebody waits.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from adapters.search.lexical import Lexical
from adapters.search.words import MOST_WORDS, Kin, Spelling, pieces, plain, telling
from dialogs.finding import BEST, LONGEST, Hit, Learned, Sought
from dialogs.intents import classifier
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


@dataclass(frozen=True, slots=True)
class Signs:
    """What tells whether the best article answers: how much fits, and how far ahead it is."""

    letters: float
    meaning: float
    example: float
    ahead: float
    known: float
    purpose: float


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
    ) -> None:
        self.articles = tuple(library.articles.values())
        self.lexical = lexical or Lexical(self.articles, Kin(library.kin))
        self.meaning = meaning
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
        for shape, number, lift in self._learned:
            alike = _likeness(shape, _shape(question))
            if alike >= ALIKE:
                scores[number] += lift * alike
        if job:
            for number, article in enumerate(self.articles):
                scores[number] += JOB * (job in article.jobs)
        best = sorted(range(len(scores)), key=lambda n: -scores[n])[:BEST]
        sense = self.sense(question, best, scores, signs)
        fits = _probable(sense, meaning=self.meaning is not None)
        top = scores[best[0]]
        hits = tuple(
            Hit(self.articles[n].id, max(0.0, min(1.0, fits - (top - scores[n])))) for n in best
        )
        return Sought(hits, fits >= ENOUGH, fits >= SURE and sense.ahead >= AHEAD)

    def mended(self, words: str) -> str:
        """Return what was typed as plain words, with slips of the fingers mended."""
        return self._spelling.mend(plain(words[:LONGEST], MOST_WORDS))

    def weighed(self, question: str) -> tuple[list[float], Sequence[tuple[float, float, float]]]:
        """Return each article's score, and the signs it is made of."""
        letters = self.lexical.scored(question)
        most = max(letters.scores, default=0.0) or 1.0
        alike = self.lexical.alike(question)
        near: Sequence[float] = [0.0] * len(self.articles)
        if self.meaning is not None:
            near = self.meaning.scored(question)
        share = letters.best or 1.0
        each = list(zip(letters.scores, near, alike, strict=True))
        signs = [(one / share, two, three) for one, two, three in each]
        scores = [LETTERS * one / most + two + EXAMPLE * three for one, two, three in each]
        return scores, signs

    def sense(
        self,
        question: str,
        best: Sequence[int],
        scores: Sequence[float],
        signs: Sequence[tuple[float, float, float]],
    ) -> Signs:
        """Return what tells whether the best article answers."""
        ahead = scores[best[0]] - scores[best[1]] if len(best) > 1 else 1.0
        letters = max(s[0] for s in signs)
        telling_ones = telling(question) or ["?"]
        known = sum(w in self.lexical.vocabulary for w in telling_ones) / len(telling_ones)
        return Signs(
            letters,
            max(s[1] for s in signs),
            max(s[2] for s in signs),
            ahead,
            known,
            purpose(question),
        )


def purpose(words: str) -> float:
    """Return how much a question sounds as if it were about the CRM, and about nothing else."""
    weights = classifier().weigh(words)
    return math.log((weights["howto"] + 0.5 * weights["system"] + 0.01) / (weights["none"] + 0.01))


ENOUGH, SURE, AHEAD = 0.58, 0.85, 0.12
"""How probable it must be that the best article answers: to be shown, and to be shown alone."""
FAR = 0.35
"""An example question that is less alike tells nothing."""
WITH = (-5.7, 0.0, 16.0, 4.0, 4.0, 4.0, 0.96)
WITHOUT = (-2.6, 0.7, 0.0, 4.0, 3.8, 3.5, 0.91)
"""What each sign counts with and without meaning (tests/find says how it was found), first a
constant, then: letters, meaning, example, ahead, known, purpose."""


def _probable(signs: Signs, *, meaning: bool) -> float:
    """Return how probable it is that the best article answers, 0 to 1."""
    values = (
        *(1.0, signs.letters, signs.meaning, max(0.0, signs.example - FAR)),
        *(signs.ahead, signs.known, signs.purpose),
    )
    total = sum(w * v for w, v in zip(WITH if meaning else WITHOUT, values, strict=True))
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


def _lift(people: int) -> float:
    return min(MOST_LIFT, LIFT * math.log2(1 + max(0, people)))


@lru_cache(maxsize=256)
def _shape(text: str) -> frozenset[str]:
    return frozenset(p for w in telling(text) or text.split() for p in pieces(w))


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    return 2 * len(one & other) / ((len(one) + len(other)) or 1)
