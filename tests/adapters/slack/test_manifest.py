"""What Slack is told about us agrees with what we do."""

import ast
import json

import pytest

from adapters.slack import errors, payloads
from adapters.slack.manifest import COMMAND, EVENTS, SCOPES, manifest
from dialogs.introduction import introduce
from tests.adapters.slack.desk import callback, said
from tests.adapters.slack.fake import Json
from tests.house.source import modules

HOST = "https://wayfinder.example.org"
US = introduce("en")


def test_socket_mode_needs_no_address() -> None:
    assert HOST not in json.dumps(manifest(HOST, US, socket=True))
    assert json.dumps(manifest(HOST, US)).count(f"{HOST}/slack/events") == 3


SAMPLES: dict[str, Json] = {
    "app_home_opened": {"type": "app_home_opened", "user": "U1", "tab": "home"},
    "app_mention": {"type": "app_mention", "user": "U1", "channel": "C1", "text": "x"},
    "app_uninstalled": {"type": "app_uninstalled"},
    "message.im": said("x"),
    "tokens_revoked": {"type": "tokens_revoked", "tokens": {"bot": ["UBOT"]}},
}


@pytest.mark.parametrize("event", EVENTS)
def test_every_event_we_ask_for_is_understood(event: str) -> None:
    assert payloads.request(callback(SAMPLES[event]), b"x") is not None


def listened_to() -> set[str]:
    """Return the types of events that the code tells apart."""
    tree = modules("adapters")["adapters/slack/payloads.py"]
    (event,) = (n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == "_event")
    return {
        str(ast.literal_eval(pattern.value))
        for one in ast.walk(event)
        if isinstance(one, ast.MatchMapping)
        for key, pattern in zip(one.keys, one.patterns, strict=True)
        if ast.literal_eval(key) == "type" and isinstance(pattern, ast.MatchValue)
    }


def test_no_event_is_listened_to_that_we_do_not_ask_for() -> None:
    assert listened_to() == {event.split(".")[0] for event in EVENTS}


def test_the_shortcut_and_the_command_are_the_ones_we_know() -> None:
    features = manifest(HOST, US)["features"]
    ids = [(one["type"], one["callback_id"]) for one in features["shortcuts"]]
    assert ids == [("message", payloads.SHORTCUT), ("global", payloads.SEARCH)]
    assert features["slash_commands"][0]["command"] == COMMAND
    assert manifest(HOST, US)["oauth_config"]["scopes"]["bot"] == sorted(SCOPES)
    assert errors.ERRORS["missing_scope"]
