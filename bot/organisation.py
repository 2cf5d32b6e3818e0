"""The organisation's content, read once and swapped whole when its files change."""

from collections.abc import Callable

from dialogs.library import Library


class Organisation:
    """Hold the library that is in force."""

    def __init__(self, load: Callable[[], Library]) -> None:
        self._load = load
        self._library = load()

    def library(self) -> Library:
        """Return the library in force."""
        return self._library

    def reload(self) -> None:
        """Read the content again; if it is broken, the one in force stays and the error is told.

        Raises:
            ValueError: a file is broken; the message says which, and where.

        """
        self._library = self._load()
