"""Every platform there is, by its name: a new one is added here and held to every contract."""

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from typing import TypeAlias

from nudges.address import Platform
from tests.clock import Clock
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
