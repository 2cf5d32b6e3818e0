"""Slack's people: members of every workspace, without bots, guests and strangers."""

from typing import Any

import pytest

from adapters.directory.asking import FetchError
from adapters.directory.customs import Customs
from adapters.directory.slack import PAUSE, read_slack
from adapters.directory.slack_pages import Workspace
from nudges.directory import Read
from tests.adapters.directory.cloud import SLACK_TOKEN, Answer, Cloud, busy, member, says

T1, T2 = Workspace("T1", SLACK_TOKEN), Workspace("T2", "xoxb-2")
CUSTOMS = Customs.model_validate({"jobs": {"Account Manager": "sales", "CRM lead": "crm"}})


async def read(cloud: Cloud, *workspaces: Workspace, customs: Customs = CUSTOMS) -> Read:
    async with cloud.asker(slack=True) as asker:
        return await read_slack(asker, workspaces or (T1,), customs, cloud.base)


async def test_everybody_on_every_page_is_read(cloud: Cloud) -> None:
    cloud.members["T1"] = [member(n, f"P{n}") for n in range(5)]
    found = await read(cloud)
    assert [e.id for e in found.entries] == [f"T1-U000{n}" for n in range(5)]
    ann = found.entries[0]
    assert (ann.name, ann.email, ann.job, ann.team) == ("P0", "p0@acme.example", "sales", "")
    assert (ann.language, ann.zone, ann.country) == ("en", "Europe/London", "")
    assert [home.key for home in ann.homes] == [("slack", "T1", "U0000")]
    assert cloud.pages[0].query == {"limit": "200", "include_locale": "true"}
    assert cloud.slept == [PAUSE, PAUSE]


OUT: dict[str, dict[str, Any]] = {
    "a bot": {"is_bot": True},
    "slackbot": {"id": "USLACKBOT"},
    "a deactivated member": {"deleted": True},
    "a guest": {"is_restricted": True},
    "a guest of one channel": {"is_ultra_restricted": True},
    "a stranger": {"is_stranger": True},
    "somebody from elsewhere": {"team_id": "T9"},
    "somebody invited": {"is_invited_user": True},
}


@pytest.mark.parametrize("told", OUT.values(), ids=OUT)
async def test_who_does_not_work_here_is_left_out(cloud: Cloud, told: dict[str, Any]) -> None:
    cloud.members["T1"] = [member(1, "Ann"), member(2, "Bob", **told)]
    found = await read(cloud)
    assert [e.name for e in found.entries] == ["Ann"]
    assert len(found.remarks) == 1


async def test_somebody_of_the_whole_enterprise_is_here_in_each_workspace(cloud: Cloud) -> None:
    everywhere = member(1, "Ann", team_id="E1", enterprise_user={"teams": ["T1", "T2"]})
    cloud.members["T1"] = cloud.members["T2"] = [everywhere]
    found = await read(cloud, T1, T2)
    assert [[h.key for h in e.homes] for e in found.entries] == [
        [("slack", "T1", "U0001"), ("slack", "T2", "U0001")]
    ]


async def test_who_is_in_two_workspaces_is_one_person(cloud: Cloud) -> None:
    cloud.members["T1"] = [member(1, "Ann"), member(2, "Bob")]
    cloud.members["T2"] = [member(7, "Ann", team_id="T2"), member(8, "Eve", team_id="T2")]
    found = await read(cloud, T1, T2)
    assert [(e.name, len(e.homes)) for e in found.entries] == [("Ann", 2), ("Bob", 1), ("Eve", 1)]


ODD: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "no names": ({"real_name": None, "profile_real_name": None}, {"name": "ann"}),
    "no e-mail": ({"profile_email": None}, {"email": ""}),
    "an e-mail nobody confirmed": ({"is_email_confirmed": False}, {"email": ""}),
    "no profile": ({"profile": {}}, {"email": "", "job": "", "name": "Ann"}),
    "a zone that is none": (
        {"tz": "../../etc/passwd"},
        {"zone": "Europe/Amsterdam", "assumed": ("zone",)},
    ),
    "no zone": ({"tz": None}, {"zone": "Europe/Amsterdam", "assumed": ("zone",)}),
    "a locale that is none": ({"locale": "☃"}, {"language": "en", "assumed": ("language",)}),
    "a title that gives rights": ({"profile_title": "CRM lead"}, {"job": ""}),
}


@pytest.mark.parametrize(("told", "then"), ODD.values(), ids=ODD)
async def test_an_odd_member_is_still_somebody(
    cloud: Cloud, told: dict[str, Any], then: dict[str, Any]
) -> None:
    cloud.members["T1"] = [member(1, "Ann", **told)]
    entry = (await read(cloud)).entries[0]
    assert {name: getattr(entry, name) for name in then} == then


async def test_where_only_some_departments_take_part_slack_brings_nobody_in(cloud: Cloud) -> None:
    cloud.members["T1"] = [member(1, "Ann")]
    assert (await read(cloud)).joins
    assert not (await read(cloud, customs=Customs(only_these_departments=True))).joins


async def test_a_busy_slack_is_never_asked_earlier_than_it_said(cloud: Cloud) -> None:
    cloud.members["T1"] = [member(n, f"P{n}") for n in range(4)]
    cloud.scripts[2] += [busy(429, "30"), says({"ok": False, "error": "ratelimited"})]
    assert len((await read(cloud)).entries) == 4
    assert cloud.slept == [PAUSE, 30, 4]


BROKEN: dict[str, tuple[Answer, str]] = {
    "a scope is missing": (says({"ok": False, "error": "missing_scope"}), "users:read.email"),
    "the token is over": (says({"ok": False, "error": "token_revoked"}), "install the app there"),
    "another no": (says({"ok": False, "error": "limit_required"}), "said limit_required"),
    "a no with an essay": (says({"ok": False, "error": "<b>no</b>"}), "answered 200"),
    "not found": (says({}, 404), "answered 404"),
    "no members": (says({"ok": True}), "members"),
    "a member without id": (says({"ok": True, "members": [{"name": "ann"}]}), "members.0.id"),
    "a profile that is none": (
        says({"ok": True, "members": [member(1, "X", profile=None)]}),
        "members.0.profile",
    ),
    "a cursor that leads back": (
        says({"ok": True, "members": [], "response_metadata": {"next_cursor": "p2"}}),
        "no end",
    ),
}


@pytest.mark.parametrize(("answer", "said"), BROKEN.values(), ids=BROKEN)
async def test_a_broken_page_refuses_all(cloud: Cloud, answer: Answer, said: str) -> None:
    cloud.members["T1"] = [member(n, f"P{n}") for n in range(9)]
    cloud.scripts[3].append(answer)
    with pytest.raises(FetchError) as refused:
        await read(cloud)
    assert said in str(refused.value)
    assert "T1" in str(refused.value)


async def test_a_token_of_another_workspace_is_noticed(cloud: Cloud) -> None:
    cloud.members["T1"] = [member(1, "Ann")]
    with pytest.raises(FetchError, match="is that the workspace of this token"):
        await read(cloud, Workspace("T2", SLACK_TOKEN))
