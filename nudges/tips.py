"""Tips: one small idea at a time, chosen for the person, and never about the wrong thing first.

Whoever does not see yet why, or does not want it yet, is not pushed any buttons; asked for, every
tip is given. What is worth thinking about comes before where to click.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from hashlib import blake2b
from typing import Literal, TypeAlias

from nudges.adkar import BARRIER, ELEMENTS, Answer, Bank, BarrierName, Element, current, stand
from nudges.delivery import Delivery, Note, Priority, Settled, State
from nudges.hours import at_work, first_morning, local_day, next_morning, next_work
from nudges.people import Person
from nudges.phases import Phase
from nudges.recall import Came, Memory, Said, areas_asked, due_day, memory
from nudges.reminders import Asked, missed

SUBJECT = "tip"
APART = 7
"""Days between two tips that we start ourselves; twice as many for who asked for less."""
IGNORED = 2
"""So many in a row let pass, and tips stop until the person does something with one."""
LATELY = timedelta(days=60)
"""How long an area that somebody asked about counts."""
FEWEST = 5
"""From so many votes on, what others think of a tip counts; never what a few of them do."""
STRATEGY = frozenset({Element.AWARENESS, Element.DESIRE, Element.REINFORCEMENT})
"""What is worth thinking about; the others say what to do with one's hands."""
FIRST = frozenset({Element.AWARENESS, Element.DESIRE})
"""As long as one of these holds somebody up, only tips about them are pushed."""
BEFORE = frozenset({Element.AWARENESS, Element.DESIRE, Element.KNOWLEDGE})
"""What fits before the first day: nothing can be practised or kept up yet."""
ASKED, RATED, JOB, LEVEL, TASTE = 3, 3, 2, 1, 2
"""What makes a tip fit: an area they asked about, one they know less well, their work, their level;
what they thought of others from that area weighs at most so much either way."""
Why: TypeAlias = Literal["requested", "asked", "rated", "job", "barrier", "general", "read"]


@dataclass(frozen=True, slots=True)
class Tip:
    """One tip without its words; an empty list of jobs or levels means that it fits everyone."""

    id: str
    element: Element
    jobs: frozenset[str] = frozenset()
    levels: frozenset[int] = frozenset()
    area: str = ""
    article: str = ""


@dataclass(frozen=True, slots=True)
class TipNote(Note):
    """A tip on its way to someone.

    ``why`` and ``about`` say why it came: the area, the question or the job it was chosen by;
    ``pushed`` that they did not ask for it, and ``later`` that they put it off; ``said`` whether
    they found it useful.
    """

    tip: str
    why: Why = "requested"
    about: str = ""
    pushed: bool = False
    later: bool = False
    said: Literal["", "yes", "no"] = ""
    card: Literal["tip"] = "tip"

    @property
    def subject(self) -> str:
        """Name the tip, so that it is known when it came."""
        return f"{SUBJECT}:{self.tip}"

    @property
    def tipped(self) -> bool:
        """Say that what they said of tips decides whether it still fits."""
        return self.pushed


@dataclass(frozen=True, slots=True)
class TipQuizNote(Note):
    """The question about a tip that came before.

    ``order`` tells which answer stands at which place for this person; 0 is the right one, and it
    never leaves our own tables.
    """

    tip: str
    order: tuple[int, ...]
    pushed: bool = False
    later: bool = False
    card: Literal["tip_quiz"] = "tip_quiz"

    @property
    def subject(self) -> str:
        """Name the tip, so that it is known when it was asked about."""
        return f"{SUBJECT}:{self.tip}"

    @property
    def tipped(self) -> bool:
        """Say that what they said of tips decides whether it still fits."""
        return self.pushed


@dataclass(frozen=True, slots=True)
class Known:
    """What came to somebody and what they said; ``sunk`` are tips that most found not useful."""

    came: tuple[Came, ...] = ()
    said: tuple[Said, ...] = ()
    sunk: frozenset[str] = frozenset()

    def memory(self, tip: str, person: Person) -> Memory:
        """Return how well somebody has shown a tip."""
        return memory(tip, self.came, self.said, person)


UNKNOWN = Known()


@dataclass(frozen=True, slots=True)
class Situation:
    """Where somebody is: what holds them up, the phase, and the areas they know less well.

    ``weak`` names for each such area the question in which they said so.
    """

    barrier: BarrierName = "unknown"
    phase: Phase = Phase.AFTER
    weak: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Choice:
    """The tip for somebody, and why; ``quiz`` tells that it came before and is asked about."""

    tip: Tip
    why: Why = "general"
    about: str = ""
    quiz: bool = False


@dataclass(frozen=True, slots=True)
class TipsDue:
    """Somebody whose time for a tip has come, and what a choice depends on.

    ``was`` is when it came; ``barrier`` holds before the first day and ``once_live`` from then on;
    ``rated`` are their answers to how well they know areas.
    """

    person: Person
    was: datetime
    barrier: BarrierName = "unknown"
    once_live: BarrierName = "unknown"
    rated: tuple[Answer, ...] = ()


def weak(answers: Iterable[Answer], bank: Bank, now: datetime) -> dict[str, str]:
    """Return the areas that somebody knows less well, each with the question they said it in."""
    return {
        question.area: question.id
        for answer in current(answers, now).values()
        if (question := bank.get(answer.question))
        and question.kind == "area"
        and answer.score is not None
        and question.value(answer.score) <= BARRIER
    }


def phase_at(person: Person, go_live: datetime | None, now: datetime) -> Phase:
    """Return the phase as far as tips know it: before the first day, on it, or after it."""
    if go_live is None or now < go_live:
        return Phase.BEFORE
    return Phase.GO_LIVE if local_day(person, go_live) == local_day(person, now) else Phase.AFTER


def situation_of(one: TipsDue, bank: Bank, go_live: datetime | None, now: datetime) -> Situation:
    """Return where somebody is whose time for a tip has come."""
    phase = phase_at(one.person, go_live, now)
    barrier = one.barrier if phase is Phase.BEFORE else one.once_live
    return Situation(barrier, phase, weak(one.rated, bank, now))


def situation(
    person: Person, answers: Sequence[Answer], bank: Bank, go_live: datetime | None, now: datetime
) -> Situation:
    """Return where somebody is, by all that they answered."""
    barrier = stand(answers, bank, now, go_live).barrier
    return Situation(barrier, phase_at(person, go_live, now), weak(answers, bank, now))


def pushable(element: Element, where: Situation) -> bool:
    """Say whether a tip about an element may be sent to somebody who did not ask for it.

    Before the first day, what holds them up has to be known before they are taught anything.
    """
    if where.barrier in FIRST:
        return element in FIRST
    if where.phase is Phase.BEFORE:
        return element in (FIRST if where.barrier == "unknown" else BEFORE)
    return where.phase is not Phase.GO_LIVE


def choose(  # noqa: PLR0913 - the facts a choice depends on
    tips: Iterable[Tip],
    person: Person,
    known: Known,
    where: Situation,
    now: datetime,
    *,
    requested: bool = False,
) -> Choice | None:
    """Choose the next tip for somebody, or none.

    Pushed ones take turns: something new, then a question about one that came long enough ago.
    Whoever asks gets something new while there is any.
    """
    able = ELEMENTS if requested else _may_push(person, where)
    offered = {t.id: t for t in tips if t.element in able}
    had = {c.tip for c in known.came}
    fresh = [t for t in offered.values() if t.id not in had and _fits(t, person)]
    back = _back(offered, person, known, now)
    pushed = [c for c in known.came if c.pushed]
    again = back and (not fresh or (not requested and bool(pushed) and not pushed[-1].quiz))
    if again:
        return Choice(back[0], quiz=True)
    if not fresh:
        return None
    order = _Order(offered, person, known, where, now)
    best = min(fresh, key=order.place)
    return Choice(best, *order.reason(best, requested=requested))


def _may_push(person: Person, where: Situation) -> frozenset[Element]:
    """Return the elements that somebody may be sent tips about."""
    return frozenset(e for e in ELEMENTS if pushable(e, where)) - person.suspended


def _fits(tip: Tip, person: Person) -> bool:
    """Say whether a tip is for this work and level; whose level is not measured is at the first."""
    return (not tip.jobs or person.job in tip.jobs) and (
        not tip.levels or max(person.level, 1) in tip.levels
    )


def _back(offered: Mapping[str, Tip], person: Person, known: Known, now: datetime) -> list[Tip]:
    """Return the tips that may come back today, those that have waited longest first."""
    today = local_day(person, now)
    days: dict[str, date] = {}
    for tip in {c.tip for c in known.came if c.tip in offered}:
        day = due_day(known.memory(tip, person), person)
        if day is not None and day <= today:
            days[tip] = day
    return [offered[tip] for tip in sorted(days, key=lambda one: (days[one], one))]


class _Order:
    """In which order tips fit somebody, and why one does."""

    def __init__(
        self,
        offered: Mapping[str, Tip],
        person: Person,
        known: Known,
        where: Situation,
        now: datetime,
    ) -> None:
        self._person, self._known, self._where = person, known, where
        self._asked = areas_asked(known.said, now, LATELY)
        had = [offered[tip] for tip in {c.tip for c in known.came} if tip in offered]
        self._had = {e: sum(t.element is e for t in had) for e in ELEMENTS}
        thinking = sum(n for e, n in self._had.items() if e in STRATEGY)
        doing = len(had) - thinking
        twice = where.barrier in {Element.KNOWLEDGE, Element.ABILITY}
        self._doing = doing < thinking * (2 if twice else 1)
        last = {s.about: s.what for s in known.said if s.what in {"useful", "not_useful"}}
        self._taste: dict[str, int] = {}
        for tip, what in last.items():
            if tip in offered and offered[tip].area:
                area = offered[tip].area
                self._taste[area] = self._taste.get(area, 0) + (1 if what == "useful" else -1)

    def place(self, tip: Tip) -> tuple[bool, bool, bool, int, int, int, str]:
        """Return what puts one tip before another: the smaller comes first."""
        return (
            tip.id in self._known.sunk,
            (tip.element not in STRATEGY) is not self._doing,
            tip.element != self._where.barrier,
            -self._points(tip),
            self._had[tip.element],
            ELEMENTS.index(tip.element),
            tip.id,
        )

    def _points(self, tip: Tip) -> int:
        taste = self._taste.get(tip.area, 0)
        return (
            ASKED * (tip.area in self._asked)
            + RATED * (tip.area in self._where.weak)
            + JOB * bool(tip.jobs)
            + LEVEL * bool(tip.levels)
            + max(-TASTE, min(TASTE, taste))
        )

    def reason(self, tip: Tip, *, requested: bool) -> tuple[Why, str]:
        """Return why a tip is the one: by topic, and never by a score."""
        if tip.area in self._asked:
            return "asked", tip.area
        if tip.area in self._where.weak:
            return "rated", self._where.weak[tip.area]
        if tip.jobs:
            return "job", self._person.job
        if requested:
            return "requested", ""
        if tip.element == self._where.barrier:
            return "barrier", tip.element
        return "general", ""


def order(tip: str, person: str, many: int) -> tuple[int, ...]:
    """Return which answer stands at which place for a person: always the same, and mixed."""

    def place(choice: int) -> bytes:
        return blake2b(f"{tip}:{person}:{choice}".encode(), digest_size=8).digest()

    return tuple(sorted(range(many), key=place))


ANSWERS = 3
"""A right answer and two wrong ones."""


def note_of(choice: Choice, person: Person, *, pushed: bool) -> TipNote | TipQuizNote:
    """Return what a choice says to somebody."""
    tip = choice.tip.id
    if choice.quiz:
        return TipQuizNote(tip, order(tip, person.id, ANSWERS), pushed)
    return TipNote(tip, choice.why, choice.about, pushed)


def occasion(day: date) -> str:
    """Name the week's one tip, so that nobody gets two, whoever plans them."""
    year, week, _ = day.isocalendar()
    return f"tips:{year}-W{week:02d}"


def first_look(person: str, now: datetime) -> datetime:
    """Return when somebody new is looked at first: spread over a week's working days."""
    days = [now + timedelta(days=ahead) for ahead in range(1, APART + 1)]
    working = [day for day in days if day.weekday() < 5]  # noqa: PLR2004 - Monday to Friday
    chosen = working[blake2b(person.encode(), digest_size=1).digest()[0] % len(working)]
    return chosen.replace(hour=0, minute=0, second=0, microsecond=0)


def plan(
    tips: Iterable[Tip], person: Person, known: Known, where: Situation, now: datetime
) -> tuple[Delivery | None, datetime]:
    """Return the tip that somebody is due now, if any, and when to look at them again."""
    if person.away(now):
        return None, next_morning(person, now)
    again = _again(person, local_day(person, now))
    if person.quiet(now) or not person.welcomed:
        return None, again
    if not at_work(person, now):
        return None, next_work(person, now)
    last = next((local_day(person, c.at) for c in reversed(known.came) if c.pushed), None)
    if last is not None and (soon := _again(person, last)) > now:
        return None, soon
    if where.phase is Phase.GO_LIVE:
        return None, next_morning(person, now)
    if left_alone(person, known) or (found := choose(tips, person, known, where, now)) is None:
        return None, again
    note = note_of(found, person, pushed=True)
    week = occasion(local_day(person, now))
    return Delivery(week, person.id, note, Priority.NUDGE, now), again


def _again(person: Person, day: date) -> datetime:
    return first_morning(person, day + timedelta(days=APART * (2 if person.fewer else 1)))


def left_alone(person: Person, known: Known) -> bool:
    """Say whether somebody let the last tips pass, so that none come until they react to one."""
    last = [c for c in known.came if c.pushed and c.sent][-IGNORED:]
    if len(last) < IGNORED:
        return False
    did = [s.at for s in known.said]
    did += [c.at for c in known.came if not c.pushed]
    did += [c.answered for c in known.came if c.answered]
    reacted = max(did, default=None)
    if reacted is not None and reacted > last[0].at:
        return False
    return all(missed(person, Asked(c.tip, c.at, State.SENT, c.answered)) for c in last)


def settled(  # noqa: PLR0913, PLR0917 - the facts that may have changed since it was planned
    note: TipNote | TipQuizNote,
    tips: Mapping[str, Tip],
    person: Person,
    known: Known,
    where: Situation,
    now: datetime,
) -> Settled | None:
    """Return why a tip is not sent (now, or at all), or nothing if it still fits."""
    tip = tips.get(note.tip)
    if tip is None:
        return Settled(State.CANCELLED, why="there is no such tip any more")
    if not note.pushed:
        return None
    if tip.element not in _may_push(person, where):
        return Settled(State.CANCELLED, why="it does not fit any more")
    today = local_day(person, now)
    had = [c for c in known.came if c.sent]
    if any(local_day(person, c.at) == today for c in had):
        return Settled(State.QUEUED, next_morning(person, now), why="they had a tip today")
    if note.later:
        return None
    if isinstance(note, TipNote):
        seen = any(c.tip == tip.id for c in had)
        return Settled(State.CANCELLED, why="they have seen it") if seen else None
    day = due_day(known.memory(tip.id, person), person)
    if day is None or day > today:
        return Settled(State.CANCELLED, why="they have just shown it")
    return None


def sinking(votes: Mapping[str, tuple[int, int]]) -> list[str]:
    """Return the tips that most found not useful, of those enough people voted on.

    Args:
        votes: how many found a tip useful, and how many did not.

    """
    return sorted(tip for tip, (yes, no) in votes.items() if yes + no >= FEWEST and no > yes)
