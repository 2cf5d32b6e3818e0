"""A platform that is a file: what is in it has arrived, also when whoever sent it was killed.

Each call is a line, written the moment it is made; the answer may come late, cut, or not at all.
"""

import asyncio
import json
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, Literal, TypeAlias

from bot.rehearsal import chat
from dialogs.card import Card
from nudges.address import Address
from nudges.delivery import Gone, Outcome, Refused, Sent, Unknown, Wait

Weather: TypeAlias = Literal[
    "fair", "latency", "cut_before", "cut_after", "garbage", "refuses", "storm"
]
"""What a platform is like: fair, or bad in one way, in about every third call."""
BAD = 0.3
QUICK = 0.004
"""Seconds; a fair platform answers within this time."""
SLOW = 0.5
STORM, STORMS = 20, 4
"""Seconds for which a platform that is stormed wants no call, and how often it does so."""


def append(path: Path, line: Mapping[str, Any]) -> None:
    """Write a line that outlives us."""
    file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(file, json.dumps(line).encode() + b"\n")
    finally:
        os.close(file)


def lines(path: Path) -> Iterator[dict[str, Any]]:
    """Read the lines of a file; one that is not there has none."""
    if path.exists():
        whole = path.read_text().rpartition("\n")[0]  # somebody may be writing the next one
        yield from (json.loads(line) for line in whole.splitlines())


@dataclass(eq=False)
class Filed:
    """The platform; ``tells`` says whether it can be asked later what arrived."""

    path: Path
    clock: Callable[[], datetime]
    tells: bool
    weather: Weather
    chance: Random
    _blocked: dict[str, datetime] = field(default_factory=dict[str, datetime])
    _storms: int = 0

    def draw(self, card: Card, token: str) -> str:
        """Draw a card."""
        return chat.draw(card, token)

    async def post(self, to: Address, payload: str, mark: str) -> Outcome:
        """Take a new message."""
        ref, says = f"ref-{mark}", chat.see(payload).title
        return await self._call(to, {"call": "post", "mark": mark, "ref": ref, "says": says}, ref)

    async def replace(self, to: Address, ref: str, payload: str) -> Outcome:
        """Let a message become another."""
        says = chat.see(payload).title
        return await self._call(to, {"call": "replace", "ref": ref, "says": says}, ref)

    async def remove(self, to: Address, ref: str) -> Outcome:
        """Take a message back."""
        return await self._call(to, {"call": "remove", "ref": ref}, ref)

    async def find(self, to: Address, mark: str) -> Outcome | None:
        """Tell whether a message arrived."""
        if not self.tells:
            return Unknown("this platform cannot tell")
        there = any(c["mark"] == mark and c["user"] == to.user for c in arrived(self.path))
        return Sent(f"ref-{mark}") if there else None

    async def _call(self, to: Address, call: dict[str, Any], ref: str) -> Outcome:
        """Note a call and how it ends; what counts as arrived is on the disk before we wait."""
        now = self.clock()
        refused = self._refused(to.tenant, now)
        told = call | {"user": to.user, "tenant": to.tenant}
        told |= {"at": now.isoformat(), "arrived": refused is None}
        if isinstance(refused, Wait):
            told["until"] = refused.until.isoformat()
        append(self.path, told)
        if refused is not None:
            return refused
        bad = self.weather != "fair" and self.chance.random() < BAD
        slow = SLOW if bad and self.weather == "latency" else QUICK
        await asyncio.sleep(self.chance.uniform(0, slow))
        match self.weather if bad else "fair":
            case "cut_after":
                return Unknown("the answer was cut off")
            case "garbage":
                message = "half an answer"
                raise ValueError(message)
            case _:
                return Sent(ref)

    def _refused(self, tenant: str, now: datetime) -> Outcome | None:
        """Say what the platform answers to a message that it does not take."""
        blocked = self._blocked.get(tenant)
        if blocked and now < blocked:
            return Wait(blocked, "too many requests", everyone=True)
        if self.weather not in {"cut_before", "refuses", "storm"} or self.chance.random() >= BAD:
            return None
        if self.weather == "storm":
            self._storms += 1
            if self._storms > STORMS:
                return None
            blocked = self._blocked[tenant] = now + timedelta(seconds=self.chance.randint(1, STORM))
            return Wait(blocked, "too many requests", everyone=True)
        if self.weather == "cut_before":
            return Wait(now, "no connection")
        return self.chance.choice(
            (
                Refused("the message is too large"),
                Gone("the chat is gone"),
                Wait(now + timedelta(seconds=2), "the platform is not well"),
            )
        )


def arrived(path: Path) -> Iterator[dict[str, Any]]:
    """Yield each new message that a platform took."""
    yield from (c for c in lines(path) if c["call"] == "post" and c["arrived"])


def undercut(path: Path) -> Iterator[str]:
    """Yield each call that came before the platform wanted to be called again."""
    asked: dict[str, datetime] = {}
    for call in lines(path):
        at, tenant = datetime.fromisoformat(call["at"]), call["tenant"]
        until = asked.get(tenant, at)
        if at < until:
            yield f"I7: {call['call']} at {at.time()}, and Retry-After was {until.time()}"
        if "until" in call:
            asked[tenant] = max(datetime.fromisoformat(call["until"]), until)
