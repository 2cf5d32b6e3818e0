"""Where a picture is: its facts and its last day, sealed into the address itself.

Nothing is stored, so nothing has to be erased or handed from process to process. The seal is
AES-SIV under a key of its own made from the installation's secret: the same picture has the same
address all week, so that a card that is drawn again shows what a client has already fetched; an
address that was changed by a single character opens nothing.
"""

import asyncio
import json
import re
import unicodedata
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from collections import OrderedDict
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from dialogs.picture import Bar, Picture

DAYS: Final = 30
"""For how many days an address is good, at least; it ends with the week."""
WEEK: Final = 7
PURPOSE: Final = b"wayfinder pictures 1"
KEY: Final = 64
LONGEST: Final = 1_600
"""Characters of what is sealed, so that an address stays shorter than every platform's longest."""
MOST_BARS: Final = 8
MOST: Final = {"caption": 200, "label": 100, "text": 40}
"""Characters of each of a picture's words that are drawn."""
KEPT: Final = 64
"""Images that are kept for whoever fetches the same one next."""
SIGNS: Final = "\u2013\u2014\u2018\u2019\u201a\u201c\u201d\u201e\u2026\u20ac\u2022\u2212"
ELSEWHERE: Final = "ĀāĂăĄąĆćČčĎďĐđĒēĖėĘęĚěĞğĢģĪīĮįıĶķĻļĽľŁłŃńŅņŇňŐőŒœŔŕŘřŚśŞşŠšŢţŤťŪūŮůŰűŲųŸŹźŻżŽž"
"""Signs and letters that ours have beside those of western Europe."""
_DRAWABLE: Final = re.compile(rf"[ -~\u00a0-\u00ac\u00ae-\u00ff{SIGNS}{ELSEWHERE}]*")
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_ADDRESS: Final = re.compile(r"[A-Za-z0-9_-]+")


class Album:
    """Addresses of pictures, and the images behind them.

    Args:
        base: where the program is seen from outside, without a slash at its end; empty for a page
            of our own.
        secret: the installation's secret.
        clock: what time it is.

    """

    def __init__(self, base: str, secret: bytes, clock: Callable[[], datetime]) -> None:
        self._base = base
        self._clock = clock
        self._seal = AESSIV(HKDF(SHA256(), KEY, salt=None, info=PURPOSE).derive(secret))
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._one = asyncio.Lock()

    def address(self, picture: Picture) -> str:
        """Return where a picture is shown; nothing if it has words that we cannot draw."""
        said = _said(picture)
        if said is None:
            return ""
        last = (self._today() + DAYS) // WEEK * WEEK + WEEK
        packed = _pack(last, *said)
        token = urlsafe_b64encode(self._seal.encrypt(packed, None)).decode().rstrip("=")
        return f"{self._base}/pictures/{token}.png" if len(token) <= LONGEST else ""

    async def image(self, token: str) -> bytes | None:
        """Draw the picture of an address as a PNG; None if it is not ours, or over."""
        found = self._open(token)
        if found is None:
            return None
        async with self._one:
            drawn = self._kept.get(token)
            if drawn is None:
                drawn = self._kept[token] = await asyncio.to_thread(_draw, *found)
                if len(self._kept) > KEPT:
                    self._kept.popitem(last=False)
        return drawn

    def _open(self, token: str) -> tuple[str, tuple[Bar, ...]] | None:
        if len(token) > LONGEST or not _ADDRESS.fullmatch(token):
            return None
        try:
            sealed = urlsafe_b64decode(token + "=" * (-len(token) % 4))
            packed = self._seal.decrypt(sealed, None)
        except (Error, InvalidTag, ValueError):
            return None
        last, caption, bars = json.loads(zlib.decompress(packed))
        if self._today() > last:
            return None
        return caption, tuple(Bar(label, part / 1000, text) for label, part, text in bars)

    def _today(self) -> int:
        return self._clock().astimezone(UTC).toordinal()


def _draw(caption: str, bars: tuple[Bar, ...]) -> bytes:
    """Draw; what draws is loaded when the first picture is fetched, not at every start."""
    from adapters.pictures.drawing import draw  # noqa: PLC0415 - most processes never draw one

    return draw(caption, bars)


def _said(picture: Picture) -> tuple[str, tuple[Bar, ...]] | None:
    """Return what is drawn of a picture; None if it cannot be drawn as it is meant."""
    caption = _clean(picture.caption, "caption")
    bars = tuple(
        Bar(_clean(bar.label, "label"), round(bar.part, 3), _clean(bar.text, "text"))
        for bar in picture.bars
    )
    words = (caption, *(word for bar in bars for word in (bar.label, bar.text)))
    if not 1 <= len(bars) <= MOST_BARS or not all(_DRAWABLE.fullmatch(word) for word in words):
        return None
    return caption, bars


def _clean(text: str, what: str) -> str:
    """Leave out what nobody sees, or what would turn words around, and what is too long."""
    composed = unicodedata.normalize("NFC", text[: 4 * MOST[what]])
    kept = "".join(c for c in composed if c.isspace() or unicodedata.category(c) not in _UNSEEN)
    seen = " ".join(kept.split())
    return seen if len(seen) <= MOST[what] else seen[: MOST[what] - 1] + "…"


def _pack(last: int, caption: str, bars: tuple[Bar, ...]) -> bytes:
    rows = [[bar.label, round(bar.part * 1000), bar.text] for bar in bars]
    text = json.dumps([last, caption, rows], ensure_ascii=False, separators=(",", ":"))
    return zlib.compress(text.encode(), 9)
