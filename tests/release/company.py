"""A made-up company of two thousand people, whose half year the release auditor is tried on.

Teams of six to fourteen under heads, directors and VPs. Every week people come, go, move and change
their minds, some are forgotten, teams are split, merged and get another head. Nothing here is
random twice: one seed is one half year.
"""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

from nudges.release import TOP, Closed, Ledger, Unit, Value, close

Said: TypeAlias = Mapping[str, tuple[Unit, Value]]


class Closes(Protocol):
    """The auditor, or one that forgets something."""

    def __call__(
        self,
        parents: Mapping[Unit, Unit],
        said: Said,
        ledger: Ledger,
        *,
        chance: Callable[[], float],
    ) -> Closed: ...


BARRIERS = ("awareness", "desire", "knowledge", "ability", "reinforcement", "none")
COMMON = (2, 4, 5, 6, 2, 5)
LEAF = (6, 14)
SPAN = (5, 9)
STALE = 8
"""Weeks after which an answer is too old to count."""
LEAVES, JOINS, MOVES, FORGOTTEN = 0.004, 0.004, 0.002, 0.0005
"""Shares of the people, in a week."""


@dataclass(frozen=True)
class Measure:
    """One kind of number, and how it comes to an end.

    What is ``kept`` is closed against all that was told before; what is of one week stands alone.
    """

    name: str
    kept: bool
    every: int = 1


MEASURES = (
    Measure("barrier", kept=True, every=4),
    Measure("barrier, weekly", kept=True),
    Measure("level", kept=True, every=4),
    Measure("active", kept=False),
    Measure("answered", kept=False),
    Measure("entered", kept=False),
    Measure("quality", kept=False),
)


@dataclass
class Person:
    """Somebody, and what nobody else may learn of them."""

    name: str
    boss: str | None
    barrier: str
    answers: float
    diligence: float
    level: str = "1"
    said: tuple[int, str] | None = None
    late: tuple[int, str] | None = None


@dataclass
class Company:
    """Who works here this week, and for whom."""

    size: int = 2_000
    seed: int = 9
    changes: float = 0.12
    week: int = 0
    people: dict[str, Person] = field(default_factory=dict)
    forgotten: list[str] = field(default_factory=list)
    """Who asked to be forgotten this week."""
    _born: int = 0
    _mood: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)  # noqa: S311 - so that it can be repeated
        chief = self._hire(None)
        heads = self._layer([chief], max(1, self.size // 430))
        directors = self._layer(heads, max(1, self.size // 75))
        leads = self._layer(directors, max(1, self.size // 11))
        while len(self.people) < self.size:
            for lead in leads:
                for _ in range(self._random.randint(*LEAF)):
                    if len(self.people) < self.size:
                        self._hire(lead)
            leads = self._layer(directors, 1)
        for _ in range(STALE):
            self._speak()
            self.week += 1
        self.week = 0
        for person in self.people.values():
            if person.said:
                person.said = (person.said[0] - STALE + 1, person.said[1])
        self._odd_cases()

    def _layer(self, above: Sequence[str], count: int) -> list[str]:
        return [self._hire(above[number % len(above)]) for number in range(count)]

    def _odd_cases(self) -> None:
        """Let two report to each other, some to nobody that is known, and one lead one person."""
        names = sorted(self.people)
        one, other = names[-1], names[-2]
        self.people[one].boss, self.people[other].boss = other, one
        for name in names[-5:-2]:
            self.people[name].boss = "somebody who left long ago"
        self._hire(names[-6])
        self._hire(names[-7])

    def _hire(self, boss: str | None) -> str:
        self._born += 1
        name = f"p{self._born:05}"
        mood = self._mood.setdefault(boss or "", self._random.choices(BARRIERS, COMMON)[0])
        self.people[name] = Person(
            name,
            boss,
            self._random.choices([mood, *BARRIERS], [6, *COMMON])[0],
            self._random.choices([0.55, 0.02], [0.78, 0.22])[0],
            self._random.betavariate(1, 0.5),
        )
        return name

    def forward(self) -> None:
        """Let a week go by."""
        self.week += 1
        self._come_and_go()
        self._reorganise()
        self._speak()

    def _come_and_go(self) -> None:
        size, chance = len(self.people), self._random
        for name in self._some(LEAVES * size):
            self._leaves(name)
        self.forgotten = self._some(FORGOTTEN * size)
        for name in self.forgotten:
            self._leaves(name)
        teams = self.leaf_teams()
        for _ in range(self._about(JOINS * size)):
            self._hire(chance.choice(teams))
        for name in self._some(MOVES * size):
            if name not in self.heads():
                self.people[name].boss = chance.choice(teams)

    def _reorganise(self) -> None:
        chance = self._random
        for _ in range(self._about(len(self.people) / 1_000)):
            teams = self.leaf_teams()
            team = chance.choice(teams)
            members = self.reports(team)
            match chance.choice(("split", "merge", "another head", "moves")):
                case "split" if len(members) > 3:
                    new = members[0]
                    self.people[new].boss = self.people[team].boss
                    for name in members[1 : len(members) // 2 + 1]:
                        self.people[name].boss = new
                case "merge":
                    into = chance.choice(teams)
                    for name in members:
                        self.people[name].boss = into if name != into else self.people[into].boss
                case "another head" if members:
                    self._succeeds(members[0], team)
                    self.people[team].boss = members[0]
                case _:
                    self.people[team].boss = self.people[chance.choice(teams)].boss

    def _leaves(self, name: str) -> None:
        if name not in self.people or not self.people[name].boss:
            return
        members = self.reports(name)
        if members and self._random.random() < 0.8:
            self._succeeds(members[0], name)
        del self.people[name]

    def _succeeds(self, new: str, old: str) -> None:
        for name in self.reports(old):
            self.people[name].boss = new
        self.people[new].boss = self.people[old].boss

    def _speak(self) -> None:
        chance = self._random
        for person in self.people.values():
            if chance.random() < self.changes:
                others = [b for b in BARRIERS if b != person.barrier]
                weights = [c for b, c in zip(BARRIERS, COMMON, strict=True) if b != person.barrier]
                person.barrier = chance.choices(others, weights)[0]
            if person.late:
                person.said, person.late = person.late, None
            if chance.random() < person.answers:
                now = (self.week, person.barrier)
                if chance.random() < 0.05:
                    person.late = now
                else:
                    person.said = now
            if chance.random() < 0.04:
                person.level = str(min(3, max(0, int(person.level) + chance.choice((-1, 1, 1)))))

    def heads(self) -> set[str]:
        return {p.boss for p in self.people.values() if p.boss}

    def leaf_teams(self) -> list[str]:
        """Return the heads that no other head reports to."""
        heads = self.heads()
        over = {self.people[h].boss for h in heads if h in self.people}
        return sorted(h for h in heads if h not in over and h in self.people)

    def reports(self, head: str) -> list[str]:
        return [p.name for p in self.people.values() if p.boss == head]

    def parents(self) -> dict[Unit, Unit]:
        """Return every team and the one above it, with circles and heads who left as they are."""
        return {
            head: (self.people[head].boss or TOP) if head in self.people else TOP
            for head in sorted(self.heads())
        }

    def said(self, measure: Measure) -> Said:
        """Return who said what, and in which team."""
        values = {name: self._value(person, measure) for name, person in self.people.items()}
        return {
            name: (self.people[name].boss or TOP, value)
            for name, value in values.items()
            if value is not None
        }

    def _value(self, person: Person, measure: Measure) -> Value | None:
        week = random.Random(f"{self.seed} {self.week} {person.name} {measure.name}")  # noqa: S311
        match measure.name:
            case "barrier" | "barrier, weekly":
                known = person.said and self.week - person.said[0] <= STALE
                return person.said[1] if person.said and known else None
            case "level":
                return person.level
            case "active":
                return "yes" if week.random() < person.diligence else "no"
            case "answered":
                return "yes" if person.said and person.said[0] == self.week else "no"
            case "entered":
                return float(int(week.lognormvariate(3 * person.diligence, 0.8)))
            case _:
                entered = 1 + int(week.lognormvariate(3 * person.diligence, 0.8))
                return sum(week.random() < person.diligence for _ in range(entered)) / entered

    def _some(self, count: float) -> list[str]:
        return self._random.sample(sorted(self.people), self._about(count))

    def _about(self, count: float) -> int:
        return int(count) + (self._random.random() < count % 1)


@dataclass(frozen=True)
class Cell:
    """One number that somebody was told: of whom it is the sum, and what each of them had said."""

    week: int
    viewer: Unit
    atoms: tuple[frozenset[str], ...]
    """What the auditor says it is made of; an attack makes no use of it."""
    values: Mapping[str, Value]


@dataclass
class Told:
    """Everything that was told of one measure, to everybody, with the truth behind it."""

    measure: Measure
    cells: list[Cell] = field(default_factory=list)
    closed: list[tuple[int, Closed, Said]] = field(default_factory=list)
    exact: int = 0
    together: int = 0
    withheld: int = 0
    """Of the teams with five people or more who said something: told of alone, with others, not."""

    def write(self, week: int, closed: Closed, said: Said) -> None:
        """Tell every head, every head's head and the top what they may know."""
        self.closed.append((week, closed, said))
        for unit, below in closed.below.items():
            atoms = closed.told(unit)
            if atoms:
                values = {p: v for atom in atoms for p, v in atom.values.items()}
                parts = tuple(frozenset(atom.values) for atom in atoms)
                self.cells.append(Cell(week, unit, parts, values))
            if sum(team in below for team, _ in said.values()) >= 5:
                self.exact += closed.exact(unit)
                self.together += bool(atoms) and not closed.exact(unit)
                self.withheld += not atoms

    @property
    def share(self) -> float:
        """Of the teams with five people or more, those that are told something at all."""
        return (self.exact + self.together) / max(1, self.exact + self.together + self.withheld)


def half_year(
    company: Company,
    weeks: int = 26,
    measures: Sequence[Measure] = MEASURES,
    closes: Closes = close,
) -> dict[str, Told]:
    """Return all that the heads of a company were told, measure by measure.

    Of whoever is forgotten the auditor knows nothing any more; the attacker keeps what was told.
    """
    told = {measure.name: Told(measure) for measure in measures}
    chance = random.Random(company.seed).random  # noqa: S311 - so that it can be repeated
    periods: dict[str, list[list[dict[str, Value]]]] = {measure.name: [] for measure in measures}
    for week in _weeks(company, weeks):
        for values in (v for every in periods.values() for period in every for v in period):
            for name in company.forgotten:
                values.pop(name, None)
        for measure in measures:
            if week % measure.every:
                continue
            ledger = Ledger()
            for period in periods[measure.name]:
                ledger.add(period)
            said = company.said(measure)
            closed = closes(company.parents(), said, ledger, chance=chance)
            if measure.kept:
                periods[measure.name].append([dict(atom.values) for atom in closed.atoms])
            told[measure.name].write(week, closed, said)
    return told


def _weeks(company: Company, weeks: int) -> Iterator[int]:
    for week in range(weeks):
        if week:
            company.forward()
        yield week
