"""Add Wayfinder to a workspace: Slack's OAuth, for the workspaces this deployment serves.

Anyone who knows the address can start an installation, so only named workspaces end in one. The
state that ties the way out to the way back counts once, for ten minutes, and only in the browser
that left with it; the way back leads to the configured address and nowhere else.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from html import escape
from logging import Logger

import structlog
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.error import BoltError
from slack_bolt.oauth.async_callback_options import (
    AsyncCallbackOptions,
    AsyncFailureArgs,
    AsyncSuccessArgs,
)
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_bolt.response import BoltResponse
from slack_sdk.oauth.installation_store import Installation
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore
from typing_extensions import override

from adapters.slack.api import Api, Done
from adapters.slack.bolt import framework_log
from adapters.slack.manifest import BACK_PATH, INSTALL_PATH, SCOPES
from adapters.slack.marks import Marks
from adapters.slack.workspaces import Installed, Workspace

GOOD_FOR = timedelta(minutes=10)
LONGEST = 2_000
"""Characters of a query that are read."""
log = structlog.get_logger()


@dataclass(frozen=True)
class OAuth:
    """What installing needs.

    Attributes:
        client_id: the app's client id.
        client_secret: the app's client secret.
        public: our own address, ``https://wayfinder.example.org``.
        teams: the workspaces that may be added, by id.
        authorize: where Slack asks for consent.

    """

    client_id: str
    client_secret: str = field(repr=False)
    public: str
    teams: frozenset[str]
    authorize: str = "https://slack.com/oauth/v2/authorize"


class Install:
    """The two pages of an installation: the way out to Slack, and the way back."""

    def __init__(
        self,
        oauth: OAuth,
        api: Api,
        installed: Installed,
        marks: Marks,
        clock: Callable[[], datetime],
    ) -> None:
        quiet = framework_log()
        settings = AsyncOAuthSettings(
            client_id=oauth.client_id,
            client_secret=oauth.client_secret,
            scopes=SCOPES,
            user_scopes=(),
            redirect_uri=oauth.public.rstrip("/") + BACK_PATH,
            install_path=INSTALL_PATH,
            redirect_uri_path=BACK_PATH,
            install_page_rendering_enabled=False,
            callback_options=AsyncCallbackOptions(_added, _not_added),
            authorization_url=oauth.authorize,
            installation_store=_Store(oauth.teams, installed),
            installation_store_bot_only=True,
            state_store=_States(marks, clock),
            state_expiration_seconds=int(GOOD_FOR.total_seconds()),
            logger=quiet,
        )
        self._flow = _Flow(settings, api)

    async def start(self, request: web.Request) -> web.Response:
        """Send someone to Slack to give consent."""
        return await to_aiohttp_response(
            await self._flow.handle_installation(await to_bolt_request(request))
        )

    async def back(self, request: web.Request) -> web.Response:
        """Take someone back from Slack, and keep the installation."""
        values = request.query.values()
        if len(request.query_string) > LONGEST or len(set(request.query)) < len(list(values)):
            return web.Response(status=400, text="not as Slack sends it")
        return await to_aiohttp_response(
            await self._flow.handle_callback(await to_bolt_request(request))
        )


class _Flow(AsyncOAuthFlow):
    """Bolt's flow, with our own call for the token: it fails quietly, and logs no code."""

    def __init__(self, settings: AsyncOAuthSettings, api: Api) -> None:
        super().__init__(logger=framework_log(), settings=settings)
        self._api = api

    @override
    async def run_installation(self, code: str) -> Installation | None:
        end = await self._api.call(
            "oauth.v2.access",
            "",
            code=code,
            client_id=self.settings.client_id,
            client_secret=self.settings.client_secret,
            redirect_uri=self.settings.redirect_uri,
        )
        match end:
            case Done(
                {
                    "access_token": str(token),
                    "team": {"id": str(team)} as named,
                    "authed_user": {"id": str(who)},
                } as found
            ):
                return Installation(
                    app_id=str(found.get("app_id", "")),
                    team_id=team,
                    team_name=str(named.get("name", "")),
                    bot_token=token,
                    bot_user_id=str(found.get("bot_user_id", "")),
                    bot_scopes=str(found.get("scope", "")),
                    user_id=who,
                )
            case _:
                return None


class _States(AsyncOAuthStateStore):
    """The state of an installation begun: a mark that counts once."""

    def __init__(self, marks: Marks, clock: Callable[[], datetime]) -> None:
        self._marks = marks
        self._clock = clock

    @property
    def logger(self) -> Logger:
        return framework_log()

    async def async_issue(self, *_: object, **__: object) -> str:
        state = secrets.token_urlsafe(32)
        await self._marks.keep(f"slack-state:{state}", self._clock() + GOOD_FOR)
        return state

    async def async_consume(self, state: str) -> bool:
        return await self._marks.take(f"slack-state:{state}")


class _Store(AsyncInstallationStore):
    """Keep an installation, if its workspace is one of ours."""

    def __init__(self, teams: frozenset[str], installed: Installed) -> None:
        self._teams = teams
        self._installed = installed

    @property
    def logger(self) -> Logger:
        return framework_log()

    async def async_save(self, installation: Installation) -> None:
        team, token = installation.team_id or "", installation.bot_token or ""
        if team not in self._teams or not token:
            log.warning(
                "slack.not_installed", why="this workspace is not in the settings", team=team
            )
            problem = "another workspace"
            raise BoltError(problem)
        await self._installed.add(
            Workspace(
                team,
                token,
                bot=installation.bot_user_id or "",
                name=installation.team_name or "",
                scopes=",".join(installation.bot_scopes or ()),
            )
        )
        log.info("slack.installed", team=team)


async def _added(args: AsyncSuccessArgs) -> BoltResponse:
    return _page(200, "Wayfinder is installed", "You can close this page.", args.settings)


async def _not_added(args: AsyncFailureArgs) -> BoltResponse:
    why = {
        "access_denied": "You did not give consent; nothing was installed.",
        "storage_error": "This workspace is not one that this Wayfinder serves.",
    }.get(args.reason, "The link was used before, or is too old.")
    status = 403 if args.reason == "storage_error" else args.suggested_status_code
    page = f'{why} <a href="{INSTALL_PATH}">Start again</a>'
    return _page(status, "Wayfinder is not installed", page, args.settings)


def _page(status: int, title: str, text: str, settings: AsyncOAuthSettings) -> BoltResponse:
    body = f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(title)}</title>'
    return BoltResponse(
        status=status,
        body=f"{body}<h1>{escape(title)}</h1><p>{text}</p></html>",
        headers={
            "Content-Type": "text/html; charset=utf-8",
            "Set-Cookie": settings.state_utils.build_set_cookie_for_deletion(),
        },
    )
