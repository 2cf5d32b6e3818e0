"""The program for an organisation, joined: its database and the platforms in its settings."""

from dataclasses import replace
from datetime import timedelta
from importlib import import_module

from adapters.links.public import PublicLinks
from adapters.pictures.album import Album
from adapters.store.database import Store
from bot.app import ROLES, App, Role
from bot.belonging import refuse_halves
from bot.settings import Settings, SettingsError
from bot.vault import Rotation
from bot.wiring.api import open_numbers, tell_others
from bot.wiring.asking import refuse_to_start
from bot.wiring.crm import connect as connect_crm
from bot.wiring.crm import connect_use
from bot.wiring.directories import CloudGroups
from bot.wiring.parts import PATIENCE, Clock, Connection, build, open_store, real_clock
from bot.wiring.usage import measure, open_usage_door
from bot.wiring.vault import resealing
from nudges.pace import CHANGES, POSTS, Paces

NEARBY = timedelta(milliseconds=50)
"""How long a courier rests that is told nothing, because another process takes the turns."""
NOBODY = (
    "No platform is connected: set WAYFINDER_SLACK_APP_ID or WAYFINDER_TEAMS_APP_ID, "
    "or try Teams on this machine with `serve --local`."
)


async def build_serve(settings: Settings, *, local: bool, roles: frozenset[Role] = ROLES) -> App:
    """Join the program; ``local`` lets the Agents Playground in, on this machine alone.

    ``roles`` are what this process does; any number of processes share one database.

    Raises:
        SettingsError: no platform is connected, one is not set up fully, or one refuses us.
        UnusableError: the database is missing, or of another version.

    """
    store = await open_store(settings)
    connections: list[Connection] = []
    try:
        connect_platforms(settings, store, real_clock, connections, local=local)
        paces = Paces(
            {
                ("slack", POSTS): settings.slack_pace,
                ("slack", CHANGES): settings.slack_changes_pace,
                ("teams", POSTS): settings.teams_pace,
                ("teams", CHANGES): settings.teams_changes_pace,
            }
        )
        patience = PATIENCE if roles == ROLES else replace(PATIENCE, rest=NEARBY)
        groups, use = CloudGroups(settings, store), connect_use(settings)
        await refuse_to_start(settings, store, local=local)
        app = build(
            settings,
            store,
            connections,
            patience=patience,
            paces=paces,
            roles=roles,
            groups=groups,
            crm=lambda tables: connect_crm(settings, tables),
            links=PublicLinks(settings.links_inside),
            pictures=_album(settings),
        )
        open_usage_door(app, settings, store, real_clock)
        open_numbers(app, store, real_clock)
        tell_others(app, settings, store, real_clock)
        if use is not None:
            measure(app, use, store, real_clock)
        if again := resealing(settings, store):
            app.rounds["vault"] = Rotation(again).round, patience.hour
    except SettingsError:
        for connection in connections:
            for close in connection.closers:
                await close()
        await store.close()
        raise
    return app


def connect_platforms(
    settings: Settings, store: Store, clock: Clock, into: list[Connection], *, local: bool
) -> None:
    """Connect the platforms that the settings name; has to be called while the loop runs.

    Raises:
        SettingsError: there is none, or one is not set up fully; those before it are in ``into``.

    """
    refuse_halves(settings)
    if settings.slack_app_id:
        slack = import_module("bot.wiring.slack")
        into.append(slack.connect(settings, store, clock))
    if settings.teams_app_id or local:
        teams = import_module("bot.wiring.teams")
        into.append(teams.connect(settings, clock, local=local))
    if not into:
        raise SettingsError(NOBODY)


def _album(settings: Settings) -> Album | None:
    """Return where pictures are; nowhere if nobody outside can fetch them."""
    if not settings.pictures:
        return None
    return Album(settings.pictures, settings.secret.get_secret_value().encode(), real_clock)
