"""Shadow lists: where people kept things this week, what made it so, and whether they came back.

After the start everybody is asked once in four weeks, a part of them each week, so that the answers
of any four weeks are those of all. What somebody answers is theirs; only how many keep things
elsewhere is told, as a number about the whole organisation.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from hashlib import blake2b
from typing import Literal, TypeAlias, get_args
from zoneinfo import ZoneInfo

from nudges.adoption import WEEK, week_of
from nudges.delivery import Delivery, Note, Priority
from nudges.group import OVER, SHADOW
from nudges.hours import DAY, at_work, local_day, morning, next_morning, next_work, works_on
from nudges.moments import FURTHEST_EAST
from nudges.people import Person

SUBJECT = "shadow"
PARTS = SHADOW.every_weeks
"""Into so many parts people are divided, of which each week asks one."""
FEWER = 2
"""Who asked for less is asked so many times less often."""
IGNORED = 2
"""So many in a row let pass, and none is asked until the person reacts to one."""
BEST = (3, 4, 5, 6, 2, 1)
"""On which day of a week it is asked, the best first: late enough to look back, with a day to
spare."""
BEGINS = 1
"""From which weekday on a week's part is looked for."""
LATER = timedelta(days=13)
"""The first morning after so long, somebody is asked whether they came back."""
TOO_LATE = timedelta(days=7)
"""After so long that question is not asked any more."""

Place: TypeAlias = Literal["crm", "partly", "sheet", "paper", "na"]
"""Where somebody kept things in a week; ``na`` is that there was nothing to keep."""
Reason: TypeAlias = Literal["habit", "faster", "field", "asked", "trust", "else"]
"""Why it was not in the CRM; ``asked`` is that a manager wants the sheet."""
PLACES: tuple[Place, ...] = get_args(Place)
REASONS: tuple[Reason, ...] = get_args(Reason)
OUTSIDE: frozenset[Place] = frozenset({"partly", "sheet", "paper"})
"""What is followed by a question for the reason, and two weeks later by one more."""
COUNTED: Mapping[Place, str] = {
    "crm": "crm",
    "partly": "partly",
    "sheet": "elsewhere",
    "paper": "elsewhere",
}
"""In which category an answer counts; who had nothing to keep is in none."""


@dataclass(frozen=True, slots=True)
class ShadowNote(Note):
    """Where did you keep it this week; ``week`` is its Monday."""

    week: str
    card: Literal["shadow"] = "shadow"

    @property
    def subject(self) -> str:
        """Name it, so that it is known when somebody was asked."""
        return f"{SUBJECT}:asked"


@dataclass(frozen=True, slots=True)
class ShadowCheckNote(Note):
    """Did you come back, asked once of who kept things elsewhere; ``day`` is when it was meant."""

    week: str
    day: str
    card: Literal["shadow_check"] = "shadow_check"

    @property
    def subject(self) -> str:
        """Name it, so that somebody can ask why it came."""
        return f"{SUBJECT}:check"


@dataclass(frozen=True, slots=True)
class ShadowKept:
    """Someone says where they kept things in a week; the last word counts."""

    week: date
    place: Place


@dataclass(frozen=True, slots=True)
class ShadowReason:
    """Someone says why it was not in the CRM."""

    week: date
    reason: Reason


@dataclass(frozen=True, slots=True)
class ShadowBack:
    """Someone who kept things elsewhere says whether they came back."""

    week: date
    back: bool


ShadowFact: TypeAlias = ShadowKept | ShadowReason | ShadowBack


@dataclass(frozen=True, slots=True)
class Came:
    """A question that came: when, and when somebody reacted to it, if they did."""

    at: datetime
    answered: datetime | None = None


def occasion(week: date) -> str:
    """Name the one question of a week."""
    year, number, _ = week.isocalendar()
    return f"{SUBJECT}:{year}-W{number:02d}"


def check_occasion(week: date) -> str:
    """Name the one question that may follow an answer about a week."""
    return f"{SUBJECT}-check:{week.isoformat()}"


def week_at(now: datetime) -> date | None:
    """Return the Monday of the week that is asked about now, as soon as that can be anywhere."""
    today = (now.astimezone(UTC) + FURTHEST_EAST).date()
    return week_of(today) if today.weekday() >= BEGINS else None


def in_turn(person: Person, week: date) -> bool:
    """Say whether somebody belongs to the part that is asked in a week, the same whoever asks."""
    parts = PARTS * FEWER if person.fewer else PARTS
    drawn = blake2b(f"{SUBJECT}:{person.id}".encode(), digest_size=8).digest()
    return int.from_bytes(drawn) % parts == week.toordinal() // WEEK.days % parts


def started(live: date | None, week: date) -> bool:
    """Say whether a group had all of a week with the CRM, and its first days before that."""
    return live is not None and live < week


def plan(
    person: Person, live: date | None, came: Sequence[Came], week: date, now: datetime
) -> Delivery | None:
    """Return the question for somebody in a week, if they are to be asked.

    Args:
        person: whom.
        live: the first day of their group with the CRM.
        came: the questions that came to them before, oldest first.
        week: the Monday of the week it is about.
        now: the moment of planning.

    """
    if person.stopped or person.left or not person.welcomed or not started(live, week):
        return None
    if not in_turn(person, week) or _lately(person, came, week) or _ignored(came):
        return None
    due = _due(person, week, now)
    if due is None:
        return None
    note = ShadowNote(week.isoformat())
    return Delivery(occasion(week), person.id, note, Priority.NUDGE, due)


def _lately(person: Person, came: Sequence[Came], week: date) -> bool:
    """Say whether they were asked in the last four weeks, perhaps as another one of two."""
    return bool(came) and week - week_of(local_day(person, came[-1].at)) < WEEK * PARTS


def _ignored(came: Sequence[Came]) -> bool:
    last = came[-IGNORED:]
    return len(last) == IGNORED and all(one.answered is None for one in last)


def _due(person: Person, week: date, now: datetime) -> datetime | None:
    """Return when to ask: the best of their working days that are left of the week."""
    today = local_day(person, now)
    for after in BEST:
        day = week + DAY * after
        if day < today or not works_on(person, day):
            continue
        due = max(now, morning(person, day))
        if not at_work(person, due):
            due = next_work(person, due)
        if local_day(person, due) == day and not person.away(due):
            return due
    return None


def check(person: Person, week: date, now: datetime) -> Delivery | None:
    """Return the question that follows an answer after two weeks.

    None where somebody answers so late that they are asked about a new week by then.
    """
    if local_day(person, now) - week >= WEEK * 2:
        return None
    due = next_morning(person, now + LATER)
    note = ShadowCheckNote(week.isoformat(), local_day(person, due).isoformat())
    return Delivery(check_occasion(week), person.id, note, Priority.NUDGE, due)


def overtaken(
    note: ShadowNote | ShadowCheckNote, person: Person, go_live: datetime | None, now: datetime
) -> str:
    """Return why a question is not asked any more, or nothing if it still fits."""
    today, week = local_day(person, now), date.fromisoformat(note.week)
    live = go_live.astimezone(ZoneInfo(person.zone)).date() if go_live else None
    if not started(live, week):
        return "the day was moved"
    if isinstance(note, ShadowCheckNote):
        late = today - date.fromisoformat(note.day) > TOO_LATE
        return "it is too late for it" if late else ""
    return "" if week_of(today) == week else "the week is over"


def counted_between(week: date) -> tuple[datetime, datetime]:
    """Return from when to when answers count, for a number that is closed after a week.

    Up to when the week is over, and four weeks of it: two numbers that are told one after the
    other have no answer in common.
    """
    until = datetime.combine(week + WEEK, time(), UTC) + OVER
    return until - WEEK * SHADOW.every_weeks, until


def kept(answers: Iterable[tuple[str, Place]]) -> dict[str, str]:
    """Say of everybody where they keep things; of several answers the last one counts."""
    last = dict(answers)
    return {who: COUNTED[place] for who, place in last.items() if place in COUNTED}


def came_back(answers: Iterable[tuple[str, bool]]) -> dict[str, str]:
    """Say of everybody who kept things elsewhere whether they came back."""
    return {who: "yes" if back else "no" for who, back in answers}
