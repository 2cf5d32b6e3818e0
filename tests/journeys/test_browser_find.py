"""Finding it in a real browser, on a phone: in the search field and in the chat."""

from collections.abc import AsyncIterator
from datetime import datetime
from functools import partial
from pathlib import Path

import pytest
from aiohttp import web
from playwright.async_api import Page, expect

from bot.demo import Folder
from bot.finding import Finder
from bot.wiring import demo, parts
from tests.desk import settings
from tests.journeys.test_browser_broadcast import BEYOND, phone, press, say
from tests.journeys.test_find import EN, NL, PHONES, Words, one_library, understand
from tests.real import accessible, chromium, picture
from tests.shelf import Ledger, Shelf

pytestmark = [pytest.mark.real, pytest.mark.timeout(240)]
START = datetime.fromisoformat("2026-11-16T10:10:00+01:00")
WHO = {"en": "p002", "nl": "p001"}


@pytest.fixture
async def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[str]:
    """Run the demo with a shelf and a ledger; yields its address."""
    monkeypatch.setattr(parts, "_library", one_library)
    monkeypatch.setattr("dialogs.find.understand", understand)
    ledger = Ledger(known=frozenset(WHO.values()))
    ledger.put("1", "Van der Berg", PHONES[0], WHO.values())
    monkeypatch.setattr(demo, "build", partial(parts.build, finder=Finder(Shelf(), ledger)))
    folder = Folder(tmp_path)
    own = settings().model_copy(update={"database": folder.database})
    app = await demo.build_demo(own, folder, START)
    runner = web.AppRunner(app.web, access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    await app.start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()
    await app.stop()


@pytest.mark.parametrize(("language", "words"), [("en", EN), ("nl", NL)])
async def test_in_the_search_field_and_in_the_chat(url: str, language: str, words: Words) -> None:
    async with chromium() as browser:
        page = await phone(browser, url, WHO[language])
        await look(page, f"find-{language}-1-home")
        await page.locator("#sought").fill(words.howto)
        await page.locator("#sought").press("Enter")
        await expect(page.get_by_text(words.steps)).to_be_visible()
        await expect(page.locator("#sought")).to_have_value("")
        await look(page, f"find-{language}-2-place")
        await press(page, words.yes)
        await expect(page.get_by_role("button", name=words.yes, exact=True)).to_have_count(0)
        await say(page, words.lookup)
        await expect(page.get_by_text(PHONES[0])).to_be_visible()
        await look(page, f"find-{language}-3-record")
        await page.locator("#sought").fill(words.fly)
        await page.locator("#finder button").click()
        await expect(page.get_by_text(words.unknown)).to_be_visible()
        await look(page, f"find-{language}-4-unknown")


async def look(page: Page, step: str) -> None:
    """Keep a picture, and ask whether anything sticks out or keeps anyone out."""
    await picture(page, step)
    beyond = await page.evaluate(BEYOND)
    assert not beyond, beyond
    await accessible(page)
