"""Words on their way to and from Slack: cut to fit, harmless as sent, and read as typed.

Slack counts characters as JavaScript does, so an emoji may count twice; so do we. The one place
where Slack insists on markup is the line for notifications, and there its three special
characters are escaped, so that a person named ``<!channel>`` calls nobody.
"""

import re
from collections.abc import Iterator

NOTHING = "–"  # noqa: RUF001 - a dash stands where Slack refuses an empty text
_LINK = re.compile(r"<(?P<what>[^<>|]*)(?:\|(?P<label>[^<>]*))?>")
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")
WORD = 0.75
"""A cut looks for the end of a word in the last quarter of what may stay."""


def clean(text: str) -> str:
    """Take out what no store and no platform can hold: NUL and halves of characters."""
    whole = text.replace("\0", "")
    if whole.isascii():
        return whole
    return whole.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")


def drawn(text: str) -> str:
    """Take out as well what would turn around the words after it; letters keep their direction."""
    whole = clean(text)
    return whole if whole.isascii() else _TURNS.sub("", whole)


def size(text: str) -> int:
    """Count characters as Slack does, in UTF-16 units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def fit(text: str, limit: int) -> str:
    """Cut a text to a limit, after a whole word where one ends nearby."""
    whole = drawn(text).strip()
    if size(whole) <= limit:
        return whole or NOTHING
    kept = _head(whole, limit - 1)
    at = kept.rfind(" ")
    if not whole[len(kept)].isspace() and at > len(kept) * WORD:
        kept = kept[:at]
    return f"{kept.rstrip(' ,.;:-')}…"


def pieces(text: str, limit: int) -> Iterator[str]:
    """Divide a long text into parts that each fit; nothing is lost."""
    rest = drawn(text)
    while rest:
        part = _head(rest, limit)
        yield part
        rest = rest[len(part) :]


def inert(text: str) -> str:
    """Escape a text for the places that Slack reads as markup."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def typed(text: str) -> str:
    """Read a message as it was typed: mentions left out, links and signs as they looked."""
    flat = _LINK.sub(_looked, clean(text))
    for written, sign in _ENTITIES:
        flat = flat.replace(written, sign)
    return flat.strip()


def _looked(found: re.Match[str]) -> str:
    what, label = found["what"], found["label"]
    if what.startswith(("@", "!")):
        return ""
    if what.startswith("#"):
        return f"#{label or what[1:]}"
    return label or what.removeprefix("mailto:")


def _head(text: str, limit: int) -> str:
    if size(text) <= limit:
        return text
    return text.encode("utf-16-le")[: 2 * limit].decode("utf-16-le", "ignore")
