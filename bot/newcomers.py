"""Who is new is welcomed, and the first administrator gets their role.

Both are looked for again and again, so that it does not matter whether people, the programme or
the settings came first; each is done once.
"""

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol

import structlog

from dialogs.facts import Fact
from dialogs.speech import languages
from dialogs.welcome import OCCASION, WelcomeNote
from nudges.delivery import Delivery, Priority
from nudges.hours import at_work, next_work
from nudges.people import Person
from nudges.programme import Programme, launchable
from nudges.roles import Grant, Role

PART = 500
log = structlog.get_logger()


class NewcomersWork(Protocol):
    """The part of a transaction that newcomers need."""

    async def programme(self) -> Programme:
        """Return the change programme."""
        ...

    async def ungreeted(self, segments: Iterable[str], limit: int) -> list[Person]:
        """Return people of these segments whom we can write to and have never greeted."""
        ...

    async def plan(self, wanted: Sequence[Delivery]) -> None:
        """Queue what was planned; what was planned before is not queued again."""
        ...

    async def holders(self, roles: Iterable[Role]) -> list[Person]:
        """Return who holds one of these roles."""
        ...

    async def named(self, text: str) -> list[Person]:
        """Return who is meant by an id, an e-mail address, a place or a name."""
        ...

    async def keep(self, facts: Iterable[Fact], by: str, now: datetime) -> None:
        """Keep facts, told by someone or something."""
        ...


class NewcomersStore(Protocol):
    """The store, as newcomers need it."""

    def read(self) -> AbstractAsyncContextManager[NewcomersWork]:
        """Begin a transaction that only reads."""
        ...

    def write(self) -> AbstractAsyncContextManager[NewcomersWork]:
        """Begin a transaction that writes."""
        ...


class Newcomers:
    """Welcome who is new; ``first_admin`` names who may give roles while nobody else may."""

    def __init__(
        self,
        store: NewcomersStore,
        clock: Callable[[], datetime],
        leaving: Callable[[], None],
        first_admin: str = "",
    ) -> None:
        self._store = store
        self._clock = clock
        self._leaving = leaving
        self._first_admin = first_admin

    async def look(self) -> int:
        """Appoint the first administrator, and welcome who is new; returns how many those were.

        People are welcomed when there is something to say: a group for which nobody wrote what is
        in it for them hears nothing from us yet.
        """
        await self.appoint()
        async with self._store.read() as work:
            programme = await work.programme()
        ready = [s.id for s in programme.segments.values() if launchable(s, languages())]
        greeted = 0
        while ready:
            now = self._clock()
            async with self._store.write() as work:
                new = await work.ungreeted(ready, PART)
                await work.plan([_welcome(person, now) for person in new])
            greeted += len(new)
            if len(new) < PART:
                break
        if greeted:
            self._leaving()
        return greeted

    async def appoint(self) -> bool:
        """Give the first administrator their role, once they are here and nobody has it."""
        if not self._first_admin:
            return False
        async with self._store.write() as work:
            if await work.holders([Role.ADMIN]):
                return False
            found = await work.named(self._first_admin)
            if len(found) != 1:
                return False
            await work.keep([Grant(found[0].id, Role.ADMIN)], "settings", self._clock())
        log.info("newcomers.first_admin", person=found[0].id)
        return True


def _welcome(person: Person, now: datetime) -> Delivery:
    due = now if at_work(person, now) else next_work(person, now)
    return Delivery(OCCASION, person.id, WelcomeNote(), Priority.NUDGE, due)
