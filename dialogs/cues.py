"""Cues: how people put a thing into words, written so that whoever edits them needs no code.

A cue is read word by word within one sentence, in small letters:

- ``word`` is that word, ``word*`` begins with it, ``*word`` ends with it;
- ``(a|b c)`` is one of these, ``(a)?`` may be left out, ``{name}`` is a list of words by name;
- ``..`` is at most three words of any kind, ``...`` at most eight, ``....`` all that follow;
- ``^`` and ``$`` are where the sentence begins and ends, ``!(a|b)`` is: not followed by these;
- ``#`` is a number in digits; ``#year``, ``#date`` and ``#time`` are those that tell
  a moment, ``#share`` is a percentage.

Gaps are bounded, and so is a sentence: no cue can make a text slow to read.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NoReturn

GAPS = {
    "..": r"(?: [^ ]+){0,3}?",
    "...": r"(?: [^ ]+){0,8}?",
    "....": r"(?: [^ ]+)*",
}
NUMBERS = {
    "#": r"(?: [€$£])? [€$£]?\d[^ ]*",
    "#share": r"(?: \d[^ ]*%| \d[^ ]* %)",
    "#year": r" (?:19|20)\d\d(?:[-/](?:19|20)?\d\d)?",
    "#date": r" (?:\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}|\d{1,2}[-/]\d{1,2}|\d{1,2}(?:st|nd|rd|th|e|de))",
    "#time": r" (?:\d{1,2}[:.]\d\d(?:am|pm|u|h|hrs)?|\d{1,2}(?:am|pm|u|h|hrs))",
}
_EDGE = r"(?= |$)"
_TOKEN = re.compile(r"\.{2,4}|\^|\$|!|\?|\(|\)|\||\{[a-z_]+\}|#[a-z]*|[^\s(){}|?!]+")
_DIGIT = re.compile(r"\d")
_DIGITS = "#"
_PREFIX = 8
"""Letters of a word's beginning by which cues are looked up."""
DEEPEST = 20
ANYTHING: frozenset[str] | None = None
Keys = frozenset[str] | None
"""Words of which a sentence has at least one if a cue is in it; none where that cannot be said."""


class CueError(ValueError):
    """A cue cannot be read; the message says which, and what is wrong with it."""


@dataclass(frozen=True, eq=False)
class Words:
    """The words of a sentence: small letters, each after one space."""

    text: str

    @cached_property
    def keys(self) -> frozenset[str]:
        """Return the words, the beginnings of words and the sign for digits that stand in it."""
        found: set[str] = set()
        for word in self.text.split():
            found.add(word)
            found.update(f"{word[:end]}*" for end in range(1, min(len(word), _PREFIX) + 1))
        if _DIGIT.search(self.text):
            found.add(_DIGITS)
        return frozenset(found)


class Cue:
    """One way to say a thing, compiled when a sentence first has a word of it.

    Most sentences have none, so that looking for the words first makes a long text quick to read.
    """

    def __init__(self, written: str, lists: Mapping[str, Iterable[str]], place: int) -> None:
        self.place = place
        self._spelled, self.keys = _Reader(written, lists).whole()

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Return the cue as a pattern for the text of a sentence."""
        return re.compile(self._spelled)


class Finder:
    """Several cues for one thing.

    Raises:
        CueError: a cue cannot be read.

    """

    def __init__(self, cues: Iterable[str], lists: Mapping[str, Iterable[str]]) -> None:
        self._always: list[Cue] = []
        self._by_key: defaultdict[str, list[Cue]] = defaultdict(list)
        for place, written in enumerate(cues):
            cue = Cue(written, lists, place)
            if cue.keys is None:
                self._always.append(cue)
            else:
                for key in cue.keys:
                    self._by_key[key].append(cue)

    def finds(self, words: Words, *, left: str | None = None) -> bool:
        """Tell whether a cue is in a sentence, or in what is ``left`` of it."""
        text = words.text if left is None else left
        return any(cue.pattern.search(text) for cue in self._possible(words))

    def strikes(self, words: Words) -> str:
        """Return what is left of a sentence without these cues; a ``~`` stands for each."""
        text = words.text
        for cue in self._possible(words):
            text = cue.pattern.sub(" ~", text)
        return text

    def _possible(self, words: Words) -> Iterable[Cue]:
        """Return the cues of which a sentence has a word, in the order they are written in."""
        keys = words.keys & self._by_key.keys()
        found = {cue for key in keys for cue in self._by_key[key]}
        return sorted((*self._always, *found), key=lambda cue: cue.place)


class _Reader:
    """Reads a cue from left to right; each part is its pattern and its keys."""

    def __init__(self, cue: str, lists: Mapping[str, Iterable[str]], depth: int = 0) -> None:
        self._cue = cue
        self._lists = lists
        self._depth = depth
        self._signs = _TOKEN.findall(cue)
        self._at = 0
        if depth > DEEPEST:
            self._refuse("goes round in a circle")

    def whole(self) -> tuple[str, Keys]:
        if not self._signs:
            self._refuse("is empty")
        written = self._choices()
        if self._at < len(self._signs):
            self._refuse("closes a bracket that was not opened")
        return written

    def _choices(self) -> tuple[str, Keys]:
        found = [self._row()]
        while self._peek() == "|":
            self._at += 1
            found.append(self._row())
        return _one_of(found)

    def _row(self) -> tuple[str, Keys]:
        parts: list[tuple[str, Keys]] = []
        while (sign := self._peek()) not in {"", "|", ")"}:
            parts.append(self._part(sign))
        known = [keys for _, keys in parts if keys is not None]
        return "".join(written for written, _ in parts), min(known, key=len, default=ANYTHING)

    def _part(self, sign: str) -> tuple[str, Keys]:
        self._at += 1
        if sign == "!":
            return f"(?!{self._part(self._peek())[0]})", ANYTHING
        if sign in {"^", "$"}:
            return sign, ANYTHING
        if sign in GAPS:
            return GAPS[sign], ANYTHING
        written, keys = self._unit(sign)
        if self._peek() == "?":
            self._at += 1
            return f"(?:{written})?", ANYTHING
        return written, keys

    def _unit(self, sign: str) -> tuple[str, Keys]:
        if sign == "(":
            inside = self._choices()
            if self._peek() != ")":
                self._refuse("opens a bracket that is not closed")
            self._at += 1
            return inside
        if sign.startswith("{"):
            name = sign[1:-1]
            if name not in self._lists:
                self._refuse(f"names a list that is not there: {name}")
            listed = [_Reader(w, self._lists, self._depth + 1).whole() for w in self._lists[name]]
            return _one_of(listed)
        if sign in NUMBERS:
            return f"(?:{NUMBERS[sign]}){_EDGE}", frozenset({_DIGITS})
        if sign in {"", "?", ")", "|"}:
            self._refuse("has a sign in a place where a word is expected")
        inside = "[^ ]*".join(re.escape(piece) for piece in sign.split("*"))
        begin, star, _ = sign.partition("*")
        key = f"{begin[:_PREFIX]}*" if star else begin
        return f" {inside}{_EDGE}", frozenset({key}) if begin else ANYTHING

    def _peek(self) -> str:
        return self._signs[self._at] if self._at < len(self._signs) else ""

    def _refuse(self, why: str) -> NoReturn:
        message = f"The cue {self._cue!r} {why}"
        raise CueError(message)


def _one_of(choices: list[tuple[str, Keys]]) -> tuple[str, Keys]:
    written = "|".join(written for written, _ in choices)
    keys: set[str] = set()
    for _, one in choices:
        if one is None:
            return f"(?:{written})", ANYTHING
        keys |= one
    return f"(?:{written})", frozenset(keys)
