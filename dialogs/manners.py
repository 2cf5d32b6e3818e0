"""Kind words for what cannot be done: an old card, someone else's card, words we don't know."""

from dataclasses import dataclass
from typing import Literal

from dialogs.buttons import command
from dialogs.card import Card, Paragraph, Row
from dialogs.reader import Reader
from dialogs.turns import Context, Step, Turn
from nudges.delivery import Note


@dataclass(frozen=True, slots=True)
class StaleNote(Note):
    """The card they acted on is from an earlier moment, or was never theirs."""

    card: Literal["stale"] = "stale"


@dataclass(frozen=True, slots=True)
class LostNote(Note):
    """We did not understand, and offer what we can do."""

    card: Literal["lost"] = "lost"


@dataclass(frozen=True, slots=True)
class NoFilesNote(Note):
    """They sent a file, which we do not take; ``words`` says that there were words with it."""

    words: bool = False
    card: Literal["no_files"] = "no_files"


@dataclass(frozen=True, slots=True)
class SorryNote(Note):
    """Something on our side failed; nothing of theirs was lost."""

    card: Literal["sorry"] = "sorry"


def stale(_turn: Turn, _context: Context) -> Step:
    """Say that this card is no longer, or was never, theirs to press."""
    return Step(show=(StaleNote(),))


def gone() -> Step:
    """Say that what they acted on is not there, or not theirs."""
    return Step(show=(StaleNote(),))


def lost(_turn: Turn, _context: Context) -> Step:
    """Say that we did not understand."""
    return Step(show=(LostNote(),))


def back(_turn: Turn, context: Context) -> Step:
    """Leave a form: the message is the card again that it was."""
    return Step(instead=context.message.note if context.message else None)


def draw_stale(reader: Reader) -> Card:
    """Draw the kind no to an old or foreign card."""
    speech = reader.speech
    return Card(
        speech.line("stale.title"),
        (
            Paragraph(speech("stale.body")),
            Row((command(speech, "pulse"), command(speech, "help"))),
        ),
    )


def draw_lost(reader: Reader) -> Card:
    """Draw what we can do, for someone whose words we did not understand."""
    speech = reader.speech
    return Card(
        speech.line("lost.title"),
        (
            Paragraph(speech("lost.body")),
            Row(
                (
                    command(speech, "help", primary=True),
                    command(speech, "pulse"),
                    command(speech, "why"),
                    command(speech, "settings"),
                )
            ),
        ),
    )


def draw_no_files(note: NoFilesNote, reader: Reader) -> Card:
    """Draw that the file was not taken, and what to do instead."""
    speech = reader.speech
    how = "words" if note.words else "alone"
    return Card(speech.line("no_files.title"), (Paragraph(speech(f"no_files.{how}")),))


def draw_sorry(reader: Reader) -> Card:
    """Draw the apology for a fault on our side."""
    speech = reader.speech
    return Card(speech.line("sorry.title"), (Paragraph(speech("sorry.body")),))
