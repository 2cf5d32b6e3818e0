"""Whatever Microsoft, or anyone in its name, may send: it is understood, ignored or refused."""

import copy
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.teams.activity import key, parse, read, understand
from adapters.teams.inbox import read as inbox_read
from dialogs.turns import Filled, Joined, Said
from tests.adapters.teams.activities import installed, invoke, members, message, submit

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
BASES = [
    message(),
    invoke(),
    invoke(fields=["a"], typed={"a": "b"}),
    submit(),
    installed(),
    members(membersAdded=[{"id": "28:x"}]),
]


def paths(value: object, here: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    found = [here] if here else []
    if isinstance(value, dict):
        box: dict[str, Any] = value  # pyright: ignore[reportUnknownVariableType]
        for name, inner in box.items():
            found += paths(inner, (*here, name))
    return found


@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_no_field_of_any_type_breaks_the_reading(data: st.DataObject) -> None:
    activity = copy.deepcopy(data.draw(st.sampled_from(BASES)))
    for _ in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from(paths(activity)))
        box: dict[str, Any] = activity
        for name in path[:-1]:
            box = box[name] if isinstance(box.get(name), dict) else {}
        box[path[-1]] = data.draw(JSON)
    body = json.dumps(activity)
    try:
        told = parse(body)
    except ValueError:
        assert read(body) is None
        return
    turn = understand(told)
    assert turn == read(body)
    if turn is not None:
        assert key(told, turn, b"x").startswith("teams:")
        assert len(key(told, turn, b"x")) <= 200
        assert json.loads(turn.address.reference)


@settings(max_examples=200, deadline=None)
@given(st.text() | JSON.map(json.dumps))
def test_no_body_at_all_breaks_the_reading(body: str) -> None:
    assert read(body) is None


def test_a_name_and_a_language_come_with_joining() -> None:
    turn = read(json.dumps(installed()))
    assert isinstance(turn, Joined)
    assert (turn.name, turn.language) == ("Zoë van den Berg", "nl-NL")


def test_a_form_tells_its_own_fields_and_no_others() -> None:
    typed = {"days": "0,1", "away": "2026-11-17", "other": "x", "start": 9}
    turn = inbox_read(
        json.dumps(
            invoke("settings.saved", "", fields=["days", "away", "start", "end"], typed=typed)
        )
    )
    assert isinstance(turn, Filled)
    assert turn.values == {"days": "0,1", "away": "2026-11-17", "start": "", "end": ""}


@pytest.mark.parametrize(
    ("text", "shape", "said"),
    [
        ("help", "", "help"),
        ("  3 < 4 &amp; <b>x</b>  ", "", "3 < 4 &amp; <b>x</b>"),
        ("<at>Bot</at> 3 &lt; 4", "xml", "3 < 4"),
        ("a&nbsp;b\r\nc", "", "a b\nc"),
        ("a\x00b\u202ec\u200bd", "", "ab\u202ec\u200bd"),
        ("", "", ""),
        ("x" * 70_000, "", "x" * 70_000),
        ("<at>" * 50_000, "xml", ""),
        ("<" * 200_000, "xml", "<" * 200_000),
    ],
)
def test_words_are_taken_as_they_were_meant(text: str, shape: str, said: str) -> None:
    turn = read(json.dumps(message(text=text, textFormat=shape)))
    assert isinstance(turn, Said)
    assert turn.text == said


def test_every_mention_in_a_channel_is_left_out() -> None:
    where = {"id": "19:x", "conversationType": "channel"}
    turn = read(json.dumps(message(text="<at>Wayfinder</at> hi <at>Bob</at>", conversation=where)))
    assert isinstance(turn, Said)
    assert (turn.text, turn.private) == ("hi", False)


def test_who_guesses_the_words_cannot_make_the_key_without_our_secret() -> None:
    told = parse(json.dumps(message(text="I heard that we move")))
    turn = understand(told)
    assert turn is not None
    assert key(told, turn, b"one") == key(told, turn, b"one")
    assert key(told, turn, b"one") != key(told, turn, b"another")


@pytest.mark.parametrize(
    ("attachments", "attached"),
    [
        (None, False),
        ([], False),
        ([{"contentType": "text/html", "content": "<p>see</p>"}], False),
        ([{"contentType": "text/html"}, {"contentType": "image/*", "contentUrl": "x"}], True),
        ([{"contentType": "application/vnd.microsoft.teams.file.download.info"}], True),
    ],
)
def test_a_file_is_told_from_the_words_themselves(attachments: object, *, attached: bool) -> None:
    turn = read(json.dumps(message(text="see", attachments=attachments)))
    assert isinstance(turn, Said)
    assert (turn.text, turn.attached) == ("see", attached)
