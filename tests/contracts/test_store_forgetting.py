"""What is people's own is sealed; who is forgotten stays so, also after a restore."""

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from sqlalchemy import insert, text

from adapters.store.answers import remarks
from adapters.store.database import Store
from adapters.store.engines import UnusableError
from bot.directory import news, take_in
from bot.forgetting import Forgetting
from dialogs.doorway import Arrival
from dialogs.turns import Remark
from nudges.address import Address
from nudges.directory import Entry
from nudges.people import Person
from nudges.stories import Consent, StoryTold
from nudges.voice import Raised
from tests.clock import MONDAY, Clock

HOME = Address("slack", "T1", "U-ptarmigan-5512", "reference-ptarmigan-77")
NAME, MAIL, SAID = (
    "Wilhelmina Ptarmigan",
    "w.ptarmigan@moor.example",
    "a ptarmigan in a cellar",
)
WHO = Person("p-1", name=NAME, email=MAIL, addresses=(HOME,), team="NL/sales")
TOLD = Entry(WHO.id, NAME, MAIL, homes=(HOME,))
PLAIN = (NAME, "Ptarmigan", "ptarmigan", "cellar", "U-ptarmigan", "moor.example")
"""What nothing on a disk may say."""
PLANTED = "a magpie in the open"
on_disk = pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)


async def live(store: Store) -> None:
    """Let somebody be taken in by a directory, write to us and tell us things."""
    changes, _ = await news(store, [TOLD])
    await take_in(store, changes, MONDAY)
    body = f'{{"text": "{SAID}"}}'
    async with store.write() as work:
        await work.accept([Arrival("k1", "slack", body, HOME.sender)], "one", MONDAY, MONDAY)
        await work.keep_remarks([Remark(WHO.id, "B4", SAID, MONDAY)])
        await work.keep(
            [
                StoryTold(SAID, Consent.NAMED, "sales"),
                Raised("v1", "blocker", SAID, "en"),
            ],
            by=WHO.id,
            now=MONDAY,
        )


async def forget(store: Store) -> None:
    async with store.write() as work:
        assert await work.erase(WHO.id, "themselves", MONDAY)


async def places(store: Store) -> list[Path]:
    """Return every file in which the database and its keys keep anything."""
    if store.lite:
        return files(Path(store.url.database or "").parent)
    async with store.read() as work:
        await work.connection.execute(text("CHECKPOINT"))
        found = await work.connection.scalar(text("SHOW data_directory"))
    return files(Path(str(found)))


def files(place: Path) -> list[Path]:
    return [path for path in place.rglob("*") if path.is_file()]


def hits(files: list[Path], words: Sequence[str] = PLAIN) -> Iterator[str]:
    for path in files:
        try:
            raw = path.read_bytes()
        except FileNotFoundError:  # another test's database was dropped meanwhile
            continue
        yield from (f"{word} in {path.name}" for word in words if word.encode() in raw)


@on_disk
async def test_nothing_of_anybody_can_be_read_on_the_disk(store: Store) -> None:
    await live(store)
    assert list(hits(await places(store))) == []
    async with store.read() as work:
        assert (await work.people([WHO.id]))[WHO.id].name == NAME
        assert [r.text for r in await work.remarks(WHO.id)] == [SAID]
    await forget(store)
    assert list(hits(await places(store))) == []


@on_disk
async def test_a_scan_would_find_what_stands_open(store: Store) -> None:
    async with store.write() as work:
        clear = text("INSERT INTO held_rumours (key, text, segment) VALUES ('k', :text, '')")
        await work.connection.execute(clear, {"text": f"in clear: {PLANTED}"})
    assert any(PLANTED in hit for hit in hits(await places(store), (PLANTED,)))


async def test_who_comes_back_with_a_backup_cannot_be_read_and_is_erased_again(
    tmp_path: Path,
) -> None:
    path = tmp_path / "w.db"
    store = await Store.open(f"sqlite:///{path}", create=True)
    await live(store)
    await store.close()
    shutil.copy(path, tmp_path / "backup")
    store = await Store.open(f"sqlite:///{path}")
    await forget(store)
    await store.close()
    for name in ("w.db-wal", "w.db-shm"):
        (tmp_path / name).unlink(missing_ok=True)
    shutil.copy(tmp_path / "backup", path)
    store = await Store.open(f"sqlite:///{path}")
    async with store.read() as work:
        assert (await work.people([WHO.id]))[WHO.id].name == "", "its key was destroyed"
        assert [r.text for r in await work.remarks(WHO.id)] == [""]
    assert await Forgetting(store, Clock(MONDAY)).again() == 1
    async with store.read() as work:
        assert await work.people([WHO.id]) == {}
    assert await Forgetting(store, Clock(MONDAY)).again() == 0
    await store.close()


async def test_a_directory_does_not_bring_back_who_wants_to_stay_forgotten(store: Store) -> None:
    boss = Entry("p-2", "Bea Boss", manager=WHO.id)
    await live(store)
    await forget(store)
    others = [TOLD, Entry("p-9", "Other id", MAIL.upper()), Entry("p-8", homes=(HOME,)), boss]
    changes, _ = await news(store, others)
    await take_in(store, changes, MONDAY)
    async with store.read() as work:
        everyone = await work.everyone()
    assert [(p.id, p.manager) for p in everyone] == [("p-2", "")]


async def test_who_writes_again_is_somebody_new_and_stays(store: Store) -> None:
    async with store.write() as work:
        first = (await work.meet([HOME], MONDAY))[HOME]
    async with store.write() as work:
        await work.keep_remarks([Remark(first.id, "", SAID, MONDAY)])
        assert await work.erase(first.id, "themselves", MONDAY)
    async with store.write() as work:
        again = (await work.meet([HOME], MONDAY))[HOME]
    assert await Forgetting(store, Clock(MONDAY)).again() == 0
    async with store.read() as work:
        assert await work.remarks(again.id) == []
        assert (await work.people([again.id]))[again.id].addresses == (HOME,)


async def test_two_who_were_one_are_forgotten_as_one(store: Store) -> None:
    async with store.write() as work:
        stranger = (await work.meet([HOME], MONDAY))[HOME]
        await work.keep_remarks([Remark(stranger.id, "", SAID, MONDAY)])
        await work.save([Person("p-1", name=NAME)], MONDAY)
        await work.unite(stranger.id, "p-1")
    async with store.write() as work:
        assert [r.text for r in await work.remarks("p-1")] == [SAID]
        sealed = await work.connection.scalar(text("SELECT text FROM remarks"))
        assert await work.erase("p-1", "themselves", MONDAY)
        row = {"text": sealed, "at": MONDAY.isoformat() if store.lite else MONDAY}
        await work.save([Person("p-3")], MONDAY)
        await work.connection.execute(
            text("INSERT INTO remarks (person, about, text, at) VALUES ('p-3', '', :text, :at)"),
            row,
        )
        assert [r.text for r in await work.remarks("p-3")] == [""], "no key is left"


async def test_asked_for_it_is_done_within_a_minute(store: Store) -> None:
    clock = Clock(MONDAY)
    forgetting = Forgetting(store, clock)
    await live(store)
    async with store.write() as work:
        await work.say_farewell(WHO.id, MONDAY)
    assert await forgetting.round() == 0, "the last message has its time to leave"
    clock.pass_(seconds=21)
    assert await forgetting.round() == 1
    async with store.read() as work:
        assert await work.everyone() == []


async def test_a_text_that_does_not_say_whose_it_is_is_refused(store: Store) -> None:
    with pytest.raises(Exception, match="does not say whose it is"):
        async with store.write() as work:
            await work.connection.execute(insert(remarks).values(text=SAID))


async def test_another_databases_keys_are_refused(tmp_path: Path) -> None:
    for name in ("one", "two"):
        await (await Store.open(f"sqlite:///{tmp_path / name}", create=True)).close()
    with pytest.raises(UnusableError, match="not those of this database"):
        await Store.open(
            f"sqlite:///{tmp_path / 'one'}", keyring=f"sqlite:///{tmp_path / 'two.keys'}"
        )
    shutil.move(tmp_path / "one.keys", tmp_path / "elsewhere")
    with pytest.raises(UnusableError, match="restore the keyring's backup"):
        await Store.open(f"sqlite:///{tmp_path / 'one'}")
    (tmp_path / "one.keys").unlink()
    there = f"sqlite:///{tmp_path / 'elsewhere'}"
    await (await Store.open(f"sqlite:///{tmp_path / 'one'}", keyring=there)).close()
