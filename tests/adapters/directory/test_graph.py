"""Microsoft Graph's people: all pages or none, politely, and as the organisation calls things."""

from datetime import timedelta
from email.utils import format_datetime
from itertools import pairwise
from typing import Any

import pytest

from adapters.directory import graph_pages
from adapters.directory.asking import LARGEST, LONGEST_PAUSE, TRIES, FetchError
from adapters.directory.customs import Customs
from adapters.directory.graph import FIELDS, RIGHT, read_graph
from adapters.directory.graph_pages import Registration
from nudges.directory import Entry, Read
from tests.adapters.directory.cloud import (
    APP,
    TENANT,
    WORDS,
    Answer,
    Cloud,
    account,
    busy,
    oid,
    says,
    sends,
)

US = Registration(TENANT, APP, WORDS)
CUSTOMS = Customs.model_validate(
    {
        "jobs": {"account  MANAGER": "sales"},
        "departments": {"sales nl": {"team": "Sales/Netherlands", "segment": "sales"}},
        "zones": {"US": "America/New_York"},
    }
)


async def read(cloud: Cloud, customs: Customs = CUSTOMS, app: Registration = US) -> Read:
    async with cloud.asker() as asker:
        return await read_graph(asker, app, customs, cloud.base, cloud.base)


async def one(cloud: Cloud, customs: Customs = CUSTOMS, **told: object) -> Entry:
    cloud.accounts = [account(1, "Ann", **told)]
    return (await read(cloud, customs)).entries[0]


async def test_everybody_on_every_page_is_read(cloud: Cloud) -> None:
    cloud.accounts = [account(n, f"P{n}", manager={"id": oid(1)}) for n in range(2, 7)]
    cloud.accounts += [account(1, "Eve", jobTitle=None, department=None)]
    found = await read(cloud)
    assert [e.id for e in found.entries] == [oid(n) for n in (2, 3, 4, 5, 6, 1)]
    ann = found.entries[0]
    assert (ann.name, ann.email, ann.manager) == ("P2", "p2@Acme.example", oid(1))
    assert (ann.team, ann.segment, ann.job) == ("Sales/Netherlands", "sales", "sales")
    assert (ann.language, ann.zone, ann.country) == ("nl", "Europe/Amsterdam", "NL")
    assert [home.key for home in ann.homes] == [("teams", TENANT, oid(2))]
    assert (found.entries[-1].team, found.entries[-1].job) == ("", "")
    assert found.remarks == ()
    first, *others = cloud.pages
    assert (first.query["$select"], first.query["$expand"]) == (FIELDS, "manager($select=id)")
    assert len(others) == 2


async def test_only_who_works_here_is_read(cloud: Cloud) -> None:
    cloud.accounts = [
        account(1, "Ann"),
        account(2, "Bob", accountEnabled=False),
        account(3, "Guest", userType="Guest"),
        account(4, "Old", userType=None),
        account(5, "Eve", manager={"id": oid(2)}),
    ]
    found = await read(cloud)
    assert [e.id for e in found.entries] == [oid(1), oid(4), oid(5)]
    assert found.entries[-1].manager == ""
    assert found.remarks[:2] == ("1 disabled accounts left out.", "1 guests left out.")
    assert "have a manager who is not among these people" in found.remarks[2]


async def test_a_programme_for_some_departments_reads_only_those(cloud: Cloud) -> None:
    cloud.accounts = [account(1, "Ann"), account(2, "Bob", department="Warehouse")]
    found = await read(cloud, CUSTOMS.model_copy(update={"only_these_departments": True}))
    assert [e.id for e in found.entries] == [oid(1)]


ODD: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "no names": ({"displayName": None}, {"name": "ann"}),
    "no mail": ({"mail": None}, {"email": "ann@acme.onmicrosoft.example"}),
    "a mail that is none": ({"mail": "x", "userPrincipalName": None}, {"email": ""}),
    "a formula": ({"displayName": "=HYPERLINK(1)"}, {"name": "HYPERLINK(1)"}),
    "signs nobody sees": ({"displayName": "A\u202e\u0000nn"}, {"name": "Ann"}),
    "a name without end": ({"displayName": "x" * 9_999}, {"name": "x" * 200}),
    "a slash": ({"department": "R/D \\ Lab"}, {"team": "R - D - Lab"}),
    "a language we do not speak": (
        {"preferredLanguage": "tlh-001"},
        {"language": "en", "assumed": ("language",)},
    ),
    "a country by its name": ({"country": "Deutschland", "usageLocation": "DE"}, {"country": "DE"}),
    "a country with one time": ({"country": "DE"}, {"zone": "Europe/Berlin", "assumed": ()}),
    "a country with a chosen zone": ({"country": "US"}, {"zone": "America/New_York"}),
    "a country with many": (
        {"country": "AU"},
        {"zone": "Europe/Amsterdam", "country": "AU", "assumed": ("zone",)},
    ),
    "nothing but an id": (
        {
            name: None
            for name in account(1, "Ann")
            if name not in {"id", "accountEnabled", "userType"}
        },
        {"name": "", "email": "", "team": "", "assumed": ("language", "zone")},
    ),
}


@pytest.mark.parametrize(("told", "then"), ODD.values(), ids=ODD)
async def test_an_odd_account_is_still_somebody(
    cloud: Cloud, told: dict[str, Any], then: dict[str, Any]
) -> None:
    entry = await one(cloud, **told)
    assert {name: getattr(entry, name) for name in then} == then


async def test_what_cannot_be_right_between_people_is_left_empty_and_said(cloud: Cloud) -> None:
    cloud.accounts = [
        account(1, "Ann", manager={"id": oid(2)}),
        account(2, "Bob", manager={"id": oid(1)}),
        account(3, "Eve", mail="SHARED@acme.example"),
        account(4, "Zoe", mail="shared@acme.example"),
        account(1, "Ann again"),
    ]
    found = await read(cloud)
    assert [(e.name, e.manager, bool(e.email)) for e in found.entries] == [
        ("Ann", "", True),
        ("Bob", oid(1), True),
        ("Eve", "", False),
        ("Zoe", "", False),
    ]
    assert len(found.remarks) == 2


async def test_a_busy_directory_is_never_asked_earlier_than_it_said(cloud: Cloud) -> None:
    cloud.accounts = [account(n, f"P{n}") for n in range(5)]
    date = format_datetime(cloud.clock() + timedelta(seconds=100), usegmt=True)
    cloud.scripts[2] += [busy(429, "17"), busy(503, date), busy(504), busy(429, "soon")]
    found = await read(cloud)
    assert len(found.entries) == 5
    times = [asked.at for asked in cloud.pages if asked.query.get("$skiptoken") == "2"]
    gaps = [(b - a).total_seconds() for a, b in pairwise(times)]
    assert gaps == [17, 83, 8, 16]


async def test_jitter_only_ever_adds(cloud: Cloud) -> None:
    cloud.accounts = [account(1, "Ann")]
    cloud.scripts[1].append(busy(429, "40"))
    cloud.chance = 1.0
    await read(cloud)
    assert cloud.slept == [50]


async def test_a_pass_that_ran_out_on_the_way_is_renewed(cloud: Cloud) -> None:
    cloud.accounts = [account(n, f"P{n}") for n in range(5)]
    cloud.scripts[3].append(says({"error": {"code": "InvalidAuthenticationToken"}}, 401))
    assert len((await read(cloud)).entries) == 5
    assert [a.path for a in cloud.asked].count(f"/{TENANT}/oauth2/v2.0/token") == 2


async def test_a_secret_that_is_not_accepted_is_said_and_not_shown(cloud: Cloud) -> None:
    with pytest.raises(FetchError, match="set WAYFINDER_TEAMS_SECRET") as refused:
        await read(cloud, app=Registration(TENANT, APP, "another-secret-0"))
    assert "another-secret" not in str(refused.value) + repr(US)
    assert cloud.pages == []


def elsewhere(link: str) -> Answer:
    return lambda cloud: says(
        {"value": cloud.accounts[:1], "@odata.nextLink": link.format(base=cloud.base)}
    )(cloud)


BROKEN: dict[str, tuple[Answer, str]] = {
    "no right": (says({"error": {"code": "Authorization_RequestDenied"}}, 403), RIGHT),
    "another no": (says({"error": {"code": "BadRequest", "message": "x"}}, 400), "400, BadRequest"),
    "a no with an essay": (says({"error": {"code": "<b>Ann</b>"}}, 404), "(404)"),
    "half a page": (sends(b'{"value": ['), "no JSON object"),
    "a web page": (sends(b"<html>Sign in</html>", kind="text/html"), "is there a proxy"),
    "a redirect": (busy(302), "(302)"),
    "a list": (says([]), "no JSON object"),
    "no value": (says({"values": []}), "value"),
    "a value that is none": (says({"value": {"id": "x"}}), "value"),
    "an account without id": (says({"value": [{"displayName": "Ann"}]}), "value.0.id"),
    "an id that is none": (says({"value": [{"id": "../x"}]}), "value.0.id"),
    "a name that is a list": (says({"value": [account(9, "X", displayName=[])]}), "displayName"),
    "very deep": (sends(b"[" * 100_000), "no JSON object"),
    "ten megabytes": (sends(b" " * (LARGEST + 1)), "more than 8 MB"),
    "a link elsewhere": (elsewhere("https://graph.microsoft.com.evil.example/x"), "not its own"),
    "a link by another way": (elsewhere("//evil.example/"), "not its own"),
    "a link with a password": (elsewhere("http://graph@evil.example/"), "not its own"),
    "a link with a header in it": (elsewhere("{base}v1.0/users?a\r\nHost:x"), "not its own"),
    "a link back": (elsewhere("{base}v1.0/users?$top=999&$skiptoken=2"), "have no end"),
}


@pytest.mark.parametrize(("answer", "said"), BROKEN.values(), ids=BROKEN)
async def test_a_broken_page_refuses_all(cloud: Cloud, answer: Answer, said: str) -> None:
    cloud.accounts = [account(n, f"P{n}") for n in range(9)]
    cloud.scripts[3].append(answer)
    cloud.scripts[3].append(answer)
    with pytest.raises(FetchError) as refused:
        await read(cloud)
    assert said in str(refused.value)
    assert "Ann" not in str(refused.value)
    assert len(cloud.pages) == 3


async def test_pages_without_an_end_are_left(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(graph_pages, "MOST_PAGES", 7)
    cloud.accounts = [account(n, f"P{n}") for n in range(99)]
    with pytest.raises(FetchError, match="after 7 of them"):
        await read(cloud)


async def test_patience_ends(cloud: Cloud) -> None:
    cloud.accounts = [account(1, "Ann")]
    cloud.scripts[1] += [busy(503)] * 99
    with pytest.raises(FetchError, match=f"answered 503, {TRIES} times in a row"):
        await read(cloud)
    assert len(cloud.pages) == TRIES


async def test_a_very_long_pause_is_left_to_a_person(cloud: Cloud) -> None:
    cloud.scripts[1].append(busy(429, str(int(LONGEST_PAUSE) + 1)))
    with pytest.raises(FetchError, match="left alone for 10 minutes"):
        await read(cloud)
    assert cloud.slept == []


@pytest.mark.parametrize("told", [{"accountEnabled": None}, {"accountEnabled": False}])
async def test_nobody_is_no_directory(cloud: Cloud, told: dict[str, Any]) -> None:
    cloud.accounts = [account(1, "Ann", **told)]
    with pytest.raises(FetchError, match=r"does not say who|tells of nobody"):
        await read(cloud)


async def test_a_cloud_that_is_not_there_is_said(cloud: Cloud) -> None:
    async with cloud.asker() as asker:
        nowhere = "http://127.0.0.1:1/"
        with pytest.raises(FetchError, match="cannot be reached"):
            await read_graph(asker, US, CUSTOMS, nowhere, nowhere)
