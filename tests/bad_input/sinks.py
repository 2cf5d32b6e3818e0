"""Everywhere that something may come in, what is tried there, and what must hold."""

import json
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, replace
from functools import cache
from itertools import count
from typing import Final, TypeAlias

from hypothesis import strategies as st

from adapters.browser.html import draw as to_page
from adapters.links.public import PublicLinks
from adapters.slack.blocks import message as to_slack
from adapters.slack.blocks import pack
from adapters.slack.door import SIGNATURE, TIMESTAMP
from adapters.teams.adaptive import message as to_teams
from bot.settings import Settings, SettingsError, read_settings
from bot.web import LARGEST
from dialogs import gallery, notes
from dialogs.card import Button, Row, Tap
from dialogs.text import clean_name
from dialogs.token import NOWHERE, Tokens
from nudges.cells import FORMULA, safe
from tests.adapters.slack.desk import callback, command, said, shortcut, submission, tap
from tests.adapters.slack.kit import wrong_message
from tests.adapters.teams.activities import changed as spoiled
from tests.adapters.teams.activities import installed, invoke, members, message, submit
from tests.adapters.teams.genuine import SERVICE
from tests.bad_input.house import LONGEST_LINE, House, Json
from tests.bad_input.knocks import Knock, page, page_bytes, slack, slack_bytes, teams, usage
from tests.bad_input.odd import changed, changes, texts, values
from tests.contracts.platforms import adaptive, blocks
from tests.contracts.platforms import page as pages
from tests.desk import SECRET

Check: TypeAlias = Callable[[House, Json], Coroutine[None, None, None]]
REFUSED: Final = frozenset({400, 401, 403, 404, 405, 413, 415})
HUNG_UP: Final = 0
"""How it looks where a platform's door turned away what was too large while it was still coming."""
TOKENS: Final = Tokens(SECRET.encode())
_NUMBERS: Final = count(1000)


@dataclass(frozen=True)
class Sink:
    """One place where something comes in: what is made up for it, and what is checked."""

    share: int
    """How many of all inputs it gets, beside the others: fewer where each takes long."""
    inputs: st.SearchStrategy[Json]
    check: Check


async def sent(house: House, knock: Knock) -> int:
    """Send something; whatever it is, it is not our failure."""
    answered = await house.post(knock.path, knock.body, knock.headers)
    await house.slack_in.close()
    while await house.app.turns.take() or await house.app.turns.looked():
        pass
    number = next(_NUMBERS)
    if number % 20 == 0:
        await house.app.settle()
        forget(house)
    lines, loud = house.logged.taken()
    assert not loud, loud[0][-600:]
    refused = REFUSED | {HUNG_UP} if len(knock.body) > LARGEST else REFUSED
    assert answered.status in {200, 202} | refused, answered
    if answered.status in refused:
        assert all(len(line.encode()) < LONGEST_LINE for line in lines), lines
    return answered.status


def forget(house: House) -> None:
    """Look at all that was said to the platforms, and let go of it."""
    for call in house.slack.calls:
        if "blocks" in call.arguments:
            assert blocks.alive(call.arguments) == []
    assert house.slack.refused == [], house.slack.refused
    for asked in house.connector.calls:
        if asked.method in {"POST", "PUT"} and "attachments" in (asked.body or {}):
            assert adaptive.alive(asked.body) == []
    house.slack.calls.clear()
    house.slack.responses.clear()
    house.slack.messages.clear()
    house.slack.views.clear()
    house.connector.calls.clear()


# Slack.

PAYLOADS: Final[tuple[Json, ...]] = (
    callback(said("help")),
    callback({"type": "app_mention", "user": "U1", "channel": "C1", "text": "<@UBOT> help"}),
    callback({"type": "app_home_opened", "user": "U1", "tab": "home"}),
    callback({"type": "tokens_revoked", "tokens": {"oauth": ["U1"]}}),
    tap(pack(Tap("settings.open"), "token")),
    submission(pack(Tap("settings.saved"), "token"), {"a": {"a": {"value": "x"}}}),
    shortcut("how do I log a call?"),
    command("help"),
    {"type": "view_closed", "team": {"id": "T1"}, "api_app_id": "A1"},
)


async def slack_payload(house: House, given: tuple[int, list[tuple[int, Json]], bool]) -> None:
    which, how, form = given
    genuine = PAYLOADS[which]
    if "response_url" in genuine:
        genuine = genuine | {"response_url": f"{house.slack.origin}/hook/1"}
    payload = changed(genuine, how)
    if payload.get("event_id") == "Ev1":
        payload["event_id"] = f"Ev{next(_NUMBERS)}"
    await sent(house, slack(house, payload, form=form))


async def slack_body(house: House, given: bytes) -> None:
    status = await sent(house, slack_bytes(house, given))
    assert status in REFUSED


async def slack_head(house: House, given: Mapping[str, str]) -> None:
    knock = slack(house, callback(said("help"), event_id="Ev0"))
    headers = {**knock.headers, **given}
    if headers != knock.headers:
        assert await sent(house, replace(knock, headers=headers)) in REFUSED


# Teams.

ACTIVITIES: Final[tuple[Json, ...]] = (
    message(),
    message(textFormat="xml", text="<at>Wayfinder</at> help"),
    invoke(),
    invoke("settings.saved", fields=["a"], typed={"a": "x"}),
    submit(),
    installed(),
    members(membersAdded=[{"id": "29:other"}]),
    spoiled(invoke(), {"name": "composeExtension/fetchTask"}),
)


async def teams_activity(house: House, given: tuple[int, list[tuple[int, Json]]]) -> None:
    which, how = given
    here = {"serviceUrl": house.connector.service, "id": f"17{next(_NUMBERS)}"}
    await sent(house, teams(house, changed(ACTIVITIES[which] | here, how)))


async def teams_token(house: House, given: tuple[str, Json]) -> None:
    name, value = given
    knock = teams(house, message(serviceUrl=SERVICE))
    if name in {"alg", "kid", "crit"}:
        token = house.signer.sign({}, **{name: value})
    else:
        token = teams(house, {}, **{name: value}).headers["Authorization"].removeprefix("Bearer ")
    headers = {**knock.headers, "Authorization": f"Bearer {token}"}
    assert await sent(house, replace(knock, headers=headers)) in REFUSED


async def teams_bearer(house: House, given: str) -> None:
    knock = teams(house, message())
    headers = {**knock.headers, "Authorization": given}
    assert await sent(house, replace(knock, headers=headers)) in REFUSED


# The page, and measured use.

POSTS: Final[tuple[tuple[str, Json], ...]] = (
    ("/say", {"text": "help"}),
    ("/say", {"text": "find x", "search": True}),
    ("/tap", {"verb": "settings.open", "choice": "", "token": "x"}),
    ("/fill", {"verb": "settings.saved", "values": {"a": "x"}}),
    ("/join", {}),
    ("/clock", {"to": "next-week"}),
)


async def browser_post(house: House, given: tuple[int, list[tuple[int, Json]]]) -> None:
    path, told = POSTS[given[0]]
    whole = json.loads(page(house, path, next(_NUMBERS), **told).body)
    await sent(house, page_bytes(house, path, json.dumps(changed(whole, given[1])).encode()))


async def usage_lines(house: House, given: list[tuple[int, Json]]) -> None:
    line = {"person": "ann", "week": "2026-11-12", "records": 3, "email": "", "quality": 0.5}
    told = changed([line, {**line, "person": "bob", "active_days": 2}], given)
    await sent(house, usage(house, json.dumps(told).encode()))


async def usage_bytes(house: House, given: bytes) -> None:
    await sent(house, usage(house, given))


# What people type, press and fill in, as each platform brings it.


async def typed(house: House, given: str) -> None:
    """Say it on each platform: one answer, and not a mention in it."""
    number = next(_NUMBERS)
    event = callback(said(given), event_id=f"Ev{number}")
    assert await sent(house, slack(house, event)) == 200
    here = {"serviceUrl": house.connector.service, "id": f"17{number}", "text": given}
    status = await sent(house, teams(house, {**message(), **here}))
    assert status == (400 if any("\ud800" <= sign <= "\udfff" for sign in given) else 200)
    assert await sent(house, page(house, "/say", number, text=given)) in {200, 400, 413}


@cache
def _taps() -> tuple[Tap, ...]:
    context = gallery.sample("en")
    forms = tuple(notes.draw_form(note, context).tap for note in gallery.FORMS.values())
    drawn = (card for _, card in gallery.cards("en"))
    rows = [block for card in drawn for block in card.body if isinstance(block, Row)]
    taps = {b.tap.verb: b.tap for row in rows for b in row.buttons if isinstance(b, Button)}
    return (*forms, *taps.values(), Tap(""), Tap("nonsense"))


async def pressed(house: House, given: tuple[int, str, str, Mapping[str, str] | None]) -> None:
    """Press or fill in with a genuine token of their own, but what no card of ours says."""
    which, choice, more, fields = given
    verb = _taps()[which % len(_taps())].verb + more
    number = next(_NUMBERS)
    token = TOKENS.make(NOWHERE, "ann")
    packed = pack(Tap(verb, choice), token)
    if fields is None:
        payload = tap(packed, trigger_id=f"t.{number}")
    else:
        state = {name: {name: {"value": value}} for name, value in fields.items()}
        payload = submission(packed, state)
        payload["view"]["id"] = f"V{number}"
    await sent(house, slack(house, payload, form=True))
    names = None if fields is None else list(fields)
    there = invoke(verb, choice, TOKENS.make(NOWHERE, "bob"), names, dict(fields or {}))
    await sent(
        house, teams(house, there | {"serviceUrl": house.connector.service, "id": f"{number}"})
    )


# What is shown, and what is handed out.


async def named(_house: House, given: tuple[str, int]) -> None:
    """Call somebody so, and draw a card for them on each platform."""
    name, which = given
    note = [*gallery.CARDS.values()][which % len(gallery.CARDS)]
    sample = gallery.sample("nl" if which % 2 else "en")
    shown = notes.draw(note, replace(sample, person=replace(sample.person, name=clean_name(name))))
    for_slack = to_slack(shown, "T" * 32)
    assert blocks.alive(for_slack) == []
    assert wrong_message(for_slack) == []
    assert adaptive.alive(json.loads(to_teams(shown, "T" * 32))) == []
    assert pages.alive(to_page(shown, "T" * 32)) == []


async def cell(_house: House, given: str) -> None:
    """Hand it out in a table."""
    assert not safe(given).lstrip(" ").startswith(FORMULA)
    assert safe(given).removeprefix("'") in {given, given.removeprefix("'")}


async def linked(house: House, given: str) -> None:
    """Try a link in an article, while every name there is leads to this very house."""

    async def here(_host: str, _port: int) -> list[str]:
        return ["127.0.0.1"]

    url = f"https://{given}:{house.port}/"
    assert url in await PublicLinks(look=here, seconds=2).trouble([url])
    assert house.logged.taken() == ([], []), "it knocked"


async def configured(_house: House, given: Mapping[str, str]) -> None:
    """Start with it: either it can be used, or it says which setting is wrong."""
    said = ""
    try:
        read_settings(Settings, **{"secret": SECRET, **given})
    except SettingsError as error:
        said = str(error)
    assert all(line.startswith("WAYFINDER_") for line in said.splitlines()), said
    assert SECRET not in said


def _base(of: tuple[Json, ...]) -> st.SearchStrategy[int]:
    return st.integers(0, len(of) - 1)


_HEADER: Final = st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=80)
_JUNK: Final = st.one_of(st.binary(max_size=200), texts.map(lambda t: t.encode("utf-8", "replace")))
_FIELDS: Final = sorted(set(Settings.model_fields) - {"database", "content", "vectors"})
_GIVEN: Final = st.dictionaries(st.sampled_from(_FIELDS), texts, min_size=1, max_size=3)
_HOSTS: Final = st.lists(
    st.one_of(
        st.sampled_from(
            (
                *("127", "0", "1", ".", "\u3002", "[", "]", "::", "::ffff:", "7f00:1", "0x7f"),
                *("localhost", "2130706433", "%31", "%00", "\\", "/", "?", ":443", "\uff11"),
                *("@", "#", "xn--"),
            )
        ),
        st.text(max_size=3),
    ),
    max_size=6,
).map("".join)
_WHICH: Final = _HEADER.map(lambda t: f"Bearer {t}") | _HEADER
_HEADS: Final = st.dictionaries(
    st.sampled_from(("Content-Type", SIGNATURE, TIMESTAMP, "Content-Encoding")), _HEADER, min_size=1
)
_CLAIMS: Final = st.tuples(
    st.sampled_from(("alg", "kid", "crit", "iss", "aud", "serviceurl")),
    values.filter(lambda v: v != "RS256"),
)
_PRESSED: Final = st.tuples(
    st.integers(0, 999),
    texts,
    st.sampled_from(("", "", "", ".x", "\0", ".open")),
    st.none() | st.dictionaries(st.text(max_size=12), texts, max_size=4),
)
SINKS: Final[Mapping[str, Sink]] = {
    "slack payloads": Sink(16, st.tuples(_base(PAYLOADS), changes, st.booleans()), slack_payload),
    "slack bodies": Sink(24, _JUNK, slack_body),
    "slack heads": Sink(20, _HEADS, slack_head),
    "teams activities": Sink(16, st.tuples(_base(ACTIVITIES), changes), teams_activity),
    "teams tokens": Sink(6, _CLAIMS, teams_token),
    "teams bearers": Sink(20, _WHICH, teams_bearer),
    "browser posts": Sink(6, st.tuples(_base(POSTS), changes), browser_post),
    "usage lines": Sink(20, changes, usage_lines),
    "usage bodies": Sink(16, _JUNK, usage_bytes),
    "words": Sink(1, texts, typed),
    "buttons and forms": Sink(3, _PRESSED, pressed),
    "names": Sink(16, st.tuples(texts, st.integers(0, 999)), named),
    "cells": Sink(30, texts, cell),
    "links": Sink(6, _HOSTS, linked),
    "settings": Sink(24, _GIVEN, configured),
}
