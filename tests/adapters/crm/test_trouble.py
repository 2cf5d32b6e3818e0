"""The CRM is down, slow, busy, cut off or talks nonsense: a plain answer, soon, and no error."""

import asyncio
import logging
from collections.abc import Callable
from datetime import timedelta

import pytest

from adapters.crm.dynamics import BUDGET, Dynamics
from adapters.crm.patience import FAILURES, REST, Breaker, SearchPace
from dialogs.records import Matches, Nothing, Record, Silent, Wanted
from tests.adapters.crm.company import PLENTY, Company, dynamics, guid
from tests.adapters.crm.dataverse import Trouble
from tests.clock import MONDAY

RIJN = Wanted("rijn transport", "phone")
DEEP = b"[" * 100_000
EVIL = "http://127.0.0.1:9/api/data/v9.2/accounts"


class Ticks:
    """Seconds that pass when somebody sleeps, or is told to."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds
        await asyncio.sleep(0)


EVERY_TIME: dict[str, tuple[dict[str, Trouble], str]] = {
    "Entra is down": ({"token": Trouble(503)}, "down"),
    "Entra refuses us": ({"token": Trouble(401, body=b'{"error":"invalid_client"}')}, "refused"),
    "Entra talks nonsense": ({"token": Trouble(200, body=b"<html>")}, "nonsense"),
    "Entra is cut off": ({"token": Trouble(cut=True)}, "down"),
    "faults": ({"batch": Trouble(500)}, "down"),
    "a gateway": ({"get": Trouble(502, body=b"<html>bad gateway"), "batch": Trouble(502)}, "down"),
    "cut off": ({"batch": Trouble(cut=True)}, "down"),
    "garbage": ({"batch": Trouble(200, body=b"\xff\xfe garbage")}, "nonsense"),
    "garbage in parts": (
        {
            "batch": Trouble(
                200,
                {"Content-Type": "multipart/mixed; boundary=b"},
                b"--b\r\n\r\nHTTP/1.1 200 OK\r\n\r\n{broken\r\n--b--",
            )
        },
        "nonsense",
    ),
    "deep garbage": ({"get": Trouble(200, body=DEEP)}, "nonsense"),
    "a page of another kind": ({"get": Trouble(200, body=b'{"value":{}}')}, "nonsense"),
    "too much": ({"batch": Trouble(200, body=b"x" * 5_000_000)}, "nonsense"),
    "a redirect": ({"batch": Trouble(302, {"Location": EVIL})}, "nonsense"),
    "busy for long": ({"batch": Trouble(429, {"Retry-After": "300"})}, "busy"),
    "busy until a day": (
        {"batch": Trouble(429, {"Retry-After": "Fri, 01 Jan 2100 00:00:00 GMT"})},
        "busy",
    ),
    "unavailable for long": ({"batch": Trouble(503, {"Retry-After": "600"})}, "busy"),
    "our pass is refused": ({"batch": Trouble(401)}, "refused"),
    "who is who is refused": ({"get": Trouble(403)}, "refused"),
    "slow": ({"batch": Trouble(slow=5)}, "slow"),
    "slow Entra": ({"token": Trouble(slow=5)}, "slow"),
}


@pytest.mark.parametrize(("trouble", "why"), EVERY_TIME.values(), ids=EVERY_TIME)
async def test_it_ends_soon_and_says_why(
    acme: Company, caplog: pytest.LogCaptureFixture, trouble: dict[str, Trouble], why: str
) -> None:
    caplog.set_level(logging.DEBUG, "adapters")
    acme.crm.always = trouble
    async with dynamics(acme.crm, budget=0.5 if why == "slow" else PLENTY) as crm:
        assert await crm.look_up(RIJN, acme.tom) == Silent(why)  # pyright: ignore[reportArgumentType]
        acme.crm.always = {}
    assert not any(word in caplog.text for word in ("Rijn", "rijn", "acme.example", "1234567"))
    assert not [r for r in caplog.records if r.exc_info]


def test_all_of_it_takes_half_of_the_five_seconds_there_are() -> None:
    assert BUDGET == 2.5


async def test_it_is_down_altogether(acme: Company) -> None:
    async with dynamics(acme.crm) as crm:
        acme.crm.base = "http://127.0.0.1:9"
    async with dynamics(acme.crm) as crm:
        assert await crm.look_up(RIJN, acme.tom) == Silent("down")


ONCE: dict[str, dict[str, Trouble]] = {
    "a fault": {"batch": Trouble(503)},
    "a connection that broke": {"batch": Trouble(cut=True)},
    "a pass that ran out": {"batch": Trouble(401)},
    "busy for a moment": {"batch": Trouble(429, {"Retry-After": "0"})},
    "a search with a fault": {"search": Trouble(500)},
    "a search that is busy": {"search": Trouble(429, {"Retry-After": "600"})},
    "a search that talks nonsense": {"search": Trouble(200, body=b'{"response": "no"}')},
    "a search that is cut off": {"search": Trouble(cut=True)},
    "a search that refuses": {"search": Trouble(400, body=b'{"error":{"code":"0x80048d05"}}')},
}


@pytest.mark.parametrize("trouble", ONCE.values(), ids=ONCE)
async def test_what_goes_wrong_once_is_not_noticed(
    acme: Company, crm: Dynamics, trouble: dict[str, Trouble]
) -> None:
    for what, one in trouble.items():
        acme.crm.trouble[what].append(one)
    found = await crm.look_up(RIJN, acme.tom)
    assert isinstance(found, Record), found


async def test_retry_after_is_kept_to(acme: Company) -> None:
    ticks = Ticks()
    async with dynamics(acme.crm, seconds=ticks, sleep=ticks.sleep) as crm:
        acme.crm.trouble["batch"].append(Trouble(429, {"Retry-After": "1"}))
        assert isinstance(await crm.look_up(RIJN, acme.tom), Record)
        assert ticks.slept == [1.0]
        acme.crm.trouble["batch"].append(Trouble(429, {"Retry-After": "40"}))
        assert await crm.look_up(RIJN, acme.tom) == Silent("busy")
        asked = len(acme.crm.asked)
        assert await crm.look_up(RIJN, acme.ann) == Silent("busy")
        assert len(acme.crm.asked) == asked, "who asks to be left alone is left alone"
        ticks.now += 41
        assert isinstance(await crm.look_up(RIJN, acme.tom), Record)


async def test_the_breaker_opens_and_tries_again(acme: Company) -> None:
    ticks = Ticks()
    async with dynamics(acme.crm, seconds=ticks, sleep=ticks.sleep) as crm:
        assert isinstance(await crm.look_up(RIJN, acme.tom), Record)
        acme.crm.always = {"batch": Trouble(500)}
        for _ in range(FAILURES):
            assert await crm.look_up(RIJN, acme.tom) == Silent("down")
        asked = len(acme.crm.asked)
        for _ in range(10):
            assert await crm.look_up(RIJN, acme.tom) == Silent("down")
        assert len(acme.crm.asked) == asked
        acme.crm.always = {}
        ticks.now += REST
        assert isinstance(await crm.look_up(RIJN, acme.tom), Record)
        assert isinstance(await crm.look_up(RIJN, acme.tom), Record)


def test_a_breaker_lets_one_through_at_a_time() -> None:
    ticks = Ticks()
    breaker = Breaker(ticks)
    for _ in range(FAILURES - 1):
        breaker.failed()
    assert breaker.lets_through()
    breaker.failed()
    assert not breaker.lets_through()
    ticks.now += REST
    assert [breaker.lets_through() for _ in range(3)] == [True, False, False]
    breaker.failed()
    assert not breaker.lets_through()
    ticks.now += REST
    assert breaker.lets_through()
    breaker.worked()
    assert all(breaker.lets_through() for _ in range(3))


def test_the_pace_of_the_search() -> None:
    ticks = Ticks()
    pace = SearchPace(ticks)
    assert [pace.take("a"), pace.take("a"), pace.take("b")] == [True, False, True]
    ticks.now += 1
    assert pace.take("a")
    taken = 3
    for number in range(200):
        taken += pace.take(f"p{number}")
    assert taken == 150
    ticks.now += 60
    assert pace.take("c")
    pace.off(3600)
    ticks.now += 3599
    assert not pace.take("d")
    ticks.now += 1
    assert pace.take("d")


async def test_a_search_that_is_off_is_asked_once_an_hour(acme: Company) -> None:
    ticks = Ticks()
    acme.crm.search.off = True
    async with dynamics(acme.crm, seconds=ticks, sleep=ticks.sleep) as crm:
        for minutes in (0, 30, 59):
            ticks.now = 1000.0 + 60 * minutes
            assert isinstance(await crm.look_up(RIJN, acme.tom), Record)
        assert len(acme.crm.heard("/api/search/")) == 1
        ticks.now += 61
        acme.crm.search.off = False
        slip = await crm.look_up(Wanted("riijn transpert"), acme.tom)
        assert isinstance(slip, Matches)
        assert [match.name for match in slip.some] == ["Rijn Transport B.V."]


async def test_the_searchs_own_pace_is_kept(acme: Company, crm: Dynamics) -> None:
    acme.crm.search.limits = True
    found = [await crm.look_up(RIJN, acme.tom) for _ in range(5)]
    assert all(isinstance(one, Record) for one in found)
    assert len(acme.crm.heard("/api/search/")) == 1


async def test_a_slow_search_leaves_time_for_the_other_way(acme: Company) -> None:
    acme.crm.always = {"search": Trouble(slow=9)}
    async with dynamics(acme.crm, budget=5) as crm:
        assert isinstance(await crm.look_up(RIJN, acme.tom), Record)


class TestPages:
    async def test_pages_are_followed(self, acme: Company, crm: Dynamics) -> None:
        acme.crm.page = 1
        found = await crm.look_up(Wanted("rijn transport", "opportunities"), acme.tom)
        assert isinstance(found, Record)
        assert "count=2" in repr(found)

    async def test_a_page_elsewhere_is_nonsense(
        self, acme: Company, crm: Dynamics, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        listed = acme.crm._listed  # pyright: ignore[reportPrivateUsage]

        def elsewhere(*given: object) -> object:
            return {**listed(*given), "@odata.nextLink": EVIL}  # pyright: ignore[reportArgumentType]

        acme.crm.search.off = True
        await crm.look_up(Wanted("x"), acme.tom)
        monkeypatch.setattr(acme.crm, "_listed", elsewhere)
        assert await crm.look_up(RIJN, acme.tom) == Silent("nonsense")


class TestPasses:
    async def test_many_who_come_at_once_share_one(self, acme: Company, crm: Dynamics) -> None:
        await asyncio.gather(*(crm.look_up(RIJN, a) for a in (acme.tom, acme.ann, acme.eve) * 5))
        assert len(acme.crm.heard("/token")) == 1

    async def test_it_is_renewed_before_it_ends(self, acme: Company) -> None:
        ticks = Ticks()
        async with dynamics(acme.crm, seconds=ticks, sleep=ticks.sleep) as crm:
            await crm.look_up(RIJN, acme.tom)
            ticks.now += 3599 - 530
            assert isinstance(await crm.look_up(RIJN, acme.tom), Record)
            await asyncio.sleep(0.05)
            assert len(acme.crm.heard("/token")) == 2
            acme.crm.always = {"token": Trouble(503)}
            ticks.now += 3599 - 500
            assert isinstance(await crm.look_up(RIJN, acme.tom), Record), "the old one still counts"

    async def test_one_that_was_withdrawn_is_replaced(self, acme: Company, crm: Dynamics) -> None:
        await crm.look_up(RIJN, acme.tom)
        acme.crm.tokens.clear()
        assert isinstance(await crm.look_up(RIJN, acme.tom), Record)


async def test_labels_that_do_not_come_are_not_waited_for(acme: Company) -> None:
    async with dynamics(acme.crm) as crm:
        await crm.look_up(Wanted("nothing like it"), acme.tom)
        acme.crm.always = {"get": Trouble(slow=4)}
        found = await crm.look_up(RIJN, acme.tom)
    assert isinstance(found, Record)
    assert found.facts[0].label == "Telefoonnummer"


async def test_a_column_that_is_not_there_is_refused(acme: Company) -> None:
    for schema in ("opportunity",):
        acme.crm.rows[schema].clear()
    found = await _with_tables(acme, lambda text: text.replace('"telephone1"', '"acme_phone"'))
    assert found == Silent("refused")


async def _with_tables(acme: Company, change: Callable[[str], str]) -> object:
    from dataclasses import replace  # noqa: PLC0415

    from tests.adapters.crm import company as made  # noqa: PLC0415

    table = made.TABLES["account"]
    facts = tuple(replace(f, column=change(f'"{f.column}"').strip('"')) for f in table.facts)
    before = made.TABLES
    made.TABLES = {"account": replace(table, facts=facts)}
    try:
        async with dynamics(acme.crm) as crm:
            return await crm.look_up(RIJN, acme.tom)
    finally:
        made.TABLES = before


async def test_one_answer_may_be_given_up(acme: Company, crm: Dynamics) -> None:
    acme.crm.always = {"batch": Trouble(slow=4)}
    asking = asyncio.create_task(crm.look_up(RIJN, acme.tom))
    await asyncio.sleep(0.1)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    acme.crm.always = {}
    assert isinstance(await crm.look_up(RIJN, acme.tom), Record)


async def test_the_link_and_the_clock(acme: Company) -> None:
    later = MONDAY + timedelta(days=30)
    async with dynamics(acme.crm, lambda: later) as crm:
        found = await crm.look_up(Wanted("rijn transport", "next"), acme.tom)
        assert isinstance(found, Record)
        assert found.facts[0].value is None
        assert found.link.startswith(f"{acme.crm.base}/main.aspx?appid=")
        assert await crm.look_up(Wanted(guid(1)), acme.tom) == Nothing()
