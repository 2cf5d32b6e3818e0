"""Champions: who was put forward, asked, said yes or no; and who has left a role behind."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    ForeignKey,
    Integer,
    Row,
    Select,
    String,
    Table,
    UniqueConstraint,
    and_,
    exists,
    func,
    or_,
    select,
    update,
)

from adapters.store.answers import answers
from adapters.store.audit import audits
from adapters.store.delivery_table import deliveries
from adapters.store.people import People, grants, people
from adapters.store.schema import Moment, erased_by, metadata, numbered
from nudges.champions import (
    USUAL,
    Champion,
    ChampionStep,
    Nomination,
    Offer,
    SuccessionNote,
    may_be_asked,
)
from nudges.health import Counts
from nudges.roles import Role

champions = Table(
    "champions",
    metadata,
    Column("person", String, ForeignKey("people.id"), primary_key=True),
    Column("state", String, nullable=False, index=True),
    Column("kind", String, nullable=False, default=""),
    Column("areas", JSON, nullable=False, default=list),
    Column("weekly", Integer, nullable=False, default=USUAL),
    Column("nominated_by", String, nullable=False, default=""),
    Column("at", Moment, nullable=False),
    info=erased_by("person", cleared={"nominated_by": ""}),
)
departures = Table(
    "departures",
    metadata,
    numbered(),
    Column("person", String, ForeignKey("people.id"), nullable=False),
    Column("role", String, nullable=False),
    Column("at", Moment, nullable=False),
    UniqueConstraint("person", "role"),
    info=erased_by("person"),
)
SUCCEEDED = (Role.CHAMPION, Role.SPONSOR)
"""Roles that somebody has to take over."""
EDITED_IN = timedelta(days=60)
_HERE = and_(people.c.welcomed, ~people.c.left)
_EMPTY: dict[str, Any] = {"kind": "", "areas": [], "weekly": USUAL, "nominated_by": ""}
_TOLD = exists().where(departures.c.person == grants.c.person, departures.c.role == grants.c.role)
_GONE = (
    select(grants.c.person, grants.c.role, people.c.team, people.c.segment)
    .join(people, people.c.id == grants.c.person)
    .where(people.c.left, ~grants.c.revoked, grants.c.role.in_(SUCCEEDED), ~_TOLD)
    .order_by(grants.c.person, grants.c.role)
)


class Champions(People):
    """The champions' part of a transaction."""

    async def champions(self, persons: Iterable[str] | None = None) -> list[Champion]:
        """Return who is or may become a champion, by id: all, or those of these people.

        Who was only asked in private stands in nobody's list unless they said yes; who has left
        is left out.
        """
        shown = or_(champions.c.state == "accepted", champions.c.nominated_by != "")
        wanted = select(champions).join(people).where(~people.c.left, shown)
        if persons is not None:
            wanted = wanted.where(champions.c.person.in_(sorted(set(persons))))
        rows = (await self.connection.execute(wanted.order_by(champions.c.person))).all()
        known = await self.people(r.person for r in rows)
        return [
            Champion(
                known[r.person],
                r.state,
                r.kind,
                tuple(r.areas),
                r.weekly,
                r.nominated_by,
                r.at,
            )
            for r in rows
        ]

    async def champions_for(self, area: str) -> list[Champion]:
        """Return the champions who help with an area, whether or not they have room now."""
        found = await self.connection.scalars(
            select(champions.c.person)
            .join(grants, grants.c.person == champions.c.person)
            .where(
                champions.c.state == "accepted",
                grants.c.role == Role.CHAMPION,
                ~grants.c.revoked,
            )
        )
        return [c for c in await self.champions(list(found)) if area in c.areas]

    async def nominate(self, nomination: Nomination, by: str, now: datetime) -> None:
        """Put somebody forward; who is one already, or said no lately, stays as they are."""
        row = await self._row(nomination.person)
        state, at = (row.state, row.at) if row else (None, None)
        if state == "nominated" or not may_be_asked(state, at, now):
            return
        await self._put(nomination.person, "nominated", now, kind=nomination.kind, nominated_by=by)

    async def step(self, step: ChampionStep, now: datetime) -> None:
        """Keep what somebody said to it."""
        await self._put(step.person, step.state, now)

    async def offer(self, offer: Offer) -> None:
        """Keep what a champion helps with."""
        await self.connection.execute(
            update(champions)
            .where(champions.c.person == offer.person, champions.c.state == "accepted")
            .values(areas=list(offer.areas), weekly=offer.limit)
        )

    async def to_invite(self, now: datetime, limit: int) -> list[str]:
        """Return who was put forward, or said later, and is to be invited now.

        Somebody else's decision that a person is no champion any more is not undone this way.
        """
        taken = exists().where(
            grants.c.person == champions.c.person,
            grants.c.role == Role.CHAMPION,
            grants.c.revoked,
            grants.c.granted_by != champions.c.person,
        )
        rows = await self.connection.execute(
            select(champions.c.person, champions.c.state, champions.c.at)
            .join(people)
            .where(champions.c.state.in_(("nominated", "later")), _HERE, ~taken)
            .order_by(champions.c.at)
            .limit(limit)
        )
        return [r.person for r in rows if may_be_asked(r.state, r.at, now)]

    async def invited(self, persons: Sequence[str], now: datetime) -> set[str]:
        """Note that people are invited; returns those nobody else invited meanwhile."""
        found = await self.connection.scalars(
            update(champions)
            .where(
                champions.c.person.in_(sorted(persons)),
                champions.c.state.in_(("nominated", "later")),
            )
            .values(state="invited", at=now)
            .returning(champions.c.person)
        )
        return set(found)

    async def asked_since(self, occasion: str, since: datetime) -> int:
        """Count whom something was planned for since a moment."""
        c = deliveries.c
        found = select(func.count()).where(c.occasion == occasion, c.due >= since)
        return (await self.connection.execute(found)).scalar() or 0

    async def ask(self, persons: Sequence[str], now: datetime) -> set[str]:
        """Note that people are asked in private; returns those who were not known yet."""
        found: set[str] = set()
        for person in persons:
            row = {"person": person, "state": "asked", "at": now}
            if await self.upsert(champions, [_EMPTY | row], ["person"]):
                found.add(person)
        return found

    async def unserved(self, now: datetime, limit: int) -> list[str]:
        """Return people of teams without a champion who answered lately and were never asked."""
        served = _teams_with_champion()
        found = await self.connection.scalars(
            select(people.c.id)
            .where(
                _HERE,
                people.c.team.is_(None) | people.c.team.not_in(served),
                ~exists().where(champions.c.person == people.c.id),
                ~exists().where(grants.c.person == people.c.id, ~grants.c.revoked),
                exists().where(answers.c.person == people.c.id, answers.c.at > now - EDITED_IN),
            )
            .order_by(people.c.id)
            .limit(limit)
        )
        return list(found)

    async def anyone_gone(self) -> bool:
        """Say whether somebody left a role behind who was not told of yet."""
        return (await self.connection.execute(_GONE.limit(1))).first() is not None

    async def departed(self, now: datetime) -> list[tuple[int, SuccessionNote]]:
        """Return what is to be told of who left a role behind, numbered, and note it."""
        found: list[tuple[int, SuccessionNote]] = []
        for r in (await self.connection.execute(_GONE)).all():
            statement = (
                self.inserting(departures)
                .values(person=r.person, role=r.role, at=now)
                .on_conflict_do_nothing(index_elements=["person", "role"])
                .returning(departures.c.id)
            )
            number = (await self.connection.execute(statement)).scalar()
            if number is None:
                continue
            here = (
                select(func.count(func.distinct(people.c.id)))
                .join(grants, grants.c.person == people.c.id)
                .where(grants.c.role == r.role, ~grants.c.revoked, ~people.c.left)
            )
            if r.role == Role.CHAMPION:
                here = here.where(people.c.team == r.team)
            others = (await self.connection.execute(here)).scalar() or 0
            found.append((number, SuccessionNote(r.role, r.team or "", r.segment, others)))
        return found

    async def gone(self, since: datetime) -> list[tuple[str, str]]:
        """Return the role and the team of who left a role behind, as it was noted since then."""
        d = departures.c
        rows = await self.connection.execute(
            select(d.role, people.c.team)
            .join(people, people.c.id == d.person)
            .where(d.at > since)
            .order_by(d.id)
        )
        return [(role, team or "") for role, team in rows.all()]

    async def counts(self, now: datetime) -> Counts:
        """Count what the health check is judged by."""
        teams = select(func.count(func.distinct(people.c.team))).where(~people.c.left)
        edits = select(func.count()).where(audits.c.act == "edit", audits.c.at > now - EDITED_IN)
        served = select(func.count()).select_from(_teams_with_champion().subquery())
        asked = [self._of(Role.SPONSOR), self._of(Role.CHAMPION), teams, served, edits]
        whole = select(*(one.scalar_subquery() for one in asked))
        return Counts(*(await self.connection.execute(whole)).one())

    async def teams_without(self, limit: int) -> tuple[str, ...]:
        """Return some teams without a champion, the largest first."""
        found = await self.connection.scalars(
            select(people.c.team)
            .where(~people.c.left, people.c.team.not_in(_teams_with_champion()))
            .group_by(people.c.team)
            .order_by(func.count().desc(), people.c.team)
            .limit(limit)
        )
        return tuple(team for team in found if team)

    def _of(self, role: Role) -> Select[int]:
        return (
            select(func.count())
            .select_from(grants.join(people, people.c.id == grants.c.person))
            .where(grants.c.role == role, ~grants.c.revoked, ~people.c.left)
        )

    async def _row(self, person: str) -> Row[Any] | None:
        return (
            await self.connection.execute(select(champions).where(champions.c.person == person))
        ).first()

    async def _put(self, person: str, state: str, now: datetime, **more: str) -> None:
        row = _EMPTY | {"person": person, "state": state, "at": now} | more
        await self.upsert(champions, [row], ["person"], ("state", "at", *more))


def _teams_with_champion() -> Select[str | None]:
    return (
        select(people.c.team)
        .join(grants, grants.c.person == people.c.id)
        .where(
            grants.c.role == Role.CHAMPION,
            ~grants.c.revoked,
            ~people.c.left,
            people.c.team.is_not(None),
        )
        .distinct()
    )
