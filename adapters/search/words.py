"""What search does with words: cut them into pieces, mend slips of the fingers, know their kin."""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from sys import intern

LENGTHS = (2, 3, 4)
"""How many letters the pieces of a word have."""
SHORTEST_TO_MEND = 4
LONG_WORD = 8
"""From so many letters on a word may have two slips."""
MOST_WORDS = 60
"""Words of a question that are looked at."""
LONGEST_WORD = 40
PHRASE = 3
"""How many words a term of the trade has, at most."""
_FUNCTION_WORDS = (
    "the a an of to in on for and or is are be do does i my me you your it this that with at "
    "from by how what where which who when can could should have has had was we us our not so "
    "just as if then there here want need please de het een van in op voor en of is zijn ben "
    "ik mijn mij me je jij jouw u uw wij we ons onze dit dat die deze er met bij aan uit door "
    "om te hoe wat waar welke welk wie wanneer kan kun kunnen moet moeten mag wil heb heeft "
    "hebben had was niet geen dan als maar ook nog wel naar over tot hier daar graag even "
)
FUNCTION_WORDS = frozenset(_FUNCTION_WORDS.split())
"""Words that every question has, and that tell nothing about it."""


def plain(text: str, most: int | None = None) -> str:
    """Return the ``most`` first words, in lower case, without accents or signs."""
    flat = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(c for c in flat if not unicodedata.combining(c))
    words = re.sub(r"[\W_]+", " ", kept).split()
    return " ".join(w[:LONGEST_WORD] for w in words[:most])


def telling(text: str) -> list[str]:
    """Return the words of a plain text that tell what it is about."""
    return [w for w in text.split() if w not in FUNCTION_WORDS]


@lru_cache(maxsize=20_000)
def pieces(word: str) -> tuple[str, ...]:
    """Cut a word into overlapping pieces; its beginning and end count as letters."""
    whole = f" {word} "
    return tuple(
        intern(whole[at : at + n]) for n in LENGTHS for at in range(max(1, len(whole) - n + 1))
    )


def distance(one: str, other: str, limit: int) -> int:
    """Count the slips between two words: a letter too many, too few, wrong, or two swapped.

    More than ``limit`` of them are not counted on.
    """
    if abs(len(one) - len(other)) > limit:
        return limit + 1
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        row = [i]
        for j, b in enumerate(other, 1):
            least = min(last[j] + 1, row[-1] + 1, last[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                least = min(least, before[j - 2] + 1)
            row.append(least)
        if min(row) > limit:
            return limit + 1
        before, last = last, row
    return last[-1]


class Spelling:
    """Mends words that are slips of the fingers for a word that our texts use.

    ``strange`` tells into how many pieces a language model cuts a word beyond the first; a word
    that it knows whole is no slip. Without a model only long words are mended, and less.
    """

    def __init__(self, known: Iterable[str], strange: Callable[[str], int] | None = None) -> None:
        self._known = Counter(known)
        self._strange = strange
        self._shelf: dict[str, list[str]] = defaultdict(list)
        for word in self._known:
            if len(word) >= SHORTEST_TO_MEND:
                self._shelf[word[0]].append(word)
        self._mended: dict[str, str] = {}

    def mend(self, text: str) -> str:
        """Return a plain text with its slips mended."""
        return " ".join(self._word(word) for word in text.split())

    def _word(self, word: str) -> str:
        if word in self._known or len(word) < SHORTEST_TO_MEND or word.isdigit():
            return word
        if word not in self._mended:
            if len(self._mended) > 5000:  # noqa: PLR2004 - what people type in some weeks
                self._mended.clear()
            self._mended[word] = self._nearest(word, self._limit(word))
        return self._mended[word]

    def _limit(self, word: str) -> int:
        if self._strange is None:
            return int(len(word) > SHORTEST_TO_MEND)
        strange = self._strange(word)
        if not strange:
            return 0
        return 2 if strange > 1 and len(word) >= LONG_WORD else 1

    def _nearest(self, word: str, limit: int) -> str:
        if not limit:
            return word
        ours = set(word)
        best = (limit + 1, 0, word)
        for other in self._shelf.get(word[0], ()):
            if abs(len(other) - len(word)) > limit or len(ours.difference(other)) > limit:
                continue
            slips = distance(word, other, limit)
            if slips <= limit:
                best = min(best, (slips, -self._known[other], other))
        return best[2]


class Kin:
    """Words of the trade that mean the same, in both languages: deal, opportunity, verkoopkans."""

    def __init__(self, groups: Sequence[Sequence[str]]) -> None:
        self._of: dict[str, set[int]] = defaultdict(set)
        for number, group in enumerate(groups):
            for term in group:
                self._of[plain(term)].add(number)
        self.words = tuple(w for term in self._of for w in term.split())

    def of(self, text: str) -> Iterator[int]:
        """Yield the group of each term that a plain text holds, as often as it holds one."""
        words = text.split()
        for length in range(1, PHRASE + 1):
            for at in range(len(words) - length + 1):
                term = " ".join(words[at : at + length])
                yield from self._of.get(term, ())
