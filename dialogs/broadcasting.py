"""A broadcast in somebody's chat: the message with its "Got it", and the second pair of eyes."""

from dataclasses import replace
from typing import Literal, get_args
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from dialogs import believing
from dialogs.card import Block, Button, Card, Divider, Facts, Link, Paragraph, Row, Tap
from dialogs.manners import StaleNote
from dialogs.reader import Reader
from dialogs.rich import Rich, Span
from dialogs.speech import Speech, chosen, languages
from dialogs.turns import Context, Said, Step, Tapped, Turn
from nudges.audience_language import parse, written
from nudges.audience_words import LANGUAGES
from nudges.authoring import shown
from nudges.broadcast import (
    Agreed,
    Answered,
    Decided,
    Draft,
    Message,
    Signed,
    Stage,
    may_decide,
)
from nudges.broadcast_notes import (
    AgreedNote,
    AgreeNote,
    ApproveNote,
    BroadcastNote,
    NobodyNote,
    OutcomeNote,
    TakenBackNote,
    WroteBackNote,
)
from nudges.wording import Wrong, paragraphs

LONGEST = 2000
"""Characters of what someone writes back that are kept."""
How = Literal["approved", "declined", "lapsed", "recalled", "unsigned"]
OUTCOMES: tuple[How, ...] = get_args(How)
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
            return believing.received(number, context)
        case Tapped(verb="broadcast.approve" | "broadcast.decline" as verb), ApproveNote(number):
            return _decided(number, context, approved=verb == "broadcast.approve")
        case Tapped(verb="broadcast.agree" | "broadcast.disagree" as verb), AgreeNote(number):
            return _agreed(number, context, agreed=verb == "broadcast.agree")
        case _:
            return Step(show=(StaleNote(),))


def _agreed(number: int, context: Context, *, agreed: bool) -> Step:
    found = context.broadcasts.get(number)
    if found is None or found.draft.message.sender != context.person.id:
        return Step(show=(StaleNote(),))
    if found.stage is not Stage.AGREEING or found.late(context.now):
        how = HOW.get(found.stage, "lapsed")
        return Step(instead=OutcomeNote(number, how, asked=True))
    return Step(instead=AgreedNote(number, agreed), facts=(Agreed(number, agreed),))


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
    found = reader.broadcasts[note.broadcast]
    card = draw_message(found.draft, reader, found.signed, found.name, got=note.got)
    corrected: tuple[Block, ...] = ()
    if found.corrected:
        day = reader.speech.day(found.corrected)
        corrected = (Paragraph(reader.speech("broadcast.corrected", day=day), muted=True),)
    asked = believing.question(note, found, reader.speech)
    return replace(card, body=(*card.body, *corrected, *asked))


def draw_message(draft: Draft, reader: Reader, signed: Signed, author: str, *, got: bool) -> Card:
    """Draw a message as its people see it; ``author`` is who reads what they write back."""
    speech, said = reader.speech, draft.message
    buttons: list[Button | Link] = []
    if said.acknowledge and not got:
        buttons.append(Button(speech.line("broadcast.got"), Tap("broadcast.got"), "primary"))
    if said.link:
        buttons.append(Link(chosen(said.link.label, speech.language), said.link.url))
    blocks: list[Block] = [*words_of(said, speech)]
    if signed.name:
        role = f", {speech.line(f'role.{signed.role}')}" if signed.role else ""
        blocks.append(Paragraph((Span(signed.name, bold=True), Span(role))))
    if got:
        blocks.append(Paragraph(speech("broadcast.received")))
    if buttons:
        blocks.append(Row(tuple(buttons)))
    who = author or speech.line("broadcast.team")
    how = "nameless" if draft.exposes else "named"
    blocks.append(Paragraph(speech(f"broadcast.back.{how}", author=who), muted=True))
    return Card(speech.own_line(said.title), tuple(blocks))


def words_of(said: Message, speech: Speech) -> list[Paragraph]:
    """Return what a message says, a paragraph each."""
    body = chosen(said.body, speech.language)
    return [Paragraph(speech.own({speech.language: text})) for text in paragraphs(body)]


def draw_agree(note: AgreeNote, reader: Reader) -> Card:
    """Draw a message for whoever it is to go in the name of: its words, and nothing of to whom."""
    speech, found = reader.speech, reader.broadcasts[note.broadcast]
    said = found.draft.message
    author = found.name or speech.line("broadcast.team")
    shown: list[Block] = []
    for code in languages():
        if said.body.get(code):
            voice = Speech(code, speech.names)
            title = Paragraph((Span(voice.own_line(said.title), bold=True),))
            shown += [Divider(), title, *words_of(said, voice)]
    if said.link:
        shown.append(Row((Link(chosen(said.link.label, speech.language), said.link.url),)))
    return Card(
        speech.line("agree.title"),
        (
            Paragraph(speech("agree.body", author=author)),
            *shown,
            Divider(),
            Row(
                (
                    Button(speech.line("agree.yes"), Tap("broadcast.agree"), "primary"),
                    Button(speech.line("agree.no"), Tap("broadcast.disagree")),
                )
            ),
            Paragraph(speech("agree.why"), muted=True),
        ),
    )


def draw_agreed(note: AgreedNote, reader: Reader) -> Card:
    """Draw what somebody said about their name."""
    speech, found = reader.speech, reader.broadcasts[note.broadcast]
    title = speech.own_line(found.draft.message.title)
    how = "yes" if note.agreed else "no"
    return Card(
        speech.line(f"agreed.{how}.title"), (Paragraph(speech(f"agreed.{how}", title=title)),)
    )


def draw_approve(note: ApproveNote, reader: Reader, zone: str) -> Card:
    """Draw a broadcast for whoever may release it: from whom, for whom, when, and its words."""
    speech, found = reader.speech, reader.broadcasts[note.broadcast]
    draft = found.draft
    signed = [(speech.line("write.sender"), found.sender.name)] if found.sender.name else []
    facts = [
        (speech.line("approve.from"), found.name or speech.line("broadcast.team")),
        *signed,
        (speech.line("approve.for"), rule_in(draft.rule, speech)),
        (speech.line("approve.people"), people_in(draft.size, speech, exposes=draft.exposes)),
        (speech.line("approve.when"), when(draft, speech, zone)),
    ]
    if draft.message.goal:
        facts.append((speech.line("approve.goal"), draft.message.goal))
    blocks: list[Block] = [*words_of(draft.message, speech)]
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
            Paragraph(_asked_because(note, speech), muted=True),
        ),
    )


def rule_in(rule: str, speech: Speech) -> str:
    """Write a rule in the language of a reader, as far as rules know it."""
    return written(parse(rule), speech.language if speech.language in LANGUAGES else "en")


def _asked_because(note: ApproveNote, speech: Speech) -> Rich:
    return speech(f"approve.deputy.{note.why}") if note.why else speech("approve.why")


def people_in(size: int, speech: Speech, *, exposes: bool) -> str:
    """Count people in words; where being meant tells on them, no number is shown."""
    told = shown(size, exposes=exposes)
    return speech.line("approve.untold") if told is None else speech.number(told, "#,##0")


def when(draft: Draft, speech: Speech, zone: str) -> str:
    """Say when a message leaves, in somebody's own zone."""
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
                    sender=found.sender.name,
                )
            ),
        ),
    )


def draw_nobody(note: NobodyNote, reader: Reader) -> Card:
    """Draw what an author can do where nobody could release their message."""
    speech, found = reader.speech, reader.broadcasts[note.broadcast]
    title = speech.own_line(found.draft.message.title)
    return Card(
        speech.line("nobody_approves.title"),
        (
            Paragraph(speech("nobody_approves.text", title=title, number=found.number)),
            Paragraph(speech("nobody_approves.do"), muted=True),
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
