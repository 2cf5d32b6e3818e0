"""Recognition carried out: who is told of a result, or asked whether others may be told.

What somebody agreed to is told once: it is noted in the step that queues it, so that two tickers,
or one after a crash, tell nobody twice.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import date, datetime
from typing import Protocol

from nudges.delivery import Delivery, Priority
from nudges.hours import at_work, next_work
from nudges.levels import Judged, Levels, Weeks
from nudges.people import Person
from nudges.recognition import (
    LearningHourNote,
    Recognised,
    ResultOfNote,
    plan,
    spotlight,
    spotlight_day,
)
from nudges.use_linked import Came, Switch

PART = 200


class AskingWork(Protocol):
    """The part of a transaction in which it is decided whom a result is told to."""

    async def people(self, ids: Iterable[str]) -> dict[str, Person]:
        """Return people by id."""
        ...

    async def mates(self, managers: Collection[str]) -> dict[str, list[str]]:
        """Return who reports to each of these managers and can be written to."""
        ...


class RecognitionWork(AskingWork, Protocol):
    """The part of a transaction that tells what people agreed to."""

    async def use_switch(self) -> Switch:
        """Return how the privacy officer's switch stands."""
        ...

    async def untold(self, limit: int) -> list[Recognised]:
        """Return what people agreed to and was not told yet, and hours they do not know of."""
        ...

    async def tell(self, number: int, monday: date | None) -> bool:
        """Note that a recognition is told; False if somebody else told it meanwhile."""
        ...

    async def tell_hour(self, number: int) -> bool:
        """Note that the person hears of their hour; False if somebody else told it meanwhile."""
        ...

    async def spotlit(self, manager: str, monday: date) -> list[Recognised]:
        """Return whom a manager's team hears of on a Monday."""
        ...

    async def plan(self, wanted: Sequence[Delivery]) -> None:
        """Queue what was planned; what was planned before is not queued again."""
        ...

    async def queue(self, wanted: Sequence[Delivery]) -> dict[tuple[str, str], int]:
        """Queue deliveries; a waiting one with the same occasion takes the new words."""
        ...


class RecognitionStore(Protocol):
    """The store, as recognition needs it."""

    def read(self) -> AbstractAsyncContextManager[RecognitionWork]:
        """Begin a transaction that only reads."""
        ...

    def write(self) -> AbstractAsyncContextManager[RecognitionWork]:
        """Begin a transaction that writes."""
        ...


async def recognise(  # noqa: PLR0913 - what is known of these people, by name
    work: AskingWork,
    persons: Iterable[Person],
    *,
    levels: Levels,
    uses: Mapping[str, Weeks],
    judged: Mapping[str, Sequence[Judged]],
    came: Mapping[str, Sequence[Came]],
    now: datetime,
) -> list[Delivery]:
    """Return the cards that come of people's newest weeks, where their use may lead to any."""
    persons = list(persons)
    heads = {p.manager for p in persons if p.manager and p.manager != p.id}
    managers = await work.people(heads) if heads else {}
    mates = await work.mates(heads) if heads else {}
    wanted: list[Delivery] = []
    for person in persons:
        head = managers.get(person.manager)
        found = plan(
            levels,
            person,
            uses.get(person.id, {}),
            judged.get(person.id, ()),
            came=came.get(person.id, ()),
            manager=head is not None and _hears(head) and head.id != person.id,
            team=any(who != person.id for who in mates.get(person.manager, ())),
            now=now,
        )
        wanted += [found] if found else []
    return wanted


def _hears(head: Person) -> bool:
    return head.welcomed and not head.left and not head.stopped


class Recognitions:
    """Tell what people agreed to have told."""

    def __init__(
        self,
        store: RecognitionStore,
        clock: Callable[[], datetime],
        leaving: Callable[[], None],
    ) -> None:
        self._store = store
        self._clock = clock
        self._leaving = leaving

    async def round(self) -> int:
        """Tell managers and teams, and who has an hour to learn in; returns how many results."""
        async with self._store.read() as work:
            if not await work.untold(PART):
                return 0
        async with self._store.write() as work:
            waiting = await work.untold(PART)
            for one in waiting:
                await self._tell(work, one)
        if waiting:
            self._leaving()
        return len(waiting)

    async def _tell(self, work: RecognitionWork, one: Recognised) -> None:
        now = self._clock()
        if one.told:
            if await work.tell_hour(one.number):
                people = await work.people([one.person])
                note = LearningHourNote(one.number)
                await work.plan([_at_work(f"learning:{one.number}", people[one.person], note, now)])
            return
        allowed = (await work.use_switch()).on and bool(one.manager)
        monday = spotlight_day(now) if one.form == "public" and allowed else None
        if not await work.tell(one.number, monday) or not allowed:
            return
        if monday is not None:
            await self._spotlight(work, one.manager, monday)
            return
        head = (await work.people([one.manager])).get(one.manager)
        if head is not None:
            note = ResultOfNote(one.number)
            await work.plan([_at_work(f"result-of:{one.number}", head, note, now)])

    async def _spotlight(self, work: RecognitionWork, manager: str, monday: date) -> None:
        """Queue one card for each of a team, with everybody who agreed to be named on a Monday."""
        named = await work.spotlit(manager, monday)
        mates = await work.people((await work.mates([manager])).get(manager, ()))
        found = (spotlight(mate, monday, named) for mate in mates.values())
        await work.queue([one for one in found if one])


def _at_work(
    occasion: str, person: Person, note: ResultOfNote | LearningHourNote, now: datetime
) -> Delivery:
    due = now if at_work(person, now) and not person.away(now) else next_work(person, now)
    return Delivery(occasion, person.id, note, Priority.NUDGE, due)
