"""The first walk in a real browser, in both languages: from hello to the next morning."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.real import DESK, PHONE, accessible, chromium, free_port, picture, program

pytestmark = [pytest.mark.real, pytest.mark.timeout(180)]


@dataclass(frozen=True)
class Walk:
    """What one person sees and presses."""

    person: str
    language: str
    matters: str
    tell: str
    field: str
    send: str
    told: str
    ask: str
    more: str
    thanks: str
    comment: str
    commented: str
    change: str
    morning: str
    why: str
    scale: tuple[str, str]
    where: str
    place: str
    was_it: str
    learned: str


WALKS = {
    "en": Walk(
        person="James Carter",
        language="English",
        matters="Less searching and double work",
        tell="Tell a little",
        field="What do you expect of Dynamics?",
        send="Send",
        told="Thank you, I have kept what you wrote.",
        ask="Ask me now",
        more="One more",
        thanks="Thank you",
        comment="Add a comment",
        commented="I have kept your comment",
        change="Change my answer",
        morning="Next morning",
        why="You get this because of what you said about why we work with Dynamics.",
        scale=("2, hardly", "1, not at all"),
        where="how do i log a phone call",
        place="Log a phone call",
        was_it="That was it",
        learned="Good to know.",
    ),
    "nl": Walk(
        person="Sanne de Wit",
        language="Nederlands",
        matters="Minder zoeken en dubbel werk",
        tell="Iets vertellen",
        field="Wat verwacht je van Dynamics?",
        send="Versturen",
        told="Dank je, ik heb bewaard wat je schreef.",
        ask="Vraag het me nu",
        more="Nog één",
        thanks="Dank je",
        comment="Iets toevoegen",
        commented="Ik heb je opmerking bewaard",
        change="Antwoord wijzigen",
        morning="Volgende ochtend",
        why="Je krijgt dit door wat je zei over waarom we met Dynamics werken.",
        scale=("2, nauwelijks", "1, helemaal niet"),
        where="klant heeft gebeld, waar noteer ik dat?",
        place="Een telefoongesprek registreren",
        was_it="Dat was het",
        learned="Goed om te weten.",
    ),
}


@pytest.mark.parametrize("language", WALKS)
@pytest.mark.parametrize("width", ["desk", "phone"])
async def test_onboarding_pulse_comment_change_and_follow_up(
    language: str, width: str, tmp_path: Path
) -> None:
    walk, port = WALKS[language], free_port()
    demo = ["demo", "--port", str(port), "--folder", str(tmp_path / "demo")]
    now = ["--now", "2026-11-16T10:10:00+01:00"]
    async with program(*demo, *now, port=port) as url, chromium() as browser:
        size = PHONE if width == "phone" else DESK
        page = await browser.new_page(viewport=size, reduced_motion="reduce")
        await page.goto(url)
        await be(page, walk.person, width)

        async def look(step: str) -> None:
            await picture(page, f"browser-{language}-{width}-{step}")
            await accessible(page)

        await look("1-welcome")
        await press(page, walk.language)
        await press(page, walk.matters)
        await press(page, walk.tell)
        await page.get_by_label(walk.field).fill("Minder lijstjes, <b>één</b> plek")
        await look("2-form")
        await press(page, walk.send)
        await expect(page.get_by_text(walk.told)).to_be_visible()
        await look("3-ready")

        await press(page, walk.ask)
        await page.get_by_role("button", name=walk.scale[0]).click()
        await expect(page.get_by_role("heading", name=walk.more)).to_be_visible()
        await look("4-second-question")
        await page.get_by_role("button", name=walk.scale[0]).click()
        await expect(page.get_by_role("heading", name=walk.thanks).last).to_be_visible()
        assert await page.get_by_role("button", name=walk.scale[0]).count() == 0

        await press(page, walk.comment)
        await page.get_by_role("dialog").get_by_role("textbox").fill("Graag meer tijd. +1 & <i>")
        await press(page, walk.send)
        await expect(page.get_by_text(walk.commented)).to_be_visible()
        await look("5-thanks")

        await press(page, walk.change)
        await page.get_by_role("button", name=walk.scale[1]).click()
        await expect(page.get_by_role("heading", name=walk.more)).to_be_visible()
        await page.get_by_role("button", name=walk.scale[1]).click()
        await expect(page.get_by_role("button", name=walk.change)).to_be_visible()

        await press(page, walk.morning)
        await expect(page.get_by_text(walk.why)).to_be_visible()
        await look("6-follow-up")


async def be(page: Page, person: str, width: str) -> None:
    """Choose who to be."""
    if width == "phone":
        chooser = page.locator("select").first
        wanted = chooser.locator("option", has_text=person).first
        await chooser.select_option(value=await wanted.get_attribute("value"))
    else:
        await page.get_by_role("button", name=person).click()


async def press(page: Page, label: str) -> None:
    """Press the newest button with this label."""
    button = page.get_by_role("button", name=label, exact=True).last
    await expect(button).to_be_enabled()
    await button.click()
