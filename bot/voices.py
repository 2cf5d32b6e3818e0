"""Tell people what became of what they raised, and sponsors what many raised.

Whatever is told is noted in the same transaction that queues the messages: two tickers, or one that
was killed in between, tell each thing once.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol

import structlog

from nudges.delivery import Delivery, Note, Priority
from nudges.hours import at_work, next_work
from nudges.moments import weekdays_before
from nudges.people import Person
from nudges.roles import Role
from nudges.voice import UNANSWERED, Changed
from nudges.voice_notes import AboveNote, AskedBackNote, BackNote, NewsNote

PART = 200
"""So many things are told of in one transaction."""
log = structlog.get_logger()


class VoicesWork(Protocol):
    """The part of a transaction that telling needs."""

    async def voices_wait(self, before: datetime) -> bool:
        """Say whether anybody is to hear of something."""
        ...

    async def voice_news(self, most: int) -> list[Changed]:
        """Return what went on to another state, and note that it is told."""
        ...

    async def voice_questions(self, now: datetime, most: int) -> list[tuple[int, int, str]]:
        """Return what is asked back, to whom, and note that it is: (line, voice, person)."""
        ...

    async def escalate_voices(self, now: datetime, most: int) -> list[int]:
        """Return what at least five people raised and nobody was told of above; note that it is."""
        ...

    async def voices_back(self, before: datetime, now: datetime) -> Mapping[int, bool]:
        """Return what comes back from above, and whether it was answered; note that it does."""
        ...

    async def holders(self, roles: Iterable[Role]) -> list[Person]:
        """Return who holds one of these roles and is still here."""
        ...

    async def people(self, ids: Iterable[str]) -> Mapping[str, Person]:
        """Return people by id."""
        ...

    async def queue(self, wanted: Sequence[Delivery]) -> Mapping[tuple[str, str], int]:
        """Queue deliveries."""
        ...


class VoicesStore(Protocol):
    """The store, as telling needs it."""

    def read(self) -> AbstractAsyncContextManager[VoicesWork]:
        """Begin a transaction that only reads."""
        ...

    def write(self) -> AbstractAsyncContextManager[VoicesWork]:
        """Begin a transaction that writes."""
        ...


class Voices:
    """Tell people what became of what they raised."""

    def __init__(
        self, store: VoicesStore, clock: Callable[[], datetime], leaving: Callable[[], None]
    ) -> None:
        self._store = store
        self._clock = clock
        self._leaving = leaving

    async def round(self) -> int:
        """Queue what is to be told; returns how many messages."""
        now = self._clock()
        before = weekdays_before(now, UNANSWERED)
        async with self._store.read() as work:
            if not await work.voices_wait(before):
                return 0
        async with self._store.write() as work:
            wanted = await _news(work, now)
            wanted += await _questions(work, now)
            for number in await work.escalate_voices(now, PART):
                note = AboveNote(number)
                wanted += await _to(work, Role.SPONSOR, f"voice:{number}:above", note, now)
            for number, ruled in (await work.voices_back(before, now)).items():
                note = BackNote(number, "ruled" if ruled else "unanswered")
                name = f"voice:{number}:{note.how}"
                wanted += await _to(work, Role.CRM_TEAM, name, note, now)
            await work.queue(wanted)
        if wanted:
            log.info("voices.told", n=len(wanted))
            self._leaving()
        return len(wanted)


async def _news(work: VoicesWork, now: datetime) -> list[Delivery]:
    """Tell everyone who raised something what became of it."""
    changed = await work.voice_news(PART)
    people = await work.people({who for one in changed for who in one.raisers})
    return [
        _delivery(f"voice:{one.number}:{one.at.timestamp():.0f}", people[who], note, now)
        for one in changed
        for note in (NewsNote(one.number, one.state),)
        for who in one.raisers
        if who in people
    ]


async def _questions(work: VoicesWork, now: datetime) -> list[Delivery]:
    """Hand on what is asked back, to people whom those who ask do not know."""
    asked = await work.voice_questions(now, PART)
    people = await work.people({who for _, _, who in asked})
    return [
        _delivery(f"voice_asked:{line}", people[who], AskedBackNote(number), now)
        for line, number, who in asked
        if who in people
    ]


async def _to(
    work: VoicesWork, role: Role, occasion: str, note: Note, now: datetime
) -> list[Delivery]:
    return [_delivery(occasion, person, note, now) for person in await work.holders((role,))]


def _delivery(occasion: str, person: Person, note: Note, now: datetime) -> Delivery:
    """Return a message for whoever waits for it, within their hours."""
    there = at_work(person, now) and not person.away(now)
    due = now if there else next_work(person, now)
    return Delivery(occasion, person.id, note, Priority.INTERACTIVE, due)
