"""The reminder: a question that is still open, once more and without blame, or not now."""

from dataclasses import dataclass, replace
from typing import Literal

from dialogs.buttons import command
from dialogs.card import Button, Card, Paragraph, Row, Tap
from dialogs.manners import StaleNote
from dialogs.pulse import aside, scale
from dialogs.reader import Reader
from dialogs.turns import Context, Step, Tapped, Turn
from nudges.delivery import Note
from nudges.pulse import PulseNote
from nudges.reminders import ReminderNote, occasions
from nudges.schedule import next_pulse


@dataclass(frozen=True, slots=True)
class LaterNote(Note):
    """What a reminder becomes when it does not suit: the question itself stays open."""

    card: Literal["later"] = "later"


def read(turn: Turn, context: Context) -> Step:
    """Take a "not now": no more reminders of this question."""
    note = context.message.note if context.message else None
    match turn, note:
        case Tapped(verb="reminder.later"), ReminderNote(pulse):
            person = context.person
            came = next(
                (
                    m.sent
                    for m in context.asking
                    if isinstance(m.note, PulseNote) and m.note.pulse == pulse
                ),
                None,
            )
            again = next_pulse(person, came or context.now)
            later = max(again, person.next_due or again)
            return Step(
                instead=LaterNote(),
                person=replace(person, next_due=later),
                cancel=occasions(pulse),
            )
        case _:
            return Step(show=(StaleNote(),))


def draw_reminder(note: ReminderNote, reader: Reader) -> Card:
    """Draw the question again, with a way to leave it."""
    speech, question = reader.speech, reader.library.bank[note.question]
    return Card(
        speech.line("reminder.title"),
        (
            Paragraph(speech("reminder.body")),
            Paragraph(speech.own(reader.library.wordings[question.id].text)),
            *scale(question, reader),
            Row(
                (
                    *aside(question, reader),
                    Button(speech.line("reminder.later"), Tap("reminder.later")),
                )
            ),
            Paragraph(speech("pulse.confidential"), muted=True),
        ),
    )


def draw_later(reader: Reader) -> Card:
    """Draw what stays of a reminder that did not suit."""
    speech = reader.speech
    return Card(
        speech.line("later.title"),
        (Paragraph(speech("later.body")), Row((command(speech, "pulse"),))),
    )
