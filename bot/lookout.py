"""What watches the program at work: its figures, and where an administrator wants them its traces.

A trace is made of spans: one for each thing that took time, each below what it came from. Without
the setting nothing of it is loaded, and a span is an object that does nothing.
"""

import asyncio
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Final, Protocol

from bot.figures import Figures

BEAT: Final = 0.5
"""Seconds between two looks at whether the event loop is late."""


class Span(Protocol):
    """Something that takes time, and may lead to something else."""

    def note(self, **what: str | int) -> None:
        """Note how it ended: a number, or a word that a figure's label may hold."""
        ...

    def leads_to(self, key: str) -> None:
        """Let whatever begins after this key, in this process, stand below it."""
        ...


class Spans(Protocol):
    """Where spans go."""

    def span(
        self, name: str, *, after: str = "", beside: Sequence[Span] = (), **what: str | int
    ) -> AbstractContextManager[Span]:
        """Begin a span: below what led to ``after``, else below ``beside``, else where we are.

        It stands below the first one that it is ``beside``, and is linked with the others.
        """
        ...

    def here_leads_to(self, key: str) -> None:
        """Let whatever begins after this key stand below the span that we are in."""
        ...

    def pass_on(self, key: str, to: str) -> None:
        """Let what begins after ``to`` stand where what begins after ``key`` stands."""
        ...

    async def close(self) -> None:
        """Send what was not sent yet, within a moment."""
        ...


class Unseen:
    """A span that nobody wants to see."""

    def note(self, **what: str | int) -> None:
        """Do nothing."""

    def leads_to(self, key: str) -> None:
        """Do nothing."""


_UNSEEN: Final = nullcontext(Unseen())


class NoSpans:
    """No traces: nothing is kept, nothing is sent, nothing is loaded."""

    def span(
        self,
        name: str,  # noqa: ARG002 - as the real ones have it
        *,
        after: str = "",  # noqa: ARG002
        beside: Sequence[Span] = (),  # noqa: ARG002
        **what: str | int,  # noqa: ARG002
    ) -> AbstractContextManager[Span]:
        """Return a span that does nothing."""
        return _UNSEEN

    def here_leads_to(self, key: str) -> None:
        """Do nothing."""

    def pass_on(self, key: str, to: str) -> None:
        """Do nothing."""

    async def close(self) -> None:
        """Do nothing."""


@dataclass(frozen=True, slots=True)
class Lookout:
    """Where the parts of the program tell what they do."""

    figures: Figures = field(default_factory=Figures)
    spans: Spans = field(default_factory=NoSpans)

    async def beat(self) -> None:
        """Look how late the event loop is, for as long as the program runs."""
        while True:
            before = self.figures.seconds()
            await asyncio.sleep(BEAT)
            late = max(0.0, self.figures.seconds() - before - BEAT)
            self.figures.took("wayfinder_loop_lag_seconds", late)
