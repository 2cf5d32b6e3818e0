"""The privacy officer's switch in chat: on whose basis messages may follow from people's use.

Off until somebody with that role switches it on, with a basis, a day and a document. Who did it and
when stands on the card and in the log.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal
from zoneinfo import ZoneInfo

from dialogs.buttons import command
from dialogs.card import Block, Button, Card, DateField, Facts, Form, Paragraph, Row, Tap, TextField
from dialogs.for_team import ForTeamNote
from dialogs.manners import StaleNote
from dialogs.reader import Reader
from dialogs.speech import Speech
from dialogs.turns import Context, Filled, HowSwitched, Step, Tapped, Turn
from nudges.delivery import Note
from nudges.hours import local_day
from nudges.roles import Act, Role
from nudges.use_linked import Switch, UseLinked

BASIS, DOCUMENT = 500, 300
"""Most characters of each."""


@dataclass(frozen=True, slots=True)
class UseLinkedNote(Note):
    """How the switch stands, for who may move it."""

    sure: bool = False
    card: Literal["use_linked"] = "use_linked"

    @property
    def switched(self) -> bool:
        """Say that it shows the switch."""
        return True

    @property
    def roles(self) -> frozenset[str]:
        """Keep it for who may move the switch."""
        return frozenset({Role.PRIVACY_OFFICER})


@dataclass(frozen=True, slots=True)
class UseLinkedForm(Note):
    """Switch it on: the basis, the day, and where it is written."""

    card: Literal["use_linked_form"] = "use_linked_form"

    @property
    def switched(self) -> bool:
        """Say that it shows the switch."""
        return True


def asked(_turn: Turn, context: Context) -> Step:
    """Show the switch to who may move it."""
    if not context.may(Act.SWITCH_USE):
        return Step(show=(ForTeamNote("privacy_officer"),))
    return Step(show=(UseLinkedNote(),)) if context.switch else Step(look=HowSwitched())


def read(turn: Turn, context: Context) -> Step:
    """Move the switch, or open the form for it."""
    if not context.may(Act.SWITCH_USE):
        return Step(show=(ForTeamNote("privacy_officer"),))
    if context.switch is None:
        return Step(look=HowSwitched())
    note = context.message.note if context.message else None
    match turn, note:
        case Tapped(verb="use_linked.open"), UseLinkedNote():
            return Step(form=UseLinkedForm())
        case Tapped(verb="use_linked.off"), UseLinkedNote() if context.switch.on:
            return Step(instead=UseLinkedNote(sure=True))
        case Tapped(verb="use_linked.keep"), UseLinkedNote():
            return Step(instead=UseLinkedNote())
        case Tapped(verb="use_linked.sure"), UseLinkedNote(sure=True) if context.switch.on:
            word = context.switch.word
            off = UseLinked(on=False, basis=word.basis, since=word.since, document=word.document)
            return Step(instead=UseLinkedNote(), facts=(off,))
        case Filled(verb="use_linked.saved", values=values), UseLinkedNote():
            return _saved(values, context)
        case Tapped(), UseLinkedNote():
            return Step(instead=UseLinkedNote())
        case _:
            return Step(show=(StaleNote(),))


def _saved(values: Mapping[str, str], context: Context) -> Step:
    basis, document = values.get("basis", "").strip(), values.get("document", "").strip()
    day = _day(values.get("since", ""))
    errors: list[tuple[str, str]] = []
    if not basis:
        errors.append(("basis", "use_linked.error.basis"))
    if day is None:
        errors.append(("since", "use_linked.error.since"))
    elif day > local_day(context.person, context.now):
        errors.append(("since", "use_linked.error.later"))
    if not document:
        errors.append(("document", "use_linked.error.document"))
    if errors or day is None:
        return Step(form=UseLinkedForm(), errors=tuple(errors))
    word = UseLinked(on=True, basis=basis[:BASIS], since=day, document=document[:DOCUMENT])
    return Step(instead=UseLinkedNote(), facts=(word,))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def draw(note: UseLinkedNote, reader: Reader, context: Context) -> Card:
    """Draw how it stands, since when and by whom, and what it means."""
    speech, switch = reader.speech, context.switch or Switch()
    state = "on" if switch.on else "off"
    blocks: list[Block] = [Paragraph(speech(f"use_linked.{state}"))]
    if switch.at is not None:
        blocks.append(Facts(_facts(switch, speech, context.person.zone)))
    blocks += [Paragraph(speech("use_linked.means")), Paragraph(speech("use_linked.limits"))]
    if note.sure and switch.on:
        row = (
            Button(speech.line("use_linked.sure"), Tap("use_linked.sure"), "danger"),
            Button(speech.line("use_linked.keep"), Tap("use_linked.keep")),
        )
        blocks.append(Paragraph(speech("use_linked.asks")))
    elif switch.on:
        row = (
            Button(speech.line("use_linked.again"), Tap("use_linked.open")),
            Button(speech.line("use_linked.switch_off"), Tap("use_linked.off")),
        )
    else:
        row = (
            Button(speech.line("use_linked.switch_on"), Tap("use_linked.open"), "primary"),
            command(speech, "help"),
        )
    blocks += [Row(row), Paragraph(speech("use_linked.audited"), muted=True)]
    title = f"use_linked.title.{state}"
    return Card(speech.line(title), tuple(blocks))


def _facts(switch: Switch, speech: Speech, zone: str) -> tuple[tuple[str, str], ...]:
    word, rows = switch.word, list[tuple[str, str]]()
    if switch.at is not None:
        day = speech.full_day(switch.at.astimezone(ZoneInfo(zone)).date())
        who = switch.name or speech.line("use_linked.somebody")
        rows.append(
            (speech.line("use_linked.by"), speech.line("use_linked.who", name=who, day=day))
        )
    if word.basis:
        rows.append((speech.line("use_linked.basis"), word.basis))
    if word.since:
        rows.append((speech.line("use_linked.since"), speech.full_day(word.since)))
    if word.document:
        rows.append((speech.line("use_linked.document"), word.document))
    return tuple(rows)


def draw_form(reader: Reader, context: Context) -> Form:
    """Draw the form; what stands there already can be kept."""
    speech, word = reader.speech, (context.switch or Switch()).word
    return Form(
        speech.line("use_linked.form"),
        (
            TextField(
                "basis",
                speech.line("use_linked.basis"),
                lines="many",
                required=True,
                value=word.basis,
                hint=speech.line("use_linked.basis.hint"),
                longest=BASIS,
            ),
            DateField(
                "since",
                speech.line("use_linked.since"),
                required=True,
                value=word.since.isoformat() if word.since else "",
            ),
            TextField(
                "document",
                speech.line("use_linked.document"),
                required=True,
                value=word.document,
                hint=speech.line("use_linked.document.hint"),
                longest=DOCUMENT,
            ),
        ),
        speech.line("use_linked.switch_on"),
        speech.line("button.cancel"),
        Tap("use_linked.saved"),
        speech.line("use_linked.lead"),
    )
