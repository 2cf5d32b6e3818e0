"""What a manager may know of a team: a few numbers about all, and never one about somebody.

A measure is closed at the end of its period: what its people said is frozen into atoms
(:mod:`nudges.release`), and what follows from them for each team is worked out once and kept.
Whoever asks, by whatever way and however often, gets those numbers. They are told rounded, and of
how many people they are only roughly: an exact number would say how many kept silent.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Literal, TypeAlias

from nudges.adkar import ELEMENTS, Element
from nudges.focus import SHARE
from nudges.release import FLOOR, TOP, Closed, Ledger, Unit, Value, close

WEEK = timedelta(days=7)
OVER = timedelta(hours=4)
"""So long after Sunday has ended in Greenwich a week is over, for nearly everybody by their own
clock too; what somebody still answers then comes too late for it."""
MANY = 100
"""From so many people on shares are told in hundredths, below it in tenths."""
STEPS = (1, 2, 5)
SEGMENT = "segment:"
"""How the name of a segment begins where teams are named; no person's id does."""
KEPT = timedelta(days=180)
"""How long it is kept who said what; after that only what each said last, so that it stays old."""

ONCE = "received:"
"""How the name of a measure begins that is closed once, when the test of a message is over."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One thing that is measured of a group.

    ``keeps`` says that a value holds until it changes, as a barrier does, so that periods can be
    compared; else each week's value is a fact of its own. With ``one_up`` people are counted with
    the team of their manager, because it is their manager whom they spoke about; with ``whole``
    everybody is counted together, and nobody but the top is told. With ``about`` it is what people
    say of one person, counted by segment.
    """

    name: str
    every_weeks: int = 1
    keeps: bool = False
    one_up: bool = False
    whole: bool = False
    about: str = ""


RESPONSE = Measure("response")
BARRIER = Measure("barrier", every_weeks=4, keeps=True)
LEVEL = Measure("level", every_weeks=4, keeps=True)
MANAGERS = Measure("managers", every_weeks=4, keeps=True, one_up=True)
ACTIVE = Measure("active")
RECORDS = Measure("records")
LEADS_IN_TIME = Measure("leads_in_time")
QUALITY = Measure("quality")
REACH = Measure("reach", whole=True)
SHADOW = Measure("shadow", every_weeks=4, whole=True)
"""Where people kept things: each answer is about a week of its own and counts in one number."""
CAME_BACK = Measure("came_back", every_weeks=4, whole=True)
MEASURES = (
    *(RESPONSE, BARRIER, LEVEL, MANAGERS, ACTIVE, RECORDS, LEADS_IN_TIME, QUALITY, REACH),
    *(SHADOW, CAME_BACK),
)


def week_over(now: datetime) -> date:
    """Return the Monday of the last week that is over."""
    today = (now.astimezone(UTC) - OVER).date()
    return today - timedelta(days=today.weekday()) - WEEK


def due(measure: Measure, week: date, told: date | None) -> bool:
    """Say whether a measure is to be closed after a week; ``told`` is the last that told anything.

    Weeks in which nobody closed anything are not made up for.
    """
    return told is None or week - told >= WEEK * measure.every_weeks


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody, as far as numbers about groups have to know them."""

    id: str
    manager: str = ""
    segment: str = ""
    zone: str = "UTC"
    stopped: bool = False
    left: bool = False


@dataclass(frozen=True, slots=True)
class Teams:
    """The teams of one moment: those who report to one person, and the team that person is in.

    ``above`` names the team above each, ``of`` the team of each person who is there.
    """

    above: Mapping[Unit, Unit]
    of: Mapping[str, Unit]

    def place(self, measure: Measure, person: str) -> Unit:
        """Return the team with which a person is counted."""
        if measure.whole:
            return TOP
        unit = self.of.get(person, TOP)
        return self.above.get(unit, TOP) if measure.one_up else unit


def teams_of(members: Iterable[Member]) -> Teams:
    """Return the teams of all people; whose manager is nobody we know is in the one at the top.

    Who left leads the team that is still theirs, until somebody else does.
    """
    known = {m.id: m for m in members}
    lead = {
        m.id: m.manager if m.manager in known and m.manager != m.id else TOP for m in known.values()
    }
    of = {m.id: lead[m.id] for m in known.values() if not m.left}
    above: dict[Unit, Unit] = {}
    for unit in of.values():
        head = unit
        while head != TOP and head not in above:
            above[head] = lead[head]
            head = lead[head]
    return Teams(above, of)


def segments_of(members: Iterable[Member]) -> Teams:
    """Return the segments of all people, as if each were a team right below the top."""
    of = {m.id: segment_unit(m.segment) for m in members if not m.left}
    return Teams({unit: TOP for unit in of.values() if unit != TOP}, of)


def segment_unit(segment: str) -> Unit:
    """Name a segment where teams are named; who is in none belongs to the top."""
    return f"{SEGMENT}{segment}" if segment else TOP


@dataclass(frozen=True, slots=True)
class Told:
    """What is said of a group: shares of it, or a mean, and roughly how many people it is about."""

    band: str
    shares: Mapping[str, float] = field(default_factory=dict[str, float])
    mean: float | None = None

    def share(self, category: str) -> float:
        """Return the share of a category; nobody in it is none of them."""
        return self.shares.get(category, 0.0)


def told(values: Collection[Value]) -> Told:
    """Return what is said of values: shares that add up to one, or a mean.

    Raises:
        ValueError: they are of fewer people than any number may be about.

    """
    if len(values) < FLOOR:
        message = f"nothing is told of {len(values)} people"
        raise ValueError(message)
    amounts = [value for value in values if not isinstance(value, str)]
    if amounts:
        return Told(band(len(values)), mean=round(sum(amounts) / len(amounts), 1))
    parts = 10 if len(values) < MANY else 100
    return Told(band(len(values)), _shares(Counter(map(str, values)), parts))


def _shares(counted: Counter[str], parts: int) -> dict[str, float]:
    """Divide a whole in equal parts: who is nearest to another one gets what is left."""
    every = counted.total()
    whole = {name: n * parts // every for name, n in counted.items()}
    nearest = sorted(counted, key=lambda name: (-(counted[name] * parts % every), name))
    for name in nearest[: parts - sum(whole.values())]:
        whole[name] += 1
    return {name: whole[name] / parts for name in sorted(whole)}


def band(people: int) -> str:
    """Say roughly how many people there are: 5-9, 10-19, 20-49, 50-99, 100-199 and so on."""
    low = high = FLOOR
    power = 1
    while high <= people:
        power *= 10
        for step in STEPS:
            low, high = high, step * power
            if people < high:
                break
    return f"{low}-{high - 1}"


def movement(now: Told, before: Told) -> Mapping[str, float]:
    """Return how far each share went up or down, from what was told both times alone."""
    names = sorted({*now.shares, *before.shares})
    return {name: round(now.share(name) - before.share(name), 2) for name in names}


def decided(barriers: Told) -> float:
    """Return the share of those who decided to use the CRM: past Awareness and Desire."""
    before = barriers.share(Element.AWARENESS) + barriers.share(Element.DESIRE)
    return round(1 - before, 2)


def focus(barriers: Told) -> Element | None:
    """Return the earliest element that holds up a fifth of those known, if any does (rule 8)."""
    return next((e for e in ELEMENTS if barriers.share(e) >= SHARE), None)


Why: TypeAlias = Literal["", "few", "unchanged", "gap"]
"""Why a number is withheld: there are too few people, or too many of one mind, which is told in the
same words; too few said something new; or nobody knows anything."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What the head of a team is told of a measure; ``told`` is nothing where it is withheld.

    ``atoms`` are the places of the atoms in it, and ``scope`` all teams in those; ``exact`` says
    that they are the head's own people alone.
    """

    unit: Unit
    atoms: tuple[int, ...] = ()
    scope: frozenset[Unit] = frozenset()
    told: Told | None = None
    exact: bool = False
    why: Why = ""


@dataclass(frozen=True, slots=True)
class Frozen:
    """A measure whose period is over: what everybody said of it, and all that is ever told."""

    measure: Measure
    closed: Closed
    cells: tuple[Cell, ...]
    values: Mapping[str, Value] = field(default_factory=dict[str, Value])


def steady() -> float:
    """Throw dice that let nobody join by chance."""
    return 1.0


def freeze(  # noqa: PLR0913 - all that a period is
    measure: Measure,
    teams: Teams,
    values: Mapping[str, Value],
    ledger: Ledger,
    floor: int = FLOOR,
    *,
    chance: Callable[[], float] = steady,
) -> Frozen:
    """Work out all that is ever told of a period, to whomever.

    Args:
        measure: what was measured.
        teams: the teams as they are now.
        values: what each person said or did; of whom nothing is known is not in it.
        ledger: what was told of this measure before; where each week stands for itself, nothing
            of it counts.
        floor: of how few people a number may be at least.
        chance: throws dice; without them no team joins others that need not.

    """
    said = {who: (teams.place(measure, who), v) for who, v in values.items() if who in teams.of}
    ledger = ledger if measure.keeps else Ledger()
    above: Mapping[Unit, Unit] = {} if measure.whole else teams.above
    closed = close(above, said, ledger, floor, chance=chance)
    peopled = {teams.place(measure, who) for who in teams.of}
    closed = replace(closed, vacant=frozenset(closed.below.keys() - peopled))
    why = _withheld(closed, {who: value for who, (_, value) in said.items()}, ledger, floor)
    number = {id(atom): place for place, atom in enumerate(closed.atoms)}
    sums: dict[tuple[int, ...], tuple[Told, frozenset[Unit]]] = {}
    cells: list[Cell] = []
    for unit in sorted(closed.below):
        found = closed.told(unit)
        atoms = tuple(sorted(number[id(atom)] for atom in found))
        exact = closed.exact(unit)
        if not atoms or (measure.one_up and not exact):  # or they would see what is about them
            cells.append(Cell(unit, why=why if not atoms else "few"))
            continue
        if atoms not in sums:
            every = [value for atom in found for value in atom.values.values()]
            sums[atoms] = told(every), frozenset[Unit]().union(*(atom.units for atom in found))
        what, scope = sums[atoms]
        cells.append(Cell(unit, atoms, scope, what, exact))
    return Frozen(measure, closed, tuple(cells), {who: value for who, (_, value) in said.items()})


def _withheld(closed: Closed, said: Mapping[str, Value], ledger: Ledger, floor: int) -> Why:
    """Return why whatever is in no atom is told to nobody."""
    told = {who for atom in closed.atoms for who in atom.values}
    rest = {who: value for who, value in said.items() if who not in told}
    if not said:
        return "gap"
    return "unchanged" if len(ledger.fresh(rest)) < floor <= len(rest) else "few"


@dataclass(frozen=True, slots=True)
class Past:
    """What is known of earlier closings of a measure: the newest one, and what was told by them."""

    newest: int = 0
    ledger: Ledger = field(default_factory=Ledger)


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as it was frozen: of which week, what it says, and whether it may be compared.

    Two figures with the same ``scope`` are about the same teams. ``cell`` names it in the ledger of
    who was shown what.
    """

    cell: int
    measure: str
    week: date
    told: Told | None
    exact: bool
    scope: str
    why: Why = ""


def rows(figure: Figure) -> list[tuple[str, str, str]]:
    """Return a figure as it stands in a table: category, value, and roughly how many people."""
    told = figure.told
    if told is None:
        return []
    if told.mean is not None:
        return [("", f"{told.mean}", told.band)]
    found = [(category, f"{share}", told.band) for category, share in told.shares.items()]
    if figure.measure == BARRIER.name:
        found.append(("decided", f"{decided(told)}", told.band))
    return found


def comparable(now: Figure, before: Figure | None) -> bool:
    """Say whether a movement may be told: both figures are there, and about the same teams."""
    return (
        before is not None
        and now.told is not None
        and before.told is not None
        and now.scope == before.scope
    )
