"""The courier takes what is due to its people, as fast as their platforms let it.

It claims a little ahead, lane by lane, the most urgent first; each message leaves at its own
place in time. In every lane room is kept for what somebody waits for, and a slow platform fills
no lane but its own. One person's messages leave in their order.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from heapq import heappop, heappush
from itertools import count
from typing import Protocol, TypeAlias

import structlog

from bot.authoring import NotingWork, note_senders
from bot.carrier import Carrier, Drawn, Held, mark
from bot.contexts import ContextWork, contexts
from bot.organisation import Organisation
from bot.patience import Patience
from bot.views import ViewsWork, note_views
from dialogs.notes import SHARED
from dialogs.turns import Context
from nudges.delivery import Claimed, Mark, Marked, Note, Priority, Wait
from nudges.pace import AHEAD, Lane, Paces, grant, home_of, lanes_of, slowed, took
from nudges.people import Person
from nudges.pulse import PulseNote
from nudges.reminders import ReminderNote

ROOM, KEPT_FREE, PART = 88, 32, 36
"""How much of a lane is under way at once, how much of that is for what is urgent alone, and how
much is claimed together where there is plenty: many small claims cost more than they bring."""
URGENT_AHEAD = timedelta(seconds=1)
PAUSE = 1.0
"""Seconds to wait when the database is out of reach."""
TOUCHES_BACK = timedelta(days=8)
Leaving: TypeAlias = tuple[Held, datetime | None]
"""What is claimed, and its place in time; without one it leaves at once."""
log = structlog.get_logger()


class Ready(Protocol):
    """Deliveries of a run are due in a lane."""

    @property
    def run(self) -> str:
        """Return the run's name."""
        ...

    @property
    def priority(self) -> Priority:
        """Return how urgent the run is."""
        ...

    @property
    def lane(self) -> str:
        """Return the lane's name."""
        ...

    @property
    def state(self) -> Lane:
        """Return where the lane stands."""
        ...


class CourierWork(ContextWork, NotingWork, ViewsWork, Protocol):
    """The part of a transaction that the courier needs."""

    async def ready(self, now: datetime) -> Sequence[Ready]:
        """Return where something is due, the most urgent first."""
        ...

    async def claim(  # noqa: PLR0913, PLR0917 - as the store has it
        self, run: str, lane: str, owner: str, now: datetime, until: datetime, limit: int
    ) -> list[Claimed]:
        """Claim what is due of a run in a lane."""
        ...

    async def mark_sending(self, wanted: Sequence[Mark], until: datetime) -> Marked:
        """Mark deliveries as being sent, leased anew; returns which may be sent."""
        ...

    async def release(self, held: Sequence[tuple[int, int]]) -> None:
        """Put back what was claimed and not begun."""
        ...

    async def lapsed(self, now: datetime, owner: str, until: datetime) -> list[Claimed]:
        """Take over what was being sent when its lease ran out; requeue what was only claimed."""
        ...

    async def lanes(self, names: Iterable[str]) -> dict[str, Lane]:
        """Return lanes; they are ours until the transaction ends."""
        ...

    async def keep_lanes(self, changed: Mapping[str, Lane]) -> None:
        """Keep lanes as they are now."""
        ...

    async def people(self, ids: Iterable[str]) -> dict[str, Person]:
        """Return people by id."""
        ...

    async def touched(self, persons: Iterable[str], since: date) -> dict[str, list[date]]:
        """Return each person's days with a touch."""
        ...


class CourierStore(Protocol):
    """The store, as the courier needs it."""

    def write(self) -> AbstractAsyncContextManager[CourierWork]:
        """Begin a transaction that writes."""
        ...


@dataclass(slots=True)
class Line:
    """What is claimed in one lane: how much, what still waits, and the places it has."""

    held: int = 0
    waiting: list[tuple[int, int, Held]] = field(default_factory=list[tuple[int, int, Held]])
    places: deque[datetime] = field(default_factory=deque[datetime])
    walker: asyncio.Task[None] | None = None

    def room(self, priority: Priority) -> int:
        """Return how much more may be claimed."""
        if priority is Priority.INTERACTIVE:
            return ROOM - self.held
        free = ROOM - KEPT_FREE - self.held
        return free if free >= PART else 0


class Courier:
    """Send what is due, on every platform, for as long as the program runs."""

    def __init__(  # noqa: PLR0913 - the joints of the house, all by name
        self,
        store: CourierStore,
        carrier: Carrier,
        *,
        owner: str,
        clock: Callable[[], datetime],
        organisation: Organisation,
        quiet: Callable[[], Awaitable[None]],
        patience: Patience,
        paces: Paces,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._store = store
        self._carrier = carrier
        self._owner = owner
        self._clock = clock
        self._organisation = organisation
        self._quiet = quiet
        self._patience = patience
        self._paces = paces
        self._sleep = sleep
        self._wake = asyncio.Event()
        self._one_at_a_time = asyncio.Lock()
        self._lines: dict[str, Line] = {}
        self._of_person: dict[str, deque[tuple[str, Held]]] = {}
        self._under_way: set[asyncio.Task[None]] = set()
        self._order = count()
        self._closing = self._full = self._hurried = False
        self._resting = asyncio.Event()
        self._resting.set()

    def wake(self) -> None:
        """Tell the courier that something may be due."""
        self._wake.set()

    async def run(self) -> None:
        """Send what is due, then rest until woken, or until it is time to look again."""
        self._resting.clear()
        try:
            while not self._closing:
                await self._once()
        finally:
            self._resting.set()

    async def _once(self) -> None:
        self._wake.clear()
        rest = self._patience.rest.total_seconds()
        try:
            await self._quiet()
            while await self.claim():
                await self._quiet()
            if any(line.places for line in self._lines.values()):
                rest = min(rest, AHEAD.total_seconds() / 2)
        except OSError as error:
            log.warning("courier.waits", why=str(error))
            await asyncio.sleep(PAUSE)
        except Exception:
            log.exception("courier.broke")
            await asyncio.sleep(PAUSE)
        with suppress(TimeoutError):
            async with asyncio.timeout(rest):
                await self._wake.wait()

    async def round(self) -> int:
        """Send what is due, and wait until it has landed; returns how much that was."""
        claimed = await self.claim()
        await self._landed()
        return claimed

    async def finish(self) -> None:
        """Send what somebody waits for, end what is under way, and put the rest back."""
        self._closing = True
        self._wake.set()
        await self._resting.wait()
        for line in list(self._lines.values()):
            await self._release(line, above=Priority.INTERACTIVE)
        while await self.claim():
            await self._landed()
        await self._landed()

    async def look_after(self) -> int:
        """Settle what a stopped courier left in doubt; returns how many there were."""
        now = self._clock()
        async with self._store.write() as work:
            left = await work.lapsed(now, self._owner, now + self._patience.delivery)
            known = await self._contexts(work, left, now)
        for start in range(0, len(left), ROOM):
            some = left[start : start + ROOM]
            looks = (self._carrier.look(Held(c, known.get(c.delivery.person))) for c in some)
            await _all(looks)
        return len(left)

    async def claim(self) -> int:
        """Claim what there is room for, and set it on its way; returns how much that was."""
        async with self._one_at_a_time:
            now = self._clock()
            claimed: list[tuple[Claimed, datetime | None]] = []
            self._full = hurried = False
            async with self._store.write() as work:
                ready = [
                    r
                    for r in await work.ready(now)
                    if not (self._closing and r.priority is not Priority.INTERACTIVE)
                ]
                if not ready:
                    return 0
                paced = {r.lane for r in ready if self._paces.pace(r.lane) is not None}
                lanes = await work.lanes(paced) if paced else {}
                room = {r.lane: 0 for r in ready}
                for place in ready:
                    urgent = place.priority is Priority.INTERACTIVE
                    if hurried and not urgent:
                        break
                    lane = lanes.get(place.lane, place.state)
                    free = self._line(place.lane).room(place.priority) - room[place.lane]
                    self._full |= free <= 0
                    pace = self._paces.pace(place.lane)
                    given = grant(lane, pace, now, free, URGENT_AHEAD if urgent else AHEAD)
                    if given.most <= 0:
                        continue
                    until = max(now, given.place(given.most)) + self._patience.delivery
                    rows = await work.claim(
                        place.run, place.lane, self._owner, now, until, given.most
                    )
                    places = [given.place(nth) if given.apart else None for nth in range(len(rows))]
                    claimed += zip(rows, places, strict=True)
                    hurried |= urgent and bool(rows) and not self._hurried
                    room[place.lane] += len(rows)
                    if place.lane in lanes:
                        lanes[place.lane] = took(lane, given, len(rows))
                await work.keep_lanes(lanes)
                known = await self._contexts(work, [c for c, _ in claimed], now)
                await note_views(work, [c for c, _ in claimed], known, now)
                had = await self._had(work, [c for c, _ in claimed], now)
                leaving = [
                    (Held(c, known.get(c.delivery.person), had.get(c.delivery.person, ())), place)
                    for c, place in claimed
                ]
                leaving = await self._marked(work, leaving, now)
            self._hurried = hurried
            for held, place in leaving:
                self._accept(held, place)
            return len(claimed)

    async def _marked(
        self, work: CourierWork, leaving: Sequence[Leaving], now: datetime
    ) -> list[Leaving]:
        """Draw and mark what somebody waits for, which saves them a commit."""
        found = [
            (replace(held, ready=self._carrier.draw(held), marked=now), place)
            if place is None and held.claimed.delivery.priority is Priority.INTERACTIVE
            else (held, place)
            for held, place in leaving
        ]
        drawn = [(held, held.ready) for held, _ in found if isinstance(held.ready, Drawn)]
        marks = [mark(held, ready, now) for held, ready in drawn]
        await work.mark_sending(marks, now + self._patience.delivery)
        return found

    async def _contexts(
        self, work: CourierWork, claimed: Sequence[Claimed], now: datetime
    ) -> dict[str, Context]:
        people = await work.people({c.delivery.person for c in claimed})
        deep = {c.delivery.person for c in claimed if _depends(c.delivery.note)}
        library = self._organisation.library()
        shown = [c.delivery.note for c in claimed]
        known = await contexts(work, people.values(), library, now, deep=deep, shown=shown)
        drafting = {c.delivery.person for c in claimed if c.delivery.note.authoring}
        if drafting:
            at_hand = {who: known[who].authoring for who in drafting & known.keys()}
            await note_senders(work, at_hand, now)
        return known

    async def _had(
        self, work: CourierWork, claimed: Sequence[Claimed], now: datetime
    ) -> dict[str, list[date]]:
        touching = {c.delivery.person for c in claimed if c.delivery.touches}
        return await work.touched(touching, (now - TOUCHES_BACK).date()) if touching else {}

    def _line(self, lane: str) -> Line:
        return self._lines.setdefault(lane, Line())

    def _accept(self, held: Held, place: datetime | None) -> None:
        """Take a claimed delivery into its lane; without a place it leaves at once."""
        name = held.claimed.lane
        line = self._line(name)
        line.held += 1
        if place is None:
            self._let_go(name, held)
            return
        heappush(line.waiting, (held.claimed.delivery.priority, next(self._order), held))
        line.places.append(place)
        if line.walker is None or line.walker.done():
            line.walker = self._start(self._walk(name, line))

    async def _walk(self, name: str, line: Line) -> None:
        """Let one message go at each place, the most urgent first."""
        while line.waiting and line.places:
            pause = (line.places[0] - self._clock()).total_seconds()
            if pause > 0:
                await self._sleep(pause)
            if line.waiting and line.places:
                line.places.popleft()
                self._let_go(name, heappop(line.waiting)[-1])

    def _let_go(self, lane: str, held: Held) -> None:
        """Send one, after whatever its person is being sent already."""
        who = held.claimed.delivery.person
        line = self._of_person.setdefault(who, deque())
        line.append((lane, held))
        if len(line) == 1:
            self._start(self._carry_all(who, line))

    async def _carry_all(self, who: str, line: deque[tuple[str, Held]]) -> None:
        try:
            while line:
                lane, held = line[0]
                try:
                    outcome = await self._carrier.carry(held)
                    if isinstance(outcome, Wait) and outcome.everyone:
                        await self._slow(lane, outcome.until)
                except OSError as error:
                    log.warning("courier.waits", delivery=held.claimed.number, why=str(error))
                except Exception:
                    log.exception("courier.broke", delivery=held.claimed.number)
                finally:
                    line.popleft()
                    self._landed_in(lane)
        finally:
            del self._of_person[who]

    def _landed_in(self, lane: str) -> None:
        line = self._line(lane)
        line.held -= 1
        if self._full and line.room(Priority.BROADCAST):
            self._wake.set()

    async def _slow(self, name: str, until: datetime) -> None:
        """Stop a lane for everyone, as its platform asked; what waits in it is put back."""
        now, both = self._clock(), lanes_of(home_of(name))
        async with self._store.write() as work:
            lanes = await work.lanes(both)
            await work.keep_lanes({key: slowed(lane, until, now) for key, lane in lanes.items()})
        log.info("courier.slowed", lane=name, until=until.isoformat())
        for lane in both:
            await self._release(self._line(lane))

    async def _release(self, line: Line, above: Priority | None = None) -> None:
        """Put back what waits for its place; with ``above``, only what is less urgent."""
        away = [one for one in line.waiting if above is None or one[0] > above]
        kept = [one for one in line.waiting if one not in away]
        line.waiting[:] = kept
        if not kept:
            line.places.clear()
        line.held -= len(away)
        async with self._store.write() as work:
            await work.release([(h.claimed.number, h.claimed.fence) for _, _, h in away])

    def _start(self, work: Awaitable[None]) -> asyncio.Task[None]:
        task = asyncio.ensure_future(work)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return task

    async def _landed(self) -> None:
        """Wait until nothing is under way."""
        while self._under_way:
            await asyncio.wait(self._under_way)


def _depends(note: Note) -> bool:
    """Tell whether what a note says depends on what its person answered."""
    asks = isinstance(note, ReminderNote) or (isinstance(note, PulseNote) and not note.questions)
    return asks or note.tipped or not isinstance(note, SHARED)


async def _all(work: Iterable[Awaitable[None]]) -> None:
    """Wait for all of it to end, also if some of it fails; then say so."""
    for failed in await asyncio.gather(*work, return_exceptions=True):
        if failed is not None:
            raise failed
