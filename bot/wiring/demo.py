"""The demo, joined: a made-up company, and the browser to talk in."""

from dataclasses import replace
from datetime import datetime
from functools import partial

from adapters.browser import inbox as browser_inbox
from adapters.browser.channel import BrowserChannel
from adapters.browser.conversation import Conversation
from adapters.browser.inbox import BrowserInbox
from adapters.browser.ports import Jump, Persona
from adapters.browser.site import Site
from adapters.content.files import DEMO, load_programme
from adapters.directory.table import read_people
from adapters.pictures.album import Album
from bot.app import App
from bot.demo import DemoClock, Folder, at_home, moment
from bot.directory import news, take_in
from bot.settings import Settings
from bot.wiring.crm import demo_crm, demo_use
from bot.wiring.parts import Connection, build, open_store
from bot.wiring.usage import measure
from nudges.edits import WholeEdit


async def build_demo(settings: Settings, folder: Folder, start: datetime | None = None) -> App:
    """Join the parts into the demo: a made-up company, and the browser to talk in."""
    clock = DemoClock(folder.clock, start)
    store = await open_store(settings, create=True)
    edit = WholeEdit(load_programme(DEMO / "programme.toml"))
    async with store.write() as work:
        before = await work.programme()
        if replace(edit.apply(before), version=before.version) != before:
            await work.keep([edit], "the demo", clock())
    staff = read_people(DEMO / "people.csv")
    changes, _ = await news(store, at_home(staff))
    await take_in(store, changes, clock())
    conversation = Conversation(folder.conversation, clock)
    channel = BrowserChannel(conversation, clock)

    async def close() -> None:
        conversation.close()

    connection = Connection("browser", browser_inbox.read, channel, closers=[close])
    crm = partial(demo_crm, staff, clock=clock)
    album = Album("", settings.secret.get_secret_value().encode(), clock)
    here = f"http://{settings.host}:{settings.port}"
    app = build(settings, store, [connection], clock, crm=crm, pictures=album, pages=here)
    measure(app, demo_use(staff, edit.apply(before)), store, clock)

    async def personas() -> list[Persona]:
        async with store.read() as work:
            people = await work.everyone()
        return [Persona(p.id, p.name, p.team, p.language, p.zone) for p in people]

    async def forward(to: Jump, who: str) -> datetime:
        async with store.read() as work:
            person = (await work.people([who]))[who]
        clock.forward(moment(to, person, clock()))
        await app.rounds["moments"][0]()
        await app.ticker.spread()
        await app.ticker.plan()
        for what, _ in (*app.rounds.values(), *app.everywhere.values()):
            await what()
        app.courier.wake()
        return clock()

    BrowserInbox(app.inbox, conversation, personas).attach(app.web)
    Site(conversation, personas, clock, forward).attach(app.web)
    return app
