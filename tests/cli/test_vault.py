"""The command that seals everything with the newest key, and the program that does it by itself."""

import asyncio
import json
from base64 import b64encode
from pathlib import Path

import pytest

from adapters.slack.workspaces import Workspace
from adapters.store.database import Store
from adapters.store.secrets import Vault
from adapters.store.slack import SealedWorkspaces
from bot.settings import Settings, read_settings
from bot.wiring.serve import build_serve
from tests.adapters.slack.desk import SECRET as SIGNING
from tests.cli.lines import run
from tests.desk import SECRET

OLD, NEW, LOST = (b64encode(bytes(range(at, at + 32))).decode() for at in (0, 32, 64))


async def keep(url: str, **keys: str) -> None:
    store = await Store.open(url, create=True)
    for team, key in keys.items():
        kept = SealedWorkspaces(store, Vault.read([key]))
        await kept.save(team, Workspace(team, f"xoxb-canary-{team}").dump())
    await store.close()


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("WAYFINDER_SECRET", SECRET)
    address = f"sqlite:///{tmp_path / 'x.db'}"
    monkeypatch.setenv("WAYFINDER_DATABASE", address)
    asyncio.run(keep(address, T1=OLD, T2=OLD))
    return address


def test_it_says_when_the_old_key_may_go(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert url
    monkeypatch.setenv("WAYFINDER_VAULT_KEYS", f"{NEW},{OLD}")
    done = run("vault", "reseal")
    assert (done.exit_code, done.stdout.splitlines()) == (
        0,
        [
            "2 sealed, 2 of them with the first key just now.",
            "Every key but the first may go.",
        ],
    )
    monkeypatch.setenv("WAYFINDER_VAULT_KEYS", NEW)
    alone = run("vault", "reseal", "--json")
    assert json.loads(alone.stdout) == {"there": 2, "resealed": 0, "shut": []}


def test_what_is_shut_is_a_finding(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asyncio.run(keep(url, T3=LOST))
    monkeypatch.setenv("WAYFINDER_VAULT_KEYS", f"{NEW},{OLD}")
    found = run("vault", "reseal")
    assert found.exit_code == 1
    assert "Slack workspace T3 does not open with any key" in found.stdout
    assert "may go" not in found.stdout


@pytest.mark.parametrize("keys", ["", "YQ=="])
def test_without_keys_nothing_is_done(url: str, monkeypatch: pytest.MonkeyPatch, keys: str) -> None:
    assert url
    monkeypatch.setenv("WAYFINDER_VAULT_KEYS", keys)
    refused = run("vault", "reseal")
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "WAYFINDER_VAULT_KEYS" in refused.stderr


async def test_the_program_does_it_every_hour(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'x.db'}"
    await keep(address, T1=OLD)
    settings = read_settings(
        Settings,
        secret=SECRET,
        database=address,
        slack_api="http://127.0.0.1:9/api/",
        slack_app_id="A1",
        slack_signing_secrets=SIGNING,
        slack_teams="T1",
        vault_keys=f"{NEW},{OLD}",
    )
    app = await build_serve(settings, local=False)
    sealing, every = app.rounds["vault"]
    assert every.total_seconds() == 3600
    assert [await sealing(), await sealing()] == [1, 0]
    for close in reversed(app.closers):
        await close()
