"""How alike two names are: what somebody typed, and what a record is called.

``B.V.``, accents, capitals and stops do not tell two names apart; a word that is missing does.
"""

import re
import unicodedata
from typing import Final

LONGEST: Final = 100
"""Characters of a name that are looked for; the search of Dataverse takes no more."""
MOST_WORDS: Final = 8
EXACT, FORM, STARTS, WORDS, OTHER = range(5)
"""How well a name fits: the same, but for the legal form, begins so, has all words, otherwise."""
_FORMS: Final = frozenset(
    {
        *("ag", "bv", "bvba", "co", "corp", "corporation", "cv", "gmbh", "inc", "limited", "llc"),
        *("llp", "ltd", "nv", "plc", "pte", "pty", "sa", "sarl", "spa", "srl", "vof", "zn", "zoon"),
    }
)
_STOPS: Final = re.compile(r"[.'\u2019`]")
_WORD: Final = re.compile(r"[^\W_]+")
_SPACE: Final = re.compile(r"\s+")


def clean(name: str) -> str:
    """Return a name as one line that any system takes: no control characters, not too long."""
    seen = "".join(
        " " if unicodedata.category(c)[0] in "CZ" else c
        for c in unicodedata.normalize("NFC", name[: 4 * LONGEST])
    )
    return _SPACE.sub(" ", seen).strip()[:LONGEST].rstrip()


def words(name: str) -> tuple[str, ...]:
    """Return the words of a name, without accents, capitals and stops."""
    bare = name
    if not name.isascii():
        apart = unicodedata.normalize("NFKD", name)
        bare = "".join(c for c in apart if not unicodedata.combining(c))
    return tuple(_WORD.findall(_STOPS.sub("", bare.casefold())))


def core(said: tuple[str, ...]) -> tuple[str, ...]:
    """Return the words without the legal form at their end."""
    rest = said
    while len(rest) > 1 and rest[-1] in _FORMS:
        rest = rest[:-1]
    return rest


def fit(typed: str, name: str) -> int:
    """Tell how well a record's name fits what was typed; the smaller, the better."""
    asked, said = words(typed), words(name)
    if not asked:
        return EXACT if typed and typed == name else OTHER
    if asked == said:
        return EXACT
    asked, said = core(asked), core(said)
    if asked == said:
        return FORM
    if said[: len(asked)] == asked:
        return STARTS
    return WORDS if all(any(w in s for s in said) for w in asked) else OTHER


def sought(typed: str) -> tuple[str, ...]:
    """Return the pieces that a record's name has to contain, as they were typed.

    The legal form is left out: who types "BV" means "B.V." as well. Stops and accents stay, for
    the CRM knows them as they are written there.
    """
    pieces = clean(typed).split(" ")
    while len(pieces) > 1 and "".join(words(pieces[-1])) in {*_FORMS, ""}:
        pieces.pop()
    return tuple(p for p in pieces if p)[:MOST_WORDS]
