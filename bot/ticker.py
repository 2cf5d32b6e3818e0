"""The ticker: an alarm clock that holds no truth.

It wakes the planner, which reads from the store who is due and queues what they are due; two
tickers on one tick, or one after a long sleep, plan nothing twice.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from typing import Any, Protocol

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from nudges.calendar import get_ready
from nudges.delivery import Delivery
from nudges.people import Person
from nudges.reminders import Asked
from nudges.schedule import due, recent_pulses

BATCH = 500
KEPT_ARRIVALS = timedelta(days=2)
"""How long an arrival's key is remembered; platforms repeat themselves for a day at most."""
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

    async def forget_arrivals(self, before: datetime) -> int:
        """Drop the keys of old arrivals."""
        ...


class TickerStore(Protocol):
    """The store, as the planner needs it."""

    def read(self) -> AbstractAsyncContextManager[TickerWork]:
        """Begin a transaction that only reads."""
        ...

    def write(self) -> AbstractAsyncContextManager[TickerWork]:
        """Begin a transaction that writes."""
        ...


class Ticker:
    """Wake what has to happen by the clock."""

    def __init__(
        self, store: TickerStore, clock: Callable[[], datetime], leaving: Callable[[], None]
    ) -> None:
        self._store = store
        self._clock = clock
        self._leaving = leaving
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
            decided = list(zip(people, due(people, now, asked), strict=True))
            async with self._store.write() as work:
                ours = await work.due_next((person, again) for person, (_, again) in decided)
                wanted = [d for person, (d, _) in decided if d and person.id in ours]
                await work.plan(wanted)
            planned += len(wanted)
            if wanted:
                self._leaving()
            if len(people) < BATCH:
                return planned

    async def tidy(self) -> int:
        """Forget arrivals that no platform will repeat any more; returns how many."""
        async with self._store.write() as work:
            return await work.forget_arrivals(self._clock() - KEPT_ARRIVALS)

    def start(
        self, rounds: Mapping[str, tuple[Callable[[], Awaitable[object]], timedelta]]
    ) -> None:
        """Start waking: the planner, the tidying, and each of ``rounds`` at its own pace."""
        own = {
            "plan": (self.plan, timedelta(seconds=1)),
            "tidy": (self.tidy, timedelta(hours=1)),
        }
        for name, (what, every) in {**own, **rounds}.items():
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
            try:
                await what()
            except OSError as error:
                log.warning("ticker.waits", round=name, why=str(error))
            except asyncio.CancelledError:
                log.warning("ticker.cut_off", round=name)

        return round_
