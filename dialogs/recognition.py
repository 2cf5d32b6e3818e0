"""Recognition: a result named as it was measured, and told to others only after a yes.

The words that a manager or a team gets are the very ones that the person saw before agreeing.
"""

from typing import TypeAlias

from dialogs.buttons import COMMAND, command
from dialogs.card import Button, Card, Paragraph, Row, Tap
from dialogs.manners import StaleNote
from dialogs.reader import Reader
from dialogs.recognition_notes import HourSaidNote, RecognitionSaidNote
from dialogs.results import told
from dialogs.turns import Context, Step, Tapped, Turn
from nudges.merits import named, result_of
from nudges.recognition import (
    Agreed,
    HourAnswered,
    LearningHourNote,
    MayITellNote,
    RecognitionNote,
    ResultOfNote,
    SpotlightNote,
    overtaken,
)

RecognitionCard: TypeAlias = (
    HourSaidNote
    | LearningHourNote
    | MayITellNote
    | RecognitionNote
    | RecognitionSaidNote
    | ResultOfNote
    | SpotlightNote
)


def read(turn: Turn, context: Context) -> Step:
    """Take what somebody answers; only a yes is kept."""
    note = context.message.note if context.message else None
    match turn, note:
        case Tapped(verb="recognition.yes"), MayITellNote():
            return _yes(note, context)
        case Tapped(verb="recognition.no"), MayITellNote():
            return Step(instead=RecognitionSaidNote("no"))
        case Tapped(verb="recognition.arranged"), ResultOfNote():
            return _hour(note, "arranged", context)
        case Tapped(verb="recognition.not_now"), ResultOfNote():
            return _hour(note, "not_now", context)
        case _:
            return Step(show=(StaleNote(),))


def _yes(note: MayITellNote, context: Context) -> Step:
    """Keep the yes, unless what was asked about is not as it was any more."""
    person = context.person
    if overtaken(note, person, context.use) or not context.merits.manager:
        return Step(instead=RecognitionSaidNote("over"))
    agreed = Agreed(note.form, note.result, person.manager)
    return Step(instead=RecognitionSaidNote(note.form), facts=(agreed,))


def _hour(note: ResultOfNote, hour: str, context: Context) -> Step:
    found = result_of(note.recognition, context.person, context.merits)
    if found is None or found.form != "learning_time" or found.hour:
        return Step(show=(StaleNote(),))
    how = "arranged" if hour == "arranged" else "not_now"
    return Step(instead=HourSaidNote(how), facts=(HourAnswered(note.recognition, how),))


def draw(note: RecognitionCard, reader: Reader, context: Context) -> Card:
    """Draw whichever card it is."""
    match note:
        case RecognitionNote():
            return _recognition(note, reader)
        case MayITellNote():
            return _may_i(note, reader, context)
        case RecognitionSaidNote():
            return _said(note, reader)
        case ResultOfNote():
            return _result_of(note, reader, context)
        case HourSaidNote():
            return _hour_said(note, reader)
        case SpotlightNote():
            return _spotlight(note, reader, context)
        case LearningHourNote():
            return _learning_hour(note, reader, context)


def _recognition(note: RecognitionNote, reader: Reader) -> Card:
    speech = reader.speech
    return Card(
        speech.line("recognised.title"),
        (
            *(Paragraph(said) for said in told(note.result, speech)),
            Paragraph(speech("recognised.yours")),
            Row((command(speech, "score"), command(speech, "settings"), _why(reader))),
            Paragraph(speech("recognised.private"), muted=True),
        ),
    )


def _may_i(note: MayITellNote, reader: Reader, context: Context) -> Card:
    speech, name = reader.speech, context.person.name or context.person.id
    manager = context.merits.manager or speech.line("may_i_tell.nobody")
    words = [Paragraph(said) for said in told(note.result, speech, name)]
    if note.form == "learning_time":
        words.append(Paragraph(speech("result_of.hour", name=name)))
    return Card(
        speech.line("may_i_tell.title"),
        (
            Paragraph(speech(f"may_i_tell.{note.form}", manager=manager)),
            *words,
            Row(
                (
                    Button(speech.line("may_i_tell.yes"), Tap("recognition.yes"), "primary"),
                    Button(speech.line("may_i_tell.no"), Tap("recognition.no")),
                    command(speech, "settings"),
                )
            ),
            Paragraph(speech("may_i_tell.only"), muted=True),
        ),
    )


def _said(note: RecognitionSaidNote, reader: Reader) -> Card:
    speech = reader.speech
    return Card(
        speech.line(f"recognition_said.{note.how}.title"),
        (
            Paragraph(speech(f"recognition_said.{note.how}")),
            Row((command(speech, "score"), command(speech, "settings"))),
        ),
    )


def _result_of(note: ResultOfNote, reader: Reader, context: Context) -> Card:
    speech = reader.speech
    found = result_of(note.recognition, context.person, context.merits)
    if found is None:
        return _gone(reader)
    words = [Paragraph(said) for said in told(found.result, speech, found.name)]
    rows: tuple[Row, ...] = ()
    if found.form == "learning_time":
        words.append(Paragraph(speech("result_of.hour", name=found.name)))
        arranged = Button(speech.line("result_of.arranged"), Tap("recognition.arranged"), "primary")
        not_now = Button(speech.line("result_of.not_now"), Tap("recognition.not_now"))
        rows = () if found.hour else (Row((arranged, not_now)),)
    else:
        words.append(Paragraph(speech("result_of.word")))
    return Card(
        speech.line("result_of.title"),
        (*words, *rows, Paragraph(speech("result_of.agreed", name=found.name), muted=True)),
    )


def _gone(reader: Reader) -> Card:
    speech = reader.speech
    return Card(speech.line("result_of.title"), (Paragraph(speech("result_of.gone")),))


def _hour_said(note: HourSaidNote, reader: Reader) -> Card:
    speech = reader.speech
    return Card(
        speech.line(f"hour_said.{note.how}.title"), (Paragraph(speech(f"hour_said.{note.how}")),)
    )


def _spotlight(note: SpotlightNote, reader: Reader, context: Context) -> Card:
    speech = reader.speech
    found = named(note, context.person, context.merits)
    if not found:
        return _gone(reader)
    return Card(
        speech.line("spotlight.title"),
        (
            *(Paragraph(said) for one in found for said in told(one.result, speech, one.name)),
            Row((command(speech, "settings"), _why(reader))),
            Paragraph(speech("spotlight.agreed"), muted=True),
        ),
    )


def _learning_hour(note: LearningHourNote, reader: Reader, context: Context) -> Card:
    speech, found = reader.speech, context.merits.recognised.get(note.recognition)
    if found is None or found.person != context.person.id:
        return _gone(reader)
    manager = context.merits.manager or speech.line("may_i_tell.nobody")
    return Card(
        speech.line("learning_hour.title"),
        (
            Paragraph(speech("learning_hour.body", manager=manager)),
            Row((command(speech, "training", primary=True), command(speech, "tip"))),
        ),
    )


def _why(reader: Reader) -> Button:
    return Button(reader.speech.line("tip.why_this"), Tap(COMMAND, "why_this"))
