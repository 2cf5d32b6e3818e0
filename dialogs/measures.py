"""What was measured, in words: the value of a goal, its target, and the level it belongs to."""

from collections.abc import Iterable
from datetime import date

from dialogs.card import Paragraph
from dialogs.reader import Reader
from dialogs.rich import Span
from dialogs.speech import Speech
from nudges.adoption import SHARES, Metric
from nudges.levels import Goal, Levels
from nudges.people import Person
from nudges.score import Line, score
from nudges.use_linked import OwnUse

PERCENT = 100


def level_name(level: int, reader: Reader) -> str:
    """Name a level as the organisation does: in its programme, else in its content."""
    speech, said = reader.speech, reader.library.level_words.get(level)
    own = speech.own_line(reader.programme.levels.get(level, {}))
    return own or (speech.own_line(said.name) if said else "") or speech.line(f"level.{level}")


def amount(metric: Metric, value: float, speech: Speech) -> str:
    """Say how much of a metric: 4, or 85%."""
    if metric in SHARES:
        return f"{speech.number(PERCENT * value, '0')}%"
    return speech.number(value, "0.#")


def wanted(goal: Goal, speech: Speech) -> str:
    """Say what a goal asks: "at least 4"."""
    much = amount(goal.metric, goal.target, speech)
    if goal.weeks > 1:
        how = "goal.at_most.weeks" if goal.at_most else "goal.at_least.weeks"
        return speech.line(how, much=much, weeks=goal.weeks)
    return speech.line("goal.at_most" if goal.at_most else "goal.at_least", much=much)


def results(
    levels: Levels, person: Person, use: OwnUse, week: date, level: int
) -> tuple[Line, ...]:
    """Return the goals of a level and those below it with what was measured, each metric once.

    Of two goals about the same the higher level's is told.
    """
    lines = {
        (line.goal.metric, line.goal.at_most): line
        for line in score(levels, person, use.measured, week).lines
        if line.level <= level and line.value is not None
    }
    return tuple(lines.values())


def told(lines: Iterable[Line], speech: Speech) -> tuple[Paragraph, ...]:
    """Say what was measured, a line each: what, how much, and what was wanted."""
    return tuple(
        Paragraph(
            (
                Span(speech.line(f"metric.{line.goal.metric}") + ": ", bold=True),
                *speech(
                    "measure.line",
                    much=amount(line.goal.metric, line.value, speech),
                    wanted=wanted(line.goal, speech),
                ),
            )
        )
        for line in lines
        if line.value is not None
    )
