"""The weekly digest: what a manager may know of a team, and a sponsor of the organisation.

A digest holds the numbers themselves, as they were told: rounded, of how many people only roughly,
and never changed after it was queued. Which numbers may be told at all is decided before
(:mod:`nudges.release`); nothing here works one out from anything but numbers that were told.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from nudges.activities import Activity, Known, Phase, mine, open_
from nudges.adkar import ELEMENTS, Element
from nudges.delivery import Note
from nudges.focus import SHARE
from nudges.people import Person
from nudges.roles import Role

Kind: TypeAlias = Literal[
    "active",
    "records",
    "leads_in_time",
    "decided",
    "response",
    "barrier",
    "level",
    "managers",
    "reach",
    "shadow",
    "came_back",
]
"""What a number is about. Shares are by category: ``active``, ``decided``, ``reach`` and
``came_back`` have ``yes``, ``response`` has ``answered``, ``managers`` has ``agree``, ``barrier``
the elements and ``none``, ``level`` the numbers of the levels with ``0`` for none yet, ``shadow``
has ``crm``, ``partly`` and ``elsewhere``. ``records`` is a mean; ``leads_in_time`` a mean from 0
to 1."""
Why: TypeAlias = Literal["few", "alike", "unchanged", "gap"]
"""Why there is no number: too few people, too much of one mind, too little changed, or a source
that told nothing. The first two are told in the same words, or the reason would tell something."""
View: TypeAlias = Literal["team", "organisation"]
Movement: TypeAlias = Literal["up", "down", "same"]
SAYS: dict[Kind, str] = {
    "active": "yes",
    "decided": "yes",
    "reach": "yes",
    "response": "answered",
    "managers": "agree",
    "shadow": "elsewhere",
    "came_back": "yes",
}
"""The category that is told, where one says it all."""
TENTHS = 10
NORMS = 3
"""How many sentences a team agrees at most."""
LONGEST_NORM = 200
SEVERAL = 5
"""Fewer questions than this are told as "fewer than five"."""
FOR: dict[View, frozenset[Role]] = {
    "team": frozenset({Role.MANAGER}),
    "organisation": frozenset({Role.SPONSOR, Role.CRM_TEAM}),
}
"""Whom each digest is for."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number that was told: of which week (its Monday), of roughly how many, and what it says.

    ``together`` means that the own team is told together with others, because it is too small.
    """

    kind: Kind
    week: str
    band: str
    shares: tuple[tuple[str, float], ...] = ()
    mean: float | None = None
    scope: Literal["own", "together"] = "own"

    def share(self, category: str) -> float:
        """Return the share of a category; nobody in it is none of them."""
        return dict(self.shares).get(category, 0.0)

    def amount(self, category: str = "") -> float:
        """Return what is compared with an earlier number: tenths of a share, or a mean."""
        if not self.shares:
            mean = self.mean or 0.0
            return tenths(mean) if self.kind == "leads_in_time" else round(mean, 1)
        return tenths(self.share(category or SAYS.get(self.kind, "")))


@dataclass(frozen=True, slots=True)
class Line:
    """A number of a digest, and the one told before it, where they are about the same people."""

    number: Number
    before: Number | None = None

    def moved(self, category: str = "") -> Movement | None:
        """Say how it went, as far as what is told shows; nothing if none was told before."""
        if self.before is None:
            return None
        now, before = self.number.amount(category), self.before.amount(category)
        return "up" if now > before else "down" if now < before else "same"


@dataclass(frozen=True, slots=True)
class Missing:
    """A number that is not told, and why."""

    kind: Kind
    why: Why


@dataclass(frozen=True, slots=True)
class Result:
    """A business result as it was last measured: its place in the programme, month and value."""

    place: int
    month: str
    value: float


@dataclass(frozen=True, slots=True)
class Gone:
    """Somebody whose part in the change is open: which part, and of which team."""

    role: Literal["champion", "sponsor"]
    team: str = ""


@dataclass(frozen=True, slots=True)
class Organisation:
    """What one level up hears besides: results, groups that are quiet, and what waits.

    ``quiet`` are segments with the days since anybody there said they got a message about the
    change; ``unanswered`` are questions without an answer, ``blockers`` things that were said to
    stop people and are open; ``decay`` is the share of active people
    four weeks ago and now, where it went down by a fifth or more.
    """

    results: tuple[Result, ...] = ()
    quiet: tuple[tuple[str, int], ...] = ()
    unanswered: int = 0
    gone: tuple[Gone, ...] = ()
    decay: tuple[float, float] | None = None
    blockers: int = 0


@dataclass(frozen=True, slots=True)
class DigestNote(Note):
    """A week's digest for one reader, with its numbers as they were told.

    ``whose`` is the manager whose team's norms it shows; the words stay where they can be changed.
    ``action`` is the activity it suggests, and ``answered`` what its reader said to that.
    """

    week: str
    view: View = "team"
    lines: tuple[Line, ...] = ()
    missing: tuple[Missing, ...] = ()
    action: str = ""
    answered: Literal["open", "done", "later"] = "open"
    first: bool = False
    whose: str = ""
    organisation: Organisation | None = None
    card: Literal["digest"] = "digest"

    @property
    def subject(self) -> str:
        """Name the week, so that whoever asks gets these numbers and not new ones."""
        return f"digest:{self.week}"

    @property
    def occasion(self) -> str:
        """Name the one digest of its week and view."""
        return occasion(self.week, self.view)

    @property
    def roles(self) -> frozenset[str]:
        """Only whom it is made for gets it."""
        return frozenset(map(str, FOR[self.view]))

    @property
    def normed(self) -> str:
        """Return the manager whose team's norms have to be loaded."""
        return self.whose

    def told(self, kind: Kind) -> Line | None:
        """Return the number of a kind, if it is told."""
        return next((one for one in self.lines if one.number.kind == kind), None)


@dataclass(frozen=True, slots=True)
class NormsAgreed:
    """What a team agreed about working with the CRM, as its manager wrote it down."""

    norms: tuple[str, ...]


def tenths(share: float) -> int:
    """Return how many in ten a share is; a half is rounded up."""
    return min(int(share * TENTHS + 0.5), TENTHS) if share > 0 else 0


def people(band: str) -> tuple[int, int] | None:
    """Read a band such as 5-9; None if it is none."""
    low, dash, high = band.partition("-")
    digits = low.isascii() and low.isdecimal() and high.isascii() and high.isdecimal()
    return (int(low), int(high)) if dash and digits else None


def occasion(week: str, view: View) -> str:
    """Name the one digest of a week and a view, so that nobody gets two."""
    return f"digest:{view}:{week}"


def focus(lines: Iterable[Line], phase: Phase) -> Element | None:
    """Return what a group's action should be about (rule 8).

    The earliest element that holds up a fifth; where none does, keeping what works, once they are
    live. Nothing where nobody knows.
    """
    barriers = next((one.number for one in lines if one.number.kind == "barrier"), None)
    if barriers is None:
        return None
    found = next((e for e in ELEMENTS if barriers.share(e) >= SHARE), None)
    return found or (None if phase == "before" else Element.REINFORCEMENT)


def suggested(  # noqa: PLR0913, PLR0917 - the facts that an activity is chosen by
    person: Person,
    view: View,
    activities: Iterable[Activity],
    known: Known,
    phase: Phase,
    about: Element | None,
    day: date,
) -> str:
    """Return the activity that a digest suggests, by its id: about the focus, done least often."""
    able = [
        a
        for a in mine(person, activities, phase)
        if a.element is about and a.role in FOR[view] and open_(person, a, known, day)
    ]
    return min(able, key=lambda a: (len(known.of(a.id).ticks), a.id)).id if able else ""


def sum_up(  # noqa: PLR0913 - all that a digest is made of, by name
    person: Person,
    week: date,
    view: View,
    lines: Iterable[Line],
    missing: Iterable[Missing] = (),
    *,
    activities: Iterable[Activity],
    known: Known,
    phase: Phase,
    day: date,
    first: bool = False,
    organisation: Organisation | None = None,
) -> DigestNote:
    """Make a digest of the numbers that may be told; ``day`` is when its reader gets it."""
    told = tuple(lines)
    about = focus(told, phase)
    return DigestNote(
        week.isoformat(),
        view,
        told,
        tuple(missing),
        suggested(person, view, activities, known, phase, about, day),
        first=first,
        whose=person.id if view == "team" else "",
        organisation=organisation,
    )
