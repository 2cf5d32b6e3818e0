"""Every card and form as Teams and Slack draw it, on a phone and on a desk, to look at.

Microsoft's own renderer draws the Adaptive Cards; Block Kit has none of Slack's, so the closest
one that is public draws that. Every word is to be read, nothing may stick out or be cut off, and
neither may complain.
"""

import json
import subprocess
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Route, ViewportSize

from adapters.pictures.album import Album
from adapters.slack.blocks import home, message
from adapters.slack.views import modal
from adapters.teams.adaptive import adaptive
from adapters.teams.form import adaptive_form
from adapters.teams.icons import color
from dialogs import gallery
from dialogs.speech import languages
from tests.clock import Clock
from tests.real import NODE, PICTURES, chromium

pytestmark = [pytest.mark.real, pytest.mark.timeout(180)]
HERE = NODE / "cards"
TOKEN = "T" * 32
WIDTHS = {
    ("teams", "phone"): 320,
    ("teams", "desk"): 480,
    ("slack", "phone"): 375,
    ("slack", "desk"): 640,
}
"""What is left for a card, in CSS pixels, where everything around it is taken off."""
WIDE = 1400
BASE = "https://pictures.example"
SECRET = b"pictures of made-up numbers, 4711"
BLIND = """Promise.all([...document.images].map(async one => {
    await one.decode().catch(() => {});
    return one.naturalWidth ? "" : one.alt || one.src;
})).then(found => found.filter(Boolean))"""
"""Wait for every picture, and say which ones do not come."""
A_SHEET = 12


def album() -> Album:
    """Return an album of one event loop; all of them know each other's addresses."""
    return Album(BASE, SECRET, Clock())


def cards(platform: str, language: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield everything a platform is ever sent in a language."""
    address = album().address
    for name, card in gallery.cards(language):
        shown = card.illustrated(address)
        if shown != card:
            name_of = f"{name}, with its picture"
            yield name_of, adaptive(shown, TOKEN) if platform == "teams" else message(shown, TOKEN)
        yield name, adaptive(card, TOKEN) if platform == "teams" else message(card, TOKEN)
        if platform == "slack" and name == "home":
            yield "home, as a page", home(card, TOKEN)
    for name, form in gallery.forms(language):
        if platform == "slack":
            yield name, modal(form, TOKEN)
            continue
        yield name, adaptive_form(form, TOKEN)
        wrong = {form.fields[0].name: form.title}
        yield f"{name}, sent with a mistake", adaptive_form(form, TOKEN, wrong, {})


@dataclass(frozen=True)
class Sheet:
    """Some cards, drawn side by side."""

    platform: str
    width: int
    cards: list[tuple[str, dict[str, Any]]]


@pytest.fixture(scope="module")
def pen(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return bundle(tmp_path_factory.mktemp("pen"))


def bundle(out: Path) -> Path:
    """Make one script and one style sheet of the renderers."""
    tool = HERE / "node_modules" / ".bin" / "esbuild"
    assert tool.is_file(), "the renderers are not installed; .ci/run shows how"
    flags = ["--bundle", "--format=iife", "--log-level=warning", "--minify"]
    flags += ['--define:process.env.NODE_ENV="development"', f"--outfile={out / 'draw.js'}"]
    told = subprocess.run(  # noqa: S603 - the bundler itself
        [tool, HERE / "draw.mjs", *flags], capture_output=True, text=True, check=False, timeout=60
    )
    assert (told.returncode, told.stderr) == (0, "")
    return out


async def draw(browser: Browser, pen: Path, sheet: Sheet) -> tuple[list[str], bytes]:
    """Draw a sheet; returns what is wrong with it, and the picture."""
    page = await browser.new_page(viewport=ViewportSize(width=WIDE, height=600))
    said: list[str] = []
    page.on("console", lambda told: said.append(told.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    await page.route(f"{BASE}/**", partial(fetched, album()))
    try:
        await page.set_content('<!doctype html><html lang="en"><body></body></html>')
        await page.add_style_tag(path=pen / "draw.css")
        await page.evaluate("logo => { window.logo = logo }", _logo())
        await page.add_script_tag(path=pen / "draw.js")
        await page.evaluate("given => show(...given)", [sheet.platform, sheet.width, sheet.cards])
        blind: list[str] = await page.evaluate(BLIND)
        said += [f"a picture is not shown: {alt}" for alt in blind]
        misfits: list[str] = await page.evaluate("misfits()")
        return said + misfits, await page.screenshot(full_page=True)
    finally:
        await page.close()


async def fetched(pictures: Album, route: Route) -> None:
    """Serve a picture as the program does, by its address."""
    token = route.request.url.removeprefix(f"{BASE}/pictures/").removesuffix(".png")
    drawn = await pictures.image(token)
    if drawn is None:
        await route.fulfill(status=404)
    else:
        await route.fulfill(body=drawn, content_type="image/png")


def _logo() -> str:
    return f"data:image/png;base64,{b64encode(color()).decode()}"


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize(("platform", "place"), WIDTHS, ids=map("-".join, WIDTHS))
async def test_every_card_fits(pen: Path, platform: str, place: str, language: str) -> None:
    wrong: list[str] = []
    PICTURES.mkdir(parents=True, exist_ok=True)
    async with chromium() as browser:
        everything = list(cards(platform, language))
        for number, start in enumerate(range(0, len(everything), A_SHEET), 1):
            some = everything[start : start + A_SHEET]
            sheet = Sheet(platform, WIDTHS[platform, place], some)
            found, shown = await draw(browser, pen, sheet)
            wrong += found
            name = f"cards-{platform}-{language}-{place}-{number}.png"
            (PICTURES / name).write_bytes(shown)
    assert wrong == []


PLANTED: dict[str, dict[str, Any]] = {
    "teams": {"type": "AdaptiveCard", "version": "1.5", "body": []},
    "slack": {"text": "x", "blocks": []},
}
LONG = "W" * 60
TOO_WIDE: dict[str, list[dict[str, Any]]] = {
    "teams": [{"type": "ActionSet", "actions": [{"type": "Action.Submit", "title": LONG}]}],
    "slack": [
        {
            "type": "actions",
            "elements": [{"type": "button", "text": {"type": "plain_text", "text": LONG}}],
        }
    ],
}
LOST: dict[str, dict[str, Any]] = {
    "teams": PLANTED["teams"] | {"body": [{"type": "TextBlock", "text": "x", "label": "lost"}]},
    "slack": {"text": "x", "blocks": [{"type": "unheard of", "text": {"text": "lost"}}]},
}


@pytest.mark.parametrize("platform", PLANTED)
async def test_a_planted_fault_is_found(pen: Path, platform: str) -> None:
    card = json.loads(json.dumps(PLANTED[platform]))
    async with chromium() as browser:
        empty, _ = await draw(browser, pen, Sheet(platform, 320, [("empty", card)]))
        lost, _ = await draw(browser, pen, Sheet(platform, 320, [("lost", LOST[platform])]))
        card["body" if platform == "teams" else "blocks"] = TOO_WIDE[platform]
        wide, _ = await draw(browser, pen, Sheet(platform, 320, [("wide", card)]))
    assert any("nothing was drawn" in what for what in empty)
    assert any("is not shown" in what for what in lost)
    assert any("sticks out" in what or "is cut" in what for what in wide), wide
