"""Silence told to the CRM team: which groups, for how long, why it matters, and what to do."""

from collections.abc import Sequence

from dialogs.authoring_notes import DraftNote
from dialogs.card import Block, Button, Card, Facts, Paragraph, Row, Tap
from dialogs.manners import StaleNote
from dialogs.reader import Reader
from dialogs.speech import Speech
from dialogs.turns import Context, Step, Tapped, Turn
from nudges.audience import Field, Is
from nudges.audience_language import written
from nudges.broadcast import Draft, DraftKept, Message
from nudges.programme import Programme
from nudges.roles import Act
from nudges.silence import Level, Silence, SilenceNote


def read(turn: Turn, context: Context) -> Step:
    """Begin a message to the groups that are quiet."""
    note = context.message.note if context.message else None
    match turn, note:
        case Tapped(verb="silence.write"), SilenceNote() if context.may(Act.DRAFT):
            return begun(note, context)
        case _:
            return Step(show=(StaleNote(),))


def begun(note: SilenceNote, context: Context) -> Step:
    """Keep an empty draft for these groups, and say where it waits."""
    draft = Draft(Message({}, {}), written(Is(Field.SEGMENT, note.segments)), 0)
    return Step(
        show=(DraftNote(context.key),),
        instead=SilenceNote(note.segments, drafted=True),
        facts=(DraftKept(context.key, draft),),
    )


def draw_silence(note: SilenceNote, reader: Reader, context: Context) -> Card:
    """Draw the groups that are quiet now; where none is any more, that."""
    speech = reader.speech
    found = [context.silences[one] for one in note.segments if one in context.silences]
    quiet = [one for one in found if one.quiet]
    if not quiet:
        body: list[Block] = [Paragraph(speech("silence.over"))]
        return Card(speech.line("silence.over.title"), (*body, *_waits(note, speech)))
    level = Level.RED if any(one.level is Level.RED for one in quiet) else Level.AMBER
    action = Button(speech.line("silence.write"), Tap("silence.write"), "primary")
    return Card(
        speech.line(f"silence.title.{level}"),
        (
            Paragraph(speech("silence.lead")),
            Facts(tuple(_row(one, context.programme, speech) for one in _worst_first(quiet))),
            Paragraph(speech(f"silence.why.{level}")),
            Paragraph(speech(f"silence.proposal.{level}")),
            *(_waits(note, speech) if note.drafted else (Row((action,)),)),
            Paragraph(speech("silence.small"), muted=True),
        ),
    )


def _waits(note: SilenceNote, speech: Speech) -> tuple[Paragraph, ...]:
    return (Paragraph(speech("silence.drafted")),) if note.drafted else ()


def _worst_first(quiet: Sequence[Silence]) -> list[Silence]:
    return sorted(quiet, key=lambda one: (-(one.days or 0), one.segment))


def _row(one: Silence, programme: Programme, speech: Speech) -> tuple[str, str]:
    name = speech.own_line(programme.segment(one.segment).name) or one.segment
    return name, speech.line("silence.days" if one.ever else "silence.never", n=one.days)
