"""Wishes in the first thirty days: we ask what would make working with the CRM better."""

from datetime import date

from dialogs.card import Card, Paragraph, Row
from dialogs.raising import open_button
from dialogs.reader import Reader
from nudges.moments import WishNote


def draw_wish(note: WishNote, reader: Reader) -> Card:
    """Draw the invitation, and until when we ask."""
    speech = reader.speech
    until = speech.day(date.fromisoformat(note.until)) if note.until else ""
    return Card(
        speech.line("wish.title"),
        (
            Paragraph(speech("wish.window", until=until)),
            Row((open_button("wish", speech, primary=True),)),
            Paragraph(speech("raise.who"), muted=True),
        ),
    )
