"""What can be typed, in any language we speak: a command by any of its names, typos forgiven."""

import re
import unicodedata
from difflib import get_close_matches
from functools import cache

from dialogs.speech import catalogue, languages

COMMANDS = (
    "help",
    "pulse",
    "change",
    "why_this",
    "why",
    "mine",
    "settings",
    "language",
    "pause",
    "stop",
    "resume",
    "hello",
    "thanks",
)
CLOSE = 0.8
LONGEST = 60
SHORTEST_TO_FORGIVE = 4


def read(text: str) -> str | None:
    """Return the command that someone typed, or nothing.

    A command is typed on its own ("pauze", "/wayfinder help", "Why are we doing this?"); a
    sentence that merely holds its word is not one.
    """
    said = simple(text)
    if not said or len(said) > LONGEST:
        return None
    known = names()
    if said in known:
        return known[said]
    if len(said) < SHORTEST_TO_FORGIVE:
        return None
    close = get_close_matches(said, known, n=1, cutoff=CLOSE)
    return known[close[0]] if close else None


def simple(text: str) -> str:
    """Reduce what was typed to lower-case words without accents or punctuation."""
    flat = unicodedata.normalize("NFKD", text[: 4 * LONGEST].casefold())
    kept = "".join(c for c in flat if not unicodedata.combining(c))
    kept = re.sub(r"[^\w\s?]|_", " ", kept.replace("'", ""))
    return " ".join(kept.replace("?", " ?").split()).removesuffix(" ?")


@cache
def names() -> dict[str, str]:
    """Return every name of every command, in every language, with the command it stands for."""
    found: dict[str, str] = {}
    for language in languages():
        for command in COMMANDS:
            for name in catalogue(language).gettext(f"typed.{command}").split(", "):
                found.setdefault(simple(name) or name, command)
    return found
