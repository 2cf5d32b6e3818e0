"""A connection on which what is people's own is sealed and opened on the way."""

from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from sqlalchemy import CursorResult
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.util import greenlet_spawn

from adapters.store.keyring import Keyring
from adapters.store.sealed import KEYS, Private, PrivateJson

_SEALED: WeakKeyDictionary[Any, bool] = WeakKeyDictionary()
"""Which statements, once written out, bring something sealed."""


class Keyed(AsyncConnection):
    """A connection with the keys of what it reads and writes.

    Rows are taken, and opened, where SQLAlchemy may still wait: a key that this process has not
    met yet is read from the keyring just then.
    """

    __slots__ = ("keyring",)

    def __init__(self, connection: AsyncConnection, keyring: Keyring) -> None:
        super().__init__(connection.engine, connection.sync_connection)
        self.keyring = keyring

    if not TYPE_CHECKING:  # the types of what is found stay those of the statement

        async def execute(
            self, statement: object, parameters: object = None, *, execution_options: object = None
        ) -> object:
            """Run a statement; what it brings is open."""
            return await greenlet_spawn(self._run, statement, parameters, execution_options)

        def _run(self, statement: object, parameters: object, options: object) -> object:
            token = KEYS.set(self.keyring)
            try:
                result = self._proxied.execute(statement, parameters, execution_options=options)
                # What was frozen reads like what came, only that it came already.
                return result.freeze()() if _sealed(result) else result
            finally:
                KEYS.reset(token)


def _sealed(result: CursorResult[*tuple[Any, ...]]) -> bool:
    written = result.context.compiled
    if not result.returns_rows or written is None:
        return False
    found = _SEALED.get(written)
    if found is None:
        columns: Any = getattr(written, "_result_columns", ())
        found = any(isinstance(column.type, Private | PrivateJson) for column in columns)
        _SEALED[written] = found
    return found
