"""What Slack is told on the same request: a table per kind, on a fake Slack that keeps it."""

import json
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from adapters.slack.blocks import blocks, home, message, pack
from adapters.slack.payloads import read, request
from adapters.slack.views import modal
from dialogs.card import Button, Card, ChoiceField, Form, Option, Paragraph, Row, Tap, TextField
from dialogs.doorway import DrawnCard, DrawnForm, Reply
from dialogs.rich import plain
from dialogs.turns import Filled
from tests.adapters.slack.desk import Desk, callback, command, said, shortcut, submission, tap
from tests.adapters.slack.fake import error, limited

ONE = DrawnCard(Card("One", (Paragraph(plain("a")), Row((Button("b", Tap("v", "1")),)))), "token-1")
TWO = DrawnCard(Card("Two"), "token-2")
FORM = DrawnForm(
    Form("Tell", (TextField("text", "Words", "many"),), "Send", "Cancel", Tap("told", "B4")),
    "token-3",
)
VALUE = pack(Tap("pulse.answer", "4"), "token-7")
DRAWN_ONE, DRAWN_TWO = message(ONE.card, ONE.token), message(TWO.card, TWO.token)
TYPED = {"text": {"text": {"type": "plain_text_input", "value": "x"}}}
MENTION = callback({"type": "app_mention", "user": "U1", "channel": "C1", "text": "<@UBOT> hi"})
HOME = callback({"type": "app_home_opened", "user": "U1", "tab": "home"})


def hook(desk: Desk) -> str:
    return f"{desk.slack.origin}/hook/here"


def reply(**told: object) -> Reply:
    return Reply("en", **told)  # pyright: ignore[reportArgumentType] - the case says which


async def test_a_message_is_stored_and_acknowledged_and_nothing_else(desk: Desk) -> None:
    assert await desk.event(callback(said("hello"))) == (200, "")
    await desk.way_in.close()
    assert list(desk.inbox.arrived) == ["slack:T1:message:Ev1"]
    assert desk.slack.calls == []
    assert desk.inbox.waits == []


async def test_what_cannot_be_stored_is_not_acknowledged(desk: Desk) -> None:
    desk.inbox.broken = True
    for sent in (callback(said("hello")), HOME):
        assert (await desk.event(sent))[0] == 503
    assert (await desk.action(tap(VALUE)))[0] == 503
    assert (await desk.form(command("help")))[0] == 503
    await desk.way_in.close()
    assert desk.slack.calls == []


async def test_a_tap_opens_a_form_in_time(desk: Desk) -> None:
    desk.inbox.replies = [reply(form=FORM)]
    assert await desk.action(tap(VALUE)) == (200, "")
    await desk.way_in.close()
    (call,) = desk.slack.calls
    assert (call.method, call.token) == ("views.open", "xoxb-1")
    assert call.arguments["trigger_id"] == "12466734323.1395872398.abc"
    assert call.arguments["view"] == modal(FORM.form, FORM.token)
    assert desk.inbox.waits == [timedelta(seconds=2.4)]


async def test_a_tap_on_a_message_leaves_its_replacing_to_the_delivery(desk: Desk) -> None:
    desk.inbox.replies = [reply(instead=ONE)]
    assert await desk.action(tap(VALUE)) == (200, "")
    await desk.way_in.close()
    assert desk.slack.calls == []
    assert desk.slack.responses == []


async def test_a_tap_on_a_passing_reply_replaces_that_reply(desk: Desk) -> None:
    desk.inbox.replies = [reply(instead=ONE, shown=(TWO,))]
    passing = {"type": "message", "is_ephemeral": True}
    await desk.action(tap(VALUE, container=passing, response_url=hook(desk)))
    await desk.way_in.close()
    assert desk.slack.responses == [
        {"hook": "here", "replace_original": True, **DRAWN_ONE},
        {
            "hook": "here",
            "response_type": "ephemeral",
            "replace_original": False,
            **DRAWN_TWO,
        },
    ]


async def test_a_tap_at_home_changes_the_home_page(desk: Desk) -> None:
    desk.inbox.replies = [reply(instead=ONE)]
    at_home = {"container": {"type": "view"}, "view": {"type": "home"}, "channel": None}
    await desk.action(tap(VALUE, **at_home))
    await desk.way_in.close()
    assert desk.slack.homes == {"U1": home(ONE.card, ONE.token)}


async def test_the_home_page_is_drawn_when_it_is_opened(desk: Desk) -> None:
    desk.inbox.replies = [reply(instead=ONE)]
    assert await desk.event(HOME) == (200, "")
    await desk.way_in.close()
    assert desk.slack.homes == {
        "U1": {"type": "home", "blocks": blocks(ONE.card, "token-1", "home")}
    }


async def test_a_mention_is_answered_to_the_one_who_asked(desk: Desk) -> None:
    desk.inbox.replies = [reply(shown=(ONE, TWO))]
    await desk.event(MENTION)
    await desk.way_in.close()
    where = {"channel": "C1", "user": "U1"}
    assert desk.slack.ephemeral == [where | DRAWN_ONE, where | DRAWN_TWO]


async def test_a_mention_in_a_thread_is_answered_there(desk: Desk) -> None:
    desk.inbox.replies = [reply(shown=(ONE,))]
    event = {"type": "app_mention", "user": "U1", "channel": "C1", "text": "x", "thread_ts": "1.2"}
    await desk.event(callback(event))
    await desk.way_in.close()
    assert desk.slack.ephemeral == [
        {"channel": "C1", "user": "U1", "thread_ts": "1.2", **DRAWN_ONE}
    ]


async def test_a_shortcut_is_answered_to_the_one_who_used_it(desk: Desk) -> None:
    desk.inbox.replies = [reply(shown=(ONE,))]
    await desk.action(shortcut("how do I log a call?", response_url=hook(desk)))
    await desk.way_in.close()
    (shown,) = desk.slack.responses
    assert shown["response_type"] == "ephemeral"
    assert shown["blocks"] == DRAWN_ONE["blocks"]


async def test_a_command_is_answered_in_its_response(desk: Desk) -> None:
    desk.inbox.replies = [reply(shown=(ONE, TWO))]
    status, body = await desk.form(command("help", response_url=hook(desk)))
    await desk.way_in.close()
    assert status == 200
    assert json.loads(body) == {"response_type": "ephemeral", **DRAWN_ONE}
    assert [r["text"] for r in desk.slack.responses] == ["Two"]


async def test_a_command_that_takes_long_is_answered_a_little_later(desk: Desk) -> None:
    desk.inbox.replies = [None, reply(shown=(ONE,))]
    assert await desk.form(command("find acme", response_url=hook(desk))) == (200, "")
    await desk.way_in.close()
    assert [r["text"] for r in desk.slack.responses] == ["One: a"]
    assert desk.inbox.waits == [timedelta(seconds=2.4), timedelta(seconds=20)]


async def test_a_command_may_open_a_form_or_say_nothing(desk: Desk) -> None:
    desk.inbox.replies = [reply(form=FORM), reply()]
    assert await desk.form(command("comment")) == (200, "")
    assert await desk.form(command("ok", trigger_id="1.2.3")) == (200, "")
    await desk.way_in.close()
    assert [c.method for c in desk.slack.calls] == ["views.open"]


async def test_a_form_closes(desk: Desk) -> None:
    status, body = await desk.action(submission(VALUE, TYPED))
    assert (status, json.loads(body)) == (200, {"response_action": "clear"})


async def test_a_form_whose_answer_takes_long_closes_all_the_same(desk: Desk) -> None:
    desk.inbox.replies = [None]
    status, body = await desk.action(submission(VALUE, TYPED))
    assert (status, json.loads(body)) == (200, {"response_action": "clear"})
    assert len(desk.inbox.arrived) == 1


async def test_a_mistake_is_shown_beside_its_field(desk: Desk) -> None:
    desk.inbox.replies = [reply(errors={"text": "Too short", "elsewhere": "Not so"})]
    _, body = await desk.action(submission(VALUE, {"day": {"day": {}}, **TYPED}))
    assert json.loads(body) == {
        "response_action": "errors",
        "errors": {"text": "Too short", "day": "Not so"},
    }


async def test_a_form_can_lead_to_another(desk: Desk) -> None:
    desk.inbox.replies = [reply(form=FORM)]
    _, body = await desk.action(submission(VALUE, TYPED))
    view = modal(FORM.form, FORM.token)
    assert json.loads(body) == {"response_action": "update", "view": view}


async def test_a_form_opened_at_home_changes_the_home_page(desk: Desk) -> None:
    at_home = {"container": {"type": "view"}, "view": {"type": "home"}, "channel": None}
    desk.inbox.replies = [reply(form=FORM), reply(instead=ONE)]
    await desk.action(tap(VALUE, **at_home))
    await desk.way_in.close()
    metadata = desk.slack.views[0]["view"]["private_metadata"]
    asked = request(submission(metadata, TYPED), b"secret")
    assert asked is not None
    turn = read(asked.arrival.body)
    assert isinstance(turn, Filled)
    assert (turn.verb, turn.choice, turn.token) == ("told", "B4", "token-3")
    await desk.action(submission(metadata, TYPED))
    await desk.way_in.close()
    assert list(desk.slack.homes) == ["U1"]


async def test_a_form_opened_on_a_passing_reply_changes_that_reply(desk: Desk) -> None:
    passing = {"type": "message", "is_ephemeral": True}
    desk.inbox.replies = [reply(form=FORM), reply(instead=ONE)]
    await desk.action(tap(VALUE, container=passing, response_url=hook(desk)))
    await desk.way_in.close()
    metadata = desk.slack.views[0]["view"]["private_metadata"]
    await desk.action(submission(metadata, TYPED))
    await desk.way_in.close()
    assert [(r["replace_original"], r["text"]) for r in desk.slack.responses] == [(True, "One: a")]


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/hook",
        "http://hooks.slack.com/x",
        "https://hooks.slack.com.evil.example/x",
        "https://hooks.slack.com@evil.example/x",
        "https://hooks.slack.com:8443/x",
        "http://169.254.169.254/latest",
        "http://[::1]/x",
        "file:///etc/passwd",
        "//hooks.slack.com/x",
        "https://[",
        "",
    ],
)
async def test_nothing_is_sent_to_an_address_that_is_not_slacks(url: str, desk: Desk) -> None:
    assert not desk.api.trusts(url)
    desk.inbox.replies = [reply(shown=(ONE,))]
    with capture_logs() as logs:
        await desk.action(shortcut("x", response_url=url))
        await desk.way_in.close()
    assert desk.slack.responses == []
    assert len(logs) <= 1


@pytest.mark.parametrize("end", [error("expired_trigger_id"), limited("3"), error("x", 500)])
async def test_an_answer_that_slack_does_not_take_is_a_line_in_the_log(
    end: object, desk: Desk
) -> None:
    desk.slack.next("views.open", end)  # pyright: ignore[reportArgumentType] - one of the scripts
    desk.inbox.replies = [reply(form=FORM)]
    with capture_logs() as logs:
        assert (await desk.action(tap(VALUE)))[0] == 200
        await desk.way_in.close()
    assert [line["event"] for line in logs] == ["slack.answer_not_taken"]
    assert len(json.dumps(logs)) < 300


async def test_a_card_that_cannot_be_drawn_is_a_line_in_the_log(desk: Desk) -> None:
    too_much = ChoiceField("f", "l", tuple(Option(str(n), "x") for n in range(101)))
    form = Form("Tell", (too_much,), "Send", "Cancel", Tap("told"))
    desk.inbox.replies = [reply(form=DrawnForm(form, "t"))]
    with capture_logs() as logs:
        assert (await desk.action(tap(VALUE)))[0] == 200
        await desk.way_in.close()
    assert [line["event"] for line in logs] == ["slack.answer_failed"]


@pytest.mark.parametrize("kind", ["app_uninstalled", "tokens_revoked"])
async def test_the_app_removed_destroys_the_token(kind: str, desk: Desk) -> None:
    assert (await desk.event(callback(said("before"))))[0] == 200
    gone = callback({"type": kind, "tokens": {"bot": ["UBOT"]}}, event_id="Ev2")
    assert (await desk.event(gone))[0] == 200
    assert desk.workspaces.kept == {}
    assert (await desk.event(callback(said("after"), event_id="Ev3")))[0] == 403
