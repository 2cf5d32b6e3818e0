"""A picture in a card, as facts: bars with words beside them, and the same in one sentence.

Whoever draws a card shows the image if there is an address for it. Without one the bars are
written as lines, so that nobody ever misses what the picture says.
"""

from dataclasses import dataclass
from typing import Final

from dialogs.rich import Rich, Span, plain

FULL, TENTHS = "▇", 10
"""A written bar has ten letters at most, one for each tenth."""
LONGEST_ALT: Final = 2_000
"""Characters of the words instead of a picture; Slack takes no more."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: what it is about, how long it is (0 to 1), and what it says ("4 in 10")."""

    label: str
    share: float
    text: str

    @property
    def part(self) -> float:
        """Return how long it is, never less than nothing and never more than all."""
        return min(self.share, 1.0) if self.share > 0 else 0.0


@dataclass(frozen=True, slots=True)
class Picture:
    """Bars under a caption; ``alt`` says the same to somebody who cannot see them.

    ``url`` is where the image is; the program fills it in before a card is sent, and leaves it
    empty where no image can be fetched.
    """

    caption: str
    bars: tuple[Bar, ...]
    alt: str
    url: str = ""


def written(picture: Picture) -> Rich:
    """Write a picture's bars as lines of text; one without bars as the words instead of it."""
    if not picture.bars:
        return plain(picture.alt)
    spans = [Span(picture.caption, bold=True)] if picture.caption else []
    for bar in picture.bars:
        before = "\n" if spans else ""
        drawn = FULL * round(bar.part * TENTHS)
        spans.append(Span(f"{before}{bar.label}: {bar.text} {drawn}".rstrip(" ")))
    return tuple(spans)
