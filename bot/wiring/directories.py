"""Directories in the cloud, joined: Microsoft Graph as the Teams app, Slack by its workspaces."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Literal, TypeAlias, assert_never

from aiohttp import ClientSession, DummyCookieJar

from adapters.directory.asking import Asker, FetchError
from adapters.directory.customs import read_customs
from adapters.directory.graph import read_graph
from adapters.directory.graph_groups import read_group as read_entra_group
from adapters.directory.graph_pages import ENTRA, GRAPH, Registration
from adapters.directory.slack import read_slack
from adapters.directory.slack_groups import CHANNEL, USER_GROUP
from adapters.directory.slack_groups import read_group as read_slack_group
from adapters.directory.slack_pages import Workspace, is_busy
from adapters.store.database import Store
from adapters.store.secrets import Sealed
from bot.groups import Fetched, Members, Unreachable
from bot.settings import Settings, SettingsError
from bot.wiring.parts import Clock, real_clock
from nudges.audience import Group, GroupKind
from nudges.directory import Read

Cloud: TypeAlias = Literal["graph", "slack"]
Sleep: TypeAlias = Callable[[float], Awaitable[object]]


async def read_directory(
    cloud: Cloud,
    settings: Settings,
    store: Store,
    clock: Clock = real_clock,
    sleep: Sleep = asyncio.sleep,
) -> Read:
    """Read everybody a directory in the cloud tells of.

    Raises:
        SettingsError: a setting is missing; says which.
        FetchError: something could not be read; nothing is to be used.
        CustomsError: the organisation's own file about departments and jobs is broken.

    """
    customs = read_customs(settings.content)
    async with ClientSession(cookie_jar=DummyCookieJar()) as session:
        if cloud == "graph":
            asker = Asker(session, "Microsoft Graph", clock, sleep=sleep)
            app, base, entra = registration(settings)
            return await read_graph(asker, app, customs, base, entra)
        asker = Asker(session, "Slack", clock, sleep=sleep, busy=is_busy)
        found = await _workspaces(settings, store)
        return await read_slack(asker, found, customs, settings.slack_api)


class CloudGroups:
    """The groups of Slack and Entra, as the settings connect them."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        clock: Clock = real_clock,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._settings = settings
        self._store = store
        self._clock = clock
        self._sleep = sleep

    async def members(self, group: Group) -> Fetched:
        """Fetch who is in a group; one that cannot be read is Unreachable, not an error."""
        try:
            async with ClientSession(cookie_jar=DummyCookieJar()) as session:
                return await self._members(session, group)
        except Sealed as error:
            return Unreachable(f"A workspace's token cannot be opened: it is {error}.")
        except (FetchError, SettingsError) as error:
            return Unreachable(str(error))

    async def _members(self, session: ClientSession, group: Group) -> Fetched:
        match group.kind:
            case GroupKind.LIST:
                return Unreachable(f"A list is kept from a file; {group.name!r} is not fetched.")
            case GroupKind.ENTRA_GROUP:
                asker = Asker(session, "Microsoft Graph", self._clock, sleep=self._sleep)
                app, base, entra = registration(self._settings)
                return Members(await read_entra_group(asker, app, group.name, base, entra), "Entra")
            case GroupKind.SLACK_GROUP | GroupKind.SLACK_CHANNEL:
                asker = Asker(session, "Slack", self._clock, sleep=self._sleep, busy=is_busy)
                kind = CHANNEL if group.kind is GroupKind.SLACK_CHANNEL else USER_GROUP
                teams, homes = await read_slack_group(
                    asker,
                    await _workspaces(self._settings, self._store),
                    kind,
                    group.name,
                    self._settings.slack_api,
                )
                return Members(homes, f"Slack {', '.join(teams)}")
            case _:
                assert_never(group.kind)


def registration(settings: Settings) -> tuple[Registration, str, str]:
    """Return as whom Microsoft is asked, and where Graph and Entra are.

    Raises:
        SettingsError: what the settings say of Teams is no good.

    """
    from adapters.teams.account import account  # noqa: PLC0415 - an organisation may have no Teams

    secret = settings.teams_secret
    words = secret.get_secret_value() if secret else ""
    try:
        account(
            local=False, app_id=settings.teams_app_id, secret=words, tenant=settings.teams_tenant
        )
    except ValueError as error:
        raise SettingsError(str(error)) from error
    app = Registration(settings.teams_tenant, settings.teams_app_id, words)
    base = settings.graph_api
    # In a try-out the pass comes from there, too: the real secret is for the real Entra.
    return app, base, ENTRA if base == GRAPH else base


async def _workspaces(settings: Settings, store: Store) -> list[Workspace]:
    """Return the workspaces of the settings; every one has to be there, or its people would go."""
    from adapters.slack.workspaces import Workspace as Kept  # noqa: PLC0415 - the same for Slack
    from bot.wiring.slack import workspaces  # noqa: PLC0415

    if not settings.slack_teams:
        message = "WAYFINDER_SLACK_TEAMS is not set; name the workspaces whose people are here."
        raise SettingsError(message)
    kept = workspaces(settings, store)
    found: list[Workspace] = []
    for team in settings.slack_teams:
        text = await kept.load(team)
        if text is None:
            message = (
                f"Wayfinder is not installed in {team}; install it there, or take it out of "
                "WAYFINDER_SLACK_TEAMS."
            )
            raise SettingsError(message)
        found.append(Workspace(team, Kept.load(text).token))
    return found
