"""Slack, joined: HTTP where Slack can reach us, Socket Mode where it cannot."""

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from aiohttp import ClientSession, DummyCookieJar, web
from pydantic import SecretStr

from adapters.slack import payloads
from adapters.slack.api import Api
from adapters.slack.channel import SlackChannel
from adapters.slack.door import Door
from adapters.slack.inbox import SlackInbox
from adapters.slack.manifest import BACK_PATH, EVENTS_PATH, INSTALL_PATH
from adapters.slack.marks import MemoryMarks
from adapters.slack.workspaces import Installed, MemoryWorkspaces, Workspace, Workspaces
from adapters.store.database import Store
from adapters.store.slack import SealedWorkspaces, StoredMarks
from bot.app import App
from bot.settings import Settings, SettingsError
from bot.wiring.parts import Clock, Connection, Hook
from bot.wiring.vault import open_vault

if TYPE_CHECKING:
    from adapters.slack.bolt import Connection as Socket
    from adapters.slack.install import OAuth


def connect(settings: Settings, store: Store, clock: Clock) -> Connection:
    """Connect Slack; has to be called while the loop runs.

    Raises:
        SettingsError: a setting is missing; says which.

    """
    installed = Installed(workspaces(settings, store), clock)
    try:
        secrets = tuple(s.get_secret_value() for s in settings.slack_signing_secrets)
        door = Door(secrets, settings.slack_app_id, installed, MemoryMarks(clock), clock)
    except ValueError as error:
        raise SettingsError(str(error)) from error
    session = ClientSession(cookie_jar=DummyCookieJar())
    api = Api(session, settings.slack_api)
    named = settings.secret.get_secret_value().encode()
    closers: list[Hook] = [session.close]
    connecting: set[asyncio.Task[None]] = set()

    def attach(app: App) -> None:
        inbox = SlackInbox(door, app.inbox, api, installed, named)
        app.closers.append(inbox.close)
        app.web.add_routes([web.route("*", EVENTS_PATH, inbox.handle)])
        if settings.slack_client_id and (secret := settings.slack_client_secret):
            from adapters.slack.install import Install  # noqa: PLC0415 - Bolt is slow to load

            install = Install(
                _oauth(settings, secret), api, installed, StoredMarks(store, clock), clock
            )
            app.web.add_routes(
                [
                    web.get(INSTALL_PATH, install.start),
                    web.get(BACK_PATH, install.back),
                ]
            )
        if settings.slack_app_token:
            from adapters.slack.bolt import Connection as Socket  # noqa: PLC0415 - the same

            token = settings.slack_app_token.get_secret_value()
            socket = Socket(token, settings.slack_api, inbox.envelope)
            app.openers.append(partial(_connect, socket, connecting))
            app.closers.append(socket.close_async)

    return Connection("slack", payloads.read, SlackChannel(api, installed, clock), attach, closers)


async def _connect(socket: "Socket", connecting: set[asyncio.Task[None]]) -> None:
    """Connect in the background: while Slack is out of reach, everything else goes on."""
    connecting.add(asyncio.create_task(socket.connect_async(), name="slack-socket"))


def workspaces(settings: Settings, store: Store) -> Workspaces:
    """Return the one workspace of the settings, or those that were installed.

    Raises:
        SettingsError: a setting is missing; says which.

    """
    if settings.slack_bot_token:
        token = settings.slack_bot_token.get_secret_value()
        if len(settings.slack_teams) != 1:
            message = "WAYFINDER_SLACK_TEAMS has to name the one workspace of the bot token."
            raise SettingsError(message)
        return MemoryWorkspaces(Workspace(settings.slack_teams[0], token))
    return SealedWorkspaces(store, open_vault(settings))


def _oauth(settings: Settings, secret: SecretStr) -> "OAuth":
    from adapters.slack.install import OAuth  # noqa: PLC0415 - Bolt is slow to load

    return OAuth(
        settings.slack_client_id,
        secret.get_secret_value(),
        settings.public_url,
        frozenset(settings.slack_teams),
    )
