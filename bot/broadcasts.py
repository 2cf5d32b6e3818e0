"""Broadcasts, carried out: whoever may release one is asked, it begins when its moment comes.

It is looked for again and again, and decided without writing anything; what there is to do is then
read once more and done while it is held, so that two tickers ask, begin and tell once. What that is
says :mod:`nudges.approval`. Each broadcast has a transaction of its own: one that is broken holds
up no other.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import date, datetime
from typing import Protocol

import structlog

from bot.progress import CardWork, begin_card
from nudges.approval import LOST, Asked, Next, next_step
from nudges.audience import Rule
from nudges.audience_language import parse
from nudges.broadcast import Broadcast, Stage, approval
from nudges.broadcast_notes import AgreeNote, ApproveNote, BroadcastNote, NobodyNote, OutcomeNote
from nudges.broadcast_replies import OFTEN, RepliesNote, Told
from nudges.delivery import Delivery, Note, Priority, State
from nudges.hours import at_work, local_day, next_work
from nudges.people import Person
from nudges.roles import Role

DECIDERS = (Role.APPROVER, Role.DEPUTY)
log = structlog.get_logger()


class BroadcastWork(CardWork, Protocol):
    """The part of a transaction that broadcasts need."""

    async def unfinished(
        self, now: datetime, *, hold: bool = False, number: int | None = None
    ) -> Sequence[Broadcast]:
        """Return the broadcasts with which something may have to be done now."""
        ...

    async def askings(self, numbers: Iterable[int]) -> Mapping[int, Mapping[str, State]]:
        """Return who was asked to release each of these broadcasts, and how far that got."""
        ...

    async def decide(self, number: int, stage: Stage, by: str, now: datetime) -> bool:
        """Note what became of one that waited."""
        ...

    async def agree(self, number: int, by: str, now: datetime, *, agreed: bool) -> bool:
        """Note whether it may go in this person's name."""
        ...

    async def untold_replies(self, before: datetime) -> Sequence[Told]:
        """Return the broadcasts to which somebody wrote since their author was told."""
        ...

    async def tell_replies(self, told: Told, now: datetime) -> bool:
        """Note that an author is told; False if they were."""
        ...

    async def note_begun(self, number: int) -> None:
        """Note that a broadcast goes out."""
        ...

    async def note_asked(self, number: int, now: datetime | None = None) -> None:
        """Note that those who may release it were asked."""
        ...

    async def note_warned(self, number: int) -> None:
        """Note that its author knows that nobody could release it."""
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
        self._broken: set[int] = set()

    async def round(self) -> int:
        """Do what is to be done with broadcasts; returns with how many there was something."""
        async with self._store.read() as work:
            numbers = [found.number for found, _, _ in await self._todo(work)]
        done = 0
        for number in numbers:
            done += await self._calmly(number)
        if done:
            self._leaving()
        return done

    async def replies(self) -> int:
        """Tell authors what was written back since they last heard of it; returns how many."""
        async with self._store.read() as work:
            if not await work.untold_replies(self._clock() - OFTEN):
                return 0
        async with self._store.write() as work:
            now = self._clock()
            told = [
                one
                for one in await work.untold_replies(now - OFTEN)
                if await work.tell_replies(one, now)
            ]
            team = await work.holders((Role.CRM_TEAM,)) if told else []
            known = await work.people(one.author for one in told)
            for one in told:
                author = known.get(one.author)
                readers = [author] if author and not author.left else team
                note = RepliesNote(one.broadcast)
                await _write(work, f"replies:{one.broadcast}:{one.newest}", readers, note, now)
        if told:
            self._leaving()
        return len(told)

    async def _todo(
        self, work: BroadcastWork, *, hold: bool = False, number: int | None = None
    ) -> list[tuple[Broadcast, Next, Asked]]:
        """Return with which broadcasts something is to be done at this moment, and what."""
        now = self._clock()
        if not (unfinished := await work.unfinished(now, hold=hold, number=number)):
            return []
        deciders = await work.holders(DECIDERS)
        asked = await work.askings(found.number for found in unfinished)
        steps = ((one, next_step(one, deciders, asked[one.number], now)) for one in unfinished)
        return [(one, step, asked[one.number]) for one, step in steps if step]

    async def _calmly(self, number: int) -> bool:
        """Take one broadcast a step further; one that fails is left as it was, and said once.

        Raises:
            OSError: the database cannot be reached; that is nobody's fault, and all wait for it.

        """
        try:
            async with self._store.write() as work:
                todo = await self._todo(work, hold=True, number=number)
                for found, step, asked in todo:
                    await _take(work, found, step, asked, self._clock())
        except OSError:
            raise
        except Exception:
            if number not in self._broken:
                log.exception("broadcasts.broken", number=number)
            self._broken.add(number)
            return False
        self._broken.discard(number)
        return bool(todo)


async def _take(
    work: BroadcastWork, found: Broadcast, step: Next, asked: Asked, now: datetime
) -> None:
    """Take a broadcast one step further."""
    match step.what:
        case "lapse":
            await work.decide(found.number, Stage.LAPSED, "", now)
            await _tell(work, found, Stage.LAPSED, asked, now)
        case "agree":
            await _ask_sender(work, found, now)
        case "ask":
            what, number = approval(found.number), found.number
            await _write(work, what, step.approvers, ApproveNote(number), now)
            await _write(work, what, step.deputies, ApproveNote(number, step.why), now)
            await work.note_asked(number, now)
        case "warn":
            author = (await work.people([found.author])).values()
            await _write(work, f"nobody:{found.number}", author, NobodyNote(found.number), now)
            await work.note_warned(found.number)
        case "begin":
            if not found.told:
                await _tell(work, found, found.stage, {}, now)
            await _begin(work, found, now)
            await work.note_begun(found.number)
            await begin_card(work, found, now)
        case "tell":
            await _tell(work, found, found.stage, {}, now)
    log.info("broadcasts.step", number=found.number, stage=found.stage, what=step.what)


async def _ask_sender(work: BroadcastWork, found: Broadcast, now: datetime) -> None:
    """Ask whoever it is to go in the name of; somebody who is not here any more cannot agree."""
    sender = found.draft.message.sender
    named = (await work.people([sender])).values()
    here = [one for one in named if not one.left]
    await _write(work, f"agree:{found.number}", here, AgreeNote(found.number), now)
    if here:
        await work.note_asked(found.number)
    else:
        await work.agree(found.number, sender, now, agreed=False)


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
    work: BroadcastWork, found: Broadcast, stage: Stage, asked: Asked, now: datetime
) -> None:
    """Tell the author what became of it, and everybody who was asked in vain."""
    how = "declined" if stage is Stage.DECLINED else "approved"
    how = "lapsed" if stage is Stage.LAPSED else how
    if stage is Stage.DECLINED and found.decided_by == (found.draft.message.sender or None):
        how = "unsigned"
    if stage is not Stage.RECALLED and (found.decided_by or stage is Stage.LAPSED):
        author = (await work.people([found.author])).values()
        occasion = f"outcome:{found.number}"
        await _write(work, occasion, author, OutcomeNote(found.number, how), now)
        vain = [who for who, state in asked.items() if state not in LOST]
        others = (await work.people(vain)).values() if vain else ()
        await _write(work, occasion, others, OutcomeNote(found.number, how, asked=True), now)
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
