"""A week of use from the fake Dataverse: what counts, what is dropped, and gaps that stay gaps."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import pytest

from adapters.content.measures import load_measures
from adapters.crm.dynamics import Place
from adapters.crm.passes import Registration
from adapters.crm.use import DynamicsUse, matched
from nudges.adoption import METRICS, Metric, WeekOfUse, Worker
from nudges.measures import Measures
from tests.adapters.crm import grouping
from tests.adapters.crm.company import APP, guid
from tests.adapters.crm.dataverse import CLIENT, SECRET, TENANT, Dataverse, Trouble
from tests.adapters.crm.records import User
from tests.clock import MONDAY

WEEK = date(2026, 11, 9)
DAYS, RECORDS, LEADS = Metric.ACTIVE_DAYS, Metric.RECORDS, Metric.LEADS_IN_TIME
QUALITY, HYGIENE = Metric.QUALITY, Metric.HYGIENE
OURS = load_measures()
LOG = replace(OURS, records=False)
WORKERS = (
    Worker("ann", guid(9001), "ann@acme.example", "Europe/Amsterdam"),
    Worker("tom", "", "Tom@acme.example", "Europe/Amsterdam"),
    Worker("sue", guid(9003), "sue@acme.example", "Asia/Singapore"),
    Worker("nobody", guid(9099), "nobody@acme.example", "Europe/Amsterdam"),
)
ANN, TOM, SUE = (("systemuser", guid(n)) for n in (1, 2, 3))
OLD = "2026-10-01T09:00:00Z"


@dataclass
class Office:
    """A CRM of three people, in which nothing happened but that its log saw Ann on Monday."""

    crm: Dataverse
    slept: list[float] = field(default_factory=list[float])
    now: float = 0.0

    @property
    def bot(self) -> tuple[str, str]:
        return ("systemuser", self.crm.app.id)

    def seen(self, who: tuple[str, str], at: str, **more: Any) -> None:  # noqa: ANN401
        self.crm.add("audit", action=64, userid=who, createdon=at, **more)

    def add(self, table: str, who: tuple[str, str], at: str, **more: Any) -> str:  # noqa: ANN401
        made: dict[str, Any] = {
            "ownerid": who,
            "createdby": who,
            "createdon": at,
            "modifiedby": who,
            "modifiedon": at,
        }
        return self.crm.add(table, **{**made, **more})

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds
        await asyncio.sleep(0)

    async def ask(self, *wanted: Metric, measures: Measures = OURS) -> WeekOfUse:
        use = DynamicsUse(
            Place(self.crm.base, APP, f"{self.crm.base}/"),
            Registration(TENANT, CLIENT, SECRET),
            measures,
            lambda: MONDAY,
            seconds=lambda: self.now,
            sleep=self.sleep,
        )
        try:
            return await use.week(WEEK, WORKERS, wanted or METRICS)
        finally:
            await use.close()

    async def one(self, metric: Metric, measures: Measures = OURS) -> dict[str, float]:
        found = await self.ask(metric, measures=measures)
        assert found.whole == {metric}
        return {use.person: use.values[metric] for use in found.uses if metric in use.values}


@asynccontextmanager
async def open_office() -> AsyncGenerator[Office]:
    made = Office(Dataverse())
    for n, name in enumerate(("ann", "tom", "sue"), 1):
        made.crm.user(
            User(guid(n), name, f"{name}@acme.example", guid(9000 + n) if n != 2 else None)
        )
    made.seen(ANN, "2026-11-09T09:00:00Z")
    async with made.crm.served():
        yield made


@pytest.fixture
async def office() -> AsyncGenerator[Office]:
    async with open_office() as made:
        yield made


async def test_a_week_in_which_nothing_was_done_is_zero_and_no_share(office: Office) -> None:
    found = await office.ask()
    assert found.whole == METRICS
    assert {use.person: dict(use.values) for use in found.uses} == {
        "ann": {DAYS: 1, RECORDS: 0},
        "tom": {DAYS: 0, RECORDS: 0},
        "sue": {DAYS: 0, RECORDS: 0},
    }, "who has no user there is not told of"
    assert {use.week for use in found.uses} == {WEEK}


async def test_a_day_counts_once_however_it_is_seen(office: Office) -> None:
    office.seen(ANN, "2026-11-10T09:00:00Z")
    office.seen(ANN, "2026-11-10T13:00:00Z")
    office.add("contact", ANN, "2026-11-10T10:00:00Z")
    office.add("account", ANN, OLD, modifiedon="2026-11-12T10:00:00Z")
    office.add("account", TOM, OLD, modifiedby=ANN, modifiedon="2026-11-13T10:00:00Z")
    office.add("account", ANN, "2026-11-08T10:00:00Z")
    office.add("account", ANN, "2026-11-16T10:00:00Z")
    office.crm.add("audit", action=2, userid=ANN, createdon="2026-11-11T09:00:00Z")
    assert await office.one(DAYS) == {"ann": 4, "tom": 0, "sue": 0}
    assert await office.one(DAYS, LOG) == {"ann": 2, "tom": 0, "sue": 0}
    only = replace(OURS, audit=False)
    assert await office.one(DAYS, only) == {"ann": 3, "tom": 0, "sue": 0}


async def test_days_are_each_ones_own(office: Office) -> None:
    for at in ("2026-11-08T16:30:00Z", "2026-11-15T16:30:00Z"):  # half past midnight on a Monday
        office.seen(SUE, at)
        office.add("task", SUE, at)
    office.seen(TOM, "2026-11-08T22:59:00Z")
    office.seen(TOM, "2026-11-08T23:00:00Z")
    office.add("task", TOM, "2026-11-15T22:59:00Z")
    office.add("task", TOM, "2026-11-15T23:00:00Z")
    assert await office.one(DAYS) == {"ann": 1, "tom": 2, "sue": 1}
    assert await office.one(RECORDS) == {"ann": 0, "tom": 1, "sue": 1}


async def test_what_the_bot_caused_is_dropped(office: Office) -> None:
    at = "2026-11-10T09:00:00Z"
    office.seen(TOM, at, callinguserid=office.bot)
    office.seen(office.bot, at)
    office.add("task", TOM, at, createdonbehalfby=office.bot, modifiedonbehalfby=office.bot)
    office.add("task", office.bot, at, ownerid=TOM)
    lead = office.add("lead", TOM, "2026-11-09T09:00:00Z", createdby=SUE)
    office.add("activitypointer", office.bot, at, regardingobjectid=("lead", lead))
    office.add(
        "activitypointer", TOM, at, createdonbehalfby=office.bot, regardingobjectid=("lead", lead)
    )
    assert (await office.one(DAYS, LOG))["tom"] == 0
    assert (await office.one(RECORDS))["tom"] == 0
    assert await office.one(LEADS) == {"tom": 0.0}


async def test_records_are_those_that_one_entered_oneself(office: Office) -> None:
    for n in range(3):
        office.add("account", ANN, f"2026-11-{9 + n:02}T09:00:00Z", ownerid=TOM)
    office.add("opportunity", TOM, "2026-11-11T09:00:00Z")
    office.add("opportunity", TOM, OLD, modifiedon="2026-11-11T09:00:00Z")
    assert await office.one(RECORDS) == {"ann": 3, "tom": 1, "sue": 0}
    tables = tuple(replace(t, entered=t.collection != "accounts") for t in OURS.tables)
    assert (await office.one(RECORDS, replace(OURS, tables=tables)))["ann"] == 0


LEAD_CASES: dict[str, tuple[str, str | None, float | None]] = {
    "on the same day": ("2026-11-09T09:00:00Z", "2026-11-09T15:00:00Z", 1.0),
    "on the last day": ("2026-11-10T09:00:00Z", "2026-11-12T22:59:00Z", 1.0),
    "a minute late": ("2026-11-10T09:00:00Z", "2026-11-12T23:00:00Z", 0.0),
    "never": ("2026-11-10T09:00:00Z", None, 0.0),
    "over the weekend": ("2026-11-06T09:00:00Z", "2026-11-10T09:00:00Z", 1.0),
    "on a Saturday": ("2026-11-07T09:00:00Z", "2026-11-11T09:00:00Z", 0.0),
    "due the week before": ("2026-11-04T09:00:00Z", None, None),
    "due the week after": ("2026-11-12T09:00:00Z", "2026-11-12T10:00:00Z", None),
}


@pytest.mark.parametrize(("made", "done", "share"), LEAD_CASES.values(), ids=LEAD_CASES)
async def test_a_lead_is_followed_up_in_two_working_days(
    office: Office, made: str, done: str | None, share: float | None
) -> None:
    lead = office.add("lead", TOM, made)
    if done:
        office.add("activitypointer", ANN, done, regardingobjectid=("lead", lead))
        office.add("activitypointer", ANN, "2026-11-14T09:00:00Z", regardingobjectid=("lead", lead))
    assert (await office.one(LEADS)).get("tom") == share


async def test_a_lead_that_was_closed_in_time_is_followed_up(office: Office) -> None:
    at = "2026-11-09T09:00:00Z"
    office.add("lead", TOM, at, statecode=2, modifiedon="2026-11-10T09:00:00Z")
    office.add("lead", TOM, at, statecode=1, modifiedon="2026-11-13T09:00:00Z")
    office.add("lead", TOM, at, modifiedon="2026-11-10T09:00:00Z")
    office.add("lead", ANN, at, ownerid=("team", guid(77)))
    assert await office.one(LEADS) == {"tom": pytest.approx(1 / 3)}


async def test_quality_is_of_ones_own_open_records_with_all_that_is_wanted(office: Office) -> None:
    office.add("account", TOM, OLD, telephone1="1", address1_city="Oss")
    office.add("account", TOM, OLD, telephone1="1")
    office.add("account", TOM, OLD, statecode=1)
    office.add("contact", TOM, OLD, emailaddress1="x", jobtitle="y", createdby=ANN)
    office.add("contact", ANN, OLD)
    office.add("task", SUE, OLD)
    assert await office.one(QUALITY) == {"tom": pytest.approx(2 / 3), "ann": 0.0}


async def test_hygiene_is_a_close_date_to_come_and_a_next_step(office: Office) -> None:
    def deal(closes: str | None, step: int | None = 3) -> None:
        made = office.add("opportunity", TOM, OLD, estimatedclosedate=closes)
        if step is not None:
            about = ("opportunity", made)
            office.add("activitypointer", ANN, OLD, statecode=step, regardingobjectid=about)

    deal("2026-12-01")
    deal("2026-11-16", 0)
    deal("2026-11-15")
    deal(None)
    deal("2026-12-01", 1)
    deal("2026-12-01", None)
    office.add("opportunity", TOM, OLD, statecode=1)
    assert await office.one(HYGIENE) == {"tom": pytest.approx(2 / 6)}
    assert await office.one(HYGIENE, replace(OURS, next_step=False)) == {
        "tom": pytest.approx(4 / 6)
    }


async def test_a_log_that_saw_nobody_is_switched_off_and_a_gap(office: Office) -> None:
    office.crm.rows["audit"].clear()
    office.add("account", ANN, "2026-11-10T10:00:00Z")
    found = await office.ask()
    assert found.whole == METRICS - {DAYS}
    assert all(DAYS not in use.values for use in found.uses)
    assert (await office.ask(measures=replace(OURS, audit=False))).whole == METRICS


REFUSED: dict[str, set[Metric]] = {
    "audit": {DAYS},
    "lead": {DAYS, RECORDS, LEADS, QUALITY},
    "phonecall": {DAYS, RECORDS},
    "opportunity": {DAYS, RECORDS, QUALITY, HYGIENE},
    "activitypointer": {LEADS, HYGIENE},
    "systemuser": set(METRICS),
}


@pytest.mark.parametrize(("table", "gaps"), REFUSED.items(), ids=REFUSED)
async def test_what_may_not_be_read_is_a_gap_and_not_zero(
    office: Office, table: str, gaps: set[Metric]
) -> None:
    office.add("lead", TOM, "2026-11-10T09:00:00Z", companyname="x", subject="y")
    office.add("opportunity", TOM, OLD, estimatedclosedate="2026-12-01", estimatedvalue=1)
    del office.crm.app.may[table]
    found = await office.ask()
    assert found.whole == METRICS - gaps
    assert not gaps & {metric for use in found.uses for metric in use.values}


async def test_only_what_is_wanted_is_asked(office: Office) -> None:
    found = await office.ask(RECORDS)
    assert found.whole == {RECORDS}
    assert not office.crm.heard("audits")
    assert not office.crm.heard("leads") or all(
        "apply" in a.query for a in office.crm.heard("leads")
    )


async def test_lists_are_read_to_their_end(office: Office) -> None:
    office.crm.page = 2
    for n in range(5):
        office.seen(TOM, f"2026-11-{9 + n:02}T09:00:00Z")
    assert (await office.one(DAYS, LOG))["tom"] == 5
    office.crm.page = 1
    assert (await office.one(DAYS, LOG))["tom"] == 5


async def test_a_page_that_fails_makes_a_gap(office: Office) -> None:
    office.crm.page = 2
    for n in range(5):
        office.seen(TOM, f"2026-11-{9 + n:02}T09:00:00Z")
    # the users' two pages, who we are, the log's first page; then nothing any more
    office.crm.trouble["get"].extend([Trouble()] * 4)
    office.crm.always["get"] = Trouble(status=403)
    assert await office.ask(DAYS, measures=LOG) == WeekOfUse(
        tuple(await _empty(office)), frozenset()
    )


async def _empty(office: Office) -> list[Any]:
    office.crm.always.clear()
    found = await office.ask(RECORDS)
    return [replace(use, values={}) for use in found.uses]


async def test_more_than_can_be_added_up_is_added_up_in_parts(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grouping, "LIMIT", 3)
    for n in range(9):
        office.add("task", (ANN, TOM)[n % 2], f"2026-11-{9 + n % 7:02}T{8 + n:02}:00:00Z")
    for n in range(8):
        office.add("account", TOM, f"20{10 + n}-03-01T09:00:00Z", telephone1="1")
    assert await office.one(RECORDS) == {"ann": 5, "tom": 4, "sue": 0}
    assert await office.one(QUALITY) == {"tom": 0.0}
    for n in range(4):
        office.add("task", ANN, "2026-11-12T09:00:00Z", subject=str(n))
    assert (await office.ask(RECORDS)).whole == frozenset(), "more in an hour than can be told"


async def test_a_busy_crm_is_left_alone_as_long_as_it_says(office: Office) -> None:
    busy = Trouble(status=429, headers={"Retry-After": "240"})
    office.crm.trouble["get"].extend([busy] * 5)
    assert await office.one(RECORDS) == {"ann": 0, "tom": 0, "sue": 0}
    assert office.slept == [240.0] * 5


async def test_one_that_stays_busy_is_given_up(office: Office) -> None:
    office.crm.always["get"] = Trouble(status=429, headers={"Retry-After": "300"})
    assert await office.ask() == WeekOfUse()
    assert sum(office.slept) < 1800
    assert len(office.crm.heard()) < 20


@pytest.mark.parametrize(
    "trouble",
    [
        Trouble(status=500),
        Trouble(status=401),
        Trouble(cut=True),
        Trouble(status=200, body=b"<html>"),
        Trouble(status=200, body=b'{"value": 3}'),
        Trouble(status=200, body=b'{"value": [3]}'),
        Trouble(status=200, body=b'{"value": [{"count": "x"}], "@odata.nextLink": 3}'),
        Trouble(status=200, body=b'{"value": [], "@odata.nextLink": "https://evil.example/api"}'),
    ],
)
async def test_whatever_is_wrong_is_a_gap(office: Office, trouble: Trouble) -> None:
    office.crm.always["get"] = trouble
    assert await office.ask() == WeekOfUse()


async def test_no_pass_is_a_gap(office: Office) -> None:
    office.crm.always["token"] = Trouble(status=401)
    assert await office.ask() == WeekOfUse()


def rows(*those: tuple[int, int | None, str]) -> list[dict[str, Any]]:
    return [
        {
            "systemuserid": guid(n),
            "azureactivedirectoryobjectid": guid(entra) if entra else None,
            "internalemailaddress": email,
        }
        for n, entra, email in those
    ]


WHO: dict[str, tuple[list[dict[str, Any]], list[Worker], dict[str, str]]] = {
    "by id before address": (
        rows((1, 91, "a@x"), (2, 92, "b@x")),
        [Worker("p", guid(91), "b@x")],
        {guid(1): "p"},
    ),
    "by address, however it is written": (
        rows((1, None, "A@x")),
        [Worker("p", "", "a@X")],
        {guid(1): "p"},
    ),
    "an address with somebody else's id": (
        rows((1, 91, "a@x")),
        [Worker("p", guid(92), "a@x")],
        {},
    ),
    "two users with one address": (
        rows((1, None, "a@x"), (2, None, "a@x")),
        [Worker("p", "", "a@x")],
        {},
    ),
    "two people with one address": (
        rows((1, None, "a@x")),
        [Worker("p", "", "a@x"), Worker("q", "", "a@x")],
        {},
    ),
    "one by id and one by address": (
        rows((1, 91, "a@x")),
        [Worker("p", "", "a@x"), Worker("q", guid(91), "")],
        {guid(1): "q"},
    ),
    "nobody": (rows((1, None, "")), [Worker("p"), Worker("q", "x", "")], {}),
}


@pytest.mark.parametrize(("users", "workers", "found"), WHO.values(), ids=WHO)
def test_who_is_who(
    users: list[dict[str, Any]], workers: list[Worker], found: dict[str, str]
) -> None:
    assert {user: one.person for user, one in matched(users, workers).items()} == found


async def test_what_can_be_told_late(office: Office) -> None:
    def past(measures: Measures) -> frozenset[Metric]:
        place = Place(office.crm.base, APP)
        return DynamicsUse(place, Registration("t", "c", "s"), measures, lambda: MONDAY).past

    assert past(OURS) == {DAYS, RECORDS, LEADS}
    assert past(replace(OURS, audit=False)) == {RECORDS, LEADS}
