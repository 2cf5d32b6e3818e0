"""Questions to colleagues on their way: handed to the next, ended where they are over, reminded.

It is looked for again and again, and decided without writing anything. What is to be done is then
decided once more for each question, in a transaction of its own and while the programme is held:
two tickers, or one that was killed in between, hand a question to nobody twice.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol

import structlog

from nudges.champions import Champion
from nudges.colleague import (
    WEEK,
    Handed,
    HandedHow,
    Known,
    Move,
    Referral,
    had_lately,
    next_move,
)
from nudges.colleague_notes import HandedNote, where_now
from nudges.delivery import Delivery, Note, Priority
from nudges.hours import at_work, next_work
from nudges.people import Person
from nudges.programme import Programme
from nudges.roles import Role

TEAM = (Role.CRM_TEAM,)
"""Who answers what no champion does."""
log = structlog.get_logger()


class ColleagueWork(Protocol):
    """The part of a transaction that questions to colleagues need."""

    async def programme(self, *, hold: bool = False) -> Programme:
        """Return the programme; with ``hold`` it is ours until the transaction ends."""
        ...

    async def moving_referrals(self) -> list[Referral]:
        """Return the questions that are open, or on which somebody still has a card."""
        ...

    async def referrals(self, keys: Iterable[str], *, hold: bool = False) -> dict[str, Referral]:
        """Return questions by key; with ``hold`` they are ours until the transaction ends."""
        ...

    async def handed_since(self, since: datetime) -> list[Handed]:
        """Return who got a question since a moment."""
        ...

    async def hand_to(
        self, referral: Referral, hands: Sequence[Handed], deliveries: Mapping[str, int]
    ) -> None:
        """Note who has a question now."""
        ...

    async def end_hands(
        self, key: str, ended: Iterable[tuple[Handed, HandedHow]], now: datetime
    ) -> None:
        """Note that a question is no longer with somebody."""
        ...

    async def remind_hand(self, key: str, hand: Handed, delivery: int, now: datetime) -> None:
        """Note that somebody is reminded."""
        ...

    async def take_question_back(self, key: str, person: str) -> bool:
        """Note that an open question is not asked any more."""
        ...

    async def champions(self, persons: Iterable[str] | None = None) -> list[Champion]:
        """Return who is or may become a champion."""
        ...

    async def holders(self, roles: Iterable[Role]) -> list[Person]:
        """Return who holds one of these roles."""
        ...

    async def people(self, ids: Iterable[str]) -> dict[str, Person]:
        """Return people by id."""
        ...

    async def queue(self, wanted: Sequence[Delivery]) -> Mapping[tuple[str, str], int]:
        """Queue deliveries."""
        ...

    async def cancel(self, wanted: Iterable[tuple[str, str]], why: str) -> None:
        """Cancel waiting deliveries."""
        ...


class ColleagueStore(Protocol):
    """The store, as questions to colleagues need it."""

    def read(self) -> AbstractAsyncContextManager[ColleagueWork]:
        """Begin a transaction that only reads."""
        ...

    def write(self) -> AbstractAsyncContextManager[ColleagueWork]:
        """Begin a transaction that writes."""
        ...


class Colleagues:
    """Bring questions to colleagues further."""

    def __init__(
        self, store: ColleagueStore, clock: Callable[[], datetime], leaving: Callable[[], None]
    ) -> None:
        self._store = store
        self._clock = clock
        self._leaving = leaving

    async def round(self) -> int:
        """Bring further what can be; returns how many questions that were."""
        now = self._clock()
        async with self._store.read() as work:
            found = await work.moving_referrals()
            known = await _known(work, found, now) if found else None
        keys = [one.key for one in found if known and next_move(one, known, now)]
        moved = 0
        for key in keys:
            moved += await self._move(key)
        if moved:
            self._leaving()
        return moved

    async def _move(self, key: str) -> bool:
        """Decide once more, and do it, in one transaction."""
        async with self._store.write() as work:
            now = self._clock()
            await work.programme(hold=True)
            found = (await work.referrals([key], hold=True)).get(key)
            if found is None:
                return False
            move = next_move(found, await _known(work, [found], now), now)
            if move:
                await _carry_out(work, found, move, now)
        if move:
            log.info("colleagues.moved", to=len(move.to), team=move.team, ended=len(move.ended))
        return bool(move)


async def _known(work: ColleagueWork, found: Sequence[Referral], now: datetime) -> Known:
    askers = {one.person for one in found}
    here = {p.id for p in (await work.people(askers)).values() if not p.left}
    had = had_lately(await work.handed_since(now - WEEK), now)
    champions, team = await work.champions(), await work.holders(TEAM)
    return Known(champions, team, had, frozenset(askers - here))


async def _carry_out(work: ColleagueWork, found: Referral, move: Move, now: datetime) -> None:
    if move.over:
        await work.take_question_back(found.key, found.person)
        return
    await work.end_hands(found.key, move.ended, now)
    for hand, _ in move.ended:
        await _redraw(work, found, hand, now)
    if move.to:
        await _hand(work, found, move, now)
    people = await work.people(h.person for h in move.remind)
    for hand in move.remind:
        note = HandedNote(found.key, team=True, again=True)
        occasion = f"question_again:{found.key}:{hand.nth}"
        told = _at_work(occasion, people[hand.person], note, now)
        numbers = await work.queue([told])
        await work.remind_hand(found.key, hand, numbers[occasion, hand.person], now)


async def _hand(work: ColleagueWork, found: Referral, move: Move, now: datetime) -> None:
    """Give a question to those who are next, and show its asker where it is."""
    nth = max((h.nth for h in found.hands), default=0) + 1
    occasion = handed_as(found.key, nth)
    people = (await work.people(move.to)).values()
    note = HandedNote(found.key, move.team)
    wanted = [_at_work(occasion, person, note, now) for person in people]
    numbers = await work.queue(wanted)
    hands = [Handed(d.person, nth, d.due, move.team, found.round) for d in wanted]
    await work.hand_to(found, hands, {d.person: numbers[occasion, d.person] for d in wanted})
    if found.root is not None:
        await work.queue([where_now(found, str(nth), now)])


async def _redraw(work: ColleagueWork, found: Referral, hand: Handed, now: datetime) -> None:
    """Let a card tell what became of its question; one that has not left yet is not sent."""
    await work.cancel([(handed_as(found.key, hand.nth), hand.person)], "somebody else has it")
    if hand.delivery is None:
        return
    told = Delivery(
        f"question_over:{found.key}:{hand.nth}:{found.round}:{found.state}",
        hand.person,
        HandedNote(found.key, hand.team),
        Priority.INTERACTIVE,
        now,
        "replace",
        hand.delivery,
    )
    await work.queue([told])


def handed_as(key: str, nth: int) -> str:
    """Name the occasion on which a question goes to somebody."""
    return f"question:{key}:{nth}"


def _at_work(occasion: str, person: Person, note: Note, now: datetime) -> Delivery:
    """Write to someone about what they offered: it uses up no touch, and waits for their hours."""
    there = at_work(person, now) and not person.away(now)
    due = now if there else next_work(person, now)
    return Delivery(occasion, person.id, note, Priority.INTERACTIVE, due)
