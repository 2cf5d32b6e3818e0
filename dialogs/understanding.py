"""What somebody means who types to the bot: a command, an answer, a question, and about what.

Commands are read as they stand; for the rest a classifier that learned from examples weighs the
intents, and a few plain cues help it. Nothing that is typed is an error.
"""

import re
from collections.abc import Mapping

from dialogs.commands import read as command_of
from dialogs.commands import simple
from dialogs.finding import LONGEST, Intent, Understood
from dialogs.intents import BARE, CUE, NAMED, classifier, words_of
from dialogs.library import Library
from dialogs.wanted import wanted

CHAT: Mapping[str, tuple[Intent, ...]] = {
    "hello": ("none",),
    "thanks": ("none", "pulse"),
    "help": ("command", "none"),
}
"""Commands that are small talk, or may be: "ok" is thanks or an answer, "who are you" is a chat."""
UNSURE = 0.45
"""How near the second intent may come to the first before we ask."""
ALONE = frozenset({NAMED, BARE})
"""Words alone that nobody knows may be a name, so that the CRM is asked before we say no."""
ASKABLE: frozenset[Intent] = frozenset({"howto", "lookup", "system"})
"""What we offer to choose from when it may be two."""
LONG = 5
"""A longer word may be a plural."""
_PLACE = re.compile(
    r"\b(which|what|welke?|wlk|right|juiste) (system|systeem|application|applicatie|tool|program|"
    r"programma|app)\b|\b(belongs?|horen|hoort)\b"
    r"|\b(crm|erp|sap|sharepoint|excel|outlook|teams) (or|of|en|and|versus|vs) (in |in het |the )?"
    r"(crm|erp|sap|sharepoint|excel|outlook|teams|ergens|elsewhere|somewhere)\b"
)
_SCORE = re.compile(r"(a |an |een |score |about )?\d{1,2}([.,]\d)?( ?/ ?\d{1,2})?\W*")


def understand(text: str, library: Library) -> Understood:
    """Return what somebody meant; only the first part of a long text is looked at."""
    said = "".join(c if c.isprintable() else " " for c in text[:LONGEST]).strip()
    if not said:
        return Understood("none")
    if _SCORE.fullmatch(said.casefold()):
        return Understood("pulse")
    command = command_of(said)
    weights = classifier().weigh(said)
    if command is not None:
        return Understood(max(CHAT.get(command, ("command",)), key=lambda i: weights[i]))
    called = classifier().called(said)
    weights["lookup"] *= called
    if _PLACE.search(" ".join(words_of(said))):
        weights["system"] *= CUE
    ordered = sorted(weights, key=lambda i: -weights[i])
    bare = called in ALONE
    record = wanted(said, library.tables) if bare or "lookup" in ordered[:2] else None
    if record is None:
        ordered.remove("lookup")
    first, second = ordered[0], ordered[1]
    near = weights[second] >= UNSURE * weights[first] and {first, second} <= ASKABLE
    other = second if near else None
    if first == "none" and bare and record:
        other = "lookup"
    both = {first, other}
    return Understood(
        first,
        other,
        record if "lookup" in both else None,
        system_of(said, library) if "system" in both else "",
    )


def system_of(text: str, library: Library) -> str:
    """Return the thing of ``systems.toml`` that a text is about; the longest name wins."""
    words = f" {_single(simple(text))} "
    best = ("", "")
    for system in library.systems.values():
        names = [*system.thing.values(), *(n for some in system.also.values() for n in some)]
        for name in names:
            whole = _single(simple(name))
            stem = whole.removesuffix("en").removesuffix("s") if len(whole) > LONG else whole
            found = stem and re.search(rf" {re.escape(stem)}\w{{0,3}} ", words)
            if found and len(stem) > len(best[0]):
                best = (stem, system.id)
    return best[1]


def _single(text: str) -> str:
    """Write doubled letters once: Dutch doubles them in one form of a word and not in another."""
    return re.sub(r"([a-z])\1", r"\1", text)
