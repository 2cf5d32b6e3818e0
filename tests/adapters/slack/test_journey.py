"""The first walk on a real client, over HTTP and in Socket Mode, in both languages."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.async_api import Page, ViewportSize, expect

from adapters.store.database import Store
from tests.adapters.slack.house import House, Mode, open_house
from tests.clock import Clock
from tests.journeys.test_browser import WALKS, Walk
from tests.real import DESK, chromium, picture

SCREEN = ViewportSize(width=DESK["width"], height=DESK["height"])
pytestmark = [pytest.mark.real, pytest.mark.timeout(120)]


@dataclass(frozen=True)
class Words:
    """What one person types and sees, beside the words that are the same on every platform."""

    person: str
    hello: str
    confidential: str
    home: str
    change: str
    save: str
    days: str
    wrong: str
    saved: str
    help: str
    unknown: str


WORDS = {
    "en": Words(
        person="Ann Field",
        hello="hello",
        confidential="Confidential, not anonymous.",
        home="Between us",
        change="Change",
        save="Save",
        days="Working days",
        wrong="Choose at least one working day.",
        saved="Saved",
        help="What I can do",
        unknown="I don't know that",
    ),
    "nl": Words(
        person="Bob van Dam",
        hello="hallo",
        confidential="Vertrouwelijk, niet anoniem.",
        home="Tussen ons",
        change="Wijzigen",
        save="Opslaan",
        days="Werkdagen",
        wrong="Kies ten minste één werkdag.",
        saved="Opgeslagen",
        help="Wat ik kan",
        unknown="Dat ken ik niet",
    ),
}


@pytest.mark.parametrize("language", WORDS)
@pytest.mark.parametrize("mode", ["http", "socket"])
async def test_onboarding_pulse_comment_change_and_follow_up(
    mode: Mode, language: str, memory: Store, clock: Clock, tmp_path: Path
) -> None:
    walk, words = WALKS[language], WORDS[language]
    async with open_house(mode, memory, clock, tmp_path) as house, chromium() as browser:
        page = await browser.new_page(viewport=SCREEN, reduced_motion="reduce")
        await page.goto(house.client)
        await page.locator(".actas select").select_option(label=words.person)

        async def look(step: str) -> None:
            await picture(page, f"slack-{mode}-{language}-{step}")

        await page.locator(".sidebar-item", has_text="Wayfinder").click()
        await expect(page.get_by_text(words.home)).to_be_visible()
        await look("1-home")
        await page.locator(".sidebar-item", has_text=words.person).click()
        await say(page, words.hello)
        await expect(page.get_by_text(words.confidential)).to_be_visible()
        await look("2-welcome")

        await press(page, walk.language)
        await press(page, walk.matters)
        await press(page, walk.tell)
        box = page.locator(".modal .bk-input", has_text=walk.field)
        await box.locator("textarea, input").fill("Minder lijstjes, <b>één</b> *plek*")
        await look("3-form")
        await press(page, walk.send)
        await expect(page.get_by_text(walk.told)).to_be_visible()
        await look("4-ready")

        await pulse(page, walk, house)
        await press(page, walk.comment)
        await page.locator(".modal .bk-plain-input").fill("Graag meer tijd. +1 & <i> <!channel>")
        await press(page, walk.send)
        await expect(page.get_by_text(walk.commented)).to_be_visible()
        await look("5-thanks")

        await press(page, walk.change)
        await press(page, "1")
        await expect(page.get_by_text(walk.more, exact=True)).to_be_visible()
        await press(page, "1")
        await expect(page.get_by_role("button", name=walk.change)).to_be_visible()

        await house.tomorrow()
        await expect(page.get_by_text(walk.why)).to_be_visible()
        await look("6-follow-up")

        await say(page, walk.where)
        await expect(page.locator(".bk-header", has_text=walk.place).last).to_be_visible()
        await look("7-place")
        await press(page, walk.was_it)
        await expect(page.get_by_text(walk.learned)).to_be_visible()


async def pulse(page: Page, walk: Walk, house: House) -> None:
    """Answer two questions; each answered card gives way to the next."""
    await press(page, walk.ask)
    for question in (walk.more, walk.thanks):
        house.clock.pass_(seconds=20)
        await press(page, "2")
        await expect(page.locator(".bk-header", has_text=question).last).to_be_visible()
    assert await page.get_by_role("button", name="2", exact=True).count() == 0


@pytest.mark.parametrize("language", WORDS)
@pytest.mark.parametrize("mode", ["http", "socket"])
async def test_settings_at_home_a_command_and_a_mention(
    mode: Mode, language: str, memory: Store, clock: Clock, tmp_path: Path
) -> None:
    words = WORDS[language]
    async with open_house(mode, memory, clock, tmp_path) as house, chromium() as browser:
        page = await browser.new_page(viewport=SCREEN, reduced_motion="reduce")
        await page.goto(house.client)
        await page.locator(".actas select").select_option(label=words.person)

        async def look(step: str) -> None:
            await picture(page, f"slack-{mode}-{language}-{step}")

        await page.locator(".sidebar-item", has_text="Wayfinder").click()
        await press(page, words.change)
        start, end = page.locator(".modal select").nth(0), page.locator(".modal select").nth(1)
        await start.select_option("9")
        await end.select_option("17")
        days = page.locator(".modal .bk-input", has_text=words.days)
        await press(page, words.save)
        await expect(page.get_by_text(words.wrong)).to_be_visible()
        await page.get_by_text(words.wrong).scroll_into_view_if_needed()
        await look("7-mistake")
        await days.get_by_role("checkbox").first.check()
        await press(page, words.save)
        await expect(page.get_by_text(words.saved)).to_be_visible()
        await look("8-settings")

        await page.locator(".sidebar-item", has_text="sales").click()
        await say(page, "/wayfinder help")
        await expect(page.get_by_text(words.help)).to_be_visible()
        await look("9-command")
        await say(page, "<@U0WAY> what <is> *this*? xyzzy")
        await expect(page.get_by_text(words.unknown)).to_be_visible()
        await look("10-mention")


async def say(page: Page, text: str) -> None:
    await page.locator(".composer-input").fill(text)
    await page.locator(".composer-send").click()


async def press(page: Page, label: str) -> None:
    """Press the newest button with this label."""
    button = page.get_by_role("button", name=label, exact=True).last
    await expect(button).to_be_enabled()
    await button.click()
