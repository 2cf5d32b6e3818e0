"""Recognition: a real result, told in the form that the person chose, and to nobody else unasked.

What is told always names what was measured. Whoever likes a manager or the team to hear of it is
asked first, with the very words; only a yes tells, and a no is kept nowhere that others see.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import blake2b
from typing import Literal, TypeAlias

from nudges.adoption import WEEK, Metric
from nudges.delivery import Delivery, Note, Priority
from nudges.hours import at_work, first_morning, next_work
from nudges.levels import LAST, NEEDED, Goal, Judged, Levels, Weeks
from nudges.people import Person, Recognition
from nudges.use_linked import SUBJECT, Came, OwnUse, level_news

Kind: TypeAlias = Literal["level", "month", "better"]
Asked: TypeAlias = Literal["public", "manager", "learning_time"]
"""The forms in which somebody else hears of it, so that the person is asked first."""
Form: TypeAlias = Literal["private"] | Asked
Hour: TypeAlias = Literal["", "arranged", "not_now"]
PRIVATELY, ASKED = "recognition", "may-i-tell"
"""What the two cards are about, among all that follows from somebody's use."""
COUNTS = frozenset({PRIVATELY, ASKED})
APART = timedelta(days=30)
"""Recognition comes at most once in so long."""
IGNORED = 2
"""So many questions in a row let pass, and no more are asked; the person alone hears of it."""
BETTER = 1.3
"""A result is better when it is so many times what the four weeks before it were."""
WORTH: Mapping[Metric, float] = {Metric.ACTIVE_DAYS: 0.5, Metric.RECORDS: 2.0}
WORTH_SHARE = 0.1
"""The least that something has to grow to be worth a word; less of it is chance."""
ENOUGH = 3
"""Of four weeks so many have to be known to compare them."""
NAMED = 3
"""The most things that are named of one result."""
CLOSE = 1e-9
ASKS: Mapping[Recognition, Asked] = {
    Recognition.PUBLIC: "public",
    Recognition.MANAGER: "manager",
    Recognition.LEARNING_TIME: "learning_time",
}
AHEAD = timedelta(days=2)
"""A Monday for which somebody is named has to be so far off that it has begun nowhere on earth."""


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing that was measured: in so many of so many weeks it was at least so much.

    Where it is taken over several ``weeks``, as a mean, it is told of the last of them alone.
    """

    metric: Metric
    target: float
    met: int
    of: int = LAST
    weeks: int = 1


@dataclass(frozen=True, slots=True)
class Gain:
    """One thing that became more: the mean of the last four weeks, and of the four before."""

    metric: Metric
    before: float
    now: float


@dataclass(frozen=True, slots=True)
class Result:
    """What somebody did, as it was measured up to a week; ``level`` is what it belongs to."""

    kind: Kind
    week: str
    level: int = 0
    deeds: tuple[Deed, ...] = ()
    gain: Gain | None = None

    def still(self, measured: Weeks) -> bool:
        """Say whether the figures are still those that it was made from."""
        last = date.fromisoformat(self.week)
        for one in self.deeds:
            goal = Goal(one.metric, one.target, weeks=one.weeks)
            if _met(goal, measured, last, one.of) != one.met:
                return False
        if self.gain is None:
            return True
        gain = _gain(self.gain.metric, measured, last)
        return gain is not None and (
            abs(gain.before - self.gain.before) < CLOSE and abs(gain.now - self.gain.now) < CLOSE
        )


@dataclass(frozen=True, slots=True)
class RecognitionNote(Note):
    """A result of somebody's own, for them alone."""

    result: Result
    card: Literal["recognition"] = "recognition"

    @property
    def subject(self) -> str:
        """Name what it is about."""
        return f"{SUBJECT}:{PRIVATELY}"

    @property
    def measured(self) -> bool:
        """Say that their own use decides whether it still fits."""
        return True


@dataclass(frozen=True, slots=True)
class MayITellNote(Note):
    """The question whether somebody else may hear of a result, in these words.

    ``to`` stands for the manager whom it was asked about, so that a yes tells nobody else.
    """

    result: Result
    form: Asked
    to: str
    card: Literal["may_i_tell"] = "may_i_tell"

    @property
    def subject(self) -> str:
        """Name what it is about."""
        return f"{SUBJECT}:{ASKED}"

    @property
    def measured(self) -> bool:
        """Say that their own use decides whether it still fits."""
        return True

    @property
    def merits(self) -> frozenset[str]:
        """Say that it names the reader's manager."""
        return frozenset({"manager"})


@dataclass(frozen=True, slots=True)
class ResultOfNote(Note):
    """A result of somebody in the team, told to their manager because they agreed."""

    recognition: int
    card: Literal["result_of"] = "result_of"

    @property
    def measured(self) -> bool:
        """Say that it is not told while messages from use are switched off."""
        return True

    @property
    def merits(self) -> frozenset[str]:
        """Name the recognition whose words it shows."""
        return frozenset({f"recognition:{self.recognition}"})


@dataclass(frozen=True, slots=True)
class SpotlightNote(Note):
    """Results of colleagues who agreed to be named in their own team."""

    recognitions: tuple[int, ...]
    card: Literal["spotlight"] = "spotlight"

    @property
    def measured(self) -> bool:
        """Say that it is not told while messages from use are switched off."""
        return True

    @property
    def subject(self) -> str:
        """Name spotlights, so that somebody can ask why one came."""
        return "spotlight"

    @property
    def merits(self) -> frozenset[str]:
        """Name the recognitions whose words it shows."""
        return frozenset(f"recognition:{number}" for number in self.recognitions)


@dataclass(frozen=True, slots=True)
class LearningHourNote(Note):
    """The manager arranged an hour to learn in."""

    recognition: int
    card: Literal["learning_hour"] = "learning_hour"

    @property
    def merits(self) -> frozenset[str]:
        """Name the recognition that it follows from."""
        return frozenset({f"recognition:{self.recognition}", "manager"})


@dataclass(frozen=True, slots=True)
class Recognised:
    """A result that somebody agreed to have told; ``monday`` is when their team hears of it.

    ``still`` says that they are here, and did not ask for no recognition since.
    """

    number: int
    person: str
    name: str
    form: Form
    result: Result
    manager: str
    told: bool = False
    monday: date | None = None
    hour: Hour = ""
    still: bool = True


@dataclass(frozen=True, slots=True)
class Agreed:
    """Somebody agreed to have a result told to this manager, or to those who report to them."""

    form: Form
    result: Result
    manager: str


@dataclass(frozen=True, slots=True)
class HourAnswered:
    """What a manager says about the hour that was asked for."""

    number: int
    hour: Literal["arranged", "not_now"]


RecognitionFact: TypeAlias = Agreed | HourAnswered


def stands_for(manager: str) -> str:
    """Return a word that stands for a manager, without telling who it is."""
    return blake2b(manager.encode(), digest_size=8).hexdigest()


def occasion(week: date) -> str:
    """Name the one recognition that can come of a week."""
    year, number, _ = week.isocalendar()
    return f"recognition:{year}-W{number:02d}"


def find(
    levels: Levels, person: Person, measured: Weeks, judged: Sequence[Judged], *, newly: bool = True
) -> Result | None:
    """Return the result of somebody's newest week that is most worth a word, if any.

    Args:
        levels: what belongs to each level.
        person: whom.
        measured: what was measured of them.
        judged: their weeks, each once, oldest first.
        newly: whether a level that was reached counts; to who hears of it alone it was told.

    """
    if not judged:
        return None
    news = level_news(judged)
    if news and news[0] != "reached":
        return None
    this = judged[-1]
    if news:
        found = _of_level(levels, person, measured, this.week, news[1]) if newly else None
    else:
        found = _of_month(levels, person, measured, judged)
    return found or (None if news else _better(measured, this.week))


def _of_level(
    levels: Levels, person: Person, measured: Weeks, week: date, level: int
) -> Result | None:
    deeds = _deeds(levels, person, measured, week, level, LAST)
    return Result("level", week.isoformat(), level, deeds) if deeds else None


def _of_month(
    levels: Levels, person: Person, measured: Weeks, judged: Sequence[Judged]
) -> Result | None:
    """Return that all goals were met in a month that is over; an absence is no week of it."""
    this = judged[-1]
    if (this.week + WEEK).month == this.week.month:
        return None
    level = max(this.level, 1)
    mine = [one for one in judged if (one.week.year, one.week.month) == _month(this.week)]
    verdicts = [one.verdict(level) for one in mine if one.verdict(level) != "away"]
    if len(verdicts) < ENOUGH or any(one != "met" for one in verdicts):
        return None
    of = sum(1 for n in range(LAST + 1) if _month(this.week - n * WEEK) == _month(this.week))
    if len(mine) < of:
        return None
    deeds = _deeds(levels, person, measured, this.week, level, of)
    return Result("month", this.week.isoformat(), level, deeds) if deeds else None


def _month(day: date) -> tuple[int, int]:
    return day.year, day.month


def _deeds(  # noqa: PLR0913, PLR0917 - what is known of one person
    levels: Levels, person: Person, measured: Weeks, week: date, level: int, of: int
) -> tuple[Deed, ...]:
    """Return what was done, each metric once: of two goals about the same the higher level's."""
    goals = {goal.metric: goal for goal in levels.goals(person, level) if not goal.at_most}
    found: list[Deed] = []
    for goal in sorted(goals.values(), key=lambda one: (-levels.weight(one), one.metric)):
        whole = of if goal.weeks == 1 else 1
        met = _met(goal, measured, week, whole)
        if met >= min(NEEDED, whole):
            found.append(Deed(goal.metric, goal.target, met, whole, goal.weeks))
    return tuple(found[:NAMED])


def _met(goal: Goal, measured: Weeks, week: date, of: int) -> int:
    values = (goal.value(measured, week - n * WEEK) for n in range(of))
    return sum(value is not None and goal.met(value) for value in values)


def _better(measured: Weeks, week: date) -> Result | None:
    """Return what grew most over the four weeks before, if anything grew clearly."""
    gains = [gain for metric in Metric if (gain := _gain(metric, measured, week))]
    clear = [
        one
        for one in gains
        if one.before > 0
        and one.now >= BETTER * one.before - CLOSE
        and one.now - one.before >= WORTH.get(one.metric, WORTH_SHARE) - CLOSE
    ]
    if not clear:
        return None
    best = max(clear, key=lambda one: one.now / one.before)
    return Result("better", week.isoformat(), gain=best)


def _gain(metric: Metric, measured: Weeks, week: date) -> Gain | None:
    before, now = (_mean(metric, measured, week - n * WEEK) for n in (LAST, 0))
    return None if before is None or now is None else Gain(metric, before, now)


def _mean(metric: Metric, measured: Weeks, week: date) -> float | None:
    """Return the mean of four weeks, where enough of them are known."""
    values = [
        value
        for n in range(LAST)
        if (value := measured.get(week - n * WEEK, {}).get(metric)) is not None
    ]
    return sum(values) / len(values) if len(values) >= ENOUGH else None


def form_for(person: Person, came: Sequence[Came], *, manager: bool, team: bool) -> Form | None:
    """Return the form in which somebody hears of a result, or nothing where they want none.

    Where there is no manager or no team to tell, or two questions were let pass, they alone do.

    Args:
        person: whom.
        came: what came of their use before, oldest first.
        manager: whether there is a manager who can be told.
        team: whether somebody else reports to the same manager.

    """
    if person.recognition is Recognition.NONE:
        return None
    form = ASKS.get(person.recognition) if person.recognition else None
    able = team if form == "public" else manager
    asked = [one for one in came if one.about == ASKED][-IGNORED:]
    ignored = len(asked) == IGNORED and all(one.answered is None for one in asked)
    return form if form and able and manager and not ignored else "private"


def plan(  # noqa: PLR0913 - the facts a card depends on, by name
    levels: Levels,
    person: Person,
    measured: Weeks,
    judged: Sequence[Judged],
    *,
    came: Sequence[Came],
    manager: bool,
    team: bool,
    now: datetime,
) -> Delivery | None:
    """Return the card that comes of somebody's newest week, at most one in a month.

    That a level was reached is told to the person by :mod:`nudges.use_linked`; here it only asks
    whether somebody else may hear of it.
    """
    if not judged or person.stopped or person.left or not person.welcomed:
        return None
    form = form_for(person, came, manager=manager, team=team)
    counts = COUNTS | frozenset({"reached"} if form == "private" else ())
    if form is None or any(one.about in counts and now - one.at < APART for one in came):
        return None
    result = find(levels, person, measured, judged, newly=form != "private")
    if result is None:
        return None
    note: Note = RecognitionNote(result)
    if form != "private":
        note = MayITellNote(result, form, stands_for(person.manager))
    there = at_work(person, now) and not person.away(now)
    due = now if there else next_work(person, now)
    return Delivery(occasion(judged[-1].week), person.id, note, Priority.NUDGE, due)


def overtaken(note: Note, person: Person, use: OwnUse | None) -> str:
    """Return why a result is not shown, or not asked about, any more; nothing if it still is."""
    if not isinstance(note, RecognitionNote | MayITellNote):
        return ""
    if use is None or not use.on:
        return "messages from use are switched off"
    if person.recognition is Recognition.NONE:
        return "they want no recognition"
    if not note.result.still(use.measured):
        return "the figures were corrected"
    if isinstance(note, MayITellNote):
        if (ASKS.get(person.recognition) if person.recognition else None) != note.form:
            return "they chose another form"
        if stands_for(person.manager) != note.to:
            return "they have another manager"
    return ""


def spotlight_day(now: datetime) -> date:
    """Return the Monday on which a team hears of what somebody agreed to now."""
    day = now.astimezone(UTC).date() + AHEAD
    return day + timedelta(days=-day.weekday() % 7)


def spotlight_occasion(monday: date) -> str:
    """Name the one spotlight of a Monday, so that a team gets one card with all names."""
    return f"spotlight:{monday.isoformat()}"


def spotlight(reader: Person, monday: date, named: Sequence[Recognised]) -> Delivery | None:
    """Return the card with which somebody hears of their colleagues, if there are any to name."""
    others = tuple(one.number for one in named if one.person != reader.id)
    if not others or reader.left or reader.stopped or not reader.welcomed:
        return None
    due = first_morning(reader, monday)
    where = spotlight_occasion(monday)
    return Delivery(where, reader.id, SpotlightNote(others), Priority.NUDGE, due)
