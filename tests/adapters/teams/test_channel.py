"""What goes out to Teams arrives once, and every end has a name."""

import asyncio
import json
import logging
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest

from adapters.teams import connector as connector_module
from adapters.teams.access import Access
from adapters.teams.account import Cloud, Local, Reference
from adapters.teams.channel import TeamsChannel
from adapters.teams.connector import Connector
from adapters.teams.errors import TABLE, Answered, Lost, changed, outcome
from dialogs.card import Card, Paragraph
from dialogs.rich import plain
from nudges.delivery import Gone, Outcome, Refused, Sent, Unknown, Wait
from nudges.people import Address
from tests.adapters.teams.conftest import Teams
from tests.adapters.teams.fakes import FakeConnector, FakeEntra, Fault
from tests.adapters.teams.genuine import APP, NOW, PERSON, SECRET, TENANT, Clock, NearbyCloud

CARD = Card("A question", (Paragraph(plain("How is it?")),))


def address(connector: FakeConnector, **changes: str) -> Address:
    known = Reference(
        service=connector.service, chat="a:1", bot=f"28:{APP}", user="29:person", tenant=TENANT
    )
    return Address("teams", TENANT, PERSON, known.model_copy(update=changes).model_dump_json())


async def post(teams: Teams, to: Address) -> Outcome:
    return await teams.channel.post(to, teams.channel.draw(CARD, "T"), "d:1")


async def test_a_card_is_sent_replaced_and_taken_back(
    teams: Teams, connector: FakeConnector
) -> None:
    to = address(connector)
    sent = await post(teams, to)
    assert isinstance(sent, Sent)
    chat, number = json.loads(sent.ref)
    first = connector.chats[chat][number]
    assert first["attachments"][0]["content"]["body"][0]["text"] == "A question"
    assert first["summary"] == CARD.summary
    other = teams.channel.draw(Card("Thank you"), "T")
    assert await teams.channel.replace(to, sent.ref, other) == sent
    assert connector.chats[chat][number]["attachments"][0]["content"]["body"][0]["text"]
    assert await teams.channel.remove(to, sent.ref) == sent
    assert connector.chats[chat] == {}
    assert await teams.channel.remove(to, sent.ref) == sent, "gone is removed"
    assert {call.token for call in connector.calls} == {"Bearer pass-1"}


async def test_a_chat_that_is_gone_is_opened_again_once(
    teams: Teams, connector: FakeConnector
) -> None:
    to = address(connector, chat="a:gone")
    sent = await post(teams, to)
    assert isinstance(sent, Sent)
    tried, opened, again = connector.calls
    assert tried.path.endswith("/a%3Agone/activities")
    assert opened.body["members"] == [{"id": "29:person"}]
    assert opened.body["tenantId"] == TENANT
    assert again.body == tried.body
    assert json.loads(sent.ref)[0] == connector.people["29:person"]
    await post(teams, to)
    assert len(connector.calls) == 4, "the new chat is remembered"
    connector.chats.clear()
    connector.faults.extend([Fault(404, "ConversationNotFound")] * 3)
    assert isinstance(await post(teams, to), Gone)


async def test_someone_who_never_wrote_is_reached_by_their_entra_id(
    session: aiohttp.ClientSession, entra: FakeEntra, connector: FakeConnector
) -> None:
    account, clock = NearbyCloud(APP, SECRET, TENANT), Clock()
    access = Access(session, account, clock, entra.url)
    channel = TeamsChannel(Connector(session, account, access), clock)
    where = Reference(service=connector.service).model_dump_json()
    sent = await channel.post(Address("teams", TENANT, PERSON, where), channel.draw(CARD, "T"), "")
    assert isinstance(sent, Sent)
    assert connector.calls[0].body["members"] == [{"id": PERSON}]
    assert connector.calls[0].body["bot"] == {"id": f"28:{APP}"}


@pytest.mark.parametrize(
    ("fault", "kind", "words"),
    [
        (Fault(403, '{"error":{"code":"MessageWritesBlocked"}}'), Gone, "blocked"),
        (
            Fault(
                403,
                '{"error":{"code":"Forbidden","innerHttpError":{"body":{"subCode":'
                '"MessageWritesBlocked"}}}}',
            ),
            Gone,
            "blocked",
        ),
        (Fault(403, '{"error":{"code":"ConversationBlockedByUser"}}'), Gone, "blocked"),
        (Fault(403, '{"error":{"code":"BotNotInConversationRoster"}}'), Gone, "uninstalled"),
        (Fault(403, '{"error":{"code":"BotDisabledByAdmin"}}'), Gone, "disabled"),
        (Fault(403, '{"error":{"code":"ForbiddenOperationException"}}'), Gone, "uninstalled"),
        (Fault(403, '{"error":{"code":"InvalidBotApiHost"}}'), Refused, "service URL"),
        (Fault(403, "<html>"), Gone, "forbidden"),
        (Fault(400, '{"error":{"code":"BadSyntax"}}'), Refused, "message"),
        (Fault(400, '{"error":{"code":"MessageSizeTooBig"}}'), Refused, "large"),
        (Fault(413), Refused, "large"),
        (Fault(401, '{"error":{"code":"BotNotRegistered"}}'), Refused, "registered"),
        (Fault(401), Wait, "token"),
        (Fault(405), Refused, "405"),
        (Fault(412), Wait, "412"),
        (Fault(429), Wait, "429"),
        (Fault(503), Wait, "503"),
        (Fault(408), Unknown, "408"),
        (Fault(500, '{"error":{"code":"ServiceError"}}'), Unknown, "500"),
        (Fault(502), Unknown, "502"),
        (Fault(504), Unknown, "504"),
        (Fault(599), Unknown, "599"),
        (Fault(302, headers={"Location": "https://evil.example"}), Refused, "302"),
        (Fault(418), Refused, "418"),
        (Fault(201, "<html>"), Unknown, "name"),
        (Fault(201, '{"id": 5}'), Unknown, "name"),
        (Fault(201, "[" * 9000), Unknown, "name"),
        (Fault(how="cut"), Unknown, "no answer"),
        (Fault(how="half"), Unknown, "no answer"),
    ],
)
async def test_every_fault_has_its_outcome(
    teams: Teams, connector: FakeConnector, fault: Fault, kind: type, words: str
) -> None:
    connector.faults.append(fault)
    told = await post(teams, address(connector))
    assert isinstance(told, kind)
    assert words in getattr(told, "why", "")
    assert len(connector.calls) == 1, "nothing is sent twice"
    connector.faults.append(fault)
    again = await teams.channel.replace(address(connector), '["a:1","1"]', "{}")
    assert not isinstance(again, Unknown), "a replacement may be done twice"


async def test_an_answer_that_never_comes_is_unknown(
    teams: Teams, connector: FakeConnector, monkeypatch: pytest.MonkeyPatch
) -> None:
    connector.faults.append(Fault(how="hang"))
    monkeypatch.setattr(connector_module, "LONGEST_CALL", aiohttp.ClientTimeout(total=0.2))
    assert isinstance(await post(teams, address(connector)), Unknown)


@pytest.mark.parametrize(
    ("after", "seconds"),
    [
        ("120", 120),
        ("0", 5),
        ("1.5", 5),
        ("90000", 90000),
        ("soon", 5),
        ("", 5),
        ("-3", 5),
        ("Mon, 16 Nov 2026 08:10:00 GMT", 600),
        ("Mon, 16 Nov 2026 07:00:00 GMT", 5),
    ],
)
def test_retry_after_is_never_undercut(after: str, seconds: int) -> None:
    told = outcome(Answered(429, "", after), NOW)
    assert isinstance(told, Wait)
    assert told.until == NOW + timedelta(seconds=seconds)


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row[0]} {row[1]}")
def test_every_row_of_the_table_can_be_reached(row: tuple[int, str, Any, str]) -> None:
    status, code, make, why = row
    told = outcome(Answered(status or 400, code), datetime(2026, 11, 16, tzinfo=UTC))
    assert told == make(f"{status or 400}: {why}", datetime(2026, 11, 16, 0, 0, 5, tzinfo=UTC))


def test_a_doubt_is_a_doubt_only_for_a_new_message() -> None:
    assert isinstance(outcome(Lost("x"), NOW), Unknown)
    assert isinstance(changed(Lost("x"), NOW), Wait)
    assert isinstance(changed(Answered(404), NOW), Gone)
    assert isinstance(changed(Answered(404), NOW, removal=True), Sent)


async def test_no_connection_means_nothing_was_sent(teams: Teams, connector: FakeConnector) -> None:
    nobody = address(connector, service="http://127.0.0.1:9/")
    told = await post(teams, nobody)
    assert isinstance(told, Wait)
    assert told.until > NOW


@pytest.mark.parametrize("service", ["https://evil.example/", "http://smba.trafficmanager.net/"])
async def test_our_token_goes_to_microsoft_alone(
    teams: Teams, connector: FakeConnector, entra: FakeEntra, service: str
) -> None:
    assert isinstance(await post(teams, address(connector, service=service)), Refused)
    assert not entra.asked


async def test_what_is_too_large_or_has_no_address_is_not_tried(
    teams: Teams, connector: FakeConnector
) -> None:
    huge = json.dumps({"text": "x" * 90_000})
    assert isinstance(await teams.channel.post(address(connector), huge, ""), Refused)
    assert isinstance(await teams.channel.replace(address(connector), '["a","b"]', huge), Refused)
    for reference in ("no json", '{"service": 5}', "[]"):
        nowhere = Address("teams", TENANT, PERSON, reference)
        assert isinstance(await post(teams, nowhere), Gone)
    for ref in ("", "x", "[]", '["a"]', '["a", ""]', '{"a": 1}', "[1, 2]"):
        assert isinstance(await teams.channel.replace(address(connector), ref, "{}"), Refused)
    assert not connector.calls


async def test_a_chat_is_never_a_path(teams: Teams, connector: FakeConnector) -> None:
    await post(teams, address(connector, chat="../../v3/x?y=1#z"))
    assert connector.calls[0].path == (
        "/emea/v3/conversations/..%2F..%2Fv3%2Fx%3Fy%3D1%23z/activities"
    )


async def test_teams_cannot_tell_what_arrived(teams: Teams, connector: FakeConnector) -> None:
    assert isinstance(await teams.channel.find(address(connector), "d:1"), Unknown)


async def test_one_token_lasts_fifty_minutes_and_is_fetched_once_for_all(
    teams: Teams, connector: FakeConnector, entra: FakeEntra, clock: Clock
) -> None:
    to = address(connector)
    await asyncio.gather(*(post(teams, to) for _ in range(20)))
    assert len(entra.asked) == 1
    assert entra.asked[0] == {
        "grant_type": "client_credentials",
        "client_id": APP,
        "client_secret": SECRET,
        "scope": "https://api.botframework.com/.default",
        "tenant": TENANT,
    }
    clock.pass_(minutes=50)
    await post(teams, to)
    assert len(entra.asked) == 1
    clock.pass_(minutes=1)
    await post(teams, to)
    await settle(teams.access)
    await post(teams, to)
    assert len(entra.asked) == 2
    assert connector.calls[-1].token == "Bearer pass-2"  # noqa: S105 - made up


@pytest.mark.parametrize("trouble", ["down", "slow"])
async def test_the_last_good_token_goes_on_while_entra_is_in_trouble(
    teams: Teams, connector: FakeConnector, entra: FakeEntra, clock: Clock, trouble: str
) -> None:
    to = address(connector)
    await post(teams, to)
    entra.status = 500 if trouble == "down" else 200
    entra.delay = 60 if trouble == "slow" else 0
    clock.pass_(minutes=55)
    for _ in range(20):
        assert isinstance(await post(teams, to), Sent)
        clock.pass_(seconds=1)
    assert {call.token for call in connector.calls} == {"Bearer pass-1"}
    assert len(entra.asked) == 2


async def test_without_any_token_nothing_is_sent_and_it_waits(
    teams: Teams,
    connector: FakeConnector,
    entra: FakeEntra,
    clock: Clock,
    caplog: pytest.LogCaptureFixture,
) -> None:
    entra.status = 401
    caplog.set_level(logging.DEBUG)
    for _ in range(5):
        assert isinstance(await post(teams, address(connector)), Wait)
    assert len(entra.asked) == 1
    assert not connector.calls
    assert SECRET not in caplog.text
    entra.status = 200
    clock.pass_(seconds=30)
    assert isinstance(await post(teams, address(connector)), Sent)


async def test_a_token_that_teams_refuses_is_replaced_soon_but_not_at_once(
    teams: Teams, connector: FakeConnector, entra: FakeEntra, clock: Clock
) -> None:
    connector.faults.extend([Fault(401)] * 2)
    assert isinstance(await post(teams, address(connector)), Wait)
    assert len(entra.asked) == 1
    clock.pass_(minutes=5)
    await post(teams, address(connector))
    await settle(teams.access)
    assert len(entra.asked) == 2


async def settle(access: Access) -> None:
    fetching = access._fetching  # pyright: ignore[reportPrivateUsage]
    if fetching:
        await fetching


def test_an_account_and_its_access_belong_together(teams: Teams) -> None:
    with pytest.raises(ValueError, match="cloud"):
        Connector(teams.session, NearbyCloud(APP, SECRET, TENANT), None)
    with pytest.raises(ValueError, match="local"):
        Connector(teams.session, Local(), teams.access)


def test_a_secret_is_never_shown() -> None:
    assert not re.search(SECRET, repr(Cloud(APP, SECRET, TENANT)))
