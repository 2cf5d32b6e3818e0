"""Insults, slurs and threats in what somebody wrote, in English and in Dutch.

Whole words alone are looked at, so that Scunthorpe and kankeronderzoek stay as they are. People
write around such lists with figures, stars, blanks and long-drawn letters; where that is cheap to
undo it is undone.
"""

import re
from collections.abc import Iterator
from itertools import chain
from typing import Final

from nudges.abuse_words import (
    BESIDE_PEOPLE,
    CROWDS,
    ENDINGS,
    HEADS,
    ILL_TAILS,
    NAMES,
    NOT_MEANT,
    ODD_FORMS,
    PEOPLE,
    TAILS,
    WORDS,
)
from nudges.people import Language
from nudges.sensitive_plain import Span, without_records

_FLAGS = re.IGNORECASE | re.ASCII
_LEET = str.maketrans("013457@$!", "oieastasi")
_WORD = re.compile(r"(?<![\w@$*])[a-z@$][a-z0-9@$!*]{1,30}+", _FLAGS)
_SPACED = re.compile(r"(?<![\w'-])(?<!\b\w[ ._*-])[a-z](?:[ ._*-][a-z](?![\w'])){2,20}+", _FLAGS)
_DRAWN = re.compile(r"(.)\1{2,}+")
_CLOSE = r"(?=\s{0,3}(?:$|[.,;:!?)\"'\n]))"
_ONE = (
    "(?:you|u|him|her|them|whoever|(?:my|your|our|the|this|that) "
    "(?:boss|manager|person|people|man|guy|colleague)s?)"
)
_WANTS = (
    "i(?:'?ll| will| shall|'?m going to| am going to|'?m gonna| am gonna| want to| wanna|"
    "'?d like to)(?: (?:fucking|personally|really|just)){0,2}"
)
_YOUD = "you(?:'?ll| will|'?re going to| are going to|'?re gonna)"
_JE = "(?:je|jou|jullie|hem|haar|hen|ze|u|(?:die|mijn|de|onze) [a-z-]{3,20})"
_JOU = "(?:je|jou|jullie|u)"
_JIJ = "(?:je|jij|jullie|u|hij|ze|zij)"
_SOON = "(?: (?:nog|straks|morgen|echt|wel|gewoon|eens|een keer)){0,2}"
_DEEDS = (
    "(?:vermoorden|dood(?:maken|slaan|schieten|steken)|neer(?:schieten|steken)|kapotmaken|"
    "(?:in elkaar|verrot) slaan|wurgen|ophangen|wat aandoen)"
)
_BEGINS = (
    "i|someone|somebody|they|we|you|watch|go|kill|drop|screw|ik|pas|je|jij|jullie|u|hij|ze|zij|"
    "iemand|krijg|flikker|rot|sodemieter|donder|tyf|val|houd?|tief|pleur|piss"
)
"""How threats begin: looked at first, because most words are none of these."""
_THREATS = (
    rf"{_WANTS} (?:kill|murder|strangle|stab|hurt|destroy|ruin) {_ONE}\b",
    rf"{_WANTS} shoot {_ONE}\b(?! (?:an?|over|the|some|that|this|it|later|down|my|your)\b)",
    rf"{_WANTS} beat {_ONE} (?:up|to death|senseless|black)\b",
    rf"{_WANTS} burn (?:the|this|your) (?:office|building|place|house)\b",
    (
        r"(?:someone|somebody|they|we) (?:should|ought to|must|has to|needs? to) "
        r"(?:kill|shoot|murder|hang|stab|strangle) "
        r"(?:you|him|her|them|the|these|those|whoever|my)"
        r"(?= (?!record|job|process|view|report|duplicate))"
    ),
    r"i know where (?:you|he|she|they|your kids|your family) lives?\b",
    r"(?:you(?:'?d)? (?:had )?better )?watch your back\b",
    rf"{_YOUD} (?:regret|pay for) this\b",
    rf"you(?:'?re| are) (?:a )?dead (?:man|meat|woman)\b|you'?re dead{_CLOSE}",
    rf"(?:go )?kill yourself\b|drop dead{_CLOSE}|go to hell\b|screw you\b|piss off\b",
    rf"ik (?:maak|sla|schop|trap|ram|beuk) {_JE}{_SOON} (?:dood|kapot|in elkaar|verrot|kreupel)\b",
    rf"ik maak {_JOU}{_SOON} af{_CLOSE}",
    rf"ik (?:schiet|steek) {_JE}{_SOON} (?:neer|dood|overhoop)\b",
    rf"ik (?:ga|zal|kom|wil) {_JE}{_SOON} {_DEEDS}\b",
    rf"ik (?:ga|zal|kom) {_JOU}{_SOON} afmaken\b",
    rf"ik (?:vermoord|wurg) {_JE}\b",
    rf"ik weet (?:heus |wel |ook |precies ){{0,2}}waar {_JIJ}(?: huis)? woon(?:t|en)?\b",
    rf"ik weet {_JOU} (?:wel |heus )?te vinden\b|pas maar op je tellen\b",
    rf"{_JIJ} (?:gaat|gaan) eraan{_CLOSE}",
    rf"{_JIJ} (?:zult|zal|zullen|gaat|gaan) (?:hier|er|daar) ?voor (?:nog )?(?:boeten|bloeden)\b",
    rf"{_JIJ} (?:krijgt|gaat|zult|gaan|zullen) hier(?: nog)? spijt van\b",
    rf"(?:iemand|ze) (?:moet|moeten|zou|zouden) [a-z]{{2,10}}(?: [a-z-]{{2,20}}){{0,4}} {_DEEDS}\b",
    (
        r"krijg (?:toch |nou |allemaal |lekker )?(?:de )?"
        r"(?:tering|tyfus|kanker|pest|pleuris|klere|kolere|pokken)\b"
    ),
    (
        rf"(?:flikker|rot|sodemieter|donder|tyf|tief|pleur) (?:toch |nou )?(?:een eind )?op"
        rf"(?:(?= (?:met|naar|hier|jij|joh|man)\b)|{_CLOSE})"
    ),
    rf"val (?:toch |lekker )?dood{_CLOSE}|houd? (?:je|jullie) (?:bek|smoel|kop)\b",
)
_THREAT: Final = re.compile(rf"\b(?=(?:{_BEGINS})\b)(?:{'|'.join(_THREATS)})", _FLAGS)
"""A threat, or a curse of several words, whole."""


def _either(words: str) -> str:
    return "|".join(map(re.escape, words.split()))


_BESIDE: Final = re.compile(
    rf"\b(?P<en>{_either(BESIDE_PEOPLE['en'])})(?=,? (?:{_either(PEOPLE['en'])})\b)"
    rf"|\b(?P<nl>{_either(BESIDE_PEOPLE['nl'])})(?=,? (?:{_either(PEOPLE['nl'])})\b)"
    r"|\byou(?: all| people|'re)?(?: are)?(?: all| so| really| just| too| fucking){0,2} "
    rf"(?P<you>{_either(BESIDE_PEOPLE['en'])})\b(?! questions?)"
    r"|\b(?:jij|je|jullie|u) (?:bent|zijn|ben)(?: allemaal| zo| echt| gewoon| te| ook){0,2} "
    rf"(?P<jij>{_either(BESIDE_PEOPLE['nl'])}){_CLOSE}"
    r"|\b(?:you are|you're|(?:he|she)(?: is|'s)) (?:an?|such an?) (?:[a-z]{2,12} )?"
    rf"(?P<name>{_either(NAMES['en'])}){_CLOSE}"
    r"|\b(?:jij|je|u|hij|zij|ze) (?:bent|is) (?:echt |gewoon )?een (?:[a-z]{2,12} )?"
    rf"(?P<naam>{_either(NAMES['nl'])}){_CLOSE}"
    r"|\b(?:those|these|bunch of|pack of|you) "
    rf"(?P<names>{_either(CROWDS['en'])})\b"
    r"|\b(?:stelletje|jullie|bende|zootje) "
    rf"(?P<namen>{_either(CROWDS['nl'])})\b",
    _FLAGS,
)
_IDIOOT = re.compile(
    r"(?<![\w-])idioot(?=\s{0,3}(?:$|[.,;:!?)\"'\n])"
    r"| (?:is|van|die|heeft|bent|zegt|en|of|in|op|uit|met|was|dat|maar|ook)\b)",
    _FLAGS,
)
"""Before another word it says "very": idioot veel velden."""
_PROOF = re.compile(r"[ -]?(?:proof|light|bestendig|lamp)", _FLAGS)


def _forms(language: Language) -> set[str]:
    stems = WORDS[language].split()
    made = {f"{stem}{ending}" for stem in stems if "-" not in stem for ending in ENDINGS[language]}
    # in English a last letter doubles: slut, slutty
    made |= {f"{stem}{stem[-1]}{end}" for stem in stems for end in ("ed", "ing", "er", "ers", "y")}
    return made | {*ODD_FORMS[language].split()}


_SEVERAL: Final = re.compile(
    r"(?<![\w-])(?:"
    + "|".join(
        word.replace("-", "[ -]?")
        for word in chain.from_iterable(words.split() for words in WORDS.values())
        if "-" in word
    )
    + r")s?(?![\w-])",
    _FLAGS,
)
KNOWN: Final[frozenset[str]] = frozenset(
    _forms("en")
    | _forms("nl")
    | {head + tail for head in HEADS.split() for tail in TAILS.split()}
    | {f"kanker{tail}" for tail in ILL_TAILS.split()}
) - (NOT_MEANT | {"idioot"})
STARRED: Final[frozenset[str]] = frozenset(
    chain.from_iterable(
        (
            f"{word[0]}{'*' * (len(word) - 2)}{word[-1]}",
            *(f"{word[:at]}*{word[at + 1 :]}" for at in range(1, len(word) - 1)),
        )
        for word in KNOWN
        if len(word) > 2  # noqa: PLR2004 - a first and a last letter, and what is hidden between
    )
)


def abuse(text: str) -> Iterator[Span]:
    """Yield where insults, slurs and threats stand in plain text."""
    text = without_records(text)
    for one in _WORD.finditer(text):
        word = one[0].rstrip("!*@$")
        if _is_abuse(word) and not (
            word.casefold() == "idiot" and _PROOF.match(text, one.start() + len(word))
        ):
            yield one.start(), one.start() + len(word)
    for one in _SPACED.finditer(text):
        if re.sub(r"[^A-Za-z]", "", one[0]).casefold() in KNOWN:
            yield one.span()
    yield from (one.span() for one in _SEVERAL.finditer(text))
    yield from (one.span() for one in _IDIOOT.finditer(text))
    yield from (one.span() for one in _THREAT.finditer(text))
    for one in _BESIDE.finditer(text):
        yield one.span(str(one.lastgroup))


def _is_abuse(word: str) -> bool:
    word = word.casefold()
    if word.isalpha():
        return word in KNOWN or (bool(_DRAWN.search(word)) and _shortened(word))
    if "*" in word:
        return word in STARRED
    # a product code such as SH17 is no word: most of one are letters
    if 3 * sum(map(str.isalpha, word)) < 2 * len(word):
        return False
    return word.translate(_LEET) in KNOWN


def _shortened(word: str) -> bool:
    return _DRAWN.sub(r"\1", word) in KNOWN or _DRAWN.sub(r"\1\1", word) in KNOWN
