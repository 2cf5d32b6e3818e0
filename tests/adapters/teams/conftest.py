"""One Teams side of the house, standing between a fake Microsoft and a fake program."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from adapters.teams.access import Access
from adapters.teams.account import Cloud
from adapters.teams.channel import TeamsChannel
from adapters.teams.connector import Connector, open_session
from adapters.teams.door import Door
from adapters.teams.inbox import TeamsInbox
from adapters.teams.keys import Keys
from adapters.teams.pipeline import Pipeline
from tests.adapters.teams.fakes import FakeConnector, FakeEntra, FakeInbox, FakeOpenId
from tests.adapters.teams.genuine import APP, SECRET, TENANT, Clock, NearbyCloud, Signer, claims


@pytest.fixture(scope="session")
def signer() -> Signer:
    return Signer("first")


@pytest.fixture(scope="session")
def other_signer() -> Signer:
    return Signer("second")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def account() -> Cloud:
    """Return who we are; what tests nothing but the door takes the real hosts alone."""
    return NearbyCloud(APP, SECRET, TENANT)


@pytest.fixture
def openid(signer: Signer) -> Iterator[FakeOpenId]:
    with FakeOpenId(signer) as peer:
        yield peer


@pytest.fixture
def entra() -> Iterator[FakeEntra]:
    with FakeEntra() as peer:
        yield peer


@pytest.fixture
def connector() -> Iterator[FakeConnector]:
    with FakeConnector() as peer:
        yield peer


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with open_session() as session:
        yield session


@dataclass
class Teams:
    """Everything on our side, over the fakes."""

    client: TestClient[web.Request, web.Application]
    channel: TeamsChannel
    inbox: FakeInbox
    keys: Keys
    access: Access
    signer: Signer
    clock: Clock
    session: aiohttp.ClientSession

    async def send(self, activity: dict[str, Any], token: str = "") -> tuple[int, Any]:
        """Send an activity with a genuine token, or another."""
        bearer = token or self.signer.sign(claims(self.clock()))
        headers = {"Authorization": f"Bearer {bearer}"}
        async with self.client.post("/api/messages", json=activity, headers=headers) as answer:
            text = await answer.text()
            return answer.status, await answer.json() if text else None


@pytest.fixture
async def teams(  # noqa: PLR0913, PLR0917 - all that stands around one Teams side
    session: aiohttp.ClientSession,
    openid: FakeOpenId,
    entra: FakeEntra,
    signer: Signer,
    clock: Clock,
    account: Cloud,
) -> AsyncIterator[Teams]:
    program = FakeInbox()
    keys = Keys(session, clock, openid.metadata)
    access = Access(session, account, clock, entra.url)
    line = Connector(session, account, access)
    channel = TeamsChannel(line, clock)
    door = Door(account, keys, clock)
    line_in = Pipeline(line)
    inbox = TeamsInbox(door, line_in, program, channel, lambda lang: f"done ({lang})", b"x")
    app = web.Application()
    app.add_routes(inbox.routes())
    server = TestServer(app)
    # As in production: what is compressed is refused, and not unpacked on the way to its refusal.
    await server.start_server(auto_decompress=False, access_log=None)
    async with TestClient(server) as client:
        yield Teams(client, channel, program, keys, access, signer, clock, session)
    await keys.close()
    await access.close()
