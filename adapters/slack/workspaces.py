"""The Slack workspaces Wayfinder is installed in, each with the token it speaks with.

A workspace is kept as one text that is secret as a whole: the store behind the port seals it
before it touches a disk. A request asks for its workspace each time, so what was read is held
for half a minute; a removed workspace is forgotten at once where it was removed, and everywhere
else within that time.
"""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

HELD = timedelta(seconds=30)
MOST = 1_000
"""How many answers are held at most, so that made-up workspaces fill no memory."""


class Workspaces(Protocol):
    """Where installations are kept, sealed; one text a workspace."""

    async def load(self, team: str) -> str | None:
        """Return the installation of a workspace, or None if there is none."""
        ...

    async def save(self, team: str, installation: str) -> None:
        """Keep the installation of a workspace, in place of any before it."""
        ...

    async def delete(self, team: str) -> None:
        """Destroy the installation of a workspace; nothing happens if there is none."""
        ...


@dataclass(frozen=True, slots=True)
class Workspace:
    """One workspace: its id, the bot's user there and the bot's token."""

    team: str
    token: str = field(repr=False)
    bot: str = ""
    name: str = ""
    scopes: str = ""

    def dump(self) -> str:
        """Write the workspace as the text that is kept."""
        return json.dumps(asdict(self))

    @classmethod
    def load(cls, text: str) -> "Workspace":
        """Read a workspace back."""
        found = json.loads(text)
        return cls(**{name: found.get(name, "") for name in cls.__slots__})


class Installed:
    """The workspaces in use, as the rest of this adapter asks for them."""

    def __init__(self, workspaces: Workspaces, clock: Callable[[], datetime]) -> None:
        self._workspaces = workspaces
        self._clock = clock
        self._held: dict[str, tuple[datetime, Workspace | None]] = {}

    async def find(self, team: str) -> Workspace | None:
        """Return a workspace, or None if Wayfinder is not installed there."""
        now = self._clock()
        until, found = self._held.get(team, (now, None))
        if now < until:
            return found
        text = await self._workspaces.load(team)
        found = Workspace.load(text) if text else None
        if len(self._held) >= MOST:
            self._held.clear()
        self._held[team] = (now + HELD, found)
        return found

    async def add(self, workspace: Workspace) -> None:
        """Keep a workspace that was just installed."""
        await self._workspaces.save(workspace.team, workspace.dump())
        self._held.pop(workspace.team, None)

    async def forget(self, team: str) -> None:
        """Destroy a workspace's token."""
        await self._workspaces.delete(team)
        self._held.pop(team, None)


class MemoryWorkspaces:
    """Workspaces that last as long as the process: for one token from the settings, and tests."""

    def __init__(self, *workspaces: Workspace) -> None:
        self.kept = {w.team: w.dump() for w in workspaces}

    async def load(self, team: str) -> str | None:
        """Return the installation of a workspace."""
        return self.kept.get(team)

    async def save(self, team: str, installation: str) -> None:
        """Keep the installation of a workspace."""
        self.kept[team] = installation

    async def delete(self, team: str) -> None:
        """Destroy the installation of a workspace."""
        self.kept.pop(team, None)
