"""One thing that people raised, for the CRM team: what was said, and each step with it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal, TypeAlias, get_args

from dialogs.authoring_notes import DraftNote
from dialogs.card import (
    Block,
    Button,
    Card,
    DateField,
    Divider,
    Facts,
    Field,
    Form,
    Paragraph,
    Row,
    Tap,
    TextField,
)
from dialogs.manners import gone
from dialogs.raising import sort_field
from dialogs.reader import Reader
from dialogs.rich import Rich, plain
from dialogs.speech import Speech
from dialogs.turns import Context, Filled, Mistake, Step, Tapped, Turn
from nudges.broadcast import Draft, DraftKept, Message
from nudges.delivery import Note
from nudges.group import band
from nudges.hours import local_day
from nudges.moments import weekdays_after
from nudges.release import FLOOR
from nudges.sensitive import masked, refused
from nudges.voice import (
    AREA,
    SORT,
    TITLE,
    WHY,
    AskedBack,
    Closed,
    Item,
    Merged,
    Raiser,
    Sorted,
    Taken,
    VoiceFact,
    number_of,
    steps,
)
from nudges.voice_notes import ItemNote

SAID = 5
"""So many of those who raised the same are shown in their own words."""
PROMISED = 5
"""Working days that are proposed for an answer."""
A_ROW = 4
FARTHEST = timedelta(days=365)
What: TypeAlias = Literal["take", "done", "decline", "sort", "merge", "ask"]
WHATS: Mapping[str, What] = {one: one for one in get_args(What)}
EVERYONE = "everyone"


@dataclass(frozen=True, slots=True)
class ItemForm(Note):
    """One step with something that was raised."""

    number: int
    what: What
    card: Literal["voice_item_form"] = "voice_item_form"

    @property
    def raised(self) -> tuple[int, ...]:
        """Name it."""
        return (self.number,)


def on_item(turn: Turn, note: ItemNote, item: Item, context: Context) -> Step:
    """Take a step with something that was raised."""
    match turn:
        case Tapped(verb="voice.queue"):
            return Step(instead=note.page)
        case Tapped(verb="voice.step", choice="told") if "told" in _steps(item, context):
            return _you_said(note, item, context)
        case Tapped(verb="voice.step", choice=choice) if choice in _steps(item, context):
            what = WHATS.get(choice)
            return Step(form=ItemForm(item.number, what)) if what else gone()
        case Filled(verb="voice.stepped", choice=choice, values=values) if choice in _steps(
            item, context
        ):
            what = WHATS.get(choice)
            return _stepped(what, values, note, item, context) if what else gone()
        case _:
            return gone()


def _steps(item: Item, context: Context) -> tuple[str, ...]:
    return steps(item, local_day(context.person, context.now))


def _stepped(
    what: What, values: Mapping[str, str], note: ItemNote, item: Item, context: Context
) -> Step:
    fact, wrong = _fact(what, values, item, local_day(context.person, context.now))
    if fact is None:
        return Step(form=ItemForm(item.number, what), errors=wrong)
    how: Literal["saved", "asked", "merged"] = "saved"
    if what == "ask":
        how = "asked"
    elif what == "merge":
        how = "merged"
    return Step(instead=replace(note, how=how), facts=(fact,))


def _fact(
    what: What, values: Mapping[str, str], item: Item, today: date
) -> tuple[VoiceFact | None, tuple[Mistake, ...]]:
    """Return what a form says, or what is wrong with it."""
    number = item.number
    match what:
        case "take":
            due = _day(values.get("due", ""))
            if due is None or not today <= due <= today + FARTHEST:
                return None, (("due", "voice.error.due"),)
            return Taken(number, due), ()
        case "done" | "decline" | "ask":
            words = values.get("words", "").strip()
            if wrong := unsayable(words):
                return None, (wrong,)
            if what == "ask":
                return AskedBack(number, words), ()
            return Closed(number, what == "done", words), ()
        case "sort":
            sort = SORT.get(values.get("sort", ""), "")
            area = " ".join(values.get("area", "").split())[:AREA]
            title = " ".join(values.get("title", "").split())[:TITLE]
            return Sorted(number, sort, area, title), ()
        case "merge":
            into = number_of(values.get("into", ""))
            if into in {0, number}:
                return None, (("into", "voice.error.into"),)
            return Merged(number, into), ()


def unsayable(words: str) -> Mistake | None:
    """Return what is wrong with words that people are to read, if anything."""
    if not words:
        return "words", "voice.error.words"
    if len(words) > WHY:
        return "words", "raise.error.long", {"n": WHY}
    danger = refused(words)
    return ("words", f"raise.error.{danger}") if danger else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _you_said(note: ItemNote, item: Item, context: Context) -> Step:
    """Make a draft of what people said and what was done; its author looks at it first."""
    speech = Speech(context.person.language)
    title = speech.line("voice.told.title", what=called(item, speech))[:TITLE]
    body = speech.line("voice.told.body", what=called(item, speech), words=item.words)
    language = speech.language
    draft = Draft(Message({language: title}, {language: body}), EVERYONE, 0)
    return Step(
        instead=replace(note, how="saved"),
        show=(DraftNote(context.key),),
        facts=(DraftKept(context.key, draft),),
    )


def called(item: Item, speech: Speech) -> str:
    """Name something by what the CRM team calls it, else by what it is about."""
    if item.title:
        return item.title
    return speech.line(f"voice.sort.{item.sort}" if item.sort else f"voice.kind.{item.kind}")


def where(item: Item, speech: Speech, context: Context) -> str:
    """Say in which state something is, whose it is and until when."""
    day = speech.day(item.due) if item.due else ""
    late = item.late(local_day(context.person, context.now))
    how = "late" if late else item.state
    owner = item.owner_name or speech.line("voice.team")
    return speech.line(f"voice.state.{how}", day=day, owner=owner)


def draw_item(note: ItemNote, reader: Reader, context: Context) -> Card:
    """Draw one thing: what was said, what was asked back, where it is, and what can be done."""
    speech, item = reader.speech, context.voices.items.get(note.number)
    back = Row((Button(speech.line("voice.to_queue"), Tap("voice.queue")),))
    if item is None:
        return Card(speech.line("voice.item.title"), (Paragraph(speech("voice.gone")), back))
    blocks: list[Block] = []
    if note.how:
        how = note.how if note.how != "merged" or item.state == "merged" else "not_merged"
        blocks.append(Paragraph(speech(f"voice.item.{how}")))
    blocks.append(Facts(tuple(_rows(item, reader, context))))
    for one in item.raisers[:SAID]:
        blocks += [
            Divider(),
            Paragraph(plain(masked(one.text))),
            Paragraph(_by(one, reader), muted=True),
        ]
    if len(item.raisers) > SAID:
        blocks.append(Paragraph(speech("voice.more_said"), muted=True))
    blocks += _talk(item, speech)
    buttons = [
        Button(
            speech.line(f"voice.step.{one}"),
            Tap("voice.step", one),
            "primary" if place == 0 and item.state in {"new", "taken"} else "plain",
        )
        for place, one in enumerate(_steps(item, context))
    ]
    rows = [Row(tuple(buttons[at : at + A_ROW])) for at in range(0, len(buttons), A_ROW)]
    return Card(called(item, speech), (*blocks, Divider(), *rows, back, _small(speech)))


def _by(one: Raiser, reader: Reader) -> Rich:
    """Say who said it and when; without their name neither, for a day tells who was there."""
    speech = reader.speech
    if one.name:
        return speech("voice.said_by", who=one.name, day=speech.day(one.at.date()))
    segment = reader.programme.segment(one.segment)
    return plain(speech.own_line(segment.name) or one.segment or speech.line("voice.somebody"))


def _small(speech: Speech) -> Paragraph:
    return Paragraph(speech("voice.item.private"), muted=True)


def _rows(item: Item, reader: Reader, context: Context) -> Iterator[tuple[str, str]]:
    speech = reader.speech
    yield speech.line("voice.row.kind"), speech.line(f"voice.kind.{item.kind}")
    if item.sort:
        yield speech.line("voice.sort"), speech.line(f"voice.sort.{item.sort}")
    if item.area:
        yield speech.line("voice.area"), item.area
    yield speech.line("voice.row.state"), where(item, speech, context)
    many = band(item.people) if item.people >= FLOOR else speech.line("voice.few")
    yield speech.line("voice.row.people"), many
    if item.words and item.state in {"done", "declined"}:
        yield speech.line(f"voice.row.{item.state}"), item.words
    if item.into:
        yield speech.line("voice.row.into"), f"#{item.into}"
    if item.ruling:
        yield speech.line("voice.row.ruling"), item.ruling
    elif item.above:
        yield speech.line("voice.row.ruling"), speech.line("voice.above.waits")


def _talk(item: Item, speech: Speech) -> Iterator[Block]:
    if item.talk:
        yield Divider()
    for one in item.talk:
        key = "voice.talk.we" if one.place == 0 else "voice.talk.they"
        yield Paragraph(speech(key, n=one.place, text=masked(one.text)))


def draw_item_form(note: ItemForm, reader: Reader, context: Context) -> Form:
    """Draw the form of a step."""
    speech, item = reader.speech, context.voices.items.get(note.number)
    fields: tuple[Field, ...]
    match note.what:
        case "take":
            first = weekdays_after(local_day(context.person, context.now), PROMISED)
            fields = (
                DateField("due", speech.line("voice.due"), required=True, value=first.isoformat()),
            )
        case "sort":
            fields = (
                TextField(
                    "title",
                    speech.line("voice.field.title"),
                    value=item.title if item else "",
                    hint=speech.line("voice.field.title.hint"),
                    longest=TITLE,
                ),
                sort_field(item.sort if item else "", speech),
                TextField(
                    "area",
                    speech.line("voice.area"),
                    value=item.area if item else "",
                    longest=AREA,
                ),
            )
        case "merge":
            fields = (
                TextField(
                    "into",
                    speech.line("voice.field.into"),
                    required=True,
                    hint=speech.line("voice.field.into.hint"),
                    longest=10,
                ),
            )
        case "done" | "decline" | "ask":
            fields = (
                TextField(
                    "words",
                    speech.line(f"voice.field.{note.what}"),
                    lines="many",
                    required=True,
                    longest=WHY,
                ),
            )
    return Form(
        speech.line(f"voice.form.{note.what}"),
        fields,
        speech.line("button.save"),
        speech.line("button.cancel"),
        Tap("voice.stepped", note.what),
        speech.line(f"voice.form.{note.what}.lead"),
    )
