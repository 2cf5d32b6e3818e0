"""The picture that README opens with: the same pulse in Teams and in Slack, from both clients.

``make pictures`` makes it again and puts it in its place.
"""

import os
from base64 import b64encode
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.async_api import Browser, Locator, Page, ViewportSize, expect

from adapters.store.database import Store
from nudges.people import Person
from tests.adapters.slack.house import open_house
from tests.adapters.teams.playground import address, playground, program
from tests.clock import Clock
from tests.journeys.test_browser import WALKS, Walk
from tests.real import PICTURES, ROOT, SLOW, chromium

pytestmark = [pytest.mark.real, pytest.mark.timeout(180)]
KEPT = ROOT / "docs" / "pictures" / "pulse.png"
SMALL_ENOUGH = 150 * 1024
SHARP = 2
START = datetime(2026, 11, 16, 9, 10, tzinfo=UTC)
SHEET = """<!doctype html><meta charset="utf-8"><style>
body { margin: 0; background: #f4f1ea; font: 600 15px/1 system-ui, sans-serif; color: #12352f; }
main { display: inline-flex; gap: 28px; padding: 22px 26px 26px; align-items: flex-start; }
figure { margin: 0; } figcaption { margin: 0 0 12px 2px; }
img { display: block; zoom: 0.5; background: #fff; border-radius: 8px; }
img { box-shadow: 0 1px 5px #12352f40; }
</style><main>%s</main>"""


async def test_the_same_pulse_in_both(memory: Store, clock: Clock, tmp_path: Path) -> None:
    async with chromium() as browser:
        shown = {
            "Microsoft Teams": await in_teams(browser, tmp_path),
            "Slack": await in_slack(browser, memory, clock, tmp_path),
        }
        picture = await side_by_side(browser, shown)
    PICTURES.mkdir(parents=True, exist_ok=True)
    (PICTURES / KEPT.name).write_bytes(picture)
    if os.environ.get("APPROVE"):
        KEPT.parent.mkdir(parents=True, exist_ok=True)
        KEPT.write_bytes(picture)
    assert len(picture) <= SMALL_ENOUGH


async def in_teams(browser: Browser, folder: Path) -> bytes:
    """Return the pulse of an English person in the Agents Playground."""
    walk = WALKS["en"]
    james = Person(
        "james", walk.person, language="en", segment="sales", addresses=(address("james"),)
    )
    async with (
        program(folder, START, [james]) as house,
        playground(folder, "james", walk.person, house.endpoint) as url,
    ):
        page = await open_page(browser, url, 1120)
        await to_the_pulse(page, walk)
        card = page.locator(".ac-adaptiveCard").last
        await expect(card.get_by_role("button", name="5", exact=True)).to_be_visible()
        return await card.screenshot(animations="disabled")


async def in_slack(browser: Browser, memory: Store, clock: Clock, folder: Path) -> bytes:
    """Return the pulse of a Dutch person in local-slack."""
    async with open_house("http", memory, clock, folder) as house:
        page = await open_page(browser, house.client, 720)
        await page.locator(".actas select").select_option(label="Bob van Dam")
        for place in ("Wayfinder", "Bob van Dam"):
            await page.locator(".sidebar-item", has_text=place).click()
        await page.locator(".composer-input").fill("hallo")
        await page.locator(".composer-send").click()
        await to_the_pulse(page, WALKS["nl"])
        card = page.locator(".msg").last
        await expect(card.get_by_role("button", name="5", exact=True)).to_be_visible()
        return await card.screenshot(animations="disabled")


async def open_page(browser: Browser, url: str, width: int) -> Page:
    page = await browser.new_page(
        viewport=ViewportSize(width=width, height=900),
        device_scale_factor=SHARP,
        reduced_motion="reduce",
    )
    await page.goto(url)
    return page


async def to_the_pulse(page: Page, walk: Walk) -> None:
    """Choose a language and what matters, tell nothing, and ask for the question."""
    later = {"English": "Rather not now", "Nederlands": "Nu liever niet"}[walk.language]
    for label in (walk.language, walk.matters, later, walk.ask):
        button = newest(page, label)
        await expect(button).to_be_enabled(timeout=SLOW)
        await button.click()


def newest(page: Page, label: str) -> Locator:
    return page.get_by_role("button", name=label, exact=True).last


async def side_by_side(browser: Browser, shown: dict[str, bytes]) -> bytes:
    """Lay pictures side by side, each under the name of where it was taken."""
    page = await browser.new_page(device_scale_factor=SHARP)
    figures = "".join(
        f"<figure><figcaption>{name}</figcaption>"
        f'<img src="data:image/png;base64,{b64encode(png).decode()}"></figure>'
        for name, png in shown.items()
    )
    await page.set_viewport_size({"width": 1400, "height": 900})
    await page.set_content(SHEET % figures)
    return await page.locator("main").screenshot()
