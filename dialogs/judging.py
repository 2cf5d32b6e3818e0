"""What the CRM team is asked about stories: to read one before the others do, or to collect one."""

from dataclasses import dataclass
from typing import Literal

from dialogs.buttons import command
from dialogs.card import Button, Card, Paragraph, Row, Tap
from dialogs.manners import StaleNote
from dialogs.reader import Reader
from dialogs.stories import about, teller, telling
from dialogs.turns import Context, Step, Tapped, Turn
from nudges.delivery import Note
from nudges.moments import CollectNote, JudgeNote
from nudges.roles import Act
from nudges.stories import StoryJudged


@dataclass(frozen=True, slots=True)
class JudgedNote(Note):
    """What became of a story that the CRM team was asked about."""

    how: Literal["approved", "declined", "decided", "gone"]
    card: Literal["judged"] = "judged"


def read(turn: Turn, context: Context) -> Step:
    """Take what someone of the CRM team decides; whoever is first decides."""
    note = context.message.note if context.message else None
    if not (
        isinstance(turn, Tapped)
        and isinstance(note, JudgeNote)
        and context.may(Act.WORK_QUEUE)
        and turn.verb in {"judge.approve", "judge.decline"}
    ):
        return Step(show=(StaleNote(),))
    story = context.stories.get(note.story)
    if story is None:
        return Step(instead=JudgedNote("gone"))
    if not story.undecided:
        return Step(instead=JudgedNote("decided"))
    approved = turn.verb == "judge.approve"
    return Step(
        instead=JudgedNote("approved" if approved else "declined"),
        facts=(StoryJudged(note.story, approved),),
    )


def draw_judge(note: JudgeNote, reader: Reader) -> Card:
    """Draw a story with the two answers there are."""
    speech, story = reader.speech, reader.stories[note.story]
    return Card(
        speech.line("judge.title"),
        (
            Paragraph(speech("judge.body")),
            *telling(story),
            Paragraph(teller(story, speech)),
            *about(story, reader.programme, speech),
            Row(
                (
                    Button(speech.line("judge.approve"), Tap("judge.approve"), "primary"),
                    Button(speech.line("judge.decline"), Tap("judge.decline")),
                )
            ),
            Paragraph(speech("judge.why"), muted=True),
        ),
    )


def draw_judged(note: JudgedNote, reader: Reader) -> Card:
    """Draw what became of it."""
    speech = reader.speech
    return Card(speech.line("judged.title"), (Paragraph(speech(f"judged.{note.how}")),))


def draw_collect(note: CollectNote, reader: Reader) -> Card:
    """Draw the request to collect a story, with how one asks for it."""
    speech, segment = reader.speech, reader.programme.segment(note.segment)
    name = speech.own_line(segment.name) or segment.id
    return Card(
        speech.line("collect.title"),
        (
            Paragraph(speech("collect.body", segment=name)),
            Paragraph(speech("collect.how")),
            Row((command(speech, "story"),)),
        ),
    )
