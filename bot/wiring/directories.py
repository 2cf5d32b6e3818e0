"""Directories in the cloud, joined: Microsoft Graph as the Teams app, Slack by its workspaces."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Literal, TypeAlias

from aiohttp import ClientSession, DummyCookieJar

from adapters.directory.asking import Asker
from adapters.directory.customs import Customs, read_customs
from adapters.directory.graph import ENTRA, GRAPH, Registration, read_graph
from adapters.directory.slack import Workspace, is_busy, read_slack
from adapters.store.database import Store
from bot.settings import Settings, SettingsError
from bot.wiring.parts import Clock, real_clock
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
            return await _graph(
                Asker(session, "Microsoft Graph", clock, sleep=sleep), settings, customs
            )
        asker = Asker(session, "Slack", clock, sleep=sleep, busy=is_busy)
        found = await _workspaces(settings, store)
        return await read_slack(asker, found, customs, settings.slack_api)


async def _graph(asker: Asker, settings: Settings, customs: Customs) -> Read:
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
    return await read_graph(asker, app, customs, base, ENTRA if base == GRAPH else base)


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
