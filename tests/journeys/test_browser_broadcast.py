"""A broadcast's life in a real browser, on phones: written, approved, received and answered."""

import asyncio
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from bot.demo import Folder
from nudges.roles import Role
from tests.real import PHONE, ROOT, SLOW, accessible, chromium, free_port, picture, program

pytestmark = [pytest.mark.real, pytest.mark.timeout(240)]

AUTHOR, APPROVER, READER = "p002", "p001", "p003"
"""James Carter writes, in English; Sanne de Wit approves and Marloes Vink reads, in Dutch."""
TALL = 1500
"""Pixels of a phone on which a whole card, or a whole form, is seen at once."""
TEXTS = {
    "title_en": "Offers leave from one place",
    "body_en": "Make yours in {crm}, so that nobody types a customer twice.\n\nIt saves an hour.",
    "title_nl": "Offertes vanaf één plek",
    "body_nl": "Maak de jouwe in {crm}: dan typt niemand een klant twee keer.",
    "goal": "Quotes that are with the customer within five working days",
    "label_en": "Show me how",
    "label_nl": "Laat zien hoe",
}
CHOSEN = {"kind": "change", "acknowledge": "yes"}
BEYOND = """() => {
  const wide = document.documentElement.clientWidth;
  return [...document.querySelectorAll('.log *, dialog[open] *')].filter((one) => {
    if (!one.checkVisibility() || one.closest('.same .sender')) return false;
    const { left, right } = one.getBoundingClientRect();
    const clipped = one.matches('button, a, dt, dd, p, h2, h3, label, legend, span')
      && one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).display !== 'inline';
    return left < -1 || right > wide + 1 || clipped;
  }).map((one) => one.outerHTML.slice(0, 120));
}"""
"""What sticks out of the page, or of its own box, to the side."""


async def test_written_tried_out_approved_received_and_answered(tmp_path: Path) -> None:
    port, folder = free_port(), Folder(tmp_path / "demo")
    demo = ["demo", "--port", str(port), "--folder", str(folder.path)]
    now = ["--now", "2026-11-16T10:10:00+01:00"]
    async with program(*demo, *now, port=port) as url, chromium() as browser:
        # Who is greeted before they come by has been written to today, and waits for tomorrow.
        reader = await phone(browser, url, READER)
        for who, role in ((AUTHOR, Role.AUTHOR), (APPROVER, Role.APPROVER)):
            await granted(who, role, folder.database)
        author = await phone(browser, url, AUTHOR)
        approver = await phone(browser, url, APPROVER)

        await writes(author)
        await looks_at_it(author)
        await press(author, "Hand in")
        await expect(title(author, "Handed in")).to_be_visible()
        await look(author, "07-handed-in")

        await expect(title(approver, "Een bericht wacht op je akkoord")).to_be_visible()
        await look(approver, "08-asked")
        await press(approver, "Akkoord")
        await expect(title(approver, "Een bericht wacht op je akkoord")).to_have_count(0)
        await look(approver, "09-approved")

        await receives(reader)
        await follows(author, reader)


async def writes(author: Page) -> None:
    """Write the words, once with a bad link, and say for whom they are."""
    await say(author, "messages")
    await look(author, "01-desk")
    await press(author, "Write a message")
    await fill(author, TEXTS | {"link": "javascript:alert(1)"}, CHOSEN)
    await look(author, "02-words")
    await press(author, "Save")
    await expect(author.get_by_text("A link has to begin with https://.")).to_be_visible()
    for name, text in TEXTS.items():
        await expect(author.locator(f"dialog [name={name}]")).to_have_value(text)
    await look(author, "03-bad-link")
    await fill(author, {"link": "https://example.com/offers"}, {})
    await press(author, "Save")
    await expect(title(author, "Offers leave from one place: saved")).to_be_visible()
    await look(author, "04-draft")
    await press(author, "For whom, and when")
    await author.locator("dialog select[name=who]").select_option("sales")
    await fill(author, {}, {"how": "at_once"})
    await look(author, "05-audience")
    await press(author, "Save")
    await expect(button(author, "Hand in")).to_be_visible()
    await look(author, "06-ready")


async def looks_at_it(author: Page) -> None:
    """See the draft in Dutch, and get a test of it as its people would."""
    await press(author, "See it: Nederlands")
    await expect(title(author, "Offertes vanaf één plek")).to_be_visible()
    await expect(author.get_by_text("Maak de jouwe in Dynamics")).to_be_visible()
    await look(author, "06-preview")
    await press(author, "Back to the draft")
    await press(author, "Send me a test")
    await expect(button(author, "Got it")).to_be_visible()
    await look(author, "06-test")


async def receives(reader: Page) -> None:
    """Say that it was received, and write back."""
    await expect(title(reader, "Offertes vanaf één plek")).to_be_visible(timeout=SLOW)
    await look(reader, "10-received")
    await press(reader, "Begrepen")
    await expect(reader.get_by_role("button", name="Begrepen", exact=True)).to_have_count(0)
    await say(reader, "Geldt dat ook voor verlengingen?")
    await expect(reader.get_by_text("James Carter kan lezen wat je schreef")).to_be_visible()
    await look(reader, "11-wrote-back")


async def follows(author: Page, reader: Page) -> None:
    """Follow how far it is, answer what came back, and take the message back."""
    await expect(title(author, "Approved")).to_be_visible()
    await expect(title(author, "What people wrote back")).to_be_visible(timeout=SLOW)
    await expect(fact(author, "Said “Got it”")).to_have_text("1", timeout=SLOW)
    await expect(fact(author, "Wrote back")).to_have_text("1", timeout=SLOW)
    await look(author, "12-progress-and-reply")
    await press(author, "Answer 1")
    await fill(author, {"text": "Yes: renewals leave from there, too, from Monday."}, {})
    await look(author, "13-answer")
    await press(author, "Send")
    await expect(title(author, "Everything is answered")).to_be_visible()
    await expect(title(reader, "James Carter heeft je geantwoord")).to_be_visible()
    await look(author, "14-answered")
    await look(reader, "15-answer")

    await say(author, "messages")
    await press(author, "1 · Offers leave from one p…")
    await look(author, "16-overview")
    await press(author, "How far it is")
    await expect(title(author, "On its way")).to_have_count(2)
    await look(author, "17-how-far")
    await press(author, "Take back")
    await expect(button(author, "Take it back")).to_be_visible()
    await look(author, "18-asked-once-more")
    await press(author, "Take it back")
    await expect(title(reader, "Dit bericht is teruggehaald")).to_be_visible(timeout=SLOW)
    await look(reader, "19-taken-back")


async def granted(who: str, role: Role, database: str) -> None:
    """Give a role, as an administrator does."""
    words = ("-m", "bot", "roles", "grant", who, role, "--database", database)
    process = await asyncio.create_subprocess_exec(
        sys.executable, *words, cwd=ROOT, stderr=asyncio.subprocess.PIPE
    )
    _, said = await process.communicate()
    assert process.returncode == 0, said.decode()


async def phone(browser: Browser, url: str, who: str) -> Page:
    """Open the page as somebody, on a phone of their own."""
    context = await browser.new_context(viewport=PHONE, reduced_motion="reduce")
    page = await context.new_page()
    await page.goto(f"{url}/#{who}")
    await expect(page.locator("article").first).to_be_visible()
    return page


def button(page: Page, label: str) -> Locator:
    return page.get_by_role("button", name=label, exact=True).last


def title(page: Page, text: str) -> Locator:
    return page.get_by_role("heading", name=text, exact=True)


def fact(page: Page, name: str) -> Locator:
    return page.locator(".facts div", has=page.get_by_text(name, exact=True)).locator("dd").last


async def press(page: Page, label: str) -> None:
    """Press the newest button with this label."""
    await expect(button(page, label)).to_be_enabled()
    await button(page, label).click()


async def say(page: Page, text: str) -> None:
    """Type something and send it."""
    await page.locator("#said").fill(text)
    await page.locator("#said").press("Enter")
    await expect(page.locator("#said")).to_have_value("")
    await expect(page.locator("#composer")).to_have_attribute("aria-busy", "false")


async def fill(page: Page, texts: Mapping[str, str], choices: Mapping[str, str]) -> None:
    """Fill in the form that is open."""
    for name, text in texts.items():
        await page.locator(f"dialog [name={name}]").fill(text)
    for name, choice in choices.items():
        several = page.locator(f"dialog select[name={name}]")
        if await several.count():
            await several.select_option(choice)
        else:
            await page.locator(f"dialog input[name={name}][value={choice}]").check()


async def look(page: Page, step: str) -> None:
    """Keep a picture of what one sees, and of all of it; ask whether anything keeps anyone out."""
    await picture(page, f"broadcast-{step}")
    beyond = await page.evaluate(BEYOND)
    assert not beyond, beyond
    await accessible(page)
    scrolled = await page.evaluate("document.getElementById('log').scrollTop")
    await page.set_viewport_size({"width": PHONE["width"], "height": TALL})
    await page.wait_for_timeout(100)
    await picture(page, f"broadcast-{step}-whole")
    await page.set_viewport_size(PHONE)
    await page.evaluate("top => document.getElementById('log').scrollTop = top", scrolled)
