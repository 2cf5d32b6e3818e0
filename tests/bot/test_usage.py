"""The rounds that fetch use: once by however many, repeated with patience, logged without words."""

import asyncio
from collections.abc import Collection, Sequence
from datetime import date, timedelta

import pytest
from structlog.testing import capture_logs

from adapters.content.files import DEMO
from adapters.crm.demo_use import DemoUse
from adapters.directory.table import read_people
from adapters.store.database import Store
from bot.settings import Settings, SettingsError, read_settings
from bot.usage import Measuring
from bot.wiring.crm import connect_use
from bot.wiring.parts import build
from bot.wiring.usage import measure, open_usage_door
from nudges.adoption import METRICS, RANGES, WEEK, Metric, Use, WeekOfUse, Worker
from nudges.people import Person
from tests.bot.test_crm_wiring import WHOLE
from tests.clock import MONDAY, Clock
from tests.desk import SECRET, settings

W46 = date(2026, 11, 9)
DAYS, RECORDS = Metric.ACTIVE_DAYS, Metric.RECORDS


class Crm:
    """A CRM that tells the same of everybody, unless something is wrong with it."""

    def __init__(self) -> None:
        self.source = "crm"
        self.past = frozenset({DAYS, RECORDS})
        self.whole = METRICS
        self.values: dict[Metric, float] = dict.fromkeys(Metric, 1.0)
        self.down: Exception | None = None
        self.asked: list[tuple[date, frozenset[Metric]]] = []
        self.closed = False

    async def week(
        self, week: date, workers: Sequence[Worker], wanted: Collection[Metric]
    ) -> WeekOfUse:
        self.asked.append((week, frozenset(wanted)))
        await asyncio.sleep(0)
        if self.down:
            raise self.down
        return WeekOfUse(tuple(Use(w.person, week, self.values) for w in workers), self.whole)

    async def close(self) -> None:
        self.closed = True


@pytest.fixture
async def house(memory: Store) -> Store:
    async with memory.write() as work:
        await work.save([Person(f"p{n}") for n in range(3)], MONDAY)
    return memory


async def told(house: Store, week: date = W46) -> list[dict[Metric, float]]:
    async with house.read() as work:
        return [dict(use.values) for use in await work.usage_of(None, week, week + WEEK)]


async def test_weeks_that_are_over_are_fetched_once(house: Store) -> None:
    crm, clock = Crm(), Clock()
    rounds = Measuring(house, crm, clock)
    assert await rounds.round() == 4
    assert [week for week, _ in crm.asked] == [W46 - nth * WEEK for nth in range(4)]
    assert await told(house) == [dict.fromkeys(Metric, 1.0)] * 3
    assert await told(house, W46 - WEEK) == [{DAYS: 1.0, RECORDS: 1.0}] * 3, "as far as it is known"
    assert await rounds.round() == 0
    clock.pass_(days=6)
    assert await rounds.round() == 0
    clock.pass_(days=1)
    assert await rounds.round() == 2
    assert crm.asked[4:] == [(W46 + WEEK, METRICS), (W46, crm.past)]


async def test_several_tickers_ask_once(house: Store) -> None:
    crm, clock = Crm(), Clock()
    rounds = [Measuring(house, crm, clock).round() for _ in range(5)]
    assert sum(await asyncio.gather(*rounds)) == 4
    assert len(crm.asked) == 4


async def test_a_crm_that_fails_is_asked_again_with_patience(house: Store) -> None:
    crm, clock = Crm(), Clock()
    crm.past = frozenset()
    crm.down = RuntimeError("ann@acme.example did 3 things")
    rounds = Measuring(house, crm, clock)
    with capture_logs() as logs:
        for _ in range(6 * 24 * 4):
            await rounds.round()
            clock.pass_(minutes=15)
    assert len(crm.asked) == 6
    assert {(log["event"], log["why"]) for log in logs} == {("usage.not_told", "RuntimeError")}
    assert "acme" not in str(logs)
    assert await told(house) == []


async def test_a_gap_is_asked_for_alone_and_is_no_zero(house: Store) -> None:
    crm, clock = Crm(), Clock()
    crm.past, crm.whole = frozenset(), METRICS - {DAYS}
    rounds = Measuring(house, crm, clock)
    with capture_logs() as logs:
        assert await rounds.round() == 1
    assert [log["gaps"] for log in logs] == [["active_days"]]
    assert await told(house) == [dict.fromkeys(METRICS - {DAYS}, 1.0)] * 3
    crm.whole = METRICS
    crm.values[DAYS] = 0
    clock.pass_(hours=1)
    assert await rounds.round() == 1
    assert crm.asked[-1] == (W46, {DAYS})
    assert await told(house) == [dict.fromkeys(Metric, 1.0) | {DAYS: 0.0}] * 3
    async with house.read() as work:
        (fetch,) = await work.usage_weeks(W46)
    assert fetch.whole == METRICS


async def test_what_cannot_be_is_not_kept(house: Store) -> None:
    crm = Crm()
    crm.values = {DAYS: 9, RECORDS: -1, Metric.QUALITY: 85, Metric.HYGIENE: float("nan")}
    await Measuring(house, crm, Clock()).round()
    assert await told(house) == []


async def test_what_comes_late_adds_days_and_takes_none(house: Store) -> None:
    crm, clock = Crm(), Clock()
    crm.values = {DAYS: 4, RECORDS: 9}
    rounds = Measuring(house, crm, clock)
    await rounds.round()
    clock.pass_(days=7)
    crm.values = {DAYS: 3, RECORDS: 7}
    await rounds.round()
    assert await told(house) == [{DAYS: 4.0, RECORDS: 7.0}] * 3


async def test_somebody_who_is_forgotten_meanwhile_holds_up_nobody(house: Store) -> None:
    crm = Crm()

    class Forgetful(Crm):
        async def week(
            self, week: date, workers: Sequence[Worker], wanted: Collection[Metric]
        ) -> WeekOfUse:
            more = [*workers, Worker("gone")]
            return await super().week(week, more, wanted)

    crm = Forgetful()
    assert await Measuring(house, crm, Clock()).round() == 4
    assert len(await told(house)) == 3


async def test_the_program_looks_by_itself_where_a_crm_is_connected(house: Store) -> None:
    app, crm = build(settings(), house, [], Clock()), Crm()
    assert "usage" not in app.rounds
    assert connect_use(settings()) is None
    measure(app, crm, house, Clock())
    assert await app.rounds["usage"][0]() == 4
    assert crm.close in app.closers


async def test_the_crm_of_the_settings_is_asked() -> None:
    named = {**WHOLE, "crm_url": "https://acme.crm4.dynamics.com"}
    crm = connect_use(read_settings(Settings, secret=SECRET, **named))
    assert crm is not None
    assert crm.source == "dynamics"
    await crm.close()
    with pytest.raises(SettingsError, match="WAYFINDER_CRM_APP"):
        connect_use(read_settings(Settings, secret=SECRET, crm_url=named["crm_url"]))


OTHER = "another-house-of-cards-with-a-cellar-0815-and-a-roof"


@pytest.mark.parametrize(
    ("secret", "said"),
    [
        ("short", "has to be at least 32 random characters"),
        ("change-me-to-something-random-0123456789", "is a placeholder"),
        (SECRET, "is the same as WAYFINDER_SECRET"),
        (f"{OTHER},short", "has to be at least 32 random characters"),
    ],
)
def test_a_secret_that_is_none_is_refused(secret: str, said: str) -> None:
    with pytest.raises(SettingsError, match=f"WAYFINDER_USAGE_SECRET {said}") as refused:
        read_settings(Settings, secret=SECRET, usage_secret=secret)
    assert secret not in str(refused.value)


async def test_the_door_is_there_with_a_secret_alone(house: Store) -> None:
    for secret, there in (("", False), (OTHER, True), (f"{OTHER}, {OTHER[::-1]}", True)):
        given = read_settings(Settings, secret=SECRET, usage_secret=secret)
        app = build(given, house, [], Clock())
        open_usage_door(app, given, house, Clock())
        paths = {route.resource.canonical for route in app.web.router.routes() if route.resource}
        assert ("/usage" in paths) == there
    ticker = build(given, house, [], Clock(), roles=frozenset({"ticker"}))
    open_usage_door(ticker, given, house, Clock())
    paths = {route.resource.canonical for route in ticker.web.router.routes() if route.resource}
    assert "/usage" not in paths


STAFF = read_people(DEMO / "people.csv")
WORKERS = [Worker(person.id) for person in STAFF]


async def test_the_made_up_company_tells_the_same_always_and_grows() -> None:
    begun = date(2026, 9, 7)
    crm, same = DemoUse(STAFF, begun), DemoUse(STAFF[::-1], begun)
    means: list[float] = []
    for nth in range(-2, 14):
        week = begun + nth * WEEK
        found = await crm.week(week, WORKERS, METRICS)
        assert found == await same.week(week, WORKERS, METRICS)
        assert found.whole == METRICS
        assert {use.person for use in found.uses} == {person.id for person in STAFF}
        for use in found.uses:
            assert all(RANGES[metric].fits(value) for metric, value in use.values.items())
        means.append(sum(use.values[DAYS] for use in found.uses) / len(STAFF))
    assert means[0] < 1 < means[6] < 4
    assert means[-1] > means[3]


async def test_the_made_up_company_tells_what_is_wanted_of_whom_it_knows() -> None:
    crm = DemoUse(STAFF, W46)
    found = await crm.week(W46 + WEEK, [Worker("p001"), Worker("zed")], {RECORDS})
    assert [(use.person, set(use.values)) for use in found.uses] == [("p001", {RECORDS})]
    assert found.whole == {RECORDS}
    assert timedelta(days=7) == WEEK
