"""Content reloads without a restart: who mends a file sees it in the next answers.

Every few seconds the own content folder's files are compared by their times and sizes. A broken
file changes nothing: what is in force stays, and the log says which file and what to mend, once.
"""

import asyncio
from pathlib import Path

import structlog

from bot.organisation import Organisation

log = structlog.get_logger()


class Freshness:
    """Reload the organisation's content when a file of its own folder changes."""

    def __init__(self, organisation: Organisation, folder: Path | None) -> None:
        self._organisation = organisation
        self._folder = folder
        self._seen = fingerprint(folder)

    async def round(self) -> bool:
        """Look once; returns whether new content is in force."""
        if self._folder is None:
            return False
        return await asyncio.to_thread(self._look)

    def _look(self) -> bool:
        now = fingerprint(self._folder)
        if now == self._seen:
            return False
        self._seen = now
        before = self._organisation.library()
        try:
            self._organisation.reload()
        except ValueError as error:
            log.warning("content.refused", why=str(error))
            return False
        if self._organisation.library().version == before.version:
            return False
        log.info("content.reloaded", version=self._organisation.library().version)
        return True


def fingerprint(folder: Path | None) -> frozenset[tuple[str, int, int]]:
    """Return which files a folder has, when each was changed, and how big it is."""
    found: set[tuple[str, int, int]] = set()
    for path in folder.rglob("*") if folder else ():
        try:
            state = path.stat()
        except OSError:  # it went away in this moment
            continue
        if path.is_file():
            found.add((str(path), state.st_mtime_ns, state.st_size))
    return frozenset(found)
