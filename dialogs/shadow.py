"""Where did you keep it this week: one tap, what made it so, what helps, and once more later.

What somebody answers is kept for the sum and for what helps them; no card and no list shows it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Literal, TypeAlias, get_args

from dialogs.buttons import COMMAND, command
from dialogs.card import Block, Button, Card, Form, Paragraph, Row, Tap, TextField
from dialogs.commands import simple
from dialogs.manners import StaleNote
from dialogs.pulse import AnsweredNote
from dialogs.reader import Reader
from dialogs.speech import Speech, catalogue, languages
from dialogs.turns import Context, Filled, Remark, Said, Step, Tapped, Turn
from nudges.delivery import Note
from nudges.shadow import (
    OUTSIDE,
    PLACES,
    REASONS,
    Place,
    Reason,
    ShadowBack,
    ShadowCheckNote,
    ShadowKept,
    ShadowNote,
    ShadowReason,
    check,
    check_occasion,
)

ABOUT = "shadow:else"
"""What words of their own are kept about."""
LONGEST = 1000
A_ROW = 3
BACK = ("back", "not_yet")
"""What can be answered to whether somebody came back."""
HELPS: Mapping[Reason, tuple[str, ...]] = {
    "habit": ("tip", "find"),
    "faster": ("find", "tip", "training"),
    "field": ("find", "wish"),
    "asked": ("find", "blocker", "why"),
    "trust": ("find", "feedback"),
    "else": ("wish", "help"),
}
"""What can be asked for next, by what made somebody keep it elsewhere."""


@dataclass(frozen=True, slots=True)
class ShadowReasonNote(Note):
    """What made it go there; ``again`` says that one more question comes in two weeks."""

    week: str
    again: bool = False
    card: Literal["shadow_reason"] = "shadow_reason"


@dataclass(frozen=True, slots=True)
class ShadowForm(Note):
    """What made it go there, in their own words."""

    week: str
    card: Literal["shadow_form"] = "shadow_form"


@dataclass(frozen=True, slots=True)
class ShadowFixNote(Note):
    """What helps with what made somebody keep it elsewhere."""

    reason: Reason
    again: bool = False
    card: Literal["shadow_fix"] = "shadow_fix"


@dataclass(frozen=True, slots=True)
class ShadowHeardNote(Note):
    """Thanks; ``week`` is there while the answer can be changed, and it does not show that."""

    how: Literal["kept", "back", "not_yet"]
    week: str = ""
    card: Literal["shadow_heard"] = "shadow_heard"


ShadowCard: TypeAlias = (
    ShadowNote | ShadowReasonNote | ShadowFixNote | ShadowHeardNote | ShadowCheckNote
)
CARDS: tuple[type, ...] = get_args(ShadowCard)


def read(turn: Turn, context: Context) -> Step:
    """Take an answer, a reason, or another answer."""
    note = context.message.note if context.message else None
    match turn, note:
        case Tapped(verb="shadow.kept", choice=choice), ShadowNote(week):
            place: Place | None = next((one for one in PLACES if one == choice), None)
            return _kept(week, place, context) if place else _stale()
        case Tapped(verb="shadow.reason", choice=choice), ShadowReasonNote():
            reason: Reason | None = next((one for one in REASONS if one == choice), None)
            return _because(note, reason) if reason and reason != "else" else _stale()
        case Tapped(verb="shadow.else"), ShadowReasonNote(week):
            return Step(form=ShadowForm(week))
        case Filled(verb="shadow.wrote", values=values), ShadowReasonNote():
            return _wrote(note, values, context)
        case Tapped(verb="shadow.change"), ShadowReasonNote(week):
            return Step(instead=ShadowNote(week))
        case Tapped(verb="shadow.change"), ShadowHeardNote("kept", week) if week:
            return Step(instead=ShadowNote(week))
        case Tapped(verb="shadow.back", choice=choice), ShadowCheckNote(week) if choice in BACK:
            return _back(week, choice)
        case _:
            return _stale()


def answers_it(turn: Turn, context: Context) -> bool:
    """Tell typed words that answer the question which came last, and is still open."""
    return _typed(turn, context) is not None


def wrote_back(turn: Turn, context: Context) -> Step:
    """Take an answer that was typed."""
    last, said = context.last, _typed(turn, context)
    if last is None or said is None:
        return _stale()
    note = last.note
    place: Place | None = next((one for one in PLACES if one == said), None)
    if isinstance(note, ShadowCheckNote):
        step = _back(note.week, said)
    elif isinstance(note, ShadowNote) and place:
        step = _kept(note.week, place, context)
    else:
        return _stale()
    then = (step.instead,) if step.instead else ()
    return Step(
        on=last,
        instead=AnsweredNote(),
        show=then,
        facts=step.facts,
        queue=step.queue,
        cancel=step.cancel,
    )


def _typed(turn: Turn, context: Context) -> str | None:
    """Return what somebody typed as an answer, by its name."""
    last = context.last
    if not isinstance(turn, Said) or last is None or last.answered is not None:
        return None
    said = simple(turn.text)
    if context.written_back(turn, ShadowCheckNote):
        return _words(BACK).get(said)
    if context.written_back(turn, ShadowNote):
        own = simple(context.programme.crm)
        return "crm" if said and said in {own, f"in {own}"} else _words(PLACES).get(said)
    return None


@cache
def _words(answers: tuple[str, ...]) -> dict[str, str]:
    """Return what may be typed for each answer, in every language."""
    return {
        simple(word): answer
        for language in languages()
        for answer in answers
        for word in catalogue(language).gettext(f"shadow.typed.{answer}").split(", ")
    }


def _stale() -> Step:
    return Step(show=(StaleNote(),))


def _kept(week: str, place: Place, context: Context) -> Step:
    """Keep where it was; who kept it elsewhere is asked why, and once more after two weeks."""
    monday = date.fromisoformat(week)
    fact = ShadowKept(monday, place)
    if place not in OUTSIDE:
        then = ShadowHeardNote("kept", week)
        return Step(instead=then, facts=(fact,), cancel=(check_occasion(monday),))
    later = check(context.person, monday, context.now)
    then = ShadowReasonNote(week, again=later is not None)
    return Step(instead=then, facts=(fact,), queue=(later,) if later else ())


def _because(note: ShadowReasonNote, reason: Reason) -> Step:
    fact = ShadowReason(date.fromisoformat(note.week), reason)
    return Step(instead=ShadowFixNote(reason, note.again), facts=(fact,))


def _wrote(note: ShadowReasonNote, values: Mapping[str, str], context: Context) -> Step:
    """Keep what made it so in their own words."""
    text = values.get("shadow", "").strip()
    if not text:
        return Step(form=ShadowForm(note.week), errors=(("shadow", "stops.error.empty"),))
    remark = Remark(context.person.id, ABOUT, text[:LONGEST], context.now)
    fact = ShadowReason(date.fromisoformat(note.week), "else")
    then = ShadowFixNote("else", note.again)
    return Step(instead=then, facts=(fact,), remarks=(remark,))


def _back(week: str, choice: str) -> Step:
    fact = ShadowBack(date.fromisoformat(week), choice == "back")
    return Step(instead=ShadowHeardNote("back" if fact.back else "not_yet"), facts=(fact,))


def draw(note: ShadowCard, reader: Reader) -> Card:
    """Draw whichever card it is."""
    match note:
        case ShadowNote():
            return _question(reader)
        case ShadowReasonNote():
            return _reasons(note, reader)
        case ShadowFixNote():
            return _fix(note, reader)
        case ShadowHeardNote():
            return _heard(note, reader)
        case ShadowCheckNote():
            return _check(reader)


def _question(reader: Reader) -> Card:
    speech = reader.speech
    buttons = [
        Button(speech.line(f"shadow.place.{place}"), Tap("shadow.kept", place)) for place in PLACES
    ]
    return Card(
        speech.line("shadow.title"),
        (Paragraph(speech("shadow.body")), *_rows([*buttons, _why(speech)]), _private(speech)),
    )


def _reasons(note: ShadowReasonNote, reader: Reader) -> Card:
    speech = reader.speech
    buttons = [
        Button(
            speech.line(f"shadow.reason.{reason}"),
            Tap("shadow.else") if reason == "else" else Tap("shadow.reason", reason),
        )
        for reason in REASONS
    ]
    return Card(
        speech.line("shadow.reason.title"),
        (
            Paragraph(speech("shadow.reason.body")),
            *_rows(buttons),
            Row((_change(speech),)),
            *_later(note.again, speech),
            Paragraph(speech("stops.private"), muted=True),
        ),
    )


def _fix(note: ShadowFixNote, reader: Reader) -> Card:
    speech = reader.speech
    return Card(
        speech.line("stopped.title"),
        (
            Paragraph(speech(f"shadow.fix.{note.reason}")),
            Row(tuple(command(speech, name) for name in HELPS[note.reason])),
            *_later(note.again, speech),
            Paragraph(speech("stops.private"), muted=True),
        ),
    )


def _heard(note: ShadowHeardNote, reader: Reader) -> Card:
    speech = reader.speech
    rows = {
        "kept": (_change(speech),) if note.week else (),
        "back": (command(speech, "tip"),),
        "not_yet": (
            Button(speech.line("stops.ask"), Tap("use.stops"), "primary"),
            command(speech, "tip"),
            command(speech, "find"),
        ),
    }
    row = (Row(rows[note.how]),) if rows[note.how] else ()
    return Card(
        speech.line(f"shadow_heard.{note.how}.title"),
        (Paragraph(speech(f"shadow_heard.{note.how}")), *row),
    )


def _check(reader: Reader) -> Card:
    """Draw the second question; a locked screen tells nobody what it is about."""
    speech = reader.speech
    buttons = (
        Button(speech.line("shadow.check.back"), Tap("shadow.back", "back")),
        Button(speech.line("shadow.check.not_yet"), Tap("shadow.back", "not_yet")),
        _why(speech),
    )
    return Card(
        speech.line("shadow.check.title"),
        (Paragraph(speech("shadow.check.body")), Row(buttons), _private(speech)),
        notice=speech.line("use.notice"),
    )


def draw_form(reader: Reader) -> Form:
    """Draw the form for something else."""
    speech = reader.speech
    field = TextField(
        "shadow",
        speech.line("stops.label"),
        lines="many",
        required=True,
        hint=speech.line("stops.hint"),
        longest=LONGEST,
    )
    return Form(
        speech.line("shadow.form"),
        (field,),
        speech.line("button.send"),
        speech.line("button.cancel"),
        Tap("shadow.wrote"),
    )


def _rows(buttons: list[Button]) -> list[Block]:
    return [Row(tuple(buttons[at : at + A_ROW])) for at in range(0, len(buttons), A_ROW)]


def _why(speech: Speech) -> Button:
    return Button(speech.line("tip.why_this"), Tap(COMMAND, "why_this"))


def _change(speech: Speech) -> Button:
    return Button(speech.line("shadow.change"), Tap("shadow.change"))


def _later(again: bool, speech: Speech) -> list[Block]:  # noqa: FBT001 - as the note has it
    return [Paragraph(speech("shadow.later"), muted=True)] if again else []


def _private(speech: Speech) -> Paragraph:
    return Paragraph(speech("shadow.private"), muted=True)
