"""A cloud of each test's own."""

from collections.abc import AsyncIterator

import pytest

from tests.adapters.directory.cloud import Cloud


@pytest.fixture
async def cloud() -> AsyncIterator[Cloud]:
    async with Cloud().served() as opened:
        yield opened
