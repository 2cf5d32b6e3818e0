"""Teams, joined: the cloud with its checks, or the Agents Playground on this machine."""

from adapters.teams import activity
from adapters.teams.access import Access
from adapters.teams.account import Cloud, account
from adapters.teams.channel import TeamsChannel
from adapters.teams.connector import Connector, open_session
from adapters.teams.door import Door
from adapters.teams.inbox import TeamsInbox
from adapters.teams.keys import Keys
from adapters.teams.pipeline import Pipeline
from bot.app import App, Hook
from bot.settings import Settings, SettingsError
from bot.wiring.parts import Clock, Connection
from dialogs.speech import Speech


def connect(settings: Settings, clock: Clock, *, local: bool) -> Connection:
    """Connect Teams; has to be called while the loop runs.

    Raises:
        SettingsError: a setting is missing or does not go with ``local``; says which.

    """
    secret = settings.teams_secret
    try:
        who = account(
            local=local,
            app_id=settings.teams_app_id,
            secret=secret.get_secret_value() if secret else "",
            tenant=settings.teams_tenant,
            guests=settings.teams_guests,
        )
    except ValueError as error:
        raise SettingsError(str(error)) from error
    named = settings.secret.get_secret_value().encode()
    session = open_session()
    keys = Keys(session, clock)
    access = Access(session, who, clock) if isinstance(who, Cloud) else None
    connector = Connector(session, who, access)
    channel = TeamsChannel(connector, clock)

    def attach(app: App) -> None:
        door = Door(who, keys, clock)
        inbox = TeamsInbox(door, Pipeline(connector), app.inbox, channel, _sentence, named)
        app.web.add_routes(inbox.routes())

    closers: list[Hook] = [session.close, keys.close, *([access.close] if access else [])]
    return Connection("teams", activity.read, channel, attach, closers)


def _sentence(language: str) -> str:
    """Say that something was done, where a press has no card to show."""
    return Speech(language).line("done.short")
