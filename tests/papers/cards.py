"""The pictures of cards that papers show: drawn from the gallery each time a site is made."""

import re
import shutil
import tempfile
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from typing import Final

from PIL import Image, ImageChops

from tests.journeys.test_pictures import HERE, WIDTHS, Sheet, bundle, cards, draw
from tests.real import chromium

ASKED: Final = re.compile(r"^<!-- picture: ((teams|slack)-(\w\w)-([a-z0-9-]+)) \|", re.MULTILINE)
EDGE: Final = 8
"""Pixels that are left around a card."""


def lacking() -> str:
    """Return what is missing to draw with, or nothing."""
    if shutil.which("chromium") is None:
        return "Chromium"
    return "" if (HERE / "node_modules" / ".bin" / "esbuild").is_file() else "tests/node/cards"


def asked(papers: Iterable[Path]) -> dict[str, tuple[str, str, str]]:
    """Return the name of each picture that papers ask for: platform, language and card of it."""
    found = (ASKED.findall(path.read_text(encoding="utf-8")) for path in papers)
    return {name: (platform, lang, card) for some in found for name, platform, lang, card in some}


def papers_of(root: Path) -> list[Path]:
    """Return the papers that may ask for pictures."""
    return sorted(root.glob("docs/*.md"))


async def draw_all(root: Path) -> None:
    """Draw every picture that a paper asks for into build/cards.

    Raises:
        ValueError: a card is not in the gallery, or does not fit where it is drawn.

    """
    place = root / "build" / "cards"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    wanted = asked(papers_of(root))
    with tempfile.TemporaryDirectory() as folder:
        pen = bundle(Path(folder))
        async with chromium() as browser:
            for name, (platform, language, card) in wanted.items():
                drawn = dict(cards(platform, language)).get(card)
                if drawn is None:
                    message = f"{name}: no card of the gallery is called {card}"
                    raise ValueError(message)
                sheet = Sheet(platform, WIDTHS[platform, "desk"], [(card, drawn)])
                wrong, picture = await draw(browser, pen, sheet)
                if wrong:
                    raise ValueError(f"{name}: " + "; ".join(wrong))
                (place / f"{name}.png").write_bytes(trimmed(picture))


def trimmed(picture: bytes) -> bytes:
    """Cut off what is empty around a card."""
    image = Image.open(BytesIO(picture)).convert("RGB")
    empty = Image.new("RGB", image.size, image.getpixel((image.width - 1, image.height - 1)))
    left, top, right, bottom = ImageChops.difference(image, empty).getbbox() or (0, 0, *image.size)
    box = (max(left - EDGE, 0), max(top - EDGE, 0), right + EDGE, bottom + EDGE)
    out = BytesIO()
    image.crop(box).save(out, "PNG", optimize=True)
    return out.getvalue()
