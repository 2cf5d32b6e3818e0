"""We ask Slack for the rights that our calls and events need, and for no other.

Every call in the code is found and looked up; and of every right it is seen what stops without it.
"""

import ast
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession

from adapters.directory.asking import FetchError
from adapters.directory.customs import Customs
from adapters.directory.slack import read_slack
from adapters.directory.slack_groups import CHANNEL, USER_GROUP, Kind, read_group
from adapters.directory.slack_pages import Workspace
from adapters.slack import api
from adapters.slack.channel import SlackChannel
from adapters.slack.manifest import SCOPES, manifest
from dialogs.introduction import introduce
from nudges.delivery import Sent, Unknown, Wait
from tests.adapters.directory.cloud import SLACK_TOKEN, Cloud, member
from tests.adapters.slack import rights
from tests.adapters.slack.fake import FakeSlack
from tests.adapters.slack.test_channel import CARD, TO, channel
from tests.house.source import ROOT, modules

HOST = "https://wayfinder.example.org"
T1 = Workspace("T1", SLACK_TOKEN)


def slacks_own() -> set[str]:
    """Return every method of Slack, as its own client calls them."""
    spec = find_spec("slack_sdk.web")
    assert spec is not None
    assert spec.origin is not None
    source = Path(spec.origin).with_name("client.py").read_text(encoding="utf-8")
    return set(re.findall(r'api_call\(\s*"([\w.]+)"', source))


def named(trees: Mapping[str, ast.Module], methods: set[str]) -> set[str]:
    """Return the methods that a call in our code names."""

    def words() -> Iterator[object]:
        for path, tree in trees.items():
            if path != "adapters/slack/api.py":  # says of methods how they are called
                yield from (n.value for n in ast.walk(tree) if isinstance(n, ast.Constant))

    return {word for word in words() if isinstance(word, str) and word in methods}


def test_of_every_call_it_is_known_which_right_it_needs() -> None:
    methods = slacks_own()
    assert len(methods) > 300
    called = named(modules("adapters", "bot"), methods)
    assert called == set(rights.METHODS)
    assert called >= api.FORMS
    planted = {"x.py": ast.parse('await call(to, "reactions.add", name="eyes")')}
    assert named(planted, methods) == {"reactions.add"}


@pytest.mark.parametrize("way", ["http", "socket"])
def test_the_rights_are_those_of_calls_events_and_features(way: str) -> None:
    told = manifest(HOST, introduce("en"), socket=way == "socket")
    needed = frozenset[str]().union(*rights.METHODS.values(), *rights.wanted(told).values())
    assert told["oauth_config"]["scopes"]["bot"] == sorted(needed) == list(SCOPES)


def scopes_in(paper: str) -> list[str]:
    """Return the rights that the table of a paper gives a reason for."""
    table = paper.split("| scope | why |\n|---|---|\n")[1].split("\n\n", 1)[0]
    return [n for row in table.splitlines() for n in re.findall(r"`([^`]+)`", row.split("|")[1])]


def test_the_paper_gives_a_reason_for_each() -> None:
    paper = (ROOT / "docs" / "slack.md").read_text(encoding="utf-8")
    assert sorted(scopes_in(paper)) == list(SCOPES)
    assert scopes_in(paper.replace("`im:history`", "`im:read`")).count("im:read") == 1


async def _post(way_out: SlackChannel) -> object:
    return await way_out.post(TO, way_out.draw(CARD, "t"), "mark")


async def _find(way_out: SlackChannel) -> object:
    return await way_out.find(TO, "mark")


SENDING: dict[str, tuple[Callable[[SlackChannel], Awaitable[object]], type[Any], str]] = {
    "chat:write": (_post, Wait, "chat.postMessage"),
    "im:write": (_find, Unknown, "conversations.open"),
    "im:history": (_find, Unknown, "conversations.history"),
}


@pytest.mark.parametrize("right", SENDING)
async def test_without_it_slack_takes_no_message_or_shows_none(
    right: str, slack: FakeSlack, session: ClientSession
) -> None:
    does, then, call = SENDING[right]
    way_out = channel(slack, session)
    assert isinstance(await _post(way_out), Sent)
    assert isinstance(await _find(way_out), Sent)
    slack.scopes.remove(right)
    assert isinstance(await does(way_out), then)
    assert slack.calls[-1].method == call


Reading = Callable[[Cloud], Awaitable[object]]


async def _people(cloud: Cloud) -> object:
    async with cloud.asker(slack=True) as asker:
        found = await read_slack(asker, (T1,), Customs(), cloud.base)
    return [entry.email for entry in found.entries]


def _members(kind: Kind, group: str) -> Reading:
    async def read(cloud: Cloud) -> object:
        async with cloud.asker(slack=True) as asker:
            _, homes = await read_group(asker, (T1,), kind, group, cloud.base)
        return [home.user for home in homes]

    return read


READING: dict[str, Reading] = {
    "users:read": _people,
    "usergroups:read": _members(USER_GROUP, "S1"),
    "channels:read": _members(CHANNEL, "C1"),
    "groups:read": _members(CHANNEL, "G1"),
}


@pytest.fixture
async def cloud() -> AsyncIterator[Cloud]:
    async with Cloud().served() as opened:
        opened.members["T1"] = [member(1, "Ann")]
        opened.groups |= {f"T1/{group}": ["U0001"] for group in ("S1", "C1", "G1")}
        yield opened


@pytest.mark.parametrize("right", READING)
async def test_without_it_nobody_is_read_and_it_is_named(right: str, cloud: Cloud) -> None:
    assert await READING[right](cloud)
    cloud.rights.remove(right)
    with pytest.raises(FetchError, match=re.escape(right)):
        await READING[right](cloud)


async def test_without_it_people_have_no_address(cloud: Cloud) -> None:
    assert await _people(cloud) == ["ann@acme.example"]
    cloud.rights.remove(rights.EMAIL)
    assert await _people(cloud) == [""]


HEARING = {"app_mentions:read": "app_mention", "commands": "slash_commands"}


@pytest.mark.parametrize("right", HEARING)
def test_what_we_listen_to_needs_it(right: str) -> None:
    assert right in rights.wanted(manifest(HOST, introduce("en")))[HEARING[right]]


def test_of_every_right_it_is_seen_what_stops_without_it() -> None:
    assert {*SENDING, *READING, *HEARING, rights.EMAIL} == set(SCOPES)
