"""Botbuilder, as far as it helps: its pipeline from an activity to a turn and back.

``CloudAdapter`` brings the turn context, the middleware and the place for an invoke's answer. It
gets an authentication of our own, as botbuilder's parses before it checks, fetches keys and
tokens with blocking calls, and builds a client for every turn. Nothing outside this file knows
botbuilder, so its successor can take its place here.
"""

# ruff: noqa: ARG002 - the signatures are botbuilder's, which gives more than we need
# pyright: reportUnknownMemberType=false
# Botbuilder's types are partial, and stop here.

import json
from collections.abc import Awaitable, Callable
from typing import Any, Final, TypeAlias, cast

from botbuilder.core import InvokeResponse, TurnContext
from botbuilder.integration.aiohttp import CloudAdapter
from botbuilder.schema import (
    Activity,
    ActivityTypes,
    ChannelAccount,
    ConversationAccount,
    ResourceResponse,
)
from botframework.connector.aio import ConnectorClient
from botframework.connector.auth import (
    AuthenticateRequestResult,
    BotFrameworkAuthentication,
    ClaimsIdentity,
    ConnectorFactory,
)
from botframework.connector.auth.user_token_client import UserTokenClient

from adapters.teams import activity as ours
from adapters.teams.connector import Connector
from adapters.teams.errors import Answered, Reached, resource

Logic: TypeAlias = Callable[[], Awaitable[dict[str, Any] | None]]
_CALLER: Final = "urn:botframework:azure"


class Pipeline:
    """Runs what we do about an activity as a botbuilder turn."""

    def __init__(self, connector: Connector) -> None:
        self.adapter = CloudAdapter(_Authentication(connector))
        """The adapter, so that middleware can be added."""
        self._factory = _Factory(connector)

    async def run(self, activity: ours.Activity, logic: Logic) -> dict[str, Any] | None:
        """Run the logic; what it returns is the invoke's answer, if Teams waits for one."""

        async def turn(context: TurnContext) -> None:
            answer = await logic()
            if answer is not None:
                value = InvokeResponse(status=200, body=answer)
                reply = Activity(type=ActivityTypes.invoke_response, value=value)
                await context.send_activity(reply)

        genuine = AuthenticateRequestResult()
        genuine.claims_identity = ClaimsIdentity({}, is_authenticated=True)
        genuine.caller_id = _CALLER
        genuine.connector_factory = self._factory
        response = await self.adapter.process_activity(genuine, _theirs(activity), turn)
        # The body goes out as it is: the adapter's own process() would serialise it twice.
        return cast("dict[str, Any]", response.body) if response else None


class _Authentication(BotFrameworkAuthentication):
    """Lets nothing in by itself: the door has looked at everything before."""

    def __init__(self, connector: Connector) -> None:
        self._connector = connector

    async def authenticate_request(
        self, activity: Activity, auth_header: str
    ) -> AuthenticateRequestResult:
        raise PermissionError

    async def authenticate_streaming_request(
        self, auth_header: str, channel_id_header: str
    ) -> AuthenticateRequestResult:
        raise PermissionError

    def create_connector_factory(self, claims_identity: ClaimsIdentity) -> ConnectorFactory:
        return _Factory(self._connector)

    async def create_user_token_client(self, claims_identity: ClaimsIdentity) -> UserTokenClient:
        return cast("UserTokenClient", None)


class _Factory(ConnectorFactory):
    """Gives every turn the same line to Teams."""

    def __init__(self, connector: Connector) -> None:
        self._connector = connector

    async def create(self, service_url: str, audience: str) -> ConnectorClient:
        return cast("ConnectorClient", _Client(self._connector, service_url))


class _Client:
    """The part of a connector client that a turn uses."""

    def __init__(self, connector: Connector, service: str) -> None:
        self.conversations = self
        self._connector = connector
        self._service = service

    async def send_to_conversation(self, chat: str, activity: Activity) -> ResourceResponse:
        return await self._call("POST", (chat, "activities"), activity)

    async def reply_to_activity(
        self, chat: str, number: str, activity: Activity
    ) -> ResourceResponse:
        return await self._call("POST", (chat, "activities", number), activity)

    async def update_activity(self, chat: str, number: str, activity: Activity) -> ResourceResponse:
        return await self._call("PUT", (chat, "activities", number), activity)

    async def delete_activity(self, chat: str, number: str) -> None:
        await self._call("DELETE", (chat, "activities", number))

    async def _call(
        self, method: str, path: tuple[str, ...], activity: Activity | None = None
    ) -> ResourceResponse:
        payload = json.dumps(activity.serialize()) if activity else ""
        reached: Reached = await self._connector.call(method, self._service, path, payload)
        if not isinstance(reached, Answered) or reached.status >= 300:  # noqa: PLR2004
            raise ConnectionError
        return ResourceResponse(id=resource(reached.body))


def _theirs(activity: ours.Activity) -> Activity:
    """Write an activity as botbuilder's, from the fields that were checked and no others."""
    return Activity(
        type=activity.type,
        id=activity.id,
        name=activity.name,
        channel_id=activity.channel_id,
        service_url=activity.service_url,
        text=activity.text,
        locale=activity.locale,
        reply_to_id=activity.reply_to_id,
        value=activity.value,
        from_property=_account(activity.sender),
        recipient=_account(activity.recipient),
        conversation=ConversationAccount(
            id=activity.conversation.id, tenant_id=activity.conversation.tenant_id
        ),
    )


def _account(party: ours.Party) -> ChannelAccount:
    return ChannelAccount(id=party.id, name=party.name, aad_object_id=party.aad)
