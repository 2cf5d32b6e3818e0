"""What a change message says and leaves out: why, why now, what is in it for the reader, and so on.

A linter and no judge: it looks for the words in which people say these things, sentence by
sentence, and gives advice. The words are content, for each language a file, so that whoever finds
one that is missed adds it there. A learned model was left out: it would say no better what it
missed, and an author believes advice whose reason can be looked up.
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from dialogs.cues import Finder
from dialogs.prose import Sentence, plain, sentences
from dialogs.speech import Speech
from nudges.people import Language

_START = re.compile(r"(?<![\w-])\w")
EVERYONE = "everyone"
AUDIENCES = (EVERYONE, "sales", "service", "leadership")
"""For whom a message is; what is jargon to everyone may be daily language to some."""


class Part(StrEnum):
    """What a change message should say, the most important first."""

    WHY = "why"
    WIIFM = "wiifm"
    EXPECTATION = "expectation"
    WHY_NOW = "why_now"
    WRONG_TODAY = "wrong_today"
    WHAT_IF_NOT = "what_if_not"
    GOAL = "goal"
    FIGURE = "figure"


class Reason(StrEnum):
    """Of what kind a reason is: technology and cost alone move nobody."""

    TECHNOLOGY = "technology"
    COST = "cost"
    PEOPLE = "people"


@dataclass(frozen=True, slots=True)
class Cues:
    """How one thing is said; ``asks``: in a heading or question; ``strikes``: what never counts."""

    says: Finder
    asks: Finder
    strikes: Finder


@dataclass(frozen=True, slots=True)
class Jargon:
    """A word of insiders, a plainer one, and the audiences to whom it is daily language.

    ``unless`` are phrases in which it is a plain word: "lead to".
    """

    word: str
    plain: str
    known: frozenset[str] = frozenset()
    unless: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rules:
    """The words of one language: cues for each part and reason, and jargon."""

    language: Language
    cues: Mapping[Part | Reason, Cues]
    jargon: Sequence[Jargon] = ()
    _patterns: dict[str, Mapping[str, re.Pattern[str]]] = field(
        default_factory=dict[str, Mapping[str, re.Pattern[str]]], init=False, compare=False
    )

    def jargon_for(self, audience: str) -> Mapping[str, re.Pattern[str]]:
        """Return what is jargon to an audience, by first letter; groups are places in the list."""
        if audience not in self._patterns:
            letters: defaultdict[str, list[str]] = defaultdict(list)
            # The longest first: "change management" before "change".
            order = sorted(enumerate(self.jargon), key=lambda entry: -len(entry[1].word))
            for place, one in order:
                if not one.known & {audience, EVERYONE}:
                    spelled = f"(?P<j{place}>{_plain_in(one)}{_spelled(one.word)})"
                    letters[one.word[0].lower()].append(spelled)
            self._patterns[audience] = {
                letter: re.compile(rf"(?:{'|'.join(words)})(?!\w)", re.IGNORECASE)
                for letter, words in letters.items()
            }
        return self._patterns[audience]


@dataclass(frozen=True, slots=True)
class Lint:
    """What a message says and what not; ``jargon`` as it stands there, ``advice`` to read."""

    says: frozenset[Part]
    technology_or_cost_only: bool
    jargon: tuple[str, ...]
    advice: tuple[str, ...]


def lint(text: str, rules: Rules, speech: Speech, audience: str = EVERYONE) -> Lint:
    """Look through a message in the language of the rules; advice is in the language of speech."""
    seen = plain(text)
    found = sentences(seen)
    says = frozenset(part for part in Part if _said(found, rules.cues[part]))
    only = _technology_or_cost_only(found, rules, says)
    jargon = _jargon(seen, rules, audience)
    advice = [speech.line(f"lint.missing.{part}") for part in Part if part not in says]
    if only:
        advice.insert(0, speech.line("lint.technology_or_cost_only"))
    advice += [speech.line("lint.jargon", word=word, plain=one.plain) for word, one in jargon]
    return Lint(says, only, tuple(word for word, _ in jargon), tuple(advice))


def _said(found: Sequence[Sentence], cues: Cues) -> bool:
    return any(_says(one, cues) or _answers(found, at, cues) for at, one in enumerate(found))


def _says(sentence: Sentence, cues: Cues) -> bool:
    words = sentence.words
    return cues.says.finds(words) and cues.says.finds(words, left=cues.strikes.strikes(words))


def _answers(found: Sequence[Sentence], at: int, cues: Cues) -> bool:
    """Tell whether a sentence asks for this and something follows that is no question itself."""
    if not (found[at].asks and cues.asks.finds(found[at].words)):
        return False
    return any(not one.asks for one in found[at + 1 : at + 3])


def _technology_or_cost_only(
    found: Sequence[Sentence], rules: Rules, says: frozenset[Part]
) -> bool:
    cold = [
        any(_says(one, rules.cues[reason]) for reason in (Reason.TECHNOLOGY, Reason.COST))
        for one in found
    ]
    if not any(cold) or Part.WIIFM in says or _said(found, rules.cues[Reason.PEOPLE]):
        return False
    warm = (Part.WRONG_TODAY, Part.WHAT_IF_NOT, Part.GOAL)
    return not any(
        not cool and any(_says(one, rules.cues[part]) for part in warm)
        for one, cool in zip(found, cold, strict=True)
    )


def _jargon(seen: str, rules: Rules, audience: str) -> list[tuple[str, Jargon]]:
    found: dict[str, tuple[str, Jargon]] = {}
    letters = rules.jargon_for(audience)
    end = 0
    for start in _START.finditer(seen):
        pattern = letters.get(start.group().lower())
        match = pattern.match(seen, start.start()) if pattern and start.start() >= end else None
        if not match:
            continue
        end = match.end()
        group = match.lastgroup or ""
        one = rules.jargon[int(group.removeprefix("j"))]
        found.setdefault(group, (" ".join(match.group().split()), one))
    return list(found.values())


def _plain_in(one: Jargon) -> str:
    """Return what must not stand around a word: the phrases in which it is no jargon."""
    after = "|".join(re.escape(p) for p in one.unless if p.startswith(f"{one.word} "))
    before = (p[: -len(one.word)] for p in one.unless if p.endswith(f" {one.word}"))
    return (rf"(?!(?:{after})\b)" if after else "") + "".join(
        f"(?<!{re.escape(phrase)})" for phrase in before
    )


def _spelled(word: str) -> str:
    pieces = re.split(r"([ *-])", word)
    signs = {" ": r"[ \t\n-]{1,3}", "-": r"[ \t-]{0,2}", "*": r"\w*"}
    spelled = "".join(signs.get(piece, re.escape(piece)) for piece in pieces)
    # SLA is jargon; "sla" is a Dutch verb and a salad.
    return f"(?-i:{spelled})" if word.isupper() else spelled
