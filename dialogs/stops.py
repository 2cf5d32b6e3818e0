"""What stops you: ten things that get in the way, and for each of them what helps.

What somebody picks is kept as their own words are, and shown to nobody.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

from dialogs.buttons import COMMAND, command
from dialogs.card import Button, Card, Form, Paragraph, Row, Tap, TextField
from dialogs.raising import open_button
from dialogs.reader import Reader
from dialogs.turns import Context, Remark, Step
from nudges.delivery import Note
from nudges.use_linked import StopsNote
from nudges.voice import Sort

Stop: TypeAlias = Literal[
    "time",
    "tools",
    "know_how",
    "no_support",
    "complicated",
    "afraid",
    "awkward",
    "no_fit",
    "targets",
    "else",
]
STOPS: tuple[Stop, ...] = get_args(Stop)
A_ROW = 5
ABOUT = "stops"
"""What a pick is kept about."""
LONGEST = 1000
HELPS: Mapping[Stop, tuple[str, ...]] = {
    "time": ("tip", "settings"),
    "tools": ("find",),
    "know_how": ("find", "training", "tip"),
    "no_support": ("find", "training"),
    "complicated": ("tip", "find"),
    "afraid": ("find", "training"),
    "awkward": ("tip",),
    "no_fit": ("why",),
    "targets": ("why",),
    "else": ("help",),
}
"""What can be asked for next, by what stops somebody."""
SORT_OF: Mapping[Stop, Sort] = {
    "time": "time",
    "tools": "tool",
    "know_how": "skill",
    "no_support": "skill",
    "complicated": "tool",
    "afraid": "will",
    "awkward": "tool",
    "no_fit": "process",
    "targets": "incentive",
    "else": "",
}
"""Of what sort it is for the CRM team, once somebody tells them."""


@dataclass(frozen=True, slots=True)
class StopsForm(Note):
    """Something else that stops somebody, in their own words."""

    card: Literal["stops_form"] = "stops_form"


@dataclass(frozen=True, slots=True)
class StoppedNote(Note):
    """What stops somebody was heard; what helps stands on it."""

    what: Stop
    card: Literal["stopped"] = "stopped"


def picked(choice: str, context: Context) -> Step | None:
    """Keep what stops somebody, and say what helps; None if it is nothing to pick."""
    what: Stop | None = next((one for one in STOPS if one == choice), None)
    if what is None or what == "else":
        return None
    remark = Remark(context.person.id, f"{ABOUT}:{what}", what, context.now)
    return Step(instead=StoppedNote(what), remarks=(remark,))


def wrote(values: Mapping[str, str], context: Context) -> Step:
    """Keep what stops somebody in their own words."""
    text = values.get("stops", "").strip()
    if not text:
        return Step(form=StopsForm(), errors=(("stops", "stops.error.empty"),))
    remark = Remark(context.person.id, f"{ABOUT}:else", text[:LONGEST], context.now)
    return Step(instead=StoppedNote("else"), remarks=(remark,))


def draw_stops(note: StopsNote, reader: Reader) -> Card:
    """Draw the ten, and why it is asked where we asked by ourselves."""
    speech = reader.speech
    buttons = [
        Button(
            speech.line(f"stops.{what}"),
            Tap("use.else") if what == "else" else Tap("use.pick", what),
        )
        for what in STOPS
    ]
    lead = "stops.asked" if note.week else "stops.body"
    rows = [Row(tuple(buttons[at : at + A_ROW])) for at in range(0, len(buttons), A_ROW)]
    why = Button(speech.line("tip.why_this"), Tap(COMMAND, "why_this"))
    ways = (Row((command(speech, "score"), why)),) if note.week else ()
    return Card(
        speech.line("stops.title"),
        (
            Paragraph(speech(lead)),
            *rows,
            *ways,
            Paragraph(speech("stops.private"), muted=True),
            *((Paragraph(speech("use.because"), muted=True),) if note.week else ()),
        ),
        notice=speech.line("use.notice") if note.week else "",
    )


def draw_stopped(note: StoppedNote, reader: Reader) -> Card:
    """Draw what helps with what stops somebody."""
    speech = reader.speech
    return Card(
        speech.line("stopped.title"),
        (
            Paragraph(speech(f"stopped.{note.what}")),
            Row(
                (
                    *(command(speech, name) for name in HELPS[note.what]),
                    open_button("blocker", speech, SORT_OF[note.what]),
                )
            ),
            Paragraph(speech("stops.private"), muted=True),
        ),
    )


def draw_form(reader: Reader) -> Form:
    """Draw the form for something else."""
    speech = reader.speech
    field = TextField(
        "stops",
        speech.line("stops.label"),
        lines="many",
        required=True,
        hint=speech.line("stops.hint"),
        longest=LONGEST,
    )
    return Form(
        speech.line("stops.form"),
        (field,),
        speech.line("button.send"),
        speech.line("button.cancel"),
        Tap("use.wrote"),
    )
