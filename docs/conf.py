"""How the papers become a site: `make docs` makes it in build/site, and every broken link stops it.

The site is made of the papers as they lie in the repository, from its root, so that one link is
right in both places. It loads nothing from anywhere else.
"""

import re
from pathlib import Path
from typing import Final

from pygments.lexers.special import TextLexer
from sphinx.application import Sphinx

ROOT: Final = Path(__file__).parents[1]
CARDS: Final = ROOT / "build" / "cards"
"""Where `python -m tests.papers` puts the pictures of cards; none are kept in the repository."""
PICTURE: Final = re.compile(r"^<!-- picture: ([a-z0-9-]+) \| ([^\n]+) -->$", re.MULTILINE)
LEFT_OUT: Final = {
    "en": "Made where Node and Chromium are, the site shows the card here:",
    "nl": "Gemaakt waar Node en Chromium zijn, laat de site hier de kaart zien:",
}

project = "Wayfinder"
extensions = ["myst_parser"]
root_doc = "docs/index"
include_patterns = ["*.md", "docs/*.md"]
exclude_patterns = [".*", "build", "var", "dist", "tests", "bot", "adapters", "dialogs", "nudges"]
nitpicky = True
smartquotes = False

myst_heading_anchors = 4
myst_links_external_new_tab = False

html_theme = "furo"
html_title = "Wayfinder"
html_extra_path = ["site"]
html_copy_source = False
html_show_sphinx = False
html_show_copyright = False
html_baseurl = ""


def pictured(text: str, language: str, cards: Path = CARDS, root: Path = ROOT) -> str:
    """Put the pictures of cards where a paper asks for them, or say what would stand there."""

    def one(asked: re.Match[str]) -> str:
        name, said = asked.groups()
        path = cards / f"{name}.png"
        if path.is_file():
            return f"![{said}](/{path.relative_to(root)})"
        return f"> *{LEFT_OUT[language]}* {said}"

    return PICTURE.sub(one, text)


def setup(app: Sphinx) -> None:
    """Let every paper show its cards."""

    def read(_app: Sphinx, _name: str, source: list[str]) -> None:
        language = "nl" if source[0].startswith("<!-- nl -->") else "en"
        source[0] = pictured(source[0], language)

    app.connect("source-read", read)
    app.add_lexer("csv", TextLexer)  # code hosts colour it; Pygments has no lexer of that name
