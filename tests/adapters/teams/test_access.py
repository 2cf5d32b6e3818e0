"""The pass to Teams: from Entra alone, once while it is good, and told of when there is none."""

from datetime import timedelta

import aiohttp
import pytest

from adapters.teams import access as passes
from adapters.teams.access import Access
from adapters.teams.account import Cloud
from tests.adapters.teams.fakes import FakeEntra
from tests.adapters.teams.genuine import Clock


@pytest.fixture
def access(
    session: aiohttp.ClientSession, account: Cloud, clock: Clock, entra: FakeEntra
) -> Access:
    return Access(session, account, clock, entra.url)


async def _settled(access: Access) -> None:
    if fetching := access._fetching:  # pyright: ignore[reportPrivateUsage] - what goes on beside
        await fetching


async def test_nobody_sends_us_elsewhere_with_our_secret(
    access: Access, entra: FakeEntra, caplog: pytest.LogCaptureFixture
) -> None:
    entra.moved = True
    assert await access.token() is None
    assert len(entra.asked) == 1
    (said,) = caplog.messages
    assert said.startswith("teams access: Entra gave no token: ")


async def test_it_is_not_waited_for_without_an_end(
    access: Access,
    entra: FakeEntra,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(passes, "LONGEST_FETCH", 0.05)
    entra.delay = 30
    assert await access.token() is None
    assert caplog.messages == ["teams access: Entra gave no token: TimeoutError"]


@pytest.mark.parametrize(
    ("life", "fresh"),
    [
        (3599, timedelta(seconds=3599 - 540)),
        (600, timedelta(seconds=300)),
        (0, timedelta()),
        (-60, timedelta()),
    ],
)
async def test_it_is_renewed_before_it_ends(
    access: Access, entra: FakeEntra, clock: Clock, life: int, fresh: timedelta
) -> None:
    entra.life = life
    assert await access.token() == "pass-1"
    if fresh:
        clock.pass_(seconds=fresh.total_seconds() - 1)
        assert await access.token() == "pass-1"
        await _settled(access)
        assert len(entra.asked) == 1
        clock.pass_(seconds=1)
    else:
        clock.pass_(seconds=31)
    assert await access.token() == "pass-1", "nobody waits for the next one"
    await _settled(access)
    assert await access.token() == "pass-2"


async def test_one_that_is_doubted_is_renewed_unless_it_is_new(
    access: Access, entra: FakeEntra, clock: Clock
) -> None:
    access.doubt()
    await _settled(access)
    assert not entra.asked, "there is none to doubt"
    assert await access.token() == "pass-1"
    for minutes, asked in ((4, 1), (1, 2)):
        clock.pass_(minutes=minutes)
        access.doubt()
        await _settled(access)
        assert len(entra.asked) == asked
