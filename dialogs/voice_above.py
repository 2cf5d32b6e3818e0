"""What many people raised: a sponsor is told, answers, or lets it come back to the CRM team."""

from dataclasses import dataclass, replace
from typing import Literal

from dialogs.card import (
    Block,
    Button,
    Card,
    Form,
    Paragraph,
    Row,
    Tap,
    TextField,
)
from dialogs.manners import gone
from dialogs.reader import Reader
from dialogs.turns import Context, Filled, Step, Tapped, Turn
from dialogs.voice_item import called, unsayable
from nudges.delivery import Note
from nudges.group import band
from nudges.release import FLOOR
from nudges.roles import Role
from nudges.voice import (
    WHY,
    Ruled,
)
from nudges.voice_notes import AboveNote, AnsweredBackNote, BackNote


@dataclass(frozen=True, slots=True)
class RuleForm(Note):
    """What a sponsor does about something."""

    number: int
    card: Literal["voice_rule_form"] = "voice_rule_form"


def above(turn: Turn, context: Context) -> Step:
    """Take what a sponsor says about something that many people raised."""
    note = context.message.note if context.message else None
    if not isinstance(note, AboveNote) or Role.SPONSOR not in context.person.roles:
        return gone()
    match turn:
        case Tapped(verb="above.answer") if not note.said:
            return Step(form=RuleForm(note.number))
        case Filled(verb="above.answered", values=values) if not note.said:
            words = values.get("words", "").strip()
            if wrong := unsayable(words):
                return Step(form=RuleForm(note.number), errors=(wrong,))
            then = replace(note, said=True)
            return Step(instead=then, facts=(Ruled(note.number, words),))
        case _:
            return gone()


def draw_above(note: AboveNote, reader: Reader, context: Context) -> Card:
    """Draw what many people raised, without the words of any of them."""
    speech, item = reader.speech, context.voices.items.get(note.number)
    title = speech.line("voice.above.title")
    if item is None:
        return Card(title, (Paragraph(speech("voice.gone")),))
    people = band(max(item.people, FLOOR))
    blocks: list[Block] = [
        Paragraph(speech("voice.above.body", band=people, what=called(item, speech)))
    ]
    if item.state not in {"new", "taken"}:
        blocks.append(Paragraph(speech("voice.above.over")))
    elif note.said or item.ruling:
        blocks.append(Paragraph(speech("voice.above.said", words=item.ruling)))
    else:
        blocks += [
            Paragraph(speech("voice.above.asks")),
            Row((Button(speech.line("voice.above.answer"), Tap("above.answer"), "primary"),)),
        ]
    return Card(title, (*blocks, Paragraph(speech("voice.above.private"), muted=True)))


def draw_rule_form(_note: RuleForm, reader: Reader) -> Form:
    """Draw the form for a sponsor's answer."""
    speech = reader.speech
    field = TextField(
        "words", speech.line("voice.field.rule"), lines="many", required=True, longest=WHY
    )
    return Form(
        speech.line("voice.form.rule"),
        (field,),
        speech.line("button.send"),
        speech.line("button.cancel"),
        Tap("above.answered"),
        speech.line("voice.form.rule.lead"),
    )


def draw_back(note: BackNote | AnsweredBackNote, reader: Reader, context: Context) -> Card:
    """Draw that something came back from above, or that somebody answered a question."""
    speech, item = reader.speech, context.voices.items.get(note.number)
    how = note.how if isinstance(note, BackNote) else "answered"
    title = speech.line(f"voice.back.{how}.title")
    if item is None:
        return Card(title, (Paragraph(speech("voice.gone")),))
    said = speech(f"voice.back.{how}", what=called(item, speech), words=item.ruling)
    opens = Button(speech.line("voice.open"), Tap("voice.open"), "primary")
    return Card(title, (Paragraph(said), Row((opens,))))
