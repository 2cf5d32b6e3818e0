"""Which record somebody asks for: the name as they typed it, the fact, and the kind of record."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from dialogs.commands import simple
from dialogs.intents import name_words
from dialogs.records import Table, Wanted

LONGEST_NAME = 100
"""What a CRM's search takes."""
_LINKS = "van of for at bij voor with met on from to over about by in aan naar "
LINKS = frozenset(_LINKS.split())
"""Words between a fact and the name it is of; one of them is no part of the name."""
_FILLERS = (
    "a account al all alle alles already alsjeblieft an any are aub based bedrijf beheert "
    "bezocht can company contacted could crm current customer dat de details deze did die dit "
    "do does doet dossier een eens eerstvolgende er even find gaat geef gegevens gesproken "
    "get geven gevestigd geweest gezien give graag haal had handles has have heb hebben hebt "
    "heeft het hoe hoeveel "
    "how huidige i ik in info informatie information is jaar je jij kan ken kennen kent klant "
    "know kun laat laatst laatste last latest like located look lookup loopt lopen lopende "
    "mag many me meet mij mijn much my need next nodig nog now nu ons onze op open openstaande our "
    "owns please pls pull recent record responsible search show speak speelt spoke staat "
    "systeem system tell the there this today toon u up us vandaag verantwoordelijk vind "
    "visit visited volgende voor waar wanneer want was wat we weet welk welke were werken "
    "werkt weten what whats when where which who whos wie wil work working works worth would year "
    "you zie zien zijn zit zoek "
)
FILLERS = frozenset(_FILLERS.split())
"""Words before and after a name that are no part of it."""
ENDS = frozenset({"works", "working", "contact", "bezocht"})
"""Words that do end a name where it follows a link: "deals with adventure works"."""
QUOTED = re.compile(r"[\"“”„«]([^\"“”„«»]{2,100})[\"“”»]")
_WORD = re.compile(r"[^\s,;:!?\"“”„«»()\[\]{}<>|]+")


def wanted(text: str, tables: Mapping[str, Table]) -> Wanted | None:
    """Return the record that a question is for, or nothing if it has no name."""
    words = _WORD.findall(text)
    said = [simple(w).replace("?", "").strip() or w.casefold() for w in words]
    kind, word = _kind(said, tables)
    whole = said[word] if word >= 0 and not LINKS & {*said[word + 1 : word + 2]} else ""
    fact, owners, span = _fact(said, tables, kind, whole)
    if word in span:
        kind, word = "", -1
    if quoted := QUOTED.search(text):
        name = quoted[1].strip()
    else:
        left = _without(words, said, span, word)
        name = " ".join(left)[:LONGEST_NAME].strip(" .-'\u2019")
    if not name or not re.search(r"\w", name):
        return None
    table = owners[0] if len(owners) == 1 else kind if not owners or kind in owners else ""
    return Wanted(name, fact, table)


def _phrases(table: Table) -> Iterator[tuple[str, tuple[str, ...]]]:
    for fact in table.facts:
        for words in (*fact.asked.values(), fact.label.values()):
            for phrase in words:
                if said := _words_of(phrase):
                    yield fact.id, said


@lru_cache(maxsize=4096)
def _words_of(name: str) -> tuple[str, ...]:
    """Return the plain words of a name that content gives; the same ones are asked for again."""
    return tuple(simple(name).split())


def _fact(
    said: Sequence[str], tables: Mapping[str, Table], kind: str, whole: str
) -> tuple[str, list[str], range]:
    """Return the fact with the longest name among the words, the tables that have it, and where.

    A fact of the kind that was named goes first; ``whole`` is the word that names a whole record
    ("klant drukkerij vos") and no fact of another.
    """
    found: list[tuple[int, bool, str, str, range]] = []
    for table in tables.values():
        for fact, phrase in _phrases(table):
            at = _place(said, phrase)
            if at is not None and not (whole,) == phrase == tuple(said[at : at + 1]):
                span = range(at, at + len(phrase))
                telling = sum(len(w) for w in phrase if w not in FILLERS | {"how", "hoe"})
                found.append((telling, table.id == kind, fact, table.id, span))
    if not found:
        return "", [], range(0)
    longest = max(found, key=lambda f: (f[1] and f[0] > 0, f[0], len(f[4])))
    owners = [f[3] for f in found if f[0] == longest[0] and f[2] == longest[2]]
    return longest[2], list(dict.fromkeys(owners)), longest[4]


def _kind(said: Sequence[str], tables: Mapping[str, Table]) -> tuple[str, int]:
    """Return the kind of record that is named, and where."""
    for table in tables.values():
        names = [*table.thing.values(), *(n for some in table.called.values() for n in some)]
        for name in names:
            at = _place(said, _words_of(name))
            if at is not None:
                return table.id, at
    return "", -1


def _place(said: Sequence[str], phrase: Sequence[str]) -> int | None:
    if not phrase:
        return None
    for at in range(len(said) - len(phrase) + 1):
        if _same(said[at], phrase[0]) and all(map(_same, said[at + 1 :], phrase[1:])):
            return at
    return None


def _same(typed: str, meant: str) -> bool:
    """Tell whether a word is meant, one slip of the fingers forgiven in a long one."""
    if typed == meant:
        return True
    if len(meant) < 6 or typed[:1] != meant[:1] or abs(len(typed) - len(meant)) > 1:  # noqa: PLR2004
        return False
    same = next((i for i, (a, b) in enumerate(zip(typed, meant, strict=False)) if a != b), None)
    if same is None:
        return True
    one, other = typed[same:], meant[same:]
    swapped = one[:2][::-1] == other[:2] and one[2:] == other[2:]
    return swapped or one[1:] == other[1:] or one[1:] == other or one == other[1:]


def _after_link(left: list[int], words: Sequence[str], said: Sequence[str]) -> list[int]:
    """Drop what is asked of a name, where that is no fact we know: "turnover of Contoso"."""
    for nth, at in enumerate(left):
        before = [a for a in left[:nth] if said[a] not in FILLERS | LINKS]
        if words[at] != said[at] or said[at] in name_words():
            return left
        if said[at] in LINKS and before:
            return left[nth:] if nth + 1 < len(left) else left
    return left


def _without(words: Sequence[str], said: Sequence[str], span: range, kind: int) -> list[str]:
    """Return the words of the name: what is left of the question without all that leads to it."""
    left = [at for at in range(len(words)) if at not in span]
    if kind >= 0 and kind in left and (left[0] == kind or said[left[0]] in FILLERS | LINKS):
        left.remove(kind)
    after = [at for at in left if span and at >= span.stop]
    if any(said[at] not in FILLERS | LINKS for at in after):
        left = after
    if not span:
        left = _after_link(left, words, said)
    linked = False
    while left and len(left) > 0:
        word = said[left[0]]
        if word in LINKS and linked and word == "van":
            break
        if word not in FILLERS and word not in LINKS:
            break
        linked = word in LINKS
        left = left[1:]
    while left and (said[left[-1]] in FILLERS or said[left[-1]] in LINKS):
        last = left[-1]
        if said[last] in ENDS and len(left) > 1 and (linked or words[last] != said[last]):
            break
        left = left[:-1]
    return [re.sub("['\u2019]s$", "", words[at]) if at == left[-1] else words[at] for at in left]
