"""Words that belong together, so that a word that nobody gave an example of still tells something.

The lists are content (``content/intents/groups.txt``). A word is also known by a slip of the
fingers in it, and a Dutch compound by its end: "serviceafspraak" is an appointment.
"""

from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path

FILE = Path(__file__).parent / "content" / "intents" / "groups.txt"
LEAST = 5
"""Letters of a word in which a slip is forgiven; of a wrong letter one more."""
COMPOUND, END, START = 7, 4, 3
"""Letters of a compound, of the end that tells what it is, and of what stands before it."""
PLAIN = frozenset(("ask", "agree", "degree", "self", "you", "often"))
"""Groups of short words, on which no compound ends."""
_REMEMBERED = 20_000


@cache
def _lists() -> tuple[dict[str, tuple[str, ...]], tuple[tuple[str, str], ...], tuple[str, ...]]:
    """Return the groups of each word, the beginnings of words, and all groups in their order."""
    words: dict[str, tuple[str, ...]] = {}
    begun: list[tuple[str, str]] = []
    order: list[str] = []
    for line in FILE.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            order.append(line.strip("[]"))
        elif not line.startswith("# "):
            for word in line.split():
                if word.endswith("*"):
                    begun.append((word[:-1], order[-1]))
                elif order[-1] not in words.get(word, ()):
                    words[word] = (*words.get(word, ()), order[-1])
    return words, tuple(begun), tuple(order)


def grouped_words() -> Iterable[str]:
    """Return every whole word that is in a group."""
    return _lists()[0]


@lru_cache(maxsize=_REMEMBERED)
def groups_of(word: str) -> tuple[str, ...]:
    """Return the groups that a word is in, the most telling one first."""
    words, begun, order = _lists()
    found = {*words.get(word, ()), *(group for begin, group in begun if word.startswith(begin))}
    if not found and len(word) >= COMPOUND:
        ends = (word[at:] for at in range(START, len(word) - END + 1))
        end = next((e for e in ends if e in words), "")
        found = {group for group in words.get(end, ()) if group not in PLAIN}
    return tuple(sorted(found, key=order.index))


class Slips:
    """Tells which known word was meant by one with a slip of the fingers in it."""

    def __init__(self, known: Iterable[str]) -> None:
        self._known = frozenset(known)
        self._without: dict[str, str] = {}
        for word in sorted(self._known):
            for less in _less(word):
                self._without.setdefault(less, word)

    def meant(self, word: str) -> str:
        """Return the known word that differs by one letter more, less, wrong or swapped."""
        if word in self._known or len(word) < LEAST or word.isdigit():
            return word
        if word in self._without:
            return self._without[word]
        less = _less(word)
        longer = next((one for one in less if one in self._known and len(one) >= LEAST), None)
        wrong = (self._without[one] for one in less if len(word) > LEAST and one in self._without)
        return longer or next(wrong, word)


def _less(word: str) -> list[str]:
    """Return a word without each of its letters but the first; none for a short word."""
    if len(word) < LEAST:
        return []
    return [word[:at] + word[at + 1 :] for at in range(1, len(word))]
