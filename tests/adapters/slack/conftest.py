from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientSession, DummyCookieJar

from tests.adapters.slack.desk import Desk, open_desk
from tests.adapters.slack.fake import FakeSlack


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    fake = FakeSlack()
    await fake.start()
    yield fake
    await fake.stop()


@pytest.fixture
async def session() -> AsyncIterator[ClientSession]:
    async with ClientSession(cookie_jar=DummyCookieJar()) as opened:
        yield opened


@pytest.fixture
async def desk(session: ClientSession, slack: FakeSlack) -> AsyncIterator[Desk]:
    opened, runner = await open_desk(session, slack)
    yield opened
    await opened.way_in.close()
    await runner.cleanup()
