"""What was said in the browser, kept in a small file so that a restart shows it again.

Slack and Teams keep a conversation on their side; this is that side for the browser. It holds
what was drawn, never what was meant: the program's own store does not depend on it.

Calls are short writes to a local file by the handful of people of a demo, so they run where they
are called instead of in a thread.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal, TypeAlias

HISTORY = 200
"""How many of the latest messages a page shows."""
PATIENCE = 1.0
"""Seconds to wait for another process that is writing to the same file."""
Side: TypeAlias = Literal["me", "them"]
_TABLE = """
CREATE TABLE IF NOT EXISTS messages (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    user TEXT NOT NULL,
    side TEXT NOT NULL CHECK (side IN ('me', 'them')),
    payload TEXT NOT NULL,
    mark TEXT,
    at TEXT NOT NULL,
    removed INTEGER NOT NULL DEFAULT 0,
    UNIQUE (user, mark)
)
"""
_COLUMNS = "number, side, payload, at, removed"


@dataclass(frozen=True, slots=True)
class Line:
    """One message as it stands now; ``payload`` is what the page draws, as JSON."""

    number: int
    side: Side
    payload: str
    at: str
    removed: bool


class Ear:
    """One open page; it is told which messages changed, and looks up what they say now.

    It remembers numbers, each once, so a slow page costs little and never shows an old state
    after a newer one.
    """

    def __init__(self, user: str) -> None:
        self.user = user
        self.open = True
        self._rung = asyncio.Event()
        self._changed: set[int] = set()
        self._elsewhere: set[str] = set()
        self._clock = False

    def ring(self, user: str, number: int, *, news: bool) -> None:
        """Tell the page of a changed message, or that someone else got a new one."""
        if user == self.user:
            self._changed.add(number)
            self._rung.set()
        elif news:
            self._elsewhere.add(user)
            self._rung.set()

    def chime(self) -> None:
        """Tell the page that the demo's clock was moved."""
        self._clock = True
        self._rung.set()

    def close(self) -> None:
        """Tell the page that there is nothing more to hear."""
        self.open = False
        self._rung.set()

    async def listen(self, seconds: float) -> tuple[list[int], list[str], bool]:
        """Wait for news: changed messages, other people who got some, and the clock.

        After ``seconds`` without any, all three are empty.
        """
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._rung.wait()
        self._rung.clear()
        news = sorted(self._changed), sorted(self._elsewhere), self._clock
        self._changed, self._elsewhere, self._clock = set(), set(), False
        return news


class Conversation:
    """Everybody's messages; every method may raise ``sqlite3.Error``."""

    def __init__(self, path: Path, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._ears: set[Ear] = set()
        self._file = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)
        self._file.execute("PRAGMA journal_mode = WAL")
        self._file.execute("PRAGMA synchronous = NORMAL")
        self._file.execute("PRAGMA secure_delete = ON")
        self._file.execute(_TABLE)

    def add(self, user: str, side: Side, payload: str, mark: str) -> tuple[int, bool]:
        """Keep a message; the same mark keeps it once.

        Returns its number, and whether it is new.
        """
        known = self.find(user, mark)
        if known is not None:
            return known, False
        number = self._file.execute(
            "INSERT INTO messages (user, side, payload, mark, at) VALUES (?, ?, ?, ?, ?)",
            (user, side, payload, mark or None, self._clock().isoformat()),
        ).lastrowid
        assert number is not None  # noqa: S101 - an insert that did not raise has a number
        self._tell(user, number, news=side == "them")
        return number, True

    def change(self, user: str, number: int, payload: str) -> bool:
        """Change what a message says; False if there is no such message, or not any more."""
        return self._update(
            "UPDATE messages SET payload = ? "
            "WHERE side = 'them' AND NOT removed AND user = ? AND number = ?",
            (payload, user, number),
        )

    def remove(self, user: str, number: int) -> bool:
        """Take a message back, and forget what it said; False if there is no such message."""
        return self._update(
            "UPDATE messages SET removed = 1, payload = '{}' "
            "WHERE side = 'them' AND user = ? AND number = ?",
            (user, number),
        )

    def drop(self, user: str, number: int) -> None:
        """Undo the adding of a message, so that its mark may be used again."""
        self._update("DELETE FROM messages WHERE user = ? AND number = ?", (user, number))

    def erase(self, user: str) -> None:
        """Forget everything said by and to one person, in the file as well as on the page."""
        numbers = self._file.execute("SELECT number FROM messages WHERE user = ?", (user,))
        gone = [number for (number,) in numbers.fetchall()]
        self._file.execute("DELETE FROM messages WHERE user = ?", (user,))
        self._file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        for number in gone:
            self._tell(user, number)

    def find(self, user: str, mark: str) -> int | None:
        """Return the number of the message with a mark, also if it was removed since."""
        row = self._file.execute(
            "SELECT number FROM messages WHERE user = ? AND mark = ?", (user, mark)
        ).fetchone()
        return row[0] if row else None

    def line(self, user: str, number: int) -> Line:
        """Return a message as it stands now; one that is not there reads as removed."""
        row = self._file.execute(
            f"SELECT {_COLUMNS} FROM messages WHERE user = ? AND number = ?",  # noqa: S608 - ours
            (user, number),
        ).fetchone()
        return _line(row) if row else Line(number, "them", "{}", "", removed=True)

    def lines(self, user: str) -> list[Line]:
        """Return the latest messages, oldest first."""
        rows = self._file.execute(
            f"SELECT {_COLUMNS} FROM messages WHERE user = ? AND NOT removed "  # noqa: S608 - ours
            "ORDER BY number DESC LIMIT ?",
            (user, HISTORY),
        ).fetchall()
        return [_line(row) for row in reversed(rows)]

    @contextmanager
    def listening(self, user: str) -> Generator[Ear]:
        """Be told of every change while the page is open."""
        ear = Ear(user)
        self._ears.add(ear)
        try:
            yield ear
        finally:
            self._ears.discard(ear)

    def chime(self) -> None:
        """Tell every open page that the demo's clock was moved."""
        for ear in self._ears:
            ear.chime()

    def hang_up(self) -> None:
        """Let every open page go, so that the program can stop."""
        for ear in self._ears:
            ear.close()

    def close(self) -> None:
        """Let every page go and close the file."""
        self.hang_up()
        self._file.close()

    def _update(self, statement: str, values: tuple[object, ...]) -> bool:
        """Change one message; the last two values are its person and its number."""
        done = self._file.execute(statement, values).rowcount > 0
        if done:
            *_, user, number = values
            self._tell(str(user), int(str(number)))
        return done

    def _tell(self, user: str, number: int, *, news: bool = False) -> None:
        for ear in self._ears:
            ear.ring(user, number, news=news)


def _line(row: tuple[int, Side, str, str, int]) -> Line:
    number, side, payload, at, removed = row
    return Line(number, side, payload, at, bool(removed))
