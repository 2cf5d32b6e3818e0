"""A panel: a few people of each role read a draft first, and say by name what should change."""

from dataclasses import dataclass
from typing import Literal

from dialogs.authoring_notes import DraftNote
from dialogs.broadcasting import words_of
from dialogs.buttons import command
from dialogs.card import Block, Button, Card, Divider, Form, Paragraph, Row, Tap, TextField
from dialogs.manners import StaleNote
from dialogs.reader import Reader
from dialogs.rich import Span, plain
from dialogs.turns import AskPanel, Context, Filled, Step, Tapped, Turn
from nudges.authoring import Reach
from nudges.broadcast import Drafted
from nudges.delivery import Delivery, Note, Priority
from nudges.panel import LONGEST, PanelAsked, PanelNote, PanelSaid, Voice


@dataclass(frozen=True, slots=True)
class PanelForm(Note):
    """What should change in a draft."""

    card: Literal["panel_form"] = "panel_form"


@dataclass(frozen=True, slots=True)
class PanelThanksNote(Note):
    """What someone of a panel said was kept, or they rather would not."""

    said: bool
    card: Literal["panel_thanks"] = "panel_thanks"


@dataclass(frozen=True, slots=True)
class PanelHeardNote(Note):
    """What a panel said so far, for the author of the draft."""

    key: str
    card: Literal["panel_heard"] = "panel_heard"

    @property
    def authoring(self) -> frozenset[str]:
        """Return the draft that it is about."""
        return frozenset({self.key})


def ask(found: Drafted, context: Context) -> Step:
    """Ask a few people of each role about a draft; whoever was asked is not asked again."""
    reach = context.authoring.reaches.get(found.key, Reach())
    if found.draft.exposes or not reach.size:
        return Step(show=(StaleNote(),))
    if context.panel is None:
        return Step(look=AskPanel(reach.rule))
    before = {one.person for one in context.authoring.panels.get(found.key, ())}
    people = tuple(one.id for one in context.panel if one.id not in before)
    if not people:
        return Step(instead=DraftNote(found.key))
    occasion = f"panel:{found.key}"
    wanted = tuple(
        Delivery(occasion, one, PanelNote(found.key), Priority.NUDGE, context.now) for one in people
    )
    return Step(instead=DraftNote(found.key), facts=(PanelAsked(found.key, people),), queue=wanted)


def read(turn: Turn, context: Context) -> Step:
    """Take what someone of a panel says."""
    note = context.message.note if context.message else None
    match turn, note:
        case Tapped(verb="panel.open", choice=key), PanelHeardNote(of) if key == of:
            return Step(instead=DraftNote(key))
        case _, PanelNote(key) if key not in context.drafts:
            return Step(instead=PanelThanksNote(said=False))
        case Tapped(verb="panel.say"), PanelNote():
            return Step(form=PanelForm())
        case Tapped(verb="panel.not"), PanelNote():
            return Step(instead=PanelThanksNote(said=False))
        case Filled(verb="panel.said", values=values), PanelNote(key):
            return _said(values.get("text", "").strip()[:LONGEST], context.drafts[key], context)
        case _:
            return Step(show=(StaleNote(),))


def _said(text: str, found: Drafted, context: Context) -> Step:
    if not text:
        return Step(form=PanelForm(), errors=(("text", "panel.error.empty"),))
    heard = Delivery(
        f"panel_said:{found.key}:{context.person.id}",
        found.author,
        PanelHeardNote(found.key),
        Priority.INTERACTIVE,
        context.now,
    )
    return Step(
        instead=PanelThanksNote(said=True), facts=(PanelSaid(found.key, text),), queue=(heard,)
    )


def draw_panel(note: PanelNote, reader: Reader, context: Context) -> Card:
    """Draw a draft for someone of a panel, with the one question."""
    speech, found = reader.speech, context.drafts.get(note.draft)
    if found is None:
        return draw_thanks(PanelThanksNote(said=False), reader)
    message = found.draft.message
    author = found.name or speech.line("broadcast.team")
    return Card(
        speech.line("panel.title"),
        (
            Paragraph(speech("panel.body", author=author)),
            Divider(),
            Paragraph((Span(speech.own_line(message.title), bold=True),)),
            *words_of(message, speech),
            Divider(),
            Paragraph(speech("panel.question")),
            Row(
                (
                    Button(speech.line("panel.say"), Tap("panel.say"), "primary"),
                    Button(speech.line("panel.not"), Tap("panel.not")),
                )
            ),
            Paragraph(speech("panel.named", author=author), muted=True),
        ),
    )


def draw_form(reader: Reader) -> Form:
    """Draw the form for what should change."""
    speech = reader.speech
    field = TextField(
        "text", speech.line("panel.change"), lines="many", required=True, longest=LONGEST
    )
    return Form(
        speech.line("panel.say"),
        (field,),
        speech.line("button.send"),
        speech.line("button.cancel"),
        Tap("panel.said"),
        speech.line("panel.form.lead"),
    )


def draw_thanks(note: PanelThanksNote, reader: Reader) -> Card:
    """Draw the thanks to someone of a panel."""
    speech, how = reader.speech, "said" if note.said else "not"
    return Card(
        speech.line(f"panel_thanks.{how}.title"), (Paragraph(speech(f"panel_thanks.{how}")),)
    )


def draw_heard(note: PanelHeardNote, reader: Reader, context: Context) -> Card:
    """Draw what a panel said so far, by name: they agreed to that."""
    speech = reader.speech
    found = context.authoring.drafts.get(note.key)
    if found is None:
        return Card(
            speech.line("panel_heard.title"),
            (Paragraph(speech("draft.gone.body")), Row((command(speech, "broadcasts"),))),
        )
    title = speech.own_line(found.draft.message.title)
    return Card(
        speech.line("panel_heard.title"),
        (
            Paragraph(speech("panel_heard.body", title=title)),
            *said_by(context.authoring.panels.get(note.key, ()), reader),
            Row((Button(speech.line("panel_heard.open"), Tap("panel.open", note.key), "primary"),)),
        ),
    )


def said_by(voices: tuple[Voice, ...], reader: Reader) -> list[Block]:
    """Return what people of a panel said, each with their name and job."""
    speech, shown = reader.speech, list[Block]()
    for one in voices:
        if one.at:
            who = ", ".join(part for part in (one.name or one.person, one.job) if part)
            shown += [Paragraph((Span(who, bold=True),)), Paragraph(plain(one.text))]
    silent = sum(one.at is None for one in voices)
    if silent:
        shown.append(Paragraph(speech("panel.silent", n=silent), muted=True))
    return shown
