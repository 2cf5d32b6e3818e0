"""A broadcast in somebody's chat: the message with its "Got it", and the second pair of eyes."""

from typing import Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from dialogs.card import Block, Button, Card, Divider, Facts, Link, Paragraph, Row, Tap
from dialogs.manners import StaleNote
from dialogs.reader import Reader
from dialogs.rich import Span
from dialogs.speech import Speech, chosen
from dialogs.turns import Context, Said, Step, Tapped, Turn
from nudges.audience import FLOOR
from nudges.audience_language import parse, written
from nudges.audience_words import LANGUAGES
from nudges.broadcast import Answered, Broadcast, Decided, Received, Stage, may_decide
from nudges.broadcast_notes import (
    ApproveNote,
    BroadcastNote,
    OutcomeNote,
    TakenBackNote,
    WroteBackNote,
)
from nudges.wording import Wrong, paragraphs

LONGEST = 2000
"""Characters of what someone writes back that are kept."""
How = Literal["approved", "declined", "lapsed", "recalled"]
HOW: dict[Stage, How] = {
    Stage.RELEASED: "approved",
    Stage.BEGUN: "approved",
    Stage.DECLINED: "declined",
    Stage.LAPSED: "lapsed",
    Stage.RECALLED: "recalled",
}


def refused(why: Wrong, speech: Speech) -> str:
    """Say what is wrong with something that was written."""
    return speech.line(f"broadcast.error.{why}")


def answers_it(turn: Turn, context: Context) -> bool:
    """Tell words written back to a broadcast that was the last to come."""
    return context.written_back(turn, BroadcastNote)


def wrote_back(turn: Turn, context: Context) -> Step:
    """Keep what someone wrote back, for the author to read."""
    note = context.last.note if context.last else None
    if not isinstance(turn, Said) or not isinstance(note, BroadcastNote):
        return Step(show=(StaleNote(),))
    fact = Answered(note.broadcast, turn.text.strip()[:LONGEST])
    return Step(show=(WroteBackNote(note.broadcast),), facts=(fact,))


def read(turn: Turn, context: Context) -> Step:
    """Take a receipt, or what somebody decides; whoever is first decides."""
    note = context.message.note if context.message else None
    match turn, note:
        case Tapped(verb="broadcast.got"), BroadcastNote(number):
            if number in context.broadcasts and not context.broadcasts[number].leaves:
                return Step(instead=TakenBackNote(number))
            got = BroadcastNote(number, got=True)
            return Step(instead=got, facts=(Received(number),))
        case Tapped(verb="broadcast.approve" | "broadcast.decline" as verb), ApproveNote(number):
            return _decided(number, context, approved=verb == "broadcast.approve")
        case _:
            return Step(show=(StaleNote(),))


def _decided(number: int, context: Context, *, approved: bool) -> Step:
    found = context.broadcasts.get(number)
    if found is None or not may_decide(context.person, found):
        return Step(show=(StaleNote(),))
    if found.stage is not Stage.WAITING:
        return Step(instead=OutcomeNote(number, HOW[found.stage], asked=True))
    if found.late(context.now):
        return Step(instead=OutcomeNote(number, "lapsed", asked=True))
    how: How = "approved" if approved else "declined"
    note = OutcomeNote(number, how, asked=True)
    return Step(instead=note, facts=(Decided(number, approved),))


def draw_broadcast(note: BroadcastNote, reader: Reader) -> Card:
    """Draw the message: the author's own words, from whom, and the receipt."""
    speech, found = reader.speech, reader.broadcasts[note.broadcast]
    said = found.draft.message
    buttons: list[Button | Link] = []
    if said.acknowledge and not note.got:
        buttons.append(Button(speech.line("broadcast.got"), Tap("broadcast.got"), "primary"))
    if said.link:
        buttons.append(Link(chosen(said.link.label, speech.language), said.link.url))
    blocks: list[Block] = [*_words(found, reader)]
    if found.name:
        blocks.append(Paragraph((Span(found.name, bold=True),)))
    if note.got:
        blocks.append(Paragraph(speech("broadcast.received")))
    if buttons:
        blocks.append(Row(tuple(buttons)))
    if found.corrected:
        day = speech.day(found.corrected)
        blocks.append(Paragraph(speech("broadcast.corrected", day=day), muted=True))
    author = found.name or speech.line("broadcast.team")
    how = "nameless" if found.draft.exposes else "named"
    blocks.append(Paragraph(speech(f"broadcast.back.{how}", author=author), muted=True))
    return Card(speech.own_line(said.title), tuple(blocks))


def _words(found: Broadcast, reader: Reader) -> list[Paragraph]:
    body = chosen(found.draft.message.body, reader.speech.language)
    return [
        Paragraph(reader.speech.own({reader.speech.language: text})) for text in paragraphs(body)
    ]


def draw_approve(note: ApproveNote, reader: Reader, zone: str) -> Card:
    """Draw a broadcast for whoever may release it: from whom, for whom, when, and its words."""
    speech, found = reader.speech, reader.broadcasts[note.broadcast]
    draft = found.draft
    facts = [
        (speech.line("approve.from"), found.name or speech.line("broadcast.team")),
        (speech.line("approve.for"), _rule(draft.rule, speech.language)),
        (speech.line("approve.people"), _people(found, reader)),
        (speech.line("approve.when"), _when(found, speech, zone)),
    ]
    if draft.message.goal:
        facts.append((speech.line("approve.goal"), draft.message.goal))
    blocks: list[Block] = [*_words(found, reader)]
    if link := draft.message.link:
        facts.append((speech.line("approve.link"), urlsplit(link.url).hostname or link.url))
        blocks.append(Row((Link(chosen(link.label, speech.language), link.url),)))
    return Card(
        speech.line("approve.title"),
        (
            Facts(tuple(facts)),
            Divider(),
            Paragraph((Span(speech.own_line(draft.message.title), bold=True),)),
            *blocks,
            Divider(),
            Row(
                (
                    Button(speech.line("approve.yes"), Tap("broadcast.approve"), "primary"),
                    Button(speech.line("approve.no"), Tap("broadcast.decline")),
                )
            ),
            Paragraph(speech("approve.why"), muted=True),
        ),
    )


def _rule(rule: str, language: str) -> str:
    return written(parse(rule), language if language in LANGUAGES else "en")


def _people(found: Broadcast, reader: Reader) -> str:
    """Count whom it is for; where being meant tells on people, no small number is shown."""
    size = found.draft.size
    if found.draft.exposes and size < FLOOR:
        return reader.speech.line("approve.few", n=FLOOR)
    return reader.speech.number(size, "#,##0")


def _when(found: Broadcast, speech: Speech, zone: str) -> str:
    draft = found.draft
    how = "mornings" if draft.own_morning else "at_once"
    if draft.begins is None:
        return speech.line(f"approve.soon.{how}")
    return speech.line(
        f"approve.from.{how}", at=speech.moment(draft.begins.astimezone(ZoneInfo(zone)))
    )


def draw_outcome(note: OutcomeNote, reader: Reader) -> Card:
    """Draw what became of a broadcast, for its author or for who was asked."""
    speech, found = reader.speech, reader.broadcasts[note.broadcast]
    whom = "asked" if note.asked else "author"
    return Card(
        speech.line(f"outcome.{note.how}.title"),
        (
            Paragraph(
                speech(
                    f"outcome.{note.how}.{whom}",
                    title=speech.own_line(found.draft.message.title),
                    number=found.number,
                )
            ),
        ),
    )


def draw_wrote_back(note: WroteBackNote, reader: Reader) -> Card:
    """Draw the thanks for what was written back, and who reads it."""
    speech, found = reader.speech, reader.broadcasts.get(note.broadcast)
    author = found.name if found and found.name else speech.line("broadcast.team")
    how = "nameless" if found is None or found.draft.exposes else "named"
    return Card(
        speech.line("wrote_back.title"), (Paragraph(speech(f"wrote_back.{how}", author=author)),)
    )
