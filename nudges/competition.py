"""Competitions for early adopters: who joins gets points, only for what the CRM measured.

Points are whole numbers with a cap for each week, so that entering junk does not pay. They stand in
a ledger to which rows are added and never changed. The first three are named once five take part;
nobody sees a bottom, and who did not join is in no list.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import TypeAlias

from nudges.adoption import METRICS, SHARES, WEEK, Metric, Use
from nudges.levels import judged_from, last_week
from nudges.programme import Words
from nudges.release import FLOOR
from nudges.wording import hides

NAME, RULE, PRIZE = 60, 300, 200
"""The most characters of each."""
LONGEST_WEEKS = 26
MOST_POINTS, MOST_A_WEEK = 100, 1000
TENTHS = 10
"""A share counts for each whole tenth of it."""
FIRST = 3
"""Ranks that are named."""
NAMED = 12
"""The most names that are shown; of more who are level it is only said that there are more."""
SETTLES = timedelta(days=9)
"""So long after its last day a competition is closed, as some figures come a week late."""
NEW = 0
NOTHING_HAD = (0, 0)


class State(StrEnum):
    """Where a competition, or a sprint, is."""

    DRAFT = "draft"
    ANNOUNCED = "announced"
    RUNNING = "running"
    ENDED = "ended"
    CLOSED = "closed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Award:
    """Points for each of what is counted (a record, a day, a tenth), and the most of a week."""

    points: int
    most: int


@dataclass(frozen=True)
class Competition:
    """What the CRM team wrote.

    Attributes:
        key: names it for ever, wherever it was written.
        name: in each language, as are ``rule`` (in a sentence) and ``prize``.
        starts: the first day; only whole weeks count.
        ends: the last day.
        segments: for whom it is; none means everybody.
        awards: points by metric.

    """

    key: str
    name: Words
    rule: Words
    prize: Words
    starts: date
    ends: date
    segments: tuple[str, ...] = ()
    awards: Mapping[Metric, Award] = field(default_factory=dict[Metric, Award])

    @property
    def weeks(self) -> tuple[date, ...]:
        """Return the weeks that count, by their Mondays: those that lie wholly in it."""
        return tuple(whole_weeks(self.starts, self.ends))

    def concerns(self, segment: str) -> bool:
        """Say whether it is for people of a segment."""
        return not self.segments or segment in self.segments


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the ledger: what somebody did in a week, or by how much that was told otherwise."""

    person: str
    week: date
    metric: Metric
    amount: int
    points: int
    nth: int = 1


@dataclass(frozen=True, slots=True)
class Place:
    """A rank and who has it; ``more`` are level with them and not named."""

    rank: int
    names: tuple[str, ...]
    more: bool = False


@dataclass(frozen=True)
class Contest:
    """A competition as it is kept, seen by one reader.

    ``joined`` is when the reader joined; ``rows`` are their own; ``first`` are the first three
    where they may be named.
    """

    number: int
    competition: Competition
    released: bool = False
    cancelled: bool = False
    closed: bool = False
    revision: int = 0
    joined: datetime | None = None
    rows: tuple[Row, ...] = ()
    first: tuple[Place, ...] = ()

    def state(self, today: date) -> State:
        """Return where it is on a day."""
        if self.cancelled:
            return State.CANCELLED
        if not self.released:
            return State.DRAFT
        if self.closed:
            return State.CLOSED
        if today < self.competition.starts:
            return State.ANNOUNCED
        return State.RUNNING if today <= self.competition.ends else State.ENDED

    def open(self, today: date) -> bool:
        """Say whether somebody can join: a whole week that counts is still to come."""
        on = self.state(today) in {State.ANNOUNCED, State.RUNNING}
        weeks = self.competition.weeks
        return on and bool(weeks) and first_week(today) <= weeks[-1]

    @property
    def points(self) -> int:
        """Return the reader's own points."""
        return sum(row.points for row in self.rows)


def today(now: datetime) -> date:
    """Return the day by which competitions and sprints begin and end."""
    return now.astimezone(UTC).date()


def first_week(joined: date) -> date:
    """Return the Monday of the first week that counts for who joined on a day."""
    return judged_from(joined) or joined


def whole_weeks(starts: date, ends: date) -> Iterator[date]:
    """Yield the Mondays of the weeks that lie wholly between two days."""
    monday = first_week(starts)
    while monday + WEEK - timedelta(days=1) <= ends:
        yield monday
        monday += WEEK


def amount(metric: Metric, value: float) -> int:
    """Return how often points are given for a value: for each one, or each whole tenth."""
    return int(value * TENTHS + 1e-6) if metric in SHARES else int(value)


def points(award: Award, many: int) -> int:
    """Return the points of a week; never more than its cap."""
    return min(many * award.points, award.most)


def closes(competition: Competition) -> date:
    """Return the day on which the points are final."""
    return competition.ends + SETTLES


def told_weeks(competition: Competition, now: datetime) -> tuple[date, ...]:
    """Return the weeks that count and are over."""
    return tuple(week for week in competition.weeks if week <= last_week(now))


def due_rows(
    competition: Competition,
    joined: Mapping[str, date],
    uses: Iterable[Use],
    had: Mapping[tuple[str, date, Metric], tuple[int, int, int]],
    now: datetime,
) -> list[Row]:
    """Return the rows that the ledger lacks: new ones, and those that correct what it has.

    Args:
        competition: what counts.
        joined: the day on which each person joined.
        uses: what was measured of them.
        had: what the ledger says: how many rows, and the sum of amounts and of points.
        now: weeks that are not over do not count yet.

    """
    weeks = set(told_weeks(competition, now))
    found: list[Row] = []
    for use in uses:
        day = joined.get(use.person)
        if day is None or use.week not in weeks or use.week < first_week(day):
            continue
        for metric, award in competition.awards.items():
            value = use.values.get(metric)
            if value is None:
                continue
            many = amount(metric, value)
            rows, amounts, sums = had.get((use.person, use.week, metric), (0, 0, 0))
            more, gives = many - amounts, points(award, many) - sums
            if not rows or more or gives:
                found.append(Row(use.person, use.week, metric, more, gives, rows + 1))
    return sorted(found, key=lambda row: (row.person, row.week, row.metric))


def first_three(sums: Mapping[str, int], names: Mapping[str, str]) -> tuple[Place, ...]:
    """Return the first three with those who are level, once five people take part.

    Nobody without a point is named, so that there is no bottom to be seen.

    Args:
        sums: the points of everybody who takes part.
        names: what people are called.

    """
    if len(sums) < FLOOR:
        return ()
    found: list[Place] = []
    named = 0
    for score in sorted({one for one in sums.values() if one > 0}, reverse=True):
        rank = sum(other > score for other in sums.values()) + 1
        if rank > FIRST:
            break
        level = sorted((names.get(who) or who for who in sums if sums[who] == score), key=str.lower)
        room = max(NAMED - named, 0)
        found.append(Place(rank, tuple(level[:room]), more=len(level) > room))
        named += len(level)
    return tuple(found)


def by_metric(rows: Iterable[Row]) -> dict[Metric, tuple[int, int]]:
    """Return the sums of a ledger's rows: how much of each metric, and its points."""
    found: dict[Metric, tuple[int, int]] = {}
    for row in rows:
        many, gives = found.get(row.metric, NOTHING_HAD)
        found[row.metric] = many + row.amount, gives + row.points
    return {metric: found[metric] for metric in Metric if metric in found}


Wrong: TypeAlias = tuple[str, str]
"""A field, and what is wrong with it."""


def refusals(
    competition: Competition,
    languages: Sequence[str],
    segments: Collection[str],
    day: date,
    before: Competition | None = None,
) -> Iterator[Wrong]:
    """Yield what is wrong with a competition, by field; nothing if it can be kept.

    Once it has begun it can only be prolonged; its points have been played for.
    """
    if before is not None and before.starts <= day:
        if replace(competition, ends=before.ends) != before:
            yield "begun", "begun"
        elif competition.ends < before.ends:
            yield "ends", "shorter"
        elif competition.ends < day:
            yield "ends", "past"
        yield from _refused_length(competition)
        return
    for name, text, most in (
        ("name", competition.name, NAME),
        ("rule", competition.rule, RULE),
        ("prize", competition.prize, PRIZE),
    ):
        yield from refused_words(name, text, most, languages)
    yield from refused_days(competition.starts, competition.ends, day)
    yield from _refused_length(competition)
    if set(competition.segments) - set(segments):
        yield "segments", "segments"
    if not competition.awards:
        yield "records", "awards"
    yield from _refused_awards(competition)


def _refused_awards(competition: Competition) -> Iterator[Wrong]:
    for metric, award in competition.awards.items():
        fits = 1 <= award.points <= MOST_POINTS and award.points <= award.most <= MOST_A_WEEK
        if not fits or metric not in METRICS:
            yield metric, "award"


def refused_words(name: str, text: Words, most: int, languages: Iterable[str]) -> Iterator[Wrong]:
    """Yield what is wrong with one line that has to be there in every language."""
    for language in languages:
        said = text.get(language, "").strip()
        if not said or not short(said, most):
            yield f"{name}_{language}", "text" if said else "empty"


def short(text: str, most: int) -> bool:
    """Say whether a text is one line that every platform shows whole."""
    return len(text) <= most and "\n" not in text and not hides(text)


def refused_days(starts: date, ends: date, day: date) -> Iterator[Wrong]:
    """Yield what is wrong with the days of something new."""
    if starts < day:
        yield "starts", "past"
    if ends < starts:
        yield "ends", "ends"


def _refused_length(competition: Competition) -> Iterator[Wrong]:
    if competition.ends < competition.starts:
        return
    many = len(competition.weeks)
    if not many:
        yield "ends", "short"
    elif many > LONGEST_WEEKS:
        yield "ends", "long"


@dataclass(frozen=True)
class CompetitionKept:
    """The CRM team wrote a competition, or wrote it otherwise; a new one has no number yet."""

    competition: Competition
    number: int = NEW


@dataclass(frozen=True, slots=True)
class CompetitionReleased:
    """A competition is announced from now on."""

    number: int


@dataclass(frozen=True, slots=True)
class CompetitionCancelled:
    """A competition is not held, or not to its end."""

    number: int


@dataclass(frozen=True, slots=True)
class CompetitionJoined:
    """Somebody takes part."""

    number: int


@dataclass(frozen=True, slots=True)
class CompetitionLeft:
    """Somebody takes part no more; their points go with them."""

    number: int


@dataclass(frozen=True, slots=True)
class LedgerRead:
    """Somebody read the ledger with everybody's points; it is kept in the log that they did."""

    number: int


CompetitionFact: TypeAlias = (
    CompetitionCancelled
    | CompetitionJoined
    | CompetitionKept
    | CompetitionLeft
    | CompetitionReleased
    | LedgerRead
)


def finished(found: Sequence[Contest], now: datetime) -> list[Contest]:
    """Return the competitions whose points are final now."""
    day = today(now)
    return [
        one for one in found if one.state(day) is State.ENDED and day >= closes(one.competition)
    ]
