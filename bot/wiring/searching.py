"""Search, joined: the index over the content in force, and where its vectors are kept."""

from collections.abc import Callable
from pathlib import Path

from adapters.content.articles import read_lines_of_articles
from adapters.search.searching import Searching
from bot.settings import Place
from dialogs.knowledge import Article
from dialogs.library import Library


def make_search(
    place: Place, library: Callable[[], Library], *, semantic: bool = True
) -> Searching:
    """Make the search; it answers by letters at once, and by meaning after ``rebuild``."""
    folder = place.vectors or Path.home() / ".cache" / "wayfinder"
    return Searching(library, folder, semantic=semantic and place.semantic)


def load_articles(path: Path) -> dict[str, Article]:
    """Read articles as JSON lines.

    Raises:
        ContentError: a line is wrong; the message has its number.

    """
    return read_lines_of_articles(path)
