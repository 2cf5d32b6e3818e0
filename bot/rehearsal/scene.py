"""One run of a fault, as its scene sees it: houses to start, to break and to wait for."""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from signal import SIGKILL
from typing import TypeAlias

from bot.rehearsal.ground import Ground
from bot.rehearsal.house import ACKNOWLEDGED, BASE, PLATFORM, STARTED, WHERE, Part, fork
from bot.rehearsal.strain import Deadline

LATER = timedelta(minutes=1)
"""How far the next house's clock is ahead, so that what the one before held is free."""
WORK = 50
"""About how much is heard and sent in a run."""
GLANCE, MOST_PAUSE = 0.005, 2.0
TELLS = 0.5
"""Seconds in which a house that is stuck writes down where it stands."""
PATIENCE = 30.0
AT_WORK = 0.3
"""Seconds in which a house answers its crowd, about."""


class StuckError(RuntimeError):
    """A house of the run does not do what it is there for."""


@dataclass(eq=False)
class Run:
    """One run of a fault: its files, its chance, and its houses."""

    ground: Ground
    folder: Path
    url: str
    seed: int
    began: float = field(default_factory=time.monotonic)
    base: datetime = BASE
    children: list[int] = field(default_factory=list[int])
    chance: Random = field(init=False)
    tells: bool = field(init=False)
    _how: dict[int, int] = field(default_factory=dict[int, int])
    """How each child ended, of this run alone: a later one's child may bear the same number."""

    def __post_init__(self) -> None:
        self.chance = Random(self.seed)  # noqa: S311 - so that a run can be repeated
        self.tells = self.chance.random() < 1 / 2

    def part(self, name: str = "house") -> Part:
        """Return a whole, healthy house."""
        return Part(
            self.url, self.folder, self.seed, self.began, name, tells=self.tells, base=self.base
        )

    def start(self, part: Part) -> int:
        """Start a house, and wait until it is at work; returns its process."""
        started = self.folder / STARTED
        started.unlink(missing_ok=True)
        child = fork(part)
        self.children.append(child)
        until = Deadline(PATIENCE)
        while not started.exists():
            if until.over() or self._failed(child):
                message = f"{part.name} does not start"
                raise StuckError(message)
            time.sleep(GLANCE)
        return child

    def wait(self, child: int) -> int:
        """Wait until a house has ended; returns how, below zero for a signal."""
        until = Deadline(2 * PATIENCE)
        while (how := self.ended(child)) is None:
            if until.over():
                os.kill(child, WHERE)
                time.sleep(TELLS)
                os.kill(child, SIGKILL)
                message = "a house does not end"
                raise StuckError(message)
            time.sleep(GLANCE)
        return how

    def end(self) -> None:
        """Leave no house behind."""
        for child in self.children:
            self.kill(child)

    def pause(self, child: int, part: float = 1) -> None:
        """Let a house work until some of its work is done: how much is chance, at most ``part``.

        It is counted by what is heard and sent, so that a slow machine is killed in the middle
        of its work, too.
        """
        goal = self._work_done() + self.chance.randint(0, int(WORK * part))
        until = time.monotonic() + MOST_PAUSE
        while self._work_done() < goal and time.monotonic() < until and self.ended(child) is None:
            time.sleep(GLANCE / 2)
        time.sleep(self.chance.uniform(0, GLANCE))

    def ended(self, child: int) -> int | None:
        """Return how a child ended, below zero for a signal, or None while it lives."""
        if child not in self._how:
            number, status = os.waitpid(child, os.WNOHANG)
            if not number:
                return None
            self._how[child] = os.waitstatus_to_exitcode(status)
        return self._how[child]

    def _failed(self, child: int) -> bool:
        return (self.ended(child) or 0) > 0

    def _work_done(self) -> int:
        files = (self.folder / name for name in (ACKNOWLEDGED, PLATFORM))
        return sum(file.read_bytes().count(b"\n") for file in files if file.exists())

    def kill(self, child: int) -> None:
        """Kill a house, if it is still there, and wait until it is gone."""
        if self.ended(child) is None:
            os.kill(child, SIGKILL)
            self.wait(child)

    def over(self, child: int) -> None:
        """Wait until a house has ended as it should."""
        if how := self.wait(child):
            message = f"the house ended with {how}"
            raise StuckError(message)

    def finish(self, part: Part, ahead: timedelta = timedelta()) -> None:
        """Let a last house finish everything."""
        finisher = replace(part, name="finisher", finishes=True, ahead=part.ahead + ahead)
        if how := self.wait(self.start(finisher)):
            message = f"the last house ended with {how}"
            raise StuckError(message)


Scene: TypeAlias = Callable[[Run], None]
"""What happens in a run."""
