"""Room set aside beside an SQLite database, given up when its disk is full.

On a full disk nothing can be noted any more, also not that a message has left; it would end as
unknown. The room of this file lets what is under way come to its end. It is laid aside again at a
start that finds room enough. PostgreSQL keeps its own.
"""

from contextlib import suppress
from pathlib import Path
from shutil import disk_usage

import structlog
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from adapters.store.engines import in_memory, is_lite

SIZE = 8 << 20
"""Bytes set aside: some thousand notes that a message has left."""
ENDING = ".reserve"
FULL = "disk is full"
log = structlog.get_logger()


class Reserve:
    """The room beside one database; without a file there is none."""

    def __init__(self, url: URL) -> None:
        lite = is_lite(url) and not in_memory(url)
        self.file = Path(f"{url.database}{ENDING}") if lite else None

    def lay_aside(self) -> None:
        """Set the room aside, where more than twice of it is left; nothing depends on it."""
        if self.file is None:
            return
        with suppress(OSError):
            there = self.file.stat().st_size if self.file.exists() else 0
            if there >= SIZE or disk_usage(self.file.parent).free < 3 * SIZE:
                return
            with self.file.open("wb") as file:
                file.write(bytes(SIZE))

    def give_up(self, error: BaseException) -> None:
        """Give the room to the database if its disk is full; what failed is tried again."""
        cause = error.orig if isinstance(error, DBAPIError) else error
        if self.file is None or FULL not in str(cause):
            return
        with suppress(OSError):
            if self.file.stat().st_size:
                self.file.write_bytes(b"")
                log.error("store.reserve_given_up", bytes=SIZE)
