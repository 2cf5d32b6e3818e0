"""Somebody's rights to what is kept of them: see it, have it mended, have all of it erased."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal

from dialogs.buttons import command
from dialogs.card import Button, Card, Facts, Link, Paragraph, Row, Tap
from dialogs.manners import StaleNote
from dialogs.reader import Reader
from dialogs.turns import Context, Kept, Step, Tapped, Turn
from nudges.delivery import Note
from nudges.forgetting import ForgetMe

SORTS: Final = ("you", "answers", "words", "questions", "messages", "use", "part", "rest")
"""The sorts of what is kept, in the order in which they are told."""
OF: Final[Mapping[str, str]] = {
    "people": "you",
    "addresses": "you",
    "directory": "you",
    "grants": "you",
    "champions": "you",
    "group_members": "you",
    "answers": "answers",
    "standings": "answers",
    "receipts": "answers",
    "beliefs": "answers",
    "ticks": "answers",
    "tips_said": "answers",
    "shadows": "answers",
    "remarks": "words",
    "stories": "words",
    "raisers": "words",
    "voice_lines": "words",
    "written_back": "words",
    "reception": "words",
    "panels": "words",
    "drafts": "words",
    "questions": "questions",
    "referrals": "questions",
    "handed": "questions",
    "colleague_answers": "questions",
    "looked": "questions",
    "deliveries": "messages",
    "usage": "use",
    "levels": "use",
    "training_signups": "part",
    "training_invitations": "part",
    "competition_joiners": "part",
    "competition_points": "part",
    "recognitions": "part",
}
"""Of which sort the rows of a table are; those of all others are the rest."""


@dataclass(frozen=True, slots=True)
class KeptNote(Note):
    """How much is kept of somebody, of each sort."""

    kept: tuple[tuple[str, int], ...] = ()
    card: Literal["kept"] = "kept"


@dataclass(frozen=True, slots=True)
class ForgetNote(Note):
    """What it means to be forgotten, and whether they are sure."""

    card: Literal["forget"] = "forget"


@dataclass(frozen=True, slots=True)
class ForgottenNote(Note):
    """The last message: all of theirs is being erased; or nothing is, after all."""

    gone: bool = True
    card: Literal["forgotten"] = "forgotten"

    @property
    def asked(self) -> bool:
        """Say that it answers somebody, and waits for no morning."""
        return True


def kept(_turn: Turn, context: Context) -> Step:
    """Show somebody how much is kept of them."""
    if context.kept is None:
        return Step(look=Kept())
    of: dict[str, int] = dict.fromkeys(SORTS, 0)
    for table, rows in context.kept.items():
        of[OF.get(table, "rest")] += rows
    return Step(show=(KeptNote(tuple((sort, n) for sort, n in of.items() if n)),))


def forget(_turn: Turn, _context: Context) -> Step:
    """Say what being forgotten means, before anything is."""
    return Step(show=(ForgetNote(),))


def read(turn: Turn, context: Context) -> Step:
    """Take whether somebody is sure."""
    note = context.message.note if context.message else None
    match turn, note:
        case Tapped(verb="forget.sure"), ForgetNote():
            # Nothing more is started for them in the seconds until their last message has left.
            quiet = replace(context.person, stopped=True)
            return Step(instead=ForgottenNote(), person=quiet, facts=(ForgetMe(),))
        case Tapped(verb="forget.keep"), ForgetNote():
            return Step(instead=ForgottenNote(gone=False))
        case _:
            return Step(show=(StaleNote(),))


def draw_kept(note: KeptNote, reader: Reader, file: str = "") -> Card:
    """Draw how much is kept of somebody, and what they can do: ``file`` leads to all of it."""
    speech = reader.speech
    rows = tuple((speech.line(f"kept.{sort}"), speech.number(n, "0")) for sort, n in note.kept)
    return Card(
        speech.line("kept.title"),
        (
            Paragraph(speech("kept.lead")),
            Facts(rows),
            Paragraph(speech("kept.file" if file else "kept.export"), muted=True),
            Row(
                (
                    *((Link(speech.line("kept.take"), file),) if file else ()),
                    Button(speech.line("kept.wrong"), Tap("raise.open", "feedback")),
                    command(speech, "settings"),
                    command(speech, "forget"),
                )
            ),
        ),
    )


def draw_forget(reader: Reader) -> Card:
    """Draw what goes, what stays, and the two ways on."""
    speech = reader.speech
    return Card(
        speech.line("forget.title"),
        (
            Paragraph(speech("forget.goes")),
            Paragraph(speech("forget.stays")),
            Paragraph(speech("forget.instead"), muted=True),
            Row(
                (
                    Button(speech.line("forget.sure"), Tap("forget.sure")),
                    Button(speech.line("forget.keep"), Tap("forget.keep")),
                )
            ),
        ),
    )


def draw_forgotten(note: ForgottenNote, reader: Reader) -> Card:
    """Draw the last message, or that nothing was erased."""
    speech, how = reader.speech, "gone" if note.gone else "kept"
    return Card(
        speech.line(f"forgotten.{how}.title"), (Paragraph(speech(f"forgotten.{how}.body")),)
    )
