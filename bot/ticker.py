"""The ticker: an alarm clock that holds no truth.

It wakes the planner, which reads from the store who is due and queues what they are due; two
tickers on one tick, or one after a long sleep, plan nothing twice.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from typing import Any, Protocol

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from nudges.delivery import Delivery
from nudges.people import Person
from nudges.schedule import due

BATCH = 500
KEPT_ARRIVALS = timedelta(days=2)
"""How long an arrival's key is remembered; platforms repeat themselves for a day at most."""
PUT_OFF = timedelta(days=1)
"""When someone whose row is damaged is looked at again."""
LAST_ROUND = timedelta(seconds=5)
"""How long a round under way may take when the program is told to stop."""
log = structlog.get_logger()


class TickerWork(Protocol):
    """The part of a transaction that the planner needs."""

    async def due(self, now: datetime, limit: int) -> list[Person]:
        """Return people whose next touch is due."""
        ...

    async def due_next(self, moments: Mapping[str, datetime]) -> None:
        """Note when each person is due next."""
        ...

    async def queue(self, wanted: Sequence[Delivery]) -> dict[tuple[str, str], int]:
        """Queue deliveries; one that exists is not queued again."""
        ...

    async def forget_arrivals(self, before: datetime) -> int:
        """Drop the keys of old arrivals."""
        ...


class TickerStore(Protocol):
    """The store, as the planner needs it."""

    def write(self) -> AbstractAsyncContextManager[TickerWork]:
        """Begin a transaction that writes."""
        ...


def _decide(person: Person, now: datetime) -> tuple[Delivery | None, datetime]:
    """Plan one person; who cannot be planned is put off for a day, and holds up nobody."""
    try:
        return due([person], now)[0]
    except Exception:
        log.exception("ticker.not_planned", person=person.id)
        return None, now + PUT_OFF


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
        """Queue what people are due; returns how many deliveries that were."""
        planned = 0
        while True:
            now = self._clock()
            async with self._store.write() as work:
                people = await work.due(now, BATCH)
                decided = [_decide(person, now) for person in people]
                wanted = [delivery for delivery, _ in decided if delivery]
                await work.queue(wanted)
                await work.due_next(
                    {person.id: moment for person, (_, moment) in zip(people, decided, strict=True)}
                )
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
