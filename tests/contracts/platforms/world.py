"""One small world per platform: the real adapter behind its real door, and the people outside.

The program is joined as in production, on a store in memory and a clock of the test. On the
other side stands a platform that remembers what it was sent and shows it as a client would;
whatever a person does goes in as the bytes that their client would send.
"""

import asyncio
import errno
import os
from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import count
from typing import Any, ClassVar, Literal, TypeAlias

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import func, select
from typing_extensions import override

from adapters.store.database import Store, Work
from adapters.store.inbox import inbox
from bot.app import App
from bot.carrier import Channel
from bot.turns import Reader
from bot.wiring.parts import Connection, build
from dialogs.turns import Turn
from nudges.address import Address, Platform
from nudges.people import Person
from tests.clock import Clock
from tests.contracts.platforms.seen import Pressed, Seen, Way, Window
from tests.desk import PEOPLE, PROGRAMME, settings

CLICK = 0.001
Trouble: TypeAlias = Literal["busy", "gone", "refused", "cut after", "cut before", "silent", "away"]
"""What can go wrong with one call: asked to wait; nobody there; a no; cut off after or before it
was done; no answer; no platform."""


class FragileStore(Store):
    """A store whose disk can be full."""

    full = False

    @override
    @asynccontextmanager
    async def write(self) -> AsyncGenerator[Work]:
        if self.full:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        async with super().write() as work:
            yield work


@dataclass(frozen=True)
class Raw:
    """One request as it goes over the line."""

    who: str
    body: bytes
    headers: Mapping[str, str]
    path: str = ""
    about: str = ""
    """What its client has to know to understand the answer."""


@dataclass
class Answered:
    """What the platform heard on the request itself."""

    status: int
    body: Any = None


@dataclass(kw_only=True)
class World(ABC):
    """A platform with the whole program behind it."""

    platform: ClassVar[Platform]
    shows_at_once: ClassVar[bool] = True
    """Whether what a card becomes comes back on the press itself, before it is delivered."""

    store: FragileStore
    clock: Clock
    app: App = field(init=False)
    client: TestClient[web.Request, web.Application] = field(init=False)
    people: dict[str, Person] = field(default_factory=lambda: {p.id: p for p in PEOPLE})
    heard: list[Turn] = field(default_factory=list[Turn])
    windows: dict[str, Window] = field(default_factory=dict[str, Window])
    at_once: Seen | None = None
    """The card that came back on the last request itself, where the platform has such."""
    last: Raw = field(init=False)
    numbers: "count[int]" = field(default_factory=lambda: count(1))
    _taking: asyncio.Task[None] | None = None

    # What each platform says for itself.

    @property
    @abstractmethod
    def channel(self) -> Channel: ...

    @abstractmethod
    def address(self, who: str) -> Address: ...

    @abstractmethod
    def saying(self, who: str, text: str) -> Raw: ...

    @abstractmethod
    def pressing(self, who: str, way: Way, on: Seen) -> Raw: ...

    @abstractmethod
    def filling(self, who: str, window: Window) -> Raw: ...

    @abstractmethod
    def joining(self, who: str) -> Raw: ...

    @abstractmethod
    def leaving(self, who: str) -> Raw: ...

    @abstractmethod
    def strange(self) -> dict[str, Raw]:
        """Return genuine requests of kinds that nobody has heard of yet."""

    @abstractmethod
    def forged(self, verb: str, choice: str = "", token: str = "") -> Way:
        """Return what a client would send for a button that says this, if it were drawn."""

    @abstractmethod
    def again(self, raw: Raw) -> Raw:
        """Return a request as the platform itself would repeat it."""

    @abstractmethod
    def sees(self, who: str) -> list[Seen]: ...

    @abstractmethod
    def window(self, drawn: str) -> Window:
        """Read a form as it was drawn."""

    @abstractmethod
    def understands(self, raw: Raw, answered: Answered) -> None:
        """Show what came back on a request, as its client does."""

    @abstractmethod
    def alive(self, raw: str) -> list[str]:
        """Return what in a message would be more than words: mentions, links, markup, scripts."""

    @abstractmethod
    def log(self) -> list[str]:
        """Return everything the platform was ever sent, and what it was answered."""

    @abstractmethod
    def trouble(self, trouble: Trouble, who: str) -> None:
        """Let the next call go wrong."""

    async def answers(self) -> None:  # noqa: B027 - most have nothing to wait for
        """Wait for what follows a request outside of it."""

    # What people do.

    async def says(self, who: str, text: str) -> Answered:
        return await self.does(self.saying(who, text))

    async def taps(self, who: str, label: str, on: Seen | None = None, way: int = 0) -> Answered:
        """Press a button by its label, on the newest card that has it."""
        seen = on or next(s for s in reversed(self.sees(who)) if label in s.labels)
        return await self.presses(who, seen.button(label), seen, way)

    async def presses(self, who: str, button: Pressed, on: Seen, way: int = 0) -> Answered:
        return await self.does(self.pressing(who, button.ways[way], on))

    async def fills(self, who: str, values: Mapping[str, str]) -> Answered:
        """Send the open form: what stands in it, changed by what is typed."""
        window = self.windows[who]
        window.fill(values)
        return await self.does(self.filling(who, window))

    async def cancels(self, who: str) -> None:
        """Leave the open form; some platforms do not even say so."""
        self.windows.pop(who)

    async def joins(self, who: str) -> Answered:
        return await self.does(self.joining(who))

    async def leaves(self, who: str) -> Answered:
        return await self.does(self.leaving(who))

    async def does(self, raw: Raw) -> Answered:
        """Send a request, let its client see the answer, and carry out what follows."""
        answered = await self.send(raw)
        self.last = raw
        await self.answers()
        self.at_once = None
        self.understands(raw, answered)
        await self.app.settle()
        return answered

    async def send(self, raw: Raw) -> Answered:
        self.clock.pass_(seconds=CLICK)
        async with self.client.post(raw.path, data=raw.body, headers=raw.headers) as answer:
            text = await answer.text()
            told = await answer.json() if text[:1] in {"{", "["} else text
            return Answered(answer.status, told)

    # What the test looks at.

    async def person(self, who: str) -> Person:
        async with self.store.read() as work:
            return (await work.people([who]))[who]

    async def bodies(self) -> list[str | None]:
        """Return the bodies of everything that arrived."""
        async with self.store.read() as work:
            return list(await work.connection.scalars(select(inbox.c.body)))

    async def facts(self) -> object:
        """Return everything we know of everyone, and how much was sent."""
        async with self.store.read() as work:
            everyone = await work.everyone()
            ids = [p.id for p in everyone]
            given = await work.answers(ids, self.clock() + timedelta(days=1))
            said = [r for who in ids for r in await work.remarks(who)]
            n = await work.connection.scalar(select(func.count()).select_from(inbox))
            people = [replace(p, addresses=()) for p in everyone]
            return people, given, said, n, await work.states()

    async def plan(self) -> None:
        """Let the ticker tick, and carry out what it planned."""
        await self.app.ticker.plan()
        await self.app.settle()

    @asynccontextmanager
    async def asleep(self) -> AsyncGenerator[None]:
        """Let nobody take turns for a while."""
        await self._stop()
        yield
        self._taking = asyncio.create_task(self.app.turns.run())

    async def _stop(self) -> None:
        if self._taking:
            self._taking.cancel()
            with suppress(asyncio.CancelledError):
                await self._taking

    # How it is opened.

    async def move_in(self) -> None:
        """Let everybody be known, at their address here."""
        async with self.store.write() as work:
            await work.keep_programme(PROGRAMME)
        await self.meets(*PEOPLE)

    async def meets(self, *persons: Person) -> None:
        """Let people work here, and be known at their address."""
        self.people |= {person.id: person for person in persons}
        here = [replace(p, addresses=(self.address(p.id),)) for p in persons]
        async with self.store.write() as work:
            await work.save(here, self.clock())

    async def becomes(self, who: str, **changes: object) -> None:
        """Let something else be known of someone."""
        changed = replace(await self.person(who), **changes)
        async with self.store.write() as work:
            await work.save([changed], self.clock())

    @asynccontextmanager
    async def running(self, read: Reader, attach: Callable[[App], None]) -> AsyncGenerator[None]:
        """Run the program, joined as in production."""

        def reads(body: str) -> Turn | None:
            turn = read(body)
            self.heard += [turn] if turn else []
            return turn

        connection = Connection(self.platform, reads, self.channel, attach)
        self.app = build(settings(), self.store, [connection], self.clock)
        server = TestServer(self.app.web, host="127.0.0.1")
        await server.start_server(auto_decompress=False, access_log=None)
        self.client = TestClient(server)
        await self.move_in()
        self._taking = asyncio.create_task(self.app.turns.run())
        try:
            yield
        finally:
            await self._stop()
            await self.client.close()
            await self.app.stop()
