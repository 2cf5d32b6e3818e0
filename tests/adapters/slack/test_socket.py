"""Socket Mode: an envelope is acknowledged when what it says is stored, and not before."""

import asyncio
import logging
from collections.abc import AsyncIterator

import pytest

from adapters.slack.blocks import message, pack
from adapters.slack.bolt import Connection, framework_log
from dialogs.card import Card, Tap
from dialogs.doorway import DrawnCard, Reply
from tests.adapters.slack.desk import Desk, callback, command, said, submission, tap
from tests.adapters.slack.fake import Fails, FakeSlack

VALUE = pack(Tap("pulse.answer", "4"), "token-7")


@pytest.fixture
async def connected(desk: Desk, slack: FakeSlack) -> AsyncIterator[Desk]:
    connection = Connection("xapp-1", f"{slack.origin}/api/", desk.way_in.envelope)
    await connection.connect_async()
    yield desk
    await connection.close_async()
    await asyncio.sleep(0)


def envelope(kind: str, payload: object, number: int = 1) -> dict[str, object]:
    return {
        "type": kind,
        "envelope_id": f"e{number}",
        "payload": payload,
        "accepts_response_payload": kind != "events_api",
    }


async def test_an_event_is_stored_and_acknowledged(connected: Desk) -> None:
    await connected.slack.send(envelope("events_api", callback(said("hello"))))
    assert await connected.slack.acknowledged.get() == {"envelope_id": "e1"}
    assert list(connected.inbox.arrived) == ["slack:T1:message:Ev1"]


async def test_what_is_not_stored_is_not_acknowledged_and_comes_again(connected: Desk) -> None:
    connected.inbox.broken = True
    await connected.slack.send(envelope("events_api", callback(said("hello"))))
    await asyncio.sleep(0.05)
    assert connected.slack.acknowledged.empty()
    connected.inbox.broken = False
    await connected.slack.send(envelope("events_api", callback(said("hello")), 3))
    assert await connected.slack.acknowledged.get() == {"envelope_id": "e3"}
    assert len(connected.inbox.arrived) == 1


async def test_a_command_is_answered_in_its_acknowledgement(connected: Desk) -> None:
    card = Card("One")
    connected.inbox.replies = [Reply("en", shown=(DrawnCard(card, "t"),))]
    await connected.slack.send(envelope("slash_commands", command("help")))
    assert await connected.slack.acknowledged.get() == {
        "envelope_id": "e1",
        "payload": {"response_type": "ephemeral", **message(card, "t")},
    }


async def test_a_form_is_closed_or_corrected(connected: Desk) -> None:
    connected.inbox.replies = [Reply("en"), Reply("en", errors={"a": "Too short"})]
    fields = {"a": {"a": {"value": "x"}}}
    for number, metadata in enumerate((VALUE, VALUE.replace("4", "5"))):
        await connected.slack.send(envelope("interactive", submission(metadata, fields), number))
        fields = {"a": {"a": {"value": "y"}}}
        acknowledged = await connected.slack.acknowledged.get()
        wanted = ["clear", "errors"][number]
        assert acknowledged["payload"]["response_action"] == wanted


@pytest.mark.parametrize(
    "payload",
    [
        callback(said("x"), team_id="T2"),
        callback(said("x"), api_app_id="A2"),
        callback({"type": "message", "channel_type": "im", "user": 7}),
        callback({"type": "something_new"}),
        {"type": "event_callback"},
        tap("", actions=[]),
    ],
)
async def test_what_asks_nothing_is_acknowledged_so_that_it_does_not_come_again(
    payload: object, connected: Desk
) -> None:
    await connected.slack.send(envelope("events_api", payload))
    assert await connected.slack.acknowledged.get() == {"envelope_id": "e1"}
    assert connected.inbox.accepted == 0


async def test_the_framework_logs_places_and_no_words(
    desk: Desk, slack: FakeSlack, caplog: pytest.LogCaptureFixture
) -> None:
    assert framework_log().filters
    slack.next("apps.connections.open", Fails(200, b'{"ok":false,"error":"canary-error"}'))
    connection = Connection("xapp-canary", f"{slack.origin}/api/", desk.way_in.envelope)
    connection.client.ping_interval = 0.01
    with caplog.at_level(logging.DEBUG, logger="slack_bolt"):
        await connection.connect_async()
    await connection.close_async()
    assert "slack's framework at __init__.py line" in caplog.text
    assert "canary" not in caplog.text
