"""How a rule about an audience is read and written: ``segment is sales and language is nl``.

``or`` binds weaker than ``and``, ``not`` binds strongest, brackets decide. English and Dutch words
may be mixed; what is kept is always the same text for the same rule. A wrong rule is refused with
the place, what was expected there, and the word that was probably meant.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import assert_never

from nudges import audience_words as words
from nudges.audience import (
    DEEPEST,
    EVERYONE,
    MOST_LEAVES,
    MOST_LOOKED_UP,
    And,
    Everyone,
    Field,
    Group,
    In,
    Is,
    Not,
    Or,
    Rule,
    groups_in,
    leaves,
)
from nudges.audience_words import Word
from nudges.people import Language

LONGEST = 2000
"""Characters in a rule."""
MOST_BRACKETS = 2 * DEEPEST
"""How deep brackets may nest: what we write has at most one pair more than the rule is deep."""
SPACES = "\t\n\r\xa0"
"""What people paste between words, beside spaces."""
QUOTES = {'"': '"', "\u201c": "\u201d\u201c", "\u201d": "\u201d", "\u201e": "\u201d\u201c"}
"""The quotation marks that begin a value, and those that end it then."""
SHOWN = 40
_LOOKED_UP = frozenset({Field.ROLE, Field.RECEIVED})
"""What a person may have several of, so that a database looks it up for each rule that asks."""
_BARE = r'[^\s(),"\\\u201c\u201d\u201e]+'
_TOKEN = re.compile(rf'\s+|[(),]|["\u201c\u201d\u201e]|{_BARE}|.', re.DOTALL)
_IS_BARE = re.compile(_BARE)
_NUMBER = re.compile(r"[1-9][0-9]{0,8}")
"""How the number of a broadcast is written: as it was printed, so that it has one text."""


class RuleError(ValueError):
    """A rule that cannot be read; the message says where, and what was expected there.

    Attributes:
        at: the place, counted in characters from 1.
        why: what is wrong there.
        meant: the word that was probably meant, or nothing.

    """

    def __init__(self, at: int, why: str, meant: str = "") -> None:
        hint = f' Did you mean "{meant}"?' if meant else ""
        super().__init__(f"At character {at}: {why}.{hint}")
        self.at, self.why, self.meant = at, why, meant


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a rule, and where it stands."""

    at: int
    text: str
    quoted: bool = False

    @property
    def word(self) -> str:
        """Return it as a word of the language could be written; nothing if it is in quotes."""
        return "" if self.quoted else self.text.casefold()

    @property
    def value(self) -> bool:
        """Say whether it can be a value at all."""
        return self.quoted or self.text not in {"(", ")", ",", ""}


def parse(text: str) -> Rule:
    """Read a rule.

    Raises:
        RuleError: it cannot be read; the message says where, and what was expected there.

    """
    if len(text) > LONGEST:
        raise RuleError(LONGEST + 1, f"a rule has at most {LONGEST:,} characters")
    reading = _Reading(_tokens(text))
    rule = reading.alternatives(0)
    if reading.next.text or reading.next.quoted:
        reading.refuse("and, or, or the end of the rule", ("and", "or", "en", "of"))
    _bounded(rule, reading.next.at)
    return rule


def written(rule: Rule, language: Language = "en") -> str:
    """Write a rule; in the same language, the same rule has one text."""
    return _written(rule, words.LANGUAGES.index(language), inside=False)


def _tokens(text: str) -> list[Token]:
    found: list[Token] = []
    at = 0
    for place, sign in enumerate(text):
        if not sign.isprintable() and sign not in SPACES:
            message = f"there is a sign that cannot be seen (U+{ord(sign):04X}); leave it out"
            raise RuleError(place + 1, message)
    while at < len(text):
        match = _TOKEN.match(text, at)
        assert match is not None  # noqa: S101 - the last alternative takes any sign
        piece = match.group()
        if piece in QUOTES:
            value, end = _quoted(text, at)
            found.append(Token(at + 1, value, quoted=True))
        elif piece == "\\":
            raise RuleError(at + 1, r"\ stands only between quotation marks")
        else:
            end = match.end()
            if not piece.isspace():
                found.append(Token(at + 1, piece))
        at = end
    return [*found, Token(len(text) + 1, "")]


def _quoted(text: str, start: int) -> tuple[str, int]:
    """Return what stands between quotation marks, and where it ends."""
    ends, value, at = QUOTES[text[start]], list[str](), start + 1
    while at < len(text) and text[at] not in ends:
        at += text[at] == "\\"
        value += text[at : at + 1]
        at += 1
    if at >= len(text):
        raise RuleError(start + 1, "the quotation mark that begins here is never closed")
    if not "".join(value).strip():
        raise RuleError(start + 1, "there is nothing between the quotation marks")
    if any(sign in SPACES for sign in value):
        raise RuleError(start + 1, "a value stands on one line, with plain spaces")
    return "".join(value), at + 1


class _Reading:
    """A rule that is being read, from its first word to its last."""

    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._at = 0

    @property
    def next(self) -> Token:
        return self._tokens[self._at]

    @property
    def after(self) -> Token:
        return self._tokens[min(self._at + 1, len(self._tokens) - 1)]

    def take(self) -> Token:
        token = self.next
        self._at += token is not self._tokens[-1]
        return token

    def took(self, *wanted: Word) -> bool:
        """Take the next word if it is one of these."""
        found = words.READ_WORDS.get(self.next.word) in wanted
        self._at += found
        return found

    def took_sign(self, sign: str) -> bool:
        """Take the next sign if it is this one."""
        found = self.next.word == sign
        self._at += found
        return found

    def refuse(self, expected: str, near: Iterable[str]) -> None:
        raise RuleError(
            self.next.at, f"{_shown(self.next)}; expected {expected}", _nearest(self.next, near)
        )

    def alternatives(self, depth: int) -> Rule:
        rules = [self.together(depth)]
        while self.took(Word.OR):
            rules.append(self.together(depth))
        return Or(tuple(rules)) if len(rules) > 1 else rules[0]

    def together(self, depth: int) -> Rule:
        rules = [self.one(depth)]
        while self.took(Word.AND):
            rules.append(self.one(depth))
        return And(tuple(rules)) if len(rules) > 1 else rules[0]

    def one(self, depth: int) -> Rule:
        if depth > MOST_BRACKETS:
            raise RuleError(self.next.at, "brackets and not nest too deep here")
        if self.took(Word.NOT):
            return Not(self.one(depth + 1))
        opened = self.next
        if self.took_sign("("):
            rule = self.alternatives(depth + 1)
            if not self.took_sign(")"):
                message = f'and, or, or the ")" of the bracket at character {opened.at}'
                self.refuse(message, ("and", "or", "en", "of"))
            return rule
        if self.took(Word.EVERYONE):
            return EVERYONE
        return self.field() if self.next.word in words.READ_FIELDS else self.group()

    def group(self) -> Rule:
        person = self.took(Word.PERSON)
        negated = person and self.took(Word.NOT)
        if not self.took(Word.IN):
            expected = (
                "in" if person else f"a rule, such as {', '.join(words.FIELDS)}, in or everyone"
            )
            self.refuse(expected, ("in",) if person else {**words.READ_FIELDS, **words.READ_WORDS})
        for spelled, kind in words.READ_GROUPS.items():
            ahead = self._tokens[self._at : self._at + len(spelled)]
            if tuple(token.word for token in ahead) == spelled:
                self._at += len(spelled)
                found = In(Group(kind, self.value("the name or id of the group").text))
                return Not(found) if negated else found
        known = [" ".join(spelled) for spelled in words.READ_GROUPS]
        self.refuse(", ".join(both[0] for both in words.GROUPS.values()), known)
        raise AssertionError

    def field(self) -> Rule:
        field = words.READ_FIELDS[self.take().word]
        if not self.took(Word.IS):
            self.refuse("is", ("is",))
        negated = self.took(Word.NOT)
        values = [self.of(field)]
        while self.next.word == "," or self.value_follows():
            self.take()
            values.append(self.of(field))
        rule = Is(field, tuple(values))
        return Not(rule) if negated else rule

    def value_follows(self) -> bool:
        """Say whether ``or`` goes on with a value; else a new rule begins after it."""
        if words.READ_WORDS.get(self.next.word) is not Word.OR:
            return False
        then = self.after
        later = self._tokens[min(self._at + 2, len(self._tokens) - 1)]
        begins = then.word in words.RESERVED - {"en"} or not then.value
        return not begins and words.READ_WORDS.get(later.word) is not Word.IS

    def of(self, field: Field) -> str:
        """Take a value of a field, as it is kept."""
        known = words.READ_VALUES.get(field)
        expected = f"a {field}" if known is None else _listed(field)
        if field is Field.RECEIVED:
            return self.number()
        token = self.value(expected, words.CODES.get(field, frozenset()))
        if known is not None:
            if token.text.casefold() not in known:
                self._at -= 1
                self.refuse(_listed(field), known)
            return known[token.text.casefold()]
        if field is Field.REGION:
            return token.text.upper()
        return token.text.lower() if field is Field.LANGUAGE else token.text

    def number(self) -> str:
        """Take the number of a broadcast."""
        expected = "the number of a broadcast, such as 7"
        token = self.value(expected)
        if not _NUMBER.fullmatch(token.text):
            self._at -= 1
            self.refuse(expected, ())
        return token.text

    def value(self, expected: str, codes: frozenset[str] = frozenset()) -> Token:
        token = self.next
        if not token.value:
            self.refuse(expected, ())
        if token.word in words.RESERVED - {"en"} - codes:
            why = f'"{token.text}" is a word of the rule; as a value it stands in quotation marks'
            raise RuleError(token.at, why)
        return self.take()


def _listed(field: Field) -> str:
    return f"one of {', '.join(both[0] for both in words.VALUES[field].values())}"


def _shown(token: Token) -> str:
    if not token.text:
        return "the rule ends here"
    cut = token.text if len(token.text) <= SHOWN else f"{token.text[:SHOWN]}…"
    return f'"{cut}" is not understood'


def _nearest(token: Token, known: Iterable[str]) -> str:
    found = get_close_matches(token.text[:SHOWN].casefold(), list(known), 1) if token.text else []
    return next(iter(found), "")


def _bounded(rule: Rule, end: int) -> None:
    """Refuse a rule that is more than anybody means, and more than a database likes."""
    parts = list(leaves(rule))
    many = sum(len(part.values) if isinstance(part, Is) else 1 for part in parts)
    if many > MOST_LEAVES:
        raise RuleError(end, f"a rule names at most {MOST_LEAVES} values; this one has {many}")
    once = {part for part in parts if isinstance(part, Is) and part.field in _LOOKED_UP}
    looked_up = len(groups_in(rule)) + len(once)
    if looked_up > MOST_LOOKED_UP:
        message = f"a rule names at most {MOST_LOOKED_UP} groups, roles and receipts"
        raise RuleError(end, f"{message}; this one has {looked_up}")
    if _depth(rule) > DEEPEST:
        raise RuleError(end, f"a rule nests at most {DEEPEST} deep")
    if any(len(written(rule, language)) > LONGEST for language in words.LANGUAGES):
        raise RuleError(end, f"written out in full, this has more than {LONGEST:,} characters")


def _depth(rule: Rule) -> int:
    match rule:
        case Everyone() | Is() | In():
            return 0
        case Not(inner):
            return 1 + _depth(inner)
        case And(rules) | Or(rules):
            return 1 + max(_depth(one) for one in rules)
        case _:
            assert_never(rule)


def _written(rule: Rule, language: int, *, inside: bool) -> str:
    """Write a rule; ``inside`` another one, what could be read in two ways gets brackets."""

    def say(word: Word) -> str:
        return words.WORDS[word][language]

    match rule:
        case Everyone():
            return say(Word.EVERYONE)
        case Is(field, values):
            return _written_is(field, values, language, "", inside=inside)
        case Not(Is(field, values)):
            return _written_is(field, values, language, f"{say(Word.NOT)} ", inside=inside)
        case In(group):
            return f"{say(Word.IN)} {words.GROUPS[group.kind][language]} {_value(group.name)}"
        case Not(inner):
            return f"{say(Word.NOT)} {_written(inner, language, inside=True)}"
        case And(rules) | Or(rules):
            joint = f" {say(Word.AND if isinstance(rule, And) else Word.OR)} "
            text = joint.join(_written(one, language, inside=True) for one in rules)
            return f"({text})" if inside else text
        case _:
            assert_never(rule)


def _written_is(
    field: Field, values: tuple[str, ...], language: int, negated: str, *, inside: bool
) -> str:
    known = words.VALUES.get(field)
    *first, last = [_value(known[value][language] if known else value) for value in values]
    listed = f"{', '.join(first)} {words.WORDS[Word.OR][language]} {last}" if first else last
    text = f"{words.FIELDS[field][language]} {words.WORDS[Word.IS][language]} {negated}{listed}"
    return f"({text})" if inside and first else text


def _value(text: str) -> str:
    if _IS_BARE.fullmatch(text) and text.casefold() not in words.RESERVED - {"en"}:
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
