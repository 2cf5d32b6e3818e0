"""What Slack is told about us agrees with what we do."""

import json

import pytest

from adapters.slack import errors, payloads
from adapters.slack.manifest import COMMAND, EVENTS, SCOPES, manifest
from dialogs.introduction import introduce
from tests.adapters.slack.desk import callback, said
from tests.adapters.slack.fake import Json

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


def test_the_shortcut_and_the_command_are_the_ones_we_know() -> None:
    features = manifest(HOST, US)["features"]
    ids = [(one["type"], one["callback_id"]) for one in features["shortcuts"]]
    assert ids == [("message", payloads.SHORTCUT), ("global", payloads.SEARCH)]
    assert features["slash_commands"][0]["command"] == COMMAND
    assert manifest(HOST, US)["oauth_config"]["scopes"]["bot"] == sorted(SCOPES)
    assert errors.ERRORS["missing_scope"]
