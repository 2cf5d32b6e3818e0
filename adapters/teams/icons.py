"""The app's icons, drawn: our mark in colour, at any size, and its outline in white.

Nothing is kept as a picture that nobody can read or change. Every shape is a function that says
how far a point lies outside it, so an edge is as smooth at any size as its pixel is wide; the
shapes are those of ``adapters/browser/page/mark.svg``, on the same grid of 48.
"""

import struct
import zlib
from collections.abc import Callable
from functools import cache
from itertools import pairwise
from math import hypot
from typing import Final, TypeAlias

Shape: TypeAlias = Callable[[float, float], float]
"""How far a point lies outside; inside, less than nothing."""
Pixel: TypeAlias = tuple[int, int, int, int]

GRID: Final = 48
COLOR, OUTLINE = 192, 32
"""Pixels a side, as Teams wants them."""
GROUND: Final = (0xF4, 0xB8, 0x60)
NEEDLE: Final = (0x12, 0x35, 0x2F)
WHITE: Final = (255, 255, 255)
_CORNERS: Final = (
    *((33.5, 13.2), (27.4, 28.0), (26.9, 28.5), (13.3, 34.8), (12.5, 34.6)),
    *((12.3, 33.8), (18.3, 19.4), (18.8, 18.9), (32.5, 12.2), (33.3, 12.4)),
)
_NEAR: Final = (11, 36)
"""The needle lies between these both ways, with an edge of a pixel: most of a large icon is ground
and needs no measuring."""
_PNG: Final = b"\x89PNG\r\n\x1a\n"


@cache
def color(size: int = COLOR) -> bytes:
    """Draw the mark on its ground, edge to edge: Teams and Slack round the corners themselves."""
    return _drawn(size, lambda x, y: _mixed(GROUND, NEEDLE, _cover(_mark(x, y), size)))


@cache
def outline() -> bytes:
    """Draw the mark and its rounded frame in white, on nothing."""
    return _drawn(OUTLINE, lambda x, y: (*WHITE, round(255 * _cover(_framed(x, y), OUTLINE))))


def _mark(x: float, y: float) -> float:
    """Measure to the compass needle with its hole; far from it only roughly."""
    if not (_NEAR[0] < x < _NEAR[1] and _NEAR[0] < y < _NEAR[1]):
        return GRID
    return max(_needle(x, y), 3.1 - hypot(x - 22.9, y - 23.9))


def _framed(x: float, y: float) -> float:
    """Measure to the mark within a line along the edge of the ground."""
    frame = abs(_box(x, y, 21.5, 12.5)) - 1.4
    return min(max(_needle(x, y) - 0.6, 3.4 - hypot(x - 23.2, y - 23.9)), frame)


def _box(x: float, y: float, half: float, round_: float) -> float:
    across, down = abs(x - GRID / 2) - half + round_, abs(y - GRID / 2) - half + round_
    return hypot(max(across, 0), max(down, 0)) + min(max(across, down), 0) - round_


def _needle(x: float, y: float) -> float:
    nearest = min(_to_edge(x, y, a, b) for a, b in pairwise((*_CORNERS, _CORNERS[0])))
    return -nearest if _within(x, y) else nearest


def _to_edge(x: float, y: float, a: tuple[float, float], b: tuple[float, float]) -> float:
    (ax, ay), (bx, by) = a, b
    along = ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / ((bx - ax) ** 2 + (by - ay) ** 2)
    along = min(max(along, 0), 1)
    return hypot(x - ax - along * (bx - ax), y - ay - along * (by - ay))


def _within(x: float, y: float) -> bool:
    sides = [
        (bx - ax) * (y - ay) - (by - ay) * (x - ax)
        for (ax, ay), (bx, by) in pairwise((*_CORNERS, _CORNERS[0]))
    ]
    return all(side >= 0 for side in sides) or all(side <= 0 for side in sides)


def _cover(outside: float, size: int) -> float:
    """Return how much of a pixel a shape covers, from how far outside its centre lies."""
    return min(max(0.5 - outside * size / GRID, 0), 1)


def _mixed(below: tuple[int, int, int], above: tuple[int, int, int], cover: float) -> Pixel:
    red, green, blue = (round(b + (a - b) * cover) for b, a in zip(below, above, strict=True))
    return red, green, blue, 255


def _drawn(size: int, pixel: Callable[[float, float], Pixel]) -> bytes:
    """Write a square picture as PNG: eight bits each of red, green, blue and opacity."""
    places = [(n + 0.5) * GRID / size for n in range(size)]
    rows = b"".join(b"\0" + b"".join(bytes(pixel(x, y)) for x in places) for y in places)
    header = struct.pack(">IIBBBBB", size, size, 8, 6, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return _PNG + b"".join(_chunk(name, content) for name, content in parts)


def _chunk(name: bytes, content: bytes) -> bytes:
    check = zlib.crc32(name + content)
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", check)
