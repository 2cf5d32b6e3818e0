"""The programme desk: where the CRM team writes why this is done, for whom, from when and how far.

Every part is a short form, and what was saved stands on the card that the form was opened from.
"""

from collections.abc import Iterable
from datetime import date

from dialogs.buttons import command
from dialogs.card import BUTTONS_A_ROW, Block, Button, Card, Divider, Facts, Paragraph, Row, Tap
from dialogs.desk_forms import filled, form_behind
from dialogs.desk_notes import (
    DeskClosedNote,
    DeskNote,
    DeskOutcomesNote,
    DeskSegmentNote,
    SegmentForm,
)
from dialogs.manners import StaleNote
from dialogs.reader import Reader
from dialogs.speech import Speech, languages
from dialogs.turns import Context, Filled, Step, Tapped, Turn
from nudges.edits import OUTCOMES
from nudges.programme import LEVELS, Outcome, Reason, Segment, has_figure, launchable, unwritten
from nudges.roles import Act

SEGMENTS = 20
"""At most this many groups: each wants five answers in every language."""


def open_desk(_turn: Turn, context: Context) -> Step:
    """Show the programme to those who write it."""
    if not context.may(Act.EDIT_PROGRAMME):
        return Step(show=(DeskClosedNote(),))
    return Step(show=(DeskNote(),))


def read(turn: Turn, context: Context) -> Step:
    """Take a press on the desk, or a form of it."""
    if not context.may(Act.EDIT_PROGRAMME):
        return Step(show=(DeskClosedNote(),))
    match turn:
        case Tapped(verb=verb, choice=choice):
            return _pressed(verb, choice, context)
        case Filled(verb=verb, choice=choice, values=values):
            return filled(verb, choice, values, context.programme)
        case _:
            return Step(show=(StaleNote(),))


def _pressed(verb: str, choice: str, context: Context) -> Step:
    known = choice in context.programme.segments
    match verb:
        case "desk.overview":
            return Step(instead=DeskNote())
        case "desk.outcomes":
            return Step(instead=DeskOutcomesNote())
        case "desk.segment" if known:
            return Step(instead=DeskSegmentNote(choice))
        case "desk.new_segment" if len(context.programme.segments) < SEGMENTS:
            return Step(form=SegmentForm())
        case _:
            form = form_behind(verb, choice, context.programme)
            return Step(form=form) if form else Step(show=(StaleNote(),))


def draw_desk(note: DeskNote, reader: Reader) -> Card:
    """Draw the programme at a glance."""
    speech, programme = reader.speech, reader.programme
    name = speech.own_line(programme.name) or speech.line("desk.unnamed")
    rows = [
        (speech.line("desk.kind"), speech.line(f"desk.kind.{programme.kind}")),
        (speech.line("desk.crm"), programme.crm),
        *((speech.own_line(o.name), _span(o, speech)) for o in programme.outcomes),
        *((_named(s, speech), _state(s, speech)) for s in programme.segments.values()),
    ]
    purpose = speech.own(programme.purpose)
    groups = [
        Button(_named(s, speech), Tap("desk.segment", s.id)) for s in programme.segments.values()
    ]
    if len(programme.segments) < SEGMENTS:
        groups.append(Button(speech.line("desk.new_segment"), Tap("desk.new_segment")))
    return Card(
        _title(name, speech, saved=note.saved),
        (
            Paragraph(purpose if programme.purpose else speech("desk.no_purpose")),
            Facts(tuple(rows)),
            Row(
                (
                    Button(speech.line("desk.purpose"), Tap("desk.purpose")),
                    Button(speech.line("desk.outcomes"), Tap("desk.outcomes")),
                    Button(speech.line("desk.labels"), Tap("desk.labels")),
                    command(speech, "why"),
                )
            ),
            Divider(),
            Paragraph(speech("desk.groups")),
            *_rows(groups),
        ),
    )


def draw_segment(note: DeskSegmentNote, reader: Reader) -> Card:
    """Draw one group: what is written, and what is not."""
    speech = reader.speech
    segment = reader.programme.segment(note.segment)
    blocks: list[Block] = [Facts(_segment_rows(segment, reader))]
    missing = unwritten(segment, languages())
    if not launchable(segment, languages()):
        blocks.append(Paragraph(speech("desk.stop")))
    elif missing:
        blocks.append(Paragraph(speech("desk.missing", what=_listed(missing, speech))))
    if segment.reasons and not has_figure(segment):
        blocks.append(Paragraph(speech("desk.figure")))
    key = segment.id
    first = next((language for _, language in missing), "")
    reasons = tuple(
        Button(
            speech.line("desk.reasons", language=speech.line(f"language.{code}")),
            Tap("desk.reasons", f"{key}:{code}"),
            "primary" if code == first else "plain",
        )
        for code in languages()
    )
    name = _named(segment, speech)
    return Card(
        _title(name, speech, saved=note.saved),
        (
            *blocks,
            Row(reasons),
            Row(
                (
                    Button(speech.line("desk.basics"), Tap("desk.basics", key)),
                    Button(speech.line("desk.goals"), Tap("desk.goals", key)),
                    Button(speech.line("desk.roadmap"), Tap("desk.roadmap", key)),
                    Button(speech.line("desk.back"), Tap("desk.overview")),
                )
            ),
        ),
    )


def draw_outcomes(note: DeskOutcomesNote, reader: Reader) -> Card:
    """Draw the results, with a way to change each and to note what was measured."""
    speech, outcomes = reader.speech, reader.programme.outcomes
    title = speech.line("desk.outcomes")
    blocks: list[Block] = [Paragraph(speech("desk.outcomes.body"))]
    for place, outcome in enumerate(outcomes):
        latest = outcome.latest
        measured = (
            speech.line(
                "desk.measured",
                value=_value(latest[1], outcome, speech),
                month=_month(latest[0], speech),
            )
            if latest
            else speech.line("desk.unmeasured")
        )
        rows = (
            (speech.own_line(outcome.name), _span(outcome, speech)),
            (speech.line("desk.latest"), measured),
        )
        buttons = (
            Button(speech.line("desk.month", n=place + 1), Tap("desk.month", str(place))),
            Button(speech.line("desk.outcome", n=place + 1), Tap("desk.outcome", str(place))),
        )
        blocks += [Divider(), Facts(rows), Row(buttons)]
    more = Button(speech.line("desk.outcome.new"), Tap("desk.outcome", str(len(outcomes))))
    back = Button(speech.line("desk.back"), Tap("desk.overview"))
    blocks += [Divider(), Row((more, back) if len(outcomes) < OUTCOMES else (back,))]
    return Card(_title(title, speech, saved=note.saved), tuple(blocks))


def draw_closed(reader: Reader) -> Card:
    """Draw that the CRM team writes here, and where to read why."""
    speech = reader.speech
    buttons = (command(speech, "why", primary=True), command(speech, "help"))
    return Card(speech.line("desk.closed.title"), (Paragraph(speech("desk.closed")), Row(buttons)))


def _segment_rows(segment: Segment, reader: Reader) -> tuple[tuple[str, str], ...]:
    speech = reader.speech
    none = speech.line("desk.none")
    written = len(Reason) * len(languages()) - len(unwritten(segment, languages()))
    of = len(Reason) * len(languages())
    return (
        (speech.line("desk.go_live"), speech.day(segment.go_live) if segment.go_live else none),
        (speech.line("desk.answers"), speech.line("desk.answers.of", n=written, of=of)),
        *(
            (
                speech.own_line(reader.programme.levels.get(n, {})) or speech.line(f"level.{n}"),
                speech.own_line(segment.goals.get(n, {})) or none,
            )
            for n in LEVELS
        ),
        (speech.line("desk.roadmap"), speech.line("desk.milestones", n=len(segment.roadmap))),
        (speech.line("desk.field.sponsor"), segment.sponsor or none),
    )


def _month(month: str, speech: Speech) -> str:
    return speech.month(date.fromisoformat(f"{month}-01"))


def _title(name: str, speech: Speech, *, saved: bool) -> str:
    return speech.line("desk.saved", name=name) if saved else name


def _named(segment: Segment, speech: Speech) -> str:
    return speech.own_line(segment.name) or segment.id


def _state(segment: Segment, speech: Speech) -> str:
    if not launchable(segment, languages()):
        return speech.line("desk.state.stop")
    if segment.go_live is None:
        return speech.line("desk.state.undated")
    return speech.line("desk.state.starts", day=speech.day(segment.go_live))


def _span(outcome: Outcome, speech: Speech) -> str:
    return speech.line(
        "desk.span",
        baseline=_value(outcome.baseline, outcome, speech),
        target=_value(outcome.target, outcome, speech),
    )


def _value(value: float, outcome: Outcome, speech: Speech) -> str:
    space = "" if outcome.unit == "%" else " "
    return f"{speech.number(value)}{space}{outcome.unit}".strip()


def _listed(missing: Iterable[tuple[Reason, str]], speech: Speech) -> str:
    return ", ".join(
        f"{speech.line(f'desk.reason.{reason}')} ({speech.line(f'language.{code}')})"
        for reason, code in missing
    )


def _rows(buttons: list[Button]) -> list[Row]:
    size = BUTTONS_A_ROW - 1
    return [Row(tuple(buttons[at : at + size])) for at in range(0, len(buttons), size)]
