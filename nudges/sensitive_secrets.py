"""Passwords and keys in what somebody wrote.

A password is told by its shape where it is said to be one ("my password is ..."); talk about
passwords has no such shape. Keys of known services are told by how they begin, others by looking
random beside a word such as "token". No pattern here repeats without a bound or gives back.
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from nudges.sensitive_plain import Span, without_records

_FLAGS = re.IGNORECASE | re.ASCII
_PASSWORD = (
    r"pass ?(?:word|code|phrase)|passwd|pwd|pw|(?:wacht|pass?)woord|ww|wachtzin|pass|"  # noqa: S105 - words
    r"(?:toegangs|inlog|verificatie|beveiligings)code|(?:verification|access|login|security) code"
)
_SAID = re.compile(
    rf"(?<![a-z0-9])(?:(?P<pin>pin(?:[ -]?code)?)|(?P<word>{_PASSWORD}))[\"']?"
    # "for the CRM", "van mijn laptop": whose it is may stand between
    r"(?: (?:for|of|on|to|in|voor|van|op|bij)(?: (?!is |was )[\w-]{1,20}){1,4})?"
    r"(?P<link>\s{0,3}(?:(?:is|was|were|wordt|blijft|equals)(?: now| nu| still| nog)?(?= )"
    r"|[:=]|[-=]>)\s{0,3}|\s)(?P<quote>[\"'(]?)(?P<value>[^\s\"'•,;]{4,64})",
    _FLAGS,
)
_USED_AS = re.compile(
    r"(?<=\s)(?:as|als) (?:(?:the|my|our|a|het|mijn|ons|een) )?"
    r"(?:password|passcode|pin|pw|wachtwoord|pass?woord|pincode|ww)(?![a-z0-9])",
    _FLAGS,
)
_BEFORE = re.compile(r"(?P<quote>[\"'(]?)(?P<value>[^\s\"'•,;()]{4,64})[\"')]?\s$")
_COUNTED = re.compile(
    r"\d++(?:[-./:]\d++)*+(?:%|-[a-z]++(?:-[a-z]++)*+)?|\d{1,3}[a-z]{1,5}", _FLAGS
)
"""What looks like a password but counts something: 12-character, 90-day, 24/7, 2nd."""
_TALK: Final = """
    wrong correct incorrect right invalid valid unknown known gone lost missing weak strong
    short long longer hard easy simple difficult secret safe unsafe secure insecure public
    private shared there here different same fine okay good bad worse terrible stupid silly
    annoying ridiculous always never often again already still everywhere nowhere blank
    empty mandatory optional hopeless broken stuck stolen written hidden forgotten taken
    chosen given frozen case sensitive useless today tomorrow yesterday admin fout goed
    juist onjuist ongeldig geldig onbekend bekend kwijt zoek stuk weg leeg zwak sterk kort
    lang langer moeilijk makkelijk simpel lastig geheim veilig onveilig openbaar anders
    hetzelfde prima slecht slechter stom raar vervelend waardeloos belachelijk altijd nooit
    vaak alweer nog overal nergens verplicht nodig optioneel hopeloos gedoe vandaag morgen
    gisteren maandag hoofdlettergevoelig uniek persoonlijk gelijk verkeerd oud ouder nieuw
    nieuwer zinloos overbodig onzin ellende drama ramp probleem problem nightmare disaster
    pain nonsense
"""
"""Plain words that say something about a password."""
_TALKED: Final = frozenset(_TALK.split())
_ENDS = re.compile(
    r"(?:ge|ver|be|ont|her|on)[a-z]{1,60}(?:d|t|en)|[a-z]{1,60}(?:ed|ing|ly|ous|[ai]ble|less|ful|"
    r"loos|baar|lijke?|ig|end|isch)",
    _FLAGS,
)
"""The shape of words that say how a password is, not which."""
_CLOSED = re.compile(r"\s{0,3}(?:$|[.,;!?)\n\"'])")
_KNOWN = re.compile(
    r"(?<![A-Za-z0-9])(?:"
    r"(?:AKIA|ASIA)[A-Z0-9]{16}|gh[pousr]_[A-Za-z0-9]{30,255}|github_pat_\w{20,255}|"
    r"glpat-[\w-]{20,64}|npm_[A-Za-z0-9]{36}|xox[abeoprs]-[\w-]{10,255}|xapp-[\w-]{10,255}|"
    r"(?<!-)eyJ[\w-]{8,4000}+\.eyJ[\w-]{2,4000}+\.[\w-]{8,4000}+|AIza[\w-]{35}|ya29\.[\w-]{20,255}|"
    r"SG\.[\w-]{16,32}\.[\w-]{16,64}|(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{16,128}|"
    r"[\w~.]{3}\dQ~[\w~.-]{31,34}|"
    r"hooks\.slack\.com/services/[A-Z0-9]{6,16}/[A-Z0-9]{6,16}/[A-Za-z0-9]{16,32})",
    re.ASCII,
)
_GIVEN = re.compile(
    r"(?<![a-z0-9])(?:sig|signature|access_token|refresh_token|client_secret|api_?key|accountkey|"
    r"sharedaccesskey)=(?P<value>[^\s&;\"'•]{16,512})"
    r"|://[^\s/:@]{1,64}:(?P<user>[^\s/@•]{3,128})@"
    r"|(?<![a-z0-9])(?:api[ _-]?(?:key|sleutel)|client[ _-]?secret|clientgeheim)\s?(?:is|[:=])\s?"
    r"(?P<record>[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})",
    _FLAGS,
)
_PLACEHOLDERS: Final = frozenset({"password", "pass", "pwd", "pw", "wachtwoord", "secret", "xxx"})
"""What examples have in the place of a password."""
_PEM = re.compile(r"-{1,5}BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-{1,5}")
_PEM_END = re.compile(r"-{1,5}END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-{1,5}")
_PEM_BODY = re.compile(r"[\w+/=\s:,\\-]{0,8000}+", re.ASCII)
_RUN = re.compile(r"(?<![\w+/~.-])[\w+/~.-]{20,512}+={0,2}", re.ASCII)
_KEY_WORD = re.compile(
    r"(?:keys?|tokens?|secrets?|sleutels?|geheim|credentials?|bearer|basic)(?![a-z])", _FLAGS
)
_NEAR = 60
"""So far before a random string, in letters, stands the word that makes it a key."""
_SHORTEST = 5
_MIXED = 0.36
"""Of two neighbours in a random string at least this part are of different kinds of letters."""


def secrets(text: str) -> Iterator[Span]:
    """Yield where passwords and keys stand in plain text."""
    for said in _SAID.finditer(text):
        if _is_password(said, text):
            yield _value(said)
    for used in _USED_AS.finditer(text):
        before = _BEFORE.search(text, max(0, used.start() - 70), used.start())
        if before and (before["quote"] or _strong(before["value"])):
            yield before.span("value")
    yield from (known.span() for known in _KNOWN.finditer(text))
    for given in _GIVEN.finditer(text):
        if given[str(given.lastgroup)].casefold() not in _PLACEHOLDERS:
            yield given.span(str(given.lastgroup))
    yield from _private_keys(text)
    for run in _RUN.finditer(without_records(text)):
        near = text[max(0, run.start() - _NEAR) : run.start()]
        if _random(run[0]) and _KEY_WORD.search(near):
            yield run.span()


def _value(said: re.Match[str]) -> Span:
    start, end = said.span("value")
    return start, start + len(said["value"].rstrip(".)]")) or end


def _is_password(said: re.Match[str], text: str) -> bool:
    value = said["value"].rstrip(".)]!?")
    link = said["link"].strip()
    if value.isdigit():
        # "pass 2026" counts something; a number is a password only where it is said to be one
        return bool(link) and len(value) <= 12  # noqa: PLR2004 - no longer code is typed by hand
    if said["pin"]:
        return False
    if not link:
        return _strong(value) and not said["value"].rstrip(".)]:").isalnum()
    if _strong(value):
        return True
    if said["quote"] and said["quote"] != "(":
        return _ordinary(value)
    spoken = link[0].isalpha() and bool(_CLOSED.match(text, said.end("value")))
    closed = spoken or said["value"][-1] in ".!?"
    return link[0].isalpha() and closed and _ordinary(value)


def _ordinary(value: str) -> bool:
    """Say whether a plain word could be a password, and does not say how the password is."""
    word = value.casefold()
    return (
        len(value) >= _SHORTEST
        and value.isalpha()
        and word not in _TALKED
        and not _ENDS.fullmatch(word)
    )


def _strong(value: str) -> bool:
    """Say whether something looks chosen: letters with figures or signs, or oddly mixed."""
    value = value.rstrip(".)]:")
    if len(value) < 4 or "://" in value or _COUNTED.fullmatch(value):  # noqa: PLR2004 - as in _SAID
        return False
    kinds = {_kind(letter) for letter in value}
    if "digit" in kinds:
        return len(kinds) > 1
    inner = value.strip("!?")
    return any(not c.isalnum() and c not in "-/._()'" for c in inner) and any(
        c.isalpha() for c in inner
    )


def _kind(letter: str) -> str:
    if letter.isdigit():
        return "digit"
    if letter.isalpha():
        return "upper" if letter.isupper() else "lower"
    return "sign"


def _private_keys(text: str) -> Iterator[Span]:
    at = 0
    while begin := _PEM.search(text, at):
        closed = _PEM_END.search(text, begin.end(), begin.end() + 8000)
        body = _PEM_BODY.match(text, begin.end())
        at = closed.end() if closed else body.end() if body else begin.end()
        yield begin.start(), at


def _random(run: str) -> bool:
    """Say whether a long string looks made by chance, not put together from words and numbers."""
    longest = max(re.split(r"[-_./~+]", run.rstrip("=")), key=len)
    if len(longest) < 16:  # noqa: PLR2004 - shorter pieces are codes and words
        return False
    kinds = [_kind(letter) for letter in longest]
    changes = sum(a != b for a, b in pairwise(kinds))
    return "digit" in kinds and len(set(longest)) >= 10 and changes >= _MIXED * len(longest)  # noqa: PLR2004
