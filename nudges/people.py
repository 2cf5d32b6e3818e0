"""The people Wayfinder talks with: how to reach them and what they asked of us.

A person is one row however many platforms they use; each platform gives an address, and the
preferred one wins, else the one used last.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, time
from enum import StrEnum
from typing import TypeAlias

from nudges.address import Address, Platform
from nudges.adkar import Element
from nudges.roles import Grant

Language: TypeAlias = str
"""A language code such as ``en`` or ``nl``; which exist is decided by the catalogues."""


class Motivator(StrEnum):
    """What someone said matters most to them at work."""

    TIME = "time"
    CUSTOMER = "customer"
    RESULT = "result"
    GROWTH = "growth"
    TEAM = "team"
    CALM = "calm"


class Recognition(StrEnum):
    """The form in which someone likes a result to be recognised."""

    PRIVATE = "private"
    PUBLIC = "public"
    MANAGER = "manager"
    LEARNING_TIME = "learning_time"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Hours:
    """When someone works, in their own zone; weekday 0 is Monday.

    ``quiet`` is a window within the working day, from and until, in which we start nothing.
    """

    start: time = time(9)
    end: time = time(17)
    days: tuple[int, ...] = (0, 1, 2, 3, 4)
    quiet: tuple[time, time] | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """Someone Wayfinder talks with.

    ``job`` is the work they do (sales, service, …), which picks content; what they may do in
    Wayfinder is in :mod:`nudges.roles`. ``stopped`` silences everything we would start
    ourselves; asking still works. ``suspended`` names the elements whose follow-ups the person
    called wrong, until they answer about them again. ``country`` (``NL``, or a part of one such
    as ``DE-BY``) decides the public holidays; where it is empty the zone does. An absence without
    ``away_from`` has begun. A ``stranger`` wrote to us without a directory having told of them:
    somebody new, or a guest. ``next_due`` is when the planner looks at this person again.
    """

    id: str
    name: str = ""
    email: str = ""
    language: Language = "en"
    zone: str = "Europe/Amsterdam"
    country: str = ""
    hours: Hours = Hours()
    team: str = ""
    manager: str = ""
    job: str = ""
    segment: str = ""
    level: int = 0
    motivator: Motivator | None = None
    recognition: Recognition | None = None
    preferred: Platform | None = None
    fewer: bool = False
    welcomed: bool = False
    stopped: bool = False
    left: bool = False
    stranger: bool = False
    away_from: datetime | None = None
    away_until: datetime | None = None
    paused_until: datetime | None = None
    suspended: frozenset[Element] = frozenset()
    next_due: datetime | None = None
    roles: frozenset[str] = frozenset()
    addresses: tuple[Address, ...] = field(default=())

    def address(self, tried: frozenset[tuple[str, str, str]] = frozenset()) -> Address | None:
        """Return where to write: the preferred platform, else the one used last, else nothing.

        ``addresses`` is ordered by last use, latest first; ``tried`` names those that are gone.
        """
        open_ones = [a for a in self.addresses if not a.closed and a.key not in tried]
        mine = [a for a in open_ones if a.platform == self.preferred]
        return next(iter(mine + open_ones), None)

    @property
    def lane(self) -> str:
        """Name the platform and tenant where this person is at home; empty if nowhere."""
        home = self.address()
        return home.lane if home else ""

    def away(self, now: datetime) -> bool:
        """Say whether this person is absent, or asked for a pause, at this moment."""
        absent = (
            self.away_until is not None
            and now < self.away_until
            and (self.away_from is None or self.away_from <= now)
        )
        return absent or (self.paused_until is not None and now < self.paused_until)

    def quiet(self, now: datetime) -> bool:
        """Say whether this person asked us not to start a conversation at this moment."""
        return self.stopped or self.left or self.away(now)


def with_grant(
    roster: Iterable[Person], found: Iterable[Person], grant: Grant
) -> tuple[Person, ...]:
    """Return a roster as it is once someone in it, or just found, got a role or lost one."""
    known = {p.id: p for p in (*found, *roster)}
    if grant.person in known:
        person = known[grant.person]
        roles = person.roles | {grant.role} if grant.given else person.roles - {grant.role}
        known[person.id] = replace(person, roles=roles)
    return tuple(p for p in sorted(known.values(), key=lambda p: p.id) if p.roles)


def united(person: Person, stranger: Person) -> Person:
    """Return one person of two: what they told us themselves, before we knew who they are, counts.

    A stop or a pause holds wherever it was asked for.
    """
    return replace(
        person,
        language=stranger.language if stranger.welcomed else person.language,
        hours=person.hours if stranger.hours == Hours() else stranger.hours,
        motivator=stranger.motivator or person.motivator,
        recognition=stranger.recognition or person.recognition,
        preferred=stranger.preferred or person.preferred,
        fewer=person.fewer or stranger.fewer,
        welcomed=person.welcomed or stranger.welcomed,
        stopped=person.stopped or stranger.stopped,
        away_from=person.away_from or stranger.away_from,
        away_until=person.away_until or stranger.away_until,
        paused_until=person.paused_until or stranger.paused_until,
        suspended=person.suspended | stranger.suspended,
        next_due=person.next_due or stranger.next_due,
        roles=person.roles | stranger.roles,
    )
