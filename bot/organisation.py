"""The organisation's content, read once and swapped whole when its files change."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from hashlib import blake2b

from dialogs.knowledge import Article
from dialogs.library import Library


class Organisation:
    """Hold the library that is in force."""

    def __init__(self, load: Callable[[], Library]) -> None:
        self._load = load
        self._read = self._library = load()
        self._known: Mapping[str, Article] = {}

    def library(self) -> Library:
        """Return the library in force."""
        return self._library

    def reload(self) -> None:
        """Read the content again; if it is broken, the one in force stays and the error is told.

        Raises:
            ValueError: a file is broken; the message says which, and where.

        """
        self._read = self._load()
        self._library = _joined(self._read, self._known)

    def know(self, articles: Mapping[str, Article]) -> None:
        """Hold these articles beside those of the files; a file with an article's id wins."""
        if articles != self._known:
            self._known = dict(articles)
            self._library = _joined(self._read, self._known)


def _joined(library: Library, articles: Mapping[str, Article]) -> Library:
    """Return a library with more articles; its version tells, so that cards are drawn again."""
    if not articles:
        return library
    said = repr(sorted(articles.items())).encode()
    version = f"{library.version}-{blake2b(said, digest_size=4).hexdigest()}"
    return replace(library, version=version, articles={**articles, **library.articles})
