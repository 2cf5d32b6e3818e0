"""The monthly health check: six principles, each judged by what is known, with one next step.

Nothing here is about one person: what is counted are roles, words that were written, results
that were measured, and the share that answers as the release auditor told it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Literal, TypeAlias

from nudges.activities import Sum, coming_morning, month
from nudges.delivery import Note
from nudges.hours import local_day
from nudges.people import Person
from nudges.programme import Programme, launchable, unwritten
from nudges.roles import Role
from nudges.webhooks import Event


class Principle(StrEnum):
    """What a change needs to stay healthy."""

    SPONSORSHIP = "sponsorship"
    OBJECTIVES = "objectives"
    INVOLVEMENT = "involvement"
    INCENTIVES = "incentives"
    ITERATION = "iteration"
    TRAINING = "training"


State: TypeAlias = Literal["good", "partly", "missing"]
Discipline: TypeAlias = Literal["business", "it", "information"]
DISCIPLINES: tuple[Discipline, ...] = ("business", "information", "it")
IT = frozenset({"it", "ict", "engineer", "developer", "architect", "infrastructure", "helpdesk"})
HALF = 14
"""After this day of a month its check is no news any more."""
INFORMATION = frozenset(
    {
        "information",
        "informatie",
        "data",
        "bi",
        "analyst",
        "analist",
        "crm",
        "privacy",
        "functional",
    }
)
"""Words of a job that tell the discipline; every other job is business."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What the store counts; people are counted, never named.

    ``edits`` are changes to the programme in sixty days. ``teams`` are those with anybody in them.
    """

    sponsors: int = 0
    champions: int = 0
    teams: int = 0
    teams_with_champion: int = 0
    edits: int = 0


@dataclass(frozen=True, slots=True)
class HealthFacts:
    """All that the six principles are judged by, frozen when the check is made.

    ``tenths`` is how many in ten answered the last pulse, where the release auditor told it, as in
    the weekly digest of whoever reads this, and ``cell`` names that number in its ledger; ``quiet``
    are segments in which nobody has acknowledged a message about the change for four weeks.
    """

    sponsors: int = 0
    segments: int = 0
    celebrated: int = 0
    outcomes: int = 0
    measured: int = 0
    reached: int = 0
    answered: int = 0
    champions: int = 0
    teams: int = 0
    teams_with_champion: int = 0
    tenths: int | None = None
    cell: int = 0
    wiifm: int = 0
    goals: int = 0
    ahead: int = 0
    edits: int = 0
    help: int = 0
    without: tuple[str, ...] = ()
    sums: tuple[Sum, ...] = ()
    quiet: int = 0


@dataclass(frozen=True, slots=True)
class HealthNote(Note):
    """The health check of a month."""

    month: str
    facts: HealthFacts
    card: Literal["health"] = "health"

    @property
    def roles(self) -> frozenset[str]:
        """Only the CRM team gets it."""
        return frozenset({Role.CRM_TEAM})


@dataclass(frozen=True, slots=True)
class SumNote(Note):
    """What was done of each role's activities in a month, as sums of five or more people."""

    month: str
    sums: tuple[Sum, ...]
    card: Literal["activity_sum"] = "activity_sum"

    @property
    def roles(self) -> frozenset[str]:
        """Only who sees the organisation gets it."""
        return frozenset({Role.SPONSOR, Role.CRM_TEAM})


def facts(  # noqa: PLR0913 - everything the principles are judged by
    programme: Programme,
    counts: Counts,
    languages: Iterable[str],
    today: date,
    *,
    help_: int = 0,
    without: tuple[str, ...] = (),
    sums: tuple[Sum, ...] = (),
    quiet: int = 0,
    answering: tuple[int, int] | None = None,
) -> HealthFacts:
    """Bring together what is written in the programme and what was counted.

    Args:
        programme: the programme.
        counts: what the store counts.
        languages: in which the programme has to be written.
        today: the day of the check; what was measured last month counts.
        help_: how many pieces there are that teach or let practise.
        without: some of the teams without a champion.
        sums: what was done of the activities.
        quiet: in how many segments nobody has acknowledged a message for four weeks.
        answering: how many in ten answered, as it was told, and the number in the release ledger.

    """
    spoken = tuple(languages)
    segments = programme.segments.values()
    last = month(today.replace(day=1) - timedelta(days=1))
    return HealthFacts(
        sponsors=counts.sponsors,
        segments=len(segments),
        celebrated=sum(bool(s.sponsor and s.celebration) for s in segments),
        outcomes=len(programme.outcomes),
        measured=sum(last in o.months for o in programme.outcomes),
        reached=sum(o.reached is True for o in programme.outcomes),
        answered=sum(not unwritten(s, spoken) for s in segments),
        champions=counts.champions,
        teams=counts.teams,
        teams_with_champion=counts.teams_with_champion,
        tenths=answering[0] if answering else None,
        cell=answering[1] if answering else 0,
        wiifm=sum(launchable(s, spoken) for s in segments),
        goals=sum(bool(s.goals) for s in segments),
        ahead=sum(any(m.date >= today for m in s.roadmap) for s in segments),
        edits=counts.edits,
        help=help_,
        without=without,
        sums=sums,
        quiet=quiet,
    )


def judge(known: HealthFacts) -> Mapping[Principle, State]:
    """Judge each principle by its evidence."""
    all_ = known.segments
    return {
        Principle.SPONSORSHIP: _state(known.sponsors > 0, _every(known.celebrated, all_)),
        Principle.OBJECTIVES: _state(known.outcomes > 0, _every(known.measured, known.outcomes)),
        Principle.INVOLVEMENT: _state(
            known.champions > 0, _every(known.teams_with_champion, known.teams)
        ),
        Principle.INCENTIVES: _state(known.wiifm > 0, _every(known.wiifm, all_)),
        Principle.ITERATION: _state(
            known.ahead > 0 or known.edits > 0, known.ahead > 0 < known.edits
        ),
        Principle.TRAINING: _state(known.help > 0, _every(known.goals, all_)),
    }


def judged(notes: Iterable[Note], now: datetime) -> Iterator[Event]:
    """Return what other systems are told of a month's check: how each principle was judged.

    The evidence stays with the CRM team; some of it counts fewer than five people.
    """
    for note in notes:
        if isinstance(note, HealthNote):
            found = {str(principle): state for principle, state in judge(note.facts).items()}
            told = {"month": note.month, "principles": found}
            yield Event("health.judged", f"health:{note.month}", now, told)


def _state(begun: bool, whole: bool) -> State:  # noqa: FBT001 - two findings, side by side
    return "good" if begun and whole else "partly" if begun else "missing"


def _every(some: int, of: int) -> bool:
    return 0 < of == some


def discipline(person: Person) -> Discipline:
    """Return the discipline that someone's job belongs to; what is not known is business."""
    words = frozenset(person.job.casefold().replace("-", " ").replace("_", " ").split())
    if words & IT:
        return "it"
    return "information" if words & INFORMATION else "business"


def opens_month(person: Person, now: datetime) -> datetime | None:
    """Return the morning on which someone gets the month's check, once that is the next one.

    It is that of the first working day; who was away then gets it when they are back, while the
    month is young.
    """
    at = coming_morning(person, now)
    return at if local_day(person, at).day <= HALF else None
