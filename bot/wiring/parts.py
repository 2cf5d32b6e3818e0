"""The program, joined from its parts; which platforms it has is given."""

import asyncio
import os
import socket
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from secrets import token_hex
from typing import TypeAlias

from adapters.content.contests import load_competitions as read_competitions
from adapters.content.contests import load_sprints as read_sprints
from adapters.content.files import ContentError, Written, load_library
from adapters.content.files import load_message as read_message
from adapters.content.files import load_programme as read_programme
from adapters.content.rules import RulesAsNeeded
from adapters.content.rules import load_rules as read_rules
from adapters.content.sessions import load_sessions as read_sessions
from adapters.directory.asking import FetchError
from adapters.directory.customs import CustomsError
from adapters.directory.members import Rows, read_members, sift_members
from adapters.directory.table import TableError, read_people
from adapters.store.database import Store, UnusableError
from adapters.usage.reading import UsageError
from adapters.usage.table import Told as ToldUse
from adapters.usage.table import read_usage
from bot.activities import Activities
from bot.app import ROLES, App, Hook, Role
from bot.broadcasts import Broadcasts
from bot.carrier import Carrier, Channel
from bot.closings import Closings, keyed
from bot.colleagues import Colleagues
from bot.competitions import Competitions
from bot.courier import Courier
from bot.digests import Digests
from bot.finding import Crm, Finder, Learning, Tables
from bot.forgetting import Forgetting
from bot.freshness import Freshness
from bot.groups import Groups, refresh_groups
from bot.handout import Handout
from bot.inbox import Inbox
from bot.levels import LevelRounds
from bot.moments import Moments
from bot.newcomers import Newcomers
from bot.organisation import Organisation
from bot.outlooks import work_out
from bot.patience import Patience
from bot.pictures import NoPictures, Pictures
from bot.progress import Progress
from bot.question_reports import Links, QuestionReports
from bot.reception import Receptions
from bot.recognition import Recognitions
from bot.retention import Sweeps
from bot.rumours import RumourRounds
from bot.seals import Seals
from bot.settings import Place, Settings, SettingsError
from bot.shadow import Shadows
from bot.silence import Watch
from bot.sprints import Sprints
from bot.ticker import Ticker
from bot.tips import Tips
from bot.training import Trainings
from bot.turns import Reader, Turns
from bot.voices import Voices
from bot.web import make_web
from bot.wiring.searching import make_search
from bot.wiring.watching import make_lookout, make_measure
from dialogs.doorway import Kept, Reply
from dialogs.library import Library
from dialogs.linter import Rules
from dialogs.token import Tokens
from nudges.address import Platform
from nudges.budget import Budget
from nudges.competition import Competition
from nudges.directory import Entry
from nudges.pace import Paces
from nudges.people import Language
from nudges.programme import Programme
from nudges.sprint import Sprint
from nudges.training import Session

Clock: TypeAlias = Callable[[], datetime]
UNUSABLE = (
    ContentError,
    CustomsError,
    FetchError,
    SettingsError,
    TableError,
    UnusableError,
    UsageError,
)
"""What an administrator can mend: the message says how."""
PATIENCE = Patience()
AS_FAST_AS_WE_CAN = Paces()


async def open_store(place: Place, *, create: bool = False, fill_empty: bool = False) -> Store:
    """Open the store that the settings name, with its keys.

    Raises:
        UnusableError: it cannot be used; the message says what to do.

    """
    return await Store.open(
        place.database, keyring=place.keyring, create=create, fill_empty=fill_empty
    )


def real_clock() -> datetime:
    """Return the time."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Connection:
    """A platform that is connected.

    Attributes:
        read: how the body of its arrivals is understood.
        channel: how it is written to.
        attach: adds its way in to the program, and what has to be opened and closed with it.
        closers: let go of what it holds, last first.

    """

    platform: Platform
    read: Reader
    channel: Channel
    attach: Callable[[App], None] = lambda _app: None
    closers: Sequence[Hook] = ()


def load_programme(path: Path) -> Programme:
    """Read a programme that an organisation wrote as a file.

    Raises:
        ContentError: the file is broken.

    """
    return read_programme(path)


def load_message(path: Path) -> Written:
    """Read a broadcast that somebody wrote as a file.

    Raises:
        ContentError: the file is broken.

    """
    return read_message(path)


def load_sessions(path: Path) -> tuple[Session, ...]:
    """Read training sessions that somebody wrote as a file.

    Raises:
        ContentError: the file is broken.

    """
    return read_sessions(path)


def load_competitions(path: Path) -> tuple[Competition, ...]:
    """Read competitions that somebody wrote as a file.

    Raises:
        ContentError: the file is broken.

    """
    return read_competitions(path)


def load_sprints(path: Path) -> tuple[Sprint, ...]:
    """Read clean-up sprints that somebody wrote as a file.

    Raises:
        ContentError: the file is broken.

    """
    return read_sprints(path)


def load_rules(language: Language, own: Path | None) -> Rules:
    """Read what the linter knows of a language, the organisation's own words over ours.

    Raises:
        ContentError: a file is broken.

    """
    return read_rules(language, own)


def load_table(path: Path) -> list[Entry]:
    """Read a table of people.

    Raises:
        TableError: a row is wrong; nothing of the table is to be used.

    """
    return read_people(path)


def load_members(path: Path) -> Rows:
    """Read a list of people.

    Raises:
        TableError: something is wrong with it; nothing of the list is to be used.

    """
    return read_members(path)


def load_usage(path: Path) -> ToldUse:
    """Read a table of what people did in the CRM.

    Raises:
        UsageError: a cell is wrong; nothing of the table is to be used.

    """
    return read_usage(path)


def _library(own: Path | None) -> Library:
    return replace(load_library(own), rules=RulesAsNeeded(own))


def load_some_members(path: Path) -> Rows:
    """Read the rows of a list of people that are right, and what is wrong with the others.

    Raises:
        TableError: it is no such list at all; nothing of it is to be used.

    """
    return sift_members(path)


def build(  # noqa: PLR0913, PLR0915, PLR0917 - what differs from house to house
    settings: Settings,
    store: Store,
    connections: Sequence[Connection],
    clock: Clock = real_clock,
    patience: Patience = PATIENCE,
    paces: Paces = AS_FAST_AS_WE_CAN,
    roles: frozenset[Role] = ROLES,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    groups: Groups | None = None,
    finder: Finder | None = None,
    crm: Callable[[Tables], Crm | None] | None = None,
    links: Links | None = None,
    pictures: Pictures | None = None,
    pages: str | None = None,
) -> App:
    """Join the parts into a program; everything it uses is given, so that tests can give less."""
    owner = f"{socket.gethostname()}:{os.getpid()}:{token_hex(4)}"
    secret = settings.secret.get_secret_value().encode()
    tokens = Tokens(secret)
    organisation = Organisation(lambda: _library(settings.content))

    search = make_search(settings, organisation.library)
    freshness = Freshness(organisation, settings.content)
    records = crm(lambda: organisation.library().tables) if crm else None
    learning = Learning(store, search, clock)
    pictures = pictures or NoPictures()

    async def redraw(kept: Kept) -> Reply:
        return await turns.redraw(kept)

    lookout = make_lookout(settings.traces, records)
    inbox = Inbox(store, owner, clock, redraw, patience.arrival, lookout)
    carrier = Carrier(
        store,
        clock=clock,
        tokens=tokens,
        channels={c.platform: c.channel for c in connections},
        patience=patience,
        budget=Budget(settings.touches_a_day, settings.touches_a_week),
        pictures=pictures,
        pages=settings.public_url.rstrip("/") if pages is None else pages,
        lookout=lookout,
    )
    courier = Courier(
        store,
        carrier,
        owner=owner,
        clock=clock,
        organisation=organisation,
        quiet=inbox.quiet,
        patience=patience,
        paces=paces,
        sleep=sleep,
    )
    turns = Turns(
        store,
        inbox,
        owner=owner,
        clock=clock,
        tokens=tokens,
        organisation=organisation,
        readers={c.platform: c.read for c in connections},
        leaving=courier.wake,
        lease=patience.arrival,
        pictures=pictures,
        finder=finder or Finder(search, records, lookout),
        lookout=lookout,
    )

    async def ready() -> str | None:
        try:
            async with store.read() as work:
                await work.programme()
        except OSError as error:
            return f"the database is out of reach: {error}"
        return None

    newcomers = Newcomers(store, clock, courier.wake, settings.first_admin)

    async def outlooks() -> int:
        return await work_out(store, organisation.library().bank, clock)

    activities = Activities(store, clock, organisation, courier.wake)
    moments = Moments(store, clock, courier.wake)
    broadcasts = Broadcasts(store, clock, courier.wake)
    receptions = Receptions(store, clock, courier.wake, settings.floor)
    silence = Watch(store, clock, courier.wake)
    tips = Tips(store, clock, organisation, courier.wake)
    levels = LevelRounds(store, clock, organisation, courier.wake)
    recognitions = Recognitions(store, clock, courier.wake)
    competitions = Competitions(store, clock, courier.wake)
    sprints = Sprints(store, clock, courier.wake)
    shadows = Shadows(store, clock, courier.wake)
    rumours = RumourRounds(store, clock)
    trainings = Trainings(store, clock, organisation, courier.wake)
    progress = Progress(store, clock, courier.wake)
    colleagues = Colleagues(store, clock, courier.wake)
    reports = QuestionReports(store, clock, organisation, courier.wake, links)
    closings = Closings(store, clock, organisation, settings.floor, dice=keyed(secret))
    forgetting = Forgetting(store, clock)
    ticker = Ticker(store, clock, courier.wake, lookout)
    measured = make_measure(store, clock, lookout.figures, paces)
    app = App(
        web=make_web(ready, measured, pictures, lookout, settings.metrics_key),
        inbox=inbox,
        turns=turns,
        courier=courier,
        ticker=ticker,
        patience=patience,
        forget_again=forgetting.again,
        roles=roles,
        lookout=lookout,
        rounds={
            "outlooks": (outlooks, patience.tick),
            "newcomers": (newcomers.look, patience.watch),
            "moments": (moments.round, patience.watch),
            "replies": (broadcasts.replies, patience.watch),
            "reception": (receptions.round, patience.watch),
            "tips": (tips.round, patience.watch),
            "tips_new": (tips.hourly, patience.hour),
            "levels": (levels.round, patience.watch),
            "recognition": (recognitions.round, patience.watch),
            "competitions": (competitions.round, patience.watch),
            "sprints": (sprints.round, patience.watch),
            "voices": (Voices(store, clock, courier.wake).round, patience.watch),
            "shadow": (shadows.round, patience.hour),
            "rumours": (rumours.round, patience.hour),
            "rumours held": (rumours.stir, patience.watch),
            "training news": (trainings.news, patience.tick),
            "training": (trainings.round, patience.watch),
            "training invitations": (trainings.invite, patience.watch),
            "silence": (silence.round, patience.hour),
            "colleagues": (colleagues.round, patience.watch),
            "question_reports": (reports.round, patience.hour),
            "broadcasts": (partial(_at_once, broadcasts, ticker), patience.tick),
            "closings": (closings.round, patience.watch),
            "forgetting": (forgetting.round, patience.tick),
            "forgotten": (forgetting.again, patience.hour),
            "seals": (Seals(store, clock, secret).round, patience.watch),
            "retention": (Sweeps(store, clock).round, patience.hour),
            "digests": (Digests(store, clock, organisation, courier.wake).round, patience.hour),
            "progress": (progress.round, patience.tick),
            "watch": (activities.watch, patience.watch),
            "activities": (activities.hourly, patience.hour),
        },
        closers=[
            lookout.spans.close,
            store.close,
            *(closer for c in connections for closer in c.closers),
        ],
    )
    if groups is not None:
        app.rounds["groups"] = partial(refresh_groups, store, groups, clock), patience.watch
    app.everywhere["knowledge"] = reports.knowledge, patience.watch
    app.everywhere["content"] = freshness.round, patience.look
    if records is not None:
        app.closers.append(records.close)
    if "web" in roles:
        app.everywhere["learned"] = learning.round, patience.hour
        app.everywhere["search"] = search.follow, patience.look
        app.openers += [learning.round, search.follow]
        app.closers.append(partial(asyncio.to_thread, search.stop))
        Handout(store, tokens, clock).attach(app.web)
        for connection in connections:
            connection.attach(app)
    return app


async def _at_once(broadcasts: Broadcasts, ticker: Ticker) -> int:
    """Do what is to be done with broadcasts, and queue one that begins without another wait."""
    done = await broadcasts.round()
    if done:
        await ticker.spread()
    return done
