"""The sentences that the reader of free text is measured with, and the figures that come of it."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from nudges.sensitive import DANGERS, Danger, found

SETS = Path(__file__).parent
LANGUAGES = ("en", "nl")
BODY = "MIIEowIBAAKCAQEAx1v9Q2kT7hZ0bYpLr3u8WmJd5sNfGcXe4oViKaRtEyUq6zPn"
SLOTS = {
    "{aws}": "AKIA" + "Q3EGRZ7XW2MLVN5D",
    "{github}": "ghp" + "_" + "x7Lq2Vb9TzKc4RwYn8Pm3Hd6Js1Gf5Ae0Uio",
    "{slack}": "xoxb" + "-2748193650-" + "8847261903-aK3dP9sLq2WzX7vN",
    "{jwt}": "eyJhbGciOiJIUzI1NiJ9" + "." + "eyJzdWIiOiI0NzExIn0" + "." + "k3Jd9sLqWzX7vNpQ2rT",
    "{pem}": "-----BEGIN " + f"PRIVATE KEY-----\n{BODY}\n-----END " + "PRIVATE KEY-----",
    "{azure}": "wQ4" + "8Q~" + "bT2nLx.R7vKp_Zc9Hs3Jd-Mf6Wg1Ya0Eu",
    "{base64}": "pZ8vQ1rT" + "7xK2mN9bW4cL6hJ3gF5dS0aY",
    "{hex}": "9b74c989" + "7bac770ffc029102a200c5de",
}


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, and the parts of it that have to be found."""

    language: str
    danger: Danger | None
    text: str
    parts: tuple[tuple[int, int], ...]


def _sentence(language: str, danger: Danger | None, marked: str) -> Sentence:
    for slot, value in SLOTS.items():
        marked = marked.replace(slot, value)
    text = ""
    parts: list[tuple[int, int]] = []
    for piece in marked.split("⟦"):
        part, closed, rest = piece.partition("⟧")
        if closed:
            parts.append((len(text), len(text) + len(part)))
        text += part + rest
    return Sentence(language, danger, text, tuple(parts))


@cache
def sentences(name: str) -> tuple[Sentence, ...]:
    """Return the sentences of a set: ``tune`` or ``held_out``."""
    table = tomllib.loads((SETS / f"{name}.toml").read_text(encoding="utf-8"))
    return tuple(
        _sentence(language, danger, marked)
        for language in LANGUAGES
        for danger in (None, *DANGERS)
        for marked in table[language][danger or "harmless"]
    )


@dataclass(frozen=True, slots=True)
class Score:
    """How many parts were there and found whole, and how many findings were right and wrong."""

    there: int
    hit: int
    right: int
    wrong: int

    @property
    def recall(self) -> float:
        return self.hit / self.there if self.there else 1.0

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0


def score(of: Sequence[Sentence], danger: Danger) -> Score:
    """Count one danger in sentences; a part counts when every letter of it is covered."""
    there = hit = right = wrong = 0
    for sentence in of:
        mine = sentence.parts if sentence.danger == danger else ()
        spans = [(f.start, f.end) for f in found(sentence.text) if f.danger == danger]
        there += len(mine)
        hit += sum(any(s <= a and b <= e for s, e in spans) for a, b in mine)
        touching = sum(any(s < b and a < e for a, b in mine) for s, e in spans)
        right += touching
        wrong += len(spans) - touching
    return Score(there, hit, right, wrong)
