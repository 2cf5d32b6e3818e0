"""The follow-up: one fitting message, why it came, and what the person can do about it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from dialogs import raising
from dialogs.buttons import command
from dialogs.card import Button, Card, Paragraph, Row, Tap
from dialogs.manners import StaleNote
from dialogs.reader import Reader
from dialogs.rich import Rich
from dialogs.speech import Speech
from dialogs.turns import Context, Remark, Said, Step, Tapped, Turn
from nudges.adkar import Element
from nudges.delivery import Delivery, Note, Priority
from nudges.follow_up import FollowUpNote
from nudges.hours import local_day, next_morning
from nudges.pulse import PulseNote, question_about

SNOOZE = timedelta(days=6)
STUCK = frozenset({Element.DESIRE, Element.ABILITY})
"""Where something in the way is likelier than something not known."""


@dataclass(frozen=True, slots=True)
class NotedNote(Note):
    """What a follow-up becomes once someone has reacted to it."""

    how: Literal["useful", "wrong", "snooze"]
    day: str = ""
    card: Literal["noted"] = "noted"


@dataclass(frozen=True, slots=True)
class WhyThisNote(Note):
    """Why a message came: by topic, never by score."""

    question: str = ""
    moment: Literal[
        "",
        "celebrate",
        "wish",
        "story",
        "tip",
        "training",
        "use",
        "recognition",
        "spotlight",
        "competition",
        "sprint",
        "shadow",
    ] = ""
    card: Literal["why_this"] = "why_this"


def answers_it(turn: Turn, context: Context) -> bool:
    """Tell words written back to a follow-up that came not long ago."""
    return context.written_back(turn, FollowUpNote)


def wrote_back(turn: Turn, context: Context) -> Step:
    """Hand on what someone wrote back, without their name; several follow-ups ask for a word."""
    note = context.last.note if context.last else None
    if not isinstance(turn, Said) or not isinstance(note, FollowUpNote):
        return Step()
    story = context.library.stories.get(note.follow_up)
    title = Speech(context.person.language).own_line(story.title) if story else ""
    return raising.keep("feedback", turn.text.strip(), context, title)


def read(turn: Turn, context: Context) -> Step:
    """Take someone's reaction to a follow-up."""
    note = context.message.note if context.message else None
    if not isinstance(note, FollowUpNote) or not isinstance(turn, Tapped):
        return Step(show=(StaleNote(),))
    match turn.verb:
        case "follow_up.useful":
            remark = Remark(context.person.id, note.subject, "useful", context.now)
            return Step(instead=NotedNote("useful"), remarks=(remark,))
        case "follow_up.why":
            return Step(show=(WhyThisNote(note.question),))
        case "follow_up.snooze":
            return _snooze(note, context)
        case "follow_up.wrong":
            return _wrong(note, context)
        case _:
            return Step(show=(StaleNote(),))


def _snooze(note: FollowUpNote, context: Context) -> Step:
    due = next_morning(context.person, context.now + SNOOZE)
    day = local_day(context.person, due).isoformat()
    later = Delivery(f"snoozed:{context.key}", context.person.id, note, Priority.NUDGE, due)
    return Step(instead=NotedNote("snooze", day), queue=(later,))


def _wrong(note: FollowUpNote, context: Context) -> Step:
    """Take it back: no follow-ups about this element until they have answered about it again."""
    found = context.library.follow_up(note.follow_up)
    if found is None:
        return Step(instead=NotedNote("wrong"))
    person = replace(context.person, suspended=context.person.suspended | {found.element})
    question = question_about(found.element, context.answers, context.library.bank)
    again = (PulseNote(f"again:{context.key}", (question.id,), again=True),) if question else ()
    return Step(instead=NotedNote("wrong"), show=again, person=person)


def draw_follow_up(note: FollowUpNote, reader: Reader) -> Card:
    """Draw a follow-up with its why under it."""
    speech, story = reader.speech, reader.library.stories[note.follow_up]
    found = reader.library.follow_up(note.follow_up)
    stuck = found is not None and found.element in STUCK
    return Card(
        speech.own_line(story.title),
        (
            *_paragraphs(note, reader),
            Paragraph(_why(note, reader), muted=True),
            Row(
                (
                    Button(speech.line("follow_up.useful"), Tap("follow_up.useful"), "primary"),
                    Button(speech.line("follow_up.snooze"), Tap("follow_up.snooze")),
                    Button(speech.line("follow_up.wrong"), Tap("follow_up.wrong")),
                    *((Button(speech.line("stops.ask"), Tap("use.stops")),) if stuck else ()),
                )
            ),
        ),
    )


def _why(note: FollowUpNote, reader: Reader) -> Rich:
    about = _about(note.question, reader)
    return reader.speech("follow_up.why.use" if note.by_use else "follow_up.why", about=about)


def _paragraphs(note: FollowUpNote, reader: Reader) -> Iterator[Paragraph]:
    body = reader.library.stories[note.follow_up].body
    whole = body.get(reader.speech.language) or next(iter(body.values()), "")
    for text in whole.split("\n\n"):
        if text.strip():
            yield Paragraph(reader.speech.own({reader.speech.language: " ".join(text.split())}))


def _about(question: str, reader: Reader) -> str:
    wording = reader.library.wordings.get(question)
    return reader.speech.own_line(wording.about) if wording else ""


def draw_noted(note: NotedNote, reader: Reader) -> Card:
    """Draw what stays of a follow-up after a reaction."""
    speech = reader.speech
    day = speech.day(date.fromisoformat(note.day)) if note.day else ""
    return Card(
        speech.line(f"noted.{note.how}.title"),
        (Paragraph(speech(f"noted.{note.how}", day=day)),),
    )


def draw_why_this(note: WhyThisNote, reader: Reader) -> Card:
    """Draw the reason a message came, and the ways out."""
    speech = reader.speech
    about = _about(note.question, reader)
    if note.moment:
        said = speech(f"why_this.{note.moment}")
    elif about:
        said = speech("why_this.because", about=about)
    else:
        said = speech("why_this.asked")
    return Card(
        speech.line("why_this.title"),
        (
            Paragraph(said),
            Paragraph(speech("why_this.out")),
            Row((command(speech, "settings"), command(speech, "pause"), command(speech, "stop"))),
        ),
    )
