"""Messages labelled by hand with what they say, and how well we read them.

``tune.jsonl`` may be looked at while cues are changed. Of ``held_out.jsonl`` only the sums are.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from adapters.content.rules import load_rules
from dialogs.linter import Lint, Part, Rules, lint
from dialogs.speech import Speech

SETS = Path(__file__).parent
ONLY = "technology_or_cost_only"
JARGON = "jargon"
LABELS = (*(part.value for part in Part), ONLY, JARGON)


@dataclass(frozen=True, slots=True)
class Message:
    lang: str
    text: str
    says: frozenset[str]
    jargon: frozenset[str]


@dataclass(frozen=True, slots=True)
class Score:
    hits: int
    extra: int
    missed: int

    @property
    def precision(self) -> float:
        return self.hits / (self.hits + self.extra) if self.hits + self.extra else 1.0

    @property
    def recall(self) -> float:
        return self.hits / (self.hits + self.missed) if self.hits + self.missed else 1.0

    @property
    def f1(self) -> float:
        whole = 2 * self.hits + self.extra + self.missed
        return 2 * self.hits / whole if whole else 1.0


def messages(name: str) -> list[Message]:
    lines = (SETS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    read = (json.loads(line) for line in lines)
    return [
        Message(r["lang"], r["text"], frozenset(r["says"]), frozenset(r["jargon"])) for r in read
    ]


@cache
def rules(language: str) -> Rules:
    return load_rules(language)


def linted(message: Message) -> Lint:
    return lint(message.text, rules(message.lang), Speech(message.lang))


def told(message: Message) -> tuple[frozenset[str], frozenset[str]]:
    """Return what we find in a message: what it says, and its jargon."""
    found = linted(message)
    says: set[str] = {part.value for part in found.says}
    if found.technology_or_cost_only:
        says.add(ONLY)
    return frozenset(says), frozenset(found.jargon)


def scores(of: Sequence[Message]) -> Mapping[tuple[str, str], Score]:
    """Return a score for each language and label; jargon counts word by word."""
    hits, extra, missed = (
        Counter[tuple[str, str]](),
        Counter[tuple[str, str]](),
        Counter[tuple[str, str]](),
    )
    for message in of:
        says, jargon = told(message)
        for label, ours, theirs in _pairs(message, says, jargon):
            key = (message.lang, label)
            hits[key] += len(ours & theirs)
            extra[key] += len(ours - theirs)
            missed[key] += len(theirs - ours)
    keys = [(lang, label) for lang in sorted({m.lang for m in of}) for label in LABELS]
    return {key: Score(hits[key], extra[key], missed[key]) for key in keys}


def _pairs(
    message: Message, says: frozenset[str], jargon: frozenset[str]
) -> Iterator[tuple[str, frozenset[str], frozenset[str]]]:
    for label in LABELS[:-1]:
        one = frozenset({label})
        yield label, says & one, message.says & one
    yield JARGON, jargon, message.jargon
