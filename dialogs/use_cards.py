"""What follows from somebody's own use: their level, help when nothing came, records, a result.

Each card names what was measured, says why it came and offers a next step; none of them blames.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, TypeAlias

from dialogs.buttons import COMMAND, command
from dialogs.card import Block, Button, Card, Paragraph, Row, Tap
from dialogs.manners import StaleNote
from dialogs.measures import amount, level_name, results, told
from dialogs.reader import Reader
from dialogs.rich import Span
from dialogs.stops import StopsForm, picked, wrote
from dialogs.turns import Context, Filled, MyTips, Step, Tapped, Turn
from nudges.adoption import Metric
from nudges.delivery import Note
from nudges.programme import LEVELS
from nudges.score import Line, score
from nudges.tips import TipNote
from nudges.use_linked import (
    NO_USE,
    InactiveNote,
    LevelNote,
    OwnUse,
    QualityNote,
    ResultNote,
    StopsNote,
    UseNote,
)


@dataclass(frozen=True, slots=True)
class UseHeardNote(Note):
    """What becomes of a card that somebody has reacted to."""

    how: Literal["thanks", "wrong"]
    card: Literal["use_heard"] = "use_heard"


AnyUse: TypeAlias = LevelNote | InactiveNote | QualityNote | ResultNote


def read(turn: Turn, context: Context) -> Step:
    """Take what somebody does with one of these cards."""
    note = context.message.note if context.message else None
    match turn, note:
        case Tapped(verb="use.stops"), _:
            return Step(show=(StopsNote(),))
        case Tapped(verb="use.tip"), LevelNote(level=level):
            return _tip(level, context)
        case Tapped(verb="use.thanks"), UseNote():
            return Step(instead=UseHeardNote("thanks"))
        case Tapped(verb="use.wrong"), UseNote():
            return Step(instead=UseHeardNote("wrong"))
        case Tapped(verb="use.pick", choice=choice), StopsNote():
            return picked(choice, context) or _stale()
        case Tapped(verb="use.else"), StopsNote():
            return Step(form=StopsForm())
        case Filled(verb="use.wrote", values=values), StopsNote():
            return wrote(values, context)
        case _:
            return _stale()


def _stale() -> Step:
    return Step(show=(StaleNote(),))


def _tip(level: int, context: Context) -> Step:
    """Give the first tip of a level that somebody has not had, else the one had longest ago."""
    found = context.library.levels.levels.get(level)
    tips = [tip for tip in (found.tips if found else ()) if tip in context.library.tips]
    if not tips:
        return _stale()
    if context.tips is None:
        return Step(look=MyTips())
    had = {came.tip: came.at for came in context.tips.came}
    fresh = [tip for tip in tips if tip not in had]
    tip = fresh[0] if fresh else min(tips, key=lambda one: had[one])
    return Step(show=(TipNote(tip),))


def draw(note: AnyUse, reader: Reader, context: Context) -> Card:
    """Draw whichever card it is; a locked screen tells nobody what it is about."""
    use, week = context.use or NO_USE, date.fromisoformat(note.week)
    match note:
        case LevelNote():
            card = _level(note, reader, context, use)
        case InactiveNote():
            card = _inactive(note, reader, week)
        case QualityNote():
            card = _quality(reader, context, use, week)
        case ResultNote():
            card = _result(reader, context, use, week)
    return replace(card, notice=reader.speech.line("use.notice"))


def _level(note: LevelNote, reader: Reader, context: Context, use: OwnUse) -> Card:
    speech, week = reader.speech, date.fromisoformat(note.week)
    name, day = level_name(note.level, reader), speech.day(week)
    lines = results(reader.library.levels, context.person, use, week, note.level)
    title = speech.line(f"level.{note.how}.title", level=name)
    row = [command(speech, "score"), *_out(reader)]
    if note.how == "reached":
        blocks: list[Block] = [
            Paragraph(speech("level.reached", level=name, day=day)),
            *told(lines, speech),
        ]
        if said := reader.library.level_words.get(note.level):
            gets = Span(speech.line("level.gets") + " ", bold=True)
            blocks += [
                Paragraph(speech.own(said.launch)),
                Paragraph((gets, *speech.own(said.incentive))),
            ]
        found = reader.library.levels.levels.get(note.level)
        if found and any(tip in reader.library.tips for tip in found.tips):
            row.insert(0, Button(speech.line("level.tip"), Tap("use.tip"), "primary"))
        return Card(title, (*blocks, Row(tuple(row)), _because(reader)))
    missed = [line for line in lines if not line.met]
    blocks = [Paragraph(speech(f"level.{note.how}", level=name, day=day)), *told(missed, speech)]
    if note.how == "lost":
        now = level_name(use.level, reader) if use.level else ""
        blocks.append(
            Paragraph(speech("level.now", level=now) if now else speech("level.now.none"))
        )
    row.insert(0, Button(speech.line("stops.ask"), Tap("use.stops")))
    return Card(
        title,
        (*blocks, Paragraph(speech(f"level.{note.how}.how")), Row(tuple(row)), _because(reader)),
    )


def _inactive(note: InactiveNote, reader: Reader, week: date) -> Card:
    """Draw help that rises with the weeks: a small idea, a question, a person."""
    speech = reader.speech
    rows = {
        "7": (command(speech, "find", primary=True), command(speech, "tip")),
        "14": (
            Button(speech.line("stops.ask"), Tap("use.stops"), "primary"),
            command(speech, "find"),
        ),
        "28": (
            command(speech, "find", primary=True),
            command(speech, "training"),
            Button(speech.line("stops.ask"), Tap("use.stops")),
        ),
    }
    ways = (Button(speech.line("use.wrong"), Tap("use.wrong")), *_out(reader))
    return Card(
        speech.line(f"inactive.{note.days}.title"),
        (
            Paragraph(speech(f"inactive.{note.days}", day=speech.day(week))),
            Paragraph(speech(f"inactive.{note.days}.help")),
            Row(rows[note.days]),
            Row(ways),
            _because(reader),
        ),
    )


def _quality(reader: Reader, context: Context, use: OwnUse, week: date) -> Card:
    speech = reader.speech
    line = _worst(reader, context, use, week)
    blocks: list[Block] = [Paragraph(speech("quality.body"))]
    if line is not None and line.value is not None:
        much = amount(line.goal.metric, line.value, speech)
        goal = amount(line.goal.metric, line.goal.target, speech)
        blocks.insert(0, Paragraph(speech("quality.measured", much=much, goal=goal)))
    return Card(
        speech.line("quality.title"),
        (
            *blocks,
            Row(
                (
                    Button(speech.line("use.thanks"), Tap("use.thanks"), "primary"),
                    Button(speech.line("use.wrong"), Tap("use.wrong")),
                    command(speech, "score"),
                )
            ),
            Row(_out(reader)),
            _because(reader),
        ),
    )


def _worst(reader: Reader, context: Context, use: OwnUse, week: date) -> Line | None:
    """Return the goal about records that is not met, the lowest level's first."""
    found = score(reader.library.levels, context.person, use.measured, week).lines
    short = (line for line in found if line.goal.metric is Metric.QUALITY and not line.met)
    return next(short, None)


def _result(reader: Reader, context: Context, use: OwnUse, week: date) -> Card:
    speech = reader.speech
    lines = results(reader.library.levels, context.person, use, week, use.level or LEVELS[0])
    met = [line for line in lines if line.met]
    return Card(
        speech.line("result.title"),
        (
            Paragraph(speech("result.body", day=speech.day(week))),
            *told(met, speech),
            Paragraph(speech("result.after")),
            Row(
                (
                    Button(speech.line("use.thanks"), Tap("use.thanks"), "primary"),
                    command(speech, "score"),
                )
            ),
            Row(_out(reader)),
            _because(reader),
        ),
    )


def _out(reader: Reader) -> tuple[Button, ...]:
    """Return the way to why it came, from where one can pause and stop."""
    return (Button(reader.speech.line("tip.why_this"), Tap(COMMAND, "why_this")),)


def _because(reader: Reader) -> Paragraph:
    return Paragraph(reader.speech("use.because"), muted=True)


def draw_heard(note: UseHeardNote, reader: Reader) -> Card:
    """Draw what stays of a card after a reaction."""
    speech = reader.speech
    return Card(
        speech.line(f"use_heard.{note.how}.title"),
        (
            Paragraph(speech(f"use_heard.{note.how}")),
            Row((command(speech, "score"), command(speech, "tip"))),
        ),
    )
