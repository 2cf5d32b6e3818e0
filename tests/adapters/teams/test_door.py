"""Nothing gets in that is not from Microsoft, for us, and from our people."""

import asyncio
import io
import logging
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from multidict import CIMultiDict

from adapters.teams.account import Cloud, Local
from adapters.teams.channel import TeamsChannel
from adapters.teams.connector import Connector
from adapters.teams.door import Door
from adapters.teams.inbox import TeamsInbox
from adapters.teams.keys import Keys
from adapters.teams.pipeline import Pipeline
from tests.adapters.teams.activities import invoke, message
from tests.adapters.teams.conftest import Teams
from tests.adapters.teams.fakes import FakeEntra, FakeInbox, FakeOpenId
from tests.adapters.teams.genuine import APP, SECRET, SERVICE, TENANT, Clock, Signer, claims
from tests.adapters.teams.hostile import Hostile, requests

URL = "/api/messages"


@pytest.fixture
def account() -> Cloud:
    return Cloud(APP, SECRET, TENANT)


async def knock(teams: Teams, hostile: Hostile) -> int:
    headers = CIMultiDict(hostile.headers)
    for given in hostile.authorization:
        headers.add("Authorization", given)
    body = io.BytesIO(hostile.body) if hostile.body else None
    request = teams.client.request(hostile.method, URL, data=body, headers=headers)
    try:
        async with request as answer:
            return answer.status
    except aiohttp.ClientConnectionError:
        # The answer came before the body was through, and the connection was closed on it.
        return hostile.status if len(hostile.body) > 100_000 else 0


REASONS = {
    400: {"authorization", "conversation", "no activity", "no text", "window"},
    401: {
        "algorithm",
        "audience",
        "authorization",
        "claims",
        "expired",
        "issuer",
        "key not named",
        "no bearer token",
        "not yet valid",
        "signature",
        "token header",
        "unknown key",
    },
    403: {
        "channel",
        "endorsement",
        "person",
        "service url",
        "service url is not the token's",
        "tenant",
    },
    405: {"method"},
    413: {"length", "too large"},
    415: {"content encoding", "content type"},
}


async def test_every_hostile_request_is_refused_and_nothing_of_it_is_told(
    teams: Teams,
    openid: FakeOpenId,
    entra: FakeEntra,
    other_signer: Signer,
    caplog: pytest.LogCaptureFixture,
) -> None:
    weak, unendorsed = Signer("weak", 1024), Signer("unendorsed")
    openid.entries = [
        teams.signer.entry(),
        weak.entry(),
        unendorsed.entry(endorsements=["webchat"]),
        {"kty": "EC", "kid": "curve"},
        {"kty": "RSA", "kid": "broken", "n": "x", "e": "y"},
    ]
    hostiles = list(requests(teams.signer, other_signer, weak, unendorsed))
    assert len(hostiles) >= 90
    assert len({h.name for h in hostiles}) == len(hostiles)
    caplog.set_level(logging.DEBUG)
    for hostile in hostiles:
        caplog.clear()
        assert await knock(teams, hostile) == hostile.status, hostile.name
        # The access log is the web application's own, and not the door's.
        lines = [r for r in caplog.records if r.name not in {"aiohttp.access", "asyncio"}]
        assert [line.name for line in lines] == ["adapters.teams.inbox"], hostile.name
        said = lines[0].getMessage()
        assert len(said.encode()) < 100
        why = said.removeprefix(f"teams door: refused {hostile.status}, ")
        assert why in REASONS[hostile.status], hostile.name
    assert not teams.inbox.knocks
    assert not entra.asked
    assert len(openid.asked) == 2, "one fetch: where the keys are, and the keys"


async def test_two_content_types_are_refused_by_the_web_server_already(teams: Teams) -> None:
    kinds = CIMultiDict([("Content-Type", "application/json"), ("Content-Type", "text/html")])
    async with teams.client.post(URL, data=b"{}", headers=kinds) as answer:
        assert answer.status in {400, 415}
    assert not teams.inbox.knocks


async def test_a_genuine_request_gets_in_among_them(teams: Teams) -> None:
    assert (await teams.send(message(), "x.y.z"))[0] == 401
    assert (await teams.send(message()))[0] == 200
    assert len(teams.inbox.arrivals) == 1


@pytest.mark.parametrize("seconds", [-290, 290])
async def test_clocks_may_be_five_minutes_apart(teams: Teams, seconds: int) -> None:
    now = int(teams.clock().timestamp())
    told = (
        claims(nbf=now + seconds, exp=now + seconds) if seconds < 0 else claims(nbf=now + seconds)
    )
    assert (await teams.send(message(), teams.signer.sign(told)))[0] == 200


async def test_a_replayed_request_changes_nothing(teams: Teams) -> None:
    token = teams.signer.sign(claims())
    for _ in range(5):
        assert (await teams.send(invoke(), token))[0] == 200
    assert len(teams.inbox.arrivals) == 1
    teams.clock.pass_(hours=2)
    assert (await teams.send(invoke(), token))[0] == 401


async def test_a_body_without_a_length_is_counted_as_it_comes(teams: Teams) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(40):
            yield b" " * 10_000

    headers = {
        "Content-Type": "application/json",
        "Authorization": f"Bearer {teams.signer.sign(claims())}",
    }
    async with teams.client.post(URL, data=endless(), headers=headers) as answer:
        assert answer.status == 413


async def test_a_half_sent_body_is_refused(teams: Teams) -> None:
    port: int = teams.client.port or 0
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    token = teams.signer.sign(claims())
    head = f"POST {URL} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    writer.write(f"{head}Authorization: Bearer {token}\r\nContent-Length: 999\r\n\r\n{{".encode())
    writer.write_eof()
    await reader.read()
    writer.close()
    await writer.wait_closed()
    assert not teams.inbox.knocks


async def test_keys_rotate_within_five_minutes(
    teams: Teams, openid: FakeOpenId, other_signer: Signer
) -> None:
    assert (await teams.send(message()))[0] == 200
    openid.rotate(other_signer)
    assert (await teams.send(message(), other_signer.sign(claims())))[0] == 401
    teams.clock.pass_(minutes=5)
    new = other_signer.sign(claims(teams.clock()))
    answers = await asyncio.gather(*(teams.send(message(id=str(n)), new) for n in range(20)))
    assert {status for status, _ in answers} == {200}
    assert len(openid.asked) == 4, "twenty at once, one fetch"
    assert (await teams.send(message()))[0] == 401, "the old key is gone"


@pytest.mark.parametrize("trouble", ["down", "slow", "garbage", "elsewhere", "empty"])
async def test_good_traffic_goes_on_while_the_key_server_is_in_trouble(
    teams: Teams, openid: FakeOpenId, other_signer: Signer, trouble: str
) -> None:
    assert (await teams.send(message()))[0] == 200
    openid.status = 500 if trouble == "down" else 200
    openid.delay = 60 if trouble == "slow" else 0
    openid.garbage = trouble == "garbage"
    openid.elsewhere = "https://evil.example" if trouble == "elsewhere" else ""
    openid.entries = [] if trouble == "empty" else openid.entries
    teams.clock.pass_(hours=25)
    unknown = other_signer.sign(claims(teams.clock()))
    waiting = asyncio.create_task(teams.send(message(), unknown))
    for n in range(30):
        assert (await teams.send(message(id=str(n))))[0] == 200
    if trouble != "slow":
        assert (await waiting)[0] == 401
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    fetched = openid.asked[2:]
    assert len([path for path in fetched if path.endswith("configuration")]) == 1


async def test_a_key_server_that_was_down_at_the_start_is_asked_again(
    teams: Teams, openid: FakeOpenId
) -> None:
    openid.status = 500
    for _ in range(3):
        assert (await teams.send(message()))[0] == 401
    assert len(openid.asked) == 1
    openid.status = 200
    teams.clock.pass_(seconds=10)
    assert (await teams.send(message()))[0] == 200


@asynccontextmanager
async def local_door(
    session: aiohttp.ClientSession, openid: FakeOpenId
) -> AsyncGenerator[tuple[TestClient[web.Request, web.Application], FakeInbox]]:
    clock, program = Clock(), FakeInbox()
    keys = Keys(session, clock, openid.metadata)
    line = Connector(session, Local(), None)
    door = Door(Local(), keys, clock)
    channel = TeamsChannel(line, clock)
    inbox = TeamsInbox(door, Pipeline(line), program, channel, lambda lang: f"done ({lang})", b"x")
    app = web.Application()
    app.add_routes(inbox.routes())
    async with TestClient(TestServer(app)) as client:
        yield client, program


PLAYGROUND = {
    "serviceUrl": "http://localhost:56150/_connector",
    "from.aadObjectId": "00000000-0000-0000-0000-0000000000020",
    "conversation.tenantId": "00000000-0000-0000-0000-0000000000001",
    "channelData.tenant.id": "00000000-0000-0000-0000-0000000000001",
}


async def test_a_local_door_lets_the_playground_in_and_asks_no_one(
    session: aiohttp.ClientSession, openid: FakeOpenId
) -> None:
    async with local_door(session, openid) as (client, program):
        async with client.post(URL, json=message(**PLAYGROUND)) as answer:
            assert answer.status == 200
        assert len(program.arrivals) == 1
    assert not openid.asked


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:3978", "127.0.0.1", "127.0.0.1:80", "[::1]", "[::1]:3978"]
)
async def test_a_local_door_is_open_under_each_name_of_this_machine(
    session: aiohttp.ClientSession, openid: FakeOpenId, host: str
) -> None:
    async with local_door(session, openid) as (client, _):
        headers = {"Host": host.lower()}
        async with client.post(URL, json=message(**PLAYGROUND), headers=headers) as answer:
            assert answer.status == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "localhost.evil.example",
        "127.0.0.1.nip.io:80",
        "localhost:80:80",
        "localhost:evil",
        "localhost:",
        "evil:localhost",
        "X",
        "",
    ],
)
async def test_a_local_door_is_not_opened_by_a_page_under_another_name(
    session: aiohttp.ClientSession,
    openid: FakeOpenId,
    host: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with local_door(session, openid) as (client, program):
        headers = {"Host": host}
        async with client.post(URL, json=message(**PLAYGROUND), headers=headers) as answer:
            assert answer.status == 403
        assert not program.knocks
    assert "teams door: refused 403, not from this machine" in caplog.text


async def test_a_local_door_writes_to_this_machine_alone(
    session: aiohttp.ClientSession, openid: FakeOpenId
) -> None:
    async with local_door(session, openid) as (client, program):
        for url in (SERVICE, "http://evil.example/", "http://localhost@evil.example/"):
            async with client.post(URL, json=message(**PLAYGROUND | {"serviceUrl": url})) as answer:
                assert answer.status == 403
        assert not program.knocks
