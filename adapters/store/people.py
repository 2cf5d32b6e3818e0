"""People, their addresses, teams and roles, as the store keeps them."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time
from functools import lru_cache
from hashlib import blake2b
from typing import Any

from sqlalchemy import (
    JSON,
    BindParameter,
    Boolean,
    Column,
    Executable,
    ForeignKey,
    Index,
    Integer,
    Row,
    String,
    Table,
    bindparam,
    delete,
    false,
    func,
    insert,
    select,
    tuple_,
    update,
)

from adapters.store.connection import ROWS_A_STATEMENT
from adapters.store.forgotten import come_back
from adapters.store.lanes import Lanes
from adapters.store.schema import Moment, erased_by, impersonal, metadata
from adapters.store.sealed import Called, Fingerprint, Own, Private
from nudges.address import Address
from nudges.adkar import Element
from nudges.people import Hours, Motivator, Person, Recognition

teams = Table(
    "teams",
    metadata,
    Column("id", String, primary_key=True),
    Column("parent", String, ForeignKey("teams.id")),
    info=impersonal("a team's place in the tree; who is in it stands with the people"),
)
people = Table(
    "people",
    metadata,
    Column("id", String, primary_key=True),
    Column("name", Private, nullable=False, default=""),
    Column("called", Called, nullable=False, default="", server_default=""),
    Column("email", Private, nullable=False, default=""),
    Column("mailbox", Fingerprint, nullable=False, default="", server_default="", index=True),
    Column("language", String, nullable=False),
    Column("zone", String, nullable=False),
    Column("country", String, nullable=False, default=""),
    Column("starts", String, nullable=False),
    Column("ends", String, nullable=False),
    Column("days", JSON, nullable=False),
    Column("quiet_from", String),
    Column("quiet_until", String),
    Column("team", String, ForeignKey("teams.id"), index=True),
    Column("manager", String, index=True),
    Column("job", String, nullable=False, default=""),
    Column("segment", String, nullable=False, default=""),
    Column("level", Integer, nullable=False, default=0),
    Column("motivator", String),
    Column("recognition", String),
    Column("preferred", String),
    Column("fewer", Boolean, nullable=False, default=False),
    Column("welcomed", Boolean, nullable=False, default=False),
    Column("stopped", Boolean, nullable=False, default=False),
    Column("left", Boolean, nullable=False, default=False),
    Column("stranger", Boolean, nullable=False, default=False, server_default=false()),
    Column("away_from", Moment),
    Column("away_until", Moment),
    Column("paused_until", Moment),
    Column("suspended", JSON, nullable=False, default=list),
    Column("next_due", Moment),
    Column("lane", String, nullable=False, default=""),
    Column("way", String, nullable=False, default=""),
    Index("ix_people_next_due", "next_due"),
    Index("ix_people_segment_id", "segment", "id"),
    info=erased_by("id", cleared={"manager": None}),
)
ways = Table(
    "ways",
    metadata,
    Column("way", String, primary_key=True),
    info=impersonal("ways of working that occur: zone, country and hours; nobody stands in it"),
)
addresses = Table(
    "addresses",
    metadata,
    Column("platform", String, primary_key=True),
    Column("tenant", String, primary_key=True),
    Column("user", Fingerprint, primary_key=True),
    Column("account", Private, nullable=False, default="", server_default=""),
    Column("person", String, ForeignKey("people.id"), nullable=False, index=True),
    Column("reference", Private, nullable=False, default=""),
    Column("closed", Boolean, nullable=False, default=False),
    Column("used_at", Moment, nullable=False),
    info=erased_by("person"),
)
grants = Table(
    "grants",
    metadata,
    Column("person", String, ForeignKey("people.id"), primary_key=True),
    Column("role", String, primary_key=True),
    Column("granted_by", String, nullable=False, default=""),
    Column("granted_at", Moment, nullable=False),
    Column("revoked", Boolean, nullable=False, default=False),
    Column("within", String, nullable=False, default=""),
    info=erased_by("person", cleared={"granted_by": ""}),
)


_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_ROLES = (
    select(func.aggregate_strings(grants.c.role, " "))
    .where(grants.c.person == people.c.id, ~grants.c.revoked)
    .scalar_subquery()
)
_KEY = ("platform", "tenant", "user")
_AT = [addresses.c[name] == bindparam(f"at_{name}") for name in _KEY]
_CHANGE = update(people).where(people.c.id == bindparam("who"))
_HOME = ("platform", "tenant", "account", "reference", "closed")
_PEOPLE = (
    select(people, _ROLES.label("roles"), *(addresses.c[name] for name in _HOME))
    .select_from(people.outerjoin(addresses))
    .where(people.c.id.in_(_IDS))
    .order_by(people.c.id, addresses.c.used_at.desc(), *addresses.primary_key)
)
"""A line for each address of each person: one question to the database is cheaper than three."""
_PEOPLE_HELD = _PEOPLE.with_for_update(of=people, key_share=True)


class People(Lanes):
    """The people part of a transaction."""

    async def people(self, ids: Iterable[str]) -> dict[str, Person]:
        """Return the people with these ids, in their order; an unknown id is left out."""
        return await self._many(ids)

    async def hold(self, ids: Iterable[str]) -> dict[str, Person]:
        """Return people by id; they are ours until the transaction ends."""
        return await self._many(ids, hold=True)

    async def _many(self, ids: Iterable[str], *, hold: bool = False) -> dict[str, Person]:
        wanted = sorted(set(ids))
        found: dict[str, Person] = {}
        for start in range(0, len(wanted), ROWS_A_STATEMENT):
            found |= await self._some(wanted[start : start + ROWS_A_STATEMENT], hold=hold)
        return found

    async def _some(self, wanted: Sequence[str], *, hold: bool = False) -> dict[str, Person]:
        rows = await self.connection.execute(
            _PEOPLE_HELD if hold else _PEOPLE, {"ids": list(wanted)}
        )
        found: dict[str, Person] = {}
        homes: dict[str, list[Address]] = {}
        for row in rows:
            if row.id not in found:
                found[row.id] = _person(row)
            if row.platform is not None:
                home = Address(row.platform, row.tenant, row.account, row.reference, row.closed)
                homes.setdefault(row.id, []).append(home)
        return {
            key: replace(person, addresses=tuple(homes[key])) if key in homes else person
            for key, person in found.items()
        }

    async def everyone(self) -> list[Person]:
        """Return all people, by id."""
        ids = await self.connection.scalars(select(people.c.id).order_by(people.c.id))
        return list((await self.people(ids)).values())

    async def meet(self, seen: Sequence[Address], now: datetime) -> dict[Address, Person]:
        """Return who is at each address, and remember that it was used.

        Someone at an address nobody knows yet is a new person, whose id follows from the
        address, so that two processes meeting them at once meet the same person. Who was met is
        ours until the transaction ends: another turn of theirs waits, and sees what this one did.
        """
        latest = {address.key: address for address in sorted(seen, key=lambda a: a.key)}
        whose = await self._whose(latest)
        strangers = [a for key, a in latest.items() if key not in whose]
        if strangers:
            await come_back(self.connection.keyring, {a: _stranger(a) for a in strangers})
            fresh = {
                a.key: Person(id=_stranger(a), stranger=True, addresses=(a,)) for a in strangers
            }
            await self.open_lanes(a.lane for a in strangers)
            await self._ways(fresh.values())
            await self.upsert(people, [_columns(p) for p in fresh.values()], ["id"])
            await self.upsert(
                addresses,
                [_home(a, fresh[a.key].id, now) for a in strangers],
                ["platform", "tenant", "user"],
            )
            whose = await self._whose(latest)
        found = await self._some(sorted({person for person, _ in whose.values()}), hold=True)
        for key, address in latest.items():
            person, reference = whose[key]
            known = replace(address, reference=address.reference or reference)
            others = tuple(a for a in found[person].addresses if a.key != key)
            if found[person].addresses != (known, *others):
                await self.connection.execute(
                    update(addresses)
                    .where(_at(address))
                    .values(reference=Own(known.reference, person), closed=False, used_at=now)
                )
                before = found[person]
                found[person] = replace(before, addresses=(known, *others))
                if found[person].lane != before.lane:
                    await self.connection.execute(
                        update(people).where(people.c.id == person).values(lane=found[person].lane)
                    )
        return {address: found[whose[address.key][0]] for address in seen}

    async def _whose(
        self, latest: Mapping[tuple[str, str, str], Address]
    ) -> dict[tuple[str, str, str], tuple[str, str]]:
        place = tuple_(addresses.c.platform, addresses.c.tenant, addresses.c.user)
        rows = await self.connection.execute(select(addresses).where(place.in_(list(latest))))
        return {(r.platform, r.tenant, r.account): (r.person, r.reference) for r in rows}

    async def save(self, persons: Sequence[Person], now: datetime) -> None:
        """Keep people as they are now; teams they belong to come into being with them.

        However many they are, it takes the same few statements.
        """
        if not persons:
            return
        await self.connection.keyring.meet(p.id for p in persons)
        known = await self.people(p.id for p in persons)
        await self._teams({p.team for p in persons if p.team})
        await self.open_lanes({a.lane for p in persons for a in p.addresses})
        await self._ways(persons)
        await self._write(insert(people), [_columns(p) for p in persons if p.id not in known])
        moved = [p for p in persons if p.id in known and _columns(p) != _columns(known[p.id])]
        await self._write(_CHANGE, [{"who": p.id, **_columns(p)} for p in moved])
        await self._write_homes(persons, known, now)
        await self._write_roles(persons, known, now)

    async def _write_homes(
        self, persons: Sequence[Person], known: Mapping[str, Person], now: datetime
    ) -> None:
        gone: list[dict[str, Any]] = []
        changed: list[dict[str, Any]] = []
        new: list[dict[str, Any]] = []
        for person in persons:
            old = known.get(person.id)
            before = {a.key: a for a in old.addresses} if old else {}
            after = {a.key: a for a in person.addresses}
            gone += [_place(before[key]) for key in before.keys() - after.keys()]
            changed += [
                {
                    **_place(home),
                    "reference": Own(home.reference, person.id),
                    "closed": home.closed,
                }
                for key, home in after.items()
                if key in before and before[key] != home
            ]
            new += [_home(after[key], person.id, now) for key in after.keys() - before.keys()]
        await self._write(delete(addresses).where(*_AT), gone)
        await self._write(update(addresses).where(*_AT), changed)
        new.sort(key=lambda row: tuple(row[name] for name in _KEY))
        moves = self.inserting(addresses)  # an address is whose it was given to last
        moves = moves.on_conflict_do_update(
            index_elements=list(_KEY),
            set_={name: moves.excluded[name] for name in ("person", "account", "reference")},
        )
        await self._write(moves, new)

    async def _write_roles(
        self, persons: Sequence[Person], known: Mapping[str, Person], now: datetime
    ) -> None:
        pairs = [(p, known[p.id].roles if p.id in known else frozenset[str]()) for p in persons]
        taken = [{"whose": p.id, "what": r} for p, had in pairs for r in sorted(had - p.roles)]
        mine = (
            grants.c.person == bindparam("whose"),
            grants.c.role == bindparam("what"),
            grants.c.granted_by == "",  # what somebody gave by hand, no job takes away
        )
        await self._write(delete(grants).where(*mine), taken)
        granted = [
            {"person": p.id, "role": r, "granted_by": "", "granted_at": now}
            for p, had in pairs
            for r in sorted(p.roles - had)
        ]
        await self._write(self.inserting(grants).on_conflict_do_nothing(), granted)

    async def _write(self, statement: Executable, rows: Sequence[Mapping[str, Any]]) -> None:
        if rows:
            await self.connection.execute(statement, rows)

    async def _ways(self, persons: Iterable[Person]) -> None:
        found = sorted({way_of_working(p) for p in persons})
        await self.upsert(ways, [{"way": way} for way in found], ["way"])

    async def _teams(self, paths: set[str]) -> None:
        rows: dict[str, dict[str, Any]] = {}
        for path in paths:
            parts = path.split("/")
            for depth in range(1, len(parts) + 1):
                key, parent = "/".join(parts[:depth]), "/".join(parts[: depth - 1]) or None
                rows[key] = {"id": key, "parent": parent}
        await self.upsert(teams, [rows[key] for key in sorted(rows)], ["id"])


def _stranger(address: Address) -> str:
    return blake2b("\0".join(address.key).encode(), digest_size=10).hexdigest()


def _at(address: Address) -> Any:  # noqa: ANN401 - a SQL condition has no public type
    return tuple_(addresses.c.platform, addresses.c.tenant, addresses.c.user) == address.key


def _place(address: Address) -> dict[str, Any]:
    return {f"at_{name}": value for name, value in zip(_KEY, address.key, strict=True)}


def _home(address: Address, person: str, now: datetime) -> dict[str, Any]:
    return {
        "platform": address.platform,
        "tenant": address.tenant,
        "user": address.user,
        "account": Own(address.user, person),
        "person": person,
        "reference": Own(address.reference, person),
        "closed": address.closed,
        "used_at": now,
    }


def _columns(person: Person) -> dict[str, Any]:
    return {
        "id": person.id,
        "name": Own(person.name, person.id),
        "called": person.name,
        "email": Own(person.email, person.id),
        "mailbox": person.email.casefold(),
        "language": person.language,
        "zone": person.zone,
        "country": person.country,
        "starts": person.hours.start.isoformat("minutes"),
        "ends": person.hours.end.isoformat("minutes"),
        "days": list(person.hours.days),
        "quiet_from": person.hours.quiet[0].isoformat("minutes") if person.hours.quiet else None,
        "quiet_until": person.hours.quiet[1].isoformat("minutes") if person.hours.quiet else None,
        "team": person.team or None,
        "manager": person.manager or None,
        "job": person.job,
        "segment": person.segment,
        "level": person.level,
        "motivator": person.motivator,
        "recognition": person.recognition,
        "preferred": person.preferred,
        "fewer": person.fewer,
        "welcomed": person.welcomed,
        "stopped": person.stopped,
        "left": person.left,
        "stranger": person.stranger,
        "away_from": person.away_from,
        "away_until": person.away_until,
        "paused_until": person.paused_until,
        "suspended": sorted(person.suspended),
        "next_due": person.next_due,
        "lane": person.lane,
        "way": way_of_working(person),
    }


@lru_cache(maxsize=4096)
def hours(
    starts: str, ends: str, days: tuple[int, ...], quiet_from: str | None, quiet_until: str | None
) -> Hours:
    """Read working hours; many people share the same."""
    quiet = (
        (time.fromisoformat(quiet_from), time.fromisoformat(quiet_until))
        if quiet_from and quiet_until
        else None
    )
    return Hours(time.fromisoformat(starts), time.fromisoformat(ends), days, quiet)


def way_of_working(person: Person) -> str:
    """Write down when someone works; a million people have a few hundred of these."""
    hours = person.hours
    quiet = [at.isoformat("minutes") for at in hours.quiet or ()]
    return json.dumps(
        [
            person.zone,
            person.country,
            hours.start.isoformat("minutes"),
            hours.end.isoformat("minutes"),
            "".join(str(day) for day in hours.days),
            *quiet,
        ]
    )


def someone(way: str) -> Person:
    """Return a person with this way of working, whoever it is."""
    zone, country, starts, ends, days, *quiet = json.loads(way)
    begins, until = quiet or (None, None)
    return Person(
        "",
        zone=zone,
        country=country,
        hours=hours(starts, ends, tuple(int(day) for day in days), begins, until),
    )


def _person(row: Row[Any]) -> Person:
    return Person(
        id=row.id,
        name=row.name,
        email=row.email,
        language=row.language,
        zone=row.zone,
        country=row.country,
        hours=hours(row.starts, row.ends, tuple(row.days), row.quiet_from, row.quiet_until),
        team=row.team or "",
        manager=row.manager or "",
        job=row.job,
        segment=row.segment,
        level=row.level,
        motivator=Motivator(row.motivator) if row.motivator else None,
        recognition=Recognition(row.recognition) if row.recognition else None,
        preferred=row.preferred,
        fewer=row.fewer,
        welcomed=row.welcomed,
        stopped=row.stopped,
        left=row.left,
        stranger=row.stranger,
        away_from=row.away_from,
        away_until=row.away_until,
        paused_until=row.paused_until,
        suspended=frozenset(Element(e) for e in row.suspended),
        next_due=row.next_due,
        roles=frozenset((row.roles or "").split()),
    )
