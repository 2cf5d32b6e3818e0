"""Training sessions: who has a seat, who waits for one, and who was there.

First come, first served. When somebody withdraws, the first of those who wait gets the seat. Nobody
loses a seat because there are fewer of them; nobody is blamed for not having come.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal, TypeAlias, get_args

from nudges.audience import exposes
from nudges.audience_language import RuleError, parse
from nudges.champions import AREAS
from nudges.programme import Words
from nudges.wording import hides, refused_link

TITLE, WHY, PLACE = 60, 200, 120
"""The most characters of a title, of what it is good for, and of a place."""
MOST_SEATS = 90
"""So many names a form can tick on every platform."""
SHORTEST, MOST_MINUTES = 10, 600
NEW = 0
"""The number of a session that is not there yet."""


class State(StrEnum):
    """Where a session is; kept are ``planned``, ``open`` and ``cancelled``, the rest follows."""

    PLANNED = "planned"
    OPEN = "open"
    FULL = "full"
    CANCELLED = "cancelled"
    HELD = "held"


class SignupState(StrEnum):
    """What became of someone's sign-up."""

    SEAT = "seat"
    WAITING = "waiting"
    WITHDRAWN = "withdrawn"
    ATTENDED = "attended"
    MISSED = "missed"


COMING = frozenset({SignupState.SEAT, SignupState.WAITING})
TAKING = frozenset({SignupState.SEAT, SignupState.ATTENDED, SignupState.MISSED})
"""What takes one of the seats."""
Useful: TypeAlias = Literal["yes", "partly", "no"]
USEFUL: tuple[Useful, ...] = get_args(Useful)


@dataclass(frozen=True, slots=True)
class Session:
    """One meeting in which people learn something.

    Attributes:
        key: names it for ever, wherever it was written.
        starts: an aware moment; everybody sees it in their own zone.
        place: a room, or nothing if it is on the web.
        link: a page to join by https, or nothing.
        why: what people can do after it.
        about: the part of the work it is about, one of ``AREAS``, or nothing.
        rule: for whom it is, as an audience is written; it may not tell on people.
        trainer: the id of who gives it, or nothing.
        open: whether people can sign up already.

    """

    key: str
    title: Words
    starts: datetime
    minutes: int
    seats: int
    place: str = ""
    link: str = ""
    why: Words = field(default_factory=dict[str, str])
    about: str = ""
    rule: str = "everyone"
    trainer: str = ""
    open: bool = True

    @property
    def ends(self) -> datetime:
        """Return when it is over."""
        return self.starts + timedelta(minutes=self.minutes)


@dataclass(frozen=True, slots=True)
class Signup:
    """Someone's place in a session.

    ``place`` grows with each sign-up: who was first is first. ``told`` is the state that they
    know, ``knows`` the revision of the session, and ``told_at`` when they last heard of it.
    ``reported`` says that the CRM team or the trainer said whether they were there. ``reminded`` is
    the day for which they were reminded; ``before`` and ``after`` are the pulses around it.
    """

    person: str
    state: SignupState
    place: int
    told_at: datetime
    name: str = ""
    told: str = ""
    knows: int = 0
    reported: bool = False
    useful: Useful | None = None
    reminded: str = ""
    asked: bool = False
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Training:
    """A session as it is kept, with everybody who signed up, in their order.

    ``revision`` grows when it is moved. ``by_name`` is the name of who gives it.
    """

    number: int
    session: Session
    signups: tuple[Signup, ...] = ()
    cancelled: bool = False
    revision: int = 0
    by_name: str = ""

    @property
    def taken(self) -> int:
        """Count the seats that are taken."""
        return sum(one.state in TAKING for one in self.signups)

    @property
    def waiting(self) -> tuple[Signup, ...]:
        """Return who waits for a seat, the first of them first."""
        waits = (one for one in self.signups if one.state is SignupState.WAITING)
        return tuple(sorted(waits, key=lambda one: one.place))

    def state(self, now: datetime) -> State:
        """Return where it is now."""
        if self.cancelled:
            return State.CANCELLED
        if now >= self.session.ends:
            return State.HELD
        if not self.session.open:
            return State.PLANNED
        return State.FULL if self.taken >= self.session.seats else State.OPEN

    def bookable(self, now: datetime) -> bool:
        """Say whether people can still sign up, for a seat or for the waiting list."""
        return now < self.session.starts and self.state(now) in {State.OPEN, State.FULL}

    def begun(self, now: datetime) -> bool:
        """Say whether it has begun, so that it can be noted who is there."""
        return not self.cancelled and now >= self.session.starts

    def of(self, person: str) -> Signup | None:
        """Return somebody's sign-up; one they withdrew is none."""
        found = next((one for one in self.signups if one.person == person), None)
        return None if found is None or found.state is SignupState.WITHDRAWN else found

    def ahead(self, person: str) -> int:
        """Return somebody's place on the waiting list, from 1; 0 if they are not on it."""
        return next((n for n, one in enumerate(self.waiting, 1) if one.person == person), 0)

    def given_by(self, person: str) -> bool:
        """Say whether this person gives it, and so may see who comes."""
        return bool(person) and self.session.trainer == person


def joining(training: Training, person: str, now: datetime) -> Signup | None:
    """Return what signing up brings: a seat, a place on the waiting list, or nothing new."""
    if not training.bookable(now) or training.of(person):
        return None
    full = training.taken >= training.session.seats or bool(training.waiting)
    state = SignupState.WAITING if full else SignupState.SEAT
    place = max((one.place for one in training.signups), default=0) + 1
    return Signup(person, state, place, now, told=state, knows=training.revision)


def moving_up(training: Training, now: datetime) -> tuple[Signup, ...]:
    """Return those who wait and get a seat that is free now, with the seat."""
    if training.cancelled or now >= training.session.starts:
        return ()
    free = max(training.session.seats - training.taken, 0)
    return tuple(replace(one, state=SignupState.SEAT) for one in training.waiting[:free])


def moved(before: Session, after: Session) -> bool:
    """Say whether people have to be told: it is at another time, or somewhere else."""
    return any(
        getattr(before, name) != getattr(after, name)
        for name in ("starts", "minutes", "place", "link")
    )


Wrong: TypeAlias = tuple[str, str]
"""A field, and what is wrong with it."""


def refusals(session: Session, languages: Iterable[str]) -> Iterator[Wrong]:
    """Yield what is wrong with a session, by field; nothing if it can be kept."""
    for language in languages:
        title, why = session.title.get(language, "").strip(), session.why.get(language, "")
        if not title or not _line(title, TITLE):
            yield f"title_{language}", "text" if title else "title"
        if not _line(why, WHY):
            yield f"why_{language}", "text"
    if not SHORTEST <= session.minutes <= MOST_MINUTES:
        yield "minutes", "minutes"
    if not 1 <= session.seats <= MOST_SEATS:
        yield "seats", "seats"
    if session.about and session.about not in AREAS:
        yield "about", "about"
    yield from _refused_place(session)
    yield from _refused_rule(session.rule)


def _line(text: str, most: int) -> bool:
    return len(text) <= most and "\n" not in text and not hides(text)


def _refused_place(session: Session) -> Iterator[Wrong]:
    if not session.place and not session.link:
        yield "place", "place"
    if not _line(session.place, PLACE):
        yield "place", "text"
    if session.link and (why := refused_link(session.link)):
        yield "link", why


def _refused_rule(rule: str) -> Iterator[Wrong]:
    """Refuse what cannot be read, and what would tell on those who sign up."""
    try:
        if exposes(parse(rule)):
            yield "rule", "exposes"
    except RuleError:
        yield "rule", "rule"


@dataclass(frozen=True, slots=True)
class SessionKept:
    """The CRM team wrote a session: a new one, or another way it is to be.

    One without a number is told from others by its key: written again, it is the same one.
    """

    session: Session
    number: int = NEW


@dataclass(frozen=True, slots=True)
class SessionCancelled:
    """A session will not be held."""

    number: int


@dataclass(frozen=True, slots=True)
class SignedUp:
    """Someone wants a seat."""

    number: int


@dataclass(frozen=True, slots=True)
class Withdrew:
    """Someone gives their seat, or their place on the waiting list, to others."""

    number: int


@dataclass(frozen=True, slots=True)
class Declined:
    """Someone was invited and would rather not."""

    number: int


@dataclass(frozen=True, slots=True)
class Attendance:
    """Who was there, by their places, of those who had a seat."""

    number: int
    there: frozenset[int]


@dataclass(frozen=True, slots=True)
class WasThere:
    """Someone says of themselves whether they were there."""

    number: int
    there: bool


@dataclass(frozen=True, slots=True)
class FoundUseful:
    """Someone says whether it was useful."""

    number: int
    useful: Useful


TrainingFact: TypeAlias = (
    Attendance
    | Declined
    | FoundUseful
    | SessionCancelled
    | SessionKept
    | SignedUp
    | WasThere
    | Withdrew
)
"""What people do about sessions; the store keeps each."""
