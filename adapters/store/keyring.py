"""The keys of what is people's own, and the list of who wants to be forgotten.

Engines keep old bytes: what was deleted can be read from a file, a log or a backup long after. So
whatever is a person's own is sealed with a key of theirs (:mod:`adapters.store.sealed`), the keys
lie in a database apart from what they open and from its backups, and to forget somebody is to
destroy their key. Nothing here names anybody: a key's owner and who is to be forgotten are marks.

A process keeps the keys that it met; each is 32 bytes. A thousand neighbours are read at once.
"""

import asyncio
import hmac
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from collections import OrderedDict
from collections.abc import AsyncGenerator, Collection, Iterable
from contextlib import asynccontextmanager, nullcontext
from datetime import datetime
from hashlib import sha256
from time import monotonic
from typing import Any, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import (
    Column,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    delete,
    func,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.util import await_only

from adapters.store.engines import UnusableError, engine, first_line, in_memory, is_lite
from adapters.store.schema import NAMES, Moment, Number
from adapters.store.sealed import SEALED

KEY, NONCE, MARK = 32, 12, 24
"""Bytes of a key and of a nonce, and letters of a mark."""
PAGE = 1024
"""Keys that are read at once."""
PAGES = 2048
"""Pages that a process remembers: two million people in some 200 MB, were they all here today."""
OWNERS = 100_000
FRESH = 10.0
"""Seconds for which it is believed which key somebody has: it may have been destroyed elsewhere."""
PART = 500
MISSING, TAKEN = "3D000", ("42P04", "23505")
"""PostgreSQL: there is no such database, there is one already (by a name, or by its key)."""

_metadata = MetaData(naming_convention=NAMES)
_base = Table(
    "base",
    _metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("key", LargeBinary, nullable=False),
)
_keys = Table(
    "keys",
    _metadata,
    Column("number", Number, primary_key=True, autoincrement=True),
    Column("owner", String, nullable=False, index=True),
    Column("key", LargeBinary, nullable=False),
    sqlite_autoincrement=True,
)
_forgotten = Table(
    "forgotten",
    _metadata,
    Column("mark", String, primary_key=True),
    Column("at", Moment, nullable=False),
)


class Keyring:
    """The keys of one database; make one with :meth:`open`, and close it."""

    def __init__(self, url: URL) -> None:
        self.url = url
        self._engine = engine(url, write=True, connections=4)
        self._line = asyncio.Lock() if is_lite(url) else None
        self._base = b""
        self._pages = OrderedDict[int, dict[int, bytes]]()
        self._numbers = OrderedDict[str, tuple[int, float]]()

    @classmethod
    async def open(cls, url: URL, beside: URL) -> Self:
        """Open the keyring of a database, and make an empty one where there is none yet.

        Raises:
            UnusableError: it is not there and cannot be made.

        """
        made = cls(url)
        try:
            try:
                await made._prepare()
            except (OSError, DBAPIError) as error:
                if is_lite(url) or not _is(error, MISSING):
                    raise
                await _make_database(beside, url)
                await made._prepare()
        except (OSError, DBAPIError) as error:
            await made.close()
            where = url.render_as_string(hide_password=True)
            how = "make that database, or say where the keys are with WAYFINDER_KEYRING"
            message = f"The keyring {where} cannot be opened ({first_line(error)}): {how}."
            raise UnusableError(message) from error
        return made

    async def close(self) -> None:
        """Let go of every connection."""
        await self._engine.dispose()

    @property
    def fingerprint(self) -> str:
        """Tell this keyring from any other, and nothing about what it holds."""
        return self.mark("keyring")

    def mark(self, said: str) -> str:
        """Return the same mark for the same text, which leads back to it for nobody."""
        return "#" + hmac.new(self._base, said.encode(errors="replace"), sha256).hexdigest()[:MARK]

    def seal(self, clear: str, whose: str) -> str:
        """Seal a text with somebody's key; only within a statement, which may wait."""
        number = self._known(whose)
        if number is None:
            number = await_only(self._number(whose))
        key = self._key(number)
        if key is None:  # destroyed since we met it
            number = await_only(self._number(whose, anew=True))
            key = self._pages[number // PAGE][number]
        head, nonce = f"{SEALED}{number}.", os.urandom(NONCE)
        body = nonce + AESGCM(key).encrypt(nonce, clear.encode(errors="replace"), head.encode())
        return head + urlsafe_b64encode(body).decode()

    def opened(self, sealed: str) -> str:
        """Open a text; empty once its person's key is gone. Only within a statement."""
        _, number, body = (*sealed.split(".", 2), "", "")[:3]
        if not number.isdigit():
            return sealed
        key = self._key(int(number))
        if key is None:
            return ""
        try:
            raw = urlsafe_b64decode(body)
            head = f"{SEALED}{number}.".encode()
            return AESGCM(key).decrypt(raw[:NONCE], raw[NONCE:], head).decode()
        except (Error, InvalidTag, ValueError):
            return ""

    async def meet(self, owners: Iterable[str]) -> None:
        """Have a key at hand for each of these, in a few statements for all of them."""
        wanted = sorted({owner for owner in owners if self._known(owner) is None})
        for start in range(0, len(wanted), PART):
            await self._have({self.mark(owner): owner for owner in wanted[start : start + PART]})

    async def destroy(self, owners: Collection[str], marks: Collection[str], now: datetime) -> None:
        """Destroy the keys of these owners, and note marks that are to stay forgotten."""
        whose = [self.mark(owner) for owner in owners]
        async with self._begin() as connection:
            rows = [{"mark": mark, "at": now} for mark in sorted(set(marks))]
            there = await connection.scalars(
                select(_forgotten.c.mark).where(_forgotten.c.mark.in_([r["mark"] for r in rows]))
            )
            known = set(there)
            new = [row for row in rows if row["mark"] not in known]
            if new:
                await connection.execute(insert(_forgotten), new)
            mine = _keys.c.owner.in_(whose)
            gone = list(await connection.scalars(select(_keys.c.number).where(mine)))
            # A deleted row's bytes may stay; these are no key any more before it goes.
            await connection.execute(update(_keys).where(mine).values(key=bytes(KEY)))
            await connection.execute(delete(_keys).where(mine))
        for number in gone:
            self._pages.get(number // PAGE, {}).pop(number, None)
        for owner in owners:
            self._numbers.pop(owner, None)
        if is_lite(self.url) and not in_memory(self.url):
            async with self._begin() as connection:
                found: Any = await connection.get_raw_connection()
                found.driver_connection.begin("")  # the log is emptied outside of a transaction
                await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    async def hand_over(self, owner: str, to: str) -> None:
        """Make one owner's keys another's: two who were one person all along."""
        async with self._begin() as connection:
            before = _keys.c.owner == self.mark(owner)
            await connection.execute(update(_keys).where(before).values(owner=self.mark(to)))
        self._numbers.pop(owner, None)

    async def forgotten(self, marks: Iterable[str]) -> set[str]:
        """Return which of these marks are to stay forgotten."""
        async with self._begin() as connection:
            if not await connection.scalar(select(func.count()).select_from(_forgotten)):
                return set()
            wanted, found = sorted(set(marks)), set[str]()
            for start in range(0, len(wanted), PART):
                part = _forgotten.c.mark.in_(wanted[start : start + PART])
                found |= set(await connection.scalars(select(_forgotten.c.mark).where(part)))
            return found

    async def remember(self, marks: Collection[str]) -> None:
        """Take marks off the list: whose they are came back by themselves."""
        async with self._begin() as connection:
            await connection.execute(delete(_forgotten).where(_forgotten.c.mark.in_(sorted(marks))))

    def _known(self, owner: str) -> int | None:
        number, at = self._numbers.get(owner, (None, 0.0))
        return number if monotonic() - at < FRESH else None

    def _key(self, number: int) -> bytes | None:
        page = self._pages.get(number // PAGE)
        if page is None or number not in page:
            page = await_only(self._read(number // PAGE))
        else:
            self._pages.move_to_end(number // PAGE)
        return page.get(number)

    async def _number(self, owner: str, *, anew: bool = False) -> int:
        if anew:
            self._numbers.pop(owner, None)
        await self._have({self.mark(owner): owner})
        return self._numbers[owner][0]

    async def _read(self, page: int) -> dict[int, bytes]:
        first = page * PAGE
        async with self._begin() as connection:
            rows = await connection.execute(
                select(_keys.c.number, _keys.c.key).where(
                    _keys.c.number >= first, _keys.c.number < first + PAGE
                )
            )
            found = {row.number: row.key for row in rows}
        self._pages[page] = found
        self._pages.move_to_end(page)
        while len(self._pages) > PAGES:
            self._pages.popitem(last=False)
        return found

    async def _have(self, wanted: dict[str, str]) -> None:
        """Note which key each owner has; make those that are not there.

        Of two that were made at once, the older one seals and both open.
        """
        query = select(_keys.c.owner, func.min(_keys.c.number)).where(_keys.c.owner.in_(wanted))
        query = query.group_by(_keys.c.owner)
        async with self._begin() as connection:
            found: dict[str, int] = {row[0]: row[1] for row in await connection.execute(query)}
            new = [{"owner": mark, "key": os.urandom(KEY)} for mark in wanted if mark not in found]
            if new:
                made = insert(_keys).returning(_keys.c.number, _keys.c.owner, _keys.c.key)
                for row in await connection.execute(made, new):
                    found[row.owner] = row.number
                    if row.number // PAGE in self._pages:
                        self._pages[row.number // PAGE][row.number] = row.key
        at = monotonic()
        for mark, owner in wanted.items():
            self._numbers[owner] = (found[mark], at)
            self._numbers.move_to_end(owner)
        while len(self._numbers) > OWNERS:
            self._numbers.popitem(last=False)

    async def _prepare(self) -> None:
        async with self._begin() as connection:
            if not is_lite(self.url):
                await connection.execute(text("SELECT pg_advisory_xact_lock(1870310)"))
            await connection.run_sync(_metadata.create_all)
            base = select(_base.c.key)
            found = await connection.scalar(base)
            if found is None:
                found = os.urandom(KEY)
                await connection.execute(insert(_base).values(id=1, key=found))
        self._base = found

    @asynccontextmanager
    async def _begin(self) -> AsyncGenerator[AsyncConnection]:
        async with self._line or nullcontext(), self._engine.begin() as connection:
            yield connection


def beside(url: URL) -> URL:
    """Return where the keys of a database are, if nobody says so: next to it, and not in it."""
    if in_memory(url):
        return url
    return url.set(database=f"{url.database}{'.keys' if is_lite(url) else '_keys'}")


async def _make_database(main: URL, wanted: URL) -> None:
    """Make the keyring's database on a server, from where the main one is."""
    there = engine(main, write=True, connections=1)
    quoted = there.dialect.identifier_preparer.quote(wanted.database or "")
    try:
        async with there.connect() as connection:
            alone = await connection.execution_options(isolation_level="AUTOCOMMIT")
            await alone.execute(text(f"CREATE DATABASE {quoted}"))
    except (DBAPIError, IntegrityError) as error:
        if not _is(error, *TAKEN):
            raise
    finally:
        await there.dispose()


def _is(error: BaseException, *states: str) -> bool:
    cause: Any = error.orig if isinstance(error, DBAPIError) else error
    return str(getattr(cause, "sqlstate", "")) in states
