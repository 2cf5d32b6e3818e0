"""The first walk in Teams, by two people in two languages: from hello to the next morning.

Each of them has an Agents Playground, Microsoft's own rendering of Teams on one machine; both
talk with the same program.
"""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, ViewportSize, expect

from nudges.hours import next_morning
from nudges.people import Person
from tests.adapters.teams.playground import address, playground, program
from tests.journeys.test_browser import WALKS, Walk
from tests.real import DESK, SLOW, chromium, picture

pytestmark = [pytest.mark.real, pytest.mark.timeout(240)]

START = datetime.fromisoformat("2026-11-16T10:10:00+01:00")
IDS = {"en": "james", "nl": "sanne"}
WRITTEN = "Minder *lijstjes*, <b>één</b> plek & [x](http://x)"


async def test_two_people_are_welcomed_asked_thanked_and_written_to_the_next_morning(
    tmp_path: Path,
) -> None:
    people = [
        Person(
            IDS[language],
            walk.person,
            language=language,
            job="sales",
            segment="sales",
            addresses=(address(IDS[language]),),
        )
        for language, walk in WALKS.items()
    ]
    async with program(tmp_path, START, people) as house, chromium() as browser:
        en, nl = WALKS["en"], WALKS["nl"]
        async with (
            playground(tmp_path, IDS["en"], en.person, house.endpoint) as james,
            playground(tmp_path, IDS["nl"], nl.person, house.endpoint) as sanne,
        ):
            pages: list[Page] = []
            for language, url in (("en", james), ("nl", sanne)):
                page = await browser.new_page(
                    viewport=ViewportSize(width=DESK["width"], height=DESK["height"])
                )
                await page.goto(url)
                pages.append(page)
                await welcome(page, WALKS[language], language)
                await pulse(page, WALKS[language], language)
            await house.morning(
                IDS["en"], lambda who: next_morning(who, house.clock()) + timedelta(minutes=20)
            )
            for page, language in zip(pages, WALKS, strict=True):
                await expect(page.get_by_text(WALKS[language].why)).to_be_visible(timeout=SLOW)
                await look(page, language, "6-follow-up")
                await find(page, WALKS[language], language)


async def welcome(page: Page, walk: Walk, language: str) -> None:
    """Choose a language, say what matters, and tell a little in a form."""
    await expect(button(page, walk.language)).to_be_visible(timeout=SLOW)
    await look(page, language, "1-welcome")
    await press(page, walk.language)
    await press(page, walk.matters)
    await press(page, walk.tell)
    await page.get_by_label(walk.field).last.fill(WRITTEN)
    await look(page, language, "2-form")
    await press(page, walk.send)
    await expect(page.get_by_text(walk.told).last).to_be_visible()
    await look(page, language, "3-ready")


async def pulse(page: Page, walk: Walk, language: str) -> None:
    """Answer, comment, and change one's mind."""
    first, second = walk.scale[0][0], walk.scale[1][0]
    await press(page, walk.ask)
    await press(page, first)
    await expect(page.get_by_text(walk.more).last).to_be_visible()
    await look(page, language, "4-second-question")
    await press(page, first)
    await expect(button(page, walk.comment)).to_be_visible()
    assert await page.get_by_role("button", name=first, exact=True).count() == 0
    await press(page, walk.comment)
    await page.locator("textarea").last.fill(WRITTEN)
    await press(page, walk.send)
    await expect(page.get_by_text(walk.commented).last).to_be_visible()
    await look(page, language, "5-thanks")
    await press(page, walk.change)
    await press(page, second)
    await expect(page.get_by_text(walk.more).last).to_be_visible()
    await press(page, second)
    await expect(button(page, walk.change)).to_be_visible()


async def find(page: Page, walk: Walk, language: str) -> None:
    """Ask where something lives, and say that this was it."""
    await page.locator("div[contenteditable=true][role=textbox]").fill(walk.where)
    await button(page, "Send Message").click()
    await expect(page.get_by_text(walk.place).last).to_be_visible(timeout=SLOW)
    await look(page, language, "7-place")
    await press(page, walk.was_it)
    await expect(page.get_by_text(walk.learned).last).to_be_visible(timeout=SLOW)


def button(page: Page, label: str) -> Locator:
    return page.get_by_role("button", name=label, exact=True).last


async def press(page: Page, label: str) -> None:
    """Press the newest button with this label."""
    await expect(button(page, label)).to_be_enabled()
    await button(page, label).click()


async def look(page: Page, language: str, step: str) -> None:
    await picture(page, f"teams-{language}-{step}")
