"""Who is turned away at the door: a table of hostile requests over real HTTP."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import TypeAlias
from urllib.parse import urlencode

import pytest
from structlog.testing import capture_logs

from adapters.slack.blocks import pack
from adapters.slack.door import LARGEST, Door
from adapters.slack.marks import MemoryMarks
from dialogs.card import Tap
from tests.adapters.slack.desk import (
    NOW,
    SECRET,
    TEAM,
    Desk,
    callback,
    command,
    said,
    shortcut,
    sign,
    submission,
    tap,
)

CANARY = "canary-7f3a"
JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
GOOD = json.dumps(callback(said(CANARY))).encode()
VALUE = pack(Tap("pulse.answer", "4"), CANARY)
STAMP, MARK = "X-Slack-Request-Timestamp", "X-Slack-Signature"
Sent: TypeAlias = tuple[bytes, list[tuple[str, str]]]


def signed(body: bytes, kind: dict[str, str] = JSON, **changed: str) -> Sent:
    names = {"stamp": STAMP, "mark": MARK}
    headers = kind | sign(body, NOW) | {names[k]: v for k, v in changed.items()}
    return body, list(headers.items())


def as_json(payload: object) -> Sent:
    return signed(json.dumps(payload).encode())


def as_form(**fields: str) -> Sent:
    return signed(urlencode(fields).encode(), FORM)


def form_of(fields: dict[str, str]) -> Sent:
    return as_form(**fields)


def interaction(payload: object) -> Sent:
    return as_form(payload=json.dumps(payload))


def raw(body: str | bytes) -> Sent:
    return signed(body.encode() if isinstance(body, str) else body)


def aged(**by: float) -> Sent:
    return GOOD, list((JSON | sign(GOOD, NOW + timedelta(**by))).items())


def without(name: str) -> Sent:
    body, headers = signed(GOOD)
    return body, [h for h in headers if h[0] != name]


def twice(name: str, value: str | None = None) -> Sent:
    body, headers = signed(GOOD)
    return body, [*headers, (name, value or dict(headers)[name])]


def other(name: str, value: str, body: bytes = GOOD) -> Sent:
    body, headers = signed(body)
    return body, [*[h for h in headers if h[0] != name], (name, value)]


def stamped(stamp: str) -> Sent:
    return signed(GOOD, stamp=stamp)


def text(value: str) -> str:
    return json.dumps(callback(said(CANARY))).replace(f'"{CANARY}"', value)


HOSTILE: dict[str, tuple[int, Sent]] = {
    # what stands before the body
    "no content type": (415, without("Content-Type")),
    "text": (415, other("Content-Type", "text/plain")),
    "xml": (415, other("Content-Type", "application/xml")),
    "multipart": (415, other("Content-Type", "multipart/form-data; boundary=x")),
    "an empty content type": (415, other("Content-Type", "")),
    "two kinds at once": (415, other("Content-Type", "application/json, text/plain")),
    "a compressed body": (415, twice("Content-Encoding", "identity")),
    "one byte too large": (413, raw(b" " * (LARGEST + 1 - len(GOOD)) + GOOD)),
    "a megabyte": (413, raw(b"[" * 1_000_000)),
    # the signature
    "unsigned": (401, (GOOD, list(JSON.items()))),
    "no signature": (401, without(MARK)),
    "no timestamp": (401, without(STAMP)),
    "two signatures": (400, twice(MARK)),
    "a good and a bad signature": (400, twice(MARK, "v0=" + "0" * 64)),
    "two timestamps": (400, twice(STAMP)),
    "an empty signature": (400, signed(GOOD, mark="")),
    "only a version": (400, signed(GOOD, mark="v0=")),
    "another version": (400, signed(GOOD, mark="v1=" + "0" * 64)),
    "a short signature": (400, signed(GOOD, mark="v0=" + "0" * 63)),
    "a long signature": (400, signed(GOOD, mark="v0=" + "0" * 65)),
    "an upper-case signature": (400, signed(GOOD, mark=sign(GOOD, NOW)[MARK].upper())),
    "a signature that is no hexadecimal": (400, signed(GOOD, mark="v0=" + "g" * 64)),
    "a signature beyond ASCII": (400, signed(GOOD, mark="v0=" + "é" * 64)),
    "a forged signature": (401, signed(GOOD, mark="v0=" + "0" * 64)),
    "another secret": (401, (GOOD, list((JSON | sign(GOOD, NOW, "another secret" * 2)).items()))),
    "another body": (401, (GOOD + b" ", signed(GOOD)[1])),
    "an empty body, another's signature": (401, (b"", signed(GOOD)[1])),
    "another time": (401, signed(GOOD, stamp=str(int(NOW.timestamp()) + 1))),
    "too old": (401, aged(minutes=-5, seconds=-1)),
    "a year old": (401, aged(days=-365)),
    "too early": (401, aged(minutes=5, seconds=1)),
    "a timestamp of letters": (400, stamped("now")),
    "an empty timestamp": (400, stamped("")),
    "a negative timestamp": (400, stamped("-1")),
    "a fraction": (400, stamped("1794816000.5")),
    "a timestamp without an end": (400, stamped("9" * 5_000)),
    "no number at all": (400, stamped("NaN")),
    "a timestamp in other digits": (400, stamped("١٧٩٤٨١٦٠٠٠")),
    "an exponent": (400, stamped("1e9")),
    # the body
    "no body": (400, raw("")),
    "not JSON": (400, raw(CANARY)),
    "half of it": (400, raw(GOOD[:-2])),
    "two in one": (400, raw(GOOD + GOOD)),
    "a list": (400, raw(f'["{CANARY}"]')),
    "a text": (400, raw(f'"{CANARY}"')),
    "null": (400, raw("null")),
    "deep lists": (400, raw("[" * 100_000)),
    "deep objects": (400, raw('{"a":' * 40_000)),
    "deep and closed": (400, raw('{"a":' * 20_000 + "1" + "}" * 20_000)),
    "a name twice": (400, raw('{"team_id":"T1",' + GOOD.decode()[1:])),
    "a name twice, inside": (400, raw(text(f'"{CANARY}","user":"U2"'))),
    "a number without an end": (400, raw(text("9" * 10_000))),
    "not a number": (400, raw(text("NaN"))),
    "endless": (400, raw(text("-Infinity"))),
    "a byte-order mark": (400, raw(b"\xef\xbb\xbf" + GOOD)),
    "not UTF-8": (400, raw(GOOD.replace(CANARY.encode(), b"\xff\xfe"))),
    "another encoding": (400, raw(GOOD.decode().encode("utf-16"))),
    "NUL between": (400, raw(GOOD.replace(b": ", b":\0 "))),
    "a form sent as JSON": (400, raw(urlencode(command(CANARY)))),
    "JSON sent as a form": (400, signed(GOOD, FORM)),
    "an empty form": (400, signed(b"", FORM)),
    "a form with a name twice": (400, signed(b"command=/x&team_id=T1&team_id=T1", FORM)),
    "a form with too many fields": (400, signed(b"&".join([b"a=1"] * 101), FORM)),
    "a form with raw bytes": (400, signed(b"command=\xff&team_id=T1", FORM)),
    "a form with broken text": (400, signed(b"command=%ff&team_id=T1", FORM)),
    "a payload that is no JSON": (400, as_form(payload=CANARY)),
    "a payload that is a list": (400, as_form(payload="[]")),
    "an empty payload": (400, as_form(payload="")),
    "a payload with a name twice": (400, as_form(payload='{"type":"a","type":"b"}')),
    # whose it is
    "another workspace": (403, as_json(callback(said(CANARY), team_id="T2"))),
    "another app": (403, as_json(callback(said(CANARY), api_app_id="A2"))),
    "an app that is no text": (403, as_json(callback(said(CANARY), api_app_id=["A1"]))),
    "a press in another workspace": (403, interaction(tap(VALUE, team={"id": "T2"}))),
    "a form for another app": (403, interaction(submission(VALUE, {}, api_app_id="A2"))),
    "a shortcut in another workspace": (403, interaction(shortcut(CANARY, team={"id": "T2"}))),
    "a command in another workspace": (403, form_of(command(CANARY, team_id="T2"))),
    "a command for another app": (403, form_of(command(CANARY, api_app_id="A2"))),
    "a press in two workspaces": (403, interaction(tap(VALUE, team_id=TEAM, team={"id": "T2"}))),
    "a press in two, the other first": (403, interaction(tap(VALUE, team_id="T2"))),
    "a workspace of half a character": (403, raw(GOOD.replace(b'"T1"', b'"\\ud800"', 1))),
    "a workspace of NUL": (403, raw(GOOD.replace(b'"T1"', b'"T1\\u0000"', 1))),
    "a workspace of markup": (403, as_json(callback(said(CANARY), team_id="' or 1=1 --"))),
    "a workspace with a very long name": (403, as_json(callback({}, team_id="T" * 100_000))),
    "no workspace": (400, as_json({"type": "event_callback", "event": {"type": "message"}})),
    "a workspace that is no text": (400, as_json(callback(said(CANARY), team_id=7))),
    "a workspace of nothing": (400, interaction(tap(VALUE, team=None))),
    "a press by an organisation": (400, interaction(tap(VALUE, team={"id": None}))),
    # parts of the wrong kind
    "an event that is a text": (400, as_json(callback({}) | {"event": CANARY})),
    "an event without an id": (400, as_json(callback(said(CANARY), event_id=None))),
    "an event with an id of markup": (400, as_json(callback(said(CANARY), event_id="<!x>"))),
    "a message by nobody": (400, as_json(callback(said(CANARY, user=None)))),
    "a message of numbers": (400, as_json(callback(said(CANARY) | {"text": 7}))),
    "a message by half a character": (400, raw(GOOD.replace(b'"U1"', b'"\\ud800"'))),
    "a message by NUL": (400, raw(GOOD.replace(b'"U1"', b'"\\u0000"'))),
    "actions that are a text": (400, interaction(tap(VALUE, actions=CANARY))),
    "a press by nobody": (400, interaction(tap(VALUE, user=None))),
    "a press without a trigger": (400, interaction(tap(VALUE, trigger_id=[]))),
    "a form without a window": (400, interaction(submission(VALUE, {}, view=CANARY))),
    "a form with values that are a list": (400, interaction(submission(VALUE, {"a": [1]}))),
    "a shortcut without a message": (400, interaction(shortcut(CANARY, message=None))),
    "a command by nobody": (400, form_of(command(CANARY, user_id=""))),
    "a command by markup": (400, form_of(command(CANARY, user_id="<@U1>"))),
}


REASONS = {
    400: {
        "signed twice",
        "not a signature",
        "not JSON",
        "not an object",
        "not a form",
        "no workspace",
        "not as Slack sends it",
    },
    401: {"not signed", "too old", "another signature"},
    403: {"another app", "another workspace", "two workspaces", "seen before"},
    405: {"POST only"},
    413: {"too large"},
    415: {"JSON or a form only"},
}


@pytest.mark.parametrize("name", HOSTILE)
async def test_it_is_turned_away(name: str, desk: Desk) -> None:
    status, (body, headers) = HOSTILE[name]
    with capture_logs() as logs:
        answer = await _send(desk, body, headers)
    assert answer[0] == status
    assert answer[1] in REASONS[status]
    assert desk.inbox.accepted == 0
    assert desk.slack.calls == []
    assert len(logs) == 1
    line = json.dumps(logs[0])
    assert len(line.encode()) < 300
    for secret in (CANARY, sign(body, NOW)[MARK], SECRET):
        assert secret not in line
        assert secret not in answer[1]


def test_there_are_enough_of_them() -> None:
    assert len(HOSTILE) >= 60


async def _send(desk: Desk, body: bytes, headers: list[tuple[str, str]]) -> tuple[int, str]:
    """Send exactly these headers, twice where they stand twice."""
    lines = [f"{k}: {v}".encode() for k, v in headers]
    head = [b"POST /slack/events HTTP/1.1", b"Host: x", *lines]
    head.append(b"Content-Length: %d" % len(body))
    return await _raw(desk, b"\r\n".join(head) + b"\r\n\r\n" + body)


async def _raw(desk: Desk, request: bytes) -> tuple[int, str]:
    host, port = desk.url.split("/")[2].split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    try:
        writer.write(request)
        status = int((await reader.readline()).split()[1])
        length = 0
        while (line := await reader.readline()).strip():
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        return status, (await reader.readexactly(length)).decode()
    finally:
        writer.close()


async def test_two_content_types_get_no_further_than_the_server(desk: Desk) -> None:
    assert (await _send(desk, *twice("Content-Type")))[0] == 400
    assert desk.inbox.accepted == 0


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS"])
async def test_only_post_is_let_in(desk: Desk, method: str) -> None:
    status, _ = await desk.post(GOOD, JSON | sign(GOOD, NOW), method=method)
    assert status == 405
    assert desk.inbox.accepted == 0


async def test_a_body_without_a_length_is_counted_as_it_comes(desk: Desk) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(300):
            yield b"x" * 1_024

    headers = JSON | sign(b"", NOW)
    async with desk.session.post(desk.url, data=endless(), headers=headers) as response:
        assert response.status == 413


async def test_a_body_that_does_not_come_is_not_waited_for(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.slack.door.SLOWEST", 0.05)
    lines = [b"POST /slack/events HTTP/1.1", b"Host: x", b"Content-Length: 10"]
    lines += [f"{k}: {v}".encode() for k, v in (JSON | sign(b"", NOW)).items()]
    status, why = await _raw(desk, b"\r\n".join(lines) + b"\r\n\r\nhalf")
    assert (status, why) == (400, "too slow")


async def test_a_copy_is_turned_away(desk: Desk) -> None:
    body, headers = signed(GOOD)
    assert (await _send(desk, body, headers))[0] == 200
    desk.clock.pass_(minutes=4)
    assert await _send(desk, body, headers) == (403, "seen before")
    desk.clock.pass_(minutes=1)
    assert await _send(desk, body, headers) == (403, "seen before")
    assert desk.inbox.accepted == 1


async def test_slacks_own_second_try_has_no_second_effect(desk: Desk) -> None:
    body, headers = signed(GOOD)
    again = [*headers, ("X-Slack-Retry-Num", "1"), ("X-Slack-Retry-Reason", "http_timeout")]
    assert (await _send(desk, body, headers))[0] == 200
    assert (await _send(desk, body, again))[0] == 200
    assert (await desk.event(json.loads(GOOD), **{"X-Slack-Retry-Num": "2"}))[0] == 200
    assert len(desk.inbox.arrived) == 1


@pytest.mark.parametrize("sent", [interaction(tap(VALUE)), form_of(command("x"))])
async def test_a_copy_of_an_interaction_is_no_second_try(desk: Desk, sent: Sent) -> None:
    body, headers = sent
    assert (await _send(desk, body, headers))[0] == 200
    again = await _send(desk, body, [*headers, ("X-Slack-Retry-Num", "1")])
    assert again == (403, "seen before")
    assert desk.inbox.accepted == 1


async def test_what_was_not_stored_may_come_again(desk: Desk) -> None:
    body, headers = signed(GOOD)
    desk.inbox.broken = True
    assert (await _send(desk, body, headers))[0] == 503
    desk.inbox.broken = False
    assert (await _send(desk, body, headers))[0] == 200


LET_IN: dict[str, Callable[[], Sent]] = {
    "five minutes old": lambda: aged(minutes=-5),
    "a charset": lambda: other("Content-Type", "application/json; charset=utf-8"),
    "capitals": lambda: other("Content-Type", "Application/JSON"),
    "the largest": lambda: raw(b" " * (LARGEST - len(GOOD)) + GOOD),
    "half a character in the words": lambda: raw(text('"\\ud83d \\u0000 words"')),
    "an unknown event": lambda: as_json(callback({"type": "new_thing", "user": 7})),
    "an unknown interaction": lambda: interaction({"type": "new", "team": {"id": "T1"}}),
    "an unknown action": lambda: interaction(tap("", actions=[{"type": "new_element"}])),
    "a rate limit told": lambda: as_json({"type": "app_rate_limited", "team_id": "T1"}),
    "the certificate checked": lambda: as_form(ssl_check="1"),
    "text of 40,000": lambda: as_json(callback(said("<" * 40_000))),
}


@pytest.mark.parametrize("name", LET_IN)
async def test_it_is_let_in(name: str, desk: Desk) -> None:
    body, headers = LET_IN[name]()
    assert (await _send(desk, body, headers))[0] == 200


async def test_our_address_is_confirmed_to_slack_only(desk: Desk) -> None:
    check = {"type": "url_verification", "token": "x", "challenge": "3eZbrw1aBm"}
    assert await desk.event(check) == (200, "3eZbrw1aBm")
    body = json.dumps(check).encode()
    assert (await desk.post(body, JSON))[0] == 401
    assert (await desk.event(check | {"challenge": {"a": 1}}))[0] == 200


async def test_a_new_secret_and_the_old_one_both_open_while_it_is_changed(desk: Desk) -> None:
    desk.way_in._door = Door(  # pyright: ignore[reportPrivateUsage] - a new lock
        ("a new secret, long enough", SECRET),
        "A1",
        desk.installed,
        MemoryMarks(desk.clock),
        desk.clock,
    )
    assert (await desk.event(callback(said("x"))))[0] == 200
    headers = JSON | sign(GOOD, NOW, "a new secret, long enough")
    assert (await desk.post(GOOD, headers))[0] == 200


@pytest.mark.parametrize(
    ("secrets", "app"), [((), "A1"), (("",), "A1"), (("short",), "A1"), ((SECRET,), "")]
)
def test_a_door_without_a_lock_is_not_hung(secrets: tuple[str, ...], app: str, desk: Desk) -> None:
    with pytest.raises(ValueError, match="signing secret"):
        Door(secrets, app, desk.installed, MemoryMarks(desk.clock), desk.clock)
