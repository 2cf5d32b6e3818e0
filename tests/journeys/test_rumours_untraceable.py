"""Nothing in the database or the logs leads from a rumour to who told it.

Somebody who reads every table, also what the database itself notes of a row, and every log line,
looks for a link: words, names, digests, order, the transaction, and whether whoever tells a rumour
leaves other traces than whoever looks at their settings. Defects are planted to show that the
reader would find one.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from hashlib import md5, sha1, sha256
from itertools import count
from typing import Any

import pytest
import structlog
from sqlalchemy import column, select, text

from adapters.store import rumours as book
from adapters.store.database import Store
from adapters.store.rumours import held_rumours, rumours
from adapters.store.schema import metadata
from bot import logs
from dialogs.rumour_notes import RumourForm, RumourKeptNote, RumourNote
from dialogs.turns import Filled, Remark, Tapped
from nudges.people import Person
from nudges.rumours import Heard
from tests.clock import Clock
from tests.desk import Desk, at, open_desk

TYPERS = [f"tim{n:02}" for n in range(8)]
FILLERS = [f"fay{n:02}" for n in range(4)]
LOOKERS = ("lou00", "lea00")
"""Who looks at their settings: one types the command, one saves the form as it is."""
PERSONAL = {"id", "key", "occasion", "person", "user", "lane", "ref", "reference"}
SUMS = (md5, sha1, sha256)
Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Found:
    """All that somebody can read: each table, what the database notes of each row, the logs."""

    tables: Mapping[str, Rows]
    order: list[str]
    wrote: list[str]
    others_wrote: set[str]
    logs: str


def words_of(who: str) -> str:
    return f"the plan of {who[::-1]} is to count calls"


def tellers() -> list[str]:
    return [who for pair in zip(TYPERS, FILLERS * 2, strict=True) for who in dict.fromkeys(pair)]


async def told(store: Store, clock: Clock) -> Desk:
    """Let many tell a rumour and two look at their settings; then let a day pass."""
    desk = await open_desk(store, clock)
    everybody = [*TYPERS, *FILLERS, *LOOKERS]
    async with store.write() as work:
        some = [Person(w, f"Name {w}", segment="sales", addresses=(at(w),)) for w in everybody]
        await work.save([replace(p, welcomed=True) for p in some], clock())
    await desk.plan()
    for who in TYPERS:
        clock.pass_(seconds=20)
        await desk.says(who, f"I heard that {words_of(who)}")
    for who in FILLERS:
        clock.pass_(seconds=20)
        await fills(desk, who, "rumour", "rumour.open", "rumour.sent", {"rumour": words_of(who)})
    clock.pass_(seconds=20)
    await desk.says(LOOKERS[0], "settings")
    saved = {"start": "9", "end": "17", "days": "0,1,2,3,4", "language": "en"}
    await fills(desk, LOOKERS[1], "settings", "settings.open", "settings.saved", saved)
    return desk


async def fills(  # noqa: PLR0913, PLR0917 - a whole walk
    desk: Desk, who: str, word: str, open_: str, sent: str, values: dict[str, str]
) -> None:
    await desk.says(who, word)
    token = desk.last(who).token
    await desk.arrive(Tapped(at(who), open_, "", token))
    await desk.arrive(Filled(at(who), sent, "", token, values))


async def put_down(desk: Desk) -> None:
    """Let the day pass on which it is put down; nobody says anything more."""
    desk.clock.pass_(hours=20)
    await desk.app.rounds["rumours"][0]()


def marks(store: Store) -> dict[str, str]:
    """Return what each mark of a name or an address here stands for; of nothing else."""
    said = [
        one
        for who in (*TYPERS, *FILLERS, *LOOKERS)
        for one in (who, at(who).sender, f"name {who}", "name")
    ]
    return {store.keyring.mark(one): one for one in said}


def _named(row: Mapping[str, Any], known: Mapping[str, str]) -> dict[str, Any]:
    """Write out the marks by which somebody is found: they differ between any two people."""
    return {
        name: " ".join(known.get(part, part) for part in value.split(" "))
        if isinstance(value, str)
        else value
        for name, value in row.items()
    }


async def dump(store: Store, logged: str) -> Found:
    known = marks(store)
    async with store.read() as work:
        tables = {
            t.name: [
                _named(dict(r), known)
                for r in (await work.connection.execute(select(t))).mappings()
            ]
            for t in metadata.sorted_tables
        }
        order = list(await work.connection.scalars(select(rumours.c.text)))
        if store.lite:
            sequences = text("SELECT name FROM sqlite_master WHERE name LIKE 'sqlite_seq%'")
            if (await work.connection.execute(sequences)).all():
                seen = text("SELECT name, seq FROM sqlite_sequence")
                rows = (await work.connection.execute(seen)).mappings()
                tables["sqlite_sequence"] = [dict(r) for r in rows]
            return Found(tables, order, [], set(), logged)
        xmin = column("xmin").cast(rumours.c.text.type)
        wrote = list(await work.connection.scalars(select(xmin).select_from(rumours)))
        others = {
            one
            for name in ("inbox", "deliveries")
            for one in await work.connection.scalars(
                select(xmin).select_from(metadata.tables[name])
            )
        }
        return Found(tables, order, wrote, others, logged)


def links(found: Found, keys_before: set[str]) -> list[str]:
    """Return everything that leads from a rumour to somebody, or to a moment."""
    rows = found.tables["rumours"]
    elsewhere = json.dumps(
        {n: r for n, r in found.tables.items() if n != "rumours"}, default=str, ensure_ascii=False
    )
    wrong = [f"{where}: {what}" for where, what in _elsewhere(rows, elsewhere + found.logs)]
    if {row["key"] for row in rows} & keys_before:
        wrong.append("a name is the one under which it was held")
    wrong += [
        f"{name} differs within a batch"
        for name in set(rows[0]) - {"key", "text"}
        if len({row[name] for row in rows}) > 1
    ]
    if any(isinstance(value, datetime) for row in rows for value in row.values()):
        wrong.append("a moment is kept")
    wrong += _orders(found)
    if len(set(found.wrote)) > 1 or set(found.wrote) & found.others_wrote:
        wrong.append("a row tells which transaction wrote it")
    if found.tables["held_rumours"]:
        wrong.append("something is still held")
    for group, looker in ((TYPERS, LOOKERS[0]), (FILLERS, LOOKERS[1])):
        like = traces(found.tables, looker)
        wrong += [
            f"{who} leaves other traces: {_difference(like, mine)}"
            for who in group
            if (mine := traces(found.tables, who)) != like
        ]
    return wrong


def _elsewhere(rows: Rows, rest: str) -> Iterator[tuple[str, str]]:
    for row in rows:
        said = row["text"]
        for name, value in (("words", said), ("name", row["key"])):
            if value in rest or value[::-1] in rest:
                yield name, value
        for form in (said, f"rumour={said}", f"I heard that {said}"):
            for made in SUMS:
                if made(form.encode()).hexdigest()[:16] in rest:
                    yield "digest", form


def _orders(found: Found) -> Iterator[str]:
    """Look whether anything sorts the rumours as they were told."""
    rows = found.tables["rumours"]
    wanted = [words_of(who) for who in (*TYPERS, *FILLERS)]
    sorted_by = {
        name: [r["text"] for r in sorted(rows, key=lambda r: str(r[name]))] for name in ("key",)
    }
    for name, texts in {**sorted_by, "place": found.order}.items():
        if texts in (wanted, wanted[::-1]):
            yield f"{name} tells the order"


def traces(tables: Mapping[str, Rows], who: str) -> list[str]:
    """Return what is kept of somebody, without what differs between any two people."""
    return sorted(
        f"{name}: {_plain(row, who)}"
        for name, rows in tables.items()
        for row in rows
        if who in json.dumps(row, default=str)
    )


def _plain(row: Mapping[str, Any], who: str) -> str:
    plain = {
        name: type(value).__name__ if isinstance(value, datetime | date) else value
        for name, value in row.items()
    }
    said = json.dumps(plain, default=str, sort_keys=True).replace(who, "WHO")
    said = re.sub(r"browser:\d+", "browser:N", said)
    return re.sub(r'"m\d+"|(?<=: )\d+', "N", said)


def _difference(like: list[str], mine: list[str]) -> list[str]:
    return [one for one in mine if one not in like] + [f"no {o}" for o in like if o not in mine]


async def walk(store: Store, clock: Clock, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """Let it all happen, and look for links."""
    logs.start("debug")
    structlog.configure(logger_factory=structlog.PrintLoggerFactory())
    desk = await told(store, clock)
    async with store.read() as work:
        held = set(await work.connection.scalars(select(held_rumours.c.key)))
        names = list(await work.connection.scalars(select(held_rumours.c.text)))
    assert sorted(names) == sorted(words_of(w) for w in (*TYPERS, *FILLERS))
    await put_down(desk)
    logged = "".join(capsys.readouterr())
    return links(await dump(store, logged), held)


async def test_nothing_leads_from_a_rumour_to_who_told_it(
    store: Store, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await walk(store, clock, capsys) == []


def serial_names(patch: pytest.MonkeyPatch) -> None:
    numbers = count(1)

    def next_name(_bytes: int) -> str:
        return f"{next(numbers):032}"

    patch.setattr(book, "token_hex", next_name)
    patch.setattr(book, "_DICE", _Loaded())


class _Loaded:
    """Dice that leave everything where it was."""

    def sample(self, some: list[Any], n: int) -> list[Any]:
        return some[:n]


def no_cover(kind: type) -> Callable[[pytest.MonkeyPatch], None]:
    def plant(patch: pytest.MonkeyPatch) -> None:
        patch.setattr(kind, "cover", None)

    return plant


def words_kept_twice(patch: pytest.MonkeyPatch) -> None:
    keep = book.RumourBook.keep_rumour

    async def kept(self: Any, fact: Any, by: str, now: datetime) -> None:  # noqa: ANN401
        await keep(self, fact, by, now)
        await self.keep_remarks([Remark(by, "rumour", fact.text, now)])

    patch.setattr(book.RumourBook, "keep_rumour", kept)


def turn_in_the_words(patch: pytest.MonkeyPatch) -> None:
    """Keep what names the turn beside the words: here who it is from, and when."""
    keep = book.RumourBook.keep_rumour

    async def kept(self: Any, fact: Any, by: str, now: datetime) -> None:  # noqa: ANN401
        await keep(self, Heard(fact.text, ""), by, now)
        mine = held_rumours.c.text == fact.text
        await self.connection.execute(
            held_rumours.update().where(mine).values(segment=f"{by}:{now.isoformat()}")
        )

    async def wrote(_self: Any, _now: datetime) -> dict[str, int]:  # noqa: ANN401
        return _Anybody()

    patch.setattr(book.RumourBook, "keep_rumour", kept)
    patch.setattr(book.RumourBook, "_rumour_writers", wrote)


class _Anybody(dict[str, int]):
    def get(self, _key: str, _default: int = 0) -> int:  # pyright: ignore[reportIncompatibleMethodOverride]
        return 9

    def values(self) -> list[int]:  # pyright: ignore[reportIncompatibleMethodOverride]
        return [9]


def words_in_the_log(patch: pytest.MonkeyPatch) -> None:
    keep = book.RumourBook.keep_rumour

    async def kept(self: Any, fact: Any, by: str, now: datetime) -> None:  # noqa: ANN401
        # In a field of its own it would be hidden; a careless sentence is not.
        structlog.get_logger().info(f"kept {fact.text}")
        await keep(self, fact, by, now)

    patch.setattr(book.RumourBook, "keep_rumour", kept)


DEFECTS: Mapping[str, tuple[Callable[[pytest.MonkeyPatch], None], str]] = {
    "names that count": (serial_names, "tells the order"),
    "thanks that stay": (no_cover(RumourKeptNote), "other traces"),
    "an invitation that stays": (no_cover(RumourNote), "other traces"),
    "a form that stays": (no_cover(RumourForm), "other traces"),
    "words kept twice": (words_kept_twice, "words"),
    "the turn kept beside it": (turn_in_the_words, "differs within a batch"),
    "words in the log": (words_in_the_log, "words"),
}


@pytest.mark.parametrize("name", DEFECTS)
async def test_a_planted_link_is_found(
    name: str,
    memory: Store,
    clock: Clock,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plant, said = DEFECTS[name]
    plant(monkeypatch)
    assert any(said in one for one in await walk(memory, clock, capsys))
