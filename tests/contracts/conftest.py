"""One world a test, on each platform."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from tests.clock import MONDAY, Clock
from tests.contracts.platforms.world import FragileStore, World
from tests.contracts.platforms.worlds import WORLDS


@pytest.fixture(params=WORLDS)
async def world(request: pytest.FixtureRequest) -> AsyncIterator[World]:
    """Open a world at half past nine in London, when everybody is at work."""
    store = await FragileStore.open("sqlite://", create=True)
    async with WORLDS[request.param](store, Clock(MONDAY + timedelta(hours=1))) as opened:
        yield opened
