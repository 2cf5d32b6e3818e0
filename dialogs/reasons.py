"""Why are we doing this: the organisation's own answers, for the reader's own part of it."""

from dataclasses import dataclass
from typing import Literal

from dialogs.buttons import command
from dialogs.card import Block, Button, Card, Divider, Facts, Paragraph, Row, Tap
from dialogs.follow_up import WhyThisNote
from dialogs.reader import Reader
from dialogs.rich import Span
from dialogs.speech import Speech
from dialogs.turns import Context, Step, Turn
from nudges.delivery import Note
from nudges.follow_up import FollowUpNote
from nudges.merits import CompetitionNote, SprintNote
from nudges.moments import CelebrationNote, StoryNote, WishNote
from nudges.programme import Outcome, Reason
from nudges.recognition import MayITellNote, RecognitionNote, SpotlightNote
from nudges.shadow import ShadowCheckNote, ShadowNote
from nudges.tips import TipNote, TipQuizNote
from nudges.training_notes import AfterTrainingNote, InviteToTrainingNote
from nudges.use_linked import UseNote

PERCENT = "%"
SHOWN = (Reason.WHY, Reason.WHY_NOW, Reason.WRONG_TODAY, Reason.WHAT_IF_NOT, Reason.WIIFM)


@dataclass(frozen=True, slots=True)
class WhyNote(Note):
    """Why we are doing this; ``last`` offers why the last message came, too."""

    last: bool = False
    card: Literal["why"] = "why"


def read(_turn: Turn, context: Context) -> Step:
    """Answer "why are we doing this?"."""
    return Step(show=(WhyNote(last=context.last is not None),))


def this(_turn: Turn, context: Context) -> Step:
    """Answer "why did I get this?" about the last message we started."""
    match context.last.note if context.last else None:
        case UseNote() | FollowUpNote(by_use=True):
            why = WhyThisNote(moment="use")
        case FollowUpNote() as note:
            why = WhyThisNote(note.question)
        case CelebrationNote():
            why = WhyThisNote(moment="celebrate")
        case WishNote():
            why = WhyThisNote(moment="wish")
        case StoryNote():
            why = WhyThisNote(moment="story")
        case TipNote() | TipQuizNote():
            why = WhyThisNote(moment="tip")
        case ShadowNote() | ShadowCheckNote():
            why = WhyThisNote(moment="shadow")
        case InviteToTrainingNote() | AfterTrainingNote():
            why = WhyThisNote(moment="training")
        case _:
            why = _of_merits(context.last.note if context.last else None)
    return Step(show=(why,))


def _of_merits(note: Note | None) -> WhyThisNote:
    """Say why a card about a result, a competition or a sprint came."""
    match note:
        case RecognitionNote() | MayITellNote():
            return WhyThisNote(moment="recognition")
        case SpotlightNote():
            return WhyThisNote(moment="spotlight")
        case CompetitionNote():
            return WhyThisNote(moment="competition")
        case SprintNote():
            return WhyThisNote(moment="sprint")
        case _:
            return WhyThisNote()


def draw_why(note: WhyNote, reader: Reader) -> Card:
    """Draw the five answers, with the outcomes the organisation wants to reach."""
    speech, segment = reader.speech, reader.segment
    blocks: list[Block] = []
    purpose = speech.own(reader.programme.purpose)
    if purpose:
        blocks.append(Paragraph(purpose))
    for reason in SHOWN:
        text = speech.own(segment.reasons.get(reason, {}))
        if text:
            heading = Span(speech.line(f"why.{reason}") + " ", bold=True)
            blocks.append(Paragraph((heading, *text)))
    if reader.programme.outcomes:
        blocks += [Divider(), Facts(tuple(_goal(o, speech) for o in reader.programme.outcomes))]
    if not blocks:
        blocks.append(Paragraph(speech("why.unwritten")))
    buttons = [command(speech, "pulse")]
    if note.last:
        buttons.insert(0, Button(speech.line("button.why_this"), Tap("command", "why_this")))
    return Card(speech.line("why.title"), (*blocks, Row(tuple(buttons))))


def _goal(outcome: Outcome, speech: Speech) -> tuple[str, str]:
    return (speech.own_line(outcome.name), wanted(outcome, speech))


def wanted(outcome: Outcome, speech: Speech) -> str:
    """Say from where to where a result should go."""
    percent = outcome.unit == PERCENT
    value = speech.line(
        "why.outcome",
        baseline=speech.number(outcome.baseline),
        target=speech.number(outcome.target) + (PERCENT if percent else ""),
        unit="" if percent else outcome.unit,
    )
    return value.strip()


def measured(outcome: Outcome, value: float, speech: Speech) -> str:
    """Say a value of a result, with its unit."""
    number = speech.number(value)
    return f"{number}{PERCENT}" if outcome.unit == PERCENT else f"{number} {outcome.unit}".strip()
