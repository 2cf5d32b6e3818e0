"""Clean-up sprints: a few weeks in which a part of the organisation completes its records together.

Everybody sees their own share, and nobody else's. How far a team is, is a number about a group: it
comes from what the release auditor told, or it is not there.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal, TypeAlias

from nudges.adoption import WEEK, Metric
from nudges.competition import NEW, State, Wrong, refused_days, refused_words
from nudges.group import Figure
from nudges.levels import Weeks
from nudges.programme import Words

REASON, FIRST = 300, 200
"""The most characters of why, and of what to fill first."""
SHORTEST, LONGEST = timedelta(days=7), timedelta(days=56)
LEAST_GOAL, MOST_GOAL = 50, 100
"""The goal, in hundredths of the wanted fields of one's own records."""
GRACE = timedelta(days=4)
"""So many days late a card of a sprint is still worth sending; one weekend is in them."""
TWO = 2
"""From so many weeks on a team has come some way."""
KNOWN = 4
"""So many weeks back somebody's share is looked for, where a week was not measured."""
Moment: TypeAlias = Literal["start", "mid", "end"]
MOMENTS: tuple[Moment, ...] = ("start", "mid", "end")


@dataclass(frozen=True)
class Sprint:
    """What the CRM team wrote.

    Attributes:
        key: names it for ever, wherever it was written.
        reason: why now, in each language.
        fill: what to fill first, in each language.
        goal: the share of wanted fields of one's own records that is aimed for, in hundredths.
        starts: the first day.
        ends: the last day.
        segments: for whom it is; none means everybody.

    """

    key: str
    reason: Words
    fill: Words
    goal: int
    starts: date
    ends: date
    segments: tuple[str, ...] = ()

    @property
    def middle(self) -> date:
        """Return the day of the card half-way; not a Monday, whose numbers are still to come."""
        half = self.starts + (self.ends - self.starts + timedelta(days=1)) // 2
        return half if half.weekday() else half + timedelta(days=1)

    @property
    def after(self) -> date:
        """Return the day on which it is told what was reached: the week after has been measured."""
        last = self.ends + timedelta(days=1)
        return last + timedelta(days=-last.weekday() % 7 + 1)

    def concerns(self, segment: str) -> bool:
        """Say whether it is for people of a segment."""
        return not self.segments or segment in self.segments


@dataclass(frozen=True, slots=True)
class Run:
    """A sprint as it is kept; one that is not released yet is a draft."""

    number: int
    sprint: Sprint
    released: bool = False
    cancelled: bool = False

    def state(self, today: date) -> State:
        """Return where it is on a day."""
        if self.cancelled:
            return State.CANCELLED
        if not self.released:
            return State.DRAFT
        if today < self.sprint.starts:
            return State.ANNOUNCED
        if today <= self.sprint.ends:
            return State.RUNNING
        return State.ENDED if today < self.sprint.after + GRACE else State.CLOSED


@dataclass(frozen=True, slots=True)
class Told:
    """How far a team is, as it was told: the share at the start of a sprint, and now.

    ``together`` means that the team is told together with others, because it is too small.
    """

    start: float
    now: float
    together: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """What is told of a team in a sprint, and which numbers of the ledger that is made of."""

    told: Told | None = None
    cells: tuple[int, ...] = ()


NO_PROGRESS = Progress()


def progress(figures: Sequence[Figure]) -> Progress:
    """Return how far a team came, from what was told of its records since the week before.

    Only numbers about the same teams are compared; of one week nothing follows.

    Args:
        figures: what was told of the data quality of one team, oldest first.

    """
    known = [f for f in figures if f.told and f.told.mean is not None]
    same = [f for f in known if f.scope == known[-1].scope]
    if len(same) < TWO:
        return NO_PROGRESS
    first, last = same[0], same[-1]
    told = Told(_mean(first), _mean(last), together=not last.exact)
    return Progress(told, (first.cell, last.cell))


def _mean(figure: Figure) -> float:
    return (figure.told.mean if figure.told else None) or 0.0


def day_of(sprint: Sprint, moment: Moment) -> date:
    """Return the day of a moment."""
    match moment:
        case "start":
            return sprint.starts
        case "mid":
            return sprint.middle
        case "end":
            return sprint.after


def moment_now(run: Run, today: date) -> Moment | None:
    """Return which card of a sprint is due on a day; what is long over is left out."""
    if run.cancelled or not run.released:
        return None
    for moment in reversed(MOMENTS):
        if (day := day_of(run.sprint, moment)) <= today < day + GRACE:
            return moment
    return None


def occasion(number: int, moment: Moment) -> str:
    """Name a card of a sprint for ever."""
    return f"sprint:{number}:{moment}"


def share(measured: Weeks, until: date) -> float | None:
    """Return somebody's own share in the last week before a day in which it was measured."""
    weeks = sorted((w for w in measured if until - KNOWN * WEEK <= w < until), reverse=True)
    values = (measured[week].get(Metric.QUALITY) for week in weeks)
    return next((value for value in values if value is not None), None)


def refusals(
    sprint: Sprint,
    languages: Sequence[str],
    segments: Collection[str],
    day: date,
    before: Sprint | None = None,
) -> Iterator[Wrong]:
    """Yield what is wrong with a sprint, by field; once it has begun it can only be prolonged."""
    if before is not None and before.starts <= day:
        if replace(sprint, ends=before.ends) != before:
            yield "begun", "begun"
        elif sprint.ends < before.ends:
            yield "ends", "shorter"
        yield from _refused_length(sprint)
        return
    yield from refused_words("reason", sprint.reason, REASON, languages)
    yield from refused_words("fill", sprint.fill, FIRST, languages)
    if not LEAST_GOAL <= sprint.goal <= MOST_GOAL:
        yield "goal", "goal"
    yield from refused_days(sprint.starts, sprint.ends, day)
    yield from _refused_length(sprint)
    if set(sprint.segments) - set(segments):
        yield "segments", "segments"


def _refused_length(sprint: Sprint) -> Iterator[Wrong]:
    length = sprint.ends - sprint.starts + timedelta(days=1)
    if sprint.ends >= sprint.starts and not SHORTEST <= length <= LONGEST:
        yield "ends", "length"


@dataclass(frozen=True)
class SprintKept:
    """The CRM team wrote a sprint, or wrote it otherwise; a new one has no number yet."""

    sprint: Sprint
    number: int = NEW


@dataclass(frozen=True, slots=True)
class SprintReleased:
    """A sprint begins on its day."""

    number: int


@dataclass(frozen=True, slots=True)
class SprintCancelled:
    """A sprint is not held, or not to its end."""

    number: int


SprintFact: TypeAlias = SprintCancelled | SprintKept | SprintReleased
