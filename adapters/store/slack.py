"""What Slack's adapter keeps: its workspaces, whose tokens are sealed, and its marks."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from adapters.store.database import Store
from adapters.store.secrets import Resealed, Sealed, Vault


@dataclass(frozen=True, slots=True)
class SealedWorkspaces:
    """The workspaces Wayfinder is installed in; a token is never readable in the database."""

    store: Store
    vault: Vault

    async def load(self, team: str) -> str | None:
        """Return the installation of a workspace."""
        async with self.store.read() as work:
            sealed = await work.workspace(team)
        return self.vault.open(sealed, _context(team)).decode() if sealed else None

    async def save(self, team: str, installation: str) -> None:
        """Keep the installation of a workspace, in place of any before it."""
        sealed = self.vault.seal(installation.encode(), _context(team))
        async with self.store.write() as work:
            await work.keep_workspace(team, sealed)

    async def delete(self, team: str) -> None:
        """Destroy the installation of a workspace."""
        async with self.store.write() as work:
            await work.drop_workspace(team)

    async def reseal(self) -> Resealed:
        """Seal with the first key what an older one sealed; what does not open stays as it is.

        A workspace that is installed anew meanwhile keeps what was saved then.
        """
        done, shut = 0, list[str]()
        async with self.store.read() as work:
            teams = await work.workspaces()
        for team in teams:
            async with self.store.read() as work:
                before = await work.workspace(team)
            if before is None:
                continue
            try:
                clear = self.vault.open(before, _context(team))
            except Sealed:
                shut.append(f"Slack workspace {team}")
                continue
            if not self.vault.stale(before):
                continue
            after = self.vault.seal(clear, _context(team))
            async with self.store.write() as work:
                done += await work.swap_workspace(team, before, after)
        return Resealed(len(teams), done, tuple(shut))


@dataclass(frozen=True, slots=True)
class StoredMarks:
    """Marks that every process sees."""

    store: Store
    clock: Callable[[], datetime]

    async def keep(self, mark: str, until: datetime) -> None:
        """Keep a mark."""
        async with self.store.write() as work:
            await work.keep_mark(mark, until, self.clock())

    async def seen(self, mark: str) -> bool:
        """Say whether a mark is kept and still good."""
        async with self.store.read() as work:
            return await work.good_mark(mark, self.clock())

    async def take(self, mark: str) -> bool:
        """Take a mark away; True for the one caller that finds it still good."""
        async with self.store.write() as work:
            return await work.take_mark(mark, self.clock())


def _context(team: str) -> str:
    return f"slack:{team}"
