"""The queue of what people raised, for the CRM team: page by page, the oldest first.

Nobody here learns who raised something without their name, nor their group where it is small.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from dialogs.card import (
    Block,
    Button,
    Card,
    ChoiceField,
    Divider,
    Field,
    Form,
    Option,
    Paragraph,
    Row,
    Tap,
    TextField,
)
from dialogs.for_team import ForTeamNote
from dialogs.manners import gone
from dialogs.raising import sort_field
from dialogs.reader import Reader
from dialogs.rich import plain
from dialogs.speech import Speech
from dialogs.turns import Context, Filled, Step, Tapped, Turn
from dialogs.voice_item import on_item, where
from nudges.delivery import Note
from nudges.group import band
from nudges.release import FLOOR
from nudges.roles import Act
from nudges.sensitive import masked
from nudges.voice import (
    AREA,
    KIND,
    KINDS,
    SORT,
    Item,
    number_of,
)
from nudges.voice_notes import AnsweredBackNote, BackNote, ItemNote, Page, QueueNote

SHOWN = 200
"""Characters of somebody's words in the list; all of them stand on the card of one thing."""


@dataclass(frozen=True, slots=True)
class FilterForm(Note):
    """Which part of the queue somebody wants to see."""

    page: QueueNote
    card: Literal["voice_filter_form"] = "voice_filter_form"


def asked(_turn: Turn, context: Context) -> Step:
    """Show the queue to who works on it."""
    allowed = context.may(Act.WORK_QUEUE)
    return Step(show=(QueueNote() if allowed else ForTeamNote("crm_team"),))


def read(turn: Turn, context: Context) -> Step:
    """Take a press in the queue, or one of its forms."""
    if not context.may(Act.WORK_QUEUE):
        return Step(show=(ForTeamNote("crm_team"),))
    note = context.message.note if context.message else None
    match note:
        case QueueNote():
            return _in_queue(turn, note, context)
        case ItemNote(number) if number in context.voices.items:
            return on_item(turn, note, context.voices.items[number], context)
        case ItemNote() if isinstance(turn, Tapped) and turn.verb == "voice.queue":
            return Step(instead=note.page)
        case AnsweredBackNote(number) | BackNote(number) if (
            isinstance(turn, Tapped) and turn.verb == "voice.open"
        ):
            return Step(show=(ItemNote(number),))
        case _:
            return gone()


def _in_queue(turn: Turn, note: QueueNote, context: Context) -> Step:
    page = context.voices.pages.get(note, Page())
    match turn:
        case Tapped(verb="voice.open", choice=choice) if number_of(choice):
            return Step(instead=ItemNote(number_of(choice), page=note))
        case Tapped(verb="voice.filter"):
            return Step(form=FilterForm(note))
        case Tapped(verb="voice.next") if page.items:
            return Step(instead=replace(note, after=page.items[-1].number))
        case Tapped(verb="voice.first"):
            return Step(instead=replace(note, after=0))
        case Tapped(verb="voice.closed"):
            return Step(instead=replace(note, closed=not note.closed, after=0))
        case Filled(verb="voice.filtered", values=values):
            return Step(instead=_filtered(note, values, context))
        case _:
            return gone()


def _filtered(note: QueueNote, values: Mapping[str, str], context: Context) -> QueueNote:
    segment = values.get("segment", "")
    return QueueNote(
        KIND.get(values.get("kind", ""), ""),
        SORT.get(values.get("sort", ""), ""),
        " ".join(values.get("area", "").split())[:AREA],
        segment if segment in context.programme.segments else "",
        note.closed,
    )


def draw_queue(note: QueueNote, reader: Reader, context: Context) -> Card:
    """Draw a page: how much there is, and five things, the oldest first."""
    speech = reader.speech
    page = context.voices.pages.get(note, Page())
    counts = page.counts
    blocks: list[Block] = [
        Paragraph(
            speech(
                "voice.queue.counts",
                new=counts.get("new", 0),
                taken=counts.get("taken", 0),
                done=counts.get("done", 0),
                declined=counts.get("declined", 0),
            )
        )
    ]
    if groups := _groups(page, speech):
        blocks.append(Paragraph(plain(groups), muted=True))
    if chosen := _chosen(note, reader):
        blocks.append(Paragraph(speech("voice.queue.only", what=chosen), muted=True))
    if not page.items:
        blocks.append(Paragraph(speech("voice.queue.none")))
    buttons: list[Button] = []
    for place, item in enumerate(page.items, 1):
        blocks += [Divider(), *_listed(place, item, reader, context)]
        label = speech.line("voice.open.n", n=place)
        buttons.append(Button(label, Tap("voice.open", str(item.number))))
    if buttons:
        blocks.append(Row(tuple(buttons)))
    turn = [Button(speech.line("voice.next"), Tap("voice.next"))] if page.more else []
    if note.after:
        turn.append(Button(speech.line("voice.first"), Tap("voice.first")))
    other = "open" if note.closed else "closed"
    turn += [
        Button(speech.line("voice.filter"), Tap("voice.filter")),
        Button(speech.line(f"voice.show.{other}"), Tap("voice.closed")),
    ]
    blocks += [Divider(), Row(tuple(turn)), *_waits(page, speech)]
    return Card(speech.line("voice.queue.title"), tuple(blocks))


def _groups(page: Page, speech: Speech) -> str:
    """Say what most of it is about."""
    named = [(speech.line(f"voice.sort.{sort}"), many) for sort, many in page.sorts.items()]
    return " · ".join(f"{name} {many}" for name, many in (*named, *page.areas.items()))


def _waits(page: Page, speech: Speech) -> Iterator[Block]:
    for name, days in (("answered", page.waits.answered), ("solved", page.waits.solved)):
        if days is not None:
            said = speech(f"voice.waits.{name}", days=max(1, round(days)))
            yield Paragraph(said, muted=True)


def _chosen(note: QueueNote, reader: Reader) -> str:
    speech = reader.speech
    segment = reader.programme.segment(note.segment) if note.segment else None
    return ", ".join(
        filter(
            None,
            (
                speech.line(f"voice.kind.{note.kind}") if note.kind else "",
                speech.line(f"voice.sort.{note.sort}") if note.sort else "",
                note.area,
                (speech.own_line(segment.name) or segment.id) if segment else "",
            ),
        )
    )


def _listed(place: int, item: Item, reader: Reader, context: Context) -> Iterator[Block]:
    speech = reader.speech
    text = masked(" ".join(item.text.split()))
    short = text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"
    what = item.title or short or speech.line("voice.words_gone")
    kind = speech.line(f"voice.kind.{item.kind}")
    yield Paragraph(speech("voice.listed", n=place, kind=kind, what=what))
    yield Paragraph(plain(", ".join(_about(item, reader, context))), muted=True)


def _about(item: Item, reader: Reader, context: Context) -> Iterator[str]:
    """Say in short where something is and how many raised it."""
    speech = reader.speech
    yield f"#{item.number}"
    yield where(item, speech, context)
    if item.sort:
        yield speech.line(f"voice.sort.{item.sort}")
    if item.area:
        yield item.area
    yield (
        speech.line("voice.people", band=band(item.people))
        if item.people >= FLOOR
        else (speech.line("voice.people.few"))
    )


def draw_filter_form(note: FilterForm, reader: Reader) -> Form:
    """Draw the form with which the queue is narrowed."""
    speech, page = reader.speech, note.page
    kinds = tuple(Option(one, speech.line(f"voice.kind.{one}")) for one in KINDS)
    segments = tuple(
        Option(one.id, (speech.own_line(one.name) or one.id)[:75])
        for one in list(reader.programme.segments.values())[:100]
    )
    fields: list[Field] = [
        ChoiceField(
            "kind", speech.line("voice.row.kind"), kinds, value=(page.kind,) if page.kind else ()
        ),
        sort_field(page.sort, speech),
        TextField("area", speech.line("voice.area"), value=page.area, longest=AREA),
    ]
    if segments:
        chosen = (page.segment,) if page.segment else ()
        fields.append(ChoiceField("segment", speech.line("voice.segment"), segments, value=chosen))
    return Form(
        speech.line("voice.filter"),
        tuple(fields),
        speech.line("voice.filter.show"),
        speech.line("button.cancel"),
        Tap("voice.filtered"),
        speech.line("voice.filter.lead"),
    )
