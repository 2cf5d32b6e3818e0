"""The demo: a made-up company in a folder of its own, secrets included, and a clock to move."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from secrets import token_urlsafe

from nudges.address import Address
from nudges.directory import Entry
from nudges.hours import next_morning
from nudges.people import Person

FOLDER = Path("var/demo")
TENANT = "demo"
FIRST_ADMIN = "p005"
"""Who leads the made-up company's CRM team, and may give roles."""
SECRET_BYTES = 48
A_WEEK = timedelta(days=7)
A_MINUTE = timedelta(minutes=1)


class DemoClock:
    """The demo's time: the real one, moved ahead, and remembered over a restart."""

    def __init__(self, path: Path, start: datetime | None = None) -> None:
        self._path = path
        self._ahead = timedelta()
        if start is not None:
            self._move(start - datetime.now(UTC))
        elif path.is_file():
            self._ahead = timedelta(seconds=json.loads(path.read_text())["ahead_seconds"])

    def __call__(self) -> datetime:
        """Return what time it is in the demo."""
        return datetime.now(UTC) + self._ahead

    def forward(self, to: datetime) -> None:
        """Move ahead to a moment; never back."""
        if to > self():
            self._move(to - datetime.now(UTC))

    def _move(self, ahead: timedelta) -> None:
        self._ahead = ahead
        self._path.write_text(json.dumps({"ahead_seconds": ahead.total_seconds()}))


@dataclass(frozen=True, slots=True)
class Folder:
    """Where the demo keeps everything; delete it to begin again."""

    path: Path

    @property
    def database(self) -> str:
        """Return the address of the demo's own database."""
        return f"sqlite:///{self.path / 'wayfinder.db'}"

    @property
    def conversation(self) -> Path:
        """Return where the browser chat keeps its messages."""
        return self.path / "browser.db"

    @property
    def clock(self) -> Path:
        """Return where the demo remembers how far ahead its clock is."""
        return self.path / "clock.json"

    def secret(self) -> str:
        """Return the demo's own secret, made at its first start."""
        self.path.mkdir(parents=True, exist_ok=True)
        kept = self.path / "secret"
        if not kept.is_file():
            kept.touch(mode=0o600)
            kept.write_text(token_urlsafe(SECRET_BYTES))
        return kept.read_text()


def at_home(entries: Sequence[Entry]) -> list[Entry]:
    """Give everybody of the made-up company a place in the browser."""
    return [replace(e, homes=(Address("browser", TENANT, e.id),)) for e in entries]


def moment(to: str, person: Person, now: datetime) -> datetime:
    """Return where the clock goes: a minute into someone's next working day, or a week on."""
    if to == "next-week":
        return next_morning(person, now + A_WEEK - timedelta(days=1)) + A_MINUTE
    return next_morning(person, now) + A_MINUTE
