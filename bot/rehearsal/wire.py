"""The wire between a house and PostgreSQL, in a process of its own: it can be cut, and can hang.

Cut, nobody is there and what was under way is gone; hung, everything is taken and nothing answers.
"""

import asyncio
import os
import signal
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.engine import URL, make_url

SOCKET = ".s.PGSQL.5432"
"""How PostgreSQL's clients call a socket in a folder."""
AT_ONCE = 1 << 16
PATIENCE, GLANCE = 10.0, 0.005


@dataclass(eq=False)
class Wire:
    """A wire to a database; ``url`` is the database's address at our end of it."""

    url: str
    _target: URL
    _place: Path
    _child: int = 0

    def join(self) -> None:
        """Let calls through, from now on."""
        with suppress(FileNotFoundError):
            (self._place / SOCKET).unlink()
        self._child = os.fork()
        if not self._child:
            code = 1
            try:
                signal.signal(signal.SIGTERM, signal.SIG_DFL)
                asyncio.run(_carry(self._place / SOCKET, self._target))
            finally:
                os._exit(code)
        until = time.monotonic() + PATIENCE
        while not (self._place / SOCKET).exists():
            if time.monotonic() > until:
                message = "the wire to the database is not there"
                raise OSError(message)
            time.sleep(GLANCE)

    def cut(self) -> None:
        """Cut every connection, and take no new ones."""
        os.kill(self._child, signal.SIGKILL)
        os.waitpid(self._child, 0)
        self._child = 0

    def hang(self, seconds: float) -> None:
        """Carry nothing for some time, and say nothing of it."""
        os.kill(self._child, signal.SIGSTOP)
        time.sleep(seconds)
        os.kill(self._child, signal.SIGCONT)

    def end(self) -> None:
        """Leave nothing behind."""
        if self._child:
            self.cut()


@contextmanager
def wired(url: str, place: Path) -> Generator[Wire]:
    """Lay a wire to a database, with its end in a folder."""
    place.mkdir(exist_ok=True)
    target = make_url(url)
    here = target.set(host=None, port=None, query={"host": str(place)})
    wire = Wire(here.render_as_string(hide_password=False), target, place)
    wire.join()
    try:
        yield wire
    finally:
        wire.end()


async def _carry(socket: Path, target: URL) -> None:
    """Carry whatever comes, in both directions, until killed."""

    async def meet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            there = await _reach(target)
            await asyncio.gather(_pour(reader, there[1]), _pour(there[0], writer))

    server = await asyncio.start_unix_server(meet, socket)
    await server.serve_forever()


async def _reach(target: URL) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    folder = target.query.get("host")
    if isinstance(folder, str):
        return await asyncio.open_unix_connection(f"{folder}/{SOCKET}")
    return await asyncio.open_connection(target.host or "localhost", target.port or 5432)


async def _pour(source: asyncio.StreamReader, into: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while some := await source.read(AT_ONCE):
            into.write(some)
            await into.drain()
    with suppress(OSError):
        into.close()
