"""Rumours in chat: "I heard that …", in one sentence or in a form, kept without its teller.

Whoever begins a message like that is never linked to it, also where the message might be an answer
to something else. In a channel nothing is kept: everybody there saw who said it.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from dialogs import commands
from dialogs.card import Button, Card, Form, Paragraph, Row, Tap, TextField
from dialogs.manners import StaleNote
from dialogs.reader import Reader
from dialogs.rumour_notes import (
    RumourCard,
    RumourForm,
    RumourKeptNote,
    RumourNote,
    RumourRefusedNote,
)
from dialogs.speech import catalogue, languages
from dialogs.turns import Context, Filled, Said, Step, Tapped, Turn
from nudges.rumours import TEXT, Heard, Trouble, trouble
from nudges.sensitive import masked, refused

FIELD, SENT, BACK = "rumour", "rumour.sent", "form.back"
BETWEEN = 4
"""Words that may stand between "I heard" and "that": from a colleague."""


def _held_back(text: str) -> Trouble | None:
    match refused(text):
        case "secret" | "account" as danger:
            return danger
        case _:
            return None


@dataclass(frozen=True, slots=True)
class Sieve:
    """What words go through before they are kept: what is left out, and what is not kept at all."""

    masked: Callable[[str], str] = masked
    refused: Callable[[str], Trouble | None] = _held_back


SIEVE = Sieve()
"""Where a rumour's words are looked at, and nowhere else."""


def told(text: str, sieve: Sieve = SIEVE) -> str:
    """Return the words to keep.

    Raises:
        RefusedError: they are not kept.

    """
    said = " ".join(text.split())
    if why := trouble(said) or sieve.refused(said):
        raise RefusedError(why, len(said))
    return sieve.masked(said)


class RefusedError(ValueError):
    """Words that are not kept as a rumour: why, and how long they are."""

    def __init__(self, why: Trouble, length: int) -> None:
        super().__init__(why)
        self.why: Trouble = why
        self.length = length


def tells(turn: Turn, _context: Context) -> bool:
    """Tell words that begin as a rumour does."""
    return isinstance(turn, Said) and _words(turn.text) is not None


def leaves(turn: Turn, _context: Context) -> bool:
    """Tell who closes the form: their card becomes the invitation again, whatever is kept of it."""
    return isinstance(turn, Tapped) and turn.verb == BACK and turn.choice == SENT


def asked(_turn: Turn, _context: Context) -> Step:
    """Offer the form to somebody who named rumours."""
    return Step(show=(RumourNote(),))


def read(turn: Turn, context: Context) -> Step:
    """Keep a rumour, or open the form for one."""
    match turn:
        case Said(text=text, private=private):
            words = _words(text)
            return _typed(words, context) if words and private else asked(turn, context)
        case Tapped(verb="rumour.open"):
            return Step(form=RumourForm())
        case Tapped(verb="form.back"):
            return Step(instead=RumourNote())
        case Filled(verb="rumour.sent", values=values):
            return _filled(values.get(FIELD, ""), context)
        case _:
            return Step(show=(StaleNote(),))


def _typed(words: str, context: Context) -> Step:
    try:
        heard = Heard(told(words), context.person.segment)
    except RefusedError as error:
        why = "long" if error.why == "empty" else error.why
        return Step(show=(RumourRefusedNote(why, error.length),))
    return Step(show=(RumourKeptNote(typed=True),), facts=(heard,))


def _filled(text: str, context: Context) -> Step:
    try:
        heard = Heard(told(text), context.person.segment)
    except RefusedError as error:
        filled = {"length": error.length, "most": TEXT}
        mistake = (FIELD, f"rumour.error.{error.why}", filled)
        return Step(form=RumourForm(), errors=(mistake,))
    return Step(instead=RumourKeptNote(), facts=(heard,))


def _words(text: str) -> str | None:
    """Return what somebody heard; empty if they only began, None if they say something else."""
    said = text.strip()
    if found := _whole().match(said):
        return found["heard"].strip()
    if found := _gap().match(said):
        return found["heard"].strip()
    first, colon, rest = said.partition(":")
    return rest.strip() if colon and commands.exactly(first) == "rumour" else None


@cache
def _whole() -> re.Pattern[str]:
    """Return how rumours begin, in every language, up to what was heard."""
    return re.compile(rf"\W*(?:{_any('begins')})(?!\w)[\s:,.…]*(?P<heard>.*)", _FLAGS)


@cache
def _gap() -> re.Pattern[str]:
    """Return how they begin with some words in between, or without "that"."""
    gap = rf"(?:\S+\s+){{0,{BETWEEN}}}?(?:{_any('that')})(?!\w)"
    after = f"(?={gap}|(?:{_any('next')})(?!\\w))"
    return re.compile(rf"\W*(?:{_any('heard')})\s+{after}(?P<heard>.*)", _FLAGS)


_FLAGS = re.IGNORECASE | re.DOTALL


def _any(which: str) -> str:
    """Return a pattern for any phrase of a kind, in every language, the longest first."""
    phrases = {
        phrase
        for language in languages()
        for phrase in catalogue(language).gettext(f"rumour.{which}").split(", ")
    }
    return "|".join(_pattern(one) for one in sorted(phrases, key=lambda one: (-len(one), one)))


def _pattern(phrase: str) -> str:
    return r"\s+".join(re.escape(word).replace("'", "['\u2019]?") for word in phrase.split())


def draw(note: RumourCard, reader: Reader) -> Card:
    """Draw what somebody is shown who tells a rumour."""
    match note:
        case RumourNote():
            return _invitation(reader)
        case RumourKeptNote():
            return _kept(note, reader)
        case RumourRefusedNote():
            return _refused(note, reader)


def _invitation(reader: Reader) -> Card:
    speech = reader.speech
    return Card(
        speech.line("rumour.title"),
        (
            Paragraph(speech("rumour.lead")),
            Row((Button(speech.line("rumour.open"), Tap("rumour.open"), "primary"),)),
            Paragraph(speech("rumour.who"), muted=True),
        ),
    )


def draw_form(reader: Reader) -> Form:
    """Draw the form."""
    speech = reader.speech
    field = TextField(
        FIELD,
        speech.line("rumour.label"),
        lines="many",
        required=True,
        hint=speech.line("rumour.hint"),
        longest=TEXT,
    )
    return Form(
        speech.line("rumour.title"),
        (field,),
        speech.line("button.send"),
        speech.line("button.cancel"),
        Tap(SENT),
    )


def _kept(note: RumourKeptNote, reader: Reader) -> Card:
    speech = reader.speech
    chat = (Paragraph(speech("rumour_kept.chat"), muted=True),) if note.typed else ()
    return Card(
        speech.line("rumour_kept.title"),
        (Paragraph(speech("rumour_kept.body")), Paragraph(speech("rumour_kept.next")), *chat),
    )


def _refused(note: RumourRefusedNote, reader: Reader) -> Card:
    speech = reader.speech
    said = speech(f"rumour.error.{note.why}", length=note.length, most=TEXT)
    return Card(speech.line("rumour_refused.title"), (Paragraph(said),))
