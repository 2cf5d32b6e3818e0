"""Wishes: what would make working with the CRM better, asked for in the first thirty days."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from dialogs.card import Button, Card, Form, Paragraph, Row, Tap, TextField
from dialogs.manners import StaleNote
from dialogs.reader import Reader
from dialogs.turns import Context, Filled, Remark, Step, Tapped, Turn
from nudges.delivery import Note
from nudges.moments import WishNote

ABOUT = "wish"
"""What a wish is kept about."""


@dataclass(frozen=True, slots=True)
class WishForm(Note):
    """The form with one wish."""

    card: Literal["wish_form"] = "wish_form"


@dataclass(frozen=True, slots=True)
class WishedNote(Note):
    """A wish was kept."""

    card: Literal["wished"] = "wished"


def asked(_turn: Turn, _context: Context) -> Step:
    """Offer the form to someone who has a wish."""
    return Step(show=(WishNote(),))


def read(turn: Turn, context: Context) -> Step:
    """Open the form, and keep what it brings."""
    note = context.message.note if context.message else None
    match turn, note:
        case Tapped(verb="wish.open"), WishNote():
            return Step(form=WishForm())
        case Filled(verb="wish.sent", values=values), WishNote():
            text = values.get("wish", "").strip()
            if not text:
                return Step(form=WishForm(), errors=(("wish", "wish.error.empty"),))
            remark = Remark(context.person.id, ABOUT, text, context.now)
            return Step(instead=WishedNote(), remarks=(remark,))
        case _:
            return Step(show=(StaleNote(),))


def draw_wish(note: WishNote, reader: Reader) -> Card:
    """Draw the invitation; one that we sent says until when."""
    speech = reader.speech
    until = speech.day(date.fromisoformat(note.until)) if note.until else ""
    return Card(
        speech.line("wish.title"),
        (
            Paragraph(speech("wish.window", until=until) if until else speech("wish.body")),
            Row((Button(speech.line("wish.open"), Tap("wish.open"), "primary"),)),
            Paragraph(speech("wish.who"), muted=True),
        ),
    )


def draw_wish_form(reader: Reader) -> Form:
    """Draw the form."""
    speech = reader.speech
    return Form(
        speech.line("wish.form"),
        (
            TextField(
                "wish",
                speech.line("wish.label"),
                lines="many",
                required=True,
                hint=speech.line("wish.hint"),
                longest=1000,
            ),
        ),
        speech.line("button.send"),
        speech.line("button.cancel"),
        Tap("wish.sent"),
    )


def draw_wished(reader: Reader) -> Card:
    """Draw what happens with a wish."""
    speech = reader.speech
    return Card(speech.line("wished.title"), (Paragraph(speech("wished.body")),))
