"""The search that the bot asks: an index in force, and a new one made aside when content changes.

Letters answer from the first moment. Meaning is loaded in a thread of its own after the start, and
joins when every vector is there; if the model cannot be used, the reason is logged and search goes
on by letters. An index is never changed: a new one takes its place whole.
"""

import asyncio
from collections.abc import Callable, Iterable
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Any

import structlog

from adapters.search.fused import Index
from dialogs.finding import Learned, Sought
from dialogs.library import Library
from nudges.people import Language

QUICK = 200
"""So many articles are searched by letters in less time than it takes to hand them to a thread."""
log = structlog.get_logger()


class Searching:
    """Search the articles in force.

    Args:
        library: returns the content in force.
        folder: where vectors are kept; without one they are made again at each start.
        semantic: whether meaning is used.

    """

    def __init__(
        self, library: Callable[[], Library], folder: Path | None = None, *, semantic: bool = True
    ) -> None:
        self._library = library
        self._folder = folder
        self._semantic = semantic
        self._model: Any = None
        self._vectors: Any = None
        self._index: Index | None = None
        self._learned: tuple[Learned, ...] = ()
        self._made = ""
        self._building = Lock()
        self._stopping = Event()
        self._thread: Thread | None = None

    async def search(self, words: str, language: Language, job: str = "") -> Sought:
        """Find the articles that answer; a longer look is taken in a thread."""
        index = self._index
        if index is not None and index.meaning is None and len(index.articles) <= QUICK:
            return index.search(words, language, job)
        return await asyncio.to_thread(self.seek, words, language, job)

    def seek(self, words: str, language: Language = "", job: str = "") -> Sought:
        """Find the articles that answer, here and now."""
        return self.in_force.search(words, language, job)

    @property
    def in_force(self) -> Index:
        """The index that is asked now; by letters, if none was made before."""
        return self._index or self._by_letters(self._library())

    def learn(self, taps: Iterable[Learned]) -> None:
        """Take over what people said under answers, instead of what was learned before."""
        self._learned = tuple(taps)
        if self._index is not None:
            self._index.learn(self._learned)

    @property
    def by_meaning(self) -> bool:
        """Whether meaning is part of it by now."""
        return self._index is not None and self._index.meaning is not None

    async def follow(self) -> bool:
        """Begin to make the index again, aside, where the content in force is other than before.

        Returns whether it began; while one is being made, the next waits for a later call.
        """
        making = self._thread is not None and self._thread.is_alive()
        if making or self._made == self._library().version:
            return False
        self._thread = Thread(target=self.rebuild, name="search", daemon=True)
        self._thread.start()
        return True

    def rebuild(self) -> None:
        """Make the index again from the content in force; letters first, then meaning.

        This takes seconds where many texts are new; call it from a thread.
        """
        with self._building:
            library = self._library()
            self._made = library.version
            letters = self._by_letters(library)
            if not self._semantic or not library.articles or self._stopping.is_set():
                return
            try:
                self._by_meaning(library, letters)
            except (RuntimeError, OSError, ImportError, KeyError) as error:
                self._index = letters
                log.warning("search.by_letters_only", why=str(error))

    def stop(self) -> None:
        """Stop what is made in the background; what was made of it is kept."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(timeout=2)

    def _by_letters(self, library: Library) -> Index:
        """Make an index by letters; it is in force at once where an article came or went."""
        index = Index(library, strange=self._strange())
        index.learn(self._learned)
        now = self._index
        if now is None or now.meaning is None or list(index.articles) != list(now.articles):
            self._index = index
        return index

    def _by_meaning(self, library: Library, letters: Index) -> None:
        from adapters.search.semantic import WEIGHTS, Model, Semantic, prepare  # noqa: PLC0415
        from adapters.search.vectors import Vectors  # noqa: PLC0415

        if self._model is None:
            self._model = Model()
            self._vectors = Vectors(WEIGHTS, self._folder)
            self._vectors.load()
        articles = tuple(library.articles.values())
        if not prepare(self._model, self._vectors, articles, self._stopping.is_set):
            return
        meaning = Semantic(self._model, self._vectors, articles)
        index = Index(library, meaning, self._strange(), letters.lexical, letters.about)
        index.learn(self._learned)
        self._index = index
        log.info("search.by_meaning", articles=len(articles))

    def _strange(self) -> Callable[[str], int] | None:
        return self._model.strange if self._model is not None else None
