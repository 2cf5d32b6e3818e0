"""Learn from examples what people want: to know how, to see a record, to command, or to chat.

The examples are content (``content/intents``), a line each, in both languages; whoever adds a line
teaches the bot. From them a small classifier is made once: naive Bayes over words, pairs of words,
pieces of words and groups of words that belong together (``groups.txt``). The groups told most;
pieces of other lengths, complement naive Bayes, a perceptron and nearest neighbours did worse.
"""

import math
import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import combinations, count, pairwise, product
from pathlib import Path

from dialogs.commands import simple
from dialogs.finding import Intent
from dialogs.word_groups import Slips, grouped_words, groups_of

FOLDER = Path(__file__).parent / "content" / "intents"
KIN = Path(__file__).parent / "content" / "search" / "words.toml"
INTENTS: tuple[Intent, ...] = ("pulse", "command", "howto", "lookup", "system", "none")
FILLED = 3
"""How many names each example with a slot is filled with."""
SMOOTH = 0.25
"""How often every shape was seen with every intent before anything was taught."""
CUE, NAMED, BARE = 2.4, 4.8, 1.5
"""What counts: a plain cue, a bare name with a capital, and bare words that nobody knows."""
MOST_WORDS = 40
PIECE = 4
SHORT, MIDDLE, LONG = 2, 4, 8
"""A question's length in words, roughly."""
INSIDE = frozenset(
    ("van", "de", "den", "der", "het", "t", "el", "al", "von", "la", "le", "en", "and")
)
"""Words that stand inside a name."""
FACES = re.compile("[\U0001f600-\U0001f64f\U0001f44d\U0001f44e\U0001f937\u2b50\u2639\u263a]")
"""Signs that say how somebody feels."""
_SLOT = re.compile(r"\{([pc])\}")


def words_of(text: str) -> list[str]:
    """Return the words of what was typed, in lower case, without accents or signs."""
    return simple(text[:200] if len(text) > 200 else text).replace("?", " ").split()[:MOST_WORDS]  # noqa: PLR2004


@cache
def names() -> dict[str, tuple[str, ...]]:
    """Return people and companies for the examples, first names, and marks of companies."""
    found: dict[str, list[str]] = defaultdict(list)
    section = ""
    for line in _lines("names"):
        if line.startswith("["):
            section = line.strip("[]")
        elif section in {"first", "marks"}:
            found[section] += line.split()
        else:
            found[section].append(line)
    return {key: tuple(lines) for key, lines in found.items()}


@cache
def name_words() -> frozenset[str]:
    """Return words that are part of a name wherever they stand."""
    parts = {w for key in ("first", "marks") for line in names()[key] for w in line.split()}
    return frozenset(parts)


@cache
def trade_words() -> frozenset[str]:
    """Return the words of the trade."""
    groups: list[list[str]] = tomllib.loads(KIN.read_text(encoding="utf-8"))["things"]
    return frozenset(w for g in groups for term in g for w in words_of(term))


def _lines(name: str) -> Iterator[str]:
    for line in (FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("# "):
            yield line.strip()


def _all_lines() -> Iterator[str]:
    for intent in INTENTS:
        for line in _lines(intent):
            yield _SLOT.sub("", line)


def examples() -> list[tuple[str, Intent]]:
    """Return every example with what it means, its slots filled with names."""
    return [
        (text, intent)
        for intent in INTENTS
        for at, line in enumerate(_lines(intent))
        for text in filled(line, at)
    ]


def filled(line: str, at: int) -> Iterator[str]:
    """Yield an example with several names in its slots, once in lower case.

    A bare slot is filled with every name: a name alone is a record, whatever the name.
    """
    slot = _SLOT.search(line)
    some = {"p": names()["people"], "c": names()["companies"]}
    if not slot:
        yield line
        return
    if slot[0] == line:
        yield from some[slot[1]]
        yield from (name.casefold() for name in some[slot[1]])
        return
    for nth in range(FILLED):
        number = count(at * FILLED + nth * 7, 5)
        text = _SLOT.sub(lambda slot: some[slot[1]][next(number) % len(some[slot[1]])], line)  # noqa: B023 - used at once
        yield text if nth else text.casefold()


class Shapes:
    """Turns what was typed into what the classifier looks at."""

    def __init__(self, known: Iterable[str]) -> None:
        self._known = frozenset(known)
        self._slips = Slips({*self._known, *grouped_words(), *name_words()})

    def of(self, text: str) -> list[str]:
        """Return the features of a text."""
        words = [self._slips.meant(word) for word in words_of(text)]
        if not words:
            return [*(f"s:{sign}" for sign in text[:5]), f"face:{bool(FACES.search(text))}"]
        seen = self._classed(words)
        edged = ["^", *seen, "$"]
        found = [f"w:{w}" for w in seen]
        found += [f"b:{a} {b}" for a, b in pairwise(edged)]
        found += [f"t:{' '.join(edged[at : at + 3])}" for at in range(len(edged) - 2)]
        for word in words:
            whole = f" {word} "
            if len(word) >= PIECE:
                found += [f"c:{whole[at : at + PIECE]}" for at in range(len(whole) - PIECE + 1)]
        found += self._sizes(text, words, seen)
        found += self._groups(words)
        return found

    def _sizes(self, text: str, words: Sequence[str], seen: Sequence[str]) -> Iterator[str]:
        trade = sum(w in trade_words() for w in words)
        yield f"first:{seen[0]} {min(trade, 2)}"
        yield f"last:{seen[-1]}"
        yield f"names:{sum(w in {'<new>', '<name>'} for w in seen[:8])} {min(trade, 2)}"
        capitals = sum(w[:1].isupper() and not w.isupper() for w in text[:200].split()[1:])
        yield f"capitals:{min(capitals, 2)}"
        yield f"trade:{min(trade, 3)}"
        size = len(words)
        yield f"size:{(size > SHORT) + (size > MIDDLE) + (size > LONG) if size > 1 else -1}"

    def _groups(self, words: Sequence[str]) -> Iterator[str]:
        groups = [groups_of(word) or ("-",) for word in words]
        every = sorted({g for some in groups for g in some if g != "-"})
        yield from (f"g:{group}" for group in every)
        yield from (f"gg:{a} {b}" for a, b in combinations(every, 2))
        for before, after in pairwise([("^",), *groups, ("$",)]):
            yield from (f"gs:{a} {b}" for a, b in product(before, after))
        yield f"gn:{min(groups.count(('-',)), 3)} {min(len(words), 4)}"
        if len(words) <= SHORT:
            yield from (f"o:{len(words)} {group}" for some in groups for group in some)

    def strange(self, word: str) -> bool:
        """Tell whether a word is in no example and no group, as names are."""
        return not word.isdigit() and word not in self._known and not groups_of(word)

    def _classed(self, words: Sequence[str]) -> list[str]:
        seen: list[str] = []
        for word in words:
            if word.isdigit():
                one = "<number>"
            elif word in name_words():
                one = "<name>"
            elif word in self._known:
                one = word
            elif groups_of(word):
                one = f"<{groups_of(word)[0]}>"
            else:
                one = "<new>"
            if one in {"<new>", "<name>"}:
                while len(seen) > 1 and seen[-1] in INSIDE and seen[-2] in {"<new>", "<name>"}:
                    seen.pop()
                if seen and seen[-1] in {"<new>", "<name>"}:
                    one = "<name>" if "<name>" in {seen.pop(), one} else "<new>"
            seen.append(one)
        return seen


class Classifier:
    """Tells what somebody may want, and how sure that is (naive Bayes over shapes)."""

    def __init__(self, taught: Sequence[tuple[str, Intent]]) -> None:
        often = Counter(w for line in _all_lines() for w in set(words_of(line)))
        self._shapes = Shapes(w for w, n in often.items() if n > 1)
        seen: dict[str, list[float]] = defaultdict(lambda: [SMOOTH] * len(INTENTS))
        for text, intent in taught:
            at = INTENTS.index(intent)
            for shape in set(self._shapes.of(text)):
                seen[shape][at] += 1
        sums = [sum(row[at] for row in seen.values()) for at in range(len(INTENTS))]
        # Most of the many shapes were seen alike, so each different row is held once.
        rows = {row: _logs(row, sums) for row in {tuple(r) for r in seen.values()}}
        self._logs = {shape: rows[tuple(row)] for shape, row in seen.items()}

    def called(self, text: str) -> float:
        """Return how much it counts that a text holds what looks like a name; 1 for nothing.

        ``CUE`` is a name within other words; alone it is ``NAMED`` or ``BARE``.
        """
        typed = [w for w in re.findall(r"[^\W\d_][\w&.'\u2019-]*", text) if len(w) > 1]
        strange = [w for w in typed if all(map(self._shapes.strange, words_of(w) or ["a"]))]
        capitals = [w for w in strange if w[0].isupper()]
        if not strange or len(typed) > MOST_WORDS:
            return 1.0
        if set(typed) <= {*strange, *INSIDE} and len(typed) <= MIDDLE:
            return NAMED if capitals else BARE
        return CUE if any(w != typed[0] for w in capitals) else 1.0

    def weigh(self, text: str) -> dict[Intent, float]:
        """Return the weight of each intent; they sum up to 1.

        Shapes of one text go together, so their evidence is not simply added: many of them count
        less each. That changes no order, only how sure it sounds.
        """
        found = [self._logs[shape] for shape in self._shapes.of(text) if shape in self._logs]
        calm = 1 / (1 + len(found)) ** 0.5
        sums = [calm * sum(row[at] for row in found) for at in range(len(INTENTS))]
        odds = [math.exp(max(-50.0, s - max(sums))) for s in sums]
        return {i: o / sum(odds) for i, o in zip(INTENTS, odds, strict=True)}


def _logs(row: Sequence[float], sums: Sequence[float]) -> tuple[float, ...]:
    return tuple(math.log(n / total) for n, total in zip(row, sums, strict=True))


@cache
def classifier() -> Classifier:
    """Return the classifier, made from all examples once."""
    return Classifier(examples())
