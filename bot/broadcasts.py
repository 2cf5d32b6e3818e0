"""Broadcasts, carried out: whoever may release one is asked, it begins when its moment comes.

It is looked for again and again, and decided without writing anything; what there is to do is then
read once more and done while it is held, so that two tickers ask, begin and tell once.
"""

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import date, datetime
from typing import Protocol

import structlog

from bot.progress import CardWork, begin_card
from nudges.audience import Rule
from nudges.audience_language import parse
from nudges.broadcast import Broadcast, Stage, may_decide
from nudges.broadcast_notes import ApproveNote, BroadcastNote, OutcomeNote
from nudges.delivery import Delivery, Note, Priority
from nudges.hours import at_work, local_day, next_work
from nudges.people import Person
from nudges.roles import Role

log = structlog.get_logger()


class BroadcastWork(CardWork, Protocol):
    """The part of a transaction that broadcasts need."""

    async def unfinished(self, now: datetime, *, hold: bool = False) -> Sequence[Broadcast]:
        """Return the broadcasts with which something has to be done now."""
        ...

    async def decide(self, number: int, stage: Stage, by: str, now: datetime) -> bool:
        """Note what became of one that waited."""
        ...

    async def note_begun(self, number: int) -> None:
        """Note that a broadcast goes out."""
        ...

    async def note_asked(self, number: int) -> None:
        """Note that those who may release it were asked."""
        ...

    async def note_told(self, number: int) -> None:
        """Note that its author knows what became of it."""
        ...

    async def begin_spread(  # noqa: PLR0913 - as the store has it
        self,
        run: str,
        note: Note,
        rule: Rule,
        begins: datetime,
        *,
        own_morning: bool,
        now: datetime,
    ) -> None:
        """Begin to queue a broadcast."""
        ...

    async def correct(self, found: Broadcast, day: date, now: datetime) -> None:
        """Put a correction's words in the place of those it corrects."""
        ...

    async def holders(self, roles: Iterable[Role]) -> list[Person]:
        """Return who holds one of these roles."""
        ...


class BroadcastStore(Protocol):
    """The store, as broadcasts need it."""

    def read(self) -> AbstractAsyncContextManager[BroadcastWork]:
        """Begin a transaction that only reads."""
        ...

    def write(self) -> AbstractAsyncContextManager[BroadcastWork]:
        """Begin a transaction that writes."""
        ...


class Broadcasts:
    """Ask who may release a broadcast, begin it, and tell its author."""

    def __init__(
        self, store: BroadcastStore, clock: Callable[[], datetime], leaving: Callable[[], None]
    ) -> None:
        self._store = store
        self._clock = clock
        self._leaving = leaving

    async def round(self) -> int:
        """Do what is to be done with broadcasts; returns with how many there was something."""
        async with self._store.read() as work:
            if not await work.unfinished(self._clock()):
                return 0
        done = 0
        async with self._store.write() as work:
            now = self._clock()
            approvers = await work.holders((Role.APPROVER,))
            for found in await work.unfinished(now, hold=True):
                if await _advance(work, found, approvers, now):
                    done += 1
        if done:
            self._leaving()
        return done


async def _advance(
    work: BroadcastWork, found: Broadcast, approvers: Sequence[Person], now: datetime
) -> bool:
    """Take a broadcast one step further; False if there is nobody with whom that could be done."""
    deciders = [person for person in approvers if may_decide(person, found)]
    if found.late(now):
        await work.decide(found.number, Stage.LAPSED, "", now)
        await _tell(work, found, Stage.LAPSED, deciders, now)
    elif found.stage is Stage.WAITING:
        await _write(work, f"approve:{found.number}", deciders, ApproveNote(found.number), now)
        if deciders:
            await work.note_asked(found.number)
        return bool(deciders)
    elif found.due(now):
        if not found.told:
            await _tell(work, found, found.stage, (), now)
        await _begin(work, found, now)
        await work.note_begun(found.number)
        await begin_card(work, found, now)
    else:
        await _tell(work, found, found.stage, (), now)
    log.info("broadcasts.step", number=found.number, stage=found.stage)
    return True


async def _begin(work: BroadcastWork, found: Broadcast, now: datetime) -> None:
    """Begin to bring a broadcast to its people, or a correction to those who have its message."""
    if found.draft.corrects:
        authors = (await work.people([found.author])).values()
        days = [local_day(author, now) for author in authors]
        await work.correct(found, days[0] if days else now.date(), now)
        return
    await work.begin_spread(
        found.occasion,
        BroadcastNote(found.number),
        parse(found.draft.rule),
        found.draft.begins or now,
        own_morning=found.draft.own_morning,
        now=now,
    )


async def _tell(
    work: BroadcastWork, found: Broadcast, stage: Stage, deciders: Sequence[Person], now: datetime
) -> None:
    """Tell the author what became of it, and who was asked in vain."""
    how = "declined" if stage is Stage.DECLINED else "approved"
    how = "lapsed" if stage is Stage.LAPSED else how
    if stage is not Stage.RECALLED and (found.decided_by or stage is Stage.LAPSED):
        author = (await work.people([found.author])).values()
        occasion = f"outcome:{found.number}"
        await _write(work, occasion, author, OutcomeNote(found.number, how), now)
        asked = OutcomeNote(found.number, how, asked=True)
        await _write(work, occasion, deciders, asked, now)
    await work.note_told(found.number)


async def _write(
    work: BroadcastWork, occasion: str, people: Iterable[Person], note: Note, now: datetime
) -> None:
    """Write to people about their own work: it uses up no touch, and waits for their hours."""
    wanted = [
        Delivery(
            occasion,
            person.id,
            note,
            Priority.INTERACTIVE,
            now if at_work(person, now) else next_work(person, now),
        )
        for person in people
    ]
    if wanted:
        await work.queue(wanted)
