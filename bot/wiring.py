"""Join the parts: the only place that names a concrete adapter."""

import os
import socket
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex

from prometheus_client import CollectorRegistry

from adapters.browser import inbox as browser_inbox
from adapters.browser.channel import BrowserChannel
from adapters.browser.conversation import Conversation
from adapters.browser.inbox import BrowserInbox
from adapters.browser.ports import Jump, Persona
from adapters.browser.site import Site
from adapters.content.files import ContentError, load_library, load_programme
from adapters.directory.table import TableError, read_people
from adapters.store.database import Store, UnusableError
from bot.app import App
from bot.courier import Channel, Courier
from bot.demo import DemoClock, Folder, moment, set_up
from bot.inbox import Inbox
from bot.organisation import Organisation
from bot.settings import Settings
from bot.ticker import Ticker
from bot.turns import Read, Turns
from bot.web import make_web
from dialogs.doorway import Kept, Reply
from dialogs.library import Library
from dialogs.token import Tokens
from nudges.address import Platform

DEMO_COMPANY = Path(__file__).parents[1] / "adapters" / "content" / "demo"
Clock = Callable[[], datetime]
UNUSABLE = (ContentError, TableError, UnusableError)
"""What an administrator can mend: the message says how."""
open_store = Store.open

__all__ = ["UNUSABLE", "Library", "Store", "build", "build_demo", "load_library", "open_store"]


def real_clock() -> datetime:
    """Return the time."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Platforms:
    """The platforms that are connected: how each is read, and how it is written to."""

    readers: Mapping[Platform, Read]
    channels: Mapping[Platform, Channel]


def build(
    settings: Settings,
    store: Store,
    platforms: Platforms,
    clock: Clock = real_clock,
) -> App:
    """Join the parts into a program; everything it uses is given, so that tests can give less."""
    owner = f"{socket.gethostname()}:{os.getpid()}:{token_hex(4)}"
    tokens = Tokens(settings.secret.get_secret_value().encode())
    organisation = Organisation(lambda: load_library(settings.content))
    courier = Courier(
        store,
        owner=owner,
        clock=clock,
        tokens=tokens,
        organisation=organisation,
        channels=platforms.channels,
    )

    async def redraw(kept: Kept) -> Reply:
        return await turns.redraw(kept)

    inbox = Inbox(store, owner, clock, redraw)
    turns = Turns(
        store,
        inbox,
        owner=owner,
        clock=clock,
        tokens=tokens,
        organisation=organisation,
        readers=platforms.readers,
        leaving=courier.wake,
    )

    async def ready() -> str | None:
        try:
            async with store.read() as work:
                await work.programme()
        except OSError as error:
            return f"the database is out of reach: {error}"
        return None

    return App(
        web=make_web(ready, CollectorRegistry()),
        inbox=inbox,
        turns=turns,
        courier=courier,
        ticker=Ticker(store, clock, courier.wake),
        closers=[store.close],
    )


async def build_demo(settings: Settings, folder: Folder, start: datetime | None = None) -> App:
    """Join the parts into the demo: a made-up company, and the browser to talk in."""
    clock = DemoClock(folder.clock, start)
    store = await open_store(settings.database, create=True)
    async with store.write() as work:
        programme = load_programme(DEMO_COMPANY / "programme.toml")
        await set_up(work, read_people(DEMO_COMPANY / "people.csv"), programme, clock())
    conversation = Conversation(folder.conversation, clock)
    channel = BrowserChannel(conversation, clock)
    platforms = Platforms({"browser": browser_inbox.read}, {"browser": channel})
    app = build(settings, store, platforms, clock)

    async def personas() -> list[Persona]:
        async with store.read() as work:
            people = await work.everyone()
        return [Persona(p.id, p.name, p.team, p.language, p.zone) for p in people]

    async def forward(to: Jump, who: str) -> datetime:
        async with store.read() as work:
            person = (await work.people([who]))[who]
        clock.forward(moment(to, person, clock()))
        await app.ticker.plan()
        app.courier.wake()
        return clock()

    BrowserInbox(app.inbox, conversation, personas).attach(app.web)
    Site(conversation, personas, clock, forward).attach(app.web)
    app.closers = [*app.closers, _closing(conversation.close)]
    return app


def _closing(close: Callable[[], object]) -> Callable[[], Awaitable[object]]:
    async def closing() -> object:
        return close()

    return closing
