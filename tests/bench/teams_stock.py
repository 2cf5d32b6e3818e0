"""Stock botbuilder, as its own echo sample wires it, against a made-up Microsoft."""

# pyright: basic
# Botbuilder's types are partial.

from collections.abc import Awaitable, Callable

from aiohttp import web
from botbuilder.core import ActivityHandler, TurnContext
from botbuilder.integration.aiohttp import CloudAdapter, ConfigurationBotFrameworkAuthentication
from botframework.connector.auth import (
    AuthenticationConfiguration,
    MicrosoftAppCredentials,
    PasswordServiceClientCredentialFactory,
)

from tests.adapters.teams.genuine import APP, ISSUER, SECRET


class _Configuration:
    APP_ID = APP
    APP_PASSWORD = SECRET
    VALIDATE_AUTHORITY = True
    TO_CHANNEL_FROM_BOT_LOGIN_URL = "https://login.microsoftonline.com/botframework.com"
    TO_CHANNEL_FROM_BOT_OAUTH_SCOPE = ISSUER
    TO_BOT_FROM_CHANNEL_TOKEN_ISSUER = ISSUER
    OAUTH_URL = "https://token.botframework.com"
    CALLER_ID = "urn:botframework:azure"

    def __init__(self, metadata: str) -> None:
        self.TO_BOT_FROM_CHANNEL_OPENID_METADATA_URL = metadata
        self.TO_BOT_FROM_EMULATOR_OPENID_METADATA_URL = metadata


class _Credentials(MicrosoftAppCredentials):
    def get_access_token(self, force_refresh: bool = False) -> str:  # noqa: ARG002, FBT001, FBT002 - botbuilder's
        return "spared"


class _Factory(PasswordServiceClientCredentialFactory):
    async def create_credentials(
        self, app_id: str, oauth_scope: str, *_: object, **__: object
    ) -> MicrosoftAppCredentials:
        return _Credentials(app_id, self.password, oauth_scope=oauth_scope)


class _Echo(ActivityHandler):
    async def on_message_activity(self, turn_context: TurnContext) -> None:
        await turn_context.send_activity(f"echo {turn_context.activity.text}")


def echo(metadata: str) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """Return the stock handler."""
    authentication = ConfigurationBotFrameworkAuthentication(
        _Configuration(metadata),
        credentials_factory=_Factory(APP, SECRET),
        auth_configuration=AuthenticationConfiguration(),
    )
    adapter, bot = CloudAdapter(authentication), _Echo()

    async def handle(request: web.Request) -> web.StreamResponse:
        return await adapter.process(request, bot) or web.Response()

    return handle
