"""A clean-up sprint for everybody in it: why, what to fill first, one's own share, and the team's.

The own share is shown unasked only where the privacy officer has switched that on; else it is one
press away. How far the team is stands there only where the release auditor told it.
"""

from typing import TypeAlias

from dialogs.buttons import COMMAND, command
from dialogs.card import Block, Button, Card, Facts, Paragraph, Row, Tap
from dialogs.competition_notes import SprintDeskNote, SprintsNote
from dialogs.manners import StaleNote
from dialogs.merit_fields import span
from dialogs.reader import Reader
from dialogs.rich import Span
from dialogs.speech import Speech
from dialogs.turns import Context, Step, Tapped, Turn
from nudges.competition import State, today
from nudges.merits import SprintNote
from nudges.roles import Act
from nudges.sprint import Run, share
from nudges.use_linked import NO_USE

PERCENT = 100
SprintCard: TypeAlias = SprintNote | SprintsNote


def asked(_turn: Turn, context: Context) -> Step:
    """Show the desk to the CRM team, and to everybody else the sprint that they are in."""
    if context.may(Act.EDIT_PROGRAMME):
        return Step(show=(SprintDeskNote(),))
    return Step(show=(SprintsNote(),))


def read(turn: Turn, context: Context) -> Step:
    """Show somebody their own share."""
    note = context.message.note if context.message else None
    match turn, note:
        case Tapped(verb="sprint.share"), SprintNote(number, moment, told):
            return Step(instead=SprintNote(number, moment, told, own=True))
        case _:
            return Step(show=(StaleNote(),))


def draw(note: SprintCard, reader: Reader, context: Context) -> Card:
    """Draw a card of a sprint."""
    runs = context.merits.sprints
    if isinstance(note, SprintNote):
        found = runs.get(note.sprint)
        return _sprint(note, found, reader, context) if found else _none(reader)
    day, segment = today(context.now), context.person.segment
    live = [
        one
        for one in runs.values()
        if one.state(day) is State.RUNNING and one.sprint.concerns(segment)
    ]
    if not live:
        return _none(reader)
    return _sprint(SprintNote(live[-1].number, "mid", own=True), live[-1], reader, context)


def _none(reader: Reader) -> Card:
    speech = reader.speech
    return Card(
        speech.line("sprint.none.title"),
        (
            Paragraph(speech("sprint.none")),
            Row((command(speech, "score"), command(speech, "tip"))),
        ),
    )


def _sprint(note: SprintNote, run: Run, reader: Reader, context: Context) -> Card:
    speech, sprint = reader.speech, run.sprint
    if run.cancelled:
        return Card(speech.line("sprint.title.mid"), (Paragraph(speech("sprint.cancelled")),))
    use = context.use or NO_USE
    over = note.moment == "end"
    blocks: list[Block] = []
    if over:
        blocks.append(Paragraph(speech("sprint.thanks")))
    else:
        rows = (
            (speech.line("competition.row.days"), span(sprint.starts, sprint.ends, speech)),
            (speech.line("sprint.row.goal"), f"{sprint.goal}%"),
        )
        blocks += [Paragraph(speech.own(sprint.reason)), Facts(rows)]
    if note.told is not None:
        now, start = _percent(note.told.now, speech), _percent(note.told.start, speech)
        which = "sprint.together" if note.told.together else "sprint.team"
        blocks.append(Paragraph(speech(which, now=now, start=start)))
    own = note.own or use.on
    if own:
        blocks += _share(run, over, context, speech)
    if not over:
        heading = Span(speech.line("sprint.fill") + " ", bold=True)
        blocks.append(Paragraph((heading, *speech.own(sprint.fill))))
    row: list[Button] = []
    if not own:
        row.append(Button(speech.line("sprint.share"), Tap("sprint.share"), "primary"))
    row += [
        command(speech, "find"),
        Button(speech.line("tip.why_this"), Tap(COMMAND, "why_this")),
    ]
    blocks += [Row(tuple(row)), Paragraph(speech("sprint.private"), muted=True)]
    return Card(speech.line(f"sprint.title.{note.moment}"), tuple(blocks))


def _share(run: Run, over: bool, context: Context, speech: Speech) -> list[Block]:  # noqa: FBT001
    measured = (context.use or NO_USE).measured
    before = share(measured, run.sprint.starts)
    now = share(measured, context.now.date())
    if now is None:
        return [Paragraph(speech("sprint.unknown"))]
    said = _percent(now, speech)
    if over and before is not None:
        line = speech("sprint.mine.then", now=said, before=_percent(before, speech))
    else:
        line = speech("sprint.mine", now=said, goal=f"{run.sprint.goal}%")
    return [Paragraph(line)]


def _percent(value: float, speech: Speech) -> str:
    return f"{speech.number(PERCENT * value, '0')}%"
