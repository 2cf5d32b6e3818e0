"""What Slack sends, as turns: a table of (they sent, it means)."""

from collections.abc import Mapping
from typing import Any

import pytest
from pydantic import ValidationError

from adapters.slack import payloads
from adapters.slack.blocks import pack
from adapters.slack.payloads import Request, read
from dialogs.card import Tap
from dialogs.turns import Filled, Joined, Pointed, Said, Tapped, Turn
from nudges.address import Address
from tests.adapters.slack.desk import callback, command, said, shortcut, submission, tap
from tests.adapters.slack.fake import Json

CHAT, PERSON = Address("slack", "T1", "U1", "DU1"), Address("slack", "T1", "U1")
FOUR = pack(Tap("pulse.answer", "4"), "token-7")
FIELDS: Json = {
    "text": {"text": {"type": "plain_text_input", "value": "it went well\0"}},
    "empty": {"empty": {"type": "plain_text_input", "value": None}},
    "one": {"one": {"type": "static_select", "selected_option": {"value": "a", "text": {}}}},
    "none": {"none": {"type": "radio_buttons", "selected_option": None}},
    "several": {
        "several": {"type": "checkboxes", "selected_options": [{"value": "1"}, {"value": "2"}]}
    },
    "day": {"day": {"type": "datepicker", "selected_date": "2026-11-16"}},
}
MEANS: dict[str, tuple[Mapping[str, Any], Turn]] = {
    "a direct message": (callback(said("hallo &amp; hoi")), Said(CHAT, "hallo & hoi")),
    "a file with words": (
        callback(said("see", subtype="file_share", files=[{"id": "F1"}])),
        Said(CHAT, "see", attached=True),
    ),
    "no file": (callback(said("see", files=[])), Said(CHAT, "see")),
    "files of no kind": (callback(said("see", files=None)), Said(CHAT, "see")),
    "a mention": (
        callback({"type": "app_mention", "user": "U1", "channel": "C1", "text": "<@UBOT> help"}),
        Said(PERSON, "help", private=False),
    ),
    "a command": (command("my data"), Said(PERSON, "my data", private=False)),
    "a command in the chat": (command("help", channel_id="DU1"), Said(CHAT, "help", private=False)),
    "a shortcut": (
        shortcut("how do I log a call?"),
        Pointed(PERSON, "how do I log a call?"),
    ),
    "a shortcut on a file without words": (shortcut(""), Pointed(PERSON, "")),
    "a shortcut on a message of ours": (
        shortcut("x", message={"type": "message", "bot_id": "B1", "text": "<@U2> done &amp; said"}),
        Pointed(PERSON, "done & said"),
    ),
    "the shortcut that stands nowhere": (
        {
            "type": "shortcut",
            "callback_id": "search_crm",
            "team": {"id": "T1"},
            "user": {"id": "U1", "team_id": "T1"},
            "trigger_id": "1.2.3",
        },
        Tapped(PERSON, "find.open"),
    ),
    "the home page": (
        callback({"type": "app_home_opened", "user": "U1", "tab": "home"}),
        Tapped(PERSON, "home.open"),
    ),
    "the chat opened": (
        callback({"type": "app_home_opened", "user": "U1", "tab": "messages", "channel": "DU1"}),
        Joined(PERSON),
    ),
    "a tap": (tap(FOUR), Tapped(CHAT, "pulse.answer", "4", "token-7")),
    "a tap in a channel": (
        tap(FOUR, channel={"id": "C1"}),
        Tapped(PERSON, "pulse.answer", "4", "token-7"),
    ),
    "a tap at home": (
        tap(FOUR, channel=None, view={"type": "home"}, container={"type": "view"}),
        Tapped(PERSON, "pulse.answer", "4", "token-7"),
    ),
    "a tap nowhere": (
        tap(FOUR, channel={"id": "", "name": ""}, container={"type": "message"}),
        Tapped(PERSON, "pulse.answer", "4", "token-7"),
    ),
    "a form": (
        submission(pack(Tap("pulse.commented", "B4"), "token-7"), FIELDS),
        Filled(
            PERSON,
            "pulse.commented",
            "B4",
            "token-7",
            {
                "text": "it went well",
                "empty": "",
                "one": "a",
                "none": "",
                "several": "1,2",
                "day": "2026-11-16",
            },
        ),
    ),
}


def request(sent: Mapping[str, Any]) -> Request | None:
    return payloads.request(sent, b"secret")


@pytest.mark.parametrize("name", MEANS)
def test_it_means(name: str) -> None:
    sent, turn = MEANS[name]
    asked = request(sent)
    assert asked is not None
    assert read(asked.arrival.body) == turn
    assert asked.arrival.key.startswith("slack:T1:")
    assert len(asked.arrival.key) <= 200


@pytest.mark.parametrize("name", MEANS)
def test_what_is_stored_holds_no_address_to_answer_at_and_no_secret(name: str) -> None:
    asked = request(MEANS[name][0])
    assert asked is not None
    for secret in ("verification-token", "hooks.slack.com", "12466734323", "what stood there"):
        assert secret not in asked.arrival.body


NOTHING: dict[str, Mapping[str, Any]] = {
    "an unknown event": callback({"type": "reaction_added", "user": {"id": "U1"}}),
    "an event without a type": callback({}),
    "our own message": callback(said("hi", bot_id="B1")),
    "an edit": callback(said("hi", subtype="message_changed", message={})),
    "a message in a channel": callback(said("hi", channel_type="channel")),
    "slack itself": callback(said("hi", user="USLACKBOT")),
    "someone of another workspace": callback(said("hi", user_team="T9")),
    "a tap by someone of another workspace": tap(FOUR, user={"id": "U1", "team_id": "T9"}),
    "a link button": tap(""),
    "someone else's button": tap('{"x":1}'),
    "no button": tap(FOUR, actions=[]),
    "someone else's form": submission("x", {}),
    "a closed form": {"type": "view_closed", "team": {"id": "T1"}},
    "another shortcut": shortcut("x", callback_id="other"),
    "a global shortcut": {"type": "shortcut", "callback_id": "ask_wayfinder"},
    "options asked for": {"type": "block_suggestion"},
    "people's tokens ended": callback({"type": "tokens_revoked", "tokens": {"oauth": ["U1"]}}),
    "an unknown type": {"type": "something_new"},
    "a type that is no text": {"type": 7},
    "nothing": {},
}


@pytest.mark.parametrize("name", NOTHING)
def test_it_asks_nothing(name: str) -> None:
    assert request(NOTHING[name]) is None


@pytest.mark.parametrize(
    "event",
    [
        {"type": "app_uninstalled"},
        {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": ["UBOT"]}},
    ],
)
def test_the_app_removed_is_nobodys_turn(event: Json) -> None:
    asked = request(callback(event))
    assert asked is not None
    assert asked.what == "removed"
    assert read(asked.arrival.body) is None


def _key(sent: Mapping[str, Any]) -> str:
    asked = request(sent)
    assert isinstance(asked, Request)
    return asked.arrival.key


FORM = submission(FOUR, FIELDS)
OTHER = {"text": {"text": {"type": "plain_text_input", "value": "corrected"}}}
SAME = {
    "an event, delivered again": (callback(said("hi")), callback(said("hi"), retry="x")),
    "a press, signed anew": (tap(FOUR), tap(FOUR)),
    "a command": (command("x"), command("x")),
    "a form, sent twice": (FORM, submission(FOUR, FIELDS, trigger_id="12.another")),
    "the chat, opened again": (
        callback({"type": "app_home_opened", "user": "U1", "tab": "messages"}),
        callback({"type": "app_home_opened", "user": "U1", "tab": "messages"}, event_id="Ev2"),
    ),
}
DIFFERENT = {
    "two events": (callback(said("hi")), callback(said("hi"), event_id="Ev2")),
    "two presses": (tap(FOUR), tap(FOUR, trigger_id="12.another")),
    "two people": (tap(FOUR), tap(FOUR, user={"id": "U2"})),
    "two workspaces": (command("x"), command("x", team_id="T2")),
    "two commands": (command("x"), command("x", trigger_id="12.another")),
    "a form, corrected": (FORM, submission(FOUR, OTHER)),
}


@pytest.mark.parametrize("name", SAME)
def test_a_repeat_has_the_same_key(name: str) -> None:
    first, second = SAME[name]
    assert _key(first) == _key(second)


@pytest.mark.parametrize("name", DIFFERENT)
def test_another_has_another_key(name: str) -> None:
    first, second = DIFFERENT[name]
    assert _key(first) != _key(second)


def test_who_guesses_the_words_of_a_form_cannot_make_its_key_without_our_secret() -> None:
    other = payloads.request(FORM, b"another secret")
    assert other is not None
    assert other.arrival.key != _key(FORM)


def test_a_key_stays_short() -> None:
    long = "x" * 100
    assert len(_key(tap(FOUR, trigger_id=long, user={"id": long}))) <= 200


WRONG: list[object] = [None, 7, 1.5, True, [], {}, "", "a b", "x" * 101, "\ud800", [[]], {"id": 7}]


@pytest.mark.parametrize("wrong", WRONG, ids=repr)
@pytest.mark.parametrize("sent", [s for s, _ in MEANS.values()], ids=list(MEANS))
def test_every_part_of_the_wrong_kind_is_refused_or_passed_over(
    sent: Mapping[str, Any], wrong: object
) -> None:
    for name in [*sent, "event.user", "event.channel", "event.text", "event.tab", "view.state"]:
        outer, _, inner = name.partition(".")
        if inner and not isinstance(sent.get(outer), dict):
            continue
        damaged = {**sent, outer: {**sent[outer], inner: wrong} if inner else wrong}
        try:
            asked = request(damaged)
        except ValidationError:
            continue
        if asked is not None:
            read(asked.arrival.body)
            asked.arrival.key.encode()
            asked.arrival.body.encode()
