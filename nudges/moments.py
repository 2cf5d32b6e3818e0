"""What happens by itself on the days of the programme, and what is said then.

Each moment has an occasion of its own, so that however often it is found it happens once. None
is made up for long after: a celebration a week late is none.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo

from nudges.delivery import Note
from nudges.hours import local_day, works_on
from nudges.people import Person
from nudges.phases import stories_due, verdict_day, wish_window
from nudges.programme import Programme, Segment
from nudges.stories import Told

FURTHEST_EAST, FURTHEST_WEST = timedelta(hours=14), timedelta(hours=-12)
DAY = timedelta(days=1)
WEEKEND = 5
Name: TypeAlias = Literal["celebrate", "wish", "story", "collect", "verdict", "judge"]
GRACE: dict[Name, int] = {"celebrate": 2, "wish": 5, "story": 5, "collect": 5, "verdict": 10}
"""How many working days late each may still be; a story to be read waits as long as it has to."""


@dataclass(frozen=True, slots=True)
class CelebrationNote(Note):
    """The day has come: the sponsor celebrates with everybody of the segment."""

    segment: str
    day: str
    card: Literal["celebration"] = "celebration"

    @property
    def subject(self) -> str:
        """Name celebrations, so that a question makes way for one."""
        return "moment:celebrate"


@dataclass(frozen=True, slots=True)
class WishNote(Note):
    """An invitation to wish for something; ``until`` is the last day on which we ask for it.

    Someone who asks for it themselves gets one without a day.
    """

    segment: str = ""
    day: str = ""
    until: str = ""
    card: Literal["wish"] = "wish"

    @property
    def subject(self) -> str:
        """Name invitations that we sent ourselves."""
        return "moment:wish" if self.day else ""


@dataclass(frozen=True, slots=True)
class StoryNote(Note):
    """A colleague's success story, by its number: the words stay where they can be taken back."""

    story: int
    segment: str
    day: str
    card: Literal["story"] = "story"

    @property
    def subject(self) -> str:
        """Name stories, so that someone can ask why one came."""
        return "moment:story"

    @property
    def stories(self) -> tuple[int, ...]:
        """Return the story that has to be loaded."""
        return (self.story,)


@dataclass(frozen=True, slots=True)
class StoryThanksNote(Note):
    """Thanks to someone whose story was shared."""

    story: int
    card: Literal["story_thanks"] = "story_thanks"

    @property
    def stories(self) -> tuple[int, ...]:
        """Return the story that has to be loaded."""
        return (self.story,)


@dataclass(frozen=True, slots=True)
class JudgeNote(Note):
    """A story that the CRM team is asked to read before anyone else does."""

    story: int
    card: Literal["judge"] = "judge"

    @property
    def stories(self) -> tuple[int, ...]:
        """Return the story that has to be loaded."""
        return (self.story,)


@dataclass(frozen=True, slots=True)
class CollectNote(Note):
    """A story is due and none waits: the CRM team is asked to collect one."""

    segment: str
    day: str
    card: Literal["collect"] = "collect"


@dataclass(frozen=True, slots=True)
class VerdictNote(Note):
    """Ninety days on: what was wanted, and what came of it; ``wishes`` is 0 where none is shown.

    ``active`` is the share of the whole organisation that worked with the CRM, and ``levels`` that
    of each level, with 0 for none yet; they are there where the release auditor told them.
    """

    segment: str
    day: str
    wishes: int = 0
    active: float | None = None
    levels: tuple[tuple[str, float], ...] = ()
    card: Literal["verdict"] = "verdict"


MomentNote: TypeAlias = CelebrationNote | WishNote | StoryNote
"""What everybody of a segment gets by itself."""
_NAMES: dict[type[MomentNote], Name] = {
    CelebrationNote: "celebrate",
    WishNote: "wish",
    StoryNote: "story",
}


@dataclass(frozen=True, slots=True)
class Moment:
    """One thing that is due: for a segment on a day, or about a story."""

    name: Name
    segment: str = ""
    day: date = date.min
    story: int = 0

    @property
    def occasion(self) -> str:
        """Name it for ever."""
        if self.name == "judge":
            return f"judge:{self.story}"
        return f"{self.name}:{self.segment}:{self.day.isoformat()}"


def moments(
    programme: Programme, now: datetime, told: Sequence[Told], begun: Collection[str] = ()
) -> list[Moment]:
    """Return what is due and has not begun, in the order of the days.

    A day has come as soon as it has come anywhere on earth, and is over when it is over
    everywhere; each person's own morning is found later.

    Args:
        programme: the segments, with their days.
        now: the moment of asking.
        told: the stories nobody has read yet, and those that wait to be shared.
        begun: occasions of moments that have begun already.

    """
    waiting = [one for one in sorted(told, key=_oldest_first) if one.tellable and not one.shared]
    found: list[Moment] = []
    for moment in sorted(_of_days(programme), key=lambda m: (m.day, m.segment)):
        if moment.occasion in begun or not _now(moment, now):
            continue
        if moment.name != "story":
            found.append(moment)
        elif story := _pick(waiting, moment.segment):
            waiting.remove(story)
            found.append(Moment("story", moment.segment, moment.day, story.number))
        elif (asks := Moment("collect", moment.segment, moment.day)).occasion not in begun:
            found.append(asks)
    to_read = (Moment("judge", story=one.number) for one in told if one.undecided)
    return [*(m for m in to_read if m.occasion not in begun), *found]


def candidates(programme: Programme, told: Iterable[Told]) -> set[str]:
    """Name every moment there could be, to ask which of them have begun."""
    days = {m.occasion for m in _of_days(programme)}
    asks = {f"collect:{o.removeprefix('story:')}" for o in days if o.startswith("story:")}
    return days | asks | {f"judge:{one.number}" for one in told}


def passed(note: MomentNote, person: Person, go_live: datetime | None, now: datetime) -> str:
    """Return why a moment is not for this person any more, or nothing.

    ``go_live`` is when their own segment starts, in their zone. The days that count are their
    own working days, after the day it was meant for.
    """
    if not note.day:
        return ""
    if note.segment != person.segment:
        return "they are in another part of the organisation now"
    day = date.fromisoformat(note.day)
    start = go_live.astimezone(ZoneInfo(person.zone)).date() if go_live else None
    if not isinstance(note, StoryNote):
        meant = start + DAY if start and isinstance(note, WishNote) else start
        if meant != day:
            return "the day was moved"
    today = local_day(person, now)
    since = (today - day).days
    grace = GRACE[_NAMES[type(note)]]
    late = 0
    for after in range(1, since + 1):
        late += works_on(person, day + DAY * after)
        if late > grace:
            return "its day has passed"
    return ""


def _of_days(programme: Programme) -> Iterator[Moment]:
    for segment in programme.segments.values():
        yield from _of_segment(segment)


def _of_segment(segment: Segment) -> Iterator[Moment]:
    if segment.go_live is None:
        return
    yield Moment("celebrate", segment.id, segment.go_live)
    if window := wish_window(segment):
        yield Moment("wish", segment.id, window.first)
    for day in stories_due(segment):
        yield Moment("story", segment.id, day)
    if day := verdict_day(segment):
        yield Moment("verdict", segment.id, day)


def _now(moment: Moment, now: datetime) -> bool:
    come = (now.astimezone(UTC) + FURTHEST_EAST).date()
    over = (now.astimezone(UTC) + FURTHEST_WEST).date()
    return moment.day <= come and over <= weekdays_after(moment.day, GRACE[moment.name])


def weekdays_after(day: date, many: int) -> date:
    """Return the day that comes so many days from Monday to Friday after this one."""
    while many:
        day += DAY
        many -= day.weekday() < WEEKEND
    return day


def weekdays_before(moment: datetime, many: int) -> datetime:
    """Return the same time so many days from Monday to Friday before."""
    while many:
        moment -= DAY
        many -= moment.weekday() < WEEKEND
    return moment


def _oldest_first(one: Told) -> tuple[datetime, int]:
    return one.at, one.number


def _pick(waiting: Sequence[Told], segment: str) -> Told | None:
    """Choose the oldest of their own colleagues, else of anybody."""
    own = (one for one in waiting if one.segment == segment)
    return next(own, None) or next(iter(waiting), None)
