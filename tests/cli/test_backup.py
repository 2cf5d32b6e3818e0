"""`backup` and `restore`: what was there comes back; what is no good changes nothing."""

import asyncio
import json
import stat
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from adapters.store.backup import ABOUT, WITHIN
from adapters.store.database import Store
from adapters.store.delivery_table import deliveries
from dialogs.guide import HelpNote
from nudges.delivery import Delivery, Priority, State
from nudges.people import Person
from tests.cli.lines import run
from tests.clock import MONDAY
from tests.contracts.given import HERE
from tests.desk import SECRET

ADA, BEN = Person("ada", "Ada Lovelace"), Person("ben", "Ben Zine")


@pytest.fixture(autouse=True)
def _secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WAYFINDER_SECRET", SECRET)


async def keep(url: str, *people: Person) -> None:
    store = await Store.open(url, create=True)
    async with store.write() as work:
        await work.save(people, MONDAY)
    await store.close()


async def names(url: str) -> list[str]:
    store = await Store.open(url)
    async with store.read() as work:
        found = [person.name for person in await work.everyone()]
    await store.close()
    return found


@pytest.mark.usefixtures("tools")
@pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)
async def test_what_was_there_comes_back(database: str, tmp_path: Path) -> None:
    file = tmp_path / "monday.backup"
    await keep(database, ADA)
    made = await asyncio.to_thread(run, "backup", str(file), "--database", database)
    assert made.exit_code == 0, made.stderr
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert b"Lovelace" not in file.read_bytes()
    await keep(database, BEN)
    assert len(await names(database)) == 2
    back = await asyncio.to_thread(run, "restore", str(file), "--yes", "--database", database)
    assert back.exit_code == 0, back.stderr
    assert "not sent again" in back.stderr
    assert await names(database) == ["Ada Lovelace"]
    again = await asyncio.to_thread(run, "backup", str(file), "--database", database)
    assert again.exit_code == 2
    assert "already" in again.stderr


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_it_asks_first(database: str, tmp_path: Path) -> None:
    file = tmp_path / "b"
    await keep(database, ADA)
    await asyncio.to_thread(run, "backup", str(file), "--database", database)
    await keep(database, BEN)
    no = await asyncio.to_thread(run, "restore", str(file), "--database", database)
    assert no.exit_code == 1
    assert len(await names(database)) == 2


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_the_keys_have_a_backup_of_their_own(database: str, tmp_path: Path) -> None:
    data, keys = tmp_path / "data", tmp_path / "keys"
    await keep(database, ADA)
    for file, more in ((data, ()), (keys, ("--keyring",))):
        done = await asyncio.to_thread(run, "backup", str(file), *more, "--database", database)
        assert done.exit_code == 0, done.stderr
    store = await Store.open(database)
    async with store.write() as work:
        await work.erase("ada", "themselves", MONDAY)
    await store.close()
    given = ("restore", str(keys), "--keyring", "--yes", "--database", database)
    assert (await asyncio.to_thread(run, *given)).exit_code == 0
    given = ("restore", str(data), "--yes", "--database", database)
    assert (await asyncio.to_thread(run, *given)).exit_code == 0
    assert await names(database) == ["Ada Lovelace"], "with both of them back, so is she"


@pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)
async def test_what_the_server_brought_back_is_settled(database: str) -> None:
    """What may have left since is not sent, what is due later stays, whoever was forgotten goes."""
    await keep(database, replace(ADA, addresses=(HERE,)), BEN)
    now = datetime.now(UTC)
    store = await Store.open(database)
    async with store.write() as work:
        await work.queue(
            [
                Delivery("waited", "ada", HelpNote(), Priority.NUDGE, now - timedelta(days=2)),
                Delivery("came due", "ada", HelpNote(), Priority.NUDGE, now - timedelta(hours=1)),
                Delivery("later", "ada", HelpNote(), Priority.NUDGE, now + timedelta(days=2)),
            ]
        )
    await store.close()
    since = (now - timedelta(hours=5)).isoformat()
    given = ("restore", "--since", since, "--database", database)
    no = await asyncio.to_thread(run, *given)
    assert no.exit_code == 1, "it asks first"
    done = await asyncio.to_thread(run, *given, "--yes")
    assert done.exit_code == 0, done.stderr
    assert "2 messages may have left since" in done.stderr
    store = await Store.open(database)
    async with store.read() as work:
        d = deliveries.c
        rows = await work.connection.execute(select(d.occasion, d.state).where(d.person == "ada"))
        states = {row.occasion: row.state for row in rows}
        log = [(one.who, one.act, one.about) for one in await work.audited(50)]
    await store.close()
    assert [states[one] for one in ("waited", "came due", "later")] == [
        State.UNKNOWN,
        State.UNKNOWN,
        State.QUEUED,
    ]
    assert log.count(("command line", "restore", "backup")) == 1


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ((), "Give a FILE"),
        (("FILE", "--since", "2026-11-16T08:55"), "Give a FILE"),
        (("--keyring", "--since", "2026-11-16T08:55"), "Give a FILE"),
        (("--since", "2126-11-16T08:55"), "in the future"),
        (("--since", "yesterday"), "is no moment"),
    ],
)
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_what_is_to_be_settled_is_said_clearly(
    database: str, tmp_path: Path, words: tuple[str, ...], says: str
) -> None:
    file = tmp_path / "b"
    await keep(database, ADA)
    await asyncio.to_thread(run, "backup", str(file), "--database", database)
    given = [str(file) if word == "FILE" else word for word in words]
    done = await asyncio.to_thread(run, "restore", *given, "--yes", "--database", database)
    assert done.exit_code == 2
    assert says in done.stderr


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_settings_that_cannot_settle_it_bring_nothing_back(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A database that is back and unsettled would send again what had left."""
    file = tmp_path / "b"
    await keep(database, ADA)
    await asyncio.to_thread(run, "backup", str(file), "--database", database)
    await keep(database, BEN)
    monkeypatch.setenv("WAYFINDER_SLACK_APP_ID", "A1")
    done = await asyncio.to_thread(run, "restore", str(file), "--yes", "--database", database)
    assert done.exit_code == 2
    assert "WAYFINDER_SLACK_TEAMS is not set" in done.stderr
    assert len(await names(database)) == 2


def changed(source: Path, change: Callable[[dict[str, object]], object]) -> None:
    """Write a backup anew, with something else said of it."""
    with zipfile.ZipFile(source) as packed:
        about, within = json.loads(packed.read(ABOUT)), packed.read(WITHIN)
    change(about)
    with zipfile.ZipFile(source, "w") as packed:
        packed.writestr(ABOUT, json.dumps(about))
        packed.writestr(WITHIN, within)


def flipped(file: Path) -> None:
    raw = bytearray(file.read_bytes())
    raw[len(raw) // 2] ^= 0xFF
    file.write_bytes(raw)


NO_GOOD: dict[str, tuple[Callable[[Path], object], str]] = {
    "no backup": (lambda f: f.write_text("Dear Sir"), "cannot be read as a backup"),
    "cut off": (lambda f: f.write_bytes(f.read_bytes()[:2000]), "cannot be read as a backup"),
    "one bit other": (flipped, "damaged"),
    "of another kind": (lambda f: changed(f, lambda a: a.update(kind="postgresql")), "is sqlite"),
    "of a newer one": (lambda f: changed(f, lambda a: a.update(format=2)), "newer Wayfinder"),
    "without a moment": (lambda f: changed(f, lambda a: a.pop("taken")), "no backup of Wayfinder"),
    "of tomorrow": (
        lambda f: changed(
            f, lambda a: a.update(taken=(datetime.now(UTC) + timedelta(days=1)).isoformat())
        ),
        "future",
    ),
}


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("spoil", "says"), NO_GOOD.values(), ids=NO_GOOD)
async def test_what_is_no_good_changes_nothing(
    database: str, tmp_path: Path, spoil: Callable[[Path], object], says: str
) -> None:
    file = tmp_path / "b"
    await keep(database, ADA)
    await asyncio.to_thread(run, "backup", str(file), "--database", database)
    spoil(file)
    await keep(database, BEN)
    done = await asyncio.to_thread(run, "restore", str(file), "--yes", "--database", database)
    assert done.exit_code == 2
    assert says in done.stderr
    assert len(await names(database)) == 2
    left = await asyncio.to_thread(lambda: sorted(p.name for p in tmp_path.iterdir()))
    assert not [name for name in left if name.startswith(".restore-")]


@pytest.mark.usefixtures("tools")
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
async def test_who_is_still_in_it_is_not_written_over(database: str, tmp_path: Path) -> None:
    file = tmp_path / "b"
    await keep(database, ADA)
    await asyncio.to_thread(run, "backup", str(file), "--database", database)
    store = await Store.open(database)
    async with store.read() as work:
        await work.everyone()
        done = await asyncio.to_thread(run, "restore", str(file), "--yes", "--database", database)
    await store.close()
    assert done.exit_code == 2
    assert "stop every Wayfinder" in done.stderr


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
async def test_without_postgresqls_tools_it_says_what_to_install(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await keep(database, ADA)
    monkeypatch.setenv("PATH", str(tmp_path))
    done = await asyncio.to_thread(run, "backup", str(tmp_path / "b"), "--database", database)
    assert done.exit_code == 2
    assert "client tools" in done.stderr
    assert not (tmp_path / "b").exists()
