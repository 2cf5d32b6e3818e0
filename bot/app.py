"""The running program: its parts, started and stopped together."""

import asyncio
import gc
import signal
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Literal, TypeAlias, TypeVar, get_args

import structlog
from aiohttp import web

from bot.courier import Courier
from bot.inbox import Inbox
from bot.lookout import Lookout
from bot.patience import Patience
from bot.ticker import Ticker
from bot.turns import Turns
from dialogs.intents import classifier
from nudges.calendar import get_ready

Role: TypeAlias = Literal["web", "ticker", "courier"]
ROLES: frozenset[Role] = frozenset(get_args(Role))
"""What one process does, or several: let people in, watch the clock, send."""
TIDY = timedelta(minutes=5)
TOLD_AGAIN = 0.5
"""Seconds after which a task that goes on is cancelled again."""
Hook: TypeAlias = Callable[[], Awaitable[object]]
log = structlog.get_logger()
_Result = TypeVar("_Result")


@dataclass(eq=False)
class App:
    """Wayfinder, wired; ``openers`` connect, ``closers`` let go of what it holds, last first.

    ``roles`` are what this process does; others may do the rest, on the same database. ``rounds``
    are what a ticker wakes beside its own, each with its pace, and ``everywhere`` what every
    process does for itself; ``forget_again`` forgets whom a backup brought back.
    """

    web: web.Application
    inbox: Inbox
    turns: Turns
    courier: Courier
    ticker: Ticker
    patience: Patience
    forget_again: Callable[[], Awaitable[int]]
    closers: list[Hook]
    roles: frozenset[Role] = ROLES
    openers: list[Hook] = field(default_factory=list[Hook])
    rounds: dict[str, tuple[Hook, timedelta]] = field(
        default_factory=dict[str, tuple[Hook, timedelta]]
    )
    everywhere: dict[str, tuple[Hook, timedelta]] = field(
        default_factory=dict[str, tuple[Hook, timedelta]]
    )
    lookout: Lookout = field(default_factory=Lookout)
    _running: list[asyncio.Task[None]] = field(default_factory=list[asyncio.Task[None]])

    async def start(self) -> None:
        """Start taking turns and sending; what a stopped process left is taken over first."""
        rounds = dict(self.everywhere)
        for role in ROLES:
            self.lookout.figures.set("wayfinder_role", role in self.roles, role=role)
        self._running.append(asyncio.create_task(self.lookout.beat(), name="beat"))
        if "web" in self.roles:
            await self.turns.recover()
            self._running.append(asyncio.create_task(self.turns.run(), name="turns"))
            rounds["recover"] = (self.turns.recover, self.patience.look)
        if "courier" in self.roles:
            await self.courier.look_after()
            self._running.append(asyncio.create_task(self.courier.run(), name="courier"))
            rounds["look_after"] = (self.courier.look_after, self.patience.look)
        if "ticker" in self.roles:
            rounds |= self.by_the_clock()
        self.ticker.start(rounds)

    def by_the_clock(self) -> dict[str, tuple[Hook, timedelta]]:
        """Return all that a ticker wakes, each with its pace."""
        own: dict[str, tuple[Hook, timedelta]] = {
            "plan": (self.ticker.plan, self.patience.tick),
            "spread": (self.ticker.spread, self.patience.tick),
            "tidy": (self.ticker.tidy, TIDY),
        }
        return own | self.rounds

    async def serve(self, host: str, port: int) -> None:
        """Run until told to stop (SIGTERM, Ctrl-C); what is under way is finished first."""
        stopping = asyncio.Event()
        loop = asyncio.get_running_loop()
        for name in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(name, stopping.set)
        runner = web.AppRunner(self.web, access_log=None, shutdown_timeout=5, auto_decompress=False)
        await runner.setup()
        try:
            await self.start()
            self._running.append(asyncio.create_task(warm_up(), name="warm up"))
            await web.TCPSite(runner, host, port).start()
            for opener in self.openers:
                await opener()
            log.info("serving", host=host, port=port)
            await stopping.wait()
        finally:
            await runner.cleanup()
            await self.stop()

    async def hear(self) -> None:
        """Take every turn that waits, also those that a stopped process had taken."""
        await self.turns.recover()
        while await self.turns.take() or await self.turns.looked():
            pass

    async def settle(self) -> None:
        """Take every waiting turn and send everything due, then return; for tests and the demo."""
        while True:
            taken = await self.turns.take() or await self.turns.looked()
            if not await self.courier.round() and not taken:
                return

    async def stop(self) -> None:
        """Finish what is under way, then let go of everything."""
        await self.ticker.stop()
        with suppress(OSError):  # TimeoutError is one
            async with asyncio.timeout(self.patience.drain.total_seconds()):
                await self.inbox.drained()
                while (
                    await self.turns.take()
                    or await self.turns.looked()
                    or await self.inbox.behind()
                ):
                    pass
                if "courier" in self.roles:
                    await self.courier.finish()
        await ended(self._running)
        for close in reversed(self.closers):
            await close()


async def ended(tasks: Iterable[asyncio.Task[None]]) -> None:
    """Cancel tasks, and wait until they are over.

    A task that is cancelled in the moment in which it gets what it waits for may go on: Python
    3.11's ``wait_for`` forgets it then, and SQLAlchemy's pool waits with that. It is told again.
    """
    left = set(tasks)
    while left:
        for task in left:
            task.cancel()
        _, left = await asyncio.wait(left, timeout=TOLD_AGAIN)


def run(
    main: Coroutine[Any, Any, _Result],
    loop_factory: Callable[[], asyncio.AbstractEventLoop] | None = None,
) -> _Result:
    """Run something to its end, and end whatever it leaves behind, however often it takes.

    ``asyncio.run`` cancels that once and then waits; a task that lost it would hold us for ever.
    """
    with asyncio.Runner(loop_factory=loop_factory) as runner:
        try:
            return runner.run(main)
        finally:
            runner.run(_leave_nobody())


async def _leave_nobody() -> None:
    await ended(asyncio.all_tasks() - {asyncio.current_task()})


async def warm_up() -> None:
    """Load what is slow before anyone waits for it, and leave it out of every later clean-up.

    Python's collector walks all that was ever loaded, which stops the loop for a tenth of a second
    each time; what is here now stays until the end.
    """
    await asyncio.to_thread(get_ready)
    await asyncio.to_thread(classifier)
    gc.freeze()
