"""Draw a card's bars as an image: big letters for a phone, one colour so that grey loses nothing.

Everything is drawn in grey and only then tinted, from our dark green to white: whoever prints it,
or sees no colours, sees the same. What a bar says stands above it in words.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from dialogs.picture import Bar

WIDTH: Final = 640
"""Pixels: twice what a phone has room for, so that letters are sharp there."""
MARGIN, LINE, GAP, THICK, EDGE = 28, 42, 24, 32, 2
LETTERS: Final = 32
MOST_LINES: Final = 3
INK, RIM, TRACK, GROUND = 0, 110, 228, 255
"""How light: letters and bars, the rim of a bar's place, that place, and what all stands on."""
DARKEST: Final = (0x12, 0x35, 0x2F)
_FONT: Final = "fontpkg_atkinson_hyperlegible"


def tint(light: int) -> tuple[int, int, int]:
    """Return the colour of a grey: our dark green where it is darkest, white where it is not."""
    red, green, blue = (dark + (255 - dark) * light // 255 for dark in DARKEST)
    return red, green, blue


def draw(caption: str, bars: tuple[Bar, ...]) -> bytes:
    """Draw bars under a caption; returns a PNG."""
    plain, bold = font("Regular"), font("Bold")
    title = list(_wrapped(caption, bold, WIDTH - 2 * MARGIN))
    rows = [_row(bar, plain, bold) for bar in bars]
    height = 2 * MARGIN + LINE * len(title) + sum(row.height for row in rows)
    image = Image.new("L", (WIDTH, height), GROUND)
    pen = ImageDraw.Draw(image)
    top = MARGIN
    for line in title:
        pen.text((MARGIN, top), line, INK, bold)
        top += LINE
    for row in rows:
        _draw_row(pen, row, top, plain, bold)
        top += row.height
    image.putpalette([part for light in range(256) for part in tint(light)])
    written = BytesIO()
    image.save(written, "PNG", compress_level=6)
    return written.getvalue()


@dataclass(frozen=True, slots=True)
class _Row:
    """One bar, and the words above it as they are broken into lines."""

    bar: Bar
    lines: tuple[str, ...]

    @property
    def height(self) -> int:
        return GAP + LINE * max(1, len(self.lines)) + THICK


def _row(bar: Bar, plain: ImageFont.FreeTypeFont, bold: ImageFont.FreeTypeFont) -> _Row:
    room = WIDTH - 2 * MARGIN - int(bold.getlength(bar.text)) - GAP
    return _Row(bar, tuple(_wrapped(bar.label, plain, max(room, WIDTH // 4))))


def _draw_row(
    pen: ImageDraw.ImageDraw,
    row: _Row,
    top: int,
    plain: ImageFont.FreeTypeFont,
    bold: ImageFont.FreeTypeFont,
) -> None:
    right = WIDTH - MARGIN
    top += GAP
    pen.text((right - bold.getlength(row.bar.text), top), row.bar.text, INK, bold)
    for line in row.lines:
        pen.text((MARGIN, top), line, INK, plain)
        top += LINE
    top += LINE * (not row.lines)
    pen.rectangle((MARGIN, top, right, top + THICK), TRACK, RIM, EDGE)
    long = round(row.bar.part * (right - MARGIN))
    if row.bar.part:
        pen.rectangle((MARGIN, top, MARGIN + max(long, 2 * EDGE), top + THICK), INK)


def _wrapped(text: str, font: ImageFont.FreeTypeFont, room: int) -> Iterator[str]:
    """Break a text into lines that fit; what does not end in three of them is cut, visibly."""
    lines, line = list[str](), ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if line and font.getlength(longer) > room:
            lines.append(line)
            longer = word
        line = longer
    lines += [line] if line else []
    if len(lines) > MOST_LINES:
        lines[MOST_LINES - 1] += "…"
    for found in lines[:MOST_LINES]:
        yield _cut(found, font, room)


def _cut(line: str, font: ImageFont.FreeTypeFont, room: int) -> str:
    if font.getlength(line) <= room:
        return line
    while line and font.getlength(f"{line}…") > room:
        line = line[:-1]
    return f"{line}…"


@cache
def font(weight: str) -> ImageFont.FreeTypeFont:
    """Return the letters of the Braille Institute, which nobody mistakes for each other."""
    letters = files(_FONT) / "files" / f"AtkinsonHyperlegible-{weight}.ttf"
    # Laid out letter by letter: the same everywhere, whatever else a machine has installed.
    return ImageFont.truetype(BytesIO(letters.read_bytes()), LETTERS, layout_engine=_BASIC)


_BASIC: Final = ImageFont.Layout.BASIC
