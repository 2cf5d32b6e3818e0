"""How long it takes to draw a card: the first time, and again for someone else."""

from collections.abc import Sequence
from time import perf_counter

from adapters.browser.channel import BrowserChannel
from bot.drawings import Drawings
from dialogs import gallery
from dialogs.token import Tokens
from tests.bench.rows import Row, row

RUNS = 7
MILLI = 1000


async def run() -> Sequence[Row]:
    first: list[float] = []
    again: list[float] = []
    for _ in range(RUNS):
        cold, warm = _once()
        first.append(cold * MILLI)
        again.append(warm * MILLI)
    return [
        row("a card, first", first, "ms", "≤ 0.5"),
        row("the same content, language and platform again", again, "ms", "≤ 0.1"),
    ]


def _once() -> tuple[float, float]:
    tokens = Tokens(b"0" * 32)
    channel = BrowserChannel.__new__(BrowserChannel)
    drawings = Drawings(tokens)
    contexts = [gallery.sample(language) for language in ("en", "nl")]
    cards = [(note, context) for note in gallery.CARDS.values() for context in contexts]
    times: list[float] = []
    for _ in range(2):
        began = perf_counter()
        for number, (note, context) in enumerate(cards, 1):
            drawings.payload(channel, "browser", note, number, context)
        times.append((perf_counter() - began) / len(cards))
    return times[0], times[1]
