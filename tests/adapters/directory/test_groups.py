"""Who is in a group of Slack or Entra: all of it or nothing, from every workspace that knows it."""

from datetime import timedelta
from typing import TypeAlias

import pytest

from adapters.directory import slack_groups
from adapters.directory.asking import FetchError
from adapters.directory.graph_groups import GROUP_RIGHT
from adapters.directory.graph_groups import read_group as read_entra_group
from adapters.directory.graph_pages import Registration
from adapters.directory.slack_groups import CHANNEL, CHANNEL_PAUSE, USER_GROUP, Kind
from adapters.directory.slack_pages import Workspace
from nudges.address import Address
from tests.adapters.directory.cloud import (
    APP,
    SLACK_TOKEN,
    TENANT,
    WORDS,
    Answer,
    Cloud,
    busy,
    oid,
    says,
    sends,
)

GROUP = oid(77)
US = Registration(TENANT, APP, WORDS)
T1, T2 = Workspace("T1", SLACK_TOKEN), Workspace("T2", "xoxb-2")
Broken: TypeAlias = dict[str, tuple[Answer, str]]


async def entra(cloud: Cloud, group: str = GROUP) -> tuple[Address, ...]:
    async with cloud.asker() as asker:
        return await read_entra_group(asker, US, group, cloud.base, cloud.base)


async def slack(
    cloud: Cloud, kind: Kind, group: str, *workspaces: Workspace
) -> tuple[list[str], list[str]]:
    async with cloud.asker(slack=True) as asker:
        teams, homes = await slack_groups.read_group(
            asker, workspaces or (T1,), kind, group, cloud.base
        )
    assert {home.platform for home in homes} <= {"slack"}
    return list(teams), [f"{home.tenant}/{home.user}" for home in homes]


async def test_an_entra_group_is_read_to_its_last_page(cloud: Cloud) -> None:
    cloud.groups[GROUP] = [oid(n) for n in range(5)] + [oid(1)]
    found = await entra(cloud)
    assert found == tuple(Address("teams", TENANT, oid(n)) for n in range(5))
    first, *others = cloud.pages
    assert first.path == f"/v1.0/groups/{GROUP}/transitiveMembers/microsoft.graph.user"
    assert first.query == {"$select": "id", "$count": "true", "$top": "999"}
    assert len(others) == 2


async def test_a_group_with_nobody_in_it_is_one(cloud: Cloud) -> None:
    cloud.groups |= {GROUP: [], "T1/S1": [], "T1/C1": []}
    assert await entra(cloud) == ()
    assert await slack(cloud, USER_GROUP, "S1") == (["T1"], [])
    assert await slack(cloud, CHANNEL, "C1") == (["T1"], [])


async def test_a_busy_graph_is_never_asked_earlier_than_it_said(cloud: Cloud) -> None:
    cloud.groups[GROUP] = [oid(n) for n in range(3)]
    cloud.scripts[2] += [busy(429, "17"), busy(503)]
    assert len(await entra(cloud)) == 3
    asked = [page.at for page in cloud.pages]
    assert asked[2] - asked[1] >= timedelta(seconds=17)
    assert cloud.slept == [17, 4]


ENTRA_BROKEN: Broken = {
    "no right": (says({"error": {"code": "Authorization_RequestDenied"}}, 403), GROUP_RIGHT),
    "no pass any more": (says({"error": {"code": "InvalidAuthenticationToken"}}, 401), GROUP_RIGHT),
    "another no": (says({"error": {"code": "Request_UnsupportedQuery"}}, 400), "400, Request_Un"),
    "half a page": (sends(b'{"value": ['), "no JSON object"),
    "an id that is none": (says({"value": [{"id": "../x"}]}), "value.0.id"),
    "a link elsewhere": (
        says({"value": [], "@odata.nextLink": "https://graph.microsoft.com.evil.example/"}),
        "not its own",
    ),
}


@pytest.mark.parametrize(("answer", "said"), ENTRA_BROKEN.values(), ids=ENTRA_BROKEN)
async def test_a_broken_page_of_an_entra_group_refuses_all(
    cloud: Cloud, answer: Answer, said: str
) -> None:
    cloud.groups[GROUP] = [oid(n) for n in range(9)]
    cloud.scripts[3] += [answer, answer]
    with pytest.raises(FetchError) as refused:
        await entra(cloud)
    assert said in str(refused.value)


@pytest.mark.parametrize("group", ["", "pilot", "../users", f"{GROUP}/owners", f"{GROUP}\n"])
async def test_what_is_no_id_is_not_asked_for(cloud: Cloud, group: str) -> None:
    with pytest.raises(FetchError, match="is not the id of an Entra group"):
        await entra(cloud, group)
    for kind in (USER_GROUP, CHANNEL):
        with pytest.raises(FetchError, match="is not the id of a Slack"):
            await slack(cloud, kind, group)
    assert cloud.asked == []


async def test_an_unknown_entra_group_is_said(cloud: Cloud) -> None:
    with pytest.raises(FetchError, match=f"Entra knows no group {GROUP}"):
        await entra(cloud)


async def test_a_channel_is_read_to_its_last_page(cloud: Cloud) -> None:
    cloud.groups["T1/C1"] = [f"U{n}" for n in range(5)]
    assert await slack(cloud, CHANNEL, "C1") == (["T1"], [f"T1/U{n}" for n in range(5)])
    assert cloud.pages[0].query == {"channel": "C1", "limit": "200"}
    assert cloud.slept == [CHANNEL_PAUSE, CHANNEL_PAUSE]


async def test_a_user_group_is_read(cloud: Cloud) -> None:
    cloud.groups["T1/S1"] = ["U1", "U2"]
    assert await slack(cloud, USER_GROUP, "S1") == (["T1"], ["T1/U1", "T1/U2"])
    assert cloud.pages[0].query == {"usergroup": "S1"}


async def test_every_workspace_that_knows_it_is_read(cloud: Cloud) -> None:
    cloud.groups |= {"T1/C1": ["U1"], "T2/C1": ["U1", "U7"], "T2/S2": ["U8"]}
    assert await slack(cloud, CHANNEL, "C1", T1, T2) == (["T1", "T2"], ["T1/U1", "T2/U1", "T2/U7"])
    assert await slack(cloud, USER_GROUP, "S2", T1, T2) == (["T2"], ["T2/U8"])


async def test_a_busy_slack_is_never_asked_earlier_than_it_said(cloud: Cloud) -> None:
    cloud.groups["T1/C1"] = [f"U{n}" for n in range(4)]
    cloud.scripts[2] += [busy(429, "30"), says({"ok": False, "error": "ratelimited"})]
    assert len((await slack(cloud, CHANNEL, "C1"))[1]) == 4
    assert cloud.slept == [CHANNEL_PAUSE, 30, 4]


async def test_a_private_channel_without_us_says_what_to_do(cloud: Cloud) -> None:
    with pytest.raises(FetchError) as refused:
        await slack(cloud, CHANNEL, "G1", T1, T2)
    said = "Slack shows no channel G1 in T1, T2; if it is private, bring Wayfinder into it"
    assert said in str(refused.value)
    with pytest.raises(FetchError, match="Slack shows no user group S1 in T1; look up its id"):
        await slack(cloud, USER_GROUP, "S1")


SLACK_BROKEN: Broken = {
    "a scope is missing": (says({"ok": False, "error": "missing_scope"}), "groups:read"),
    "the token is over": (says({"ok": False, "error": "token_revoked"}), "install the app there"),
    "another kind": (
        says({"ok": False, "error": "method_not_supported_for_channel_type"}),
        "said method_not_supported_for_channel_type",
    ),
    "no members": (says({"ok": True}), "tells of no members"),
    "an id that is none": (says({"ok": True, "members": ["<!channel>"]}), "members.0"),
    "half a page": (sends(b'{"ok": tr'), "no JSON object"),
}


@pytest.mark.parametrize(("answer", "said"), SLACK_BROKEN.values(), ids=SLACK_BROKEN)
async def test_a_broken_page_of_a_channel_refuses_all_workspaces(
    cloud: Cloud, answer: Answer, said: str
) -> None:
    cloud.groups |= {"T1/C1": ["U1", "U2"], "T2/C1": [f"U{n}" for n in range(9)]}
    cloud.scripts[3].append(answer)
    with pytest.raises(FetchError) as refused:
        await slack(cloud, CHANNEL, "C1", T1, T2)
    assert said in str(refused.value)


async def test_a_scope_that_is_missing_for_user_groups_is_named(cloud: Cloud) -> None:
    cloud.scripts[1].append(says({"ok": False, "error": "missing_scope"}))
    with pytest.raises(FetchError, match="it needs usergroups:read; install it again"):
        await slack(cloud, USER_GROUP, "S1")
