"""Somebody's own score: which goals a week met, what each counts, and what the next level asks.

The score is what the met goals count, in hundredths of all that could be measured. Each line has
whole points that add up to a hundred, so that anybody can check the sum.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from nudges.adoption import WEEK
from nudges.levels import LAST, NEEDED, Goal, Judged, Levels, Verdict, Weeks
from nudges.people import Person
from nudges.programme import LEVELS

WHOLE = 100


@dataclass(frozen=True, slots=True)
class Line:
    """One goal of a level: what was done (None where nobody knows), and what it counts.

    ``of`` are the points that there are to it; a goal that could not be measured has none.
    """

    level: int
    goal: Goal
    value: float | None
    of: int = 0

    @property
    def met(self) -> bool:
        """Say whether it was reached."""
        return self.value is not None and self.goal.met(self.value)

    @property
    def points(self) -> int:
        """Return what it brought."""
        return self.of if self.met else 0


@dataclass(frozen=True, slots=True)
class Score:
    """A week's score from 0 to 100, line by line; None when nothing is known of the week."""

    week: date
    points: int | None
    lines: tuple[Line, ...]


def score(levels: Levels, person: Person, measured: Weeks, week: date) -> Score:
    """Work out somebody's score of a week; a goal that is unknown counts neither way."""
    found = [
        (n, goal, goal.value(measured, week)) for n in LEVELS for goal in levels.own(person, n)
    ]
    weights = [0.0 if value is None else max(levels.weight(goal), 0.0) for _, goal, value in found]
    lines = tuple(
        Line(n, goal, value, of)
        for (n, goal, value), of in zip(found, shared(weights), strict=True)
    )
    known = any(weights)
    return Score(week, sum(line.points for line in lines) if known else None, lines)


def shared(weights: Sequence[float]) -> list[int]:
    """Share a hundred whole points by weight; what is left over goes to the largest parts."""
    whole = sum(weights)
    if not whole:
        return [0] * len(weights)
    exact = [WHOLE * weight / whole for weight in weights]
    points = [int(part) for part in exact]
    order = sorted(range(len(exact)), key=lambda n: (points[n] - exact[n], n))
    for n in order[: WHOLE - sum(points)]:
        points[n] += 1
    return points


def scored_week(measured: Weeks, newest: date) -> date:
    """Return the last week of four in which something was measured, else the newest."""
    weeks = (newest - n * WEEK for n in range(LAST))
    return next((week for week in weeks if measured.get(week)), newest)


@dataclass(frozen=True, slots=True)
class Missing:
    """What somebody lacks for the next level: how many weeks met it, and which goals are open."""

    level: int
    weeks: int
    goals: tuple[Line, ...]

    @property
    def needed(self) -> int:
        """Return how many more weeks have to meet it."""
        return max(NEEDED - self.weeks, 0)


def missing(
    levels: Levels, person: Person, found: Score, judged: Sequence[Judged], level: int
) -> Missing | None:
    """Return what somebody lacks for the next level; None at the last one there is for them."""
    following = next((n for n in LEVELS if n > level and levels.own(person, n)), None)
    if following is None:
        return None
    last = judged[-1].week if judged else found.week
    weeks = sum(
        one.verdict(following) == "met" for one in judged if last - LAST * WEEK < one.week <= last
    )
    goals = (line for line in found.lines if line.level <= following and not line.met)
    return Missing(following, weeks, tuple(goals))


def shown_weeks(
    judged: Sequence[Judged], newest: date, level: int
) -> list[tuple[date, Verdict | None]]:
    """Return the last four weeks, oldest first, with how each went for a level.

    None stands for a week that was not judged.
    """
    had = {one.week: one for one in judged}
    weeks = [newest - n * WEEK for n in reversed(range(LAST))]
    return [(week, had[week].verdict(level) if week in had else None) for week in weeks]
