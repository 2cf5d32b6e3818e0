"""Who plays: a made-up organisation in several countries, and what each of its people is like.

Everything follows from the seed, and each person has a chance of their own: who comes in more or
leaves changes nothing for the others.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from types import MappingProxyType
from zoneinfo import ZoneInfo

from nudges.address import Address, Platform
from nudges.people import Hours, Person
from nudges.programme import Programme, Reason, Segment

START = datetime(2027, 2, 15, tzinfo=UTC)
"""A Monday; the twelve weeks after it have Easter in them, and every change of the clock."""
COUNTRIES: tuple[tuple[str, str, str, int], ...] = (
    ("NL", "Europe/Amsterdam", "nl", 8),
    ("BE", "Europe/Brussels", "nl", 2),
    ("GB", "Europe/London", "en", 3),
    ("US", "America/New_York", "en", 3),
    ("IN", "Asia/Kolkata", "en", 1),
    ("AU", "Australia/Sydney", "en", 1),
)
"""Country, zone, language, and how many of them there are in proportion."""
JOBS = ("sales", "service", "planning")
WORKING: tuple[tuple[Hours, int], ...] = (
    (Hours(), 6),
    (Hours(time(8), time(16)), 2),
    (Hours(time(9), time(14), (0, 1, 2, 3)), 1),
    (Hours(time(13), time(21), (1, 2, 3, 4, 5)), 1),
)
TEMPERS: tuple[tuple[float, float, int], ...] = (
    (0.95, 2, 3),
    (0.7, 6, 4),
    (0.35, 20, 2),
    (0, 1, 1),
)
"""How likely someone answers, in how many hours, and how many are like that."""
LATE = 0.08
"""The part of the people who join after the first week."""
BOTH = 0.1
"""The part of the people who are on both platforms."""


@dataclass(frozen=True, slots=True)
class Player:
    """One made-up person.

    Attributes:
        person: who they are, as the organisation's directory has it.
        country: whose public holidays they keep.
        joins: when they first open the chat.
        answers: how likely they answer, 0 to 1.
        hours: how long that usually takes them.
        mood: what they feel about the change, 1 to 5; scores lie around it.

    """

    person: Person
    country: str
    joins: datetime
    answers: float
    hours: float
    mood: float

    @property
    def zone(self) -> ZoneInfo:
        """Return the zone they live in."""
        return ZoneInfo(self.person.zone)


@dataclass(frozen=True, slots=True)
class Cast:
    """The whole organisation."""

    programme: Programme
    players: Mapping[str, Player] = field(default_factory=lambda: MappingProxyType({}))


def cast(people: int, weeks: int, seed: int) -> Cast:
    """Make an organisation up; the same figures give the same one."""
    middle = (START + timedelta(weeks=weeks // 2)).date()
    players = (_player(n, weeks, seed) for n in range(people))
    return Cast(_programme(middle), MappingProxyType({p.person.id: p for p in players}))


def _programme(middle: date) -> Programme:
    """Return a programme in which one segment is live, one goes live midway, one has no date."""
    days = {"sales": START.date() - timedelta(weeks=2), "service": middle, "planning": None}
    reasons = {
        reason: {"en": "Customers tell it once.", "nl": "Klanten vertellen het één keer."}
        for reason in Reason
    }
    segments = {
        key: Segment(key, {"en": key.title(), "nl": key.title()}, day, reasons)
        for key, day in days.items()
    }
    return Programme(
        {"en": "Customer First", "nl": "Klant Centraal"}, crm="Dynamics", segments=segments
    )


def _player(n: int, weeks: int, seed: int) -> Player:
    chance = Random(f"{seed}:{n}")  # noqa: S311 - so that a rehearsal can be repeated
    name = f"p{n:05d}"
    country, zone, language, _ = chance.choices(COUNTRIES, [c[-1] for c in COUNTRIES])[0]
    hours, _ = chance.choices(WORKING, [w[-1] for w in WORKING])[0]
    answers, wait, _ = chance.choices(TEMPERS, [t[-1] for t in TEMPERS])[0]
    job = JOBS[n % len(JOBS)]
    days = chance.uniform(7, 7 * weeks) if chance.random() < LATE else chance.uniform(0, 5)
    first: Platform = "slack" if chance.random() < 1 / 2 else "teams"
    platforms: list[Platform] = [first]
    if chance.random() < BOTH:
        platforms.append("teams" if first == "slack" else "slack")
    person = Person(
        name,
        f"Person {n}",
        language=language,
        zone=zone,
        country=country,
        hours=hours,
        team=f"team{n // 12}",
        job=job,
        segment=job,
        addresses=tuple(home(name, platform) for platform in platforms),
    )
    joins = START + timedelta(days=days)
    return Player(person, country, joins, answers, wait, chance.gauss(3.3, 0.8))


def home(name: str, platform: Platform) -> Address:
    """Return where a made-up person is on a platform; two workspaces share the Slack half."""
    tenant = "tenant" if platform == "teams" else f"workspace{int(name[1:]) % 2}"
    return Address(platform, tenant, f"{platform}-{name}")
