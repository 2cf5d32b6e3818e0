"""What whoever watches is told: the right numbers, about nobody, and to nobody outside."""

import asyncio
import re
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import cast

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.typedefs import Handler
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr

from adapters.crm.patience import FAILURES, Breaker
from adapters.store.database import Store
from bot import VERSION
from bot.figures import FAMILIES, OTHER, Figures
from bot.finding import Finder
from bot.lookout import Lookout
from bot.metrics import Metrics
from bot.settings import Settings, SettingsError, read_settings
from bot.ticker import Ticker
from bot.web import make_web
from dialogs.doorway import Arrival, Waiting
from dialogs.finding import Ask
from dialogs.guide import HelpNote
from dialogs.records import Asker, Looked, Silent, Wanted
from nudges.backlog import Backlog
from nudges.delivery import Delivery, Priority, State, Unknown
from nudges.pace import CHANGES, POSTS, Lane, Paces
from tests.clock import MONDAY, Clock
from tests.desk import PEOPLE, SECRET, Desk
from tests.house.source import ROOT

KEY = "pR9-owls-count-only-what-they-hear-at-night-3301"
Sample = tuple[str, frozenset[tuple[str, str]]]


async def told(
    store: "Store | Shelf", desk: Desk | None = None, **more: object
) -> dict[Sample, float]:
    figures = desk.app.lookout.figures if desk else cast("Figures", more.get("figures", Figures()))
    paces = cast("Paces", more.get("paces", Paces()))
    clock = desk.clock if desk else (lambda: MONDAY)
    longest = cast("float", more.get("longest", 2.0))
    text = (await Metrics(store, clock, figures, paces, longest).measure()).decode()
    return {
        (one.name, frozenset(one.labels.items())): one.value
        for family in text_string_to_metric_families(text)
        for one in family.samples
    }


def of(found: Mapping[Sample, float], name: str, **labels: str) -> float | None:
    return found.get((name, frozenset(labels.items())))


@dataclass
class Shelf:
    """A store that tells how the queue stands, or is away, or takes its time."""

    stands: Backlog = field(default_factory=Backlog)
    away: bool = False
    takes: float = 0.0

    @asynccontextmanager
    async def read(self) -> AsyncGenerator["Shelf"]:
        if self.away:
            raise ConnectionRefusedError
        yield self

    async def backlog(self) -> Backlog:
        await asyncio.sleep(self.takes)
        return self.stands

    async def waiting(self, now: datetime) -> Waiting:
        assert now
        return Waiting(3, timedelta(seconds=7))


async def test_what_people_do_and_get_is_counted(desk: Desk, memory: Store) -> None:
    await desk.joins("ann")
    await desk.says("ann", "help")
    found = await told(memory, desk)
    assert of(found, "wayfinder_arrivals_total", platform="browser", how="new") == 2
    for turn in ("joined", "said"):
        assert of(found, "wayfinder_turns_total", platform="browser", turn=turn, end="done") == 1
    sent = of(found, "wayfinder_deliveries_settled_total", platform="browser", state="sent")
    assert sent == len(desk.chat("ann")) > 0
    calls = of(found, "wayfinder_calls_total", platform="browser", way=POSTS, outcome="sent")
    assert calls == sent
    assert of(found, "wayfinder_answer_seconds_count", platform="browser") == 2
    assert of(found, "wayfinder_build_info", version=VERSION) == 1
    assert of(found, "wayfinder_database_up") == 1


async def test_a_repeat_and_an_unknown_end_are_told_apart(desk: Desk, memory: Store) -> None:
    desk.notebook.script = [Unknown("cut off")]
    await desk.joins("ann")
    for _ in range(2):
        await desk.app.inbox.accept(Arrival("browser:again", "browser", "{}"))
    found = await told(memory, desk)
    assert of(found, "wayfinder_arrivals_total", platform="browser", how="repeated") == 1
    assert of(found, "wayfinder_deliveries_settled_total", platform="browser", state="unknown") == 1
    assert of(found, "wayfinder_calls_total", platform="browser", way=POSTS, outcome="unknown") == 1


async def test_the_queue_is_told_as_it_stands(store: Store) -> None:
    async with store.write() as work:
        await work.save([replace(p, addresses=()) for p in PEOPLE], MONDAY)
        await work.open_lanes(["slack:T1"])
        due = (MONDAY - timedelta(hours=1), MONDAY + timedelta(hours=1))
        await work.queue(
            [
                Delivery("now", "ann", HelpNote(), Priority.INTERACTIVE, due[0]),
                Delivery("later", "ann", HelpNote(), Priority.INTERACTIVE, due[1]),
            ]
        )
        await work.connection.exec_driver_sql("UPDATE deliveries SET lane = 'slack:T1'")
    found = await told(store)
    assert of(found, "wayfinder_deliveries", platform="slack", state="queued") == 2
    assert of(found, "wayfinder_lag_seconds", platform="slack") == 3600
    async with store.write() as work:
        (ready,) = await work.ready(MONDAY)
        until = MONDAY + timedelta(minutes=1)
        await work.claim(ready.run, ready.lane, "me", MONDAY, until, 9)
    found = await told(store)
    assert of(found, "wayfinder_deliveries", platform="slack", state="queued") == 1
    assert of(found, "wayfinder_deliveries", platform="slack", state="claimed") == 1
    assert of(found, "wayfinder_lag_seconds", platform="slack") == 0


PACES = Paces({("slack", POSTS): 4.0, ("slack", CHANGES): 1.0})
STANDS = Backlog(
    {("slack:T1", State.QUEUED): 5, ("slack:T2", State.QUEUED): 6, ("teams:t", State.SENDING): 1},
    {"slack:T1": MONDAY - timedelta(seconds=30), "slack:T2": MONDAY - timedelta(seconds=90)},
    {
        "slack:T1": Lane(slowed_at=MONDAY, slowed_to=0.5),
        "slack:T2": Lane(blocked_until=MONDAY + timedelta(seconds=5)),
        f"slack:T1/{CHANGES}": Lane(),
    },
    MONDAY - timedelta(seconds=40),
)


async def test_lanes_of_a_platform_are_told_together() -> None:
    found = await told(Shelf(STANDS), paces=PACES)
    assert of(found, "wayfinder_deliveries", platform="slack", state="queued") == 11
    assert of(found, "wayfinder_deliveries", platform="teams", state="sending") == 1
    assert of(found, "wayfinder_lag_seconds", platform="slack") == 90
    assert of(found, "wayfinder_pace_allowed", platform="slack", way=POSTS) == 2
    assert of(found, "wayfinder_pace_allowed", platform="slack", way=CHANGES) == 1
    assert of(found, "wayfinder_lanes_blocked", platform="slack", way=POSTS) == 1
    assert of(found, "wayfinder_clock_ahead_seconds") == 40
    assert of(found, "wayfinder_inbox_waiting") == 3
    assert of(found, "wayfinder_inbox_oldest_seconds") == 7


@pytest.mark.parametrize("shelf", [Shelf(away=True), Shelf(takes=30)], ids=["away", "slow"])
async def test_without_a_database_the_rest_is_told(shelf: Shelf) -> None:
    figures = Figures()
    figures.count("wayfinder_requests_total", door="teams")
    figures.set("wayfinder_inbox_waiting", 9)
    found = await told(shelf, figures=figures, longest=0.05)
    assert of(found, "wayfinder_database_up") == 0
    assert of(found, "wayfinder_requests_total", door="teams") == 1
    assert of(found, "wayfinder_inbox_waiting") is None, "nobody knows any more"


async def test_no_label_holds_anything_of_anybody(desk: Desk, memory: Store) -> None:
    await desk.joins("ann")
    await desk.says("ann", "where do I log a call with Ann Field?")
    await desk.plan()
    desk.app.ticker.start({"plan": (desk.app.ticker.plan, timedelta(hours=1))})
    await desk.app.ticker.stop()
    figures = desk.app.lookout.figures
    found = await told(memory, desk)
    ours = {key for key in found if key[0].startswith("wayfinder_")}
    assert {family for family, _ in ours} >= {
        name for name, f in FAMILIES.items() if f.kind == "counter"
    }
    for name, labels in ours:
        for label, value in labels:
            if label != "le":
                assert value in {*figures.words(label), OTHER}, (name, label)
    words = {one for label in figures.known for one in figures.words(label)}
    assert all(re.fullmatch(r"[a-z_ ]+|" + re.escape(VERSION), one) for one in words), words
    assert not words & {"ann", "bob", "eve", "sales", "service", "demo"}


@pytest.mark.parametrize("name", [name for name, one in FAMILIES.items() if one.labels])
def test_a_word_that_is_not_known_gets_into_no_figure(name: str) -> None:
    figures, family = Figures(), FAMILIES[name]
    labels = dict.fromkeys(family.labels, "Ann Field <ann@acme.example>")
    if family.kind == "histogram":
        figures.took(name, 1.0, **labels)
        assert list(figures.timed[name]) == [(OTHER,) * len(labels)]
    else:
        figures.count(name, 1, **labels)
        assert list(figures.values[name]) == [(OTHER,) * len(labels)]


@pytest.mark.parametrize(
    ("seconds", "ends"), [(0.001, "0.005"), (0.005, "0.005"), (0.3, "0.5"), (99.0, "+Inf")]
)
async def test_a_time_falls_into_its_bucket(seconds: float, ends: str) -> None:
    figures = Figures()
    figures.took("wayfinder_call_seconds", seconds, platform="slack")
    found = await told(Shelf(), figures=figures)
    got = {
        dict(labels)["le"]: value
        for (name, labels), value in found.items()
        if name == "wayfinder_call_seconds_bucket"
    }
    smallest = min((float(le), le) for le, value in got.items() if value == 1)
    assert smallest[1] == ends
    assert of(found, "wayfinder_call_seconds_sum", platform="slack") == seconds


@dataclass
class Door:
    """A house with a door that answers as the test wants, and what was counted at it."""

    lookout: Lookout = field(default_factory=Lookout)
    key: SecretStr | None = None

    def app(self) -> web.Application:
        async def ready() -> str | None:
            return None

        async def measured() -> bytes:
            return b"# nothing\n"

        async def answer(request: web.Request) -> web.Response:
            status = int(request.query["status"])
            if request.query.get("how") == "raised":
                raise web.HTTPRequestEntityTooLarge(1, 2)
            if request.query.get("how") == "broke":
                raise RuntimeError
            return web.Response(status=status)

        app = make_web(ready, measured, None, self.lookout, self.key)
        app.add_routes(
            [web.route("*", path, answer) for path in ("/api/messages", "/slack/events")]
        )
        return app


@pytest.mark.parametrize(
    ("path", "door", "reason"),
    [
        ("/api/messages?status=401", "teams", "unproven"),
        ("/slack/events?status=400", "slack", "malformed"),
        ("/slack/events?status=503", "slack", "not_stored"),
        ("/slack/events?status=0&how=raised", "slack", "large"),
        ("/slack/events?status=0&how=broke", "slack", OTHER),
        ("/ann@acme.example", OTHER, "nowhere"),
    ],
)
async def test_what_is_refused_is_counted_by_door_and_reason(
    path: str, door: str, reason: str
) -> None:
    house = Door()
    async with TestClient(TestServer(house.app())) as client:
        await client.post(path)
        await client.post("/slack/events?status=200")
    values = house.lookout.figures.values
    assert values["wayfinder_refused_total"] == {(door, reason): 1}
    assert values["wayfinder_requests_total"] == {("slack",): 1}


@pytest.mark.parametrize(
    ("key", "headers", "status"),
    [
        ("", {}, 200),
        ("", {"X-Forwarded-For": "203.0.113.7"}, 403),
        ("", {"Forwarded": "for=203.0.113.7"}, 403),
        ("", {"Via": "1.1 proxy"}, 403),
        (KEY, {}, 401),
        (KEY, {"Authorization": "Bearer wrong"}, 401),
        (KEY, {"Authorization": KEY}, 401),
        (KEY, {"Authorization": f"Bearer {KEY}"}, 200),
        (KEY, {"Authorization": f"Bearer {KEY}", "X-Forwarded-For": "203.0.113.7"}, 200),
    ],
)
async def test_who_may_see_the_metrics(key: str, headers: dict[str, str], status: int) -> None:
    house = Door(key=SecretStr(key) if key else None)
    async with TestClient(TestServer(house.app())) as client:
        answer = await client.get("/metrics", headers=headers)
        assert answer.status == status
        assert KEY not in await answer.text()


@pytest.mark.parametrize(("peer", "status"), [("203.0.113.7", 403), ("::1", 200), ("", 403)])
async def test_without_a_key_only_this_machine_sees_them(peer: str, status: int) -> None:
    app = Door().app()

    @web.middleware
    async def from_there(request: web.Request, handler: Handler) -> web.StreamResponse:
        return await handler(request.clone(remote=peer))

    app.middlewares.append(from_there)
    async with TestClient(TestServer(app)) as client:
        assert (await client.get("/metrics")).status == status


def test_a_key_that_is_none_is_refused() -> None:
    for wrong in ("short", "change-me-to-something-random-0123456789", SECRET):
        with pytest.raises(SettingsError, match="WAYFINDER_METRICS_KEY"):
            read_settings(Settings, secret=SECRET, metrics_key=wrong)


async def test_rounds_are_told_with_how_they_ended(clock: Clock) -> None:
    lookout = Lookout()
    ends: dict[str, BaseException | None] = {"good": None, "away": OSError(), "broke": ValueError()}
    ticker = Ticker(cast("Store", None), clock, lambda: None, lookout)
    ended = asyncio.Event()

    def round_of(name: str):  # noqa: ANN202 - as the ticker takes it
        async def go() -> None:
            if len(lookout.figures.values["wayfinder_rounds_total"]) == 2:
                ended.set()
            if (error := ends[name]) is not None:
                raise error

        return go

    ticker.start({name: (round_of(name), timedelta(seconds=0.01)) for name in ends})
    async with asyncio.timeout(10):
        await ended.wait()
    await ticker.stop()
    counted = lookout.figures.values["wayfinder_rounds_total"]
    assert set(counted) == {("good", "done"), ("away", "waits"), ("broke", "failed")}
    done = lookout.figures.values["wayfinder_round_last_timestamp_seconds"]
    assert done == {("good",): MONDAY.timestamp()}


@dataclass
class Records:
    """A CRM that answers, keeps silent, or breaks."""

    end: str

    async def look_up(self, wanted: Wanted, asker: Asker) -> Looked:
        assert wanted is not None
        assert asker.person == "ann"
        if self.end == "failed":
            raise RuntimeError
        return Silent("down")

    async def close(self) -> None:
        return None


@pytest.mark.parametrize("end", ["silent", "failed"])
async def test_look_ups_are_told_with_how_they_ended(end: str) -> None:
    lookout = Lookout()
    finder = Finder(None, Records(end), lookout)
    await finder.find(Ask("", Wanted()), PEOPLE[0])
    assert lookout.figures.values["wayfinder_look_ups_total"] == {("crm", end): 1}
    assert len(lookout.figures.timed["wayfinder_look_up_seconds"]) == 1


def test_a_crm_that_failed_rests_until_it_answers() -> None:
    breaker = Breaker(lambda: 0.0)
    for _ in range(FAILURES):
        assert not breaker.rests()
        breaker.failed()
    assert breaker.rests()
    breaker.worked()
    assert not breaker.rests()


async def test_a_late_loop_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    passed = iter([0.0, 0.9])
    lookout = Lookout(Figures(seconds=lambda: next(passed)))
    monkeypatch.setattr("bot.lookout.BEAT", 0.5)
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    monkeypatch.setattr("bot.lookout.asyncio.sleep", sleep)
    with pytest.raises(RuntimeError, match="StopIteration"):
        await lookout.beat()
    (late,) = lookout.figures.timed["wayfinder_loop_lag_seconds"].values()
    assert (late.total, slept) == (pytest.approx(0.4), [0.5])


def test_the_version_is_the_one_that_is_built() -> None:
    built = re.search(r'^version = "(.+)"$', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    assert built is not None
    assert built[1] == VERSION
