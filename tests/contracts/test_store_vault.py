"""A new key in front, everything sealed again, the old key gone: on every database."""

import asyncio
import os
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from adapters.slack.workspaces import Workspace
from adapters.store.database import Store
from adapters.store.secrets import Resealed, Sealed, Vault
from adapters.store.slack import SealedWorkspaces
from bot.vault import Rotation

OLD, NEW, LOST = (os.urandom(32) for _ in range(3))
TEAMS = ("T1", "T2", "T3")


def installation(team: str) -> str:
    return Workspace(team, f"xoxb-canary-{team}").dump()


async def keep(store: Store, key: bytes, *teams: str) -> None:
    for team in teams:
        await SealedWorkspaces(store, Vault((key,))).save(team, installation(team))


async def test_after_a_rotation_the_old_key_may_go(store: Store) -> None:
    await keep(store, OLD, *TEAMS)
    both = SealedWorkspaces(store, Vault((NEW, OLD)))
    assert await both.reseal() == Resealed(3, 3)
    assert await both.reseal() == Resealed(3, 0)
    alone = SealedWorkspaces(store, Vault((NEW,)))
    assert [await alone.load(team) for team in TEAMS] == [installation(team) for team in TEAMS]
    gone = SealedWorkspaces(store, Vault((OLD,)))
    with pytest.raises(Sealed, match="not in the settings"):
        await gone.load("T1")


async def test_a_key_at_the_end_opens_and_changes_nothing(store: Store) -> None:
    """So several processes learn of a key before the first of them seals with it."""
    await keep(store, OLD, *TEAMS)
    assert await SealedWorkspaces(store, Vault((OLD, NEW))).reseal() == Resealed(3, 0)
    assert await SealedWorkspaces(store, Vault((OLD,))).load("T3") == installation("T3")


async def test_what_no_key_opens_stays_and_is_named(store: Store) -> None:
    await keep(store, OLD, "T1", "T3")
    await keep(store, LOST, "T2")
    async with store.write() as work:
        sealed = await work.workspace("T1")
        assert sealed
        await work.keep_workspace("T4", sealed)  # copied to another row: it does not open there
    found = await SealedWorkspaces(store, Vault((NEW, OLD))).reseal()
    assert found == Resealed(4, 2, ("Slack workspace T2", "Slack workspace T4"))
    assert await SealedWorkspaces(store, Vault((LOST,))).load("T2") == installation("T2")


async def test_who_installs_anew_meanwhile_keeps_that(store: Store) -> None:
    await keep(store, OLD, "T1")
    async with store.read() as work:
        before = await work.workspace("T1")
    newer = Workspace("T1", "xoxb-newer").dump()
    await SealedWorkspaces(store, Vault((NEW, OLD))).save("T1", newer)
    assert before
    async with store.write() as work:
        assert not await work.swap_workspace("T1", before, b"what was there before")
    assert await SealedWorkspaces(store, Vault((NEW,))).load("T1") == newer


async def test_two_processes_at_once_lose_nothing(store: Store) -> None:
    await keep(store, OLD, *TEAMS)
    both = Vault((NEW, OLD))
    first, second = await asyncio.gather(
        SealedWorkspaces(store, both).reseal(), SealedWorkspaces(store, both).reseal()
    )
    assert first.done + second.done == 3
    alone = SealedWorkspaces(store, Vault((NEW,)))
    assert [await alone.load(team) for team in TEAMS] == [installation(team) for team in TEAMS]


async def test_it_goes_by_itself_and_says_what_is_shut_once(store: Store) -> None:
    await keep(store, OLD, "T1", "T2")
    await keep(store, LOST, "T3")
    rotation = Rotation(SealedWorkspaces(store, Vault((NEW, OLD))).reseal)
    with capture_logs() as told:
        assert [await rotation.round() for _ in range(3)] == [2, 0, 0]
    assert [line["event"] for line in told] == ["vault.sealed_again", "vault.shut"]
    assert "canary" not in str(told)


def bytes_in(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


async def test_no_token_is_readable_on_the_disk(tmp_path: Path) -> None:
    store = await Store.open(f"sqlite:///{tmp_path / 'x.db'}", create=True)
    await keep(store, OLD, *TEAMS)
    await SealedWorkspaces(store, Vault((NEW, OLD))).reseal()
    files = bytes_in(tmp_path)
    await store.close()
    assert any(b"slack_workspaces" in held for held in files.values())
    assert [name for name, held in files.items() if b"canary" in held] == []
