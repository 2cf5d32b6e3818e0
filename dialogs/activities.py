"""Who does what, in the chat: this week's one activity, this month's list, and the sum of a month.

Ticking is for the one who ticks: nobody else sees it. One level up only sums of five or more
people are told.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from dialogs.buttons import command
from dialogs.card import Block, Button, Card, Paragraph, Row, Tap
from dialogs.for_team import ForTeamNote
from dialogs.manners import StaleNote
from dialogs.reader import Reader
from dialogs.rich import Span
from dialogs.speech import Speech
from dialogs.turns import Context, Step, Tapped, Turn
from nudges.activities import (
    DOERS,
    Activity,
    ActivityNote,
    Known,
    Sum,
    Tick,
    TickState,
    occasion,
    period,
    phase_of,
    this_month,
)
from nudges.delivery import Note
from nudges.health import SumNote
from nudges.hours import local_day

STATES: dict[str, TickState] = {"done": "done", "later": "later", "not_mine": "not_mine"}


@dataclass(frozen=True, slots=True)
class TickedNote(Note):
    """What an activity becomes once someone has said how it stands."""

    how: TickState
    card: Literal["ticked"] = "ticked"


@dataclass(frozen=True, slots=True)
class ActivitiesNote(Note):
    """What is someone's to do this month, with a button for each, and how many they have done."""

    open: tuple[str, ...] = ()
    done: int = 0
    card: Literal["activities"] = "activities"


def mine(_turn: Turn, context: Context) -> Step:
    """Show what is someone's to do this month."""
    if context.person.roles.isdisjoint(DOERS):
        return Step(show=(ForTeamNote("doers"),))
    return Step(show=(_list(context, context.duties),))


def read(turn: Turn, context: Context) -> Step:
    """Take a tick on this week's activity or on the list."""
    note = context.message.note if context.message else None
    match turn, note:
        case Tapped(verb="activity.tick", choice=choice), ActivityNote(name) if choice in STATES:
            found = _activity(name, context)
            tick = _tick(found, STATES[choice], context) if found else None
            return Step(instead=TickedNote(STATES[choice]), facts=(tick,) if tick else ())
        case Tapped(verb="activity.listed", choice=name), ActivitiesNote(listed) if name in listed:
            found = _activity(name, context)
            if found is None:
                return Step(instead=_list(context, context.duties))
            tick = _tick(found, "done", context)
            known = Known((*context.duties.ticks, tick), context.duties.nudged)
            today = local_day(context.person, context.now)
            return Step(
                instead=_list(context, known),
                facts=(tick,),
                cancel=(occasion(today), occasion(today + timedelta(days=7))),
            )
        case _:
            return Step(show=(StaleNote(),))


def _activity(name: str, context: Context) -> Activity | None:
    """Return an activity, or nothing if the organisation has dropped it since."""
    return next((a for a in context.library.activities if a.id == name), None)


def _tick(activity: Activity, state: TickState, context: Context) -> Tick:
    day = local_day(context.person, context.now)
    when = period(activity.rhythm, day)
    return Tick(context.person.id, activity.id, when, state, context.now)


def _list(context: Context, known: Known) -> ActivitiesNote:
    phase = phase_of(context.programme, context.person, context.now)
    open_, done = this_month(context.person, context.library.activities, known, phase, context.now)
    return ActivitiesNote(open_, len(done))


def draw_activity(note: ActivityNote, reader: Reader) -> Card:
    """Draw this week's activity: what, why, and how it stands."""
    speech = reader.speech
    deed = reader.library.deeds[note.activity]
    role = next(a.role for a in reader.library.activities if a.id == note.activity)
    why = Span(speech.line("activity.why") + " ", bold=True)
    as_ = speech.line(f"as.{role}")
    return Card(
        speech.line("activity.title"),
        (
            Paragraph(speech.own(deed.text)),
            Paragraph((why, *speech.own(deed.why))),
            Row(
                (
                    Button(speech.line("activity.done"), Tap("activity.tick", "done"), "primary"),
                    Button(speech.line("activity.later"), Tap("activity.tick", "later")),
                    Button(speech.line("activity.not_mine"), Tap("activity.tick", "not_mine")),
                )
            ),
            Paragraph(speech("activity.because", role=as_), muted=True),
        ),
    )


def draw_ticked(note: TickedNote, reader: Reader) -> Card:
    """Draw what stays of an activity."""
    speech = reader.speech
    return Card(
        speech.line(f"ticked.{note.how}.title"),
        (
            Paragraph(speech(f"ticked.{note.how}")),
            Row((command(speech, "activities"),)),
        ),
    )


def draw_activities(note: ActivitiesNote, reader: Reader) -> Card:
    """Draw the month's list; each line has its number, and each number its button."""
    speech, deeds = reader.speech, reader.library.deeds
    body: list[Block] = [Paragraph(speech("activities.lead" if note.open else "activities.none"))]
    buttons: list[Button] = []
    for number, name in enumerate((n for n in note.open if n in deeds), 1):
        text = speech.own(deeds[name].text)
        body.append(Paragraph((Span(f"{number}. ", bold=True), *text)))
        buttons.append(
            Button(
                speech.line("activities.tick", n=number),
                Tap("activity.listed", name),
                hint=speech.line("activities.tick.hint", n=number),
            )
        )
    if buttons:
        body.append(Row(tuple(buttons)))
    if note.done:
        body.append(Paragraph(speech("activities.done", n=note.done)))
    body.append(Paragraph(speech("activities.private"), muted=True))
    return Card(speech.line("activities.title"), tuple(body))


def draw_sum(note: SumNote, reader: Reader) -> Card:
    """Draw what was done of each role's activities in a month."""
    speech = reader.speech
    return Card(
        speech.line("activity_sum.title"),
        (
            Paragraph(speech("activity_sum.body", month=month_name(note.month, speech))),
            *sums(note.sums, speech),
            Paragraph(speech("activity_sum.private"), muted=True),
        ),
    )


def sums(found: tuple[Sum, ...], speech: Speech) -> tuple[Paragraph, ...]:
    """Return each role's sum in words; a one-sided one is told without figures."""
    return tuple(
        Paragraph(
            speech(
                f"activity_sum.{one.how}",
                role=speech.line(f"doers.{one.role}"),
                done=one.done,
                all=one.all,
            )
        )
        for one in found
    )


def month_name(month: str, speech: Speech) -> str:
    """Name a month: "November 2026"."""
    return speech.month(date.fromisoformat(f"{month}-01"))
