"""One incoming turn, from the inbox to what follows from it, in one transaction.

Turns that wait are taken together: thirty-two in one commit cost little more than one. If one of
them fails, they are taken one by one, and the one that fails is set aside with a log line and an
apology; the others are not held up by it.
"""

import asyncio
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, ExitStack
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol, TypeAlias

import structlog

from bot.contexts import contexts
from bot.finding import Finder
from bot.inbox import Inbox
from bot.lookout import Lookout
from bot.looks import LookWork, looked_up
from bot.organisation import Organisation
from bot.pictures import Pictures
from bot.replies import Replies, Taken, interactive
from dialogs.doorway import Arrival, Kept, Reply
from dialogs.facts import Fact
from dialogs.finding import Ask, Finding
from dialogs.manners import SorryNote
from dialogs.route import route
from dialogs.text import clean, clean_name
from dialogs.token import NOBODY, NOWHERE, Tokens
from dialogs.turns import (
    Context,
    Filled,
    Joined,
    Message,
    Pointed,
    Remark,
    Said,
    Tapped,
    Turn,
)
from nudges.address import Address, Platform
from nudges.adkar import Answer
from nudges.delivery import Delivery, Note
from nudges.outlook import Stretch, outlook
from nudges.people import Person
from nudges.voice_notes import QueueNote

TOGETHER = 32
"""How many turns share a transaction."""
TRIES = 3
PAUSE = 1.0
"""Seconds to wait when the database is out of reach."""
Reader: TypeAlias = Callable[[str], Turn | None]
"""How a platform's adapter understands the body of an arrival."""
Read: TypeAlias = tuple[Arrival, Turn | None]
log = structlog.get_logger()


class TurnWork(LookWork, Protocol):
    """The part of a transaction that a turn needs."""

    async def consume(self, keys: Iterable[str], owner: str, now: datetime) -> set[str]:
        """Mark arrivals as done; returns those that are ours, and behind nothing undone."""
        ...

    async def put_back(self, arrivals: Collection[Arrival]) -> None:
        """Take back that arrivals are done: something has to be looked up for them first."""
        ...

    async def waits(self, keys: Collection[str], owner: str) -> set[str]:
        """Return which of these are ours and not done."""
        ...

    async def take_over(
        self, owner: str, now: datetime, until: datetime, limit: int
    ) -> list[Arrival]:
        """Take over arrivals that a stopped process left behind."""
        ...

    async def fail(self, key: str, why: str, now: datetime, most: int) -> bool:
        """Count a failed try; returns whether the arrival was set aside for good."""
        ...

    async def keep_replies(self, kept: Sequence[Kept]) -> None:
        """Keep what was replied."""
        ...

    async def meet(self, seen: Sequence[Address], now: datetime) -> dict[Address, Person]:
        """Return who is at each address."""
        ...

    async def people(self, ids: Iterable[str]) -> dict[str, Person]:
        """Return people by id."""
        ...

    async def save(self, persons: Sequence[Person], now: datetime) -> None:
        """Keep people as they are now."""
        ...

    async def keep_answers(self, given: Sequence[Answer]) -> int:
        """Append answers."""
        ...

    async def keep_outlooks(self, found: Mapping[str, Sequence[Stretch]]) -> None:
        """Keep what people's barriers are from now on."""
        ...

    async def keep_remarks(self, said: Sequence[Remark]) -> None:
        """Append remarks."""
        ...

    async def keep(self, facts: Iterable[Fact], by: str, now: datetime) -> None:
        """Keep facts, told by a person."""
        ...

    async def messages(self, numbers: Iterable[int]) -> dict[int, Message]:
        """Return the messages behind delivery numbers."""
        ...

    async def close(self, numbers: Sequence[int], now: datetime) -> None:
        """Note that messages were answered."""
        ...

    async def queue(self, wanted: Sequence[Delivery]) -> dict[tuple[str, str], int]:
        """Queue deliveries; returns their numbers by occasion and person."""
        ...

    async def cancel(self, wanted: Iterable[tuple[str, str]], why: str) -> None:
        """Cancel waiting deliveries."""
        ...


class TurnStore(Protocol):
    """The store, as the turns need it."""

    def write(self) -> AbstractAsyncContextManager[TurnWork]:
        """Begin a transaction that writes."""
        ...

    def read(self) -> AbstractAsyncContextManager[TurnWork]:
        """Begin a transaction that reads."""
        ...


class Turns:
    """Take turns from the inbox, and carry out what the dialogs want."""

    def __init__(  # noqa: PLR0913 - the joints of the house, all by name
        self,
        store: TurnStore,
        inbox: Inbox,
        *,
        owner: str,
        clock: Callable[[], datetime],
        tokens: Tokens,
        organisation: Organisation,
        readers: Mapping[Platform, Reader],
        leaving: Callable[[], None],
        lease: timedelta,
        pictures: Pictures,
        finder: Finder | None = None,
        lookout: Lookout | None = None,
    ) -> None:
        self._store = store
        self._inbox = inbox
        self._owner = owner
        self._clock = clock
        self._tokens = tokens
        self._replies = Replies(tokens, pictures)
        self._organisation = organisation
        self._readers = readers
        self._leaving = leaving
        self._lease = lease
        self._finder = finder or Finder()
        self._lookout = lookout or Lookout()
        self._found: dict[str, tuple[Finding, Message | None]] = {}
        self._looking: set[asyncio.Task[None]] = set()
        self._one_at_a_time = asyncio.Lock()

    async def run(self) -> None:
        """Take turns for as long as the program runs."""
        while True:
            await self._inbox.someone()
            await self._inbox.quiet()
            try:
                await self.take()
            except Exception:
                log.exception("turns.broke")
                await asyncio.sleep(PAUSE)

    async def take(self) -> int:
        """Take those who are first in line; returns how many there were.

        One turn that fails does not hold up the others.
        """
        async with self._one_at_a_time:
            arrivals = self._inbox.next(TOGETHER)
            for group in _one_each([(a, self._read(a)) for a in arrivals]):
                await self._carry_out(group)
            return len(arrivals)

    async def looked(self) -> int:
        """Wait for what is being looked up outside; returns how many turns go on after it."""
        if not (under_way := len(self._looking)):
            return 0
        await asyncio.wait(self._looking)
        return under_way

    async def recover(self) -> int:
        """Take over what a stopped process left behind; returns how much that was."""
        taken = 0
        while True:
            now = self._clock()
            async with self._store.write() as work:
                left = await work.take_over(self._owner, now, now + self._lease, TOGETHER)
            for arrival in left:
                self._inbox.expect(arrival)
            taken += len(left)
            if len(left) < TOGETHER:
                return taken

    async def _carry_out(self, group: Sequence[Read]) -> None:
        """Take turns to their end before any later ones: who writes twice is heard in order.

        While there is no database they wait here, and everybody after them too.
        """
        while True:
            try:
                return await self._together(group)
            except OSError as error:
                log.warning("turns.wait", n=len(group), why=str(error))
                await asyncio.sleep(PAUSE)
            except Exception:
                if len(group) > 1:
                    for one in group:
                        await self._carry_out([one])
                    return None
                log.exception("turns.failed", key=group[0][0].key)
                if await self._set_aside(*group[0]):
                    return None

    def _read(self, arrival: Arrival) -> Turn | None:
        """Understand an arrival; None if it is nothing that a dialog could answer."""
        try:
            turn = self._readers[arrival.platform](arrival.body)
        except Exception:
            log.exception("turns.unreadable", key=arrival.key)
            self._count(arrival, None, "unreadable")
            return None
        match turn:
            case Said() | Pointed():
                return replace(turn, text=clean(turn.text))
            case Joined():
                return replace(turn, name=clean_name(turn.name))
            case Filled():
                return replace(turn, values={k: clean(v) for k, v in turn.values.items()})
            case _:
                return turn

    async def _together(self, group: Sequence[Read]) -> None:
        """Take turns in one transaction, each of which stands below what it came in with."""
        with ExitStack() as stack:
            begin = self._lookout.spans.span
            spans = [
                stack.enter_context(
                    begin("turn", after=a.key, platform=a.platform, turn=_kind(turn))
                )
                for a, turn in group
            ]
            for (arrival, _), span in zip(group, spans, strict=True):
                span.leads_to(arrival.key)
            stack.enter_context(begin("transaction", beside=spans, turns=len(group)))
            await self._in_one(group)

    async def _in_one(self, group: Sequence[Read]) -> None:
        now = self._clock()
        async with self._store.write() as work:
            keys = {a.key for a, _ in group}
            ours = await work.consume(keys, self._owner, now)
            behind = await work.waits(keys - ours, self._owner)
            turns = [(a, turn) for a, turn in group if a.key in ours and turn is not None]
            known = await self._contexts(work, turns, now)
            asked = [
                await self._taken(work, a, turn, context)
                for (a, turn), context in zip(turns, known, strict=True)
            ]
            taken = [one for one in asked if not isinstance(one.step.look, Ask)]
            looking = [one for one in asked if isinstance(one.step.look, Ask)]
            if looking:
                await work.put_back([one.arrival for one in looking])
            kept = await self._keep(work, taken, now)
            after = [await self._after(work, one, now) for one in taken]
        self._leaving()
        for one in looking:
            self._look(one)
        for one, reply, context in zip(taken, kept, after, strict=True):
            self._count(one.arrival, one.turn, "done")
            draw = partial(self._replies.draw, reply, context)
            self._inbox.answer(one.arrival.key, draw, covered=one.covered)
        for arrival, _ in group:
            if arrival.key in behind:
                self._inbox.expect_later(arrival)
            elif not any(arrival is one.arrival for one in looking):
                self._found.pop(arrival.key, None)
                self._inbox.answer(arrival.key, partial(Reply, language=""))

    async def _taken(self, work: TurnWork, arrival: Arrival, turn: Turn, context: Context) -> Taken:
        """Ask the dialog; where it has to look something up first, ask it again with that.

        What is looked up outside takes longer than a transaction may: the turn is put back and
        taken again with what was found. It is done only then, so nothing is lost in between. What
        came last is still what had come when they wrote: their words may be an answer to it.
        """
        if found := self._found.get(arrival.key):
            context = replace(context, finding=found[0], last=found[1])
        step = route(turn, context)
        if step.look is None or isinstance(step.look, Ask):
            return Taken(arrival, turn, context, step)
        context = await looked_up(work, step.look, context)
        return Taken(arrival, turn, context, route(turn, context))

    def _look(self, one: Taken) -> None:
        """Look up outside what a turn needs, and let it stand in line again with that."""

        async def look(ask: Ask) -> None:
            with self._lookout.spans.span("looking", after=one.arrival.key):
                found = await self._finder.find(ask, one.context.person)
            self._found[one.arrival.key] = found, one.context.last
            self._inbox.expect(one.arrival)

        if isinstance(one.step.look, Ask):
            task = asyncio.create_task(look(one.step.look), name="looking")
            self._looking.add(task)
            task.add_done_callback(self._looking.discard)

    async def _contexts(
        self, work: TurnWork, turns: Sequence[tuple[Arrival, Turn]], now: datetime
    ) -> list[Context]:
        """Return the context of each turn: its person's, with the message they acted on."""
        if not turns:
            return []
        people = await work.meet([turn.address for _, turn in turns], now)
        pressed = [
            self._tokens.read(turn.token, people[turn.address].id)
            if isinstance(turn, Tapped | Filled)
            else NOWHERE
            for _, turn in turns
        ]
        messages = await work.messages(number for number in pressed if number)
        library, shown = self._organisation.library(), [m.note for m in messages.values()]
        known = await contexts(work, people.values(), library, now, shown=shown)
        return [
            replace(
                known[people[turn.address].id],
                key=arrival.key,
                message=messages.get(number or NOWHERE),
                genuine=number == NOWHERE or number in messages,
                foreign=number is None and _with_token(turn),
            )
            for (arrival, turn), number in zip(turns, pressed, strict=True)
        ]

    async def _keep(self, work: TurnWork, taken: Sequence[Taken], now: datetime) -> list[Kept]:
        await work.save(_changed(taken), now)
        await work.keep_answers([a for t in taken for a in t.step.answers])
        await work.keep_outlooks(_outlooks(taken, now))
        await work.keep_remarks([r for t in taken for r in t.step.remarks])
        for t in taken:
            await work.keep(t.step.facts, t.context.person.id, now)
        await work.close([number for t in taken for number in t.done], now)
        wanted = [(t.arrival.key, d) for t in taken for d in t.deliveries(now)]
        for key, delivery in wanted:
            self._lookout.spans.pass_on(key, delivery.occasion)
        numbers = await work.queue([d for _, d in wanted])
        await work.cancel(
            [(occasion, t.context.person.id) for t in taken for occasion in t.step.cancel],
            "not wanted any more",
        )
        await work.keep_replies([t.kept(numbers, covered=True) for t in taken])
        return [t.kept(numbers) for t in taken]

    async def _after(self, work: TurnWork, taken: Taken, now: datetime) -> Context:
        """Return the context once the step has been kept; what its author has at hand is read."""
        note = taken.step.instead
        if note is None or not _counts(note):
            return taken.after
        person, library = taken.after.person, self._organisation.library()
        return (await contexts(work, [person], library, now, shown=[note]))[person.id]

    async def redraw(self, kept: Kept) -> Reply:
        """Draw the reply to a repeated arrival again, from what is kept."""
        now = self._clock()
        async with self._store.read() as work:
            people = await work.people([kept.person])
            library = self._organisation.library()
            shown = self._replies.shown(kept)
            known = await contexts(work, people.values(), library, now, shown=shown)
        if kept.person not in known:
            return Reply(language="")
        return self._replies.draw(kept, known[kept.person])

    async def _set_aside(self, arrival: Arrival, turn: Turn | None) -> bool:
        """Count the failure; a turn that fails for good is answered with an apology."""
        now = self._clock()
        try:
            async with self._store.write() as work:
                aside = await work.fail(arrival.key, "could not be taken", now, TRIES)
        except OSError:
            return False
        if aside:
            self._count(arrival, turn, "failed")
            self._found.pop(arrival.key, None)
            self._inbox.answer(arrival.key, partial(Reply, language=""))
            if turn is not None:
                await self._apologise(arrival.key, turn.address, now)
        return aside

    async def _apologise(self, key: str, address: Address, now: datetime) -> None:
        """Say sorry, where even that is possible."""
        try:
            async with self._store.write() as work:
                whose = (await work.meet([address], now))[address].id
                await work.queue([interactive(f"sorry:{key}", whose, SorryNote(), now)])
        except Exception:
            log.exception("turns.no_apology", key=key)
        self._leaving()

    def _count(self, arrival: Arrival, turn: Turn | None, end: str) -> None:
        self._lookout.figures.count(
            "wayfinder_turns_total", platform=arrival.platform, turn=_kind(turn), end=end
        )


def _kind(turn: Turn | None) -> str:
    """Return what sort of turn it is, in a word."""
    return "nothing" if turn is None else type(turn).__name__.lower()


def _with_token(turn: Turn) -> bool:
    """Tell a button or a form on somebody's own card from one that is there for everyone."""
    return isinstance(turn, Tapped | Filled) and turn.token != NOBODY


def _counts(note: Note) -> bool:
    """Tell a card that shows what the step has just changed."""
    if isinstance(note, QueueNote):
        return True
    return note.authoring is not None or any(
        (
            note.measured,
            note.merits,
            note.switched,
            note.receptions,
            note.tallied,
            note.sought,
            note.trainings,
            note.referred,
            note.raised,
            note.voiced,
            note.rumoured,
            note.overseen,
        )
    )


def _one_each(read: Sequence[Read]) -> list[list[Read]]:
    """Split turns so that nobody has two in a group: the second sees what the first did."""
    groups: list[list[Read]] = []
    so_far: dict[object, int] = {}
    for arrival, turn in read:
        who = turn.address.key if turn else arrival.key
        place = so_far[who] = so_far.get(who, -1) + 1
        if place == len(groups):
            groups.append([])
        groups[place].append((arrival, turn))
    return groups


def _outlooks(taken: Sequence[Taken], now: datetime) -> dict[str, tuple[Stretch, ...]]:
    """Work out where those who answered stand from now on."""
    return {
        t.context.person.id: outlook(
            (*t.context.answers, *t.step.answers), t.context.library.bank, now
        )
        for t in taken
        if t.step.answers
    }


def _changed(taken: Sequence[Taken]) -> list[Person]:
    """Return the people who are not as they were."""
    persons = ((t.step.person, t.context.person) for t in taken)
    return [after for after, before in persons if after is not None and after != before]
