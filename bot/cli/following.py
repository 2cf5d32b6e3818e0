"""Follow a broadcast from the command line: a bar on a terminal, else a line whenever it moved."""

import asyncio
import sys
from collections.abc import AsyncIterator, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Protocol

import click

from bot.cli import using
from bot.cli.given import refuse
from bot.settings import Place
from bot.wiring.parts import open_store
from nudges.authoring import shown
from nudges.broadcast import Broadcast, Stage
from nudges.progress import Tally, over, phase
from nudges.steering import begun

LOOK = 1.0
"""Seconds between two looks."""
LONGEST = timedelta(hours=12)
"""How long somebody may follow; a broadcast goes on without them."""
ENDED = frozenset({Stage.DECLINED, Stage.LAPSED})
COUNTED = ("queued", "sent", "failed", "unknown", "unreachable", "left_out", "acknowledged")
BAR = 100


class _Reads(Protocol):
    """The part of a transaction that is read here."""

    async def broadcasts(self, numbers: Iterable[int]) -> Mapping[int, Broadcast]: ...
    async def tallies(self, numbers: Iterable[int], now: datetime) -> Mapping[int, Tally]: ...


def on_terminal() -> bool:
    """Say whether somebody looks on, so that a bar may be drawn."""
    return sys.stdout.isatty()


def follow(number: int, place: Place) -> None:
    """Show how far a broadcast gets until it is through; Ctrl-C leaves it to itself."""
    show = _bar if on_terminal() else _lines
    try:
        using.run(lambda: show(_seen(number, place)))
    except KeyboardInterrupt:
        click.echo("", err=True)
    click.echo(f"See `python -m bot broadcast status {number}`.", err=True)


async def _seen(number: int, place: Place) -> AsyncIterator[tuple[Broadcast, Tally]]:
    """Yield how far it is, again and again, until it is through or we looked for long enough."""
    until = datetime.now(UTC) + LONGEST
    store = await open_store(place)
    try:
        while True:
            now = datetime.now(UTC)
            async with store.read() as work:
                found, tally = await _told(work, number, now)
            yield found, tally
            if found.stage in ENDED or now >= until or (_counts(found) and over(found, tally)):
                return
            await asyncio.sleep(LOOK)
    finally:
        await store.close()


async def _told(work: _Reads, number: int, now: datetime) -> tuple[Broadcast, Tally]:
    found = (await work.broadcasts([number])).get(number)
    if found is None:
        refuse([f"There is no broadcast {number}; see `python -m bot broadcast list`."])
    return found, (await work.tallies([number], now))[number]


def _counts(found: Broadcast) -> bool:
    return begun(found) or found.stage is Stage.RECALLED


def where(found: Broadcast, tally: Tally) -> str:
    """Say in a word where a broadcast is."""
    return phase(found, tally) if _counts(found) else str(found.stage)


async def _lines(seen: AsyncIterator[tuple[Broadcast, Tally]]) -> None:
    last = ""
    async for found, tally in seen:
        exposes = found.draft.exposes
        counts = ((name, shown(getattr(tally, name), exposes=exposes)) for name in COUNTED)
        told = (f"{name} {'-' if n is None else n}" for name, n in counts)
        line = "\t".join((where(found, tally), *told))
        if line != last:
            click.echo(line)
        last = line


async def _bar(seen: AsyncIterator[tuple[Broadcast, Tally]]) -> None:
    with click.progressbar(length=BAR, show_eta=False, item_show_func=_word) as bar:
        async for found, tally in seen:
            parts = BAR * (tally.people - tally.queued) // (tally.people or 1)
            bar.update(0 if found.draft.exposes else max(0, parts - bar.pos), where(found, tally))


def _word(said: str | None) -> str:
    return said or ""
