"""What the platforms themselves say of the settings: asked by doctor, and before serve begins."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

import structlog
from aiohttp import ClientSession, DummyCookieJar

from adapters.crm.probe import examine as examine_crm
from adapters.entra import Pass
from adapters.entra import examine as examine_entra
from adapters.store.database import Store
from adapters.store.secrets import Sealed
from adapters.trouble import Trouble
from bot.settings import PREFIX, Settings, SettingsError
from bot.wiring.crm import named_crm
from bot.wiring.directories import registration

if TYPE_CHECKING:
    from adapters.slack.workspaces import Workspaces

TEAMS_SCOPE = "https://api.botframework.com/.default"
LONGEST = 3.0
"""Seconds that a start waits for the platforms; all are asked at once."""
Question: TypeAlias = Callable[[], Awaitable[list[Trouble]]]
log = structlog.get_logger()


async def refuse_to_start(settings: Settings, store: Store, *, local: bool) -> None:
    """Ask every platform once; what one says is wrong ends the start, and silence does not.

    A restart while a platform is out of reach must work: what people say is kept until it is back.

    Raises:
        SettingsError: a platform refuses what the settings hold; says what to do about each.

    """
    asked = questions(settings, store, local=local)
    told = await asyncio.gather(*(_within(question) for question in asked.values()))
    found = [(name, one) for name, several in zip(asked, told, strict=True) for one in several]
    for name, one in found:
        if not one.certain:
            log.warning("platforms.not_well", platform=name, why=one.say)
    if certain := [one.say for _, one in found if one.certain]:
        raise SettingsError("\n".join(certain))


def questions(settings: Settings, store: Store, *, local: bool) -> dict[str, Question]:
    """Return what each platform of the settings is asked; a Teams on this machine is not."""
    found: dict[str, Question] = {}
    if settings.slack_app_id:
        found["slack"] = lambda: ask_slack(settings, store)
    if settings.teams_app_id and not local:
        found["teams"] = lambda: ask_teams(settings)
    if settings.crm_url:
        found["crm"] = lambda: ask_crm(settings)
    return found


async def ask_slack(settings: Settings, store: Store) -> list[Trouble]:
    """Ask Slack about each token that the program speaks with.

    What is wrong with a workspace that installs the app by our own page is never certain: it is
    mended there, and one that took the app out must not end it for the others.

    Raises:
        SettingsError: a setting is missing; says which.

    """
    from adapters.slack import probe  # noqa: PLC0415 - an organisation may have no Slack
    from bot.wiring.slack import workspaces  # noqa: PLC0415 - the same

    base, kept = settings.slack_api, workspaces(settings, store)
    ours = bool(settings.slack_client_id) and not settings.slack_bot_token
    async with _session() as session:
        asked = [
            _ask_workspace(session, base, kept, team, ours=ours) for team in settings.slack_teams
        ]
        if token := settings.slack_app_token:
            asked.append(probe.examine_socket(session, base, token.get_secret_value()))
        if (client := settings.slack_client_id) and (secret := settings.slack_client_secret):
            asked.append(probe.examine_app(session, base, client, secret.get_secret_value()))
        return [found for found in await asyncio.gather(*asked) if found]


async def _ask_workspace(
    session: ClientSession, base: str, kept: "Workspaces", team: str, *, ours: bool
) -> Trouble | None:
    from adapters.slack.probe import examine  # noqa: PLC0415 - an organisation may have no Slack
    from adapters.slack.workspaces import Workspace  # noqa: PLC0415 - the same

    install = "open /slack/install" if ours else "set WAYFINDER_SLACK_BOT_TOKEN to its token"
    try:
        text = await kept.load(team)
    except Sealed as error:
        say = f"The token of {team} cannot be opened: it is {error}; {install}."
        return Trouble(say, certain=not ours)
    if text is None:
        return Trouble(f"Wayfinder is not installed in {team}; {install}.", certain=not ours)
    found = await examine(session, base, team, Workspace.load(text).token)
    return found and replace(found, certain=found.certain and not ours)


async def ask_teams(settings: Settings) -> list[Trouble]:
    """Ask Entra for the pass with which the bot writes to Teams.

    Raises:
        SettingsError: what the settings say of Teams is no good.

    """
    app, _, entra = registration(settings)
    async with _session() as session:
        names = ("teams_tenant", "teams_app_id", "teams_secret")
        wanted = Pass("Teams", TEAMS_SCOPE, app.tenant, app.app_id, app.secret, _named(*names))
        given = await examine_entra(session, entra, wanted)
    return [given] if isinstance(given, Trouble) else []


async def ask_crm(settings: Settings) -> list[Trouble]:
    """Ask Entra for our pass to the CRM, and the CRM whether it takes it.

    Raises:
        SettingsError: a setting is missing; says which.

    """
    place, app = named_crm(settings)
    async with _session() as session:
        tenant = "crm_tenant" if settings.crm_tenant else "teams_tenant"
        names = _named(tenant, "crm_client_id", "crm_client_secret")
        scope = f"{place.org}/.default"
        wanted = Pass("the CRM", scope, app.tenant, app.client, app.secret, names)
        given = await examine_entra(session, place.entra, wanted)
        if isinstance(given, Trouble):
            return [given]
        found = await examine_crm(session, place.org, given)
    return [found] if found else []


def _named(*fields: str) -> dict[str, str]:
    """Return how the settings of a tenant, an application id and a secret are called."""
    named = (f"{PREFIX}{field.upper()}" for field in fields)
    return dict(zip(("tenant", "client", "secret"), named, strict=True))


async def _within(question: Question) -> list[Trouble]:
    try:
        async with asyncio.timeout(LONGEST):
            return await question()
    except TimeoutError:
        say = f"No answer within {LONGEST:g} seconds; look at your way out to the internet."
        return [Trouble(say, certain=False)]


def _session() -> ClientSession:
    return ClientSession(cookie_jar=DummyCookieJar())
