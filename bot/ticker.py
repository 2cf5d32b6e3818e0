"""The ticker: an alarm clock that holds no truth.

It wakes the planner, which reads from the store who is due and queues what they are due; two
tickers on one tick, or one after a long sleep, plan nothing twice.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import date, datetime, timedelta
from typing import Any, Protocol

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.lookout import Lookout
from nudges.calendar import get_ready
from nudges.delivery import Delivery
from nudges.group import KEPT as KEPT_SAID
from nudges.people import Person
from nudges.questions import KEPT, RECORDS_KEPT
from nudges.reminders import Asked
from nudges.retention import ARRIVALS, TOUCHES, YEAR
from nudges.schedule import due, recent_pulses

BATCH = 500
PART = 5000
"""How many deliveries a broadcast queues in one transaction."""
PUT_OFF = timedelta(days=1)
"""When someone whose row is damaged is looked at again."""
LAST_ROUND = timedelta(seconds=5)
"""How long a round under way may take when the program is told to stop."""
log = structlog.get_logger()


class TickerWork(Protocol):
    """The part of a transaction that the planner needs."""

    async def due(self, now: datetime, limit: int) -> list[Person]:
        """Return people whose next touch is due, as far as planning needs to know them."""
        ...

    async def asked(self, persons: Sequence[str], pulses: Sequence[str]) -> dict[str, list[Asked]]:
        """Return which of these pulses each person was asked, oldest first."""
        ...

    async def due_next(self, moved: Iterable[tuple[Person, datetime]]) -> set[str]:
        """Note when people are due next; returns those nobody else moved meanwhile."""
        ...

    async def plan(self, wanted: Sequence[Delivery]) -> None:
        """Queue what was planned; what was planned before is not queued again."""
        ...

    async def spread(self, now: datetime, limit: int) -> int:
        """Queue the next part of a broadcast; returns how many deliveries that were."""
        ...

    async def cancel_stopped(self) -> int:
        """Cancel a part of what stopped runs still have."""
        ...

    async def forget_touches(self, before: date) -> int:
        """Drop touches that no budget counts any more."""
        ...

    async def forget_questions(self, before: datetime, looked_before: datetime) -> int:
        """Drop old questions, and what the CRM said a while ago."""
        ...

    async def forget_referrals(self, before: datetime) -> int:
        """Drop old questions to colleagues that are not open."""
        ...

    async def forget_reports(self, before: datetime) -> int:
        """Drop what was reported about questions long ago."""
        ...

    async def forget_levels(self, before: date) -> int:
        """Drop how weeks were judged long ago."""
        ...

    async def forget_arrivals(self, before: datetime) -> int:
        """Drop the keys of old arrivals."""
        ...

    async def forget_contributions(self, before: datetime) -> int:
        """Drop what people added to numbers long ago, but for the last of each."""
        ...

    async def forget_outlooks(self, before: datetime) -> int:
        """Drop what of people's outlooks has ended."""
        ...


class TickerStore(Protocol):
    """The store, as the planner needs it."""

    def read(self) -> AbstractAsyncContextManager[TickerWork]:
        """Begin a transaction that only reads."""
        ...

    def write(self) -> AbstractAsyncContextManager[TickerWork]:
        """Begin a transaction that writes."""
        ...


def _decide(
    people: Sequence[Person], now: datetime, asked: Mapping[str, Sequence[Asked]]
) -> list[tuple[Delivery | None, datetime]]:
    """Plan people; who cannot be planned is put off for a day, and holds up nobody."""
    try:
        return due(people, now, asked)
    except Exception:
        if len(people) > 1:
            return [decided for person in people for decided in _decide([person], now, asked)]
        log.exception("ticker.not_planned", person=people[0].id)
        return [(None, now + PUT_OFF)]


class Ticker:
    """Wake what has to happen by the clock."""

    def __init__(
        self,
        store: TickerStore,
        clock: Callable[[], datetime],
        leaving: Callable[[], None],
        lookout: Lookout | None = None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._leaving = leaving
        self._lookout = lookout or Lookout()
        self._awake: set[asyncio.Task[Any]] = set()
        self._scheduler: Any = AsyncIOScheduler(timezone="UTC")  # untyped

    async def plan(self) -> int:
        """Queue what people are due; returns how many deliveries that were.

        A batch is read and decided without holding up anyone; writing it down is one short
        transaction, which leaves alone who moved in between. Whatever changed about someone else
        is seen in the last look before sending.
        """
        await asyncio.to_thread(get_ready)
        planned = 0
        while True:
            now = self._clock()
            async with self._store.read() as work:
                people = await work.due(now, BATCH)
                asked = (
                    await work.asked([p.id for p in people], recent_pulses(now)) if people else {}
                )
            if not people:
                return planned
            decided = list(zip(people, _decide(people, now, asked), strict=True))
            async with self._store.write() as work:
                ours = await work.due_next((person, again) for person, (_, again) in decided)
                wanted = [d for person, (d, _) in decided if d and person.id in ours]
                await work.plan(wanted)
            planned += len(wanted)
            if wanted:
                self._leaving()
            if len(people) < BATCH:
                return planned

    async def spread(self) -> int:
        """Queue what a broadcast still has to, and cancel what a stopped one still has.

        A part at a time, each in a transaction of its own, so that whoever answers meanwhile
        hardly waits; it goes on where it was after a crash. Returns how many rows that were.
        """
        done = 0
        while True:
            async with self._store.write() as work:
                now = self._clock()
                some = await work.spread(now, PART) + await work.cancel_stopped()
            if not some:
                return done
            done += some
            self._leaving()

    async def tidy(self) -> int:
        """Forget what nothing asks for any more: arrivals, touches, questions; returns how many."""
        now = self._clock()
        async with self._store.write() as work:
            forgotten = await work.forget_arrivals(now - timedelta(days=ARRIVALS))
            forgotten += await work.forget_outlooks(now)
            forgotten += await work.forget_questions(now - KEPT, now - RECORDS_KEPT)
            forgotten += await work.forget_referrals(now - KEPT)
            forgotten += await work.forget_reports(now - timedelta(days=YEAR))
            forgotten += await work.forget_levels((now - timedelta(days=YEAR)).date())
            forgotten += await work.forget_contributions(now - KEPT_SAID)
            return forgotten + await work.forget_touches((now - timedelta(days=TOUCHES)).date())

    def start(
        self, rounds: Mapping[str, tuple[Callable[[], Awaitable[object]], timedelta]]
    ) -> None:
        """Start waking ``rounds``, each at its own pace."""
        figures = self._lookout.figures
        figures.learn("round", rounds)
        for name, (what, every) in rounds.items():
            figures.set("wayfinder_round_every_seconds", every.total_seconds(), round=name)
            self._scheduler.add_job(
                self._calmly(name, what),
                "interval",
                seconds=every.total_seconds(),
                id=name,
                max_instances=1,
                coalesce=True,
                misfire_grace_time=None,
            )
        self._scheduler.start()

    async def stop(self) -> None:
        """Stop waking, and let what is awake finish."""
        if not self._scheduler.running:
            return
        self._scheduler.pause()
        await asyncio.sleep(0)  # a round that was woken in this very moment begins
        if self._awake:
            await asyncio.wait(self._awake, timeout=LAST_ROUND.total_seconds())
        self._scheduler.shutdown(wait=False)

    def _calmly(
        self, name: str, what: Callable[[], Awaitable[object]]
    ) -> Callable[[], Awaitable[None]]:
        """Let a round that finds no database wait for its next turn."""

        async def round_() -> None:
            if task := asyncio.current_task():
                self._awake.add(task)
                task.add_done_callback(self._awake.discard)
            with self._lookout.spans.span("round", round=name) as span:
                end = "failed"
                try:
                    end = await self._watched(name, what)
                finally:
                    span.note(end=end)
                    self._lookout.figures.count("wayfinder_rounds_total", round=name, end=end)

        return round_

    async def _watched(self, name: str, what: Callable[[], Awaitable[object]]) -> str:
        """Go one round; returns how it ended."""
        figures = self._lookout.figures
        began = figures.seconds()
        try:
            await what()
        except OSError as error:
            log.warning("ticker.waits", round=name, why=str(error))
            return "waits"
        except asyncio.CancelledError:
            log.warning("ticker.cut_off", round=name)
            return "cut_off"
        figures.set("wayfinder_round_seconds", figures.seconds() - began, round=name)
        done = self._clock().timestamp()
        figures.set("wayfinder_round_last_timestamp_seconds", done, round=name)
        return "done"
