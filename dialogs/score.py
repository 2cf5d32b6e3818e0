"""My score: what counted in the last week, line by line, the level, and what the next one asks.

It is shown to the person alone, and always when they ask: it is their own.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from dialogs.buttons import command
from dialogs.card import Block, Button, Card, Facts, Paragraph, Row, Tap
from dialogs.measures import amount, level_name, wanted
from dialogs.reader import Reader
from dialogs.rich import Rich
from dialogs.speech import Speech
from dialogs.turns import Context, MyUse, Step, Turn
from nudges.delivery import Note
from nudges.levels import failures
from nudges.programme import LEVELS
from nudges.score import Line, Score, missing, score, scored_week, shown_weeks
from nudges.use_linked import NO_USE, OwnUse


@dataclass(frozen=True, slots=True)
class ScoreNote(Note):
    """Somebody's own score, as it is when they look."""

    card: Literal["score"] = "score"

    @property
    def measured(self) -> bool:
        """Say that it shows what was measured of them."""
        return True


def asked(_turn: Turn, context: Context) -> Step:
    """Show somebody their own score."""
    if context.use is None:
        return Step(look=MyUse())
    return Step(show=(ScoreNote(),))


def draw_score(reader: Reader, context: Context) -> Card:
    """Draw the score with its sum, the level with its weeks, and what the next one asks."""
    speech, use = reader.speech, context.use or NO_USE
    if use.newest is None or not any(use.measured.values()):
        return _nothing(reader, use)
    week = scored_week(use.measured, use.newest)
    found = score(reader.library.levels, context.person, use.measured, week)
    title = speech.line("score.title.unknown")
    if found.points is not None:
        title = speech.line("score.title", points=found.points)
    blocks: list[Block] = [
        Paragraph(_held(use, reader)),
        Paragraph(speech("score.week", day=speech.day(week))),
        *_sums(found, reader),
        *_next(found, use, reader, context),
        Paragraph(speech("score.formula"), muted=True),
        Paragraph(speech("score.on" if use.on else "score.off"), muted=True),
        Row(
            (
                command(speech, "tip"),
                Button(speech.line("stops.ask"), Tap("use.stops")),
                command(speech, "mine"),
            )
        ),
    ]
    return Card(title, tuple(blocks), notice=speech.line("score.notice"))


def _held(use: OwnUse, reader: Reader) -> Rich:
    speech = reader.speech
    if not use.level:
        return speech("score.level.none")
    return speech("score.level", level=level_name(use.level, reader))


def _nothing(reader: Reader, use: OwnUse) -> Card:
    speech = reader.speech
    return Card(
        speech.line("score.title.unknown"),
        (
            Paragraph(speech("score.nothing")),
            Paragraph(speech("score.on" if use.on else "score.off"), muted=True),
            Row((command(speech, "tip"), command(speech, "mine"))),
        ),
        notice=speech.line("score.notice"),
    )


def _sums(found: Score, reader: Reader) -> Iterator[Block]:
    """Yield the lines of each level: what was done, what was wanted, what it counted."""
    speech = reader.speech
    for level in LEVELS:
        lines = [line for line in found.lines if line.level == level]
        if lines:
            yield Paragraph(speech("score.goals", level=level_name(level, reader)))
            yield Facts(tuple(_line(line, speech) for line in lines))


def _line(line: Line, speech: Speech) -> tuple[str, str]:
    name = speech.line(f"metric.{line.goal.metric}")
    asked_ = wanted(line.goal, speech)
    if line.value is None:
        return name, speech.line("score.line.gap", wanted=asked_)
    much = amount(line.goal.metric, line.value, speech)
    return name, speech.line("score.line", much=much, wanted=asked_, points=line.points, of=line.of)


def _next(found: Score, use: OwnUse, reader: Reader, context: Context) -> Iterator[Block]:
    """Yield the weeks that decide, and what is missing for the next level."""
    speech, person = reader.speech, context.person
    newest = use.newest or date.min
    lacking = missing(reader.library.levels, person, found, use.judged, use.level)
    if use.level and failures(use.judged, newest, use.level):
        yield Paragraph(speech("score.warned", level=level_name(use.level, reader)))
    if lacking is None:
        yield Paragraph(speech("score.highest"))
    else:
        name = level_name(lacking.level, reader)
        yield Paragraph(speech("score.next", level=name, weeks=lacking.weeks))
        still = ", ".join(
            dict.fromkeys(speech.line(f"metric.{line.goal.metric}") for line in lacking.goals)
        )
        if still:
            yield Paragraph(speech("score.open", goals=still))
    level = lacking.level if lacking else use.level
    weeks = shown_weeks(use.judged, newest, level)
    if use.judged and level:
        yield Paragraph(speech("score.weeks", level=level_name(level, reader)))
        yield Facts(
            tuple(
                (speech.day(week), speech.line(f"score.verdict.{how or 'none'}"))
                for week, how in weeks
            )
        )
