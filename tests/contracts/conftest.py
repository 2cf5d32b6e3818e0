"""One world a test, on each platform."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from typing import TypeAlias

import pytest

from nudges.address import Platform
from tests.clock import MONDAY, Clock
from tests.contracts.platforms.browser import open_browser
from tests.contracts.platforms.slack import open_slack
from tests.contracts.platforms.teams import open_teams
from tests.contracts.platforms.world import FragileStore, World

Open: TypeAlias = Callable[[FragileStore, Clock], AbstractAsyncContextManager[World]]
WORLDS: Mapping[Platform, Open] = {
    "browser": open_browser,
    "slack": open_slack,
    "teams": open_teams,
}


@pytest.fixture(params=WORLDS)
async def world(request: pytest.FixtureRequest) -> AsyncIterator[World]:
    """Open a world at half past nine in London, when everybody is at work."""
    store = await FragileStore.open("sqlite://", create=True)
    async with WORLDS[request.param](store, Clock(MONDAY + timedelta(hours=1))) as opened:
        yield opened
