"""The day it starts: a word from the sponsor to everybody whose day it is."""

from datetime import date

from dialogs.buttons import command
from dialogs.card import Card, Paragraph, Row
from dialogs.reader import Reader
from dialogs.rich import Rich, Span
from nudges.moments import CelebrationNote

PARAGRAPHS = 8
"""A celebration is a card, no letter."""


def draw_celebration(note: CelebrationNote, reader: Reader) -> Card:
    """Draw the sponsor's own words where they are written in this language, else ours."""
    speech, segment = reader.speech, reader.programme.segment(note.segment)
    own = segment.celebration.get(speech.language, "").strip()
    day = speech.day(date.fromisoformat(note.day))
    said: list[Rich] = [speech("celebrate.body", day=day)]
    if own:
        texts = [" ".join(text.split()) for text in own.split("\n\n") if text.strip()]
        said = [speech.own({speech.language: text}) for text in texts[:PARAGRAPHS]]
    sender = segment.sponsor.strip() or speech.own_line(reader.programme.name)
    return Card(
        speech.line("celebrate.title"),
        (
            *(Paragraph(text) for text in said),
            Paragraph((Span(sender or reader.programme.crm, bold=True),)),
            Row((command(speech, "why"), command(speech, "roadmap"))),
        ),
    )
