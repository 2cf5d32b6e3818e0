"""Who may do what, as the store keeps it: roles that were granted, and those that were taken.

A role that somebody took by hand stays with the person as taken, so that a directory which tells
of their job again does not give it back.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import String, or_, select, type_coerce

from adapters.store.people import People, addresses, grants, people
from nudges.people import Person
from nudges.roles import Grant, Role

_CALLED = type_coerce(people.c.called, String)

MOST_NAMED = 5


class Grants(People):
    """The roles' part of a transaction."""

    async def grant(self, grant: Grant, by: str, now: datetime) -> None:
        """Give a role, or take it."""
        row = {
            "person": grant.person,
            "role": grant.role,
            "granted_by": by,
            "granted_at": now,
            "revoked": not grant.given,
            "within": grant.within,
        }
        changed = ("granted_by", "granted_at", "revoked", "within")
        await self.upsert(grants, [row], ["person", "role"], changed)

    async def limits(self) -> dict[str, str]:
        """Return the rule to which each author for some groups may write, by person."""
        rows = await self.connection.execute(
            select(grants.c.person, grants.c.within).where(
                grants.c.role == Role.LIMITED_AUTHOR, ~grants.c.revoked
            )
        )
        return {row.person: row.within for row in rows}

    async def holders(self, roles: Iterable[Role]) -> list[Person]:
        """Return who holds one of these roles and is still here, by id."""
        ids = await self.connection.scalars(
            select(grants.c.person)
            .join(people)
            .where(grants.c.role.in_(sorted(roles)), ~grants.c.revoked, ~people.c.left)
            .distinct()
        )
        return list((await self.people(ids)).values())

    async def anyone_called(self, name: str) -> bool:
        """Say whether anybody here has this name, or one that begins with it."""
        said = " ".join(name.casefold().split())
        meant = _CALLED.contains(self.connection.keyring.mark(said))
        found = select(people.c.id).where(meant, ~people.c.left).limit(1)
        return bool(said) and await self.connection.scalar(found) is not None

    async def named(self, text: str) -> list[Person]:
        """Return who is meant by an id, an e-mail address, an address or a full name.

        Several if it is unclear: only what is no address and no id is read as a name. An address
        is written as platform/tenant/user.
        """
        said = text.strip()
        full = self.connection.keyring.mark(" ".join(said.casefold().split()))
        platform, _, place = said.partition("/")
        tenant, _, user = place.rpartition("/")
        there = select(addresses.c.person).where(
            addresses.c.platform == platform, addresses.c.tenant == tenant, addresses.c.user == user
        )
        for meant in (
            people.c.id.in_(there),
            or_(people.c.id == said, people.c.mailbox == said.casefold()),
            _CALLED.startswith(full),
        ):
            ids = await self.connection.scalars(
                select(people.c.id)
                .where(meant, ~people.c.left)
                .order_by(people.c.id)
                .limit(MOST_NAMED)
            )
            if found := await self.people(ids):
                return list(found.values())
        return []
