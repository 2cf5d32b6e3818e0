"""The sprint desk: where the CRM team writes clean-up sprints, starts, prolongs or cancels them."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import TypeAlias

from dialogs.card import (
    Block,
    Button,
    Card,
    Divider,
    Facts,
    Field,
    Form,
    Paragraph,
    Row,
    Tap,
    TextField,
)
from dialogs.competition_notes import SprintDeskNote, SprintDraftNote, SprintForm, SprintsNote
from dialogs.for_team import ForTeamNote
from dialogs.manners import StaleNote
from dialogs.merit_fields import (
    chosen_segments,
    day_field,
    days,
    each,
    mistakes,
    segments_field,
    span,
    whom,
    words_fields,
)
from dialogs.reader import Reader
from dialogs.rich import Span
from dialogs.speech import Speech, languages
from dialogs.turns import Context, Filled, Step, Tapped, Turn
from nudges.competition import NEW, State, today
from nudges.roles import Act
from nudges.sprint import (
    FIRST,
    REASON,
    Run,
    Sprint,
    SprintCancelled,
    SprintKept,
    SprintReleased,
    refusals,
)

LISTED = 10
A_ROW = 5
USUAL_GOAL, USUAL_DAYS = "90", 18
OPEN = frozenset({State.DRAFT, State.ANNOUNCED, State.RUNNING})
DeskCard: TypeAlias = SprintDeskNote | SprintDraftNote


def read(turn: Turn, context: Context) -> Step:
    """Take a press on the desk, or its form."""
    if not context.may(Act.EDIT_PROGRAMME):
        return Step(show=(ForTeamNote("crm_team"),))
    note = context.message.note if context.message else None
    match note:
        case SprintDeskNote():
            return _on_desk(turn, context)
        case SprintDraftNote(number) if number in context.merits.sprints:
            return _on_draft(turn, context.merits.sprints[number], context)
        case _:
            return _stale()


def _stale() -> Step:
    return Step(show=(StaleNote(),))


def _on_desk(turn: Turn, context: Context) -> Step:
    match turn:
        case Tapped(verb="sprint_desk.new"):
            return Step(form=SprintForm())
        case Tapped(verb="sprint_desk.mine"):
            return Step(show=(SprintsNote(),))
        case Tapped(verb="sprint_desk.open", choice=choice) if choice.isdecimal():
            known = int(choice) in context.merits.sprints
            return Step(instead=SprintDraftNote(int(choice))) if known else _stale()
        case Filled(verb="sprint_desk.save", values=values):
            return _save(values, None, context)
        case _:
            return _stale()


def _on_draft(turn: Turn, run: Run, context: Context) -> Step:
    number, state = run.number, run.state(today(context.now))
    match turn:
        case Tapped(verb="sprint_desk.all"):
            return Step(instead=SprintDeskNote())
        case Tapped(verb="sprint_desk.keep"):
            return Step(instead=SprintDraftNote(number))
        case _ if state not in OPEN:
            return _stale()
        case Tapped(verb="sprint_desk.edit"):
            return Step(form=SprintForm(number))
        case Tapped(verb="sprint_desk.release") if state is State.DRAFT:
            after = SprintDraftNote(number, saved=True)
            return Step(instead=after, facts=(SprintReleased(number),))
        case Tapped(verb="sprint_desk.cancel"):
            return Step(instead=SprintDraftNote(number, sure=True))
        case Tapped(verb="sprint_desk.sure"):
            return Step(instead=SprintDraftNote(number), facts=(SprintCancelled(number),))
        case Filled(verb="sprint_desk.save", values=values):
            return _save(values, run, context)
        case _:
            return _stale()


def _save(values: Mapping[str, str], run: Run | None, context: Context) -> Step:
    day = today(context.now)
    begun = run is not None and run.state(day) is State.RUNNING
    starts, ends, errors = days(values, context)
    if run is not None and begun:
        errors = [one for one in errors if one[0] != "starts"]
        wanted = replace(run.sprint, ends=ends)
    else:
        goal = values.get("goal", "").strip().removesuffix("%").strip()
        wanted = Sprint(
            run.sprint.key if run else f"chat:{context.key}",
            each("reason", values),
            each("fill", values),
            int(goal) if goal.isascii() and goal.isdecimal() and len(goal) < 4 else 0,  # noqa: PLR2004
            starts,
            ends,
            chosen_segments(values, context),
        )
    before = run.sprint if run and begun else None
    refused = refusals(wanted, languages(), context.programme.segments, day, before)
    words = (f"{name}_{code}" for name in ("reason", "fill") for code in languages())
    known = ("ends",) if begun else (*words, "goal", "starts", "ends", "segments")
    said = mistakes(refused, errors, known)
    number = run.number if run else NEW
    if said:
        return Step(form=SprintForm(number), errors=said)
    after = SprintDraftNote(number, saved=True) if run else SprintDeskNote(saved=True)
    return Step(instead=after, facts=(SprintKept(wanted, number),))


def draw(note: DeskCard, reader: Reader, context: Context) -> Card:
    """Draw the desk, or one sprint on it."""
    if isinstance(note, SprintDeskNote):
        return _desk(note, reader, context)
    return _draft(note, reader, context)


def _desk(note: SprintDeskNote, reader: Reader, context: Context) -> Card:
    speech, day = reader.speech, today(context.now)
    found = sorted(context.merits.sprints.values(), key=lambda one: one.number, reverse=True)
    blocks: list[Block] = [Paragraph(speech("sprint_desk.lead" if found else "sprint_desk.none"))]
    buttons: list[Button] = []
    for n, one in enumerate(found[:LISTED], 1):
        state = speech.line(f"merit.state.{one.state(day)}")
        days_ = span(one.sprint.starts, one.sprint.ends, speech)
        name = whom(one.sprint.segments, reader)
        blocks.append(Paragraph(speech("merit.one", n=n, name=name, days=days_, state=state)))
        label = speech.line("sprint_desk.open", n=n)
        buttons.append(Button(label, Tap("sprint_desk.open", str(one.number))))
    blocks += [Row(tuple(buttons[at : at + A_ROW])) for at in range(0, len(buttons), A_ROW)]
    new = Button(speech.line("sprint_desk.new"), Tap("sprint_desk.new"), "primary")
    mine = Button(speech.line("competition_desk.mine"), Tap("sprint_desk.mine"))
    title = "merit.saved" if note.saved else "sprint_desk.title"
    return Card(speech.line(title), (*blocks, Divider(), Row((new, mine))))


def _draft(note: SprintDraftNote, reader: Reader, context: Context) -> Card:
    speech, run = reader.speech, context.merits.sprints.get(note.sprint)
    if run is None:
        return Card(speech.line("sprint_desk.title"), (Paragraph(speech("sprint_desk.none")),))
    sprint, state = run.sprint, run.state(today(context.now))
    rows = (
        (speech.line("competition.row.days"), span(sprint.starts, sprint.ends, speech)),
        (speech.line("competition.row.whom"), whom(sprint.segments, reader)),
        (speech.line("sprint.row.goal"), f"{sprint.goal}%"),
    )
    heading = Span(speech.line("sprint.fill") + " ", bold=True)
    return Card(
        speech.line("merit.saved" if note.saved else "sprint_desk.one"),
        (
            Paragraph(speech.own(sprint.reason)),
            Facts(rows),
            Paragraph((heading, *speech.own(sprint.fill))),
            Paragraph(speech(f"sprint_desk.state.{state}")),
            *_rows(note, state, speech),
            Paragraph(speech("sprint_desk.shown"), muted=True),
        ),
    )


def _rows(note: SprintDraftNote, state: State, speech: Speech) -> tuple[Block, ...]:
    def button(name: str, verb: str = "") -> Button:
        return Button(speech.line(f"competition_desk.{name}"), Tap(f"sprint_desk.{verb or name}"))

    if note.sure and state in OPEN:
        sure = Button(speech.line("competition_desk.sure"), Tap("sprint_desk.sure"), "danger")
        return (Paragraph(speech("sprint_desk.asks")), Row((sure, button("keep"))))
    row: list[Button] = []
    if state is State.DRAFT:
        release = Tap("sprint_desk.release")
        row.append(Button(speech.line("sprint_desk.release"), release, "primary"))
    if state in {State.DRAFT, State.ANNOUNCED}:
        row.append(button("edit"))
    elif state is State.RUNNING:
        row.append(button("prolong", "edit"))
    if state in OPEN:
        row.append(button("cancel"))
    return (Row((*row, button("all"))),)


def draw_form(note: SprintForm, reader: Reader, context: Context) -> Form:
    """Draw the form, filled in as it is now; of what has begun only the last day."""
    speech, run = reader.speech, context.merits.sprints.get(note.sprint)
    sprint = run.sprint if run else None
    if run is not None and sprint is not None and run.state(today(context.now)) is State.RUNNING:
        fields: tuple[Field, ...] = (day_field("ends", sprint.ends, speech),)
        lead = "sprint_form.prolong"
    else:
        first = today(context.now)
        starts = sprint.starts if sprint else first + timedelta(days=7 - first.weekday())
        ends = sprint.ends if sprint else starts + timedelta(days=USUAL_DAYS)
        goal = TextField(
            "goal",
            speech.line("merit.field.goal"),
            required=True,
            value=str(sprint.goal) if sprint else USUAL_GOAL,
            longest=4,
        )
        some = bool(reader.programme.segments)
        fields = (
            *words_fields("reason", sprint.reason if sprint else {}, REASON, speech),
            *words_fields("fill", sprint.fill if sprint else {}, FIRST, speech),
            goal,
            day_field("starts", starts, speech),
            day_field("ends", ends, speech),
            *((segments_field(sprint.segments if sprint else (), reader),) if some else ()),
        )
        lead = "sprint_form.lead"
    return Form(
        speech.line("sprint_form.edit" if run else "sprint_form.new"),
        fields,
        speech.line("button.save"),
        speech.line("button.cancel"),
        Tap("sprint_desk.save"),
        speech.line(lead),
    )
