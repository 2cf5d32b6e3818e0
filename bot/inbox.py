"""The durable inbox: nothing is acknowledged before it is stored, and a repeat has one effect."""

import asyncio
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, suppress
from datetime import UTC, datetime, timedelta
from typing import Protocol

from bot.grouped import Grouped
from bot.lookout import Lookout
from dialogs.doorway import Arrival, Kept, Reply

PATIENCE = 0.8
"""Seconds that whoever was let in waits for those at the door; a platform gives us three."""
BEHIND = 0.1
"""Seconds until it is looked again whether another process has answered what came before."""
UNTOLD = 100
"""How many replies are remembered that are drawn otherwise from what is kept of them."""
CALM = 0.005
"""Seconds in which nobody may knock after a crowd, for the crowd to be over."""


class InboxWork(Protocol):
    """The part of a transaction that the inbox needs."""

    async def accept(
        self, arrivals: Sequence[Arrival], owner: str, now: datetime, until: datetime
    ) -> set[str]:
        """Store arrivals; returns the keys that were not here before."""
        ...

    async def replied(self, key: str) -> Kept | None:
        """Return what was replied to an arrival, once it is consumed."""
        ...


class InboxStore(Protocol):
    """The store, as the inbox needs it."""

    def once(self) -> AbstractAsyncContextManager[InboxWork]:
        """Begin a transaction of one statement that writes."""
        ...

    def read(self) -> AbstractAsyncContextManager[InboxWork]:
        """Begin a transaction that reads."""
        ...


class Inbox:
    """Where adapters hand over what arrived; the program's side of ``dialogs.doorway``."""

    def __init__(  # noqa: PLR0913, PLR0917 - the joints of the house
        self,
        store: InboxStore,
        owner: str,
        clock: Callable[[], datetime],
        redraw: Callable[[Kept], Awaitable[Reply]],
        lease: timedelta,
        lookout: Lookout | None = None,
    ) -> None:
        self._store = store
        self._owner = owner
        self._clock = clock
        self._redraw = redraw
        self._lease = lease
        self._lookout = lookout or Lookout()
        self._since: dict[str, tuple[str, float]] = {}
        self._accepting = Grouped(self._accept)
        self._pending: dict[str, asyncio.Future[Callable[[], Reply]]] = {}
        self._untold: OrderedDict[str, Callable[[], Reply]] = OrderedDict()
        self._in_doubt: set[str] = set()
        self._line: deque[Arrival] = deque()
        self._someone = asyncio.Event()
        self._latest = datetime.min.replace(tzinfo=UTC)
        self._knocking = self._knocks = self._behind = 0
        self._quiet = asyncio.Event()
        self._quiet.set()

    async def accept(self, arrival: Arrival) -> bool:
        """Store an arrival for good; False if it was here before."""
        self._knocking += 1
        self._knocks += 1
        self._quiet.clear()
        self._lookout.spans.here_leads_to(arrival.key)
        how = "not_stored"
        try:
            fresh = await self._accepting.add(arrival)
            how = "new" if fresh else "repeated"
            return fresh
        finally:
            self._lookout.figures.count(
                "wayfinder_arrivals_total", platform=arrival.platform, how=how
            )
            self._knocking -= 1
            if not self._knocking:
                self._quiet.set()

    async def drained(self) -> None:
        """Wait until everybody at the door is let in, also who is not waited for any more."""
        await self._accepting.drained()

    async def quiet(self) -> None:
        """Let those at the door in first, as long as that does not take too long.

        A storm of arrivals is acknowledged while it lasts, and answered when it is over; if it
        does not end, it is answered in between. Who comes alone is answered at once.
        """
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                while True:
                    await self._quiet.wait()
                    knocks = self._knocks
                    if not self._line:
                        return
                    await asyncio.sleep(CALM)
                    if knocks == self._knocks:
                        return

    async def _accept(self, arrivals: Sequence[Arrival]) -> Sequence[bool]:
        now = self._clock()
        at = max(now, self._latest)  # also when the clock is put back
        once = {a.key: a for a in arrivals}
        self._latest = at + timedelta(microseconds=len(once))
        try:
            async with self._store.once() as work:
                fresh = await work.accept(list(once.values()), self._owner, at, now + self._lease)
        except OSError:
            self._in_doubt |= once.keys()  # kept perhaps: a repeat will tell
            raise
        fresh |= once.keys() & self._in_doubt
        self._in_doubt -= once.keys()
        for key, arrival in once.items():
            if key in fresh:
                self.expect(arrival)
        return [a.key in fresh and a is once[a.key] for a in arrivals]

    def expect(self, arrival: Arrival) -> None:
        """Hand an arrival that is ours to whoever takes the turns; who waits for it goes on."""
        self._pending.setdefault(arrival.key, asyncio.get_running_loop().create_future())
        since = arrival.platform, self._lookout.figures.seconds()
        self._since.setdefault(arrival.key, since)
        self._line.append(arrival)
        self._someone.set()

    def expect_later(self, arrival: Arrival) -> None:
        """Let an arrival stand in line again in a moment: its sender's earlier words go first."""
        self._behind += 1
        asyncio.get_running_loop().call_later(BEHIND, self._again, arrival)

    def _again(self, arrival: Arrival) -> None:
        self._behind -= 1
        self.expect(arrival)

    async def behind(self) -> int:
        """Wait until those who stand behind others are in line again; returns how many."""
        if behind := self._behind:
            await asyncio.sleep(BEHIND)
        return behind

    async def someone(self) -> None:
        """Wait until an arrival stands in line."""
        await self._someone.wait()

    def next(self, most: int) -> list[Arrival]:
        """Take arrivals from the line, in the order in which they came."""
        some = [self._line.popleft() for _ in range(min(most, len(self._line)))]
        if not self._line:
            self._someone.clear()
        return some

    async def reply(self, key: str, within: timedelta) -> Reply | None:
        """Wait for the reply to an arrival; None if it takes longer than ``within``.

        A repeat of one that is done gets what was replied then, drawn again.
        """
        future = self._pending.get(key)
        if future is None and key in self._untold:
            return self._untold[key]()
        if future is None:
            async with self._store.read() as work:
                kept = await work.replied(key)
            return await self._redraw(kept) if kept else None
        try:
            draw = await asyncio.wait_for(asyncio.shield(future), within.total_seconds())
        except TimeoutError:
            return None
        return draw()

    def answer(self, key: str, draw: Callable[[], Reply], *, covered: bool = False) -> None:
        """Hand a reply to whoever waits for it; it is drawn only if someone does.

        What is kept of a covered one says something else, so for a while it is remembered here
        for who asks a moment later, or again.
        """
        if covered:
            self._untold[key] = draw
            if len(self._untold) > UNTOLD:
                self._untold.popitem(last=False)
        if key in self._since:
            platform, since = self._since.pop(key)
            took = self._lookout.figures.seconds() - since
            self._lookout.figures.took("wayfinder_answer_seconds", took, platform=platform)
        future = self._pending.pop(key, None)
        if future is not None and not future.done():
            future.set_result(draw)
