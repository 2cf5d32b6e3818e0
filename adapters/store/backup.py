"""A backup of the database in one file, and the way back; the keys of people's own stay apart.

SQLite copies itself, PostgreSQL is read and written by its own tools (``pg_dump`` and
``pg_restore``), so that what comes back is what was there. The file says when it was made, of
which database and at which version of the schema, and carries a checksum of what it holds.
"""

import json
import os
import shutil
import sqlite3
import subprocess  # nosec B404 - PostgreSQL's own tools, run from a list
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.engine import URL

from adapters.store.engines import BUSY_SECONDS, UnusableError, in_memory, is_lite, parse

ABOUT, WITHIN = "wayfinder.json", "database"
FORMAT = 1
OWNER_ALONE = 0o600
MOST_SAID = 300
"""Characters of what a tool complains about that are passed on."""


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup says of itself: when it was begun, and of which kind of database."""

    taken: datetime
    kind: str


def back_up(database: str, file: Path, now: datetime) -> Backup:
    """Copy the database as it stands into a file that only its owner can read.

    Raises:
        UnusableError: it cannot be copied, or the file is there already; says what to do.

    """
    url = parse(database)
    if file.exists():
        message = f"{file} is there already; name another file, or move it away."
        raise UnusableError(message)
    if not file.absolute().parent.is_dir():
        message = f"The folder of {file} does not exist; make it first."
        raise UnusableError(message)
    made = Backup(now, url.get_backend_name())
    with tempfile.TemporaryDirectory(dir=file.absolute().parent, prefix=".backup-") as folder:
        inside, whole = Path(folder) / WITHIN, Path(folder) / "whole"
        _copy(url, inside)
        about = {"format": FORMAT, "taken": made.taken.isoformat(), "kind": made.kind}
        squeezed = zipfile.ZIP_DEFLATED if is_lite(url) else zipfile.ZIP_STORED
        with zipfile.ZipFile(whole, "x", squeezed) as packed:
            packed.writestr(ABOUT, json.dumps(about))
            packed.write(inside, WITHIN)
        whole.chmod(OWNER_ALONE)
        with whole.open("rb") as written:
            os.fsync(written.fileno())
        whole.rename(file)
    return made


def look_into(file: Path) -> Backup:
    """Say what a backup is, after reading all of it: a damaged one brings nothing back.

    Raises:
        UnusableError: it is no backup of ours, or it is damaged.

    """
    try:
        with zipfile.ZipFile(file) as packed:
            about = json.loads(packed.read(ABOUT))
            if about["format"] != FORMAT:
                message = f"{file} was made by a newer Wayfinder; restore it with that one."
                raise UnusableError(message)
            damaged = packed.testzip()
            packed.getinfo(WITHIN)
            found = Backup(datetime.fromisoformat(about["taken"]), str(about["kind"]))
    except (OSError, zipfile.BadZipFile) as error:
        message = f"{file} cannot be read as a backup: {error}"
        raise UnusableError(message) from error
    except (KeyError, TypeError, ValueError) as error:
        if isinstance(error, UnusableError):
            raise
        message = f"{file} is no backup of Wayfinder."
        raise UnusableError(message) from error
    if damaged:
        message = f"{file} is damaged; use another backup. Nothing was changed."
        raise UnusableError(message)
    return found


def bring_back(database: str, file: Path) -> Backup:
    """Put what a backup holds in the place of the database, all of it or nothing.

    Raises:
        UnusableError: the backup is no good or of another kind of database, or the database is in
            use; nothing was changed then.

    """
    url, found = parse(database), look_into(file)
    if found.kind != url.get_backend_name():
        message = f"{file} is a backup of {found.kind}; this database is {url.get_backend_name()}."
        raise UnusableError(message)
    beside = Path(url.database or "").absolute().parent if is_lite(url) else None
    with tempfile.TemporaryDirectory(dir=beside, prefix=".restore-") as folder:
        inside = Path(folder) / WITHIN
        with (
            zipfile.ZipFile(file) as packed,
            packed.open(WITHIN) as source,
            inside.open("wb") as to,
        ):
            shutil.copyfileobj(source, to)
        if is_lite(url):
            _over_sqlite(url, inside)
        else:
            _over_postgres(url, inside)
    return found


def _copy(url: URL, to: Path) -> None:
    if not is_lite(url):
        _tool("pg_dump", ["--format=custom", "--no-owner", "--no-privileges", f"--file={to}"], url)
        return
    if in_memory(url) or not Path(url.database or "").is_file():
        message = f"There is no database at {url.database or 'memory'} to back up."
        raise UnusableError(message)
    try:
        with (
            closing(sqlite3.connect(str(url.database), timeout=BUSY_SECONDS)) as source,
            closing(sqlite3.connect(to)) as copy,
        ):
            source.backup(copy)
    except sqlite3.Error as error:
        message = f"The database cannot be copied: {error}"
        raise UnusableError(message) from error


def _over_sqlite(url: URL, inside: Path) -> None:
    """Write over an SQLite database through SQLite, so that its log and locks are respected."""
    try:
        with (
            closing(sqlite3.connect(inside)) as source,
            closing(sqlite3.connect(str(url.database), timeout=BUSY_SECONDS)) as into,
        ):
            if source.execute("PRAGMA integrity_check").fetchone() != ("ok",):
                message = "What the backup holds is damaged; use another one."
                raise UnusableError(message)
            into.execute("PRAGMA secure_delete = ON")
            source.backup(into)
            into.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.Error as error:
        message = (
            f"The database cannot be written over: {error}. Stop every Wayfinder that uses it."
        )
        raise UnusableError(message) from error


def _over_postgres(url: URL, inside: Path) -> None:
    """Write over a PostgreSQL database in one transaction, if nobody else is in it."""
    others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"  # noqa: E501 - one statement
    busy = _tool("psql", ["--tuples-only", "--no-align", f"--command={others}"], url).strip()
    if busy != "0":
        message = f"{busy} others are in the database; stop every Wayfinder that uses it."
        raise UnusableError(message)
    how = ("--clean", "--if-exists", "--no-owner", "--no-privileges")
    _tool(
        "pg_restore", [*how, "--single-transaction", f"--dbname={url.database}", str(inside)], url
    )


def _tool(name: str, given: Sequence[str], url: URL) -> str:
    """Run one of PostgreSQL's own tools; who may enter is told past the list of processes.

    Raises:
        UnusableError: it is not installed, or it failed.

    """
    place = shutil.which(name)
    if place is None:
        message = (
            f"{name} is not installed; install PostgreSQL's client tools of the server's version."
        )
        raise UnusableError(message)
    done = subprocess.run(  # noqa: S603 - a list, no shell
        [place, *given],
        env=_entry(url),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = " ".join(done.stderr.split())[:MOST_SAID]
        message = f"{name} failed: {said}"
        raise UnusableError(message)
    return done.stdout


def _entry(url: URL) -> Mapping[str, str]:
    """Return an address as PostgreSQL's tools read it from their environment."""
    host = url.host or url.query.get("host")
    told = {
        "PGHOST": host,
        "PGPORT": url.port and str(url.port),
        "PGUSER": url.username,
        "PGPASSWORD": url.password,
        "PGDATABASE": url.database,
        "PGSSLMODE": url.query.get("sslmode") or url.query.get("ssl"),
    }
    return {name: value for name, value in told.items() if isinstance(value, str) and value}
