"""What can be typed, in any language we speak: a command by any of its names, typos forgiven."""

import re
import unicodedata
from difflib import SequenceMatcher, get_close_matches
from functools import cache, lru_cache

from dialogs.speech import catalogue, languages

COMMANDS = (
    "help",
    "pulse",
    "change",
    "why_this",
    "why",
    "roadmap",
    "story",
    "wish",
    "blocker",
    "feedback",
    "raised",
    "queue",
    "tip",
    "mine",
    "kept",
    "forget",
    "score",
    "use_linked",
    "privacy",
    "settings",
    "language",
    "pause",
    "stop",
    "resume",
    "programme",
    "roles",
    "activities",
    "health",
    "champions",
    "champion",
    "nominate",
    "broadcasts",
    "find",
    "training",
    "questions",
    "digest",
    "competition",
    "sprint",
    "rumour",
    "rumours",
    "hello",
    "thanks",
)
CLOSE, ALIKE = 0.8, 0.6
"""How much of a name, and of each of its words, has to be typed right."""
CANDIDATES = 5
LONGEST = 60
SHORTEST_TO_FORGIVE = 4
LOOK_ALIKES = frozenset({"score", "sorry", "store", "trip", "trips", "niet", "rumor"})
"""Words that look like a slip of the fingers and are none."""


def read(text: str) -> str | None:
    """Return the command that someone typed, or nothing.

    A command is typed on its own ("pauze", "/pause", "Why are we doing this?"); a sentence that
    merely holds its word is not one, and "don't unsubscribe" is no slip of the fingers.
    """
    said = simple(text)
    if not said or len(said) > LONGEST:
        return None
    known = names()
    if said in known:
        return known[said]
    if len(said) < SHORTEST_TO_FORGIVE:
        return None
    return _nearest(said)


@lru_cache(maxsize=1)
def _nearest(said: str) -> str | None:
    """Return the command whose name is a slip away; of one turn every dialog asks the same."""
    known = names()
    close = get_close_matches(said, known, n=CANDIDATES, cutoff=CLOSE)
    return next((known[name] for name in close if _slip(said, name)), None)


def exactly(text: str) -> str | None:
    """Return the command whose name this is, letter for letter."""
    return names().get(simple(text))


def _slip(said: str, name: str) -> bool:
    """Tell a typing error from another sentence: the words are the same ones, one for one."""
    typed, meant = said.split(), name.split()
    if any(word in LOOK_ALIKES and word not in meant for word in typed):
        return False
    if "".join(typed) == "".join(meant):
        return True
    return len(typed) == len(meant) and all(
        SequenceMatcher(None, one, other).ratio() >= ALIKE
        for one, other in zip(typed, meant, strict=True)
    )


def simple(text: str) -> str:
    """Reduce what was typed to lower-case words without accents or punctuation."""
    flat = unicodedata.normalize("NFKD", text[: 4 * LONGEST].casefold())
    kept = "".join(c for c in flat if not unicodedata.combining(c))
    kept = re.sub(r"[^\w\s?]|_", " ", re.sub(r"['\u2019]", "", kept))
    said = " ".join(kept.replace("?", " ? ").split())
    return said.rstrip(" ?") or said[:1]


@cache
def names() -> dict[str, str]:
    """Return every name of every command, in every language, with the command it stands for."""
    found: dict[str, str] = {}
    for language in languages():
        for command in COMMANDS:
            for name in catalogue(language).gettext(f"typed.{command}").split(", "):
                found.setdefault(simple(name) or name, command)
    return found
