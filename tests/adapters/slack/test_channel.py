"""Sending: every way a call can end, and a mark read back after a sending in doubt."""

import json
from datetime import datetime, timedelta

import pytest
from aiohttp import ClientSession, ClientTimeout

from adapters.slack.api import Api, Denied, Done, Limited, Lost, Unsent
from adapters.slack.channel import SlackChannel
from adapters.slack.errors import ERRORS, Later, outcome
from adapters.slack.workspaces import Installed, MemoryWorkspaces, Workspace
from bot.carrier import Channel
from dialogs import gallery
from dialogs.card import Card
from dialogs.picture import Picture
from nudges.address import Address
from nudges.delivery import Gone, Outcome, Refused, Sent, Unknown, Wait
from tests.adapters.slack.desk import NOW, Clock
from tests.adapters.slack.fake import Cuts, Fails, FakeSlack, Hangs, Script, error, limited

TO = Address("slack", "T1", "U1")
CARD = Card("Hello <!channel>")


def channel(slack: FakeSlack, session: ClientSession, clock: Clock | None = None) -> SlackChannel:
    clock = clock or Clock()
    api = Api(session, f"{slack.origin}/api", timeout=ClientTimeout(total=2, connect=1))
    return SlackChannel(api, Installed(MemoryWorkspaces(Workspace("T1", "xoxb-1")), clock), clock)


def as_courier_sees_it(way_out: SlackChannel) -> Channel:
    return way_out


async def test_words_go_where_slack_cannot_fetch_a_picture(
    slack: FakeSlack, session: ClientSession
) -> None:
    way_out = channel(slack, session)
    shown = Card("T", (Picture("", (), "4 in 10 know why.", "https://w.example/pictures/a.png"),))
    drawn = way_out.draw(shown, "t")
    slack.next("chat.postMessage", error("invalid_blocks"))
    sent = await way_out.post(TO, drawn, "delivery-1")
    assert isinstance(sent, Sent)
    (message,) = slack.said("U1")
    assert [block["type"] for block in message["blocks"]] == ["header", "section"]
    assert message["blocks"][1]["text"]["text"] == "4 in 10 know why."
    assert message["metadata"]["event_payload"] == {"mark": "delivery-1"}
    assert await way_out.replace(TO, sent.ref, drawn) == sent
    assert [b["type"] for b in slack.said("U1")[0]["blocks"]] == ["header", "image"]
    slack.next("chat.update", error("invalid_blocks"))
    assert await way_out.replace(TO, sent.ref, drawn) == sent
    assert [b["type"] for b in slack.said("U1")[0]["blocks"]] == ["header", "section"]
    slack.next("chat.postMessage", error("invalid_blocks"))
    refused = await way_out.post(TO, way_out.draw(CARD, "t"), "delivery-2")
    assert refused == Refused("Slack does not accept the card")


async def test_a_message_is_posted_replaced_and_removed(
    slack: FakeSlack, session: ClientSession
) -> None:
    way_out = as_courier_sees_it(channel(slack, session))
    sent = await way_out.post(TO, way_out.draw(CARD, "t"), "delivery-1")
    assert sent == Sent("DU1/1700000000.000001")
    assert isinstance(sent, Sent)
    (message,) = slack.said("U1")
    assert message["text"] == "Hello &lt;!channel&gt;"
    assert message["metadata"] == {
        "event_type": "wayfinder_delivery",
        "event_payload": {"mark": "delivery-1"},
    }
    assert slack.calls[0].arguments["mrkdwn"] is False
    assert slack.calls[0].arguments["channel"] == "U1"
    other = way_out.draw(Card("Other"), "t")
    assert await way_out.replace(TO, sent.ref, other) == sent
    assert await way_out.replace(TO, sent.ref, other) == sent
    assert [m["text"] for m in slack.said("U1")] == ["Other"]
    assert await way_out.remove(TO, sent.ref) == sent
    assert slack.said("U1") == []
    assert await way_out.remove(TO, sent.ref) == sent
    assert await way_out.replace(TO, sent.ref, other) == Refused(
        "the message cannot be found any more"
    )


async def test_every_card_can_be_sent(slack: FakeSlack, session: ClientSession) -> None:
    way_out = channel(slack, session)
    for name, card in gallery.cards("nl"):
        sent = await way_out.post(TO, way_out.draw(card, "t"), name)
        assert isinstance(sent, Sent)


GONE: dict[str, tuple[dict[str, object], str]] = {
    "nobody": ({}, "the chat cannot be found"),
    "deactivated": ({"deleted": True}, "this person's account is deactivated"),
    "closed": ({"closed": True}, "this person cannot get direct messages from the app"),
}


@pytest.mark.parametrize("name", GONE)
async def test_who_is_gone_is_told_apart(
    name: str, slack: FakeSlack, session: ClientSession
) -> None:
    facts, why = GONE[name]
    if facts:
        slack.members["U2"] = {"id": "U2", **facts}
    way_out = channel(slack, session)
    to = Address("slack", "T1", "U2")
    assert await way_out.post(to, way_out.draw(CARD, "t"), "m") == Gone(why)


async def test_a_workspace_without_the_app_is_gone(
    slack: FakeSlack, session: ClientSession
) -> None:
    way_out = channel(slack, session)
    elsewhere = Address("slack", "T2", "U1")
    gone = Gone("the app is not installed in this workspace")
    assert await way_out.post(elsewhere, way_out.draw(CARD, "t"), "m") == gone
    assert await way_out.replace(elsewhere, "D/1", way_out.draw(CARD, "t")) == gone
    assert await way_out.remove(elsewhere, "D/1") == gone
    assert isinstance(await way_out.find(elsewhere, "m"), Unknown)
    assert slack.calls == []


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


ASKED = "Slack asked to wait"
GARBAGE = Fails(200, b"<html>maintenance</html>", kind="text/html")
ENDS: dict[str, tuple[Script, Outcome, Outcome | None]] = {
    # the script, the end of a post, and of a replacement where it differs
    "a limit": (limited("7"), Wait(after(7), ASKED, everyone=True), None),
    "a long limit": (limited("3600"), Wait(after(3600), ASKED, everyone=True), None),
    "a fraction": (limited("1.5"), Wait(after(1.5), ASKED, everyone=True), None),
    "a limit without a time": (Fails(429, b""), Wait(after(30), ASKED, everyone=True), None),
    "a limit of nonsense": (limited("soon"), Wait(after(30), ASKED, everyone=True), None),
    "a negative limit": (limited("-5"), Wait(after(30), ASKED, everyone=True), None),
    "an endless limit": (limited("1e300"), Wait(after(86_400), ASKED, everyone=True), None),
    "a limit that is no number": (limited("nan"), Wait(after(30), ASKED, everyone=True), None),
    "a limit in the body": (error("ratelimited"), Wait(after(30), ASKED, everyone=True), None),
    "a bad card": (error("invalid_blocks"), Refused("Slack does not accept the card"), None),
    "a long card": (error("msg_too_long"), Refused("the card is too long"), None),
    "an unknown error": (error("new_error"), Refused("Slack said new_error"), None),
    "an error of markup": (error("<!x> " * 50), Refused("Slack said no"), None),
    "a bad request": (Fails(400, b"no"), Refused("Slack said http_400"), None),
    "a redirect": (
        Fails(302, b"", {"Location": "http://127.0.0.1:1/"}),
        Refused("Slack said http_302"),
        None,
    ),
    "away": (error("service_unavailable", 503), Wait(after(10), "Slack is not available"), None),
    "halfway": (
        error("fatal_error"),
        Unknown("Slack failed halfway"),
        Wait(after(10), "Slack failed halfway"),
    ),
    "a fault": (
        Fails(500, b"oops"),
        Unknown("an answer 500 that is not Slack's"),
        Wait(after(10), "an answer 500 that is not Slack's"),
    ),
    "a gateway": (
        Fails(502, b""),
        Unknown("an answer 502 that is not Slack's"),
        Wait(after(10), "an answer 502 that is not Slack's"),
    ),
    "garbage": (
        GARBAGE,
        Unknown("an answer 200 that is not Slack's"),
        Wait(after(10), "an answer 200 that is not Slack's"),
    ),
    "a list": (
        Fails(200, b"[1]"),
        Unknown("an answer 200 that is not Slack's"),
        Wait(after(10), "an answer 200 that is not Slack's"),
    ),
    "half an answer": (
        Fails(200, b'{"ok": tr'),
        Unknown("an answer 200 that is not Slack's"),
        Wait(after(10), "an answer 200 that is not Slack's"),
    ),
    "deep": (
        Fails(200, b"[" * 50_000),
        Unknown("an answer 200 that is not Slack's"),
        Wait(after(10), "an answer 200 that is not Slack's"),
    ),
    "a cut": (
        Cuts(),
        Unknown("ServerDisconnectedError"),
        Wait(after(10), "ServerDisconnectedError"),
    ),
    "silence": (Hangs(4), Unknown("TimeoutError"), Wait(after(10), "TimeoutError")),
    "an answer without a name": (
        Fails(200, b'{"ok":true}'),
        Unknown("Slack did not name the message"),
        Sent("DU1/1"),
    ),
}


@pytest.mark.parametrize("name", ENDS)
async def test_a_call_ends(name: str, slack: FakeSlack, session: ClientSession) -> None:
    script, posted, replaced = ENDS[name]
    slack.next("chat.postMessage", script)
    slack.next("chat.update", script)
    slack.messages["DU1"]["1"] = {"ts": "1"}
    way_out = channel(slack, session)
    payload = way_out.draw(CARD, "t")
    assert await way_out.post(TO, payload, "m") == posted
    assert await way_out.replace(TO, "DU1/1", payload) == (replaced or posted)
    assert [call.method for call in slack.calls] == ["chat.postMessage", "chat.update"]


async def test_answers_go_to_slack_or_to_the_local_peer(session: ClientSession) -> None:
    cloud, local = Api(session), Api(session, "http://127.0.0.1:3000/api/")
    assert cloud.trusts("https://hooks.slack.com/actions/T1/1/x")
    assert not cloud.trusts("http://127.0.0.1:3000/_hooks/response/1")
    assert local.trusts("http://127.0.0.1:3000/_hooks/response/1")
    assert not local.trusts("https://hooks.slack.com/actions/T1/1/x")


async def test_a_slack_that_cannot_be_reached_has_got_nothing(
    slack: FakeSlack, session: ClientSession
) -> None:
    way_out = channel(slack, session)
    await slack.stop()
    why = "Slack cannot be reached (ClientConnectorError)"
    assert await way_out.post(TO, way_out.draw(CARD, "t"), "m") == Wait(
        after(10), why, everyone=True
    )


@pytest.mark.parametrize(
    ("script", "arrived"),
    [(Cuts(done=True), True), (Cuts(done=False), False), (Hangs(4), True), (Fails(502), False)],
)
async def test_a_sending_in_doubt_is_found_by_its_mark(
    script: Script,
    arrived: bool,  # noqa: FBT001 - the case
    slack: FakeSlack,
    session: ClientSession,
) -> None:
    slack.next("chat.postMessage", script)
    way_out = channel(slack, session)
    payload = way_out.draw(CARD, "t")
    assert isinstance(await way_out.post(TO, payload, "delivery-1"), Unknown)
    for n in range(2, 5):
        await way_out.post(TO, payload, f"delivery-{n}")
    found = await way_out.find(TO, "delivery-1")
    assert (found == Sent("DU1/1700000000.000001")) is arrived
    assert (found is None) is not arrived


async def test_a_mark_is_looked_for_on_older_pages(
    slack: FakeSlack, session: ClientSession
) -> None:
    slack.page = 2
    way_out = channel(slack, session)
    for n in range(9):
        await way_out.post(TO, way_out.draw(CARD, "t"), f"delivery-{n}")
    assert isinstance(await way_out.find(TO, "delivery-4"), Sent)
    assert isinstance(await way_out.find(TO, "delivery-0"), Unknown)
    assert isinstance(await way_out.find(TO, "delivery-99"), Unknown)


@pytest.mark.parametrize(
    "script",
    [
        error("missing_scope"),
        limited("60"),
        Fails(500),
        Cuts(),
        Fails(200, b'{"ok":true,"messages":7,"has_more":true}'),
    ],
)
async def test_a_chat_that_cannot_be_read_leaves_the_doubt(
    script: Script, slack: FakeSlack, session: ClientSession
) -> None:
    slack.next("conversations.history", script)
    found = await channel(slack, session).find(TO, "m")
    assert found == Unknown("the chat could not be read back")


async def test_a_known_chat_is_not_asked_for(slack: FakeSlack, session: ClientSession) -> None:
    way_out = channel(slack, session)
    assert await way_out.find(Address("slack", "T1", "U1", "DU1"), "m") is None
    assert await way_out.find(TO, "m") is None
    asked = [call.method for call in slack.calls]
    assert asked == ["conversations.history", "conversations.open", "conversations.history"]
    assert slack.calls[0].arguments == {
        "channel": "DU1",
        "limit": "100",
        "include_all_metadata": "1",
    }


@pytest.mark.parametrize("ref", ["", "D1", "D1/"])
async def test_a_message_without_a_name_is_left_alone(
    ref: str, slack: FakeSlack, session: ClientSession
) -> None:
    way_out = channel(slack, session)
    assert isinstance(await way_out.replace(TO, ref, "{}"), Refused)
    assert isinstance(await way_out.remove(TO, ref), Refused)
    assert slack.calls == []


@pytest.mark.parametrize("name", ERRORS)
def test_every_error_has_one_meaning(name: str) -> None:
    found = outcome(Denied(name), NOW)
    match ERRORS[name]:
        case Later(pause, why):
            assert found == Wait(NOW + pause, why)
        case meaning:
            assert found == meaning
    again = outcome(Denied(name), NOW, again=True)
    assert isinstance(again, Wait) if isinstance(found, Unknown) else again == found


def test_every_end_is_an_outcome() -> None:
    assert outcome(Done({}), NOW, ref="D/1") == Sent("D/1")
    assert outcome(Limited(2.5), NOW) == Wait(after(2.5), ASKED, everyone=True)
    assert isinstance(outcome(Unsent("x"), NOW), Wait)
    assert outcome(Lost("x"), NOW) == Unknown("x")


def test_what_is_drawn_is_json_with_a_line_for_notifications() -> None:
    for _, card in gallery.cards("en"):
        clock = Clock()
        way_out = SlackChannel(None, Installed(MemoryWorkspaces(), clock), clock)  # pyright: ignore[reportArgumentType] - drawing calls nobody
        drawn = json.loads(way_out.draw(card, "t"))
        assert drawn["text"].strip()
        assert drawn["blocks"]
