"""Whom a rule means, counted by the database: exactly, and at any moment.

A rule becomes one condition over people. What people have several of (roles, groups, receipts) or
may lack (a barrier) is joined once, never asked row by row: under ``or`` and ``not`` PostgreSQL
would look it up for each of a hundred thousand people. It says what
:func:`nudges.audience.matches` says.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, assert_never
from zoneinfo import ZoneInfo

from sqlalchemy import (
    ColumnElement,
    FromClause,
    and_,
    case,
    false,
    func,
    not_,
    or_,
    select,
    true,
)

from adapters.store.broadcasts import receipts
from adapters.store.directory import directory
from adapters.store.groups import group_members
from adapters.store.people import grants, people, someone, teams, ways
from adapters.store.programme import Programmes
from adapters.store.standings import standings
from nudges.adkar import ELEMENTS, Element
from nudges.audience import (
    And,
    Everyone,
    Field,
    Group,
    In,
    Is,
    Not,
    Or,
    Rule,
    asks,
    exposes,
)
from nudges.calendar import country_of
from nudges.phases import Phase, phase
from nudges.programme import Programme
from nudges.roles import Role

LIVE = frozenset(Phase) - {Phase.BEFORE}
PLAIN = frozenset(ELEMENTS) - {Element.REINFORCEMENT}
"""Barriers that are the same before and after the go-live."""


@dataclass(frozen=True, slots=True)
class Meant:
    """What to select from, and on what condition; a row for each person who is meant."""

    source: FromClause
    where: ColumnElement[bool]


class Audiences(Programmes):
    """The audience part of a transaction."""

    async def count(self, rule: Rule, now: datetime) -> int:
        """Count the people whom a rule means at this moment, exactly."""
        meant = await self.meant(rule, now)
        found = select(func.count()).select_from(meant.source).where(meant.where)
        return (await self.connection.scalar(found)) or 0

    async def speakers(self, rule: Rule, now: datetime) -> dict[str, int]:
        """Count the people whom a rule means at this moment, by the language they speak."""
        meant = await self.meant(rule, now)
        found = select(people.c.language, func.count()).select_from(meant.source)
        rows = await self.connection.execute(found.where(meant.where).group_by(people.c.language))
        return {row[0]: row[1] for row in rows}

    async def sample(self, rule: Rule, now: datetime, n: int) -> list[str]:
        """Return the ids of ``n`` people whom a rule means, whoever they happen to be.

        Raises:
            ValueError: to be among them would tell something about them; ask ``exposes`` first.

        """
        if exposes(rule):
            message = "a rule about barriers or levels has no sample"
            raise ValueError(message)
        meant = await self.meant(rule, now)
        some = select(people.c.id).select_from(meant.source).where(meant.where)
        return list(await self.connection.scalars(some.order_by(func.random()).limit(n)))

    async def members(self, rule: Rule, now: datetime, after: str, limit: int) -> list[str]:
        """Return the next ids, in order, of those whom a rule means; ``after`` is the last one had.

        For writing to them, part by part; nobody is to be shown the recipients of a rule that
        exposes them.
        """
        meant = await self.meant(rule, now)
        part = select(people.c.id).select_from(meant.source).where(people.c.id > after, meant.where)
        return list(await self.connection.scalars(part.order_by(people.c.id).limit(limit)))

    async def meant(self, rule: Rule, now: datetime) -> Meant:
        """Return how to select those whom a rule means at this moment."""
        by_day = asks(rule, Field.PHASE, Field.BARRIER)
        programme = await self.programme() if by_day else Programme({})
        zones = await self._zones() if by_day or asks(rule, Field.REGION) else frozenset[str]()
        compiling = _Compiling(now, programme, zones, people)
        where = compiling.condition(rule)
        here = [~people.c.left, *([~people.c.stranger] if await self._directory() else [])]
        return Meant(compiling.source, and_(*here, where))

    async def _directory(self) -> bool:
        """Say whether any directory tells who is here; in a pilot without one, whoever wrote is."""
        return (await self.connection.scalar(select(directory.c.person).limit(1))) is not None

    async def _zones(self) -> frozenset[str]:
        """Return the time zones that occur."""
        return frozenset(
            someone(way).zone for way in await self.connection.scalars(select(ways.c.way))
        )


@dataclass(slots=True)
class _Compiling:
    """A rule on its way to a condition; ``source`` grows by what has to be joined."""

    now: datetime
    programme: Programme
    zones: frozenset[str]
    source: FromClause
    joined: dict[object, Any] = field(default_factory=dict[object, Any])

    def condition(self, rule: Rule) -> ColumnElement[bool]:
        match rule:
            case Everyone():
                return true()
            case Is(of, values):
                return self.is_one_of(of, values)
            case In(group):
                return self.in_group(group)
            case Not(inner):
                return not_(self.condition(inner))
            case And(rules):
                return and_(*(self.condition(one) for one in rules))
            case Or(rules):
                return or_(*(self.condition(one) for one in rules))
            case _:
                assert_never(rule)

    def is_one_of(  # noqa: C901 - a list, read down
        self, of: Field, values: tuple[str, ...]
    ) -> ColumnElement[bool]:
        match of:
            case Field.ROLE:
                return self.has_role(values)
            case Field.JOB:
                return people.c.job.in_(values)
            case Field.TEAM:
                under = (_at_or_under(teams.c.id, value, "/") for value in values)
                found = people.c.team.in_(select(teams.c.id).where(or_(*under)))
                return and_(people.c.team.is_not(None), found)
            case Field.REGION:
                return or_(*(self.in_region(value) for value in values))
            case Field.LANGUAGE:
                return people.c.language.in_(values)
            case Field.SEGMENT:
                return people.c.segment.in_(values)
            case Field.PHASE:
                return self.in_phase(frozenset(Phase(value) for value in values))
            case Field.BARRIER:
                return self.held_up_by(frozenset(values))
            case Field.LEVEL:
                return people.c.level.in_([int(value) for value in values])
            case Field.RECEIVED:
                return self.has_received(frozenset(int(value) for value in values))
            case _:
                assert_never(of)

    def has_role(self, values: tuple[str, ...]) -> ColumnElement[bool]:
        if Role.USER in values:
            return true()
        wanted = frozenset(values)
        if wanted not in self.joined:
            held = and_(grants.c.role.in_(sorted(wanted)), ~grants.c.revoked)
            these = select(grants.c.person).where(held).distinct()
            self.join(wanted, these.subquery(f"roles_{len(self.joined)}"))
        return self.joined[wanted].c.person.is_not(None)

    def has_received(self, numbers: frozenset[int]) -> ColumnElement[bool]:
        if (receipts, numbers) not in self.joined:
            name = f"receipts_{len(self.joined)}"
            if len(numbers) == 1:  # each has one at most, found by its key
                one = receipts.alias(name)
                self.join((receipts, numbers), one, one.c.broadcast == min(numbers))
            else:
                these = select(receipts.c.person).where(receipts.c.broadcast.in_(sorted(numbers)))
                self.join((receipts, numbers), these.distinct().subquery(name))
        return self.joined[receipts, numbers].c.person.is_not(None)

    def in_group(self, group: Group) -> ColumnElement[bool]:
        if group not in self.joined:
            table = group_members.alias(f"members_{len(self.joined)}")
            self.join(group, table, table.c.kind == group.kind, table.c.name == group.name)
        return self.joined[group].c.person.is_not(None)

    def in_region(self, value: str) -> ColumnElement[bool]:
        there = [z for z in sorted(self.zones) if f"{country_of(z)}-".startswith(f"{value}-")]
        return or_(
            _at_or_under(people.c.country, value, "-"),
            and_(people.c.country == "", people.c.zone.in_(there)) if there else false(),
        )

    def in_phase(self, wanted: frozenset[Phase]) -> ColumnElement[bool]:
        """Ask by segment, and by zone where a new day begins a new phase.

        On one moment the zones of the world have two or three dates between them.
        """
        days = {zone: self.now.astimezone(ZoneInfo(zone)).date() for zone in self.zones}
        dated = {key: s for key, s in self.programme.segments.items() if s.go_live is not None}
        whole: list[str] = []
        parted: list[ColumnElement[bool]] = []
        for key, segment in sorted(dated.items()):
            there = sorted(zone for zone, day in days.items() if phase(segment, day) in wanted)
            if len(there) == len(days):
                whole.append(key)
            elif there:
                parted.append(and_(people.c.segment == key, people.c.zone.in_(there)))
        if Phase.BEFORE in wanted:
            parted.append(people.c.segment.not_in(sorted(dated)) if dated else true())
        return or_(false(), *parted, *([people.c.segment.in_(whole)] if whole else []))

    def held_up_by(self, wanted: frozenset[str]) -> ColumnElement[bool]:
        if standings not in self.joined:
            at = (standings.c.since <= self.now, standings.c.until > self.now)
            self.join(standings, standings, *at)
        barrier: ColumnElement[str] = standings.c.barrier
        if not wanted <= PLAIN:
            live = self.in_phase(LIVE)
            barrier = case((live, standings.c.once_live), else_=standings.c.barrier)
        return func.coalesce(barrier, "unknown").in_(sorted(wanted))

    def join(self, key: object, what: FromClause, *on: ColumnElement[bool]) -> None:
        self.source = self.source.outerjoin(what, and_(what.c.person == people.c.id, *on))
        self.joined[key] = what


def _at_or_under(what: ColumnElement[str], value: str, mark: str) -> ColumnElement[bool]:
    """Compare with a path and all under it, letter by letter; LIKE would ask for its own signs."""
    start = f"{value}{mark}"
    return or_(what == value, func.substr(what, 1, len(start)) == start)
