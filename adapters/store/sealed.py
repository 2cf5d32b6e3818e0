"""Columns that hold what is a person's own: sealed with that person's key, or only as a mark.

What is written says whose it is (:class:`Own`); a text that does not is refused, so that no way to
keep something can forget it. What is read needs nothing said: it opens by itself, and is empty
once its person's key was destroyed. A mark answers "is it this one?" and nothing else.
"""

import json
from contextvars import ContextVar
from typing import Any, Protocol, Self

from sqlalchemy import JSON, Dialect, String
from sqlalchemy.types import TypeDecorator
from typing_extensions import override

SEALED = "~1."
"""How what is sealed begins; JSON and SQL leave these letters alone."""


class Keys(Protocol):
    """What seals, opens and marks; the keyring does."""

    def seal(self, text: str, whose: str) -> str:
        """Seal a text with somebody's key."""
        ...

    def opened(self, sealed: str) -> str:
        """Open a text; empty once its person's key is gone."""
        ...

    def mark(self, text: str) -> str:
        """Return the same mark for the same text, which leads back to it for nobody."""
        ...


KEYS: ContextVar[Keys] = ContextVar("KEYS")
"""The keys of the database that a statement runs on."""


class Own(str):
    """A text that is somebody's own, on its way into a sealed column."""

    __slots__ = ("whose",)
    whose: str

    def __new__(cls, text: str, whose: str) -> Self:
        """Say whose a text is."""
        made = super().__new__(cls, text)
        made.whose = whose
        return made


class Closed(str):
    """A text that is sealed already, as it was read without opening it."""

    __slots__ = ()


class Marked(str):
    """A mark, as it was read: it is not marked again where it is looked for."""

    __slots__ = ()


def own(value: object, whose: str) -> Own:
    """Return anything that JSON can say as somebody's own."""
    return Own(json.dumps(value), whose)


class Private(TypeDecorator[str]):
    """A text of somebody's own."""

    impl = String
    cache_ok = True

    @override
    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return _sealed(value)

    @override
    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        return KEYS.get().opened(value) if value and value.startswith(SEALED) else value


class PrivateJson(TypeDecorator[Any]):
    """Something of somebody's own that is more than a text; it is written by :func:`own`."""

    impl = JSON
    cache_ok = True

    @override
    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return _sealed(value)

    @override
    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        if not isinstance(value, str) or not value.startswith(SEALED):
            return value
        clear = KEYS.get().opened(value)
        return json.loads(clear) if clear else None


class Fingerprint(TypeDecorator[str]):
    """A mark of a text: what is looked for is marked, too, and compared."""

    impl = String
    cache_ok = True

    @override
    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return KEYS.get().mark(value) if value and not isinstance(value, Marked) else value

    @override
    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        return Marked(value) if value else value


class Called(TypeDecorator[str]):
    """Marks by which a name is found: of all of it, and of each of its beginnings."""

    impl = String
    cache_ok = True

    @override
    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        words = (value or "").casefold().split()
        ways = [" ".join(words[:end]) for end in range(len(words), 0, -1)]
        return " ".join(KEYS.get().mark(way) for way in ways)


def _sealed(value: str | None) -> str | None:
    if not value or isinstance(value, Closed):
        return value
    if isinstance(value, Own):
        return KEYS.get().seal(value, value.whose)
    problem = "a text of somebody's own does not say whose it is"
    raise TypeError(problem)
